"""Who may do what where, and what ends soon."""

from __future__ import annotations

import pytest
from hypothesis import given

from kapteam.advice.check import eligibility
from strategies import SHIPPED, Written, rosters
from tiny import Change, add, both, change, changed, nothing, practice

MONITOR = both(
    add("hours", practitioner="max", site="clinic", when="Mon 09:00-12:00"),
    add("coverage", practitioner="max", role="monitor", carrier="Acorn", ketamine="yes"),
)


def verdicts(*changes: Change) -> dict[tuple[str, str, str], str]:
    return {(e.practitioner, e.role, e.site): e.verdict for e in changed(*changes).network().eligibility()}


def test_everyone_is_judged_in_each_role_at_each_site_where_they_have_hours() -> None:
    assert verdicts(MONITOR) == {
        ("max", "monitor", "clinic"): "pass",
        ("pia", "prescriber", "clinic"): "pass",
        ("tom", "therapist", "clinic"): "pass",
    }


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("pass", change("licenses", "max", profession="registered_nurse")),
        ("pass", change("licenses", "max", profession="physician_assistant")),
        ("fail", change("licenses", "max", profession="psychologist")),
        ("fail", change("licenses", "max", profession="naturopathic_physician")),
        ("pass", change("licenses", "max", status="privilege")),
        ("fail", change("licenses", "max", status="restricted")),  # active or a privilege
        ("fail", change("licenses", "max", jurisdiction="CO")),
        ("fail", change("coverage", "max", ketamine="no")),
        ("unknown", change("coverage", "max", ketamine="")),
        ("pass", both(change("coverage", "max", ketamine="no"), practice("rules", {"malpractice.ketamine": "warn"}))),
        ("fail", change("coverage", "max", role="therapist")),
        ("pass", change("coverage", "max", role="")),
    ],
)
def test_a_monitor_has_a_monitoring_licence_and_a_policy_that_covers(expected: str, case: Change) -> None:
    assert verdicts(MONITOR, case)["max", "monitor", "clinic"] == expected


@given(rosters(people=(2, 5)))
def test_eligibility_is_what_the_oracle_finds_of_each_alone(written: Written) -> None:
    judged = written.judged()
    for one in written.network().eligibility():
        assert judged.roster.has_hours(one.practitioner, one.site)
        if one.role == "monitor":
            continue
        alone = judged.alone(one.practitioner, one.role, one.site)
        assert sorted((f.rule, f.status) for f in one.findings) == sorted((f.rule, f.status) for f in alone)
        statuses = {f.status for f in judged.blocks(alone, "fail", "unknown")}
        assert one.verdict == ("fail" if "fail" in statuses else "unknown" if statuses else "pass")


def test_what_ends_within_the_days_is_told_the_soonest_first() -> None:
    written = changed(
        change("licenses", "tom", expires="2026-12-20"),
        change("registrations", "pia", expires="2026-12-10"),
        change("coverage", "pia", expires="2026-12-07"),
        change("coverage", "tom", expires="2026-12-06"),  # has ended
        change("agreements", "pia", expires="2027-03-01"),  # not so soon
        change("training", "tom", completed="2027-01-01", expires="2027-01-02"),  # has not begun
    )
    network = written.network()
    told = [(e.practitioner, e.expires.isoformat()) for e in network.expiring(within=30)]
    assert told == [("pia", "2026-12-07"), ("pia", "2026-12-10"), ("tom", "2026-12-20")]
    assert [e.expires.isoformat() for e in network.expiring(within=0)] == ["2026-12-07"]


def test_what_ends_may_be_the_law_itself() -> None:
    told = [e for e in changed(nothing).network(packs=SHIPPED).expiring(within=30) if e.practitioner is None]
    assert "2026-12-31" in {e.expires.isoformat() for e in told}
    assert any("telehealth" in e.what for e in told)


@given(rosters(people=(2, 6)))
def test_each_is_put_into_words_when_asked_for_and_stands_in_the_order_of_their_ids(written: Written) -> None:
    asked = eligibility(written.network().links)
    one_by_one = [asked[place] for place in range(len(asked))]
    assert one_by_one == list(asked) == sorted(asked, key=lambda e: (e.practitioner, e.role, e.site))
    assert list(asked.by_site()) == sorted(asked, key=lambda e: (e.site, e.role, e.practitioner))
    assert list(asked.by_site().by_person()) == one_by_one
    assert list(asked[1:3]) == one_by_one[1:3]
    assert list(asked[::-1]) == one_by_one[::-1]
