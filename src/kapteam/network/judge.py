"""Every rule's verdict on every subject, and the verdict of each link."""

from __future__ import annotations

from functools import reduce

import numpy as np
from attrs import define, frozen

from kapteam.columns.logic import PASS, UNKNOWN, Verdicts
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.rules.monitor import OF_MONITORS, monitor_license
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import Rulebook


@frozen(eq=False)
class Judgement:
    """One rule's verdicts on the rows of one kind of subject.

    Attributes
    ----------
    rule : Rule
    role : {"prescriber", "therapist", "link"}
        Whose rows they are.
    verdicts : array of int8
    """

    rule: Rule
    role: str
    verdicts: Verdicts


@define(eq=False, slots=False)
class Judged:
    """All judgements of some pairs.

    Attributes
    ----------
    pairs : Pairs
    rulebook : Rulebook
    judgements : list of Judgement
        In the order of the rules; of a rule on each member, the prescriber's first.
    """

    pairs: Pairs
    rulebook: Rulebook
    judgements: list[Judgement]

    @property
    def verdicts(self) -> Verdicts:
        """Each link's verdict: the conjunction of the rules that block."""
        parts = [self.on_links(j) for j in self._blocking("link")]
        for role in ("prescriber", "therapist"):
            of_role = self.blocking_members(role)
            parts.append(of_role[self.rows(role)])
        return np.minimum(reduce(np.minimum, parts), PASS).astype(np.int8)

    def blocking_members(self, role: str) -> Verdicts:
        """Of each row of a role's members: the conjunction of the blocking rules on that person alone."""
        members = self.pairs.prescribers if role == "prescriber" else self.pairs.therapists
        parts = [j.verdicts for j in self._blocking(role)]
        return reduce(np.minimum, parts, np.full(len(members), PASS, np.int8))

    def rows(self, role: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Each link's row among a role's members."""
        return self.pairs.prescriber if role == "prescriber" else self.pairs.therapist

    def on_links(self, judgement: Judgement, links: Index | slice = slice(None)) -> Verdicts:
        """A judgement as one verdict for each link, or for each of some."""
        if judgement.role == "link":
            return judgement.verdicts[links]
        return judgement.verdicts[self.rows(judgement.role)[links]]

    def unknown_blocks(self) -> list[Judgement]:
        """The blocking judgements that have an unknown anywhere."""
        return [j for j in self.judgements if self.rulebook.blocks(j.rule) and (j.verdicts == UNKNOWN).any()]

    def _blocking(self, role: str) -> list[Judgement]:
        return [j for j in self.judgements if j.role == role and self.rulebook.blocks(j.rule)]


def judge_pairs(pairs: Pairs, rulebook: Rulebook) -> Judged:
    """Judge every rule that is not off."""
    judgements: list[Judgement] = []
    for rule in rulebook.of_subject("prescriber", "therapist", "member", "link"):
        if rule.subject == "link":
            judgements.append(Judgement(rule, "link", rule.verdicts(pairs)))
            continue
        if rule.subject in ("prescriber", "member"):
            judgements.append(Judgement(rule, "prescriber", rule.verdicts(pairs.prescribers)))
        if rule.subject in ("therapist", "member"):
            judgements.append(Judgement(rule, "therapist", rule.verdicts(pairs.therapists)))
    return Judged(pairs, rulebook, judgements)


def judge_members(members: Members, rulebook: Rulebook) -> list[Judgement]:
    """Judge the rules on a person alone in one role."""
    subjects = rulebook.of_subject(members.role, "member")  # type: ignore[arg-type]
    return [Judgement(rule, members.role, rule.verdicts(members)) for rule in subjects]


def judge_monitors(members: Members, rulebook: Rulebook) -> list[Judgement]:
    """Judge who may only watch: the licence, whatever the severity of others' licences, and the malpractice rules."""
    rules = [r for r in rulebook.of_subject("member") if r.id in OF_MONITORS]
    return [Judgement(rule, members.role, rule.verdicts(members)) for rule in (monitor_license, *rules)]
