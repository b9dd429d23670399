"""What absences and ends cost, for a person to read: the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.advice.resilience import Absence, Away, Pair, Resilience
from kapteam.columns.facts import Facts
from kapteam.matching.match import Plan
from kapteam.show.words import count, person, rests_on

_SHOWN = 60  # rows: more are for a program, which asks for --json


def shown_resilience(plan: Plan, answer: Resilience, within: int) -> Iterator[Any]:
    """The parts of the answer, as rich renderables."""
    from rich.text import Text

    facts = plan.links.facts
    yield Text(headline(plan, answer), style="bold")
    if answer.worst_two is not None:
        a, b = (person(facts, p) for p in answer.worst_two.practitioners)
        yield Text(f"No two absences together lose more than those of {a} and {b}: {loses(answer.worst_two)}.")
    yield Text()
    yield from _away(facts, answer)
    yield from _leaving(facts, answer)
    yield from _ending(facts, answer, within)
    yield Text(rests_on(plan.links), style="dim")


def headline(plan: Plan, answer: Resilience) -> str:
    """The answer in one line."""
    facts = plan.links.facts
    if not answer.absences:
        return "Nobody is teamed, so no absence loses anything."
    worst = _ranked(answer)[0]
    name = person(facts, worst.practitioner)
    if len(answer.absences) == 1:
        stand = f"{count(worst.places, 'place')} {'stands' if worst.places == 1 else 'stand'} on {name}"
        return f"{stand}; without them the best re-match loses {loses(worst.away)}."
    of = count(plan.objective.teamed, "therapist")
    teamed = f"{of} {'is' if plan.objective.teamed == 1 else 'are'} teamed"
    if (worst.away.teamed, worst.away.points) == (0, 0):
        return f"{teamed}, and any one of those in a team can be absent: the best re-match loses nothing (proven)."
    return f"{teamed}. No absence loses more than that of {name}: {loses(worst.away)} after the best re-match (proven)."


def loses(of: Any) -> str:
    """What is lost, in words: places, or where there are none, points."""
    if of.teamed > 0:
        return count(of.teamed, "place")
    if (of.teamed, of.points) > (0, 0):
        return count(of.points, "point")
    return "nothing" if (of.teamed, of.points) == (0, 0) else "nothing: a better plan can then be made"


def _ranked(answer: Resilience) -> list[Absence]:
    return sorted(answer.absences, key=lambda a: (-a.away.teamed, -a.away.points, a.practitioner))


def _away(facts: Facts, answer: Resilience) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not answer.absences:
        return
    yield Text("If they are absent", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    for name in ("", "places now", "loses", "instead"):
        table.add_column(name, justify="right" if name == "places now" else "left", overflow="fold")
    ranked = _ranked(answer)
    for a in ranked[:_SHOWN]:
        told = [_told(facts, pair) for pair in a.away.instead]
        if told and a.away.no_place:
            told.append(f"no place then: {', '.join(facts.roster.people[p].label for p in a.away.no_place)}")
        steps_in = "\n".join(told)
        table.add_row(person(facts, a.practitioner), f"{a.places:,}", loses(a.away), steps_in or _nobody(a.away))
    yield table
    yield from _more(len(ranked))
    yield Text()


def _nobody(away: Away) -> str:
    return "nobody can step in" if away.teamed else ""


def _told(facts: Facts, pair: Pair) -> str:
    people, place = facts.roster.people, facts.roster.places[pair.site].label
    if pair.prescriber == pair.therapist:
        return f"{people[pair.prescriber].label} alone, at {place}"
    return f"{people[pair.prescriber].label} takes {people[pair.therapist].label} at {place}"


def _leaving(facts: Facts, answer: Resilience) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    more = [
        a for a in answer.absences
        if a.leaves.links or (a.leaves.teamed, a.leaves.points) != (a.away.teamed, a.away.points)
    ]  # fmt: skip
    if not more:
        return
    more.sort(key=lambda a: (-a.leaves.teamed, -a.leaves.points, a.practitioner))
    yield Text("If they leave for good, with the agreements that name them", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for a in more[:_SHOWN]:
        links = f"{count(a.leaves.links, 'link')} of others" if a.leaves.links else "points of others"
        table.add_row(person(facts, a.practitioner), f"loses {loses(a.leaves)}", f"takes along {links}")
    yield table
    yield from _more(len(more))
    yield Text()


def _ending(facts: Facts, answer: Resilience, within: int) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not answer.expiring:
        yield Text(f"Nothing{' of theirs' * answer.named} ends within {count(within, 'day')}.", style="bold")
        yield Text()
        return
    yield Text(f"Ends within {count(within, 'day')}; what is lost if it is not renewed", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for e in answer.expiring[:_SHOWN]:
        who = f"{person(facts, e.practitioner)}: " if e.practitioner else ""
        table.add_row(e.expires.isoformat(), who + e.what, loses(e))
    yield table
    yield from _more(len(answer.expiring))
    yield Text()


def _more(rows: int) -> Iterator[Any]:
    from rich.text import Text

    if rows > _SHOWN:
        yield Text(f"  ... and {rows - _SHOWN:,} more: --json has them all")
