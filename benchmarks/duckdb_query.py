"""The blocking rules as a query in DuckDB: tables in memory, one statement, a verdict for each candidate link.

A week is 21 columns of 32 bits here too: DuckDB has strings of bits, but shifts them bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from attrs import frozen
from flat import WORDS, Flat
from polars_script import NURSES, PRESCRIBING, THERAPY

from kapteam.records.people import PROFESSIONS

_QUERY = Path(__file__).with_name("verdicts.sql").read_text(encoding="utf-8")
_FULL = (1 << 32) - 1


def _one_of(names: tuple[str, ...]) -> str:
    return f"word::VARCHAR IN {names!r}"


#: What several rules say.
_MACROS = (
    f"prescribing(word) AS {_one_of(PRESCRIBING)}",
    f"nurse(word) AS {_one_of(NURSES)}",
    f"therapy(word) AS {_one_of(THERAPY)}",
    f"rank_of(word) AS list_position({list(PROFESSIONS)!r}, word::VARCHAR)",
    "answer(said) AS CASE WHEN said IS NULL THEN 0 WHEN said THEN 1 ELSE -1 END",
    "yes_no(word) AS CASE WHEN word = 'yes' THEN 1 WHEN word IN ('no', 'formulary_excludes') THEN -1 ELSE 0 END",
    "standing(status, setting) AS CASE "
    "WHEN status IN ('active', 'privilege') OR (status = 'telehealth' AND setting = 'telehealth') THEN 1 "
    "WHEN status = 'restricted' THEN 0 ELSE -1 END",
    "therapist_by(profession, specialty) AS CASE "
    "WHEN nurse(profession) THEN answer(specialty = 'psychiatric_nursing') ELSE answer(therapy(profession)) END",
)


@frozen(eq=False)
class Database:
    """The flat tables of a roster inside DuckDB, and the query that is asked of them."""

    connection: duckdb.DuckDBPyConnection
    query: str
    parameters: dict[str, Any]

    @classmethod
    def of(cls, flat: Flat) -> Database:
        """Load the tables, and write the query for the lengths and the clocks of a roster."""
        connection = duckdb.connect(":memory:")
        connection.execute("SET enable_progress_bar = false")
        for name, table in flat.tables.items():
            connection.register("given", table)
            connection.execute(f"CREATE TABLE {name} AS FROM given")
            connection.unregister("given")
        for macro in _MACROS:
            connection.execute(f"CREATE MACRO {macro}")
        names = ("day", "route", "federal", "solo", "kap_hours", "kap_programmes")
        return cls(connection, _query_of(flat), {name: getattr(flat, name) for name in names})

    def verdicts(self) -> pl.DataFrame:
        """Site, prescriber, therapist and verdict of every candidate link, in no order."""
        return pl.DataFrame(self.connection.execute(self.query, self.parameters).fetchnumpy())


def _query_of(flat: Flat) -> str:
    some, both = (" | ".join(of.format(word=word) for word in WORDS) for of in ("t.{word}", "(t.{word} & p.{word})"))
    starts = "\n".join(f"{name} AS MATERIALIZED ({query})," for name, query in _tables(flat))
    return _QUERY.replace("{starts}", starts).replace("{some}", f"({some}) <> 0").replace("{both}", f"({both}) <> 0")


def _tables(flat: Flat) -> Iterator[tuple[str, str]]:
    """Names and queries of the tables of starts: of a session and of its dosing part, at each site and anywhere."""
    clocks = flat.tables["sites"]["offset"].unique().sort().to_list()
    yield from _starts("session", "weeks", "person, site, perhaps", flat.session)
    yield from _starts("dosing", "weeks", "person, site, perhaps", flat.dosing)
    theirs = "weeks JOIN sites USING (site) JOIN remote ON prescriber = person"
    at = [f'SELECT person, perhaps, {_earlier(ahead)} FROM {theirs} WHERE "offset" = {ahead}' for ahead in clocks]
    yield "at_utc", " UNION ALL ".join(at)
    yield "in_utc", "SELECT person, perhaps, bit_or(COLUMNS('w[0-9]+')) FROM at_utc GROUP BY person, perhaps"
    yield from _starts("dosing_in_utc", "in_utc", "person, perhaps", flat.dosing)
    back = [f'SELECT person, perhaps, {ahead} AS "offset", {_earlier(-ahead)} FROM dosing_in_utc' for ahead in clocks]
    yield "anywhere", " UNION ALL ".join(back)


def _starts(name: str, source: str, keys: str, length: int) -> Iterator[tuple[str, str]]:
    """The slots from which so many in a row are all there, around the ring: by doubling, a table a step."""
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        covered += step
        table = name if covered == length else f"{name}_{covered}"
        both = ", ".join(f"{word} & {later} AS {word}" for word, later in _shifted(step).items())
        yield table, f"SELECT {keys}, {both} FROM {source}"
        source = table
    if length == 1:
        yield name, f"SELECT {keys}, {', '.join(WORDS)} FROM {source}"


def _earlier(slots: int) -> str:
    return ", ".join(f"{moved} AS {word}" for word, moved in _shifted(slots).items())


def _shifted(slots: int) -> dict[str, str]:
    """Each word when every slot is moved towards Monday, around the ring."""
    words, bits = divmod(slots % (32 * len(WORDS)), 32)
    of = [WORDS[(i + words) % len(WORDS)] for i in range(len(WORDS) + 1)]
    if not bits:
        return {word: of[i] for i, word in enumerate(WORDS)}
    return {
        word: f"((({of[i]}::UBIGINT >> {bits}) | ({of[i + 1]}::UBIGINT << {32 - bits})) & {_FULL})::UINTEGER"
        for i, word in enumerate(WORDS)
    }
