from __future__ import annotations

import pytest

from kapteam.records.problems import Problem, RosterError, nearest


def test_a_problem_is_said_with_its_place_value_and_remedy() -> None:
    found = Problem(
        "licenses", 7, "expires", "12/7/2026", "expected a date", ("2026-12-07", "2026-07-12"), "licenses.csv"
    )
    said = "licenses.csv, row 7, expires: '12/7/2026': expected a date; did you mean '2026-12-07' or '2026-07-12'?"
    assert str(found) == said


@pytest.mark.parametrize(
    ("table", "value", "source", "said"),
    [
        ("Notes", "Notes", "r.xlsx, sheet Notes", "r.xlsx, sheet Notes: no such table"),
        ("license", "license.csv", "license.csv", "license.csv: no such table"),
        ("licenses", None, "licenses.csv", "licenses.csv: no such table"),
        ("hours", None, "r.json, hours", "r.json, hours: no such table"),
        ("hour", "hour", "r.json", "r.json, hour: no such table"),
        ("hours", None, "office-hours", "office-hours, hours: no such table"),
        ("hours", None, "", "hours: no such table"),
    ],
)
def test_a_sheet_or_a_file_is_named_once(table: str, value: str | None, source: str, said: str) -> None:
    assert str(Problem(table, None, None, value, "no such table", source=source)) == said


def test_a_long_value_is_cut_and_a_strange_one_can_be_printed() -> None:
    found = Problem("sites", 2, "na\ud800me", "x" * 100 + "\ud800", "expected text")
    assert len(str(found)) < 120
    str(found).encode()
    assert found.value is not None
    found.value.encode()


def test_errors_come_before_warnings() -> None:
    warning = Problem("sites", 1, None, None, "odd", level="warning")
    error = Problem("sites", 2, None, None, "wrong")
    assert RosterError([warning, error]).problems == (error, warning)


def test_the_nearest_of_a_very_long_value_is_not_looked_for() -> None:
    assert nearest("a" * 100_000, ["a" * 1_000] * 3) == ()
    assert nearest("Clnic", ["clinic", "home"]) == ("clinic",)
