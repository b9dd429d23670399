"""Parts, breaks and going on: the same bytes as one run; and files that are none."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

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
    parts = contents(unfinished(folder))
    for other, said in (
        (Asked(("NY",), ASKED.scenario, ASKED.part_bytes), "with another --state: give the same options"),
        (Asked((), None, 50_000), "with another --scenario and --part: give the same options"),
    ):
        with pytest.raises(UsageError, match=said):
            import_nppes(file, folder, other)
    data = file.read_bytes()
    at = data.index(b"MADEUP")
    changed = {
        "a row": data[:at] + b"MADE-UP" + data[at + 6 :],
        "the header": data.replace(b"Provider Sex Code", b"Provider Six Code", 1),
        "shorter": data[:30_000],
    }
    for name, bytes_ in changed.items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(bytes_)
        with pytest.raises(UsageError, match=r"roster.part' holds the parts of another file: .* delete that folder"):
            import_nppes(path, folder, ASKED)
    assert contents(unfinished(folder)) == parts


def test_parts_of_another_version_are_not_mixed(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    unfinished(folder).mkdir()
    (unfinished(folder) / "_progress.json").write_text('{"fingerprint": {"format": 1}, "parts": []}', encoding="utf-8")
    with pytest.raises(UsageError, match="of another version of kapteam: delete that folder"):
        import_nppes(file, folder, ASKED)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_the_whole_of_a_file_that_was_cut_off_goes_on_from_its_parts(
    share: float, file: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    data, cut, folder = file.read_bytes(), tmp_path / "cut.csv", tmp_path / "roster"
    cut.write_bytes(data[: data.rindex(b'","', 0, int(share * len(data)))])
    with cut.open(encoding="utf-8", newline="") as lines:
        row = len(list(lines))  # no cell of a made file spans lines
    with pytest.raises(UsageError) as found:
        import_nppes(cut, folder, ASKED)
    assert f"cut.csv', line {row}: the file breaks off" in str(found.value)
    done = len(list((unfinished(folder) / "hours").glob("*")))
    assert ("roster.part: the same command goes on" in str(found.value)) == (done > 0) == (share > 0.2)
    assert import_nppes(file, folder, ASKED).resumed == done
    assert contents(folder) == whole


def test_a_part_that_ended_with_a_shorter_file_is_read_again(
    file: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """Cut between two rows a file looks whole; stopped before it has its name, its last part is too short."""
    data, cut, folder = file.read_bytes(), tmp_path / "cut.csv", tmp_path / "roster"
    cut.write_bytes(data[: data.rindex(b"\n", 0, len(data) // 2) + 1])

    def at_the_end(progress: Progress) -> None:
        if progress.done == progress.total:
            raise _Stop

    with pytest.raises(_Stop):
        import_nppes(cut, folder, ASKED, at_the_end)
    parts = len(list((unfinished(folder) / "hours").iterdir()))
    assert parts > 1
    assert import_nppes(file, folder, ASKED).resumed == parts - 1
    assert contents(folder) == whole


def test_a_full_disk_leaves_no_half_of_a_part(
    file: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.parent.name == "hours" and "00002" in path.name:
            usual(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device")  # as the system tells it: of no file
        return usual(path, data)

    folder = tmp_path / "roster"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left") as found:
            import_nppes(file, folder, ASKED)
    assert found.value.filename == str(unfinished(folder) / "hours" / "part-00002.parquet")
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
        "noise": (b"\x93a,\rb\xff,c\n\x07", "this is no CSV, or its lines end with a carriage return alone"),
        "an old Mac's": (data.replace(b"\n", b"\r"), "its lines end with a carriage return alone"),
        "a header alone": (head + b"\n", "of 0 rows, nobody is to be taken"),
        "cut in a cell": (data[: data.rfind(b"EXAMPLE ST") + 4], "breaks off in the middle of its last row"),
        "cut in a long cell": (data + b"x" * 200_000, "breaks off in the middle of its last row"),
        "cut between cells": (data[: data.rfind(b',"","') + 3], "breaks off in the middle of its last row"),
    }
    for name, (bytes_, said) in wrong.items():
        path, folder = tmp_path / f"{name}.csv", tmp_path / name
        path.write_bytes(bytes_)
        with pytest.raises(UsageError, match=said) as found:
            import_nppes(path, folder, Asked())
        assert str(found.value).startswith(repr(str(path)))
        assert not folder.exists()
    with pytest.raises(UsageError, match="there is no file"):
        import_nppes(tmp_path / "nothing.csv", tmp_path / "x", Asked())
    with pytest.raises(UsageError, match="is there already"):
        import_nppes(file, file.parent, Asked())


def test_a_quote_that_is_never_closed_ends_the_reading(file: Path, tmp_path: Path) -> None:
    head, _, rows = file.read_bytes().partition(b"\n")
    broken = tmp_path / "broken.csv"
    broken.write_bytes(head + b"\n" + rows.replace(b'"MAPLE', b'"MA"PLE"', 1).replace(b'EXAMPLETON"', b"EXAMPLETON", 1))
    with pytest.raises(UsageError, match=r"broken.csv', line \d+: .*(quote|breaks off)"):
        import_nppes(broken, tmp_path / "roster", Asked((), None, 5_000))


def test_a_cell_that_never_ends_is_named_by_the_line_of_its_row(file: Path, tmp_path: Path) -> None:
    broken, lines = tmp_path / "broken.csv", file.read_bytes().splitlines(keepends=True)
    lines[200] = b'"2900000003","' + b"x" * 200_000 + b'",\n'
    broken.write_bytes(b"".join(lines))
    with pytest.raises(UsageError, match=r"broken.csv', line 201: expected CSV: .*roster.part: the same command goes"):
        import_nppes(broken, tmp_path / "roster", ASKED)


#: What may stand between the bytes of a file, to its harm.
HARM = {
    "quote": b'"', "return": b"\r", "end": b"\n", "zero": b"\0", "comma": b",", "no UTF-8": b"\xff", "blank": b'",\n',
    "ends": b"\r\n\r", "long": b"x" * 140_000, "nothing": b"", "cells": b"12,3\r4",
}  # fmt: skip


# Without shrinking: the arguments are short as they are.
@settings(phases=[Phase.explicit, Phase.generate], max_examples=60)
@example([(1.0, "cells", 0)])
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(sorted(HARM)), st.integers(0, 40)), min_size=1, max_size=6))
def test_whatever_the_bytes_it_is_an_import_or_a_message(harm: list[tuple[float, str, int]]) -> None:
    data = "".join(written(made_rows(12, 5))).encode()
    for share, name, gone in harm:
        at = int(share * len(data))
        data = data[:at] + HARM[name] + data[at + gone :]
    with tempfile.TemporaryDirectory() as where:
        file, folder = Path(where) / "npidata.csv", Path(where) / "roster"
        file.write_bytes(data)
        said = ""
        try:
            import_nppes(file, folder, Asked((), None, 5_000))
        except UsageError as error:
            said = str(error)
        assert folder.exists() != said.startswith(repr(str(file))), said


def test_a_state_is_a_code_and_a_name_is_answered_with_it() -> None:
    assert Asked((" ny", "CO", "NY")).states == ("CO", "NY")
    for text, said in (("ZZ", "'ZZ' is no state: .* such as NY$"), ("colorado", "'colorado' is .*; did you mean 'CO'")):
        with pytest.raises(UsageError, match=said):
            Asked((text,))


def test_bytes_that_are_no_utf_8_cost_a_letter_and_no_row(file: Path, tmp_path: Path) -> None:
    odd, roster = tmp_path / "odd.csv", tmp_path / "roster"
    odd.write_bytes(file.read_bytes().replace(b'"ANA"', b'"AN\xc1"'))
    found = import_nppes(odd, roster, ASKED)
    assert found.counts.rows == 300
    assert pl.read_parquet(roster / "practitioners")["name"].str.contains("AN\ufffd").any()
