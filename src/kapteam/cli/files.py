"""Files that a command is to write: whether it may, asked before the work and not after it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES


@frozen
class Given:
    """What a command reads.

    Attributes
    ----------
    roster : str
        A workbook, a JSON document or a folder.
    others : sequence of (str or None)
        Other files.
    """

    roster: str
    others: Sequence[str | None] = ()

    def may_write(self, option: str, path: Path, *, folder: bool = False) -> None:
        """Refuse a path that cannot be written, or that is read.

        Parameters
        ----------
        option : str
            Where it was given.
        path : Path
        folder : bool
            Whether it is a folder to be filled, and made where there is none.

        Raises
        ------
        UsageError
            With what stands against it.
        """
        if self.reads(path):
            raise UsageError(f"{option} {path}: that is read, and would be overwritten")
        place, wrong = path, ""
        if folder:
            while not place.exists() and place != place.parent:
                place = place.parent
            wrong = "" if place.is_dir() else "Not a directory"
        elif path.is_dir():
            wrong = "Is a directory"
        elif not path.exists():
            place = path.parent
            wrong = "" if place.is_dir() else "No such file or directory"
        if not wrong and not os.access(place, os.W_OK):
            wrong = "Permission denied"
        if wrong:
            raise UsageError(f"cannot write {str(path)!r}: {wrong}")

    def reads(self, path: Path) -> bool:
        """Whether a path is a file of the roster, or one of the others."""
        target, roster = path.resolve(), Path(self.roster).resolve()
        if target == roster or any(target == Path(other).resolve() for other in self.others if other):
            return True
        return target.parent == roster and target.name in {"practice.toml", *(f"{table}.csv" for table in TABLES)}
