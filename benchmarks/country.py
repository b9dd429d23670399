"""A made-up country of any size, as a folder of Parquet tables: nobody in it exists.

The same kind of people as in ``instances.py`` (clusters of four sites a practice, three states, a quarter prescribers
of whom many take one to three therapists, gaps of one row or cell in ten to thirty, few sizes of training and so many
ties), drawn in bulk: a million take seconds.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from instances import SITES_A_PRACTICE, STATES, ZONES
from invented import PRACTICE

from kapteam.io.toml import dumps

#: About how many people a site has so that a million people have 20 million candidate links.
PER_SITE = 92
_NEXT = {"NY": "NJ", "NJ": "CO", "CO": "NY"}
_EXPIRES = [date(2026, 10, 31), date(2027, 3, 31), date(2027, 12, 31), date(2028, 6, 30)]
_ALL = "2 2N 3 3N 4 5"
_THERAPY = ["clinical_social_worker", "marriage_family_therapist", "professional_counselor", "psychologist"]
_DAYS = ["Mon-Fri", "Mon-Thu", "Tue,Thu", "Mon,Wed,Fri", "Tue-Sat", "Mon-Wed", "Thu-Fri", "Fri"]


def written(people: int, folder: Path, seed: int = 0, per_site: int = PER_SITE) -> None:
    """Write the tables, and a practice file with the law of the three states.

    Parameters
    ----------
    people : int
    folder : path
    seed : int
    per_site : int
        About how many people a site has: with a quarter prescribers, 3/16 of its square are candidate links.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in _Country(people, seed, per_site).tables().items():
        table.write_parquet(folder / f"{name}.parquet", compression="zstd")
    (folder / "practice.toml").write_text(dumps(PRACTICE), encoding="utf-8")


class _Country:
    def __init__(self, people: int, seed: int, per_site: int) -> None:
        self.draw = np.random.default_rng([seed, people, per_site])
        self.people = people
        self.sites = max(SITES_A_PRACTICE, -(-people // per_site))
        number = self.draw.permutation(people)  # an id says nothing of where somebody is
        self.id = pl.Series([f"p{n:07}" for n in number.tolist()])
        self.site = self.draw.integers(self.sites, size=people)
        practice = self.site // SITES_A_PRACTICE
        self.state = np.array(STATES)[practice % len(STATES)]
        other = np.minimum(
            practice * SITES_A_PRACTICE + self.draw.integers(SITES_A_PRACTICE, size=people), self.sites - 1
        )
        self.other = np.where(self.chance(1 / 8), other, self.site)
        self.prescribes = self.chance(1 / 4)
        self.profession = np.where(
            self.prescribes,
            self.one(["physician", "physician", "physician", "nurse_practitioner", "physician_assistant"]),
            np.where(self.chance(0.06), "registered_nurse", self.one(_THERAPY)),
        )

    def chance(self, share: float, count: int | None = None) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return self.draw.random(self.people if count is None else count) < share

    def one(self, choices: list[Any]) -> np.ndarray[Any, Any]:
        return np.array(choices, object)[self.draw.integers(len(choices), size=self.people)]

    def expires(self) -> np.ndarray[Any, Any]:
        return np.array(_EXPIRES)[np.where(self.chance(0.03), 0, 1 + self.draw.integers(3, size=self.people))]

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table, by its name."""
        return {
            "sites": self._sites(), "practitioners": self._practitioners(), "licenses": self._licenses(),
            "registrations": self._registrations(), "coverage": self._coverage(), "training": self._training(),
            "hours": self._hours(), "agreements": self._agreements(), "ties": self._ties(),
        }  # fmt: skip

    def _site_id(self, sites: Any) -> pl.Series:
        return pl.Series([f"s{n:06}" for n in range(self.sites)]).gather(sites)

    def _sites(self) -> pl.DataFrame:
        every = np.arange(self.sites)
        state = np.array(STATES)[every // SITES_A_PRACTICE % len(STATES)]
        return pl.DataFrame({
            "site": self._site_id(every), "jurisdiction": state, "timezone": [ZONES[s] for s in state],
            "rooms": np.full(self.sites, 3), "supply": np.where(self.chance(0.4, self.sites), "stock", "patient"),
        })  # fmt: skip

    def _practitioners(self) -> pl.DataFrame:
        blank = self.chance(0.06)
        specialty = np.where(self.profession == "physician", "psychiatry", "psychiatric_nursing").astype(object)
        specialty[blank | ~np.isin(self.profession, ["physician", "nurse_practitioner"])] = None
        own = self.one([1, 2, 2, 3])
        own[~(self.prescribes & self.chance(0.7))] = None
        week = self.one([2, 3, 4, 6])
        week[self.chance(0.5)] = None
        modalities = self.one(["internal_family_systems", "emdr", "act;emdr", "somatic_experiencing", "cbt", None])
        return pl.DataFrame({
            "practitioner": self.id, "specialty": _texts(specialty), "modalities": _texts(modalities),
            "max_sessions_per_week": pl.Series(week.tolist(), dtype=pl.Int64),
            "max_therapists": pl.Series(own.tolist(), dtype=pl.Int64),
        })  # fmt: skip

    def _licenses(self) -> pl.DataFrame:
        state = np.where(self.chance(0.03), [_NEXT[s] for s in self.state], self.state)
        status = np.where(self.chance(0.02), "restricted", "active")
        return self._rows(
            0.97, jurisdiction=state, profession=self.profession.astype(str), status=status,
            independent=_texts(self.one(["yes", "yes", "no", None])), expires=self.expires(),
        )  # fmt: skip

    def _registrations(self) -> pl.DataFrame:
        schedules = self.one([_ALL] * 18 + ["2 3 4 5", None])
        at_site = np.where(self.chance(0.6), self._site_id(self.site).to_numpy(), None)
        dea = self._rows(
            0.95, self.prescribes, issuer=np.full(self.people, "dea"), at_site=_texts(at_site), jurisdiction=self.state,
            schedules=_texts(schedules), expires=self.expires(),
        )  # fmt: skip
        state = self._rows(
            0.93, self.prescribes & (self.state == "NJ"), issuer=np.full(self.people, "state"),
            at_site=_texts(np.full(self.people, None)), jurisdiction=self.state,
            schedules=_texts(np.full(self.people, "3")), expires=self.expires(),
        )  # fmt: skip
        return pl.concat([dea, state])

    def _coverage(self) -> pl.DataFrame:
        of_prescribers = (
            ["Acorn Mutual"] * 10 + ["Birchwood Reciprocal"] * 6 + ["Tidewater Trust"] * 2 + ["Old Mill Indemnity"]
        )
        of_therapists = ["Fernwood Guild"] * 6 + ["High Plains Mutual"] * 3 + ["Larkspur Professional"] * 2
        carrier = np.where(self.prescribes, self.one(of_prescribers), self.one(of_therapists))
        return self._rows(
            0.96, carrier=carrier.astype(str), effective=np.full(self.people, date(2026, 1, 1)), expires=self.expires()
        )

    def _training(self) -> pl.DataFrame:
        sits = ~self.prescribes | self.chance(0.5)

        def kind(name: str, share: float, hours: Any) -> pl.DataFrame:
            return self._rows(
                share, sits, kind=np.full(self.people, name), hours=hours,
                practicum=_texts(self.one(["yes", "yes", "no", None])),
                completed=np.full(self.people, date(2024, 6, 1)),
            )  # fmt: skip

        kap = pl.Series(self.one([8, 16, 24, 40, 40, 80] * 3 + [None]).tolist(), dtype=pl.Int64)
        forty = pl.Series(np.full(self.people, 40))
        return pl.concat([kind("kap", 0.95, kap), kind("trauma", 0.5, forty), kind("experiential", 0.4, forty)])

    def _hours(self) -> pl.DataFrame:
        def week(days: list[str]) -> Any:
            begins = 8 + self.draw.integers(5, size=self.people)
            length = 4 + self.draw.integers(5, size=self.people)
            day = self.draw.integers(len(days), size=self.people)
            texts = np.array(
                [f"{d} {b:02}:00-{b + n:02}:00" for d in days for b in range(8, 13) for n in range(4, 9)], object
            )
            return texts[(day * 5 + begins - 8) * 5 + length - 4]

        first, second = week(_DAYS), week(["Sat", "Sun"])
        first[self.chance(0.03)] = None
        both = self.other != self.site
        one = pl.DataFrame({"practitioner": self.id, "site": self._site_id(self.site), "when": _texts(first)})
        two = pl.DataFrame({"practitioner": self.id, "site": self._site_id(self.other), "when": _texts(second)})
        return pl.concat([one, two.filter(pl.Series(both))])

    def _agreements(self) -> pl.DataFrame:
        """Of those who are no physicians, with the next physician of the state."""
        physicians = np.flatnonzero(self.profession == "physician")
        with_ = self.id.gather(physicians[self.draw.integers(len(physicians), size=self.people)])
        needs = self.prescribes & (self.profession != "physician")
        table = self._rows(
            0.8, needs, expires=self.expires(), **{"with": with_}, kind=np.full(self.people, "collaboration")
        )
        return table.filter(pl.col("practitioner") != pl.col("with"))

    def _ties(self) -> pl.DataFrame:
        order = np.argsort(self.site, kind="stable")
        near = self.id.gather(order)
        kind = self.one(["worked_with", "worked_with", "prefers", "avoids"])[1:]
        table = pl.DataFrame({"a": near[:-1], "b": near[1:], "kind": _texts(kind)})
        return table.filter(pl.Series(self.chance(0.15)[1:]))

    def _rows(self, share: float, of: Any = True, **columns: Any) -> pl.DataFrame:
        """A row each of some people, but of one in so many."""
        whole = {name: c if isinstance(c, pl.Series) else pl.Series(c.tolist()) for name, c in columns.items()}
        table = pl.DataFrame({"practitioner": self.id, **whole})
        return table.filter(pl.Series(self.chance(share) & of))


def _texts(values: Any) -> pl.Series:
    return pl.Series(values.tolist(), dtype=pl.String)


if __name__ == "__main__":
    _parser = argparse.ArgumentParser(description="Write a made-up country as a folder of Parquet tables.")
    _parser.add_argument("people", type=int)
    _parser.add_argument("folder", type=Path)
    _parser.add_argument("--seed", type=int, default=0)
    _parser.add_argument("--per-site", type=int, default=PER_SITE)
    _asked = _parser.parse_args()
    written(_asked.people, _asked.folder, _asked.seed, _asked.per_site)
