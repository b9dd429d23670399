"""What may change about a roster without changing the plan, and what can only make it better."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from clinics import Base, clinics, district, document, planned, saved, worth
from strategies import Written, mostly

ANY = st.one_of(clinics(slack=6), clinics(slack=3, teams=True))

# --- More is never worse ------------------------------------------------------------------------------------


def more_rooms(draw: st.DrawFn, written: Written) -> None:
    row = draw(st.sampled_from(written.tables["sites"]))
    row["rooms"] = str(int(row["rooms"]) + 1)


def longer_hours(draw: st.DrawFn, written: Written) -> None:
    """Further hours at the same site, on the same dates as one of the rows."""
    row = draw(st.sampled_from(written.tables["hours"]))
    base = Base(draw(st.sampled_from([0, 6, 2])), 30, {row["site"]: 0})
    more = base.window(row["site"], draw(st.integers(0, 20)), draw(st.integers(1, 40)))
    row["when"] = f"{row['when']}; {more}"


def no_absence(draw: st.DrawFn, written: Written) -> None:
    assume(written.tables["absences"])
    written.tables["absences"].remove(draw(st.sampled_from(written.tables["absences"])))


def no_cap(draw: st.DrawFn, written: Written) -> None:
    keys = ["max_sessions_per_week", "max_sessions_per_day", "max_concurrent_dosing"]
    capped = [(row, key) for row in written.tables["practitioners"] for key in keys if row[key]]
    assume(capped)
    row, key = draw(st.sampled_from(capped))
    row[key] = ""


def more_at_once(draw: st.DrawFn, written: Written) -> None:
    row = draw(st.sampled_from(written.tables["practitioners"]))
    row["max_concurrent_sessions"] = str(int(row["max_concurrent_sessions"] or "1") + 1)


def shorter_ways(draw: st.DrawFn, written: Written) -> None:
    key = draw(st.sampled_from(["travel_minutes", "turnover_minutes"]))
    written.practice["protocol"][key] //= 2


def more_demand(draw: st.DrawFn, written: Written) -> None:
    assume(written.tables["demand"])
    row = draw(st.sampled_from(written.tables["demand"]))
    row["sessions"] = str(int(row["sessions"]) + 1)


def nobody_avoided(draw: st.DrawFn, written: Written) -> None:
    avoids = written.rows("ties", kind="avoids")
    assume(avoids)
    written.tables["ties"].remove(draw(st.sampled_from(avoids)))


MORE: list[Callable[[st.DrawFn, Written], None]] = [
    more_rooms, longer_hours, no_absence, no_cap, more_at_once, shorter_ways, more_demand, nobody_avoided,
]  # fmt: skip


@st.composite
def richer(draw: st.DrawFn, more: Callable[[st.DrawFn, Written], None]) -> tuple[Written, Written]:
    """A roster, and one that has more of something."""
    one = draw(ANY)
    other = one.copy()
    more(draw, other)
    return one, other


@pytest.mark.parametrize("more", MORE, ids=lambda make: make.__name__)
@given(data=st.data())
def test_more_of_anything_never_makes_the_value_less(
    more: Callable[[st.DrawFn, Written], None], data: st.DataObject
) -> None:
    one, other = data.draw(richer(more))
    before, after = planned(one), planned(other)
    event("more" if worth(after) > worth(before) else "the same")
    assert after.objective.value >= before.objective.value
    assert after.status == before.status == "optimal"


# --- What changes nothing -----------------------------------------------------------------------------------


def shuffled(written: Written, seed: int, *, demand: bool) -> tuple[Written, dict[int | None, int | None]]:
    """The same rows in another order, and the cells of each; and where the rows of demand have gone."""
    other, chance = written.copy(), random.Random(seed)
    numbers: dict[int | None, int | None] = {None: None}
    for name, rows in other.tables.items():
        order = list(range(len(rows)))
        if name != "demand" or demand:
            chance.shuffle(order)
        other.tables[name] = [dict(chance.sample(sorted(rows[i].items()), len(rows[i]))) for i in order]
        if name == "demand":
            numbers |= {old + 1: new + 1 for new, old in enumerate(order)}
    return other, numbers


@given(ANY, st.integers(0, 9))
def test_the_order_of_rows_and_columns_changes_nothing(written: Written, seed: int) -> None:
    other, _ = shuffled(written, seed, demand=False)
    assert planned(written).as_dict() == planned(other).as_dict()


@given(ANY, st.integers(0, 9))
def test_the_order_of_demand_changes_numbers_and_no_worth(written: Written, seed: int) -> None:
    other, numbers = shuffled(written, seed, demand=True)
    one, two = planned(written), planned(other)
    assert worth(one) == worth(two)
    again = document(one)
    for session in again["sessions"]:
        session["demand"] = numbers[session["demand"]]
    assert planned(other, previous=saved(again)).objective.changes == 0


_NAMES = ("practitioner", "with", "a", "b", "therapist")


@given(ANY, st.randoms(use_true_random=False))
def test_other_names_change_no_worth(written: Written, chance: random.Random) -> None:
    ids = [row["practitioner"] for row in written.tables["practitioners"]]
    new = [f"n{number}" for number in range(len(ids))]
    chance.shuffle(new)
    names = dict(zip(ids, new, strict=True))
    other = written.copy()
    for rows in other.tables.values():
        for row in rows:
            row.update({key: names[row[key]] for key in _NAMES if row.get(key)})
    assert worth(planned(written)) == worth(planned(other))


@given(ANY, mostly(1, 2, times=2))
def test_twice_the_same_question_gives_the_same_plan(written: Written, weeks: int) -> None:
    assert planned(written, weeks).as_dict() == planned(written, weeks).as_dict()


def test_a_week_like_the_last_one_is_planned_like_it() -> None:
    written = district(3, 20)
    one, three = planned(written), planned(written, 3)
    assert three.objective.value == 3 * one.objective.value
    assert three.objective.points == 3 * one.objective.points


_PLAN = """
import json
from clinics import district, planned
print(json.dumps(planned(district(8, 24)).as_dict(), sort_keys=True))
"""


def test_a_plan_does_not_depend_on_how_python_hashes() -> None:
    tests = str(Path(__file__).parents[1])
    told = []
    for seed in ("0", "4242"):
        environment: dict[str, Any] = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": tests}
        run = subprocess.run([sys.executable, "-c", _PLAN], env=environment, capture_output=True, text=True, check=True)
        told.append(json.loads(run.stdout))
    assert told[0] == told[1]
    assert told[0]["sessions"]
