"""`kapteam explain`: one person, two, a site, and someone who is not there."""

from __future__ import annotations

from asking import DAY, PRACTICE, Ask

from kapteam.rules.rulebook import OWN

ON = ("--on", DAY)


def test_a_person_in_a_team_is_told_the_team(kapteam_says: Ask) -> None:
    answer = kapteam_says("explain", PRACTICE, "lindqvist", *ON)
    assert answer.status == 0
    assert answer.out.startswith("Ana Lindqvist (lindqvist)")
    assert "teamed at Hudson clinic (NY): Dr. Inés Prado (prado)" in answer.flat


def test_a_person_left_out_is_told_why_and_what_would_turn_it(kapteam_says: Ask) -> None:
    answer = kapteam_says("explain", PRACTICE, "tanaka", *ON)
    assert "DEA registration in Colorado ended on 2026-10-31" in answer.flat
    assert "→ renew the Colorado DEA registration with Schedule 3N, or register anew, about 42 days" in answer.flat


def test_one_of_a_shortage_is_told_whom_they_share(kapteam_says: Ask) -> None:
    assert "4 therapists share" in kapteam_says("explain", PRACTICE, "lightfoot", *ON).flat


def test_two_people_are_judged_by_every_rule_in_their_order(kapteam_says: Ask) -> None:
    answer = kapteam_says("explain", PRACTICE, "prado", "lindqvist", *ON, "--json")
    document = answer.valid("explain")
    (hudson,) = [link for link in document["links"] if link["site"] == "hudson"]
    assert (hudson["prescriber"], hudson["therapist"], hudson["verdict"]) == ("prado", "lindqvist", "pass")
    rules = [f["rule"] for f in hudson["findings"]]
    assert list(dict.fromkeys(rules)) == [r.id for r in OWN]
    assert rules.count("malpractice.cover") == 2


def test_the_order_of_two_people_does_not_matter_where_only_one_prescribes(kapteam_says: Ask) -> None:
    one = kapteam_says("explain", PRACTICE, "prado", "lindqvist", *ON, "--json")
    other = kapteam_says("explain", PRACTICE, "lindqvist", "prado", *ON, "--json")
    assert one.out == other.out


def test_two_people_who_never_meet_are_judged_all_the_same(kapteam_says: Ask) -> None:
    document = kapteam_says("explain", PRACTICE, "begay", "lindqvist", *ON, "--json").valid("explain")
    assert {link["verdict"] for link in document["links"]} == {"fail"}
    failing = {f["rule"] for link in document["links"] for f in link["findings"] if f["status"] == "fail"}
    assert "team.window" in failing


def test_a_site_leaves_out_the_others(kapteam_says: Ask) -> None:
    document = kapteam_says("explain", PRACTICE, "prado", "--site", "montclair", *ON, "--json").valid("explain")
    assert document["links"]
    assert {link["site"] for link in document["links"]} == {"montclair"}
    assert "Montclair clinic (NJ)" in kapteam_says("explain", PRACTICE, "prado", "kim", "--site", "montclair", *ON).flat


def test_a_finding_that_fails_says_what_it_rests_on_and_what_would_turn_it(kapteam_says: Ask) -> None:
    document = kapteam_says("explain", PRACTICE, "abara", "kim", "--site", "montclair", *ON, "--json").valid("explain")
    (finding,) = [f for f in document["links"][0]["findings"] if f["rule"] == "legal.registration"]
    assert finding["status"] == "fail"
    assert "21 CFR 1308.13(c)" in finding["citations"]
    assert finding["remedy"]["change"] == "have the DEA add Schedule 3N to the New Jersey registration"
    assert "ketamine needs 3N" in finding["message"]


def test_someone_who_prescribes_and_sits_can_be_explained_with_themself(kapteam_says: Ask) -> None:
    document = kapteam_says("explain", PRACTICE, "whitfield", "whitfield", *ON, "--json").valid("explain")
    assert [(link["site"], link["verdict"]) for link in document["links"]] == [("boulder", "pass")]


def test_a_monitor_has_no_links_and_that_is_no_error(kapteam_says: Ask) -> None:
    assert kapteam_says("explain", PRACTICE, "stokes", *ON, "--json").valid("explain")["links"] == []
    answer = kapteam_says("explain", PRACTICE, "stokes", *ON)
    assert answer.status == 0
    assert "Ben Stokes" in answer.out


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(kapteam_says: Ask) -> None:
    for words, meant in (
        (("lindquist",), "did you mean 'lindqvist'?"),
        (("prado", "lindquist"), "did you mean 'lindqvist'?"),
        (("prado", "--site", "hudsn"), "did you mean 'hudson'?"),
        (("Ana Lindqvist",), "did you mean 'lindqvist'?"),
    ):
        answer = kapteam_says("explain", PRACTICE, *words, *ON)
        assert answer.status == 2
        assert meant in answer.err


def test_someone_who_is_no_candidate_is_told_so(kapteam_says: Ask) -> None:
    for person in ("stokes", "lark"):
        answer = kapteam_says("explain", PRACTICE, person, *ON)
        assert len(answer.out.split("Not legal advice")[0].split("\n\n")[0].splitlines()) > 1
