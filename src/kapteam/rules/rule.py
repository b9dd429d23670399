"""A rule: one function over columns, and beside it what it says to a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any, Literal, get_args

import numpy as np
from attrs import asdict, define, field, frozen
from numpy.typing import NDArray

from kapteam.columns.logic import Verdicts
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.records.problems import UsageError
from kapteam.rules.case import NAMES, Case

Subject = Literal["prescriber", "therapist", "member", "link"]
Severity = Literal["block", "warn", "note", "off"]
Status = Literal["pass", "fail", "unknown", "not_applicable"]
Words = str | Mapping[str, str] | Callable[[Case], str]


@frozen
class Remedy:
    """One change to one fact that would turn a finding.

    Attributes
    ----------
    change : str
        The change, as a template filled in from the :class:`Case`.
    days : int or None
        The usual lead time.
    dollars : int or None
        The usual cost.
    basis : str
        Where the two figures come from.
    """

    change: str
    days: int | None = None
    dollars: int | None = None
    basis: str = "kapteam's estimate"


@frozen
class Finding:
    """One rule's verdict on one subject, in words.

    Attributes
    ----------
    rule : str
        The rule's id.
    status : {"pass", "fail", "unknown", "not_applicable"}
    severity : {"block", "warn", "note"}
    subject : str
        Whom it is about: a person and a site, or a pair and a site, by id.
    message : str
        A sentence.
    citations : tuple of str
        What it rests on.
    remedy : Remedy or None
        What would turn it, filled in; only where it fails or is unknown.
    note : str
        A condition or a caveat of the sources.
    """

    rule: str
    status: Status
    severity: Severity
    subject: str
    message: str
    citations: tuple[str, ...]
    remedy: Remedy | None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {**asdict(self), "citations": list(self.citations)}


@define(eq=False)
class Rule:
    """What must hold of a subject. Made by :func:`rule`.

    Attributes
    ----------
    id : str
        ``group.name``.
    subject : {"prescriber", "therapist", "member", "link"}
        Of whom it is judged; ``member`` means each of the two in their role.
    severity : {"block", "warn", "note", "off"}
        Unless a practice sets another.
    judge : function
        From ``Members`` (for a link: ``Pairs``) to verdicts, one per row.
    words : str, mapping of status to str, or function
        What it says: a template, one per status, or a function of the :class:`Case`.
    cites : tuple of str
        What it rests on wherever it is applied.
    federal : tuple of str
        Keys of the federal law whose entries it rests on as well.
    remedies : mapping of status to Remedy
        What would turn it where it fails, and where it is unknown.
    remedy_of : function, optional
        Finds it from the :class:`Case`, where one word does not fit all.
    """

    id: str
    subject: Subject
    severity: Severity
    judge: Callable[[Any], Verdicts]
    words: Words
    cites: tuple[str, ...] = ()
    federal: tuple[str, ...] = ()
    remedies: Mapping[str, Remedy] = field(factory=dict)
    remedy_of: Callable[[Case], Remedy | None] | None = None

    def says(self, words: Callable[[Case], str]) -> Callable[[Case], str]:
        """Decorate the function that puts a verdict into words."""
        self.words = words
        return words

    def remedy(self, remedy_of: Callable[[Case], Remedy | None]) -> Callable[[Case], Remedy | None]:
        """Decorate the function that finds the remedy of a case, where one word does not fit all."""
        self.remedy_of = remedy_of
        return remedy_of

    def remedy_for(self, case: Case) -> Remedy | None:
        """What would turn this case; None where it needs no turning, or nothing can."""
        if case.status not in ("fail", "unknown"):
            return None
        return self.remedies.get(case.status) if self.remedy_of is None else self.remedy_of(case)

    def verdicts(self, rows: Members | Pairs) -> Verdicts:
        """The rule's verdict on every row.

        Raises
        ------
        UsageError
            A house's own rule breaks, or does not give one verdict for every row.
        """
        try:
            given = np.asarray(self.judge(rows))
        except Exception as error:
            if self.judge.__module__.startswith("kapteam."):
                raise
            raise UsageError(f"the rule {self.id} broke: {type(error).__name__}: {error}") from error
        if given.dtype == bool:
            given = np.where(given, 1, -1)
        if given.shape != (len(rows),) or not _are_verdicts(given):
            raise UsageError(
                f"the rule {self.id} must give one verdict (-1, 0, 1 or 2, or a boolean) for each of its "
                f"{len(rows)} rows, not {given.dtype} of shape {given.shape}"
            )
        return given.astype(np.int8, copy=False)

    def message(self, case: Case) -> str:
        """The finding in a sentence."""
        words = self.words
        if callable(words):
            return words(case)
        template = words if isinstance(words, str) else words.get(case.status, "")
        if template:
            return case.fill(template)
        said = {"pass": "holds", "fail": "does not hold", "unknown": "cannot be told: a fact is missing"}
        return f"{self.id} {said.get(case.status, 'does not apply')} for {case.person.label}"


def _are_verdicts(given: NDArray[Any]) -> bool:
    if given.dtype.kind == "i":
        return bool(given.min(initial=0) >= -1 and given.max(initial=0) <= 2)
    return bool(np.isin(given, (-1, 0, 1, 2)).all())


def rule(
    id: str,
    *,
    subject: Subject,
    severity: Severity = "block",
    says: Words = "",
    cites: str | tuple[str, ...] = (),
    federal: tuple[str, ...] = (),
    remedy: Remedy | None = None,
    ask: Remedy | None = None,
) -> Callable[[Callable[[Any], Any]], Rule]:
    """Make a rule of a function over columns.

    Parameters
    ----------
    id : str
        ``group.name``, such as ``house.spanish``.
    subject : {"prescriber", "therapist", "member", "link"}
        What each row is: a person in that role at a site, each of the two, or a pair at a site.
    severity : {"block", "warn", "note", "off"}
        Only ``block`` decides a link.
    says : str, mapping of status to str, or function of a Case
        Templates may name ``{person}``, ``{prescriber}``, ``{therapist}``, ``{site}``, ``{state}``, ``{day}``.
    cites : str or tuple of str
        What it rests on.
    federal : tuple of str
        Keys of the federal law (``kapteam law US``) whose entries it rests on as well.
    remedy, ask : Remedy, optional
        What would turn it where it fails, and where it is unknown.

    Examples
    --------
    >>> @rule("house.spanish", subject="therapist", severity="note", says="{person} does not speak Spanish")
    ... def spanish(rows):
    ...     return rows.speaks("es")
    >>> spanish.id, spanish.subject
    ('house.spanish', 'therapist')
    """
    if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", id):
        raise ValueError(f"a rule's id is group.name in small letters, such as house.spanish, not {id!r}")
    templates = [says] if isinstance(says, str) else says.values() if isinstance(says, Mapping) else []
    unknown = {name for t in templates for _, name, _, _ in Formatter().parse(t) if name} - NAMES
    if unknown:
        raise ValueError(f"{id}: a template may name {', '.join(sorted(NAMES))}, not {', '.join(sorted(unknown))}")
    if subject not in get_args(Subject):
        raise ValueError(f"a rule's subject is one of {', '.join(get_args(Subject))}, not {subject!r}")
    if severity not in get_args(Severity):
        raise ValueError(f"a rule's severity is one of {', '.join(get_args(Severity))}, not {severity!r}")
    remedies = {status: r for status, r in (("fail", remedy), ("unknown", ask)) if r is not None}
    citations = (cites,) if isinstance(cites, str) else cites

    def make(judge: Callable[[Any], Any]) -> Rule:
        return Rule(id, subject, severity, judge, says, citations, federal, remedies)

    return make
