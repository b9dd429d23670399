"""What is worked out for a view: its teams, its week, what could be ticked; each once, and kept for a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any, TypeVar, cast

from attrs import define, field, frozen

from kapteam.advice.repair import Repairs, repair
from kapteam.app.edits import Edit, Fact, Unknowns
from kapteam.app.whatif import WhatIf, whatif
from kapteam.matching.match import Plan, match
from kapteam.network.links import judged_links
from kapteam.records.roster import Roster
from kapteam.sessions.engine import Limits
from kapteam.sessions.saved import SavedSchedule, saved_schedule
from kapteam.sessions.schedule import Schedule, schedule

T = TypeVar("T")

#: Answers that are kept.
_KEPT = 48


class Stopped(Exception):
    """Nobody waits for the answer any more."""


@define(eq=False)
class Memory:
    """The last answers by what was asked; who asks what somebody works out already waits for it."""

    _answers: OrderedDict[Hashable, Any] = field(factory=OrderedDict, init=False)
    _working: dict[Hashable, threading.Lock] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def of(self, question: Hashable, work: Callable[[], T]) -> T:
        """The answer, worked out if nobody asked lately; what raises is not kept."""
        with self._lock:
            mine = self._working.setdefault(question, threading.Lock())
        with mine:
            with self._lock:
                if question in self._answers:
                    self._answers.move_to_end(question)
                    return cast(T, self._answers[question])
            try:
                answer = work()
            finally:
                with self._lock:
                    self._working.pop(question, None)
            with self._lock:
                self._answers[question] = answer
                while len(self._answers) > _KEPT:
                    self._answers.popitem(last=False)
            return answer


@frozen(eq=False)
class Bench:
    """Where answers on one roster are worked out.

    Attributes
    ----------
    name : str
        The roster's.
    roster : Roster
    memory : Memory
    seconds : float
        How long to look for a better week.
    """

    name: str
    roster: Roster
    memory: Memory
    seconds: float

    def limits(self, stop: threading.Event) -> Limits:
        """How long to look for something better."""
        return Limits(time.monotonic() + self.seconds, stopped=stop)

    def world(self, on: date, edits: Sequence[Edit]) -> WhatIf:
        """The roster as it would be."""
        edits = tuple(edits)
        return self.memory.of((self.name, "world", on, edits), lambda: whatif(self.roster, on, edits))

    def teams(self, on: date, edits: Sequence[Edit]) -> Plan:
        """The best teams of it."""
        edits = tuple(edits)

        def work() -> Plan:
            world = self.world(on, edits)
            return match(judged_links(world.roster, on), unknown=world.unknown)

        return self.memory.of((self.name, "teams", on, edits), work)

    def week(self, on: date, week: date, edits: Sequence[Edit], stop: threading.Event) -> Schedule:
        """The best week of it; of equally good ones that which changes least of the week as it is.

        Raises
        ------
        Stopped
            ``stop`` was set meanwhile.
        """
        edits = tuple(edits)
        before = self._saved(on, week, stop) if edits else None

        def work() -> Schedule:
            world = self.world(on, edits)
            limits = self.limits(stop)
            found = schedule(world.roster, week, unknown=world.unknown, previous=before, limits=limits)
            if stop.is_set():
                raise Stopped
            return found

        return self.memory.of((self.name, "week", on, week, edits), work)

    def offers(self, on: date, edits: Sequence[Edit], stop: threading.Event) -> Repairs:
        """What could be ticked on the roster without the facts that are ticked already."""
        without = tuple(e for e in edits if not isinstance(e, Fact | Unknowns))

        def work() -> Repairs:
            links = self.teams(on, without).links
            found = repair(links, limits=self.limits(stop))
            if stop.is_set():
                raise Stopped
            return found

        return self.memory.of((self.name, "offers", on, without), work)

    def _saved(self, on: date, week: date, stop: threading.Event) -> SavedSchedule:
        plan = self.week(on, week, (), stop)
        return self.memory.of((self.name, "saved", on, week), lambda: saved_schedule(plan.as_dict(why=False)))
