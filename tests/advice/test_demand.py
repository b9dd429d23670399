"""Rows of demand that nobody could ever meet are told before anything is planned."""

from __future__ import annotations

import pytest

from kapteam.advice.demand import beyond_anyone
from tiny import add, both, change, changed, nothing, practice

Cells = dict[str, str]


def warned(*changes: object, **cells: str) -> list[tuple[str | None, str | None]]:
    written = changed(*changes, add("demand", **{"site": "clinic", "sessions": "1", **cells}))  # type: ignore[arg-type]
    return [(p.column, p.value) for p in beyond_anyone(written.network().links)]


@pytest.mark.parametrize(
    ("expected", "cells", "case"),
    [
        ([], {}, nothing),
        ([("site", "other")], {"site": "other"}, nothing),
        ([], {"modality": "house parts"}, nothing),
        ([("modality", "emdr")], {"modality": "emdr"}, nothing),
        ([], {"modality": "emdr"}, add("training", practitioner="tom", kind="modality", name="emdr")),
        ([("language", "es")], {"language": "es"}, nothing),
        ([], {"language": "es"}, change("practitioners", "tom", languages="en;es")),
        ([("therapist", "max")], {"therapist": "max"}, nothing),
        ([("protocol", "watched")], {"protocol": "watched"}, practice("protocols", {"watched": {"monitors": 1}})),
        ([("protocol", "pair")], {"protocol": "pair"}, practice("protocols", {"pair": {"therapists": 2}})),
        ([], {"therapist": "tom"}, nothing),
        ([("protocol", "long")], {"protocol": "long"}, practice("protocols", {"long": {"session_minutes": 1200}})),
        ([], {"protocol": "long"}, both(practice("protocols", {"long": {"session_minutes": 1200}}),
                                        add("hours", practitioner="tom", site="clinic", when=""))),
    ],
)  # fmt: skip
def test_what_no_therapist_there_could_serve_is_a_warning(
    expected: list[tuple[str, str]], cells: Cells, case: object
) -> None:
    assert warned(case, **cells) == expected


def test_a_mistyped_modality_is_told_with_the_one_that_was_meant() -> None:
    written = changed(add("demand", site="clinic", sessions="1", modality="house part"))
    (problem,) = beyond_anyone(written.network().links)
    assert problem.nearest == ("house parts",)
    assert str(problem).startswith("demand, row 2, modality: 'house part': no therapist with hours at clinic")


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        ({"monitors": 1}, "needs a monitor, and nobody who may watch has hours at clinic"),
        ({"monitors": 2}, "needs 2 monitors, and nobody who may watch has hours at clinic"),
        ({"therapists": 2}, "needs 2 therapists, and 1 has hours at clinic"),
    ],
)
def test_a_session_that_needs_more_people_than_there_are_is_told(protocol: dict[str, int], said: str) -> None:
    written = changed(
        practice("protocols", {"more": protocol}), add("demand", site="clinic", sessions="1", protocol="more")
    )
    (problem,) = beyond_anyone(written.network().links)
    assert problem.message == said


def test_who_is_to_bring_clients_and_is_no_therapist_is_told() -> None:
    written = changed(add("demand", site="clinic", sessions="1", therapist="max"))
    (problem,) = beyond_anyone(written.network().links)
    assert problem.message == "is no therapist"
