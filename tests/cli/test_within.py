"""`--within` and `--centroids` as processes: what is asked, what is said of what lacks, and a plan judged again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Ask, run

ON = ("--on", DAY)
ENDS = ("site", "prescriber", "therapist")
#: From Montclair to Hudson it is 164 km, from Boulder to Salida 176 km.
WIDE = (*ON, "--within", "110mi", "--unknown", "allow")
ZIPS = "GEOID\tALAND\tINTPTLAT\tINTPTLONG        \n12534\t1\t42.2501\t-73.7894\n07042\t1\t40.8148\t-74.2196\n"
#: Those of all sites, where the practice itself has them.
ALL_ZIPS = ZIPS + "80302\t1\t40.0186\t-105.2766\n81201\t1\t38.5336\t-105.9973\n"


@pytest.fixture
def unplaced(practice: Path) -> Path:
    """A practice whose sites have postal codes and no places."""
    sites = practice / "sites.csv"
    rows = [row.split(",") for row in sites.read_text(encoding="utf-8").splitlines()]
    assert rows[0][-2:] == ["latitude", "longitude"]
    sites.write_text("".join(f"{','.join(row[:-2])},,\n" for row in rows[1:]), encoding="utf-8")
    sites.write_text(",".join(rows[0]) + "\n" + sites.read_text(encoding="utf-8"), encoding="utf-8")
    return practice


def test_every_answer_says_what_it_supposes_and_holds_to_its_schema(kapteam_says: Ask) -> None:
    plain = kapteam_says("links", PRACTICE, *ON, "--json").valid("links")
    assert "within" not in plain
    said = {"km": 110 * 1.609344, "centroids": None, "sites_without_place": 0}
    links = run("links", PRACTICE, *ON, "--within", "110mi", "--json").valid("links")
    assert links["within"] == said
    before = {(k["site"], k["prescriber"], k["therapist"]): k for k in plain["links"]}
    new = [k for k in links["links"] if (k["site"], k["prescriber"], k["therapist"]) not in before]
    assert {k["site"] for k in new} == {"hudson", "montclair", "boulder", "salida"}
    assert {k["verdict"] for k in new} == {"fail", "unknown"}
    assert run("match", PRACTICE, *WIDE, "--json").valid("match")["within"] == said
    assert run("network", PRACTICE, *WIDE, "--draws", "0", "--json").valid("network")["within"] == said
    one = next(k for k in new if k["verdict"] == "unknown")
    pair = (one["prescriber"], one["therapist"], "--site", one["site"])
    explained = run("explain", PRACTICE, *pair, *WIDE, "--json").valid("explain")
    assert explained["within"] == said
    assert [k["verdict"] for k in explained["links"]] == ["unknown"]
    told = run("explain", PRACTICE, *pair, *WIDE)
    assert "would come to" in told.flat
    assert "prescribers might come to sites within 177.028 km of theirs" in told.flat


def test_a_plan_by_distance_is_judged_again_with_the_same_distance(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    assert run("match", PRACTICE, *WIDE, "--json", "-o", file).status == 0
    assert run("verify", PRACTICE, file).status == 0
    document = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({k: v for k, v in document.items() if k != "within"}), encoding="utf-8")
    found = run("verify", PRACTICE, file, "--json")
    assert found.status == 1
    assert "link" in {v["rule"] for v in found.valid("verify")["violations"]}


def test_places_of_sites_come_from_their_postal_codes(unplaced: Path, tmp_path: Path) -> None:
    none = run("links", unplaced, *ON, "--within", "180km", "--json")
    assert none.err == (
        "4 sites with hours have no known place, so nobody is supposed to come there or from there: write down "
        "latitude and longitude, or give --centroids FILE\n"
    )
    zips, plan = tmp_path / "zips.txt", tmp_path / "plan.json"
    zips.write_text(ZIPS, encoding="utf-8")
    some = run("match", unplaced, *WIDE, "--centroids", zips, "--json")
    assert some.err == (
        "2 sites with hours have no known place, so nobody is supposed to come there or from there: write down "
        f"latitude and longitude, or add their postal codes to {zips}\n"
    )
    assert some.valid("match")["within"]["sites_without_place"] == 2
    plan.write_text(some.out, encoding="utf-8")
    assert run("verify", unplaced, plan, "--centroids", zips).status == 0
    asked = run("verify", unplaced, plan)
    assert (asked.status, asked.err) == (
        2, "kapteam: this plan was made with --centroids: give the same file again, for places of sites\n"
    )  # fmt: skip
    zips.write_text(ALL_ZIPS, encoding="utf-8")
    every = run("match", unplaced, *WIDE, "--centroids", zips, "--json").json
    assert every["teams"] == run("match", PRACTICE, *WIDE, "--json").json["teams"]
    other = run("verify", unplaced, plan, "--centroids", zips)
    assert other.status == 1
    assert "was made with candidates within 177.028 km and the centroids" in other.flat


def test_zeros_that_were_put_back_are_told(unplaced: Path, tmp_path: Path) -> None:
    zips = tmp_path / "zips.csv"
    zips.write_text("zip,lat,lon\n12534,42.25,-73.79\n7042,40.81,-74.22\n", encoding="utf-8")
    told = run("links", unplaced, *ON, "--within", "180km", "--centroids", zips, "--json")
    assert told.err.startswith(f"{zips}: a leading 0 was put back before 1 ZIP code\n2 sites with hours")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--within", "50"), "'50' has no unit: write 50km or 50mi"),
        (("--within", "0km"), "a distance is more than 0km and at most 1,000km; not '0km'"),
        (("--within", "700mi"), "a distance is more than 0km and at most 1,000km; not '700mi'"),
        (("--within", "far"), "'far' is no distance such as 50km or 30mi"),
        (
            ("--within", "30,5km"),
            "'30,5km' is no distance such as 50km or 30mi: a number, with a point for decimals, and",
        ),
        (("--within", "50miles"), "and km or mi"),
        (("--within", "50km", "--centroids", "none.csv"), "none.csv: cannot be read: No such file or directory"),
        (("--centroids", f"{PRACTICE}/hours.csv"), "expected a header with the columns zip, lat, lon"),
    ],
)
def test_what_cannot_be_asked(given: tuple[str, ...], said: str) -> None:
    answer = run("links", PRACTICE, *ON, *given)
    assert (answer.status, answer.out) == (2, "")
    assert said in " ".join(answer.err.split())


def test_what_stands_on_distance_alone_is_told_first_and_link_by_link(kapteam_says: Ask) -> None:
    plain = {tuple(k[e] for e in ENDS) for k in kapteam_says("links", PRACTICE, *ON, "--json").json["links"]}
    links = run("links", PRACTICE, *ON, "--within", "110mi", "--json").json["links"]
    more = len(links) - len(plain)
    said = run("links", PRACTICE, *ON, "--within", "110mi")
    begin = " ".join(said.out.splitlines()[1:3])
    assert begin.startswith(f"{more} links are there by distance alone: supposed, for nobody wrote down")
    assert sum(line.endswith(" km") for line in said.out.splitlines()) == more
    assert "by distance" not in kapteam_says("links", PRACTICE, *ON).out
    teams = run("match", PRACTICE, *WIDE)
    placed = [
        (team["site"], team["prescriber"], p["practitioner"])
        for team in run("match", PRACTICE, *WIDE, "--json").json["teams"]
        for p in team["therapists"]
    ]
    supposed = [place for place in placed if place not in plain]
    assert 0 < len(supposed) < len(placed)
    assert f"{len(supposed)} places are there by distance alone: supposed" in " ".join(teams.out.splitlines()[:4])
    assert teams.flat.count(" come to ") - teams.flat.count(" might come to ") == len(supposed)
    assert "would Marisol Delgado come to Salida house?" in teams.flat
    assert "when are they on site?" in teams.flat  # of hours that stand there, blank
    none = run("match", PRACTICE, *ON, "--within", "110mi")
    assert "No place is there by distance alone" in none.flat


@pytest.mark.parametrize("command", ["check", "resilience", "report"])
def test_where_within_means_days_a_distance_is_told_so(command: str) -> None:
    answer = run(command, PRACTICE, "--within", "50km")
    assert (answer.status, answer.out) == (2, "")
    assert "'50km' is a distance, and here it is a number of days" in " ".join(answer.err.split())


def test_centroids_alone_are_no_question(plan_file: Path, tmp_path: Path) -> None:
    zips = tmp_path / "zips.txt"
    zips.write_text(ZIPS, encoding="utf-8")
    answer = run("links", PRACTICE, *ON, "--centroids", zips)
    assert (answer.status, answer.err) == (
        2,
        "kapteam: centroids are for candidates by distance: give within as well\n",
    )
    answer = run("verify", PRACTICE, plan_file, "--centroids", zips)
    assert (answer.status, answer.err) == (
        2, f"kapteam: --centroids {zips}: this plan was made without; leave it out\n"
    )  # fmt: skip
