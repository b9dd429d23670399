"""``kapteam import nppes``: the national registry as a folder of Parquet tables."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kapteam.cli.interrupt import Ticker
from kapteam.cli.output import give_json, give_text
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    from kapteam.registry.importing import Imported, Progress


#: A disk that is full, a share that is used up, a file larger than is allowed.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@click.command("nppes")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--output", metavar="FOLDER", type=click.Path(path_type=Path), required=True,
              help="The folder to write: a roster of Parquet tables, and what was counted.")  # fmt: skip
@click.option("--state", "states", metavar="STATE", multiple=True,
              help="Only those who practise there, such as NY; may be given again.  [default: anywhere]")  # fmt: skip
@click.option("--scenario", "scenario_file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="What you suppose of what NPPES does not say (TOML); every row drawn from it says so.")  # fmt: skip
@click.option("--part", "megabytes", metavar="MB", type=click.IntRange(1, 1024), default=64, show_default=True,
              help="How much of the file is read at a time: less takes less memory.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")
def nppes(
    file: Path,
    output: Path,
    states: tuple[str, ...],
    scenario_file: Path | None,
    megabytes: int,
    as_json: bool,
) -> int:
    """The NPPES dissemination file of CMS (npidata_pfile_….csv, unpacked) as a roster that every command reads.

    Ctrl-C leaves what is done; the same command goes on from there.
    """
    try:
        import polars  # noqa: F401 (an extra; told before anything is read)
    except ImportError:
        raise UsageError("this needs Polars: pip install 'kapteam[registry]'") from None
    from kapteam.registry.importing import Asked, import_nppes
    from kapteam.registry.scenario import read_scenario

    supposed = None if scenario_file is None else read_scenario(scenario_file)
    asked = Asked(states, supposed, megabytes << 20)
    try:
        found = import_nppes(file, output, asked, Ticker(_so_far))
    except KeyboardInterrupt:
        try:
            _tell_what_is_kept(output)
        except KeyboardInterrupt:  # Polars and Python each tell of the same Ctrl-C
            _tell_what_is_kept(output)
        raise
    except OSError as error:
        if error.errno in _NO_ROOM:
            click.echo("there is no room for more: make room, and give the same command again", err=True)
        _tell_what_is_kept(output)
        raise
    click.echo(f"wrote {output}", err=True)
    if as_json:
        give_json(found.as_dict())
    else:
        give_text(_shown(found))
    return 0


def _tell_what_is_kept(folder: Path) -> None:
    from kapteam.registry.importing import kept

    if said := kept(folder):
        click.echo(said, err=True)


def _so_far(progress: Progress) -> str:
    counts = progress.counts
    percent = 100 * progress.done // max(1, progress.total)
    return f"{percent} %: {counts.rows:,} rows read, {counts.taken:,} practitioners taken ..."


def _shown(found: Imported) -> Iterator[Any]:
    """What was taken, what was left out and why, and what nobody knows, for a person."""
    from rich.table import Table
    from rich.text import Text

    from kapteam.registry.importing import ASSUMED
    from kapteam.registry.people import LEFT_OUT, NO_LICENSE
    from kapteam.show.words import count

    counts = found.counts
    yield Text(
        f"{count(counts.taken, 'practitioner')} with {count(counts.licenses, 'licence')} at "
        f"{count(found.sites, 'site')}, of {count(counts.rows, 'row')}.",
        style="bold",
    )
    if found.resumed:
        yield Text(f"{count(found.resumed, 'part')} had been read before.")
    for title, reasons, told in (
        ("Rows left out", LEFT_OUT, counts.left_out),
        ("Taxonomies of theirs that are no licence", NO_LICENSE, counts.no_license),
    ):
        table = Table(title=title, title_justify="left", box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(justify="right")
        table.add_column()
        for why, words in reasons.items():
            if told[why]:
                table.add_row(f"{told[why]:,}", words)
        if table.row_count:
            yield Text()
            yield table
    yield Text("\nAssumed, for NPPES does not say")
    for line in ASSUMED:
        yield Text(f"  {line}")
    scenario = found.asked.scenario
    if scenario is None:
        yield Text(
            "\nDEA registrations, policies, training and hours are unknown: no link passes until they are written down."
        )
        return
    yield Text(
        f"\nMADE UP by the scenario {scenario.name!r} (seed {scenario.seed}), in the rows that name it", style="bold"
    )
    for line in scenario.lines():
        yield Text(f"  {line}")
