"""A plan as two tables: places in teams, and who is left out."""

from __future__ import annotations

from kapteam.matching.match import Plan
from kapteam.tables.links import ENDS
from kapteam.tables.table import Field, Table, of_rows

TEAMS = (
    *ENDS,
    Field("points", "whole number", "of the link of the two"),
    Field("weekly_sessions", "whole number", "of the link of the two"),
    Field("to_verify", "list of text", "the blocking rules that are unknown on the link"),
)
UNMATCHED = (
    Field("practitioner", "text", "who is in no team"),
    Field("role", "category", "in which of their roles", categories=("prescriber", "therapist")),
    Field(
        "reason", "category", "why", categories=("no_license", "not_eligible", "no_partner", "no_capacity"),
    ),
    Field("rules", "list of text", "the rules behind it"),
)  # fmt: skip


def plan_tables(plan: Plan) -> dict[str, Table]:
    """``teams``, a row for each therapist's place, and ``unmatched``, a row for each person and role."""
    teams = [
        (team.site, team.prescriber, p.practitioner, p.points, p.weekly_sessions, list(p.to_verify))
        for team in plan.teams
        for p in team.therapists
    ]
    left_out = [(u.practitioner, u.role, u.reason, list(u.rules)) for u in plan.unmatched]
    return {"teams": of_rows(TEAMS, teams), "unmatched": of_rows(UNMATCHED, left_out)}
