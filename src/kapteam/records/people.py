"""Who there is: practitioners and what they hold, learned, agreed and are on site for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from attrs import frozen

from kapteam.records.hours import WeeklyHours, When
from kapteam.records.identifiers import Language, Npi, Schedules, Specialty, check_dea_number, roman_or_six
from kapteam.records.kinds import Choice, Count, Day, Id, Moment, Number, Text, Words, YesNo
from kapteam.records.problems import Misread, Problem, RosterError
from kapteam.records.table import column
from kapteam.records.zones import Jurisdiction

ROLES = ("prescriber", "therapist", "monitor")
PROFESSIONS = (
    "physician", "nurse_practitioner", "clinical_nurse_specialist", "nurse_anesthetist", "physician_assistant",
    "naturopathic_physician", "prescribing_psychologist", "psychologist", "clinical_social_worker",
    "marriage_family_therapist", "professional_counselor", "registered_nurse", "other",
)  # fmt: skip
LICENSE_STATUS = ("active", "privilege", "telehealth", "associate", "restricted", "inactive", "suspended")
#: From the laxest to the strictest: the order is the order of the levels.
PRESENCE = ("none", "available", "dosing", "throughout")
TRAINING = ("kap", "trauma", "modality", "experiential", "mentorship", "life_support")
AGREEMENTS = ("collaboration", "supervision", "consultation")
TIES = ("worked_with", "prefers", "avoids")


def _owner(meaning: str) -> Any:
    """The column that says whose row it is; left out in code, where the row is nested in its owner."""
    return column(Id(), meaning, needed=True, kw_only=True, example="ana")


def _ordered(table: str, first: str, last: str, record: Any) -> None:
    """Raise where a row ends before it starts; both ends count, so one day is enough."""
    start, end = getattr(record, first), getattr(record, last)
    if start is not None and end is not None and end < start:
        raise RosterError(
            [Problem(table, None, last.rstrip("_"), str(end), f"ends before it starts ({first.rstrip('_')} {start})")]
        )


@frozen
class License:
    """A state's licence of one profession, or a compact's privilege to practise there."""

    table: ClassVar[str] = "licenses"

    practitioner: str = _owner("whose licence it is")
    jurisdiction: str = column(Jurisdiction(), "the state that gave it", needed=True, example="NY")
    profession: str = column(
        Choice(*PROFESSIONS), "the profession that it licenses", needed=True, example="clinical_social_worker"
    )
    number: str | None = column(Text(), "as the board prints it", example="R012345")
    status: str = column(
        Choice(*LICENSE_STATUS),
        "privilege: a compact's right to practise in person; telehealth: by telehealth only; associate: must be "
        "supervised; restricted: on probation or under terms",
        default="active",
    )
    independent: bool | None = column(
        YesNo(), "holds full independent authority, where the state grants it only after a transition"
    )
    issued: date | None = column(Day(), "good from this very day", example="2019-05-01")
    expires: date | None = column(Day(), "good on this very day", example="2028-04-30")

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "issued", "expires", self)


@frozen
class Registration:
    """A DEA registration of a person or a place (21 CFR 1301), or a state's own of a person."""

    table: ClassVar[str] = "registrations"

    practitioner: str | None = column(Id(), "whose it is; or leave it blank and name a site", kw_only=True, example="ines")
    site: str | None = column(Id(), "the hospital or clinic whose it is; or leave it blank and name a person", kw_only=True)
    issuer: str = column(
        Choice("dea", "state"), "the DEA, or the state's own controlled-substance registration", default="dea", kw_only=True
    )
    at_site: str | None = column(Id(), "the place of business where a person's is registered", kw_only=True)
    jurisdiction: str = column(Jurisdiction(), "where it is valid", needed=True, example="NY")
    number: str | None = column(Text(), "a DEA number's check digit must fit", example="FP1234563")
    schedules: tuple[str, ...] | None = column(
        Schedules(), "nothing means unknown; ketamine is 3N, which 3 (narcotics) does not hold", example="2 2N 3 3N 4 5"
    )
    issued: date | None = column(Day(), "good from this very day")
    expires: date | None = column(Day(), "good on this very day", example="2028-01-31")

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "issued", "expires", self)
        if self.issuer == "dea":
            if self.number is not None:
                try:
                    check_dea_number(self.number)
                except Misread as error:
                    raise RosterError([Problem(self.table, None, "number", self.number, error.expected)]) from None
            if roman_or_six(self.schedules):
                raise RosterError(
                    [Problem(self.table, None, "schedules", "6", "the DEA has no Schedule VI: is this a state's (issuer)?")]
                )


@frozen
class Coverage:
    """A malpractice policy of a person in a role, and what it asks."""

    table: ClassVar[str] = "coverage"

    practitioner: str = _owner("whose policy it is")
    role: str | None = column(Choice(*ROLES), "the role it covers; nothing means any", kw_only=True)
    carrier: str = column(Text(), "the insurer, by the name used everywhere", needed=True, example="Acorn Mutual")
    ketamine: bool | None = column(YesNo(), "whether the policy or its rider covers KAP", example="yes")
    presence: str | None = column(
        Choice(*reversed(PRESENCE)), "how much of the session the prescriber must be on site for", example="throughout"
    )
    same_site: bool | None = column(YesNo(), "whether both must be at the same site")
    in_clinic_only: bool | None = column(YesNo(), "whether the session must be in a clinic or hospital")
    specialties: tuple[str, ...] | None = column(Words(Specialty()), "the specialties it covers, if it names any")
    max_concurrent_sessions: int | None = column(Count(), "how many sessions at once it allows", unit="sessions")
    effective: date | None = column(Day(), "good from this very day", example="2026-01-01")
    expires: date | None = column(Day(), "good on this very day", example="2026-12-31")

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "effective", "expires", self)


@frozen
class Training:
    """A training, a modality learned, ongoing mentorship or a life-support certificate."""

    table: ClassVar[str] = "training"

    practitioner: str = _owner("who was trained")
    kind: str = column(Choice(*TRAINING), "what it was", needed=True, example="kap")
    name: str | None = column(Text(), "the programme, or the modality", example="KAP Training Cohort")
    hours: Decimal | None = column(Number(0, 100_000), "nothing means unknown", unit="hours", example="41")
    practicum: bool | None = column(YesNo(), "whether it had a practicum", example="yes")
    completed: date | None = column(Day(), "good from this very day", example="2024-06-01")
    expires: date | None = column(Day(), "good on this very day")

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "completed", "expires", self)


@frozen
class Hours:
    """When a person is on site in a typical week, in the site's local time."""

    table: ClassVar[str] = "hours"

    practitioner: str = _owner("who is on site")
    site: str = column(Id(), "where", needed=True, example="hudson")
    when: WeeklyHours | None = column(
        When(),
        "nothing: they work there, but nobody wrote down when; a night is written as two ranges",
        example="Mon-Thu 09:00-17:00; Fri 09:00-13:00",
    )
    from_: date | None = column(Day(), "from this very day")
    until: date | None = column(Day(), "until this very day")

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "from_", "until", self)


@frozen
class Absence:
    """Days away (both whole), or a time away on the site's clock (its end is not part of it)."""

    table: ClassVar[str] = "absences"

    practitioner: str = _owner("who is away")
    start: date = column(Moment(), "the first day away, or the moment", needed=True, example="2026-12-24")
    end: date = column(Moment(), "the last day away, or the moment of return", needed=True, example="2027-01-01")

    def __attrs_post_init__(self) -> None:
        if _is_time(self.start) and _is_time(self.end):
            if self.end <= self.start:
                raise RosterError(
                    [Problem(self.table, None, "end", str(self.end), f"is not after the start ({self.start})")]
                )
        elif _day(self.end) < _day(self.start):
            raise RosterError([Problem(self.table, None, "end", str(self.end), f"is before the start ({self.start})")])


@frozen
class Agreement:
    """An agreement of one practitioner with another: collaboration, supervision, consultation."""

    table: ClassVar[str] = "agreements"

    practitioner: str = _owner("who needs it: the nurse practitioner, the associate, the one who is mentored")
    with_: str = column(Id(), "the other one: the physician, the supervisor, the mentor", needed=True, example="ines")
    kind: str = column(Choice(*AGREEMENTS), "what it is", needed=True, example="collaboration")
    jurisdiction: str | None = column(Jurisdiction(), "where it holds; nothing means everywhere", example="NY")
    effective: date | None = column(Day(), "good from this very day")
    expires: date | None = column(Day(), "good on this very day")

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "effective", "expires", self)


@frozen
class Tie:
    """What two practitioners are to one another, either way round."""

    table: ClassVar[str] = "ties"

    a: str = column(Id(), "one practitioner", needed=True, example="ana")
    b: str = column(Id(), "the other", needed=True, example="ines")
    kind: str = column(Choice(*TIES), "what joins or parts them", needed=True, example="worked_with")
    weight: Decimal = column(Number(0, 1_000_000), "how strong, for form and the network", default=Decimal(1))


@frozen
class Practitioner:
    """A person of the roster, with what they hold nested inside where a roster is built in code.

    Examples
    --------
    >>> ana = Practitioner("ana", licenses=[License("NY", "clinical_social_worker")])
    >>> ana.licenses[0].status
    'active'
    """

    table: ClassVar[str] = "practitioners"

    practitioner: str = column(Id(), "the id that every other table uses", needed=True, example="ana")
    name: str | None = column(Text(), "as people know them", example="Ana Lindqvist")
    npi: str | None = column(Npi(), "the National Provider Identifier", example="1234567893")
    specialty: str | None = column(
        Specialty(), "a name such as psychiatry or psychiatric_nursing, or a NUCC taxonomy code"
    )
    roles: tuple[str, ...] | None = column(
        Words(Choice(*ROLES)), "what the person is willing to do; nothing: all that their licences allow"
    )
    modalities: tuple[str, ...] | None = column(
        Words(Text()), "nothing means unknown", example="internal_family_systems;emdr"
    )
    languages: tuple[str, ...] | None = column(Words(Language()), "BCP 47 tags", example="en;es")
    max_sessions_per_week: int | None = column(Count(), "in any role", unit="sessions")
    max_sessions_per_day: int | None = column(Count(), "in any role", unit="sessions")
    max_concurrent_sessions: int = column(Count(), "as prescriber, at once", default=1, unit="sessions")
    max_concurrent_dosing: int | None = column(
        Count(), "as prescriber: of those, how many at once in their dosing part", unit="sessions"
    )
    max_therapists: int | None = column(Count(), "as prescriber: partners in standing teams", unit="therapists")

    licenses: tuple[License, ...] = attrs.field(default=(), converter=tuple, kw_only=True)
    registrations: tuple[Registration, ...] = attrs.field(default=(), converter=tuple, kw_only=True)
    coverage: tuple[Coverage, ...] = attrs.field(default=(), converter=tuple, kw_only=True)
    training: tuple[Training, ...] = attrs.field(default=(), converter=tuple, kw_only=True)
    hours: tuple[Hours, ...] = attrs.field(default=(), converter=tuple, kw_only=True)
    absences: tuple[Absence, ...] = attrs.field(default=(), converter=tuple, kw_only=True)
    agreements: tuple[Agreement, ...] = attrs.field(default=(), converter=tuple, kw_only=True)

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.practitioner


def _is_time(moment: date) -> bool:
    return isinstance(moment, datetime)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
