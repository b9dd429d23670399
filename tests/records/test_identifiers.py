from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.records.identifiers import (
    STATE_SCHEDULES,
    Language,
    Npi,
    Schedules,
    Specialty,
    check_dea_number,
    dea_check_digit,
    is_nucc_code,
    npi_check_digit,
)
from kapteam.records.kinds import Kind
from kapteam.records.problems import Misread

DIGITS = st.text("0123456789", min_size=9, max_size=9)


def misread(kind: Kind, cell: Any) -> Misread:
    with pytest.raises(Misread) as caught:
        kind.parse(cell)
    return caught.value


def luhn(number: str) -> bool:
    """Slow and plain: every second digit from the right doubled, digits summed."""
    total = 0
    for i, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if i % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@given(DIGITS, st.integers(0, 9))
def test_an_npi_is_good_exactly_where_luhn_over_80840_is(nine: str, last: int) -> None:
    number = f"{nine}{last}"
    if luhn("80840" + number):
        assert npi_check_digit(nine) == str(last)
        assert Npi().parse(number) == number
    else:
        assert "check digit" in misread(Npi(), number).expected


@pytest.mark.parametrize("cell", ["1234567950", 1234567950, 1234567950.0, "1234567950.0", " 1234567950\u00a0"])
def test_an_npi_that_ends_in_0_is_read_from_whatever_holds_it(cell: Any) -> None:
    assert Npi().parse(cell) == "1234567950"


@pytest.mark.parametrize(
    "cell", ["1234567951", 1234567951, "123456795", 123456795.0, "12345679500", "NPI 1234567893", "١٢٣٤٥٦٧٨٩٣"]
)
def test_a_wrong_npi_is_an_error(cell: Any) -> None:
    assert "NPI" in misread(Npi(), cell).expected


@given(DIGITS.map(lambda d: d[:7]), st.sampled_from(["FP", "AB", "M9", "fp"]))
def test_a_dea_number_is_good_exactly_where_its_sum_is(seven: str, letters: str) -> None:
    odd, even = sum(map(int, seven[0:6:2])), sum(map(int, seven[1:6:2]))
    if str(odd + 2 * even)[-1] == seven[6]:
        assert dea_check_digit(seven[:6]) == seven[6]
        check_dea_number(letters + seven)
    else:
        with pytest.raises(Misread, match="check digit"):
            check_dea_number(letters + seven)


@pytest.mark.parametrize("number", ["PENDING", "FP123456", "F11234563", "FP1234563X", "FP12345631"])
def test_what_is_not_two_letters_and_seven_digits_is_no_dea_number(number: str) -> None:
    with pytest.raises(Misread, match="two letters and seven digits"):
        check_dea_number(number)


@pytest.mark.parametrize("number", ["FP 1234563", "fp-1234563", "FP 123 4563", "F P1234563"])
def test_a_dea_number_with_spaces_is_answered_without_them(number: str) -> None:
    with pytest.raises(Misread) as caught:
        check_dea_number(number)
    assert caught.value.nearest == ("FP1234563",)
    with pytest.raises(Misread) as caught:
        check_dea_number("FP 1234564")
    assert caught.value.nearest == ()


def test_a_hospitals_dea_number_may_have_a_suffix() -> None:
    check_dea_number("FP1234563-A12")


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ("22N 33N 4 5", ("2", "2N", "3", "3N", "4", "5")),
        ("2N 33N 4 5", ("2N", "3", "3N", "4", "5")),
        ("2, 2N, 3, 3N, 4, 5", ("2", "2N", "3", "3N", "4", "5")),
        ("2;3n", ("2", "3N")),
        ("III IIIN", ("3", "3N")),
        ("II, IIN, III, IV, V", ("2", "2N", "3", "4", "5")),
        ("VI", ("6",)),
        (3, ("3",)),
        (3.0, ("3",)),
        (["3N", 3], ("3", "3N")),
        (frozenset({"5", "4"}), ("4", "5")),
        ("33N\u00a04", ("3", "3N", "4")),
    ],
)
def test_schedules_are_read_as_certificates_print_them(cell: Any, held: tuple[str, ...]) -> None:
    assert Schedules().parse(cell) == held


@pytest.mark.parametrize("cell", ["1", "3X", "44N", "IVN", "VIN", "23N", "2-5", "all", "IIIII"])
def test_what_is_no_schedule_is_an_error(cell: str) -> None:
    assert "schedules such as" in misread(Schedules(), cell).expected


@given(st.sets(st.sampled_from(STATE_SCHEDULES), min_size=1))
def test_schedules_read_back_from_their_cell(held: set[str]) -> None:
    value = Schedules().parse(held)
    assert set(value) == held
    assert Schedules().parse(Schedules().show(value)) == value


@pytest.mark.parametrize(
    "tag", ["en", "es", "zh-Hant", "es-419", "en-US", "yue", "de-CH-1901", "zh-cmn-Hans-CN", "en-x-a", "sl-rozaj-biske"]
)
def test_language_tags_are_well_formed_bcp_47(tag: str) -> None:
    assert Language().parse(tag) == tag


@pytest.mark.parametrize(
    ("cell", "close"),
    [
        ("Spanish", ("es",)),
        ("ASL", ("ase",)),
        ("en_US", ("en-US",)),
        ("e", ()),
        ("en-", ()),
        ("en-toolongsubtag", ()),
        ("中文", ()),
    ],
)
def test_what_is_no_tag_is_answered_with_the_tag_meant(cell: str, close: tuple[str, ...]) -> None:
    assert misread(Language(), cell).nearest == close


def test_a_specialty_is_a_name_or_a_nucc_code() -> None:
    assert is_nucc_code("2084P0800X")
    assert Specialty().parse("2084P0800X") == "2084P0800X"
    assert Specialty().parse("psychiatry of old age") == "psychiatry of old age"


@pytest.mark.parametrize("cell", ["2084p0800x", "2084P 0800X", "2084P0800X\u200b".lower(), "2084\u00a0P0800X"])
def test_a_nucc_code_with_spaces_or_small_letters_is_answered_with_the_code(cell: str) -> None:
    assert misread(Specialty(), cell).nearest == ("2084P0800X",)
