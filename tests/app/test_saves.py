"""What is saved of a what-if says that it is one, and reads back as the roster that was shown."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from icalendar import Calendar
from openpyxl import load_workbook

import kapteam.demo
from kapteam.app import asked, saves
from kapteam.app.address import View
from kapteam.app.contents import Contents
from kapteam.app.edits import Edit, Fact, Hire, Hours, Row, Severity, Unknowns
from kapteam.app.opened import Desk, Opened
from kapteam.io.read import read
from kapteam.sessions.engine import Limits
from kapteam.show.calendars import write_calendars

DAY = kapteam.demo.DAY
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@cache
def opened() -> Opened:
    return Desk().put(read(kapteam.demo.practice_folder()), "practice")


@cache
def hoped(person: str) -> Fact:
    offered = opened().bench.offers(DAY, (), threading.Event()).offered
    return next(Fact.of(c) for c in offered if c.ask and c.practitioner == person)


def contents(*edits: Edit) -> Contents:
    return Contents(View(opened().name, DAY, DAY, edits, len(edits)), opened())


@cache
def tried() -> Contents:
    newcomer = Hire("vale", "=Dr. Vale, physician", (Row("practitioners", '{"practitioner": "vale"}'),))
    absent = Hours("nobody", "boulder", "Mon 09:00-12:00")
    return contents(hoped("ruiz"), newcomer, Severity("ethics.kap_training", "warn"), Unknowns("allow"), absent)


def on_disk(saved: saves.Saved, folder: Path) -> Path:
    path = folder / saved.name
    path.write_bytes(saved.content)
    return path


def test_the_workbook_reads_back_equal_and_lists_each_edit_with_its_cost_and_what_it_rests_on(tmp_path: Path) -> None:
    path = on_disk(saves.roster_file(tried().roster, tried().tried), tmp_path)
    assert path.name == "what-if-roster.xlsx"
    assert read(path) == tried().roster
    assert read(path) != opened().roster
    book = load_workbook(path)
    assert book.sheetnames[0] == "_what_if"
    warning, header, *rows = [[c or "" for c in row] for row in book["_what_if"].iter_rows(values_only=True)]
    assert "not the practice as it is" in warning[0]
    assert header == ["what was tried", "cost", "rests on"]
    assert [row[0].split(":")[0].split(" (has")[0] for row in rows] == [
        "Dr. Tomás Ruiz", "=Dr. Vale, physician", "ethics.kap_training",
        "Links that rest on an unknown fact are used", "nobody",
    ]  # fmt: skip
    assert [row[1] for row in rows] == ["free, 14 days", "hiring not counted", "", "", ""]
    assert [row[2].split(",")[0] for row in rows] == ["an answer hoped for", "", "", "facts that nobody wrote down", ""]
    assert "has no effect: there is no practitioner 'nobody'" in rows[4][0]


def test_nothing_tried_is_saved_as_what_it_is(tmp_path: Path) -> None:
    plain = contents()
    week = plain.weeks(threading.Event())[1]
    path = on_disk(saves.roster_file(plain.roster, plain.tried), tmp_path)
    assert path.name == "roster.xlsx"
    assert not [name for name in load_workbook(path).sheetnames if name.startswith("_")]
    write_calendars(week, tmp_path / "as-it-is.ics", None, NOW)
    assert saves.calendar_file(week, NOW).content == (tmp_path / "as-it-is.ics").read_bytes()
    assert (saves.plan_file(plain.after).name, saves.week_file(week).name) == ("teams.json", "week.json")


def test_no_calendar_takes_what_was_tried_for_what_will_be() -> None:
    world = contents(Severity("ethics.trauma_training", "block"))
    before, after = world.weeks(threading.Event())
    assert after.cancelled
    saved = saves.calendar_file(after, NOW, world.tried)
    calendar = Calendar.from_ical(saved.content)
    assert saved.name == "what-if-week.ics"
    assert calendar["X-WR-CALNAME"] == "What if: KAP sessions"
    found = list(calendar.walk("VEVENT"))
    assert len(found) == len(after.sessions)
    assert {str(event["STATUS"]) for event in found} == {"TENTATIVE"}
    assert all(str(event["SUMMARY"]).startswith("What if: ") for event in found)
    # To read it in touches no session that is in the calendar already.
    assert not {str(event["UID"]) for event in found} & {s.uid for s in (*before.sessions, *after.sessions)}


def test_the_report_tells_what_was_tried() -> None:
    world = contents(hoped("ruiz"), Severity("ethics.kap_training", "warn"))
    saved = saves.report_file(world.after, DAY, Limits(), "practice", world.tried)
    text = saved.content.decode()
    assert saved.name == "what-if-report.html"
    assert "KAP (free, 14 days). This rests on an answer hoped for, which nobody has given yet." in text
    assert "ethics.kap_training: warn, not block." in text


def test_it_rests_only_on_what_is_used() -> None:
    def rests(*people: str) -> tuple[str, str]:
        world = contents(*map(hoped, people))
        return world.rests(), world.rests(threading.Event())

    one = "This rests on 1 answer hoped for, which nobody has given yet."
    assert rests("ruiz") == (one, one)
    # It adds no team, but a session: as soon as the week is there the answer rests on it.
    assert rests("delgado") == ("", one)
    # What is asked of no person is asked of the law of a place; here no team and no session needs the answer.
    idle = f"1 change makes no difference: {hoped('').words}."
    assert rests("") == ("", idle)
    assert rests("ruiz", "") == (one, f"{one} {idle}")


def test_an_answer_that_a_hire_makes_needless_is_told() -> None:
    """Another week of the same worth may come out without it: the one that is shown could be held all the same."""
    form = {"name": "Dr. Robin Vale", "site": "salida", "profession": "physician", "when": "Mon-Thu 09:00-17:00"}
    world = contents(hoped("ruiz"), asked.hire(form, contents().after.links))
    stop = threading.Event()
    assert not any("ruiz" in s.people for s in world.weeks(stop)[1].sessions)
    assert world.rests(stop).startswith("1 change makes no difference: Dr. Tomás Ruiz")


def test_of_two_answers_that_do_the_same_one_is_needed() -> None:
    """Either alone would do: the one that is left out makes no difference, the other is what it rests on."""
    offered = opened().bench.offers(DAY, (), threading.Event()).offered
    whole = [Fact.of(c) for c in offered if c.ask and c.practitioner == "hassan" and "on Mon " in c.words]
    both = contents(*whole)
    assert len(whole) == 2
    said = both.rests(threading.Event())
    assert "rests on 1 answer hoped for" in said
    assert "1 change makes no difference" in said
    # What is said is so.
    idle = next(f for f in whole if f.words in said)
    assert contents(*(f for f in whole if f != idle)).after.teams == both.after.teams


def test_a_hire_says_that_hiring_is_not_counted() -> None:
    newcomer = Hire("vale", "Dr. Vale", (Row("practitioners", '{"practitioner": "vale"}'),))
    world = contents(newcomer, Hours("prado", "hudson", "Mon 09:00-16:00"))
    assert world.headline(None).endswith("hiring not counted")
