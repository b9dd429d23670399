"""Who could be hired: the profiles worth comparing, and the professions that could be if more were known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns import weeks
from kapteam.columns.authority import AGREEMENT, NOT_ASKED, TRANSITION, UNCLEAR, authority
from kapteam.columns.facts import NURSES, PRESCRIBING, THERAPY, Facts, in_force
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.law.day import Known
from kapteam.network.links import Links
from kapteam.records.hours import SLOTS_A_DAY, WeeklyHours
from kapteam.records.people import (
    LICENSE_STATUS,
    PROFESSIONS,
)
from kapteam.rules.rulebook import OWN

#: What a hire would do, in the order in which profiles of equal gain stand.
HIRED_AS = ("prescriber", "therapist", "both", "collaborator")
#: Who signs agreements and does nothing else.
COLLABORATOR = "collaborator"

_WORKDAYS = range(5)
#: The specialty by which a nurse does therapy.
PSYCHIATRIC = "psychiatric_nursing"
_PRESCRIBERS = tuple(p for i, p in enumerate(PROFESSIONS) if i in PRESCRIBING)
#: The professions of a therapist who does not prescribe.
THERAPISTS = tuple(p for i, p in enumerate(PROFESSIONS) if i in THERAPY - PRESCRIBING)
_BOTH = tuple(p for i, p in enumerate(PROFESSIONS) if i in PRESCRIBING & (THERAPY | NURSES))
_PROFESSIONS = {"prescriber": _PRESCRIBERS, "therapist": THERAPISTS, "both": _BOTH}
_OTHER_ROLES = {"prescriber": ("therapist",), "therapist": ("prescriber",), "both": ("prescriber", "therapist")}


@frozen
class Profile:
    """One kind of person who could be hired, at one site.

    Attributes
    ----------
    role : {"prescriber", "therapist", "both", "collaborator"}
        A collaborator signs agreements, and has neither hours nor a site.
    profession, jurisdiction : str
    site : str
        Empty for a collaborator.
    when : WeeklyHours
        On site in a typical week.
    specialty : str or None
        Only where the profession fills the role by its specialty.
    modality, language : str or None
        None where it is not asked.
    independent : bool
        Through the transition after which the state lets the profession practise alone.
    signer : str or None
        Who on the roster would sign the agreement that the law asks for.
    outside : str or None
        The profession of somebody from outside who would, where nobody on the roster can.
    state_registration : bool
        Whether the state's own registration is asked for, or may be.
    at_site : bool
        Whether the DEA registration is at the site, which keeps stock.
    signs_for : tuple of str
        Whose agreements a collaborator signs.
    """

    role: str
    profession: str
    jurisdiction: str
    site: str = ""
    when: WeeklyHours = attrs.field(factory=WeeklyHours)
    specialty: str | None = None
    modality: str | None = None
    language: str | None = None
    independent: bool = False
    signer: str | None = None
    outside: str | None = None
    state_registration: bool = False
    at_site: bool = False
    signs_for: tuple[str, ...] = ()

    @property
    def prescribes(self) -> bool:
        """Whether they prescribe."""
        return self.role in ("prescriber", "both")

    @property
    def sits(self) -> bool:
        """Whether they sit with the patient."""
        return self.role in ("therapist", "both")

    @property
    def extra(self) -> tuple[bool, ...]:
        """What not everybody in the role needs at the site: the fewer, the easier to find."""
        return (
            self.state_registration, self.independent, self.signer is not None or self.outside is not None,
            self.outside is not None, self.modality is not None, self.language is not None,
        )  # fmt: skip


@frozen
class ToAsk:
    """A profession that might prescribe ketamine in a place, if only somebody knew.

    Attributes
    ----------
    jurisdiction, profession : str
    known : {"limited", "unknown", "route"}
        What is known: only on a condition, nothing, or by some routes and the protocol names none.
    note : str
        The condition or the routes; may be empty.
    """

    jurisdiction: str
    profession: str
    known: str
    note: str


def profiles(links: Links, sites: Sequence[str], roles: Sequence[str]) -> list[Profile]:
    """Every profile worth comparing at some sites, in the order of sites, roles, professions, hours.

    Notes
    -----
    Professions are those whose authority for ketamine is a yes there; of therapists those who do not prescribe, for
    who prescribes is compared as both. Hours are those in which people of the other role are there (each day from the
    first one's begin to the last one's end): each day by itself, and Monday to Friday. Modalities are none, those
    that the site's demand asks for, and the one complementary modality that the fewest people of the other role there
    bring. Languages are none and those that demand asks for, where a house has rules that could ask for one.
    """
    facts = links.facts
    signers = _signers(facts)
    asks_more = any(rule not in OWN for rule in links.rulebook.rules)
    found = []
    for site in sites:
        asked = sorted({d.language for d in facts.roster.demand if d.site == site and d.language})
        languages = [None, *(asked if asks_more else ())]
        for role in roles:
            whens, modalities = _whens(facts, site, role), _modalities(facts, site, role)
            for base in _professions(facts, signers, site, role) if whens else ():
                for modality, language in product(modalities, languages if base.sits else [None]):
                    found += [attrs.evolve(base, when=when, modality=modality, language=language) for when in whens]
    return found


def to_ask(facts: Facts, jurisdictions: Iterable[str]) -> list[ToAsk]:
    """The prescribing professions of which it is not known whether they may prescribe ketamine in some places."""
    law, found = authority(facts), []
    for place in sorted(set(jurisdictions)):
        j = facts.jurisdictions.index(place)
        for profession in _PRESCRIBERS:
            if law.ketamine[j, PROFESSIONS.index(profession)] == UNKNOWN:
                known = facts.law.known(place, profession, "ketamine")
                found.append(ToAsk(place, profession, *_how_known(facts, place, profession, known)))
    return found


def accepted(bits: int) -> list[str]:
    """The professions of a set of bits, in their order."""
    return [p for i, p in enumerate(PROFESSIONS) if bits >> i & 1]


# -- which are worth comparing --


def _professions(facts: Facts, signers: dict[tuple[int, int], str], site: str, role: str) -> Iterator[Profile]:
    """A role at a site filled by each profession that may, with all that the law asks of it there."""
    law, place = authority(facts), facts.roster.places[site]
    j = facts.jurisdictions.index(place.jurisdiction)
    for profession in _PROFESSIONS[role]:
        p = PROFESSIONS.index(profession)
        base = Profile(role, profession, place.jurisdiction, site)
        if not base.prescribes:
            yield base
            continue
        if law.ketamine[j, p] != PASS:
            continue
        autonomy, professions = int(law.autonomy[j, p]), accepted(int(law.accepts[j, p]))
        bound = autonomy in (AGREEMENT, UNCLEAR)
        known = [s for q in professions if (s := signers.get((j, PROFESSIONS.index(q)))) is not None]
        yield attrs.evolve(
            base,
            specialty=PSYCHIATRIC if base.sits and p in NURSES else None,
            independent=autonomy == TRANSITION,
            signer=known[0] if bound and known else None,
            outside=professions[0] if bound and not known else None,
            state_registration=bool(law.state_registration[j, p] != NOT_ASKED),
            at_site=place.supply == "stock",
        )


def _signers(facts: Facts) -> dict[tuple[int, int], str]:
    """By jurisdiction and profession: the first, by id, of those actively licensed there."""
    held, found = facts.licenses, dict[tuple[int, int], str]()
    active = np.flatnonzero(held.status == LICENSE_STATUS.index("active"))
    for row in active[np.argsort(-held.person[active], kind="stable")]:
        found[int(held.jurisdiction[row]), int(held.profession[row])] = facts.people[held.person[row]]
    return found


def _whens(facts: Facts, site: str, role: str) -> list[WeeklyHours]:
    """The hours worth comparing at a site: each day on which the other role is there, and Monday to Friday."""
    open_slots = weeks.slots(facts.postings.week[_others(facts, site, role)]).any(axis=0).reshape(7, SLOTS_A_DAY)
    days = {}
    for day in np.flatnonzero(open_slots.any(axis=1)):
        slots = np.flatnonzero(open_slots[day])
        first, last = int(slots[0]), int(slots[-1])
        days[int(day)] = ((1 << last + 1 - first) - 1) << int(day) * SLOTS_A_DAY + first
    work = sum(slots for day, slots in days.items() if day in _WORKDAYS)
    return [WeeklyHours(slots) for slots in dict.fromkeys([*days.values(), work]) if slots]


def _others(facts: Facts, site: str, role: str) -> Index:
    """The postings at a site of those whom somebody in a role would work with."""
    held, others = facts.postings, np.any([facts.candidate[r] for r in _OTHER_ROLES[role]], axis=0)
    return np.flatnonzero((held.site == facts.site_code[site]) & others[held.person])


def _modalities(facts: Facts, site: str, role: str) -> list[str | None]:
    """None, those that the site's demand asks for, and the complementary one that the fewest of the other role have."""
    if role == "prescriber":
        return [None]
    asked = sorted({d.modality for d in facts.roster.demand if d.site == site and d.modality})
    brought = _brought(facts, site, role)
    rarest = sorted(_complementary(facts), key=lambda name: (brought.get(name, 0), name))[:1]
    return [None, *dict.fromkeys([*asked, *rarest])]


def _complementary(facts: Facts) -> list[str]:
    """The complementary modalities that the packs and the practice know, each by its own name."""

    def make() -> list[str]:
        names = {*facts.law.packs.modalities, *facts.law.practice.modalities}
        return sorted({own for name in names for own, _, fits in [facts.law.modality(name)] if fits})

    return facts.once("complementary modalities", make)


def _brought(facts: Facts, site: str, role: str) -> dict[str, int]:
    """How many people of the other role with hours at a site have each modality, by its own name."""
    found: dict[str, int] = {}
    for person in facts.postings.person[_others(facts, site, role)]:
        for name in _own_modalities(facts).get(facts.people[person], ()):
            found[name] = found.get(name, 0) + 1
    return found


def _own_modalities(facts: Facts) -> dict[str, frozenset[str]]:
    """By person: their modalities by their own names, of the cell and of trainings."""

    def make() -> dict[str, frozenset[str]]:
        names = {p.practitioner: set(p.modalities or ()) for p in facts.roster.practitioners}
        for t in facts.roster.training:
            if t.kind == "modality" and t.name and in_force(facts.day, t.completed, t.expires):
                names[t.practitioner].add(t.name)
        return {person: frozenset(facts.law.modality(n)[0] for n in own) for person, own in names.items()}

    return facts.once("own modalities", make)


def _how_known(facts: Facts, place: str, profession: str, known: Known | None) -> tuple[str, str]:
    if known is None or known.value == "unknown":
        return "unknown", known.note if known else ""
    if known.value == "limited":
        return "limited", known.note
    return "route", " or ".join(facts.law.value(place, profession, "routes", ()))
