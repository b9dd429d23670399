from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kapteam.records.practice import WEIGHTS, Practice, Protocol
from kapteam.records.problems import Problem, RosterError, UsageError

FULL: dict[str, Any] = {
    "protocol": {"session_minutes": 150, "route": "oral", "solo": False, "draw": "spring 2027"},
    "protocols": {"group": {"therapists": 2, "route": ""}, "as it is": {}},
    "rules": {"ethics.trauma_training": "block"},
    "thresholds": {"kap_training_hours": 40.5, "kap_programmes": ["KAP; level 1", "B"]},
    "weights": {"time": 0},
    "federal": {"telehealth": "no", "source": "counsel's letter"},
    "jurisdictions": {
        "RI": {
            "state_registration": "yes",
            "nurse_practitioner": {"ketamine": "yes", "routes": ["oral"], "agreement_with": ["physician"]},
        },
        "NY": {"physician": {"state_registration": "no"}},
    },
    "modalities": {"parts work": {"complementary": True, "trauma": False}, "house": {}},
    "carriers": {
        "My Mutual": {"ketamine": True, "same_site": False, "max_concurrent_sessions": 2, "specialties": ["psychiatry"]}
    },
    "remedies": {"legal.registration": {"dollars": 500, "ask_days": 2}, "team.window": {"offered": False}},
}


def problems(data: dict[str, Any]) -> list[Problem]:
    with pytest.raises(RosterError) as caught:
        Practice.of(data, "practice.toml")
    return list(caught.value.problems)


def only(data: dict[str, Any]) -> Problem:
    (found,) = problems(data)
    return found


def test_a_practice_that_says_nothing_has_every_default() -> None:
    practice = Practice.of({})
    assert practice == Practice()
    assert practice.protocol == Protocol()
    assert practice.thresholds.kap_training_hours == 16
    assert practice.weights == WEIGHTS
    assert sum(WEIGHTS.values()) == 1000
    assert practice.as_toml() == {}


def test_a_practice_is_read_key_by_key_and_the_rest_is_as_by_default() -> None:
    practice = Practice.of(FULL, "practice.toml")
    assert practice.protocol.session_minutes == 150
    assert practice.protocol.solo is False
    assert practice.named("group") == Protocol(150, therapists=2, draw="spring 2027", solo=False)
    assert practice.named("as it is") == practice.named(None) == practice.protocol
    assert practice.thresholds.kap_training_hours == Decimal("40.5")
    assert practice.thresholds.kap_programmes == ("KAP; level 1", "B")
    assert practice.weights["time"] == 0
    assert practice.weights["ties"] == 100
    assert practice.jurisdictions["RI", ""] == {"state_registration": "yes"}
    assert practice.jurisdictions["RI", "nurse_practitioner"]["routes"] == ("oral",)
    assert practice.carriers["My Mutual"]["same_site"] is False


def test_a_practice_reads_back_from_what_it_writes() -> None:
    practice = Practice.of(FULL)
    assert Practice.of(practice.as_toml()) == practice


@pytest.mark.parametrize(
    ("data", "key", "close"),
    [
        ({"protocl": {}}, "protocl", ("protocol",)),
        ({"protocol": {"sesion_minutes": 1}}, "protocol.sesion_minutes", ("session_minutes",)),
        ({"protocols": {"g": {"therapist": 1}}}, "protocols.g.therapist", ("therapists",)),
        ({"protocols": {"g": {"travel_minutes": 1}}}, "protocols.g.travel_minutes", None),
        ({"protocols": {"g": 3}}, "protocols.g", ()),
        ({"rules": {"legal.license": "blok"}}, "rules.legal.license", ("block",)),
        ({"rules": {"legal": {"license": "block"}}}, "rules.legal.license", ()),
        ({"thresholds": {"kap_hours": 1}}, "thresholds.kap_hours", None),
        ({"weights": {"tiems": 1}}, "weights.tiems", None),
        ({"weights": {"time": -1}}, "weights.time", ()),
        ({"federal": {"telehealth": "maybe"}}, "federal.telehealth", ()),
        ({"federal": {"state_registration": "yes"}}, "federal.state_registration", None),
        ({"jurisdictions": {"New York": {}}}, "jurisdictions.New York", ()),
        ({"jurisdictions": {"RI": {"ketamine": "yes"}}}, "jurisdictions.RI.ketamine", ()),
        ({"jurisdictions": {"RI": {"psychologist": {}}}}, "jurisdictions.RI.psychologist", None),
        ({"jurisdictions": {"RI": {"physician": {"ketamine": "no"}}}}, "jurisdictions.RI.physician.ketamine", ()),
        (
            {"jurisdictions": {"RI": {"nurse_practitioner": {"routes": ["orale"]}}}},
            "jurisdictions.RI.nurse_practitioner.routes",
            ("oral",),
        ),
        ({"modalities": {"x": {"trauma": "maybe"}}}, "modalities.x.trauma", ()),
        ({"carriers": {"x": {"presance": "dosing"}}}, "carriers.x.presance", ("presence",)),
        ({"carriers": {"x": {}, " x": {}}}, "carriers. x", ()),
        ({"remedies": {"legal.registration": {"dolars": 5}}}, "remedies.legal.registration.dolars", ("dollars",)),
        ({"remedies": {"legal": {"registration": {"days": 5}}}}, "remedies.legal.registration", ()),
        ({"protocol": {"prescribers": 2}}, "protocol.prescribers", ()),
        ({"protocol": {"dosing_minutes": 200}}, "protocol.dosing_minutes", ()),
        ({"protocols": {"g": {"session_minutes": 45}}}, "protocols.g.dosing_minutes", ()),
        ({"protocol": {"dosing_minutes": 0}}, "protocol.dosing_minutes", ()),
        ({"protocol": 3}, "protocol", ()),
        ({3: {}}, "3", ()),
    ],
)
def test_every_mistake_in_a_practice_is_an_error_at_its_key(
    data: dict[str, Any], key: str, close: tuple[str, ...] | None
) -> None:
    found = only(data)
    assert (found.table, found.column, found.source) == ("practice", key, "practice.toml")
    assert close is None or found.nearest == close


def test_every_mistake_is_told_at_once() -> None:
    keys = [p.column for p in problems({"protocol": {"route": "x", "solo": "perhaps"}, "rules": {"a": "b"}, "zzz": 1})]
    assert sorted(map(str, keys)) == ["protocol.route", "protocol.solo", "rules.a", "zzz"]


def test_a_blank_value_has_the_default() -> None:
    blank = {"protocol": {"route": "", "therapists": ""}, "weights": {"time": ""}, "federal": {"telehealth": ""}}
    assert Practice.of(blank) == Practice()


def test_an_unknown_protocol_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no protocol 'duo'.*\(there: as it is, group\)"):
        Practice.of(FULL).named("duo")
