"""What a form of the page asks for, as an edit of the view."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from kapteam.advice.changes import Change, with_cells
from kapteam.advice.hire import needs, outside_rows, rows_of
from kapteam.advice.profiles import profiles
from kapteam.app.edits import Cancel, Edit, Fact, Hire, Hours, Row, Severity, Step, Target, Unknowns, Without
from kapteam.app.whatif import hours_there
from kapteam.columns.facts import PRESCRIBING
from kapteam.network.links import Links
from kapteam.records.hours import WeeklyHours
from kapteam.records.people import PROFESSIONS, Practitioner
from kapteam.records.problems import Misread, UsageError
from kapteam.records.roster import Roster
from kapteam.records.zones import state_name
from kapteam.rules.rulebook import Rulebook
from kapteam.rules.words import listed, spoken

#: The professions that a new prescriber may be of.
PRESCRIBERS = tuple(PROFESSIONS[i] for i in sorted(PRESCRIBING))


def severity(form: Mapping[str, str], base: Roster) -> Step:
    """Another severity; the roster's own takes the change back."""
    edit = Severity(form.get("rule", ""), form.get("severity", ""))
    own = Rulebook.of(base.practice).severities.get(edit.rule)
    return Without(edit.target) if edit.severity == own else edit


def unknowns(form: Mapping[str, str]) -> Step:
    """Whether links that rest on an unknown fact are used."""
    edit = Unknowns("allow")
    return edit if form.get("use") else Without(edit.target)


def hours(form: Mapping[str, str], base: Roster, on: date) -> Step:
    """Other hours; the roster's own take the change back."""
    edit = Hours(form.get("practitioner", ""), form.get("site", ""), form.get("when", "").strip())
    try:
        now = WeeklyHours.of(edit.when) if edit.when else WeeklyHours()
    except Misread as error:
        meant = f"; did you mean {error.nearest[0]!r}?" if error.nearest else ""
        raise UsageError(f"{edit.when!r}: {error.expected}{meant}") from None
    if edit.practitioner in base.people and now == hours_there(base, on, edit.practitioner, edit.site):
        return Without(edit.target)
    return attrs.evolve(edit, when=str(now))


def cancel(form: Mapping[str, str]) -> Step:
    """A person is not there on a day."""
    return Cancel(form.get("practitioner", ""), form.get("day", ""))


def fact(form: Mapping[str, str], offered: Sequence[Change]) -> Step:
    """A fact that was ticked, or is ticked no more."""
    key = tuple(json.loads(form.get("key") or "[]"))
    if not form.get("so"):
        return Without(("fact", *key))
    for change in offered:
        if change.key == key:
            return Fact.of(change)
    raise UsageError("this is not offered any more: something that it rests on was changed meanwhile")


def hire(form: Mapping[str, str], links: Links) -> Step:
    """A prescriber more, who brings all that the place asks of the profession.

    Raises
    ------
    UsageError
        There is no name, the hours cannot be read, or the profession may not prescribe ketamine there.
    """
    facts, roster = links.facts, links.facts.roster
    site = roster.place(form.get("site", ""))
    profession = form.get("profession", "")
    name = " ".join(form.get("name", "").split())
    if not name:
        raise UsageError("the new prescriber needs a name, such as Dr. Robin Vale")
    try:
        when = WeeklyHours.of(form.get("when", ""))
    except Misread as error:
        meant = f"; did you mean {error.nearest[0]!r}?" if error.nearest else ""
        raise UsageError(f"hours: {error.expected}{meant}") from None
    found = next((p for p in profiles(links, [site.site], ["prescriber"]) if p.profession == profession), None)
    if found is None:
        able = dict.fromkeys(spoken(p.profession) for p in profiles(links, [site.site], ["prescriber"]))
        known = f"expected a {listed(list(able), 'or')}" if able else "nobody there could work with one"
        raise UsageError(
            f"{site.label}: a {spoken(profession)} is not known to be allowed to prescribe ketamine in "
            f"{state_name(site.jurisdiction)}; {known}"
        )
    profile = attrs.evolve(found, when=when)
    id, outside = _new_id(name, roster), _free("outside", roster)
    rows = [*outside_rows(profile, outside), *rows_of(facts, profile, id, outside)]
    rows = [
        with_cells(r, name=name) if isinstance(r, Practitioner) and r.practitioner == id else r for r in rows
    ]  # fmt: skip
    brings = listed(needs(facts, profile, [profession]))
    return Hire(id, f"{name}, {spoken(profession)} at {site.label} on {when}, with {brings}", tuple(map(Row.of, rows)))


def target_of(text: str) -> Target:
    """The target that a form names."""
    try:
        return tuple(map(str, json.loads(text)))
    except (ValueError, TypeError):
        raise UsageError("there is no such change to take back") from None


def described(edit: Edit, roster: Roster, base: Roster) -> str:
    """An edit in words."""

    def label(person: str) -> str:
        return roster.people[person].label if person in roster.people else person

    def where(site: str) -> str:
        return roster.places[site].label if site in roster.places else site

    match edit:
        case Severity():
            own = Rulebook.of(base.practice).severities.get(edit.rule, "")
            return f"{edit.rule}: {edit.severity}, not {own}"
        case Hours(when=""):
            return f"{label(edit.practitioner)}: no hours at {where(edit.site)}"
        case Hours():
            return f"{label(edit.practitioner)}: at {where(edit.site)} {edit.when}"
        case Cancel():
            day = date.fromisoformat(edit.day)
            return f"{label(edit.practitioner)}: not there on {day:%a} {edit.day}"
        case Unknowns():
            return "Links that rest on an unknown fact are used"
        case Hire() | Fact():
            return edit.words


def _new_id(name: str, roster: Roster) -> str:
    """An id made of a name, that nobody has."""
    words = re.sub(r"\b(?:dr|prof|mr|mrs|ms)\b\.?", "", name.casefold()).split(",")[0].split()
    return _free(words[-1] if words else "new", roster)


def _free(id: str, roster: Roster) -> str:
    number, found = 1, id
    while found in roster.people:
        number += 1
        found = f"{id}-{number}"
    return found
