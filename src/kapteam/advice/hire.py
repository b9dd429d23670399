"""One hire: the rows that a profile would add to a roster, what it needs in words, and what it adds to the teams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs
from attrs import frozen

from kapteam.advice.changes import CARRIER
from kapteam.advice.profiles import COLLABORATOR, PSYCHIATRIC, Profile
from kapteam.columns.authority import ASKED, authority
from kapteam.columns.facts import NURSES, Facts
from kapteam.records.people import (
    PROFESSIONS,
    Agreement,
    Coverage,
    Hours,
    License,
    Practitioner,
    Registration,
    Training,
)
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import built, plain_cells
from kapteam.records.zones import state_name
from kapteam.rules.words import listed, spoken

#: The roles cell of each; who only signs agreements is in no team, and monitors are not.
_ROLES = {
    "prescriber": ("prescriber",), "therapist": ("therapist",), "both": ("prescriber", "therapist"),
    COLLABORATOR: ("monitor",),
}  # fmt: skip


@frozen
class Gain:
    """What so many hires of one profile add to the best teams of today.

    Attributes
    ----------
    hires : int
    teamed : int
        Therapists teamed, hires who sit among them.
    of_the_roster : int
        Of these, people who are on the roster already.
    points : int
    """

    hires: int
    teamed: int
    of_the_roster: int
    points: int

    @property
    def key(self) -> tuple[int, int, int]:
        """What gains are compared by."""
        return self.of_the_roster, self.teamed, self.points

    def adds_to(self, before: Gain) -> bool:
        """Whether more are teamed, or as many for more points: not where one of the roster must go for these."""
        if self.teamed != before.teamed:
            return self.teamed > before.teamed
        return self.points > before.points and self.of_the_roster >= before.of_the_roster


#: What nobody adds.
NOTHING = Gain(0, 0, 0, 0)


@frozen(eq=False, repr=False)
class Hire:
    """One profile, with what its hire adds.

    Attributes
    ----------
    profile : Profile
        As the rows have it.
    professions : tuple of str
        Those of equal gain and equal requirements; the rows are of the first.
    also : tuple of str
        Professions of equal gain that need more, such as an agreement.
    gains : tuple of Gain
        For one hire, for two, and so on, as long as one more adds something.
    needs : tuple of str
        What the hire must bring, in words.
    rows : tuple of records
        What the first hire adds to the roster.
    """

    profile: Profile
    professions: tuple[str, ...]
    also: tuple[str, ...]
    gains: tuple[Gain, ...]
    needs: tuple[str, ...]
    rows: tuple[Any, ...]

    def __repr__(self) -> str:
        where = f" at {self.profile.site}, {self.profile.when}" if self.profile.site else ""
        return f"<Hire: {self.profile.role} ({' or '.join(self.professions)}){where}: {self.gains[0]}>"

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        profile, tables = self.profile, dict[str, list[Any]]()
        for row in self.rows:
            tables.setdefault(row.table, []).append(plain_cells(row))
        return {
            "role": profile.role,
            "professions": list(self.professions),
            "also": list(self.also),
            "jurisdiction": profile.jurisdiction,
            "site": profile.site or None,
            "specialty": PSYCHIATRIC if _by_specialty(profile, self.professions) else None,
            "when": str(profile.when) or None,
            "modality": profile.modality,
            "language": profile.language,
            "gains": [attrs.asdict(gain) for gain in self.gains],
            "needs": list(self.needs),
            "rows": tables,
        }


def rows_of(facts: Facts, profile: Profile, id: str, outside: str) -> list[Any]:
    """The rows that a hire of this profile adds, but for the one from outside who signs.

    Parameters
    ----------
    facts : Facts
    profile : Profile
    id : str
        The hire's.
    outside : str
        The id of the one from outside, if the profile needs one.
    """
    place = profile.jurisdiction
    rows: list[Any] = [
        _row(
            Practitioner, practitioner=id, specialty=profile.specialty, roles=_ROLES[profile.role],
            modalities=_listed(profile.modality), languages=_listed(profile.language),
        ),
        _row(
            License, practitioner=id, jurisdiction=place, profession=profile.profession,
            independent=True if profile.independent else None,
        ),
    ]  # fmt: skip
    if profile.prescribes:
        at = profile.site if profile.at_site else None
        rows.append(_row(Registration, practitioner=id, jurisdiction=place, at_site=at, schedules=("3N",)))
        if profile.state_registration:
            rows.append(_row(Registration, practitioner=id, jurisdiction=place, issuer="state", schedules=("3N",)))
    if profile.role != COLLABORATOR:
        rows.append(
            _row(
                Coverage, practitioner=id, role=None if profile.role == "both" else profile.role, carrier=CARRIER,
                ketamine=True, presence="throughout", same_site=False, in_clinic_only=False,
            )
        )  # fmt: skip
        rows += _trainings(facts, profile, id)
        rows.append(_row(Hours, practitioner=id, site=profile.site, when=profile.when))
    signer = profile.signer or (outside if profile.outside else None)
    if signer:
        rows.append(_agreement(id, signer, place))
    return rows + [_agreement(person, id, place) for person in profile.signs_for]


def outside_rows(profile: Profile, id: str) -> list[Any]:
    """The rows of the one from outside who signs this profile's agreement; none where it needs nobody."""
    if profile.outside is None:
        return []
    return [
        _row(Practitioner, practitioner=id, roles=_ROLES[COLLABORATOR]),
        _row(License, practitioner=id, jurisdiction=profile.jurisdiction, profession=profile.outside),
    ]


def with_rows(roster: Roster, rows: Iterable[Any]) -> Roster:
    """The roster with further rows of any table."""
    more: dict[str, list[Any]] = {}
    for row in rows:
        more.setdefault(row.table, []).append(row)
    return roster.with_tables({name: (*roster.table(name), *rows) for name, rows in more.items()})


def hired(facts: Facts, profile: Profile, professions: tuple[str, ...], gain: Gain, also: tuple[str, ...] = ()) -> Hire:
    """The first hire of a profile; ``professions`` are those that do as well, ``also`` those that need more."""
    (id,), outside = hire_ids(facts.roster, 1)
    rows = outside_rows(profile, outside) + rows_of(facts, profile, id, outside)
    rows.sort(key=lambda row: list(TABLES).index(row.table))
    return Hire(profile, professions, also, (gain,), tuple(needs(facts, profile, professions)), tuple(rows))


def hire_ids(roster: Roster, count: int) -> tuple[list[str], str]:
    """The ids of so many hires, and of one from outside who signs for them: none that is on the roster."""
    taken = roster.people
    numbers = (n for n in range(1, len(taken) + count + 1) if f"hire-{n}" not in taken)
    outside = "outside"
    while outside in taken:
        outside += "-"
    return [f"hire-{n}" for n, _ in zip(numbers, range(count), strict=False)], outside


def needs(facts: Facts, profile: Profile, professions: Sequence[str]) -> list[str]:
    """What a hire of this profile must bring, in words; ``professions`` are those that do as well."""
    place, label = state_name(profile.jurisdiction), _labels(facts)
    found = [f"an active licence in {place} as {_or(professions)}"]
    nurses = _by_specialty(profile, professions)
    if nurses:
        whose = "" if len(nurses) == len(professions) else f", of a {_or(nurses)}"
        found.append(f"the specialty {spoken(PSYCHIATRIC)}{whose}")
    if profile.independent:
        found.append(f"independent practice: through the transition that {place} asks for")
    if profile.prescribes:
        at = f", at {facts.roster.places[profile.site].label}" if profile.at_site else ""
        found.append(f"a DEA registration in {place} with Schedule 3N{at}")
        if profile.state_registration:
            p = PROFESSIONS.index(profile.profession)
            asked = authority(facts).state_registration[facts.jurisdictions.index(profile.jurisdiction), p] == ASKED
            found.append(f"{place}'s own controlled-substance registration" + ("" if asked else ", if it asks for one"))
    if profile.signer:
        found.append(f"an agreement with {label(profile.signer)}")
    if profile.outside:
        found.append(f"an agreement with a {spoken(profile.outside)} from outside who is licensed in {place}")
    if profile.role == COLLABORATOR:
        found.append("agreements with " + listed([label(p) for p in profile.signs_for]))
        return found
    role = "prescriber and therapist" if profile.role == "both" else profile.role
    found.append(f"a policy as {role} that covers KAP (taken to ask for the prescriber throughout, and no more)")
    if profile.sits:
        hours = facts.law.practice.thresholds.kap_training_hours
        found.append(f"KAP training of at least {hours:f} hours with a practicum, trauma and experiential training")
    found.append("life support")
    if profile.modality:
        asked = any(d.site == profile.site and d.modality == profile.modality for d in facts.roster.demand)
        kind = "the modality" if asked else "a modality that complements KAP, such as"
        found.append(f"{kind} {spoken(profile.modality)}")
    if profile.language:
        found.append(f"the language {profile.language}")
    return found


def _row(record: type, **values: Any) -> Any:
    """A row of values that need no reading."""
    return built(record, values, check=False)


def _listed(name: str | None) -> tuple[str, ...] | None:
    return None if name is None else (name,)


def _agreement(person: str, signer: str, place: str) -> Any:
    return _row(Agreement, practitioner=person, with_=signer, kind="collaboration", jurisdiction=place)


def _by_specialty(profile: Profile, professions: Sequence[str]) -> list[str]:
    """Of some professions those that do therapy by a specialty only, where the hire would."""
    return [p for p in professions if profile.sits and PROFESSIONS.index(p) in NURSES]


def _trainings(facts: Facts, profile: Profile, id: str) -> Iterator[Any]:
    if profile.sits:
        hours = facts.law.practice.thresholds.kap_training_hours
        yield _row(Training, practitioner=id, kind="kap", hours=hours, practicum=True)
        yield _row(Training, practitioner=id, kind="trauma")
        yield _row(Training, practitioner=id, kind="experiential")
    yield _row(Training, practitioner=id, kind="life_support")


def _labels(facts: Facts) -> Callable[[str], str]:
    def label(id: str) -> str:
        name = facts.roster.people[id].label
        return name if name == id else f"{name} ({id})"

    return label


def _or(professions: Sequence[str]) -> str:
    return listed([spoken(p) for p in professions], "or")
