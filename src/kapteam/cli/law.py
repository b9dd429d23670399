"""``kapteam law``: what the packs know of a jurisdiction, with its sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from kapteam.cli.options import Date, json_option, output
from kapteam.cli.output import give_json, give_text
from kapteam.law.coverage import changes, coverage, unknown_cells
from kapteam.law.day import FEDERAL
from kapteam.law.entries import Entry
from kapteam.law.packs import Packs
from kapteam.records.problems import UsageError, nearest
from kapteam.records.zones import JURISDICTIONS
from kapteam.show.law import shown_changes, shown_coverage, shown_entries


@click.command("law")
@click.argument("jurisdictions", nargs=-1, metavar="[JURISDICTION]...")
@click.option("--on", type=Date(), default=None, help="The day seen from.  [default: today]")
@click.option("--coverage", "as_coverage", is_flag=True, help="How much is known, and how sure.")
@click.option(
    "--diff",
    nargs=2,
    metavar="OLD NEW",
    help="What is stated otherwise: on two days (2026-12-31 2027-01-01), or in two folders of packs.",
)
@json_option
@output
def command(
    jurisdictions: tuple[str, ...], on: date | None, as_coverage: bool, diff: tuple[str, str] | None,
    as_json: bool, output: Path | None,
) -> None:  # fmt: skip
    """All that the packs know of a JURISDICTION (a USPS code, or US for the federal law), with sources; of all, where
    none is named."""
    packs, day = Packs.shipped(), on or date.today()
    places = [_place(j) for j in jurisdictions] or list(packs.jurisdictions())
    if diff:
        found = [c for c in changes(*(_side(text, packs, day) for text in diff)) if c.jurisdiction in places]
        document: Any = {"changes": [{**attrs.asdict(c), "old": _plain(c.old), "new": _plain(c.new)} for c in found]}
        parts = shown_changes(found)
    elif as_coverage:
        known = coverage(packs, day)
        document, parts = (
            {name: attrs.asdict(c) for name, c in known.items()},
            shown_coverage(known, unknown_cells(packs, day), day),
        )
    else:
        entries = [e for j in places for e in packs.entries(j)]
        document, parts = {"entries": [_plain(e) for e in entries]}, shown_entries(entries, day)
    if as_json:
        give_json(document, output)
    else:
        give_text(parts, output)


def _place(code: str) -> str:
    known = (FEDERAL, *JURISDICTIONS)
    if code.upper() not in known:
        by_name = {name: place for place, (name, _) in JURISDICTIONS.items()}
        meant = tuple(by_name[name] for name in nearest(code, by_name)) or nearest(code, known)
        raise UsageError(f"there is no jurisdiction {code!r}" + (f"; did you mean {meant[0]!r}?" if meant else ""))
    return code.upper()


def _side(text: str, packs: Packs, day: date) -> tuple[Packs, date]:
    """One side of a comparison: the shipped packs on a day, or a folder of packs on the day asked."""
    if Path(text).is_dir():
        return Packs(Path(text)), day
    try:
        return packs, date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--diff {text}: expected a date such as 2026-12-31, or a folder of packs") from None


def _plain(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    plain = attrs.asdict(entry)
    first, last = plain.pop("from_"), plain.pop("until")
    return {
        **plain,
        "value": entry.value if isinstance(entry.value, str) else list(entry.value),
        "from": first and first.isoformat(),
        "until": last and last.isoformat(),
        "checked": entry.checked.isoformat(),
    }
