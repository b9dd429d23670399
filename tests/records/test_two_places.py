"""Hours at two sites at once are found by the clock of each."""

from __future__ import annotations

import pytest

from kapteam import Hours, License, Practitioner, Roster, Site, WeeklyHours


def warnings(in_dallas: str) -> list[str]:
    roster = Roster(
        sites=[
            Site("elpaso", "TX", "America/Denver", supply="patient"),
            Site("dallas", "TX", "America/Chicago", supply="patient"),
        ],
        practitioners=[
            Practitioner(
                "jo",
                licenses=[License("TX", "psychologist")],
                hours=[
                    Hours("elpaso", WeeklyHours.of("Tue-Thu 09:00-17:00")),
                    Hours("dallas", WeeklyHours.of(in_dallas)),
                ],
            )
        ],
    )
    return [w.expected for w in roster.warnings]


@pytest.mark.parametrize(
    ("in_dallas", "at_once"),
    [
        ("Thu 08:00-10:00", ""),  # 07:00 to 09:00 in El Paso
        ("Thu 08:00-10:15", "Thu 10:00-10:15"),
        ("Tue 17:00-20:00", "Tue 17:00-18:00"),  # 16:00 to 19:00 there
        ("Tue 18:00-20:00", ""),
        ("Mon 10:00-18:00", ""),
    ],
)
def test_a_clash_is_told_where_the_two_clocks_agree_and_nowhere_else(in_dallas: str, at_once: str) -> None:
    found = warnings(in_dallas)
    assert bool(found) == bool(at_once)
    if at_once:
        assert at_once in found[0]
