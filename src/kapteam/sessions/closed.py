"""Days on which no session of a kind could be held, whatever else is planned, and what closes each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.logic import FAIL
from kapteam.columns.lookup import Index
from kapteam.network.links import Links
from kapteam.rules.rulebook import START_RULES
from kapteam.sessions.candidates import fits_at
from kapteam.sessions.days import Days, Usable
from kapteam.sessions.kinds import Kind
from kapteam.sessions.onsite import OnSite, on_site
from kapteam.sessions.saying import sentence
from kapteam.sessions.teams import teams, watchers


@frozen
class Closed:
    """Why a day has no session of a kind.

    Attributes
    ----------
    constraint : str
        A rule's id; or ``on_site``, ``absence``, ``monitor``, ``concurrency``, ``begun``.
    words : str
        A sentence, without its day.
    rules : tuple of str
        The rules without which a link might be used.
    pair : tuple of int
        The prescriber and the therapist whom it is about; empty where it is about nobody.
    plain : bool
        Whether it is only that nobody who may hold one has hours then, as on most days.
    lasts : bool
        Whether it is the same on every day of the weeks.
    """

    constraint: str
    words: str
    rules: tuple[str, ...] = ()
    pair: tuple[int, ...] = ()
    plain: bool = False
    lasts: bool = False

    @property
    def same(self) -> tuple[object, ...]:
        """Equal of two days that are closed alike, though on each it may be told with its date."""
        told = self.words if not self.rules and self.constraint != "absence" else ""
        return self.constraint, self.rules, self.pair if self.rules and not self.lasts else (), self.plain, told


@frozen(eq=False)
class _Fits:
    """Every link of a site on a day, and the starts that would fit it, may it be used or not."""

    links: Links
    row: Index
    prescriber: Index
    therapist: Index
    fits: Bools
    slots: Index


class Closures:
    """Finds what closes a day; what it looked up once it keeps.

    Parameters
    ----------
    days : Days
    there : OnSite
    kinds : sequence of Kind
    not_before : array of int or None
        By site: the first slot at which a new session may begin.
    """

    def __init__(self, days: Days, there: OnSite, kinds: Sequence[Kind], not_before: Index | None) -> None:
        self.days, self.there, self.kinds = days, there, kinds
        self.local_day = days.calendar.day
        self.not_before = np.zeros(len(self.local_day), np.int64) if not_before is None else not_before
        self.facts: Facts = days.facts(0)
        self._fits: dict[tuple[int, int, bool], _Fits] = {}
        self._used: dict[tuple[str | None, int], set[tuple[int, int]]] = {}

    def why(self, number: int, day: int, able: Bools, must: Sequence[int] = (), like: Closed | None = None) -> Closed:
        """What closes a day to the sessions of a kind in which somebody of some sits.

        Parameters
        ----------
        number : int
            Of the kind.
        day : int
        able : array of bool, shape (people,)
            Of whom one has to sit in it.
        must : sequence of int
            Who has to sit in it as well.
        like : Closed, optional
            What closes another day: where its people are as near, they are named again.
        """
        at, least = self.fit(number, day), self.days.least
        short = next((q for q in must if not self.could_sit(at, day, q)), None)
        if short is not None:  # without them nobody else matters
            able = np.arange(len(able)) == short
        mine = np.flatnonzero(able[at.therapist] & at.fits.any(axis=1))
        good = at.links.verdicts[at.row[mine]] >= least
        wide = self.days.concurrency(day)[at.prescriber[mine]] > 0
        later = at.slots >= self.not_before[self.kinds[number].site]
        if (good & wide).any():
            if not at.fits[np.ix_(mine[good & wide], later)].any():
                return Closed("begun", "what has begun stays as it is, and no start fits after that", plain=True)
            return self.away(number, day, able, must) or self.why_no_team(number, day, at, able, must, later)
        if good.any():
            who = self.label(int(at.prescriber[mine[good]][0]))
            return Closed("concurrency", f"{who} may oversee no session", pair=(int(at.prescriber[mine[good]][0]),))
        if wide.any():
            return self.why_no_link(number, at, mine[wide], like)
        if len(mine):  # two things at once
            near = self.why_no_link(number, at, mine, like)
            who = f"{self.label(near.pair[0])} may oversee no session"
            return attrs.evolve(near, constraint="concurrency", words=f"{who}; besides, {near.words}")
        return self.away(number, day, able, must) or self.why_no_hours(number, at, able)

    def could_sit(self, at: _Fits, day: int, who: int) -> bool:
        """Whether some start fits a link of a therapist that may be used."""
        rows = np.flatnonzero((at.therapist == who) & (at.links.verdicts[at.row] >= self.days.least))
        rows = rows[self.days.concurrency(day)[at.prescriber[rows]] > 0]
        return bool(at.fits[rows].any())

    # -- links --

    def why_no_link(self, number: int, at: _Fits, rows: Index, like: Closed | None = None) -> Closed:
        """No link may be used of those that a start would fit: what stands against the nearest one."""
        kind = self.kinds[number]
        used = self.used(kind)
        near: list[tuple[tuple[bool, bool, int, int], int]] = []
        for i in rows[:200].tolist():
            pair = (int(at.prescriber[i]), int(at.therapist[i]))
            short = sum(1 for _ in self.short_of(at.links, int(at.row[i])))
            near.append(((pair not in used, like is None or pair != like.pair, short, i), i))
        return self.nearest(kind, at, min(near)[1])

    def nearest(self, kind: Kind, at: _Fits, i: int) -> Closed:
        """What stands against one link."""
        row, links = int(at.row[i]), at.links
        failing = sorted(self.short_of(links, row), key=lambda short: short[1] != FAIL)
        # Those that ask for a common start are one thing; the last of them says it plainly.
        starts = [n for n, (j, _) in enumerate(failing) if links.judged.judgements[j].rule.id in START_RULES]
        told = [short for n, short in enumerate(failing) if n not in starts[:-1]]
        ids = [links.judged.judgements[j].rule.id for j, _ in told]
        pair = (int(at.prescriber[i]), int(at.therapist[i]))
        unknown = ", unknown" if told[0][1] != FAIL else ""
        both = self.label(pair[0]) + ("" if pair[0] == pair[1] else f" with {self.label(pair[1])}")
        shown, said = ", ".join(dict.fromkeys(ids)), sentence(links, links.judged.judgements[told[0][0]], row)
        words = f"no link there may be used; nearest is {both}: {said} [{shown}{unknown}]"
        every = [links.judged.judgements[j].rule.id for j, _ in failing]
        return Closed(ids[0], words, tuple(dict.fromkeys(every)), pair, lasts=pair not in self.used(kind))

    def short_of(self, links: Links, row: int) -> Iterator[tuple[int, int]]:
        """The judgements that stand against a link, and the verdict of each."""
        here = np.array([row])
        for j, judgement in enumerate(links.judged.judgements):
            if links.rulebook.blocks(judgement.rule):
                verdict = int(links.judged.on_links(judgement, here)[0])
                if verdict < self.days.least:
                    yield j, verdict

    def used(self, kind: Kind) -> set[tuple[int, int]]:
        """The pairs that may be used at a kind's site on some day."""
        key = (kind.name, kind.site)
        if key not in self._used:
            self._used[key] = set()
            for day in self.days.different():
                usable = self.days.usable(day, kind.name)
                here = usable.site == kind.site
                both = zip(usable.prescriber[here].tolist(), usable.therapist[here].tolist(), strict=True)
                self._used[key] |= set(both)
        return self._used[key]

    # -- teams --

    def why_no_team(self, number: int, day: int, at: _Fits, able: Bools, must: Sequence[int], later: Bools) -> Closed:
        """Some link fits, and there are not enough others to sit or to watch beside it."""
        kind = self.kinds[number]
        unwatched = attrs.evolve(kind.protocol, monitors=0)  # type: ignore[misc]
        alone = attrs.evolve(kind, protocol=unwatched)
        enough, at_odds = False, []
        for prescriber, sitters, start in self.seats(at, day, later):
            among = [t for t in sitters if able[t]]
            may = [w for w in watchers(self.days, self.there, kind, start, day) if w != prescriber]
            enough |= any(True for _ in teams(alone, sitters, (), self.days.apart, must, among))
            if any(True for _ in teams(kind, sitters, may, lambda *_: False, must, among)):
                at_odds += [(a, b) for a in sitters for b in (*sitters, *may) if a < b and self.days.apart(a, b)]
                at_odds += [(prescriber, w) for w in may if self.days.apart(prescriber, w)]
        if at_odds:
            one, other = at_odds[0]
            words = f"{self.label(one)} and {self.label(other)} are needed for it, and one avoids the other"
            return Closed("team.ties", words, pair=at_odds[0])
        if enough:
            if not self.days.monitors(day)[:, kind.site].any():
                return Closed("monitor", "nobody may watch there, and it needs a monitor")
            return Closed("on_site", "nobody who may watch is there for all of it")
        words = f"no start fits the hours of {kind.protocol.therapists} therapists who may sit in it"
        if must:
            words += f", {' and '.join(map(self.label, must))} among them"
        if not able[self.facts.candidate["therapist"]].all():
            words += ", one of whom has what is asked for"
        return Closed("on_site", words)

    def seats(self, at: _Fits, day: int, later: Bools) -> Iterator[tuple[int, list[int], int]]:
        """Each prescriber and start, and who could sit there."""
        good = (at.links.verdicts[at.row] >= self.days.least) & (self.days.concurrency(day)[at.prescriber] > 0)
        for prescriber in np.unique(at.prescriber[good]).tolist():
            rows = np.flatnonzero(good & (at.prescriber == prescriber))
            for slot in np.flatnonzero(at.fits[rows].any(axis=0) & later).tolist():
                yield prescriber, at.therapist[rows[at.fits[rows, slot]]].tolist(), int(at.slots[slot])

    # -- hours --

    def why_no_hours(self, number: int, at: _Fits, able: Bools) -> Closed:
        """No start fits any link that there is."""
        mine = np.flatnonzero(able[at.therapist])
        good = mine[at.links.verdicts[at.row[mine]] >= self.days.least]
        for i in () if len(good) else mine.tolist():
            if self.only_starts_unknown(at.links, int(at.row[i])):
                return attrs.evolve(self.nearest(self.kinds[number], at, i), plain=True)
        return Closed("on_site", "no start fits the hours of a prescriber and a therapist there", plain=True)

    def away(self, number: int, day: int, able: Bools, must: Sequence[int]) -> Closed | None:
        """That somebody is away, where but for absences a session could be held."""
        kind = self.kinds[number]
        if not self.days.roster.absences:
            return None
        at = self.fit(number, day, absent=True)
        if not (self.present.here[:, at.slots] != self.there.here[:, at.slots]).any():
            return None
        later = at.slots >= self.not_before[kind.site]
        for prescriber, sitters, start in self.seats(at, day, later):
            among = [t for t in sitters if able[t]]
            may = [
                w for w in watchers(self.days, self.present, kind, start, day)
                if w != prescriber and not self.days.apart(w, prescriber)
            ]  # fmt: skip
            for therapists, monitors in teams(kind, sitters, may, self.days.apart, must, among):
                people = dict.fromkeys((prescriber, *therapists, *monitors))
                gone = [p for p in people if self.is_away(p, start, kind)]
                words = f"{' and '.join(map(self.label, gone))} {'is' if len(gone) == 1 else 'are'} away"
                return Closed("absence", words, pair=tuple(gone))
        return None

    def only_starts_unknown(self, links: Links, row: int) -> bool:
        """Whether all that stands against a link is that hours are not written down."""
        failing = list(self.short_of(links, row))
        ids = {links.judged.judgements[j].rule.id for j, verdict in failing if verdict != FAIL}
        return bool(failing) and len(ids) == len({j for j, _ in failing}) and ids <= set(START_RULES)

    def is_away(self, person: int, start: int, kind: Kind) -> bool:
        """Whether an absence takes somebody out of hours of theirs during a session."""
        mine, slots = np.flatnonzero(self.there.person == person), np.arange(start, start + kind.length)
        return bool((self.present.here[mine][:, slots] != self.there.here[mine][:, slots]).any())

    @cached_property
    def present(self) -> OnSite:
        """Who would be where if nobody were absent."""
        facts = self.facts
        return on_site(self.days.roster, self.days.calendar, facts.person_code, facts.site_code, absences=())

    def fit(self, number: int, day: int, *, absent: bool = False) -> _Fits:
        """Every link of a kind's site on a day, whether or not it may be used, at each start of that date."""
        key = (number, day, absent)
        if key not in self._fits:
            kind = self.kinds[number]
            links = self.days.links(day, kind.name)
            pairs = links.pairs
            row = np.flatnonzero(pairs.site == kind.site)
            every = Usable(pairs.site, pairs.prescriber_person, pairs.therapist_person, links.points, pairs.level)
            slots = np.flatnonzero(self.local_day[kind.site] == day)
            fits = fits_at(self.present if absent else self.there, kind, every, row, slots)
            self._fits[key] = _Fits(links, row, pairs.prescriber_person[row], pairs.therapist_person[row], fits, slots)
        return self._fits[key]

    def label(self, code: int) -> str:
        """Somebody's name."""
        return self.facts.roster.people[self.facts.people[code]].label
