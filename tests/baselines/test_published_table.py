"""The table of docs/team-formation.md is what its benchmark finds, and no line of it breaks a guarantee."""

from __future__ import annotations

import pytest
from team_formation import ASKED, PAGE, SHOWN, WAYS, gaps, measured

LINES = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.count("|") == 8]


def test_the_page_has_every_line_and_the_lines_of_the_smaller_networks_are_not_stale() -> None:
    lines = [line for line in LINES if line.startswith(tuple(f"| {people} |" for people in SHOWN))]
    assert len(lines) == len(SHOWN) * len(ASKED) * len(WAYS)
    small = [found.line() for found in gaps(SHOWN[:1])]
    assert lines[: len(small)] == small, "run python benchmarks/team_formation.py --write"


@pytest.mark.parametrize(("measure", "most"), [("diameter", 100), ("sum", 100), ("leader", 0)])
def test_no_line_of_the_page_breaks_a_guarantee(measure: str, most: int) -> None:
    worst = [line.split("|")[7].strip().removesuffix(" %") for line in LINES if f"| `{measure}` |" in line]
    assert len(worst) == len(SHOWN) * len(ASKED)
    assert all(int(gap) <= most for gap in worst)


def test_times_are_measured_for_each_way_that_is_not_exact() -> None:
    rows = list(measured([60], seeds=2, repeats=1))
    assert [row.beside.split(",")[0] for row in rows] == [WAYS[m][0] for m in WAYS if m != "leader"]
    assert all(row.seconds is not None and row.seconds > 0 and row.same for row in rows)
