"""A plan in the order that a manager reads: the answer, the teams, who is left out, what to ask, what ends soon."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kapteam.advice.check import Expiring, expiring
from kapteam.advice.explain import explained
from kapteam.advice.story import Story, story
from kapteam.columns.facts import Facts
from kapteam.columns.policies import cell, policy_row
from kapteam.matching.confirm import IfConfirmed
from kapteam.matching.fair import Fairness
from kapteam.matching.match import Plan
from kapteam.rules.legal import sees_in_person
from kapteam.rules.rulebook import START_RULES, Rulebook
from kapteam.rules.words import listed
from kapteam.show.bounds import COMMAND, Bounds
from kapteam.show.by_distance import asks_whether, supposed
from kapteam.show.words import MARKS, count, person, place, rests_on, unjudged

if TYPE_CHECKING:
    from rich.table import Table

_SOON = 30  # days
_ASKED = 8  # questions
_LOOKED_AT = 1000  # places whose sources are looked at


def shown_plan(plan: Plan, bounds: Bounds = COMMAND) -> Iterator[Any]:
    """The parts of a plan, as rich renderables."""
    from rich.text import Text

    yield from shown_answer(plan)
    if plan.conflicts:
        return
    protocol = plan.links.facts.protocol
    if protocol.therapists > 1 and any(len(t.therapists) < protocol.therapists for t in plan.teams):
        yield Text(f"A session takes {protocol.therapists} therapists; a team with fewer is marked *.")
    yield Text()
    yield from _teams(plan, bounds)
    yield from _left_out(plan, bounds)
    yield from _ask(plan)
    yield from _soon(plan)
    weak = _on_low_confidence(plan)
    if weak:
        rest = f"{count(weak, 'place')} {'rests' if weak == 1 else 'rest'} on law read in secondary sources only"
        yield Text(f"{rest}: kapteam explain ROSTER PRESCRIBER THERAPIST names them.")
    yield Text(rests_on(plan.links), style="dim")


def shown_answer(plan: Plan) -> Iterator[Any]:
    """What comes first: the answer, what it rests on by distance alone, and fairness; or why there is no plan."""
    from rich.text import Text

    yield Text(answer(plan), style="bold")
    yield from warned(plan.links.rulebook)
    if plan.conflicts:
        for conflict in plan.conflicts:
            yield Text(f"  {conflict.message}")
        return
    by_distance = supposed(plan.links, plan.rows, "place")
    if by_distance:
        yield Text(by_distance)
    if plan.fairness is not None:
        yield Text(fairly(plan.fairness))


def warned(rulebook: Rulebook) -> Iterator[Any]:
    """A line on the rules of law or of insurance that decide nothing, where there are any."""
    from rich.text import Text

    said = unjudged(rulebook)
    if said:
        mark, colour = MARKS["fail"]
        yield Text(f"{mark} {said}", style=f"bold {colour}")


def _on_low_confidence(plan: Plan) -> int:
    """How many places rest on entries of the law that are of low confidence; 0 where there are too many to look at."""
    rows = plan.rows if len(plan.rows) <= _LOOKED_AT else plan.rows[:0]
    return sum(explained(plan.links, int(row)).on_low_confidence for row in rows)


def answer(plan: Plan) -> str:
    """The answer in one line."""
    if plan.conflicts:
        return "No plan keeps what was to be kept:"
    therapists = int(plan.links.facts.candidate["therapist"].sum())
    o = plan.objective
    if plan.max_partners > 1:
        people = len(np.unique(plan.links.pairs.therapist_person[plan.rows]))
        return (
            f"{people:,} of {count(therapists, 'therapist')} are teamed, in {count(o.teamed, 'place')}, "
            f"and no plan fills more (proven). {o.points:,} points of at most {plan.bound.points:,}."
        )
    are = "is" if o.teamed == 1 or therapists == 1 else "are"
    return (
        f"{o.teamed:,} of {count(therapists, 'therapist')} {are} teamed, "
        f"and no plan teams more (proven). {o.points:,} points of at most {plan.bound.points:,}."
    )


def fairly(fairness: Fairness) -> str:
    """What the worst-off have, and what that costs, in words."""
    if fairness.worst is None:
        return "Nobody is teamed, so nobody is worse off."
    has = count(fairness.worst, "point" if fairness.by == "points" else "weekly session")
    worst = f"The worst-off has {has}, and no plan that teams as many gives everyone more (proven)."
    gain = fairness.gain
    if gain is None:
        return f"{worst} The plan with most points is as fair as can be."
    them = (
        f"{gain.otherwise:,}"
        if gain.rank == 1
        else f"number {gain.rank} from below {gain.otherwise:,}, not {gain.has:,}"
    )
    costs = count(fairness.price, "point") if fairness.price else "nothing"
    return f"{worst} The plan with most points gives {them}. Fairness costs {costs}."


def _teams(plan: Plan, bounds: Bounds) -> Iterator[Any]:
    from rich.text import Text

    facts = plan.links.facts
    fewest = facts.protocol.therapists
    for site, teams in groupby(bounds.first(plan.teams), key=lambda t: t.site):
        table = _table(("", 30), ("therapist", 26), ("a week", 6), ("points", 6))
        for team in teams:
            short = " *" if len(team.therapists) < fewest else ""
            for i, member in enumerate(team.therapists):
                solo = member.practitioner == team.prescriber
                who = "alone, as both" if solo else person(facts, member.practitioner)
                asked = (asks_whether(facts, r, team.prescriber, site) or question(r) for r in member.to_verify)
                questions = "; ".join(dict.fromkeys(asked))
                verify = f"\n  to verify: {questions}" if questions else ""
                table.add_row(
                    person(facts, team.prescriber) + short if i == 0 else "", who + verify,
                    str(member.weekly_sessions), f"{member.points:,}",
                )  # fmt: skip
        yield Text(place(facts, site), style="bold")
        yield table
        yield Text()
    if len(plan.teams) > bounds.rows:
        yield from bounds.more(len(plan.teams))
        yield Text()


def _left_out(plan: Plan, bounds: Bounds) -> Iterator[Any]:
    from rich.text import Text

    people = list(dict.fromkeys(u.practitioner for u in plan.unmatched))
    if not people:
        return
    facts = plan.links.facts
    yield Text("Left out", style="bold")
    table = _table(("", 26), ("", 48), header=False)
    for id in bounds.first(people):
        table.add_row(person(facts, id), "\n".join(reasons(plan, story(plan, id, count=1))))
    yield table
    yield from bounds.more(len(people))
    yield Text("  why in full: kapteam explain ROSTER PERSON (the id in brackets)", style="dim")
    yield Text()


def reasons(plan: Plan, told: Story) -> list[str]:
    """Why someone is left out, in words, a line for each role."""
    lines = []
    roles = len(told.left_out) > 1
    for left in told.left_out:
        as_role = f"as {left.role}: " if roles else ""
        match left.reason:
            case "no_license" | "not_eligible":
                said = next(
                    (f.message for f in told.findings if f.subject.split(" as ")[1].startswith(left.role)),
                    left.reason,
                )
            case "no_capacity" if told.shared is not None:
                said = (
                    f"no capacity: {count(told.shared[0], 'therapist')} share prescribers who can take {told.shared[1]}"
                )
                if told.one_place_more:
                    prescriber = plan.links.facts.roster.people[told.one_place_more[0][0]].label
                    said += f"; one place more with {prescriber} would team one more"
            case "no_capacity":
                said = (
                    "no capacity: all who could work with them are full"
                    if left.role == "therapist"
                    else "has room: all who could work with them have a prescriber"
                )
            case _ if not _has_hours(plan.links.facts, left.practitioner):
                said = "no partner. The hours table has no hours of theirs in force"
            case _:
                said = "no partner. " + (_nearest(plan, told) or "Nobody is at a site with them")
        lines.append(as_role + said)
    return lines


def _has_hours(facts: Facts, id: str) -> bool:
    return bool((facts.postings.person == facts.person_code[id]).any())


def _nearest(plan: Plan, told: Story) -> str:
    if not told.nearest:
        return ""
    link, roster = told.nearest[0], plan.links.facts.roster
    other = link.link.prescriber if link.link.therapist == told.practitioner else link.link.therapist
    who = f"Nearest is {roster.people[other].label} at {roster.places[link.link.site].label}. "
    return who + (link.in_the_way[0].message if link.in_the_way else "")


def _ask(plan: Plan) -> Iterator[Any]:
    from rich.text import Text

    if not plan.if_confirmed:
        return
    facts = plan.links.facts
    yield Text("Ask first", style="bold")
    table = _table(("", 58), ("", 14), header=False)
    for c in plan.if_confirmed[:_ASKED]:
        table.add_row(f"{to_ask(facts, c)} ({c.practitioner})", f"adds {added(c)}")
    yield table
    more = len(plan.if_confirmed) - _ASKED
    if more > 0:
        yield Text(f"  and {count(more, 'question')} more: kapteam match ROSTER --json has them all", style="dim")
    yield Text()


def asks(facts: Facts, fact: IfConfirmed) -> tuple[str, str]:
    """Whom to ask about an unknown fact, and what: the carrier of a policy about it, a person about anything else."""
    name = facts.roster.people[fact.practitioner].label
    held = (policy_row(facts, fact.practitioner, role) for role in ("prescriber", "therapist"))
    silent = [row.carrier for row in held if row is not None and cell(facts, row, "ketamine") is None]
    if fact.rule != "malpractice.ketamine" or not silent:
        return name, question(fact.rule)
    return listed(list(dict.fromkeys(silent))), f"does {name}'s policy cover KAP?"


def to_ask(facts: Facts, fact: IfConfirmed) -> str:
    """Whom to ask about an unknown fact and what, in words."""
    return ": ".join(asks(facts, fact))


def worth_asking(facts: Facts, fact: IfConfirmed) -> str:
    """What to ask about an unknown fact, and what a good answer adds, as sentences."""
    return f"{to_ask(facts, fact)} A good answer adds {added(fact)}."


def added(fact: IfConfirmed) -> str:
    """What confirming a fact would add, in words: places, or where there are none, points."""
    return count(fact.adds, "place") if fact.adds else f"{fact.adds_points:,} points"


def question(rule: str) -> str:
    """The unknown behind a rule, as a question."""
    questions = {
        "malpractice.ketamine": "does the policy cover KAP?",
        "malpractice.specialty": "what is the specialty?",
        "legal.registration": "which schedules does the DEA certificate list?",
        "legal.state_registration": "is the state's own registration needed, and held?",
        "legal.site_registration": "which schedules does the site's DEA certificate list?",
        "legal.license": "what do the restricted licence's terms allow?",
        "legal.therapy_license": "what do the licence's terms allow?",
        "legal.authority": "may the profession prescribe ketamine there?",
        "legal.agreement": "is an agreement needed, or independence held?",
        "legal.evaluation": "may a patient never seen in person be prescribed for?",
        "ethics.kap_training": "how many hours was the KAP training?",
        **dict.fromkeys(START_RULES, "when are they on site?"),
    }
    return questions.get(rule, rule)


def _soon(plan: Plan) -> Iterator[Any]:
    from rich.text import Text

    facts = plan.links.facts
    ends = expiring(facts, _SOON)
    if not ends:
        return
    by_telehealth = int(on_telehealth(plan).sum())
    table = _table(("", 10), ("", 64), header=False)
    for e in ends[:10]:
        who = f"{person(facts, e.practitioner)}: " if e.practitioner else ""
        what = who + e.what
        if of_telehealth(e):
            stand = (
                f"{count(by_telehealth, 'place')} in these teams {'stands' if by_telehealth == 1 else 'stand'} on them"
            )
            what = f"the federal telehealth flexibilities end: {stand}" if by_telehealth else ""
        if what:
            table.add_row(e.expires.isoformat(), what)
    if table.row_count:
        yield Text(f"Ends within {_SOON} days", style="bold")
        yield table
        yield Text()


def of_telehealth(ending: Expiring) -> bool:
    """Whether what ends are the federal telehealth flexibilities."""
    return ending.practitioner is None and ending.what.startswith("federal law: telehealth")


def on_telehealth(plan: Plan) -> NDArray[np.bool_]:
    """Of each link that the plan uses: whether its prescriber may prescribe there only while telehealth may do."""
    pairs = plan.links.pairs
    return np.asarray(~sees_in_person(pairs.prescribers)[pairs.prescriber[plan.rows]])


def _table(*columns: tuple[str, int], header: bool = True) -> Table:
    """A plain table that keeps to 80 columns; numbers stand to the right."""
    from rich.table import Table

    table = Table(box=None, show_header=header, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    for name, width in columns:
        right = name in ("a week", "points")
        table.add_column(name, min_width=min(width, 10), justify="right" if right else "left", overflow="fold")
    return table
