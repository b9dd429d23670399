"""The same rules in a plain Python loop, link by link: what judging costs without arrays, and a check on both.

It stands on no code of the package but the records and the law packs. ``Plain(roster, day)`` judges every link from
scratch; with ``remember=True`` it keeps what it found of a person at a site, as a user who has waited once does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from attrs import frozen
from plain_people import FAIL, NOT_APPLICABLE, PASS, PRESCRIBER_RULES, THERAPIST_RULES, UNKNOWN, People
from plain_weeks import FULL, SLOTS, earlier, most_sessions, starts

from kapteam.records.roster import Roster

LINK_RULES = (
    "legal.presence", "malpractice.same_site", "malpractice.presence", "team.window", "team.ties", "team.life_support",
)  # fmt: skip
#: Every judgement on a link in the order of its verdicts: the rule, and whose it is.
JUDGEMENTS = (
    *((rule, "prescriber") for rule in PRESCRIBER_RULES),
    *((rule, "therapist") for rule in THERAPIST_RULES),
    *((rule, "link") for rule in LINK_RULES),
)
NOT_BLOCKING = (
    "ethics.trauma_training", "ethics.modality", "ethics.experiential", "ethics.practicum", "ethics.mentorship",
    "team.life_support",
)  # fmt: skip
AVAILABLE, DOSING, THROUGHOUT = 1, 2, 3


@frozen
class PlainLink:
    """One link as the plain loop judges it; ``verdicts`` are those of ``JUDGEMENTS``."""

    site: str
    prescriber: str
    therapist: str
    verdicts: tuple[int, ...]
    verdict: int
    points: int
    weekly_sessions: int


class Plain:
    """Every link of a roster on a day, one after another."""

    def __init__(self, roster: Roster, day: date, *, remember: bool = False) -> None:
        self.people = people = People(roster, day)
        protocol = roster.practice.protocol
        self.solo, self.weights = protocol.solo, roster.practice.weights
        self.session, self.dosing = -(-protocol.session_minutes // 15), -(-protocol.dosing_minutes // 15)
        severities = roster.practice.rules
        self.blocking = tuple(
            i for i, (rule, _) in enumerate(JUDGEMENTS)
            if severities.get(rule, "note" if rule in NOT_BLOCKING else "block") == "block"
        )  # fmt: skip
        self.ties: dict[frozenset[str], set[str]] = {}
        for tie in roster.ties:
            self.ties.setdefault(frozenset((tie.a, tie.b)), set()).add(tie.kind)
        wrap = cache if remember else lambda function: function
        self.prescriber, self.therapist = wrap(people.prescriber), wrap(people.therapist)
        self.asked, self.asks_same_site = wrap(people.asked), wrap(self._asks_same_site)
        self.on_site, self.anywhere = wrap(self._on_site), wrap(self._anywhere)
        self.complementary, self.learned = wrap(people.complementary), wrap(self._learned)
        self.remote = [
            p.practitioner for p in roster.practitioners
            if "prescriber" in people.roles[p.practitioner] and self.asked(p.practitioner, "prescriber") <= AVAILABLE
        ]  # fmt: skip

    def candidates(self, site: str) -> Iterator[tuple[str, str]]:
        """The pairs of prescriber and therapist that lists show at a site."""
        people = self.people
        here = people.people_at.get(site, [])
        prescribers = [p for p in here if "prescriber" in people.roles[p]]
        elsewhere = [p for p in self.remote if p not in here] if people.asked_by_law(site) <= AVAILABLE else []
        for therapist in here:
            if "therapist" not in people.roles[therapist]:
                continue
            lax = elsewhere if elsewhere and self.asked(therapist, "therapist") <= AVAILABLE else []
            for prescriber in (*prescribers, *lax):
                if self.solo or prescriber != therapist:
                    yield prescriber, therapist

    def at(self, site: str) -> Iterator[PlainLink]:
        """Every link at a site, judged."""
        return (self.judge(site, prescriber, therapist) for prescriber, therapist in self.candidates(site))

    def judge(self, site: str, prescriber: str, therapist: str) -> PlainLink:
        """One link: every rule, the verdict, the sessions a week and the points."""
        people = self.people
        tied = self.ties.get(frozenset((prescriber, therapist)), ())
        by_law = people.asked_by_law(site)
        by_policies = max(self.asked(prescriber, "prescriber"), self.asked(therapist, "therapist"))
        level = max(by_law, by_policies)
        found = self._starts(site, prescriber, therapist, level, False)
        fits = PASS if found else FAIL
        if not found and self._starts(site, prescriber, therapist, level, True):
            fits = UNKNOWN
        same_site = self.asks_same_site(prescriber, "prescriber") or self.asks_same_site(therapist, "therapist")
        aided = people.life_support(prescriber) or people.life_support(therapist)
        verdicts = (
            *self.prescriber(prescriber, site),
            *self.therapist(therapist, site),
            fits if by_law >= DOSING else NOT_APPLICABLE,
            fits if same_site else NOT_APPLICABLE,
            fits if by_policies >= DOSING else NOT_APPLICABLE,
            fits,
            FAIL if "avoids" in tied else PASS,
            PASS if aided else FAIL,
        )
        verdict = min(PASS, *(verdicts[i] for i in self.blocking))
        sessions = most_sessions(found, self.session) if found else 0
        for person in (prescriber, therapist):
            limit = people.people[person].max_sessions_per_week
            sessions = sessions if limit is None else min(sessions, limit)
        points = self.learned(therapist, site) + self.weights["time"] * min(sessions, 5) // 5
        if prescriber != therapist and self.complementary(therapist) - self.complementary(prescriber):
            points += self.weights["complement"]
        if "worked_with" in tied or "prefers" in tied:
            points += self.weights["ties"]
        return PlainLink(site, prescriber, therapist, verdicts, verdict, points, sessions)

    def _starts(self, site: str, prescriber: str, therapist: str, level: int, unwritten: bool) -> int:
        """The starts that fit, as bits; with ``unwritten`` as if unwritten hours were all hours."""
        found = self.on_site(therapist, site, self.session, unwritten)
        if not found or prescriber == therapist:
            return found
        if level == THROUGHOUT:
            return found & self.on_site(prescriber, site, self.session, unwritten)
        if level == DOSING:
            return found & self.on_site(prescriber, site, self.dosing, unwritten)
        if level == AVAILABLE:
            return found & earlier(self.anywhere(prescriber, unwritten), -self.people.offset[site])
        return found

    def _on_site(self, person: str, site: str, length: int, unwritten: bool) -> int:
        if unwritten and (person, site) in self.people.unwritten:
            return FULL
        return starts(self.people.hours.get((person, site), 0), length)

    def _anywhere(self, person: str, unwritten: bool) -> int:
        week, people = 0, self.people
        for site in people.sites_of.get(person, ()):
            if unwritten and (person, site) in people.unwritten:
                return FULL
            week |= earlier(people.hours[person, site], people.offset[site])
        return starts(week, self.dosing)

    def _asks_same_site(self, person: str, role: str) -> bool:
        policy = self.people.policy(person, role)
        return bool(policy and policy["same_site"])

    def _learned(self, person: str, site: str) -> int:
        """What a therapist's trainings and modalities bring to any link."""
        rows, weights = self.people.training.get(person, ()), self.weights
        hours = min(sum(t.hours or 0 for t in rows if t.kind == "kap"), 80)
        worth = int(weights["kap_training"] * hours // 80)
        worth += weights["modality"] * min(len(self.complementary(person)), 3) // 3
        verdicts = dict(zip(THERAPIST_RULES, self.therapist(person, site), strict=True))
        for name in ("trauma_training", "experiential", "practicum", "mentorship"):
            worth += weights[name] * (verdicts[f"ethics.{name}"] == PASS)
        return worth


assert FULL.bit_length() == SLOTS
