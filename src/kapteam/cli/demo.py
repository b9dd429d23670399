"""``kapteam demo``: the whole thing on the practice that ships with kapteam."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from pathlib import Path

import click

from kapteam.advice.check import eligibility, expiring
from kapteam.advice.repair import Repairs, repair
from kapteam.advice.resilience import resilience
from kapteam.advice.story import story
from kapteam.cli.output import give_json, give_text, problem_document
from kapteam.demo import DAY, practice_folder, practice_workbook
from kapteam.io.read import read
from kapteam.law.names import unfamiliar
from kapteam.matching.match import Plan, match
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import Problem
from kapteam.sessions.schedule import Schedule, schedule


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="kapteam-demo")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one JSON document.")
def command(folder: Path, as_json: bool) -> None:
    """Judge, match, schedule and explain the practice that ships with kapteam, and write all of it to FOLDER.

    The practice is made up: 44 people at five sites in New York, New Jersey and Colorado.
    """
    written = run(folder, DAY, quiet=as_json)
    if as_json:
        give_json({"folder": str(folder), "files": [str(w) for w in written]})


def run(folder: Path, on: date, *, quiet: bool = False) -> list[Path]:
    """The demo; gives the files that it wrote. ``quiet``: nothing is shown."""
    import shutil

    from kapteam.show.calendars import write_calendars
    from kapteam.show.check import shown_check
    from kapteam.show.links import shown_links, shown_story
    from kapteam.show.plan import shown_plan
    from kapteam.show.repair import shown_repair
    from kapteam.show.resilience import shown_resilience
    from kapteam.show.week import shown_schedule

    folder.mkdir(parents=True, exist_ok=True)
    book = folder / "practice.xlsx"
    shutil.copyfile(practice_workbook(), book)
    shutil.copytree(practice_folder(), folder / "practice", dirs_exist_ok=True)
    roster = read(book)
    links = judged_links(roster, on)
    plan, week = match(links), schedule(roster, on)
    mended, absences = repair(links), resilience(plan)
    warnings = [*roster.warnings, *unfamiliar(roster)]
    eligible, ends = eligibility(links), expiring(links.facts, 60)
    left_out = _someone(plan)
    if not quiet:
        click.echo(f"The practice: {book} (and the same as CSV files in {folder / 'practice'})\n")
        give_text(shown_plan(plan))
    files = [book]
    for name, parts in (
        ("check.txt", shown_check(links, warnings, eligible, ends, 60)),
        ("links.txt", shown_links(links)),
        ("match.txt", shown_plan(plan)),
        ("explain.txt", shown_story(plan, story(plan, left_out))),
        ("schedule.txt", shown_schedule(week)),
        ("repair.txt", shown_repair(mended)),
        ("resilience.txt", shown_resilience(plan, absences, 60)),
    ):
        files.append(folder / name)
        give_text(parts, files[-1])
    for name, document in _documents(links, plan, week, mended, warnings).items():
        files.append(folder / name)
        give_json(document, files[-1])
    write_calendars(week, folder / "calendars", "practitioner", datetime.now(UTC))
    files.append(folder / "calendars")
    if not quiet:
        click.echo(f"wrote {files[-1]}", err=True)
        where = shlex.quote(str(book))
        click.echo(f"\nNow try:\n  kapteam explain {where} {shlex.quote(left_out)} --on {on}")
        click.echo(f"  kapteam schedule {where} --week {on}\n  kapteam repair {where} --on {on} --budget 2000")
        report, picture = (shlex.quote(str(folder / name)) for name in ("report.html", "network.svg"))
        click.echo(f"  kapteam report {where} --on {on} -o {report}\n  kapteam draw {where} --on {on} -o {picture}")
        click.echo(
            f"  kapteam app {where} --on {on}\n  kapteam check {where} --on {on}\n  kapteam init my-practice.xlsx"
        )
    return files


def _documents(links: Links, plan: Plan, week: Schedule, mended: Repairs, warnings: list[Problem]) -> dict[str, object]:
    return {
        "links.json": links.as_dict(),
        "match.json": plan.as_dict(),
        "schedule.json": week.as_dict(),
        "repair.json": mended.as_dict(),
        "warnings.json": [problem_document(w) for w in warnings],
    }


def _someone(plan: Plan) -> str:
    """Someone left out for want of a partner, to be explained; else the first left out, else the first of all."""
    left = sorted(plan.unmatched, key=lambda u: (u.reason != "no_partner", u.role != "therapist", u.practitioner))
    return left[0].practitioner if left else plan.links.facts.people[0]
