"""The links of a report: which of them are listed, which with every finding, and which with what is in the way only."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.advice.explain import Explained, explained
from kapteam.columns.logic import FAIL, PASS, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.match import Plan
from kapteam.rules.rule import Finding
from kapteam.rules.rulebook import START_RULES
from kapteam.show.plan import question

#: How many links are told with every finding: those of teams first, then unknown ones, then others that pass.
IN_FULL = 240
#: How many links beside those of teams are listed.
LISTED = 300


@frozen(eq=False)
class Told:
    """A link and those of its findings that are told.

    Attributes
    ----------
    row : int
        Which of the links it is.
    explained : Explained
    findings : tuple of Finding
        What does not pass first.
    left_out : int
        How many findings, of what holds, are not told.
    questions : tuple of str
        What nobody wrote down, where that is in the way.
    """

    row: int
    explained: Explained
    findings: tuple[Finding, ...]
    left_out: int
    questions: tuple[str, ...]

    @property
    def why(self) -> str:
        """What is in the way first, and how much else is; empty where nothing is."""
        way = self.explained.in_the_way
        return "" if not way else way[0].message + (f" (and {len(way) - 1} more)" if len(way) > 1 else "")


@frozen(eq=False)
class Listed:
    """The links that a report lists.

    Attributes
    ----------
    teams : tuple of Told
        Those that the plan uses, in their order.
    others : tuple of Told
        Unknown, then usable, then failing.
    more : int
        How many others there are.
    """

    teams: tuple[Told, ...]
    others: tuple[Told, ...]
    more: int

    @property
    def by_row(self) -> dict[int, Told]:
        """Each by its row among the links."""
        return {told.row: told for told in (*self.teams, *self.others)}


def listed(plan: Plan) -> Listed:
    """The links of a plan and the others, each with as many of its findings as keep a report small."""
    links, used = plan.links, plan.rows
    left = np.ones(len(links), bool)
    left[used] = False
    by_verdict = [np.flatnonzero(left & (links.verdicts == verdict)) for verdict in (UNKNOWN, PASS, FAIL)]
    others: Index = np.concatenate(by_verdict)[:LISTED]
    room = max(0, IN_FULL - len(used))
    return Listed(
        tuple(_told(plan, int(row), in_full=at < IN_FULL) for at, row in enumerate(used)),
        tuple(_told(plan, int(row), in_full=at < room and links.verdicts[row] > FAIL) for at, row in enumerate(others)),
        int(left.sum()) - len(others),
    )


def _told(plan: Plan, row: int, *, in_full: bool) -> Told:
    link = explained(plan.links, row)
    short = link.short_of
    rest = [f for f in link.findings if f not in short]
    asked = dict.fromkeys(_question(f.rule) for f in link.in_the_way if f.status == "unknown")
    return Told(row, link, (*short, *rest) if in_full else short, 0 if in_full else len(rest), tuple(asked))


def _question(rule: str) -> str:
    return question("team.window" if rule in START_RULES else rule)
