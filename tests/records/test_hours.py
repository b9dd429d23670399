from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.records.hours import DAYS, SLOTS_A_DAY, SLOTS_A_WEEK, WeeklyHours, When
from kapteam.records.problems import Misread

RANGES = st.tuples(
    st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True),
    st.integers(0, SLOTS_A_DAY - 1),
    st.integers(1, SLOTS_A_DAY),
).filter(lambda r: r[1] < r[2])


def clock(slot: int) -> str:
    return f"{slot // 4:02}:{slot % 4 * 15:02}"


def misread(text: str) -> Misread:
    with pytest.raises(Misread) as caught:
        WeeklyHours.of(text)
    return caught.value


@given(st.integers(1, (1 << SLOTS_A_WEEK) - 1))
def test_the_text_of_a_week_reads_back_as_the_same_week(slots: int) -> None:
    week = WeeklyHours(slots)
    assert WeeklyHours.of(str(week)) == week


@given(st.lists(RANGES, min_size=1, max_size=4))
def test_a_week_holds_exactly_the_slots_that_a_loop_over_every_slot_finds(
    ranges: list[tuple[list[int], int, int]],
) -> None:
    text = "; ".join(f"{','.join(DAYS[d] for d in days)} {clock(a)}-{clock(b)}" for days, a, b in ranges)
    week = WeeklyHours.of(text)
    for slot in range(SLOTS_A_WEEK):
        day, time = divmod(slot, SLOTS_A_DAY)
        expected = any(day in days and a <= time < b for days, a, b in ranges)
        assert bool(week.slots >> slot & 1) == expected


@given(st.integers(0, 6), st.integers(0, 6))
def test_a_range_of_days_goes_forward_around_the_week(first: int, last: int) -> None:
    week = WeeklyHours.of(f"{DAYS[first]}-{DAYS[last]} 09:00-10:00")
    expected, day = {first}, first
    while day != last:
        day = (day + 1) % 7
        expected.add(day)
    assert {slot // SLOTS_A_DAY for slot in week} == expected


@given(st.integers(0, (1 << SLOTS_A_WEEK) - 1), st.integers(0, (1 << SLOTS_A_WEEK) - 1))
def test_union_and_intersection_are_those_of_the_sets_of_slots(a: int, b: int) -> None:
    one, other = WeeklyHours(a), WeeklyHours(b)
    assert set(one | other) == set(one) | set(other)
    assert set(one & other) == set(one) & set(other)
    assert one.minutes == 15 * len(list(one))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Mon-Thu 09:00-17:00; Fri 09:00-13:00", 36 * 60),
        ("Mon,Wed 10:00-16:00", 12 * 60),
        ("Mon-Tue,Fri 9:00 - 10:00", 180),
        ("Mon – Thu 09:00–17:00", 32 * 60),
        ("  mon\u00a009:00-09:15 ;", 15),
        ("Mon-Sun 00:00-24:00", 7 * 24 * 60),
    ],
)
def test_hours_read_as_people_write_them(text: str, minutes: int) -> None:
    assert WeeklyHours.of(text).minutes == minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Fri 22:00-06:00", "a night as two ranges"),
        ("Fri 09:00-09:00", "an end after the start"),
        ("Fri 24:00-24:00", "a start before 24:00"),
        ("Fri 09:00-24:15", "from 00:00 to 24:00"),
        ("Fri 09:10-10:00", "15-minute grid"),
        ("Fri 09:00-10:60", "from 00:00 to 24:00"),
        ("Fri 9-17", "days and a range"),
        ("09:00-17:00", "days and a range"),
        ("Mon-Wed-Fri 09:00-17:00", "a day or a range of days"),
        ("Mon, 09:00-17:00", "expected days"),
        (";", "expected hours"),
        ("Mon ٠٩:00-17:00", "days and a range"),
    ],
)
def test_wrong_hours_are_told_by_what_is_wrong(text: str, said: str) -> None:
    assert said in misread(text).expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Thursday 09:00-17:00", "Thu 09:00-17:00"),
        ("Mon-Wed 9am-4pm", "Mon-Wed 09:00-16:00"),
        ("Mon-Wed 9 a.m. - 4:30 p.m.", "Mon-Wed 09:00-16:30"),
        ("Monday to Wednesday 9-5", "Mon-Wed 09:00-17:00"),
        ("Mondays and Thursdays 9:00 to 5:00", "Mon,Thu 09:00-17:00"),
        ("9-5", "Mon-Fri 09:00-17:00"),
        ("weekdays 9-17", "Mon-Fri 09:00-17:00"),
        ("Weekends 10am-noon", "Sat,Sun 10:00-12:00"),
        ("9-5 Mon-Fri", "Mon-Fri 09:00-17:00"),
        ("Mon-Thu 9-5, Fri 9-1", "Mon-Thu 09:00-17:00; Fri 09:00-13:00"),
        ("Tues/Thurs 1-5", "Tue,Thu 13:00-17:00"),
        ("Mon Wed 09:00-17:00", "Mon,Wed 09:00-17:00"),
        ("Tue 1-4pm", "Tue 13:00-16:00"),
        ("Tue 10-1pm", "Tue 10:00-13:00"),
        ("Tue 0900-1700", "Tue 09:00-17:00"),
        ("M-F 8:30-12", "Mon-Fri 08:30-12:00"),
        ("Mon 8pm-midnight", "Mon 20:00-24:00"),
        ("Fri 9:00-5:00", "Fri 09:00-17:00"),
    ],
)
def test_hours_of_another_form_are_answered_with_those_meant(text: str, meant: str) -> None:
    assert misread(text).nearest == (meant,)
    assert text not in misread(text).expected


@pytest.mark.parametrize(
    "text",
    [
        "Fri 22:00-06:00",
        "Fri 9:10-5",
        "sometimes",
        "Mon",
        "T 9-5",
        "Mon 25-26",
        "Mon 13pm-14pm",
        "Fri 5pm-9am",
        "Mon" + " " * 30_000,
    ],
)
def test_hours_that_could_mean_anything_are_answered_with_nothing(text: str) -> None:
    assert misread(text).nearest == ()


@given(st.text("MonTueFr 0123456789:-,;apm./\n"))
def test_whatever_is_offered_can_be_read(text: str) -> None:
    try:
        WeeklyHours.of(text)
    except Misread as error:
        for meant in error.nearest:
            assert meant in DAYS or str(WeeklyHours.of(meant)) == meant


def test_a_very_long_cell_is_not_looked_into() -> None:
    assert misread("Mon" + " " * 30_000 + "9-5").nearest == ()


def test_the_range_that_is_wrong_is_named_where_there_are_several() -> None:
    assert "in 'Fri 22:00-06:00'" in misread("Mon 09:00-12:00; Fri 22:00-06:00").expected


@pytest.mark.parametrize("slots", [-1, 1 << SLOTS_A_WEEK])
def test_a_week_has_672_slots_and_no_more(slots: int) -> None:
    with pytest.raises(ValueError, match="671"):
        WeeklyHours(slots)


def test_hours_of_no_slot_are_not_taken_for_unwritten_hours() -> None:
    with pytest.raises(Misread, match="leave the row out"):
        When().parse(WeeklyHours(0))
