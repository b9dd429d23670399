"""The picture of a network: who could work with whom, and the teams; of many people, first by site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kapteam.columns.logic import UNKNOWN
from kapteam.draw.heading import heading
from kapteam.draw.lanes import Lanes
from kapteam.draw.legend import Entry, legend
from kapteam.draw.marks import Layout, Mark, Path, every
from kapteam.draw.persons import Columns
from kapteam.draw.picture import Picture
from kapteam.draw.signs import sign
from kapteam.draw.sites import overview
from kapteam.draw.standing import Standings
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.show.plan import answer
from kapteam.show.words import count, place, rests_on

#: People up to whom a picture shows everybody; of more it shows the sites.
EVERYBODY = 60
#: How wide a picture is, unless something else is asked for.
WIDTH = 920
#: What no picture is narrower than.
LEAST_WIDTH = 320


def network_picture(
    links: Links,
    plan: Plan | None = None,
    *,
    site: str | None = None,
    failing: bool = False,
    by_site: bool | None = None,
    width: int = WIDTH,
    titled: bool = True,
) -> Picture:
    """The network with its teams: a lane for each site, or the sites alone where there are many people.

    Parameters
    ----------
    links : Links
    plan : Plan, optional
        The teams, drawn bold; without it nobody is teamed or left out.
    site : str, optional
        One site, with everybody there.
    failing : bool
        Whether links that fail are drawn as well.
    by_site : bool, optional
        Whether the sites alone are shown; otherwise they are where there are more than :data:`EVERYBODY` people.
    width : int
        In pixels.
    titled : bool
        Whether the answer stands above, and what it rests on.

    Raises
    ------
    UsageError
        There is no such site, no picture is so narrow, or the plan is of other links.
    """
    if plan is not None and plan.links is not links:
        raise UsageError("the plan is of other links: give those that it was made from, plan.links")
    if width < LEAST_WIDTH:
        raise UsageError(f"a picture is at least {LEAST_WIDTH} pixels wide, not {width}")
    facts = links.facts
    only = None if site is None else facts.place(site)
    standings = Standings(links, plan, failing)
    columns = Columns.of(width)
    marks: list[Mark] = []
    y = 12.0
    said = _answer(links, plan) if only is None else _answer_of(standings, only)
    if titled:
        above, y = heading(said, rests_on(links), columns.left, columns.right, y)
        marks += above
    sites_alone = only is None and (len(facts.people) > EVERYBODY if by_site is None else by_site)
    if not sites_alone:
        lanes = Lanes(standings, columns, failing)
        heads, y = lanes.heads(y)
        marks += heads
        for one in range(len(facts.sites)) if only is None else [only]:
            lane, y = lanes.lane(one, y)
            marks += lane
        if only is None:
            lost, y = lanes.nowhere(y)
            marks += lost
        samples, y = legend(list(_entries(marks)), columns.left, columns.right, y + 8)
        marks += samples
    else:
        sites, y = overview(standings, columns.left, columns.right, y)
        marks += sites
    title = "Who could work with whom" + (", and the teams" if plan is not None else "")
    if only is not None:
        title += f" at {place(facts, facts.sites[only])}"
    description = f"{said} {_SITES if sites_alone else _LANES}"
    return Picture(Layout(width, round(y + 12), title, description, tuple(marks)))


_LANES = "A lane for each site: prescribers to the left, therapists to the right, a line for each link."
_SITES = "A row for each site with its therapists, and an arc where two sites share people who could work at both."


def _answer(links: Links, plan: Plan | None) -> str:
    if plan is not None:
        return " ".join([answer(plan), *(conflict.message for conflict in plan.conflicts)])
    usable, open_ = int((links.verdicts > UNKNOWN).sum()), int((links.verdicts == UNKNOWN).sum())
    return (
        f"{usable:,} of {count(len(links), 'link')} may be used; "
        f"{open_:,} {'rests' if open_ == 1 else 'rest'} on unknown facts."
    )


def _answer_of(standings: Standings, site: int) -> str:
    """The answer of one site."""
    facts, plan = standings.links.facts, standings.plan
    if plan is not None and plan.conflicts:
        return _answer(standings.links, plan)
    here = [s for s in standings.all if s.site == site and s.role == "therapist"]
    if plan is None:
        many = sum(s.state == "usable" for s in here)
        return f"{place(facts, facts.sites[site])}: {many} of {count(len(here), 'therapist')} with a usable link here."
    many = sum(s.state == "teamed" for s in here)
    verb = "is" if many == 1 or len(here) == 1 else "are"
    return f"{place(facts, facts.sites[site])}: {many} of {count(len(here), 'therapist')} {verb} teamed here."


_LINES = (
    ("link pass team", "team"),
    ("link unknown team", "team that rests on an unknown fact"),
    ("link pass", "could team"),
    ("link unknown", "rests on an unknown fact"),
    ("link fail", "fails a rule"),
)
_SIGNS = (
    ("teamed", "teamed here"),
    ("elsewhere", "teamed elsewhere"),
    ("usable", "has a usable link"),
    ("left_out", "left out, though someone could"),
    ("open", "only if unknown facts are confirmed"),
    ("none", "no usable link"),
)


def _entries(marks: Iterable[Mark]) -> Iterator[Entry]:
    """What is to be seen in this picture, and nothing else."""
    seen = {mark.kind for mark in every(marks)}
    for kind, words in _LINES:
        if kind in seen:
            yield Entry((Path(((-15.0, 0.0), (15.0, 0.0)), kind.replace("link", "link sample")),), words, 30)
    for state, words in _SIGNS:
        if f"dot {state}" in seen:
            yield Entry(sign(0, 0, state), words, 12)
