"""`match` answers as a second, slow program does: the optimum, the draw, the reasons, the shortage, the prices."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import oracles
from kapteam.api.network import Result
from kapteam.matching.capacity import UNLIMITED, capacities
from strategies import Written, capable, rosters

OPTIONS = [(unknown, partners) for unknown in ("exclude", "allow") for partners in (1, 2, 3)]


def as_the_oracle_has(result: Result) -> dict[str, Any]:
    """A result in the oracle's words; of the certificate the prices y alone, for z and x are not unique."""
    places = [(team.site, team.prescriber, place) for team in result.teams for place in team.therapists]
    certificate = result.certificate
    assert certificate is not None
    return {
        "objective": {"teamed": result.objective.teamed, "points": result.objective.points},
        "teams": sorted([s, p, x.practitioner, x.points, x.weekly_sessions] for s, p, x in places),
        "to_verify": sorted([s, p, x.practitioner, list(x.to_verify)] for s, p, x in places),
        "unmatched": [
            {"practitioner": u.practitioner, "role": u.role, "reason": u.reason, "rules": list(u.rules)}
            for u in result.unmatched
        ],
        "shortage": result.shortage
        and {
            "therapists": list(result.shortage.therapists),
            "prescribers": list(result.shortage.prescribers),
            "deficiency": result.shortage.deficiency,
        },
        "if_confirmed": [
            {"practitioner": c.practitioner, "rule": c.rule, "adds": c.adds, "adds_points": c.adds_points}
            for c in result.if_confirmed
        ],
        "teamed_worth": certificate["teamed_worth"],
        "y": certificate["prescribers"],
    }


def expected(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {key: answer[key] for key in ("objective", "teams", "to_verify", "unmatched", "shortage", "if_confirmed")}
    proof = answer["certificate"]
    return {**kept, "teamed_worth": proof["teamed_worth"], "y": proof["prescribers"]}


def disagreements(written: Written) -> list[tuple[object, ...]]:
    """With which options the two programs differ, and how."""
    judged, network = written.judged(), written.network()
    found: list[tuple[object, ...]] = []
    for unknown, partners in OPTIONS:
        result = network.match(unknown=unknown, max_partners=partners)
        answer = oracles.match(judged, unknown, partners)
        ours, theirs = as_the_oracle_has(result), expected(answer)
        found += [(unknown, partners, key, ours[key], theirs[key]) for key in ours if ours[key] != theirs[key]]
        faults = oracles.certificate_faults(judged, answer, result.certificate or {})
        if (result.status, result.bound) != ("optimal", result.objective):
            found.append((unknown, partners, result.status, result.bound))
        found += [(unknown, partners, fault) for fault in (*faults, *network.verify(result).violations)]
    return found


@given(rosters())
def test_teams_of_any_roster_are_what_the_oracle_finds(written: Written) -> None:
    assert disagreements(written) == []


@given(capable())
def test_teams_of_people_who_can_are_what_the_oracle_finds(written: Written) -> None:
    assert disagreements(written) == []


@given(capable(people=(6, 10)))
def test_teams_of_more_people_are_what_the_oracle_finds(written: Written) -> None:
    assert disagreements(written) == []


@given(rosters())
def test_a_prescriber_takes_as_many_as_the_oracle_counts(written: Written) -> None:
    judged, facts = written.judged(), written.network().links.facts
    room = capacities(facts)
    for code, id in enumerate(facts.people):
        if facts.candidate["prescriber"][code]:
            limit = oracles.capacity(judged, id)
            assert (UNLIMITED if limit is None else limit) == room[code], id


@given(capable(people=(2, 5)), st.sampled_from(OPTIONS))
def test_no_set_of_links_whatever_is_better(written: Written, option: tuple[str, int]) -> None:
    unknown, partners = option
    result = written.network().match(unknown=unknown, max_partners=partners)
    judged = written.judged()
    allowed = ("pass", "unknown") if unknown == "allow" else ("pass",)
    usable = [link for link in judged.links if link["verdict"] in allowed]
    assume(len(usable) <= 14)  # 2 ** 14 plans are enough for one example
    room = {link["prescriber"]: oracles.capacity(judged, link["prescriber"]) for link in usable}
    best = oracles.brute_force(usable, room, partners, written.practice["protocol"]["draw"])
    teams = [(team.site, team.prescriber, x.practitioner) for team in result.teams for x in team.therapists]
    assert sorted((x["site"], x["prescriber"], x["therapist"]) for x in best) == sorted(teams)
