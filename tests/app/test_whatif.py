"""A what-if is the same as writing the change into the roster's file by hand and reading that again."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kapteam.demo
from kapteam.advice.changes import Change, applied
from kapteam.advice.repair import repair
from kapteam.app import asked
from kapteam.app.address import View, view_of
from kapteam.app.edits import Cancel, Edit, Fact, Hire, Hours, Row, Severity, Step, Unknowns, Without, standing
from kapteam.app.whatif import WhatIf, hours_there, whatif
from kapteam.io.json import document
from kapteam.io.read import read
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.records.hours import WeeklyHours
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from strategies import Written, rosters

DAY = kapteam.demo.DAY
RULES = ("team.ties", "ethics.trauma_training", "ethics.kap_training", "malpractice.ketamine", "legal.registration")
WHEN = ("", "Mon 09:00-17:00", "Tue-Thu 08:15-12:30; Sat 10:00-16:00", "Sun 00:00-24:00")


@cache
def practice() -> Roster:
    return read(kapteam.demo.practice_folder())


@cache
def offered() -> tuple[Change, ...]:
    return repair(judged_links(practice(), DAY)).offered


def bytes_of(roster: Roster) -> bytes:
    return json.dumps(document(roster), ensure_ascii=False).encode()


def new_person(id: str, site: str, jurisdiction: str) -> Hire:
    rows = [
        {"practitioners": {"practitioner": id, "name": "Dr. <Robin> & Vale", "roles": ["prescriber"]}},
        {"licenses": {"practitioner": id, "jurisdiction": jurisdiction, "profession": "physician"}},
        {"registrations": {"practitioner": id, "jurisdiction": jurisdiction, "at_site": site, "schedules": "3N"}},
        {"hours": {"practitioner": id, "site": site, "when": "Mon-Tue 09:00-17:00"}},
    ]
    return Hire(id, "somebody new", tuple(Row(t, json.dumps(cells)) for row in rows for t, cells in row.items()))


@st.composite
def edits_of(draw: st.DrawFn, roster: Roster, day: date, facts: tuple[Change, ...] = ()) -> Edit:
    people, sites = sorted(roster.people), sorted(roster.places)
    kinds = ["severity", "hours", "hours", "cancel", "hire", "unknowns", *["fact"] * (2 * bool(facts))]
    match draw(st.sampled_from(kinds)):
        case "severity":
            return Severity(draw(st.sampled_from(RULES)), draw(st.sampled_from(["block", "warn", "note", "off"])))
        case "hours":
            return Hours(
                draw(st.sampled_from([*people, "newcomer"])),
                draw(st.sampled_from(sites)),
                draw(st.sampled_from(WHEN)),
            )
        case "cancel":
            days = st.sampled_from([day, date(2026, 12, 24)])
            return Cancel(draw(st.sampled_from(people)), draw(days).isoformat())
        case "hire":
            site = draw(st.sampled_from(sites))
            return new_person("newcomer", site, roster.places[site].jurisdiction)
        case "unknowns":
            return Unknowns("allow")
        case _:
            return Fact.of(draw(st.sampled_from(facts)))


@st.composite
def steps_of(draw: st.DrawFn, roster: Roster, day: date, facts: tuple[Change, ...] = ()) -> tuple[Step, ...]:
    made = draw(st.lists(edits_of(roster, day, facts), max_size=6))
    steps: list[Step] = []
    for edit in made:
        steps.append(edit)
        if not draw(st.integers(0, 4)):
            steps.append(Without(draw(st.sampled_from(made)).target))
    return tuple(steps)


# --- Undoing ------------------------------------------------------------------------------------------------


def undone_step_by_step(base: Roster, day: date, steps: tuple[Step, ...]) -> None:
    view = View("base", day, day)
    seen = [bytes_of(whatif(base, day, view.edits).roster)]
    for step in steps:
        view = view.then(step)
        seen.append(bytes_of(whatif(base, day, view.edits).roster))
    assert seen[0] == bytes_of(base)
    for number in range(len(steps), 0, -1):
        assert bytes_of(whatif(base, day, view.edits).roster) == seen[number]
        view = view.undone()
    assert view.undone() == view
    assert view.edits == ()
    for _ in steps:
        view = view.redone()
    assert view.redone() == view
    assert bytes_of(whatif(base, day, view.edits).roster) == seen[-1]


@given(st.data())
def test_undoing_gives_every_roster_on_the_way_byte_by_byte(data: st.DataObject) -> None:
    undone_step_by_step(practice(), DAY, data.draw(steps_of(practice(), DAY, offered())))


@given(rosters(), st.data())
def test_undoing_does_so_of_any_roster(written: Written, data: st.DataObject) -> None:
    base = written.roster()
    undone_step_by_step(base, written.on, data.draw(steps_of(base, written.on)))


@given(st.data())
def test_an_address_names_the_very_view(data: st.DataObject) -> None:
    steps = data.draw(steps_of(practice(), DAY, offered()))
    view = View("0123456789ab", DAY, date(2026, 12, 14), steps, data.draw(st.integers(0, len(steps))))
    assert view_of(view.fields()) == view


def test_a_step_after_undoing_forgets_what_was_undone() -> None:
    view = View("b", DAY, DAY).then(Unknowns("allow")).then(Cancel("ana", "2026-12-08")).undone()
    assert view.then(Severity("team.ties", "off")).steps == (Unknowns("allow"), Severity("team.ties", "off"))


def test_of_two_edits_of_the_same_thing_the_later_holds_and_one_taken_back_is_gone() -> None:
    first, other, later = Severity("team.ties", "warn"), Unknowns("allow"), Severity("team.ties", "off")
    assert standing((first, other, later)) == (later, other)
    assert standing((first, other, later, Without(later.target))) == (other,)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": "soon"}, "on is a day"),
        ({"on": "0001-01-01"}, "between 1901 and 2199"),
        ({"steps": "!!!"}, "cut off or mistyped"),
        ({"steps": "AAAA"}, "cut off or mistyped"),
        ({"done": "9"}, "from 0 to 0"),
        ({"done": "x"}, "from 0 to 0"),
    ],
)
def test_an_address_that_cannot_be_read_is_told(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        view_of({"base": "b", "on": "2026-12-07", "week": "2026-12-07", **wrong})


def test_more_changes_than_an_address_holds_are_refused() -> None:
    many = tuple(Cancel(f"{i * 7919 % 1_000_003}{i}", "2026-12-08") for i in range(6000))
    with pytest.raises(UsageError, match="save the roster as changed"):
        View("b", DAY, DAY).then(*many).address()


# --- By hand ------------------------------------------------------------------------------------------------


def holds(row: dict[str, Any], day: date) -> bool:
    text = day.isoformat()
    return row.get("from", "0000") <= text <= row.get("until", "9999")


def by_hand(base: Roster, day: date, edit: Edit) -> Roster:
    """The roster with one change written into its file as a person would, and the file read again."""
    data: dict[str, Any] = deepcopy(document(base))
    rows: list[dict[str, Any]]
    match edit:
        case Severity():
            data.setdefault("practice", {}).setdefault("rules", {})[edit.rule] = edit.severity
        case Cancel():
            data.setdefault("absences", []).append(
                {"practitioner": edit.practitioner, "start": edit.day, "end": edit.day}
            )
        case Hours():
            rows, data["hours"], written = data["hours"], [], False
            for row in rows:
                mine = row["practitioner"] == edit.practitioner and row["site"] == edit.site and holds(row, day)
                if not mine:
                    data["hours"].append(row)
                elif edit.when and not written:
                    data["hours"].append({**row, "when": edit.when})
                    written = True
            if edit.when and not written:
                data["hours"].append({"practitioner": edit.practitioner, "site": edit.site, "when": edit.when})
        case Hire():
            for added in edit.rows:
                data.setdefault(added.table, []).append(json.loads(added.cells))
        case Fact():
            for old, new in edit.replace:
                at = data[old.table].index(json.loads(old.cells))
                data[old.table][at] = json.loads(new.cells)
            for added in edit.add:
                if json.loads(added.cells) not in data.setdefault(added.table, []):
                    data[added.table].append(json.loads(added.cells))
            for place, profession, key, value in edit.law:
                section = data.setdefault("practice", {})
                names = ["federal", ""] if place == "US" else ["jurisdictions", place, profession]
                for name in filter(None, names):
                    section = section.setdefault(name, {})
                section[key] = value
        case Unknowns():
            pass
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return read(path)


def same_teams(world: WhatIf, other: Roster, day: date) -> None:
    mine, theirs = (match(judged_links(r, day), unknown=world.unknown).as_dict() for r in (world.roster, other))
    assert mine == theirs


@given(st.data())
def test_each_edit_is_the_same_as_writing_it_into_the_file(data: st.DataObject) -> None:
    edit = data.draw(edits_of(practice(), DAY, offered()))
    world = whatif(practice(), DAY, [edit])
    if isinstance(edit, Hours) and edit.practitioner == "newcomer":
        assert "newcomer" in world.idle[edit]
        assert world.roster == practice()
        return
    assert world.idle == {}
    other = by_hand(practice(), DAY, edit)
    assert document(world.roster) == document(other)
    same_teams(world, other, DAY)


@given(rosters(), st.data())
def test_it_is_the_same_of_any_roster(written: Written, data: st.DataObject) -> None:
    base = written.roster()
    edit = data.draw(edits_of(base, written.on))
    world = whatif(base, written.on, [edit])
    if edit in world.idle:
        assert world.roster == base
        return
    other = by_hand(base, written.on, edit)
    assert document(world.roster) == document(other)
    same_teams(world, other, written.on)


@given(st.lists(st.sampled_from(range(200)), max_size=6, unique=True))
def test_facts_together_are_what_repair_would_make_of_them(numbers: list[int]) -> None:
    chosen = [offered()[n % len(offered())] for n in numbers]
    world = whatif(practice(), DAY, [Fact.of(c) for c in dict.fromkeys(chosen)])
    assert world.idle == {}
    assert world.roster == applied(practice(), dict.fromkeys(chosen))


def test_every_fact_that_is_offered_can_be_ticked() -> None:
    for change in offered():
        world = whatif(practice(), DAY, [Fact.of(change)])
        assert world.idle == {}, change.words
        assert document(world.roster) == document(applied(practice(), [change]))


# --- What cannot be made ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Severity("team.tie", "off"), "there is no such rule"),
        (Severity("team.ties", "loud"), "one of block, warn, note, off; not 'loud'"),
        (Hours("nobody", "hudson", "Mon 09:00-10:00"), "there is no practitioner 'nobody'"),
        (Hours("prado", "hudson", "Mon 9-10"), "did you mean 'Mon 09:00-10:00'"),
        (Cancel("prado", "tomorrow"), "expected a day such as 2026-12-08"),
        (Hire("prado", "again", ()), "there is a practitioner 'prado' already"),
        (Hire("new", "odd", (Row("no table", "{}"),)), "expected a row of a roster's table"),
        (Unknowns("perhaps"), "exclude, allow"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why_and_changes_nothing(edit: Edit, said: str) -> None:
    world = whatif(practice(), DAY, [edit])
    assert said in world.idle[edit]
    assert world.roster == practice()


def test_what_rests_on_an_edit_that_was_taken_back_is_told_and_comes_back_with_it() -> None:
    hire = new_person("newcomer", "hudson", "NY")
    more = Hours("newcomer", "hudson", "Fri 09:00-17:00")
    view = View("b", DAY, DAY).then(hire, more)
    assert whatif(practice(), DAY, view.edits).idle == {}
    without = whatif(practice(), DAY, view.then(Without(hire.target)).edits)
    assert "there is no practitioner 'newcomer'" in without.idle[more]
    assert whatif(practice(), DAY, view.edits).roster.people["newcomer"].label == "Dr. <Robin> & Vale"


# --- What a form asks for -----------------------------------------------------------------------------------


@given(st.integers(0, (1 << 672) - 1))
def test_hours_that_are_set_are_the_hours_that_are_there(slots: int) -> None:
    when = WeeklyHours(slots)
    form = {"practitioner": "prado", "site": "hudson", "when": str(when)}
    step = asked.hours(form, practice(), DAY)
    edits = standing((step,))
    assert hours_there(whatif(practice(), DAY, edits).roster, DAY, "prado", "hudson") == when


def test_the_rosters_own_hours_and_severity_take_the_change_back() -> None:
    own = hours_there(practice(), DAY, "prado", "hudson")
    form = {"practitioner": "prado", "site": "hudson", "when": str(own)}
    assert asked.hours(form, practice(), DAY) == Without(("hours", "prado", "hudson"))
    assert asked.severity({"rule": "team.ties", "severity": "block"}, practice()) == Without(("severity", "team.ties"))


@pytest.mark.parametrize("profession", ["physician", "nurse_practitioner"])
def test_a_new_prescriber_brings_all_that_is_asked_of_one(profession: str) -> None:
    links = judged_links(practice(), DAY)
    form = {"name": "Dr. Robin Vale", "site": "boulder", "profession": profession, "when": "Mon-Fri 08:00-18:00"}
    step = asked.hire(form, links)
    assert isinstance(step, Hire)
    assert step.practitioner == "vale"
    after = judged_links(whatif(practice(), DAY, [step]).roster, DAY)
    theirs = [link for link in after if link.prescriber == "vale"]
    assert any(link.verdict == "pass" for link in theirs)
    assert match(after).objective.teamed >= match(links).objective.teamed


def test_a_new_prescriber_who_may_not_is_refused() -> None:
    links = judged_links(practice(), DAY)
    form = {"name": "Robin Vale", "site": "hudson", "profession": "naturopathic_physician", "when": "Mon 09:00-17:00"}
    with pytest.raises(UsageError, match="expected a physician"):
        asked.hire(form, links)
    with pytest.raises(UsageError, match="needs a name"):
        asked.hire({**form, "name": " "}, links)
    with pytest.raises(UsageError, match="did you mean 'Mon 09:00-17:00'"):
        asked.hire({**form, "when": "Mon 9-5"}, links)
