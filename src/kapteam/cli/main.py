"""``kapteam``: finds the command, and turns every known error into a message and an exit status."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

# Each command, and its one line of help: a command is loaded only when it is used.
COMMANDS = {
    "init": "Write a template: a workbook or a folder, with drop-downs, notes and example rows.",
    "check": "Every problem in a roster; who may do what where; what ends soon.",
    "links": "Every candidate link, judged.",
    "network": "Measures of the network: coverage, bottlenecks, deserts, robustness; -o writes it as a graph.",
    "match": "The provably best standing teams, and why someone is left out.",
    "schedule": "The best medicine sessions of some weeks, on a calendar.",
    "verify": "Judge a saved plan again, without a solver.",
    "explain": "Why a person, or a pair, is where they are: every rule's finding.",
    "repair": "The cheapest changes that team most therapists, or add most sessions.",
    "complement": "Who completes a person, best first: who could now, who nearly, whom to ask.",
    "form": "The best teams for one need: a modality, a language, a person who must be in it.",
    "mentors": "Who could consult for whom, and an assignment with even loads.",
    "recruit": "Whose hire adds most to the best teams: profession, site, hours, and what a second adds.",
    "resilience": "What each absence costs and who steps in; the worst two; what is lost when something ends.",
    "sweep": "What each of many laws would make of the best teams: every state in turn, all at once, or yours.",
    "worlds": "In what share of worlds each person is teamed, if what nobody wrote down turns out well by chance.",
    "report": "All of it in one HTML file: teams, network, week, reasons, what would help, what ends.",
    "draw": "The network with its best teams, or a week's timetable, as a picture: SVG or PNG.",
    "app": "A local page to try what-ifs on: what each changes in teams and sessions, at once.",
    "import": "What stands in other files (calendars, the national registry) as rows of a roster.",
    "law": "What the law packs know of a jurisdiction, with its sources.",
    "demo": "The whole thing on the practice that ships with kapteam.",
}

# Where a command is that cannot be called as its module is.
_MODULES = {"import": "imports"}
#: Exit statuses: done; the roster has errors, or no plan meets what was asked; wrong usage.
DONE, NO_PLAN, WRONG_USAGE = 0, 1, 2


class _Lazy(click.Group):
    """A group that loads a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"kapteam.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kapteam")
def group() -> None:
    """Teams for ketamine-assisted psychotherapy: who may work with whom, and the best teams, proven.

    It advises; it is not legal advice. ROSTER is an .xlsx workbook, a folder of CSV or Parquet files or a
    JSON document.
    """


def main() -> None:
    """Run the command line and exit with its status."""
    from kapteam.records.problems import UsageError

    # NumPy's linear algebra starts a thread for each core, and kapteam has none to do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        status = group.main(standalone_mode=False, prog_name="kapteam")
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UsageError as error:
        click.echo(f"kapteam: {error}", err=True)
        sys.exit(WRONG_USAGE)
    except OSError as error:
        click.echo(f"kapteam: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(NO_PLAN)
    sys.exit(status if isinstance(status, int) else DONE)
