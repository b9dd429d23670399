"""Parts, breaks and going on: the same bytes as one run; and files that are none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from kapteam.records.problems import UsageError
from kapteam.registry.importing import Asked, Progress, import_nppes, unfinished
from kapteam.registry.made import made_rows, written
from kapteam.registry.scenario import scenario

ASKED = Asked((), scenario({"name": "all of it", "seed": 3, "dea": {"all": 0.5}}), 60_000)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "npidata.csv"
    path.write_text("".join(written(made_rows(300, 5))), encoding="utf-8", newline="")
    return path


@pytest.fixture(scope="module")
def whole(file: Path) -> dict[str, bytes]:
    """What one run writes."""
    folder = file.parent / "whole"
    import_nppes(file, folder, ASKED)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class _Stop(Exception):
    pass


def stopping_after(parts: int) -> object:
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        told.append(progress)
        if len(told) > parts:
            raise _Stop

    return tell


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_what_goes_on_after_a_break_has_the_bytes_of_one_run(
    parts: int, file: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "roster"
    with pytest.raises(_Stop):
        import_nppes(file, folder, ASKED, stopping_after(parts))  # type: ignore[arg-type]
    assert not folder.exists()
    before = {p: p.stat().st_mtime_ns for p in unfinished(folder).rglob("part-*")}
    assert len(before) == 6 * parts
    told: list[Progress] = []
    found = import_nppes(file, folder, ASKED, told.append)
    assert found.resumed == parts
    assert all((folder / p.relative_to(unfinished(folder))).stat().st_mtime_ns == when for p, when in before.items())
    assert contents(folder) == whole
    assert not unfinished(folder).exists()
    assert [p.done for p in told] == sorted(p.done for p in told)
    assert told[-1].done == told[-1].total == file.stat().st_size


def test_a_part_that_was_half_done_is_done_anew(file: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    with pytest.raises(_Stop):
        import_nppes(file, folder, ASKED, stopping_after(2))  # type: ignore[arg-type]
    stray = unfinished(folder) / "practitioners" / "part-00002.parquet"
    stray.write_bytes(b"half of a part")
    import_nppes(file, folder, ASKED)
    assert contents(folder) == whole


def test_the_size_of_parts_changes_no_row(file: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    found = import_nppes(file, folder, Asked((), ASKED.scenario))
    assert len(list((folder / "licenses").iterdir())) == 1
    assert len([n for n in whole if n.startswith("licenses")]) > 4
    for name in ("practitioners", "licenses", "coverage", "training", "hours", "sites"):
        assert pl.read_parquet(folder / name).equals(pl.read_parquet(file.parent / "whole" / name))
    assert (folder / "_nppes.json").read_bytes() == whole["_nppes.json"]
    assert found.counts.rows == 300


def test_parts_of_another_question_are_not_mixed(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    with pytest.raises(_Stop):
        import_nppes(file, folder, ASKED, stopping_after(1))  # type: ignore[arg-type]
    kept = contents(unfinished(folder))
    with pytest.raises(UsageError, match="of another file, or of other options"):
        import_nppes(file, folder, Asked(("NY",), ASKED.scenario, ASKED.part_bytes))
    other = tmp_path / "other.csv"
    other.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(UsageError, match="of another file"):
        import_nppes(other, folder, ASKED)
    assert contents(unfinished(folder)) == kept


def test_a_full_disk_leaves_no_half_of_a_part(
    file: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.parent.name == "hours" and "00002" in path.name:
            usual(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device", str(path))
        return usual(path, data)

    folder = tmp_path / "roster"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            import_nppes(file, folder, ASKED)
    names = [p.name for p in (unfinished(folder) / "hours").iterdir()]
    assert sorted(names) == ["part-00000.parquet", "part-00001.parquet"]
    import_nppes(file, folder, ASKED)
    assert contents(folder) == whole


def test_files_that_are_none_say_what_to_do(file: Path, tmp_path: Path) -> None:
    data = file.read_bytes()
    head, _, rows = data.partition(b"\n")
    packed = tmp_path / "npidata.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("npidata.csv", data)
    wrong = {
        "semicolons": (head.replace(b",", b";") + b"\n" + rows, "';' stands where commas belong"),
        "tabs": (head.replace(b",", b"\t") + b"\n" + rows, r"'\\t' stands where commas belong"),
        "no NPI": (head.replace(b'"NPI"', b'"Number"') + b"\n" + rows, "these columns are missing: NPI$"),
        "another table": (b"a,b,c\n1,2,3\n", "these columns are missing: NPI, .* and 6[0-9] more"),
        "twice": (head + b',"NPI"\n' + rows, "the column NPI stands twice"),
        "a workbook": (packed.read_bytes(), "ZIP archive: unpack it first"),
        "UTF-16": (data[:3000].decode().encode("utf-16"), "UTF-8"),
        "empty": (b"", "no column names"),
        "a header alone": (head + b"\n", "of 0 rows, nobody is to be taken"),
        "cut in a cell": (data[: data.rfind(b"EXAMPLE ST") + 4], "breaks off in the middle of its last row"),
        "cut between cells": (data[: data.rfind(b',"","') + 3], "breaks off in the middle of its last row"),
    }
    for name, (bytes_, said) in wrong.items():
        path, folder = tmp_path / f"{name}.csv", tmp_path / name
        path.write_bytes(bytes_)
        with pytest.raises(UsageError, match=said):
            import_nppes(path, folder, Asked())
        assert not folder.exists()
    with pytest.raises(UsageError, match="there is no file"):
        import_nppes(tmp_path / "nothing.csv", tmp_path / "x", Asked())
    with pytest.raises(UsageError, match="'ZZ' is no state"):
        import_nppes(file, tmp_path / "x", Asked(("ZZ",)))
    with pytest.raises(UsageError, match="is there already"):
        import_nppes(file, file.parent, Asked())


def test_a_quote_that_is_never_closed_ends_the_reading(file: Path, tmp_path: Path) -> None:
    head, _, rows = file.read_bytes().partition(b"\n")
    broken = tmp_path / "broken.csv"
    broken.write_bytes(head + b"\n" + rows.replace(b'"MAPLE', b'"MA"PLE"', 1).replace(b'EXAMPLETON"', b"EXAMPLETON", 1))
    with pytest.raises(UsageError, match=r"quote|breaks off"):
        import_nppes(broken, tmp_path / "roster", Asked((), None, 5_000))


def test_bytes_that_are_no_utf_8_cost_a_letter_and_no_row(file: Path, tmp_path: Path) -> None:
    odd, roster = tmp_path / "odd.csv", tmp_path / "roster"
    odd.write_bytes(file.read_bytes().replace(b'"ANA"', b'"AN\xc1"'))
    found = import_nppes(odd, roster, ASKED)
    assert found.counts.rows == 300
    assert pl.read_parquet(roster / "practitioners")["name"].str.contains("AN\ufffd").any()
