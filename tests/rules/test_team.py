"""Each team rule, case by case: Pia prescribes, Tom sits (see tests/tiny.py)."""

from __future__ import annotations

import pytest

from tiny import Change, add, both, change, changed, law, message, moved, nothing, practice, status, without

PIA, TOM = "pia", "tom"
HOURS = "hours"
#: Nobody asks for the prescriber's presence.
FREE = both(law("presence", "none", ""), change("coverage", PIA, presence="none", same_site="no"))
REACHABLE = both(FREE, change("coverage", PIA, presence="available"))


def hours(pia: str, tom: str) -> Change:
    return both(change(HOURS, PIA, when=pia), change(HOURS, TOM, when=tom))


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", change(HOURS, TOM, when="Mon 09:00-11:45")),  # a quarter of an hour too short
        ("fail", change(HOURS, TOM, when="Mon 09:15-12:15")),  # too little in common
        ("fail", change(HOURS, TOM, when="Tue 09:00-12:00")),
        ("pass", hours("Sun 22:00-24:00; Mon 00:00-01:00", "Sun 22:00-24:00; Mon 00:00-01:00")),  # the week is a ring
        ("fail", hours("Sun 22:00-24:00; Tue 00:00-01:00", "Sun 22:00-24:00; Tue 00:00-01:00")),
        ("pass", hours("Fri-Mon 09:00-12:00", "Sun 09:00-12:00")),  # the range wraps
        (
            "pass",
            both(
                change(HOURS, TOM, when="Mon 09:00-10:30"),
                add(HOURS, practitioner=TOM, site="clinic", when="Mon 10:30-12:00"),
            ),
        ),
        ("fail", change(HOURS, TOM, until="2026-12-06")),
        ("fail", change(HOURS, TOM, from_="2026-12-08")),
        ("pass", change(HOURS, TOM, from_="2026-12-07", until="2026-12-07")),
        ("pass", add("absences", practitioner=TOM, start="2026-12-01", end="2026-12-31")),  # a typical week
        ("unknown", change(HOURS, TOM, when="")),
        ("unknown", change(HOURS, PIA, when="")),
        ("unknown", hours("", "")),
        ("fail", hours("Mon 09:00-11:45", "")),  # it would not fit if the blank one were all hours
        ("fail", both(change(HOURS, TOM, when=""), change(HOURS, PIA, when="Mon 09:00-10:00"))),
        ("pass", add(HOURS, practitioner=TOM, site="clinic", when="")),  # the written hours do
        (
            "unknown",
            both(change(HOURS, TOM, when="Tue 09:00-10:00"), add(HOURS, practitioner=TOM, site="clinic", when="")),
        ),
        ("pass", practice("protocol", {"session_minutes": 170, "dosing_minutes": 10})),  # rounded up to 12 slots
        ("fail", practice("protocol", {"session_minutes": 181})),  # 13 slots
        ("pass", both(practice("protocol", {"session_minutes": 60}), change(HOURS, TOM, when="Mon 11:00-12:00"))),
        ("fail", without(HOURS, TOM)),  # not listed
        ("fail", without(HOURS, PIA)),
        ("pass", both(FREE, without(HOURS, PIA))),  # listed: nobody asks for her
        ("pass", both(FREE, moved("denver", PIA))),
        ("fail", both(REACHABLE, without(HOURS, PIA))),
        ("fail", change("practitioners", TOM, roles="monitor")),  # no candidate
        ("fail", change("practitioners", PIA, roles="therapist")),
        ("pass", change("practitioners", PIA, roles="")),  # all that her licence allows
    ],
)
def test_window_is_a_start_that_fits(expected: str, case: Change) -> None:
    assert status("team.window", case) == expected


@pytest.mark.parametrize(
    ("expected", "denver"),
    [
        # Tom sits in New York from 09:00: that is 07:00 in Denver, all winter and all summer.
        ("pass", "Mon 07:00-08:00"),
        ("fail", "Mon 07:15-08:15"),
        ("fail", "Mon 09:00-10:00"),
        ("unknown", ""),
    ],
)
def test_who_is_reachable_may_be_at_any_site_in_absolute_time(expected: str, denver: str) -> None:
    case = both(REACHABLE, moved("denver", PIA), change(HOURS, PIA, when=denver))
    assert status("team.window", case) == expected


def test_who_is_reachable_may_go_from_one_site_to_the_other_within_the_dosing() -> None:
    here = both(REACHABLE, change(HOURS, PIA, when="Mon 09:00-09:30"))
    there = add(HOURS, practitioner=PIA, site="denver", when="Mon 07:30-08:00")
    assert status("team.window", here) == "fail"
    assert status("team.window", here, there) == "pass"


def test_arizona_is_two_hours_behind_new_york_in_winter_and_three_in_summer() -> None:
    at_phoenix = both(REACHABLE, change("sites", "denver", jurisdiction="AZ"), moved("denver", PIA))
    for day, clock in (("2026-12-07", "07:00-08:00"), ("2026-07-06", "06:00-07:00")):
        for hours, expected in ((f"Mon {clock}", "pass"), ("Mon 06:30-07:30", "fail")):
            written = changed(at_phoenix, change(HOURS, PIA, when=hours))
            written.on = type(written.on).fromisoformat(day)
            (one,) = written.network().explain(PIA, TOM, "clinic")
            assert [f.status for f in one.findings if f.rule == "team.window"] == [expected]
            assert ("team.window", expected) in written.judged().findings(PIA, TOM, "clinic")


SOLO = both(change("practitioners", PIA, roles="prescriber;therapist"), change("coverage", PIA, role=""))


def test_of_a_solo_team_the_therapist_s_hours_decide_and_the_protocol_may_forbid_it() -> None:
    for case, expected in (
        (SOLO, "pass"),
        (both(SOLO, practice("protocol/solo", False)), "fail"),
        (both(SOLO, change(HOURS, PIA, when="Mon 09:00-11:00")), "fail"),
        (both(SOLO, change(HOURS, PIA, when="")), "unknown"),
    ):
        written = changed(case)
        (one,) = written.network().explain(PIA, PIA, "clinic")
        assert [f.status for f in one.findings if f.rule == "team.window"] == [expected]
        assert ("team.window", expected) in written.judged().findings(PIA, PIA, "clinic")


def test_a_pair_that_is_not_listed_says_why() -> None:
    assert "not on the roster as a therapist" in message("team.window", change("practitioners", TOM, roles="monitor"))
    assert "not on the roster as a prescriber" in message("team.window", change("practitioners", PIA, roles="monitor"))


@pytest.mark.parametrize(
    ("expected", "ties"),
    [
        ("pass", nothing),
        ("fail", add("ties", a=PIA, b=TOM, kind="avoids")),
        ("fail", add("ties", a=TOM, b=PIA, kind="avoids")),  # either way round
        ("pass", add("ties", a=TOM, b=PIA, kind="prefers")),
        ("pass", add("ties", a=TOM, b="max", kind="avoids")),
        ("fail", both(add("ties", a=TOM, b=PIA, kind="prefers"), add("ties", a=PIA, b=TOM, kind="avoids"))),
    ],
)
def test_ties_fail_where_one_avoids_the_other(expected: str, ties: Change) -> None:
    assert status("team.ties", ties) == expected


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", without("training", TOM, kind="life_support")),
        (
            "pass",
            both(without("training", TOM, kind="life_support"), add("training", practitioner=PIA, kind="life_support")),
        ),
        (
            "fail",
            both(
                without("training", TOM, kind="life_support"), add("training", practitioner="max", kind="life_support")
            ),
        ),
        (
            "fail",
            both(
                without("training", TOM, kind="life_support"),
                add("training", practitioner=TOM, kind="life_support", expires="2026-12-06"),
            ),
        ),
    ],
)
def test_life_support_is_had_by_one_of_the_two(expected: str, case: Change) -> None:
    assert status("team.life_support", case) == expected
