"""Who completes a person, for a person to read: who could now, who nearly, whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from kapteam.advice.complement import Complement, Partner
from kapteam.advice.pairing import ROLES
from kapteam.columns.facts import Facts
from kapteam.network.links import Links
from kapteam.rules.rule import Finding
from kapteam.show.links import shown_finding
from kapteam.show.words import MARKS, count, person, place, rests_on


def shown_complement(links: Links, answer: Complement) -> Iterator[Any]:
    """The answer, what of the person alone is in the way, who could now, the nearest misses, whom to ask."""
    from rich.text import Text

    facts = links.facts
    yield Text(headline(facts, answer), style="bold")
    yield Text()
    if answer.alone:
        yield Text(f"In the way of any team, of {_name(facts, answer.practitioner)} alone", style="bold")
        for finding in answer.alone:
            yield from shown_finding(bare(finding))
        yield Text()
    elif answer.people and sum(answer.people.values()):
        yield Text(f"Nothing of {_name(facts, answer.practitioner)} alone stands in the way.")
        yield Text()
    yield from _now(facts, [p for p in answer.partners if p.status == "pass"])
    yield from _misses(facts, answer, [p for p in answer.partners if p.status in ("unknown", "fail")])
    yield from _to_ask(facts, [p for p in answer.partners if p.status == "to_ask"])
    yield from _solo(facts, answer.solo)
    if answer.more:
        yield Text(f"  ... and {answer.more:,} more: --best N gives more of them", style="dim")
    yield Text("  every finding: kapteam explain ROSTER PRESCRIBER THERAPIST", style="dim")
    yield Text(rests_on(links), style="dim")


def headline(facts: Facts, answer: Complement) -> str:
    """The answer in one line."""
    code = facts.person_code[answer.practitioner]
    mine = [role for role in ROLES if facts.candidate[role][code]]
    who = person(facts, answer.practitioner)
    if not mine:
        return f"{who} is on the roster as neither prescriber nor therapist, so nobody completes them."
    wanted = " or ".join(f"{role}s" for role in ROLES if len(mine) == 2 or role not in mine)
    total = sum(answer.people.values())
    if not total:
        return f"There are no {wanted} on the roster who could complete {who}."
    able, open_, ask = (answer.people[status] for status in ("pass", "unknown", "to_ask"))
    said = f"{able} of {total:,} {wanted} could team with {who} now"
    if open_:
        said += f"; {open_} more if what is unknown turns out well"
    if ask:
        said += f"; {ask:,} to ask, who {'is' if ask == 1 else 'are'} not counted as possible"
    return said + "."


def bare(finding: Finding) -> Finding:
    """A finding without what it rests on: what is in the way, and what would turn it."""
    return attrs.evolve(finding, citations=(), note="")


def _name(facts: Facts, id: str) -> str:
    return facts.roster.people[id].label


def _now(facts: Facts, partners: Sequence[Partner]) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not partners:
        return
    yield Text("Could team now", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    for name in ("", "where", "a week", "points", "brings"):
        table.add_column(name, justify="right" if name in ("a week", "points") else "left", overflow="fold")
    for p in partners:
        who = f"{person(facts, p.practitioner)}, {p.role}"
        table.add_row(who, place(facts, p.site), str(p.weekly_sessions), f"{p.points:,}", brings(p))
    yield table
    yield Text()


def _misses(facts: Facts, answer: Complement, partners: Sequence[Partner]) -> Iterator[Any]:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    if not partners:
        return
    yield Text("Nearest misses", style="bold")
    told = {(f.rule, f.message) for f in answer.alone}
    for p in partners:
        mark, style = MARKS[p.status]
        head = Text()
        head.append(f"{mark} {p.status}  ", style=style)
        head.append(f"{person(facts, p.practitioner)}, {p.role}, at {place(facts, p.site)}", style="bold")
        head.append(f"  {p.points:,} points")
        yield Padding(head, (0, 0, 0, 2))
        if p.brings:
            yield Padding(Text(f"brings {brings(p)}", style="dim"), (0, 0, 0, 4))
        more = [f for f in p.findings if (f.rule, f.message) not in told]
        for finding in more:
            yield Padding(Group(*shown_finding(bare(finding))), (0, 0, 0, 2))
        if len(more) < len(p.findings):
            own = f"what is in the way of {_name(facts, answer.practitioner)} alone"
            yield Padding(Text(f"and {own}" if more else f"only {own}"), (0, 0, 0, 4))
        if not p.findings:
            yield Padding(Text("the two have no hours at one site"), (0, 0, 0, 4))
        if len(p.findings) > 1 and p.dollars is not None and p.days is not None:
            cost = f"about ${p.dollars:,}" if p.dollars else "no fee"
            yield Padding(Text(f"all of it: {cost}, about {count(p.days, 'day')}", style="dim"), (0, 0, 0, 4))
    yield Text()


def _to_ask(facts: Facts, partners: Sequence[Partner]) -> Iterator[Any]:
    from rich.padding import Padding
    from rich.text import Text

    if not partners:
        return
    yield Text("To ask: nobody wrote down enough to say whether they could", style="bold")
    for p in partners:
        far = "" if p.distance_km is None else f", {p.distance_km:,.0f} km away"
        yield Text(f"  {person(facts, p.practitioner)}, {p.role}, for {place(facts, p.site)}{far}")
        for question in p.questions:
            yield Padding(Text(question), (0, 0, 0, 6))
    yield Text()


def _solo(facts: Facts, partners: Sequence[Partner]) -> Iterator[Any]:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    if not partners:
        return
    yield Text("Alone, as both prescriber and therapist", style="bold")
    for p in partners:
        mark, style = MARKS[p.status]
        head = Text("  ")
        head.append(f"{mark} {p.status}  ", style=style)
        head.append(f"at {place(facts, p.site)}, {count(p.weekly_sessions, 'session')} a week, {p.points:,} points")
        yield head
        for finding in p.findings:
            yield Padding(Group(*shown_finding(bare(finding))), (0, 0, 0, 2))
    yield Text()


def brings(partner: Partner) -> str:
    """What somebody brings, in words."""
    names = {"language": "speaks {}", "life_support": "life support"}
    said = [names.get(b.kind, "{}").format((b.name or "").replace("_", " ")) for b in partner.brings]
    return ", ".join(said)
