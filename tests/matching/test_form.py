"""`form`: the best teams for a need, against every team there is."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics import district, house, someone
from form_oracle import cost_of, every_team, lengths, nearest_teams, verified
from kapteam.matching.communication import Communication
from kapteam.matching.form import Formed, FormedTeam, form, team_of
from kapteam.matching.lacking import lacking
from kapteam.network.closeness import distances
from kapteam.records.problems import UsageError
from oracles import WEIGHTS
from strategies import SHIPPED, Written, mostly, rosters

COSTS = (None, "sum", "diameter", "leader", "mst")


def asked_of(written: Written, **need: Any) -> Formed:
    return form(written.network().links, **need)


def as_the_oracle_has(found: Formed) -> list[dict[str, Any]]:
    return [
        {k: v for k, v in team.as_dict().items() if k not in ("first_start", "to_verify", "cost")}
        | {"cost": None if team.cost is None else pytest.approx(team.cost)}
        for team in found.teams
    ]


def expected(written: Written, best: int, **need: Any) -> list[dict[str, Any]]:
    every = every_team(written, written.judged(), **need)[:best]
    return [
        {k: v for k, v in team.items() if k not in ("size", "draw", "first_start", "cost")}
        | {"cost": None if team["cost"] is None else float(team["cost"])}
        for team in every
    ]


@st.composite
def practices(draw: st.DrawFn) -> Written:
    """People most of whom can do their part, who speak, have learned and know one another to different degrees."""
    sites = {"s1": "NY", "s2": "NY"} if draw(st.booleans()) else {"s1": "NY"}
    written = house(sites, draw=draw(st.sampled_from(["", "spring"])))
    written.practice["modalities"]["trauma"] = {"trauma": True}
    people = draw(st.permutations("abcdefgh"))[: draw(st.integers(5, 7))]
    for number, id in enumerate(people):
        prescribes = number < draw(st.sampled_from([1, 2, 2]))
        nurse = number == 2 or (number == 3 and draw(st.booleans()))
        hours = {site: draw(WHEN) for site in draw(mostly(list(sites), ["s1"], times=2))}
        someone(
            written, id, "physician" if prescribes else "registered_nurse" if nurse else "psychologist", hours,
            presence=draw(st.sampled_from(["throughout", "dosing", "available", "none"])) if prescribes else "",
            training=draw(st.sampled_from(["16", "16", "16", "40", "80"])),
            roles=draw(mostly("prescriber", "", "prescriber;monitor", times=2)) if prescribes
            else "" if nurse else draw(mostly("therapist", "therapist;monitor", times=4)),
            modalities=draw(st.sampled_from(["", "parts", "parts", "parts;trauma"])),
            languages=draw(st.sampled_from(["", "en", "en;es", "en;es"])),
        )  # fmt: skip
        if draw(st.integers(0, 5)) == 0:
            written.rows("coverage", practitioner=id)[0]["ketamine"] = draw(st.sampled_from(["", "", "no"]))
    for _ in range(draw(st.integers(0, 7))):
        a, b = draw(st.lists(st.sampled_from(people), min_size=2, max_size=2, unique=True))
        kind = draw(st.sampled_from(["worked_with", "prefers", "worked_with", "avoids"]))
        written.add("ties", a=a, b=b, kind=kind, weight=draw(st.sampled_from(["", "", "2", "3", "0.5", "0"])))
    written.practice["weights"] = draw(st.sampled_from([{}, {"time": 0}, dict.fromkeys(WEIGHTS, 0)]))
    if draw(st.integers(0, 4)) == 0:
        written.practice["rules"] = {"team.ties": "warn"}
    return written


#: Mostly all day on Monday and Tuesday; a blank: nobody wrote them down.
WHEN = mostly("Mon-Tue 09:00-13:00", "Mon 09:00-11:00", "Mon 10:00-12:00", "Tue 09:00-10:00", "", times=5)


@st.composite
def needs(draw: st.DrawFn, written: Written) -> dict[str, Any]:
    """What may be asked of them; the half of it asks little."""
    everyone = [row["practitioner"] for row in written.tables["practitioners"]]
    named = draw(st.lists(st.sampled_from(everyone), min_size=2, max_size=2, unique=True))
    modalities = draw(st.sampled_from([[], [], [], ["parts"], ["parts", "trauma"]]))
    languages = draw(st.sampled_from([[], [], [], ["es"], ["en", "es"]]))
    covering = bool(modalities or languages) and draw(st.booleans())
    return {
        "site": draw(st.sampled_from([None, None, None, "s1"])),
        "modalities": modalities,
        "languages": languages,
        "monitors": draw(st.sampled_from([0, 0, 1, 1, 2])),
        "among": named[: draw(st.sampled_from([0, 0, 0, 1]))],
        "without": named[1:] if draw(st.integers(0, 3)) == 0 else [],
        "covering": covering,
        "cost": draw(st.sampled_from(COSTS)),
        "unknown": draw(st.sampled_from(["exclude", "allow"])),
    } | ({} if covering else {"therapists": draw(st.integers(1, 3))})


@given(st.data())
def test_the_best_teams_are_the_first_of_all_teams(data: st.DataObject) -> None:
    written = data.draw(practices())
    for _ in range(4):
        need = data.draw(needs(written))
        best = data.draw(st.sampled_from([1, 3, 5, 1000]))
        found = asked_of(written, best=best, **need)
        assert found.proven
        assert as_the_oracle_has(found) == expected(written, best, **need), need
        for team in found.teams:
            document = team.as_dict()
            told = {(v.practitioner, v.rule) for v in team.to_verify}
            assert told == (verified(written.judged(), document) if need["unknown"] == "allow" else set())


@given(rosters(people=(3, 5)), st.data())
def test_the_best_teams_of_any_roster_are_the_first_of_all_teams(written: Written, data: st.DataObject) -> None:
    need = {
        "therapists": data.draw(st.integers(1, 2)),
        "monitors": data.draw(st.integers(0, 1)),
        "cost": data.draw(st.sampled_from(COSTS)),
        "unknown": data.draw(st.sampled_from(["exclude", "allow"])),
    }
    assert as_the_oracle_has(asked_of(written, best=5, **need)) == expected(written, 5, **need)


@given(practices(), st.integers(1, 3), st.integers(0, 1), st.sampled_from(["exclude", "allow"]), st.booleans())
def test_the_nearest_teams_are_those_that_lack_least(
    written: Written, therapists: int, monitors: int, unknown: str, asks: bool
) -> None:
    need: dict[str, Any] = {"therapists": therapists, "monitors": monitors, "unknown": unknown}
    if asks:
        need |= {"modalities": ["trauma"], "languages": ["es"]}
    found = asked_of(written, best=1000, **need)  # all that lack nothing, of which there are fewer
    near = [team_of(one.pool, one.chosen) for one in lacking(found, 4)]
    people = [(t.site, t.prescriber, list(t.therapists), list(t.monitors)) for t in near]
    assert people == [one["people"] for one in nearest_teams(written.judged(), **need)[:4]]


@given(practices(), st.integers(1, 30), st.sampled_from(COSTS))
def test_a_search_that_is_cut_says_what_the_others_cannot_be_better_than(
    written: Written, effort: int, cost: str | None
) -> None:
    need: dict[str, Any] = {"therapists": 2, "monitors": 1, "cost": cost}
    found = asked_of(written, best=3, effort=effort, **need)
    every = every_team(written, written.judged(), **need)
    if found.bound is None:
        assert as_the_oracle_has(found) == expected(written, 3, **need)
        return
    seen = [(t.site, t.prescriber, list(t.therapists), list(t.monitors)) for t in found.teams]
    left = [t for t in every if (t["site"], t["prescriber"], t["therapists"], t["monitors"]) not in seen]
    better = [t for t in left if not seen or len(seen) < 3 or _worth(t) < _worth_of(found.teams[-1])]
    assert all(_worth(t) >= (float(found.bound.cost or 0) - 1e-9, -found.bound.points) for t in better)


def _worth(team: dict[str, Any]) -> tuple[float, int]:
    return float(team["cost"] or 0), -team["points"]


def _worth_of(team: FormedTeam) -> tuple[float, int]:
    return float(team.cost or 0), -team.points


@given(st.data())
def test_no_team_costs_less_than_its_part_promised(data: st.DataObject) -> None:
    written = house({"s1": "NY"})
    ids = [f"q{number}" for number in range(data.draw(st.integers(4, 9)))]
    for id in ids:
        someone(written, id, "psychologist")
    pairs = list(combinations(range(len(ids)), 2))
    for a, b in data.draw(st.lists(st.sampled_from(pairs), max_size=10)):
        weight = data.draw(st.sampled_from(["1", "2", "3", "0.4", "12", "0.07"]))
        written.add("ties", a=ids[a], b=ids[b], kind="worked_with", weight=weight)
    ways, graph = distances(written.network().links.facts), lengths(written)
    for team in data.draw(st.lists(st.permutations(range(len(ids))), min_size=8, max_size=8)):
        team = team[: 2 + team[0] % 4]
        for measure in COSTS[1:]:
            communication = Communication(measure, ways)
            cost = communication.of_team(team)
            exact = cost_of(graph, measure, ids[team[0]], [ids[x] for x in team[1:]])
            assert Fraction(cost, ways.unit) == exact
            assert ways.as_number(cost) == pytest.approx(float(exact))
            if measure == "leader":
                continue
            for inside, split in combinations_with_replacement(range(1, len(team) + 1), 2):
                others = [x for x in range(len(ids)) if x not in team[:inside]]
                seats = ((others, split - inside), (others, len(team) - split))
                assert communication.at_least(team[:inside], *seats) <= cost


@pytest.mark.parametrize("cost", COSTS)
def test_larger_practices_are_searched_to_the_same_end(cost: str | None) -> None:
    written = district(3, 22, sites=("NY", "CO"))
    for number, row in enumerate(written.rows("practitioners", roles="therapist")):
        if number % 4 == 0:
            row["roles"] = "therapist;monitor"
            written.add("licenses", practitioner=row["practitioner"], jurisdiction="NY", profession="registered_nurse")
    for need in ({"therapists": 2, "monitors": 1}, {"therapists": 3, "monitors": 0}):
        assert as_the_oracle_has(asked_of(written, best=20, cost=cost, **need)) == expected(
            written, 20, cost=cost, **need
        )


# --- By hand ------------------------------------------------------------------------------------------------


def clinic() -> Written:
    """Dan prescribes and could sit, Ana, Ben and Cleo sit, Mia and Noa watch; all are there on Monday morning."""
    written = house({"north": "NY"})
    someone(written, "dan", "physician", {"north": "Mon 09:00-12:00"}, presence="dosing", roles="prescriber;therapist")
    for id, speaks in (("ana", "en;es"), ("ben", "en"), ("cleo", "en")):
        someone(
            written, id, "psychologist", {"north": "Mon 09:00-12:00"}, languages=speaks, modalities="parts",
        )  # fmt: skip
    for id in ("mia", "noa"):
        someone(written, id, "registered_nurse", {"north": "Mon 09:00-12:00"}, training="")
    return written


def who(found: Formed) -> list[tuple[str, ...]]:
    return [(t.prescriber, *t.therapists, *t.monitors) for t in found.teams]


def test_with_equal_points_the_draw_decides_and_not_the_alphabet() -> None:
    orders = set()
    for salt in ("", "spring", "herbst", "two", "three"):
        written = clinic()
        written.practice["protocol"]["draw"] = salt
        found = asked_of(written)
        assert len({t.points for t in found.teams}) == 1
        orders.add(tuple(who(found)))
    assert len(orders) > 1


def test_one_person_sits_alone_only_where_one_sits() -> None:
    assert ("dan", "dan") in who(asked_of(clinic(), best=9))
    assert all("dan" not in team[1:] for team in who(asked_of(clinic(), therapists=2, best=9)))
    alone = clinic()
    alone.practice["protocol"]["solo"] = False
    assert ("dan", "dan") not in who(asked_of(alone, best=9))


def test_more_teams_than_there_are_are_all_of_them() -> None:
    found = asked_of(clinic(), therapists=2, monitors=1, best=100)
    assert len(found.teams) == 3 * 2
    assert found.proven


def test_two_who_sit_need_a_start_in_common() -> None:
    written = clinic()
    written.rows("hours", practitioner="ana")[0]["when"] = "Mon 09:00-10:30"
    written.rows("hours", practitioner="ben")[0]["when"] = "Mon 10:00-12:00"
    assert ("dan", "ana", "ben") not in who(asked_of(written, therapists=2, best=9))
    (team,) = [t for t in asked_of(written, therapists=2, best=9).teams if t.therapists == ("ana", "cleo")]
    assert (team.first_start, team.weekly_starts) == ("Mon 09:00", 3)


def test_covering_takes_as_few_as_can_be_and_nobody_who_adds_nothing() -> None:
    written = clinic()
    written.rows("practitioners", practitioner="ana")[0]["modalities"] = ""
    found = asked_of(written, covering=True, modalities=["parts"], languages=["es"], best=9)
    assert {t.therapists for t in found.teams} == {("ana", "ben"), ("ana", "cleo")}
    assert who(asked_of(clinic(), covering=True, modalities=["parts"], languages=["es"])) == [("dan", "ana")]
    more = asked_of(clinic(), covering=True, languages=["es"], among=["cleo"], best=9)
    assert [t.therapists for t in more.teams] == [("ana", "cleo")]


def test_a_name_of_a_modality_that_the_packs_know_is_the_modality() -> None:
    written = clinic()
    written.rows("practitioners", practitioner="ben")[0]["modalities"] = "IFS"
    links = written.network(packs=SHIPPED).links
    assert [t.therapists for t in form(links, modalities=["internal_family_systems"]).teams] == [("ben",)]


def test_the_rows_of_a_roster_may_come_in_any_order() -> None:
    written = clinic()
    before = as_the_oracle_has(asked_of(written, therapists=2, monitors=1, cost="sum"))
    for rows in written.tables.values():
        rows.reverse()
    assert as_the_oracle_has(asked_of(written, therapists=2, monitors=1, cost="sum")) == before


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ({"best": 0}, "best is a whole number"),
        ({"effort": 0}, "effort is a whole number"),
        ({"therapists": 0}, "therapists is a whole number from 1 to 20"),
        ({"monitors": -1}, "monitors is a whole number from 0"),
        ({"site": "nrth"}, "'north'"),
        ({"among": ["anna"]}, "'ana'"),
        ({"without": ["nobody"]}, "nobody"),
        ({"among": ["ana"], "without": ["ana"]}, "ana: cannot be in the team and left out"),
        ({"among": ["ana", "ben", "cleo"]}, "3 people are to be in the team, and it has at most 2"),
        ({"among": "ana"}, "among is a list"),
        ({"languages": ["english please"]}, "BCP 47"),
        ({"languages": ["Spanish"]}, "'es'"),
        ({"modalities": [" "]}, "a modality needs a name"),
        ({"covering": True}, "something to cover"),
        ({"covering": True, "languages": ["es"], "therapists": 2}, "leave therapists out"),
        ({"cost": "price"}, "cost is one of sum, diameter, leader, mst"),
        ({"unknown": "maybe"}, "unknown is one of"),
    ],
)
def test_what_cannot_be_asked_is_told(need: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asked_of(clinic(), **need)
