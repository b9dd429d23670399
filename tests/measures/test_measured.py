"""All measures together: numbers that any JSON can hold, for every roster there is; the same on every run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

import kapteam
from kapteam import Hours, License, Practitioner, Roster, Site, UsageError
from kapteam.api.measures import Measures, measured
from kapteam.measures.measure import number, share
from kapteam.measures.measured import Measured, measures
from kapteam.measures.places import Place
from kapteam.network.links import Links
from strategies import Written, capable, rosters

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "network.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)
DAY = date(2026, 12, 7)
SOMEWHERE = [Place("here", 40.7, -74.0, 100), Place("there", 45.0, -90.0, 0)]
HUDSON = Site("hudson", "NY", supply="stock")


def _sound(found: Measures) -> dict[str, object]:
    """The document, which holds no NaN and is as its schema says; and words for a person."""
    document = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    VALID.validate(document)
    assert "nan" not in str(found)
    assert "Not legal advice." in str(found)
    return dict(document)


@settings(max_examples=15)
@given(rosters(people=(1, 5), places=(1, 2)))
def test_any_roster_has_measures(written: Written) -> None:
    _sound(measured(written.network().links, places=SOMEWHERE, draws=2))


@settings(max_examples=15)
@given(capable())
def test_any_roster_where_much_passes_has_measures(written: Written) -> None:
    found = _sound(measured(written.network().links, unknown="allow", draws=2))
    for measure in found["measures"]:  # type: ignore[attr-defined]
        if measure["unit"] == "share" and measure["value"] is not None:
            assert 0 <= measure["value"] <= 1, measure


@pytest.mark.parametrize(
    "who",
    [
        Practitioner("ana"),
        Practitioner("ana", licenses=[License("NY", "psychologist")], hours=[Hours("hudson", "Mon 09:00-17:00")]),
        Practitioner("ines", roles=["prescriber"], licenses=[License("NY", "physician")]),
        Practitioner("solo", licenses=[License("NY", "physician")], hours=[Hours("hudson", None)]),
    ],
    ids=["no licence", "a therapist alone", "a prescriber alone", "hours not written down"],
)
def test_one_person_is_measured_and_what_is_not_defined_is_null(who: Practitioner) -> None:
    links = kapteam.links(Roster(sites=[HUDSON], practitioners=[who]), on=DAY).links
    found = measured(links, places=SOMEWHERE, draws=3)
    _sound(found)
    therapists = found.value("therapists")
    assert found.value("therapists_covered") == (0 if therapists else None)
    assert found.value("teams_gini") is None
    assert found.value("robustness_load") is None
    assert found.value("absence_and_betweenness") is None


def test_the_same_links_give_the_same_document_and_another_seed_other_draws(practice_links: Links) -> None:
    one, again, other = (measures(Links(practice_links.judged), draws=4, seed=seed).as_dict() for seed in (0, 0, 9))
    assert json.dumps(one) == json.dumps(again)
    assert one["null_models"] != other["null_models"]
    assert one["bottlenecks"] == other["bottlenecks"]


def test_numbers_of_the_practice(practice_measured: Measured) -> None:
    found = Measures(practice_measured)
    wanted = {
        "therapists": 27, "prescribers": 15, "links": 122, "links_usable": 28, "components": 5, "bottlenecks": 8,
        "worst_absence": 4, "scarce_therapists": 4, "spare_prescribers": 5, "modality_deserts": 1,
    }  # fmt: skip
    assert {name: found.value(name) for name in wanted} == wanted
    assert found.value("therapists_teamed") == number(19 / 27)
    assert found.value("therapists_covered", "hudson") == number(5 / 7)
    assert found.value("absence_costs", "nygaard") == 4
    assert len(found) == len(list(found))
    assert repr(found) == "<Measures on 2026-12-07: 21 of 27 therapists covered, 19 teamed>"
    with pytest.raises(UsageError, match="no measure 'coverage' of 'hudson'"):
        found.value("coverage", "hudson")


def test_every_number_is_defined_in_the_documentation(practice_measured: Measured) -> None:
    page = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
    for measure in practice_measured.measures:
        name = measure.name
        if name.startswith("assortativity_modality_"):
            name = "assortativity_modality_NAME"
        assert f"`{name}`" in page, name


def test_an_option_that_is_none_is_refused(practice_links: Links) -> None:
    for wrong in ({"unknown": "perhaps"}, {"limit": -1.0}, {"limit": float("nan")}, {"draws": -1}, {"seed": -1}):
        with pytest.raises(UsageError):
            measures(practice_links, **wrong)  # type: ignore[arg-type]


def test_a_number_is_told_to_six_digits_and_never_as_nan() -> None:
    assert [number(x) for x in (None, float("nan"), float("inf"), 1 / 3, -0.0, 7)] == [None, None, None, 0.333333, 0, 7]
    assert str(number(-0.0)) == "0.0"
    assert (share(1, 0), share(2, 4)) == (None, 0.5)


def test_draws_are_fewer_in_a_large_network_and_that_is_said(
    practice_links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kapteam.measures.measured._PEOPLE_DRAWN", 100)
    found = measures(practice_links)
    assert {c.model: c.draws for c in found.chances} == {"same degrees": 100}
    assert found.notes == ("shuffled rosters: not drawn in a network of this size unless draws are asked for",)
    assert {c.model for c in measures(practice_links, draws=2).chances} == {"same degrees", "shuffled"}
