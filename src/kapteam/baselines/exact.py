"""The least communication cost of all teams for some skills, and a team that has it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from kapteam.baselines.assignment import Assignment
from kapteam.baselines.best_leader import best_leader
from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts
from kapteam.baselines.group_steiner import MOST, shortest_tree
from kapteam.baselines.nearest_to_seed import nearest_to_seed
from kapteam.baselines.rarest_first import rarest_first
from kapteam.matching.branches import EFFORT, Effort
from kapteam.matching.communication import COSTS
from kapteam.records.problems import UsageError


@frozen
class Exact:
    """The answer of :func:`exact`.

    Attributes
    ----------
    team : ExpertTeam
        The best team found.
    measure : str
    cost : float
        What it costs.
    bound : float
        Which no team costs less than.
    proven : bool
        Whether no team costs less than this one.
    """

    team: ExpertTeam
    measure: str
    cost: float
    bound: float
    proven: bool


def exact(experts: Experts, skills: Iterable[str], measure: str, *, effort: int = EFFORT) -> Exact:
    """A team of the least communication cost.

    Parameters
    ----------
    experts : Experts
    skills : iterable of str
        What the team is to cover; at most 8 for ``mst``.
    measure : {"sum", "diameter", "leader", "mst"}
        As :meth:`ExpertTeam.units` tells them.
    effort : int
        How many branches to look at, for ``sum`` and ``diameter``: a limit that is the same on every machine.

    Returns
    -------
    Exact
        Proven but where the effort was spent. Of teams that cost as little it is the same one each time.

    Raises
    ------
    UsageError
        No skill is asked for, nobody holds one of them, or an option has no such value.

    Notes
    -----
    ``leader`` is solved by :func:`best_leader`, ``mst`` by :func:`~kapteam.baselines.group_steiner.shortest_tree`,
    the others by :class:`~kapteam.baselines.assignment.Assignment`, which is exponential in the number of skills.
    :func:`kapteam.matching.form.form` has the same costs over the same distances, for a need of KAP: of teams that
    rules allow, at one site, the smallest first.

    Examples
    --------
    >>> import networkx as nx
    >>> experts = Experts.of(nx.path_graph("abcd"), {"a": ["x"], "c": ["y"], "d": ["x", "z"]})
    >>> found = exact(experts, ["x", "y", "z"], "sum")
    >>> found.team.people, found.cost, found.proven
    (('c', 'd'), 2, True)
    """
    if measure not in COSTS:
        raise UsageError(f"cost is one of {', '.join(COSTS)}; not {measure!r}")
    if not isinstance(effort, int) or effort < 1:
        raise UsageError(f"effort is a whole number, at least 1; not {effort!r}")
    asked = experts.asked(skills)
    if measure == "leader":
        return _proven(best_leader(experts, asked), measure)
    if measure == "mst":
        if len(asked) > MOST:
            raise UsageError(f"the shortest tree is found for {MOST} skills at most, not for {len(asked)}")
        return _proven(shortest_tree(experts, asked), measure)
    first = rarest_first(experts, asked) if measure == "diameter" else nearest_to_seed(experts, asked)
    search = Assignment(experts, asked, "diameter" if measure == "diameter" else "sum", Effort(effort), first)
    search.run()
    bound, proven = experts.distances.as_number(search.bound), search.bound == search.best.units(measure)
    return Exact(search.best, measure, search.best.cost(measure), bound, proven)


def _proven(team: ExpertTeam, measure: str) -> Exact:
    return Exact(team, measure, team.cost(measure), team.cost(measure), True)
