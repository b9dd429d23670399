"""Everything that is measured of a network, in one answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs
from attrs import frozen

from kapteam.measures.bootstrap import ENOUGH, Interval, intervals
from kapteam.measures.bottlenecks import MOST_PAIRS, Bottlenecks, bottlenecks
from kapteam.measures.capacity import Capacity, capacity
from kapteam.measures.complementarity import Complementarity, complementarity
from kapteam.measures.concentration import Concentration, concentration
from kapteam.measures.coverage import Coverage, coverage
from kapteam.measures.deserts import Deserts, deserts
from kapteam.measures.dulmage_mendelsohn import Parts, dulmage_mendelsohn
from kapteam.measures.measure import NETWORK, Measure
from kapteam.measures.mixing import Mixing, mixing
from kapteam.measures.null import MODELS, Chance, NullModels
from kapteam.measures.percolation import Percolation, percolation
from kapteam.measures.places import Place
from kapteam.measures.reach import Reach, reach
from kapteam.measures.redundancy import Redundancy, redundancy
from kapteam.measures.structure import Structure, structure
from kapteam.measures.usable import Usable
from kapteam.network.links import Links
from kapteam.records.problems import UsageError

#: Draws of whatever is random, in a network in which they take no time.
DRAWS = 100
#: Draws below which a null model tells too little.
FEW = 10
#: Kilometres beyond which people are told to live far away.
LIMIT_KM = 50.0
# Pairs, and people, of all draws together that are looked at unless more are asked for.
_PAIRS_DRAWN = {"percolation": 12_000_000, "same degrees": 2_000_000}
_PEOPLE_DRAWN = 20_000


@frozen(repr=False, eq=False)
class Measured:
    """The answer of :func:`measures`.

    Attributes
    ----------
    links : Links
    unknown : {"exclude", "allow"}
    seed : int
    coverage, redundancy, structure, capacity, bottlenecks, deserts, concentration
        Each family's own record.
    parts : Parts
        Where prescribers are scarce, and where spare.
    mixing : tuple of Mixing
    complementarity : tuple of Complementarity
    percolation : tuple of Percolation
    reach : Reach or None
        None where no places were given.
    intervals : tuple of Interval
    chances : tuple of Chance
        The measures beside null models.
    notes : tuple of str
        What was not computed, or only from a sample.
    """

    links: Links
    unknown: str
    seed: int
    coverage: Coverage
    redundancy: Redundancy
    structure: Structure
    capacity: Capacity
    bottlenecks: Bottlenecks
    deserts: Deserts
    concentration: Concentration
    parts: Parts
    mixing: tuple[Mixing, ...]
    complementarity: tuple[Complementarity, ...]
    percolation: tuple[Percolation, ...]
    reach: Reach | None
    intervals: tuple[Interval, ...]
    chances: tuple[Chance, ...]
    notes: tuple[str, ...]

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every number: those of the network first, then by whose they are, in the order in which they are defined."""
        every = list(self._measures())
        return tuple(m for m in every if m.of == NETWORK) + tuple(
            sorted((m for m in every if m.of != NETWORK), key=lambda m: m.of)
        )

    def _measures(self) -> Iterator[Measure]:
        for family in (
            self.structure, self.coverage, self.redundancy, self.capacity, self.concentration, self.bottlenecks,
            self.parts, self.deserts,
        ):  # fmt: skip
            yield from family.measures()
        for several in (self.complementarity, self.mixing, self.percolation):
            for one in several:
                yield from one.measures()
        if self.reach is not None:
            yield from self.reach.measures()

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        structure, redundancy = self.structure, self.redundancy
        return {
            "on": self.on.isoformat(),
            "unknown": self.unknown,
            "seed": self.seed,
            "measures": [attrs.asdict(m) for m in self.measures],
            "intervals": [attrs.asdict(i) for i in self.intervals],
            "distributions": {
                "therapists_by_partners": list(redundancy.counts),
                "prescribers_by_partners": list(structure.degrees),
                "component_sizes": list(structure.components),
            },
            "bottlenecks": _plain(self.bottlenecks),
            "parts": [_plain(p) for p in (self.parts.scarce, self.parts.balanced, self.parts.spare)],
            "capacity": [_plain(s) for s in self.capacity.sites],
            "deserts": [_plain(d) for d in self.deserts.found],
            "reach": None if self.reach is None else _plain(self.reach),
            "mixing": [_plain(m) for m in self.mixing],
            "percolation": [_plain(p) for p in self.percolation],
            "null_models": [_plain(c) for c in self.chances],
            "notes": list(self.notes),
            **self.links.supposition,
        }

    def __repr__(self) -> str:
        of = self.coverage.network
        teamed = self.coverage.teamed
        return f"<Measured on {self.on}: {of.covered:,} of {of.therapists:,} therapists covered, {teamed:,} teamed>"


def measures(
    links: Links,
    *,
    unknown: str = "exclude",
    places: Sequence[Place] | None = None,
    limit: float = LIMIT_KM,
    draws: int | None = None,
    seed: int = 0,
) -> Measured:
    """Measure a network; docs/definitions.md defines every number.

    Parameters
    ----------
    links : Links
    unknown : {"exclude", "allow"}
        Whether a link that rests on an unknown fact may be used.
    places : sequence of Place, optional
        Where people live, for how far they have to go.
    limit : float
        Kilometres beyond which they live far away.
    draws : int, optional
        How many draws of each thing that is random; 0 for none. Without it 100, or in a large network as many as do
        not take long.
    seed : int
        Another seed, other draws; the same one, the same bytes.

    Raises
    ------
    UsageError
        An option has no such value.

    Examples
    --------
    >>> import kapteam
    >>> from datetime import date
    >>> found = measures(kapteam.links(kapteam.example(), on=date(2026, 12, 7)).links)
    >>> [(m.name, m.value) for m in found.measures if m.name == "therapists_covered" and m.of == "network"]
    [('therapists_covered', 1.0)]
    """
    _check(unknown, limit, draws, seed)
    usable = Usable(links, unknown)
    with_unknown = usable if unknown == "allow" else Usable(links, "allow")
    many = _many(usable, draws)
    narrow = bottlenecks(usable, seed)
    costs = {links.facts.person_code[b.practitioner]: (b.teamed, b.points) for b in narrow.people}
    partners = redundancy(usable)
    null = NullModels(usable, seed)
    return Measured(
        links=links,
        unknown=unknown,
        seed=seed,
        coverage=coverage(usable, with_unknown),
        redundancy=partners,
        structure=structure(usable),
        capacity=capacity(usable),
        bottlenecks=narrow,
        deserts=deserts(usable, with_unknown),
        concentration=concentration(usable),
        parts=dulmage_mendelsohn(usable),
        mixing=mixing(usable),
        complementarity=complementarity(usable),
        percolation=percolation(usable, costs, many["percolation"], seed),
        reach=None if places is None else reach(usable, places, limit),
        intervals=intervals(partners, seed),
        chances=tuple(c for model in MODELS if many[model] for c in null.chances(model, many[model])),
        notes=tuple(_notes(usable, narrow, many, draws)),
    )


def _check(unknown: str, limit: float, draws: int | None, seed: int) -> None:
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if not limit >= 0:
        raise UsageError(f"limit is a number of kilometres, at least 0; not {limit}")
    if draws is not None and draws < 0:
        raise UsageError(f"draws is a whole number, at least 0; not {draws}")
    if seed < 0:
        raise UsageError(f"seed is a whole number, at least 0; not {seed}")


def _many(usable: Usable, draws: int | None) -> dict[str, int]:
    """How many draws of each thing that is random."""
    if draws is not None:
        return dict.fromkeys(("percolation", *MODELS), draws)
    pairs, people = max(1, len(usable.pairs[0])), max(1, len(usable.facts.people))
    found = {name: min(DRAWS, most // pairs) for name, most in _PAIRS_DRAWN.items()}
    found["shuffled"] = min(DRAWS, _PEOPLE_DRAWN // people)
    return {name: count if count >= FEW else 0 for name, count in found.items()}


def _notes(usable: Usable, narrow: Bottlenecks, many: dict[str, int], draws: int | None) -> Iterator[str]:
    pairs = len(usable.others[0])
    if pairs > MOST_PAIRS:
        yield f"articulation points: not computed above {MOST_PAIRS:,} pairs, and there are {pairs:,}"
    if narrow.searches is None and pairs:
        yield "betweenness: not computed, for too few searches could be made in a network of this size"
    elif not narrow.exact and narrow.searches:
        yield (
            f"betweenness: estimated from searches that begin at {narrow.searches:,} people, drawn by the seed, and "
            "told with its standard error"
        )
    if len(usable.therapists) < ENOUGH:
        yield f"intervals: not told of fewer than {ENOUGH} therapists"
    if draws is None:
        said = {"percolation": "prescribers stopping at random", "same degrees": "graphs of the same degrees",
                "shuffled": "shuffled rosters"}  # fmt: skip
        for name, what in said.items():
            if not many[name]:
                yield f"{what}: not drawn in a network of this size unless draws are asked for"


def _plain(record: Any) -> dict[str, Any]:
    """A record as JSON has it."""
    return attrs.asdict(record, value_serializer=lambda _, __, v: list(v) if isinstance(v, tuple) else v)
