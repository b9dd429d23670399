"""Work of the kinds that kapteam does, that never changes: what its seconds are measured by."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

_SETS, _ROOM, _IN_EACH = 90, 60, 4


def packing() -> float:
    """A weighted packing of sets of two kinds of room, solved by HiGHS to the proven best; what it is worth."""
    from scipy.optimize import Bounds, milp

    worth, rows = _sets()
    found = milp(-worth, constraints=rows, integrality=np.ones(len(worth)), bounds=Bounds(0, 1))
    if not found.success:
        raise RuntimeError(found.message)
    return -float(found.fun)


@cache
def _sets() -> tuple[np.ndarray, Any]:
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csc_array

    draw = Random("packing")
    worth = np.array([draw.randrange(80, 120) for _ in range(_SETS)], float)
    members = [draw.sample(range(_ROOM), _IN_EACH) for _ in range(_SETS)]
    column = np.repeat(np.arange(_SETS), _IN_EACH)
    row = np.concatenate([np.array(sorted(of)) for of in members])
    holds = csc_array((np.ones(len(row)), (row, column)), shape=(_ROOM, _SETS))
    room = np.array([1 + (i % 3 == 0) for i in range(_ROOM)], float)
    return worth, LinearConstraint(holds, ub=room)


def workbook_cells(path: Path) -> int:
    """Read every cell of a workbook, and count those that hold something."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    try:
        return sum(cell is not None for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    finally:
        book.close()
