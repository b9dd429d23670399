"""Who there is: practitioners and what they hold, learned, agreed and are on site for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from kapteam.records import spellings
from kapteam.records.dates import Day, Moment
from kapteam.records.hours import WeeklyHours, When
from kapteam.records.identifiers import Language, Npi, Schedules, Specialty, check_dea_number, claims_six
from kapteam.records.kinds import Choice, Count, Id, Number, Text, Words, YesNo
from kapteam.records.problems import Misread, Problem, RosterError
from kapteam.records.table import column, nested, record
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


def _ordered(table: str, first: str, last: str, record: Any) -> None:
    """Raise where a row ends before it starts; both ends count, so one day is enough."""
    start, end = getattr(record, first), getattr(record, last)
    if start is not None and end is not None and end < start:
        raise RosterError(
            [
                Problem(
                    table,
                    None,
                    last.rstrip("_"),
                    str(end),
                    f"ends before it starts ({first.rstrip('_')} {start})",
                )
            ]
        )


@record
class License:
    """A state's licence of one profession, or a compact's privilege to practise there."""

    table: ClassVar[str] = "licenses"

    practitioner: str = column(Id(), "whose licence it is", needed=True, default=None, kw_only=True, example="ana")
    jurisdiction: str = column(Jurisdiction(), "the state that gave it", needed=True, example="NY")
    profession: str = column(
        Choice(*PROFESSIONS, meant=spellings.PROFESSIONS),
        "the profession that it licenses",
        needed=True,
        example="clinical_social_worker",
    )
    number: str | None = column(Text(), "as the board prints it", example="R012345", default=None)
    status: str = column(
        Choice(*LICENSE_STATUS),
        "privilege: a compact's right to practise in person; telehealth: by telehealth only; associate: must be "
        "supervised; restricted: on probation or under terms",
        default="active",
    )
    independent: bool | None = column(
        YesNo(),
        "holds full independent authority, where the state grants it only after a transition",
        default=None,
    )
    issued: date | None = column(Day(), "good from this very day", example="2019-05-01", default=None)
    expires: date | None = column(Day(), "good on this very day", example="2028-04-30", default=None)

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "issued", "expires", self)


@record
class Registration:
    """A DEA registration of a person or a place (21 CFR 1301), or a state's own of a person."""

    table: ClassVar[str] = "registrations"

    practitioner: str | None = column(
        Id(), "whose it is; or leave it blank and name a site", kw_only=True, example="ines", default=None
    )
    site: str | None = column(
        Id(),
        "the hospital or clinic whose it is; or leave it blank and name a person",
        kw_only=True,
        default=None,
    )
    issuer: str = column(
        Choice("dea", "state"),
        "the DEA, or the state's own controlled-substance registration",
        default="dea",
        kw_only=True,
    )
    at_site: str | None = column(
        Id(), "the place of business where a person's is registered", kw_only=True, default=None
    )
    jurisdiction: str = column(Jurisdiction(), "where it is valid", needed=True, example="NY")
    number: str | None = column(Text(), "a DEA number's check digit must fit", example="FP1234563", default=None)
    schedules: Sequence[str] | None = column(
        Schedules(),
        "nothing means unknown; ketamine is 3N, which 3 (narcotics) does not hold",
        example="2 2N 3 3N 4 5",
        default=None,
    )
    issued: date | None = column(Day(), "good from this very day", default=None)
    expires: date | None = column(Day(), "good on this very day", example="2028-01-31", default=None)

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "issued", "expires", self)
        if self.issuer == "dea":
            if self.number is not None:
                try:
                    check_dea_number(self.number)
                except Misread as error:
                    raise RosterError(
                        [Problem(self.table, None, "number", self.number, error.expected, error.nearest)]
                    ) from None
            if claims_six(self.schedules):
                raise RosterError(
                    [
                        Problem(
                            self.table,
                            None,
                            "schedules",
                            "6",
                            "the DEA has no Schedule VI: is this a state's (issuer)?",
                        )
                    ]
                )


@record
class Coverage:
    """A malpractice policy of a person in a role, and what it asks."""

    table: ClassVar[str] = "coverage"

    practitioner: str = column(Id(), "whose policy it is", needed=True, default=None, kw_only=True, example="ana")
    role: str | None = column(
        Choice(*ROLES, meant=spellings.ROLES), "the role it covers; nothing means any", kw_only=True, default=None
    )
    carrier: str = column(Text(), "the insurer, by the name used everywhere", needed=True, example="Acorn Mutual")
    ketamine: bool | None = column(YesNo(), "whether the policy or its rider covers KAP", example="yes", default=None)
    presence: str | None = column(
        Choice(*reversed(PRESENCE)),
        "how much of the session the prescriber must be on site for",
        example="throughout",
        default=None,
    )
    same_site: bool | None = column(YesNo(), "whether both must be at the same site", default=None)
    in_clinic_only: bool | None = column(YesNo(), "whether the session must be in a clinic or hospital", default=None)
    specialties: Sequence[str] | None = column(
        Words(Specialty()), "the specialties it covers, if it names any", default=None
    )
    max_concurrent_sessions: int | None = column(
        Count(), "how many sessions at once it allows", unit="sessions", default=None
    )
    effective: date | None = column(Day(), "good from this very day", example="2026-01-01", default=None)
    expires: date | None = column(Day(), "good on this very day", example="2026-12-31", default=None)

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "effective", "expires", self)


@record
class Training:
    """A training, a modality learned, ongoing mentorship or a life-support certificate."""

    table: ClassVar[str] = "training"

    practitioner: str = column(Id(), "who was trained", needed=True, default=None, kw_only=True, example="ana")
    kind: str = column(Choice(*TRAINING), "what it was", needed=True, example="kap")
    name: str | None = column(Text(), "the programme, or the modality", example="KAP Training Cohort", default=None)
    hours: Decimal | None = column(
        Number(0, 100_000), "nothing means unknown", unit="hours", example="41", default=None
    )
    practicum: bool | None = column(YesNo(), "whether it had a practicum", example="yes", default=None)
    completed: date | None = column(Day(), "good from this very day", example="2024-06-01", default=None)
    expires: date | None = column(Day(), "good on this very day", default=None)

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "completed", "expires", self)


@record
class Hours:
    """When a person is on site in a typical week, in the site's local time."""

    table: ClassVar[str] = "hours"

    practitioner: str = column(Id(), "who is on site", needed=True, default=None, kw_only=True, example="ana")
    site: str = column(Id(), "where", needed=True, example="hudson")
    when: WeeklyHours | None = column(
        When(),
        "nothing: they work there, but nobody wrote down when; a night is written as two ranges",
        example="Mon-Thu 09:00-17:00; Fri 09:00-13:00",
        default=None,
    )
    from_: date | None = column(Day(), "from this very day", default=None)
    until: date | None = column(Day(), "until this very day", default=None)

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "from_", "until", self)


@record
class Absence:
    """Days away (both whole), or a time away on the site's clock (its end is not part of it)."""

    table: ClassVar[str] = "absences"

    practitioner: str = column(Id(), "who is away", needed=True, default=None, kw_only=True, example="ana")
    start: date = column(Moment(), "the first day away, or the moment", needed=True, example="2026-12-24")
    end: date = column(Moment(), "the last day away, or the moment of return", needed=True, example="2027-01-01")

    def __attrs_post_init__(self) -> None:
        end = Moment().show(self.end)
        if isinstance(self.end, datetime):
            # A moment of return is no part of the absence: at midnight of its first day nobody was away.
            if self.end <= datetime.combine(self.start, _clock(self.start)):
                raise RosterError(
                    [
                        Problem(
                            self.table,
                            None,
                            "end",
                            end,
                            f"is not after the start ({Moment().show(self.start)})",
                        )
                    ]
                )
        elif self.end < _day(self.start):
            raise RosterError(
                [Problem(self.table, None, "end", end, f"is before the start ({Moment().show(self.start)})")]
            )


@record
class Agreement:
    """An agreement of one practitioner with another: collaboration, supervision, consultation."""

    table: ClassVar[str] = "agreements"

    practitioner: str = column(
        Id(),
        "who needs it: the nurse practitioner, the associate, the one who is mentored",
        needed=True,
        default=None,
        kw_only=True,
        example="ana",
    )
    with_: str = column(Id(), "the other one: the physician, the supervisor, the mentor", needed=True, example="ines")
    kind: str = column(Choice(*AGREEMENTS), "what it is", needed=True, example="collaboration")
    jurisdiction: str | None = column(
        Jurisdiction(), "where it holds; nothing means everywhere", example="NY", default=None
    )
    effective: date | None = column(Day(), "good from this very day", default=None)
    expires: date | None = column(Day(), "good on this very day", default=None)

    def __attrs_post_init__(self) -> None:
        _ordered(self.table, "effective", "expires", self)


@record
class Tie:
    """What two practitioners are to one another, either way round."""

    table: ClassVar[str] = "ties"

    a: str = column(Id(), "one practitioner", needed=True, example="ana")
    b: str = column(Id(), "the other", needed=True, example="ines")
    kind: str = column(Choice(*TIES), "what joins or parts them", needed=True, example="worked_with")
    weight: Decimal = column(Number(0, 1_000_000), "how strong, for form and the network", default=Decimal(1))


@record
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
    name: str | None = column(Text(), "as people know them", example="Ana Lindqvist", default=None)
    npi: str | None = column(Npi(), "the National Provider Identifier", example="1234567893", default=None)
    specialty: str | None = column(
        Specialty(), "a name such as psychiatry or psychiatric_nursing, or a NUCC taxonomy code", default=None
    )
    roles: Sequence[str] | None = column(
        Words(Choice(*ROLES, meant=spellings.ROLES)),
        "what the person is willing to do; nothing: all that their licences allow",
        default=None,
    )
    modalities: Sequence[str] | None = column(
        Words(Text()), "nothing means unknown", example="internal_family_systems;emdr", default=None
    )
    languages: Sequence[str] | None = column(Words(Language()), "BCP 47 tags", example="en;es", default=None)
    max_sessions_per_week: int | None = column(Count(), "in any role", unit="sessions", default=None)
    max_sessions_per_day: int | None = column(Count(), "in any role", unit="sessions", default=None)
    max_concurrent_sessions: int = column(Count(), "as prescriber, at once", default=1, unit="sessions")
    max_concurrent_dosing: int | None = column(
        Count(),
        "as prescriber: of those, how many at once in their dosing part",
        unit="sessions",
        default=None,
    )
    max_therapists: int | None = column(
        Count(), "as prescriber: partners in standing teams", unit="therapists", default=None
    )

    licenses: Sequence[License] = nested(License, default=(), kw_only=True)
    registrations: Sequence[Registration] = nested(Registration, default=(), kw_only=True)
    coverage: Sequence[Coverage] = nested(Coverage, default=(), kw_only=True)
    training: Sequence[Training] = nested(Training, default=(), kw_only=True)
    hours: Sequence[Hours] = nested(Hours, default=(), kw_only=True)
    absences: Sequence[Absence] = nested(Absence, default=(), kw_only=True)
    agreements: Sequence[Agreement] = nested(Agreement, default=(), kw_only=True)

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.practitioner


def _clock(moment: date) -> time:
    return moment.time() if isinstance(moment, datetime) else time()


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
