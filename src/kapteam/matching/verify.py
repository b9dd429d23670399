"""A saved plan judged again without a solver: every constraint, the objective, and the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kapteam.columns.logic import FAIL, PASS, UNKNOWN, WORDS
from kapteam.matching.capacity import capacities
from kapteam.matching.fair import BY
from kapteam.matching.saved import SavedCertificate, SavedCover, SavedFairness, SavedObjective, SavedPlan, SavedWithin
from kapteam.network.links import Links
from kapteam.records.problems import Violation

Key = tuple[str, str, str]


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
        self.row = {(k.site, k.prescriber, k.therapist): i for i, k in enumerate(links)}
        self.usable = {key: i for key, i in self.row.items() if links.verdicts[i] >= self.least}
        room = capacities(links.facts)
        self.room = {p: int(room[c]) for p, c in links.facts.person_code.items()}
        self.places = [(t.site, t.prescriber, p) for t in plan.teams for p in t.therapists]
        self.price = plan.fair.price if plan.fair is not None else 0

    def verified(self) -> Verified:
        found = [*self.on_document(), *self.on_links(), *self.on_numbers()]
        objective = SavedObjective(
            len(self.places),
            sum(
                int(self.links.points[self.row[k]])
                for s, p, x in self.places
                if (k := (s, p, x.practitioner)) in self.row
            ),
        )
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
        for site, prescriber, place in self.places:
            key = (site, prescriber, place.practitioner)
            subject = f"{prescriber} + {place.practitioner} at {site}"
            row = self.row.get(key)
            if row is None:
                yield Violation("link", subject, "there is no such link on the roster")
                continue
            link = self.links.link(row)
            unknown: set[str] = set()
            here = np.array([row])
            for judgement in self.links.judged.judgements:
                verdict = int(self.links.judged.on_links(judgement, here)[0])
                if self.links.rulebook.blocks(judgement.rule) and verdict < self.least:
                    yield Violation(judgement.rule.id, subject, "fails" if verdict == FAIL else f"is {WORDS[verdict]}")
                elif verdict == UNKNOWN and self.links.rulebook.blocks(judgement.rule):
                    unknown.add(judgement.rule.id)
            if sorted(unknown) != place.to_verify:
                yield Violation("to_verify", subject, f"says {place.to_verify}, not {sorted(unknown)}")
            if (link.points, link.weekly_sessions) != (place.points, place.weekly_sessions):
                yield Violation(
                    "points",
                    subject,
                    f"says {place.points} points and {place.weekly_sessions} sessions a week, "
                    f"but the link has {link.points} and {link.weekly_sessions}",
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
        everyone = {t for _, _, t in self.usable}
        most = max((int(self.links.points[i]) for i in self.usable.values()), default=0)
        if proof.teamed_worth != 1 + most * len(everyone):
            yield Violation("certificate", "teamed_worth", f"is {proof.teamed_worth}, not {1 + most * len(everyone)}")
        for prices, wanted, role in (
            (proof.prescribers, {p for _, p, _ in self.usable}, "prescriber"),
            (proof.therapists, everyone, "therapist"),
        ):
            for id in sorted(wanted ^ prices.keys()):
                said = "has no price" if id in wanted else "has a price, but no usable link"
                yield Violation("certificate", id, f"{said} as {role}")
        for who, price in [*proof.prescribers.items(), *proof.therapists.items(), *pairs.items()]:
            if price < 0:
                yield Violation("certificate", str(who), f"has the price {price}, below 0")
        total, degree = 0, Counter(p for p, _ in {(p, t) for _, p, t in self.usable} - held)
        for person, price in proof.prescribers.items():
            room = self.room.get(person, 0)
            if room < 0 and price > 0:
                yield Violation("certificate", person, f"has no limit, so the price {price} must be 0")
            total += price * (max(0, room - kept[0][person]) if room >= 0 else degree[person])
        for person, price in proof.therapists.items():
            total += price * max(0, self.plan.max_partners - kept[1][person])
        total += sum(pairs.values())
        for (site, prescriber, therapist), row in self.usable.items():
            if (prescriber, therapist) in held or self.plan.max_partners <= kept[1][therapist]:
                continue
            points = int(self.links.points[row])
            paid = proof.prescribers.get(prescriber, 0) + proof.therapists.get(therapist, 0)
            if paid + pairs.get((prescriber, therapist), 0) < proof.teamed_worth + points:
                yield Violation("certificate", f"{prescriber} + {therapist} at {site}", "is worth more than its prices")
        free = [
            int(self.links.points[self.row[key]])
            for s, p, x in self.places
            if (key := (s, p, x.practitioner)) in self.row and (p, x.practitioner) not in held
        ]
        points = sum(free) + self.price
        worth = proof.teamed_worth * len(free) + points
        if total != worth:
            beside = " with the price of fairness" if self.price else ""
            yield Violation("certificate", "sum", f"the prices add up to {total}, the teams to {worth}{beside}")
        if self.plan.fair is not None and points >= proof.teamed_worth:  # the sum could be one of more teams
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
        held = {(s, p, t) for p, t, s in map(tuple, self.plan.held)}
        if worst is None or any(self.counts(key, fair.by) <= worst for key in held & self.usable.keys()):
            return
        if fair.cover is None:
            yield Violation("fair", "cover", "there is none, so nothing proves that not everyone can have more")
            return
        yield from self.on_cover(fair.cover, {key for key in self.usable if self.counts(key, fair.by) > worst})

    def on_cover(self, cover: SavedCover, links: set[Key]) -> Iterator[Violation]:
        """Beside what is held, these people are in all of these links, and have fewer places than the plan fills."""
        held = {(p, t) for p, t, *_ in map(tuple, self.plan.held)}
        kept, settled = Counter(p for p, _ in held), {t for _, t in held}
        room = len(set(cover.therapists))
        for person in set(cover.prescribers):
            if self.room.get(person, 0) < 0:
                yield Violation("fair", person, "has no limit, so the cover cannot count their places")
            room += max(0, self.room.get(person, 0) - kept[person])
        for site, prescriber, therapist in sorted(links):
            if prescriber not in cover.prescribers and therapist not in {*cover.therapists, *settled}:
                yield Violation("fair", f"{prescriber} + {therapist} at {site}", "is worth more, and is not covered")
        filled = len(self.places) - len(held)
        if room >= filled:
            yield Violation("fair", "cover", f"has {room} places, and the plan fills {filled} beside those held")

    def counts(self, key: Key, by: str) -> int:
        """What a link counts."""
        row = self.usable[key]
        return int(self.links.points[row] if by == "points" else self.links.pairs.weekly_sessions[row])


def _by_distance(within: SavedWithin | None) -> str:
    """What was supposed by distance, in words."""
    if within is None:
        return "no candidates by distance"
    places = "" if within.centroids is None else f" and the centroids {within.centroids[:12]}"
    return f"candidates within {within.km:g} km{places}"


def _told(objective: SavedObjective) -> str:
    return f"{objective.teamed} teamed with {objective.points} points"
