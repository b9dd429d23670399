"""`kapteam network`: measures in words and as a document, places from a file, and the graph as a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Ask, run

from kapteam.graphs.files import read_graph

ON = ("--on", DAY)
FEW = (*ON, "--draws", "5")


def test_the_answer_comes_first_then_each_family_in_words(kapteam_says: Ask) -> None:
    answer = kapteam_says("network", PRACTICE, *FEW)
    assert answer.status == 0
    assert answer.flat.startswith(
        "21 of 27 therapists have somebody they may work with (78%); 2 more would, if the unknown facts turned out "
        "well. The best plan teams 19."
    )
    for said in (
        "66% of the 286 hours a week that prescribers are on site are hours of one who has somebody to work with.",
        "6 therapists could work with 2 prescribers or more, 1 with 3 or more.",
        "28 of 122 candidate links may be used; they join 28 people in 5 parts, the largest of 12.",
        "Scarce: 4 therapists share prescribers who can take 2: Dr. Lorraine Begay (begay).",
        "Costs places, though nothing falls apart without them: Joanna Whitfield (whitfield), Dr. Inés Prado (prado) "
        "and Dr. Tunde Abara (abara).",
        "Betweenness ranks them rather the other way round (rank correlation -0.73).",
        "language so: 1 therapist, no usable pair; links on unknown facts would end it",
        "Not legal advice.",
    ):
        assert said in answer.flat, said
    worst = answer.out.split("Whose absence costs most")[1].splitlines()[2]
    assert worst.split() == ["Dr.", "Søren", "Nygaard", "(nygaard)", "4", "places", "4", "yes", "0.017"]
    assert max(map(len, answer.out.splitlines())) <= 100


def test_the_document_is_as_its_schema_says_and_agrees_with_other_commands(kapteam_says: Ask) -> None:
    document = kapteam_says("network", PRACTICE, *FEW, "--json").valid("network")
    value = {(m["name"], m["of"]): m["value"] for m in document["measures"]}
    assert len(value) == len(document["measures"]), "each number is told once"
    plan = kapteam_says("match", PRACTICE, *ON, "--json").json
    links = kapteam_says("links", PRACTICE, *ON, "--json").json["links"]
    assert value["therapists_teamed", "network"] == round(plan["objective"]["teamed"] / 27, 6)
    assert value["links_usable", "network"] == sum(link["verdict"] == "pass" for link in links)
    absences = kapteam_says("resilience", PRACTICE, *ON, "--json").json["resilience"]
    costs = {a["practitioner"]: (a["away"]["teamed"], a["away"]["points"]) for a in absences}
    for b in document["bottlenecks"]["people"]:
        assert (b["teamed"], b["points"]) == costs.get(b["practitioner"], (0, 0))
        assert value["absence_costs", b["practitioner"]] == b["teamed"]
    shares = kapteam_says("match", PRACTICE, *ON, "--json").json["shortage"]
    scarce = document["parts"][0]
    assert (scarce["therapists"], scarce["prescribers"]) == (shares["therapists"], shares["prescribers"])


def test_unknown_links_may_be_used(kapteam_says: Ask) -> None:
    document = kapteam_says("network", PRACTICE, *ON, "--draws", "0", "--unknown", "allow", "--json").valid("network")
    value = {m["name"]: m["value"] for m in document["measures"] if m["of"] == "network"}
    assert value["therapists_covered"] == value["therapists_covered_with_unknown"] == round(23 / 27, 6)
    assert document["null_models"] == []
    assert [p["order"] for p in document["percolation"]] == ["load", "cost"]


def test_the_same_question_has_the_same_bytes_whatever_the_order_of_sets(kapteam_says: Ask) -> None:
    one = kapteam_says("network", PRACTICE, *FEW, "--json").out
    other = run("network", PRACTICE, *FEW, "--json", env={"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1"}).out
    assert one == other
    assert run("network", PRACTICE, *FEW, "--seed", "3", "--json").out != one


def test_places_tell_how_far_people_live(practice: Path, tmp_path: Path) -> None:
    sites = practice / "sites.csv"
    header, *rows = sites.read_text(encoding="utf-8").splitlines()
    where = {"latitude": header.split(",").index("latitude"), "longitude": header.split(",").index("longitude")}
    assert all(rows[0].split(",")[place] for place in where.values()), "the practice's first site has coordinates"
    towns = tmp_path / "towns.csv"
    towns.write_text("place,lat,lon,population\nBeacon,41.5,-73.97,10\nHonolulu,21.3,-157.86,30\n", encoding="utf-8")
    told = run("network", practice, *ON, "--draws", "0", "--places", towns, "--limit", "100")
    assert told.status == 0
    assert "30 of 40 people (75%) live more than 100 km from the nearest of" in told.flat
    reach = run("network", practice, *ON, "--draws", "0", "--places", towns, "--json").valid("network")["reach"]
    assert (reach["limit"], reach["population"], reach["beyond"]) == (50, 40, 40)
    assert [p["place"] for p in reach["places"]] == ["Beacon", "Honolulu"]
    assert reach["median"] == reach["places"][1]["km"]


@pytest.mark.parametrize(
    ("name", "kind"), [("graph.graphml", "links"), ("graph.json", "therapists"), ("g.gexf", "plan")]
)
def test_the_graph_is_written_beside_the_answer(kapteam_says: Ask, tmp_path: Path, name: str, kind: str) -> None:
    file = tmp_path / name
    answer = run("network", PRACTICE, *FEW, "--kind", kind, "-o", file)
    assert (answer.status, answer.out) == (0, kapteam_says("network", PRACTICE, *FEW).out)
    assert f"wrote {file}" in answer.err
    graph = read_graph(file)
    edges = {"links": 122, "plan": 19}
    assert graph.number_of_edges() == edges.get(kind, graph.number_of_edges()) > 0


def test_with_json_the_document_goes_where_it_goes_with_every_command(kapteam_says: Ask, tmp_path: Path) -> None:
    document, graph = tmp_path / "measures.json", tmp_path / "graph.json"
    answer = run("network", PRACTICE, *FEW, "--json", "-o", document, "--graph", graph)
    assert (answer.status, answer.out) == (0, "")
    assert answer.err == f"wrote {document}\nwrote {graph}\n"
    assert document.read_text(encoding="utf-8") == kapteam_says("network", PRACTICE, *FEW, "--json").out
    assert read_graph(graph).number_of_edges() == 122


def test_where_nobody_may_work_together_it_says_so(practice: Path) -> None:
    registrations = practice / "registrations.csv"
    registrations.write_text(registrations.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    answer = run("network", practice, *FEW)
    assert (answer.status, answer.flat.startswith("0 of 27 therapists have somebody they may work with (0%)")) == (
        0,
        True,
    )
    document = run("network", practice, *FEW, "--json").valid("network")
    value = {m["name"]: m["value"] for m in document["measures"] if m["of"] == "network"}
    assert (value["robustness_load"], value["teams_gini"], value["worst_absence"]) == (None, None, None)
    assert value["site_deserts"] == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "graph.png"), "ends in one of .graphml"),
        (("-o", PRACTICE + "/sites.csv"), "that is read, and would be overwritten"),
        (("-o", "nowhere/at/all.gexf"), "No such file or directory"),
        (("--graph", "graph.png"), "--graph graph.png: expected a name that ends in one of .graphml"),
        (("--json", "-o", "g.gexf"), "with --json, -o is the file of the document; the graph goes to --graph g.gexf"),
        (("--json", "-o", "a.json", "--graph", "a.json"), "would write the same"),
        (("-o", "a.json", "--graph", "b.json"), "would write the same"),
        (("--places", "nowhere.csv"), "cannot be read"),
        (("--draws", "-1"), "--draws"),
        (("--limit", "-1"), "--limit"),
        (("--seed", "-1"), "--seed"),
        (("--limit", "nan"), "limit is a number of kilometres"),
        (("--kind", "friends"), "--kind"),
    ],
    ids=lambda x: " ".join(x)[-20:] if isinstance(x, tuple) else "",
)
def test_wrong_usage_is_told_before_anything_is_measured(words: tuple[str, ...], said: str) -> None:
    answer = run("network", PRACTICE, *ON, *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


def test_a_roster_with_errors_never_becomes_a_graph(practice: Path, tmp_path: Path) -> None:
    (practice / "hours.csv").write_text("practitioner,site,when\nnobody,hudson,Mon 09:00-12:00\n", encoding="utf-8")
    answer = run("network", practice, *ON, "--json", "--graph", tmp_path / "graph.json")
    assert answer.status == 1
    assert answer.json["errors"]
    assert run("network", practice, *ON, "-o", tmp_path / "graph.json").status == 1
    assert not (tmp_path / "graph.json").exists()


def test_its_help_loads_nothing_slow() -> None:
    slow = ("networkx", "ortools", "scipy", "pandas", "rich")
    code = (
        "import json, sys; sys.argv = ['kapteam', 'network', '--help']\n"
        "from kapteam.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(json.dumps([m for m in {slow!r} if m in sys.modules]), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(ended.stderr) == []
