"""Links, one per row: a prescriber, a therapist and a site, with the presence asked and the starts that fit."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.days import MORE, OVERNIGHT, TWICE, Days, common_sessions
from kapteam.columns.facts import Bools, Facts, Small
from kapteam.columns.lookup import Index, apart, both, found_at
from kapteam.columns.members import Members, anywhere_starts, day_starts, week_starts
from kapteam.columns.policies import AVAILABLE, DOSING, NONE, THROUGHOUT
from kapteam.records.hours import SLOTS_A_WEEK
from kapteam.records.people import PRESENCE

T = TypeVar("T", bound=np.generic)

_BLOCK = 1 << 14  # links judged together: what is worked out of them stays in the processor's cache


@define(eq=False, slots=False)
class Pairs:
    """Rows of a prescriber, a therapist and the site of both.

    Attributes
    ----------
    prescribers, therapists : Members
        The people, each at a site, once.
    prescriber, therapist : array of int, shape (n,)
        Each link's row in ``prescribers`` and in ``therapists``; both are of the same site.
    """

    prescribers: Members
    therapists: Members
    prescriber: Index
    therapist: Index

    def __len__(self) -> int:
        return len(self.prescriber)

    @property
    def facts(self) -> Facts:
        """The facts that both are judged by."""
        return self.prescribers.facts

    @cached_property
    def prescriber_person(self) -> Index:
        """Each link's prescriber, as the code of a person."""
        return self.prescribers.person[self.prescriber]

    @cached_property
    def therapist_person(self) -> Index:
        """Each link's therapist, as the code of a person."""
        return self.therapists.person[self.therapist]

    @cached_property
    def site(self) -> Index:
        """Each link's site."""
        return self.therapists.site[self.therapist]

    def either(self, prescriber: NDArray[T], therapist: NDArray[T]) -> tuple[NDArray[T], NDArray[T]]:
        """What holds of people, by their codes, as what holds of each link's prescriber and of its therapist."""
        return (
            prescriber[self.prescribers.person][self.prescriber],
            therapist[self.therapists.person][self.therapist],
        )

    @cached_property
    def solo(self) -> Bools:
        """Whether both are one person."""
        code = np.arange(len(self.facts.people), dtype=np.int32)
        prescriber, therapist = self.either(code, code)
        return np.asarray(prescriber == therapist)

    @cached_property
    def listed(self) -> Bools:
        """Whether each link is one that lists show: both are candidates, and have hours where they must."""
        prescribers, therapists, candidate = self.prescribers, self.therapists, self.facts.candidate
        prescribes = candidate["prescriber"][prescribers.person]
        there = prescribes & (prescribers.posting >= 0)
        sits = candidate["therapist"][therapists.person] & (therapists.posting >= 0)
        listed = there[self.prescriber] | (prescribes[self.prescriber] & (self.level <= AVAILABLE))
        listed &= sits[self.therapist]
        return listed if self.facts.protocol.solo else listed & ~self.solo

    @cached_property
    def asked_by_law(self) -> Small:
        """The level of presence that the law of the place asks for by itself."""
        return law_levels(self.facts)[self.therapists.jurisdiction].astype(np.int8)[self.therapist]

    @cached_property
    def asked_by_policies(self) -> Small:
        """The level of presence that the two policies ask for by themselves."""
        prescriber, therapist = self.prescribers.policies.prescriber_level, self.therapists.policies.level
        return np.maximum(*self.either(prescriber.astype(np.int8), therapist.astype(np.int8)))

    @cached_property
    def level(self) -> Small:
        """The presence level of the link: the strictest asked."""
        return np.maximum(self.asked_by_law, self.asked_by_policies)

    def starts(
        self,
        rows: NDArray[np.int64],
        *,
        prescriber_unwritten: bool = False,
        therapist_unwritten: bool = False,
    ) -> weeks.Words:
        """The starts that fit some of the links, on the site's clock.

        ``..._unwritten`` takes that person's unwritten hours as all hours.
        """
        facts, level = self.facts, self.level[rows]
        sits = self.therapists.posting[self.therapist[rows]]
        found = week_starts(facts, facts.session, unwritten=therapist_unwritten)[sits]
        at_site = self.prescribers.posting[self.prescriber[rows]]
        # Where one person is both, the therapist's condition decides.
        for asked, length in ((THROUGHOUT, facts.session), (DOSING, facts.dosing)):
            these = np.flatnonzero((level == asked) & ~self.solo[rows])
            if len(these):
                found[these] &= week_starts(facts, length, unwritten=prescriber_unwritten)[at_site[these]]
        reached = (level == AVAILABLE) & ~self.solo[rows]
        if prescriber_unwritten:  # who might come might be there at any hour
            reached &= self.prescribers.supposed[self.prescriber[rows]] < 0
        remote = np.flatnonzero(reached)
        if len(remote):
            utc = anywhere_starts(facts, facts.dosing, unwritten=prescriber_unwritten)
            person, offset = self.prescriber_person[rows][remote], facts.offset[self.site[rows][remote]]
            for ahead in np.unique(offset):
                here = offset == ahead
                found[remote[here]] &= weeks.earlier(utc[person[here]], -int(ahead))
        return found

    @cached_property
    def _written(self) -> tuple[Bools, NDArray[np.int32]]:
        """Whether a start fits by the written hours, and the most sessions a week."""
        fits, sessions = self._fitting(np.arange(len(self)), unwritten=False)
        return fits, sessions

    @cached_property
    def fits(self) -> Small:
        """A verdict: 1 where a start fits, 0 where one would if unwritten hours were all hours, else -1."""
        verdict = np.where(self._written[0], np.int8(1), np.int8(-1))
        open_rows = np.flatnonzero(~self._written[0] & self._has_unwritten)
        if len(open_rows):
            verdict[open_rows[self._fitting(open_rows, unwritten=True)[0]]] = 0
        return verdict

    def _fitting(self, rows: Index, *, unwritten: bool) -> tuple[Bools, NDArray[np.int32]]:
        """Of some links: whether a start fits, and by written hours also the most sessions a week.

        With ``unwritten``, as if unwritten hours were all hours.
        """
        session = self.facts.session
        sits = day_starts(self.facts, session, unwritten=unwritten)
        there, row = self._there(unwritten=unwritten)
        # Of a few weeks the runs do not tell all: theirs are compared slot by slot.
        rough = MORE if unwritten else MORE | OVERNIGHT
        rough_sits, rough_there = sits.flags & rough > 0, there.flags & MORE > 0
        any_rough = rough_sits.any() or rough_there.any()
        count = len(self.prescribers)
        fits, most = np.zeros(len(rows), bool), np.zeros(len(rows), np.int32)
        for begin in range(0, len(rows), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            these = rows[block]
            prescriber, posting = self.prescriber[these], self.therapists.posting[self.therapist[these]]
            # One who is both is there as a prescriber whenever they are as a therapist: no case of its own.
            present = row[self.level[these].astype(np.int64) * count + prescriber]
            most[block] = common_sessions(there, present, sits, posting, session)
            fits[block] = most[block] > 0
            if any_rough:
                some = np.flatnonzero(rough_there[present] | rough_sits[posting])
                fits[begin + some], most[begin + some] = self._fitting_each(these[some], unwritten=unwritten)
        return fits, most

    def _there(self, *, unwritten: bool) -> tuple[Days, Index]:
        """The starts at which prescribers are there as a level of presence asks.

        Of the starts the rows of all levels, one after the other; and by level and prescriber, flat, which row it is.
        A week of starts whose common runs with a therapist's may be closer than a session counts as one of which runs
        are missing (``MORE``).
        """
        facts, members = self.facts, self.prescribers
        parts, rows = [Days.of(weeks.full(1))], np.zeros((len(PRESENCE), len(members)), np.int64)
        for level in (AVAILABLE, DOSING, THROUGHOUT):
            if not (self.level == level).any():
                continue
            length = facts.session if level == THROUGHOUT else facts.dosing
            if level == AVAILABLE:
                days, row = self._reached(unwritten=unwritten)
            else:
                days, row = day_starts(facts, length, unwritten=unwritten), members.posting
            if length < facts.session and not unwritten:
                days = Days(days.once, days.again, np.where(days.flags & TWICE, MORE, days.flags).astype(np.uint8))
            rows[level] = sum(len(part) for part in parts) + row % len(days)  # -1 is the last
            parts.append(days)
        return Days.joined(*parts), rows.ravel()

    def _reached(self, *, unwritten: bool) -> tuple[Days, Index]:
        """The starts at which each prescriber can be reached, on the clocks of the sites; and whose row is which."""
        facts, members = self.facts, self.prescribers
        utc = anywhere_starts(facts, facts.dosing, unwritten=unwritten)
        offset = facts.offset[members.site]
        clocks, clock = np.unique(offset, return_inverse=True)
        keys, row = np.unique(both(members.person, clock), return_inverse=True)
        person, clock = apart(keys)
        here = utc[person]
        for number, ahead in enumerate(clocks.tolist()):
            here[clock == number] = weeks.earlier(here[clock == number], -ahead)
        days = Days.of(here)
        if unwritten:  # who might come might be there at any hour
            days = Days.joined(days, Days.of(weeks.full(1)))
            row = np.where(members.supposed >= 0, len(keys), row)
        return days, row

    def _fitting_each(self, rows: Index, *, unwritten: bool) -> tuple[Bools, NDArray[np.int32]]:
        """The same of each link by itself, slot by slot."""
        found = self.starts(rows, prescriber_unwritten=unwritten, therapist_unwritten=unwritten)
        fits, sessions = weeks.some(found), np.zeros(len(rows), np.int32)
        if not unwritten:
            sessions[fits] = weeks.most_sessions(found[fits], self.facts.session)
        return fits, sessions

    def fits_if_written(self, rows: NDArray[np.int64], who: str) -> Bools:
        """Whether a start would fit if only that member's unwritten hours were all hours."""
        found = self.starts(rows, prescriber_unwritten=who == "prescriber", therapist_unwritten=who == "therapist")
        return weeks.some(found)

    @cached_property
    def _has_unwritten(self) -> Bools:
        anywhere = np.zeros(len(self.facts.people), bool)
        anywhere[self.facts.postings.person[self.facts.postings.unwritten]] = True
        might_come = self.prescribers.supposed >= 0
        of_prescriber, of_therapist = self.either(anywhere, anywhere)
        return np.asarray(of_prescriber | of_therapist | might_come[self.prescriber])

    @cached_property
    def weekly_sessions(self) -> NDArray[np.int32]:
        """The most sessions a week that fit, within what both take on."""
        most = self._written[1]
        limit = np.where(self.facts.max_week < 0, SLOTS_A_WEEK, self.facts.max_week).astype(np.int32)
        for own in self.either(limit, limit):
            most = np.minimum(most, own)
        return most

    def tied(self, *kinds: str) -> Bools:
        """Whether a tie of one of these kinds joins the two, either way round."""
        ties = np.concatenate([self.facts.ties[kind] for kind in kinds])
        tied = np.zeros(len(self), bool)
        has_one = np.zeros(len(self.facts.people), bool)
        has_one[ties] = True
        rows = np.flatnonzero(np.logical_and(*self.either(has_one, has_one)))
        known = np.unique(_unordered(ties[:, 0], ties[:, 1]))
        tied[rows] = found_at(known, _unordered(self.prescriber_person[rows], self.therapist_person[rows])) >= 0
        return tied


def law_levels(facts: Facts) -> Index:
    """By jurisdiction: the level of presence that the law asks for; no entry asks nothing."""

    def make() -> Index:
        return np.array([PRESENCE.index(facts.law.value(j, "", "presence", "none")) for j in facts.jurisdictions])

    return facts.once("law levels", make)


def _unordered(a: Index, b: Index) -> Index:
    return both(np.minimum(a, b), np.maximum(a, b))


assert tuple(range(len(PRESENCE))) == (NONE, AVAILABLE, DOSING, THROUGHOUT)
