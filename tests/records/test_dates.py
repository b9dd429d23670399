from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.records.dates import EXCEL_EPOCH_1904, Day, Moment, meant_days
from kapteam.records.kinds import Kind
from kapteam.records.problems import Misread

SEVENTH = date(2026, 12, 7)


def misread(kind: Kind, cell: Any) -> Misread:
    with pytest.raises(Misread) as caught:
        kind.parse(cell)
    return caught.value


@pytest.mark.parametrize(
    "cell",
    [SEVENTH, datetime(2026, 12, 7), "2026-12-07", " 2026-12-07\u00a0", "2026-12-07 00:00:00", "2026-12-07T00:00"],
)
def test_a_day_is_a_real_date_or_iso_text_or_a_midnight(cell: Any) -> None:
    assert Day().parse(cell) == SEVENTH
    assert type(Day().parse(cell)) is date


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("12/7/2026", ("2026-12-07", "2026-07-12")),
        ("7.12.26", ("2026-07-12", "2026-12-07")),
        ("13/7/2026", ("2026-07-13",)),
        ("20261207", ("2026-12-07",)),
        ("2026/12/7", ("2026-12-07",)),
        ("46363", ("2026-12-07",)),
        (46363, ("2026-12-07",)),
        (46363.0, ("2026-12-07",)),
        (datetime(2026, 12, 7, 9), ("2026-12-07",)),
        ("2026-12-07 09:00", ("2026-12-07",)),
        ("Dec 7, 2026", ("2026-12-07",)),
        ("Dec. 7th 2026", ("2026-12-07",)),
        ("7 December 2026", ("2026-12-07",)),
        ("07-DEC-2026", ("2026-12-07",)),
        ("Sept 7, 2026", ("2026-09-07",)),
        ("Feb 30, 2026", ()),
        ("Ma 7, 2026", ()),
        ("soon", ()),
        ("2026-02-30", ()),
    ],
)
def test_any_other_date_is_an_error_that_offers_what_may_be_meant(cell: Any, meant: tuple[str, ...]) -> None:
    assert misread(Day(), cell).nearest == meant


def test_a_serial_number_of_a_1904_workbook_counts_from_1904() -> None:
    assert meant_days("44901", EXCEL_EPOCH_1904) == ["2026-12-07"]


@pytest.mark.parametrize("cell", ["0026-12-07", date(26, 12, 7), datetime(1899, 1, 1)])
def test_a_year_before_1900_is_a_slip_of_the_pen(cell: Any) -> None:
    assert "not before 1900" in misread(Day(), cell).expected


@given(st.dates(date(1900, 1, 1)) | st.datetimes(datetime(1900, 1, 1)).map(lambda d: d.replace(microsecond=0)))
def test_a_moment_reads_back_from_its_text_as_a_day_or_a_time(moment: date) -> None:
    read = Moment().parse(Moment().show(moment))
    assert read == moment
    assert type(read) is type(moment)


@pytest.mark.parametrize(
    "cell",
    [datetime(2026, 12, 7, 9, tzinfo=UTC), "2026-12-07T09:00Z", datetime(2026, 12, 7, 9, 0, 0, 5), "2026-12-07 25:00"],
)
def test_a_moment_is_on_the_sites_own_clock_to_the_second(cell: Any) -> None:
    assert "local date-time" in misread(Moment(), cell).expected
