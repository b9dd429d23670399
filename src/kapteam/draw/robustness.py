"""How many therapists are still teamed as prescribers stop: a curve for each way of stopping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kapteam.draw.heading import heading
from kapteam.draw.legend import Entry, legend
from kapteam.draw.marks import Layout, Mark, Path, Text
from kapteam.draw.picture import Picture
from kapteam.measures.measured import Measured
from kapteam.measures.percolation import BAND, Percolation
from kapteam.show.words import rests_on

_WIDTH, _HIGH = 720, 320
_LEFT, _RIGHT = 56.0, 24.0
_WAYS = {
    "random": "at random, the mean",
    "load": "those with most therapists first",
    "cost": "those whose absence costs most first",
}

_IF = {
    "random": "if they stop at random",
    "load": "if those with most therapists stop first",
    "cost": "if those whose absence costs most stop first",
}


def robustness_picture(measured: Measured, *, titled: bool = True) -> Picture:
    """The curves of percolation: the share of therapists teamed by the share of prescribers who have stopped.

    Parameters
    ----------
    measured : Measured
        Of :func:`kapteam.measures.measured.measures`; with draws it has random orders and their band.
    titled : bool
        Whether the answer stands above, and what it rests on.
    """
    curves, left, right = measured.percolation, _LEFT, _WIDTH - _RIGHT
    said = " ".join(_sentences(curves))
    marks: list[Mark] = []
    y = 12.0
    if titled:
        above, y = heading(said, rests_on(measured.links), 12, right, y)
        marks += above
    top, bottom = y + 22, y + 22 + _HIGH
    marks.append(Text(12, y + 8, "share of therapists teamed", 11, "quiet"))
    for tenth in range(0, 11, 2):
        across, up = left + (right - left) * tenth / 10, bottom - (bottom - top) * tenth / 10
        marks.append(Path(((left, up), (right, up)), "rule faint" if tenth else "rule"))
        marks.append(Text(left - 8, up + 4, f"{tenth * 10} %", 11, "quiet number", "end"))
        marks.append(Text(across, bottom + 18, f"{tenth * 10} %", 11, "quiet number", "middle"))
    marks.append(Text(right, bottom + 36, "share of prescribers who have stopped", 11, "quiet", "end"))
    most = max((c.curve[-1].stopped for c in curves if c.curve), default=0)

    def at(stopped: int, share: float) -> tuple[float, float]:
        return left + (right - left) * (stopped / most if most else 0), bottom - (bottom - top) * share

    for one in curves:
        lows = [at(p.stopped, p.low) for p in one.curve if p.low is not None]
        highs = [at(p.stopped, p.high) for p in one.curve if p.high is not None]
        if lows:
            marks.append(Path((*lows, *reversed(highs)), "area"))
    for one in curves:
        points = tuple(at(p.stopped, p.teamed) for p in one.curve if p.teamed is not None)
        if len(points) > 1:
            marks.append(Path(points, f"curve {one.order}", title=_WAYS[one.order]))
    samples, y = legend(list(_entries(curves)), 12, right, bottom + 46)
    marks += samples
    title = "How many therapists are still teamed as prescribers stop"
    return Picture(Layout(_WIDTH, round(y + 12), title, said, tuple(marks)))


def _sentences(curves: Sequence[Percolation]) -> Iterator[str]:
    if not curves or not curves[0].curve or curves[0].curve[0].teamed is None:
        yield "There is nobody to be teamed."
        return
    yield f"{100 * curves[0].curve[0].teamed:.0f} % of the therapists can be teamed while every prescriber is there;"
    halves = []
    for one in curves:
        half = next((p for p in one.curve if 2 * p.stopped >= one.curve[-1].stopped), None)
        if half is not None and half.teamed is not None:
            halves.append(f"{100 * half.teamed:.0f} % {_IF[one.order]}")
    yield f"once half of them have stopped, {', '.join(halves)}." if halves else ""


def _entries(curves: Sequence[Percolation]) -> Iterator[Entry]:
    for one in curves:
        yield Entry((Path(((-14.0, 0.0), (14.0, 0.0)), f"curve {one.order}"),), _WAYS[one.order], 28)
        if one.low is not None:
            inside = round(100 * (BAND[1] - BAND[0]))
            words = f"where {inside} of 100 random orders lie ({one.draws:,} were drawn)"
            box = ((-14.0, -6.0), (14.0, -6.0), (14.0, 6.0), (-14.0, 6.0))
            yield Entry((Path(box, "area"),), words, 28)
