"""Candidates by distance: what a second program finds if the blank row of hours really stood there, and no more."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import oracles
from kapteam import UsageError
from kapteam.advice.explain import explained
from kapteam.api.network import Network
from kapteam.columns.places import EARTH_KM
from kapteam.matching.capacity import capacities
from kapteam.network.links import judged_links
from kapteam.network.within import FARTHEST_KM
from kapteam.records.centroids import Centroids
from strategies import NO_PACKS, Written, capable, rosters
from tiny import add, change, changed, law, practice, without

#: Some 35 km apart from one to the next, along a meridian; and one far away.
PLACES = [("40.0", "-105.0"), ("40.3", "-105.0"), ("40.6", "-105.0"), ("40.0", "-105.4"), ("47.0", "-105.0"), ("", "")]


def far(a: oracles.Row, b: oracles.Row) -> float:
    """Kilometres between two sites, by the angle between two vectors; not a number where a place is not written."""
    if not a.get("latitude") or not b.get("latitude"):
        return math.nan
    x, y = (
        (math.cos(p) * math.cos(q), math.cos(p) * math.sin(q), math.sin(p))
        for p, q in ((math.radians(float(s["latitude"])), math.radians(float(s["longitude"]))) for s in (a, b))
    )
    across = math.hypot(x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0])
    return round(EARTH_KM * math.atan2(across, sum(i * j for i, j in zip(x, y, strict=True))), 3)


def might_come(judged: oracles.Judged, km: float) -> dict[oracles.Pair, tuple[float, str]]:
    """Each prescriber and site of the supposition, with the nearest of their sites: written from its meaning."""
    r = judged.roster
    real = [s for s in r.sites if r.setting(s) != "telehealth"]
    serves = [s for s in real if any(r.has_hours(t, s) and oracles.candidate(r, t, "therapist") for t in r.people)]
    found: dict[oracles.Pair, tuple[float, str]] = {}
    for person in (p for p in r.people if oracles.candidate(r, p, "prescriber")):
        for site in (s for s in serves if not r.has_hours(person, s)):
            own = [(far(r.sites[h], r.sites[site]), h) for h in sorted(real) if r.has_hours(person, h)]
            near = [one for one in own if one[0] <= km]
            if near:
                found[person, site] = min(near)
    return found


class Supposing:
    """The oracle, with the one row of hours really written wherever a prescriber only might come."""

    def __init__(self, written: Written, km: float) -> None:
        self.written, self.plain = written, written.judged()
        self.coming = might_come(self.plain, km)
        self.beside = {pair: self._with_hours(*pair) for pair in self.coming}

    def _with_hours(self, person: str, site: str) -> oracles.Judged:
        other = self.written.copy()
        other.add("hours", practitioner=person, site=site, when="")
        return other.judged()

    def of(self, prescriber: str, site: str) -> oracles.Judged:
        return self.beside.get((prescriber, site), self.plain)

    def findings(self, link: oracles.Triple) -> list[oracles.Finding]:
        """As if the row were written; but that patients would be seen in person there is no more than supposed."""
        site, prescriber, therapist = link
        found = list(self.of(prescriber, site).all_findings(prescriber, therapist, site))
        if (prescriber, site) in self.coming:
            plain = {f.rule: f.status for f in self.plain.alone(prescriber, "prescriber", site)}
            seen = oracles.best([plain.get("legal.evaluation", oracles.FAIL), oracles.UNKNOWN])
            found = [oracles.Finding(f.rule, seen, f.subject) if f.rule == "legal.evaluation" else f for f in found]
        return found

    def links(self) -> Iterator[dict[str, Any]]:
        """The listed ones; nobody is supposed to sit where they have no hours."""
        r = self.plain.roster
        for site in sorted(r.sites):
            for prescriber in sorted(r.people):
                judged = self.of(prescriber, site)
                for therapist in sorted(r.people):
                    if r.has_hours(therapist, site) and judged.is_listed(prescriber, therapist, site):
                        weekly = oracles.weekly_sessions(judged.roster, prescriber, therapist, site)
                        found = judged.blocks(
                            self.findings((site, prescriber, therapist)),
                            oracles.PASS, oracles.FAIL, oracles.UNKNOWN, oracles.MOOT,
                        )  # fmt: skip
                        yield {
                            "site": site,
                            "prescriber": prescriber,
                            "therapist": therapist,
                            "verdict": oracles.both(*(f.status for f in found)),
                            "points": oracles.points(judged.roster, prescriber, therapist, weekly),
                            "weekly_sessions": weekly,
                        }


def placed(written: Written, draw: st.DrawFn) -> Written:
    """The same, most people with hours at one site alone, and the sites somewhere, often near one another.

    Much is drawn such that a prescriber who might come meets somebody: presence of every level, no telehealth.
    """
    for row in written.tables["sites"]:
        row["latitude"], row["longitude"] = draw(st.sampled_from(PLACES))
    sites = [row["site"] for row in written.tables["sites"]]
    for person in written.tables["practitioners"]:
        own = draw(st.sampled_from([*sites, ""]))
        written.tables["hours"] = [
            row
            for row in written.tables["hours"]
            if oracles.clean(row["practitioner"]) != oracles.clean(person["practitioner"]) or own in ("", row["site"])
        ]
    for row in written.tables["coverage"]:
        row["presence"] = draw(st.sampled_from([row["presence"], "none", "available", "available"]))
        row["same_site"] = draw(st.sampled_from([row.get("same_site", ""), "no"]))
    written.practice["federal"] = {"telehealth": draw(st.sampled_from(["yes", "no", "no", "unknown"]))}
    for own_law in written.practice["jurisdictions"].values():
        own_law["presence"] = draw(st.sampled_from([own_law.get("presence", "none"), "none", "available"]))
    # The rule that the supposition needs, as it is by default.
    written.practice.get("rules", {}).pop("team.window", None)
    return written


@st.composite
def spread_out(draw: st.DrawFn) -> tuple[Written, float]:
    """A roster of sites that lie somewhere, and a distance."""
    some = draw(st.sampled_from([rosters(people=(2, 5), places=(2, 4)), capable(people=(3, 6))]))
    return placed(draw(some), draw), draw(st.sampled_from([1.0, 40.0, 70.0, 1000.0]))


def within(written: Written, km: float) -> Network:
    """The network of a roster, with candidates by distance."""
    return Network(judged_links(written.roster(), written.on, packs=NO_PACKS, within=km))


@given(spread_out())
def test_a_link_is_what_it_would_be_with_the_blank_row_written_and_no_rule_elsewhere_hears_of_it(
    drawn: tuple[Written, float],
) -> None:
    written, km = drawn
    network, expected = within(written, km), Supposing(written, km)
    assert network.as_dict()["links"] == list(expected.links())
    for row, link in enumerate(network):
        found = sorted((f.rule, f.status) for f in explained(network.links, row).findings)
        wanted = expected.findings((link.site, link.prescriber, link.therapist))
        assert found == sorted((f.rule, f.status) for f in wanted)


@given(spread_out())
def test_nothing_that_was_judged_is_judged_worse_and_what_is_new_never_passes(drawn: tuple[Written, float]) -> None:
    written, km = drawn
    plain = written.network()
    network = within(written, km)
    before = {(k.site, k.prescriber, k.therapist): k for k in plain}
    after = {(k.site, k.prescriber, k.therapist): k for k in network}
    assert before.keys() <= after.keys()
    for key, link in after.items():
        if key not in before:
            assert link.verdict != "pass"
        elif link != before[key]:  # one who may be away, and might come: what failed is unknown
            assert (before[key].verdict, link.verdict) == ("fail", "unknown")
    assert capacities(network.links.facts).tolist() == capacities(plain.links.facts).tolist()
    assert network.match().objective == plain.match().objective


@given(spread_out())
def test_who_might_come_where_and_from_how_far(drawn: tuple[Written, float]) -> None:
    written, km = drawn
    facts = within(written, km).links.facts
    found = facts.supposed
    assert found is not None
    said = {
        (facts.people[p], facts.sites[s]): (float(d), facts.sites[n])
        for p, s, d, n in zip(found.person, found.site, found.distance, found.nearest, strict=True)
    }
    assert said == might_come(written.judged(), km)
    keys = list(zip(found.site.tolist(), found.person.tolist(), strict=True))
    assert keys == sorted(set(keys))


@given(spread_out(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(drawn: tuple[Written, float], random: Any) -> None:
    written, km = drawn
    other = written.copy()
    for rows in other.tables.values():
        random.shuffle(rows)
    one, two = within(written, km), within(other, km)
    assert one.as_dict() == two.as_dict()
    assert one.match(unknown="allow").as_dict() == two.match(unknown="allow").as_dict()


@given(spread_out())
def test_a_saved_plan_is_verified_with_the_same_distance_and_no_other(drawn: tuple[Written, float]) -> None:
    written, km = drawn
    network = within(written, km)
    plan = network.match(unknown="allow")
    assert network.verify(plan).ok
    assume(km < FARTHEST_KM)
    rules = {v.rule for other in (written.network(), within(written, km / 2)) for v in other.verify(plan).violations}
    assert "within" in rules


# --- By hand ------------------------------------------------------------------------------------------------

NEAR = add(
    "sites", site="near", jurisdiction="NY", setting="clinic", supply="patient", latitude="42.25", longitude="-73.0"
)


def at_the_other_site(*changes: Any) -> Written:
    """Pia works at the clinic alone, Tom at a site 66 km from it alone."""
    written = changed(
        NEAR, without("hours", "tom"), add("hours", practitioner="tom", site="near", when="Mon 09:00-12:00")
    )
    for row in written.rows("sites", site="clinic"):
        row.update(latitude="42.25", longitude="-73.8")
    for make in changes:
        make(written)
    return written


def test_who_can_be_reached_might_still_come_at_an_hour_that_nobody_wrote_down() -> None:
    written = at_the_other_site(
        law("presence", "available", ""),
        change("coverage", "pia", presence="available", same_site="", in_clinic_only=""),
        without("hours", "tom"), add("hours", practitioner="tom", site="near", when="Tue 09:00-12:00"),
    )  # fmt: skip
    assert [link.verdict for link in written.network()] == ["fail"]
    assert [link.verdict for link in within(written, 70)] == ["unknown"]


def test_what_is_said_names_the_supposition_and_how_far_it_is() -> None:
    written = at_the_other_site()
    assert list(within(written, 65.7)) == []
    (link,) = within(written, 65.9).explain("pia", "tom", "near")
    assert link.link.verdict == "unknown"
    (window,) = [f for f in link.findings if f.rule == "team.window"]
    assert window.message == (
        "Nobody wrote down whether pia would come to near, 66 km from clinic; a 3-hour session for pia and tom would "
        "have to fit there then"
    )
    assert window.remedy is not None
    assert window.remedy.change == "ask pia whether they would come to near, and write down when the two are there"
    (far_away,) = within(written, 60).explain("pia", "tom", "near")
    assert [f.message for f in far_away.findings if f.rule == "team.window"] == [
        "No 3-hour session at near fits the hours of pia and tom"
    ]


def test_the_answer_says_what_it_supposes_and_uses_it_only_where_unknown_links_are_allowed() -> None:
    written = at_the_other_site(law("presence", "dosing", profession=""))
    network = within(written, 70)
    plan = network.match()
    assert plan.objective.teamed == 0
    starts = ("legal.presence", "malpractice.presence", "malpractice.same_site", "team.window")
    left = {u.practitioner: (u.reason, u.rules) for u in plan.unmatched}
    assert left["pia"] == left["tom"] == ("no_partner", starts)
    (team,) = network.match(unknown="allow").teams
    assert (team.site, team.prescriber) == ("near", "pia")
    assert team.therapists[0].to_verify == starts
    assert team.therapists[0].weekly_sessions == 0
    (first, *_) = plan.if_confirmed
    assert (first.practitioner, first.rule, first.adds) == ("pia", "team.window", 1)
    assert "prescribers might come to sites within 70 km of theirs" in " ".join(str(plan).split())
    assert plan.as_dict()["within"] == {"km": 70.0, "centroids": None, "sites_without_place": 0}
    assert "within" not in written.network().match().as_dict()


def test_who_is_at_home_in_no_state_is_not_left_out_for_it_where_they_might_come_to_another() -> None:
    """Pia works in Colorado alone, where she has no licence, and might come to New York, where she has one."""
    written = at_the_other_site(change("hours", "pia", site="denver"))
    for row in written.rows("sites", site="denver"):
        row.update(latitude="42.25", longitude="-73.8")
    plain = {u.practitioner: u.reason for u in written.network().match().unmatched}
    supposing = {u.practitioner: u.reason for u in within(written, 70).match().unmatched}
    assert (plain["pia"], supposing["pia"]) == ("no_license", "no_partner")


@pytest.mark.parametrize(
    ("federal", "alone", "supposed"),
    [("yes", "pass", "pass"), ("no", "fail", "unknown"), ("unknown", "unknown", "unknown")],
)
def test_that_patients_would_be_seen_in_person_is_supposed_and_no_fact(federal: str, alone: str, supposed: str) -> None:
    """Pia, who may be away, works in Colorado; whether she would come to New York nobody wrote down."""
    written = at_the_other_site(
        change("hours", "pia", site="denver"), practice("federal/telehealth", federal), law("presence", None, ""),
        change("coverage", "pia", presence="none", same_site="no"),
    )  # fmt: skip
    for row in written.rows("sites", site="denver"):
        row.update(latitude="42.25", longitude="-73.8")

    def evaluation(network: Network) -> tuple[str, str]:
        (one,) = network.explain("pia", "tom", "near")
        return next((f.status, f.message) for f in one.findings if f.rule == "legal.evaluation")

    assert evaluation(written.network())[0] == alone
    status, message = evaluation(within(written, 70))
    assert status == supposed
    if status == "unknown":
        assert message == (
            "Pia sees nobody in person in New York, and nobody wrote down whether pia would come to near, "
            "66 km from denver"
        )


def test_who_may_do_both_might_come_to_prescribe_and_not_to_sit() -> None:
    written = at_the_other_site(change("practitioners", "pia", roles="prescriber; therapist"))
    network = within(written, 70)
    assert {(k.prescriber, k.therapist, k.site) for k in network} == {
        ("pia", "tom", "near"), ("pia", "pia", "clinic")
    }  # fmt: skip
    (alone,) = network.explain("pia", "pia", "near")
    assert [f.status for f in alone.findings if f.rule == "team.window"] == ["fail"]


def test_a_telehealth_site_is_no_place_to_come_to_or_from() -> None:
    for site in ("near", "clinic"):
        written = at_the_other_site(change("sites", site, setting="telehealth"))
        assert ("pia", "tom") not in {(k.prescriber, k.therapist) for k in within(written, 70)}


def test_a_practice_that_lets_the_window_block_nothing_has_no_candidates_by_distance() -> None:
    written = at_the_other_site(practice("rules", {"team.window": "warn"}))
    with pytest.raises(UsageError, match=r"unknown by team\.window, which this practice lets block nothing"):
        within(written, 70)


@pytest.mark.parametrize("km", [0, -1, 1000.1, math.nan, math.inf, True, "50km", None.__class__])
def test_a_distance_is_a_number_of_kilometres(km: Any) -> None:
    with pytest.raises(UsageError, match="within is a number of kilometres above 0 and at most 1,000; not "):
        within(at_the_other_site(), km)


def test_centroids_are_for_candidates_by_distance() -> None:
    with pytest.raises(UsageError, match="give within as well"):
        judged_links(
            at_the_other_site().roster(), at_the_other_site().on, centroids=Centroids({"80302": (40.0, -105.3)})
        )


def test_what_is_asked_further_is_asked_of_the_same_supposition() -> None:
    """Whoever is taken away, whatever is renewed or shuffled: it is as with the row really written."""
    written = at_the_other_site()
    other = written.copy()
    other.add("hours", practitioner="pia", site="near", when="")
    one, two = within(written, 70), other.network()
    asked: tuple[Callable[[Network], Any], ...] = (
        lambda n: n.match(unknown="allow"),
        lambda n: n.resilience(unknown="allow"),
        lambda n: n.form(unknown="allow"),
        lambda n: n.repair(unknown="allow"),
        lambda n: n.repair(),
        lambda n: n.recruit(),
        lambda n: n.mentors(),
        lambda n: n.measures(unknown="allow", draws=2),
    )
    for ask in asked:
        document = ask(one).as_dict()
        document.pop("within", None)
        assert document == ask(two).as_dict()
    (best, *_) = one.complement("tom").as_dict()["complement"]
    assert (best["practitioner"], best["site"], best["status"], best["distance_km"]) == ("pia", "near", "unknown", 65.8)
    assert one.match().provenance().options["within"] == {"km": 70.0, "centroids": None, "sites_without_place": 0}
    assert "within" not in two.match().provenance().options
    with pytest.raises(UsageError, match="whom to hire"):
        one.recruit(unknown="allow")
