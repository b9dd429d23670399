"""`kapteam.schedule` and `kapteam.verify`: what a Python developer types."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import attrs
import icalendar
import pytest

import kapteam
from kapteam import demo

WEEK = date(2026, 12, 7)


@pytest.fixture(scope="module")
def roster() -> kapteam.Roster:
    return kapteam.read(demo.practice_folder())


@pytest.fixture(scope="module")
def timetable(roster: kapteam.Roster) -> kapteam.Timetable:
    return kapteam.schedule(roster, WEEK)


def test_a_timetable_is_its_sessions_with_their_proof(timetable: kapteam.Timetable) -> None:
    assert timetable.status == "optimal"
    assert len(timetable) == len(list(timetable)) == timetable.objective.sessions
    assert timetable.gap == 0
    assert timetable.bound["value"] == timetable.objective.value
    assert json.loads(timetable.to_json()) == timetable.as_dict()
    assert repr(timetable).startswith("<Timetable from 2026-12-07 for 1 week: 31 sessions")


def test_it_reads_as_on_the_command_line_and_in_a_notebook(timetable: kapteam.Timetable) -> None:
    assert str(timetable).startswith("31 sessions in the week from 2026-12-07")
    assert "Hudson clinic" in timetable._repr_html_()


def test_it_is_verified_by_itself_and_as_a_document(roster: kapteam.Roster, timetable: kapteam.Timetable) -> None:
    assert kapteam.verify(timetable, roster).ok
    document = timetable.as_dict()
    assert kapteam.verify(document, roster).ok
    document["sessions"].append(document["sessions"][0])
    assert not kapteam.verify(document, roster).ok


def test_teams_are_verified_by_the_same_name(roster: kapteam.Roster) -> None:
    result = kapteam.links(roster, on=WEEK).match()
    assert kapteam.verify(result, roster).ok
    document = result.as_dict()
    document["objective"]["teamed"] += 1
    assert not kapteam.verify(document, roster).ok
    with pytest.raises(kapteam.UsageError, match="one of teams"):
        kapteam.verify(result, roster, previous=document)


def test_a_cancellation_leaves_the_rest(roster: kapteam.Roster, timetable: kapteam.Timetable) -> None:
    gone = next(s for s in timetable if s.prescribers == ("prado",))
    again = kapteam.schedule(roster, WEEK, previous=timetable, cancel=[("prado", gone.start.date())])
    stays = {s.uid for s in timetable if "prado" not in s.people or s.start.date() != gone.start.date()}
    assert stays <= {s.uid for s in again}
    assert (gone.uid, gone.sequence) not in {(s.uid, s.sequence) for s in again}  # moved, or cancelled
    verified = kapteam.verify(again, roster, previous=timetable)
    assert verified.objective.changes == again.objective.changes  # type: ignore[union-attr]


def test_sessions_are_kept(roster: kapteam.Roster, timetable: kapteam.Timetable) -> None:
    some = timetable.sessions[:3]
    for keep in (some, {"sessions": [s.as_dict() for s in some]}):
        kept = kapteam.schedule(roster, WEEK, keep=keep)
        assert {(s.site, s.start, s.people) for s in some} <= {(s.site, s.start, s.people) for s in kept}
    assert kapteam.schedule(roster, WEEK, keep=timetable).sessions == timetable.sessions
    moved = attrs.evolve(some[0], start=some[0].start.replace(hour=3))
    impossible = kapteam.schedule(roster, WEEK, keep=[moved])
    assert impossible.status == "infeasible"
    assert "on_site" in {r.constraint for r in impossible.reasons}


def test_calendars_and_tables_are_written(timetable: kapteam.Timetable, tmp_path: Path) -> None:
    timetable.write_ics(tmp_path / "all.ics")
    calendar = icalendar.Calendar.from_ical((tmp_path / "all.ics").read_bytes())
    assert {str(e["UID"]) for e in calendar.walk("VEVENT")} == {s.uid for s in timetable}
    timetable.write_ics(tmp_path / "each", per="site")
    assert {p.stem for p in (tmp_path / "each").iterdir()} == {s.site for s in timetable}
    timetable.write_csv(tmp_path / "week.csv")
    assert len((tmp_path / "week.csv").read_text(encoding="utf-8").splitlines()) == 1 + len(timetable)
    with pytest.raises(kapteam.UsageError, match="per is one of"):
        timetable.write_ics(tmp_path, per="room")
    with pytest.raises(kapteam.UsageError, match="cannot write"):
        timetable.write_ics(tmp_path / "nowhere" / "all.ics")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weeks": 0}, "weeks"),
        ({"weeks": 300}, "weeks"),
        ({"unknown": "maybe"}, "unknown is one of"),
        ({"week": "2026-12-07"}, "week is a datetime.date"),
        ({"cancel": [("prada", WEEK)]}, "did you mean 'prado'"),
        ({"cancel": [("prado", WEEK)]}, "previous"),
        ({"previous": {"teams": []}}, "no plan of"),
    ],
)
def test_what_cannot_be_asked_is_told(roster: kapteam.Roster, options: dict[str, object], said: str) -> None:
    with pytest.raises(kapteam.UsageError, match=said):
        kapteam.schedule(roster, **{"week": WEEK, **options})  # type: ignore[arg-type]


def test_something_else_than_a_roster_is_told() -> None:
    with pytest.raises(kapteam.UsageError, match="expected a Roster"):
        kapteam.schedule("practice.xlsx")  # type: ignore[arg-type]


def test_ids_are_found_however_their_letters_are_composed() -> None:
    name = unicodedata.normalize("NFC", "jose\u0301")
    roster = kapteam.Roster(
        sites=[kapteam.Site("clinic", "NY", supply="patient")],
        practitioners=[kapteam.Practitioner(name, licenses=[kapteam.License("NY", "physician")])],
    )
    assert roster.person(unicodedata.normalize("NFD", name)).practitioner == name
    assert roster.place(" clinic ").site == "clinic"


def test_what_sessions_rest_on_that_is_unknown_is_told(roster: kapteam.Roster, timetable: kapteam.Timetable) -> None:
    assert not any(s.to_verify for s in timetable)
    allowed = kapteam.schedule(roster, WEEK, unknown="allow")
    open_ones = {rule for s in allowed for rule in s.to_verify}
    assert "malpractice.ketamine" in open_ones
    verified = kapteam.verify(allowed, roster)
    assert {fact.rule for fact in verified.to_verify} == open_ones  # type: ignore[union-attr]


def test_a_cancellation_that_touches_nothing_is_refused(roster: kapteam.Roster, timetable: kapteam.Timetable) -> None:
    with pytest.raises(kapteam.UsageError, match="not in the weeks planned"):
        kapteam.schedule(roster, WEEK, previous=timetable, cancel=[("prado", date(2027, 12, 8))])
