"""Which taxonomy code (NUCC) is which profession and specialty: a table, ``professions.csv``.

Source: the NUCC Health Care Provider Taxonomy, version 16.0 (https://www.nucc.org). A row holds for every code that
begins with its prefix; the longest prefix wins. A blank profession is none that kapteam knows.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from attrs import frozen

from kapteam.law.packs import Packs
from kapteam.records.identifiers import is_nucc_code
from kapteam.records.people import PROFESSIONS

#: As kapteam's columns have it: the first seven may prescribe, where their state lets them.
PRESCRIBING = PROFESSIONS[:7]
_PSYCHIATRIC = ("psychiatry", "psychiatric_nursing")


@frozen
class Taxonomy:
    """What a code says of who files under it.

    Attributes
    ----------
    profession : str
        As in the licences table.
    specialty : str
        What the roster's column holds: kapteam's own word, or the code, which the law packs translate.
    psychiatric : bool
        Whether it is psychiatry or psychiatric nursing, which decides whether a nurse is a therapist.
    """

    profession: str
    specialty: str
    psychiatric: bool


@cache
def taxonomy(code: str) -> Taxonomy | None:
    """What a code says; None where it is no code, or tells no profession of kapteam's."""
    row = _row(code) if is_nucc_code(code) else None
    if row is None or not row["profession"]:
        return None
    specialty = row["specialty"] or code
    packs = Packs.shipped()
    meant = packs.specialty(code) if code in packs.specialties else row["specialty"]
    return Taxonomy(row["profession"], specialty, meant in _PSYCHIATRIC)


def _row(code: str) -> dict[str, str] | None:
    known = rows()
    return next((known[code[:n]] for n in range(len(code), 0, -1) if code[:n] in known), None)


@cache
def rows() -> dict[str, dict[str, str]]:
    """The table by prefix."""
    with (Path(__file__).parent / "professions.csv").open(encoding="utf-8", newline="") as file:
        return {row["prefix"]: row for row in csv.DictReader(file)}
