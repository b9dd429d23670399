"""What a team is wanted for: the place, what its therapists must bring, how many people, and who must be in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.serving import has_modality, speaks
from kapteam.matching.communication import COSTS
from kapteam.records.identifiers import Language
from kapteam.records.kinds import clean
from kapteam.records.problems import Misread, UsageError

#: The most therapists of a team that is to cover several needs together.
MOST = 6
_SEATS = 20  # therapists, and monitors, that a protocol may ask for


@frozen
class Ask:
    """Something that one therapist must bring, all of it.

    Attributes
    ----------
    modalities, languages : tuple of str
        As they were asked for.
    """

    modalities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def met(self, facts: Facts) -> Bools:
        """By person: whether they bring it."""
        brings = np.ones(len(facts.people), bool)
        for name in self.modalities:
            brings &= has_modality(facts, name)
        for language in self.languages:
            brings &= speaks(facts, language)
        return brings


@frozen
class Need:
    """A need, as codes.

    Attributes
    ----------
    site : int or None
        None: wherever it can be.
    asks : tuple of Ask
        What the therapists must bring, each of them at least one.
    therapists : int or None
        How many; None where they are as few as cover all that is asked.
    monitors : int
    among, without : frozenset of int
        Who must be in the team, in any role, and who must not.
    cost : str or None
        The measure of communication cost that decides first.
    unknown : {"exclude", "allow"}
    """

    site: int | None
    asks: tuple[Ask, ...]
    therapists: int | None
    monitors: int
    among: frozenset[int]
    without: frozenset[int]
    cost: str | None
    unknown: str

    @property
    def covering(self) -> bool:
        """Whether the therapists cover together what is asked, as few as can be."""
        return self.therapists is None


def need(
    facts: Facts,
    *,
    site: str | None = None,
    modalities: Sequence[str] = (),
    languages: Sequence[str] = (),
    therapists: int | None = None,
    monitors: int | None = None,
    among: Sequence[str] = (),
    without: Sequence[str] = (),
    covering: bool = False,
    cost: str | None = None,
    unknown: str = "exclude",
) -> Need:
    """A need as codes; see :func:`kapteam.matching.form.form` for what the options mean.

    Raises
    ------
    UsageError
        A person, a site, a language tag or a measure that there is not, or what cannot be asked together.
    """
    for name, given in (("modalities", modalities), ("languages", languages), ("among", among), ("without", without)):
        if isinstance(given, str):
            raise UsageError(f"{name} is a list of names, not the text {given!r}")
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if cost is not None and cost not in COSTS:
        raise UsageError(f"cost is one of {', '.join(COSTS)}; not {cost!r}")
    for name, number, least in (("therapists", therapists, 1), ("monitors", monitors, 0)):
        if number is not None and (not isinstance(number, int) or not least <= number <= _SEATS):
            raise UsageError(f"{name} is a whole number from {least} to {_SEATS}; not {number!r}")
    wanted = _asks(facts, modalities, languages, covering)
    if covering and therapists is not None:
        raise UsageError("covering finds out how many therapists it takes: leave therapists out")
    if covering and not wanted:
        raise UsageError("covering needs something to cover: a modality or a language")
    inside, outside = (frozenset(map(facts.person, ids)) for ids in (among, without))
    if inside & outside:
        both = ", ".join(facts.people[p] for p in sorted(inside & outside))
        raise UsageError(f"{both}: cannot be in the team and left out of it")
    found = Need(
        site=None if site is None else facts.place(site),
        asks=wanted,
        therapists=None if covering else facts.protocol.therapists if therapists is None else therapists,
        monitors=facts.protocol.monitors if monitors is None else monitors,
        among=inside,
        without=outside,
        cost=cost,
        unknown=unknown,
    )
    seats = 1 + (MOST if found.therapists is None else found.therapists) + found.monitors
    if len(inside) > seats:
        raise UsageError(f"{len(inside)} people are to be in the team, and it has at most {seats}")
    return found


def _asks(facts: Facts, modalities: Sequence[str], languages: Sequence[str], covering: bool) -> tuple[Ask, ...]:
    """One thing that one therapist must bring whole; or, where they cover together, each by itself."""
    written = [clean(name) for name in modalities]
    if not all(written):
        raise UsageError("a modality needs a name, such as emdr")
    by_name = {facts.law.modality(name)[0]: name for name in reversed(written)}  # of two names of one the first
    names = [by_name[own] for own in dict.fromkeys(facts.law.modality(name)[0] for name in written)]
    tags = list(dict.fromkeys(map(_tag, languages)))
    if covering:
        return (*(Ask(modalities=(name,)) for name in names), *(Ask(languages=(tag,)) for tag in tags))
    return (Ask(tuple(names), tuple(tags)),) if names or tags else ()


def _tag(text: str) -> str:
    try:
        return Language().read(text)
    except Misread as error:
        meant = f"; did you mean {' or '.join(map(repr, error.nearest))}?" if error.nearest else ""
        raise UsageError(f"language {text!r}: {error.expected}{meant}") from None
