"""Names that no pack and no practice file knows: kept as written, and said."""

from __future__ import annotations

from collections.abc import Iterator

from kapteam.law.packs import Packs
from kapteam.records.identifiers import is_nucc_code
from kapteam.records.problems import Problem, nearest
from kapteam.records.roster import Roster


def unfamiliar(roster: Roster, packs: Packs | None = None) -> list[Problem]:
    """A warning for the first use of every name that nobody has heard of, with the nearest known one."""
    known = packs or Packs.shipped()
    practice = roster.practice
    specialties = {s.specialty for s in known.specialties.values() if s.specialty} | set(known.specialties)
    modalities = {n for m in known.modalities.values() for n in (m.key, m.name, *m.aliases)} | set(practice.modalities)
    trainings = set(known.trainings) | set(practice.thresholds.kap_programmes)
    carriers = set(known.carriers) | set(practice.carriers)
    named = {"kap": trainings, "modality": modalities, "trauma": trainings | modalities}
    costs = {"modality": " (it complements nothing, unless practice.toml says so)"}
    seen: set[tuple[str, str]] = set()

    def tell(table: str, row: int, column: str, value: str | None, of: set[str], what: str) -> Iterator[Problem]:
        if value is None or value in of or (what, value) in seen:
            return
        seen.add((what, value))
        yield Problem(
            table,
            row,
            column,
            value,
            f"a {what} that kapteam has not heard of, kept as written{costs.get(what, '')}",
            nearest(value, of, cutoff=0.75),
            level="warning",
        )

    def walk() -> Iterator[Problem]:
        for i, p in enumerate(roster.practitioners, start=1):
            yield from tell(
                "practitioners", i, "specialty", p.specialty, specialties, _code_or("specialty", p.specialty)
            )
            for m in p.modalities or ():
                yield from tell("practitioners", i, "modalities", m, modalities, "modality")
        for i, c in enumerate(roster.coverage, start=1):
            yield from tell("coverage", i, "carrier", c.carrier, carriers, "carrier")
            for s in c.specialties or ():
                yield from tell("coverage", i, "specialties", s, specialties, _code_or("specialty", s))
        for i, t in enumerate(roster.training, start=1):
            if t.kind in named:
                yield from tell(
                    "training",
                    i,
                    "name",
                    t.name,
                    named[t.kind],
                    "modality" if t.kind == "modality" else "training",
                )

    return [roster.located(problem) for problem in walk()]


def _code_or(what: str, value: str | None) -> str:
    return "NUCC code" if value is not None and is_nucc_code(value) else what
