"""Who shares partners: the projection of the network on one role, as arcs beside a list of names."""

from __future__ import annotations

from collections.abc import Iterator

from kapteam.draw.heading import heading
from kapteam.draw.legend import Entry, legend
from kapteam.draw.marks import Layout, Mark, Path, Text, within
from kapteam.draw.picture import Picture
from kapteam.graphs.projections import shared_edges
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.show.words import count, rests_on

_WIDTH = 720
_NAMES = 260.0  # where names end
_LINE = 20.0
#: People who are drawn at most: those who share most.
MOST = 60
#: Arcs that are drawn at most for each person.
_ARCS = 6


def partners_picture(links: Links, role: str, *, unknown: str = "exclude", titled: bool = True) -> Picture:
    """An arc for any two of a role who share partners, the wider the more they share.

    Parameters
    ----------
    links : Links
    role : {"prescriber", "therapist"}
    unknown : {"exclude", "allow"}
        Whether links that rest on an unknown fact count.
    titled : bool
        Whether the answer stands above, and what it rests on.

    Notes
    -----
    People stand in the order of a walk through those who share: from whoever shares most to the neighbour who shares
    most with the one before, and so on, so that arcs are short. Of more than :data:`MOST` people those are drawn who
    share most, and of very many arcs the widest; what is left out is counted.
    """
    if role not in ("prescriber", "therapist"):
        raise UsageError(f"role is one of prescriber, therapist; not {role!r}")
    shared = {(a, b): int(said["shared_partners"]) for a, b, said in shared_edges(links, role, unknown)}
    order = _walked(shared)
    drawn = order[:MOST]
    other = "therapist" if role == "prescriber" else "prescriber"
    among = int(links.facts.candidate[role].sum())
    said = f"{len(order):,} of {count(among, role)} share {other}s with another."
    if len(order) > len(drawn):
        said += f" The {len(drawn)} who share most are drawn."
    arcs = _widest({pair: n for pair, n in shared.items() if set(pair) <= set(drawn)}, len(drawn))
    marks: list[Mark] = []
    y = 12.0
    if titled:
        above, y = heading(said, rests_on(links), 12, _WIDTH - 12, y)
        marks += above
    at = {id: y + _LINE * (i + 0.5) for i, id in enumerate(drawn)}
    people = links.facts.roster.people
    farthest = max((abs(at[a] - at[b]) for a, b in arcs), default=1)
    for (a, b), n in sorted(arcs.items(), key=lambda one: (one[1], one[0])):
        high, low = sorted((at[a], at[b]))
        reach = 18 + (_WIDTH - _NAMES - 90) * (low - high) / max(farthest, 1)
        title = f"{people[a].label} and {people[b].label} share {count(n, other)}"
        data = (("person", a), ("other", b), ("shared", str(n)))
        here = _NAMES + 14
        marks.append(
            Path(((here, high), (here, low)), f"shared w{min(6, n.bit_length())}", "around", reach, data, title)
        )
    for id, middle in at.items():
        marks.append(within(_NAMES, middle + 4, people[id].label, _NAMES - 16, 12, "", "end"))
    y += _LINE * len(drawn) + 6
    if len(arcs) < sum(set(pair) <= set(drawn) for pair in shared):
        marks.append(Text(12, y + 10, f"Only the {len(arcs):,} widest arcs are drawn.", 11, "quiet"))
        y += 18
    samples, y = legend(list(_entries(arcs, other)), 12, _WIDTH - 12, y + 8)
    marks += samples
    title = f"{role.capitalize()}s who share {other}s"
    return Picture(Layout(_WIDTH, round(y + 12), title, said, tuple(marks)))


def _walked(shared: dict[tuple[str, str], int]) -> list[str]:
    """Everybody who shares, each beside those with whom they share most."""
    near: dict[str, dict[str, int]] = {}
    for (a, b), n in shared.items():
        near.setdefault(a, {})[b] = n
        near.setdefault(b, {})[a] = n
    left = sorted(near, key=lambda id: (-sum(near[id].values()), id))
    order: list[str] = []
    while left:
        here: str | None = left[0]
        while here is not None:
            order.append(here)
            left.remove(here)
            rest = [(-n, id) for id, n in near[here].items() if id in left]
            here = min(rest)[1] if rest else None
    return order


def _widest(shared: dict[tuple[str, str], int], people: int) -> dict[tuple[str, str], int]:
    widest = sorted(shared, key=lambda pair: (-shared[pair], pair))[: _ARCS * people]
    return {pair: shared[pair] for pair in widest}


def _entries(arcs: dict[tuple[str, str], int], other: str) -> Iterator[Entry]:
    widths = sorted({min(6, n.bit_length()) for n in arcs.values()})
    for wide in widths:
        few, many = 1 << (wide - 1), (1 << wide) - 1
        words = (
            count(few, other)
            if few == many
            else f"{few} or more {other}s"
            if wide == 6
            else f"{few} to {many} {other}s"
        )
        yield Entry((Path(((-5.0, -7.0), (-5.0, 7.0)), f"shared w{wide}", "around", 10.0),), f"share {words}", 14)
