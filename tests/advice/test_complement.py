"""Who completes a person: everybody of the other role, in an order that a second, plain program finds as well."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from kapteam.advice.complement import Complement, complement
from kapteam.advice.distance import to_sites
from kapteam.api.complement import Partners
from kapteam.columns.places import EARTH_KM, great_circle
from kapteam.records.problems import UsageError
from strategies import Written, capable, rosters
from tiny import Change, add, both, change, changed, nothing, practice, without

RANK = {"pass": 0, "unknown": 1, "fail": 2, "to_ask": 3}
Entry = tuple[Any, ...]


# --- A second program ---------------------------------------------------------------------------------------


def kilometres(one: Mapping[str, str], other: Mapping[str, str]) -> float | None:
    """Between two rows of sites, by the angle between two arrows from the middle of the earth."""
    if one["site"] == other["site"]:
        return 0.0
    if not all(row.get("latitude") and row.get("longitude") for row in (one, other)):
        return None

    def arrow(row: Mapping[str, str]) -> tuple[float, float, float]:
        up, round_ = math.radians(float(row["latitude"])), math.radians(float(row["longitude"]))
        return math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_), math.sin(up)

    a, b = arrow(one), arrow(other)
    across = math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return round(EARTH_KM * math.atan2(across, sum(x * y for x, y in zip(a, b, strict=True))), 1)


def far(r: oracles.Roster, person: str, site: str) -> float | None:
    """How far the nearest of a person's sites is."""
    known = [kilometres(r.sites[site], r.sites[s]) for s in r.sites if r.has_hours(person, s)]
    return min((k for k in known if k is not None), default=None)


def someone_s_sites(r: oracles.Roster, *people: str) -> list[str]:
    return [s for s in r.sites if any(r.has_hours(p, s) for p in people)] or list(r.sites)


def nothing_written(r: oracles.Roster, person: str) -> bool:
    return not any(any(r.week(person, s)) for s in r.sites)


def in_the_way(judged: oracles.Judged, prescriber: str, therapist: str, site: str) -> list[str]:
    """The rules of the blocking findings that do not pass; of those that ask for a start the last."""
    found = judged.blocks(judged.all_findings(prescriber, therapist, site), "fail", "unknown")
    starts = [f.rule for f in found if f.rule in oracles.START_RULES]
    return sorted([f.rule for f in found if f.rule not in oracles.START_RULES] + starts[:1])


def every_entry(judged: oracles.Judged, me: str, site: str | None, anyone: bool) -> list[Entry]:
    """All entries, the best first: (status, person, role, site, points, sessions, distance, how much is in the way)."""
    r = judged.roster
    found: list[tuple[tuple[Any, ...], Entry]] = []
    mine = [s for s in r.sites if r.has_hours(me, s)]
    for other in r.people:
        for role, my_role in (("prescriber", "therapist"), ("therapist", "prescriber")):
            if other == me or not oracles.candidate(r, other, role) or not oracles.candidate(r, me, my_role):
                continue
            meet = any(r.has_hours(other, s) for s in mine)
            for where in [site] if site else someone_s_sites(r, me, other):
                p, t = (other, me) if role == "prescriber" else (me, other)
                status = judged.verdict(p, t, where) if judged.is_listed(p, t, where) else "fail"
                avoids = judged.severity("team.ties") == "block" and oracles.joined(r, p, t, ("avoids",))
                little_known = not meet and (not mine or nothing_written(r, other)) and not avoids
                if anyone and status == "fail" and little_known:
                    status = "to_ask"
                    if mine and not site and where not in mine:
                        continue
                weekly = oracles.weekly_sessions(r, p, t, where)
                points = oracles.points(r, p, t, weekly)
                apart = [far(r, person, where) for person in (me, other)]
                distance = None if None in apart else max(a for a in apart if a is not None)
                count = len(in_the_way(judged, p, t, where))
                rank = (RANK[status], count, -points, math.inf if distance is None else distance, other, where, role)
                found.append((rank, (status, other, role, where, points, weekly, distance, count)))
    return [entry for _, entry in sorted(found)]


def as_entries(answer: Complement) -> list[Entry]:
    return [
        (p.status, p.practitioner, p.role, p.site, p.points, p.weekly_sessions, p.distance_km, len(p.findings))
        for p in answer.partners
    ]


@st.composite
def placed(draw: st.DrawFn, of: st.SearchStrategy[Written]) -> Written:
    """A roster where some hours were never written, some languages and places were."""
    written = draw(of)
    for row in written.tables["sites"]:
        if draw(st.integers(0, 3)):
            row["latitude"] = f"{draw(st.integers(-80, 80))}.{draw(st.integers(0, 999)):03}"
            row["longitude"] = f"{draw(st.integers(-179, 179))}.{draw(st.integers(0, 999)):03}"
    for row in written.tables["practitioners"]:
        row["languages"] = draw(st.sampled_from(["", "en", "en;es", "es;fr"]))
        gone = draw(st.sampled_from(["", "", "rows", "times"]))
        own = [h for h in written.tables["hours"] if oracles.clean(h["practitioner"]) == row["practitioner"]]
        if gone == "rows":
            written.tables["hours"] = [h for h in written.tables["hours"] if h not in own]
        elif gone == "times":
            for h in own:
                h["when"] = ""
        if gone and len(own) > 1:
            written.tables["hours"] = [h for h in written.tables["hours"] if h is not own[0]]
    return written


#: For what needs fewer rosters to be seen.
FEW = settings(max_examples=settings.default.max_examples // 3)
ANY = placed(st.one_of(rosters(people=(2, 5), complete=True), capable(people=(3, 6))))


@given(ANY, st.booleans(), st.booleans(), st.integers(1, 4))
def test_who_and_in_which_order_is_what_all_pairs_say(written: Written, anyone: bool, here: bool, best: int) -> None:
    judged, links = written.judged(), written.network().links
    site = min(judged.roster.sites) if here else None
    for me in judged.roster.people:
        every = every_entry(judged, me, site, anyone)
        judged_ones = [e for e in every if e[0] != "to_ask"]
        to_ask = [e for e in every if e[0] == "to_ask"]
        answer = complement(links, me, site=site, anyone=anyone, best=best)
        assert as_entries(answer) == judged_ones[:best] + to_ask[:best]
        assert answer.more == len(every) - len(answer.partners)
        best_of = {other: min(RANK[e[0]] for e in every if e[1] == other) for other in {e[1] for e in every}}
        assert answer.people == {word: list(best_of.values()).count(n) for word, n in RANK.items()}
        assert as_entries(complement(links, me, site=site, anyone=anyone, best=10_000)) == every


@given(ANY)
def test_what_passes_is_a_link_that_lists_show_as_passing(written: Written) -> None:
    links = written.network().links
    passing = {(x.site, x.prescriber, x.therapist) for x in links if x.verdict == "pass"}
    found = set()
    for me in links.facts.people:
        answer = complement(links, me, anyone=True, best=10_000)
        for p in (*answer.partners, *answer.solo):
            if p.status == "pass":
                prescriber, therapist = (p.practitioner, me) if p.role == "prescriber" else (me, p.practitioner)
                found.add((p.site, prescriber, therapist))
    assert found == passing


@FEW
@given(ANY)
def test_the_findings_are_those_of_explain_and_their_remedies_are_added_up(written: Written) -> None:
    network = written.network()
    for me in network.roster.people:
        for p in complement(network.links, me, anyone=True, best=3).partners:
            pair = (p.practitioner, me) if p.role == "prescriber" else (me, p.practitioner)
            (link,) = [e for e in network.explain(*pair, p.site) if (e.link.prescriber, e.link.therapist) == pair]
            assert p.findings == link.in_the_way
            if p.dollars is not None:
                assert p.dollars == sum(f.remedy.dollars or 0 for f in p.findings if f.remedy is not None)
                assert all(f.remedy is not None and f.remedy.dollars is not None for f in p.findings)
            if p.days is not None:
                assert p.days == max((f.remedy.days or 0 for f in p.findings if f.remedy is not None), default=0)
                assert all(f.remedy is not None and f.remedy.days is not None for f in p.findings)


@FEW
@given(ANY)
def test_what_somebody_brings_is_what_the_person_has_not(written: Written) -> None:
    judged, links = written.judged(), written.network().links
    r = judged.roster
    trained = {row["practitioner"] for row in r.rows("training", kind="life_support")}

    def has(person: str) -> set[tuple[str, str | None]]:
        modalities = {("modality", m) for m in oracles.modalities_of(r, person) if oracles.is_complementary(r, m)}
        spoken = {("language", tag) for tag in oracles.items(r.cell(person, "languages"))}
        return modalities | spoken | ({("life_support", None)} if person in trained else set())

    for me in r.people:
        for p in complement(links, me, best=3).partners:
            wanted = has(p.practitioner) - has(me)
            if not r.cell(me, "languages"):
                wanted = {w for w in wanted if w[0] != "language"}
            assert {(b.kind, b.name) for b in p.brings} == wanted


@FEW
@given(ANY, st.booleans())
def test_what_of_the_person_alone_does_not_pass_is_told_where_the_least_fails(written: Written, here: bool) -> None:
    judged, links = written.judged(), written.network().links
    r = judged.roster
    site = min(r.sites) if here else None
    for me in r.people:
        told = []
        for role in ("prescriber", "therapist"):
            if oracles.candidate(r, me, role):
                where = [site] if site else sorted(someone_s_sites(r, me))
                ways = [judged.alone(me, role, s) for s in where]
                least = min(ways, key=lambda way: [len(judged.blocks(way, said)) for said in ("fail", "unknown")])
                told += [(f.rule, role) for f in judged.blocks(least, "fail", "unknown")]
        answer = complement(links, me, site=site)
        subjects = [(f.rule, "prescriber" if " as prescriber " in f.subject else "therapist") for f in answer.alone]
        assert sorted(subjects) == sorted(told)


# --- Examples -----------------------------------------------------------------------------------------------


def found(*changes: Change, me: str = "tom", **asked: Any) -> Complement:
    return complement(changed(*changes).network().links, me, **asked)


def told(*changes: Change, me: str = "tom", **asked: Any) -> list[tuple[str, str, str, str]]:
    return [(p.practitioner, p.role, p.site, p.status) for p in found(*changes, me=me, **asked).partners]


def test_a_therapist_is_told_prescribers_and_a_prescriber_therapists() -> None:
    assert told() == [("pia", "prescriber", "clinic", "pass")]
    assert told(me="pia") == [("tom", "therapist", "clinic", "pass")]


def test_a_monitor_is_completed_by_nobody() -> None:
    answer = found(me="max")
    assert (answer.partners, answer.solo, answer.alone) == ((), (), ())
    assert set(answer.people.values()) == {0}


def test_one_of_both_roles_is_told_both_and_themself_apart() -> None:
    both_roles = change("practitioners", "max", roles="")  # a physician: prescribes and sits
    hours = add("hours", practitioner="max", site="clinic", when="Mon 09:00-12:00")
    answer = found(both_roles, hours, me="max")
    assert {(p.practitioner, p.role) for p in answer.partners} == {("pia", "prescriber"), ("tom", "therapist")}
    assert [(p.practitioner, p.role, p.site, p.status) for p in answer.solo] == [("max", "both", "clinic", "fail")]
    assert {f.rule for f in answer.solo[0].findings} >= {"legal.registration", "ethics.kap_training"}
    alone = found(both_roles, hours, practice("protocol", {"solo": False}), me="max")
    assert alone.solo == ()


def test_six_hours_of_training_are_told_as_the_person_s_own_gap() -> None:
    (gap,) = found(change("training", "tom", hours="6")).alone
    assert gap.rule == "ethics.kap_training"
    assert "6 hours of KAP training of the 16" in gap.message
    assert gap.remedy is not None
    assert found(nothing).alone == ()


def test_at_a_site_the_gap_is_that_site_s() -> None:
    assert [f.rule for f in found(site="denver").alone] == ["legal.therapy_license"]


def test_what_is_nearly_a_team_tells_the_remedies_their_cost_and_their_time() -> None:
    no_rider = both(change("coverage", "pia", ketamine="no"), change("coverage", "tom", ketamine="no"))
    (partner,) = found(no_rider).partners
    assert [f.rule for f in partner.findings] == ["malpractice.ketamine"] * 2
    assert (partner.dollars, partner.days) == (1600, 30)
    # A remedy without a price: the DEA adds a schedule.
    (other,) = found(no_rider, change("registrations", "pia", schedules="3")).partners
    assert (other.dollars, other.days) == (None, 42)


def test_the_fewest_in_the_way_come_before_the_most_points() -> None:
    second = [
        add("practitioners", practitioner="paz", specialty="psychiatry", roles="prescriber"),
        add("licenses", practitioner="paz", jurisdiction="NY", profession="physician"),
        add("coverage", practitioner="paz", carrier="Acorn", ketamine="no", presence="throughout"),
        add("registrations", practitioner="paz", jurisdiction="NY", schedules="3N", at_site="clinic"),
        add("registrations", practitioner="paz", issuer="state", jurisdiction="NY", schedules="3"),
        add("hours", practitioner="paz", site="clinic", when="Mon 09:00-12:00"),
        add("ties", a="paz", b="tom", kind="prefers"),
    ]
    poor = both(change("coverage", "pia", ketamine="no"), change("registrations", "pia", schedules="3"))
    (paz, pia) = found(*second, poor).partners
    assert (paz.practitioner, pia.practitioner) == ("paz", "pia")
    assert paz.points > pia.points
    (pia, paz) = found(*second, change("coverage", "pia", ketamine="")).partners
    assert (pia.status, paz.status) == ("unknown", "fail")
    assert pia.points < paz.points


def strangers(count: int, **cells: str) -> Change:
    """Prescribers of whom the roster knows a licence and nothing else."""

    def make(written: Written) -> None:
        for number in range(count):
            id = f"x{number:03}"
            written.add("practitioners", practitioner=id, roles="prescriber", **cells)
            written.add("licenses", practitioner=id, jurisdiction="NY", profession="physician")

    return make


def test_two_hundred_without_hours_or_registration_are_all_to_ask_and_never_a_team() -> None:
    roster = both(without("practitioners", "pia"), *(without(t, "pia") for t in ("licenses", "coverage", "hours")),
                  without("registrations", "pia"), without("agreements", "pia"), strangers(200))  # fmt: skip
    answer = found(roster, anyone=True, best=200)
    assert len(answer.partners) == 200
    assert {p.status for p in answer.partners} == {"to_ask"}
    assert [p.practitioner for p in answer.partners] == [f"x{number:03}" for number in range(200)]
    assert answer.people == {"pass": 0, "unknown": 0, "fail": 0, "to_ask": 200}
    assert answer.partners[0].questions == (
        "do they hold a DEA registration in New York that lists 3N?",
        "do they hold New York's own controlled-substance registration?",
        "are they, or is clinic, registered with the DEA at that address, for 3N?",
        "do they have a malpractice policy as prescriber, and does it cover KAP?",
        "when could they be at clinic?",
    )
    network = changed(roster).network()
    assert len(network.links) == 0
    assert network.match().objective.teamed == 0


def test_equals_are_in_the_order_of_their_ids_and_then_of_the_sites() -> None:
    two_sites = add("hours", practitioner="tom", site="other", when="Tue 09:00-12:00")
    ones = told(strangers(2), two_sites, anyone=True)
    assert [(who, site) for who, _, site, status in ones if status == "to_ask"] == [
        ("x000", "clinic"), ("x000", "other"), ("x001", "clinic"), ("x001", "other"),
    ]  # fmt: skip


def test_without_being_asked_about_they_fail() -> None:
    assert ("x000", "prescriber", "clinic", "fail") in told(strangers(1))
    assert ("x000", "prescriber", "clinic", "to_ask") in told(strangers(1), anyone=True)


def test_hours_that_nobody_wrote_down_at_another_site_are_asked_about_at_one_s_own() -> None:
    there = both(strangers(1), add("hours", practitioner="x000", site="other", when=""))
    assert told(there, anyone=True)[1:] == [("x000", "prescriber", "clinic", "to_ask")]
    # At one's own site a blank is a start that nobody wrote down, as everywhere; written hours elsewhere are known.
    here = both(strangers(1), add("hours", practitioner="x000", site="clinic", when=""))
    assert told(here, anyone=True)[1:] == [("x000", "prescriber", "clinic", "fail")]
    known = both(strangers(1), add("hours", practitioner="x000", site="other", when="Mon 09:00-12:00"))
    assert {status for who, _, _, status in told(known, anyone=True) if who == "x000"} == {"fail"}


def test_who_avoids_the_person_is_not_to_ask() -> None:
    avoiding = both(strangers(1), add("ties", a="x000", b="tom", kind="avoids"))
    assert ("x000", "prescriber", "clinic", "fail") in told(avoiding, anyone=True)
    noted = both(avoiding, practice("rules", {"team.ties": "note"}))
    assert ("x000", "prescriber", "clinic", "to_ask") in told(noted, anyone=True)


def test_without_hours_of_one_s_own_everybody_is_to_ask_at_their_sites() -> None:
    (partner,) = found(without("hours", "tom"), anyone=True).partners
    assert (partner.practitioner, partner.site, partner.status) == ("pia", "clinic", "to_ask")
    assert partner.questions == ("when could tom be at clinic?",)
    assert partner.distance_km is None


def test_what_is_known_to_be_held_is_not_asked() -> None:
    held = both(
        strangers(1, specialty="psychiatry"),
        add("registrations", practitioner="x000", jurisdiction="NY", schedules=""),
        add("registrations", practitioner="x000", issuer="state", jurisdiction="NY", schedules="3"),
        add("registrations", site="clinic", jurisdiction="NY", schedules="3N"),
        add("coverage", practitioner="x000", carrier="Acorn", ketamine=""),
    )
    (partner,) = [p for p in found(held, anyone=True).partners if p.practitioner == "x000"]
    assert partner.questions == (
        "when could they be at clinic?",
        "does their New York DEA certificate list 3N?",
        "does their policy as prescriber cover KAP?",
    )


def test_where_there_is_no_licence_the_licence_alone_is_asked_about() -> None:
    nurse = both(add("practitioners", practitioner="x", roles="prescriber"),
                 add("licenses", practitioner="x", jurisdiction="CO", profession="nurse_practitioner"))  # fmt: skip
    (partner,) = [p for p in found(nurse, anyone=True).partners if p.practitioner == "x"]
    assert {"legal.license", "legal.authority", "legal.agreement"} <= {f.rule for f in partner.findings}
    assert partner.questions[0] == "do they hold a licence in New York that lets them prescribe?"
    assert not any("agreement" in q or "profession" in q for q in partner.questions)


def test_a_house_s_own_rule_is_asked_about_in_its_own_words() -> None:
    strict = both(strangers(1), practice("rules", {"ethics.trauma_training": "block"}))
    therapist = both(strict, add("practitioners", practitioner="ty", roles="therapist"),
                     add("licenses", practitioner="ty", jurisdiction="NY", profession="psychologist"))  # fmt: skip
    (partner,) = [p for p in found(therapist, me="pia", anyone=True).partners if p.practitioner == "ty"]
    assert any(q.startswith("is this so? Nobody wrote down all of ty's modalities") for q in partner.questions)


def test_what_no_list_shows_is_no_team_also_where_no_rule_that_fails_blocks() -> None:
    lax = practice("rules", dict.fromkeys(oracles.START_RULES, "note"))
    links = changed(lax, change("hours", "tom", site="other")).network().links
    (partner,) = [p for p in complement(links, "tom").partners if p.site == "clinic"]
    assert (partner.status, partner.findings, partner.dollars, partner.days) == ("fail", (), None, None)
    assert "the two have no hours at one site" in str(Partners(links, complement(links, "tom")))


# --- Distance -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((0, 0), (0, 90), 10007.557),  # a quarter of the equator: pi / 2 radii
        ((0, 0), (1, 0), 111.195),  # a degree of latitude
        ((60, 0), (60, 1), 55.597),  # a degree of longitude at 60 north: about half as much
        ((90, 0), (-90, 0), 20015.115),  # from pole to pole
        ((0, 179.5), (0, -179.5), 111.195),  # across the date line
        ((42.2501, -73.7894), (42.2501, -73.7894), 0),
        ((40.8148, -74.2196), (42.2501, -73.7894), 163.5),  # Montclair to Hudson
    ],
)
def test_distances_are_those_calculated_by_hand(
    one: tuple[float, float], other: tuple[float, float], km: float
) -> None:
    assert great_circle(*one, *other) == pytest.approx(km, abs=0.2 if km == 163.5 else 0.001)
    assert great_circle(*other, *one) == great_circle(*one, *other)


NEAR = both(
    change("sites", "clinic", latitude="42.0", longitude="-74.0"),
    change("sites", "other", latitude="43.0", longitude="-74.0"),
    change("sites", "denver", latitude="39.7", longitude="-105.0"),
    change("sites", "home", latitude="41.0"),  # half a place is none
)


def test_among_equally_good_ones_the_nearest_comes_first_and_unknown_places_last() -> None:
    def at(id: str, site: str) -> Change:
        who = add("practitioners", practitioner=id, roles="prescriber")
        licence = add("licenses", practitioner=id, jurisdiction="NY", profession="physician")
        return both(who, licence, *([add("hours", practitioner=id, site=site, when="")] if site else []))

    roster = both(NEAR, at("xa", ""), at("xb", "home"), at("xc", "other"), at("xd", "other"), at("xe", "denver"))
    ones = [p for p in found(roster, anyone=True).partners if p.status == "to_ask"]
    assert [p.practitioner for p in ones][:2] == ["xc", "xd"]
    assert ones[0].distance_km == pytest.approx(111.2)
    later = [p for p in ones if p.practitioner not in ("xc", "xd")]
    far_ones = {p.practitioner: p.distance_km for p in later}
    assert far_ones["xa"] is None
    assert far_ones["xb"] is None
    assert [p.practitioner for p in later if p.distance_km is None] == ["xa", "xb"]


def test_a_person_is_at_the_nearest_of_their_sites_and_at_0_km_from_their_own() -> None:
    facts = changed(NEAR, add("hours", practitioner="tom", site="denver", when="Tue 09:00-12:00")).network().links.facts
    tom, sites = facts.person("tom"), np.array([facts.place(s) for s in ("clinic", "other", "denver", "home")])
    km = to_sites(facts, np.full(4, tom), sites)
    assert km[:3].tolist() == [0, 111.2, 0]
    assert np.isnan(km[3])
    assert np.isnan(to_sites(facts, np.array([facts.person("max")]), sites[:1])).all()


# --- Faces --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("tmo", {}), "'tom'"),
        (("tom", {"site": "clinik"}), "'clinic'"),
        (("tom", {"best": 0}), "at least 1"),
        (("tom", {"best": "3"}), "whole number"),
    ],
)
def test_what_cannot_be_asked_is_told(asked: tuple[str, dict[str, Any]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        found(me=asked[0], **asked[1])


@FEW
@given(ANY)
def test_every_answer_can_be_read_and_is_the_same_each_time(written: Written) -> None:
    links = written.network().links
    for me in links.facts.people:
        answer = Partners(links, complement(links, me, anyone=True, best=2))
        assert str(answer)
        assert json.loads(answer.to_json()) == answer.as_dict()
        again = written.network().links
        assert complement(again, me, anyone=True, best=2).as_dict() == answer.as_dict()


def test_the_rows_order_decides_nothing() -> None:
    written = changed(strangers(5))
    turned = written.copy()
    for rows in turned.tables.values():
        rows.reverse()
    one, other = (complement(w.network().links, "tom", anyone=True).as_dict() for w in (written, turned))
    assert one == other
