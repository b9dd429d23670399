"""One week planned in a process of its own: ``python week_process.py PEOPLE SEED SECONDS`` prints what it took as JSON.

With ``--again`` the week is planned once more, from the plan that was found, when some people are away after all; with
``--reasons`` it is worked out why the plan has no more sessions, as the command does when it prints it.
A process of its own has no memory but this plan's, and no other run's left-over.
"""

from __future__ import annotations

import argparse
import json
from time import process_time
from typing import Any

from judging import peak
from watch import limited, seen, watched
from week_instances import WEEK, changed, week

from kapteam.records.roster import Roster
from kapteam.sessions.saved import SavedSchedule, saved_schedule
from kapteam.sessions.schedule import Schedule, schedule


def main() -> None:
    """Make the roster, plan, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("people", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("limit", type=float, metavar="SECONDS")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--reasons", action="store_true")
    asked = parser.parse_args()
    roster = week(asked.people, asked.seed)
    before = peak()
    plan, first = planned(roster, asked.limit)
    document: dict[str, Any] = {"first": first, "before": before, "peak": peak()}
    if asked.again:
        document["again"] = planned(changed(roster, asked.seed), asked.limit, saved(plan))[1]
    if asked.reasons:
        begin = process_time()
        assert plan.reasons is not None
        document["reasons"] = process_time() - begin
    print(json.dumps(document))


def planned(roster: Roster, limit: float, previous: SavedSchedule | None = None) -> tuple[Schedule, dict[str, Any]]:
    """A plan, and what it took: without the reasons why there is no more of it, which are worked out when asked for."""
    with limited(limit) as limits, watched() as watch:
        plan = schedule(roster, WEEK, previous=previous, limits=limits)
        return plan, seen(watch, plan)


def saved(plan: Schedule) -> SavedSchedule:
    """A plan read back from its own words."""
    return saved_schedule({"week": WEEK.isoformat(), "weeks": 1, "sessions": [s.as_dict() for s in plan.sessions]})


if __name__ == "__main__":
    main()
