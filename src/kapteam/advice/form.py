"""The best teams for a need, and where there are not so many the nearest ones, with what each lacks in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from kapteam.advice.explain import explained, member_finding
from kapteam.columns.facts import Facts
from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.matching.form import Formed, FormedTeam, form, rows_of, team_of
from kapteam.matching.lacking import Lacking, lacking
from kapteam.matching.need import Ask
from kapteam.matching.seats import Pool
from kapteam.network.links import Links
from kapteam.records.problems import nearest
from kapteam.rules.rule import Finding
from kapteam.rules.rulebook import START_RULES

#: Something that a team lacks: a finding, or words where no rule says it.
Lack = Finding | str


@frozen
class NearTeam:
    """A team that cannot be formed as it is, and what it lacks."""

    team: FormedTeam
    lacks: tuple[Lack, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {**self.team.as_dict(), "lacks": [x if isinstance(x, str) else x.as_dict() for x in self.lacks]}


@frozen(repr=False)
class Advised:
    """The best teams for a need, and the nearest ones where there are fewer than were asked for."""

    formed: Formed
    nearest: tuple[NearTeam, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        formed = self.formed
        return {
            "on": formed.links.facts.day.isoformat(),
            "unknown": formed.need.unknown,
            "protocol": formed.links.facts.protocol_name,
            "proven": formed.proven,
            "bound": formed.bound and attrs.asdict(formed.bound),
            "form": [team.as_dict() for team in formed.teams],
            "nearest": [near.as_dict() for near in self.nearest],
            **formed.links.supposition,
        }

    def __repr__(self) -> str:
        return repr(self.formed).replace("<Formed", "<Advised")


def advised(links: Links, **need: Any) -> Advised:
    """The best teams for a need; see :func:`kapteam.matching.form.form` for the options.

    Raises
    ------
    UsageError
        What is asked names what there is not, or cannot be asked together.
    """
    formed = form(links, **need)
    missing = formed.count - len(formed.chosen)
    near = lacking(formed, missing) if missing and formed.proven else []
    return Advised(formed, tuple(NearTeam(team_of(one.pool, one.chosen), tuple(_lacks(one))) for one in near))


def ask_words(ask: Ask) -> str:
    """What one therapist must bring: ``has learned emdr and speaks es``."""
    asked = (("has learned", ask.modalities), ("speaks", ask.languages))
    return " and ".join(f"{verb} {' and '.join(names)}" for verb, names in asked if names)


def meant(facts: Facts, ask: Ask) -> tuple[str, ...]:
    """What was perhaps meant by a modality or a language that neither the roster nor the law packs name."""
    people, packs = facts.roster.practitioners, facts.law.packs.modalities.values()
    modalities = {name for m in packs for name in (m.key, m.name, *m.aliases)} | set(facts.law.practice.modalities)
    modalities |= {name for person in people for name in person.modalities or ()}
    modalities |= {row.name for row in facts.roster.training if row.kind == "modality" and row.name is not None}
    languages = {tag for person in people for tag in person.languages or ()}
    asked = [(name, modalities) for name in ask.modalities] + [(tag, languages) for tag in ask.languages]
    return tuple(close for name, known in asked if name not in known for close in nearest(name, sorted(known)))


def _lacks(one: Lacking) -> Iterator[Lack]:
    """What a team lacks: asks, people, what is in the way of those there, and a common start."""
    pool, chosen = one.pool, one.chosen
    facts, site = pool.links.facts, pool.links.facts.roster.places[pool.links.facts.sites[chosen.site]].label
    for number in one.unmet:
        yield _unmet(pool, number)
    for person in one.absent:
        yield f"{facts.roster.people[facts.people[person]].label} is not in it, and was to be"
    for what, people in (("therapist", chosen.therapists), ("monitor", chosen.monitors)):
        vacant = sum(person < 0 for person in people)
        if vacant:
            yield f"{'one more' if vacant == 1 else f'{vacant} more'} {what}{'s' * (vacant > 1)} at {site}"
    found = list(_findings(one))
    yield from found
    if not any(finding.rule in START_RULES for finding in found):
        if one.hours == "any":
            yield f"no common hours: no start of a week at {site} fits all of them"
        elif one.hours == "unwritten" and pool.need.unknown != "allow":
            yield f"hours at {site} that nobody wrote down would have to hold a start that fits all of them"


def _unmet(pool: Pool, number: int) -> str:
    """An ask that nobody in a team meets."""
    facts, ask = pool.links.facts, pool.need.asks[number]
    told = ask_words(ask)
    if not pool.met[number].any():
        close = meant(facts, ask)
        return f"nobody {told}" + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
    sit = pool.links.pairs.therapist_person[pool.rows]
    where = "" if pool.need.site is None else f" at {facts.roster.places[facts.sites[pool.need.site]].label}"
    return f"no therapist{where} {told}" if not pool.met[number][sit].any() else f"none of them {told}"


def _findings(one: Lacking) -> Iterator[Finding]:
    """What is in the way of a team's links and monitors, each once."""
    pool, chosen = one.pool, one.chosen
    links, allowed = pool.links, pool.need.unknown == "allow"
    told: set[tuple[str, str]] = set()
    for row in rows_of(pool, chosen):
        for finding in explained(links, int(row)).in_the_way:
            key = finding.rule, finding.subject
            if key not in told and not (allowed and finding.status == "unknown"):
                told.add(key)
                yield finding
    watch = pool.watch(chosen.site)
    for row in np.flatnonzero(np.isin(watch.members.person, chosen.monitors)):
        for judgement in watch.judgements:
            if judgement.verdicts[row] == FAIL or (judgement.verdicts[row] == UNKNOWN and not allowed):
                yield member_finding(links.rulebook, judgement, watch.members, int(row))
