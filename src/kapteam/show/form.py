"""The best teams for a need, for a person to read: who, what they bring, when they could begin; or what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.advice.form import Advised, NearTeam
from kapteam.columns.facts import Facts
from kapteam.columns.own import own_rows
from kapteam.matching.form import Formed, FormedTeam
from kapteam.matching.need import Need
from kapteam.show.complement import bare
from kapteam.show.links import shown_finding
from kapteam.show.plan import question
from kapteam.show.words import count, person, place, rests_on


def shown_form(advised: Advised) -> Iterator[Any]:
    """The answer, the teams in order, and the nearest ones where there are fewer than were asked for."""
    from rich.text import Text

    formed, facts = advised.formed, advised.formed.links.facts
    yield Text(answer(formed), style="bold")
    yield Text()
    for number, team in enumerate(formed.teams, start=1):
        yield Text(_head(facts, f"{number}  ", team), style="bold")
        yield _people(facts, team)
        yield Text()
    if advised.nearest:
        yield Text("Nearest teams, and what each lacks", style="bold")
        yield Text()
        for near in advised.nearest:
            yield from _near(facts, near)
    elif not formed.chosen and formed.proven:
        yield Text("Nothing comes near: no prescriber and therapist there have hours at one site.")
    if formed.need.cost is not None and formed.chosen:
        yield Text(f"  cost: {_COSTS[formed.need.cost]}, over who worked together or would like to", style="dim")
    yield Text("  every finding: kapteam explain ROSTER PRESCRIBER THERAPIST", style="dim")
    yield Text(rests_on(formed.links), style="dim")


_COSTS = {
    "sum": "the sum of all distances",
    "diameter": "the greatest distance of two",
    "leader": "the sum of the distances to the prescriber",
    "mst": "the length of the shortest ways that join all",
}


def answer(formed: Formed) -> str:
    """The answer in one line."""
    need, found = formed.need, len(formed.chosen)
    what = _for(need)
    if need.site is not None:
        facts = formed.links.facts
        what += f" at {place(facts, facts.sites[need.site])}"
    if not found:
        return f"No team can be formed{what}{' (proven)' if formed.proven else ': none was found so far'}."
    said = f"The {found} best teams{what}" if found > 1 else f"The best team{what}"
    if formed.bound is not None:
        cost = "" if formed.bound.cost is None else f"a cost of {formed.bound.cost:g} and "
        return f"{said} of those looked at: none of the others is better than {cost}{formed.bound.points:,} points."
    if found < formed.count:
        return f"{count(found, 'team')} can be formed{what}, and no other (proven)."
    return f"{said} (proven)."


def _for(need: Need) -> str:
    """What is asked, as it follows ``a team``: ``for emdr in es``."""
    modalities = " and ".join(name.replace("_", " ") for ask in need.asks for name in ask.modalities)
    languages = " and ".join(tag for ask in need.asks for tag in ask.languages)
    return (f" for {modalities}" if modalities else "") + (f" in {languages}" if languages else "")


def _head(facts: Facts, number: str, team: FormedTeam) -> str:
    cost = "" if team.cost is None else f", cost {team.cost:g}"
    return f"{number}{place(facts, team.site)}   {team.points:,} points{cost}"


def _people(facts: Facts, team: FormedTeam) -> Any:
    from rich.padding import Padding
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    solo = team.therapists == (team.prescriber,)
    if not solo:
        table.add_row("prescriber", person(facts, team.prescriber))
    for therapist in team.therapists:
        brings = _brings(facts, therapist)
        table.add_row(
            "alone, as both" if solo else "therapist", person(facts, therapist) + (f": {brings}" if brings else "")
        )
    for monitor in team.monitors:
        table.add_row("monitor", person(facts, monitor))
    if team.first_start is not None:
        more = team.weekly_starts - 1
        others = (
            f", or at {count(more, 'other quarter hour')} of a week" if more else ", and at no other time of a week"
        )
        table.add_row("could begin", team.first_start + others)
    for verify in team.to_verify:
        table.add_row("to verify", f"{person(facts, verify.practitioner)}: {question(verify.rule)}")
    return Padding(table, (0, 0, 0, 3))


def _brings(facts: Facts, id: str) -> str:
    """A therapist's modalities and languages."""
    who = facts.roster.people[id]
    learned = [row.name for row in own_rows(facts, "training", id) if row.kind == "modality"]
    names = dict.fromkeys(facts.law.modality(name)[0] for name in (*(who.modalities or ()), *filter(None, learned)))
    said = [", ".join(names).replace("_", " ")] if names else []
    if who.languages:
        said.append(f"speaks {', '.join(who.languages)}")
    return "; ".join(said)


def _near(facts: Facts, near: NearTeam) -> Iterator[Any]:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    yield Text(_head(facts, "   ", near.team), style="bold")
    yield _people(facts, near.team)
    for lack in near.lacks:
        if isinstance(lack, str):
            line = Text()
            line.append("✗ ", style="red")
            line.append(lack)
            yield Padding(line, (0, 0, 0, 6))
        else:  # what is in the way and what would turn it; what it rests on is in `explain`
            yield Padding(Group(*shown_finding(bare(lack))), (0, 0, 0, 4))
    yield Text()
