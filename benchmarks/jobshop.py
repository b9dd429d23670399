"""PyJobShop, for the part of the question that it has words for: tasks with modes, resources with breaks.

A session that may be is a task with two modes: one takes a prescriber, a therapist, a room, and the hours of both at
the site; the other takes nothing and ends too late, so that the most sessions are the fewest tardy jobs. Caps are
consumable resources. It has no words for

- points, the spread or changes: a mode costs nothing, and nothing is asked after the first objective;
- a prescriber who is needed for the dosing part only, or nowhere (a task takes its resources from start to end);
- a room that rests after a session, or a way between two sites (setup times are for machines that do one at a time);
- a second therapist or a monitor without a mode for each choice of them; and who of a row of demand is able to.

So it is asked of weeks without these (``BEYOND_PLAIN``), and its answer is compared in value alone.
"""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np
from optional_intervals import one_after_another
from questions import ANYTHING, Answer, Chosen, Question


def jobshop(question: Question, seconds: float, workers: int = 2) -> Answer:
    """Most sessions within a limit of time."""
    from pyjobshop import Model

    begin, model = process_time(), Model()
    end = question.days.calendar.slots
    resources = _Resources(question, model)
    offered: list[tuple[Any, Chosen]] = []
    for kind, day, prescriber, found in question.groups():
        assert kind.is_pair
        assert kind.in_room == kind.length
        for therapist in np.unique(found.therapist).tolist():
            starts = found.start[found.therapist == therapist]
            for _ in range(one_after_another(starts, kind.length)):
                job = model.add_job(due_date=end)
                first, last = int(starts.min()), int(starts.max())
                task = model.add_task(job, earliest_start=first, latest_start=last)
                needs = resources.of(kind.site, day, prescriber, therapist)
                model.add_mode(task, [one for one, _ in needs], kind.length, [count for _, count in needs])
                model.add_mode(task, resources.nothing, end, 0)  # it ends too late
                offered.append((task, Chosen(kind, 0, prescriber, (therapist,), (), ANYTHING)))
    model.set_objective(weight_tardy_jobs=1)
    found_best = model.solve(time_limit=seconds, display=False, num_workers=workers)
    ends = {"value": process_time() - begin}
    tasks = found_best.best.tasks
    place = {id(task): number for number, task in enumerate(model.tasks)}
    sessions = [
        Chosen(one.kind, tasks[place[id(task)]].start, one.prescriber, one.therapists, (), ANYTHING)
        for task, one in offered
        if tasks and tasks[place[id(task)]].end < end
    ]
    bound = len(offered) - round(found_best.lower_bound)
    return Answer(sessions, bound, None, ("value",) if found_best.status == "Optimal" else (), ends)


class _Resources:
    """People, rooms, hours and caps, made as they are first asked for."""

    def __init__(self, question: Question, model: Any) -> None:
        self.question, self.model = question, model
        self.nothing = model.add_renewable(1)
        self.made: dict[tuple[str, int, int], Any] = {}

    def of(self, site: int, day: int, prescriber: int, therapist: int) -> list[tuple[Any, int]]:
        """What a session takes, and how much of it."""
        question, most = self.question, max(1, int(self.question.at_once[prescriber]))
        needs = [(self.made_once("room", site, 0, question.days.calendar.sites[site].rooms), 1)]
        needs.append((self.made_once("person", prescriber, 0, most), most if prescriber == therapist else 1))
        if therapist != prescriber:
            other = max(1, int(question.at_once[therapist]))
            needs.append((self.made_once("person", therapist, 0, other), other))
        for person in {prescriber, therapist}:
            who = question.people[person]
            needs.append((self.hours(person, site), 1))
            if who.max_sessions_per_week is not None:
                needs.append((self.made_once("week", person, 0, who.max_sessions_per_week), 1))
            if who.max_sessions_per_day is not None:
                needs.append((self.made_once("day", person, day, who.max_sessions_per_day), 1))
        return needs

    def made_once(self, what: str, whose: int, which: int, capacity: int) -> Any:
        key = (what, whose, which)
        if key not in self.made:
            consumed = what in ("week", "day")
            self.made[key] = (self.model.add_consumable if consumed else self.model.add_renewable)(capacity)
        return self.made[key]

    def hours(self, person: int, site: int) -> Any:
        """Somebody's time at a site: a resource with room for everyone, and breaks whenever they are not there."""
        key = ("hours", person, site)
        if key not in self.made:
            row = int(self.question.there.row(np.array([person]), np.array([site]))[0])
            here = self.question.there.here[row]
            edges = np.flatnonzero(np.diff(np.r_[False, ~here, False].astype(int)))
            breaks = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
            self.made[key] = self.model.add_renewable(len(self.question.people), breaks)
        return self.made[key]
