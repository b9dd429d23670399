"""A rule of the house's own works wherever kapteam's do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import kapteam
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.records.problems import RosterError, UsageError
from kapteam.rules.rule import Remedy, Rule, rule
from kapteam.rules.rulebook import Rulebook, rules_in
from strategies import NO_PACKS
from tiny import Change, add, both, change, changed, nothing, practice

SPANISH = """
import kapteam

@kapteam.rule(
    "house.spanish",
    subject="therapist",
    says={"fail": "{person} does not speak Spanish at {site} in {state}", "pass": "{person} does"},
    cites="our charter",
    remedy=kapteam.Remedy("learn Spanish", 365, 500),
    ask=kapteam.Remedy("ask {person} what they speak", 1, 0),
)
def spanish(rows):
    return rows.speaks("es")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "house.py"
    path.write_text(SPANISH, encoding="utf-8")
    return path


def speaks(languages: str) -> Change:
    return change("practitioners", "tom", languages=languages)


@pytest.mark.parametrize(("languages", "verdict"), [("en;es", "pass"), ("en", "fail"), ("", "unknown")])
def test_a_rule_from_a_file_decides_links_teams_and_explanations(languages: str, verdict: str, file: Path) -> None:
    network = changed(speaks(languages)).network(house=rules_in(file))
    assert [link.verdict for link in network if link.site == "clinic"] == [verdict]
    result = network.match()
    assert result.objective.teamed == (verdict == "pass")
    (one,) = network.explain("pia", "tom", "clinic")
    finding = one.findings[-1]
    assert (finding.rule, finding.status, finding.severity) == ("house.spanish", verdict, "block")
    assert finding.citations == ("our charter",)
    if verdict == "fail":
        assert finding.message == "Tom does not speak Spanish at clinic in New York"
        assert finding.remedy is not None
        assert finding.remedy.change == "learn Spanish"
        assert [u.rules for u in result.unmatched if u.practitioner == "tom"] == [("house.spanish",)]
        assert [u.reason for u in result.unmatched if u.practitioner == "tom"] == ["not_eligible"]
    if verdict == "unknown":
        assert finding.remedy is not None
        assert finding.remedy.change == "ask tom what they speak"
        assert [(c.practitioner, c.rule, c.adds) for c in result.if_confirmed] == [("tom", "house.spanish", 1)]
        allowed = network.match(unknown="allow")
        assert [p.to_verify for t in allowed.teams for p in t.therapists] == [("house.spanish",)]
    assert network.verify(result).violations == ()


@pytest.mark.parametrize(
    ("severity", "verdict", "told"),
    [("block", "fail", True), ("warn", "pass", True), ("note", "pass", True), ("off", "pass", False)],
)
def test_the_practice_sets_its_severity(severity: str, verdict: str, told: bool, file: Path) -> None:
    written = changed(speaks("en"), practice("rules", {"house.spanish": severity}))
    (one,) = written.network(house=rules_in(file)).explain("pia", "tom", "clinic")
    assert one.link.verdict == verdict
    assert ("house.spanish" in [f.rule for f in one.findings]) == told


@pytest.mark.parametrize("kind", [str, Path])
def test_the_api_reads_the_file_by_its_path(kind: type, file: Path) -> None:
    roster = changed(speaks("en")).roster()
    network = kapteam.links(roster, on=changed(nothing).on, rules=kind(file))
    assert all(link.verdict == "fail" for link in network)


def test_a_severity_of_a_rule_that_does_not_exist_is_an_error_with_the_nearest_one() -> None:
    with pytest.raises(RosterError) as caught:
        changed(practice("rules", {"legal.licence": "warn"})).network()
    assert caught.value.problems[0].nearest == ("legal.license",)


def one(id: str, subject: str = "link") -> Rule:
    @rule(id, subject=subject)  # type: ignore[arg-type]
    def judge(rows: Members | Pairs) -> np.ndarray:
        return np.ones(len(rows), bool)

    return judge


def test_two_rules_of_one_id_are_refused() -> None:
    with pytest.raises(UsageError, match=r"house\.a"):
        changed(nothing).network(house=[one("house.a"), one("house.a")])
    with pytest.raises(UsageError, match=r"legal\.license"):
        changed(nothing).network(house=[one("legal.license")])


@pytest.mark.parametrize(
    "verdicts",
    [lambda rows: np.ones(len(rows) + 1), lambda rows: 1, lambda rows: np.full(len(rows), 3), lambda rows: None,
     lambda rows: np.ones((len(rows), 1)), lambda rows: np.full(len(rows), 0.5)],
)  # fmt: skip
def test_a_rule_that_gives_no_verdict_for_each_row_is_named(verdicts) -> None:  # type: ignore[no-untyped-def]
    bad = rule("house.bad", subject="link")(verdicts)
    with pytest.raises(UsageError, match=r"house\.bad must give one verdict"):
        changed(nothing).network(house=[bad])


def test_a_rule_that_breaks_is_named_with_what_broke() -> None:
    bad = rule("house.bad", subject="link")(lambda rows: rows.no_such_thing)
    with pytest.raises(UsageError, match=r"house\.bad broke: AttributeError"):
        changed(nothing).network(house=[bad])


def test_booleans_and_lists_are_verdicts_too() -> None:
    house = [
        rule("house.booleans", subject="link")(lambda rows: np.ones(len(rows), bool)),
        rule("house.lists", subject="link")(lambda rows: [-1] * len(rows)),
    ]
    (found,) = changed(nothing).network(house=house).explain("pia", "tom", "clinic")
    assert [f.status for f in found.findings[-2:]] == ["pass", "fail"]
    assert found.link.verdict == "fail"


@pytest.mark.parametrize(("subject", "times"), [("prescriber", 1), ("therapist", 1), ("member", 2), ("link", 1)])
def test_a_rule_is_judged_once_of_its_subject_and_twice_of_each_member(subject: str, times: int) -> None:
    (found,) = changed(nothing).network(house=[one("house.a", subject)]).explain("pia", "tom", "clinic")
    assert [f.rule for f in found.findings].count("house.a") == times


def test_a_link_rule_sees_both_people_and_an_unknown_of_it_is_both_s_to_confirm() -> None:
    def open_(links: Pairs) -> np.ndarray:
        assert len(links.prescriber_person) == len(links.therapist_person) == len(links)
        return np.zeros(len(links), np.int8)

    result = changed(nothing).network(house=[rule("house.open", subject="link")(open_)]).match()
    assert [(c.practitioner, c.rule, c.adds) for c in result.if_confirmed] == [
        ("pia", "house.open", 1),
        ("tom", "house.open", 1),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("import no_such_module_anywhere", "ModuleNotFoundError"), ("def :", "SyntaxError"), ("x = 1", "no rule")],
)
def test_a_file_that_holds_no_rules_is_refused_with_the_reason(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        rules_in(path)
    with pytest.raises(UsageError):
        rules_in(tmp_path / "nowhere.py")


@pytest.mark.parametrize("wrong", [{"subject": "site"}, {"subject": "link", "severity": "strict"}])
def test_a_rule_of_no_such_subject_or_severity_cannot_be_made(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is one of"):
        rule("house.a", **wrong)  # type: ignore[arg-type]


def test_a_rulebook_without_house_rules_holds_the_twenty_four_in_order() -> None:
    book = Rulebook.of(changed(nothing).roster().practice)
    ids = [r.id for r in book.rules]
    assert len(ids) == 24
    assert (ids[0], ids[8], ids[9], ids[15], ids[-1]) == (
        "legal.license", "legal.presence", "malpractice.cover", "ethics.kap_training", "team.life_support",
    )  # fmt: skip


def test_members_offer_what_a_house_rule_reads_most() -> None:
    seen: dict[str, object] = {}

    def look(rows: Members) -> np.ndarray:
        seen["people"] = sorted({p.practitioner for p in rows.practitioners()})
        seen["sites"] = sorted({s.site for s in rows.sites()})
        seen["specialty"] = sorted(set(rows.specialty_in(["psychiatric_nursing"]).tolist()))
        return rows.setting_in("clinic")

    house = [rule("house.look", subject="prescriber", remedy=Remedy("move"))(look)]
    written = changed(
        both(add("hours", practitioner="pia", site="home"), add("hours", practitioner="tom", site="home"))
    )
    network = written.network(house=house, packs=NO_PACKS)
    assert seen == {"people": ["pia"], "sites": ["clinic", "home"], "specialty": [1]}
    found = network.explain("pia", "tom")
    assert [(e.link.site, e.findings[-1].status) for e in found] == [("clinic", "pass"), ("home", "fail")]
