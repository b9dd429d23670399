from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from kapteam.records.problems import Misread
from kapteam.records.zones import JURISDICTIONS, Jurisdiction, TimeZone, only_zone, state_name

NAMED = ("AK", "FL", "ID", "IN", "KS", "KY", "MI", "NE", "NV", "ND", "OR", "SD", "TN", "TX")


def test_there_are_fifty_states_and_the_district() -> None:
    assert len(JURISDICTIONS) == 51
    assert state_name("DC") == "District of Columbia"
    assert state_name("XX") == "XX"


def test_every_zone_of_a_state_is_in_the_database() -> None:
    assert {zone for _, zones in JURISDICTIONS.values() for zone in zones} <= available_timezones()


def test_the_states_with_more_than_one_zone_are_those_that_the_format_names() -> None:
    many = {code for code in JURISDICTIONS if only_zone(code) is None}
    assert many == set(NAMED)


@pytest.mark.parametrize(
    ("text", "close"), [("New York", ("NY",)), ("district of columbia", ("DC",)), ("PR", ()), ("N.Y.", ("NY",))]
)
def test_a_jurisdiction_is_a_usps_code(text: str, close: tuple[str, ...]) -> None:
    with pytest.raises(Misread) as caught:
        Jurisdiction().parse(text)
    assert not close or caught.value.nearest == close


@pytest.mark.parametrize(
    ("text", "close"),
    [
        ("Eastern", "America/New_York"),
        ("Mountain Time", "America/Denver"),
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("America/Los_Angelos", "America/Los_Angeles"),
    ],
)
def test_a_zone_is_an_iana_name_and_the_nearest_is_offered(text: str, close: str) -> None:
    with pytest.raises(Misread) as caught:
        TimeZone().parse(text)
    assert caught.value.nearest == (close,)


@pytest.mark.parametrize("text", ["localtime", "Factory", "/etc/localtime", "../UTC"])
def test_what_a_machine_calls_its_zone_is_no_zone(text: str) -> None:
    with pytest.raises(Misread):
        TimeZone().parse(text)
