"""Small rosters as files, and what is wrong with them: what the tests of every format share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kapteam.io.read import read
from kapteam.records.problems import Problem, RosterError
from kapteam.records.roster import Roster

#: The least that is a roster, a table as lines of cells.
LEAST: dict[str, list[list[Any]]] = {
    "sites": [["site", "jurisdiction", "supply"], ["hudson", "NY", "stock"]],
    "practitioners": [["practitioner"], ["ana"], ["ines"]],
    "licenses": [["practitioner", "jurisdiction", "profession"], ["ines", "NY", "physician"]],
    "hours": [["practitioner", "site", "when"], ["ines", "hudson", "Mon 09:00-17:00"]],
}


def with_tables(**tables: list[list[Any]]) -> dict[str, list[list[Any]]]:
    """The least roster with other tables, or more of them."""
    return {**LEAST, **tables}


def folder(where: Path, tables: Mapping[str, list[list[Any]]] = LEAST, separator: str = ",", end: str = "\n") -> Path:
    """A folder of CSV files, its cells written as they are."""
    where.mkdir(exist_ok=True)
    for name, lines in tables.items():
        text = "".join(separator.join(map(str, line)) + end for line in lines)
        (where / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return where


def book(tables: Mapping[str, list[list[Any]]] = LEAST) -> Workbook:
    """A workbook to spoil further."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, lines in tables.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return made


def workbook(where: Path, tables: Mapping[str, list[list[Any]]] = LEAST) -> Path:
    """A workbook with these tables."""
    return saved(book(tables), where)


def saved(made: Workbook, where: Path) -> Path:
    """The workbook's path after it was saved."""
    path = where / "roster.xlsx"
    made.save(path)
    return path


def document(where: Path, data: Any) -> Path:
    """A JSON document; tables may be given as lines of cells."""
    if isinstance(data, dict):
        data = {
            name: [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
            if rows and isinstance(rows, list) and isinstance(rows[0], list)
            else rows
            for name, rows in data.items()
        }
    path = where / "roster.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def problems(path: Path, practice: Path | None = None) -> list[Problem]:
    """Every error of a roster that must have one."""
    with pytest.raises(RosterError) as caught:
        read(path, practice=practice)
    for problem in caught.value.problems:
        str(problem).encode()  # whatever is wrong, it can be printed
    return [p for p in caught.value.problems if p.level == "error"]


def only(path: Path) -> Problem:
    """The one error of a roster that must have one."""
    (found,) = problems(path)
    return found


def unreadable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make every file of that name refuse to be opened, as to one who has no right to."""
    real = Path.open

    def refuse(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == name:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)


__all__ = [
    "LEAST",
    "Roster",
    "book",
    "document",
    "folder",
    "only",
    "problems",
    "saved",
    "unreadable",
    "with_tables",
    "workbook",
]
