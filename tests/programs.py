"""Small programs of whole numbers, and every solution of one."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import strategies as st

from kapteam.columns.lookup import Index
from kapteam.sessions.program import INFINITY, Builder, Program


@st.composite
def programs(draw: st.DrawFn, columns: tuple[int, int] = (1, 6), rows: int = 5) -> Program:
    """Small numbers, few entries a row; now and then a column with a lower bound, or a program with no solution."""
    builder = Builder()
    count = draw(st.integers(*columns))
    lower = draw(st.lists(st.sampled_from([0, 0, 0, 0, 1]), min_size=count, max_size=count))
    more = draw(st.lists(st.sampled_from([1, 1, 1, 0, 2]), min_size=count, max_size=count))
    worth = [draw(st.lists(st.integers(-3, 9), min_size=count, max_size=count)) for _ in range(2)]
    builder.columns(count, value=worth[0], points=worth[1], lower=lower, upper=np.array(lower) + more)
    for _ in range(draw(st.integers(0, rows))):
        chosen = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True))
        weights = draw(st.lists(st.sampled_from([1, 1, 1, 2, -1]), min_size=len(chosen), max_size=len(chosen)))
        least, most = draw(st.sampled_from([(-INFINITY, 1), (-INFINITY, 2), (0, INFINITY), (0, 0), (1, 2)]))
        zeros = np.zeros(len(chosen), np.int64)
        builder.rows(1, zeros, np.array(chosen, np.int64), np.array(weights), least=least, most=most)
    return builder.program()


def solutions(program: Program) -> list[Index]:
    """Every one, worked out from the rows as they are written."""
    found = []
    for x in product(*(range(low, high + 1) for low, high in zip(program.lower, program.upper, strict=True))):
        for r in range(program.rows):
            entries = range(program.begin[r], program.begin[r + 1])
            total = sum(int(program.coefficient[e]) * x[program.column[e]] for e in entries)
            if not program.least[r] <= total <= program.most[r]:
                break
        else:
            found.append(np.array(x, np.int64))
    return found
