"""The law of each jurisdiction for each profession on the day, as small tables of codes."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Facts, Small
from kapteam.columns.lookup import Index
from kapteam.law.day import FEDERAL
from kapteam.records.people import PROFESSIONS
from kapteam.records.practice import MID_LEVEL

INDEPENDENT, TRANSITION, AGREEMENT, UNCLEAR = range(4)
NOT_ASKED, ASKED, NOT_KNOWN = range(3)

_AUTONOMY = {"independent": INDEPENDENT, "transition": TRANSITION, "agreement": AGREEMENT, "unknown": UNCLEAR}
_KETAMINE = {"yes": 1, "no": -1, "formulary_excludes": -1, "limited": 0, "unknown": 0}
_YES_NO = {"yes": 1, "no": -1, "unknown": 0}
_ASKED = {"yes": ASKED, "no": NOT_ASKED, "unknown": NOT_KNOWN}


@frozen(eq=False)
class Authority:
    """By jurisdiction and profession (shape (jurisdictions, 13)), or by jurisdiction.

    Attributes
    ----------
    ketamine : array of int8
        A verdict: may the profession prescribe or administer ketamine there.
    autonomy : array of int
        Independent, transition, agreement or unclear.
    accepts : array of int
        The professions whose agreement counts, as bits.
    state_registration : array of int
        Whether the state asks for its own registration.
    telehealth : array of int8, shape (jurisdictions,)
        A verdict: the federal law's and the state's own on a patient never seen in person.
    """

    ketamine: Small
    autonomy: Index
    accepts: Index
    state_registration: Index
    telehealth: Small


def authority(facts: Facts) -> Authority:
    """The tables for the roster's jurisdictions."""
    return facts.once("authority", lambda: _compile(facts))


def _compile(facts: Facts) -> Authority:
    law, route = facts.law, facts.protocol.route
    shape = (len(facts.jurisdictions), len(PROFESSIONS))
    ketamine = np.zeros(shape, np.int8)
    autonomy = np.full(shape, UNCLEAR, np.int64)
    accepts = np.full(shape, 1, np.int64)  # bit 0: a physician's
    asked = np.full(shape, NOT_KNOWN, np.int64)
    telehealth = np.ones(len(facts.jurisdictions), np.int8)
    federal = _YES_NO[law.value(FEDERAL, "", "telehealth", "unknown")]
    for j, place in enumerate(facts.jurisdictions):
        ketamine[j, 0], autonomy[j, 0] = 1, INDEPENDENT
        for profession in MID_LEVEL:
            p = PROFESSIONS.index(profession)
            ketamine[j, p] = _for_route(
                law.value(place, profession, "ketamine", "unknown"),
                law.value(place, profession, "routes", ()),
                route,
            )
            autonomy[j, p] = _AUTONOMY[law.value(place, profession, "autonomy", "unknown")]
            if partners := law.value(place, profession, "agreement_with", ()):
                accepts[j, p] = sum(1 << PROFESSIONS.index(q) for q in partners)
        for p, profession in enumerate(PROFESSIONS):
            known = law.state_registration(place, profession)
            asked[j, p] = NOT_KNOWN if known is None else _ASKED[known.value]
        telehealth[j] = min(federal, _YES_NO[law.value(place, "", "telehealth", "yes")])
    return Authority(ketamine, autonomy, accepts, asked, telehealth)


def _for_route(ketamine: str, routes: tuple[str, ...], route: str | None) -> int:
    """A ``yes`` for some routes only is unknown while the protocol's route is blank, and no for any other route."""
    verdict = _KETAMINE[ketamine]
    if verdict < 1 or not routes:
        return verdict
    return 0 if route is None else 1 if route in routes else -1
