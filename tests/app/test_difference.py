"""Before against after: every place and every session is in exactly one row, and what is said is what is counted."""

from __future__ import annotations

import threading
from datetime import date
from functools import cache

import pytest

import kapteam.demo
from kapteam.app import difference
from kapteam.app.edits import Cancel, Edit, Hours, Severity, Unknowns
from kapteam.app.opened import Desk, Opened
from kapteam.io.read import read
from kapteam.sessions.saved import saved_schedule
from kapteam.sessions.verify import verify

DAY = kapteam.demo.DAY
EDITS: dict[str, tuple[Edit, ...]] = {
    "nothing": (),
    "absence": (Cancel("prado", "2026-12-08"),),
    "fewer hours": (Hours("nygaard", "boulder", "Mon 09:00-12:00"),),
    "stricter": (Severity("ethics.trauma_training", "block"),),
    "unknowns": (Unknowns("allow"),),
}


@cache
def opened() -> Opened:
    return Desk().put(read(kapteam.demo.practice_folder()), "practice")


@pytest.mark.parametrize("edits", EDITS.values(), ids=EDITS)
def test_every_session_of_both_weeks_is_told_once(edits: tuple[Edit, ...]) -> None:
    bench = opened().bench
    before, after = (bench.week(DAY, DAY, those, threading.Event()) for those in ((), edits))
    told = difference.meetings(before, after)

    def known(session: object) -> tuple[object, ...]:
        return tuple(getattr(session, name) for name in ("site", "start", "prescribers", "therapists", "monitors"))

    def plain(sessions: list[object]) -> list[str]:
        return sorted(str([list(x) if isinstance(x, tuple | list) else str(x) for x in known(s)]) for s in sessions)

    assert plain([m.after for m in told if m.after]) == plain(list(after.sessions))
    assert plain([m.before for m in told if m.before]) == plain(list(before.sessions))
    for meeting in told:
        match meeting.mark:
            case "same":
                assert plain([meeting.before]) == plain([meeting.after])
            case "new":
                assert meeting.before is None
            case "gone":
                assert meeting.after is None
            case _:
                assert meeting.before is not None
                assert meeting.after is not None
    world = bench.world(DAY, edits)
    assert verify(saved_schedule(after.as_dict(why=False)), world.roster).ok or world.unknown == "allow"
    said = difference.week_said(before, after)
    change = len(after.sessions) - len(before.sessions)
    assert any("session" in part and part.startswith(("+", difference.MINUS)) for part in said) == bool(change)
    if not edits:
        assert said == []


@pytest.mark.parametrize("edits", EDITS.values(), ids=EDITS)
def test_every_place_is_marked_as_what_becomes_of_it(edits: tuple[Edit, ...]) -> None:
    bench = opened().bench
    before, after = bench.teams(DAY, ()), bench.teams(DAY, edits)
    was, now = difference.pairs(before), difference.pairs(after)
    for plan, other, mark, these in ((before, after, "gone", was - now), (after, before, "new", now - was)):
        places = [
            p
            for prescribers in difference.places(plan, other, mark).values()
            for ps in prescribers.values()
            for p in ps
        ]
        assert {(p.site, p.prescriber, p.therapist) for p in places} == difference.pairs(plan)
        assert {(p.site, p.prescriber, p.therapist) for p in places if p.mark == mark} == these
    said = difference.teams_said(before, after)
    more = len(now) - len(was)
    assert said[:1] == ([f"{difference.signed(more)} teamed"] if more else said[:1])
    assert bool(said) == (was != now or before.objective != after.objective)


def test_hours_that_come_and_go_are_told_by_person() -> None:
    bench = opened().bench
    edits = (
        Hours("prado", "hudson", "Mon 09:00-10:00"),
        Hours("prado", "montclair", ""),
        Hours("osei", "boulder", "Sun 00:00-24:00"),
    )
    world = bench.world(DAY, edits)
    assert world.idle == {}

    def minutes(person: str, day: date) -> int:
        rows = [h for h in opened().roster.hours if h.practitioner == person and h.when is not None]
        return sum(h.when.minutes for h in rows if (h.from_ or day) <= day <= (h.until or day))

    changed = difference.hours_changed(opened().roster, world.roster, DAY)
    others = {h.site for h in opened().roster.hours if h.practitioner == "prado"} - {"hudson", "montclair"}
    assert others == set()
    assert changed == {"osei": 24 * 60, "prado": 60 - minutes("prado", DAY)}
    said = difference.costs_said(opened().roster, world, DAY)
    assert said[0] == "+24 hours a week of Kwame Osei"
    assert said[1].startswith(difference.MINUS)
