"""One person in a lane: a sign, a name, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from attrs import define, frozen

from kapteam.draw.marks import Group, Mark, Rect, Text, within
from kapteam.draw.signs import point, sign
from kapteam.draw.standing import Standing, Standings
from kapteam.draw.text import width
from kapteam.matching.capacity import capacities
from kapteam.show.words import count, person

#: The height of a row, and the sizes of letters.
ROW, NAME, SMALL = 22.0, 12.0, 10.5
_NUMBER = 11.0
#: From the middle of a sign to the name.
_ASIDE = 12.0
_ALONE = " alone, as both"
_GRIP = 8.0  # of a row beyond the middle of its sign


@frozen
class Columns:
    """Where things stand in every lane, from left to right; ``said`` is 0 where there is no room to say how one stands.

    Attributes
    ----------
    left, right : float
        The edges of a lane.
    prescribers, therapists : float
        The middle of the signs.
    name, said : float
        The room of a name and of what is said beside it.
    """

    left: float
    right: float
    prescribers: float
    therapists: float
    name: float
    said: float

    @classmethod
    def of(cls, width: float) -> Columns:
        """The columns of a picture so many pixels wide."""
        wide = width >= 640
        margin = 20.0 if wide else 10.0
        inner = width - 2 * margin
        said = min(118.0, inner * 0.135) if wide else 0.0
        name = min(208.0, (inner - 2 * said) * (0.32 if wide else 0.38))
        far = margin + said + name + _ASIDE
        return cls(margin, width - margin, far, width - far, name, said)

    @property
    def points(self) -> float:
        """Where the points of a therapist end."""
        return self.right

    @property
    def sessions(self) -> float:
        """Where the weekly sessions of a therapist end."""
        return self.right - (self.said - 8) / 2


@define(eq=False, slots=False)
class Persons:
    """Draws people, as they stand in a network; lives for one picture."""

    standings: Standings
    columns: Columns

    def drawn(self, s: Standing, y: float) -> Group:
        """Someone in their place in a lane."""
        facts, columns = self.standings.links.facts, self.columns
        id, left = facts.people[s.person], s.role == "prescriber"
        x = columns.prescribers if left else columns.therapists
        kind = "quiet" if s.state in ("elsewhere", "none") else ""
        label = facts.roster.people[id].label
        parts: list[Mark] = [*sign(x, y, s.state)]
        if left:
            parts.append(within(x - _ASIDE, y + 4.2, label, columns.name, NAME, kind, "end"))
        else:
            name = within(x + _ASIDE, y + 4.2, label, columns.name, NAME, kind)
            parts.append(name)
            if (s.person, s.site) in self._solo and name.box.right + width(_ALONE, SMALL) <= x + _ASIDE + columns.name:
                parts.append(Text(name.box.right, y + 4.2, _ALONE, SMALL, "quiet"))
        if columns.said:
            parts += self._beside(s, y + 4)
        edge = columns.left if left else columns.right
        begin, end = sorted((edge, x + (_GRIP if left else -_GRIP)))
        # What is pointed at is the whole row, not the letters alone.
        parts.append(Rect(begin, y - ROW / 2 + 1, end - begin, ROW - 2, "hit", 3))
        full = f"{person(facts, id)}, {s.role}: {self.said(s)}"
        data = (("person", id), ("role", s.role), ("site", facts.sites[s.site]), ("state", s.state))
        return Group(tuple(parts), f"person {s.role} {s.state}", data, full, full, button=True)

    def listed(self, code: int, why: str, x: float, y: float, room: float) -> Group:
        """Someone who has no place in any lane, and why."""
        facts = self.standings.links.facts
        id = facts.people[code]
        role = next((role for role in ("prescriber", "therapist", "monitor") if facts.candidate[role][code]), "")
        lost = role in ("prescriber", "therapist")
        name = within(x + 14, y + 4.2, facts.roster.people[id].label, room * 0.6, NAME)
        words = within(name.box.right + 8, y + 4.2, why, x + room - name.box.right - 8, SMALL, "quiet")
        full = f"{person(facts, id)}: {why}"
        marks = (*(sign(x + 5, y, "none") if lost else point(x + 5, y)), name, words)
        return Group(marks, f"person {role}".strip(), (("person", id),), full, full, button=True)

    def said(self, s: Standing) -> str:
        """How someone stands, in a few words."""
        facts = self.standings.links.facts
        if s.state == "teamed" and s.role == "therapist":
            sessions, points = self._members[s.person, s.site]
            alone = "alone, as both, " if (s.person, s.site) in self._solo else ""
            return f"{alone}{count(sessions, 'session')} a week, {points:,} points"
        if s.state == "teamed":
            limit = int(capacities(facts)[s.person])
            return f"takes {self._taken[s.person]}" + (f" of {limit}" if limit >= 0 else "")
        if s.state == "elsewhere":
            at = self.standings.teamed_at[s.role].get(s.person)
            if at is None:
                return f"teamed as {'therapist' if s.role == 'prescriber' else 'prescriber'}"
            return f"teamed at {facts.roster.places[facts.sites[at[0]]].label}"
        return _SAID[s.state]

    def _beside(self, s: Standing, y: float) -> Iterator[Mark]:
        """The same in the margin: numbers in columns, or words."""
        columns, room = self.columns, self.columns.said - 8
        if s.state == "teamed" and s.role == "therapist":
            sessions, points = self._members[s.person, s.site]
            yield within(columns.points, y, f"{points:,}", room / 2 - 4, _NUMBER, "number", "end")
            yield within(columns.sessions, y, str(sessions), room / 2 - 4, _NUMBER, "number quiet", "end")
            return
        kind = {"open": "unknown", "none": "fail"}.get(s.state, "quiet")
        words = self.said(s).removeprefix("teamed ")
        if s.role == "prescriber":
            yield within(columns.left, y, words, room, SMALL, f"number {kind}")
        else:
            yield within(columns.right, y, words, room, SMALL, f"number {kind}", "end")

    @cached_property
    def _solo(self) -> set[tuple[int, int]]:
        """Who is a team alone, and where."""
        pairs, rows = self.standings.links.pairs, self.standings.rows
        alone = rows[pairs.prescriber_person[rows] == pairs.therapist_person[rows]]
        return set(zip(pairs.therapist_person[alone].tolist(), pairs.site[alone].tolist(), strict=True))

    @cached_property
    def _members(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The weekly sessions and points of each teamed therapist at a site."""
        links = self.standings.links
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for row in self.standings.rows:
            key = int(links.pairs.therapist_person[row]), int(links.pairs.site[row])
            sessions, points = found.get(key, (0, 0))
            found[key] = sessions + int(links.pairs.weekly_sessions[row]), points + int(links.points[row])
        return found

    @cached_property
    def _taken(self) -> Counter[int]:
        """How many therapists each prescriber has, at all sites."""
        return Counter(self.standings.links.pairs.prescriber_person[self.standings.rows].tolist())


_SAID = {"left_out": "left out", "open": "if confirmed", "none": "no usable link", "usable": "could team"}
