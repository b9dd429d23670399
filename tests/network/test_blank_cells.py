"""Kleene: what passes or fails with a blank cell passes or fails whatever stands there; only unknowns turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kapteam.api.network import Network
from strategies import Row, Written, capable, rosters

ANY = st.one_of(rosters(people=(2, 5)), capable(people=(3, 5)))
Key = tuple[str, str, str]

#: Each cell whose blank means that nobody knows, and what may stand there.
CELLS: dict[str, tuple[str, str, Callable[[Row], bool], list[str]]] = {
    "schedules": ("registrations", "schedules", lambda row: True, ["3N", "3", "2 2N", "2 2N 3 3N 4 5"]),
    "coverage.ketamine": ("coverage", "ketamine", lambda row: True, ["yes", "no"]),
    "specialty": (
        "practitioners", "specialty", lambda row: True, ["psychiatry", "psychiatric_nursing", "anesthesiology"],
    ),
    "practicum": ("training", "practicum", lambda row: True, ["yes", "no"]),
    "kap hours": ("training", "hours", lambda row: row["kind"] == "kap", ["0", "3.5", "16", "200"]),
    "modality name": (
        "training", "name", lambda row: row["kind"] in ("modality", "trauma"),
        ["house parts", "house trauma", "house other"],
    ),
    "modalities": ("practitioners", "modalities", lambda row: True, ["house parts", "house trauma", "house other"]),
    "independent": ("licenses", "independent", lambda row: True, ["yes", "no"]),
    "when": ("hours", "when", lambda row: True, ["Mon 09:00-12:00", "Mon-Sun 00:00-24:00", "Sun 20:00-24:00"]),
}  # fmt: skip


def statuses(network: Network) -> dict[tuple[Key, str, str], str]:
    """Every finding on every listed link, and its verdict."""
    found: dict[tuple[Key, str, str], str] = {}
    for judgement in network.links.judged.judgements:
        verdicts = network.links.judged.on_links(judgement)
        for row, link in enumerate(network):
            key = (link.site, link.prescriber, link.therapist)
            word = {1: "pass", 2: "pass", 0: "unknown", -1: "fail"}[int(verdicts[row])]
            found[key, judgement.rule.id, judgement.role] = word
    for link in network:
        found[(link.site, link.prescriber, link.therapist), "verdict", "link"] = link.verdict
    return found


def turned(before: dict[Any, str], after: dict[Any, str]) -> list[Any]:
    """What passed or failed, and now does otherwise."""
    return [(key, was, after[key]) for key, was in before.items() if was != "unknown" and after[key] != was]


@pytest.mark.parametrize("cell", CELLS)
@given(written=ANY, data=st.data())
def test_a_pass_or_a_fail_beside_a_blank_holds_whatever_fills_it(
    cell: str, written: Written, data: st.DataObject
) -> None:
    table, column, of, values = CELLS[cell]
    for carrier in written.practice.get("carriers", {}).values():
        carrier.pop("ketamine", None)  # else the carrier's word is what a blank means
    rules = {"ethics.practicum": "block", "ethics.modality": "block", "ethics.trauma_training": "block"}
    if cell == "independent":
        # Another licence may speak then: its profession must not ask for other registrations, and all three
        # rules that choose it must count.
        rules = {}
        for law in written.practice["jurisdictions"].values():
            for section in law.values():
                if isinstance(section, dict):
                    section.pop("state_registration", None)
    written.practice["rules"] = rules
    rows = [row for row in written.tables.get(table, []) if of(row)]
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    row[column] = ""
    if cell == "modality name":
        row["kind"] = "modality"
    before = statuses(written.network())
    row[column] = data.draw(st.sampled_from(values))
    after = statuses(written.network())
    if cell == "independent":  # of the licence that speaks only the verdicts together are monotone
        three = ("legal.license", "legal.authority", "legal.agreement")
        before = {key: was for key, was in before.items() if key[1] not in three}
    assert turned(before, after) == []


@given(rosters(people=(2, 4)))
def test_unknown_links_are_those_that_some_filling_could_turn(written: Written) -> None:
    """With every such blank filled in with the best there is, no link fails that was unknown by those alone."""
    best = {"schedules": "2 2N 3 3N 4 5", "coverage.ketamine": "yes", "practicum": "yes", "kap hours": "200"}
    for carrier in written.practice["carriers"].values():
        carrier.pop("ketamine", None)
    before = {(x.site, x.prescriber, x.therapist): x.verdict for x in written.network()}
    for cell, value in best.items():
        table, column, of, _ = CELLS[cell]
        for row in written.tables[table]:
            if of(row) and not row.get(column):
                row[column] = value
    after = {(x.site, x.prescriber, x.therapist): x.verdict for x in written.network()}
    for key, was in before.items():
        assert (was, after[key]) not in {("unknown", "fail"), ("pass", "fail"), ("pass", "unknown"), ("fail", "pass")}
