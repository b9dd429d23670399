"""A program in which some columns are changes of the roster: which of them to make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from attrs import define

from kapteam.advice.changes import Change
from kapteam.columns.lookup import Index
from kapteam.sessions.program import Builder, Program


@define(eq=False, slots=False)
class Choices:
    """Which changes to make.

    Attributes
    ----------
    program : Program
        Its value is what changes add to.
    changes : tuple of Change
    column : array of int, shape (changes,)
        The column of each: 1 where it is made.
    """

    program: Program
    changes: tuple[Change, ...]
    column: Index

    @cached_property
    def change(self) -> Index:
        """By column: 1 for a change."""
        found = np.zeros(self.program.columns, np.int64)
        found[self.column] = 1
        return found

    @cached_property
    def dollars(self) -> Index:
        """By column: what it costs."""
        found = np.zeros(self.program.columns, np.int64)
        found[self.column] = [c.dollars for c in self.changes]
        return found

    def chosen(self, columns: Iterable[int]) -> tuple[Change, ...]:
        """The changes of some columns."""
        number = {column: i for i, column in enumerate(self.column.tolist())}
        return tuple(self.changes[i] for i in sorted(number[column] for column in columns))


def hours_once(builder: Builder, changes: Sequence[Change], column: Sequence[int]) -> None:
    """Let each person be given hours once."""
    people: dict[str, list[int]] = {}
    for change, at in zip(changes, column, strict=True):
        if change.rule == "team.window":
            people.setdefault(change.practitioner, []).append(at)
    several = [mine for _, mine in sorted(people.items()) if len(mine) > 1]
    row = [i for i, mine in enumerate(several) for _ in mine]
    flat = [c for mine in several for c in mine]
    builder.rows(len(several), np.array(row, np.int64), np.array(flat, np.int64), most=1)
