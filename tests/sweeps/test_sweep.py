"""Each scenario is what judging the roster anew under a practice file that says so gives."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, PRACTICE
from hypothesis import given
from hypothesis import strategies as st

import kapteam
from kapteam.api.network import Network
from kapteam.law.packs import Packs
from kapteam.network.links import judged_links
from kapteam.records.columnar import ColumnarRoster
from kapteam.records.problems import RosterError, UsageError
from kapteam.sweeps.otherwise import Outcome, as_it_is, outcome
from kapteam.sweeps.scenarios import Scenario
from kapteam.sweeps.today import Today
from strategies import NO_PACKS, SHIPPED, Written, capable, rosters

ON = date.fromisoformat(DAY)
FREE = {"nurse_practitioner": {"ketamine": "yes", "autonomy": "independent"}}
DOCUMENT = {
    "scenarios": {
        "free": {"there": FREE, "where": ["each", "all"]},
        "none": {"there": {"nurse_practitioner": {"ketamine": "no"}}, "where": "all"},
        "ends": {"federal": {"telehealth": "no"}},
        "twice the hours": {"thresholds": {"kap_training_hours": 32}},
    }
}

_SAID = st.sampled_from(["yes", "no", "unknown"])
_PROFESSION = st.fixed_dictionaries(
    {},
    optional={
        "ketamine": st.sampled_from(["yes", "no", "limited", "unknown"]),
        "autonomy": st.sampled_from(["independent", "agreement", "transition", "unknown"]),
        "state_registration": _SAID,
    },
)
_PLACE = st.fixed_dictionaries(
    {},
    optional={
        "state_registration": _SAID,
        "telehealth": _SAID,
        "presence": st.sampled_from(["none", "available", "dosing", "throughout"]),
        "nurse_practitioner": _PROFESSION,
        "physician_assistant": _PROFESSION,
        "prescribing_psychologist": _PROFESSION,
    },
)
_JURISDICTIONS = st.dictionaries(st.sampled_from(["NY", "CO", "AZ", "CA", "TX", "ME"]), _PLACE, max_size=3)
LAWS = st.one_of(
    st.fixed_dictionaries({"jurisdictions": _JURISDICTIONS}),
    st.fixed_dictionaries(
        {},
        optional={
            "federal": st.fixed_dictionaries({"telehealth": _SAID}),
            "jurisdictions": _JURISDICTIONS,
            "rules": st.dictionaries(
                st.sampled_from(["ethics.practicum", "team.ties"]), st.sampled_from(["block", "off"])
            ),
            "thresholds": st.fixed_dictionaries({"kap_training_hours": st.integers(0, 90)}),
            "carriers": st.fixed_dictionaries({"Acorn": st.fixed_dictionaries({"ketamine": st.booleans()})}),
        },
    ),
)
SCENARIOS = LAWS.map(lambda law: Scenario("drawn", law))


def judged_anew(written: Written, scenario: Scenario, unknown: str, packs: Packs) -> Outcome:
    """By the whole way, from a roster whose practice file says so."""
    practice = scenario.practice(written.roster().practice)
    network = Network(judged_links(written.roster().with_practice(practice), written.on, packs=packs))
    plan = network.match(unknown=unknown).plan
    rows = plan.usable
    return Outcome(
        plan.objective.teamed,
        plan.objective.points,
        len(rows),
        len({int(t) for t in network.links.pairs.therapist_person[rows]}),
    )


@given(st.one_of(rosters(people=(3, 7)), capable()), SCENARIOS, st.sampled_from(["exclude", "allow"]), st.booleans())
def test_it_is_the_roster_judged_anew(written: Written, scenario: Scenario, unknown: str, shipped: bool) -> None:
    packs = SHIPPED if shipped else NO_PACKS
    today = Today.of(written.network(packs=packs).match(unknown=unknown).plan)
    expected = judged_anew(written, scenario, unknown, packs)
    assert outcome(today, scenario) == expected
    # What a worker makes of what it is sent gives the same.
    assert outcome(pickle.loads(pickle.dumps(today)), scenario) == expected


@given(st.one_of(rosters(people=(3, 7)), capable()), st.sampled_from(["exclude", "allow"]))
def test_a_scenario_that_says_nothing_is_today(written: Written, unknown: str) -> None:
    today = Today.of(written.network().match(unknown=unknown).plan)
    assert outcome(today, Scenario("nothing", {})) == as_it_is(today)
    assert outcome(today, Scenario("elsewhere", {"jurisdictions": {"ME": FREE}})) == as_it_is(today)


@pytest.fixture(scope="module")
def network() -> kapteam.Network:
    return kapteam.links(kapteam.read(PRACTICE), on=ON)


def test_the_best_come_first_with_what_they_add(network: kapteam.Network) -> None:
    found = network.sweep(DOCUMENT)
    assert len(found) == 7
    assert found.today == Outcome(19, 14737, 28, 21)
    keys = [(m.outcome.teamed, m.outcome.points, m.outcome.links_usable) for m in found]
    assert keys == sorted(keys, reverse=True)
    assert all(m.more == m.outcome.less(found.today) for m in found)
    # As the researcher's notebook has them, each judged by itself.
    assert (found["free: all"].outcome.teamed, found["free: all"].more.links_usable) == (19, 3)
    assert (found["none: all"].outcome.teamed, found["ends"].outcome.teamed) == (16, 18)
    for one in found:
        practice = one.scenario.practice(network.roster.practice)
        objective = kapteam.links(network.roster.with_practice(practice), on=ON).match().objective
        assert (one.outcome.teamed, one.outcome.points) == (objective.teamed, objective.points)


def test_it_is_the_same_whoever_works_it_out(network: kapteam.Network, two: ProcessPoolExecutor) -> None:
    here = network.sweep(DOCUMENT).to_json()
    with ThreadPoolExecutor(2) as threads:
        assert network.sweep(DOCUMENT, executor=threads).to_json() == here
    assert network.sweep(DOCUMENT, executor=two).to_json() == here
    assert kapteam.sweep(kapteam.read(PRACTICE), DOCUMENT, on=ON).to_json() == here


def test_it_knows_what_it_was_made_from(network: kapteam.Network, two: ProcessPoolExecutor) -> None:
    one, other = network.sweep(DOCUMENT), network.sweep(DOCUMENT, executor=two)
    assert one.provenance() == other.provenance()
    assert one.provenance().question == "sweep"
    assert one.provenance() != network.sweep([Scenario("ends", {"federal": {"telehealth": "no"}})]).provenance()


def test_a_house_rule_goes_along_to_the_workers(tmp_path: Path, two: ProcessPoolExecutor) -> None:
    file = tmp_path / "rules.py"
    file.write_text(
        'import kapteam\n\n\n@kapteam.rule("house.named", subject="therapist")\ndef named(rows):\n'
        "    return [p.practitioner < 'm' and rows.facts.law.practice.federal.get('telehealth') != 'no'"
        " for p in rows.practitioners()]\n",
        encoding="utf-8",
    )
    network = kapteam.links(kapteam.read(PRACTICE), on=ON, rules=file)
    here = network.sweep(DOCUMENT)
    assert 0 < here.today.teamed < 19
    assert here["ends"].outcome.teamed == 0
    assert network.sweep(DOCUMENT, executor=two).to_json() == here.to_json()


def test_a_house_rule_that_a_worker_cannot_find_is_told(two: ProcessPoolExecutor) -> None:
    @kapteam.rule("house.here", subject="therapist")
    def here(rows: Any) -> Any:
        return rows.site >= 0

    network = kapteam.links(kapteam.example(), on=ON, rules=[here])
    with pytest.raises(UsageError, match=r"does not find the rule house\.here"):
        network.sweep(DOCUMENT, executor=two)


def test_a_rule_that_breaks_under_a_scenario_names_it(tmp_path: Path) -> None:
    file = tmp_path / "rules.py"
    file.write_text(
        'import kapteam\n\n\n@kapteam.rule("house.brittle", subject="therapist")\ndef brittle(rows):\n'
        "    assert rows.facts.law.practice.federal.get('telehealth') != 'no', 'never thought of that'\n"
        "    return rows.site >= 0\n",
        encoding="utf-8",
    )
    network = kapteam.links(kapteam.example(), on=ON, rules=file)
    with pytest.raises(UsageError, match=r"^scenario 'ends': the rule house\.brittle broke: .*never thought of that"):
        network.sweep({"scenarios": {"ends": {"federal": {"telehealth": "no"}}}})


def test_a_rule_that_a_scenario_names_and_nobody_has_is_told_before_anything_is_judged(
    network: kapteam.Network, two: ProcessPoolExecutor
) -> None:
    with pytest.raises((UsageError, RosterError), match=r"house\.other"):
        network.sweep([Scenario("a", {"rules": {"house.other": "off"}})], executor=two)


def test_a_worker_is_sent_columns_and_no_records(network: kapteam.Network) -> None:
    assert not isinstance(network.roster, ColumnarRoster)
    arrived = pickle.loads(pickle.dumps(Today.of(network.match().plan)))
    assert isinstance(arrived.facts.roster, ColumnarRoster)
    assert arrived.facts.roster == network.roster
