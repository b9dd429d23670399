"""Many people at a glance: a row for each site with how its people stand, and arcs where sites share people.

An arc diagram (Wattenberg, InfoVis 2002) keeps every line clear of every name, however many sites there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations

from attrs import define

from kapteam.columns.facts import Facts
from kapteam.draw.legend import Entry, legend
from kapteam.draw.marks import Box, Group, Mark, Path, Rect, Text, within
from kapteam.draw.standing import ROLES, STATES, Standings
from kapteam.show.words import count, place

#: Sites that have a row of their own; the smaller ones beyond are told together.
MANY_SITES = 48

#: Arcs for each row, at most: more are a tangle. The weakest are left out.
_ARCS = 2
#: Arcs up to which each says how many people it stands for.
_FEW_ARCS = 12

_ROW = 30.0
_BAR = 13.0
_NAME = 12.0
_SMALL = 10.5
_HEAD = 26.0
#: How each state is told of therapists.
_TOLD = {
    "teamed": "teamed here", "elsewhere": "teamed elsewhere", "left_out": "left out, though someone could",
    "open": "only if unknown facts are confirmed", "none": "without a usable link", "usable": "with a usable link",
}  # fmt: skip


def by_name(facts: Facts, sites: Iterable[int]) -> list[int]:
    """Sites in the order of their names, numbers within these by their size."""

    def key(site: int) -> tuple[list[tuple[int, str]], int]:
        parts = re.split(r"(\d+)", facts.roster.places[facts.sites[site]].label.casefold())
        return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], site

    return sorted(sites, key=key)


def overview(standings: Standings, left: float, right: float, top: float) -> tuple[list[Mark], float]:
    """The sites of a network, what their bars mean, and where they end."""
    return _Overview(standings, left, right).marks(top)


@define(eq=False, slots=False)
class _Overview:
    """Lays out one picture."""

    standings: Standings
    left: float
    right: float

    def marks(self, top: float) -> tuple[list[Mark], float]:
        marks: list[Mark] = [*self._heads(top)]
        first = top + _HEAD
        ys = {site: first + (i + 0.5) * _ROW for i, site in enumerate(self.order)}
        marks += self._arcs(ys)
        for site, y in ys.items():
            marks.append(self._row(site, y))
        y = first + len(ys) * _ROW
        rest = len(self.by_site) - len(ys)
        if rest:
            therapists = sum(self.by_site[s]["therapist"].total() for s in self.by_site if s not in ys)
            words = (
                f"and {count(rest, 'site')} more, each with fewer people: {count(therapists, 'therapist')} there in all"
            )
            marks.append(within(self.left, y + 18, words, self.right - self.left, _NAME, "quiet"))
            y += 28
        nowhere = len({s.person for s in self.standings.all if s.site < 0})
        if nowhere:
            words = f"{count(nowhere, 'person has', 'people have')} no hours at any site"
            marks.append(within(self.left, y + 18, words, self.right - self.left, _NAME, "quiet"))
            y += 28
        seen = {state for those in self.by_site.values() for state in those["therapist"]}
        entries = [
            Entry((Rect(-9, -_BAR / 2, 18, _BAR, f"bar {state}"),), f"therapists {_TOLD[state]}", 18)
            for state in STATES
            if state in seen
        ]
        if self.shared:
            arc = Path(((-5.0, -7.0), (-5.0, 7.0)), "shared", "around", 10.0)
            numbers = sorted({self.shared[p] for p in self._drawn(ys)})
            span = f"{numbers[0]:,} to {numbers[-1]:,}" if len(numbers) > 1 else f"{numbers[0]:,}" if numbers else ""
            told = "people who could work at both" + f", {span} an arc" * bool(span)
            rest = sum(a in ys and b in ys for a, b in self.shared) - len(self._drawn(ys))
            told += f" ({rest:,} weaker arcs are left out)" if rest else ""
            entries.append(Entry((arc,), told, 14))
        samples, y = legend(entries, self.left, self.right, y + 10)
        return [*marks, *samples], y

    # -- what is told --

    @cached_property
    def by_site(self) -> dict[int, dict[str, Counter[str]]]:
        """By site and role: how many people stand how."""
        sites = range(len(self.standings.links.facts.sites))
        found: dict[int, dict[str, Counter[str]]] = {site: {role: Counter() for role in ROLES} for site in sites}
        for s in self.standings.all:
            if s.site >= 0:
                found[s.site][s.role][s.state] += 1
        return found

    @cached_property
    def shared(self) -> dict[tuple[int, int], int]:
        """How many people have links that do not fail at both of two sites."""
        at: dict[int, set[int]] = {}
        for s in self.standings.all:
            if s.site >= 0 and s.state != "none":
                at.setdefault(s.person, set()).add(s.site)
        return Counter(pair for sites in at.values() for pair in combinations(sorted(sites), 2))

    @cached_property
    def order(self) -> list[int]:
        """The sites with rows of their own, by name."""
        people = {site: sum(c.total() for c in roles.values()) for site, roles in self.by_site.items()}
        return by_name(self.standings.links.facts, sorted(people, key=lambda s: (-people[s], s))[:MANY_SITES])

    # -- where it stands --

    @property
    def _wide(self) -> bool:
        return self.right - self.left >= 600

    @property
    def _bar(self) -> tuple[float, float]:
        """From where to where the longest bar reaches."""
        inner = self.right - self.left
        return self.left + inner * 0.26, self.left + inner * (0.56 if self._wide else 0.58)

    @property
    def _numbers(self) -> tuple[float, float]:
        """Where the numbers of therapists and of prescribers end."""
        inner = self.right - self.left
        return self.left + inner * (0.67 if self._wide else 0.8), self.left + inner * 0.79

    @cached_property
    def _most(self) -> int:
        return max([1, *(roles["therapist"].total() for roles in self.by_site.values())])

    # -- what is drawn --

    def _heads(self, top: float) -> Iterator[Mark]:
        begin, end = self._bar
        therapists, prescribers = self._numbers
        tally = "teamed" if self.standings.plan is not None else "in all"
        yield within(begin, top + 16, "therapists", end - begin, _SMALL, "quiet")
        yield within(therapists, top + 16, tally, therapists - end - 4, _SMALL, "quiet", "end")
        if self._wide:
            room = prescribers - therapists - 6
            yield within(prescribers, top + 16, "prescribers", room, _SMALL, "quiet", "end")
        if self.shared:
            here = (prescribers if self._wide else therapists) + 14
            yield within(here, top + 16, "shared people", self.right - here, _SMALL, "quiet")
        yield Path(((self.left, top + _HEAD - 3), (self.right, top + _HEAD - 3)), "rule")

    def _row(self, site: int, y: float) -> Group:
        facts = self.standings.links.facts
        roles = self.by_site[site]
        begin, end = self._bar
        marks: list[Mark] = [
            Rect(self.left, y - _ROW / 2 + 1, end - self.left, _ROW - 2, "hit", 3),
            within(self.left, y + 4.2, place(facts, facts.sites[site]), begin - self.left - 12, _NAME),
        ]
        x = begin
        for state in STATES:
            long = roles["therapist"][state] * (end - begin) / self._most
            if long:
                marks.append(Rect(x + 0.75, y - _BAR / 2, max(long - 1.5, 0.5), _BAR, f"bar {state}"))
                x += long
        therapists, prescribers = self._numbers
        words = self._tally(roles["therapist"])
        marks.append(within(therapists, y + 4, words, therapists - end - 4, _SMALL, "number", "end"))
        if self._wide:
            words = self._tally(roles["prescriber"])
            marks.append(within(prescribers, y + 4, words, prescribers - therapists - 6, _SMALL, "number", "end"))
        full = self._full(site)
        return Group(tuple(marks), "site", (("site", facts.sites[site]),), full, full, button=True)

    def _tally(self, states: Counter[str]) -> str:
        if self.standings.plan is None:
            return f"{states.total():,}"
        return f"{states['teamed']:,} of {states.total():,}"

    def _full(self, site: int) -> str:
        facts, roles = self.standings.links.facts, self.by_site[site]
        told = [
            f"{count(those.total(), role)}" + "".join(f", {those[s]:,} {_TOLD[s]}" for s in STATES if those[s])
            for role, those in roles.items()
        ]
        return f"{place(facts, facts.sites[site])}: {'; '.join(told)}"

    def _drawn(self, ys: dict[int, float]) -> list[tuple[int, int]]:
        """The pairs of sites that get an arc: those that share most, then those that are nearest."""
        pairs = sorted(
            (p for p in self.shared if p[0] in ys and p[1] in ys),
            key=lambda p: (-self.shared[p], abs(ys[p[0]] - ys[p[1]]), p),
        )
        return pairs[: _ARCS * len(ys)]

    def _arcs(self, ys: dict[int, float]) -> Iterator[Mark]:
        """The arcs, and how many people each stands for where these are few and there is room to say so."""
        facts = self.standings.links.facts
        pairs = self._drawn(ys)
        begin = self._numbers[1 if self._wide else 0] + 14
        far = max([abs(ys[a] - ys[b]) for a, b in pairs], default=1.0)
        taken: list[Box] = []
        texts: list[Mark] = []
        for a, b in pairs:
            shared = self.shared[a, b]
            high, low = sorted((ys[a], ys[b]))
            reach = min((self.right - begin - 34) * ((low - high) / far) ** 0.8 * 0.92, low - high) + 8
            names = " and ".join(facts.roster.places[facts.sites[s]].label for s in (a, b))
            wide = min(6, shared.bit_length())
            data = (("site", facts.sites[a]), ("other", facts.sites[b]), ("people", str(shared)))
            title = f"{names} share {count(shared, 'person', 'people')} who could work at both"
            yield Path(((begin, high), (begin, low)), f"shared w{wide}", "around", reach, data, title)
            words = Text(begin + reach + 5, (high + low) / 2 + 3.5, f"{shared:,}", 9.5, "quiet number")
            if shared > 1 and len(pairs) <= _FEW_ARCS and not any(words.box.meets(box) for box in taken):
                taken.append(words.box)
                texts.append(words)
        yield from texts
