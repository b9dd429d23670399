"""A saved plan judged again without a solver: every constraint, the objective, and the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from kapteam.columns.logic import FAIL, PASS, UNKNOWN, WORDS
from kapteam.columns.lookup import Index, apart, both, found_at
from kapteam.matching.capacity import capacities
from kapteam.matching.fair import BY
from kapteam.matching.saved import SavedCertificate, SavedCover, SavedFairness, SavedObjective, SavedPlan, SavedWithin
from kapteam.network.links import Links
from kapteam.records.problems import Violation

Key = tuple[str, str, str]

_MOST = 1 << 60  # above what any link is worth, and three of it are a number of 64 bits


@frozen
class Verified:
    """What came of it.

    Attributes
    ----------
    ok : bool
    violations : tuple of Violation
        Beside ids of rules they are named ``on``, ``protocol``, ``within``, ``status``, ``bound``, ``link``,
        ``points``, ``to_verify``, ``capacity``, ``units``, ``objective``, ``certificate`` and ``fair``.
    objective : SavedObjective
        As it was added up again.
    proven : bool
        Whether the certificate proves that no plan is better; of a fair plan, that none teams more, that none has
        more points than its own and its price together, and that none lifts everyone above its worst-off.
    """

    ok: bool
    violations: tuple[Violation, ...]
    objective: SavedObjective
    proven: bool


def verify(plan: SavedPlan, links: Links) -> Verified:
    """Judge a saved plan against the links of the same roster on the same day."""
    return _Verifier(plan, links).verified()


class _Verifier:
    """Holds what the checks share; lives for one call."""

    def __init__(self, plan: SavedPlan, links: Links) -> None:
        self.plan, self.links = plan, links
        self.least = 0 if plan.allows_unknown else PASS
        self.usable = np.flatnonzero(links.verdicts >= self.least)
        self.room = dict(zip(links.facts.people, capacities(links.facts).tolist(), strict=True))
        self.places = [(t.site, t.prescriber, p) for t in plan.teams for p in t.therapists]
        self.rows = _rows_of(links, [(s, p, x.practitioner) for s, p, x in self.places])
        self.price = plan.fair.price if plan.fair is not None else 0

    def verified(self) -> Verified:
        found = [*self.on_document(), *self.on_links(), *self.on_numbers()]
        objective = SavedObjective(len(self.places), int(self.links.points[self.rows[self.rows >= 0]].sum()))
        if objective != self.plan.objective:
            found.append(
                Violation("objective", "plan", f"says {_told(self.plan.objective)}, but adds up to {_told(objective)}")
            )
        proof = [] if self.plan.certificate is None else list(self.on_proof(self.plan.certificate))
        if self.plan.fair is not None:
            proof += self.on_fairness(self.plan.fair)
        missing = [Violation("certificate", "plan", "there is none, so nothing proves that no plan is better")]
        violations = (*found, *proof, *(missing if self.plan.certificate is None else []))
        return Verified(not violations, violations, objective, self.plan.certificate is not None and not proof)

    def on_document(self) -> Iterator[Violation]:
        """It was made for the day and the protocol that it is judged by, and claims no bound but what is proven."""
        plan, facts = self.plan, self.links.facts
        if plan.on != facts.day:
            yield Violation("on", "plan", f"was made for {plan.on}, and is judged for {facts.day}")
        if plan.protocol != facts.protocol_name:
            made, judged = plan.protocol or "the default", facts.protocol_name or "the default"
            yield Violation("protocol", "plan", f"was made for {made}, and is judged for {judged}")
        supposed = facts.supposed
        by = None if supposed is None else SavedWithin(supposed.km, supposed.fingerprint)
        if plan.within != by:
            said = f"was made with {_by_distance(plan.within)}, and is judged with {_by_distance(by)}"
            yield Violation("within", "plan", said)
        if plan.status != "optimal":
            yield Violation("status", "plan", f"is {plan.status}: there is no plan to verify")
        most = SavedObjective(plan.objective.teamed, plan.objective.points + self.price)
        if plan.bound is not None and plan.bound != most:
            yield Violation("bound", "plan", f"says at most {_told(plan.bound)}, but {_told(most)}")

    def on_links(self) -> Iterator[Violation]:
        """Each place is a usable link, and says what the link says."""
        judged, rows = self.links.judged, self.rows
        known = np.flatnonzero(rows >= 0)
        wrong: dict[int, list[tuple[str, str]]] = {}
        unknown: dict[int, set[str]] = {}
        for judgement in judged.judgements:
            if self.links.rulebook.blocks(judgement.rule):
                verdicts = judged.on_links(judgement, rows[known])
                for i in np.flatnonzero(verdicts <= UNKNOWN).tolist():
                    at, verdict, rule = int(known[i]), int(verdicts[i]), judgement.rule.id
                    if verdict < self.least:
                        said = "fails" if verdict == FAIL else f"is {WORDS[verdict]}"
                        wrong.setdefault(at, []).append((rule, said))
                    else:
                        unknown.setdefault(at, set()).add(rule)
        of_links = (self.links.points[rows[known]].tolist(), self.links.pairs.weekly_sessions[rows[known]].tolist())
        numbers = dict(zip(known.tolist(), zip(*of_links, strict=True), strict=True))
        for number, (site, prescriber, place) in enumerate(self.places):
            subject = f"{prescriber} + {place.practitioner} at {site}"
            if rows[number] < 0:
                yield Violation("link", subject, "there is no such link on the roster")
                continue
            for rule, said in wrong.get(number, ()):
                yield Violation(rule, subject, said)
            to_verify = sorted(unknown.get(number, ()))
            if to_verify != place.to_verify:
                yield Violation("to_verify", subject, f"says {place.to_verify}, not {to_verify}")
            points, sessions = numbers[number]
            if (points, sessions) != (place.points, place.weekly_sessions):
                yield Violation(
                    "points",
                    subject,
                    f"says {place.points} points and {place.weekly_sessions} sessions a week, "
                    f"but the link has {points} and {sessions}",
                )

    def on_numbers(self) -> Iterator[Violation]:
        """Nobody is used more often than they can be."""
        for person, count in sorted(Counter(p for _, p, _ in self.places).items()):
            if 0 <= self.room.get(person, -1) < count:
                yield Violation("capacity", person, f"has {count} therapists and can take {self.room[person]}")
        for person, count in sorted(Counter(x.practitioner for _, _, x in self.places).items()):
            if count > self.plan.max_partners:
                yield Violation("units", person, f"is in {count} teams and may be in {self.plan.max_partners}")
        pairs = Counter((p, x.practitioner) for _, p, x in self.places)
        for (prescriber, therapist), count in sorted(pairs.items()):
            if count > 1:
                yield Violation("units", f"{prescriber} + {therapist}", f"stand {count} times, and a pair counts once")
        placed = {(p, x.practitioner, s) for s, p, x in self.places}
        for held in self.plan.held:
            if tuple(held) not in placed:
                yield Violation("link", " + ".join(held), "was to be kept, and is not in the plan")

    def on_proof(self, proof: SavedCertificate) -> Iterator[Violation]:
        """The prices cover every usable link and add up to the objective: then nothing is better (weak duality)."""
        held = {(p, t) for p, t, *_ in map(tuple, self.plan.held)}
        kept = Counter(p for p, _ in held), Counter(t for _, t in held)
        if self.plan.max_partners == 1 and proof.pairs:
            yield Violation("certificate", "pairs", "a pair has no price where each therapist joins one team")
        pairs = {(x.prescriber, x.therapist): x.price for x in proof.pairs}
        links, people = self.links, self.links.facts.people
        prescriber = links.pairs.prescriber_person[self.usable]
        therapist = links.pairs.therapist_person[self.usable]
        points, two = links.points[self.usable], both(prescriber, therapist)
        everyone = {people[t] for t in np.unique(therapist)}
        worth = 1 + int(points.max(initial=0)) * len(everyone)
        if proof.teamed_worth != worth:
            yield Violation("certificate", "teamed_worth", f"is {proof.teamed_worth}, not {worth}")
        for prices, wanted, role in (
            (proof.prescribers, {people[p] for p in np.unique(prescriber)}, "prescriber"),
            (proof.therapists, everyone, "therapist"),
        ):
            for id in sorted(wanted ^ prices.keys()):
                said = "has no price" if id in wanted else "has a price, but no usable link"
                yield Violation("certificate", id, f"{said} as {role}")
        for who, price in [*proof.prescribers.items(), *proof.therapists.items(), *pairs.items()]:
            if price < 0:
                yield Violation("certificate", str(who), f"has the price {price}, below 0")
        settled = np.isin(two, self.keys(held))
        degree = dict(zip(people, np.bincount(apart(np.unique(two[~settled]))[0], minlength=len(people)), strict=True))
        total = 0
        for person, price in proof.prescribers.items():
            room = self.room.get(person, 0)
            if room < 0 and price > 0:
                yield Violation("certificate", person, f"has no limit, so the price {price} must be 0")
            total += price * (max(0, room - kept[0][person]) if room >= 0 else int(degree[person]))
        for person, price in proof.therapists.items():
            total += price * max(0, self.plan.max_partners - kept[1][person])
        total += sum(pairs.values())
        full = np.isin(therapist, self.codes(t for t, many in kept[1].items() if many >= self.plan.max_partners))
        paid = self.by_person(proof.prescribers)[prescriber] + self.by_person(proof.therapists)[therapist]
        priced = self.keys(pairs)
        order = np.argsort(priced)
        at = found_at(priced[order], two)
        paid += np.append(_numbers(pairs.values())[order], 0)[at]  # -1 is the last
        short = paid < min(proof.teamed_worth, _MOST) + points
        for row in self.usable[short & ~settled & ~full].tolist():
            yield Violation("certificate", self.subject(row), "is worth more than its prices")
        free = [
            row
            for row, (_, p, x) in zip(self.rows.tolist(), self.places, strict=True)
            if row >= 0 and (p, x.practitioner) not in held
        ]
        reached = int(links.points[free].sum()) + self.price
        teams = proof.teamed_worth * len(free) + reached
        if total != teams:
            beside = " with the price of fairness" if self.price else ""
            yield Violation("certificate", "sum", f"the prices add up to {total}, the teams to {teams}{beside}")
        if self.plan.fair is not None and reached >= proof.teamed_worth:  # the sum could be one of more teams
            yield Violation("fair", "price", f"is {self.price}, as much as one more teamed is worth")

    def on_fairness(self, fair: SavedFairness) -> Iterator[Violation]:
        """The worst-off have what it says, and a cover shows that no plan that teams as many gives everyone more."""
        if fair.by not in BY or self.plan.max_partners > 1:
            yield Violation("fair", "plan", f"is by {fair.by} with {self.plan.max_partners} partners each")
            return
        has = sorted(x.points if fair.by == "points" else x.weekly_sessions for *_, x in self.places)
        worst = has[0] if has else None
        if fair.worst != worst:
            yield Violation("fair", "worst", f"says {fair.worst}, but the worst-off has {worst}")
        if fair.price < 0 or (fair.price and fair.gain is None):
            yield Violation("fair", "price", f"is {fair.price}, and nobody gains")
        gain = fair.gain
        if gain is not None and (has[gain.rank - 1 : gain.rank] != [gain.has] or gain.otherwise >= gain.has):
            yield Violation("fair", "gain", f"says {gain.has}, not {gain.otherwise}, of number {gain.rank} from below")
        held = _rows_of(self.links, [(s, p, t) for p, t, s in map(tuple, self.plan.held)])
        counts = self.links.points if fair.by == "points" else self.links.pairs.weekly_sessions
        if worst is None or (counts[np.intersect1d(held, self.usable)] <= worst).any():
            return
        if fair.cover is None:
            yield Violation("fair", "cover", "there is none, so nothing proves that not everyone can have more")
            return
        yield from self.on_cover(fair.cover, self.usable[counts[self.usable] > worst])

    def on_cover(self, cover: SavedCover, rows: Index) -> Iterator[Violation]:
        """Beside what is held, these people are in all of these links, and have fewer places than the plan fills."""
        held = {(p, t) for p, t, *_ in map(tuple, self.plan.held)}
        kept, settled = Counter(p for p, _ in held), {t for _, t in held}
        room = len(set(cover.therapists))
        for person in set(cover.prescribers):
            if self.room.get(person, 0) < 0:
                yield Violation("fair", person, "has no limit, so the cover cannot count their places")
            room += max(0, self.room.get(person, 0) - kept[person])
        pairs = self.links.pairs
        covered = np.isin(pairs.prescriber_person[rows], self.codes(cover.prescribers))
        covered |= np.isin(pairs.therapist_person[rows], self.codes({*cover.therapists, *settled}))
        for row in rows[~covered].tolist():
            yield Violation("fair", self.subject(row), "is worth more, and is not covered")
        filled = len(self.places) - len(held)
        if room >= filled:
            yield Violation("fair", "cover", f"has {room} places, and the plan fills {filled} beside those held")

    def subject(self, row: int) -> str:
        """A link in words."""
        link = self.links.link(row)
        return f"{link.prescriber} + {link.therapist} at {link.site}"

    def codes(self, ids: Iterable[str]) -> Index:
        """The codes of those who are on the roster."""
        known = self.links.facts.person_code
        return np.array([known[id] for id in ids if id in known], np.int64)

    def keys(self, two: Iterable[tuple[str, str]]) -> Index:
        """Pairs of people as keys, below 0 where one is not on the roster."""
        known = self.links.facts.person_code
        codes = [(known.get(p, -1), known.get(t, -1)) for p, t in two]
        prescriber, therapist = np.array(codes, np.int64).reshape(-1, 2).T
        return np.where(therapist < 0, -1, both(prescriber, therapist))

    def by_person(self, prices: Mapping[str, int]) -> Index:
        """Prices by the code of the person; 0 of those who have none."""
        found = np.zeros(len(self.links.facts.people), np.int64)
        known = {id: price for id, price in prices.items() if id in self.links.facts.person_code}
        found[self.codes(known)] = _numbers(known.values())
        return found


def _rows_of(links: Links, keys: Sequence[Key]) -> Index:
    """The row of each (site, prescriber, therapist); -1 where there is no such link."""
    facts, pairs = links.facts, links.pairs
    places, people = facts.site_code, facts.person_code
    codes = [(places.get(s, -1), people.get(p, -1), people.get(t, -1)) for s, p, t in keys]
    site, prescriber, therapist = np.array(codes, np.int64).reshape(-1, 3).T
    # Links are sorted by site, prescriber and therapist: by the number of the first two, then by the third.
    begun = both(pairs.site, pairs.prescriber_person)
    new = np.diff(begun, prepend=-1) > 0
    group = found_at(begun[new], both(site, prescriber))
    return found_at(both(np.cumsum(new) - 1, pairs.therapist_person), both(group, therapist))


def _numbers(prices: Iterable[int]) -> Index:
    """Prices as an array; one beyond all that a link can be worth stays beyond it."""
    return np.array([max(-_MOST, min(price, _MOST)) for price in prices], np.int64)


def _by_distance(within: SavedWithin | None) -> str:
    """What was supposed by distance, in words."""
    if within is None:
        return "no candidates by distance"
    places = "" if within.centroids is None else f" and the centroids {within.centroids[:12]}"
    return f"candidates within {within.km:g} km{places}"


def _told(objective: SavedObjective) -> str:
    return f"{objective.teamed} teamed with {objective.points} points"
