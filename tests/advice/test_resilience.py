"""What absences and ends cost is what planning again from nothing costs."""

from __future__ import annotations

import copy
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kapteam
import oracles
from kapteam.advice.resilience import Absence, Resilience, resilience
from kapteam.advice.worst_two import worst_two
from kapteam.api.network import Network, Result
from kapteam.api.resilience import Absences
from kapteam.demo import practice_folder
from kapteam.law.packs import Packs
from kapteam.matching.market import market, usable_rows
from kapteam.matching.optimum import optimum
from kapteam.matching.reoptimise import Solved
from kapteam.network.links import judged_links
from kapteam.records.problems import UsageError
from markets import large
from strategies import SHIPPED, WINTER, Row, Written, capable, rosters
from tiny import add, both, change, changed, law, nothing

ROSTERS = st.one_of(capable(people=(3, 7)), rosters(people=(2, 6)))
UNKNOWN = st.sampled_from(["exclude", "allow"])
#: Where each example is judged many times over.
FEWER = settings(max_examples=settings.default.max_examples // 4)  # type: ignore[union-attr]
Loss = tuple[int, int]
SOON = (WINTER + timedelta(days=5)).isoformat()


def lost(before: Result, after: Result) -> Loss:
    return (
        before.objective.teamed - after.objective.teamed,
        before.objective.points - after.objective.points,
    )


def asked(written: Written, unknown: str = "exclude", people: Sequence[str] = (), within: int = 60) -> Resilience:
    return resilience(written.network().match(unknown=unknown).plan, people, within)


def everybody(written: Written) -> list[str]:
    return sorted(oracles.clean(row["practitioner"]) for row in written.tables["practitioners"])


# --- Absences -----------------------------------------------------------------------------------------------


def unable(written: Written, *people: str) -> Written:
    """The same roster where some people neither prescribe nor sit; all that they hold and agreed to stays."""
    other = written.copy()
    for row in other.tables["practitioners"]:
        if oracles.clean(row["practitioner"]) in people:
            row["roles"] = "monitor"
    return other


@given(ROSTERS, UNKNOWN)
def test_an_absence_costs_what_planning_again_without_the_person_does(written: Written, unknown: str) -> None:
    before = written.network().match(unknown=unknown)
    answer = resilience(before.plan, everybody(written))
    assert [a.practitioner for a in answer.absences] == everybody(written)
    for absence in answer.absences:
        after = unable(written, absence.practitioner).network().match(unknown=unknown)
        assert (absence.away.teamed, absence.away.points) == lost(before, after)
        standing = {(t.site, t.prescriber, p.practitioner) for t in before.teams for p in t.therapists}
        assert absence.places == sum(absence.practitioner in pair[1:] for pair in standing)


@given(capable(people=(3, 6)), st.data())
def test_who_steps_in_is_the_least_change_then_the_least_draw(written: Written, data: st.DataObject) -> None:
    """Of all plans there are without the person."""
    judged, before = written.judged(), written.network().match()
    person = data.draw(st.sampled_from(everybody(written)))
    usable = [x for x in judged.links if x["verdict"] == "pass" and person not in (x["prescriber"], x["therapist"])]
    if len(usable) > 11:
        return
    standing = {(t.site, t.prescriber, p.practitioner) for t in before.teams for p in t.therapists}
    room = {x["prescriber"]: oracles.capacity(judged, x["prescriber"]) for x in usable}

    def triple(x: oracles.Link) -> oracles.Triple:
        return x["site"], x["prescriber"], x["therapist"]

    def rank(plan: list[oracles.Link]) -> tuple[int, int, int, int]:
        draws = sum(oracles.draw_of(*triple(x), written.practice["protocol"]["draw"]) for x in plan)
        return -len(plan), -sum(x["points"] for x in plan), len({*map(triple, plan)} - standing), draws

    best = min(oracles.every_matching(usable, room), key=rank)
    (absence,) = resilience(before.plan, [person]).absences
    instead = [(p.site, p.prescriber, p.therapist) for p in absence.away.instead]
    assert instead == sorted({*map(triple, best)} - standing)


# --- Leaving ------------------------------------------------------------------------------------------------


def left(written: Written, person: str) -> Written:
    """The same roster without every row that names a person."""
    other = written.copy()
    for name, rows in other.tables.items():
        other.tables[name] = [
            r for r in rows
            if person not in (oracles.clean(r.get(c, "")) for c in ("practitioner", "with", "a", "b", "therapist"))
        ]  # fmt: skip
    return other


def usable(network: Network, unknown: str) -> set[tuple[str, str, str]]:
    allowed = ("pass", "unknown") if unknown == "allow" else ("pass",)
    return {(x.site, x.prescriber, x.therapist) for x in network if x.verdict in allowed}


@given(ROSTERS, UNKNOWN)
def test_leaving_costs_what_planning_again_without_all_rows_of_the_person_does(written: Written, unknown: str) -> None:
    network = written.network()
    before = network.match(unknown=unknown)
    for absence in resilience(before.plan, everybody(written)).absences:
        rest = left(written, absence.practitioner).network()
        after = rest.match(unknown=unknown)
        assert (absence.leaves.teamed, absence.leaves.points) == lost(before, after)
        others = {x for x in usable(network, unknown) if absence.practitioner not in x[1:]}
        assert absence.leaves.links == len(others - usable(rest, unknown))
        standing = {(t.site, t.prescriber, p.practitioner) for t in before.teams for p in t.therapists}
        assert {(p.site, p.prescriber, p.therapist) for p in absence.leaves.instead} <= usable(rest, unknown) - standing


AGREED = both(
    law("autonomy", "agreement"),
    change("licenses", "max", status="active"),
    add("practitioners", practitioner="mia", roles="monitor"),
    add("licenses", practitioner="mia", jurisdiction="NY", profession="physician", status="active"),
)


def of(answer: Resilience, person: str) -> Absence:
    return next(a for a in answer.absences if a.practitioner == person)


def test_whoever_others_have_an_agreement_with_takes_their_links_along() -> None:
    answer = asked(changed(AGREED), people=["max", "mia", "pia", "tom"])
    assert (of(answer, "max").places, of(answer, "max").away.teamed) == (0, 0)
    assert (of(answer, "max").leaves.teamed, of(answer, "max").leaves.links) == (1, 1)
    assert (of(answer, "mia").leaves.teamed, of(answer, "mia").leaves.links) == (0, 0)
    for person in ("pia", "tom"):
        absence = of(answer, person)
        assert (absence.places, absence.away.teamed, absence.leaves.teamed, absence.leaves.links) == (1, 1, 1, 0)


def test_a_second_agreement_is_as_good_as_the_first() -> None:
    """Whichever of the two leaves, the other one is still there."""
    twice = changed(AGREED, add("agreements", practitioner="pia", with_="mia", kind="collaboration"))
    for absence in asked(twice, people=["max", "mia"]).absences:
        assert (absence.leaves.teamed, absence.leaves.links) == (0, 0)


def test_a_supervisor_takes_the_associate_s_links_and_a_mentor_only_points() -> None:
    associate = both(
        AGREED,
        change("licenses", "tom", status="associate"),
        add("agreements", practitioner="tom", with_="mia", kind="supervision"),
    )
    assert of(asked(changed(associate), people=["mia"]), "mia").leaves.links == 1
    mentored = changed(AGREED, add("agreements", practitioner="tom", with_="mia", kind="consultation"))
    mentored.tables["training"] = [r for r in mentored.tables["training"] if r["kind"] != "mentorship"]
    leaves = of(asked(mentored, people=["mia"]), "mia").leaves
    assert (leaves.teamed, leaves.points, leaves.links, leaves.instead) == (0, 25, 0, ())


def test_a_rule_of_the_house_s_own_may_look_at_anybody() -> None:
    """The house asks that somebody who speaks German is on the roster: it is Mia alone."""

    @kapteam.rule("house.german", subject="therapist", severity="block", says={"pass": "", "fail": "nobody"})
    def german(rows):  # type: ignore[no-untyped-def]
        """Somebody speaks German."""
        spoken = any("de" in (p.languages or ()) for p in rows.facts.roster.practitioners)
        return np.full(len(rows), spoken)

    written = changed(AGREED, change("practitioners", "mia", languages="de"))
    plan = written.network(house=[german]).match().plan
    assert plan.objective.teamed == 1
    found = resilience(plan, ["mia", "max"]).absences
    assert [(a.practitioner, a.away.teamed, a.leaves.teamed, a.leaves.links) for a in found] == [
        ("max", 0, 1, 1), ("mia", 0, 1, 1),
    ]  # fmt: skip


# --- The worst two ------------------------------------------------------------------------------------------


def brute_worst_two(plan: Result, unknown: str, people: Sequence[str]) -> tuple[tuple[str, str], Loss] | None:
    links = plan.plan.links
    rows = usable_rows(links, unknown)
    pairs, facts = links.pairs, links.facts
    found: list[tuple[int, int, str, str]] = []
    for a, b in combinations(sorted(people), 2):
        away = [facts.person_code[a], facts.person_code[b]]
        gone = np.isin(pairs.prescriber_person[rows], away) | np.isin(pairs.therapist_person[rows], away)
        rest = market(links, rows[~gone])
        best = optimum(rest)
        teamed, points = int(best.sum()), int(rest.points[best].sum())
        found.append((plan.objective.teamed - teamed, plan.objective.points - points, a, b))
    worst = min(found, key=lambda x: (-x[0], -x[1], x[2], x[3]), default=(0, 0, "", ""))
    return None if worst[:2] <= (0, 0) else (worst[2:], worst[:2])


@FEWER
@given(st.one_of(ROSTERS, capable(people=(6, 10))), UNKNOWN, st.data())
def test_the_worst_two_are_the_worst_of_all_pairs(written: Written, unknown: str, data: st.DataObject) -> None:
    plan = written.network().match(unknown=unknown)
    named = data.draw(st.lists(st.sampled_from(everybody(written)), unique=True))
    for people in ([], named):
        worst = resilience(plan.plan, people).worst_two
        linked = {who for _, *two in usable(written.network(), unknown) for who in two}
        expected = brute_worst_two(plan, unknown, people or sorted(linked))
        assert (worst and (worst.practitioners, (worst.teamed, worst.points))) == expected


@pytest.mark.parametrize("seed", range(6))
def test_the_worst_two_of_larger_markets(seed: int) -> None:
    """Of many parts, with many equal losses: every pair is solved from nothing."""
    problem = large(seed, 12, 24, (0.06, 0.1, 0.3)[seed % 3])
    problem = attrs.evolve(problem, points=problem.points // (1, 250, 1001)[seed // 2])
    used = optimum(problem)
    before = int(used.sum()), int(problem.points[used].sum())
    people = [*problem.prescribers.tolist(), *problem.therapists.tolist()]
    prescriber, therapist = problem.prescribers[problem.prescriber], problem.therapists[problem.therapist]
    losses = {}
    for two in combinations(people, 2):
        keep = ~np.isin(prescriber, two) & ~np.isin(therapist, two)
        rest = attrs.evolve(
            problem, row=problem.row[keep], prescriber=problem.prescriber[keep],
            therapist=problem.therapist[keep], points=problem.points[keep],
        )  # fmt: skip
        best = optimum(rest)
        losses[two] = before[0] - int(best.sum()), before[1] - int(rest.points[best].sum())
    expected = min(losses, key=lambda two: (-losses[two][0], -losses[two][1], two))
    assert worst_two(Solved(problem, used), people) == expected


# --- What ends ----------------------------------------------------------------------------------------------

WITHIN = 9
ENDS = {
    "licenses": ("issued", "expires"), "registrations": ("issued", "expires"), "coverage": ("effective", "expires"),
    "training": ("completed", "expires"), "agreements": ("effective", "expires"), "hours": ("from", "until"),
}  # fmt: skip


def ending_rows(written: Written) -> list[tuple[str, int, Row]]:
    last = written.on + timedelta(days=WITHIN)
    return [
        (table, number, row)
        for table, (begin, end) in ENDS.items()
        for number, row in enumerate(written.tables.get(table, []))
        if row.get(end) and written.on <= date.fromisoformat(row[end]) <= last
        if not row.get(begin) or date.fromisoformat(row[begin]) <= written.on
    ]


@st.composite
def soon(draw: st.DrawFn) -> Written:
    """A roster where some rows end soon."""
    written: Written = draw(ROSTERS)
    for table, (begin, end) in ENDS.items():
        for row in written.tables.get(table, []):
            begun = not row.get(begin) or date.fromisoformat(row[begin]) <= written.on
            if begun and not row.get(end) and draw(st.integers(0, 4)) == 0:
                row[end] = (written.on + timedelta(days=draw(st.integers(0, WITHIN + 1)))).isoformat()
    return written


@FEWER
@given(soon(), UNKNOWN)
def test_what_ends_costs_what_planning_again_after_it_has_ended_does(written: Written, unknown: str) -> None:
    before = written.network().match(unknown=unknown)
    expected: Counter[tuple[str, str, int, int]] = Counter()
    for table, number, row in ending_rows(written):
        other = copy.deepcopy(written)
        if table == "licenses":  # one that has ended still makes a candidate
            other.tables[table][number] |= {"issued": "", "expires": (written.on - timedelta(days=1)).isoformat()}
        else:
            del other.tables[table][number]
        loss = lost(before, other.network().match(unknown=unknown))
        expected[oracles.clean(row.get("practitioner", "")), row[ENDS[table][1]], *loss] += 1
    found = resilience(before.plan, within=WITHIN).expiring
    assert Counter((e.practitioner or "", e.expires.isoformat(), e.teamed, e.points) for e in found) == expected
    assert list(found) == sorted(found, key=lambda e: (-e.teamed, -e.points, e.expires, e.practitioner or "", e.what))


@FEWER
@given(soon(), st.data())
def test_with_names_only_what_is_theirs_is_told(written: Written, data: st.DataObject) -> None:
    named = data.draw(st.lists(st.sampled_from(everybody(written)), min_size=1, max_size=2, unique=True))
    every, some = asked(written, within=WITHIN), asked(written, people=named, within=WITHIN)
    assert [a.practitioner for a in some.absences] == sorted(named)
    assert list(some.expiring) == [e for e in every.expiring if e.practitioner in named]


def test_a_row_that_nothing_rests_on_ends_without_a_loss_and_has_its_words_from_check() -> None:
    answer = asked(
        changed(
            change("agreements", "pia", expires=SOON), law("autonomy", "independent"),
            change("coverage", "tom", expires=SOON),
        )
    )  # fmt: skip
    assert [(e.practitioner, e.what, e.teamed) for e in answer.expiring] == [
        ("tom", "policy with Birch as therapist", 1),
        ("pia", "collaboration agreement with max", 0),
    ]


def test_with_a_licence_ends_what_others_have_agreed_with_its_holder() -> None:
    (ending,) = asked(changed(AGREED, change("licenses", "max", expires=SOON))).expiring
    assert (ending.practitioner, ending.what, ending.teamed) == ("max", "NY licence (physician)", 1)


def test_an_end_may_let_a_better_plan_be_made() -> None:
    """The policy as prescriber leaves KAP out; once it has ended, the one for any role counts, which does not."""
    written = changed(
        change("coverage", "pia", ketamine="no", expires=SOON),
        add("coverage", practitioner="pia", carrier="Acorn", ketamine="yes", presence="throughout"),
    )
    (ending,) = asked(written).expiring
    assert (ending.practitioner, ending.expires.isoformat(), ending.teamed) == ("pia", SOON, -1)
    assert ending.points < 0


@pytest.mark.parametrize(("days", "loss"), [(1, 0), (2, 1)])
def test_what_is_renewed_already_loses_nothing(days: int, loss: int) -> None:
    after = (date.fromisoformat(SOON) + timedelta(days=days)).isoformat()
    policy = changed(
        change("coverage", "tom", expires=SOON),
        add("coverage", practitioner="tom", role="therapist", carrier="Birch", ketamine="yes", effective=after),
    )
    licence = changed(
        change("licenses", "tom", expires=SOON),
        add("licenses", practitioner="tom", jurisdiction="NY", profession="clinical_social_worker", issued=after),
    )
    for written in (policy, licence):
        (ending,) = asked(written).expiring
        assert (ending.practitioner, ending.teamed) == ("tom", loss)


def test_what_ends_is_told_once_though_nothing_else_names_its_state() -> None:
    """With the registration goes the only row that names the state, whose law has an end too."""
    on = date(2026, 12, 7)
    state = next(
        place for place in SHIPPED.jurisdictions() if place not in ("US", "NY", "NJ", "CO")
        and any(e.until and e.in_force(on) and e.until > on for e in SHIPPED.entries(place))
    )  # fmt: skip
    ends = min(e.until for e in SHIPPED.entries(state) if e.until and e.in_force(on))
    written = changed(add("registrations", practitioner="pia", jurisdiction=state, schedules="3N", expires=SOON))
    plan = written.network(packs=SHIPPED).match().plan
    told = [(e.practitioner, e.what) for e in resilience(plan, within=(ends - on).days).expiring]
    assert len(told) == len(set(told))
    assert ("pia", f"{state} DEA registration") in told
    assert any(who is None and what.startswith("law of") for who, what in told)


def test_a_law_that_goes_on_under_another_entry_loses_nothing(tmp_path: Path) -> None:
    root = Path(shutil.copytree(SHIPPED.root, tmp_path / "packs"))
    federal = root / "jurisdictions" / "US.toml"
    text = federal.read_text(encoding="utf-8")
    entry = next(e for e in text.split("[[entry]]") if "until = 2026-12-31" in e)
    follows = re.sub(r"until = .*", "", re.sub(r"from = .*", "from = 2027-01-01", entry))
    federal.write_text(f"{text}\n[[entry]]{follows}", encoding="utf-8")
    links = judged_links(kapteam.read(practice_folder()), WINTER, packs=Packs(root))
    (ending,) = [e for e in resilience(Network(links).match().plan).expiring if "telehealth" in e.what]
    assert (ending.practitioner, ending.teamed, ending.points) == (None, 0, 0)


def test_the_end_of_a_law_is_judged_with_what_follows_it() -> None:
    roster = kapteam.read(practice_folder())
    on = date(2026, 12, 7)
    before = kapteam.links(roster, on=on).match()
    (federal,) = [e for e in resilience(before.plan).expiring if e.what.startswith("federal law: telehealth")]
    assert (federal.practitioner, federal.expires) == (None, date(2026, 12, 31))
    tables = {name: roster.table(name) for name in kapteam.records.roster.TABLES}
    after = kapteam.Roster(**tables, practice={**raw_practice(), "federal": {"telehealth": "no"}})
    assert (federal.teamed, federal.points) == lost(before, Network(judged_links(after, on)).match())
    assert federal.teamed > 0


def raw_practice() -> dict[str, object]:
    import tomllib

    return tomllib.loads((practice_folder() / "practice.toml").read_text(encoding="utf-8"))


def test_whom_one_is_asked_with_makes_no_difference() -> None:
    """Those who leave are judged several at once, where they do not concern one another."""
    plan = kapteam.links(kapteam.read(practice_folder()), on=date(2026, 12, 7)).match().plan
    together = resilience(plan, within=0).absences
    assert sum(a.leaves.links > 0 for a in together) > 1
    for absence in together:
        assert resilience(plan, [absence.practitioner], within=0).absences == (absence,)


def test_the_answer_of_the_python_face_can_be_looked_at() -> None:
    plan = changed(nothing).network().match().plan
    shown = Absences(plan, resilience(plan, within=7), 7)
    assert len(shown) == len(list(shown)) == 2
    assert str(shown).startswith("1 therapist is teamed. No absence loses more than that of pia: 1 place after")
    assert "Nothing ends within 7 days." in str(shown)
    assert repr(shown).startswith("<Absences on 2026-12-07: 2 people, an absence loses at most 1 place, ")
    assert (shown.worst_two, shown.expiring) == (shown.answer.worst_two, ())
    assert '"worst_two": {' in shown.to_json()


# --- Small and strange --------------------------------------------------------------------------------------


def test_where_nobody_is_teamed_nothing_is_lost() -> None:
    answer = asked(changed(change("registrations", "pia", schedules="3")))
    assert (answer.absences, answer.worst_two, answer.expiring) == ((), None, ())


def test_one_person_alone_has_no_second() -> None:
    alone = {
        "sites": [{"site": "s", "jurisdiction": "NY", "supply": "patient"}],
        "practitioners": [{"practitioner": "pia"}],
        "licenses": [{"practitioner": "pia", "jurisdiction": "NY", "profession": "physician"}],
        "registrations": [{"practitioner": "pia", "jurisdiction": "NY", "schedules": "3N"}],
        "coverage": [{"practitioner": "pia", "carrier": "A", "ketamine": "yes", "presence": "throughout"}],
        "training": [{"practitioner": "pia", "kind": "kap", "hours": "16"}],
        "hours": [{"practitioner": "pia", "site": "s", "when": "Mon 09:00-12:00"}],
    }
    answer = asked(Written(alone, {"jurisdictions": {"NY": {"state_registration": "no"}}}))
    (pia,) = answer.absences
    assert (pia.places, pia.away.teamed, pia.leaves.teamed, answer.worst_two) == (1, 1, 1, None)


def test_a_named_person_in_no_team_loses_nothing() -> None:
    (absence,) = asked(changed(nothing), people=["max"]).absences
    assert (absence.places, absence.away.teamed, absence.away.points, absence.away.instead) == (0, 0, 0, ())


def test_a_pair_that_was_to_be_kept_is_kept_without_somebody_else() -> None:
    written = changed(nothing)
    for table in ("practitioners", "licenses", "coverage", "training", "hours"):
        for row in written.rows(table, practitioner="tom"):
            written.tables[table].append({**row, "practitioner": "tia"})
    written.tables["practitioners"][0]["max_therapists"] = "1"
    for kept, other in (("tom", "tia"), ("tia", "tom")):
        plan = written.network().match(keep=[("pia", kept)]).plan
        away = {a.practitioner: a.away for a in resilience(plan, ["pia", "tia", "tom"]).absences}
        assert (away[other].teamed, away[other].points, away[other].instead) == (0, 0, ())
        assert (away[kept].teamed, [p.therapist for p in away[kept].instead]) == (0, [other])
        assert (away["pia"].teamed, away["pia"].instead) == (1, ())


@pytest.mark.parametrize(
    ("match", "asked", "said"),
    [
        ({"max_partners": 2}, {}, "one partner"),
        ({"keep": [("pia", "max")]}, {}, "no plan"),
        ({}, {"people": ["pai"]}, "did you mean 'pia'"),
        ({}, {"within": -1}, "at least 0"),
    ],
)
def test_what_cannot_be_answered_is_said(match: dict, asked: dict, said: str) -> None:  # type: ignore[type-arg]
    plan = changed(nothing).network().match(**match).plan
    with pytest.raises(UsageError, match=said):
        resilience(plan, **asked)


@FEWER
@given(ROSTERS)
def test_the_plan_stays_as_it_is_and_the_answer_is_the_same_twice(written: Written) -> None:
    plan = written.network().match()
    before = plan.to_json()
    first = resilience(plan.plan).as_dict()
    assert first == resilience(plan.plan).as_dict()
    assert plan.to_json() == before
