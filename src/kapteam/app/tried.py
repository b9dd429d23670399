"""What was tried on the page, told wherever something of it is saved."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from kapteam.app.edits import Edit, Fact, Hire, Unknowns
from kapteam.show.words import count, money

#: What stands where it is said that nobody knows an answer yet.
HOPED_FOR = "an answer hoped for, which nobody has given yet"
_UNKNOWN = "facts that nobody wrote down"
_WARNING = "What if: these rows are not the practice as it is. What was tried on the page of kapteam:"
_HEADER = ("what was tried", "cost", "rests on")


@frozen
class Tried:
    """One edit that holds, in words.

    Attributes
    ----------
    words : str
    cost : str
        What it takes; empty where that is nothing.
    rests_on : str
        What nobody knows yet, and it takes for granted; empty where it rests on nothing.
    idle : str
        Why it has no effect; empty where it has.
    """

    words: str
    cost: str
    rests_on: str
    idle: str

    @property
    def sentence(self) -> str:
        """All of it in a sentence or two."""
        cost = f" ({self.cost})" if self.cost else ""
        idle = f" This has no effect: {self.idle}." if self.idle else ""
        rests = f" This rests on {self.rests_on}." if self.rests_on and not self.idle else ""
        return f"{self.words}{cost}.{rests}{idle}"


def cost_of(edit: Edit) -> str:
    """What an edit costs and how long it takes; of a hire that this is not counted."""
    if isinstance(edit, Hire):
        return "hiring not counted"
    return money_and_days(edit.dollars, edit.days) if isinstance(edit, Fact) else ""


def taken_for_granted(edit: Edit) -> str:
    """What an edit takes for granted that nobody knows yet."""
    if isinstance(edit, Fact) and edit.ask:
        return HOPED_FOR
    return _UNKNOWN if isinstance(edit, Unknowns) else ""


def money_and_days(dollars: int, days: int) -> str:
    """A cost and a lead time in few words."""
    return f"{money(dollars)}, {count(days, 'day')}"


def note(tried: Sequence[Tried]) -> list[tuple[str, ...]]:
    """The rows of a sheet that tells what was tried."""
    rows = [(t.words + (f" (has no effect: {t.idle})" if t.idle else ""), t.cost, t.rests_on) for t in tried]
    return [(_WARNING,), _HEADER, *rows]
