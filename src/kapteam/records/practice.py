"""The practice file: the protocol, the house's severities and limits, and what the practice knows better."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from attrs import frozen

from kapteam.records import spellings
from kapteam.records.identifiers import Specialty
from kapteam.records.kinds import Choice, Count, Kind, Number, Text, Words, YesNo, blank, clean
from kapteam.records.people import PRESENCE, PROFESSIONS
from kapteam.records.problems import Misread, Problem, RosterError, UsageError, nearest
from kapteam.records.table import column, columns, from_mapping, record
from kapteam.records.zones import JURISDICTIONS

ROUTES = ("sublingual", "oral", "nasal", "intramuscular", "intravenous")
SEVERITIES = ("block", "warn", "note", "off")
#: The professions whose authority a jurisdiction decides; physicians prescribe and are independent everywhere.
MID_LEVEL = PROFESSIONS[1:7]
PRESCRIBING = ("physician", *MID_LEVEL)
#: The most points each term of a link can bring.
WEIGHTS = {
    "kap_training": 150, "trauma_training": 100, "experiential": 75, "practicum": 50, "mentorship": 25,
    "modality": 150, "complement": 100, "time": 250, "ties": 100,
}  # fmt: skip

_YES_NO_UNKNOWN = Choice("yes", "no", "unknown")
_SOURCE = Text()
#: The keys of each kind of section, with how their values are read.
FEDERAL: dict[str, Kind] = {"telehealth": _YES_NO_UNKNOWN, "source": _SOURCE}
PLACE: dict[str, Kind] = {
    "state_registration": _YES_NO_UNKNOWN, "presence": Choice(*reversed(PRESENCE)), "telehealth": _YES_NO_UNKNOWN,
    "source": _SOURCE,
}  # fmt: skip
PROFESSION: dict[str, Kind] = {
    "ketamine": Choice("yes", "no", "formulary_excludes", "limited", "unknown"),
    "routes": Words(Choice(*ROUTES, meant=spellings.ROUTES), in_cell=False),
    "autonomy": Choice("independent", "transition", "agreement", "unknown"),
    "agreement_with": Words(Choice(*PROFESSIONS, meant=spellings.PROFESSIONS), in_cell=False),
    "state_registration": _YES_NO_UNKNOWN,
    "source": _SOURCE,
}
MODALITY: dict[str, Kind] = {"complementary": YesNo(), "trauma": YesNo(), "source": _SOURCE}
CARRIER: dict[str, Kind] = {
    "ketamine": YesNo(), "presence": Choice(*reversed(PRESENCE)), "same_site": YesNo(), "in_clinic_only": YesNo(),
    "specialties": Words(Specialty(), in_cell=False), "max_concurrent_sessions": Count(), "source": _SOURCE,
}  # fmt: skip

#: Costs and lead times of what would turn a rule: of mending a failure, and of finding a fact out.
REMEDY: dict[str, Kind] = {
    "dollars": Count(), "days": Count(), "ask_dollars": Count(), "ask_days": Count(), "offered": YesNo(),
}  # fmt: skip


@record
class Protocol:
    """What one kind of medicine session needs."""

    table: ClassVar[str] = "practice"

    session_minutes: int = column(Count(1, 1440), "on site from start to end", default=180, unit="minutes")
    dosing_minutes: int = column(
        Count(1, 1440), "the part that presence = dosing asks for, from the start", default=60, unit="minutes"
    )
    turnover_minutes: int = column(Count(0, 1440), "the room is blocked after a session", default=0, unit="minutes")
    travel_minutes: int = column(Count(0, 10080), "between any two sites", default=30, unit="minutes")
    prescribers: int = column(Count(1, 1), "how many prescribe: one", default=1)
    therapists: int = column(Count(1, 20), "2 for co-therapy", default=1)
    monitors: int = column(Count(0, 20), "how many only watch", default=0)
    route: str | None = column(
        Choice(*ROUTES, meant=spellings.ROUTES), "how ketamine is given; some laws depend on it", default=None
    )
    draw: str = column(Text(), "salts the draw that decides between equally good plans", default="")
    solo: bool = column(YesNo(), "may one person be prescriber and therapist of a session", default=True)

    def __attrs_post_init__(self) -> None:
        if self.dosing_minutes > self.session_minutes:
            raise RosterError(
                [
                    Problem(
                        "practice",
                        None,
                        "dosing_minutes",
                        str(self.dosing_minutes),
                        f"is more than session_minutes ({self.session_minutes})",
                    )
                ]
            )


#: What a [protocols.NAME] may say; the rest is the practice's, not the session's.
OWN_KEYS = ("session_minutes", "dosing_minutes", "turnover_minutes", "therapists", "monitors", "route")


@record
class Thresholds:
    """How much is enough."""

    table: ClassVar[str] = "practice"

    kap_training_hours: Decimal = column(
        Number(0, 100_000),
        "kapteam's own reading of 'more than a weekend course'",
        default=Decimal(16),
        unit="hours",
    )
    kap_programmes: Sequence[str] = column(
        Words(Text(), in_cell=False), "names of trainings that are enough by themselves", default=()
    )


Section = Mapping[str, Any]


@frozen
class Practice:
    """A practice file, read and checked.

    Attributes
    ----------
    protocol : Protocol
        The default kind of session.
    protocols : dict of str to Protocol
        Further kinds, complete: what is not written is as in ``protocol``.
    rules : dict of str to str
        Severity by rule id; whether there is such a rule is for the rulebook to say.
    thresholds : Thresholds
    weights : dict of str to int
        The most points of each term, complete.
    federal : dict
        What the practice knows better of the federal law.
    jurisdictions : dict of (str, str) to dict
        By jurisdiction and profession (``""``: the whole place).
    modalities, carriers : dict of str to dict
        By the house's own names.
    remedies : dict of str to dict
        What it costs and takes here to turn a rule, by the rule's id.
    source : str
        The file, for messages and citations.
    """

    protocol: Protocol = attrs.field(factory=Protocol)
    protocols: Mapping[str, Protocol] = attrs.field(factory=dict)
    rules: Mapping[str, str] = attrs.field(factory=dict)
    thresholds: Thresholds = attrs.field(factory=Thresholds)
    weights: Mapping[str, int] = attrs.field(factory=lambda: dict(WEIGHTS))
    federal: Section = attrs.field(factory=dict)
    jurisdictions: Mapping[tuple[str, str], Section] = attrs.field(factory=dict)
    modalities: Mapping[str, Section] = attrs.field(factory=dict)
    carriers: Mapping[str, Section] = attrs.field(factory=dict)
    remedies: Mapping[str, Section] = attrs.field(factory=dict)
    source: str = attrs.field(default="", eq=False)

    @classmethod
    def of(cls, data: Mapping[str, Any], source: str = "") -> Practice:
        """A practice from the nested mapping that a TOML file holds.

        Raises
        ------
        RosterError
            With every unknown key, section and value.
        UsageError
            It is no mapping.

        Examples
        --------
        >>> Practice.of({"protocol": {"session_minutes": 150}}).protocol.session_minutes
        150
        """
        if not isinstance(data, Mapping):
            raise UsageError(
                "expected a Practice, or a mapping such as {'protocol': {'session_minutes': 150}}, not "
                f"{type(data).__name__}; a file is read with kapteam.read(ROSTER, practice=FILE)"
            )
        reader = _Reader(source)
        practice = reader.practice(data)
        if reader.problems:
            raise RosterError(reader.problems)
        return practice

    def named(self, protocol: str | None) -> Protocol:
        """The protocol of that name; the default where none is named.

        Raises
        ------
        UsageError
            There is no such protocol.
        """
        if protocol is None:
            return self.protocol
        if protocol not in self.protocols:
            known = ", ".join(sorted(self.protocols)) or "none"
            raise UsageError(f"there is no protocol {protocol!r} in [protocols] of the practice (there: {known})")
        return self.protocols[protocol]

    def as_toml(self) -> dict[str, Any]:
        """What differs from the defaults, nested as in a TOML file; :meth:`of` reads it back equal."""
        data: dict[str, Any] = {
            "protocol": _changed(self.protocol, Protocol()),
            "protocols": {n: _changed(p, self.protocol) for n, p in self.protocols.items()},
            "rules": dict(self.rules),
            "thresholds": _changed(self.thresholds, Thresholds()),
            "weights": {k: v for k, v in self.weights.items() if WEIGHTS[k] != v},
            "federal": _plain(FEDERAL, self.federal),
            "jurisdictions": {},
            "modalities": {n: _plain(MODALITY, s) for n, s in self.modalities.items()},
            "carriers": {n: _plain(CARRIER, s) for n, s in self.carriers.items()},
            "remedies": {n: _plain(REMEDY, s) for n, s in self.remedies.items()},
        }
        for (place, profession), section in self.jurisdictions.items():
            here = data["jurisdictions"].setdefault(place, {})
            (here.setdefault(profession, {}) if profession else here).update(
                _plain(PROFESSION if profession else PLACE, section)
            )
        return {name: section for name, section in data.items() if section}


class _Reader:
    """Reads the sections one by one and keeps every problem; lives for one call."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def practice(self, data: Mapping[str, Any]) -> Practice:
        known = {
            "protocol", "protocols", "rules", "thresholds", "weights", "federal", "jurisdictions", "modalities",
            "carriers", "remedies",
        }  # fmt: skip
        for name in sorted(map(str, data.keys() - known)):
            close = nearest(name, known)
            rules = data.get(name) if not close else None
            if isinstance(rules, Mapping) and rules and all(v in SEVERITIES for v in rules.values()):
                for rule, severity in rules.items():
                    self.unquoted(f"{name}.{rule}", f"{name}.{rule}", severity)
            else:
                self.problem(name, None, "there is no such section", close)
        sections = {name: self.section(name, data.get(name, {})) for name in sorted(known)}
        protocol = self.record(Protocol, "protocol", sections["protocol"]) or Protocol()
        return Practice(
            protocol=protocol,
            protocols=dict(self.protocols(protocol, sections["protocols"])),
            rules=self.values("rules", dict(self.rules(sections["rules"])), Choice(*SEVERITIES)),
            thresholds=self.record(Thresholds, "thresholds", sections["thresholds"]) or Thresholds(),
            weights=self.weights(sections["weights"]),
            federal=self.keys("federal", sections["federal"], FEDERAL),
            jurisdictions=dict(self.jurisdictions(sections["jurisdictions"])),
            modalities=self.named("modalities", sections["modalities"], MODALITY),
            carriers=self.named("carriers", sections["carriers"], CARRIER),
            remedies=self.remedies(sections["remedies"]),
            source=self.source,
        )

    def problem(self, key: str, value: Any, expected: str, close: tuple[str, ...] = ()) -> None:
        said = None if value is None else written(value)
        self.problems.append(Problem("practice", None, key, said, expected, close, self.source))

    def section(self, key: str, value: Any) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.problem(key, value, f"expected a section [{key}], not a single value")
        return {}

    def sections(self, key: str, sections: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Each section of a house's own name: the name, trimmed, its key and what is in it."""
        seen: set[str] = set()
        for written, values in sections.items():
            name = clean(str(written))
            if not name or name in seen:
                self.problem(f"{key}.{written}", None, "the name stands twice" if name else "expected a name")
            seen.add(name)
            yield name, f"{key}.{written}", self.section(f"{key}.{written}", values)

    def record(self, kind: type, key: str, values: Mapping[str, Any]) -> Any:
        known = [c.name for c in columns(kind)]
        for name in sorted(values.keys() - set(known), key=str):
            self.problem(f"{key}.{name}", values[name], "there is no such key", nearest(str(name), known))
        record, problems = from_mapping(kind, values, self.source)
        self.problems += [attrs.evolve(p, column=f"{key}.{p.column}") for p in problems]
        return record

    def protocols(self, default: Protocol, sections: Mapping[str, Any]) -> Iterator[tuple[str, Protocol]]:
        for name, key, own in self.sections("protocols", sections):
            for other in sorted(own.keys() - set(OWN_KEYS), key=str):
                self.problem(
                    f"{key}.{other}",
                    own[other],
                    "a kind of session has no such key",
                    nearest(str(other), OWN_KEYS),
                )
            base = {c.name: getattr(default, c.attribute) for c in columns(Protocol)}
            written = {k: v for k, v in own.items() if k in OWN_KEYS}
            record, problems = from_mapping(Protocol, {**base, **written}, self.source)
            self.problems += [attrs.evolve(p, column=f"{key}.{p.column}") for p in problems]
            if record is not None:
                yield name, record

    def rules(self, section: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Each rule's id with its severity; an id without quotes is a section of sections to TOML."""
        found = [(str(name), value, False) for name, value in section.items()]
        for rule, value, inner in found:  # grows on the way: sections may be nested deeper than Python calls
            if isinstance(value, Mapping):
                found += [(f"{rule}.{name}", one, True) for name, one in value.items()]
            elif inner:
                self.unquoted(f"rules.{rule}", rule, value)
            else:
                yield rule, value

    def unquoted(self, key: str, rule: str, value: Any) -> None:
        """Tell that a rule's id has no quotes: its point made a section of its first half."""
        severity = f' = "{value}"' if isinstance(value, str) else ""
        self.problem(key, None, f'write the rule\'s id in quotes: "{rule}"{severity} under [rules]')

    def remedies(self, section: Mapping[str, Any]) -> dict[str, Section]:
        """What is said of turning each rule; an id without quotes is a section of sections to TOML."""
        quoted = {}
        for name, own in section.items():
            inner = own if isinstance(own, Mapping) else {}
            for rule in (rule for rule, said in inner.items() if isinstance(said, Mapping)):
                said = f'write the rule\'s id in quotes: [remedies."{name}.{rule}"]'
                self.problem(f"remedies.{name}.{rule}", None, said)
            if not any(isinstance(said, Mapping) for said in inner.values()):
                quoted[name] = own
        return self.named("remedies", quoted, REMEDY)

    def values(self, key: str, section: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for name, value in section.items():
            if blank(value):
                continue
            try:
                read[clean(str(name))] = kind.parse(value)
            except Misread as error:
                self.problem(f"{key}.{name}", value, error.expected, error.nearest)
        return read

    def weights(self, section: Mapping[str, Any]) -> dict[str, int]:
        for name in sorted(section.keys() - WEIGHTS.keys(), key=str):
            self.problem(f"weights.{name}", section[name], "there is no such term", nearest(str(name), WEIGHTS))
        known = {k: v for k, v in section.items() if k in WEIGHTS}
        return {**WEIGHTS, **self.values("weights", known, Count())}

    def keys(self, key: str, section: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Section:
        read: dict[str, Any] = {}
        for name, value in section.items():
            if name not in kinds:
                said = f"there is no such key here: expected one of {', '.join(kinds)}"
                self.problem(f"{key}.{name}", value, said, nearest(str(name), kinds))
                continue
            if blank(value):
                continue
            try:
                read[name] = kinds[name].parse(value)
            except Misread as error:
                self.problem(f"{key}.{name}", value, error.expected, error.nearest)
        return read

    def named(self, key: str, sections: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, Section]:
        return {name: self.keys(where, own, kinds) for name, where, own in self.sections(key, sections)}

    def jurisdictions(self, sections: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Section]]:
        for place, values in sections.items():
            key = f"jurisdictions.{place}"
            if place not in JURISDICTIONS:
                self.problem(key, None, "expected a USPS code of a state or DC", nearest(str(place), JURISDICTIONS))
                continue
            section = self.section(key, values)
            whole = {k: v for k, v in section.items() if not isinstance(v, Mapping)}
            yield (place, ""), self.keys(key, whole, PLACE)
            for profession in sorted(section.keys() - whole.keys(), key=str):
                if profession not in PRESCRIBING:
                    said = f"expected a prescribing profession: {', '.join(PRESCRIBING)}"
                    self.problem(f"{key}.{profession}", None, said, _meant(str(profession)))
                    continue
                known = (
                    PROFESSION
                    if profession != "physician"
                    else {k: PROFESSION[k] for k in ("state_registration", "source")}
                )
                yield (place, profession), self.keys(f"{key}.{profession}", section[profession], known)


def written(value: Any) -> str:
    """A value as a message repeats it: a text bare, all else as TOML has it.

    Examples
    --------
    >>> written(True), written(["NY", "NJ"]), written("off")
    ('true', '["NY", "NJ"]', 'off')
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _meant(profession: str) -> tuple[str, ...]:
    """The prescribing profession that a word may stand for: one that is spelt like it, or that it is a part of."""
    word = profession.casefold()
    parts = tuple(one for one in PRESCRIBING if word in one.split("_"))
    known = spellings.PROFESSIONS.get(word)
    return nearest(profession, PRESCRIBING) or ((known,) if known in PRESCRIBING else ()) or parts


def _changed(record: Any, default: Any) -> dict[str, Any]:
    return {
        c.name: c.kind.plain(value) if isinstance(value, (tuple, Decimal)) else "" if value is None else value
        for c in columns(type(record))
        if (value := getattr(record, c.attribute)) != getattr(default, c.attribute)
    }


def _plain(kinds: Mapping[str, Kind], section: Section) -> dict[str, Any]:
    return {k: v if isinstance(v, bool) else kinds[k].plain(v) for k, v in section.items()}
