"""All teams for a need, tried out one by one: slow and plain, from the verdicts of the oracle and the meaning alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import networkx as nx

import oracles
from oracles import FAIL, PASS, UNKNOWN, Judged, Roster
from strategies import Written

MONITORING = (
    "physician", "nurse_practitioner", "clinical_nurse_specialist", "nurse_anesthetist", "physician_assistant",
    "registered_nurse",
)  # fmt: skip


def candidate_to_watch(r: Roster, person: str) -> bool:
    """The roles cell names it, or it is blank and some licence is of a monitoring profession."""
    willing = oracles.items(r.cell(person, "roles"))
    if willing:
        return "monitor" in willing
    return any(row["profession"] in MONITORING for row in r.every_license if row["practitioner"] == person)


def may_watch(r: Roster, person: str, site: str) -> dict[str, str]:
    """What decides whether somebody may watch at a site."""
    licensed = any(
        row["profession"] in MONITORING and (row.get("status", "") or "active") in ("active", "privilege")
        for row in r.rows("licenses", practitioner=person, jurisdiction=r.place(site))
    )
    policies = oracles.malpractice_of_member(r, person, "monitor")
    return {
        "legal.license": PASS if licensed else FAIL,
        **{rule: status for rule, status in policies.items() if r.severity[rule] == "block"},
    }


def starts(
    r: Roster, site: str, prescriber: str, therapists: Sequence[str], monitors: Sequence[str], blank: bool
) -> set[int]:
    """The starts of a typical week that fit them all, with blank hours as no hours or as all hours."""
    everyone = (prescriber, *therapists, *monitors)
    found = set(range(oracles.WEEK))
    for t in therapists:
        found &= oracles.fitting_starts(r, prescriber, t, site, everyone if blank else ())
    for m in monitors:
        found &= oracles.fits(r.week(m, site, blank), None, r.session, 0)
    return found


def lengths(written: Written) -> nx.Graph:
    """The network of ties, an edge 1 / weight long."""
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(row["practitioner"] for row in written.tables["practitioners"])
    for row in written.tables.get("ties", []):
        weight = Fraction(row.get("weight") or "1")
        if row["kind"] in ("worked_with", "prefers") and weight > 0:
            length, known = 1 / weight, graph.get_edge_data(row["a"], row["b"])
            if known is None or length < known["length"]:
                graph.add_edge(row["a"], row["b"], length=length)
    return graph


def cost_of(graph: nx.Graph, measure: str, prescriber: str, others: Sequence[str]) -> Fraction:
    """The communication cost of a team."""
    people = [prescriber, *dict.fromkeys(p for p in others if p != prescriber)]
    longest = max((length for _, _, length in graph.edges(data="length")), default=Fraction(0))
    apart = len(graph) * max(Fraction(1), longest)
    ways = nx.Graph()
    ways.add_nodes_from(people)
    for a, b in combinations(people, 2):
        joined = nx.has_path(graph, a, b)
        way = nx.shortest_path_length(graph, a, b, weight="length") if joined else apart
        ways.add_edge(a, b, way=Fraction(way))
    every = [way for _, _, way in ways.edges(data="way")]
    if measure == "sum":
        return sum(every, Fraction(0))
    if measure == "diameter":
        return max(every, default=Fraction(0))
    if measure == "leader":
        return sum((ways[prescriber][b]["way"] for b in people[1:]), Fraction(0))
    tree = nx.minimum_spanning_tree(ways, weight="way")
    return sum((way for _, _, way in tree.edges(data="way")), Fraction(0))


def every_team(
    written: Written,
    judged: Judged,
    *,
    site: str | None = None,
    modalities: Sequence[str] = (),
    languages: Sequence[str] = (),
    therapists: int = 1,
    monitors: int = 0,
    among: Sequence[str] = (),
    without: Sequence[str] = (),
    covering: bool = False,
    cost: str | None = None,
    unknown: str = "exclude",
) -> list[dict[str, Any]]:
    """Every team that meets a need, the best first."""
    r = judged.roster
    allowed = (PASS, UNKNOWN) if unknown == "allow" else (PASS,)
    links = {
        (link["site"], link["prescriber"], link["therapist"]): link
        for link in judged.links if link["verdict"] in allowed
    }  # fmt: skip
    avoids = r.severity["team.ties"] == "block"
    salt, graph = r.draw, lengths(written)

    def meets(person: str, modality: str | None, language: str | None) -> bool:
        has = modality is None or modality in oracles.modalities_of(r, person)
        return has and (language is None or language in oracles.items(r.cell(person, "languages")))

    asks = [("modality", m) for m in modalities] + [("language", x) for x in languages]

    def brings(person: str) -> set[tuple[str, str]]:
        return {
            (what, name) for what, name in asks
            if meets(person, name if what == "modality" else None, name if what == "language" else None)
        }  # fmt: skip

    def enough(sit: Sequence[str]) -> bool:
        if not covering:
            return not asks or any(brings(t) == set(asks) for t in sit)
        if set().union(*(brings(t) for t in sit)) != set(asks):
            return False
        return all(
            t in among or brings(t) - set().union(*(brings(o) for o in sit if o != t)) for t in sit
        )  # fmt: skip

    found = []
    for place in sorted({s for s, _, _ in links}):
        if site not in (None, place):
            continue
        for prescriber in sorted({p for s, p, _ in links if s == place}):
            partners = sorted(t for s, p, t in links if (s, p) == (place, prescriber))
            watchers = [m for m in sorted(r.people) if m != prescriber and candidate_to_watch(r, m)]
            for sit in _sitting(partners, prescriber, None if covering else therapists, len(asks) + len(among)):
                if not enough(sit):
                    continue
                for watch in combinations([m for m in watchers if m not in sit], monitors):
                    people = list(dict.fromkeys((prescriber, *sit, *watch)))
                    if set(without) & set(people) or not set(among) <= set(people):
                        continue
                    if any(
                        s not in allowed for m in watch for s in may_watch(r, m, place).values() if s != oracles.MOOT
                    ):
                        continue
                    if avoids and any(oracles.joined(r, a, b, ("avoids",)) for a, b in combinations(people, 2)):
                        continue
                    common = starts(r, place, prescriber, sit, watch, False)
                    if not common and not (unknown == "allow" and starts(r, place, prescriber, sit, watch, True)):
                        continue
                    found.append(
                        {
                            "site": place,
                            "prescriber": prescriber,
                            "therapists": list(sit),
                            "monitors": list(watch),
                            "points": sum(links[place, prescriber, t]["points"] for t in sit),
                            "cost": None if cost is None else cost_of(graph, cost, prescriber, (*sit, *watch)),
                            "weekly_starts": len(common),
                            "first_start": min(common, default=None),
                            "size": len(people),
                            "draw": sum(oracles.draw_of(place, prescriber, x, salt) for x in (*sit, *watch)),
                        }
                    )
    return sorted(
        found,
        key=lambda t: (
            t["size"] if covering else 0, t["cost"] or 0, -t["points"], t["draw"], t["site"], t["prescriber"],
            t["therapists"], t["monitors"],
        ),
    )  # fmt: skip


def verified(judged: Judged, team: dict[str, Any]) -> set[tuple[str, str]]:
    """What of a team is unknown: whose it is, and of which rule; of a start, whose hours are blank."""
    r, site, prescriber = judged.roster, team["site"], team["prescriber"]
    found: set[tuple[str, str]] = set()
    for t in team["therapists"]:
        for one in judged.blocks(judged.all_findings(prescriber, t, site), UNKNOWN):
            if one.rule not in oracles.START_RULES:
                found.add((prescriber if one.subject == "prescriber" else t, one.rule))
    for m in team["monitors"]:
        found |= {(m, rule) for rule, status in may_watch(r, m, site).items() if status == UNKNOWN}
    if not team["weekly_starts"]:
        level = max(oracles.level(r, prescriber, t, site) for t in team["therapists"])
        places = list(r.sites) if level == oracles.AVAILABLE else [site]
        found |= {
            (p, "team.window")
            for p in (prescriber, *team["therapists"], *team["monitors"])
            for place in (places if p == prescriber else [site])
            if r.unwritten(p, place)
        }
    return found


def nearest_teams(
    judged: Judged,
    *,
    modalities: Sequence[str] = (),
    languages: Sequence[str] = (),
    therapists: int = 1,
    monitors: int = 0,
    unknown: str = "exclude",
) -> list[dict[str, Any]]:
    """Every team of listed links that lacks something, the one that lacks least first."""
    r, found = judged.roster, []
    avoids = r.severity["team.ties"] == "block"
    asks = set(modalities) | {f"speaks {x}" for x in languages}

    def brings(person: str) -> set[str]:
        speaks = {f"speaks {x}" for x in oracles.items(r.cell(person, "languages"))}
        return (oracles.modalities_of(r, person) | speaks) & asks

    for place in r.sites:
        here = [link for link in judged.links if link["site"] == place]
        watchers = [m for m in sorted(r.people) if candidate_to_watch(r, m) and r.has_hours(m, place)]
        for prescriber in sorted({link["prescriber"] for link in here}):
            points = {link["therapist"]: link["points"] for link in here if link["prescriber"] == prescriber}
            others = [t for t in points if t != prescriber]
            seated = [(prescriber,)] if therapists == 1 and prescriber in points else []
            seated += combinations(others, min(therapists, len(others))) if others else []
            able = [
                m for m in watchers
                if m != prescriber and not (avoids and oracles.joined(r, prescriber, m, ("avoids",)))
            ]  # fmt: skip
            for sit in seated:
                for watch in combinations(able, min(monitors, len(able))):
                    team = (*(t for t in sit if t != prescriber), *watch)
                    if set(watch) & set(sit):
                        continue
                    if avoids and any(oracles.joined(r, a, b, ("avoids",)) for a, b in combinations(team, 2)):
                        continue
                    vacant = monitors - len(watch) + (0 if sit == (prescriber,) else therapists - len(sit))
                    fails = 2 * vacant + (bool(asks) and not any(brings(t) == asks for t in sit))
                    unknowns = 0
                    lacked = {
                        (one.rule, one.subject, t if one.subject != "prescriber" else "", one.status)
                        for t in sit
                        for one in judged.blocks(judged.all_findings(prescriber, t, place), FAIL, UNKNOWN)
                        if one.rule not in oracles.START_RULES
                    } | {
                        (rule, "monitor", m, status) for m in watch for rule, status in may_watch(r, m, place).items()
                    }  # fmt: skip
                    fails += sum(status == FAIL for *_, status in lacked)
                    unknowns += sum(status == UNKNOWN for *_, status in lacked)
                    if not starts(r, place, prescriber, sit, watch, False):
                        would = bool(starts(r, place, prescriber, sit, watch, True))
                        fails, unknowns = fails + (not would), unknowns + would
                    if unknown == "allow":
                        unknowns = 0
                    if fails or unknowns:
                        people = (place, prescriber, list(sit), list(watch))
                        drawn = sum(oracles.draw_of(place, prescriber, x, r.draw) for x in (*sit, *watch))
                        order = (fails, unknowns, -sum(points[t] for t in sit), drawn)
                        found.append({"order": order, "people": people})
    return sorted(found, key=lambda x: (x["order"], x["people"]))


def _sitting(partners: Sequence[str], prescriber: str, therapists: int | None, most: int) -> Iterator[tuple[str, ...]]:
    """Who could sit: so many others, or the prescriber alone."""
    others = [t for t in partners if t != prescriber]
    if therapists in (1, None) and prescriber in partners:
        yield (prescriber,)
    for count in (therapists,) if therapists is not None else range(1, min(6, most) + 1):
        yield from combinations(others, count)


__all__ = ["cost_of", "every_team", "lengths", "nearest_teams", "verified"]
