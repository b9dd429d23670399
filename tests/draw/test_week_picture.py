"""A timetable shows the sessions of its week, each once, where and as long as it is; and what is not met."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kapteam
from clinics import AUTUMN, SPRING, clinics, house, morning, planned, someone
from draw.reading import SVG, Drawn, outside, overlapping, title
from kapteam.demo import practice_folder
from kapteam.draw.week import LEAST_WIDTH, week_picture
from kapteam.records.problems import UsageError
from kapteam.sessions.schedule import Schedule, Session, schedule

DAY = date(2026, 12, 7)


@pytest.fixture(scope="module")
def shipped() -> Schedule:
    return schedule(kapteam.read(practice_folder()), DAY)


def rects(group: ElementTree.Element, kind: str) -> list[tuple[float, float, float, float]]:
    """The rectangles of a session: left, top, width, height."""
    return [
        (float(r.get("x", 0)), float(r.get("y", 0)), float(r.get("width", 0)), float(r.get("height", 0)))
        for r in group
        if (r.get("class") or "") == kind
    ]


def touched(session: Session) -> list[tuple[date, float]]:
    """The days that a session touches by its site's clock, and how many real hours of it lie on each."""
    found: list[tuple[date, float]] = []
    now = session.start.astimezone(UTC)
    while now < session.end.astimezone(UTC):
        day = now.astimezone(session.start.tzinfo).date()
        if found and found[-1][0] == day:
            found[-1] = day, found[-1][1] + 1 / 60
        else:
            found.append((day, 1 / 60))
        now += timedelta(minutes=1)
    return found


def in_week(plan: Schedule, week: int) -> list[Session]:
    """The sessions of which some part lies in a week."""
    first = plan.days.calendar.monday + timedelta(days=7 * week)
    return [s for s in plan.sessions if any(first <= d < first + timedelta(days=7) for d, _ in touched(s))]


def shows_all(plan: Schedule, week: int, drawn: Drawn) -> None:
    """Compare what an XML parser finds with the plan."""
    first = plan.days.calendar.monday + timedelta(days=7 * week)
    groups = {group.get("data-uid"): group for group in drawn.named("g", "session") if group.get("data-uid")}
    assert set(groups) == {s.uid for s in in_week(plan, week)}
    columns: dict[date, set[float]] = {}
    scales: dict[str, list[float]] = {}
    for s in in_week(plan, week):
        group = groups[s.uid]
        assert json.loads(group.get("data-people") or "") == [*s.people]
        assert (group.get("data-site"), group.get("data-room")) == (s.site, str(s.room))
        assert group.get("aria-label") == title(group)
        assert f"{s.start:%H:%M}–{s.end:%H:%M}" in title(group)
        assert ("to-verify" in (group.get("class") or "")) == bool(s.to_verify)
        days = [(d, hours) for d, hours in touched(s) if first <= d < first + timedelta(days=7)]
        blocks = rects(group, "block")
        assert len(blocks) == len(days)
        for (day, hours), (left, _, _, high) in zip(days, blocks, strict=True):
            columns.setdefault(day, set()).add(left)
            scales.setdefault(s.site, []).append((high + 1.5) / hours)
        dosing = plan.days.roster.practice.named(s.protocol).dosing_minutes / 60
        if len(touched(s)) == 1:
            (shaded,) = rects(group, "dosing")
            assert shaded[3] == pytest.approx(min(blocks[0][3], dosing * scales[s.site][-1]), abs=0.02)
    # A day is one column for all, days follow one another, and an hour is as long everywhere at a site.
    assert all(len(lefts) == 1 for lefts in columns.values())
    assert [left for _, (left,) in sorted(columns.items())] == sorted(left for (left,) in columns.values())
    for scale in scales.values():
        assert scale == pytest.approx([scale[0]] * len(scale), rel=0.01)
    for one, other in combinations(in_week(plan, week), 2):
        if one.site == other.site:
            in_turn(one, other, groups)


def in_turn(one: Session, other: Session, groups: dict[Any, ElementTree.Element]) -> None:
    """Blocks never meet, and of two on one day in one room the sooner stands higher."""
    for a in rects(groups[one.uid], "block"):
        for b in rects(groups[other.uid], "block"):
            if a[0] == b[0]:
                assert a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
                if one.room == other.room and one.start.date() == other.start.date():
                    assert (a[1] < b[1]) == (one.start.astimezone(UTC) < other.start.astimezone(UTC))


@given(clinics(teams=True), st.sampled_from([1, 2]), st.sampled_from(["exclude", "allow"]))
def test_every_session_is_there_once_to_scale_in_its_room_and_day(written: Any, weeks: int, unknown: str) -> None:
    plan = planned(written, weeks, unknown=unknown)
    for week in range(weeks):
        picture = week_picture(plan, week, why=False)
        shows_all(plan, week, Drawn.of(picture))
        assert not overlapping(picture)
        assert not outside(picture)


@settings(max_examples=10)  # reasons take longer than plans
@given(clinics())
def test_what_is_asked_for_and_not_met_stands_at_its_site(written: Any) -> None:
    plan = planned(written)
    drawn = Drawn.of(week_picture(plan, why=True))
    unmet = {
        number
        for number, row in enumerate(plan.days.roster.demand, start=1)
        if row.sessions > sum(s.demand == number for s in plan.sessions)
    }
    said = " ".join(drawn.words())
    assert all(re.search(rf"\brow {number}\b", said) for number in unmet)
    assert sum(words == "not met" for words in drawn.words()) == len(unmet)
    briefly = " ".join(Drawn.of(week_picture(plan, why=False)).words())
    for number in unmet:
        has, asks = sum(s.demand == number for s in plan.sessions), plan.days.roster.demand[number - 1].sessions
        assert re.search(rf"\brow {number}\)? gets {has} of {asks} session", briefly)


@given(clinics(days=2))
def test_hours_on_site_are_a_layer_of_each_person(written: Any) -> None:
    plan = planned(written)
    drawn = Drawn.of(week_picture(plan, why=False))
    facts = plan.days.facts(0)
    held = {s.site for s in plan.sessions}
    layers = {(g.get("data-person"), g.get("data-site")): g for g in drawn.named("g", "there")}
    for (person, site), layer in layers.items():
        assert "layer" in (layer.get("class") or "").split()
        assert site in held
        row = next(
            i for i in range(len(plan.there.person))
            if (facts.people[plan.there.person[i]], facts.sites[plan.there.site[i]]) == (person, site)
        )  # fmt: skip
        assert plan.there.here[row].any()
    # Whoever is in a session is on site during it.
    for s in plan.sessions:
        for person in s.people:
            assert (person, s.site) in layers or not present(plan, person, s)
    assert not list(Drawn.of(week_picture(plan, why=False), standalone=True).named("g", "there"))


def present(plan: Schedule, person: str, session: Session) -> bool:
    """Whether the hours of a person say that they are on site at some time of a session."""
    facts, calendar = plan.days.facts(0), plan.days.calendar
    begin = calendar.slot(session.start)
    assert begin is not None
    for i in range(len(plan.there.person)):
        if (facts.people[plan.there.person[i]], facts.sites[plan.there.site[i]]) == (person, session.site):
            return bool(plan.there.here[i, begin])
    return False


def night(on: date, hours: str, minutes: int = 180) -> Schedule:
    written = house({"north": "NY"}, on=on, session_minutes=minutes, dosing_minutes=60)
    someone(written, "dan", "physician", {"north": hours}, roles="prescriber", max_sessions_per_week="1")
    someone(written, "ana", "psychologist", {"north": hours})
    return planned(written)


def test_a_night_goes_on_the_next_day() -> None:
    plan = night(DAY, "Mon 22:00-24:00; Tue 00:00-02:00")
    drawn = Drawn.of(week_picture(plan))
    shows_all(plan, 0, drawn)
    (group,) = (g for g in drawn.named("g", "session") if g.get("data-uid"))
    monday, tuesday = rects(group, "block")
    assert monday[1] > tuesday[1]
    assert monday[3] + 1.5 == pytest.approx(2 * (tuesday[3] + 1.5), abs=0.02)
    assert any(words.startswith("… until 01:00") for words in drawn.words())


def test_the_last_night_of_the_week_ends_with_it() -> None:
    plan = night(DAY, "Sun 22:00-24:00; Mon 00:00-02:00")
    picture = week_picture(plan)
    shows_all(plan, 0, Drawn.of(picture))
    assert not outside(picture)


def test_an_hour_that_is_told_twice_is_there_twice() -> None:
    plan = night(AUTUMN, "Sun 00:00-03:00")
    (session,) = plan.sessions
    assert session.end.utcoffset() != session.start.utcoffset()
    picture = week_picture(plan)
    assert not overlapping(picture)
    drawn = Drawn.of(picture)
    shows_all(plan, 0, drawn)
    order = [element for element in drawn.root.iter() if element.tag in (f"{SVG}g", f"{SVG}text")]
    (told,) = (i for i, element in enumerate(order) if element.text == "01:00 again")
    assert all((element.get("class") or "") != "session" or not element.get("data-uid") for element in order[told:])
    assert [w for w in drawn.words() if re.fullmatch(r"\d\d:00 again", w)] == ["01:00 again"]


def test_an_hour_that_is_skipped_is_not_there() -> None:
    plan = night(SPRING, "Sun 00:00-05:00", 240)
    drawn = Drawn.of(week_picture(plan))
    shows_all(plan, 0, drawn)
    frames = {(r.get("x"), r.get("height")) for r in drawn.named("rect", "frame")}
    heights = sorted({float(high or 0) for _, high in frames})
    assert len(heights) == 2
    assert heights[0] / heights[1] == pytest.approx(4 / 5, abs=0.01)


def test_the_shipped_practice_as_a_manager_reads_it(shipped: Schedule) -> None:
    picture = week_picture(shipped)
    assert not overlapping(picture)
    assert not outside(picture)
    drawn = Drawn.of(picture)
    shows_all(shipped, 0, drawn)
    words = " ".join(drawn.words())
    for said in (
        "31 sessions in the week from 2026-12-07", "Boulder clinic (CO)", "Mon 12-07", "room 2", "09:00–12:00",
        "watched by Ben Stokes", "nobody may watch there, and it needs a monitor", "rooms 2, 3 and 4: not used",
    ):  # fmt: skip
        assert said in words
    told = {title(g) for g in drawn.named("g", "session") if g.get("data-uid")}
    assert (
        "Boulder clinic, room 1, Mon 2026-12-07 09:30–13:00: Dr. Søren Nygaard with Leo Brandt and Beatriz Solano, "
        "watched by Ben Stokes; dosing until 11:00; for group (row 14)"
    ) in told


def test_one_site_alone(shipped: Schedule) -> None:
    drawn = Drawn.of(week_picture(shipped, site="hudson"))
    assert {g.get("data-site") for g in drawn.named("g", "session") if g.get("data-uid")} == {"hudson"}
    with pytest.raises(UsageError, match="did you mean 'hudson'"):
        week_picture(shipped, site="hudsen")


@pytest.mark.parametrize("week", [-1, 1, True, 0.0, "0"])
def test_a_week_that_is_not_planned_is_refused(shipped: Schedule, week: Any) -> None:
    with pytest.raises(UsageError, match="week is a whole number from 0 to 0"):
        week_picture(shipped, week)


def test_a_timetable_that_is_too_narrow_is_refused(shipped: Schedule) -> None:
    with pytest.raises(UsageError, match=f"at least {LEAST_WIDTH} pixels wide"):
        week_picture(shipped, width=LEAST_WIDTH - 1)
    narrow = week_picture(shipped, width=LEAST_WIDTH)
    assert not overlapping(narrow)
    assert not outside(narrow)


def test_the_same_plan_gives_the_same_bytes(shipped: Schedule) -> None:
    again = schedule(kapteam.read(practice_folder()), DAY)
    assert week_picture(shipped).svg(standalone=False) == week_picture(again).svg(standalone=False)


def test_a_week_without_a_session_says_so() -> None:
    written = morning()
    written.tables["hours"] = [row for row in written.tables["hours"] if row["practitioner"] == "dan"]
    drawn = Drawn.of(week_picture(planned(written)))
    assert "no session this week" in drawn.words()


def test_names_are_text_whatever_they_are() -> None:
    written = morning()
    for row in written.tables["practitioners"]:
        row["name"] = '<script>alert("&")</script> ' + "W" * 60
    plan = planned(written)
    picture = week_picture(plan)
    shows_all(plan, 0, Drawn.of(picture))
    assert not overlapping(picture)
    assert "script" not in {element.tag.split("}")[1] for element in Drawn.of(picture).root.iter()}
