"""One ``kapteam match --json`` with a clock between its stages: ``python stages.py ROSTER`` prints seconds as JSON.

The interpreter's own start is what is left of the whole process's time. It makes the same calls as the command does.
"""

from time import perf_counter

_begin = perf_counter()

import json
import sys
from datetime import date

import kapteam.cli.main  # noqa: F401
import kapteam.cli.match  # noqa: F401  (what the command loads before it does anything)
from kapteam.cli.load import read_roster
from kapteam.matching.match import match
from kapteam.network.links import judged_links

_clock = [perf_counter()]


def _lap() -> float:
    _clock.append(perf_counter())
    return _clock[-1] - _clock[-2]


seconds = {"imports": _clock[0] - _begin}
_roster = read_roster(sys.argv[1])
seconds["reading"] = _lap()
_links = judged_links(_roster, date(2026, 12, 7))
_links.verdicts, _links.points
seconds["judging"] = _lap()
_plan = match(_links)
seconds["solving"] = _lap()
_document = json.dumps(_plan.as_dict(), ensure_ascii=False, indent=1)
seconds["reasons and JSON"] = _lap()
print(json.dumps(seconds))
