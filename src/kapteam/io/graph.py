"""A roster as a graph of NetworkX and back: people are nodes with all that they hold, ties and agreements edges."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
from attrs import define, field, frozen

from kapteam.io.assemble import assemble
from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable
from kapteam.records.arrays import own
from kapteam.records.kinds import Cell, Choice, blank
from kapteam.records.people import AGREEMENTS, TIES, Practitioner
from kapteam.records.problems import Misread, Problem, RosterError, UsageError, nearest
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import columns, shown

if TYPE_CHECKING:
    import networkx as nx

#: What a graph of this kind says of itself.
KIND = "roster"
_SOURCE = "graph"
_PEOPLE, _SITES, _OWN = "practitioners", "sites", "registrations"
#: The tables whose rows stand with the person whose they are; with the graph; and as edges, with the columns of ends.
_OF_PERSON = ("licenses", _OWN, "coverage", "training", "hours", "absences")
_OF_GRAPH = (_SITES, _OWN, "demand")
_ENDS = {"agreements": ("practitioner", "with"), "ties": ("a", "b")}
_KINDS = {**dict.fromkeys(TIES, "ties"), **dict.fromkeys(AGREEMENTS, "agreements")}
_BARE = "holds nothing (an edge to a misspelt id makes such a node): expected roles, licenses or the like"
_IDLE = "has neither roles nor licenses, so is a candidate for nothing"
# What NetworkX's own readers and drawers put into a graph.
_NOT_OURS = ("name", "mode", "node_default", "edge_default")
_OWN_NAMES = (*_OF_GRAPH, "practice", "order", "kind", *_NOT_OURS)
# Above so many nodes nobody is compared with all of them to find the one that was meant.
_COMPARED = 20_000


# --- A roster as a graph ------------------------------------------------------------------------------------


def to_networkx(roster: Roster) -> nx.MultiDiGraph[str]:
    """The whole of a roster as a graph; :func:`from_networkx` reads it back equal.

    Parameters
    ----------
    roster : Roster

    Returns
    -------
    networkx.MultiDiGraph
        A node for each practitioner, by id, with the filled columns of their row, and ``licenses``,
        ``registrations``, ``coverage``, ``training``, ``hours`` and ``absences``, each a list of rows as mappings. An
        edge for each agreement (from who needs it) and each tie, told apart by ``kind``. The graph itself holds
        ``sites``, ``demand``, the sites' own ``registrations`` and ``practice``; and ``order``, where the rows of
        several people are mixed in a table.

    Examples
    --------
    >>> import kapteam
    >>> graph = to_networkx(kapteam.example())
    >>> graph.nodes["ines"]["licenses"][0]["profession"]
    'physician'
    >>> from_networkx(graph) == kapteam.example()
    True
    """
    import networkx as nx  # slow to load, and only graphs need it

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(kind=KIND)
    for table in _OF_GRAPH:
        rows = [_cells(row) for row in roster.table(table) if table != _OWN or row.practitioner is None]
        if rows or table == _SITES:
            graph.graph[table] = rows
    if practice := roster.practice.as_toml():
        graph.graph["practice"] = practice
    for person in roster.practitioners:
        graph.add_nodes_from([(person.practitioner, _cells(person, "practitioner"))])
    for table in _OF_PERSON:
        for row in roster.table(table):
            if row.practitioner is not None:
                graph.nodes[row.practitioner].setdefault(table, []).append(_cells(row, "practitioner"))
    for table, ends in _ENDS.items():
        for row in roster.table(table):
            u, v = _owner(table, row)
            graph.add_edges_from([(u, v, _cells(row, *ends))])
    order: dict[str, list[Any]] = {}
    for table in (*_OF_PERSON, *_ENDS):
        owners = [_owner(table, row) for row in roster.table(table)]
        if owners != _natural(graph, table):
            order[table] = [list(owner) if isinstance(owner, tuple) else owner for owner in owners]
    if order:
        graph.graph["order"] = order
    return graph


def _cells(row: Any, *without: str) -> dict[str, Any]:
    """The filled columns of a record, but for some: dates as they are, all else as JSON holds it."""
    found = {}
    for column in columns(type(row)):
        value = getattr(row, column.attribute)
        if column.name not in without and value is not None and value != ():
            found[column.name] = value if isinstance(value, date) else column.kind.plain(value)
    return found


def _owner(table: str, row: Any) -> Any:
    """Whose a row is: a person's id, the ids of both ends, or None for a site's own."""
    match table:
        case "agreements":
            return row.practitioner, row.with_
        case "ties":
            return row.a, row.b
        case _:
            return row.practitioner


def _natural(graph: nx.Graph[Any], table: str) -> list[Any]:
    """Whose each row of a table is, in the order in which a graph is read."""
    if table in _ENDS:
        return [(u, v) for u, v, said in graph.edges(data=True) if _KINDS[said["kind"]] == table]
    sites: list[Any] = [None for _ in graph.graph.get(_OWN, ())] if table == _OWN else []
    return sites + [node for node, said in graph.nodes(data=True) for _ in said.get(table, ())]


# --- A graph as a roster ------------------------------------------------------------------------------------


def from_networkx(graph: nx.Graph[Any]) -> Roster:
    """The roster that a graph holds whose nodes are people.

    Parameters
    ----------
    graph : networkx.Graph, DiGraph, MultiGraph or MultiDiGraph
        As :func:`to_networkx` describes it; what is blank may be left out, one row may stand without its list, and an
        attribute whose name begins with ``_`` is your own note. An agreement needs a directed graph.

    Returns
    -------
    Roster

    Raises
    ------
    RosterError
        With every problem, each with its node or edge, attribute and value, what was expected and what may have been
        meant.
    UsageError
        It is no graph.

    Examples
    --------
    >>> import networkx
    >>> graph = networkx.Graph(sites=[{"site": "hudson", "jurisdiction": "NY", "supply": "stock"}])
    >>> graph.add_node("ana", licenses={"jurisdiction": "NY", "profession": "clinical_social_worker"})
    >>> graph.add_node("ines", licenses={"jurisdiction": "NY", "profession": "physician"})
    >>> graph.add_edge("ana", "ines", kind="worked_with")
    >>> from_networkx(graph)
    <Roster: 2 practitioners, 1 site>
    """
    import networkx as nx  # whoever has a graph has loaded it

    if not isinstance(graph, nx.Graph):
        raise UsageError(f"expected a graph of NetworkX, not {type(graph).__name__}: {graph!r:.80}")
    reading = _Reading(graph)
    kind = graph.graph.get("kind", KIND)
    if kind != KIND:
        expected = f"expected what people hold; this graph, of the kind {kind}, shows what was worked out of it"
        raise RosterError([Problem("roster", None, "kind", shown(kind), expected, (KIND,), _SOURCE)])
    if not graph:
        nobody = "has no node: expected one for each person"
        raise RosterError([Problem("roster", None, None, None, nobody, (), _SOURCE)])
    reading.read()
    return reading.roster()


@frozen
class _Row:
    """A row of a table and where in the graph it stands."""

    source: str
    item: int | None
    owner: Hashable
    cells: Mapping[str, Cell]


@define
class _Reading:
    """Gathers the rows of all tables, and every problem of the graph's own form."""

    graph: nx.Graph[Any]
    rows: dict[str, list[_Row]] = field(factory=lambda: defaultdict(list))
    problems: list[Problem] = field(factory=list)
    odd: list[Problem] = field(factory=list)
    _strange: set[tuple[str, str]] = field(factory=set)

    def read(self) -> None:
        """Read the graph's own attributes, its nodes and its edges."""
        if not any(said for _, said in self.graph.nodes(data=True)):
            self.first_of(self.problems, "node", [repr(node) for node in self.graph], _BARE)
            raise RosterError(self.problems)  # no row would have more to tell
        said = self.known(_SOURCE, "graph", self.graph.graph, frozenset(_OWN_NAMES))
        for table in _OF_GRAPH:
            self.add(table, f"{_SOURCE}, {table}", None, said.get(table))
        if _SITES not in said:
            expected = "is missing: expected the places as graph.graph['sites'], " + _example(_SITES, ())
            self.problem(_SITES, _SOURCE, _SITES, None, expected)
        self.nodes()
        self.edges()
        order = said.get("order")
        if isinstance(order, Mapping):
            for table in (*_OF_PERSON, *_ENDS):
                self.rows[table] = _ordered(self.rows[table], order.get(table))

    def nodes(self) -> None:
        """A practitioner for each node."""
        names = [c.name for c in columns(Practitioner) if c.name != "practitioner"]
        wanted = frozenset((*names, *_OF_PERSON))
        bare, idle = [], []
        for node, attributes in self.graph.nodes(data=True):
            source = f"{_SOURCE}, node {node!r}"
            said = self.known(source, "node", attributes, wanted)
            cells = {name: said[name] for name in names if name in said}
            self.rows[_PEOPLE].append(_Row(source, None, node, {**cells, "practitioner": node}))
            for table in _OF_PERSON:
                if table in said:
                    self.add(table, f"{source}, {table}", node, said[table], ("practitioner",))
            if not attributes:
                bare.append(node)
            elif "licenses" not in said and blank(cells.get("roles")):
                idle.append(node)
        if bare:
            known = [str(n) for n, said in self.graph.nodes(data=True) if said and len(self.graph) <= _COMPARED]
            self.first_of(self.problems, "node", map(repr, bare), _BARE, nearest=nearest(str(bare[0]), known))
        if idle:
            self.first_of(self.odd, "node", map(repr, idle), _IDLE, level="warning")

    def first_of(
        self, into: list[Problem], what: str, which: Iterable[str], expected: str, column: str | None = None,
        **facts: Any,
    ) -> None:  # fmt: skip
        """What is wrong with some of the nodes or edges, said of the first."""
        first, *others = which
        more = f"; {len(others):,} more {what}{'s' * (len(others) != 1)} likewise" if others else ""
        source = f"{_SOURCE}, {what} {first}"
        into.append(Problem("roster", None, column, None, expected + more, source=source, **facts))

    def edges(self) -> None:
        """A tie or an agreement for each edge, by its kind."""
        arrow = "->" if self.graph.is_directed() else "-"
        kinds = Choice(*_KINDS)
        names = {t: frozenset(c.name for c in columns(TABLES[t]) if c.name not in ends) for t, ends in _ENDS.items()}
        untold: list[str] = []
        for u, v, attributes in self.graph.edges(data=True):
            between, kind = f"{u!r} {arrow} {v!r}", own(attributes.get("kind"))
            source = f"{_SOURCE}, edge {between}"
            if blank(kind):
                untold.append(between)
                continue
            try:
                table = _KINDS[kinds.parse(kind)]
            except Misread as error:
                self.problem("ties", source, "kind", shown(kind), error.expected, error.nearest)
                continue
            if table == "agreements" and arrow == "-":
                expected = "an agreement has a direction: expected a directed graph, with edges from who needs it"
                self.problem(table, source, "kind", shown(kind), expected)
                continue
            cells = self.known(source, f"edge ({table})", attributes, names[table])
            ends = dict(zip(_ENDS[table], (u, v), strict=True))
            self.rows[table].append(_Row(source, None, (u, v), {**cells, **ends}))
        if untold:
            self.first_of(self.problems, "edge", untold, f"is needed: {kinds.expected}", "kind")

    def add(self, table: str, source: str, owner: Hashable, value: Any, ends: Sequence[str] = ()) -> None:
        """The rows of a table that stand in one attribute."""
        value = own(value)
        rows = [value] if isinstance(value, Mapping) else value
        if rows is None:
            return
        if not isinstance(rows, (list, tuple)):
            expected = f"expected a list of rows, {_example(table, ends)}"
            self.problem(table, source, None, shown(rows), expected)
            return
        names = frozenset(c.name for c in columns(TABLES[table]) if c.name not in ends)
        for item, row in enumerate(rows, start=1):
            if not isinstance(row, Mapping):
                self.problem(table, source, None, shown(row), f"expected a row, {_example(table, ends)}", row=item)
                continue
            same = {k: v for k, v in row.items() if k not in ends or own(v) != owner}
            cells = self.known(f"{source}, row {item}", table, same, names)
            self.rows[table].append(_Row(source, item, owner, {**cells, **dict.fromkeys(ends, owner)}))

    def known(self, source: str, what: str, said: Mapping[Any, Any], wanted: frozenset[str]) -> dict[str, Any]:
        """What has one of these names; of each other name it is said once that there is no such attribute."""
        found: dict[str, Any] = {}
        for name, value in said.items():
            if name in wanted:
                found[name] = own(value)
            elif not str(name).startswith(NOTE) and (what, str(name)) not in self._strange:
                self._strange.add((what, str(name)))
                self.problem("roster", source, str(name), None, *unknown("attribute", str(name), wanted))
        return found

    def problem(
        self, table: str, source: str, column: str | None, value: str | None, expected: str,
        close: tuple[str, ...] = (), row: int | None = None,
    ) -> None:  # fmt: skip
        """Note what is wrong with the form."""
        self.problems.append(Problem(table, row, column, value, expected, close, source))

    def roster(self) -> Roster:
        """The roster of the gathered rows."""
        practice = self.graph.graph.get("practice", {})
        raw = RawRoster(_SOURCE, practice_source=f"{_SOURCE}, practice")
        if isinstance(practice, Mapping):
            raw.practice = practice
        else:
            self.problem("practice", f"{_SOURCE}, practice", None, shown(practice), "expected a mapping")
        raw.problems = self.problems
        for table, record in TABLES.items():
            filled = {name for row in self.rows[table] for name in row.cells}
            header = [c.name for c in columns(record) if c.needed or c.name in filled]
            lines = [[row.cells.get(name) for name in header] for row in self.rows[table]]
            raw.tables[table] = RawTable(f"{_SOURCE}, {table}", header, enumerate(lines, start=1), None)
        if any(p.table == _SITES and p.column == _SITES for p in self.problems):
            del raw.tables[_SITES]  # it is told already that there is none
        try:
            roster = assemble(raw)
        except RosterError as error:
            told = {id(problem) for problem in self.problems}  # of the form, and so at their places
            placed = (p if id(p) in told else self.placed(p) for p in error.problems)
            raise RosterError([*self.once(placed), *self.odd]) from None
        return roster.read_from({}, [*map(self.placed, roster.warnings), *self.odd])

    def placed(self, problem: Problem) -> Problem:
        """A problem of a row, at the node or the edge that it comes from."""
        if problem.row is None or problem.table not in TABLES:
            return problem
        row, expected = self.rows[problem.table][problem.row - 1], problem.expected
        if problem.also is not None:
            other = self.rows[problem.table][problem.also - 1]
            item = "" if other.item is None else f", row {other.item}"
            expected += f" (see {other.source.removeprefix(f'{_SOURCE}, ')}{item})"
        return attrs.evolve(problem, source=row.source, row=row.item, also=None, expected=expected)

    def once(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems, but that of a node which is no id is not told again with each row and each edge of it."""
        found = list(problems)
        bad = {p.value for p in found if p.table == _PEOPLE and p.column == "practitioner"}
        ends = {"practitioner", *(end for pair in _ENDS.values() for end in pair)}
        return (p for p in found if p.table == _PEOPLE or p.column not in ends or p.value not in bad)


def _ordered(rows: list[_Row], owners: Any) -> list[_Row]:
    """Rows mixed as they were in the roster; rows that came since follow."""
    if not isinstance(owners, list):
        return rows
    places: dict[str, deque[int]] = defaultdict(deque)
    for place, owner in enumerate(owners):
        places[_named(owner)].append(place)
    after = len(owners)
    ranks = [left.popleft() if (left := places.get(_named(row.owner))) else after for row in rows]
    return [rows[i] for i in sorted(range(len(rows)), key=ranks.__getitem__)]


def _named(owner: Any) -> str:
    """One name for a person, and for the two ends of an edge, whether a file had them or a graph."""
    return repr(list(owner) if isinstance(owner, tuple) else owner)


def _example(table: str, without: Sequence[str]) -> str:
    """What a row looks like."""
    cells = {c.name: c.example for c in columns(TABLES[table]) if c.needed and c.name not in without}
    return f"each a mapping such as {cells}"
