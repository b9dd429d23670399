"""The network in NetworkX's language: people as nodes, links as edges keyed by their site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kapteam.columns.facts import Facts
from kapteam.columns.logic import PASS, WORDS
from kapteam.network.links import Links
from kapteam.records.people import ROLES

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(links: Links) -> nx.MultiDiGraph[str]:
    """A directed multigraph: an edge from the prescriber to the therapist of each link, with the site as its key.

    Parameters
    ----------
    links : Links

    Returns
    -------
    networkx.MultiDiGraph
        Node attributes: ``name`` (str), ``specialty`` (str, empty where unknown), ``roles``, ``prescribing``
        (jurisdictions where every legal rule on the prescriber passes), ``professions``, ``modalities``,
        ``languages``, ``sites`` (lists of str), ``hours_on_site`` (hours a week, float). Edge attributes:
        ``site``, ``verdict`` (str), ``points``, ``weekly_sessions`` (int). The graph's own: ``on``, an ISO date.

    Notes
    -----
    A solo team is an edge of a person to themself. Linear in people and links.

    Examples
    --------
    >>> import kapteam, datetime
    >>> graph = kapteam.links(kapteam.example(), on=datetime.date(2026, 12, 7)).to_networkx()
    >>> graph.edges["ines", "ana", "hudson"]["verdict"]
    'pass'
    """
    import networkx as nx  # slow to load, and only graphs need it

    facts, pairs = links.facts, links.pairs
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(on=facts.day.isoformat())
    prescribing = _prescribing(links)
    professions: dict[str, set[str]] = {id: set() for id in facts.people}
    for row in facts.roster.licenses:
        professions[row.practitioner].add(row.profession)
    rows_of: list[list[int]] = [[] for _ in facts.people]
    for posting, person in enumerate(facts.postings.person):
        rows_of[person].append(posting)
    for code, id in enumerate(facts.people):
        held, may = sorted(professions[id]), sorted(prescribing.get(code, ()))
        graph.add_node(id, **_attributes(facts, code, rows_of[code]), professions=held, prescribing=may)
    verdicts, points, sessions = links.verdicts, links.points, pairs.weekly_sessions
    for edge in range(len(links)):
        site = facts.sites[pairs.site[edge]]
        graph.add_edge(
            facts.people[pairs.prescriber_person[edge]],
            facts.people[pairs.therapist_person[edge]],
            key=site,
            site=site,
            verdict=WORDS[int(verdicts[edge])],
            points=int(points[edge]),
            weekly_sessions=int(sessions[edge]),
        )
    return graph


def _attributes(facts: Facts, code: int, postings: list[int]) -> dict[str, Any]:
    person, rows = facts.roster.people[facts.people[code]], np.array(postings, np.int64)
    slots = int(np.bitwise_count(facts.postings.week[rows]).sum())
    return {
        "name": person.label,
        "specialty": facts.specialty[code] or "",
        "roles": [role for role in ROLES if facts.candidate[role][code]],
        "modalities": list(person.modalities or ()),
        "languages": list(person.languages or ()),
        "sites": [facts.sites[s] for s in facts.postings.site[rows]],
        "hours_on_site": slots / 4,
    }


def _prescribing(links: Links) -> dict[int, set[str]]:
    """By person: the jurisdictions of the sites where every legal rule on the prescriber passes."""
    members = links.pairs.prescribers
    legal = [j.verdicts for j in links.judged.judgements if j.role == "prescriber" and j.rule.id.startswith("legal.")]
    may = np.ones(len(members), bool)
    for verdicts in legal:
        may &= verdicts >= PASS
    found: dict[int, set[str]] = {}
    for row in np.flatnonzero(may):
        place = links.facts.jurisdictions[members.jurisdiction[row]]
        found.setdefault(int(members.person[row]), set()).add(place)
    return found
