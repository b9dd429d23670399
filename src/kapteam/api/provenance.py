"""What an answer was made from: enough to tell whether another one was asked the same of the same."""

from __future__ import annotations

import inspect
import math
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import attrs
from attrs import field, frozen

import kapteam
from kapteam.api.shown import Document
from kapteam.io.json import document
from kapteam.law.packs import Packs
from kapteam.network.links import Links
from kapteam.records.fingerprint import fingerprint, roster_fingerprint
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import OWN, Rulebook
from kapteam.show.provenance import shown_provenance

#: What decides answers beside kapteam and Python, and the package whose version it is.
PACKAGES = {"numpy": "numpy", "ortools": "ortools", "highs": "highspy"}
_FILES = ("places",)  # options that may name a file, whose contents count and not its name


@frozen
class Provenance(Document):
    """What an answer was made from. The same question of the same roster has the same provenance, on every machine.

    There is no clock in it, and no name of a machine, a person's account or a file.

    Attributes
    ----------
    question : str
        What was asked: the name of the method or function.
    on : date
        The day judged; of sessions the first Monday planned.
    protocol : str or None
        A name in ``[protocols]``; None where it is the default.
    options : mapping
        Every option by its name, those that nobody gave too. What is large, such as a plan to keep, stands as its
        fingerprint.
    seed : int or None
        Of what is drawn at random; None where nothing is.
    roster : str
        The fingerprint of the roster with its practice file; see
        :func:`kapteam.records.fingerprint.roster_fingerprint`.
    law : str
        The fingerprint of the law packs.
    rules : mapping of str to (str or None)
        The rules that are not kapteam's own, by id: the fingerprint of their source, None where there is none to read.
    versions : mapping of str to str
        Of kapteam, Python, NumPy, OR-Tools and HiGHS.
    """

    question: str
    on: date
    protocol: str | None
    options: Mapping[str, Any]
    seed: int | None
    roster: str
    law: str
    rules: Mapping[str, str | None]
    versions: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, keys always in the same order."""
        return {**attrs.asdict(self), "on": self.on.isoformat()}

    def shown(self) -> Iterable[Any]:
        """A line for each thing."""
        return shown_provenance(self.as_dict())


@frozen(eq=False)
class Asked:
    """A question, and all that was there to answer it."""

    question: str
    roster: Roster
    on: date
    protocol: str | None
    rulebook: Rulebook
    packs: Packs
    options: Mapping[str, Any] = field(factory=dict)

    @classmethod
    def of(cls, links: Links, question: str, options: Mapping[str, Any]) -> Asked:
        """A question about links."""
        facts = links.facts
        return cls(
            question, facts.roster, facts.day, facts.protocol_name, links.rulebook, facts.law.packs,
            taken(options) | links.supposition,
        )  # fmt: skip

    @classmethod
    def of_weeks(
        cls, roster: Roster, house: Iterable[Rule], question: str, first: date, weeks: int, options: Mapping[str, Any]
    ) -> Asked:
        """A question about the sessions of some weeks; ``first`` is any day of the first one."""
        rulebook = Rulebook.of(roster.practice, house)
        monday = first - timedelta(days=first.weekday())
        options = taken(options) | {"weeks": weeks} | roster.supposition
        return cls(question, roster, monday, None, rulebook, Packs.shipped(), options)

    def provenance(self) -> Provenance:
        """What the answer was made from."""
        options = {name: self.options[name] for name in sorted(self.options)}
        return Provenance(
            question=self.question,
            on=self.on,
            protocol=self.protocol,
            options={name: value for name, value in options.items() if name != "seed"},
            seed=options.get("seed"),
            roster=roster_fingerprint(document(self.roster)),
            law=law_fingerprint(self.packs.root),
            rules=dict(sorted((rule.id, _source(rule)) for rule in self.rulebook.rules if rule not in OWN)),
            versions=versions(),
        )


class Traced:
    """An answer that knows what it was asked."""

    __slots__ = ("_asked",)
    _asked: Asked

    def provenance(self) -> Provenance:
        """What this answer was made from: versions, roster, law, day and options.

        Raises
        ------
        UsageError
            It was put together by hand.
        """
        if not hasattr(self, "_asked"):
            raise UsageError(
                f"this {type(self).__name__} was put together by hand: one that a Network or kapteam.schedule gives "
                "knows what it was made from"
            )
        return self._asked.provenance()


class _Linked(Protocol):
    links: Links


_Of = TypeVar("_Of", bound=_Linked)
_Options = ParamSpec("_Options")
_Answer = TypeVar("_Answer", bound=Traced)


def answered(answer: _Answer, asked: Asked) -> _Answer:
    """The answer, knowing what it was asked."""
    answer._asked = asked
    return answer


def asks(method: Callable[Concatenate[_Of, _Options], _Answer]) -> Callable[Concatenate[_Of, _Options], _Answer]:
    """Decorate a method that answers by its links: the answer knows its name and every option."""
    signature = inspect.signature(method)

    @wraps(method)
    def asked(self: _Of, /, *args: _Options.args, **named: _Options.kwargs) -> _Answer:
        given = signature.bind(self, *args, **named)
        for name, value in given.arguments.items():
            if isinstance(value, Iterator):  # it can be read once: by us as well
                given.arguments[name] = tuple(value)
        answer = method(*given.args, **given.kwargs)
        given.apply_defaults()
        _, *options = given.arguments.items()
        return answered(answer, Asked.of(self.links, method.__name__, dict(options)))

    return asked


def taken(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as plain values, without what is only called on the way, such as ``progress``."""
    return {
        name: _of_file(Path(value)) if name in _FILES and isinstance(value, str | PathLike) else _plain(value)
        for name, value in options.items()
        if not callable(value)
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it; documents, records and files as their fingerprints."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case float() | Decimal() if value == int(value):  # 60 and 60.0 seconds are the same
            return int(value)
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case PathLike():
            return _of_file(Path(value))
        case Mapping():
            return {"sha256": fingerprint(_within(value))}
    if hasattr(value, "as_dict"):
        return {"sha256": fingerprint(_within(value.as_dict()))}
    if attrs.has(type(value)):
        return {"sha256": fingerprint(_within(attrs.asdict(value)))}
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    raise TypeError(f"expected an option that can be written down, not {type(value).__name__}")


def _within(value: Any) -> Any:
    """A document with everything in it plain."""
    if isinstance(value, Mapping):
        return {str(name): _within(one) for name, one in value.items()}
    return [_within(one) for one in value] if isinstance(value, list | tuple) else _plain(value)


def _of_file(path: Path) -> dict[str, str]:
    return {"sha256": sha256(path.read_bytes()).hexdigest()}


def _source(rule: Rule) -> str | None:
    """The fingerprint of a rule's source: of its function, and of those that find its words and its remedy."""
    parts = (rule.judge, rule.words, rule.remedy_of)
    try:
        return fingerprint([inspect.getsource(part) for part in parts if inspect.isfunction(part)])
    except OSError:
        return None


def law_fingerprint(root: Path) -> str:
    """The SHA-256 of every pack in a folder, by its name there, however its lines end.

    All of them count, whatever the day: what of them holds on a day is for the rules to find out.
    """
    files = {file.relative_to(root).as_posix(): file for file in root.rglob("*.toml")}
    return fingerprint(
        {name: sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for name, file in files.items()}
    )


def versions() -> Mapping[str, str]:
    """Of what decides answers: kapteam, Python, NumPy, OR-Tools and HiGHS."""
    from importlib.metadata import version  # it loads a reader of mail, and only this needs it

    return {
        "kapteam": kapteam.__version__,
        "python": platform.python_version(),
        **{name: version(package) for name, package in PACKAGES.items()},
    }
