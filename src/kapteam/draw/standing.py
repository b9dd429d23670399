"""How each person stands at each site, in each role: teamed there or elsewhere, left out, open, or without a link."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define, frozen

from kapteam.columns.logic import FAIL, PASS, UNKNOWN
from kapteam.columns.lookup import Index, apart, both
from kapteam.matching.match import Plan
from kapteam.network.links import Links

ROLES = ("prescriber", "therapist")
#: Teamed here; teamed elsewhere or in the other role; with a link that could be used, and in no team; with links that
#: rest on unknown facts alone; with none that could ever be used; and, where there is no plan, with one that could.
STATES = ("teamed", "elsewhere", "left_out", "open", "none", "usable")


@frozen
class Standing:
    """One person in one role at one site, by codes; ``site`` is -1 where they have no hours anywhere."""

    person: int
    role: str
    site: int
    state: str


@define(eq=False, slots=False)
class Standings:
    """Everybody who is a candidate for a role, at each site where they matter.

    Someone matters where they have a link that does not fail; someone who has none anywhere is shown once, where most
    of their links are, or where they have hours.

    Attributes
    ----------
    links : Links
    plan : Plan or None
    failing : bool
        Whether somebody matters wherever they have any link.
    """

    links: Links
    plan: Plan | None
    failing: bool = False

    @cached_property
    def all(self) -> list[Standing]:
        """By site, then role, then person."""
        found = [one for role in ROLES for one in self._of(role)]
        return sorted(found, key=lambda s: (s.site, ROLES.index(s.role), s.person))

    @cached_property
    def teamed_at(self) -> dict[str, dict[int, list[int]]]:
        """By role: the sites of the teams of each person who is in any, by codes."""
        found: dict[str, dict[int, list[int]]] = {role: {} for role in ROLES}
        for role in ROLES:
            people, sites = self._people(role)[self.rows], self._sites[self.rows]
            for person, site in zip(people.tolist(), sites.tolist(), strict=True):
                at = found[role].setdefault(person, [])
                if site not in at:
                    at.append(site)
        return found

    @cached_property
    def rows(self) -> Index:
        """The links that the plan uses."""
        return np.empty(0, np.int64) if self.plan is None else self.plan.rows

    @property
    def least(self) -> int:
        """The least verdict of a link that could be used."""
        return UNKNOWN if self.plan is not None and self.plan.unknown == "allow" else PASS

    @cached_property
    def _sites(self) -> Index:
        return self.links.pairs.site

    def _people(self, role: str) -> Index:
        pairs = self.links.pairs
        return pairs.prescriber_person if role == "prescriber" else pairs.therapist_person

    def _of(self, role: str) -> list[Standing]:
        facts, people = self.links.facts, len(self.links.facts.people)
        keys, row, count = np.unique(both(self._people(role), self._sites), return_inverse=True, return_counts=True)
        best = np.full(len(keys), FAIL, np.int64)
        np.maximum.at(best, row, self.links.verdicts.astype(np.int64))
        person, site = apart(keys)
        shown = (best > FAIL) | self.failing
        found = [(int(p), int(s), int(b)) for p, s, b in zip(person[shown], site[shown], best[shown], strict=True)]
        placed = np.zeros(people, bool)
        placed[person[shown]] = True
        # Whoever has nothing to hope for is not to be missing: once, where most of their links are.
        home: dict[int, tuple[int, int]] = {}
        for p, s, n in zip(person.tolist(), site.tolist(), count.tolist(), strict=True):
            if not placed[p] and n > home.get(p, (0, 0))[1]:
                home[p] = (s, n)
        for p, s in zip(facts.postings.person.tolist(), facts.postings.site.tolist(), strict=True):
            home.setdefault(p, (s, 0))
        lost = np.flatnonzero(facts.candidate[role] & ~placed).tolist()
        found += [(p, home.get(p, (-1, 0))[0], int(FAIL)) for p in lost]
        other = self.teamed_at["therapist" if role == "prescriber" else "prescriber"]
        # In a role in which they could do nothing, nobody looks for someone who is teamed in the other.
        return [
            Standing(p, role, s, self._state(role, p, s, b))
            for p, s, b in found
            if b > FAIL or self.failing or p not in other
        ]

    def _state(self, role: str, person: int, site: int, best: int) -> str:
        at = self.teamed_at[role].get(person)
        if at is not None:
            return "teamed" if site in at else "elsewhere"
        if any(person in self.teamed_at[r] for r in ROLES):
            return "elsewhere"
        if best >= self.least:
            return "usable" if self.plan is None else "left_out"
        return "none" if best == FAIL else "open"
