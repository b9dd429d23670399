"""What can be changed on the page, as small records that an address can hold."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import attrs
from attrs import frozen

from kapteam.advice.changes import Change
from kapteam.records.problems import RosterError, UsageError, summary
from kapteam.records.roster import TABLES
from kapteam.records.table import from_mapping, plain_cells

#: What an edit is about: two edits of the same thing are one, the later.
Target = tuple[str, ...]


@frozen
class Row:
    """A row of a table, as JSON holds its cells."""

    table: str
    cells: str

    @classmethod
    def of(cls, record: Any) -> Row:
        """The row of a record."""
        return cls(record.table, json.dumps(plain_cells(record), ensure_ascii=False, separators=(",", ":")))

    def record(self) -> Any:
        """The record again, read as a file's row is.

        Raises
        ------
        UsageError
            It is no row of any table.
        """
        try:
            cells = json.loads(self.cells)
            record, problems = from_mapping(TABLES[self.table], cells)
        except (KeyError, ValueError, AttributeError):
            raise UsageError(f"expected a row of a roster's table, not {self.table} {self.cells}") from None
        if problems:
            raise UsageError(summary(problems))
        return record


@frozen
class Severity:
    """Another severity of a rule."""

    rule: str
    severity: str

    @property
    def target(self) -> Target:
        """What it is about."""
        return "severity", self.rule


@frozen
class Hours:
    """Other weekly hours of a person at a site; no text: none."""

    practitioner: str
    site: str
    when: str

    @property
    def target(self) -> Target:
        """What it is about."""
        return "hours", self.practitioner, self.site


@frozen
class Cancel:
    """A person is not there on a day, as ``2026-12-08``."""

    practitioner: str
    day: str

    @property
    def target(self) -> Target:
        """What it is about."""
        return "cancel", self.practitioner, self.day


@frozen
class Hire:
    """A person more, with all their rows; ``words`` says what they are taken to bring."""

    practitioner: str
    words: str
    rows: tuple[Row, ...]

    @property
    def target(self) -> Target:
        """What it is about."""
        return "hire", self.practitioner


@frozen
class Fact:
    """A fact that would be so: a :class:`~kapteam.advice.changes.Change`, its rows as text."""

    rule: str
    practitioner: str
    place: str
    words: str
    dollars: int
    days: int
    basis: str
    ask: bool
    way: str
    license: str
    add: tuple[Row, ...] = ()
    replace: tuple[tuple[Row, Row], ...] = ()
    law: tuple[tuple[str, str, str, str], ...] = ()

    @classmethod
    def of(cls, change: Change) -> Fact:
        """The fact that a change of kapteam's advice is."""
        return cls(
            change.rule, change.practitioner, change.place, change.words, change.dollars, change.days, change.basis,
            change.ask, change.way, change.license,
            tuple(map(Row.of, change.add)),
            tuple((Row.of(old), Row.of(new)) for old, new in change.replace),
            change.law,
        )  # fmt: skip

    @property
    def target(self) -> Target:
        """What it is about."""
        return "fact", self.rule, self.practitioner, self.place, self.way


@frozen
class Unknowns:
    """Whether links that rest on an unknown fact are used."""

    use: str

    @property
    def target(self) -> Target:
        """What it is about."""
        return ("unknowns",)


@frozen
class Without:
    """An edit is taken back."""

    target: Target


Edit = Severity | Hours | Cancel | Hire | Fact | Unknowns
Step = Edit | Without
_KINDS: dict[str, type[Any]] = {
    "severity": Severity, "hours": Hours, "cancel": Cancel, "hire": Hire, "fact": Fact, "unknowns": Unknowns,
    "without": Without,
}  # fmt: skip


def standing(steps: tuple[Step, ...]) -> tuple[Edit, ...]:
    """The edits that hold after some steps, each target once, in the order in which they were first made.

    Examples
    --------
    >>> standing((Severity("team.ties", "warn"), Severity("team.ties", "off")))
    (Severity(rule='team.ties', severity='off'),)
    """
    found: dict[Target, Edit] = {}
    for step in steps:
        if isinstance(step, Without):
            found.pop(step.target, None)
        else:
            found[step.target] = step
    return tuple(found.values())


def document(steps: tuple[Step, ...]) -> list[Any]:
    """Steps as JSON holds them; :func:`steps_of` reads them back equal."""
    names = {kind: name for name, kind in _KINDS.items()}
    return [[names[type(step)], *_listed(step)] for step in steps]


def steps_of(data: Any) -> tuple[Step, ...]:
    """The steps that JSON holds.

    Raises
    ------
    UsageError
        It holds none.
    """
    try:
        return tuple(_converter().structure(tuple(rest), _KINDS[name]) for name, *rest in data)
    except Exception:  # cattrs gathers errors of every kind into groups
        raise UsageError("the address names changes that this page does not know: open it without them") from None


def refused(error: RosterError | UsageError) -> str:
    """Why an edit cannot be made, in a sentence."""
    if isinstance(error, RosterError):
        return "; ".join(p.message for p in error.problems if p.level == "error")
    return str(error)


def _listed(value: Any) -> Any:
    """Records and tuples as lists, all the way down."""
    if attrs.has(type(value)):
        value = attrs.astuple(value, recurse=False)
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


@cache
def _converter() -> Any:
    import cattrs

    attrs.resolve_types(Row)
    for kind in _KINDS.values():
        attrs.resolve_types(kind)
    return cattrs.Converter(unstruct_strat=cattrs.UnstructureStrategy.AS_TUPLE)
