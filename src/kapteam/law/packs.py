"""Reading the packs: each file when it is first asked for, and once."""

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from attrs import field, frozen

from kapteam.law.entries import Carrier, Compact, Entry, Modality, SpecialtyCode, TrainingProgramme

# The keys of a carrier's file that describe the carrier; every other key is a cell of the coverage table.
_OF_THE_CARRIER = ("name", "aliases", "insures", "source", "checked", "confidence", "note")


@frozen
class Packs:
    """A folder of packs: the law by jurisdiction, carriers, compacts, modalities, trainings, specialties.

    Parameters
    ----------
    root
        The folder. `shipped` gives the one that comes with kapteam.

    Notes
    -----
    Nothing is read before it is asked for, and no jurisdiction's file is read for another's sake. What was
    read is kept, so a folder that changes needs a new `Packs`.

    Examples
    --------
    >>> from datetime import date
    >>> packs = Packs.shipped()
    >>> packs.entry("US", "", "telehealth", date(2024, 6, 1)).value
    'yes'
    >>> packs.modality("IFS").key
    'internal_family_systems'
    >>> packs.specialty("2084P0800X")
    'psychiatry'
    """

    root: Path
    _entries: dict[str, tuple[Entry, ...]] = field(factory=dict, init=False, eq=False, repr=False)

    @classmethod
    @cache
    def shipped(cls) -> "Packs":
        """The packs that come with kapteam; the same object each time."""
        return cls(Path(__file__).parent / "packs")

    def jurisdictions(self) -> tuple[str, ...]:
        """The codes of which the packs hold any entry, sorted; ``"US"`` is the federal law."""
        return self._jurisdictions

    def entries(self, jurisdiction: str) -> tuple[Entry, ...]:
        """All entries of one jurisdiction, whatever the day; empty where the packs hold none."""
        # Asking the listing first keeps an odd code from ever becoming a path.
        if jurisdiction not in self._jurisdictions:
            return ()
        if jurisdiction not in self._entries:
            rows = self._read(f"jurisdictions/{jurisdiction}.toml").get("entry", [])
            self._entries[jurisdiction] = tuple(map(_entry, rows))
        return self._entries[jurisdiction]

    def entry(self, jurisdiction: str, subject: str, key: str, day: date) -> Entry | None:
        """The entry in force on a day, or ``None``, which means unknown.

        Parameters
        ----------
        jurisdiction, subject, key
            As in `Entry`; they match exactly. A subject's entry does not stand in for the whole place's,
            nor the reverse.
        day
            The day judged. Packs hold no two entries of one subject and key whose days overlap.
        """
        for entry in self.entries(jurisdiction):
            if entry.subject == subject and entry.key == key and entry.in_force(day):
                return entry
        return None

    @cached_property
    def carriers(self) -> Mapping[str, Carrier]:
        """Every carrier by its exact name."""
        files = sorted((self.root / "carriers").glob("*.toml"))
        found = [_carrier(self._read(f"carriers/{file.name}")) for file in files]
        return {carrier.name: carrier for carrier in found}

    @cached_property
    def modalities(self) -> Mapping[str, Modality]:
        """Every modality by its key."""
        rows = self._read("modalities.toml").get("modality", [])
        return {row["key"]: _modality(row) for row in rows}

    @cached_property
    def trainings(self) -> Mapping[str, TrainingProgramme]:
        """Every training programme by its name."""
        rows = self._read("trainings.toml").get("training", [])
        return {row["name"]: _training(row) for row in rows}

    @cached_property
    def specialties(self) -> Mapping[str, SpecialtyCode]:
        """Every known NUCC code, by the code."""
        rows = self._read("specialties.toml").get("specialty", [])
        return {row["code"]: SpecialtyCode(**row) for row in rows}

    @cached_property
    def compacts(self) -> tuple[Compact, ...]:
        """Every compact between states, by key."""
        return tuple(map(_compact, self._read("compacts.toml").get("compact", [])))

    def modality(self, name: str) -> Modality | None:
        """The modality of this key, name or alias, exact after NFC and trimming, or ``None``."""
        return self._modality_names.get(_trimmed(name))

    def training(self, name: str) -> TrainingProgramme | None:
        """The training programme of this name or alias, exact after NFC and trimming, or ``None``."""
        return self._training_names.get(_trimmed(name))

    def specialty(self, code: str) -> str | None:
        """kapteam's specialty name for a NUCC code; ``None`` for a code unknown or without a specialty."""
        known = self.specialties.get(code)
        return (known.specialty or None) if known else None

    @cached_property
    def _jurisdictions(self) -> tuple[str, ...]:
        return tuple(sorted(file.stem for file in (self.root / "jurisdictions").glob("*.toml")))

    @cached_property
    def _modality_names(self) -> Mapping[str, Modality]:
        return {
            _trimmed(name): modality
            for modality in self.modalities.values()
            for name in (modality.key, modality.name, *modality.aliases)
        }

    @cached_property
    def _training_names(self) -> Mapping[str, TrainingProgramme]:
        return {_trimmed(name): t for t in self.trainings.values() for name in (t.name, *t.aliases)}

    def _read(self, file: str) -> dict[str, Any]:
        path = self.root / file
        # A folder of packs need not hold every kind: a house's own may hold one state and nothing else.
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _trimmed(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


# Each reader passes on all that the row holds, so that a misspelt key in a pack raises and is not dropped.


def _entry(row: dict[str, Any]) -> Entry:
    rest = {key: value for key, value in row.items() if key not in ("from", "until", "value")}
    value = row["value"]
    if isinstance(value, list):
        value = tuple(value)
    return Entry(value=value, from_=row.get("from"), until=row.get("until"), **rest)


def _carrier(row: dict[str, Any]) -> Carrier:
    cells = {key: value for key, value in row.items() if key not in _OF_THE_CARRIER}
    if "specialties" in cells:
        cells["specialties"] = tuple(cells["specialties"])
    known = {key: row[key] for key in _OF_THE_CARRIER}
    return Carrier(cells=cells, **{**known, "aliases": tuple(row["aliases"])})


def _modality(row: dict[str, Any]) -> Modality:
    known = {"trauma": None, "complementary": None, **row, "aliases": tuple(row["aliases"])}
    return Modality(**known)


def _training(row: dict[str, Any]) -> TrainingProgramme:
    known = {"hours": None, "practicum": None, "experiential": None, **row, "aliases": tuple(row["aliases"])}
    # Hours stand in the pack as text: a TOML float would not keep an exact decimal.
    if known["hours"] is not None:
        known["hours"] = Decimal(known["hours"])
    return TrainingProgramme(**known)


def _compact(row: dict[str, Any]) -> Compact:
    known = {"issues_since": None, "days_a_year": None, **row}
    return Compact(**{**known, "professions": tuple(row["professions"]), "states": tuple(row["states"])})
