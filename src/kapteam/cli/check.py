"""``kapteam check``: every problem, who may do what where, what ends soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from kapteam.advice.check import Eligibility, eligibility, expiring
from kapteam.advice.warnings import old_law, warnings_of
from kapteam.cli.interrupt import Ticker
from kapteam.cli.load import read_roster
from kapteam.cli.made_from import made_from
from kapteam.cli.options import days_ahead, judging, provenance
from kapteam.cli.output import give_json, give_text, problem_document, problems_document, working
from kapteam.network.links import judged_links
from kapteam.records.problems import RosterError
from kapteam.rules.rulebook import rules_in
from kapteam.show.check import shown_check, shown_errors


@click.command("check")
@judging
@provenance
@days_ahead
def command(
    as_json: bool, output: Path | None, provenance: bool, roster: str, on: date | None, practice: str | None,
    protocol: str | None, rules: str | None, within: int, **_: Any,
) -> int:  # fmt: skip
    """Every problem in the roster at once; who may do what where; and what ends soon."""
    house = rules_in(rules) if rules else ()
    try:
        found = read_roster(roster, practice, house)
    except RosterError as error:
        if as_json:
            give_json({**problems_document(error), "eligibility": [], "expiring": []}, output)
        else:
            give_text(shown_errors(error), output)
        return 1
    with working("judging the links"):
        links = judged_links(found, on or date.today(), protocol=protocol, house=house)
    with working("looking for what is odd, and for what ends"):
        warnings = [*warnings_of(links), *old_law(links)]
        eligible, ends = eligibility(links), expiring(links.facts, within)
    made = made_from(provenance, links, "check", within=within)
    if as_json:
        give_json(
            {
                "on": links.facts.day.isoformat(),
                "errors": [],
                "warnings": [problem_document(w) for w in warnings],
                "eligibility": _told(eligible),
                "expiring": [
                    {"practitioner": e.practitioner, "what": e.what, "expires": e.expires.isoformat()} for e in ends
                ],
                **links.supposition,
            },
            output,
            made,
        )
    else:
        give_text(shown_check(links, warnings, eligible, ends, within), output, made)
    return 0


def _told(eligible: Eligibility) -> Iterator[dict[str, Any]]:
    """Each as the document has it, saying on standard error how many are done."""
    ticker = Ticker(lambda done: f"{done:,} of {len(eligible):,} put into words")
    for done, one in enumerate(eligible):
        ticker(done)
        yield one.as_dict()
