"""Write the generated pages anew: docs/reference/*.md and docs/schemas/roster.json.

Run ``python tools/make_docs.py`` to write them, ``python tools/make_docs.py --check`` to see whether they are stale.
Everything comes from where it is declared once: columns, practice keys, rules and commands.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from kapteam.cli.main import COMMANDS, group
from kapteam.io.json import schema
from kapteam.io.template import practice_lines
from kapteam.records.kinds import Kind
from kapteam.records.people import Coverage
from kapteam.records.practice import CARRIER, FEDERAL, MODALITY, OWN_KEYS, PLACE, PROFESSION, REMEDY, SEVERITIES
from kapteam.records.roster import NEEDED, TABLES
from kapteam.records.table import Column, columns
from kapteam.rules.rule import Remedy, Rule
from kapteam.rules.rulebook import OWN

DOCS = Path(__file__).resolve().parent.parent / "docs"
_HEAD = "<!-- Written by tools/make_docs.py: change what it reads, not this page. -->\n"

# What the keys of the sections that win over a law pack mean; a carrier's are the columns of `coverage`.
_SOURCE = "where this was learned: findings that rest on the section cite it"
_MEANINGS = {
    "federal": {
        "telehealth": "whether federal law lets a patient who was never seen in person be prescribed ketamine",
        "source": _SOURCE,
    },
    "place": {
        "state_registration": "whether the state asks for a controlled-substance registration of its own",
        "presence": "what the law asks of the prescriber's presence",
        "telehealth": "whether the state's law lets a patient who was never seen in person be prescribed ketamine",
        "source": _SOURCE,
    },
    "profession": {
        "ketamine": "whether the profession may prescribe it; `limited`: on a condition that no roster shows",
        "routes": "a `yes` holds for these routes only",
        "autonomy": "whether the profession needs an agreement; `transition`: until it has served a time",
        "agreement_with": "whose agreement counts; no key: a physician's",
        "state_registration": "as for the whole place, but of this profession",
        "source": _SOURCE,
    },
    "remedy": {
        "dollars": "what it costs to mend a failure; of hours, what one hour more a week costs",
        "days": "how long that takes",
        "ask_dollars": "what it costs to find out a fact that nobody wrote down",
        "ask_days": "how long that takes",
        "offered": "no: it is never proposed",
    },
    "modality": {
        "complementary": "whether it complements KAP",
        "trauma": "whether it is a trauma therapy (each of which complements KAP)",
        "source": _SOURCE,
    },
}
# How much of a term's most points a link gets.
_POINTS = {
    "kap_training": "in proportion to the hours of the therapist's KAP trainings, up to 80",
    "trauma_training": "the whole where `ethics.trauma_training` passes",
    "experiential": "the whole where `ethics.experiential` passes",
    "practicum": "the whole where `ethics.practicum` passes",
    "mentorship": "the whole where `ethics.mentorship` passes",
    "modality": "in proportion to the therapist's different complementary modalities, up to 3",
    "complement": "the whole where the therapist has a complementary modality that the prescriber has not",
    "time": "in proportion to the sessions a week that both have hours for, up to 5",
    "ties": "the whole where a `worked_with` or `prefers` row joins the two",
}
_SUBJECTS = {
    "prescriber": "a prescriber at a site",
    "therapist": "a therapist at a site",
    "member": "each of the two, in their role",
    "link": "a prescriber and a therapist at a site",
}


def pages() -> dict[Path, str]:
    """Every generated file and what it must hold."""
    return {
        DOCS / "reference" / "roster.md": _HEAD + roster_page(),
        DOCS / "reference" / "practice.md": _HEAD + practice_page(),
        DOCS / "reference" / "rules.md": _HEAD + rules_page(),
        DOCS / "reference" / "commands.md": _HEAD + commands_page(),
        DOCS / "schemas" / "roster.json": json.dumps(schema(), ensure_ascii=False, indent=1) + "\n",
    }


def roster_page() -> str:
    """Every table and column, from the declarations."""
    parts = [
        "# The roster",
        "One Excel workbook (`.xlsx`, a sheet per table), or a folder with one CSV file per table, or one JSON "
        "document with a list per table: the same tables, the same columns, the same meaning. "
        f"{_spoken_list(f'`{n}`' for n in NEEDED)} are needed; any other table may be missing or empty. "
        "`kapteam init` writes a template.",
        "- The order of columns is free. A column, file or sheet whose name begins with `_` is your own note and is "
        "not read; any other unknown name is an error that tells the nearest known one.\n"
        "- **A blank cell is a fact that nobody wrote down: unknown, never no.** Where a column has a default, a blank "
        "means the default. **A row that is not there is a fact that is not so.**\n"
        "- Lists inside a cell are separated by `;`. Dates are ISO (`2026-12-07`) or real dates of the spreadsheet. A "
        "range of dates includes both of its ends.\n"
        "- Ids are your own words and match exactly.",
        "Programs: [the JSON Schema](../schemas/roster.json). Beside the tables: [the practice file](practice.md).",
        "| table | a row is |\n|---|---|\n"
        + "\n".join(
            f"| [`{name}`](#{name}){' (needed)' if name in NEEDED else ''} | {_about(record)} |"
            for name, record in TABLES.items()
        ),
    ]
    for name, record in TABLES.items():
        parts += [
            f"## {name}",
            _about(record),
            _table(("column", "a blank means", "holds", "what it is", "example"), map(_column_row, columns(record))),
        ]
    return "\n\n".join(parts) + "\n"


def practice_page() -> str:
    """Every key of the practice file, with its default and meaning."""
    lines: dict[str, list[tuple[str, str, str]]] = {}
    for key, default, meaning in practice_lines():
        section, name = key.split(".", 1)
        lines.setdefault(section, []).append((f"`{name}`", f"`{default}`", _cell(meaning)))
    known = ("key", "default", "what it is")
    carrier = {c.name: c.meaning for c in columns(Coverage)} | {
        "ketamine": "whether its policies cover KAP",
        "max_concurrent_sessions": "how many sessions it lets a prescriber oversee at once",
        "source": _SOURCE,
    }
    rules = [(f"`{r.id}`", f"`{r.severity}`", _sentence(_holds(r))) for r in OWN]
    weights = [(name, most, _POINTS[name.strip("`")]) for name, most, _ in lines["weights"]]
    parts = [
        "# The practice file",
        "`practice.toml`, beside the CSV files or named with `--practice FILE`, says what a session is and what your "
        "house asks beyond the law. Every key has a default. An unknown key or section is an error, not a surprise. A "
        "workbook may hold the same keys in a sheet `practice` with the columns `key` (such as "
        "`protocol.session_minutes`) and `value`; a JSON document, as an object `practice`.",
        "## [protocol]",
        "The usual medicine session.",
        _table(known, lines["protocol"]),
        "## [protocols.NAME]",
        "A further kind of session, for the column `protocol` of `demand` and for `--protocol NAME`. It may say "
        f"{_spoken_list(f'`{k}`' for k in OWN_KEYS)}; what is not written is as in `[protocol]`.",
        "## [rules]",
        f"The severity of a rule, by its id in quotes: {_spoken_list((f'`{s}`' for s in SEVERITIES), 'or')}. Only "
        "`block` decides whether a link may be used. [The rules in full](rules.md).",
        '```toml\n[rules]\n"ethics.trauma_training" = "block"\n```',
        _table(("rule", "default", "what must hold"), rules),
        "## [thresholds]",
        _table(known, lines["thresholds"]),
        "## [weights]",
        "A link's points are the sum of these terms, each rounded down to a whole number; a plan with as many "
        "therapists teamed and more points is better. A weight is the most points that its term brings.",
        _table(("key", "default", "how much of it a link gets"), weights),
        "## What your house knows better than a law pack",
        "A pack is general; you have counsel, and your carrier's letter. Each of these sections wins over the pack, "
        "key by key, and a finding that rests on it cites your file. A key that is not written leaves the word to the "
        "pack; `unknown` overrides it.",
        "### [federal]",
        _keys(FEDERAL, _MEANINGS["federal"]),
        "### [jurisdictions.NY]",
        "The whole place, by its USPS code.",
        _keys(PLACE, _MEANINGS["place"]),
        "### [jurisdictions.NY.nurse_practitioner]",
        "One prescribing profession there. (Of a `physician` only `state_registration` and `source`: physicians may "
        "prescribe ketamine, and are independent, everywhere.)",
        _keys(PROFESSION, _MEANINGS["profession"]),
        '### [modalities."parts work"]',
        "A modality of the house's own, by the name that the roster uses.",
        _keys(MODALITY, _MEANINGS["modality"]),
        '### [carriers."My Mutual"]',
        "What a malpractice insurer asks where a row of [`coverage`](roster.md#coverage) is silent, by its name there.",
        _keys(CARRIER, carrier),
        "## What turning a rule costs you",
        '### [remedies."legal.registration"]',
        "A finding that does not pass names what would turn it, with a usual cost and lead time (see each rule in "
        "[the rules](rules.md)). Yours win over them, rule by rule and key by key; `kapteam repair` plans with them.",
        _keys(REMEDY, _MEANINGS["remedy"]),
        '```toml\n[remedies."malpractice.ketamine"]\ndollars = 450\ndays = 10\n```',
    ]
    return "\n\n".join(parts) + "\n"


def rules_page() -> str:
    """Every rule of kapteam's own."""
    parts = [
        "# The rules",
        f"{len(OWN)} rules, each judged **pass**, **fail**, **unknown** (a needed fact is not on the roster) or **not "
        "applicable**. A link fails where a `block` rule fails, else is unknown where one is unknown, else passes; "
        "`warn` and `note` are told and decide nothing. [`[rules]`](practice.md#rules) of the practice file sets "
        "another severity.",
        "Beside what stands here, a finding cites the entry of the law pack, the carrier's letter or the practice file "
        "that it rests on. Days and dollars are usual figures, not offers; *words in italics* stand for the "
        "names of the case.",
        _table(
            ("rule", "of", "severity"),
            ((f"[`{r.id}`](#{r.id.replace('.', '')})", _SUBJECTS[r.subject], r.severity) for r in OWN),
        ),
    ]
    for r in OWN:
        parts += [f"## {r.id}", _sentence(_holds(r)), f"Judged of {_SUBJECTS[r.subject]}. Severity: `{r.severity}`."]
        if r.cites:
            parts.append(f"Rests on {_spoken_list(r.cites)}.")
        remedies = [
            (_STATUS[status], _template(remedy.change), _figures(remedy), remedy.basis)
            for status, remedy in r.remedies.items()
        ]
        if remedies:
            parts.append(_table(("where it", "what would turn it", "takes", "basis of the figures"), remedies))
    return "\n\n".join(parts) + "\n"


def commands_page() -> str:
    """Every command, from what it declares."""
    parts = [
        "# Commands",
        "```\n" + "\n".join(f"{_usage(name)}" for name in COMMANDS) + "\n```",
        "`ROSTER` is an `.xlsx` workbook, a folder of CSV or Parquet files or a JSON document "
        "([the roster](roster.md)). The answer goes to standard output, everything else (progress, counts of warnings) "
        "to standard error.",
        "| exit status | means |\n|---|---|\n"
        "| 0 | done |\n"
        "| 1 | the roster has errors, or no plan meets what was asked, or the plan does not hold |\n"
        "| 2 | wrong usage: an option, a file or a name that is not there |",
        "With `--json` a roster with errors gives [errors.json](../schemas/errors.json) on standard output. Wrong "
        "usage gives a message on standard error and no document.",
        'Completion: `eval "$(_KAPTEAM_COMPLETE=bash_source kapteam)"` (also `zsh_source`; for fish '
        "`_KAPTEAM_COMPLETE=fish_source kapteam | source`).",
    ]
    for name, line in COMMANDS.items():
        command = _command(name)
        parts += [f"## {name}", line, f"```\n{_usage(name)}\n```", _help(command)]
        if (DOCS / "schemas" / f"{name}.json").exists():
            parts.append(f"With `--json`: [{name}.json](../schemas/{name}.json).")
        for inner in command.commands.values() if isinstance(command, click.Group) else ():
            parts += [f"### {name} {inner.name}", f"```\n{_usage_of(inner, f'{name} {inner.name}')}\n```", _help(inner)]
            parts.append(_options(inner))
        if not isinstance(command, click.Group):
            parts.append(_options(command))
    return "\n\n".join(parts) + "\n"


# --- Small parts ------------------------------------------------------------------------------------------------------

_STATUS = {"fail": "fails", "unknown": "is unknown"}


def _about(record: type) -> str:
    return (inspect.getdoc(record) or "").split("\n\n")[0].replace("\n", " ")


def _holds(rule: Rule) -> str:
    """What a rule's function says of itself."""
    return (inspect.getdoc(rule.judge) or "").split("\n\n")[0].replace("\n", " ")


def _column_row(c: Column) -> tuple[str, ...]:
    example = f"`{c.example}`" if c.example else ""
    return (f"`{c.name}`", _blank(c), _kind(c.kind, c.unit), _cell(c.meaning), example)


def _blank(c: Column) -> str:
    if c.needed:
        return "**needed**"
    if c.default is None:
        return ""
    return f"`{c.kind.show(c.default)}`"


def _kind(kind: Kind, unit: str = "") -> str:
    """What a cell holds; choices as code."""
    words = _cell(kind.expected)
    choices = kind.choices or getattr(getattr(kind, "item", None), "choices", ())
    if choices and kind.expected.startswith("one of "):
        words = words.replace(", ".join(choices), ", ".join(f"`{c}`" for c in choices))
    return words.replace("separated by ;", "separated by `;`") + (f" ({unit})" if unit else "")


def _keys(kinds: Mapping[str, Kind], meanings: Mapping[str, str]) -> str:
    return _table(
        ("key", "holds", "what it is"), ((f"`{k}`", _toml_kind(v), _cell(meanings[k])) for k, v in kinds.items())
    )


def _toml_kind(kind: Kind) -> str:
    """What a key holds, as TOML writes it."""
    if kind.choices == ("yes", "no"):
        return "`true` or `false`"
    item = getattr(kind, "item", None)
    if item is not None:
        return f"a list; each {_kind(item)}"
    return _kind(kind)


def _figures(remedy: Remedy) -> str:
    days = "" if remedy.days is None else f"{remedy.days} day{'s' * (remedy.days != 1)}"
    return days if not remedy.dollars else f"{days}, ${remedy.dollars:,}"


def _template(text: str) -> str:
    """A remedy with the names of the case in italics."""
    return re.sub(r"{(\w+)}", r"*\1*", text)


def _command(name: str) -> click.Command:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def _usage(name: str) -> str:
    return _usage_of(_command(name), name)


def _options(command: click.Command) -> str:
    rows = [_option_row(p) for p in command.params if isinstance(p, click.Option)]
    return _table(("option", "default", "what it does"), rows)


def _usage_of(command: click.Command, name: str) -> str:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    words = [str(p.name).upper() if p.required else f"[{str(p.name).upper()}]" for p in arguments]
    return " ".join(["kapteam", name, *words, "[OPTIONS]"])


def _help(command: click.Command) -> str:
    """The command's own words; each paragraph on a line."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(p.replace("\n", " ") for p in paragraphs)


def _option_row(option: click.Option) -> tuple[str, str, str]:
    value = "" if option.is_flag else " " + (option.metavar or _metavar(option.type))
    words = ", ".join(f"`{o}{value if o.startswith('--') else ''}`" for o in sorted(option.opts, reverse=True))
    stated = re.search(r"\s*\[default: (.*)\]$", option.help or "")
    default = stated[1] if stated else f"`{option.default}`" if option.show_default else ""
    return words, default, _cell((option.help or "")[: stated.start() if stated else None])


def _metavar(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return "|".join(kind.choices)
    if isinstance(kind, click.IntRange):
        return "N"
    return "FILE" if isinstance(kind, click.Path) else kind.name.upper()


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(header)
    lines: Iterator[str] = ("| " + " | ".join(row) + " |" for row in ([_cell(c) for c in row] for row in rows))
    return "\n".join(["| " + " | ".join(names) + " |", "|" + "---|" * len(names), *lines])


def _cell(text: str) -> str:
    """Text that may stand in a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", text.replace("\n", " "))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spoken_list(words: Iterable[str], last: str = "and") -> str:
    found = list(words)
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + f" {last} {found[-1]}"


def main() -> int:
    """Write the pages, or say which are stale."""
    parser = argparse.ArgumentParser(description="Write the generated pages of docs/ anew.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where a page is stale")
    check = parser.parse_args().check
    stale = [p for p, text in pages().items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    for path in stale:
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], encoding="utf-8")
        print(f"{'stale' if check else 'wrote'}: {path.relative_to(DOCS.parent)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
