"""What holds on a day for a practice: the packs, and what the practice knows better, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from kapteam.law.entries import Entry, Modality
from kapteam.law.packs import Packs
from kapteam.records.identifiers import is_nucc_code
from kapteam.records.practice import Practice, Section

#: The jurisdiction under which the packs keep the federal law.
FEDERAL = "US"

_TRANSITION = ("transition_hours", "transition_years", "transition_needs")
_TELLS_MORE_OF = {"routes": "ketamine", **dict.fromkeys(("agreement_with", *_TRANSITION), "autonomy")}


@frozen
class Known:
    """One fact of the law, and what it rests on.

    Attributes
    ----------
    value : object
        As the key reads it.
    source : str
        The citation: the pack's, or the practice's own file.
    note : str
        A condition or a caveat, in words.
    until : date or None
        The last day that it is known to hold.
    entry : Entry or None
        The pack's entry; None where the practice's own word counts.
    """

    value: Any
    source: str
    note: str = ""
    until: date | None = None
    entry: Entry | None = None


@frozen
class LawOnDay:
    """The law, the carriers and the modalities as they are for one practice on one day."""

    day: date
    practice: Practice
    packs: Packs = field(factory=Packs.shipped)

    def known(self, jurisdiction: str, subject: str, key: str) -> Known | None:
        """The practice's own word on a key, else the entry in force, else None, which means unknown.

        A key that only tells more of another (``routes`` of ``ketamine``; ``agreement_with`` and how long a transition
        takes of ``autonomy``) is taken from whoever states that other one: a practice's plain yes is not narrowed by a
        pack's routes.
        """
        practice = self.practice
        section = (
            practice.federal if jurisdiction == FEDERAL else practice.jurisdictions.get((jurisdiction, subject), {})
        )
        if key in section:
            return Known(section[key], self._own(section))
        if _TELLS_MORE_OF.get(key) in section:
            return None
        entry = self.packs.entry(jurisdiction, subject, key, self.day)
        return None if entry is None else Known(entry.value, entry.source, entry.note, entry.until, entry)

    def value(self, jurisdiction: str, subject: str, key: str, default: Any = None) -> Any:
        """The value of :meth:`known`, or ``default`` where nothing is known."""
        known = self.known(jurisdiction, subject, key)
        return default if known is None else known.value

    def state_registration(self, jurisdiction: str, profession: str) -> Known | None:
        """Whether a place asks a profession for its own registration.

        The entry of the profession goes before that of the whole place; but what the practice says of the whole
        place goes before what a pack says of the profession, for the practice wins over the pack.
        """
        key = "state_registration"
        for subject in (profession, ""):
            section = self.practice.jurisdictions.get((jurisdiction, subject), {})
            if key in section:
                return Known(section[key], self._own(section))
        return self.known(jurisdiction, profession, key) or self.known(jurisdiction, "", key)

    def carrier(self, name: str, key: str) -> Known | None:
        """What a carrier asks where the coverage row is silent: the practice's word, else the pack's."""
        section = self.practice.carriers.get(name, {})
        if key in section and section[key] not in ((), None):
            return Known(section[key], self._own(section))
        pack = self.packs.carriers.get(name)
        if pack is None or pack.cells.get(key) in ((), None):
            return None
        return Known(pack.cells[key], pack.source, pack.note)

    def modality(self, name: str) -> tuple[str, bool, bool]:
        """A modality's own name, whether it is a trauma therapy, and whether it complements KAP.

        A name that the practice defines is a modality of its own; an alias in the packs is the modality it stands for.
        Every trauma therapy complements.
        """
        section: Section | None = self.practice.modalities.get(name)
        pack: Modality | None = self.packs.modality(name)
        if section is None and pack is None:
            return name, False, False
        facts: Mapping[str, Any] = section or {}
        trauma = bool(facts.get("trauma", pack.trauma if pack else False))
        complementary = bool(facts.get("complementary", pack.complementary if pack else False))
        own = name if section is not None or pack is None else pack.key
        return own, trauma, trauma or complementary

    def specialty(self, written: str | None) -> str | None:
        """The specialty's name; None where the cell is blank, or its code names a profession and no specialty."""
        if written is None or not is_nucc_code(written):
            return written
        return self.packs.specialty(written) if written in self.packs.specialties else written

    def _own(self, section: Section) -> str:
        return section.get("source") or self.practice.source or "the practice's own word"
