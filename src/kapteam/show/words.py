"""Names, counts and colours that every view shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kapteam.columns.facts import Facts
from kapteam.network.links import Links
from kapteam.records.roster import Roster
from kapteam.records.zones import state_name
from kapteam.rules.rule import Remedy
from kapteam.rules.rulebook import OWN, Rulebook

if TYPE_CHECKING:
    from kapteam.sessions.schedule import Session

#: A verdict's mark and style: never colour alone.
MARKS = {
    "pass": ("✓", "blue"),
    "unknown": ("?", "yellow"),
    "fail": ("✗", "red"),
    "not_applicable": ("·", "dim"),
}
NOT_ADVICE = "Not legal advice."
#: What may be so where a rule of a group decides nothing.
_AT_RISK = {"legal": "unlawful", "malpractice": "uninsured"}
_NAMED = 3  # rules that are named


def person(facts: Facts, id: str) -> str:
    """A person by name, with the id where it is not the name."""
    name = facts.roster.people[id].label
    return name if name == id else f"{name} ({id})"


def place(facts: Facts, id: str) -> str:
    """A site by name, with its state."""
    site = facts.roster.places[id]
    return f"{site.label} ({site.jurisdiction})"


def count(number: int, one: str, many: str = "") -> str:
    """``1 team``, ``2 teams``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def money(dollars: int) -> str:
    """``$300``, or ``free``."""
    return f"${dollars:,}" if dollars else "free"


def turned_by(remedy: Remedy) -> str:
    """What would turn a finding, how long it takes, and what it costs."""
    days = "" if remedy.days is None else f", about {count(remedy.days, 'day')}"
    cost = "" if not remedy.dollars else f", about {money(remedy.dollars)}"
    return f"{remedy.change}{days}{cost}"


def asked_for(facts: Facts, session: Session) -> str:
    """What a session is: its protocol, and what the row of demand that it serves asks for; empty for the default."""
    words = [session.protocol] if session.protocol else []
    if session.demand is not None:
        row = facts.roster.demand[session.demand - 1]
        words += [w for w in (row.modality, row.language) if w]
        words.append(f"row {session.demand}")
    return " ".join(words)


def rests_on(links: Links) -> str:
    """What every answer rests on: the day, the rules, and how old the packs are."""
    facts = links.facts
    places = sorted({s.jurisdiction for s in facts.roster.sites})
    entries = [e for j in ("US", *places) for e in facts.law.packs.entries(j)]
    checked = f"law packs checked {max(e.checked for e in entries):%Y-%m}" if entries else "no law pack"
    silent = [j for j in places if not facts.law.packs.entries(j)]
    lacking = f"; no pack for {', '.join(state_name(j) for j in silent)}" if silent else ""
    rules = sum(s != "off" for s in links.rulebook.severities.values())
    said = f"{NOT_ADVICE} Judged for {facts.day} by {rules} rules; {checked}{lacking}.{_by_distance(facts)}"
    return " ".join(filter(None, [said, made_up(facts.roster)]))


def _by_distance(facts: Facts) -> str:
    """What is supposed of people near by, as a sentence more; nothing where nobody asked."""
    supposed = facts.supposed
    if supposed is None:
        return ""
    lost = f" ({count(supposed.unplaced, 'site')} without a known place left out)" if supposed.unplaced else ""
    return (
        f" It is supposed that prescribers might come to sites within {supposed.km:g} km of theirs{lost}; nobody wrote "
        "down that they would, so that what rests on it is unknown."
    )


def made_up(roster: Roster) -> str:
    """Which scenarios made rows of a roster up, as a sentence; empty where none did.

    Examples
    --------
    >>> import kapteam
    >>> roster = kapteam.example()
    >>> made_up(roster)
    ''
    >>> made_up(roster.read_from({}, (), ["half are registered"]))
    "MADE UP by the scenario 'half are registered': what rests on its rows is no fact."
    """
    if not roster.made_up:
        return ""
    scenarios, its = ("scenario", "its") if len(roster.made_up) == 1 else ("scenarios", "their")
    names = " and ".join(map(repr, roster.made_up))
    return f"MADE UP by the {scenarios} {names}: what rests on {its} rows is no fact."


def unjudged(rulebook: Rulebook) -> str:
    """What the answer leaves open because a practice lets rules of law or of insurance decide nothing; else empty.

    Examples
    --------
    >>> from kapteam.records.practice import Practice
    >>> unjudged(Rulebook.of(Practice.of({"rules": {"legal.license": "off", "malpractice.cover": "warn"}})))
    '1 legal rule is not judged (legal.license): these teams may be unlawful. \
1 malpractice rule blocks nothing (malpractice.cover): these teams may be uninsured.'
    """
    said = []
    for group, risk in _AT_RISK.items():
        open_ = [r.id for r in OWN if r.id.startswith(f"{group}.") and r.severity == "block" and not rulebook.blocks(r)]
        off = [id for id in open_ if rulebook.severities[id] == "off"]
        told = [id for id in open_ if id not in off]
        parts = []
        if off:
            parts.append(
                f"{count(len(off), f'{group} rule')} {'is' if len(off) == 1 else 'are'} not judged ({_few(off)})"
            )
        if told:
            rules = f"{len(told):,}" if off else count(len(told), f"{group} rule")
            parts.append(f"{rules} {'blocks' if len(told) == 1 else 'block'} nothing ({_few(told)})")
        if parts:
            said.append(f"{' and '.join(parts)}: these teams may be {risk}.")
    return " ".join(said)


def _few(ids: list[str]) -> str:
    """The first of some names, and that there are more."""
    return ", ".join(ids[:_NAMED]) + ", …" * (len(ids) > _NAMED)
