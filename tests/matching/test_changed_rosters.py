"""What may change about a roster without changing the plan, and what can only make it better."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from kapteam.api.network import Network
from strategies import Written, capable, rosters

ANY = st.one_of(rosters(people=(2, 5)), capable(people=(3, 6)))


def worth(network: Network, **options: Any) -> tuple[int, int]:
    """Both aims, as they are compared."""
    objective = network.match(**options).objective
    return objective.teamed, objective.points


def shuffled(written: Written, seed: int) -> Written:
    """The same rows in another order; and the cells of each, too."""
    other, chance = written.copy(), random.Random(seed)
    for name, rows in other.tables.items():
        chance.shuffle(rows)
        other.tables[name] = [dict(chance.sample(sorted(row.items()), len(row))) for row in rows]
    return other


@given(ANY, st.integers(0, 9), st.sampled_from(["exclude", "allow"]), st.integers(1, 2))
def test_the_order_of_rows_and_columns_changes_nothing(
    written: Written, seed: int, unknown: str, partners: int
) -> None:
    one, other = written.network(), shuffled(written, seed).network()
    assert one.as_dict() == other.as_dict()
    options: dict[str, Any] = {"unknown": unknown, "max_partners": partners}
    assert one.match(**options).to_json() == other.match(**options).to_json()
    people = sorted(one.roster.people)
    told = [[e.as_dict() for id in people for e in network.explain(id)] for network in (one, other)]
    assert [_without_words(e) for e in told[0]] == [_without_words(e) for e in told[1]]


def _without_words(explained: dict[str, Any]) -> dict[str, Any]:
    """Findings without their sentences, which may name the first of several rows."""
    findings = [{k: f[k] for k in ("rule", "status", "severity", "subject")} for f in explained["findings"]]
    return {**explained, "findings": findings}


@given(ANY)
def test_twice_the_same_question_gives_the_same_bytes(written: Written) -> None:
    roster_once, roster_twice = written.network(), written.network()
    assert roster_once.match().to_json() == roster_twice.match().to_json()
    assert json.loads(roster_once.match().to_json()) == roster_once.match().as_dict()


_NAMES = ("practitioner", "with", "a", "b")


def renamed(written: Written, names: dict[str, str]) -> Written:
    """The same roster with other ids of people."""
    other = written.copy()
    for rows in other.tables.values():
        for row in rows:
            for column in _NAMES:
                if row.get(column):
                    row[column] = names[oracles.clean(row[column])]
    return other


@given(ANY, st.randoms(use_true_random=False))
def test_other_names_change_neither_the_links_nor_the_objective(written: Written, chance: random.Random) -> None:
    network = written.network()
    ids = sorted(network.roster.people)
    new = [f"n{number}" for number in range(len(ids))]
    chance.shuffle(new)
    names = dict(zip(ids, new, strict=True))
    other = renamed(written, names).network()
    said = {
        (x.site, names[x.prescriber], names[x.therapist]): (x.verdict, x.points, x.weekly_sessions) for x in network
    }
    assert said == {(x.site, x.prescriber, x.therapist): (x.verdict, x.points, x.weekly_sessions) for x in other}
    for partners in (1, 2):
        assert worth(network, max_partners=partners) == worth(other, max_partners=partners)
    one, two = network.match(), other.match()
    if one.shortage:
        assert two.shortage is not None
        assert sorted(names[t] for t in one.shortage.therapists) == list(two.shortage.therapists)
        assert one.shortage.deficiency == two.shortage.deficiency
    confirmed = {(names[c.practitioner], c.rule, c.adds, c.adds_points) for c in one.if_confirmed}
    assert confirmed == {(c.practitioner, c.rule, c.adds, c.adds_points) for c in two.if_confirmed}
    assert one.certificate is not None
    assert two.certificate is not None
    prices = one.certificate["prescribers"]
    assert {names[p]: price for p, price in prices.items()} == two.certificate["prescribers"]


@given(ANY, st.data())
def test_to_say_a_thing_twice_changes_nothing(written: Written, data: st.DataObject) -> None:
    """But KAP hours, which add up, and policies, of which there is one at a time."""
    other = written.copy()
    for name in ("licenses", "registrations", "hours", "agreements", "ties", "training"):
        rows = [row for row in other.tables.get(name, []) if row.get("kind") != "kap"]
        if rows:
            other.tables[name] += data.draw(st.lists(st.sampled_from(rows), max_size=2))
    assert written.network().as_dict() == other.network().as_dict()
    assert written.network().match().as_dict() == other.network().match().as_dict()


@given(ANY)
def test_hours_in_two_rows_are_the_hours_in_one(written: Written) -> None:
    other = written.copy()
    other.tables["hours"] = []
    for row in written.tables["hours"]:
        parts = [part.strip() for part in row["when"].split(";")]
        other.tables["hours"] += [{**row, "when": part} for part in parts]
    assert written.network().match().as_dict() == other.network().match().as_dict()


# --- What never makes it worse ------------------------------------------------------------------------------


@given(ANY)
def test_one_more_prescriber_never_lowers_the_optimum(written: Written) -> None:
    other = written.copy()
    other.add("practitioners", practitioner="new", roles="prescriber")
    for site in written.tables["sites"]:
        place = site["jurisdiction"]
        other.add("licenses", practitioner="new", jurisdiction=place, profession="physician")
        other.add("registrations", practitioner="new", jurisdiction=place, schedules="3N", at_site=site["site"])
        other.add("registrations", practitioner="new", jurisdiction=place, schedules="3N", issuer="state")
        other.add("hours", practitioner="new", site=site["site"], when="Mon-Fri 09:00-17:00")
    other.add("coverage", practitioner="new", carrier="new", ketamine="yes", presence="available")
    for unknown in ("exclude", "allow"):
        assert worth(other.network(), unknown=unknown) >= worth(written.network(), unknown=unknown)


@given(ANY, st.data())
def test_one_more_registration_never_lowers_the_optimum(written: Written, data: st.DataObject) -> None:
    other = written.copy()
    person = data.draw(st.sampled_from(written.tables["practitioners"]))["practitioner"]
    site = data.draw(st.sampled_from(written.tables["sites"]))
    place = site["jurisdiction"]
    other.add("registrations", practitioner=person, jurisdiction=place, schedules="3N", at_site=site["site"])
    other.add("registrations", practitioner=person, jurisdiction=place, schedules="3", issuer="state")
    for unknown in ("exclude", "allow"):
        assert worth(other.network(), unknown=unknown) >= worth(written.network(), unknown=unknown)


@given(ANY, st.data())
def test_one_more_physician_s_licence_never_lowers_the_optimum_where_the_state_asks_all_alike(
    written: Written, data: st.DataObject
) -> None:
    """Where it asks physicians for a registration that others need not have, it can: another licence speaks."""
    for law in written.practice["jurisdictions"].values():
        for section in law.values():
            if isinstance(section, dict):
                section.pop("state_registration", None)
    # Severities may let two of the three rules on a licence be broken, and not the third.
    written.practice["rules"] = {}
    other = written.copy()
    person = data.draw(st.sampled_from(written.tables["practitioners"]))["practitioner"]
    place = data.draw(st.sampled_from(written.tables["sites"]))["jurisdiction"]
    other.add("licenses", practitioner=person, jurisdiction=place, profession="physician")
    for unknown in ("exclude", "allow"):
        assert worth(other.network(), unknown=unknown) >= worth(written.network(), unknown=unknown)


@given(ANY, st.data())
def test_more_hours_never_lower_the_optimum_of_what_passes(written: Written, data: st.DataObject) -> None:
    """With unknown links allowed they may: the first written hours of a prescriber give their room a limit."""
    other = written.copy()
    person = data.draw(st.sampled_from(written.tables["practitioners"]))["practitioner"]
    site = data.draw(st.sampled_from(written.tables["sites"]))["site"]
    when = data.draw(st.sampled_from(["Mon-Fri 08:00-18:00", "Mon-Sun 00:00-24:00", "Sun 20:00-24:00"]))
    other.add("hours", practitioner=person, site=site, when=when)
    assert worth(other.network()) >= worth(written.network())


@given(ANY)
def test_to_allow_what_is_unknown_teams_at_least_as_many(written: Written) -> None:
    network = written.network()
    for partners in (1, 2, 3):
        assert worth(network, unknown="allow", max_partners=partners) >= worth(network, max_partners=partners)


@given(ANY)
def test_more_partners_each_make_more_teams(written: Written) -> None:
    network = written.network()
    teamed = [worth(network, max_partners=partners) for partners in (1, 2, 3)]
    assert teamed == sorted(teamed)


@given(capable(), st.data())
def test_a_prescriber_with_no_room_takes_nobody(written: Written, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(written.tables["practitioners"]))
    person["max_therapists"] = "0"
    result = written.network().match()
    assert person["practitioner"] not in {team.prescriber for team in result.teams}
    assert result.status == "optimal"


@pytest.mark.parametrize("salt", ["", "spring", "summer", "autumn"])
def test_the_salt_of_the_draw_says_who_is_taken_of_eight_alike(salt: str) -> None:
    eight = [f"t{number}" for number in range(8)]
    everyone = ["pia", *eight]
    written = Written(
        {
            "sites": [{"site": "s", "jurisdiction": "NY", "supply": "patient"}],
            "practitioners": [{"practitioner": "pia", "roles": "prescriber", "max_therapists": "1"}]
            + [{"practitioner": id, "roles": "therapist"} for id in eight],
            "licenses": [{"practitioner": id, "jurisdiction": "NY", "profession": "physician"} for id in everyone],
            "registrations": [{"practitioner": "pia", "jurisdiction": "NY", "schedules": "3N"}],
            "coverage": [{"practitioner": id, "carrier": "A", "ketamine": "yes"} for id in everyone],
            "training": [{"practitioner": id, "kind": "kap", "hours": "20"} for id in eight],
            "hours": [{"practitioner": id, "site": "s", "when": "Mon 09:00-12:00"} for id in everyone],
        },
        {"protocol": {"draw": salt}, "jurisdictions": {"NY": {"state_registration": "no"}}},
    )
    (team,) = written.network().match().teams
    least = min(eight, key=lambda id: oracles.draw_of("s", "pia", id, salt))
    assert [place.practitioner for place in team.therapists] == [least]
