"""Judged links, and the findings of one, for a person to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kapteam.advice.explain import Explained
from kapteam.advice.story import Story
from kapteam.columns.facts import Facts
from kapteam.matching.capacity import capacities
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.people import ROLES
from kapteam.rules.rule import Finding
from kapteam.show.bounds import COMMAND, Bounds
from kapteam.show.by_distance import distance, supposed
from kapteam.show.plan import added, question, reasons
from kapteam.show.words import MARKS, count, person, place, rests_on, turned_by


def shown_links(links: Links, bounds: Bounds = COMMAND) -> Iterator[Any]:
    """Every link by site, with its verdict."""
    from rich.table import Table
    from rich.text import Text

    yield from shown_count(links)
    yield Text()
    facts = links.facts
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
    asked = facts.supposed is not None
    for name in ("", "prescriber", "therapist", "a week", "points", *["by distance"] * asked):
        table.add_column(name, justify="left" if name in ("", "prescriber", "therapist") else "right")
    site = None
    for link in map(links.link, bounds.first(range(len(links)))):
        if link.site != site:
            site = link.site
            table.add_row("", Text(place(facts, site), style="bold"))
        mark, style = MARKS[link.verdict]
        table.add_row(
            Text(f"{mark} {link.verdict}", style=style), person(facts, link.prescriber), person(facts, link.therapist),
            str(link.weekly_sessions), f"{link.points:,}",
            *[_km(distance(facts, link.prescriber, link.site))] * asked,
        )  # fmt: skip
    yield table
    yield from bounds.more(len(links))
    yield Text()
    yield Text(rests_on(links), style="dim")


def shown_count(links: Links) -> Iterator[Any]:
    """How many links there are, pass and rest on what; and how many are there by distance alone."""
    from rich.text import Text

    verdicts = links.verdicts
    passing, open_ = int((verdicts == 1).sum()), int((verdicts == 0).sum())
    yield Text(
        f"{passing:,} of {count(len(links), 'candidate link')} {'passes' if passing == 1 else 'pass'}, "
        f"{open_:,} {'rests' if open_ == 1 else 'rest'} on unknown facts.",
        style="bold",
    )
    said = supposed(links, slice(None), "link")
    if said:
        yield Text(said)


def _km(distance: float | None) -> str:
    return "" if distance is None else f"{distance:,.0f} km"


def shown_findings(
    facts: Facts,
    explained: Sequence[Explained],
    *,
    only: Callable[[Explained], Sequence[Finding]] = lambda link: link.findings,
) -> Iterator[Any]:
    """Links with their findings: all of them, or ``only`` some."""
    from rich.text import Text

    for link in explained:
        mark, style = MARKS[link.link.verdict]
        head = Text()
        head.append(f"{mark} {link.link.verdict}  ", style=style)
        solo = link.link.prescriber == link.link.therapist
        both = person(facts, link.link.prescriber) + ("" if solo else f" + {person(facts, link.link.therapist)}")
        head.append(f"{both} at {place(facts, link.link.site)}", style="bold")
        head.append(f"  {count(link.link.weekly_sessions, 'session')} a week, {link.link.points:,} points")
        yield head
        for finding in only(link):
            yield from shown_finding(finding)
        yield Text()


def shown_pair(links: Links, explained: Sequence[Explained], bounds: Bounds = COMMAND) -> Iterator[Any]:
    """Every finding of some links; of two who could fill no two roles, only that."""
    from rich.text import Text

    facts = links.facts
    lacking = [
        f"{role}s" for role in ("prescriber", "therapist")
        if explained and not any(facts.candidate[role][facts.person_code[getattr(e.link, role)]] for e in explained)
    ]  # fmt: skip
    if lacking:
        names = sorted({person(facts, p) for e in explained for p in (e.link.prescriber, e.link.therapist)})
        yield Text(
            f"{' and '.join(names)}: there are no {' and no '.join(lacking)} here, so no link of the two can be."
        )
    else:
        yield from shown_findings(facts, bounds.first(explained))
        yield from bounds.more(len(explained))
    if not explained:
        yield Text("There is no such link.")
    yield Text(rests_on(links), style="dim")


def shown_finding(finding: Finding) -> Iterator[Any]:
    """One finding: its sentence, then what it rests on, then what would turn it where it does not pass."""
    from rich.padding import Padding
    from rich.text import Text

    mark, style = MARKS[finding.status]
    line = Text()
    line.append(f"{mark} ", style=style)
    line.append(finding.message)
    line.append(
        f"  [{finding.rule}" + ("" if finding.severity == "block" else f", {finding.severity}") + "]",
        style="dim",
    )
    yield Padding(line, (0, 0, 0, 2))
    for said in (finding.note, *finding.citations):
        if said:
            yield Padding(Text(said, style="dim"), (0, 0, 0, 6))
    if finding.remedy is not None:
        yield Padding(Text(f"→ {turned_by(finding.remedy)}"), (0, 0, 0, 4))


def shown_story(plan: Plan, told: Story) -> Iterator[Any]:
    """One person's team, or why they have none and what comes nearest."""
    from rich.text import Text

    facts = plan.links.facts
    yield Text(person(facts, told.practitioner), style="bold")
    if not told.teams and not told.left_out:
        roles = [role for role in ROLES if facts.candidate[role][facts.person_code[told.practitioner]]]
        said = (
            f"a {' and '.join(roles)} only" if roles else "of no profession that prescribes, does therapy or monitors"
        )
        yield Text(f"  is {said}, so no team is made for them")
    for team in told.teams:
        room = capacities(facts)[facts.person_code[team.prescriber]]
        everywhere = sum(len(t.therapists) for t in plan.teams if t.prescriber == team.prescriber)
        filled = count(everywhere, "therapist") + (f" of {room} at most" if room >= 0 else "")
        yield Text(f"  teamed at {place(facts, team.site)}: {person(facts, team.prescriber)} has {filled}")
    for line in reasons(plan, told):
        yield Text(f"  {line}")
    for fact in told.would_add:
        yield Text(f"  {question(fact.rule)} A good answer adds {added(fact)}.")
    yield Text()
    for finding in told.findings:
        yield from shown_finding(finding)
    if told.placed:
        yield from shown_findings(facts, told.placed, only=lambda link: link.short_of)
    if told.nearest:
        if told.findings:
            yield Text()
        yield Text("Nearest links", style="bold")
        yield from shown_findings(facts, told.nearest, only=lambda link: link.in_the_way)
    yield Text("  every finding: kapteam explain ROSTER PRESCRIBER THERAPIST", style="dim")
    yield Text(rests_on(plan.links), style="dim")
