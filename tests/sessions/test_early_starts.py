"""To look at the starts that matter is as good as to look at all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from clinics import clinics, house, otherwise, planned, saved, someone, wide, worth
from kapteam.columns.lookup import Index
from kapteam.sessions import starts as module
from kapteam.sessions.schedule import Schedule
from strategies import Written

LARGE = clinics(people=(5, 7), slack=10)
TEAMS = clinics(people=(4, 6), slack=5, teams=True)


@contextmanager
def every_start() -> Iterator[None]:
    """All of the candidates are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "early_starts", lambda there, kinds, found, also, few_dosing: np.ones(len(found), bool))
        yield


def columns(found: Schedule) -> Index:
    return found.model.sessions["column"]


def both(written: Written, weeks: int = 1, **options: Any) -> tuple[Schedule, Schedule]:
    few = planned(written, weeks, **options)
    with every_start():
        all_ = planned(written, weeks, **options)
    assert len(columns(few)) <= len(columns(all_))
    assert few.status == all_.status == "optimal"
    return few, all_


@wide(2)
@given(st.one_of(LARGE, TEAMS), st.sampled_from([1, 1, 2]))
def test_no_start_in_between_makes_a_better_plan(written: Written, weeks: int) -> None:
    few, all_ = both(written, weeks)
    share = len(columns(few)) / max(1, len(columns(all_)))
    event("all starts" if share == 1 else "more than half" if share > 0.5 else "few")
    assert worth(few) == worth(all_)


@given(st.one_of(LARGE, TEAMS), st.data())
def test_nor_one_with_fewer_changes(written: Written, data: st.DataObject) -> None:
    with every_start():
        before = saved(planned(data.draw(otherwise(written))))
    few, all_ = both(written, previous=before)
    assert (worth(few), few.objective.changes) == (worth(all_), all_.objective.changes)


@given(LARGE, st.data())
def test_nor_around_sessions_that_stay(written: Written, data: st.DataObject) -> None:
    with every_start():
        before = planned(data.draw(otherwise(written)))
    kept = [s for s in saved(before).sessions if data.draw(st.booleans())]
    few = planned(written, keep=kept)
    with every_start():
        all_ = planned(written, keep=kept)
    assert few.status == all_.status
    if few.status == "optimal":
        assert worth(few) == worth(all_)


def test_a_day_has_few_starts_that_matter() -> None:
    written = house({"north": "NY"}, session_minutes=180, turnover_minutes=15)
    someone(written, "dan", "physician", {"north": "Mon 09:00-17:00"}, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Mon 09:00-17:00"})
    someone(written, "ben", "psychologist", {"north": "Mon 10:30-17:00"})
    few, all_ = both(written)
    kept = few.model.sessions
    clock = {few.days.calendar.moment(slot, 0).strftime("%H:%M") for slot in kept["start"].tolist()}
    # When somebody comes, and 3 h or 3 h 15 min after any of these.
    assert clock == {"09:00", "10:30", "12:00", "12:15", "13:30", "13:45"}
    assert worth(few) == worth(all_)
