"""Null models: what the measures would be by chance, and how far the network is from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from attrs import define, frozen

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index
from kapteam.measures.complementarity import complement_one_another
from kapteam.measures.curveball import same_degrees
from kapteam.measures.fill import Filling
from kapteam.measures.measure import Number, number, share
from kapteam.measures.mixing import assortativity, jurisdictions, mixing_matrix, professions
from kapteam.measures.redundancy import AT_LEAST
from kapteam.measures.shuffled import shuffled
from kapteam.measures.usable import Usable

#: ``same degrees``: a random graph in which everybody has as many partners; ``shuffled``: capabilities change hands.
MODELS = ("same degrees", "shuffled")
_NUMBERS = {model: place for place, model in enumerate(MODELS)}


@frozen
class Chance:
    """One measure beside what a null model gives.

    Attributes
    ----------
    model : {"same degrees", "shuffled"}
    measure : str
    observed : int, float or None
    mean, sd : float or None
        Over the draws in which it is defined.
    z : float or None
        (observed - mean) / sd; None where the draws do not differ, or it is not defined.
    draws : int
        In how many draws it is defined.
    as_high : int
        In how many of them it is at least as great as observed.
    """

    model: str
    measure: str
    observed: Number
    mean: Number
    sd: Number
    z: Number
    draws: int
    as_high: int


@define(eq=False, slots=False)
class NullModels:
    """The null models of a network; each draw is a function of seed and number alone.

    Attributes
    ----------
    usable : Usable
    seed : int
    """

    usable: Usable
    seed: int = 0

    @cached_property
    def observed(self) -> Mapping[str, Number]:
        """The measures of the network itself."""
        return _measures_of(self.usable)

    def draw(self, model: str, number: int) -> Mapping[str, Number]:
        """The measures of one draw.

        Parameters
        ----------
        model : {"same degrees", "shuffled"}
        number : int
            Which draw: the same number is always the same draw, whatever was drawn before.
        """
        rng = np.random.default_rng([self.seed, _NUMBERS[model], number])
        usable = self.usable
        if model == "shuffled":
            return _measures_of(Usable(shuffled(usable.links, rng), usable.unknown))
        prescriber, therapist = usable.pairs
        return _measures(usable, prescriber, same_degrees(prescriber, therapist, rng), usable.room)

    def chances(self, model: str, draws: int) -> tuple[Chance, ...]:
        """Every measure beside so many draws of a model."""
        drawn = [self.draw(model, one) for one in range(draws)]
        return tuple(_chance(model, name, value, [d[name] for d in drawn]) for name, value in self.observed.items())


def _measures_of(usable: Usable) -> Mapping[str, Number]:
    return _measures(usable, *usable.pairs, usable.room)


def _measures(usable: Usable, prescriber: Index, therapist: Index, room: Index) -> Mapping[str, Number]:
    """What null models are asked about, of some pairs of the people of a network."""
    facts: Facts = usable.facts
    partners = np.bincount(therapist, minlength=len(facts.people))[usable.therapists]
    teamed = Filling(prescriber, therapist, room).most(np.unique(prescriber).tolist())
    two = prescriber != therapist
    one, other = prescriber[two], therapist[two]
    therapists = len(usable.therapists)
    kinds = {"profession": professions(facts), "jurisdiction": jurisdictions(facts)}
    return {
        "therapists_covered": share(int((partners >= 1).sum()), therapists),
        "therapists_teamed": share(teamed, therapists),
        **{f"therapists_with_{k}_partners": share(int((partners >= k).sum()), therapists) for k in AT_LEAST},
        **{
            f"assortativity_{by}": number(assortativity(mixing_matrix(of, one, other))) for by, of in kinds.items()
        },
        "pairs_complementary": share(int(complement_one_another(facts, one, other).sum()), len(one)),
    }  # fmt: skip


def _chance(model: str, name: str, observed: Number, drawn: Iterable[Number]) -> Chance:
    values = np.array([v for v in drawn if v is not None], np.float64)
    if not len(values):
        return Chance(model, name, observed, None, None, None, 0, 0)
    mean = float(values.mean())
    sd = float(values.std(ddof=1)) if len(values) > 1 else None
    if (values == values[0]).all():
        mean, sd = float(values[0]), 0.0 if len(values) > 1 else None
    z = (observed - mean) / sd if sd and observed is not None else None
    high = 0 if observed is None else int((values >= observed).sum())
    return Chance(model, name, observed, number(mean), number(sd), number(z), len(values), high)
