"""Who could consult for whom, and the assignment: against every assignment there is, and a second engine."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from kapteam.advice.even import Choice, most_even
from kapteam.advice.mentors import Mentoring, mentors
from kapteam.api.mentors import Mentors
from kapteam.records.problems import UsageError
from strategies import Written, mostly, rosters
from tiny import Change, add, both, change, changed, nothing, practice, without

FEW = settings(max_examples=settings.default.max_examples // 3)

Pair = tuple[str, str]  # mentee, mentor


# --- A second program ---------------------------------------------------------------------------------------


def has_license(r: oracles.Roster, mentor: str, places: set[str]) -> str:
    """An active licence or a privilege of a therapy profession in one of these places."""
    return oracles.best(
        oracles.therapy_profession(r, mentor, row["profession"])
        for row in r.rows("licenses", practitioner=mentor)
        if row["jurisdiction"] in places and (row.get("status", "") or "active") in ("active", "privilege")
    )


def judged_pair(r: oracles.Roster, mentee: str, mentor: str, hours: int, anywhere: bool) -> dict[str, str]:
    """Every criterion of a mentor; of two who avoid one another nothing passes."""
    where = {r.place(s) for s in r.sites if r.has_hours(mentee, s)} or {r.place(s) for s in r.sites}
    ethics = oracles.ethics_of(r, mentor)
    kap = r.rows("training", practitioner=mentor, kind="kap")
    if ethics["ethics.mentorship"] == "pass" or sum(oracles.hours_of(row) for row in kap) >= hours:
        experience = "pass"
    else:
        experience = "unknown" if any(not row.get("hours", "") for row in kap) else "fail"
    everywhere = {row["jurisdiction"] for row in r.every_license}
    return {
        "mentor.license": has_license(r, mentor, everywhere if anywhere else where),
        **{f"ethics.{name}": ethics[f"ethics.{name}"] for name in ("kap_training", "experiential", "practicum")},
        "mentor.experience": experience,
    }


def fit(r: oracles.Roster, mentee: str, mentor: str) -> int:
    one, other = ({m for m in oracles.modalities_of(r, p) if oracles.is_complementary(r, m)} for p in (mentee, mentor))
    return 2 * oracles.joined(r, mentee, mentor, ("prefers", "worked_with")) + bool(one & other)


class Expected:
    """Who needs a mentor, who could be whose, and the best of all assignments."""

    def __init__(self, written: Written, *, load: int | None, hours: int, anywhere: bool, allow: bool) -> None:
        r = self.r = written.judged().roster
        self.people = sorted(p for p in r.people if oracles.candidate(r, p, "therapist"))
        self.mentees = [p for p in self.people if oracles.ethics_of(r, p)["ethics.mentorship"] != "pass"]
        consulted = r.rows("agreements", kind="consultation")
        self.already = {p: sorted({row["practitioner"] for row in consulted if row["with"] == p}) for p in self.people}
        self.criteria = {
            (mentee, mentor): judged_pair(r, mentee, mentor, hours, anywhere)
            for mentee in self.mentees
            for mentor in self.people
            if mentee != mentor and not oracles.joined(r, mentee, mentor, ("avoids",))
            if mentor not in self.already[mentee]  # nobody is their own mentor's mentor
        }
        self.verdict = {pair: oracles.both(*said.values()) for pair, said in self.criteria.items()}
        good = ("pass", "unknown") if allow else ("pass",)
        self.could = {pair for pair, verdict in self.verdict.items() if verdict in good}
        self.load, self.salt = load, r.draw

    def assignments(self) -> Iterator[set[Pair]]:
        """Every assignment there is."""
        choices = [[None, *(m for m in self.people if (mentee, m) in self.could)] for mentee in self.mentees]
        for chosen in itertools.product(*choices):
            pairs = {(mentee, m) for mentee, m in zip(self.mentees, chosen, strict=True) if m is not None}
            new = [m for _, m in pairs]
            if self.load is None or all(len(self.already[m]) + new.count(m) <= self.load for m in set(new)):
                yield pairs

    def loads(self, pairs: set[Pair]) -> list[int]:
        new = [m for _, m in pairs]
        return [len(self.already[p]) + new.count(p) for p in self.people]

    def worth(self, pairs: set[Pair]) -> tuple[int, int, int, int]:
        """What is made least, in this order."""
        squares = sum(n * n for n in self.loads(pairs))
        fits = sum(fit(self.r, *pair) for pair in pairs)
        return -len(pairs), squares, -fits, sum(drawn(pair, self.salt) for pair in pairs)


def drawn(pair: Pair, salt: str) -> int:
    """The draw of a link at no site: 3 H(mentor) + 5 H(mentee), mixed as that of a link."""
    mentee, mentor = (int.from_bytes(hashlib.sha256(f"{salt}\x1f{id}".encode()).digest()[:8], "big") for id in pair)
    ring = 2**64
    x = (3 * mentor + 5 * mentee) % ring
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % ring
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % ring
    return (x ^ (x >> 31)) >> 24


@st.composite
def teachers(draw: st.DrawFn) -> Written:
    """Therapists of two states, most of whom could be mentors."""
    count = draw(st.integers(2, 6))
    ids = [f"t{n}" for n in range(count)]
    tables: dict[str, list[dict[str, str]]] = {
        "sites": [
            {"site": "ny", "jurisdiction": "NY", "supply": "patient"},
            {"site": "co", "jurisdiction": "CO", "supply": "patient"},
        ],
        "practitioners": [], "licenses": [], "training": [], "hours": [], "agreements": [], "ties": [],
    }  # fmt: skip
    for id in ids:
        nurse = draw(mostly(False, True, times=6))
        tables["practitioners"].append(
            {
                "practitioner": id,
                "roles": "therapist",
                "specialty": draw(st.sampled_from(["", "psychiatric_nursing"])) if nurse else "",
                "modalities": draw(st.sampled_from(["", "house parts", "house trauma", "house parts;house trauma"])),
            }
        )
        places = draw(st.sampled_from([["NY"], ["NY"], ["CO"], ["NY", "CO"], []]))
        for place in places:
            status = draw(mostly("active", "privilege", "associate", "restricted", "inactive", times=8))
            profession = "nurse_practitioner" if nurse else draw(mostly("psychologist", "registered_nurse", times=9))
            tables["licenses"].append(
                {"practitioner": id, "jurisdiction": place, "profession": profession, "status": status}
            )
        for site in draw(st.sampled_from([["ny"], ["ny"], ["co"], ["ny", "co"], []])):
            tables["hours"].append(
                {"practitioner": id, "site": site, "when": draw(st.sampled_from(["", "Mon 09:00-12:00"]))}
            )
        tables["training"].append(
            {
                "practitioner": id, "kind": "kap", "hours": draw(mostly("80", "40", "39.5", "16", "6", "", times=3)),
                "practicum": draw(mostly("yes", "no", "", times=6)),
            }
        )  # fmt: skip
        for kind, odds in (("experiential", 6), ("mentorship", 1)):
            if draw(mostly(kind == "experiential", kind != "experiential", times=odds)):
                tables["training"].append({"practitioner": id, "kind": kind})
    pair = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)
    for _ in range(draw(st.integers(0, 3))):
        one, other = draw(pair)
        kind = draw(mostly("consultation", "supervision", times=4))
        expires = draw(mostly("", "2026-12-06", times=5))
        tables["agreements"].append({"practitioner": one, "with": other, "kind": kind, "expires": expires})
    for _ in range(draw(st.integers(0, 4))):
        one, other = draw(pair)
        tables["ties"].append(
            {"a": one, "b": other, "kind": draw(st.sampled_from(["prefers", "worked_with", "avoids"]))}
        )
    practice: dict[str, Any] = {
        "protocol": {"draw": draw(st.sampled_from(["", "spring"]))},
        "modalities": {"house parts": {"complementary": True}, "house trauma": {"trauma": True}},
    }
    return Written(tables, practice)


def pairs_of(answer: Mentoring) -> set[Pair]:
    return {(mentee, m.mentor) for m in answer.mentors for mentee in m.mentees}


@given(
    st.one_of(teachers(), teachers(), rosters(people=(2, 5), complete=True)),
    st.sampled_from([None, None, 1, 2]),
    st.sampled_from([40, 0, 80]),
    st.booleans(),
    st.booleans(),
)
def test_the_assignment_is_the_best_of_all_and_everyone_else_is_told_why(
    written: Written, load: int | None, hours: int, anywhere: bool, allow: bool
) -> None:
    unknown = "allow" if allow else "exclude"
    answer = mentors(written.network().links, load=load, hours=hours, anywhere=anywhere, unknown=unknown)
    expected = Expected(written, load=load, hours=hours, anywhere=anywhere, allow=allow)
    best = min(expected.assignments(), key=expected.worth)
    assert pairs_of(answer) == best
    assert (answer.served, answer.preference) == (len(best), -expected.worth(best)[2])

    listed = {m.mentor: m for m in answer.mentors}
    assert {(mentee, m.mentor) for m in answer.mentors for mentee in m.could} == expected.could
    for id, m in listed.items():
        assert list(m.already) == expected.already[id]
        assert m.load == len(m.already) + len(m.mentees)
        assert (not m.to_verify) or allow
    assert answer.squares == sum(m.load**2 for m in answer.mentors)

    assert [w.practitioner for w in answer.without] == [p for p in expected.mentees if p not in dict(best)]
    for w in answer.without:
        theirs = {m: v for (mentee, m), v in expected.verdict.items() if mentee == w.practitioner}
        could = {m for mentee, m in expected.could if mentee == w.practitioner}
        assert w.why == ("no_room" if could else "to_ask" if "unknown" in theirs.values() else "no_mentor")
        assert (w.nearest is None) == (not theirs)
        if w.nearest is not None:

            def rank(m: str, mentee: str = w.practitioner) -> tuple[int, int, int, str]:
                said = list(expected.criteria[mentee, m].values())
                return said.count("fail"), said.count("unknown"), -fit(expected.r, mentee, m), m

            assert w.nearest.mentor == min(theirs, key=rank)
            said = expected.criteria[w.practitioner, w.nearest.mentor]
            assert set(w.nearest.rules) == {c for c, v in said.items() if v != "pass"}

    unclear: dict[str, set[str]] = {}
    for (mentee, mentor), verdict in expected.verdict.items():
        if verdict == "unknown":
            unclear.setdefault(mentor, set()).add(mentee)
    assert {a.mentor: set(a.mentees) for a in answer.to_ask} == unclear
    for a in answer.to_ask:
        said = [expected.criteria[mentee, a.mentor] for mentee in a.mentees]
        assert set(a.rules) == {c for one in said for c, v in one.items() if v == "unknown"}


@given(teachers(), st.sampled_from([None, 1, 2]))
def test_the_least_squares_are_the_most_even_loads(written: Written, load: int | None) -> None:
    expected = Expected(written, load=load, hours=40, anywhere=True, allow=True)
    every = [(len(pairs), sorted(expected.loads(pairs), reverse=True)) for pairs in expected.assignments()]
    most = max(served for served, _ in every)
    answer = mentors(written.network().links, load=load, anywhere=True, unknown="allow")
    found = sorted(expected.loads(pairs_of(answer)), reverse=True)
    assert found == min(loads for served, loads in every if served == most)


# --- The assignment by itself -------------------------------------------------------------------------------


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    """Small choices whose ends are often equally good."""
    mentees, takers = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    every = list(itertools.product(range(mentees), range(takers)))
    edges = [edge for edge in every if draw(st.integers(0, 3))]
    numbers = st.lists(st.sampled_from([0, 0, 1, 3]), min_size=len(edges), max_size=len(edges))
    loads = st.lists(st.integers(0, 2), min_size=takers, max_size=takers)
    room = st.lists(st.sampled_from([0, 1, 5, 5, 5]), min_size=takers, max_size=takers)
    return Choice(
        taken=np.array([a for a, _ in edges], np.int64),
        taker=np.array([b for _, b in edges], np.int64),
        preference=np.array(draw(numbers), np.int64),
        draw=np.array([2**39 + 7**n % 1009 for n in range(len(edges))], np.int64),
        already=np.array(draw(loads), np.int64),
        room=np.array(draw(room), np.int64),
        count=mentees,
    )


def value(choice: Choice, used: tuple[int, ...]) -> tuple[int, int, int, int]:
    loads = choice.already.copy()
    np.add.at(loads, choice.taker[list(used)], 1)
    fits, drawn = (int(a[list(used)].sum()) for a in (choice.preference, choice.draw))
    return -len(used), int((loads**2).sum()), -fits, drawn


@settings(max_examples=3 * settings.default.max_examples)
@given(choices())
def test_no_set_of_pairs_whatever_is_better(choice: Choice) -> None:
    edges = range(len(choice.taken))

    def allowed(used: tuple[int, ...]) -> bool:
        taken = [int(choice.taken[e]) for e in used]
        new = np.bincount(choice.taker[list(used)], minlength=len(choice.room))
        return len(set(taken)) == len(taken) and bool((new <= choice.room).all())

    every = (s for size in range(min(len(edges), choice.count) + 1) for s in itertools.combinations(edges, size))
    best = min((value(choice, used) for used in every if allowed(used)), default=(0, 0, 0, 0))
    found = tuple(int(e) for e in np.flatnonzero(most_even(choice)))
    assert allowed(found)
    assert value(choice, found) == best


@pytest.mark.parametrize("seed", range(3))
def test_a_second_engine_finds_the_same_for_many(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mentees, takers = 40, 12
    taken, taker = np.nonzero(rng.random((mentees, takers)) < 0.3)
    choice = Choice(
        taken, taker, rng.integers(0, 4, len(taken)), rng.integers(0, 2**40, len(taken)),
        rng.integers(0, 4, takers), rng.integers(1, 9, takers), mentees,
    )  # fmt: skip
    # One exact integer an arc: a draw, above it a preference, above it a square, above it one who is served.
    over_draw = 2**40 * (mentees + 1)
    over_fit = over_draw * (4 * mentees + 1)
    over_square = over_fit * 1000 * mentees
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_node("source", demand=-mentees)
    graph.add_node("sink", demand=mentees)
    graph.add_edge("source", "sink", capacity=mentees, weight=over_square)
    for m in range(mentees):
        graph.add_edge("source", ("mentee", m), capacity=1, weight=0)
    for a, b, p, d in zip(choice.taken, choice.taker, choice.preference, choice.draw, strict=True):
        graph.add_edge(("mentee", int(a)), ("taker", int(b)), capacity=1, weight=int(d) + (3 - int(p)) * over_draw)
    for t in range(takers):
        for k in range(int(choice.room[t])):
            step = 2 * (int(choice.already[t]) + k) + 1
            graph.add_edge(("taker", t), ("unit", t, k), capacity=1, weight=step * over_fit)
            graph.add_edge(("unit", t, k), "sink", capacity=1, weight=0)
    flow = nx.min_cost_flow(graph)
    used = tuple(
        e for e in range(len(taken)) if flow["mentee", int(taken[e])][("taker", int(taker[e]))]
    )  # fmt: skip
    assert tuple(int(e) for e in np.flatnonzero(most_even(choice))) == used


# --- Examples -----------------------------------------------------------------------------------------------


def therapist(id: str, *, hours: str = "80", mentored: bool = False, **cells: str) -> Change:
    """Someone like Tom, with much training and, unless it is said, no mentorship."""
    return both(
        add("practitioners", practitioner=id, roles="therapist", **cells),
        add("licenses", practitioner=id, jurisdiction="NY", profession="psychologist"),
        add("training", practitioner=id, kind="kap", hours=hours, practicum="yes"),
        add("training", practitioner=id, kind="experiential"),
        add("hours", practitioner=id, site="clinic", when="Mon 09:00-12:00"),
        *([add("training", practitioner=id, kind="mentorship")] if mentored else []),
    )


TOMS = ("licenses", "coverage", "training", "hours")


def found(*changes: Change, **asked: Any) -> Mentoring:
    """Tom has mentorship, so he may be a mentor; he has 16 hours."""
    return mentors(changed(*changes).network().links, **asked)


def who(answer: Mentoring) -> dict[str, tuple[str, ...]]:
    return {m.mentor: m.mentees for m in answer.mentors}


def test_where_everybody_is_served_there_is_nothing_to_do() -> None:
    answer = found(nothing)
    assert who(answer) == {"tom": ()}
    assert (answer.without, answer.to_ask, answer.served) == ((), (), 0)
    assert "Everyone who sits has mentorship" in str(Mentors(changed(nothing).network().links, answer))


def test_one_without_gets_the_one_who_could() -> None:
    answer = found(therapist("uma", hours="16"))
    assert who(answer) == {"tom": ("uma",)}
    assert answer.mentors[0].load == 1


def test_the_severity_of_the_rule_changes_nothing() -> None:
    for severity in ("off", "block"):
        written = changed(therapist("uma", hours="16"))
        written.practice["rules"] = {"ethics.mentorship": severity}
        assert who(mentors(written.network().links)) == {"tom": ("uma",)}


def test_much_training_is_as_good_as_mentorship_of_one_s_own() -> None:
    two = both(
        without("training", "tom", kind="mentorship"),
        change("training", "tom", hours="40"),
        therapist("uma", hours="6"),
    )
    assert who(found(two)) == {"tom": ("uma",)}
    assert who(found(two, hours=41)) == {}
    (tom, uma) = found(two, hours=41).without
    assert tom.nearest is not None
    assert (uma.practitioner, uma.why) == ("uma", "no_mentor")
    assert uma.nearest is not None
    assert (uma.nearest.mentor, uma.nearest.rules) == ("tom", ("mentor.experience",))


@pytest.mark.parametrize(
    ("case", "rules"),
    [
        (change("licenses", "tom", jurisdiction="CO"), ("mentor.license",)),
        (change("licenses", "tom", status="associate"), ("mentor.license",)),
        (change("licenses", "tom", expires="2026-12-06"), ("mentor.license",)),
        (change("licenses", "tom", profession="registered_nurse"), ("mentor.license",)),
        (change("training", "tom", hours="6"), ("ethics.kap_training",)),
        (without("training", "tom", kind="experiential"), ("ethics.experiential",)),
        (
            both(change("training", "tom", practicum="no"), without("training", "tom", kind="trauma")),
            ("ethics.practicum",),
        ),
    ],
)
def test_nobody_qualified_leaves_everybody_without_and_says_what_is_nearest(
    case: Change, rules: tuple[str, ...]
) -> None:
    answer = found(therapist("uma", hours="6"), case)
    (left,) = answer.without
    assert (left.practitioner, left.why) == ("uma", "no_mentor")
    assert left.nearest is not None
    assert (left.nearest.mentor, left.nearest.rules) == ("tom", rules)
    assert answer.served == 0


def test_a_licence_of_another_state_does_where_it_may_be_of_any() -> None:
    away = both(therapist("uma", hours="6"), change("licenses", "tom", jurisdiction="CO"))
    assert who(found(away)) == {"tom": ()}
    assert who(found(away, anywhere=True)) == {"tom": ("uma",)}
    # One without hours is where the practice has a site, and it has one in Colorado.
    assert who(found(away, without("hours", "uma"))) == {"tom": ("uma",)}


def test_what_nobody_wrote_down_makes_one_to_ask_and_is_never_used() -> None:
    blank = both(therapist("uma", hours="6"), change("training", "tom", practicum=""))
    answer = found(blank)
    assert who(answer) == {}
    assert [(a.mentor, a.rules, a.mentees) for a in answer.to_ask] == [("tom", ("ethics.practicum",), ("uma",))]
    assert [(w.practitioner, w.why) for w in answer.without] == [("uma", "to_ask")]
    allowed = found(blank, unknown="allow")
    assert [(m.mentor, m.mentees, m.to_verify) for m in allowed.mentors] == [("tom", ("uma",), ("ethics.practicum",))]


def test_who_avoids_the_other_is_no_mentor_and_not_the_nearest() -> None:
    answer = found(therapist("uma", hours="6"), add("ties", a="tom", b="uma", kind="avoids"))
    assert who(answer) == {"tom": ()}
    assert [(w.practitioner, w.why, w.nearest) for w in answer.without] == [("uma", "no_mentor", None)]


def test_agreements_in_force_are_load_and_the_next_goes_to_another() -> None:
    team = both(
        therapist("uma", mentored=True), therapist("val", hours="6"),
        add("practitioners", practitioner="wim", roles="monitor"),
        add("agreements", practitioner="wim", with_="tom", kind="consultation"),
        add("agreements", practitioner="wim", with_="tom", kind="consultation", jurisdiction="NY"),
    )  # fmt: skip
    answer = found(team)
    assert [(m.mentor, m.load, m.already, m.mentees) for m in answer.mentors] == [
        ("tom", 1, ("wim",), ()), ("uma", 1, (), ("val",)),
    ]  # fmt: skip
    over = found(
        team, change("agreements", "wim", expires="2026-12-06"), change("agreements", "wim", 1, kind="supervision")
    )
    assert sum(len(m.already) for m in over.mentors) == 0


def test_a_limit_leaves_some_without_and_says_who_and_why() -> None:
    three = both(*(therapist(id, hours="6") for id in ("uma", "val", "wes")))
    answer = found(three, load=2)
    assert len(who(answer)["tom"]) == 2
    (left,) = answer.without
    assert left.why == "no_room"
    assert left.nearest is not None
    assert (left.nearest.mentor, left.nearest.rules) == ("tom", ())
    assert "no room" in str(Mentors(changed(three).network().links, answer))


def test_loads_come_before_ties_and_ties_before_modalities() -> None:
    team = both(
        therapist("uma", mentored=True, modalities="house parts"),
        therapist("val", hours="6", modalities="house parts"),
        therapist("wes", hours="6", modalities="house parts"),
        change("practitioners", "tom", modalities="house plain"),
    )
    liked = both(add("ties", a="val", b="tom", kind="worked_with"), add("ties", a="tom", b="wes", kind="prefers"))
    assert {len(m) for m in who(found(team, liked)).values()} == {1}
    assert who(found(team, add("ties", a="val", b="tom", kind="prefers"))) == {"tom": ("val",), "uma": ("wes",)}
    assert who(found(team, add("ties", a="wes", b="tom", kind="prefers"))) == {"tom": ("wes",), "uma": ("val",)}


@pytest.mark.parametrize("salt", ["", "spring", "herbst"])
def test_between_equals_the_draw_from_the_ids_decides(salt: str) -> None:
    alike = both(
        *(therapist(id, mentored=True) for id in ("ada", "bo", "cy")),
        *(therapist(id, hours="6") for id in ("uma", "val", "wes")),
        practice("protocol", {"draw": salt}),
    )
    written = changed(without("practitioners", "tom"), *(without(t, "tom") for t in TOMS), alike)
    expected = Expected(written, load=None, hours=40, anywhere=False, allow=False)
    worths = sorted((expected.worth(pairs), sorted(pairs)) for pairs in expected.assignments())
    assert worths[0][0][:3] == worths[5][0][:3]  # six ways that are equally good
    assert sorted(pairs_of(mentors(written.network().links))) == worths[0][1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"load": 0}, "at least 1"),
        ({"hours": -1}, "at least 0"),
        ({"hours": "x"}, "a number"),
        ({"unknown": "no"}, "allow"),
    ],
)
def test_what_cannot_be_asked_is_told(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        found(**asked)


@FEW
@given(st.one_of(teachers(), rosters(people=(2, 5))), st.sampled_from([None, 1]), st.sampled_from(["exclude", "allow"]))
def test_every_answer_can_be_read_and_is_the_same_each_time(written: Written, load: int | None, unknown: str) -> None:
    links = written.network().links
    answer = Mentors(links, mentors(links, load=load, unknown=unknown))
    assert str(answer)
    assert json.loads(answer.to_json()) == answer.as_dict()
    turned = written.copy()
    for rows in turned.tables.values():
        rows.reverse()
    assert mentors(turned.network().links, load=load, unknown=unknown).as_dict() == answer.as_dict()
