"""What a roster says before anyone is teamed: who may do what where, and what ends soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, overload

import attrs
import numpy as np
from attrs import frozen

from kapteam.advice.explain import member_finding
from kapteam.columns.facts import Facts
from kapteam.columns.logic import PASS, WORDS, Verdicts, conjunction
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.law.day import FEDERAL
from kapteam.network.judge import Judgement, judge_members, judge_monitors
from kapteam.network.links import Links
from kapteam.records.people import ROLES
from kapteam.records.problems import Problem
from kapteam.records.roster import Roster
from kapteam.records.zones import state_name
from kapteam.rules.legal import sees_in_person
from kapteam.rules.rule import Finding
from kapteam.rules.rulebook import Rulebook
from kapteam.rules.words import spoken


@frozen
class Eligible:
    """Whether a person may fill a role at a site, as far as it depends on them alone.

    Attributes
    ----------
    practitioner, role, site : str
    verdict : {"pass", "fail", "unknown"}
    findings : tuple of Finding
        Of the rules on that person alone.
    """

    practitioner: str
    role: str
    site: str
    verdict: str
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "practitioner": self.practitioner, "role": self.role, "site": self.site, "verdict": self.verdict,
            "findings": [f.as_dict() for f in self.findings],
        }  # fmt: skip


@frozen
class Expiring:
    """Something that ends soon.

    Attributes
    ----------
    practitioner : str or None
        Whose it is; None for the law itself, or a site's.
    what : str
        In words.
    expires : date
        The last day.
    """

    practitioner: str | None
    what: str
    expires: date


@frozen(eq=False)
class _Judged:
    """Everyone in one role, judged."""

    members: Members
    judgements: Sequence[Judgement]
    verdicts: Verdicts


@frozen(eq=False, repr=False)
class Eligibility(Sequence[Eligible]):
    """Everyone in every role they are a candidate for, at every site where they have hours, sorted by their ids.

    All are judged at once, and each is put into words when it is asked for: of a country few ever are.
    """

    _rulebook: Rulebook
    _judged: Sequence[_Judged]
    _order: Index  # shape (n, 2): which of _judged, and the row there

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Eligible: ...

    @overload
    def __getitem__(self, at: slice) -> Eligibility: ...

    def __getitem__(self, at: int | slice) -> Eligible | Eligibility:
        if isinstance(at, slice):
            return attrs.evolve(self, order=self._order[at])
        which, row = self._order[at].tolist()
        judged = self._judged[which]
        members, facts = judged.members, judged.members.facts
        return Eligible(
            facts.people[members.person[row]], members.role, facts.sites[members.site[row]],
            WORDS[int(judged.verdicts[row])],
            tuple(member_finding(self._rulebook, j, members, row) for j in judged.judgements),
        )  # fmt: skip

    def by_site(self) -> Eligibility:
        """The same, sorted by site, then role, then person."""
        return self._sorted("site", "role", "person")

    def by_person(self) -> Eligibility:
        """The same, sorted by person, then role, then site."""
        return self._sorted("person", "role", "site")

    def _sorted(self, *by: str) -> Eligibility:
        which, row = self._order.T
        role = np.argsort(np.argsort([judged.members.role for judged in self._judged]))
        columns = {"role": role[which], "person": np.empty(len(row), np.int64), "site": np.empty(len(row), np.int64)}
        for number, judged in enumerate(self._judged):
            here = which == number
            columns["person"][here] = judged.members.person[row[here]]
            columns["site"][here] = judged.members.site[row[here]]
        # People and sites are numbered in the order of their ids; of lexsort's keys the last counts first.
        return attrs.evolve(self, order=self._order[np.lexsort([columns[name] for name in reversed(by)])])


def eligibility(links: Links) -> Eligibility:
    """Everyone in every role they are a candidate for, at every site where they have hours, sorted by their ids."""
    found = []
    for role in ROLES:
        members = _at_their_sites(links.facts, role)
        judgements = _judged(members, links.rulebook)
        blocking = [j.verdicts for j in judgements if links.rulebook.blocks(j.rule)]
        found.append(_Judged(members, judgements, conjunction(np.full(len(members), PASS, np.int8), *blocking)))
    rows = [(which, row) for which, judged in enumerate(found) for row in range(len(judged.members))]
    return Eligibility(links.rulebook, found, np.array(rows, np.int64).reshape(-1, 2)).by_person()


def expiring(facts: Facts, within: int) -> list[Expiring]:
    """What is in force on the day and ends within so many days, the soonest first."""
    last = facts.day + timedelta(days=min(within, (date.max - facts.day).days))
    ends = [e for e in _ends(facts) if facts.day <= e.expires <= last]
    return sorted(ends, key=lambda e: (e.expires, e.practitioner or "", e.what))


def bare_people(roster: Roster) -> list[Problem]:
    """A warning for everyone of whom a table says nothing that all else rests on."""
    found = []
    for table, without in (
        ("licenses", "has no licence row, so fills no role but those that the roles column names"),
        ("hours", "has no hours row, so is at no site"),
    ):
        known = {row.practitioner for row in roster.table(table)}
        for number, p in enumerate(roster.practitioners, start=1):
            if p.practitioner not in known:
                problem = Problem("practitioners", number, "practitioner", p.practitioner, without, level="warning")
                found.append(roster.located(problem))
    return found


def on_telehealth(links: Links) -> list[Problem]:
    """A warning for every prescriber at a site who may prescribe there only because the law lets telehealth do.

    Of those who are on a link that passes; it says until when the law is known to.
    """
    facts, members = links.facts, links.pairs.prescribers
    known = facts.law.known(FEDERAL, "", "telehealth")
    until = f"until {known.until}" if known is not None and known.until else "with no end known"
    passing = np.zeros(len(members), bool)
    passing[links.pairs.prescriber[links.verdicts == PASS]] = True
    found = []
    for row in np.flatnonzero(passing & ~sees_in_person(members)):
        who, site = facts.people[members.person[row]], facts.sites[members.site[row]]
        said = f"{who} at {site} stands on the federal telehealth flexibilities, {until}: plan a visit in person"
        found.append(Problem("law", None, "telehealth", None, said, level="warning"))
    return found


def _at_their_sites(facts: Facts, role: str) -> Members:
    rows = np.flatnonzero(facts.candidate[role][facts.postings.person])
    return Members(facts, role, facts.postings.person[rows], facts.postings.site[rows])


def _judged(members: Members, rulebook: Rulebook) -> list[Judgement]:
    if members.role != "monitor":
        return judge_members(members, rulebook)
    return judge_monitors(members, rulebook)


def _ends(facts: Facts) -> Iterator[Expiring]:
    roster, day = facts.roster, facts.day
    for x in roster.licenses:
        if x.expires and (x.issued is None or x.issued <= day):
            yield Expiring(x.practitioner, f"{x.jurisdiction} licence ({x.profession.replace('_', ' ')})", x.expires)
    for r in roster.registrations:
        if r.expires and (r.issued is None or r.issued <= day):
            what = "DEA registration" if r.issuer == "dea" else "state controlled-substance registration"
            where = f" of {r.site}" if r.site else ""
            yield Expiring(r.practitioner, f"{r.jurisdiction} {what}{where}", r.expires)
    for c in roster.coverage:
        if c.expires and (c.effective is None or c.effective <= day):
            yield Expiring(c.practitioner, f"policy with {c.carrier}" + (f" as {c.role}" if c.role else ""), c.expires)
    for t in roster.training:
        if t.expires and (t.completed is None or t.completed <= day):
            yield Expiring(t.practitioner, f"{t.kind.replace('_', ' ')} {t.name or ''}".strip(), t.expires)
    for a in roster.agreements:
        if a.expires and (a.effective is None or a.effective <= day):
            yield Expiring(a.practitioner, f"{a.kind} agreement with {a.with_}", a.expires)
    for h in roster.hours:
        if h.until and (h.from_ is None or h.from_ <= day):
            yield Expiring(h.practitioner, f"hours at {h.site}", h.until)
    for place in (FEDERAL, *facts.jurisdictions):
        for entry in facts.law.packs.entries(place):
            if entry.in_force(day) and entry.until:
                whose = "federal law" if place == FEDERAL else f"law of {state_name(place)}"
                about = " ".join(w for w in (spoken(entry.subject), spoken(entry.key)) if w)
                yield Expiring(None, f"{whose}: {about} = {_word(entry.value)}", entry.until)


def _word(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " or ".join(value)
