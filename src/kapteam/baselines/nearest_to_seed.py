"""The team around a seed whose nearest holders are nearest: a small sum of distances (Kargar and An 2011)."""

from __future__ import annotations

from collections.abc import Iterable

from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts


def nearest_to_seed(experts: Experts, skills: Iterable[str]) -> ExpertTeam:
    """A team whose sum of distances is at most twice the least.

    Parameters
    ----------
    experts : Experts
    skills : iterable of str
        What the team is to cover.

    Returns
    -------
    ExpertTeam
        Whoever holds one of the skills is a seed, with the nearest holder of each other skill: the team of the seed
        with the least sum of distances to them. The first by skill and name, where several are as good.

    Raises
    ------
    UsageError
        No skill is asked for, or nobody holds one of them.

    Notes
    -----
    In the best team of k skills some seat has at most 2 / k of the sum of all pairs to the others; a seed's team has
    at most that, and the pairs of the others are k - 2 times as far at most, by the triangle inequality. One search of
    shortest ways from each seed: O(h (m + n log n)) for h people who hold a skill that is asked for.

    References
    ----------
    M. Kargar and A. An (2011), "Discovering top-k teams of experts with/without a leader in social networks", CIKM,
    985-994: the best team by the sum of distances.

    Examples
    --------
    >>> import networkx as nx
    >>> experts = Experts.of(nx.path_graph("abcd"), {"a": ["x"], "b": ["z"], "c": ["y"], "d": ["x", "z"]})
    >>> team = nearest_to_seed(experts, ["x", "y", "z"])
    >>> team.holders, team.cost("sum")
    ({'x': 'd', 'y': 'c', 'z': 'd'}, 2)
    """
    asked = experts.asked(skills)

    def around(seed: int, own: str) -> int:
        return sum(experts.nearest(seed, skill)[0] for skill in asked if skill != own)

    seeds = ((skill, person) for skill in asked for person in experts.holders(skill))
    own, seed = min(seeds, key=lambda of: (around(of[1], of[0]), of))
    return ExpertTeam(experts, {skill: seed if skill == own else experts.nearest(seed, skill)[1] for skill in asked})
