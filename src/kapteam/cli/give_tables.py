"""An answer as a folder of Parquet tables, for one that is too large for a document."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import numpy as np
from attrs import asdict

from kapteam.cli.output import give_json, give_text, working
from kapteam.columns.logic import FAIL, PASS, UNKNOWN, WORDS
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.tables.frames import to_polars
from kapteam.tables.links import links_table
from kapteam.tables.plan import plan_tables
from kapteam.tables.table import Table

#: Links that are one file at most.
ROWS_A_PART = 2_000_000
ANSWER = "answer.json"

_VERDICTS = {WORDS[value]: value for value in (PASS, UNKNOWN, FAIL)}

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
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    rows: Counter[str] = Counter()
    try:
        part.mkdir(parents=True)
        with working(f"writing {folder}"):
            for path, table in _files(answer):
                (part / path).parent.mkdir(exist_ok=True)
                frame = to_polars(table)
                frame.write_parquet(part / path, compression="zstd")
                rows[path.parts[0].removesuffix(".parquet")] += len(frame)
        document = {**_brief(answer), "rows": dict(rows)}
        if made_from is not None:
            document["provenance"] = made_from.as_dict()
        (part / ANSWER).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.rename(folder)
    except OSError as error:
        raise UsageError(f"cannot write {str(folder)!r}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    click.echo(f"wrote {folder}", err=True)
    return document


def give_brief(answer: Links | Plan, document: dict[str, Any], as_json: bool, output: Path | None) -> None:
    """Print what ``answer.json`` holds, or say it: how the words of the answer begin and end, without its lists."""
    if as_json:
        give_json(document, output)
        return
    from kapteam.show.links import shown_count
    from kapteam.show.plan import shown_answer
    from kapteam.show.words import rests_on

    links, said = (answer, shown_count(answer)) if isinstance(answer, Links) else (answer.links, shown_answer(answer))
    counted = ", ".join(f"{count:,} rows of {name}" for name, count in document["rows"].items())
    give_text([*said, counted, rests_on(links)], output)


def _files(answer: Links | Plan) -> Iterator[tuple[Path, Table]]:
    """Each file in the folder, and its table: links in parts, however few, and each table of a plan in one."""
    if isinstance(answer, Plan):
        for name, table in plan_tables(answer).items():
            yield Path(f"{name}.parquet"), table
        return
    for number, begin in enumerate(range(0, max(1, len(answer)), ROWS_A_PART)):
        yield Path("links", f"part-{number:05}.parquet"), links_table(answer, slice(begin, begin + ROWS_A_PART))


def _brief(answer: Links | Plan) -> dict[str, Any]:
    """The document of an answer without its lists."""
    if isinstance(answer, Links):
        counts = {word: int((answer.verdicts == value).sum()) for word, value in _VERDICTS.items()}
        return {"on": answer.facts.day.isoformat(), "verdicts": counts, **answer.supposition}
    pairs, fair = answer.links.pairs, answer.fairness
    return {
        "on": answer.on.isoformat(), "status": answer.status, "unknown": answer.unknown,
        "max_partners": answer.max_partners, "protocol": answer.links.facts.protocol_name,
        "objective": asdict(answer.objective), "bound": asdict(answer.bound),
        "therapists_in_teams": len(np.unique(pairs.therapist_person[answer.rows])),
        "prescribers_in_teams": len(np.unique(pairs.prescriber_person[answer.rows])),
        "teamed_worth": answer.problem.teamed_worth,
        "fair": fair and {name: told for name, told in fair.as_dict().items() if name != "cover"},
        "conflicts": [asdict(conflict) for conflict in answer.conflicts],
        **answer.links.supposition,
    }  # fmt: skip
