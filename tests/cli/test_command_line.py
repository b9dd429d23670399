"""Exit statuses, what goes where, and the help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, SCHEMAS, Ask, run, validate
from jsonschema import Draft202012Validator

import kapteam
from kapteam.cli.main import COMMANDS

ON = ("--on", DAY)
JUDGING = {
    "check": ("check", PRACTICE, *ON),
    "links": ("links", PRACTICE, *ON),
    "match": ("match", PRACTICE, *ON),
    "explain": ("explain", PRACTICE, "prado", "--site", "hudson", *ON),
}


@pytest.mark.parametrize("command", JUDGING)
def test_each_command_gives_one_json_document_that_its_schema_knows_and_nothing_else(
    kapteam_says: Ask, command: str
) -> None:
    answer = kapteam_says(*JUDGING[command], "--json")
    assert answer.status == 0
    assert answer.valid(command)["on"] == DAY
    assert answer.err == ""


@pytest.mark.parametrize("command", ["check", "links", "match"])
def test_people_read_plain_text_in_a_pipe(kapteam_says: Ask, command: str) -> None:
    answer = kapteam_says(*JUDGING[command])
    assert answer.status == 0
    assert "\x1b" not in answer.out
    assert not any(line.endswith(" ") for line in answer.out.splitlines())
    assert f"Judged for {DAY} by 24 rules" in answer.flat


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Usage: kapteam"),
        (("nonsense",), "No such command 'nonsense'"),
        (("match",), "Missing argument 'ROSTER'"),
        (("match", PRACTICE, "--on", "12/7/2026"), "'12/7/2026' is no date such as 2026-12-07"),
        (("match", PRACTICE, "--unknown", "maybe"), "'exclude', 'allow'"),
        (("match", PRACTICE, "--max-partners", "0"), "--max-partners"),
        (("match", PRACTICE, "--protocol", "nasal"), "there is no protocol 'nasal'"),
        (("match", PRACTICE, "--practice", "none.toml"), "there is no practice file 'none.toml'"),
        (("match", PRACTICE, "--rules", "none.py"), "there is no file of rules 'none.py'"),
        (("match", "no-such-roster"), "there is no file or folder 'no-such-roster'"),
        (("match", PRACTICE, "--keep", "prado"), "expected PRESCRIBER,THERAPIST"),
        (("match", PRACTICE, "--keep", "prado,nobody"), "there is no practitioner 'nobody'"),
        (("verify", PRACTICE, "no-such-plan.json"), "no-such-plan.json"),
        (("explain", PRACTICE, "nobody"), "there is no practitioner 'nobody'"),
    ],
    ids=lambda x: " ".join(x[-2:]).replace(PRACTICE, "ROSTER") if isinstance(x, tuple) else "",
)
def test_wrong_usage_ends_with_2_a_message_and_nothing_on_standard_output(
    kapteam_says: Ask, words: tuple[str, ...], said: str
) -> None:
    answer = kapteam_says(*words)
    assert answer.status == 2
    assert said in answer.err
    assert answer.out == ""


def test_an_unknown_protocol_is_answered_with_those_that_are_there(kapteam_says: Ask) -> None:
    assert "group, intramuscular" in kapteam_says("match", PRACTICE, "--protocol", "nasal").err


def test_a_roster_with_errors_ends_with_1_and_says_all_of_them_at_once(practice: Path) -> None:
    _spoil(practice)
    answer = run("match", practice, *ON)
    assert answer.status == 1
    assert answer.out == ""
    told = " ".join(answer.err.split())
    assert "licenses.csv, row 2, profession: 'phisician'" in told
    assert "did you mean 'physician'?" in told
    assert "sites.csv, row 3, setting: 'telehelth'" in told


@pytest.mark.parametrize(("command", "schema"), [("match", "errors"), ("links", "errors"), ("check", "check")])
def test_with_json_a_roster_with_errors_is_a_document_too(practice: Path, command: str, schema: str) -> None:
    _spoil(practice)
    answer = run(command, practice, *ON, "--json")
    assert answer.status == 1
    assert answer.err == ""
    document = answer.valid(schema)
    answer.valid("errors")
    found = {(p["table"], p["row"], p["column"], p["value"]) for p in document["errors"]}
    assert {("licenses", 2, "profession", "phisician"), ("sites", 3, "setting", "telehelth")} <= found


def test_a_warning_does_not_stop_a_command_and_goes_to_standard_error(practice: Path) -> None:
    hours = practice / "hours.csv"
    hours.write_text(hours.read_text(encoding="utf-8") + "prado,montclair,Mon 09:00-12:00,,\n", encoding="utf-8")
    answer = run("links", practice, *ON, "--json")
    assert answer.status == 0
    answer.valid("links")
    assert "1 warning" in answer.err


def test_output_writes_the_same_document_to_a_file(kapteam_says: Ask, tmp_path: Path) -> None:
    for option, name in (("-o", "short.json"), ("--output", "long.json")):
        answer = run(*JUDGING["links"], "--json", option, tmp_path / name)
        assert answer.status == 0
        assert answer.out == ""
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert written == kapteam_says(*JUDGING["links"], "--json").out


def test_output_writes_text_without_colours(kapteam_says: Ask, tmp_path: Path) -> None:
    run(*JUDGING["match"], "-o", tmp_path / "plan.txt")
    assert (tmp_path / "plan.txt").read_text(encoding="utf-8") == kapteam_says(*JUDGING["match"]).out


def test_an_output_that_cannot_be_written_is_wrong_usage(kapteam_says: Ask, tmp_path: Path) -> None:
    answer = run(*JUDGING["links"], "-o", tmp_path / "no" / "such" / "folder.txt")
    assert answer.status == 2
    assert "folder.txt" in answer.err


def test_output_takes_the_errors_of_a_roster_too(practice: Path, tmp_path: Path) -> None:
    _spoil(practice)
    answer = run("links", practice, *ON, "--json", "-o", tmp_path / "errors.json")
    assert answer.status == 1
    validate(json.loads((tmp_path / "errors.json").read_text(encoding="utf-8")), "errors")
    assert answer.out == ""


def test_on_decides_the_day(kapteam_says: Ask) -> None:
    assert kapteam_says("match", PRACTICE, "--on", "2027-01-15", "--json").valid("match")["on"] == "2027-01-15"


def test_the_help_names_every_command_and_each_has_its_own(kapteam_says: Ask) -> None:
    answer = kapteam_says("--help")
    assert answer.status == 0
    assert kapteam_says("-h").out == answer.out
    for command in ("init", "check", "links", "match", "verify", "explain", "demo"):
        assert f"\n  {command} " in answer.out
    assert "--max-partners" in kapteam_says("match", "--help").out


def test_the_version_is_that_of_the_package(kapteam_says: Ask) -> None:
    assert kapteam.__version__ in kapteam_says("--version").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str) -> None:
    answer = run(env={"_KAPTEAM_COMPLETE": f"{shell}_source"})
    assert answer.status == 0
    assert "_KAPTEAM_COMPLETE" in answer.out


def test_completion_knows_the_commands() -> None:
    answer = run(env={"_KAPTEAM_COMPLETE": "bash_complete", "COMP_WORDS": "kapteam ve", "COMP_CWORD": "1"})
    assert answer.out == "plain,verify\n"


def test_every_schema_is_one_and_lets_no_other_key_in() -> None:
    def strict(part: object) -> None:
        if isinstance(part, dict):
            if "properties" in part and "type" in part:
                assert part.get("additionalProperties") is False, part
            for inner in part.values():
                strict(inner)
        elif isinstance(part, list):
            for inner in part:
                strict(inner)

    schemas = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    assert set(schemas) == {"roster", "errors", *COMMANDS} - {"app", "demo", "import", "init", "report"}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
        strict(schema)


def test_what_two_schemas_call_by_one_name_is_the_same_thing() -> None:
    definitions: dict[str, object] = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        for name, definition in json.loads(path.read_text(encoding="utf-8")).get("$defs", {}).items():
            assert definitions.setdefault(name, definition) == definition, (path.name, name)


def _spoil(practice: Path) -> None:
    for name, good, bad in (
        ("licenses.csv", "prado,NY,physician,", "prado,NY,phisician,"),
        ("sites.csv", ",telehealth,", ",telehelth,"),
    ):
        text = (practice / name).read_text(encoding="utf-8")
        assert good in text
        (practice / name).write_text(text.replace(good, bad, 1), encoding="utf-8")
