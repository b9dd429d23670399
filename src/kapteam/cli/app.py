"""``kapteam app``: a local page to try what-ifs on."""

from __future__ import annotations

import threading
from datetime import date
from importlib.util import find_spec

import click

from kapteam.cli.options import Date
from kapteam.records.problems import RosterError, UsageError

#: What the page needs beside kapteam itself.
_NEEDED = ("starlette", "uvicorn", "python_multipart")


@click.command("app")
@click.argument("roster", type=click.Path(), required=False)
@click.option("--on", type=Date(), default=None, help="The day judged.  [default: today]")
@click.option("--week", type=Date(), help="A day of the week planned.  [default: the first Monday from --on]")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen.  [default: any free port]")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
def command(roster: str | None, on: date | None, week: date | None, port: int, no_open: bool) -> None:
    """A local page: try what-ifs, and see at once what they change in teams and sessions.

    Without ROSTER, one is dropped in on the page. The page is this machine's alone and nothing leaves it; the roster
    stays as it is, and what should stay of a what-if is saved from the page. Ctrl-C ends it.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise UsageError('the page needs a few more packages: pip install "kapteam[app]"')
    from pathlib import Path

    from kapteam.app.opened import Desk, checked
    from kapteam.app.pages import Pages, Wrong
    from kapteam.app.server import serve

    pages = Pages(Desk(), on or date.today(), week)
    if roster is not None:
        try:
            pages.first = pages.desk.put(checked(Path(roster)), Path(roster).name)
        except RosterError as error:
            pages.wrong = Wrong.of(Path(roster).name, Path(roster), error)
            click.echo(f"{pages.wrong.errors} errors in {roster}: the page shows them beside the cells", err=True)

    def ready(address: str) -> None:
        click.echo(address)
        click.echo("Open this address in a browser; Ctrl-C ends it.", err=True)
        if not no_open:
            import webbrowser

            # Some browsers are waited for as long as they are open.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(pages, port, ready)
