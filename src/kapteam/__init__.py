"""kapteam: teams for ketamine-assisted psychotherapy, judged by cited rules and proven best.

>>> from datetime import date
>>> import kapteam
>>> roster = kapteam.example()  # or kapteam.read("practice.xlsx")
>>> result = kapteam.links(roster, on=date(2026, 12, 7)).match()
>>> result.objective
Objective(teamed=1, points=876)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kapteam.api.network import Network, Result, links
    from kapteam.api.sweep import sweep
    from kapteam.api.timetable import Timetable, schedule, verify
    from kapteam.graphs.files import read_graph, write_graph
    from kapteam.io.example import example
    from kapteam.io.frames import roster_from_frames
    from kapteam.io.graph import from_networkx, to_networkx
    from kapteam.io.read import read, write
    from kapteam.records.hours import WeeklyHours
    from kapteam.records.people import (
        Absence,
        Agreement,
        Coverage,
        Hours,
        License,
        Practitioner,
        Registration,
        Tie,
        Training,
    )
    from kapteam.records.places import Demand, Site
    from kapteam.records.practice import Practice
    from kapteam.records.problems import KapteamError, Problem, RosterError, UsageError
    from kapteam.records.roster import Roster
    from kapteam.rules.rule import Remedy, rule
    from kapteam.sweeps.scenarios import Scenario
    from kapteam.tables.frames import to_arrow, to_pandas, to_polars

# Each public name, and where it is: it is loaded when it is first used, so that importing kapteam costs little.
_HOME = {
    "kapteam.api.network": ("Network", "Result", "links"),
    "kapteam.api.sweep": ("sweep",),
    "kapteam.api.timetable": ("Timetable", "schedule", "verify"),
    "kapteam.graphs.files": ("read_graph", "write_graph"),
    "kapteam.io.example": ("example",),
    "kapteam.io.frames": ("roster_from_frames",),
    "kapteam.io.graph": ("from_networkx", "to_networkx"),
    "kapteam.io.read": ("read", "write"),
    "kapteam.records.hours": ("WeeklyHours",),
    "kapteam.records.people": (
        "Absence", "Agreement", "Coverage", "Hours", "License", "Practitioner", "Registration", "Tie", "Training",
    ),
    "kapteam.records.places": ("Demand", "Site"),
    "kapteam.records.practice": ("Practice",),
    "kapteam.records.problems": ("KapteamError", "Problem", "RosterError", "UsageError"),
    "kapteam.records.roster": ("Roster",),
    "kapteam.rules.rule": ("Remedy", "rule"),
    "kapteam.sweeps.scenarios": ("Scenario",),
    "kapteam.tables.frames": ("to_arrow", "to_pandas", "to_polars"),
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__version__ = "0.1.0"
__all__ = [
    "Absence",
    "Agreement",
    "Coverage",
    "Demand",
    "Hours",
    "KapteamError",
    "License",
    "Network",
    "Practice",
    "Practitioner",
    "Problem",
    "Registration",
    "Remedy",
    "Result",
    "Roster",
    "RosterError",
    "Scenario",
    "Site",
    "Tie",
    "Timetable",
    "Training",
    "UsageError",
    "WeeklyHours",
    "example",
    "from_networkx",
    "links",
    "read",
    "read_graph",
    "roster_from_frames",
    "rule",
    "schedule",
    "sweep",
    "to_arrow",
    "to_networkx",
    "to_pandas",
    "to_polars",
    "verify",
    "write",
    "write_graph",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'kapteam' has no attribute {name!r}")
    value = getattr(import_module(_MODULE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
