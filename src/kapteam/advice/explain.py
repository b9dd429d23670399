"""Why a link is what it is: every rule's finding on it, in words, with citations and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns.logic import WORDS
from kapteam.columns.members import Members
from kapteam.law.day import FEDERAL
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import Judgement, judge_pairs
from kapteam.network.links import Link, Links
from kapteam.rules.case import LOW, Case
from kapteam.rules.rule import Finding, Remedy, Rule
from kapteam.rules.rulebook import START_RULES, Rulebook


@frozen(repr=False)
class Explained:
    """A link and the finding of every rule that is not off, in the order of the rules."""

    link: Link
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        link = self.link
        return (
            f"<Explained {link.prescriber} + {link.therapist} at {link.site}: {link.verdict}, "
            f"{len(self.findings)} findings, {len(self.in_the_way)} in the way>"
        )

    @property
    def verdict(self) -> str:
        """Of the link: pass, fail or unknown."""
        return self.link.verdict

    @property
    def in_the_way(self) -> tuple[Finding, ...]:
        """The blocking findings that fail, then those that are unknown; of all that ask for a common start, one."""
        blocking = [f for f in self.findings if f.severity == "block" and f.status in ("fail", "unknown")]
        starts = [f for f in blocking if f.rule in START_RULES]
        told = [f for f in blocking if f not in starts[:-1]]  # team.window comes last of them, and says it plainly
        return tuple(sorted(told, key=lambda f: f.status != "fail"))

    @property
    def short_of(self) -> tuple[Finding, ...]:
        """What does not pass without being in the way: warnings and notes, and what is to be verified."""
        return tuple(f for f in self.findings if f.status in ("fail", "unknown"))

    @property
    def on_low_confidence(self) -> bool:
        """Whether what passes rests on an entry of the law that was read in a secondary source only."""
        said = (c for f in self.findings if f.status in ("pass", "not_applicable") for c in f.citations)
        return any(c.endswith(LOW) for c in said)

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {**attrs.asdict(self.link), "findings": [f.as_dict() for f in self.findings]}


def explain(links: Links, person: str, other: str | None = None, site: str | None = None) -> list[Explained]:
    """The links of a person, or of two people with one another, explained.

    Parameters
    ----------
    links : Links
    person : str
    other : str, optional
        With it, every link of the two is judged, listed or not; the first is the prescriber where both ways make
        sense.
    site : str, optional
        Only there.

    Raises
    ------
    UsageError
        Someone, or the site, is not on the roster.
    """
    facts = links.facts
    a = facts.person(person)
    where = None if site is None else facts.place(site)
    if other is None:
        pairs = links.pairs
        theirs = (pairs.prescriber_person == a) | (pairs.therapist_person == a)
        rows = np.flatnonzero(theirs if where is None else theirs & (pairs.site == where))
        return [explained(links, int(row)) for row in rows]
    b = facts.person(other)
    prescribes, sits = facts.candidate["prescriber"], facts.candidate["therapist"]
    ways = [(p, t) for p, t in dict.fromkeys([(a, b), (b, a)]) if prescribes[p] and sits[t]] or [(a, b)]
    sites = [where] if where is not None else _sites_of(links, a, b)
    triples = sorted((s, p, t) for p, t in ways for s in sites)
    codes = np.array(triples, np.int64).reshape(-1, 3)
    asked = Links(judge_pairs(pairs_of(facts, codes[:, 0], codes[:, 1], codes[:, 2]), links.rulebook))
    return [explained(asked, row) for row in range(len(asked))]


def explained(links: Links, row: int) -> Explained:
    """One link with its findings."""
    return Explained(links.link(row), tuple(finding(links, j, row) for j in links.judged.judgements))


def finding(links: Links, judgement: Judgement, row: int) -> Finding:
    """One rule's verdict on one link, in words."""
    pairs = links.pairs
    if judgement.role != "link":
        members = pairs.prescribers if judgement.role == "prescriber" else pairs.therapists
        return member_finding(links.rulebook, judgement, members, int(links.judged.rows(judgement.role)[row]))
    status = WORDS[int(judgement.verdicts[row])]
    case = Case(links.facts, status, "", pairs.therapists, int(pairs.therapist[row]), pairs, row)
    return _told(links.rulebook, judgement.rule, case)


def member_finding(rulebook: Rulebook, judgement: Judgement, members: Members, row: int) -> Finding:
    """One rule's verdict on one person at a site, in words."""
    case = Case(members.facts, WORDS[int(judgement.verdicts[row])], judgement.role, members, row)
    return _told(rulebook, judgement.rule, case)


def _told(rulebook: Rulebook, rule: Rule, case: Case) -> Finding:
    message = rule.message(case)
    for key in rule.federal:
        case.cite(case.facts.law.known(FEDERAL, "", key), with_note=False)
    remedy, said = rule.remedy_for(case), case.facts.law.practice.remedies.get(rule.id, {})
    return Finding(
        rule=rule.id,
        status=case.status,  # type: ignore[arg-type]
        severity=rulebook.severities[rule.id],
        subject=case.subject,
        message=message[:1].upper() + message[1:],
        citations=tuple(dict.fromkeys((*rule.cites, *case.citations))),
        remedy=None if remedy is None else _filled(priced(remedy, said, case.status), case),
        note="; ".join(dict.fromkeys(note.rstrip(".") for note in case.notes)),
    )


def _filled(remedy: Remedy, case: Case) -> Remedy:
    return attrs.evolve(remedy, change=case.fill(remedy.change))


def priced(remedy: Remedy, said: Mapping[str, Any], status: str) -> Remedy:
    """A remedy with the cost and the lead time that a practice gives it, where it gives any.

    Parameters
    ----------
    remedy : Remedy
    said : mapping
        What ``[remedies]`` of the practice file says of the rule.
    status : {"fail", "unknown"}
        What it would turn.
    """
    ask = "ask_" if status == "unknown" else ""
    own = {key: said[ask + key] for key in ("dollars", "days") if ask + key in said}
    return attrs.evolve(remedy, **own, basis="the practice file") if own else remedy


def _sites_of(links: Links, a: int, b: int) -> list[int]:
    """The sites where either has hours; every site where neither has any."""
    postings = links.facts.postings
    sites = np.unique(postings.site[(postings.person == a) | (postings.person == b)])
    return [int(s) for s in sites] or list(range(len(links.facts.sites)))
