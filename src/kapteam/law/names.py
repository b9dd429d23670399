"""Names that no pack and no practice file knows, and what a known training's provider says of a cell left blank."""

from __future__ import annotations

from collections.abc import Iterator

from kapteam.law.packs import Packs
from kapteam.records.identifiers import is_nucc_code
from kapteam.records.people import Training
from kapteam.records.problems import Problem, nearest
from kapteam.records.roster import Roster


def unfamiliar(roster: Roster, packs: Packs | None = None) -> list[Problem]:
    """A warning for the first use of every name that nobody has heard of, with the nearest known one.

    An alias of a carrier is told with the carrier's name, for only that name matches. A ``kap`` row that leaves blank
    what the training's provider states is told too, once for each training.
    """
    known = packs or Packs.shipped()
    practice = roster.practice
    specialties = {s.specialty for s in known.specialties.values() if s.specialty} | set(known.specialties)
    modalities = {n for m in known.modalities.values() for n in (m.key, m.name, *m.aliases)} | set(practice.modalities)
    programmes = frozenset(practice.thresholds.kap_programmes)
    trainings = {n for t in known.trainings.values() for n in (t.name, *t.aliases)} | programmes
    carriers = set(known.carriers) | set(practice.carriers)
    aliases = {alias: c.name for c in known.carriers.values() for alias in c.aliases}
    folded = {alias.casefold() for alias in aliases}
    named = {"kap": trainings, "modality": modalities, "trauma": trainings | modalities}
    costs = {"modality": " (it complements nothing, unless practice.toml says so)"}
    seen: set[tuple[str, str]] = set()

    def tell(table: str, row: int, column: str, value: str | None, of: set[str], what: str) -> Iterator[Problem]:
        if value is None or value in of or (what, value) in seen:
            return
        seen.add((what, value))
        others = aliases if what == "carrier" else {}
        said = f"a {what} that kapteam has not heard of, kept as written{costs.get(what, '')}"
        if others and value.casefold() in folded:
            said = "another name of a carrier that kapteam knows, kept as written: what it knows of it does not count"
        meant = tuple(others.get(name, name) for name in nearest(value, of | others.keys(), cutoff=0.75))
        yield Problem(table, row, column, value, said, meant, level="warning")

    def left_blank(row: int, training: Training) -> Iterator[Problem]:
        blank, said = _provider_says(training, known, programmes)
        if blank and ("provider", said) not in seen:
            seen.add(("provider", said))
            yield Problem("training", row, blank, None, said, level="warning")

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
                what = "modality" if t.kind == "modality" else "training"
                yield from tell("training", i, "name", t.name, named[t.kind], what)
            if t.kind == "kap":
                yield from left_blank(i, t)

    return [roster.located(problem) for problem in walk()]


def _provider_says(training: Training, packs: Packs, programmes: frozenset[str]) -> tuple[str, str]:
    """The first blank cell of a training that its provider speaks of, and what is said; empty where there is none.

    Hours are not asked for where the house takes the programme as enough by itself.
    """
    known = packs.training(training.name) if training.name else None
    if known is None:
        return "", ""
    says = {}
    if training.hours is None and known.hours is not None and training.name not in programmes:
        says["hours"] = f"{known.hours:f} hours"
    if training.practicum is None and known.practicum is not None:
        says["practicum"] = "a practicum" if known.practicum else "no practicum"
    if not says:
        return "", ""
    sure = f"{known.confidence} confidence, checked {known.checked}"
    what = f"the provider of {training.name} says {' and '.join(says.values())} ({sure})"
    return next(iter(says)), f"{what}: write it down if that is what they did. {known.note}".rstrip()


def _code_or(what: str, value: str | None) -> str:
    return "NUCC code" if value is not None and is_nucc_code(value) else what
