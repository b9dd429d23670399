"""``kapteam verify``: a saved plan judged again, without a solver."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from kapteam.cli.load import loaded
from kapteam.cli.options import judging
from kapteam.cli.output import give_json, give_text
from kapteam.cli.saved import read_plan
from kapteam.matching.verify import verify


@click.command("verify")
@judging
@click.argument("plan", type=click.Path(path_type=Path))
def command(as_json: bool, output: Path | None, plan: Path, on: date | None, protocol: str | None, **asked: Any) -> int:
    """Judge the saved PLAN (of `kapteam match --json`) again: every constraint, the objective, the proof.

    It is judged for the day and the protocol that it was made for, unless --on or --protocol says otherwise.
    """
    saved = read_plan(plan)
    saved = attrs.evolve(saved, on=on or saved.on, protocol=protocol or saved.protocol)
    links = loaded(on=saved.on, protocol=saved.protocol, **asked)
    verified = verify(saved, links)
    if as_json:
        document = attrs.asdict(verified)
        give_json({**document, "violations": list(document["violations"])}, output)
    else:
        good = f"Good: {verified.objective.teamed} teamed, {verified.objective.points:,} points, and proven best."
        bad = f"Not good: {len(verified.violations)} violation{'s' * (len(verified.violations) != 1)}."
        lines = [f"  {v.subject}: {v.message}  [{v.rule}]" for v in verified.violations]
        give_text([good if verified.ok else bad, *lines], output)
    return 0 if verified.ok else 1
