"""`kapteam complement`: who completes a person, as a process."""

from __future__ import annotations

from pathlib import Path

from asking import DAY, PRACTICE, Ask, run

ON = ("--on", DAY)


def test_the_answer_comes_first_then_who_could_now_then_the_nearest_misses(kapteam_says: Ask) -> None:
    answer = kapteam_says("complement", PRACTICE, "lindqvist", *ON)
    assert answer.status == 0
    assert answer.out.startswith("2 of 15 prescribers could team with Ana Lindqvist (lindqvist) now.")
    parts = ("Nothing of Ana Lindqvist alone", "Could team now", "Dr. Inés Prado (prado)", "Nearest misses", "(mehta)")
    places = [answer.flat.index(part) for part in parts]
    assert places == sorted(places)
    assert "brings acceptance commitment therapy, psychodynamic, speaks es" not in answer.flat.split("Nearest")[1]
    assert "→ have a DEA registration at Hudson clinic itself" in answer.flat


def test_a_person_s_own_gap_is_told_once_and_first(kapteam_says: Ask) -> None:
    answer = kapteam_says("complement", PRACTICE, "tanaka", *ON)
    assert "In the way of any team, of Dr. Keiko Tanaka alone" in answer.flat
    assert answer.out.count("ended on 2026-10-31") == 1
    assert "only what is in the way of Dr. Keiko Tanaka alone" in answer.flat


def test_the_document_is_as_the_schema_says(kapteam_says: Ask) -> None:
    document = kapteam_says("complement", PRACTICE, "lindqvist", *ON, "--json").valid("complement")
    assert list(document) == ["on", "practitioner", "complement", "solo", "alone", "people", "more"]
    assert [(c["practitioner"], c["status"]) for c in document["complement"]][:2] == [
        ("prado", "pass"), ("abara", "pass"),
    ]  # fmt: skip
    mehta = document["complement"][2]
    assert (mehta["dollars"], mehta["days"]) == (888, 42)
    assert [f["rule"] for f in mehta["findings"]] == ["legal.site_registration"]
    assert len(document["complement"]) == 10
    assert sum(document["people"].values()) == 15


def test_one_of_both_roles_is_told_both_ways_and_themself(kapteam_says: Ask) -> None:
    document = kapteam_says("complement", PRACTICE, "whitfield", *ON, "--json").valid("complement")
    assert {c["role"] for c in document["complement"]} == {"prescriber", "therapist"}
    assert [(c["role"], c["site"], c["status"]) for c in document["solo"]] == [("both", "boulder", "pass")]
    assert "Alone, as both prescriber and therapist" in kapteam_says("complement", PRACTICE, "whitfield", *ON).out


def test_a_site_and_a_number_narrow_the_answer(kapteam_says: Ask) -> None:
    words = ("complement", PRACTICE, "lindqvist", "--site", "montclair", "--best", 2, *ON, "--json")
    document = kapteam_says(*words).valid("complement")
    assert [c["site"] for c in document["complement"]] == ["montclair", "montclair"]
    assert [f["rule"] for f in document["alone"]] == ["legal.therapy_license"]


def test_anyone_tells_whom_to_ask_and_what_and_how_far_they_are(practice: Path) -> None:
    with (practice / "practitioners.csv").open("a", encoding="utf-8") as people:
        people.write("stranger,Dr. Away\n")
    with (practice / "licenses.csv").open("a", encoding="utf-8") as licences:
        licences.write("stranger,NY,physician\n")
    answer = run("complement", practice, "lindqvist", "--anyone", "--json", *ON)
    asked = [c for c in answer.valid("complement")["complement"] if c["status"] == "to_ask"]
    assert [(c["practitioner"], c["site"], c["distance_km"]) for c in asked] == [("stranger", "hudson", None)]
    assert asked[0]["questions"][0] == "do they hold a DEA registration in New York that lists 3N?"
    text = run("complement", practice, "lindqvist", "--anyone", *ON)
    assert "1 to ask, who is not counted as possible" in text.flat
    assert "when could they be at Hudson clinic?" in text.flat
    far = run("complement", practice, "tanaka", "--anyone", *ON)
    assert "Amina Hassan (hassan), therapist, for Boulder clinic (CO), 2,617 km away" in far.flat


def test_who_fills_no_role_is_completed_by_nobody(kapteam_says: Ask) -> None:
    answer = kapteam_says("complement", PRACTICE, "stokes", *ON)
    assert answer.status == 1
    assert "neither prescriber nor therapist" in answer.flat
    assert kapteam_says("complement", PRACTICE, "stokes", *ON, "--json").valid("complement")["complement"] == []


def test_what_is_asked_wrongly_is_told(kapteam_says: Ask) -> None:
    for words, said in (
        (("lindquist",), "did you mean 'lindqvist'?"),
        (("lindqvist", "--site", "hudsn"), "did you mean 'hudson'?"),
    ):
        answer = kapteam_says("complement", PRACTICE, *words, *ON)
        assert answer.status == 2
        assert said in answer.err
