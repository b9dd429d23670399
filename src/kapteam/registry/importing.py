"""A whole NPPES file into a folder of Parquet parts: block by block, and on from there after a break."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from attrs import Factory, define, field, frozen

from kapteam.records.problems import Misread, UsageError
from kapteam.records.zones import JURISDICTIONS, Jurisdiction
from kapteam.registry.blocks import Block, blocks, first_line, line_at
from kapteam.registry.layout import header
from kapteam.registry.people import LEFT_OUT, people
from kapteam.registry.rows import BrokenRow, rows
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
_FORMAT = 2

#: What kapteam has to be told of a site, and NPPES does not say.
ASSUMED = (
    "a site is a ZIP code: who practises in the same one could meet there",
    "every site is a clinic with one room, and a pharmacy dispenses to the patient (supply = patient)",
    "in a state with several time zones, a site has the one that most of the state has",
    "a licence is active: NPPES holds what people reported, checked by no board, and says no status",
    "nobody has an agreement: where a state asks for one, add agreements.csv to the folder",
)


def _states(given: Iterable[str]) -> tuple[str, ...]:
    """Their codes, sorted, each once."""
    codes = set()
    for text in given:
        try:
            codes.add(Jurisdiction().read(text.strip()))
        except Misread as error:
            meant = f"; did you mean {error.nearest[0]!r}?" if error.nearest else ""
            raise UsageError(f"{text!r} is no state: {error.expected}{meant}") from None
    return tuple(sorted(codes))


@frozen
class Asked:
    """What an import was asked for; a break is mended only by the same question.

    Attributes
    ----------
    states : tuple of str
        Where people must practise, sorted; empty: anywhere. What is no state is a UsageError.
    scenario : Scenario or None
    part_bytes : int
    """

    states: tuple[str, ...] = field(default=(), converter=_states)
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


def kept(folder: Path) -> str:
    """What is finished after a break of the import into ``folder``, and what for; empty where nothing is."""
    part = unfinished(folder)
    there = (part / _PROGRESS).exists()
    return f"finished parts are kept in {part}: the same command goes on from there" if there else ""


def import_nppes(
    file: Path, folder: Path, asked: Asked, tell: Callable[[Progress], object] = lambda _: None
) -> Imported:
    """Read an NPPES dissemination file into ``folder``.

    Parts are kept in ``folder`` + ``.part`` as they are finished, and the folder has its name when all are there. Asked
    the same again after a break, parts that are finished are not read again; the bytes are those of one run. A file
    that begins with the bytes of these parts is the same, so that the whole of one that was cut off goes on too.

    Parameters
    ----------
    file, folder : Path
    asked : Asked
    tell : function
        Is told how far it is after each part.

    Raises
    ------
    UsageError
        The file is no such file or breaks off; the folder is there; the parts that are there are of another file or of
        other options.
    OSError
        Nothing more can be written; the finished parts are kept.
    """
    if folder.exists():
        raise UsageError(f"{str(folder)!r} is there already: choose another name")
    if not file.is_file():
        raise UsageError(f"there is no file {str(file)!r}")
    line = first_line(file)
    try:
        names = header(line)
    except Misread as error:
        raise UsageError(f"{str(file)!r}, line 1: {error.expected}") from None
    part = unfinished(folder)
    done = _Done.of(part, asked, file, line)
    resumed = len(done.parts)
    counts, seen = Counts(), _seen(part, resumed)
    for entry in done.parts:
        counts.add(_counts(entry["counts"]))
    total, start = file.stat().st_size, done.parts[-1]["end"] if done.parts else len(line)
    tell(Progress(start, total, counts))
    for block in blocks(file, start, asked.part_bytes):
        try:
            more = _part(block, names, asked, seen, part, len(done.parts))
        except BrokenRow as error:
            at = line_at(file, block.end - len(block.data)) + error.line
            said = [f"{str(file)!r}, line {at}: {error.expected}", kept(folder)]
            raise UsageError("; ".join(filter(None, said))) from None
        counts.add(more)
        done.add(block, more)
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


def _options(asked: Asked) -> dict[str, Any]:
    """By the option's name what must be the same for finished parts to be of use."""
    scenario = None if asked.scenario is None else attrs.asdict(asked.scenario, value_serializer=_plain)
    return {"--state": list(asked.states), "--scenario": scenario, "--part": asked.part_bytes}


def _plain(_: type, __: Any, value: Any) -> Any:
    """Tuples and mappings as JSON gives them back."""
    if isinstance(value, Mapping):
        return {k: _plain(dict, None, v) for k, v in value.items()}
    return [_plain(list, None, v) for v in value] if isinstance(value, (list, tuple)) else value


@define
class _Done:
    """The parts that are finished, as ``_progress.json`` has them: each with a digest of the bytes it was made of."""

    path: Path
    question: Mapping[str, Any]
    parts: list[dict[str, Any]]

    @classmethod
    def of(cls, folder: Path, asked: Asked, file: Path, head: bytes) -> _Done:
        path, options = folder / _PROGRESS, _options(asked)
        question = {"format": _FORMAT, "options": options, "head": _digest(head)}
        if not path.exists():
            return cls(path, question, [])
        before = json.loads(path.read_text(encoding="utf-8"))
        anew = "delete that folder to begin anew, or give another -o"
        if before.get("format") != _FORMAT:
            raise UsageError(f"{str(folder)!r} holds the parts of another version of kapteam: {anew}")
        other = [name for name, value in options.items() if before["options"][name] != value]
        if other:
            raise UsageError(
                f"{str(folder)!r} holds the parts of an import with another {' and '.join(other)}: "
                f"give the same options as then to go on, {anew}"
            )
        parts = before["parts"]
        if before["head"] != question["head"] or not _begins(file, len(head), parts):
            raise UsageError(f"{str(folder)!r} holds the parts of another file: give that file to go on, {anew}")
        if parts and parts[-1]["last"] and parts[-1]["end"] < file.stat().st_size:
            parts.pop()  # it ended where the file did, and a part of this longer file ends elsewhere
        return cls(path, question, parts)

    def add(self, block: Block, counts: Counts) -> None:
        """A part more; from now on it is not read again."""
        made_of = {"end": block.end, "last": block.last, "sha256": _digest(block.data)}
        self.parts.append({**made_of, "counts": attrs.asdict(counts)})
        add_json({**self.question, "parts": self.parts}, self.path)


def _begins(file: Path, start: int, parts: list[dict[str, Any]]) -> bool:
    """Whether the file has, from ``start`` on, the bytes that these parts were made of."""
    with file.open("rb") as opened:
        opened.seek(start)
        return all(_digest(opened.read(part["end"] - opened.tell())) == part["sha256"] for part in parts)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _counts(told: Mapping[str, Any]) -> Counts:
    left_out, no_license = Counter(told["left_out"]), Counter(told["no_license"])
    return Counts(told["rows"], told["taken"], told["licenses"], left_out, no_license)


def _most(counts: Counts) -> str:
    """The commonest reason, for a person."""
    return "".join(f"; most often: {LEFT_OUT[why]}" for why, _ in counts.left_out.most_common(1))
