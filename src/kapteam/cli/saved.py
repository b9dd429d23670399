"""A saved plan from a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from kapteam.matching.saved import SavedPlan, saved_plan
from kapteam.records.problems import UsageError
from kapteam.sessions.saved import SavedSchedule, saved_schedule

T = TypeVar("T")


def read_plan(path: Path) -> SavedPlan:
    """The plan that `kapteam match --json` wrote to a file.

    Raises
    ------
    UsageError
        There is no such file, or it holds no plan.
    """
    return _named(path, saved_plan)


def read_schedule(path: Path, option: str = "") -> SavedSchedule:
    """The plan that `kapteam schedule --json` wrote to a file, given by an option; raises as :func:`read_plan` does."""
    return _named(path, saved_schedule, option)


def _named(path: Path, read: Callable[[Any], T], option: str = "") -> T:
    """What a file holds; where it is no plan, the message says which file."""
    document = read_document(path)
    try:
        return read(document)
    except UsageError as error:
        raise UsageError(f"{option}{' ' * bool(option)}{path}: {error}") from None


def read_document(path: Path) -> Any:
    """The JSON document in a file; raises as :func:`read_plan` does."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(
            f"{str(path)!r} is no plan, for it is no text: the roster comes first, then the plan"
        ) from None
    except ValueError as error:
        raise UsageError(f"{str(path)!r} is no plan, for it is no JSON document: {error}") from None
