"""Which of a prescriber's licences speaks for them at a site: the one that makes the best case of three rules."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.authority import AGREEMENT, INDEPENDENT, TRANSITION, authority
from kapteam.columns.facts import BLANK, PRESCRIBING, Facts
from kapteam.columns.logic import FAIL, NOT_APPLICABLE, PASS, UNKNOWN, Verdicts, conjunction
from kapteam.columns.lookup import Best, Index, both, join
from kapteam.columns.members import Members
from kapteam.records.people import AGREEMENTS, LICENSE_STATUS

_ACTIVE, _PRIVILEGE, _TELEHEALTH, _ASSOCIATE, _RESTRICTED = (
    LICENSE_STATUS.index(s) for s in ("active", "privilege", "telehealth", "associate", "restricted")
)


@frozen(eq=False)
class Speaking:
    """By row of members: the verdicts of the licence that speaks.

    Attributes
    ----------
    license : array of int
        Its row in ``facts.licenses``, -1 where no licence could speak.
    standing, authority, agreement : array of int8
        Its verdicts; fail where there is none.
    """

    license: Index
    standing: Verdicts
    authority: Verdicts
    agreement: Verdicts


def speaking(members: Members) -> Speaking:
    """The licence that speaks for each prescriber, worked out once for these rows."""
    return members.once("speaking", lambda: _choose(members))


def standing(members: Members, rows: Index, licenses: Index) -> Verdicts:
    """What each licence is worth at the site of its row by its status alone."""
    status = members.facts.licenses.status[licenses]
    good = (status == _ACTIVE) | (status == _PRIVILEGE) | ((status == _TELEHEALTH) & members.at_telehealth[rows])
    return np.where(good, PASS, np.where(status == _RESTRICTED, UNKNOWN, FAIL)).astype(np.int8)


def held_here(members: Members) -> tuple[Index, Index]:
    """Every (row of members, row of licences in force) of the same person and jurisdiction."""
    licenses = members.facts.licenses
    return join(both(members.person, members.jurisdiction), both(licenses.person, licenses.jurisdiction))


def is_associate(facts: Facts, licenses: Index) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each licence is an associate's."""
    return np.equal(facts.licenses.status[licenses], _ASSOCIATE)


def partner_professions(facts: Facts, *kinds: str) -> Best:
    """By person and jurisdiction: the professions of the active licences there of those they have an agreement with.

    The keys are ``both(person, jurisdiction)``; the values are bits by profession.
    """

    def make() -> Best:
        agreements, licenses = facts.agreements, facts.licenses
        wanted = np.flatnonzero(np.isin(agreements.kind, [AGREEMENTS.index(k) for k in kinds]))
        active = np.flatnonzero(licenses.status == _ACTIVE)
        a, b = join(agreements.partner[wanted], licenses.person[active])
        a, b = wanted[a], active[b]
        place = agreements.jurisdiction[a]
        same = (place == BLANK) | (place == licenses.jurisdiction[b])
        a, b = a[same], b[same]
        return Best.of(both(agreements.person[a], licenses.jurisdiction[b]), 1 << licenses.profession[b], union=True)

    return facts.once(("partners", kinds), make)


def _choose(members: Members) -> Speaking:
    facts = members.facts
    rows, held = held_here(members)
    worth = standing(members, rows, held)
    could = np.isin(facts.licenses.profession[held], list(PRESCRIBING)) & (worth != FAIL)
    rows, held, worth = rows[could], held[could], worth[could]
    profession, place = facts.licenses.profession[held], facts.licenses.jurisdiction[held]
    may = authority(facts).ketamine[place, profession]
    agreed = _agreement(facts, held)
    together = conjunction(worth, may, agreed)
    # The best conjunction; then the order of the professions, the better standing, the better agreement.
    order = np.lexsort((held, -agreed.astype(int), -worth.astype(int), profession, -together.astype(int), rows))
    first = np.ones(len(order), bool)
    first[1:] = rows[order][1:] != rows[order][:-1]
    best = order[first]
    count = len(members)
    result = Speaking(
        np.full(count, -1),
        np.full(count, FAIL, np.int8),
        np.full(count, FAIL, np.int8),
        np.full(count, FAIL, np.int8),
    )
    at = rows[best]
    result.license[at] = held[best]
    result.standing[at], result.authority[at], result.agreement[at] = worth[best], may[best], agreed[best]
    return result


def _agreement(facts: Facts, held: Index) -> Verdicts:
    """Of each licence: whether an agreement is there where the law asks for one."""
    licenses, law = facts.licenses, authority(facts)
    person, place, profession = licenses.person[held], licenses.jurisdiction[held], licenses.profession[held]
    partners = partner_professions(facts, "collaboration", "supervision").at(both(person, place), 0)
    agreed = (partners & law.accepts[place, profession]) != 0
    autonomy, independent = law.autonomy[place, profession], licenses.independent[held]
    transition = autonomy == TRANSITION
    free = (autonomy == INDEPENDENT) | (transition & (independent == 1))
    needed = (autonomy == AGREEMENT) | (transition & (independent == 0))
    verdicts = np.where(agreed, PASS, np.where(needed, FAIL, UNKNOWN))
    return np.where(free, NOT_APPLICABLE, verdicts).astype(np.int8)
