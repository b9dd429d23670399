"""`kapteam resilience`: what absences and ends cost, as a person and as a program reads it."""

from __future__ import annotations

from pathlib import Path

from asking import DAY, PRACTICE, Ask, run

ON = ("--on", DAY)


def test_the_answer_comes_first_and_the_worst_absence_at_the_top(kapteam_says: Ask) -> None:
    answer = kapteam_says("resilience", PRACTICE, *ON)
    assert answer.status == 0
    assert answer.flat.startswith("19 therapists are teamed. No absence loses more than that of Dr. Søren Nygaard")
    assert "No two absences together lose more than those of Dr. Søren Nygaard (nygaard) and" in answer.flat
    lines = answer.out.split("If they are absent")[1].splitlines()
    assert lines[2].split() == [
        "Dr.", "Søren", "Nygaard", "(nygaard)", "4", "4", "places", "nobody", "can", "step", "in",
    ]  # fmt: skip
    assert "Dr. Lorraine Begay takes Ian McKenna at" in answer.flat
    assert "Not legal advice." in answer.out


def test_who_leaves_takes_agreements_along_and_what_ends_is_told(kapteam_says: Ask) -> None:
    out = kapteam_says("resilience", PRACTICE, *ON).flat
    assert "Dr. Inés Prado (prado) loses 3 places takes along 3 links of others" in out
    assert "2026-12-31 federal law: telehealth = yes 1 place" in out


def test_the_document_is_as_its_schema_says_and_adds_up_to_the_plan(kapteam_says: Ask) -> None:
    document = kapteam_says("resilience", PRACTICE, *ON, "--json").valid("resilience")
    plan = kapteam_says("match", PRACTICE, *ON, "--json").json
    teamed = {t["prescriber"] for t in plan["teams"]} | {
        x["practitioner"] for t in plan["teams"] for x in t["therapists"]
    }
    assert [a["practitioner"] for a in document["resilience"]] == sorted(teamed)
    solos = sum(x["practitioner"] == t["prescriber"] for t in plan["teams"] for x in t["therapists"])
    assert sum(a["places"] for a in document["resilience"]) == 2 * plan["objective"]["teamed"] - solos
    single = {a["practitioner"]: (a["away"]["teamed"], a["away"]["points"]) for a in document["resilience"]}
    worst = document["worst_two"]
    assert (worst["teamed"], worst["points"]) >= max(single.values())
    ends = document["expiring"]
    assert ends == sorted(ends, key=lambda e: (-e["teamed"], -e["points"], e["expires"], e["practitioner"] or ""))
    listed = kapteam_says("check", PRACTICE, *ON, "--json").json["expiring"]
    assert sorted(map(str, listed)) == sorted(str({k: e[k] for k in ("practitioner", "what", "expires")}) for e in ends)


def test_one_person_and_fewer_days(kapteam_says: Ask) -> None:
    document = kapteam_says("resilience", PRACTICE, "prado", *ON, "--within", "0", "--json").valid("resilience")
    assert [a["practitioner"] for a in document["resilience"]] == ["prado"]
    assert (document["worst_two"], document["expiring"]) == (None, [])
    told = kapteam_says("resilience", PRACTICE, "prado", *ON)
    assert told.out.startswith(
        "2 places stand on Dr. Inés Prado (prado); without them the best re-match loses 1 place."
    )
    two = kapteam_says("resilience", PRACTICE, "prado", "abara", *ON, "--json").valid("resilience")
    assert two["worst_two"]["practitioners"] == ["abara", "prado"]


def test_unknown_links_may_be_used(kapteam_says: Ask) -> None:
    document = kapteam_says("resilience", PRACTICE, *ON, "--unknown", "allow", "--json").valid("resilience")
    plan = kapteam_says("match", PRACTICE, *ON, "--unknown", "allow", "--json").json
    assert max(a["places"] for a in document["resilience"]) == max(len(t["therapists"]) for t in plan["teams"])


def test_where_nobody_is_teamed_it_says_so(practice: Path) -> None:
    registrations = practice / "registrations.csv"
    registrations.write_text(registrations.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    answer = run("resilience", practice, *ON)
    assert (answer.status, answer.out.splitlines()[0]) == (0, "Nobody is teamed, so no absence loses anything.")
    assert run("resilience", practice, *ON, "--json").valid("resilience")["resilience"] == []


def test_who_is_not_there_and_what_is_no_number_of_days_is_wrong_usage(kapteam_says: Ask) -> None:
    answer = kapteam_says("resilience", PRACTICE, "pardo", *ON)
    assert (answer.status, answer.out) == (2, "")
    assert "did you mean 'prado'?" in answer.err
    assert kapteam_says("resilience", PRACTICE, *ON, "--within", "-1").status == 2


def test_the_last_day_there_is_has_no_day_after(kapteam_says: Ask) -> None:
    document = kapteam_says("resilience", PRACTICE, "--on", "9999-12-31", "--json").valid("resilience")
    assert document["expiring"] == []
