from __future__ import annotations

import sys
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.records.kinds import Choice, Count, Id, Kind, Number, Text, Words, YesNo, blank, clean, plain
from kapteam.records.problems import Misread


def misread(kind: Kind, cell: Any) -> Misread:
    with pytest.raises(Misread) as caught:
        kind.parse(cell)
    return caught.value


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert plain(plain(text)) == plain(text)


def test_every_kind_of_space_around_a_text_is_taken_away() -> None:
    for code in range(sys.maxunicode):
        if chr(code).isspace():
            assert clean(f"{chr(code)}é{chr(code)}") == "é", hex(code)
    assert clean("\u200b \u200b \ufeffé") == "é"


def test_texts_compare_in_their_composed_form() -> None:
    assert Id().parse(unicodedata.normalize("NFD", "José")) == unicodedata.normalize("NFC", "José")


@pytest.mark.parametrize(
    "text", ["李小龍", "Ελένη", "=cmd()", "a;b", 'say "hi"', "two\nlines", "007", "1/2", "👩🏽‍⚕️", "_x"]
)
def test_an_id_may_hold_any_character(text: str) -> None:
    assert Id().parse(text) == text


def test_line_ends_inside_a_text_are_one_kind() -> None:
    assert Text().parse("a\r\nb\rc") == "a\nb\nc"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b", "a\uffffb"])
def test_what_no_workbook_can_hold_is_no_text(text: str) -> None:
    assert "control characters" in misread(Text(), text).expected


def test_a_text_longer_than_a_cell_is_an_error() -> None:
    assert "32,767" in misread(Text(), "a" * 32_768).expected


@pytest.mark.parametrize(
    ("cell", "text"),
    [(7, "7"), (7.0, "7"), (7.5, "7.5"), (Decimal("7.50"), "7.50"), (np.int64(7), "7"), (np.float64(7), "7")],
)
def test_a_number_where_text_belongs_is_its_digits(cell: Any, text: str) -> None:
    assert Id().parse(cell) == text


@pytest.mark.parametrize(
    "cell", [date(2026, 3, 4), datetime(2026, 3, 4), time(9), True, ["a"], {"a": 1}, 1e300, float("inf")]
)
def test_a_value_that_lost_what_was_typed_is_no_text(cell: Any) -> None:
    assert misread(Id(), cell).expected.startswith("expected an id")


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0", [], [""], (), float("nan")])
def test_a_blank_is_whatever_says_nothing(cell: Any) -> None:
    assert blank(cell)


@pytest.mark.parametrize("cell", [0, False, "no", "0", ["a"]])
def test_a_no_and_a_zero_are_no_blanks(cell: Any) -> None:
    assert not blank(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [("yes", True), ("No", False), (" NO\u00a0", False), (True, True), (False, False)]
)
def test_yes_and_no_are_read(cell: Any, value: bool) -> None:
    assert YesNo().parse(cell) is value


@pytest.mark.parametrize(
    ("cell", "close"), [("y", "yes"), ("TRUE", "yes"), (1, "yes"), ("n", "no"), ("0", "no"), ("yess", "yes")]
)
def test_what_only_looks_like_yes_or_no_is_answered_with_it(cell: Any, close: str) -> None:
    assert misread(YesNo(), cell).nearest == (close,)


def test_a_choice_is_told_its_words_and_the_nearest() -> None:
    found = misread(Choice("clinic", "hospital"), "clinc")
    assert found.expected == "expected one of clinic, hospital"
    assert found.nearest == ("clinic",)
    assert Choice("clinic").parse("CLINIC\u200b") == "clinic"


def test_a_choice_knows_what_else_people_write_and_no_far_fetched_word() -> None:
    roles = Choice("prescriber", "therapist", "monitor", meant={"doctor": "prescriber", "pac": "therapist"})
    assert misread(roles, "Doctor").nearest == ("prescriber",)
    assert misread(roles, "PA-C").nearest == ("therapist",)
    assert misread(Choice("prescriber", "therapist", "monitor"), "Doctor").nearest == ()


@pytest.mark.parametrize("cell", ["clinic, Home", "clinic,home", "clinic, home;hospital"])
def test_a_list_between_commas_is_answered_with_semicolons(cell: str) -> None:
    found = misread(Words(Choice("clinic", "home", "hospital")), cell)
    assert found.expected == "expected items separated by ; and not by commas"
    assert found.nearest == ("clinic;home" + (";hospital" if "hospital" in cell else ""),)
    assert "expected one of" in misread(Words(Choice("clinic", "home")), "clinic, x").expected


@pytest.mark.parametrize(
    ("cell", "value"), [("3", 3), (3.0, 3), ("003", 3), ("+3", 3), ("3.0", 3), ("-0", 0), (np.int32(3), 3)]
)
def test_whole_numbers_are_read(cell: Any, value: int) -> None:
    assert Count().parse(cell) == value


@pytest.mark.parametrize("cell", ["-1", "1.5", 2.5, "1,000", "three", "٣", "9" * 5000, "1e3", True, "²"])
def test_what_is_no_whole_number_is_an_error(cell: Any) -> None:
    assert "whole number" in misread(Count(), cell).expected


@given(st.decimals(-90, 90, places=12))
def test_a_decimal_keeps_every_digit(value: Decimal) -> None:
    kind = Number(-90, 90)
    assert kind.parse(kind.show(value)) == value
    assert kind.parse(kind.plain(value)) == value


def test_a_decimal_comma_is_answered_with_a_point() -> None:
    assert misread(Number(0, 100), "16,5").nearest == ("16.5",)


@pytest.mark.parametrize("cell", ["nan", "Infinity", "1_000", "101", "-1", "1e99", "1" * 5000, "٣"])
def test_what_is_no_number_within_the_limits_is_an_error(cell: str) -> None:
    assert "a number from 0 to 100" in misread(Number(0, 100), cell).expected


@given(st.lists(st.text("aé =\"'\n,", min_size=1), min_size=1))
def test_a_list_reads_back_from_its_cell(items: list[str]) -> None:
    kind = Words(Text())
    value = kind.parse(items) if not blank(items) else ()
    assert not value or kind.parse(kind.show(value)) == value


def test_a_list_item_with_the_separator_in_it_is_an_error_and_never_two_items() -> None:
    assert "without ;" in misread(Words(Text()), ["somatic; IFS"]).expected
    assert Words(Text(), in_cell=False).parse(["somatic; IFS"]) == ("somatic; IFS",)


def test_a_list_holds_each_item_once_in_the_order_written() -> None:
    assert Words(Text()).parse("b; a;;b ") == ("b", "a")
    assert Words(Text()).parse({"b", "a"}) == ("a", "b")
