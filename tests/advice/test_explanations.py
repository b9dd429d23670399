"""Why a link is what it is: the findings of a pair or a person, in order, with citation and remedy."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from kapteam.records.problems import UsageError
from strategies import Written, rosters
from tiny import Change, both, change, changed, law, message, nothing, practice


def test_of_two_people_every_site_where_either_has_hours_is_explained() -> None:
    network = changed(change("hours", "tom", site="other")).network()
    assert [e.link.site for e in network.explain("pia", "tom")] == ["clinic", "other"]
    assert [e.link.site for e in network.explain("pia", "tom", "screen")] == ["screen"]


def test_the_order_of_the_two_names_does_not_matter_where_one_way_makes_sense() -> None:
    network = changed(nothing).network()
    one, other = network.explain("pia", "tom"), network.explain("tom", "pia")
    assert [e.as_dict() for e in one] == [e.as_dict() for e in other]


def test_a_person_s_links_are_those_listed_in_either_role() -> None:
    network = changed(nothing).network()
    assert [(e.link.prescriber, e.link.therapist) for e in network.explain("tom")] == [("pia", "tom")]
    assert len(network.explain("max")) == len(network.explain("tom", site="other")) == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("tmo",), "'tom'"),
        (("pia", "nobody"), "nobody"),
        (("pia", "tom", "clinik"), "'clinic'"),
        (("pia", None, "x"), "site"),
    ],
)
def test_who_is_not_on_the_roster_cannot_be_explained(asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        changed(nothing).network().explain(*asked)


@pytest.mark.parametrize(
    ("change_", "rules"),
    [
        (nothing, []),
        (change("registrations", "pia", schedules="3"), ["legal.registration", "legal.site_registration"]),
        (both(change("coverage", "tom", ketamine=""), change("licenses", "tom", status="suspended")),
         ["legal.therapy_license", "malpractice.ketamine"]),
        # Of the four rules that ask for a start the window alone is told.
        (change("hours", "tom", when="Tue 09:00-12:00"), ["team.window"]),
    ],
)  # fmt: skip
def test_in_the_way_are_the_failing_blocks_and_then_the_unknown_ones(change_: Change, rules: list[str]) -> None:
    (one,) = changed(change_).network().explain("pia", "tom", "clinic")
    assert [f.rule for f in one.in_the_way] == rules
    assert [f.status for f in one.in_the_way] == sorted((f.status for f in one.in_the_way), key="fail unknown".index)


def test_a_finding_says_who_where_and_what_would_turn_it() -> None:
    (one,) = changed(change("registrations", "pia", schedules="")).network().explain("pia", "tom", "clinic")
    finding = next(f for f in one.findings if f.rule == "legal.registration")
    assert (finding.status, finding.severity, finding.subject) == ("unknown", "block", "pia as prescriber at clinic")
    assert "3N" not in finding.message or "schedules" in finding.message
    assert finding.citations
    assert finding.remedy is not None
    assert "pia" in finding.remedy.change
    assert "New York" in finding.remedy.change
    link = next(f for f in one.findings if f.rule == "team.ties")
    assert link.subject == "pia + tom at clinic"


def test_a_practice_says_what_a_remedy_costs_it() -> None:
    failing = change("registrations", "pia", schedules="2")
    asked = change("registrations", "pia", schedules="")
    own = practice("remedies", {"legal.registration": {"dollars": 100, "ask_days": 3}})
    told = [changed(case, own).network().explain("pia", "tom", "clinic")[0] for case in (failing, asked)]
    mend, ask = (next(f.remedy for f in one.findings if f.rule == "legal.registration") for one in told)
    assert mend is not None
    assert ask is not None
    assert (mend.dollars, mend.days, mend.basis) == (100, 28, "the practice file")
    assert (ask.dollars, ask.days, ask.basis) == (0, 3, "the practice file")


def test_a_finding_that_rests_on_the_practice_s_word_cites_it() -> None:
    written = changed(law("source", "a letter of our counsel"), law("ketamine", "no"))
    (one,) = written.network().explain("pia", "tom", "clinic")
    cited = next(f for f in one.findings if f.rule == "legal.authority").citations
    assert cited == ("a letter of our counsel",)


def test_a_finding_that_rests_on_the_carrier_s_word_cites_it() -> None:
    silent = both(
        change("coverage", "pia", ketamine=""),
        practice("carriers/Acorn", {"ketamine": False, "source": "their form 7"}),
    )
    (one,) = changed(silent).network().explain("pia", "tom", "clinic")
    assert next(f for f in one.findings if f.rule == "malpractice.ketamine").citations == ("their form 7",)


@pytest.mark.parametrize(
    ("rule", "change_", "words"),
    [
        ("legal.license", change("licenses", "pia", expires="2026-12-01"), "ended on 2026-12-01"),
        ("legal.license", change("licenses", "pia", jurisdiction="CO"), "the licences are of CO"),
        ("legal.registration", change("registrations", "pia", expires="2026-12-01"), "ended on 2026-12-01"),
        ("malpractice.cover", change("coverage", "pia", expires="2026-12-01"), "ended on 2026-12-01"),
        ("malpractice.cover", change("coverage", "pia", role="therapist"), "for another role"),
        ("ethics.kap_training", change("training", "tom", hours="7.5"), "7.5 hours"),
        ("team.window", nothing, "3-hour session fits the hours of pia and tom at clinic once a week"),
        ("team.window", change("hours", "tom", when=""), "nobody wrote down"),
        ("legal.agreement", change("agreements", "pia", kind="consultation"), "needs an agreement with a physician"),
    ],
)
def test_the_words_name_what_comes_nearest(rule: str, change_: Change, words: str) -> None:
    assert words in message(rule, change_)


@given(rosters(people=(2, 4)))
def test_every_explanation_is_a_document(written: Written) -> None:
    network = written.network()
    for person in network.roster.people:
        for explained in network.explain(person):
            document = explained.as_dict()
            assert json.loads(json.dumps(document)) == document
            assert set(document) == {
                "site", "prescriber", "therapist", "verdict", "points", "weekly_sessions", "findings",
            }  # fmt: skip
            assert {"rule", "status", "severity", "subject", "message", "citations", "remedy"} <= set(
                document["findings"][0]
            )
