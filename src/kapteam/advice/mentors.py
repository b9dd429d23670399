"""Who could consult for whom, and an assignment that leaves as few as can be without, with even loads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from attrs import field, frozen

from kapteam.advice.consulting import CRITERIA, Consulting, consulting
from kapteam.advice.even import Choice, most_even
from kapteam.columns.facts import Bools
from kapteam.columns.logic import FAIL, PASS, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.draw import draws, hashes
from kapteam.network.links import Links
from kapteam.records.problems import UsageError

#: The KAP training, in hours, that is as good as mentorship of one's own: kapteam's own reading of "more experience".
ENOUGH_HOURS = 40


@frozen
class Mentor:
    """Someone who could consult for others.

    Attributes
    ----------
    mentor : str
    load : int
        How many they consult for in all: already, and by this assignment.
    already : tuple of str
        Those who have a consultation agreement with them in force.
    mentees : tuple of str
        Those who are assigned to them.
    could : tuple of str
        All whom they could consult for, of those who need it.
    to_verify : tuple of str
        The criteria that are unknown of them; empty unless unknown facts are allowed.
    """

    mentor: str
    load: int
    already: tuple[str, ...]
    mentees: tuple[str, ...]
    could: tuple[str, ...]
    to_verify: tuple[str, ...]


@frozen
class Nearest:
    """Who comes nearest to being a person's mentor, and the criteria that do not pass."""

    mentor: str
    rules: tuple[str, ...]


@frozen
class Without:
    """Someone who is left without a mentor.

    Attributes
    ----------
    practitioner : str
    why : {"no_mentor", "to_ask", "no_room"}
        Nobody could; somebody might, if what is unknown turns out well; those who could have as many as they take.
    nearest : Nearest or None
        None where nobody else is on the roster as a therapist, or all of them avoid the person.
    """

    practitioner: str
    why: str
    nearest: Nearest | None


@frozen
class ToAsk:
    """Someone who might be a mentor.

    Attributes
    ----------
    mentor : str
    rules : tuple of str
        The criteria that are unknown of them.
    mentees : tuple of str
        For whom they might.
    """

    mentor: str
    rules: tuple[str, ...]
    mentees: tuple[str, ...]


@frozen
class Mentoring:
    """Who could consult for whom, and who does.

    Attributes
    ----------
    on : date
        The day judged.
    mentors : tuple of Mentor
        All who could consult for others, sorted by id.
    without : tuple of Without
        Those who need a mentor and get none, sorted by id.
    to_ask : tuple of ToAsk
        Those who might, sorted by id.
    served, squares, preference : int
        What is made the best it can be, in this order: how many get a mentor, the sum of the squares of the loads,
        and how well the pairs fit.
    load : int or None
        The most that one mentor takes.
    hours : Decimal
        The KAP training that is as good as mentorship of one's own.
    anywhere : bool
        Whether a licence of any jurisdiction will do.
    unknown : {"exclude", "allow"}
    supposition : mapping
        What was made up or supposed for it, as its document says it; empty where nothing was.
    """

    on: date
    mentors: tuple[Mentor, ...]
    without: tuple[Without, ...]
    to_ask: tuple[ToAsk, ...]
    served: int
    squares: int
    preference: int
    load: int | None
    hours: Decimal
    anywhere: bool
    unknown: str
    supposition: Mapping[str, Any] = field(factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "objective": {"served": self.served, "squares": self.squares, "preference": self.preference},
            "mentors": [
                {
                    "mentor": m.mentor, "load": m.load, "already": list(m.already), "mentees": list(m.mentees),
                    "could": list(m.could), "to_verify": list(m.to_verify),
                }
                for m in self.mentors
            ],
            "without": [
                {
                    "practitioner": w.practitioner, "why": w.why,
                    "nearest": w.nearest and {"mentor": w.nearest.mentor, "rules": list(w.nearest.rules)},
                }
                for w in self.without
            ],
            "to_ask": [{"mentor": a.mentor, "rules": list(a.rules), "mentees": list(a.mentees)} for a in self.to_ask],
            **self.supposition,
        }  # fmt: skip


def mentors(
    links: Links,
    *,
    load: int | None = None,
    hours: int | Decimal = ENOUGH_HOURS,
    anywhere: bool = False,
    unknown: str = "exclude",
) -> Mentoring:
    """Who could consult for whom, and the best assignment of those who need it.

    A mentor is needed by everyone who is a candidate as therapist and has neither mentorship nor a consultation
    agreement in force (``ethics.mentorship`` does not pass, whatever its severity). A mentor is another candidate as
    therapist, whom the two do not avoid, with KAP training that passes, experiential training and a practicum,
    mentorship of their own or much KAP training, and an active licence (or privilege) of a therapy profession in a
    jurisdiction where the mentee has hours (of one without hours: where the practice has a site). Consultation is not
    supervision, and no law that kapteam knows asks for that licence: it is a cautious reading.

    Two who both need one may be mentors of one another.

    The assignment serves as many as can be; then the loads, agreements in force counted in, are as even as can be; then
    the pairs fit best (a ``prefers`` or ``worked_with`` tie counts 2, a complementary modality that both have 1); then
    the draw from the ids decides.

    Parameters
    ----------
    links : Links
    load : int, optional
        The most that one mentor takes, agreements in force counted in.
    hours : int or Decimal
        KAP training that is as good as mentorship of one's own; kapteam's own threshold.
    anywhere : bool
        Whether a licence of any jurisdiction will do.
    unknown : {"exclude", "allow"}
        Whether to use those of whom a fact is unknown; they are listed in ``to_ask`` in any case.

    Raises
    ------
    UsageError
        An option has no such value.

    Notes
    -----
    See :func:`kapteam.advice.even.most_even` for the algorithm and its sources.
    """
    _check(load, hours, unknown)
    judged = consulting(links.facts, hours=hours, anywhere=anywhere)
    least = UNKNOWN if unknown == "allow" else PASS
    could = judged.verdicts >= least
    choice = _choice(judged, could, load)
    used = most_even(choice)
    assigned = np.full(len(judged.mentees), -1)
    assigned[choice.taken[used]] = choice.taker[used]
    loads = choice.already + np.bincount(choice.taker[used], minlength=len(judged.people))
    listed = np.flatnonzero(judged.able >= least)
    return Mentoring(
        on=links.facts.day,
        mentors=tuple(_mentor(judged, int(m), assigned, could[:, m], int(loads[m])) for m in listed),
        without=tuple(_without(judged, int(i), could[i]) for i in np.flatnonzero(assigned < 0)),
        to_ask=tuple(_to_ask(judged, int(m)) for m in np.flatnonzero((judged.verdicts == UNKNOWN).any(axis=0))),
        served=int(used.sum()),
        squares=int((loads[listed] ** 2).sum()),
        preference=int(choice.preference[used].sum()),
        load=load,
        hours=Decimal(hours),
        anywhere=anywhere,
        unknown=unknown,
        supposition=links.supposition,
    )


def _check(load: int | None, hours: int | Decimal, unknown: str) -> None:
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if load is not None and (not isinstance(load, int) or load < 1):
        raise UsageError(f"load is a whole number, at least 1; not {load!r}")
    if not isinstance(hours, int | Decimal) or not hours >= 0:
        raise UsageError(f"hours is a number, at least 0; not {hours!r}")


def _choice(judged: Consulting, could: Bools, load: int | None) -> Choice:
    """Whom each could take, and what decides between ways to do it."""
    taken, taker = np.nonzero(could)
    already = np.array([len(whom) for whom in judged.already], np.int64)
    return Choice(
        taken=taken,
        taker=taker,
        preference=judged.fit[taken, taker].astype(np.int64),
        draw=_draws(judged, taken, taker),
        already=already,
        room=np.full(len(already), len(judged.mentees)) if load is None else np.maximum(0, load - already),
        count=len(judged.mentees),
    )


def _draws(judged: Consulting, taken: Index, taker: Index) -> Index:
    """The draw of each pair: that of a link with the mentor in the prescriber's place, at no site."""
    drawn = hashes(_ids(judged), judged.facts.protocol.draw)
    return draws(np.zeros(len(taken), np.uint64), drawn[taker], drawn[judged.mentees[taken]])


def _ids(judged: Consulting) -> list[str]:
    return [judged.facts.people[p] for p in judged.people]


def _whom(judged: Consulting, mentees: Bools) -> tuple[str, ...]:
    """The ids of some of the mentees."""
    return tuple(judged.facts.people[p] for p in judged.people[judged.mentees[mentees]])


def _mentor(judged: Consulting, mentor: int, assigned: Index, could: Bools, load: int) -> Mentor:
    return Mentor(
        mentor=judged.facts.people[judged.people[mentor]],
        load=load,
        already=judged.already[mentor],
        mentees=_whom(judged, assigned == mentor),
        could=_whom(judged, could),
        to_verify=_open(judged, mentor, could),
    )


def _to_ask(judged: Consulting, mentor: int) -> ToAsk:
    might = judged.verdicts[:, mentor] == UNKNOWN
    return ToAsk(judged.facts.people[judged.people[mentor]], _open(judged, mentor, might), _whom(judged, might))


def _open(judged: Consulting, mentor: int, mentees: Bools) -> tuple[str, ...]:
    """The criteria that are unknown of somebody, as the mentor of some."""
    unclear = {c for c, verdicts in judged.learned.items() if verdicts[mentor] == UNKNOWN}
    if (judged.license[mentees, mentor] == UNKNOWN).any():
        unclear.add("mentor.license")
    return tuple(c for c in CRITERIA if c in unclear)


def _without(judged: Consulting, mentee: int, could: Bools) -> Without:
    """Why somebody is left without, and who comes nearest: the fewest criteria that fail, then that are unknown."""
    verdicts = judged.verdicts[mentee]
    why = "no_room" if could.any() else "to_ask" if (verdicts == UNKNOWN).any() else "no_mentor"
    others = np.flatnonzero(~judged.never[mentee])
    nearest = None
    if len(others):
        said = [judged.at(c, mentee)[others] for c in CRITERIA]
        fails, unknowns = (np.sum([v == status for v in said], axis=0) for status in (FAIL, UNKNOWN))
        first = int(others[np.lexsort((others, -judged.fit[mentee][others], unknowns, fails))[0]])
        nearest = Nearest(judged.facts.people[judged.people[first]], judged.short(mentee, first))
    return Without(judged.facts.people[judged.people[judged.mentees[mentee]]], why, nearest)
