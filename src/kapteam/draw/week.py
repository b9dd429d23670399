"""The picture of a week: a timetable of its medicine sessions, days across, rooms down."""

from __future__ import annotations

from kapteam.draw.heading import heading
from kapteam.draw.legend import Entry, legend
from kapteam.draw.marks import Group, Layout, Mark, Path, Rect
from kapteam.draw.picture import Picture
from kapteam.draw.timetable import Timetable
from kapteam.records.problems import UsageError
from kapteam.sessions.schedule import Schedule
from kapteam.show.week import answer
from kapteam.show.words import count, made_up, place

#: How wide a timetable is, unless something else is asked for.
WIDTH = 1080
#: What no timetable is narrower than.
LEAST_WIDTH = 600


def week_picture(
    schedule: Schedule,
    week: int = 0,
    *,
    site: str | None = None,
    width: int = WIDTH,
    titled: bool = True,
    why: bool = True,
) -> Picture:
    """One week of a plan of sessions.

    Parameters
    ----------
    schedule : Schedule
    week : int
        Which of its weeks, from 0.
    site : str, optional
        One site alone.
    width : int
        In pixels.
    titled : bool
        Whether the answer stands above.
    why : bool
        Whether unmet demand says what is in its way, which takes a while to find out.

    Raises
    ------
    UsageError
        There is no such week or site, or no timetable is so narrow.
    """
    calendar = schedule.days.calendar
    if isinstance(week, bool) or not isinstance(week, int) or not 0 <= week < calendar.weeks:
        raise UsageError(f"week is a whole number from 0 to {calendar.weeks - 1}, not {week!r}")
    if width < LEAST_WIDTH:
        raise UsageError(f"a timetable is at least {LEAST_WIDTH} pixels wide, not {width}")
    facts = schedule.days.facts(0)
    only = None if site is None else facts.place(site)
    left, right = 20.0, width - 20.0
    marks: list[Mark] = []
    y = 12.0
    monday = calendar.date(7 * week)
    table = Timetable(schedule, week, left, right, why)
    said = " ".join([answer(schedule), *(conflict.message for conflict in schedule.keeping.conflicts)])
    if only is not None and not schedule.keeping.conflicts:
        held = len(table.sessions_at(only))
        said = f"{place(facts, facts.sites[only])}: {count(held, 'session')} in the week from {monday}."
    if titled:
        told = f"Week from {monday}, the {_ordinal(week + 1)} of {calendar.weeks}." if calendar.weeks > 1 else ""
        above, y = heading(said, " ".join(filter(None, [told, made_up(schedule.days.roster)])), left, right, y)
        marks += above
    for one in range(len(facts.sites)) if only is None else [only]:
        here, y = table.site(one, y)
        marks += here
    samples, y = legend(_entries(table, only), left, right, y + 6)
    marks += samples
    where = f" at {place(facts, facts.sites[only])}" if only is not None else ""
    description = f"{said} Days from left to right, rooms from above, a block for each session."
    title = f"The sessions of the week from {monday}{where}"
    return Picture(Layout(width, round(y + 12), title, description, tuple(marks)))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _entries(table: Timetable, only: int | None) -> list[Entry]:
    """What is to be seen in this picture, and nothing else."""
    entries = []
    if table.sessions_at(only):
        entries += [
            Entry((_sample(),), "a session", 26),
            Entry((Rect(-12, -7, 24, 14, "dosing", 2), Rect(-12, -7, 3.5, 14, "dosing edge")), "its dosing part", 26),
        ]
    if any(s.to_verify for s in table.sessions_at(only)):
        entries.append(Entry((Group((_sample(),), "session to-verify"),), "rests on an unknown fact", 26))
    if table.unmet_at(only):
        entries.append(Entry((Path(((-13.0, 0.0), (13.0, 0.0)), "gap"),), "asked for, and not met", 28))
    return entries


def _sample() -> Mark:
    return Group((Rect(-12, -7, 24, 14, "block", 2), Rect(-12, -7, 24, 14, "tint", 2)))
