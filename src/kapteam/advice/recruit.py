"""Whom to hire: of all profiles worth comparing the ones whose hire adds most to the best teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from kapteam.advice.grown import Gains, grow
from kapteam.advice.hire import NOTHING, Gain, Hire, hired
from kapteam.advice.profiles import COLLABORATOR, HIRED_AS, Profile, ToAsk, profiles, to_ask
from kapteam.advice.signers import signers
from kapteam.matching.match import Objective, Plan, match
from kapteam.network.links import Links
from kapteam.records.people import PROFESSIONS
from kapteam.records.problems import UsageError


@frozen(eq=False)
class Recruited:
    """The hires that add most to a plan.

    Attributes
    ----------
    plan : Plan
        The best teams of today.
    hires : tuple of Hire
        The most valuable first.
    to_ask : tuple of ToAsk
        Professions that could be compared too, if their authority were known.
    why : str
        Why no hire teams one more of the people already there; empty where one does.
    """

    plan: Plan
    hires: tuple[Hire, ...]
    to_ask: tuple[ToAsk, ...]
    why: str

    @property
    def objective(self) -> Objective:
        """What is reached today."""
        return self.plan.objective

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.plan.on.isoformat(),
            "unknown": self.plan.unknown,
            "protocol": self.plan.links.facts.protocol_name,
            "objective": attrs.asdict(self.objective),
            "recruit": [hire.as_dict() for hire in self.hires],
            "to_ask": [attrs.asdict(ask) for ask in self.to_ask],
            "why": self.why or None,
            **self.plan.links.supposition,
        }


def recruit(
    links: Links,
    *,
    unknown: str = "exclude",
    site: str | None = None,
    role: str | None = None,
    hires: int = 3,
    best: int = 10,
) -> Recruited:
    """The profiles whose hire adds most to the best standing teams.

    Parameters
    ----------
    links : Links
    unknown : {"exclude", "allow"}
        Whether links on which a needed fact is unknown are used.
    site : str, optional
        Only hires there; of collaborators, those licensed in its jurisdiction.
    role : {"prescriber", "therapist", "both", "collaborator"}, optional
        Only such hires.
    hires : int
        How many of one profile at most.
    best : int
        How many profiles at most.

    Returns
    -------
    Recruited
        A gain is the optimum with the rows of the hires on the roster, less the optimum of today. Of each role, site
        and hours the profile with the greatest gain stands there, of equal ones that with the fewest requirements. In
        order: the gain of the first hire (of the roster, teamed, points), the fewest hours, site, role, hours,
        professions.

    Raises
    ------
    UsageError
        An option has no such value, there is no such site, or unknown hours are only supposed, by distance.

    Notes
    -----
    All profiles are judged at once, each as a person more of one large roster. The prices of the optimum of today bound
    what each can add (weak duality), and profiles are solved from the greatest bound on, until no bound reaches the
    last of the best; a solve takes only the connected parts that a hire has links to. Of one more therapist the bound
    by the highest prices of prescribers is the gain itself: a place taken costs exactly its highest price.

    Examples
    --------
    >>> import kapteam, datetime
    >>> network = kapteam.links(kapteam.example(), on=datetime.date(2026, 12, 7))
    >>> recruit(network.links, role="both", hires=1).hires[0]
    <Hire: both (physician) at hudson, Mon-Wed 09:00-17:00: Gain(hires=1, teamed=1, of_the_roster=0, points=655)>
    """
    if role is not None and role not in HIRED_AS:
        raise UsageError(f"role is one of {', '.join(HIRED_AS)}; not {role!r}")
    for name, value in (("hires", hires), ("best", best)):
        if not isinstance(value, int) or value < 1:
            raise UsageError(f"{name} is a whole number, at least 1; not {value!r}")
    if unknown == "allow" and links.facts.supposed is not None:
        raise UsageError(
            "whom to hire is worked out from hours on the roster, not from those that are only supposed: leave out "
            "within, or unknown='allow'"
        )
    facts = links.facts
    sites = facts.sites if site is None else [facts.roster.place(site).site]
    places = sorted({facts.roster.places[s].jurisdiction for s in sites})
    plan = match(links, unknown=unknown)
    roles = [r for r in HIRED_AS if role in (None, r) and r != COLLABORATOR]
    compared = profiles(links, sites, roles)
    found = _best_hires(plan, compared, best) if compared else []
    if role in (None, COLLABORATOR):
        found += signers(plan, places)
    chosen = sorted(found, key=_order)[:best]
    done = _with_more(plan, chosen, hires)
    gaining = {h.profile.jurisdiction for h in done if h.profile.prescribes}
    return Recruited(plan, tuple(done), tuple(to_ask(facts, gaining)), _why(plan, done, sites, role, bool(compared)))


# -- the best of them --


def _best_hires(plan: Plan, people: Sequence[Profile], best: int) -> list[Hire]:
    """The best hires by what the first one adds; some more may come along."""
    gains = Gains(grow(plan, people))
    bounds = gains.bounds(people)
    families: dict[tuple[Any, ...], list[int]] = {}
    for number, profile in enumerate(people):
        if number in gains.rows_of and bounds[number].adds_to(NOTHING):
            families.setdefault((profile.role, profile.site, profile.when.slots), []).append(number)
    found: list[Hire] = []
    for numbers in sorted(families.values(), key=lambda family: max(bounds[n].key for n in family), reverse=True):
        if len(found) >= best and max(bounds[n].key for n in numbers) < found[best - 1].gains[0].key:
            break
        found = sorted(found + list(_family(plan, gains, people, bounds, numbers)), key=_order)
    return found


def _family(
    plan: Plan, gains: Gains, people: Sequence[Profile], bounds: Sequence[Gain], numbers: Sequence[int]
) -> Iterator[Hire]:
    """Of profiles of one role, site and hours those with the greatest gain and the fewest requirements."""
    solved: dict[bytes, Gain] = {}
    worth: dict[int, Gain] = {}
    for number in numbers:
        key = gains.signature(number)
        if key not in solved:
            exact = people[number].role == "therapist"
            solved[key] = bounds[number] if exact else gains.worth(gains.rows_of[number], people[number], 1)
        worth[number] = solved[key]
    most = max(worth.values(), key=lambda gain: gain.key)
    if not most.adds_to(NOTHING):
        return
    equal = [n for n in numbers if worth[n] == most]
    fewest = min(sum(people[n].extra) for n in equal)
    chosen = [n for n in equal if sum(people[n].extra) == fewest]
    easiest = {people[n].profession for n in chosen}
    also = tuple(dict.fromkeys(people[n].profession for n in equal if people[n].profession not in easiest))
    first: dict[tuple[bool, ...], Profile] = {}
    for n in chosen:  # of several modalities or languages the first one
        first.setdefault(people[n].extra, people[n])
    for extra, profile in first.items():
        same = [people[n] for n in chosen if people[n].extra == extra]
        alike = [p for p in same if (p.modality, p.language) == (profile.modality, profile.language)]
        yield hired(plan.links.facts, profile, tuple(p.profession for p in alike), most, also)


def _with_more(plan: Plan, chosen: Sequence[Hire], hires: int) -> list[Hire]:
    """The same hires, with what further ones of each add."""
    several = [hire for hire in chosen if hire.profile.role != COLLABORATOR]
    if hires == 1 or not several:
        return list(chosen)
    gains = Gains(grow(plan, [hire.profile for hire in several], hires))
    numbers = {id(hire): n for n, hire in enumerate(several)}
    pairs, found = gains.grown.links.pairs, []
    for hire in chosen:
        told = list(hire.gains)
        number = numbers.get(id(hire))
        if number is not None:
            rows = gains.rows_of[number]
            code = gains.grown.code[number * hires : (number + 1) * hires]
            for count in range(2, hires + 1):
                absent = code[count:]
                ends = (pairs.prescriber_person[rows], pairs.therapist_person[rows])
                there = rows[~np.isin(ends[0], absent) & ~np.isin(ends[1], absent)]
                gain = gains.worth(there, hire.profile, count)
                if not gain.adds_to(told[-1]):
                    break
                told.append(gain)
        found.append(attrs.evolve(hire, gains=tuple(told)))
    return found


def _order(hire: Hire) -> tuple[Any, ...]:
    """The greatest gain first, then the fewest hours, then site, role, hours and professions."""
    profile = hire.profile
    place = profile.site, profile.jurisdiction, HIRED_AS.index(profile.role), str(profile.when)
    professions = [PROFESSIONS.index(p) for p in hire.professions]
    return *(-g for g in hire.gains[0].key), profile.when.minutes, *place, professions, profile.extra


# -- why not --


def _why(plan: Plan, hires: Sequence[Hire], sites: Sequence[str], role: str | None, compared: bool) -> str:
    """Why no hire teams one more of the people already there; empty where one does."""
    if any(hire.gains[0].of_the_roster > 0 for hire in hires):
        return ""
    left = [u for u in plan.unmatched if u.role == "therapist"]
    if not left and plan.objective.teamed:
        return "every therapist is teamed"
    if role == COLLABORATOR:
        return "there is no agreement whose signature would add anything"
    if not compared and not hires:
        where = plan.links.facts.roster.places[sites[0]].label if len(sites) == 1 else "any site"
        return f"nobody to work with has written hours at {where}, so no hire's hours can be compared"
    if role == "therapist":
        return "a therapist takes a place, and prescribers give them"
    if left:
        return "those who are left out lack something themselves, and kapteam explain ROSTER PERSON names it"
    return "nobody on the roster is a therapist"
