"""`kapteam draw` as a process: pictures by their ending, of the network and of a week; and what cannot be drawn."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from asking import DAY, PRACTICE, Ask, run

import kapteam
from clinics import house, someone

SVG = "{http://www.w3.org/2000/svg}"


def groups(svg: str, kind: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg.encode())
    return [g for g in root.iter(f"{SVG}g") if kind in (g.get("class") or "").split()]


def test_the_network_goes_to_standard_output(kapteam_says: Ask) -> None:
    said = kapteam_says("draw", PRACTICE, "--on", DAY)
    assert (said.status, said.err) == (0, "")
    assert len({g.get("data-person") for g in groups(said.out, "person")}) == 44
    assert "19 of 27 therapists are teamed" in said.out
    assert run("draw", PRACTICE, "--on", DAY, "-o", "-").out == said.out


def test_the_picture_is_that_of_the_plan(kapteam_says: Ask) -> None:
    plan = kapteam_says("match", PRACTICE, "--on", DAY, "--json").json
    root = ElementTree.fromstring(kapteam_says("draw", PRACTICE, "--on", DAY).out.encode())
    drawn = {
        (path.get("data-site"), path.get("data-prescriber"), path.get("data-therapist"))
        for path in root.iter(f"{SVG}path")
        if "team" in (path.get("class") or "").split() and path.get("data-row")
    }
    planned = {(t["site"], t["prescriber"], m["practitioner"]) for t in plan["teams"] for m in t["therapists"]}
    assert drawn == planned


def test_a_week_is_the_plan_of_that_week(kapteam_says: Ask) -> None:
    svg = kapteam_says("draw", PRACTICE, "--week", DAY).out
    plan = kapteam_says("schedule", PRACTICE, "--week", DAY, "--json").json
    assert {g.get("data-uid") for g in groups(svg, "session")} - {None} == {s["uid"] for s in plan["sessions"]}


def test_the_ending_says_as_what(tmp_path: Path, kapteam_says: Ask) -> None:
    svg, png = tmp_path / "network.svg", tmp_path / "network.PNG"
    told = run("draw", PRACTICE, "--on", DAY, "-o", svg)
    assert (told.status, told.out, told.err) == (0, "", f"wrote {svg}\n")
    assert svg.read_text(encoding="utf-8") == kapteam_says("draw", PRACTICE, "--on", DAY).out
    told = run("draw", PRACTICE, "--on", DAY, "-o", png, "--width", 700)
    assert (told.status, told.out, told.err) == (0, "", f"wrote {png}\n")
    assert struct.unpack(">I", png.read_bytes()[16:20]) == (700,)


def test_one_site_and_failing_links(kapteam_says: Ask) -> None:
    some = kapteam_says("draw", PRACTICE, "--on", DAY, "--site", "hudson").out
    more = kapteam_says("draw", PRACTICE, "--on", DAY, "--site", "hudson", "--failing").out
    assert "Boulder clinic (CO)" not in some
    assert "link fail" not in some
    assert some.count('data-row="') == 10
    assert more.count('data-row="') == 39


def test_one_site_has_its_own_headline(kapteam_says: Ask) -> None:
    network = kapteam_says("draw", PRACTICE, "--on", DAY, "--site", "hudson").out
    assert "Hudson clinic (NY): 5 of 7 therapists are teamed here." in network
    assert "of 27 therapists" not in network
    week = kapteam_says("draw", PRACTICE, "--week", DAY, "--site", "hudson").out
    assert "Hudson clinic (NY): 10 sessions in the week from 2026-12-07." in week
    assert "31 sessions" not in week


def test_a_week_that_nobody_could_read_names_the_way_out(tmp_path: Path) -> None:
    written = house({f"s{n:02}": "NY" for n in range(60)})
    for n in range(60):
        for role in ("physician", "psychologist"):
            someone(written, f"{role}{n}", role, {f"s{n:02}": "Mon 09:00-12:00"},
                    presence="dosing" if role == "physician" else "")  # fmt: skip
    kapteam.write(written.roster(), tmp_path / "roster.json")
    told = run("draw", tmp_path / "roster.json", "--week", DAY)
    assert (told.status, told.out) == (2, "")
    assert "the week of 60 sites would be" in " ".join(told.err.split())
    assert "draw one site at a time with --site, such as --site s00" in " ".join(told.err.split())
    assert run("draw", tmp_path / "roster.json", "--week", DAY, "--site", "s59").status == 0


def test_a_document_for_programs(kapteam_says: Ask) -> None:
    document = kapteam_says("draw", PRACTICE, "--on", DAY, "--json").json
    assert document["svg"] == kapteam_says("draw", PRACTICE, "--on", DAY).out
    assert list(document) == ["title", "description", "width", "height", "svg"]
    assert "19 of 27 therapists are teamed" in document["description"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "network.gif"), "-o network.gif: expected a name that ends in .svg or .png"),
        (("-o", "network"), "-o network: expected a name that ends in .svg or .png"),
        (("-o", "nowhere/network.svg"), "cannot write 'nowhere/network.svg': No such file or directory"),
        (("--site", "hudsen"), "did you mean 'hudson'"),
        (("--width", "500"), "--width is of a PNG"),
        (("-o", "network.png", "--width", "1000000"), "pixels wide as PNG, not 1,000,000"),
        (("--week", DAY, "--on", DAY), "--on is for the network"),
        (("--week", DAY, "--failing"), "--failing is for the network"),
        (("--week", DAY, "--protocol", "group"), "--protocol is for the network"),
        (("--week", "2026-12"), "is no date such as 2026-12-07"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, tuple) else "",
)
def test_what_cannot_be_drawn_is_said(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    told = run("draw", PRACTICE, *words, cwd=tmp_path)
    assert (told.status, told.out) == (2, "")
    assert said in " ".join(told.err.split())
    assert not list(tmp_path.iterdir())


def test_the_roster_is_never_overwritten(tmp_path: Path) -> None:
    roster = tmp_path / "practice.svg"
    shutil.copy(Path(PRACTICE).parent / "practice.xlsx", roster)
    told = run("draw", roster, "-o", roster)
    assert told.status == 2
    assert "that is read, and would be overwritten" in told.err


def test_a_roster_with_errors_is_told_and_not_drawn(practice: Path) -> None:
    with (practice / "hours.csv").open("a", encoding="utf-8") as file:
        file.write("nobody,hudson,Mon 09:00-12:00\n")
    told = run("draw", practice, "-o", practice.parent / "network.svg")
    assert told.status == 1
    assert "nobody" in told.err
    assert not (practice.parent / "network.svg").exists()
    assert run("draw", practice, "--json").json["errors"]


def test_the_same_roster_is_the_same_picture_however_python_hashes() -> None:
    one, other = (run("draw", PRACTICE, "--on", DAY, "--json", env={"PYTHONHASHSEED": seed}).out for seed in ("1", "2"))
    assert one == other
    assert json.loads(one)["width"] == 920


def test_researchers_draw_who_shares_partners_and_the_curves(kapteam_says: Ask) -> None:
    for of, said in (("therapists", "21 of 27 therapists share prescribers"), ("robustness", "once half of them have")):
        answer = kapteam_says("draw", PRACTICE, "--on", DAY, "--of", of, "--json").valid("draw")
        assert said in answer["description"]
        ElementTree.fromstring(answer["svg"].encode())
    wrong = kapteam_says("draw", PRACTICE, "--of", "robustness", "--week", DAY)
    assert (wrong.status, "--week is for another picture than --of robustness" in wrong.err) == (2, True)
