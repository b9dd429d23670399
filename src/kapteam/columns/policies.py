"""Each person's malpractice policy in a role on the day, resolved cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from kapteam.columns.facts import BLANK, Bools, Facts, Small, in_force
from kapteam.columns.lookup import Index
from kapteam.law.day import Known
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
    specialties : list of (tuple of str)
        Those it covers; empty where it names none.
    max_concurrent : array of int
        Or -1.
    """

    held: Bools
    ketamine: Small
    presence: Index
    same_site: Bools
    in_clinic: Bools
    specialties: list[tuple[str, ...]]
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
    return facts.once(("policy rows", role), lambda: _rows(facts, role)).get(person)


def cell(facts: Facts, row: Coverage, key: str) -> Known | None:
    """What a policy says of one key: its own cell, else the carrier's word; None where nobody knows."""
    own = getattr(row, key)
    if own is not None and own != ():
        return Known(own, f"the policy with {row.carrier}")
    return facts.law.carrier(row.carrier, key)


def _rows(facts: Facts, role: str) -> dict[str, Coverage]:
    found: dict[str, Coverage] = {}
    for row in facts.roster.coverage:
        if row.role in (role, None) and in_force(facts.day, row.effective, row.expires):
            held = found.get(row.practitioner)
            if held is None or held.role is None:
                found[row.practitioner] = row
    return found


_KEYS = ("ketamine", "presence", "same_site", "in_clinic_only", "specialties", "max_concurrent_sessions")


def _resolve(facts: Facts, role: str) -> Policies:
    count = len(facts.people)
    rows = facts.once(("policy rows", role), lambda: _rows(facts, role))
    law, carriers = facts.law, dict[str, tuple[Any, ...]]()  # what a carrier says is asked once, not for each person
    held = np.zeros(count, bool)
    ketamine: list[int] = [0] * count
    presence: list[int] = [BLANK] * count
    same_site, in_clinic = [False] * count, [False] * count
    specialties: list[tuple[str, ...]] = [()] * count
    concurrent: list[int] = [BLANK] * count
    translated: dict[Any, tuple[str, ...]] = {}
    for person, row in rows.items():
        i = facts.person_code[person]
        if row.carrier not in carriers:
            known = [law.carrier(row.carrier, key) for key in _KEYS]
            carriers[row.carrier] = tuple(None if k is None else k.value for k in known)
        own = (
            row.ketamine, row.presence, row.same_site, row.in_clinic_only, row.specialties, row.max_concurrent_sessions,
        )  # fmt: skip
        says: list[Any] = [c if o is None or o == () else o for o, c in zip(own, carriers[row.carrier], strict=True)]
        covered, level, same, clinic, names, at_once = says
        held[i] = True
        ketamine[i] = 0 if covered is None else 1 if covered else -1
        presence[i] = BLANK if level is None else PRESENCE.index(level)
        same_site[i], in_clinic[i] = bool(same), bool(clinic)
        if names:
            if names not in translated:
                translated[names] = tuple(law.specialty(s) or s for s in names)
            specialties[i] = translated[names]
        concurrent[i] = BLANK if at_once is None else at_once
    return Policies(
        held,
        np.array(ketamine, np.int8),
        np.array(presence, np.int64),
        np.array(same_site, bool),
        np.array(in_clinic, bool),
        specialties,
        np.array(concurrent, np.int64),
    )
