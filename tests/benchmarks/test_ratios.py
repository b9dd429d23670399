"""Which ratios are said to have moved: those that did by more than the noise of both runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ratios import LEAST, Ratio, Table, told

positive = st.floats(0.01, 1_000)
turns = st.lists(positive, min_size=1, max_size=12)


def _table(machine: dict[str, str] | None = None, **rows: Ratio) -> Table:
    return Table(machine or {"numpy": "2.4"}, rows)


def _ratio(ratio: float, noise: float = 0.02) -> Ratio:
    return Ratio("a loop", ratio, ratio * (1 - noise), ratio * (1 + noise))


def test_a_ratio_is_the_median_and_its_range_leaves_out_one_turn_at_each_end() -> None:
    assert Ratio.of("a loop", [2, 9, 3, 1, 4]) == Ratio("a loop", 3, 2, 4)
    assert Ratio.of("a loop", [2, 1, 3]) == Ratio("a loop", 2, 1, 3)


@given(turns)
def test_a_ratio_lies_in_its_range_which_lies_in_that_of_the_turns(turns: list[float]) -> None:
    found = Ratio.of("a loop", turns)
    assert found.low <= found.ratio <= found.high
    assert found.low == pytest.approx(min(x for x in turns if x >= found.low * 0.999), rel=1e-3)
    assert min(turns) * 0.999 <= found.low
    assert found.high <= max(turns) * 1.001


@given(turns, turns)
def test_what_moves_moves_back_by_as_much(one: list[float], other: list[float]) -> None:
    a, b = Ratio.of("a loop", one), Ratio.of("a loop", other)
    there, back = b.moved_from(a), a.moved_from(b)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == pytest.approx(1)
        assert max(there, back) > LEAST
        assert a.high < b.low or b.high < a.low


@given(turns)
def test_nothing_moves_from_itself(turns: list[float]) -> None:
    assert Ratio.of("a loop", turns).moved_from(Ratio.of("a loop", turns)) is None


@pytest.mark.parametrize(
    ("before", "now", "factor"),
    [
        (_ratio(1), _ratio(1.5), 1.5),
        (_ratio(3), _ratio(1.5), 0.5),
        (_ratio(1), _ratio(1.05, noise=0.001), None),  # quiet runs, but no tenth
        (_ratio(1, noise=0.3), _ratio(1.3), None),  # the old run was noisy
        (_ratio(1), _ratio(1.5, noise=0.4), None),  # the new one is
    ],
)
def test_a_move_is_more_than_the_noise_of_both_runs_and_a_tenth(
    before: Ratio, now: Ratio, factor: float | None
) -> None:
    moved = now.moved_from(before)
    assert moved == (None if factor is None else pytest.approx(factor))


def test_processes_together_have_the_noise_of_all() -> None:
    several = [Ratio("a loop", 2, 1.9, 2.1), Ratio("a loop", 3, 2.8, 3.1), Ratio("a loop", 1.9, 1.7, 2.2)]
    assert Ratio.joined(several) == Ratio("a loop", 2, 1.7, 3.1)
    both = Table.joined([_table(a=_ratio(2), b=_ratio(1)), _table(a=_ratio(4))])
    assert both.rows["a"].ratio == 3
    assert both.rows["b"] == _ratio(1)


def test_a_table_is_read_as_it_was_written() -> None:
    table = _table(a=_ratio(2), b=_ratio(1))
    assert Table.of(table.as_json()) == table


def test_it_says_clearly_that_nothing_moved() -> None:
    assert told(_table(a=_ratio(1), b=_ratio(2)), _table(a=_ratio(1.01), b=_ratio(2))) == (
        "Nothing moved: 2 ratios are where they were, within their noise."
    )


def test_it_shows_what_moved_the_slowest_first() -> None:
    before = _table({"numpy": "2.4"}, a=_ratio(1), b=_ratio(2), c=_ratio(3), gone=_ratio(1))
    now = _table({"numpy": "2.5", "polars": "2.1"}, a=_ratio(0.5), b=_ratio(4), c=_ratio(3), new=_ratio(1))
    assert told(before, now) == "\n".join(
        [
            "2 of 4 ratios moved by more than their noise:",
            "",
            "| what | beside | was | is | kapteam is now |",
            "|---|---|--:|--:|---|",
            "| b | a loop | 2 (1.96-2.04) | 4 (3.92-4.08) | 2.00x slower |",
            "| a | a loop | 1 (0.98-1.02) | 0.5 (0.49-0.51) | 2.00x faster |",
            "Not in the table: new.",
            "Not measured now: gone.",
            "The table was written with: numpy 2.4 (now 2.5), polars none (now 2.1).",
        ]
    )
