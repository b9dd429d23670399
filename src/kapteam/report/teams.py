"""The teams as a report lists them: a row for each therapist's place, and what it stands on."""

from __future__ import annotations

from attrs import frozen

from kapteam.matching.capacity import capacities
from kapteam.matching.match import Plan
from kapteam.report.answers import Answers, Ending
from kapteam.report.links import Listed, Told
from kapteam.show.plan import on_telehealth, question


@frozen(eq=False)
class Member:
    """One therapist's place in a team.

    Attributes
    ----------
    told : Told
        The link and its findings.
    taken, room : int
        How many therapists the prescriber has in all, and can take; -1: no limit.
    verify : tuple of str
        What has to be asked before.
    telehealth : bool
        Whether it stands on the federal telehealth flexibilities.
    weak : bool
        Whether it rests on law that was read in a secondary source only.
    short : bool
        Whether the team has fewer therapists than a session takes.
    ends : tuple of Ending
        What of the two ends soon.
    """

    told: Told
    taken: int
    room: int
    verify: tuple[str, ...]
    telehealth: bool
    weak: bool
    short: bool
    ends: tuple[Ending, ...]


def members(given: Answers, listed: Listed) -> list[Member]:
    """Every place of a plan, by site, prescriber and therapist."""
    plan = given.plan
    facts, room = plan.links.facts, capacities(plan.links.facts)
    taken: dict[str, int] = {}
    for team in plan.teams:
        taken[team.prescriber] = taken.get(team.prescriber, 0) + len(team.therapists)
    whole = {(t.site, t.prescriber) for t in plan.teams if len(t.therapists) >= facts.protocol.therapists}
    ends: dict[str, list[Ending]] = {}
    for ending in given.endings:
        if ending.practitioner is not None:
            ends.setdefault(ending.practitioner, []).append(ending)
    verify = _to_verify(plan)
    remote = on_telehealth(plan)
    found = []
    for told, far in zip(listed.teams, remote, strict=True):
        link = told.explained.link
        both = dict.fromkeys((link.prescriber, link.therapist))
        found.append(
            Member(
                told=told,
                taken=taken[link.prescriber],
                room=int(room[facts.person_code[link.prescriber]]),
                verify=verify.get((link.site, link.prescriber, link.therapist), ()),
                telehealth=bool(far),
                weak=told.explained.on_low_confidence,
                short=(link.site, link.prescriber) not in whole,
                ends=tuple(e for person in both for e in ends.get(person, ())),
            )
        )
    return found


def _to_verify(plan: Plan) -> dict[tuple[str, str, str], tuple[str, ...]]:
    return {
        (team.site, team.prescriber, place.practitioner): tuple(dict.fromkeys(map(question, place.to_verify)))
        for team in plan.teams
        for place in team.therapists
    }
