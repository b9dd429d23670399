"""What `if_confirmed` promises is kept when the fact is written down as it promises."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import oracles
from kapteam.api.network import Result
from kapteam.columns.parts import parts
from kapteam.matching.match import Plan
from kapteam.matching.unknowns import unknowns
from strategies import Row, Written, capable, rosters
from tiny import both, change, changed, law, practice

ANY = st.one_of(rosters(people=(2, 5)), capable(people=(3, 7)))


def grown(before: Result, after: Result) -> tuple[int, int]:
    one, two = before.objective, after.objective
    return two.teamed - one.teamed, two.points - one.points


def confirm(written: Written, person: str, table: str, column: str, value: str) -> Written:
    """Every blank cell of that column of that person, filled in."""
    other = written.copy()
    for row in other.tables[table]:
        if oracles.clean(row.get("practitioner", "")) == person and not row.get(column):
            row[column] = value
    return other


@given(ANY)
def test_a_policy_confirmed_to_cover_ketamine_adds_just_what_was_promised(written: Written) -> None:
    for carrier in written.practice.get("carriers", {}).values():
        carrier.pop("ketamine", None)  # else the carrier's word is what a blank means
    before = written.network().match()
    promised = {
        c.practitioner: (c.adds, c.adds_points) for c in before.if_confirmed if c.rule == "malpractice.ketamine"
    }
    open_ = {oracles.clean(row["practitioner"]) for row in written.tables["coverage"] if not row.get("ketamine")}
    for person in sorted(open_):
        after = confirm(written, person, "coverage", "ketamine", "yes").network().match()
        assert grown(before, after) == promised.get(person, (0, 0))


@given(capable(people=(3, 7)))
def test_a_registration_confirmed_to_hold_3n_adds_just_what_was_promised(written: Written) -> None:
    before = written.network().match()
    promised = {c.practitioner: (c.adds, c.adds_points) for c in before.if_confirmed if c.rule == "legal.registration"}
    open_ = {row["practitioner"] for row in written.tables["registrations"] if not row["schedules"]}
    for person in sorted(open_):
        after = confirm(written, person, "registrations", "schedules", "3N").network().match()
        assert grown(before, after) == promised.get(person, (0, 0))


@given(rosters(people=(2, 5)))
def test_where_a_site_keeps_stock_a_confirmed_registration_adds_at_least_what_was_promised(written: Written) -> None:
    before = written.network().match()
    for promise in before.if_confirmed:
        if promise.rule == "legal.registration":
            after = confirm(written, promise.practitioner, "registrations", "schedules", "2 2N 3 3N 4 5")
            assert grown(before, after.network().match()) >= (promise.adds, promise.adds_points)


@given(capable(people=(3, 7)))
def test_training_hours_confirmed_team_just_as_many_as_was_promised(written: Written) -> None:
    before = written.network().match()
    promised = {c.practitioner: c.adds for c in before.if_confirmed if c.rule == "ethics.kap_training"}
    for person, adds in promised.items():
        after = confirm(written, person, "training", "hours", "16").network().match()
        assert grown(before, after)[0] == adds


@given(ANY, st.integers(1, 3))
def test_promises_are_growths_and_the_largest_come_first(written: Written, partners: int) -> None:
    found = written.network().match(max_partners=partners).if_confirmed
    assert all((c.adds, c.adds_points) > (0, 0) for c in found)
    keys = [(-c.adds, -c.adds_points, c.practitioner, c.rule) for c in found]
    assert keys == sorted(set(keys))
    assert len({(c.practitioner, c.rule) for c in found}) == len(found)


@given(ANY)
def test_what_is_allowed_unconfirmed_needs_no_promise_and_is_to_be_verified(written: Written) -> None:
    network = written.network()
    result = network.match(unknown="allow")
    assert result.if_confirmed == []
    unknown = {(x.site, x.prescriber, x.therapist) for x in network if x.verdict == "unknown"}
    for team in result.teams:
        for place in team.therapists:
            assert bool(place.to_verify) == ((team.site, team.prescriber, place.practitioner) in unknown)
    assert all(not p.to_verify for team in network.match().teams for p in team.therapists)


def promises(*changes) -> list[tuple[str, str, int]]:  # type: ignore[no-untyped-def]
    result = changed(*changes).network().match()
    return [(c.practitioner, c.rule, c.adds) for c in result.if_confirmed]


NO_SCHEDULES = both(change("registrations", "pia", schedules=""), change("sites", "clinic", supply="patient"))


def test_one_unknown_fact_is_promised_of_the_one_whose_it_is() -> None:
    assert promises(NO_SCHEDULES) == [("pia", "legal.registration", 1)]
    assert promises(change("coverage", "tom", ketamine="")) == [("tom", "malpractice.ketamine", 1)]
    assert promises(change("practitioners", "pia", specialty="")) == [("pia", "malpractice.specialty", 1)]
    assert promises(change("training", "tom", hours="")) == [("tom", "ethics.kap_training", 1)]
    assert promises(law("ketamine", "limited")) == [("pia", "legal.authority", 1)]
    assert promises(change("licenses", "pia", status="restricted")) == [("pia", "legal.license", 1)]


def test_two_unknown_facts_on_one_link_promise_nothing_alone() -> None:
    assert promises(NO_SCHEDULES, change("coverage", "tom", ketamine="")) == []
    # A registration that says nothing, at a site that keeps stock, is two unknowns of one cell.
    assert promises(change("registrations", "pia", schedules="")) == []


def test_a_note_is_no_block_and_nothing_to_confirm() -> None:
    assert promises(change("training", "tom", practicum="")) == []
    assert promises(change("training", "tom", practicum=""), practice("rules", {"ethics.practicum": "block"})) == [
        ("tom", "ethics.practicum", 1)
    ]


def test_unwritten_hours_are_one_fact_however_many_rules_ask_for_a_start() -> None:
    # The law, the policy's presence and its same_site ask too: they turn together.
    assert promises(change("hours", "pia", when="")) == [("pia", "team.window", 1)]
    assert promises(change("hours", "tom", when="")) == [("tom", "team.window", 1)]
    # Where both did not write them down, neither alone makes a start fit.
    assert promises(change("hours", "tom", when=""), change("hours", "pia", when="")) == []


def test_links_that_add_nothing_alone_count_with_those_that_do() -> None:
    """Per and Tom are teamed. Confirm Pia's policy: she takes Tom for as many points, and Per takes her for more."""
    both_roles = {"practitioner": "pia", "carrier": "A", "presence": "throughout"}
    written = Written(
        {
            "sites": [{"site": "s", "jurisdiction": "NY", "supply": "patient"}],
            "practitioners": [
                {"practitioner": "pia", "modalities": "house parts"},
                {"practitioner": "per", "roles": "prescriber"},
                {"practitioner": "tom", "roles": "therapist"},
            ],
            "licenses": [
                {"practitioner": id, "jurisdiction": "NY", "profession": "physician"} for id in ("pia", "per", "tom")
            ],
            "registrations": [{"practitioner": id, "jurisdiction": "NY", "schedules": "3N"} for id in ("pia", "per")],
            "coverage": [
                both_roles,
                {**both_roles, "practitioner": "per", "ketamine": "yes"},
                {**both_roles, "practitioner": "tom", "ketamine": "yes"},
            ],
            "training": [
                {"practitioner": id, "kind": "kap", "hours": "16", "practicum": "yes"} for id in ("pia", "tom")
            ],
            "hours": [{"practitioner": id, "site": "s", "when": "Mon 09:00-12:00"} for id in ("pia", "per", "tom")],
        },
        {
            "jurisdictions": {"NY": {"state_registration": "no"}},
            "modalities": {"house parts": {"complementary": True}},
        },
    )
    (promise,) = written.network().match().if_confirmed
    (expected,) = oracles.match(written.judged())["if_confirmed"]
    assert (promise.adds, promise.adds_points) == (expected["adds"], expected["adds_points"]) == (1, 280)


@given(capable(people=(3, 6)))
def test_where_a_promise_is_of_hours_they_make_a_start_fit(written: Written) -> None:
    network = written.network()
    windows = [c for c in network.match().if_confirmed if c.rule == "team.window"]
    assume(windows)
    for promise in windows:
        other = confirm(written, promise.practitioner, "hours", "when", "Mon-Sun 00:00-24:00").network()
        was = {(x.site, x.prescriber, x.therapist): x.verdict for x in network}
        turned = [x for x in other if x.verdict == "pass" and was[x.site, x.prescriber, x.therapist] == "unknown"]
        assert turned
        assert {promise.practitioner} <= {who for x in turned for who in (x.prescriber, x.therapist)}


# --- Against solving from nothing ---------------------------------------------------------------------------


def from_nothing(written: Written, plan: Plan) -> list[tuple[str, str, int, int]]:
    """What each fact adds, by solving the whole roster with the links that it turns; what is held is worth most."""
    judged, links = written.judged(), list(plan.links)
    teamed, kept = 1_000_000, 1_000_000_000

    def best(rows: set[int]) -> tuple[int, int]:
        worth: dict[tuple[str, str], int] = {}
        for x in (links[row] for row in rows):
            value = teamed + x.points + kept * ((x.prescriber, x.therapist, x.site) in plan.held.pairs)
            worth[x.prescriber, x.therapist] = max(value, worth.get((x.prescriber, x.therapist), 0))
        limits = {p: oracles.capacity(judged, p) for p, _ in worth}
        room = {p: len(links) if limit is None else limit for p, limit in limits.items()}
        found = oracles.best_matching(worth, room, plan.max_partners)
        whole = sum(worth[pair] for pair in found)
        assert whole // kept == len(plan.held.pairs)
        return divmod(whole % kept, teamed)

    now, answer = best({*plan.usable.tolist()}), []
    for (person, rule), rows in unknowns(plan.links).turned().items():
        then = best({*plan.usable.tolist(), *rows.tolist()})
        if then > now:
            answer.append((plan.links.facts.people[person], rule, then[0] - now[0], then[1] - now[1]))
    return sorted(answer, key=lambda x: (-x[2], -x[3], x[0], x[1]))


def told(result: Result) -> list[tuple[str, str, int, int]]:
    return [(c.practitioner, c.rule, c.adds, c.adds_points) for c in result.if_confirmed]


def kept_of(result: Result, numbers: list[int]) -> list[tuple[str, str, str]]:
    """Some of the usable links, by number; none twice."""
    links = [result.plan.links.link(int(row)) for row in result.plan.usable]
    chosen = {n % len(links) for n in numbers} if links else set()
    return [(x.prescriber, x.therapist, x.site) for x in (links[n] for n in sorted(chosen))]


@given(capable(people=(4, 8)), st.integers(1, 2), st.lists(st.integers(0, 99), max_size=3))
def test_each_promise_is_what_solving_from_nothing_finds(written: Written, partners: int, numbers: list[int]) -> None:
    network = written.network()
    kept = kept_of(network.match(), numbers)
    result = network.match(max_partners=partners, keep=kept)
    if result.status == "infeasible":
        result = network.match(max_partners=partners, keep=kept[:1])
        assume(result.status == "optimal")
    assert told(result) == from_nothing(written, result.plan)


def crowd(seed: int, people: int) -> Written:
    """Many people at one site, of two kinds of trainings only, so that there is one part, and many plans are equal.

    A third prescribe, some without a limit, and half of these are therapists too: of them the one role may be in
    doubt by one rule and the other by another.
    """
    draw = random.Random(seed)
    tables: dict[str, list[Row]] = {"sites": [{"site": "s", "jurisdiction": "NY", "supply": "patient"}]}

    def add(table: str, **cells: str) -> None:
        tables.setdefault(table, []).append(cells)

    for number in range(people):
        id, prescribes = f"q{number:03}", number % 3 == 0
        both = prescribes and draw.random() < 0.5
        add(
            "practitioners", practitioner=id, roles="" if both else "prescriber" if prescribes else "therapist",
            modalities=draw.choice(["", "house parts"]),
            max_therapists=draw.choice(["", "0", "1", "1", "2", "3"]) if prescribes else "",
        )  # fmt: skip
        add("licenses", practitioner=id, jurisdiction="NY", profession="physician" if prescribes else "psychologist")
        if prescribes:
            schedules = draw.choice(["3N", ""] if both else ["3N", "3N", ""])
            add("registrations", practitioner=id, jurisdiction="NY", schedules=schedules)
        presence = draw.choice(["throughout", "throughout", "none"])
        ketamine = "yes" if both else draw.choice(["yes"] * 5 + [""])
        add("coverage", practitioner=id, carrier="Acorn", ketamine=ketamine, presence=presence)
        hours = draw.choice(["16", ""] if both else ["16", "16", "16", ""])
        add("training", practitioner=id, kind="kap", hours=hours, practicum="yes")
        if draw.random() < 0.5:
            add("training", practitioner=id, kind="trauma")
        weeks = ["Mon 09:00-12:00", "Mon-Tue 09:00-12:00", "Mon 09:00-15:00"]
        add("hours", practitioner=id, site="s", when=draw.choice(weeks if both else [*weeks, ""]))
    practice = {
        "jurisdictions": {"NY": {"state_registration": "no"}},
        "modalities": {"house parts": {"complementary": True}},
    }
    return Written(tables, practice)


@pytest.mark.parametrize("partners", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_in_one_large_part_too(seed: int, partners: int) -> None:
    written = crowd(seed, 30)
    network = written.network()
    result = network.match(max_partners=partners)
    assert told(result) == from_nothing(written, result.plan)
    every = [(t.prescriber, x.practitioner, t.site) for t in result.teams for x in t.therapists]
    held = network.match(max_partners=partners, keep=every[::3])
    assert told(held) == from_nothing(written, held.plan)


def test_what_these_large_parts_have() -> None:
    """Else the comparison would not be with what is hard: people with several facts, of both roles, solos, no limit."""
    several = solo = unlimited = new = nothing = 0
    for seed in range(4):
        result = crowd(seed, 30).network().match()
        plan, pairs = result.plan, result.plan.links.pairs
        turned = unknowns(plan.links).turned()
        rows = np.union1d(plan.usable, np.concatenate(list(turned.values())))
        label = parts(30, pairs.prescriber_person[rows], pairs.therapist_person[rows])
        sizes = Counter(label.tolist())
        assert max(sizes.values()) > 20
        several += sum(count > 1 for count in Counter(person for person, _ in turned).values())
        solo += sum(bool(pairs.solo[rows].any()) for rows in turned.values())
        unlimited += int(plan.problem.unlimited.sum())
        known = {*plan.problem.prescribers.tolist()}
        new += sum(not {*pairs.prescriber_person[rows].tolist()} <= known for rows in turned.values())
        nothing += len(turned) - len(result.if_confirmed)
    assert min(several, solo, unlimited, new, nothing) >= 3
