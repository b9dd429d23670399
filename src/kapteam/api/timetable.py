"""A roster in, the best medicine sessions of some weeks out; and any saved plan judged again."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from attrs import define

from kapteam.api.given import Rules, house_rules, need_day, need_roster
from kapteam.api.network import Result, links
from kapteam.api.provenance import Asked, Traced, answered
from kapteam.api.shown import Document
from kapteam.api.verified import Verified
from kapteam.draw.picture import Picture
from kapteam.draw.week import week_picture
from kapteam.matching.saved import saved_plan
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.sessions.engine import NODES, Limits
from kapteam.sessions.kept import Conflict
from kapteam.sessions.saved import SavedSchedule, SavedSession, is_schedule, saved_schedule
from kapteam.sessions.schedule import Schedule, Session, Worth
from kapteam.sessions.schedule import schedule as best_sessions
from kapteam.sessions.solve import Progress
from kapteam.sessions.verify import verify as verify_sessions
from kapteam.sessions.verify import weeks_of, weeks_to_plan
from kapteam.show.bounds import CELL, PRINTED
from kapteam.show.calendars import write_calendars
from kapteam.show.week import shown_schedule


@define(eq=False, repr=False)
class Timetable(Document, Traced):
    """The best sessions of some weeks, with their proof; made by :func:`schedule`.

    Iterating gives :class:`~kapteam.sessions.schedule.Session` records, by start, site and room.
    """

    plan: Schedule

    @property
    def status(self) -> str:
        """``optimal`` where every level is proven, ``feasible`` where one is not, ``infeasible`` as reasons tell."""
        return self.plan.status

    @property
    def objective(self) -> Worth:
        """Value, sessions, points, spread and changes."""
        return self.plan.objective

    @property
    def bound(self) -> dict[str, int]:
        """What no plan exceeds in value and points; what none is below in spread and changes."""
        return self.plan.bound

    @property
    def gap(self) -> int:
        """How much value a better plan might have."""
        return self.plan.gap

    @property
    def proven(self) -> tuple[str, ...]:
        """The levels that are proven, in order."""
        return self.plan.proven

    @property
    def sessions(self) -> tuple[Session, ...]:
        """By start, site and room."""
        return self.plan.sessions

    @property
    def cancelled(self) -> tuple[Session, ...]:
        """The sessions of the previous plan that are no more."""
        return self.plan.cancelled

    @property
    def reasons(self) -> list[Conflict]:
        """Why there are no more sessions, or why what was to be kept cannot be; worked out when it is asked for."""
        return self.plan.reasons

    def __len__(self) -> int:
        return len(self.sessions)

    def __iter__(self) -> Iterator[Session]:
        return iter(self.sessions)

    def write_ics(self, path: str | PathLike[str], per: str | None = None) -> None:
        """Write the sessions, and those that are cancelled, as iCalendar.

        Parameters
        ----------
        path : path
            A file; a folder where ``per`` is given.
        per : {"practitioner", "site"}, optional
            One calendar for each.
        """
        if per not in (None, "practitioner", "site"):
            raise UsageError(f"per is one of practitioner, site; not {per!r}")
        self._possible()
        write_calendars(self.plan, Path(path), per, datetime.now(UTC))

    def write_csv(self, path: str | PathLike[str]) -> None:
        """Write the sessions as a table that a spreadsheet opens."""
        from kapteam.io.sessions_csv import write_sessions

        self._possible()
        write_sessions([s.as_dict() for s in self.sessions], Path(path))

    def _possible(self) -> None:
        if self.status == "infeasible":
            raise UsageError("there is no plan to write: what was to be kept breaks a rule (see reasons)")

    def draw(self, week: int = 0, *, site: str | None = None) -> Picture:
        """A picture of one of the weeks, from 0; see :func:`kapteam.draw.week.week_picture`."""
        return week_picture(self.plan, week, site=site)

    def as_dict(self) -> dict[str, Any]:
        """The plan as its JSON contract has it, with the reasons."""
        return self.plan.as_dict()

    def shown(self) -> Iterable[Any]:
        """The answer, the week by site, who has how many, and why there are no more."""
        return shown_schedule(self.plan, PRINTED)

    def glimpse(self) -> Iterable[Any]:
        """The same, with few rows of what is long."""
        return shown_schedule(self.plan, CELL)

    def __repr__(self) -> str:
        return repr(self.plan).replace("<Schedule", "<Timetable")


def schedule(
    roster: Roster,
    week: date | None = None,
    weeks: int | None = None,
    *,
    unknown: str = "exclude",
    previous: Timetable | Mapping[str, Any] | None = None,
    keep: Iterable[Session] | Timetable | Mapping[str, Any] = (),
    cancel: Iterable[tuple[str, date]] = (),
    begun: datetime | None = None,
    seconds: float = 60,
    effort: int = NODES,
    rules: Rules = (),
    progress: Progress | None = None,
) -> Timetable:
    """The best sessions: most value, then most points, then the smallest spread, then the fewest changes.

    Parameters
    ----------
    roster : Roster
    week : date, optional
        A day of the first week; that of ``previous`` where none is given, else the next Monday, or today if it is one.
    weeks : int, optional
        Those of ``previous`` where none is given, else 1.
    unknown : {"exclude", "allow"}
        Whether links on which a needed fact is unknown are used.
    previous : Timetable or document, optional
        The plan from which as little as can be is changed.
    keep : iterable of Session, Timetable or document
        Sessions that must stay as they are.
    cancel : iterable of (practitioner, date)
        Who is not there on a date after all: what they do not touch of ``previous`` stays as it is.
    begun : datetime, optional
        What begins before it is left as it is in ``previous``, and nothing else begins before it. Without an offset
        it is told by the clock of each site.
    seconds : float
        How long to look for something better; ``math.inf`` for as long as it takes. What is found is told with its
        bound, and ``proven`` says of which levels nothing is better.
    effort : int
        How many branches to look at in each part: a limit that is the same on every machine.
    rules : iterable of Rule, or path, optional
        Rules of the house's own, or the Python file that holds them.
    progress : callable, optional
        Called with a level's name, how much of it is done (0 to 1), the best so far and its bound.

    Returns
    -------
    Timetable
        With status ``infeasible`` where what is to be kept breaks a rule.

    Raises
    ------
    UsageError
        An option has no such value, or somebody or some place is not on the roster.

    Examples
    --------
    >>> from datetime import date
    >>> import kapteam
    >>> week = kapteam.schedule(kapteam.example(), date(2026, 12, 7))
    >>> week
    <Timetable from 2026-12-07 for 1 week: 3 sessions, 2,628 points, optimal>
    """
    need_roster(roster)
    need_day("week", week)
    cancel = list(cancel)
    if any(isinstance(one, str) or len(one) != 2 for one in cancel):
        raise UsageError('cancel holds pairs: ("ana", date(2026, 12, 8))')
    before = None if previous is None else _saved(previous)
    first, many = weeks_to_plan(week, weeks, before, roster)
    deadline = time.monotonic() + seconds if math.isfinite(seconds) else math.inf
    kept, own = _sessions(keep), house_rules(rules)
    plan = best_sessions(
        roster,
        first,
        many,
        unknown=unknown,
        previous=before,
        keep=kept,
        cancel=cancel,
        begun=begun,
        house=own,
        limits=Limits(deadline, effort),
        progress=progress,
    )
    options = {
        "unknown": unknown, "previous": before, "keep": kept, "cancel": cancel, "begun": begun, "seconds": seconds,
        "effort": effort,
    }  # fmt: skip
    return answered(Timetable(plan), Asked.of_weeks(roster, own, "schedule", first, many, options))


def verify(
    plan: Result | Timetable | Mapping[str, Any],
    roster: Roster,
    *,
    previous: Timetable | Mapping[str, Any] | None = None,
    rules: Rules = (),
) -> Verified:
    """Judge a plan again without a solver: teams with their proof, or sessions.

    Parameters
    ----------
    plan : Result, Timetable or document
        What :meth:`Network.match` or :func:`schedule` gave, or its JSON document; teams are judged for their own day
        and protocol, sessions for their own weeks.
    roster : Roster
    previous : Timetable or document, optional
        Of sessions: the plan from which changes are counted.
    rules : iterable of Rule, or path, optional

    Returns
    -------
    Verified
        ``ok``, ``violations`` and ``objective``.
    """
    need_roster(roster)
    document = _document(plan)
    if is_schedule(document):
        before = None if previous is None else _saved(previous)
        sessions, own = saved_schedule(document), house_rules(rules)
        found = Verified(verify_sessions(sessions, roster, previous=before, house=own), roster=roster)
        options = {"plan": document, "previous": before}
        return answered(found, Asked.of_weeks(roster, own, "verify", *weeks_of(sessions, roster), options))
    if previous is not None:
        raise UsageError("previous is for a plan of sessions, and this is one of teams")
    saved = saved_plan(document)
    return links(roster, on=saved.on, protocol=saved.protocol, rules=rules).verify(document)


def _document(plan: Any) -> Any:
    if isinstance(plan, Timetable):
        return plan.plan.as_dict(why=False)
    return plan.as_dict() if isinstance(plan, Result) else plan


def _saved(plan: Timetable | Mapping[str, Any]) -> SavedSchedule:
    return saved_schedule(_document(plan))


def _sessions(keep: Iterable[Session] | Timetable | Mapping[str, Any]) -> list[SavedSession]:
    if isinstance(keep, Timetable | Mapping):
        return _saved(keep).sessions
    return saved_schedule({"sessions": [s.as_dict() for s in keep]}).sessions
