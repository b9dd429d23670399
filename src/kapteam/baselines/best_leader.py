"""The leader to whom the nearest holders are nearest: the least leader distance (Kargar and An 2011)."""

from __future__ import annotations

from collections.abc import Iterable

from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts


def best_leader(experts: Experts, skills: Iterable[str]) -> ExpertTeam:
    """The team of the least leader distance: this one is exact.

    Parameters
    ----------
    experts : Experts
    skills : iterable of str
        What the team is to cover.

    Returns
    -------
    ExpertTeam
        Led by anyone in the graph, with the holder of each skill who is nearest to them; the first by their names,
        where several are as good.

    Raises
    ------
    UsageError
        No skill is asked for, or nobody holds one of them.

    Notes
    -----
    Once the leader is known each skill has a part of the cost of its own, so the nearest holders are best. One search
    of shortest ways from everyone: O(n (m + n log n)).

    References
    ----------
    M. Kargar and A. An (2011), "Discovering top-k teams of experts with/without a leader in social networks", CIKM,
    985-994: the best team with a leader.

    Examples
    --------
    >>> import networkx as nx
    >>> experts = Experts.of(nx.star_graph(3), {1: ["x"], 2: ["y"], 3: ["z"]})
    >>> team = best_leader(experts, ["x", "y", "z"])
    >>> team.people, team.leader, team.cost("leader")
    ((0, 1, 2, 3), 0, 3)
    """
    asked = experts.asked(skills)

    def around(person: int) -> int:
        return sum(experts.nearest(person, skill)[0] for skill in asked)

    leader = min(range(len(experts)), key=lambda person: (around(person), person))
    return ExpertTeam(experts, {skill: experts.nearest(leader, skill)[1] for skill in asked}, leader=leader)
