"""Where there are not as many teams as were asked for: those that lack least."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns import weeks
from kapteam.matching.branches import Chosen, Effort, Hours
from kapteam.matching.form import Formed, common_starts, search
from kapteam.matching.seats import VACANT, Pool

#: Branches to look at in each of the few searches.
EFFORT = 20_000


@frozen
class Lacking:
    """A team that cannot be formed as it is.

    Attributes
    ----------
    pool : Pool
        What it is made of.
    chosen : Chosen
        Codes below 0 are seats that nobody is there for.
    fails, unknowns : int
        How much stands in its way.
    hours : {"written", "unwritten", "any"}
        By which hours it has a start in common.
    unmet : tuple of int
        The asks that nobody in it meets, by their numbers.
    absent : tuple of int
        Who was to be in it, and is not.
    """

    pool: Pool
    chosen: Chosen
    fails: int
    unknowns: int
    hours: Hours
    unmet: tuple[int, ...]
    absent: tuple[int, ...]


def lacking(formed: Formed, count: int) -> list[Lacking]:
    """The teams that lack least for a need, among links that are listed, the nearest first.

    A team lacks each blocking finding that fails or (unless they are allowed) is unknown of its people and links, once
    for each person; a common start; each ask that is not met; and, counting double, each seat that nobody is there for
    and each person who was to be in it and is not. The fewest failures come first, then the fewest unknowns; then the
    order of :func:`~kapteam.matching.form.form`. Nobody in it avoids another one who sits or watches.

    Notes
    -----
    What a common start and the asks add is the same for every team that is without; so the nearest teams are among
    the best of those that have them, and the best of those of which they are not asked: a search for each. Only who
    must be in the team, where all of them cannot be, and several asks that are to be covered, are not weighed against
    the rest: as many asks are met as anybody there can meet.
    """
    need, found = formed.need, dict[tuple[object, ...], Lacking]()
    pool = Pool(formed.links, need, formed.pool.met, formed.pool.communication, with_gaps=True)
    pairs = formed.links.pairs
    sit, prescribe = pairs.therapist_person[pool.rows], pairs.prescriber_person[pool.rows]
    possible = sum(1 << number for number, met in enumerate(pool.met) if met[sit].any())
    watch = [pool.watch(int(site)) for site in np.unique(pairs.site[pool.rows])]
    seated = np.concatenate([sit, prescribe, *(w.members.person[w.able] for w in watch)])
    among = need.among & set(seated.tolist())
    by_hours: tuple[Hours, ...] = ("unwritten", "any") if need.unknown == "allow" else ("written", "unwritten", "any")
    asks = (possible,) if need.covering or not possible else (possible, 0)
    for inside in dict.fromkeys((among, frozenset[int]())):
        for hours in by_hours:
            for asked in asks:
                chosen, _ = search(pool, count + len(formed.chosen), Effort(EFFORT), hours, asked, inside)
                for one in chosen:
                    told = _told(pool, one)
                    if told.fails or told.unknowns:
                        found[one.site, one.prescriber, one.therapists, one.monitors] = told
        if found:
            break
    return sorted(found.values(), key=_order)[:count]


def _told(pool: Pool, chosen: Chosen) -> Lacking:
    """What a team lacks, all of it counted."""
    need = pool.need
    fails, unknowns = pool.prices.fails_and_unknowns(chosen.price)
    hours: Hours = "any"
    if weeks.some(common_starts(pool, chosen))[0]:
        hours = "written"
    elif weeks.some(common_starts(pool, chosen, unwritten=True))[0]:
        hours = "unwritten"
    sit = [t for t in chosen.therapists if t >= 0]
    met = 0
    for therapist in sit:
        met |= pool.brings[therapist]
    if not need.covering:  # one of them meets it whole
        met = int(any(pool.brings[therapist] for therapist in sit))
    unmet = tuple(number for number in range(len(pool.met)) if not met >> number & 1)
    absent = tuple(sorted(need.among - set(chosen.people)))
    fails += (hours == "any") + len(unmet) + VACANT * len(absent)
    unknowns += hours == "unwritten" and need.unknown != "allow"
    return Lacking(pool, chosen, fails, unknowns, hours, unmet, absent)


def _order(one: Lacking) -> tuple[object, ...]:
    prices, chosen = one.pool.prices, one.chosen
    fails, unknowns = prices.fails_and_unknowns(chosen.price)
    rest = chosen.price - fails * prices.fail - unknowns * prices.unknown
    size = len(chosen.people) if one.pool.need.covering else 0
    return (one.fails, one.unknowns, size, rest, chosen.site, chosen.prescriber, chosen.therapists, chosen.monitors)
