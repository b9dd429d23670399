"""Who could consult for whom, for a person to read: who takes whom, who is left without, whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kapteam.advice.mentors import Mentor, Mentoring, ToAsk, Without
from kapteam.columns.facts import Facts
from kapteam.network.links import Links
from kapteam.show.bounds import COMMAND, Bounds
from kapteam.show.words import count, person, rests_on

#: By criterion: what is said of one who fails it, and what is asked where it is unknown.
_WORDS = {
    "mentor.license": (
        "has no active therapy licence where {mentee} works",
        "what is the nurse's specialty?",
    ),
    "ethics.kap_training": ("has too little KAP training", "how many hours was the KAP training?"),
    "ethics.experiential": ("has had no experiential training", "was there an experiential training?"),
    "ethics.practicum": ("had no practicum", "did a training of theirs have a practicum?"),
    "mentor.experience": (
        "has neither mentorship of their own nor {hours} hours of KAP training",
        "how many hours of KAP training in all? {hours} are asked of one without mentorship of their own",
    ),
}


def shown_mentors(links: Links, answer: Mentoring, bounds: Bounds = COMMAND) -> Iterator[Any]:
    """The answer, who takes whom, who is left without and why, whom to ask, and what was asked of a mentor."""
    from rich.text import Text

    facts = links.facts
    yield Text(headline(facts, answer), style="bold")
    yield Text()
    yield from _taking(facts, [m for m in answer.mentors if m.mentees or m.already], bounds)
    free = [m for m in answer.mentors if not m.mentees and not m.already]
    if free:
        yield Text("Could, and have nobody: " + ", ".join(person(facts, m.mentor) for m in bounds.first(free)))
        yield from bounds.more(len(free))
        yield Text()
    yield from _without(facts, answer, answer.without, bounds)
    yield from _ask(facts, answer, answer.to_ask, bounds)
    licence = (
        "an active licence of a therapy profession"
        if answer.anywhere
        else "an active licence of a therapy profession where the other works (kapteam's cautious reading, for "
        "consultation is not supervision; --anywhere lifts it)"
    )
    yield Text(
        f"Asked of a mentor: {licence}, KAP training with a practicum, experiential training, and mentorship of "
        f"their own or {answer.hours:f} hours of KAP training (kapteam's threshold; --hours changes it).",
        style="dim",
    )
    yield Text(rests_on(links), style="dim")


def headline(facts: Facts, answer: Mentoring) -> str:
    """The answer in one line."""
    need = answer.served + len(answer.without)
    if not facts.candidate["therapist"].any():
        return "There is nobody on the roster who sits as a therapist."
    if not need:
        return "Everyone who sits has mentorship or consultation."
    busiest = max((m.load for m in answer.mentors), default=0)
    said = f"{answer.served} of {need:,} who sit without mentorship or consultation can have a mentor"
    if not answer.served:
        return f"{said}."
    return f"{said}, and no assignment serves more, or more evenly. The busiest mentor has {busiest}."


def _taking(facts: Facts, mentors: Sequence[Mentor], bounds: Bounds) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not mentors:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    for name in ("mentor", "load", "takes", "has already"):
        table.add_column(name, justify="right" if name == "load" else "left", overflow="fold")
    for m in bounds.first(mentors):
        who = person(facts, m.mentor) + (f"; to verify: {', '.join(m.to_verify)}" if m.to_verify else "")
        takes, has = ("\n".join(person(facts, id) for id in ids) for ids in (m.mentees, m.already))
        table.add_row(who, str(m.load), takes, has)
    yield table
    yield from bounds.more(len(mentors))
    yield Text()


def _without(facts: Facts, answer: Mentoring, without: Sequence[Without], bounds: Bounds) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not without:
        return
    yield Text("Left without", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for w in bounds.first(without):
        table.add_row(person(facts, w.practitioner), why(facts, answer, w))
    yield table
    yield from bounds.more(len(without))
    yield Text()


def why(facts: Facts, answer: Mentoring, without: Without) -> str:
    """Why somebody is left without a mentor, in words."""
    nearest = without.nearest
    if nearest is None:
        return "nobody else is here as a therapist whom neither avoids"
    who = person(facts, nearest.mentor)
    if without.why == "no_room":
        return f"no room: all who could have {answer.load} or more (--load); {who} fits best"
    said = _said(facts, answer, without.practitioner, nearest.rules, int(without.why == "to_ask"))
    if without.why == "to_ask":
        return f"nobody is known to be able to; {who} might: {said}"
    return f"nobody could. Nearest is {who}, who {said}"


def _said(facts: Facts, answer: Mentoring, mentee: str, rules: Sequence[str], which: int) -> str:
    """Some criteria in words: as what fails (0), or as questions (1)."""
    names = {"mentee": facts.roster.people[mentee].label if mentee else "", "hours": f"{answer.hours:f}"}
    said = [_WORDS[rule][which].format_map(names) for rule in rules]
    return " ".join(said) if which else " and ".join(said)


def _ask(facts: Facts, answer: Mentoring, to_ask: Sequence[ToAsk], bounds: Bounds) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not to_ask:
        return
    yield Text("Ask first", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
    for _ in range(3):
        table.add_column(overflow="fold")
    for a in bounds.first(to_ask):
        might = f"might take {count(len(a.mentees), 'person', 'people')}"
        table.add_row(person(facts, a.mentor), _said(facts, answer, "", a.rules, 1), might)
    yield table
    yield from bounds.more(len(to_ask))
    yield Text()
