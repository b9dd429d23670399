"""A lane for each site: prescribers to the left, therapists to the right, and their links between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define

from kapteam.columns.logic import FAIL, WORDS
from kapteam.draw.marks import Mark, Path, Text, within
from kapteam.draw.ordering import Block, Lane, Lines, ordered, places
from kapteam.draw.persons import ROW, SMALL, Columns, Persons
from kapteam.draw.signs import RADIUS
from kapteam.draw.standing import Standing, Standings
from kapteam.network.links import Link
from kapteam.show.words import count, place

#: Links of a lane up to which those that no team uses are drawn.
MANY_LINKS = 900

_BETWEEN = 5.0  # more between two teams
_APART = 16.0  # more before those who are in no team here
_HEAD = 42.0
_LISTED = 290.0  # a column of people without a lane

#: The height of each person's row, by role and code.
_Places = Mapping[tuple[str, int], float]


@define(eq=False, slots=False)
class Lanes:
    """Lays out lanes one under the other; lives for one picture."""

    standings: Standings
    columns: Columns
    failing: bool

    def heads(self, y: float) -> tuple[list[Mark], float]:
        """Who is to the left and who to the right, and where lanes begin."""
        columns = self.columns
        left = Text(columns.prescribers - 12, y + 11, "prescribers", SMALL, "quiet", "end")
        return [left, Text(columns.therapists + 12, y + 11, "therapists", SMALL, "quiet")], y + 22

    def lane(self, site: int, top: float) -> tuple[list[Mark], float]:
        """The marks of a site's lane, and where it ends."""
        people = [s for s in self.standings.all if s.site == site]
        left = [s for s in people if s.role == "prescriber"]
        right = [s for s in people if s.role == "therapist"]
        rows = self._rows(site)
        drawn = rows if len(rows) <= MANY_LINKS else [row for row in rows if row in self._teams]
        order = self._order(left, right, drawn)
        below = top + _HEAD
        at: dict[tuple[str, int], float] = {}
        for side, those in zip((left, right), places(order, (len(left), len(right))), strict=True):
            at |= {(s.role, s.person): below + _down(order, float(row)) for s, row in zip(side, those, strict=True)}
        end = max([below, *(y + ROW / 2 for y in at.values())])
        marks = [*self._head(site, right, top), *self._divider(order, below), *self._links(drawn, at)]
        marks += [self._persons.drawn(s, at[s.role, s.person]) for s in people]
        note = "" if people else "Nobody here prescribes or sits."
        if len(drawn) < len(rows):
            note = f"Links that no team uses are not drawn: {len(rows) - len(drawn):,}."
        if note:
            marks.append(within(self.columns.left, end + 12, note, self._inner, SMALL, "quiet"))
            end += 18
        return marks, end + 14

    def nowhere(self, top: float) -> tuple[list[Mark], float]:
        """Who has no place in any lane: without hours anywhere, and those who neither prescribe nor sit."""
        facts = self.standings.links.facts
        told = dict.fromkeys((s.person for s in self.standings.all if s.site < 0), "no hours at any site")
        for code in range(len(facts.people)):
            if not (facts.candidate["prescriber"][code] or facts.candidate["therapist"][code]):
                told[code] = "only watches" if facts.candidate["monitor"][code] else "in no role"
        if not told:
            return [], top
        left = self.columns.left
        marks: list[Mark] = [self._rule(top), Text(left, top + 21, "In no lane", 14, bold=True)]
        across = max(1, int(self._inner // _LISTED))
        wide = self._inner / across
        for number, (code, why) in enumerate(told.items()):
            x, y = left + number % across * wide, top + _HEAD + number // across * ROW
            marks.append(self._persons.listed(code, why, x, y, wide - 16))
        return marks, top + _HEAD + -(-len(told) // across) * ROW + 2

    # -- what is where --

    @cached_property
    def _persons(self) -> Persons:
        return Persons(self.standings, self.columns)

    @cached_property
    def _teams(self) -> frozenset[int]:
        return frozenset(self.standings.rows.tolist())

    @property
    def _inner(self) -> float:
        return self.columns.right - self.columns.left

    def _rows(self, site: int) -> list[int]:
        """The links of a site that may be drawn."""
        links = self.standings.links
        here = links.pairs.site == site
        if not self.failing:
            here &= links.verdicts > FAIL
        return [int(row) for row in here.nonzero()[0]]

    def _order(self, left: Sequence[Standing], right: Sequence[Standing], rows: Sequence[int]) -> Lane:
        pairs = self.standings.links.pairs
        a, b = ({s.person: i for i, s in enumerate(side)} for side in (left, right))
        lines: list[tuple[int, int, bool]] = []
        members: dict[int, list[int]] = {}
        taken: set[int] = set()
        for row in rows:
            prescriber, therapist = a[int(pairs.prescriber_person[row])], b[int(pairs.therapist_person[row])]
            lines.append((prescriber, therapist, row in self._teams))
            if row in self._teams:
                # Whoever is in two teams stands with the first; the other's line is longer.
                mine = members.setdefault(prescriber, [])
                if therapist not in taken:
                    taken.add(therapist)
                    mine.append(therapist)
        lane = Lane(
            tuple(Block((prescriber,), tuple(those)) for prescriber, those in members.items()),
            tuple(i for i in range(len(left)) if i not in members),
            tuple(i for i in range(len(right)) if i not in taken),
        )
        return ordered(lane, Lines.of(lines), (len(left), len(right)))

    # -- marks --

    def _rule(self, y: float, kind: str = "rule") -> Path:
        return Path(((self.columns.left, y), (self.columns.right, y)), kind)

    def _head(self, site: int, right: Sequence[Standing], top: float) -> Iterator[Mark]:
        facts, columns = self.standings.links.facts, self.columns
        yield self._rule(top)
        teamed = sum(s.state == "teamed" for s in right)
        room = columns.sessions - columns.left - 52 if columns.said else self._inner
        name = within(columns.left, top + 21, place(facts, facts.sites[site]), room * 0.7, 14, bold=True)
        yield name
        if self.standings.plan is not None and right:
            said = f"{teamed} of {count(len(right), 'therapist')} teamed here"
            begin = name.box.right + 8
            yield within(begin, top + 21, said, columns.left + room - begin, SMALL, "quiet number")
        if columns.said and teamed:
            yield Text(columns.sessions, top + 21, "a week", SMALL, "quiet", "end")
            yield Text(columns.points, top + 21, "points", SMALL, "quiet", "end")

    def _divider(self, order: Lane, below: float) -> Iterator[Mark]:
        """What parts those who are in no team here from the teams above."""
        if order.teams and (order.left or order.right):
            first = below + _down(order, sum(block.rows for block in order.teams))
            yield self._rule(first - ROW / 2 - _APART / 2 + 2, "rule faint")

    def _links(self, rows: Sequence[int], at: _Places) -> Iterator[Mark]:
        """The links, those of teams last, so that they lie above the others."""
        links, pairs = self.standings.links, self.standings.links.pairs
        begin, end = self.columns.prescribers + RADIUS + 3, self.columns.therapists - RADIUS - 3
        for row in sorted(rows, key=lambda row: (row in self._teams, -int(links.verdicts[row]), row)):
            link = links.link(row)
            ends = (
                (begin, at["prescriber", int(pairs.prescriber_person[row])]),
                (end, at["therapist", int(pairs.therapist_person[row])]),
            )
            kind = f"link {WORDS[int(links.verdicts[row])]}" + " team" * (row in self._teams)
            data = (
                ("row", str(row)), ("prescriber", link.prescriber), ("therapist", link.therapist), ("site", link.site),
            )  # fmt: skip
            yield Path(ends, kind, "across", data=data, title=self._of(link, row in self._teams))

    def _of(self, link: Link, teamed: bool) -> str:
        """A link in one sentence."""
        people = self.standings.links.facts.roster.people
        who = people[link.prescriber].label
        who += ", alone, as both" if link.prescriber == link.therapist else f" and {people[link.therapist].label}"
        verdict = "a team" if teamed else _VERDICTS[link.verdict]
        if link.verdict == "fail":
            return f"{who}: {verdict}"
        return f"{who}: {verdict}, {count(link.weekly_sessions, 'session')} a week, {link.points:,} points"


_VERDICTS = {"pass": "could team", "unknown": "rests on an unknown fact", "fail": "fails a rule"}


def _down(order: Lane, row: float) -> float:
    """How far below the head a row is, with what parts teams from one another and from the others."""
    passed, block_ends = 0, 0
    for block in order.teams:
        block_ends += block.rows
        if row < block_ends - 0.25:
            return row * ROW + passed * _BETWEEN
        passed += 1
    return row * ROW + passed * _BETWEEN + (_APART if order.teams else 0)
