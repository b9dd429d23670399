"""The rosters that are open: the one that was named, those dropped in, the one that ships with kapteam."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from json import dumps
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from attrs import define, field, frozen

from kapteam.app.worked_out import Bench, Memory
from kapteam.io import json as io_json
from kapteam.io.read import read
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rulebook import OWN, installed, unknown_rules

#: Seconds to look for a better week, or for repairs: a page is waited for.
SECONDS = 20.0
#: The endings of files that can be dropped in.
KINDS = (".xlsx", ".xlsm", ".json", ".zip")
#: Bytes of a file that is dropped in, and of what a zip of it may unfold to.
LARGEST = 100_000_000


@frozen(eq=False)
class Opened:
    """A roster that is open.

    Attributes
    ----------
    label : str
        What its file is called.
    bench : Bench
        Where answers on it are worked out.
    """

    label: str
    bench: Bench

    @property
    def name(self) -> str:
        """What addresses call it: the same for the same rows."""
        return self.bench.name

    @property
    def roster(self) -> Roster:
        """The roster itself."""
        return self.bench.roster


@define(eq=False)
class Desk:
    """Every roster that is open, by name."""

    seconds: float = SECONDS
    rosters: dict[str, Opened] = field(factory=dict, init=False)
    _memory: Memory = field(factory=Memory, init=False)

    def put(self, roster: Roster, label: str) -> Opened:
        """Open a roster; one of the very same rows is open already, and stays as it is."""
        name = name_of(roster)
        bench = Bench(name, roster, self._memory, self.seconds)
        return self.rosters.setdefault(name, Opened(label, bench))


def name_of(roster: Roster) -> str:
    """A roster's name: a hash of its rows."""
    return sha256(dumps(io_json.document(roster), ensure_ascii=False).encode()).hexdigest()[:12]


def checked(path: Path) -> Roster:
    """A roster from a path; a rule that its practice file names and that does not exist is told with all else."""
    ids = [rule.id for rule in (*OWN, *installed())]
    return read(path, check=lambda practice: unknown_rules(practice, ids))


@contextmanager
def on_disk(name: str, content: bytes) -> Iterator[Path]:
    """A file that was dropped in, where it can be read: it is gone afterwards.

    A zip of CSV files becomes a folder.

    Raises
    ------
    UsageError
        It is too large, or a zip that holds no CSV files.
    """
    if len(content) > LARGEST:
        raise UsageError(f"{name!r} is larger than {LARGEST // 1_000_000} MB: open it with kapteam app {name}")
    with TemporaryDirectory(prefix="kapteam-") as folder:
        path = Path(folder) / _plain(name)
        if path.suffix.casefold() == ".zip":
            yield _unzipped(name, content, path.with_suffix(""))
        else:
            path.write_bytes(content)
            yield path


def _plain(name: str) -> str:
    """A file's name without any folder, and without what a name may not hold."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')[-100:]
    return kept.strip(". ") or "roster"


def _unzipped(name: str, content: bytes, folder: Path) -> Path:
    """The CSV files (and the practice file) of a zip, in one folder, whatever folder they are in there."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
            if sum(m.file_size for m in members) > LARGEST:
                raise UsageError(f"{name!r} unfolds to more than {LARGEST // 1_000_000} MB")
            for member in members:
                inside = _plain(member.filename)
                if inside.casefold().endswith((".csv", ".toml")):
                    with archive.open(member) as packed, (folder / inside).open("wb") as file:
                        shutil.copyfileobj(packed, file, LARGEST)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise UsageError(f"{name!r} cannot be read: it is damaged, or has a password") from None
    if not any(folder.iterdir()):
        needed = "sites.csv, practitioners.csv, licenses.csv, hours.csv"
        raise UsageError(f"{name!r} holds no CSV files: expected {needed}")
    return folder
