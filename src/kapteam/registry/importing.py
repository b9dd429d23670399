"""A whole NPPES file into a folder of Parquet parts: block by block, and on from there after a break."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from attrs import Factory, define, frozen

from kapteam.records.problems import UsageError
from kapteam.records.zones import JURISDICTIONS
from kapteam.registry.blocks import Block, blocks, first_line
from kapteam.registry.layout import header
from kapteam.registry.people import LEFT_OUT, people
from kapteam.registry.rows import rows
from kapteam.registry.scenario import Scenario
from kapteam.registry.seen import Seen
from kapteam.registry.unsaid import unsaid
from kapteam.registry.written import add_file, add_json

if TYPE_CHECKING:
    import polars as pl

#: Bytes of the file that become one part.
PART_BYTES = 64 << 20
#: What the import counted, beside the tables; names that begin with _ are no tables.
SUMMARY = "_nppes.json"
_PROGRESS = "_progress.json"
_SAMPLE = 1 << 20  # bytes at the start that tell one file from another
_FORMAT = 1

#: What kapteam has to be told of a site, and NPPES does not say.
ASSUMED = (
    "a site is a ZIP code: who practises in the same one could meet there",
    "every site is a clinic with one room, and a pharmacy dispenses to the patient (supply = patient)",
    "in a state with several time zones, a site has the one that most of the state has",
    "a licence is active: NPPES holds what people reported, checked by no board, and says no status",
    "nobody has an agreement: where a state asks for one, add agreements.csv to the folder",
)


@frozen
class Asked:
    """What an import was asked for; a break is mended only by the same question.

    Attributes
    ----------
    states : tuple of str
        Where people must practise, sorted; empty: anywhere.
    scenario : Scenario or None
    part_bytes : int
    """

    states: tuple[str, ...] = ()
    scenario: Scenario | None = None
    part_bytes: int = PART_BYTES


@define
class Counts:
    """What was read, and what was left out for which reason."""

    rows: int = 0
    taken: int = 0
    licenses: int = 0
    left_out: Counter[str] = Factory(Counter)
    no_license: Counter[str] = Factory(Counter)

    def add(self, other: Counts) -> None:
        """Count another part too."""
        self.rows += other.rows
        self.taken += other.taken
        self.licenses += other.licenses
        self.left_out.update(other.left_out)
        self.no_license.update(other.no_license)


@frozen
class Progress:
    """How far an import is: bytes of the file done and in all, and what was counted."""

    done: int
    total: int
    counts: Counts


@frozen
class Imported:
    """A finished import.

    Attributes
    ----------
    folder : Path
    counts : Counts
    sites : int
    asked : Asked
    resumed : int
        Parts that an earlier run had finished.
    """

    folder: Path
    counts: Counts
    sites: int
    asked: Asked
    resumed: int

    def as_dict(self) -> dict[str, Any]:
        """The summary that stands in the folder; nothing of it depends on breaks."""
        scenario = self.asked.scenario
        return {
            "rows": self.counts.rows,
            "practitioners": self.counts.taken,
            "licenses": self.counts.licenses,
            "sites": self.sites,
            "left_out": dict(sorted(self.counts.left_out.items())),
            "no_license": dict(sorted(self.counts.no_license.items())),
            "states": list(self.asked.states),
            "assumed": list(ASSUMED),
            "made_up": None if scenario is None else {"name": scenario.name, "seed": scenario.seed,
                                                      "supposes": scenario.lines()},
        }  # fmt: skip


def unfinished(folder: Path) -> Path:
    """Where the parts are until all are there."""
    return folder.with_name(folder.name + ".part")


def import_nppes(
    file: Path, folder: Path, asked: Asked, tell: Callable[[Progress], object] = lambda _: None
) -> Imported:
    """Read an NPPES dissemination file into ``folder``.

    Parts are kept in ``folder`` + ``.part`` as they are finished, and the folder has its name when all are there. Asked
    the same again after a break, parts that are finished are not read again; the bytes are those of one run.

    Parameters
    ----------
    file, folder : Path
    asked : Asked
    tell : function
        Is told how far it is after each part.

    Raises
    ------
    UsageError
        The file is no such file or breaks off; the folder is there; the parts that are there are of another question.
    OSError
        Nothing more can be written; the finished parts are kept.
    """
    if folder.exists():
        raise UsageError(f"{str(folder)!r} is there already: choose another name")
    unknown = sorted(set(asked.states) - JURISDICTIONS.keys())
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no state: expected a USPS code of a state or DC, such as NY")
    if not file.is_file():
        raise UsageError(f"there is no file {str(file)!r}")
    line = first_line(file)
    names = header(line)
    part = unfinished(folder)
    done = _Done.of(part, _fingerprint(file, asked))
    resumed = len(done.parts)
    counts, seen = Counts(), _seen(part, resumed)
    for entry in done.parts:
        counts.add(_counts(entry["counts"]))
    total, start = file.stat().st_size, done.parts[-1]["end"] if done.parts else len(line)
    tell(Progress(start, total, counts))
    for block in blocks(file, start, asked.part_bytes):
        more = _part(block, names, asked, seen, part, len(done.parts))
        counts.add(more)
        done.add(block.end, more)
        tell(Progress(block.end, total, counts))
    if not counts.taken:
        shutil.rmtree(part, ignore_errors=True)
        raise UsageError(f"{str(file)!r}: of {counts.rows:,} rows, nobody is to be taken{_most(counts)}")
    imported = Imported(folder, counts, _sites(part), asked, resumed)
    add_json(imported.as_dict(), part / SUMMARY)
    (part / _PROGRESS).unlink()
    part.rename(folder)
    return imported


def _part(block: Block, names: list[str], asked: Asked, seen: Seen, folder: Path, number: int) -> Counts:
    """Write the tables of one block; what was counted in it."""
    read = rows(block, names)
    found = people(read.frame, asked.states, seen)
    tables = {
        "practitioners": found.practitioners.select("practitioner", "name", "npi", "specialty"),
        "licenses": found.licenses,
        **unsaid(found.practitioners, asked.scenario),
    }
    for name, table in tables.items():
        _write(table, folder / name / _name(number))
    left_out = Counter({**found.left_out, "broken": read.broken})
    seen.add(found.practitioners["npi"].cast(int).to_numpy())
    return Counts(
        len(read.frame) + read.broken, len(found.practitioners), len(found.licenses),
        +left_out, Counter(found.no_license),
    )  # fmt: skip


def _sites(folder: Path) -> int:
    """Write the table of sites: every ZIP code that somebody practises in."""
    import polars as pl  # an extra, and slow to load

    parts = sorted((folder / "hours").iterdir())
    ids = pl.concat([pl.read_parquet(p, columns=["site"]).unique() for p in parts])["site"].unique().sort()
    states = ids.str.head(2)
    zones = {code: zones[0] for code, (_, zones) in JURISDICTIONS.items()}
    table = pl.DataFrame(
        {
            "site": ids, "name": "ZIP " + ids.str.slice(3), "jurisdiction": states,
            "timezone": states.replace_strict(zones), "supply": pl.repeat("patient", len(ids), eager=True),
            "postal_code": ids.str.slice(3),
        }
    )  # fmt: skip
    _write(table, folder / "sites" / _name(0))
    return len(ids)


def _write(table: pl.DataFrame, path: Path) -> None:
    # Written in memory, so that add_file alone meets the disk and no half of a part has its name.
    to = io.BytesIO()
    table.write_parquet(to, compression="zstd", statistics=False)
    add_file(to.getvalue(), path)


def _name(number: int) -> str:
    return f"part-{number:05}.parquet"


def _seen(folder: Path, parts: int) -> Seen:
    """The NPIs of the finished parts."""
    import polars as pl

    seen = Seen()
    for i in range(parts):
        npis = pl.read_parquet(folder / "practitioners" / _name(i), columns=["npi"])["npi"]
        seen.add(npis.cast(int).to_numpy())
    return seen


def _fingerprint(file: Path, asked: Asked) -> dict[str, Any]:
    """What must be the same for the finished parts to be of use."""
    with file.open("rb") as opened:
        sample = hashlib.sha256(opened.read(_SAMPLE)).hexdigest()
    scenario = None if asked.scenario is None else attrs.asdict(asked.scenario, value_serializer=_plain)
    return {
        "format": _FORMAT, "bytes": file.stat().st_size, "sample": sample, "states": list(asked.states),
        "part_bytes": asked.part_bytes, "scenario": scenario,
    }  # fmt: skip


def _plain(_: type, __: Any, value: Any) -> Any:
    """Tuples and mappings as JSON gives them back."""
    if isinstance(value, Mapping):
        return {k: _plain(dict, None, v) for k, v in value.items()}
    return [_plain(list, None, v) for v in value] if isinstance(value, (list, tuple)) else value


@define
class _Done:
    """The parts that are finished, as ``_progress.json`` has them."""

    path: Path
    fingerprint: Mapping[str, Any]
    parts: list[dict[str, Any]]

    @classmethod
    def of(cls, folder: Path, fingerprint: Mapping[str, Any]) -> _Done:
        path = folder / _PROGRESS
        if not path.exists():
            return cls(path, fingerprint, [])
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["fingerprint"] != fingerprint:
            raise UsageError(
                f"{str(folder)!r} holds the parts of another file, or of other options: "
                "ask the same again to go on, or take that folder away"
            )
        return cls(path, fingerprint, kept["parts"])

    def add(self, end: int, counts: Counts) -> None:
        """A part more; from now on it is not read again."""
        self.parts.append({"end": end, "counts": attrs.asdict(counts)})
        add_json({"fingerprint": self.fingerprint, "parts": self.parts}, self.path)


def _counts(kept: Mapping[str, Any]) -> Counts:
    left_out, no_license = Counter(kept["left_out"]), Counter(kept["no_license"])
    return Counts(kept["rows"], kept["taken"], kept["licenses"], left_out, no_license)


def _most(counts: Counts) -> str:
    """The commonest reason, for a person."""
    return "".join(f"; most often: {LEFT_OUT[why]}" for why, _ in counts.left_out.most_common(1))
