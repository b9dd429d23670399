"""Rows of a table that may be wrong with one another: all that are, and perhaps some that are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kapteam.records.columnar import Read
from kapteam.records.hours import SLOTS_A_WEEK
from kapteam.records.identifiers import check_dea_number, claims_six
from kapteam.records.people import ROLES
from kapteam.records.problems import Misread
from kapteam.records.table import columns

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]

#: The columns of each table that name a person.
PERSONS = {
    "practitioners": ("practitioner",), "licenses": ("practitioner",), "registrations": ("practitioner",),
    "coverage": ("practitioner",), "training": ("practitioner",), "hours": ("practitioner",),
    "agreements": ("practitioner", "with_"), "ties": ("a", "b"),
}  # fmt: skip
_SITES = {"registrations": ("site", "at_site"), "hours": ("site",)}
_DAYS = {
    "licenses": ("issued", "expires"), "registrations": ("issued", "expires"), "coverage": ("effective", "expires"),
    "training": ("completed", "expires"), "hours": ("from_", "until"), "agreements": ("effective", "expires"),
}  # fmt: skip
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
_WORDS = SLOTS_A_WEEK // 32


def suspects(tables: Mapping[str, Read], places: Mapping[str, tuple[str, str]], people: int) -> dict[str, Mask]:
    """By table: the rows that may have an error or a warning which no single cell shows.

    Parameters
    ----------
    tables : mapping of str to Read
        Those of ``PERSONS``. A person's and a site's code is the same in every column that names one.
    places : mapping of str to (str, str)
        Each site's jurisdiction and time zone.
    people : int
        How many ids of persons there are; a greater code is nobody's.
    """
    found = {name: np.zeros(len(tables[name]), bool) for name in PERSONS}
    practitioners = tables["practitioners"]
    for name in ("practitioner", "npi"):
        found["practitioners"] |= _twice(practitioners[name].codes.astype(np.int64))
    for table, names in PERSONS.items():
        for name in names:
            found[table] |= tables[table][name].codes >= people
    for table, names in _SITES.items():
        for name in names:
            found[table] |= tables[table][name].mapped(places.__contains__, blank=1) == 0
    for table, (first, last) in _DAYS.items():
        begins, ends = _days(tables[table], first, last)
        found[table] |= ends < begins
    found["registrations"] |= _registrations(tables["registrations"], places)
    found["coverage"] |= _policies(tables["coverage"])
    for table, one, other in (("agreements", "practitioner", "with_"), ("ties", "a", "b")):
        found[table] |= tables[table][one].codes == tables[table][other].codes
    found["hours"] |= _two_places(tables["hours"], places)
    for table in found.keys() - {"practitioners", "coverage"}:
        found[table] |= _twice(_fingerprints(tables[table]))
    return found


def _days(rows: Read, first: str, last: str) -> tuple[Codes, Codes]:
    begins = rows[first].mapped(date.toordinal, blank=_FIRST)
    return begins, rows[last].mapped(date.toordinal, blank=_LAST)


def _twice(keys: Codes) -> Mask:
    """The rows whose key another row has as well; a negative key is a blank."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    same = (ranked[1:] == ranked[:-1]) & (ranked[1:] >= 0)
    found = np.zeros(len(keys), bool)
    found[order[1:][same]] = True
    found[order[:-1][same]] = True
    return found


def _fingerprints(rows: Read) -> Codes:
    """A number for each row: the same for equal rows, and hardly ever for others."""
    mixed = np.zeros(len(rows), np.uint64)
    for column in columns(rows.of):
        mixed ^= rows[column.attribute].codes.astype(np.int64).view(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return np.asarray(mixed >> np.uint64(1), np.int64)


def _registrations(rows: Read, places: Mapping[str, tuple[str, str]]) -> Mask:
    person, site = rows["practitioner"].codes, rows["site"].codes
    state = rows["issuer"].mapped(lambda issuer: issuer == "state") > 0
    found: Mask = (person < 0) == (site < 0)
    found |= state & (site >= 0)
    found |= ~state & (rows["number"].mapped(_no_dea_number, blank=0) > 0)
    found |= ~state & (rows["schedules"].mapped(claims_six, blank=0) > 0)
    code: dict[str, int] = {}
    of_row = rows["jurisdiction"].mapped(lambda j: code.setdefault(j, len(code)))
    for name in ("site", "at_site"):
        there = rows[name].mapped(lambda s: code.setdefault(places[s][0], len(code)) if s in places else -1)
        found |= (there >= 0) & (there != of_row)
    return found


def _no_dea_number(number: str) -> bool:
    try:
        check_dea_number(number)
    except Misread:
        return True
    return False


def _policies(rows: Read) -> Mask:
    """Policies of one person and one role cell that begin before an earlier one has ended."""
    begins, ends = _days(rows, "effective", "expires")
    key = rows["practitioner"].codes.astype(np.int64) * (len(ROLES) + 1) + rows["role"].mapped(ROLES.index) + 1
    order = np.lexsort((begins, key))
    key, begins, ends = key[order], begins[order], ends[order]
    group = np.cumsum(np.concatenate([[0], key[1:] != key[:-1]])[: len(key)])
    # The latest end so far in its group: groups are farther apart than any two days.
    latest = np.maximum.accumulate(ends + group * (_LAST + 1)) - group * (_LAST + 1)
    found = np.zeros(len(rows), bool)
    found[order[1:]] = (key[1:] == key[:-1]) & (begins[1:] <= latest[:-1])
    return found


def _two_places(rows: Read, places: Mapping[str, tuple[str, str]]) -> Mask:
    """Hours of one person at two sites that share a slot, or stand on two clocks."""
    found = np.zeros(len(rows), bool)
    when, begins, ends = rows["when"], *_days(rows, "from_", "until")
    written = np.flatnonzero(when.codes >= 0)
    person, site = rows["practitioner"].codes, rows["site"].codes
    clocks: dict[str, int] = {}
    clock = rows["site"].mapped(lambda s: clocks.setdefault(places[s][1], len(clocks)) if s in places else -1)
    week = _weeks([w.slots for w in when.values])
    order = written[np.argsort(person[written], kind="stable")]
    for apart in range(1, len(order)):
        one, other = order[:-apart], order[apart:]
        same = person[one] == person[other]
        if not same.any():
            break
        one, other = one[same], other[same]
        both = (site[one] != site[other]) & (begins[one] <= ends[other]) & (begins[other] <= ends[one])
        one, other = one[both], other[both]
        shared = (week[when.codes[one]] & week[when.codes[other]]).any(axis=1) | (clock[one] != clock[other])
        found[one[shared]] = found[other[shared]] = True
    return found


def _weeks(slots: Sequence[Any]) -> NDArray[np.uint32]:
    data = b"".join(s.to_bytes(_WORDS * 4, "little") for s in slots)
    return np.frombuffer(data, "<u4").reshape(-1, _WORDS)
