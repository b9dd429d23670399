"""A plan as tables: places in teams, who is left out, and what proves it."""

from __future__ import annotations

import numpy as np

from kapteam.matching.fair import Cover
from kapteam.matching.match import Plan
from kapteam.matching.reasons import REASONS, ROLES, left_out, rule_sets
from kapteam.tables.links import DISTANCE, ENDS, JURISDICTION, distances, jurisdictions
from kapteam.tables.table import Coded, Field, Table, of_rows

TEAMS = (
    *ENDS,
    Field("points", "whole number", "of the link of the two"),
    Field("weekly_sessions", "whole number", "of the link of the two"),
    Field("to_verify", "list of text", "the blocking rules that are unknown on the link"),
    JURISDICTION,
    DISTANCE,
    Field("held", "yes or no", "whether the link was to be kept"),
)
UNMATCHED = (
    Field("practitioner", "text", "who is in no team"),
    Field("role", "category", "in which of their roles", categories=ROLES),
    Field(
        "reason", "category", "why", categories=REASONS,
    ),
    Field(
        "rules", "list of text",
        "the rules behind it: with no partner, those that block and fail or are unknown on any of their links",
    ),
)  # fmt: skip
PRICES = (
    Field("practitioner", "text", "who has a usable link"),
    Field("role", "category", "in which of their roles", categories=ROLES),
    Field("price", "whole number", "what proves the plan: a link is worth no more than its two prices together"),
    Field("room", "whole number", "partners that they can have; -1 for no limit"),
)
PAIR_PRICES = (
    Field("prescriber", "text", "the id of the prescriber"),
    Field("therapist", "text", "the id of the therapist"),
    Field("price", "whole number", "what the pair adds to its two prices: a pair counts once, wherever they meet"),
)
COVER = (
    Field("practitioner", "text", "who has fewer places than the plan fills, together with all others here"),
    Field("role", "category", "in which of their roles", categories=ROLES),
)


def plan_tables(plan: Plan) -> dict[str, Table]:
    """``teams``, a row for each therapist's place; ``unmatched``, a row for each person and role; ``prices``.

    With several partners also ``pair_prices``, of those pairs that have one; of a fair plan ``cover``, which shows that
    not everyone can have more.
    """
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
            jurisdictions(plan.links, rows),
            distances(plan.links, rows),
            np.isin(rows, plan.held.rows),
        ),
    )
    tables = {"teams": teams, "unmatched": _unmatched(plan), "prices": _prices(plan)}
    if plan.max_partners > 1:
        tables["pair_prices"] = _pair_prices(plan)
    if plan.fairness is not None:
        tables["cover"] = _cover(plan.fairness.cover)
    return tables


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
    """Of everyone with a usable link."""
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


def _pair_prices(plan: Plan) -> Table:
    if plan.conflicts:
        return of_rows(PAIR_PRICES, [])
    problem, people = plan.problem, plan.links.facts.people
    priced = np.flatnonzero(plan.prices.pairs)
    return Table(
        PAIR_PRICES,
        (
            Coded(problem.prescribers[problem.prescriber[priced]], people),
            Coded(problem.therapists[problem.therapist[priced]], people),
            plan.prices.pairs[priced],
        ),
    )


def _cover(cover: Cover | None) -> Table:
    ids = ((), ()) if cover is None else (cover.prescribers, cover.therapists)
    return of_rows(COVER, [(id, role) for role, of_role in zip(ROLES, ids, strict=True) for id in of_role])
