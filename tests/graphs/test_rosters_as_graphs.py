"""A roster as a graph and back: the whole of it, through files too; and what is wrong with a graph, at its place."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from any_rosters import any_rosters
from hypothesis import given, settings

import kapteam
import kapteam.demo
from kapteam.graphs.files import read_graph, write_graph
from kapteam.graphs.view import to_networkx as view
from kapteam.io.example import example
from kapteam.io.graph import from_networkx, to_networkx
from kapteam.records.problems import Problem, RosterError, UsageError
from kapteam.records.roster import TABLES, Roster
from strategies import Written, rosters

FEW = settings(max_examples=settings.default.max_examples // 3)
SITES = [{"site": "hudson", "jurisdiction": "NY", "supply": "stock"}]
NY = {"jurisdiction": "NY", "profession": "physician"}


def people(kind: type[nx.Graph[Any]] = nx.Graph, **said: Any) -> nx.Graph[Any]:
    """Ana and Ines at one site."""
    graph = kind(sites=SITES, **said)
    graph.add_node("ana", roles=["therapist"], licenses=[{"jurisdiction": "NY", "profession": "psychologist"}])
    graph.add_node("ines", roles=["prescriber"], licenses=NY)
    return graph


def problems(graph: Any) -> list[Problem]:
    """Everything wrong with a graph that is no roster; each can be printed."""
    with pytest.raises(RosterError) as caught:
        from_networkx(graph)
    for problem in caught.value.problems:
        str(problem).encode()
    return list(caught.value.problems)


def told(graph: Any) -> list[str]:
    return [str(problem) for problem in problems(graph)]


# --- There and back -----------------------------------------------------------------------------------------


@given(any_rosters())
def test_a_roster_comes_back_whole(roster: Roster) -> None:
    assert from_networkx(to_networkx(roster)) == roster


@FEW
@given(any_rosters())
def test_a_roster_comes_back_whole_through_every_file_that_holds_nodes(
    tmp_path_factory: pytest.TempPathFactory, roster: Roster
) -> None:
    where = tmp_path_factory.getbasetemp()
    for ending in (".graphml", ".gexf", ".json"):
        if ending == ".gexf" and any(Decimal(repr(float(tie.weight))) != tie.weight for tie in roster.ties):
            with pytest.raises(UsageError, match="GEXF uses the name itself, for numbers"):
                write_graph(to_networkx(roster), where / f"roster{ending}")
            continue  # it has more digits than a number there
        write_graph(to_networkx(roster), where / f"roster{ending}")
        assert from_networkx(read_graph(where / f"roster{ending}")) == roster


@FEW
@given(rosters())
def test_a_roster_from_a_graph_is_judged_the_same(written: Written) -> None:
    roster = written.roster()
    back = from_networkx(to_networkx(roster))
    assert back == roster
    said = sorted((p.table, p.expected.partition(" (see")[0]) for p in back.warnings if "neither" not in p.expected)
    assert said == sorted((p.table, p.expected) for p in roster.warnings)


def test_the_practice_that_ships_comes_back_whole(tmp_path: Path) -> None:
    roster = kapteam.read(kapteam.demo.practice_folder())
    graph = to_networkx(roster)
    assert from_networkx(graph) == roster
    for ending in (".graphml", ".gexf", ".json"):
        write_graph(graph, tmp_path / f"roster{ending}")
        assert from_networkx(read_graph(tmp_path / f"roster{ending}")) == roster


def test_what_a_graph_of_a_roster_looks_like() -> None:
    graph = to_networkx(example())
    assert isinstance(graph, nx.MultiDiGraph)
    assert set(graph.graph) == {"kind", "sites", "demand", "practice"}  # rows are person by person: no order is kept
    assert graph.nodes["ines"]["roles"] == ["prescriber"]
    assert graph.nodes["ines"]["licenses"] == [
        {"jurisdiction": "NY", "profession": "physician", "number": "254321", "status": "active",
         "expires": date(2028, 1, 31)},
    ]  # fmt: skip
    assert {(u, v, said["kind"]) for u, v, said in graph.edges(data=True)} == {
        ("ana", "ines", "worked_with"), ("ana", "ines", "consultation"),
    }  # fmt: skip


def test_rows_of_several_people_that_are_mixed_keep_their_order() -> None:
    one, two = example().licenses
    mixed = example().with_tables({"licenses": [two, one, two]})
    graph = to_networkx(mixed)
    assert graph.graph["order"]["licenses"] == ["ines", "ana", "ines"]
    assert from_networkx(graph) == mixed
    graph.remove_node("ines")  # the order is a hint: what it names may be gone
    assert from_networkx(graph).licenses == (one,)
    graph.graph["order"] = {"licenses": [{}, [[]], "ana", "ana"], "ties": "x"}
    assert from_networkx(graph).licenses == (one,)


# --- Graphs that a researcher makes -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_any_class_of_graph_will_do(kind: type[nx.Graph[Any]]) -> None:
    graph = people(kind)
    graph.add_edge("ana", "ines", kind="worked_with", weight=2)
    roster = from_networkx(graph)
    assert [(t.a, t.b, t.kind, t.weight) for t in roster.ties] == [("ana", "ines", "worked_with", 2)]
    assert [p.practitioner for p in roster.practitioners] == ["ana", "ines"]


def test_a_row_may_stand_alone_words_may_be_in_capitals_and_notes_are_not_read() -> None:
    graph = people(_note="x", name="mine")
    graph.nodes["ana"].update(
        _community=3, roles="Therapist", hours={"site": "hudson", "when": "Mon 09:00-17:00", "_x": 1}
    )
    roster = from_networkx(graph)
    assert (roster.practitioners[0].roles, len(roster.hours), len(roster.licenses)) == (("therapist",), 1, 2)


def test_values_of_numpy_are_read_as_pythons() -> None:
    import numpy as np

    graph = people()
    graph.nodes["ana"].update(
        languages=np.array(["en", "es"]), max_sessions_per_week=np.int64(3),
        training={"kind": "kap", "hours": np.float64(16.5), "practicum": np.bool_(True)},
    )  # fmt: skip
    roster = from_networkx(graph)
    assert (roster.practitioners[0].languages, roster.practitioners[0].max_sessions_per_week) == (("en", "es"), 3)
    assert (str(roster.training[0].hours), roster.training[0].practicum) == ("16.5", True)


def test_parts_that_nothing_joins_and_ids_that_are_numbers_are_a_roster() -> None:
    graph: nx.Graph[Any] = nx.Graph(sites=SITES)
    for id in (1, 2, 3, 4):
        graph.add_node(id, licenses=NY)
    graph.add_edges_from([(1, 2, {"kind": "prefers"}), (3, 4, {"kind": "avoids"})])
    roster = from_networkx(graph)
    assert [p.practitioner for p in roster.practitioners] == ["1", "2", "3", "4"]
    assert [(t.a, t.b) for t in roster.ties] == [("1", "2"), ("3", "4")]


def test_parallel_edges_are_rows_and_the_same_twice_is_a_warning() -> None:
    graph = people(nx.MultiDiGraph)
    for kind in ("prefers", "worked_with", "consultation", "prefers"):
        graph.add_edge("ana", "ines", kind=kind)
    roster = from_networkx(graph)
    assert ([t.kind for t in roster.ties], len(roster.agreements)) == (["prefers", "worked_with", "prefers"], 1)
    (warning,) = roster.warnings
    assert str(warning).startswith("graph, edge 'ana' -> 'ines', ties: says the same as another row (see edge 'ana'")


def test_a_node_with_neither_role_nor_licence_is_a_warning() -> None:
    graph = people()
    graph.add_node("kim", name="Kim")
    graph.add_node("lou", name="Lou")
    (warning,) = from_networkx(graph).warnings
    assert warning.level == "warning"
    assert str(warning) == (
        "graph, node 'kim': has neither roles nor licenses, so is a candidate for nothing; 1 more node likewise"
    )


# --- What is wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, {}, [], "graph", 3])
def test_what_is_no_graph_is_wrong_usage(value: Any) -> None:
    with pytest.raises(UsageError, match="expected a graph of NetworkX"):
        from_networkx(value)


def test_a_graph_without_nodes_is_no_roster() -> None:
    assert told(nx.Graph()) == ["graph: has no node: expected one for each person"]


def test_a_graph_of_what_was_worked_out_is_answered_with_the_one_that_is_meant() -> None:
    (problem,) = problems(view(kapteam.links(example(), on=date(2026, 12, 7)).links))
    assert (problem.column, problem.value, problem.nearest) == ("kind", "links", ("roster",))


def test_a_node_that_only_an_edge_made_is_told_with_the_one_that_was_meant() -> None:
    graph = people()
    graph.add_edge("ana", "inez", kind="prefers")
    (line,) = told(graph)
    assert line.startswith("graph, node 'inez': holds nothing")
    assert line.endswith("did you mean 'ines'?")


_ANA = "graph, node 'ana'"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"role": "therapist"}, ["graph, node 'ana', role: there is no such attribute; did you mean 'roles'?"]),
        ({"pagerank": 0.2}, [f"{_ANA}, pagerank: there is no such attribute; a name that begins with _ is your own"]),
        ({"roles": ["therapst"]}, [f"{_ANA}, roles: 'therapst': expected one of prescriber", "mean 'therapist'?"]),
        ({"roles": 7}, [f"{_ANA}, roles: '7': expected one of prescriber"]),
        ({"roles": {"therapist": 1}}, [f"{_ANA}, roles", "a single value and not a dict"]),
        ({"max_sessions_per_week": "many"}, [f"{_ANA}, max_sessions_per_week: 'many': expected a whole number"]),
        ({"max_sessions_per_week": True}, [f"{_ANA}, max_sessions_per_week: 'True': expected a whole number"]),
        ({"npi": 1234567890}, [f"{_ANA}, npi: '1234567890'", "check digit"]),
        ({"licenses": "psychologist"}, [f"{_ANA}, licenses: 'psychologist': expected a list of rows"]),
        ({"licenses": [["NY"]]}, [f"{_ANA}, licenses, row 1: 'NY': expected a row"]),
        ({"licenses": [{"jurisdiction": "New York", "profession": "psychologist"}]},
         [f"{_ANA}, licenses, row 1, jurisdiction: 'New York': expected a USPS code", "mean 'NY'?"]),
        ({"licenses": [NY, {"profession": "psychologist"}]}, [f"{_ANA}, licenses, row 2, jurisdiction: is needed"]),
        ({"licenses": [{**NY, "expire": "2027-01-01"}]},
         [f"{_ANA}, licenses, row 1, expire: there is no such attribute; did you mean 'expires'?"]),
        ({"licenses": [{**NY, "expires": "12/7/2026"}]}, [f"{_ANA}, licenses, row 1, expires: '12/7", "2026-12-07"]),
        ({"licenses": [{**NY, "practitioner": "ines"}]}, [f"{_ANA}, licenses, row 1, practitioner: there is no such"]),
        ({"hours": {"site": "hudsn"}}, [f"{_ANA}, hours, row 1, site: 'hudsn': is not in sites", "mean 'hudson'?"]),
        ({"coverage": [{"carrier": "A"}, {"carrier": "B"}]},
         [f"{_ANA}, coverage, row 2, effective: 'ana': two policies", "(see node 'ana', coverage, row 1)"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_node_is_told_with_node_attribute_and_value(
    said: dict[str, Any], expected: list[str]
) -> None:
    graph = people()
    graph.nodes["ana"].update(said)
    (line,) = told(graph)
    assert line.startswith(expected[0])
    assert all(part in line for part in expected)


@pytest.mark.parametrize(
    ("kind", "ends", "said", "expected"),
    [
        (nx.Graph, ("ana", "ana"), {"kind": "prefers"}, "edge 'ana' - 'ana', b: 'ana': expected another practitioner"),
        (nx.DiGraph, ("ana", "ana"), {"kind": "supervision"}, "edge 'ana' -> 'ana', with: 'ana': expected another"),
        (nx.Graph, ("ana", "ines"), {}, "edge 'ana' - 'ines', kind: is needed: one of worked_with"),
        (nx.Graph, ("ana", "ines"), {"kind": "prefer"}, "edge 'ana' - 'ines', kind: 'prefer': expected one of"),
        (nx.Graph, ("ana", "ines"), {"kind": "supervision"}, "an agreement has a direction"),
        (nx.Graph, ("ana", "ines"), {"kind": "prefers", "weight": "x"}, "edge 'ana' - 'ines', weight: 'x': expected a"),
        (nx.Graph, ("ana", "ines"), {"kind": "prefers", "wieght": 1}, "wieght: there is no such attribute; did you"),
        (nx.DiGraph, ("ana", "ines"), {"kind": "consultation", "weight": 1}, "weight: there is no such attribute"),
    ],
)
def test_what_is_wrong_with_an_edge_is_told_with_its_ends(
    kind: type[nx.Graph[Any]], ends: tuple[str, str], said: dict[str, Any], expected: str
) -> None:
    graph = people(kind)
    graph.add_edge(*ends, **said)
    (line,) = told(graph)
    assert line.startswith("graph, edge ")
    assert expected in line


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"sites": None}, "graph, sites: is missing: expected the places as graph.graph['sites']"),
        ({"sites": []}, "graph, sites: there is no row"),
        ({"sites": [{"site": "hudson", "jurisdiction": "NY"}]}, "graph, sites, row 1, supply: is needed"),
        ({"sites": "hudson"}, "graph, sites: 'hudson': expected a list of rows"),
        ({"demands": []}, "graph, demands: there is no such attribute; did you mean 'demand'?"),
        ({"practice": "x"}, "graph, practice: 'x': expected a mapping"),
        ({"practice": {"protocol": {"therapist": 2}}}, "graph, practice, protocol.therapist"),
    ],
)
def test_what_is_wrong_with_the_graph_itself_is_told(said: dict[str, Any], expected: str) -> None:
    graph = people()
    graph.graph.update(said)
    if said.get("sites", 1) is None:
        del graph.graph["sites"]
    assert told(graph)[0].startswith(expected)


def test_ids_that_are_none_are_told_once_and_two_that_are_one_are_told() -> None:
    graph: nx.Graph[Any] = nx.Graph(sites=SITES)
    graph.add_node((1, 2), licenses=[NY, NY])
    graph.add_node(7, licenses=NY)
    graph.add_node("7", licenses=NY)
    graph.add_edge((1, 2), 7, kind="prefers")
    assert told(graph) == [
        "graph, node (1, 2), practitioner: '1; 2': expected an id, a single value and not a tuple",
        "graph, node '7', practitioner: '7': stands twice (see node 7)",
        "graph, node '7', licenses, row 1: says the same as another row (see node 7, licenses, row 1)",
    ]


def test_every_problem_is_told_at_once() -> None:
    graph = people()
    graph.nodes["ana"]["roles"] = "x"
    graph.nodes["ines"]["max_therapists"] = -1
    graph.add_edge("ana", "ines", kind="x")
    graph.add_node("kim")
    assert len(problems(graph)) == 4


def test_a_million_nodes_that_hold_nothing_are_one_problem() -> None:
    graph: nx.Graph[Any] = nx.empty_graph(10**6)
    begin = time.process_time()
    (line,) = told(graph)
    assert line.startswith("graph, node 0: holds nothing")
    assert "999,999 more nodes likewise" in line
    assert time.process_time() - begin < 10


def test_many_edges_of_no_kind_are_one_problem() -> None:
    graph = people()
    graph.add_edges_from(("ana", f"p{number}") for number in range(10**4))
    graph.add_nodes_from((f"p{number}", {"licenses": NY}) for number in range(10**4))
    (line,) = told(graph)
    assert line.startswith("graph, edge 'ana' - 'p0', kind: is needed: one of worked_with")
    assert line.endswith("9,999 more edges likewise")


def test_a_roster_of_many_people_without_an_edge_is_read() -> None:
    graph: nx.Graph[Any] = nx.Graph(sites=SITES)
    graph.add_nodes_from((f"p{number}", {"licenses": NY}) for number in range(5_000))
    assert len(from_networkx(graph).licenses) == 5_000


def test_every_table_of_a_roster_has_its_place() -> None:
    from kapteam.io import graph

    placed = {"practitioners", *graph._OF_PERSON, *graph._OF_GRAPH, *graph._ENDS}
    assert placed == set(TABLES)
