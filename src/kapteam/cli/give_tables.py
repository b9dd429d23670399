"""An answer as a folder of Parquet tables, for one that is too large for a document."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import numpy as np

from kapteam.cli.output import give_json, give_text, working
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.tables.frames import tables_of, to_polars
from kapteam.tables.table import Coded, Table

#: Rows of a table that are one file at most.
ROWS_A_PART = 2_000_000
ANSWER = "answer.json"

tables_option = click.option(
    "--tables", metavar="FOLDER", type=click.Path(path_type=Path),
    help="Write the answer as Parquet tables into a new folder, with answer.json beside them; for a country.",
)  # fmt: skip


def need_room(folder: Path | None) -> None:
    """Raise UsageError where tables are asked for and cannot be written, before any long work is done."""
    if folder is None:
        return
    if folder.exists():
        raise UsageError(f"{str(folder)!r} is there already: name a new folder, or take that one away")
    if find_spec("polars") is None:
        raise UsageError("Parquet is written by Polars: pip install 'kapteam[polars]'")


def give_tables(answer: Links | Plan, folder: Path, made_from: Any = None) -> dict[str, Any]:
    """Write an answer's tables into a folder that has its own name only when all of it is there.

    Returns
    -------
    dict
        What ``answer.json`` holds: everything of the document that is not a list.
    """
    found = tables_of(answer)
    tables = found if isinstance(found, Mapping) else {"links": found}
    document = {**_brief(answer), "rows": {name: _length(table) for name, table in tables.items()}}
    if made_from is not None:
        document["provenance"] = made_from.as_dict()
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        with working(f"writing {folder}"):
            for name, table in tables.items():
                for path, rows in _files(part, name, _length(table)):
                    to_polars(rows(table)).write_parquet(path, compression="zstd")
        (part / ANSWER).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.rename(folder)
    except OSError as error:
        raise UsageError(f"cannot write {str(folder)!r}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    click.echo(f"wrote {folder}", err=True)
    return document


def give_brief(document: dict[str, Any], as_json: bool, output: Path | None) -> None:
    """Print what ``answer.json`` holds, or say it."""
    if as_json:
        give_json(document, output)
        return
    rows = ", ".join(f"{count:,} rows of {name}" for name, count in document["rows"].items())
    if "objective" in document:
        said = (
            f"{document['objective']['teamed']:,} therapists teamed with {document['prescribers_in_teams']:,} "
            f"prescribers, {document['objective']['points']:,} points: no plan teams more, and none of as many has "
            "more points"
        )
        if document["status"] != "optimal":
            said = "what was to be kept breaks a rule, so there is no plan: ask without --tables to see why"
        elif document["bound"] != document["objective"]:
            said = f"{said.split(':')[0]}, of {document['bound']['points']:,} that the best plan has"
    else:
        said = ", ".join(f"{count:,} links {word}" for word, count in document["verdicts"].items())
    give_text([said, rows], output)


def _files(folder: Path, name: str, rows: int) -> Iterator[tuple[Path, Callable[[Table], Table]]]:
    """The files of a table, and what makes the rows of each of the whole."""
    if rows <= ROWS_A_PART:
        yield folder / f"{name}.parquet", lambda table: table
        return
    (folder / name).mkdir()
    for number, begin in enumerate(range(0, rows, ROWS_A_PART)):
        some = slice(begin, begin + ROWS_A_PART)
        yield folder / name / f"part-{number:05}.parquet", partial(_some, some)


def _some(rows: slice, table: Table) -> Table:
    values = (Coded(v.codes[rows], v.of) if isinstance(v, Coded) else v[rows] for v in table.values)
    return Table(table.fields, tuple(values))


def _length(table: Table) -> int:
    first = table.values[0]
    return len(first.codes) if isinstance(first, Coded) else len(first)


def _brief(answer: Links | Plan) -> dict[str, Any]:
    """The document of an answer without its lists."""
    if isinstance(answer, Links):
        words = ((1, "pass"), (0, "unknown"), (-1, "fail"))
        counts = {word: int((answer.verdicts == value).sum()) for value, word in words}
        return {"on": answer.facts.day.isoformat(), "verdicts": counts, **answer.supposition}
    reached, bound = answer.objective, answer.bound
    return {
        "on": answer.on.isoformat(), "status": answer.status, "unknown": answer.unknown,
        "max_partners": answer.max_partners, "protocol": answer.links.facts.protocol_name,
        "objective": {"teamed": reached.teamed, "points": reached.points},
        "bound": {"teamed": bound.teamed, "points": bound.points},
        "prescribers_in_teams": len(np.unique(answer.links.pairs.prescriber_person[answer.rows])),
        "teamed_worth": answer.problem.teamed_worth, **answer.links.supposition,
    }  # fmt: skip
