"""Links, one per row: a prescriber, a therapist and a site, with the presence asked and the starts that fit."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.facts import Bools, Facts, Small
from kapteam.columns.lookup import Index, both, found_at
from kapteam.columns.members import Members, anywhere_starts, week_kinds, week_starts
from kapteam.columns.policies import AVAILABLE, DOSING, NONE, THROUGHOUT
from kapteam.records.people import PRESENCE

_BLOCK = 1 << 18  # links whose weeks are held at once: 84 bytes each
_CONDITIONS = 3  # of the prescriber's presence: none, while the dose is given, throughout
_FEW = 4  # so many times as many weeks by weeks as there are links are still fewer to work out


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

    @cached_property
    def solo(self) -> Bools:
        """Whether both are one person."""
        return np.equal(self.prescriber_person, self.therapist_person)

    @cached_property
    def listed(self) -> Bools:
        """Whether each link is one that lists show: both are candidates, and have hours where they must."""
        facts = self.facts
        both = (
            facts.candidate["prescriber"][self.prescriber_person] & facts.candidate["therapist"][self.therapist_person]
        )
        there = (self.prescribers.posting[self.prescriber] >= 0) | (self.level <= AVAILABLE)
        listed = both & (self.therapists.posting[self.therapist] >= 0) & there
        return listed if facts.protocol.solo else listed & ~self.solo

    @cached_property
    def asked_by_law(self) -> Index:
        """The level of presence that the law of the place asks for by itself."""
        return law_levels(self.facts)[self.facts.site_jurisdiction[self.site]]

    @cached_property
    def asked_by_policies(self) -> Index:
        """The level of presence that the two policies ask for by themselves."""
        prescriber = self.prescribers.policies.prescriber_level[self.prescriber_person]
        return np.maximum(prescriber, self.therapists.policies.level[self.therapist_person])

    @cached_property
    def level(self) -> Index:
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
        verdict = np.where(self._written[0], 1, -1).astype(np.int8)
        open_rows = np.flatnonzero(~self._written[0] & self._has_unwritten)
        if len(open_rows):
            verdict[open_rows[self._fitting(open_rows, unwritten=True)[0]]] = 0
        return verdict

    def _fitting(self, rows: Index, *, unwritten: bool) -> tuple[Bools, NDArray[np.int32]]:
        """Of some links: whether a start fits, and by written hours also the most sessions a week.

        With ``unwritten``, as if unwritten hours were all hours.

        Few weeks are different where many people keep the same hours: what each two of them have in common is then
        worked out once, and looked up for each link.
        """
        kinds, example = week_kinds(self.facts, unwritten=unwritten)
        count = len(example)
        if _CONDITIONS * count * count > _FEW * len(rows):
            return self._fitting_each(rows, unwritten=unwritten)
        level = np.where(self.solo[rows], NONE, self.level[rows])
        condition = np.maximum(level - AVAILABLE, 0)  # none, dosing, throughout
        prescribers = np.where(condition > 0, kinds[self.prescribers.posting][self.prescriber[rows]], 0)
        key = (condition * count + prescribers) * count + kinds[self.therapists.posting][self.therapist[rows]]
        occurs = np.zeros(_CONDITIONS * count * count, bool)
        occurs[key] = True
        wanted = np.flatnonzero(occurs)
        sessions = np.full(len(occurs), -1, np.int32)  # -1 where no start fits
        for begin in range(0, len(wanted), _BLOCK):
            some = wanted[begin : begin + _BLOCK]
            of, sits = np.divmod(some, count)
            of, present = np.divmod(of, count)
            found = week_starts(self.facts, self.facts.session, unwritten=unwritten)[example[sits]]
            for asked, length in ((2, self.facts.session), (1, self.facts.dosing)):
                here = np.flatnonzero(of == asked)
                found[here] &= week_starts(self.facts, length, unwritten=unwritten)[example[present[here]]]
            fit = weeks.some(found)
            sessions[some[fit]] = 0 if unwritten else weeks.most_sessions(found[fit], self.facts.session)
        most = sessions[key]
        remote = np.flatnonzero(level == AVAILABLE)  # of these, each person's hours at all sites count
        if len(remote):
            fit, number = self._fitting_each(rows[remote], unwritten=unwritten)
            most[remote] = np.where(fit, number, -1)
        return most >= 0, np.maximum(most, 0)

    def _fitting_each(self, rows: Index, *, unwritten: bool) -> tuple[Bools, NDArray[np.int32]]:
        """The same of each link by itself."""
        fits = np.zeros(len(rows), bool)
        sessions = np.zeros(len(rows), np.int32)
        for begin in range(0, len(rows), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            found = self.starts(rows[block], prescriber_unwritten=unwritten, therapist_unwritten=unwritten)
            fits[block] = weeks.some(found)
            some = np.flatnonzero(fits[block] & (not unwritten))
            sessions[begin + some] = weeks.most_sessions(found[some], self.facts.session)
        return fits, sessions

    def fits_if_written(self, rows: NDArray[np.int64], who: str) -> Bools:
        """Whether a start would fit if only that member's unwritten hours were all hours."""
        found = self.starts(rows, prescriber_unwritten=who == "prescriber", therapist_unwritten=who == "therapist")
        return weeks.some(found)

    @cached_property
    def _has_unwritten(self) -> Bools:
        anywhere = np.zeros(len(self.facts.people), bool)
        anywhere[self.facts.postings.person[self.facts.postings.unwritten]] = True
        might_come = self.prescribers.supposed[self.prescriber] >= 0
        return anywhere[self.prescriber_person] | anywhere[self.therapist_person] | might_come

    @cached_property
    def weekly_sessions(self) -> NDArray[np.int32]:
        """The most sessions a week that fit, within what both take on."""
        most = self._written[1]
        for person in (self.prescriber_person, self.therapist_person):
            limit = self.facts.max_week[person]
            most = np.where(limit < 0, most, np.minimum(most, limit))
        return most.astype(np.int32)

    def tied(self, *kinds: str) -> Bools:
        """Whether a tie of one of these kinds joins the two, either way round."""
        ties = np.concatenate([self.facts.ties[kind] for kind in kinds])
        tied = np.zeros(len(self), bool)
        has_one = np.zeros(len(self.facts.people), bool)
        has_one[ties] = True
        rows = np.flatnonzero(has_one[self.prescriber_person] & has_one[self.therapist_person])
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
