"""``kapteam init``: a template to fill in."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from kapteam.io.template import write_template
from kapteam.records.problems import UsageError


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over what is there.")
def command(path: Path, force: bool) -> None:
    """Write a template to PATH: a workbook (.xlsx), a JSON document (.json) or a folder of CSV files.

    It holds every table with example rows, which are a small practice that works: look at it, then write over it.
    """
    if path.exists() and not force and not (path.is_dir() and not any(path.iterdir())):
        raise UsageError(f"{str(path)!r} is there already: choose another name, or --force to write over it")
    try:
        write_template(path)
    except OSError as error:
        raise UsageError(f"cannot write {str(path)!r}: {error.strerror}") from None
    click.echo(f"wrote {path}: fill it in, then: kapteam check {shlex.quote(str(path))}")
