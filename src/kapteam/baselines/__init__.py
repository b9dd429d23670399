"""Published ways to find a team of experts in a social network, beside what is exactly best.

The functions of others' papers, to be measured against: no answer of kapteam's own rests on them.
"""

from kapteam.baselines.best_leader import best_leader
from kapteam.baselines.enhanced_steiner import enhanced_steiner
from kapteam.baselines.exact import Exact, exact
from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts
from kapteam.baselines.made import made_graph
from kapteam.baselines.nearest_to_seed import nearest_to_seed
from kapteam.baselines.rarest_first import rarest_first

__all__ = [
    "Exact",
    "ExpertTeam",
    "Experts",
    "best_leader",
    "enhanced_steiner",
    "exact",
    "made_graph",
    "nearest_to_seed",
    "rarest_first",
]
