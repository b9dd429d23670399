"""`kapteam match`: its options, and what the practice that ships with kapteam is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, PRACTICE, Ask, run

MATCH = ("match", PRACTICE, "--on", DAY)
KEEP = "--keep"


@pytest.fixture(scope="module")
def plan(kapteam_says: Ask) -> Any:
    return kapteam_says(*MATCH, "--json").valid("match")


def _pairs(plan: Any) -> set[tuple[str, str, str]]:
    return {(t["prescriber"], p["practitioner"], t["site"]) for t in plan["teams"] for p in t["therapists"]}


def test_nineteen_therapists_are_teamed_and_it_is_proven(plan: Any) -> None:
    assert plan["status"] == "optimal"
    assert plan["objective"]["teamed"] == len(_pairs(plan)) == 19
    assert plan["objective"] == plan["bound"]


def test_salida_has_four_therapists_and_one_prescriber_who_takes_two(plan: Any) -> None:
    assert plan["shortage"] == {
        "therapists": ["archuleta", "lightfoot", "mckenna", "vang"],
        "prescribers": ["begay"],
        "deficiency": 2,
    }


def test_three_facts_are_worth_asking_for_first(plan: Any) -> None:
    assert [(c["practitioner"], c["rule"], c["adds"]) for c in plan["if_confirmed"]] == [
        ("ruiz", "malpractice.ketamine", 2),
        ("calloway", "legal.therapy_license", 1),
        ("hassan", "team.window", 1),
    ]


def test_each_left_out_has_the_reason_of_their_story(plan: Any) -> None:
    left = {(u["practitioner"], u["role"]): (u["reason"], u["rules"]) for u in plan["unmatched"]}
    assert left["bell", "therapist"] == ("no_license", ["legal.therapy_license"])
    assert left["doyle", "prescriber"] == ("not_eligible", ["legal.agreement"])
    assert left["tanaka", "prescriber"] == ("not_eligible", ["legal.registration"])
    assert left["fairchild", "prescriber"] == ("not_eligible", ["legal.authority"])
    assert left["thorne", "therapist"] == ("not_eligible", ["ethics.kap_training"])
    assert left["moreau", "therapist"][0] == "no_partner"
    assert left["lightfoot", "therapist"] == ("no_capacity", [])


def test_the_text_says_the_answer_first_and_the_next_command(kapteam_says: Ask) -> None:
    answer = kapteam_says(*MATCH)
    assert answer.out.startswith("19 of 27 therapists are teamed, and no plan teams more (proven).")
    order = [
        answer.out.index(part)
        for part in ("Boulder clinic (CO)", "Left out", "Ask first", "Ends within", "Not legal advice")
    ]
    assert order == sorted(order)
    assert "kapteam explain" in answer.out


def test_allowing_the_unknown_teams_more_and_says_what_to_verify(kapteam_says: Ask, plan: Any) -> None:
    allowed = kapteam_says(*MATCH, "--unknown", "allow", "--json").valid("match")
    assert allowed["unknown"] == "allow"
    assert allowed["objective"]["teamed"] > plan["objective"]["teamed"]
    places = [p for team in allowed["teams"] for p in team["therapists"]]
    assert {r for p in places if p["practitioner"] == "calloway" for r in p["to_verify"]} == {"legal.therapy_license"}
    assert "to verify" in kapteam_says(*MATCH, "--unknown", "allow").out


def test_two_partners_let_a_therapist_join_two_teams(kapteam_says: Ask, plan: Any) -> None:
    two = kapteam_says(*MATCH, "--max-partners", "2", "--json").valid("match")
    therapists = [therapist for _, therapist, _ in _pairs(two)]
    assert max(map(therapists.count, therapists)) == 2
    assert two["objective"]["teamed"] == len(therapists) > plan["objective"]["teamed"]
    assert two["shortage"] is None


def test_with_two_partners_the_text_does_not_call_a_therapist_two_therapists(kapteam_says: Ask) -> None:
    two = kapteam_says(*MATCH, "--max-partners", "2", "--json").json
    therapists = len({therapist for _, therapist, _ in _pairs(two)})
    assert f"{therapists} of 27 therapists" in kapteam_says(*MATCH, "--max-partners", "2").flat


def test_a_pair_that_is_kept_stays(kapteam_says: Ask, plan: Any) -> None:
    assert ("abara", "lindqvist", "hudson") not in _pairs(plan)
    for pair in ("abara,lindqvist", "abara, lindqvist, hudson"):
        kept = kapteam_says(*MATCH, KEEP, pair, "--json").valid("match")
        assert ("abara", "lindqvist", "hudson") in _pairs(kept)
        assert kept["held"] == [["abara", "lindqvist", "hudson"]]


def test_a_saved_plan_that_is_kept_stays_whole(kapteam_says: Ask, plan: Any, plan_file: Path) -> None:
    kept = kapteam_says(*MATCH, KEEP, plan_file, "--json").valid("match")
    assert _pairs(kept) == _pairs(plan)
    assert kept["objective"] == plan["objective"]


def test_a_pair_that_cannot_be_is_told_and_ends_with_1(kapteam_says: Ask) -> None:
    answer = kapteam_says(*MATCH, KEEP, "prado,bell", "--json")
    assert answer.status == 1
    plan = answer.valid("match")
    assert plan["status"] == "infeasible"
    assert [(c["about"], c["rule"]) for c in plan["conflicts"]] == [("prado + bell", "legal.therapy_license")]
    text = kapteam_says(*MATCH, KEEP, "prado,bell")
    assert text.status == 1
    assert "prado + bell" in text.out


def test_an_infeasible_plan_has_no_teams_even_where_another_pair_could_stay(kapteam_says: Ask) -> None:
    answer = kapteam_says(*MATCH, KEEP, "prado,bell", KEEP, "prado,lindqvist", "--json")
    assert answer.status == 1
    assert answer.json["teams"] == []
    assert answer.valid("match")["objective"] == {"teamed": 0, "points": 0}


def test_a_fair_plan_says_what_the_worst_off_have_and_what_it_costs(kapteam_says: Ask, plan: Any) -> None:
    fair = kapteam_says(*MATCH, "--fair", "sessions", "--json").valid("match")
    said = fair["fair"]
    assert (said["by"], said["worst"], said["gain"]) == ("sessions", 1, {"rank": 2, "has": 2, "otherwise": 1})
    assert fair["bound"] == plan["objective"]
    assert fair["objective"] == {"teamed": 19, "points": plan["objective"]["points"] - said["price"]}
    text = kapteam_says(*MATCH, "--fair", "sessions").flat
    assert "The worst-off has 1 weekly session, and no plan that teams as many gives everyone more (proven)." in text
    assert f"number 2 from below 1, not 2. Fairness costs {said['price']} points." in text


def test_by_points_this_practice_s_best_plan_is_as_fair_as_can_be(kapteam_says: Ask, plan: Any) -> None:
    fair = kapteam_says(*MATCH, "--fair", "points", "--json").valid("match")
    assert (fair["fair"]["worst"], fair["fair"]["price"], fair["fair"]["gain"]) == (590, 0, None)
    assert _pairs(fair) == _pairs(plan)
    assert plan["fair"] is None


def test_a_saved_fair_plan_is_verified(kapteam_says: Ask, tmp_path: Path) -> None:
    saved = tmp_path / "fair.json"
    saved.write_text(kapteam_says(*MATCH, "--fair", "sessions", "--json").out, encoding="utf-8")
    answer = run("verify", PRACTICE, saved)
    assert answer.status == 0
    assert "none teams more, and none gives everyone more" in answer.flat


def test_fairness_is_not_between_therapists_with_several_partners(kapteam_says: Ask) -> None:
    answer = kapteam_says(*MATCH, "--fair", "points", "--max-partners", "2")
    assert answer.status == 2
    assert "one partner each" in answer.err
    assert kapteam_says(*MATCH, "--fair", "kindness").status == 2


def test_a_protocol_by_name_judges_by_its_own_length(kapteam_says: Ask, plan: Any) -> None:
    group = kapteam_says(*MATCH, "--protocol", "group", "--json").valid("match")
    assert group["protocol"] == "group"
    assert group["objective"]["teamed"] <= plan["objective"]["teamed"]


def test_another_practice_file_is_used_instead_of_the_rosters_own(plan: Any, tmp_path: Path) -> None:
    file = tmp_path / "without time.toml"
    own = (Path(PRACTICE) / "practice.toml").read_text(encoding="utf-8")
    file.write_text(own + "\n[weights]\ntime = 0\n", encoding="utf-8")
    other = run(*MATCH, "--practice", file, "--json").valid("match")
    assert other["objective"]["teamed"] == plan["objective"]["teamed"]
    assert other["objective"]["points"] < plan["objective"]["points"]


def test_the_rosters_own_practice_file_does_not_count_where_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    answer = run(*MATCH, "--practice", tmp_path / "empty.toml", "--json")
    assert answer.status == 1
    assert {(p["table"], p["column"]) for p in answer.valid("errors")["errors"]} == {("demand", "protocol")}


def test_a_house_rule_from_a_file_decides_too(kapteam_says: Ask, plan: Any, tmp_path: Path) -> None:
    file = tmp_path / "house_rules.py"
    file.write_text(
        "import kapteam\n\n\n"
        '@kapteam.rule("house.spanish", subject="therapist", says="{person} does not speak Spanish")\n'
        "def spanish(rows):\n"
        '    return rows.speaks("es")\n',
        encoding="utf-8",
    )
    answer = run(*MATCH, "--rules", file, "--json")
    ruled = answer.valid("match")
    assert {therapist for _, therapist, _ in _pairs(ruled)} == {"archuleta", "solano"}
    assert {"practitioner": "osei", "role": "therapist", "reason": "not_eligible", "rules": ["house.spanish"]} in (
        ruled["unmatched"]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def broken(:", "SyntaxError"),
        ("x = 1", "defines no rule"),
        ("import no_such_module_at_all", "no_such_module_at_all"),
    ],
    ids=["syntax", "no rule", "import"],
)
def test_a_file_of_rules_that_holds_none_is_wrong_usage(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "rules.py").write_text(text, encoding="utf-8")
    answer = run(*MATCH, "--rules", tmp_path / "rules.py")
    assert answer.status == 2
    assert said in answer.err


def test_an_unknown_rule_in_the_practice_file_is_an_error_of_the_roster(practice: Path) -> None:
    with (practice / "practice.toml").open("a", encoding="utf-8") as file:
        file.write('\n[rules]\n"legal.licence" = "warn"\n')
    answer = run("match", practice, "--on", DAY, "--json")
    assert answer.status == 1
    (error,) = answer.valid("errors")["errors"]
    assert error["column"] == "rules.legal.licence"
    assert error["nearest"] == ["legal.license"]


def test_a_file_to_keep_that_is_no_plan_is_wrong_usage(tmp_path: Path) -> None:
    for name, text in (("broken.json", "{"), ("other.json", json.dumps({"teams": 3})), ("bytes.json", None)):
        if text is None:
            (tmp_path / name).write_bytes(b"\xff\xfe\x00")
        else:
            (tmp_path / name).write_text(text, encoding="utf-8")
        answer = run(*MATCH, KEEP, tmp_path / name)
        assert answer.status == 2, name
        assert "plan" in answer.err
