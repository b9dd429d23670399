"""What can be wrong with a roster or a plan, as facts: words are made from them only where a person reads."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen
from attrs.converters import optional

Level = Literal["error", "warning"]
# What a problem may be about beside a table: then its file says enough.
_WHOLE = ("roster", "practice")

_LONGEST = 200  # characters: nothing that long is a mistyped name, and comparing it would take long


class KapteamError(Exception):
    """The base of every error that kapteam raises on purpose."""


class UsageError(KapteamError):
    """What was asked cannot be asked: an unknown person, protocol, file ending or option."""


class Misread(ValueError):
    """A cell that its kind cannot read.

    Attributes
    ----------
    expected : str
        What the cell may hold, in words.
    nearest : tuple of str
        The valid values that the writer may have meant, best first.
    """

    def __init__(self, expected: str, nearest: Iterable[str] = ()) -> None:
        super().__init__(expected)
        self.expected = expected
        self.nearest = tuple(nearest)


def _sayable(text: str) -> str:
    """Text that any output can encode: half a surrogate pair, which JSON may hold, is shown as its escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


@frozen
class Problem:
    """One thing that is wrong, or odd, in one place of a roster.

    Attributes
    ----------
    table : str
        The table, or ``practice`` for the practice file.
    row : int or None
        The row as a spreadsheet counts it (the header is row 1); in JSON and in code the item, from 1; in TOML
        the line.
    column : str or None
        The column, or the dotted key in the practice file.
    value : str or None
        What stands there; None where nothing does.
    expected : str
        What was expected, or what is wrong, in words.
    nearest : tuple of str
        Valid values that may have been meant, best first.
    source : str
        The file, or the file and its sheet; empty for a roster built in code.
    also : int or None
        Another row of the same table that has a part in it.
    level : {"error", "warning"}
        An error stops every answer; a warning is said and goes on.
    """

    table: str = field(converter=_sayable)
    row: int | None
    column: str | None = field(converter=optional(_sayable))
    value: str | None = field(converter=optional(_sayable))
    expected: str = field(converter=_sayable)
    nearest: tuple[str, ...] = ()
    source: str = field(default="", converter=_sayable)
    also: int | None = None
    level: Level = "error"

    @property
    def message(self) -> str:
        """The problem in a sentence, without its place."""
        words = self.expected + (f" (see row {self.also})" if self.also is not None else "")
        if self.nearest:
            words += f"; did you mean {' or '.join(repr(n) for n in self.nearest)}?"
        return words

    @property
    def place(self) -> str:
        """Where it stands: file or table, row, column."""
        parts = [self.source or self.table]
        if self.source and self.row is None and self.column is None and self.table not in (*_WHOLE, *self._named()):
            parts.append(self.table)
        if self.row is not None:
            parts.append(f"{'line' if self.source.endswith('.toml') else 'row'} {self.row}")
        if self.column is not None:
            parts.append(self.column)
        return ", ".join(parts)

    def _named(self) -> tuple[str, ...]:
        """What the source names itself: its file or sheet, and a file without its ending."""
        last = self.source.rpartition(", ")[2].removeprefix("sheet ")
        return last, last.rpartition(".")[0]

    def __str__(self) -> str:
        whole = self.row is None and self.column is None
        # Of a whole file or sheet, what stands there is its name, which its place has said.
        said = self.value is None or (whole and self.value in (self.table, *self._named()))
        value = "" if said else f"{_short(self.value or '')!r}: "
        return f"{self.place}: {value}{self.message}"


class RosterError(KapteamError):
    """A roster that cannot be used: every problem of it at once.

    Attributes
    ----------
    problems : tuple of Problem
        Errors first, then the warnings seen on the way.
    """

    problems: tuple[Problem, ...] = field()

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        self.problems = tuple(p for p in found if p.level == "error") + tuple(p for p in found if p.level == "warning")
        super().__init__(summary(self.problems))


@frozen
class Violation:
    """One thing of a saved plan that does not hold.

    Attributes
    ----------
    rule : str
        A rule's id, or what else of the plan does not hold, as its judge names it.
    subject : str
        Whom or what it is about, by ids.
    message : str
    """

    rule: str
    subject: str
    message: str


def summary(problems: Iterable[Problem], show: int = 20) -> str:
    """The first problems, a line each, and how many more there are."""
    found = list(problems)
    more = len(found) - show
    return "\n".join([str(p) for p in found[:show]] + ([f"... and {more:,} more"] if more > 0 else []))


def nearest(value: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> tuple[str, ...]:
    """The known values closest to ``value``, capitals aside; empty where none is close."""
    if len(value) > _LONGEST:
        return ()
    by_folded = {k.casefold(): k for k in known}
    close = difflib.get_close_matches(value.casefold(), by_folded, n=count, cutoff=cutoff)
    return tuple(by_folded[c] for c in close)


def _short(value: str, length: int = 60) -> str:
    return value if len(value) <= length else value[: length - 1] + "…"
