"""What was measured, for a person to read: who is reached, how well, what is fragile, and what is only chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kapteam.columns.facts import Facts
from kapteam.measures.bottlenecks import Bottlenecks
from kapteam.measures.capacity import SiteCapacity
from kapteam.measures.concentration import gini, hhi
from kapteam.measures.deserts import Desert
from kapteam.measures.measure import Number, share
from kapteam.measures.measured import Measured
from kapteam.measures.mixing import Mixing
from kapteam.measures.null import Chance
from kapteam.measures.percolation import Percolation
from kapteam.measures.reach import Reach
from kapteam.records.zones import state_name
from kapteam.rules.words import listed, spoken
from kapteam.show.resilience import loses
from kapteam.show.words import count, person, place, rests_on

_SHOWN = 10  # rows of what is ranked, and names in a sentence: --json has them all


def shown_measures(found: Measured) -> Iterator[Any]:
    """The parts of the answer, as rich renderables."""
    from rich.text import Text

    yield Text(headline(found), style="bold")
    yield Text()
    for title, parts in (
        ("Coverage", _coverage(found)),
        ("Whose absence costs most", _bottlenecks(found)),
        ("Where prescribers are scarce, and where spare", _parts(found)),
        ("A need and nobody for it", _deserts(found)),
        ("How far people live from a team", _reach(found.links.facts, found.reach)),
        ("Who may work with whom", _mixing(found)),
        ("If prescribers stop, one after the other", _percolation(found)),
        ("How the load lies", _load(found)),
        ("Beside chance", _chances(found)),
    ):
        told = list(parts)
        if told:
            yield Text(title, style="bold")
            yield from told
            yield Text()
    for note in found.notes:
        yield _line(note, style="dim")
    yield _line("every number, and by person and site: --json; what each means: docs/definitions.md", style="dim")
    yield Text(rests_on(found.links), style="dim")


def headline(found: Measured) -> str:
    """The answer in one line."""
    of = found.coverage.network
    if not of.therapists:
        return "There are no therapists on the roster, so nobody is to be reached."
    many = f"{of.covered:,} of {count(of.therapists, 'therapist')}"
    now = f"{many} {'has' if of.covered == 1 or of.therapists == 1 else 'have'} somebody they may work with"
    more = of.covered_with_unknown - of.covered
    hope = f"; {more:,} more would, if the unknown facts turned out well" if more else ""
    teamed = f"The best plan teams {found.coverage.teamed:,}."
    return f"{now} ({percent(share(of.covered, of.therapists))}){hope}. {teamed}"


def percent(value: Number) -> str:
    """``78%``; a hyphen where it is not defined."""
    return "-" if value is None else f"{100 * value:.0f}%"


def _coverage(found: Measured) -> Iterator[Any]:
    facts, shape, held = found.links.facts, found.structure, found.coverage
    interval = {i.measure: i for i in found.intervals}["therapists_covered"]
    if interval.low is not None:
        yield _line(
            f"Were these therapists a sample of more: {percent(interval.low)} to {percent(interval.high)} covered "
            f"({percent(interval.level)} of {interval.draws:,} resamples). A whole practice is no sample."
        )
    if held.hours:
        yield _line(
            f"{percent(share(held.hours_covered, held.hours))} of the {held.hours:,.0f} hours a week that prescribers "
            "are on site are hours of one who has somebody to work with."
        )
    if shape.usable:
        two, three = (found.redundancy.at_least(k) for k in (2, 3))
        yield _line(f"{count(two, 'therapist')} could work with 2 prescribers or more, {three:,} with 3 or more.")
        parts = len(shape.components)
        yield _line(
            f"{shape.usable:,} of {count(shape.candidates, 'candidate link')} may be used; they join "
            f"{count(sum(shape.components), 'person', 'people')} in {count(parts, 'part')}, the largest of "
            f"{max(shape.components):,}."
        )
    sessions = {s.site: s for s in found.capacity.sites}
    if held.sites:
        table = _table("", "therapists", "have a partner", "if unknown", "sessions a week")
        for site in held.sites[: 2 * _SHOWN]:
            room = sessions.get(site.of)
            table.add_row(
                place(facts, site.of), f"{site.therapists:,}", f"{site.covered:,}", f"{site.covered_with_unknown:,}",
                _between(room) if room else "-",
            )  # fmt: skip
        yield table
        yield from _more(len(held.sites), 2 * _SHOWN)


def _between(room: SiteCapacity) -> str:
    least, most = room.sessions_at_least, room.sessions_at_most
    return f"{least:,} to {most:,}" if least < most else f"{most:,}"


def _bottlenecks(found: Measured) -> Iterator[Any]:
    facts, narrow = found.links.facts, found.bottlenecks
    if not narrow.people:
        return
    graph = narrow.people[0].articulation is not None
    table = _table(
        "", "loses", "partners", *(["falls apart"] if graph else []), *(["betweenness"] if narrow.searches else [])
    )
    for b in narrow.people[:_SHOWN]:
        cells = [person(facts, b.practitioner), loses(b), f"{b.partners:,}"]
        cells += ["yes" if b.articulation else "no"] if graph else []
        cells += [_estimate(b.betweenness, b.betweenness_error)] if narrow.searches else []
        table.add_row(*cells)
    yield table
    yield from _more(len(narrow.people), _SHOWN)
    if graph:
        yield from _disagreement(facts, narrow)


def _estimate(value: Number, error: Number) -> str:
    """A number, and where it is only estimated its standard error."""
    return f"{value or 0:.2g}" + (f" ± {error:.1g}" if error else "")


def _disagreement(facts: Facts, narrow: Bottlenecks) -> Iterator[Any]:
    if narrow.only_by_matching:
        yield _line(f"Costs places, though nothing falls apart without them: {_named(facts, narrow.only_by_matching)}.")
    if narrow.only_by_graph:
        yield _line(
            f"The network falls apart without them, yet no place is lost: {_named(facts, narrow.only_by_graph)}."
        )
    if narrow.agreement is not None:
        yield _line(
            f"Betweenness {_ranks(narrow.agreement)} (rank correlation {narrow.agreement:.2f}). What is lost is by the "
            "best re-match (proven)."
        )


def _ranks(agreement: float) -> str:
    """What betweenness says of the cost of absence."""
    if agreement <= -0.3:
        return "ranks them rather the other way round"
    if agreement < 0.3:
        return "hardly says whose absence costs most"
    return "ranks them much the same" if agreement >= 0.7 else "says in part whose absence costs most"


def _named(facts: Facts, ids: Sequence[str]) -> str:
    shown = [person(facts, id) for id in ids[:_SHOWN]]
    return listed([*shown, f"{len(ids) - _SHOWN:,} more"] if len(ids) > _SHOWN else shown, "and")


def _parts(found: Measured) -> Iterator[Any]:
    facts = found.links.facts
    scarce, balanced, spare = found.parts.scarce, found.parts.balanced, found.parts.spare
    if scarce.therapists:
        share_ = "share prescribers who can take" if len(scarce.therapists) > 1 else "has only prescribers who can take"
        yield _line(f"Scarce: {count(len(scarce.therapists), 'therapist')} {share_} {scarce.places or 0:,}: "
                    f"{_named(facts, scarce.prescribers)}.")  # fmt: skip
    if balanced.therapists:
        yield _line(
            f"Balanced: {count(len(balanced.therapists), 'therapist')} just fill the places of "
            f"{count(len(balanced.prescribers), 'prescriber')}."
        )
    if spare.prescribers:
        yield _line(f"Spare: {count(len(spare.prescribers), 'prescriber')} could have room for more: "
                    f"{_named(facts, spare.prescribers)}.")  # fmt: skip


def _deserts(found: Measured) -> Iterator[Any]:
    facts = found.links.facts
    for desert in found.deserts.found[: 2 * _SHOWN]:
        asked = f"; {count(desert.sessions, 'session')} a week asked for" if desert.sessions else ""
        hope = "; links on unknown facts would end it" if desert.if_unknown else ""
        yield _line(f"{_what(facts, desert)}: {count(desert.therapists, 'therapist')}, no usable pair{asked}{hope}")
    yield from _more(len(found.deserts.found), 2 * _SHOWN)


def _what(facts: Facts, desert: Desert) -> str:
    match desert.kind:
        case "site":
            return place(facts, desert.of)
        case "jurisdiction":
            return state_name(desert.of)
        case "demand":
            asks = [x for x in (desert.modality, desert.language and f"language {desert.language}") if x]
            return f"demand at {place(facts, desert.of)}" + (f" for {' and '.join(asks)}" if asks else "")
    return f"{desert.kind} {spoken(desert.of)}"


def _reach(facts: Facts, reach: Reach | None) -> Iterator[Any]:
    if reach is None:
        return
    if not reach.sites:
        lacking = "No site with a usable pair has coordinates: fill in latitude and longitude of the sites."
        yield _line(lacking if reach.sites_unknown else "No site has a usable pair.")
        return
    far = percent(share(reach.beyond, reach.population))
    beyond = f"{reach.beyond:,} of {count(reach.population, 'person', 'people')} ({far})"
    sites = f"the nearest of {count(reach.sites, 'site')} with a pair"
    yield _line(f"{beyond} {'lives' if reach.beyond == 1 else 'live'} more than {reach.limit:g} km from {sites}.")
    if reach.median is not None:
        yield _line(f"Half of them live at most {reach.median:,.1f} km away, as the crow flies.")
    if reach.sites_unknown:
        one = reach.sites_unknown == 1
        lacks = f"with a pair {'has' if one else 'have'} no coordinates and {'is' if one else 'are'} left out"
        yield _line(f"{count(reach.sites_unknown, 'site')} {lacks}.")
    worst = sorted((p for p in reach.places if p.km is not None), key=lambda p: (-(p.km or 0), p.place))[:_SHOWN]
    table = _table("farthest", "people", "km", "nearest")
    for far_off in worst:
        table.add_row(far_off.place, f"{far_off.population:,}", f"{far_off.km:,.1f}", place(facts, str(far_off.site)))
    yield table


def _mixing(found: Measured) -> Iterator[Any]:
    mixed = {m.by: m for m in found.mixing}
    if mixed["profession"].kinds:
        yield _matrix(mixed["profession"])
    pairs, teams = found.complementarity
    if pairs.count:
        yield _line(
            f"In {percent(share(pairs.complementary, pairs.count))} of the pairs each brings a complementary modality "
            f"that the other has not; so in {percent(share(teams.complementary, teams.count))} of the teams."
        )
    places = mixed["jurisdiction"]
    if len(places.kinds) > 1 and places.assortativity is not None:
        yield _line(
            f"By state: assortativity {places.assortativity:.2f} (1: pairs of one state alone, 0: as by chance)."
        )


def _matrix(mixing: Mixing) -> Any:
    """A row for each kind of therapist, a column for each kind of prescriber: of these there are fewer."""
    prescribers = [i for i, row in enumerate(mixing.pairs) if any(row)]
    therapists = [j for j in range(len(mixing.kinds)) if any(row[j] for row in mixing.pairs)]
    table = _table("pairs", *(spoken(mixing.kinds[i]) for i in prescribers))
    for j in therapists:
        table.add_row(spoken(mixing.kinds[j]), *(f"{mixing.pairs[i][j]:,}" for i in prescribers))
    return table


_ORDERS = {"random": "at random", "load": "most therapists first", "cost": "costliest first"}


def _percolation(found: Measured) -> Iterator[Any]:
    curves = found.percolation
    if len(curves[0].curve) < 2:
        return
    table = _table("therapists teamed when", *(_ORDERS[p.order] for p in curves))
    last = len(curves[0].curve) - 1
    for step in sorted({0, last // 4, last // 2, 3 * last // 4, last}):
        stopped = curves[0].curve[step].stopped
        table.add_row(f"{count(stopped, 'prescriber')} stopped", *(_teamed(p, step) for p in curves))
    table.add_row("on average (robustness R)", *(_area(p) for p in curves))
    yield table


def _teamed(curve: Percolation, step: int) -> str:
    point = curve.curve[step]
    low, high = percent(point.low), percent(point.high)
    return percent(point.teamed) + (f" ({low} to {high})" if low != high else "")


def _area(curve: Percolation) -> str:
    return "-" if curve.robustness is None else f"{curve.robustness:.2f}"


def _load(found: Measured) -> Iterator[Any]:
    of = found.concentration
    for what, loads in (("Teams", of.teams), ("Weekly sessions", of.sessions)):
        uneven, held = gini(loads), hhi(loads)
        if uneven is not None and held is not None:
            alike = 1 / held
            yield _line(f"{what}: as if {alike:,.1f} of {count(len(loads), 'prescriber')} had all in equal parts "
                        f"(HHI {held:.2g}, Gini {uneven:.2f}).")  # fmt: skip


def _chances(found: Measured) -> Iterator[Any]:
    models = list(dict.fromkeys(c.model for c in found.chances))
    if not models or not found.structure.usable:
        return
    of = {(c.model, c.measure): c for c in found.chances}
    heads = {"same degrees": "same partners, at random", "shuffled": "capabilities shuffled"}
    draws = {m: max(c.draws for c in found.chances if c.model == m) for m in models}
    table = _table("", "here", *(f"{heads[m]} ({draws[m]:,})" for m in models))
    for name in dict.fromkeys(c.measure for c in found.chances):
        here = of[models[0], name].observed
        if here is not None:
            table.add_row(spoken(name), f"{here:.2f}", *(_beside(of[m, name]) for m in models))
    yield table


def _beside(chance: Chance) -> str:
    if chance.mean is None:
        return "-"
    apart = f", z {chance.z:+.1f}" if chance.z is not None else ", always" if chance.sd == 0 else ""
    return f"{chance.mean:.2f}{apart}"


def _line(text: str, style: str = "") -> Any:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _table(*heads: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left", overflow="fold")
    return table


def _more(rows: int, shown: int) -> Iterable[Any]:
    return [_line(f"... and {rows - shown:,} more: --json has them all")] if rows > shown else []
