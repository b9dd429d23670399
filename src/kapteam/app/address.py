"""What a tab shows, as its address names it: reload keeps it, and a copy of the address is the same view."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import attrs
from attrs import frozen

from kapteam.app.edits import Edit, Step, document, standing, steps_of
from kapteam.records.problems import UsageError

#: Characters of an address; more, and some part between browser and page may cut it off.
LONGEST = 30_000
_UNPACKED = 4_000_000  # bytes that an address may unfold to


@frozen
class View:
    """What one tab shows.

    Attributes
    ----------
    base : str
        The name of the roster that was opened.
    on : date
        The day judged.
    week : date
        A day of the week planned.
    steps : tuple of Step
        What was done, and what was undone and may be done again.
    done : int
        How many of the steps are done.
    """

    base: str
    on: date
    week: date
    steps: tuple[Step, ...] = ()
    done: int = 0

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits that hold."""
        return standing(self.steps[: self.done])

    def then(self, *steps: Step) -> View:
        """After further steps; what was undone is forgotten."""
        return attrs.evolve(self, steps=(*self.steps[: self.done], *steps), done=self.done + len(steps))

    def undone(self) -> View:
        """One step back, if there is one."""
        return attrs.evolve(self, done=max(0, self.done - 1))

    def redone(self) -> View:
        """One step on again, if there is one."""
        return attrs.evolve(self, done=min(len(self.steps), self.done + 1))

    def fields(self) -> dict[str, str]:
        """The parts of its address by name; :func:`view_of` reads them back equal."""
        found = {"base": self.base, "on": self.on.isoformat(), "week": self.week.isoformat()}
        if self.steps:
            found |= {"done": str(self.done), "steps": _packed(self.steps)}
        return found

    def address(self, path: str = "/") -> str:
        """Its address.

        Raises
        ------
        UsageError
            So many changes that no address holds them.
        """
        found = f"{path}?{urlencode(self.fields())}"
        if len(found) > LONGEST:
            raise UsageError("these are more changes than one address holds: save the roster as changed, and open that")
        return found


def view_of(fields: Mapping[str, str]) -> View:
    """The view that the parts of an address name.

    Raises
    ------
    UsageError
        One of them cannot be read.
    """
    steps = _unpacked(fields["steps"]) if fields.get("steps") else ()
    done = fields.get("done", "0")
    if not done.isdecimal() or int(done) > len(steps):
        raise UsageError(f"done is how many of the steps are done, from 0 to {len(steps)}; not {done!r}")
    return View(fields.get("base", ""), day_of("on", fields), day_of("week", fields), steps, int(done))


def day_of(name: str, fields: Mapping[str, str]) -> date:
    """A day that a part of an address names."""
    text = fields.get(name, "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name} is a day such as 2026-12-07, not {text!r}") from None
    if not 1900 < day.year < 2200:
        raise UsageError(f"{name} is a day between 1901 and 2199, not {text}")
    return day


def _packed(steps: tuple[Step, ...]) -> str:
    text = json.dumps(document(steps), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _unpacked(text: str) -> tuple[Step, ...]:
    try:
        folded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        data = json.loads(zlib.decompressobj().decompress(folded, _UNPACKED))
    except (ValueError, zlib.error):
        raise UsageError("the changes in the address are cut off or mistyped: open it without them") from None
    return steps_of(data)
