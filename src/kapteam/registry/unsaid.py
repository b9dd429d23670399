"""What NPPES does not say of somebody: a row with a blank, which is unknown; or what a scenario made up.

A row that is not there would say no. So everyone who may prescribe has registrations without schedules, everyone a
policy without terms, a KAP training without hours, and hours on site without times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kapteam.io.parquet import MADE_UP
from kapteam.records.people import PROFESSIONS
from kapteam.registry.drawn import chosen, uniform
from kapteam.registry.scenario import Scenario

if TYPE_CHECKING:
    import polars as pl

#: The carrier of a policy that nobody knows of, and of one that a scenario made up.
UNKNOWN_CARRIER, MADE_UP_CARRIER = "not known", "made up"
_ALL_SCHEDULES = "2;2N;3;3N;4;5"


def site_of(people: pl.DataFrame) -> pl.Series:
    """The site of each: the ZIP code in its state, such as ``NY-10001``."""
    return (people["jurisdiction"] + "-" + people["zip"]).alias("site")


def unsaid(people: pl.DataFrame, scenario: Scenario | None) -> dict[str, pl.DataFrame]:
    """The tables of registrations, coverage, training and hours, with the roster's own column names.

    Parameters
    ----------
    people : polars.DataFrame
        As ``People.practitioners`` has it.
    scenario : Scenario or None
        Rows that it made up name it in the column ``_made_up``, which is nobody's fact and is not read.
    """
    import polars as pl  # an extra, and slow to load

    draw = _Draw(people, scenario)
    person, where = people["practitioner"], people["jurisdiction"]
    prescribes = people["prescribes"].to_numpy()
    registrations = []
    for issuer, topic in (("dea", "dea"), ("state", "state")):
        held = draw.holds(topic)
        registrations.append(
            pl.DataFrame(
                {
                    "practitioner": person, "issuer": pl.repeat(issuer, len(person), eager=True),
                    "jurisdiction": where, "schedules": _text(np.where(held == 1, _ALL_SCHEDULES, "")),
                    MADE_UP: draw.name(held >= 0),
                }
            ).filter(pl.Series(prescribes & (held != 0)))
        )  # fmt: skip
    covered = draw.holds("rider")
    terms = scenario.policy if scenario is not None else {}
    coverage = pl.DataFrame(
        {
            "practitioner": person,
            "carrier": _text(np.where(covered >= 0, MADE_UP_CARRIER, UNKNOWN_CARRIER)),
            "ketamine": _text(np.array(["no", "yes", ""])[covered]),  # -1, unknown, is the last
            **{key: _text(np.where(covered == 1, value, "")) for key, value in terms.items()},
            MADE_UP: draw.name(covered >= 0),
        }
    )
    trained = draw.holds("trained")
    hours = draw.of(scenario.training_hours if scenario is not None else (), "training_hours")
    training = pl.DataFrame(
        {
            "practitioner": person, "kind": pl.repeat("kap", len(person), eager=True),
            "hours": _text(np.where(trained == 1, hours, "")), MADE_UP: draw.name(trained >= 0),
        }
    ).filter(pl.Series(trained != 0))  # fmt: skip
    week = draw.of(scenario.weeks if scenario is not None else (), "hours")
    on_site = pl.DataFrame(
        {"practitioner": person, "site": site_of(people), "when": _text(week), MADE_UP: draw.name(week != "")}
    )
    return {"registrations": pl.concat(registrations), "coverage": coverage, "training": training, "hours": on_site}


class _Draw:
    """What a scenario draws for the people of one block."""

    def __init__(self, people: pl.DataFrame, scenario: Scenario | None) -> None:
        self.scenario = scenario
        self.npis: NDArray[np.int64] = people["npi"].cast(int).to_numpy()
        self.rank = np.array([PROFESSIONS.index(p) for p in people["profession"]], np.int64)

    def holds(self, topic: str) -> NDArray[np.int64]:
        """1 where it is so, 0 where it is not, -1 where nothing is supposed."""
        if self.scenario is None:
            return np.full(len(self.npis), -1)
        given = [self.scenario.share(topic, p) for p in PROFESSIONS]
        share = np.array([-1.0 if s is None else s for s in given])[self.rank]
        held = (uniform(self.npis, topic, self.scenario.seed) < share).astype(np.int64)
        return np.where(share < 0, -1, held)

    def of(self, listed: tuple[tuple[str, float], ...], topic: str) -> NDArray[np.str_]:
        """One of the texts for each, by their shares; empty for the rest."""
        if self.scenario is None or not listed:
            return np.full(len(self.npis), "", dtype="<U1")
        place = chosen(uniform(self.npis, topic, self.scenario.seed), [share for _, share in listed])
        return np.array([*(text for text, _ in listed), ""])[place]

    def name(self, where: NDArray[np.bool_]) -> pl.Series:
        """The scenario's name where it drew."""
        return _text(np.where(where, self.scenario.name if self.scenario is not None else "", ""))


def _text(values: NDArray[np.str_]) -> pl.Series:
    """Texts as a column, null where they are empty."""
    import polars as pl

    return pl.Series(values, dtype=pl.String).replace("", None)
