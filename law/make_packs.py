"""From the researched tables beside this file to the packs that kapteam ships.

``python law/make_packs.py`` writes the packs; with ``--check`` it writes nothing and exits with 1 where the
packs differ from what the tables give. It needs the standard library only, and the same tables give the same
bytes everywhere.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tables import LISTS, Row, read, slug, split

HERE = Path(__file__).resolve().parent
PACKS = HERE.parent / "src" / "kapteam" / "law" / "packs"

# How a cell is written; a column that is not named here is text. Hours are text too: a TOML float would not
# keep an exact decimal.
YES_NO = ("ketamine", "same_site", "in_clinic_only", "trauma", "complementary", "practicum", "experiential")
DATES = ("from", "until", "checked", "issues_since")
NUMBERS = ("max_concurrent_sessions", "days_a_year")
TEXTS = ("aliases", "specialties", "professions", "states")
# The tables that are one pack each, and what a row of theirs is called there.
KINDS = {"modalities": "modality", "trainings": "training", "specialties": "specialty", "compacts": "compact"}
# An empty cell of these is a fact ("the whole place", "no note"); an empty cell of another is nothing known.
ALWAYS = ("subject", "note", "aliases", "specialty", "states")


def packs(tables: dict[str, list[Row]]) -> dict[str, str]:
    """The text of each pack, by its path below the packs' folder."""
    made: dict[str, str] = {}
    entries = sorted(tables["entries"], key=lambda row: [row[c] for c in ("jurisdiction", "subject", "key", "from")])
    for place in sorted({row["jurisdiction"] for row in entries}):
        rows = [row for row in entries if row["jurisdiction"] == place]
        made[f"jurisdictions/{place}.toml"] = _head("entries") + _rows("entry", rows)
    for row in tables["carriers"]:
        made[f"carriers/{slug(row['name'])}.toml"] = _head("carriers") + "\n" + _lines(row)
    for table, kind in KINDS.items():
        # A table's first column is the one that its rows are looked up by.
        rows = sorted(tables[table], key=lambda row: next(iter(row.values())))
        made[f"{table}.toml"] = _head(table) + _rows(kind, rows)
    return made


def write(made: dict[str, str], folder: Path) -> None:
    """Make the folder hold exactly these packs; a pack that no table gives any more goes."""
    for file in _stale(made, folder):
        file.unlink()
    for path, text in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def differences(made: dict[str, str], folder: Path) -> list[str]:
    """The packs that are missing, changed or left over in the folder, sorted."""
    wrong = [path for path, text in made.items() if not _same(folder / path, text)]
    return sorted(wrong + [file.relative_to(folder).as_posix() for file in _stale(made, folder)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status: 0 done, 1 a problem in the tables or a difference, 2 wrong usage."""
    parser = argparse.ArgumentParser(description="Write kapteam's packs from the tables beside this file.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where the packs differ")
    parser.add_argument("--tables", type=Path, default=HERE, help="the folder of the tables")
    parser.add_argument("--packs", type=Path, default=PACKS, help="the folder of the packs")
    options = parser.parse_args(arguments)
    tables, problems = read(options.tables)
    if not problems:
        made = packs(tables)
        if options.check:
            problems = [f"{path}: differs from what the tables give" for path in differences(made, options.packs)]
        else:
            write(made, options.packs)
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


def _head(table: str) -> str:
    words = f"# Written by law/make_packs.py from law/{table}.csv: change that table, not this file.\n"
    if table == "specialties":
        words += "# Codes and names: the NUCC Health Care Provider Taxonomy (www.nucc.org).\n"
    return words


def _rows(kind: str, rows: list[Row]) -> str:
    return "".join(f"\n[[{kind}]]\n{_lines(row)}" for row in rows)


def _lines(row: Row) -> str:
    said = {column: cell for column, cell in row.items() if column != "line" and (cell or column in ALWAYS)}
    return "".join(f"{column} = {_value(row, column)}\n" for column in said)


def _value(row: Row, column: str) -> str:
    cell = row[column]
    if column in YES_NO:
        return "true" if cell == "yes" else "false"
    if column in DATES or column in NUMBERS:
        return cell
    if column in TEXTS or (column == "value" and row["key"] in LISTS):
        return "[" + ", ".join(map(_text, split(cell))) + "]"
    return _text(cell)


def _text(words: str) -> str:
    # A JSON string is a TOML one, but for control characters, which no table may hold.
    return json.dumps(words, ensure_ascii=False)


def _same(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def _stale(made: dict[str, str], folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*.toml") if file.relative_to(folder).as_posix() not in made]


if __name__ == "__main__":
    sys.exit(main())
