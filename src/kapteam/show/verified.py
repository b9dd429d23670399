"""What came of judging a saved plan again, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.matching.verify import Verified as Teams
from kapteam.records.roster import Roster
from kapteam.sessions.verify import Verified as Sessions
from kapteam.show.words import count, made_up


def shown_verified(verified: Teams | Sessions, roster: Roster | None = None, *, fair: bool = False) -> Iterator[Any]:
    """The answer, then each thing that is wrong; ``fair`` says whether a plan of teams says that it is fair.

    ``roster`` is the one that it was judged by: where a scenario made rows of it up, that is said too.
    """
    from rich.text import Text

    yield Text(good(verified, fair=fair) if verified.ok else f"Not good: {_violations(len(verified.violations))}.")
    for v in verified.violations:
        yield Text(f"  {v.subject}: {v.message}  [{v.rule}]")
    if roster is not None and roster.made_up:
        yield Text(made_up(roster), style="dim")


def good(verified: Teams | Sessions, *, fair: bool = False) -> str:
    """What a good plan reaches, in a line."""
    if isinstance(verified, Teams):
        best = "proven: none teams more, and none gives everyone more" if fair else "proven best"
        return f"Good: {verified.objective.teamed:,} teamed, {verified.objective.points:,} points, and {best}."
    worth = verified.objective
    rests = f" It rests on {count(len(verified.to_verify), 'unknown fact')}." if verified.to_verify else ""
    return (
        f"Good: {count(worth.sessions or 0, 'session')}, value {worth.value}, {worth.points:,} points, "
        f"and no rule broken.{rests}"
    )


def _violations(many: int) -> str:
    return f"{many} violation{'s' * (many != 1)}"
