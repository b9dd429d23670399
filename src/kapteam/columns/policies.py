"""Each person's malpractice policy in a role on the day, resolved cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import frozen

from kapteam.columns.facts import BLANK, Bools, Facts, Small, current
from kapteam.columns.lookup import Index
from kapteam.law.day import Known
from kapteam.records.columnar import Coded
from kapteam.records.people import PRESENCE, Coverage

NONE, AVAILABLE, DOSING, THROUGHOUT = range(4)


@frozen(eq=False)
class Policies:
    """By person: what their policy in one role says; blank is -1.

    Attributes
    ----------
    held : array of bool
        Whether there is a policy at all.
    ketamine : array of int8
        1 covered, 0 nobody knows, -1 not covered.
    presence : array of int
        A level of presence, or -1.
    same_site, in_clinic : array of bool
        Whether it asks for that; blank is no.
    specialties : Coded
        Those it covers, as a tuple; blank where it names none.
    max_concurrent : array of int
        Or -1.
    """

    held: Bools
    ketamine: Small
    presence: Index
    same_site: Bools
    in_clinic: Bools
    specialties: Coded
    max_concurrent: Index

    @property
    def level(self) -> Index:
        """What the policy by itself asks of the prescriber's presence: blank asks nothing, same site the dosing."""
        return np.maximum(np.maximum(self.presence, NONE), np.where(self.same_site, DOSING, NONE))

    @property
    def prescriber_level(self) -> Index:
        """The same of a prescriber, of whom a blank or no policy asks everything."""
        return np.where(self.presence == BLANK, THROUGHOUT, self.level)


def policies(facts: Facts, role: str) -> Policies:
    """The policies of everyone in a role."""
    return facts.once(("policies", role), lambda: _resolve(facts, role))


def policy_row(facts: Facts, person: str, role: str) -> Coverage | None:
    """The coverage row that counts: that of the role, else that of any role."""
    row = int(_rows(facts, role)[facts.person_code[person]])
    return None if row < 0 else facts.tables["coverage"].record(row)


def cell(facts: Facts, row: Coverage, key: str) -> Known | None:
    """What a policy says of one key: its own cell, else the carrier's word; None where nobody knows."""
    own = getattr(row, key)
    if own is not None and own != ():
        return Known(own, f"the policy with {row.carrier}")
    return facts.law.carrier(row.carrier, key)


def _rows(facts: Facts, role: str) -> Index:
    """By person: the row that counts, in the table of coverage; -1 where there is none."""

    def make() -> Index:
        rows = facts.tables["coverage"]
        held = current(rows, facts.day, "effective", "expires")
        person, of = facts.codes_of(rows["practitioner"], held), rows["role"].take(held)
        found = np.full(len(facts.people), -1)
        for these in (of.codes < 0, of.mapped(lambda named: named == role) > 0):
            found[person[these]] = held[these]
        return found

    return facts.once(("policy rows", role), make)


_UNSAID = -2  # a cell that is blank, so that the carrier's word counts


def _resolve(facts: Facts, role: str) -> Policies:
    table, law, row = facts.tables["coverage"], facts.law, _rows(facts, role)
    held = row >= 0
    rows = row[held]
    carrier = table["carrier"].take(rows)
    translated: dict[Any, Any] = {}

    def listed(names: tuple[str, ...]) -> int:
        own = tuple(law.specialty(name) or name for name in names)
        return translated.setdefault(own, len(translated))  # type: ignore[no-any-return]

    def says(key: str, code: Callable[[Any], int]) -> Index:
        """By person: the number for what their own cell says, else their carrier; -1 where nobody says."""

        def of_carrier(name: str) -> int:
            known = law.carrier(name, key)
            return BLANK if known is None or known.value in (None, ()) else code(known.value)

        own = table[key].take(rows).mapped(code, blank=_UNSAID)
        found = np.full(len(held), BLANK)
        found[held] = np.where(own == _UNSAID, carrier.mapped(of_carrier), own)
        return found

    covered = says("ketamine", int)
    names = says("specialties", listed)
    return Policies(
        held,
        np.array([-1, 1, 0], np.int8)[covered],  # -1, unknown, is the last
        says("presence", PRESENCE.index),
        says("same_site", int) > 0,
        says("in_clinic_only", int) > 0,
        Coded(names.astype(np.int32), list(translated)),
        says("max_concurrent_sessions", int),
    )
