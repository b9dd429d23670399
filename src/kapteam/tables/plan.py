"""A plan as tables: places in teams, who is left out, and the prices that prove it."""

from __future__ import annotations

import numpy as np

from kapteam.matching.match import Plan
from kapteam.matching.reasons import REASONS, ROLES, left_out, rule_sets
from kapteam.tables.links import ENDS
from kapteam.tables.table import Coded, Field, Table, of_rows

TEAMS = (
    *ENDS,
    Field("points", "whole number", "of the link of the two"),
    Field("weekly_sessions", "whole number", "of the link of the two"),
    Field("to_verify", "list of text", "the blocking rules that are unknown on the link"),
)
UNMATCHED = (
    Field("practitioner", "text", "who is in no team"),
    Field("role", "category", "in which of their roles", categories=ROLES),
    Field(
        "reason", "category", "why", categories=REASONS,
    ),
    Field("rules", "list of text", "the rules behind it"),
)  # fmt: skip

PRICES = (
    Field("practitioner", "text", "who has a usable link"),
    Field("role", "category", "in which of their roles", categories=ROLES),
    Field("price", "whole number", "what proves the plan: a link is worth no more than its two prices together"),
    Field("room", "whole number", "partners that they can have; -1 for no limit"),
)


def plan_tables(plan: Plan) -> dict[str, Table]:
    """``teams``, a row for each therapist's place; ``unmatched``, a row for each person and role; ``prices``."""
    facts, pairs, rows = plan.links.facts, plan.links.pairs, plan.rows
    teams = Table(
        TEAMS,
        (
            Coded(pairs.site[rows], facts.sites),
            Coded(pairs.prescriber_person[rows], facts.people),
            Coded(pairs.therapist_person[rows], facts.people),
            plan.links.points[rows],
            pairs.weekly_sessions[rows].astype(np.int64),
            _lists([plan.to_verify.get(row, ()) for row in rows.tolist()]),
        ),
    )
    return {"teams": teams, "unmatched": _unmatched(plan), "prices": _prices(plan)}


def _lists(rows: list[tuple[str, ...]]) -> Coded:
    """Lists of which most are the same."""
    place: dict[tuple[str, ...], int] = {}
    codes = [place.setdefault(row, len(place)) for row in rows]
    return Coded(np.array(codes, np.int64), [list(row) for row in place])


def _unmatched(plan: Plan) -> Table:
    if plan.conflicts:
        return of_rows(UNMATCHED, [])
    found = left_out(plan.links, plan.usable, plan.rows)
    sets, behind = rule_sets(found)
    return Table(
        UNMATCHED,
        (
            Coded(found.person, plan.links.facts.people),
            Coded(found.role, ROLES),
            Coded(found.reason, REASONS),
            Coded(behind, [list(rules) for rules in sets]),
        ),
    )


def _prices(plan: Plan) -> Table:
    """Of everyone with a usable link; those of a pair stand in the document alone."""
    if plan.conflicts:
        return of_rows(PRICES, [])
    problem, prices = plan.problem, plan.prices
    return Table(
        PRICES,
        (
            Coded(np.concatenate([problem.prescribers, problem.therapists]), plan.links.facts.people),
            Coded(np.repeat([0, 1], [len(problem.prescribers), len(problem.therapists)]), ROLES),
            np.concatenate([prices.prescribers, prices.therapists]),
            np.concatenate([np.where(problem.unlimited, -1, problem.capacity), problem.units]),
        ),
    )
