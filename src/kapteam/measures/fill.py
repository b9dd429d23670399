"""How many therapists can be teamed, exactly, as prescribers come one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kapteam.columns.lookup import Index

_NOBODY = -1


class Filling:
    """A graph of prescribers with places and therapists with one unit each, to be filled again and again.

    Parameters
    ----------
    prescriber, therapist : array of int
        The pairs, each once, as codes below ``people``.
    room : sequence of int
        By person: how many therapists they can take as prescriber.

    Notes
    -----
    Only how many are teamed counts here, not for how many points: then it is enough to let each prescriber who comes
    fill one place after the other along an augmenting path (Berge 1957). Nobody who is teamed ever loses their place
    by it. A search that finds no path has reached a set of therapists from which none leads out, and never will, for
    later paths cannot go through it: it is not looked at again. So the work of a whole order is that of the paths
    that succeed, and of one look at each pair.
    """

    def __init__(self, prescriber: Index, therapist: Index, room: Sequence[int] | Index) -> None:
        people = len(room)
        order = np.argsort(prescriber, kind="stable")
        bounds = np.searchsorted(prescriber[order], np.arange(people + 1)).tolist()
        sits = therapist[order].tolist()
        self._of = [sits[a:b] for a, b in pairwise(bounds)]
        self._room = [int(places) for places in room]

    def most(self, order: Sequence[int]) -> int:
        """How many can be teamed at most when all of these prescribers are there."""
        return self.as_they_come(order)[-1]

    def as_they_come(self, order: Sequence[int]) -> list[int]:
        """How many can be teamed at most before anybody has come, and after each of these prescribers, by code."""
        of, people = self._of, len(self._of)
        at = [_NOBODY] * people
        lost = bytearray(people)
        reached = [0] * people  # the last search that came by
        search = teamed = 0
        found = [0]
        for p in order:
            room = self._room[p]
            if room > 0:
                for t in of[p]:
                    if at[t] == _NOBODY:
                        at[t] = p
                        room -= 1
                        teamed += 1
                        if not room:
                            break
            while room > 0:
                search += 1
                if not self._augment(p, at, lost, reached, search):
                    break
                room -= 1
                teamed += 1
            found.append(teamed)
        return found

    def _augment(self, first: int, at: list[int], lost: bytearray, reached: list[int], search: int) -> bool:
        """Fill one place of a prescriber, nobody's place lost; or find that there is no way."""
        of = self._of
        came: dict[int, int] = {}  # of each therapist reached: who would take them
        freed = {first: _NOBODY}  # of each prescriber reached: whose place there would be free
        queue = [first]
        for q in queue:
            for t in of[q]:
                if lost[t] or reached[t] == search:
                    continue
                reached[t] = search
                came[t] = q
                holder = at[t]
                if holder == _NOBODY:
                    while t != _NOBODY:
                        taker = came[t]
                        at[t] = taker
                        t = freed[taker]
                    return True
                if holder not in freed:
                    freed[holder] = t
                    queue.append(holder)
        for t in came:
            lost[t] = 1
        return False
