"""`kapteam report`: one file, small, quick and the same each time; and the page of a roster's errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Answer, run, validate

import kapteam
from report.reading_pages import read_page, rows_of

ON = ("--on", DAY)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    path = tmp_path_factory.mktemp("report") / "report.html"
    return run("report", PRACTICE, *ON, "-o", path), path


def test_it_writes_one_small_file_and_says_so(written: tuple[Answer, Path]) -> None:
    answer, path = written
    assert answer.status == 0
    assert answer.out == ""
    assert f"wrote {path}" in answer.err
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    assert path.stat().st_size < 2_000_000
    page = read_page(path.read_text(encoding="utf-8"))
    assert page.only("h1").text.startswith("19 of 27 therapists are teamed")
    assert f"Teams on {DAY}, {Path(PRACTICE).name}" in page.only("nav").text
    assert str(Path(PRACTICE).parent) not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    ],
    ids=lambda env: " ".join(f"{k}={v}" for k, v in env.items()),
)
def test_the_same_roster_gives_the_same_bytes(
    written: tuple[Answer, Path], tmp_path: Path, env: dict[str, str]
) -> None:
    run("report", PRACTICE, *ON, "-o", tmp_path / "again.html", env=env)
    assert (tmp_path / "again.html").read_bytes() == written[1].read_bytes()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A roster of very few people."""
    path = tmp_path_factory.mktemp("roster") / "roster.json"
    kapteam.write(kapteam.example(), path)
    return path


def test_without_a_file_it_goes_to_standard_output_and_json_tells_what_was_written(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert run("report", small, *ON, "-o", path, "--json").json == {"on": DAY, "file": str(path)}
    assert run("report", small, *ON).out == path.read_text(encoding="utf-8")


def test_its_weeks_its_days_ahead_and_its_unknowns_are_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    run("report", PRACTICE, *ON, "-o", path, "--week", "2026-12-16", "--weeks", 2, "--within", 20, "--unknown", "allow")
    page = read_page(path.read_text(encoding="utf-8"))
    assert "in 2 weeks from 2026-12-14" in page.id("week").text
    assert [r.cell("day").text for r in rows_of(page, "ends")] == ["2026-12-20"]
    assert any("to verify" in r.cell("stands").text for r in rows_of(page, "teams"))


def test_the_week_is_the_first_from_a_monday_on(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    run("report", small, "--on", "2026-12-08", "-o", path)
    assert "in the week from 2026-12-14" in read_page(path.read_text(encoding="utf-8")).id("answer").text


def test_a_roster_with_errors_gives_the_page_of_its_errors_instead(practice: Path, tmp_path: Path) -> None:
    sites = practice / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8").replace(",telehealth,", ",telehelth,"), encoding="utf-8")
    path = tmp_path / "report.html"
    path.write_text("the report of yesterday", encoding="utf-8")
    answer = run("report", practice, *ON, "-o", path)
    assert answer.status == 1
    assert "did you mean 'telehealth'?" in " ".join(answer.err.split())
    page = read_page(path.read_text(encoding="utf-8"))
    assert practice.name in page.all("title")[0].text
    (row,) = rows_of(page, "problems")
    assert [row.cell(k).text for k in ("file", "row", "column", "value")] == ["sites.csv", "3", "setting", "telehelth"]
    told = run("report", practice, *ON, "-o", path, "--json")
    assert told.status == 1
    validate(told.json, "errors")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--json",), "give -o FILE, such as -o report.html"),
        (("-o", "no/such/folder.html"), "No such file or directory"),
        (("-o", "report.html", "--weeks", "0"), "--weeks"),
        (("-o", "report.html", "--within", "soon"), "--within"),
        (("-o", "report.html", "--protocol", "none"), "there is no protocol 'none'"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, tuple) else "",
)
def test_wrong_usage_writes_nothing(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    answer = run("report", PRACTICE, *ON, *words, cwd=tmp_path)
    assert answer.status == 2
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_it_never_writes_over_what_it_reads(practice: Path) -> None:
    before = (practice / "hours.csv").read_bytes()
    answer = run("report", practice, *ON, "-o", practice / "hours.csv")
    assert answer.status == 2
    assert "would be overwritten" in answer.err
    assert (practice / "hours.csv").read_bytes() == before


def test_house_rules_are_told_of_in_it_and_hold_for_the_week_too(small: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(
        "import kapteam\n\n\n"
        '@kapteam.rule("house.nobody", subject="therapist", says="{person} is asked to rest")\n'
        "def nobody(rows):\n    return rows.person < 0\n",
        encoding="utf-8",
    )
    path = tmp_path / "report.html"
    assert run("report", small, *ON, "--rules", rules, "-o", path).status == 0
    page = read_page(path.read_text(encoding="utf-8"))
    assert page.only("h1").text.startswith("0 of 1 ")
    assert "house.nobody" in page.id("rests").text
    assert "0 sessions in the week" in page.id("week").text
    assert "is asked to rest" in page.id("left-out").text
