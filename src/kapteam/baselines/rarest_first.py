"""RarestFirst: a team of small diameter around one who holds the rarest skill (Lappas, Liu and Terzi 2009)."""

from __future__ import annotations

from collections.abc import Iterable

from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts


def rarest_first(experts: Experts, skills: Iterable[str]) -> ExpertTeam:
    """A team whose diameter is at most twice the least.

    Parameters
    ----------
    experts : Experts
    skills : iterable of str
        What the team is to cover.

    Returns
    -------
    ExpertTeam
        Around the one who holds the rarest skill, and to whom the farthest of the nearest holders of the other skills
        is nearest. The first by their names, where several are as good.

    Raises
    ------
    UsageError
        No skill is asked for, or nobody holds one of them.

    Notes
    -----
    The guarantee is by the triangle inequality: everyone is as near to the one in the middle as somebody in the best
    team is. One search of shortest ways (Dijkstra 1959) from each who holds the rarest skill, so O(r (m + n log n))
    for r of them, n people and m ties. The paper's algorithm; it adds the people on the ways as well, who change no
    distance.

    References
    ----------
    T. Lappas, K. Liu and E. Terzi (2009), "Finding a team of experts in social networks", KDD, 467-476, algorithm 1.

    Examples
    --------
    >>> import networkx as nx
    >>> experts = Experts.of(nx.path_graph("abcd"), {"a": ["x"], "c": ["y"], "d": ["x", "z"]})
    >>> team = rarest_first(experts, ["x", "y"])
    >>> team.people, team.cost("diameter")
    (('c', 'd'), 1)
    """
    rarest, *others = experts.asked(skills)

    def farthest(person: int) -> int:
        return max((experts.nearest(person, skill)[0] for skill in others), default=0)

    middle = min(experts.holders(rarest), key=lambda person: (farthest(person), person))
    return ExpertTeam(experts, {rarest: middle, **{skill: experts.nearest(middle, skill)[1] for skill in others}})
