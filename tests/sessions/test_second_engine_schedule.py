"""Value and points are what a plain model of optional intervals finds, on every start, by another solver."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

import pytest
from ortools.sat.python import cp_model

import oracles
from clinics import district, judged, planned, saved, worth
from strategies import Row, Written

#: How far each state's clock is behind New York's in December, in quarter hours.
_BEHIND = {"NY": 0, "CO": 8, "CA": 12}


class Chance(NamedTuple):
    """A pair at a site from a quarter hour of New York's week on."""

    site: str
    prescriber: str
    therapist: str
    start: int
    points: int


def on_site(written: Written) -> dict[tuple[str, str], set[int]]:
    """By person and site: the quarter hours of New York's week."""
    behind = {row["site"]: _BEHIND[row["jurisdiction"]] for row in written.tables["sites"]}
    there: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in written.tables["hours"]:
        week = oracles.weekly_hours(row["when"])
        at = behind[row["site"]]
        there[row["practitioner"], row["site"]] |= {slot + at for slot, works in enumerate(week) if works}
    return there


def tied(written: Written, one: str, other: str, *kinds: str) -> bool:
    return any({row["a"], row["b"]} == {one, other} and row["kind"] in kinds for row in written.tables["ties"])


def chances(written: Written) -> list[Chance]:
    """Whoever may be together for a whole session, the prescriber throughout."""
    length = -(-written.practice["protocol"]["session_minutes"] // 15)
    there = on_site(written)
    people: dict[str, Row] = {row["practitioner"]: row for row in written.tables["practitioners"]}
    hours = {row["practitioner"]: Fraction(row["hours"]) for row in written.tables["training"]}
    found = []
    for (prescriber, site), slots in there.items():
        for (therapist, place), others in there.items():
            if (
                place != site
                or people[prescriber]["roles"] != "prescriber"
                or people[therapist]["roles"] != "therapist"
            ):
                continue
            if tied(written, prescriber, therapist, "avoids"):
                continue
            points = 150 * min(hours[therapist], Fraction(80)) // 80
            points += 100 * tied(written, prescriber, therapist, "prefers", "worked_with")
            shared = slots & others
            found += [
                Chance(site, prescriber, therapist, start, int(points))
                for start in shared
                if all(start + n in shared for n in range(length))
            ]
    return sorted(found)


def by_cp_sat(written: Written) -> tuple[int, int]:
    """Most sessions, then most points."""
    protocol = written.practice["protocol"]
    length, in_room, away = (
        -(-minutes // 15)
        for minutes in (
            protocol["session_minutes"],
            protocol["session_minutes"] + protocol["turnover_minutes"],
            protocol["session_minutes"] + protocol["travel_minutes"],
        )
    )
    offered = chances(written)
    model = cp_model.CpModel()
    held = [model.new_bool_var(f"{c.site} {c.prescriber} {c.therapist} {c.start}") for c in offered]
    of: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, c in enumerate(offered):
        for what, whose in (("site", c.site), ("prescriber", c.prescriber), ("therapist", c.therapist)):
            of[what, whose].append(n)

    def intervals(these: list[int], slots: int) -> list[cp_model.IntervalVar]:
        return [model.new_optional_fixed_size_interval_var(offered[n].start, slots, held[n], f"{n}") for n in these]

    rooms = {row["site"]: int(row["rooms"]) for row in written.tables["sites"]}
    for (what, whose), these in of.items():
        if what == "site":
            model.add_cumulative(intervals(these, in_room), [1] * len(these), rooms[whose])
            continue
        (row,) = written.rows("practitioners", practitioner=whose)
        if what == "therapist":
            model.add_no_overlap(intervals(these, length))
        else:
            at_once = int(row["max_concurrent_sessions"])
            model.add_cumulative(intervals(these, length), [1] * len(these), at_once)
        if row["max_sessions_per_week"]:
            model.add(sum(held[n] for n in these) <= int(row["max_sessions_per_week"]))
        begins: dict[tuple[str, int], cp_model.IntVar] = {}
        for n in these:
            key = (offered[n].site, offered[n].start)
            begins.setdefault(key, model.new_bool_var(f"{whose} {key}"))
            model.add_implication(held[n], begins[key])
        for (site, start), (other, later) in combinations(begins, 2):
            if site != other and abs(start - later) < away:
                model.add_bool_or(begins[site, start].negated(), begins[other, later].negated())
    value = most(model, sum(held))
    model.add(sum(held) == value)
    return value, most(model, sum(c.points * one for c, one in zip(offered, held, strict=True)))


def most(model: cp_model.CpModel, of: cp_model.LinearExprT) -> int:
    model.maximize(of)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@pytest.mark.parametrize(("seed", "people"), [(1, 20), (2, 24), (3, 28), (4, 32), (5, 40), (8, 30), (9, 40)])
def test_a_model_of_intervals_has_the_same_value_and_points(seed: int, people: int) -> None:
    written = district(seed, people)
    found = planned(written)
    assert found.status == "optimal"
    assert worth(found)[:2] == by_cp_sat(written)
    assert judged(written, saved(found)).ok


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("protocol", [{"session_minutes": 100, "turnover_minutes": 10}, {"travel_minutes": 150}])
def test_also_off_the_grid_and_with_a_long_way(seed: int, protocol: dict[str, int]) -> None:
    written = district(seed, 20, ("NY", "CA"), **protocol)
    found = planned(written)
    assert found.status == "optimal"
    assert worth(found)[:2] == by_cp_sat(written)
