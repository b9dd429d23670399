"""What one line of a pack says, and what it rests on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen


@frozen
class Entry:
    """One statement of one jurisdiction's law, good for a range of days.

    Parameters
    ----------
    jurisdiction
        A USPS code such as ``"NY"``, or ``"US"`` for the federal law.
    subject
        A prescribing profession, or ``""`` for the whole place.
    key
        What is stated: ``ketamine``, ``routes``, ``autonomy``, ``agreement_with``, ``transition_hours``,
        ``transition_years``, ``transition_needs``, ``state_registration``, ``presence`` or ``telehealth``. Of the
        federal law: ``telehealth``, ``ketamine_schedule``, ``registration_by_state``, ``registration_at_place``,
        ``agents_and_employees``, ``patient_order`` or ``in_person_evaluation``.
    value
        A word, or for ``routes`` and ``agreement_with`` a tuple of words; for ``transition_hours`` and
        ``transition_years`` a number as text, which keeps a decimal exact. ``transition_needs`` says whether ``both``
        are asked for or ``either`` is enough. ``patient_order = rems_only``: a pharmacy may send the practitioner what
        a patient was prescribed where a risk strategy (REMS) asks for monitoring.
    from_, until
        The first and the last day on which it is good; both count, ``None`` is open. A ``from_`` of ``None``
        means that nobody looked further back, not that the law was ever so.
    source
        Title and URL of what was read.
    checked
        The day on which it was read.
    confidence
        ``high`` (the statute or rule itself), ``medium`` (an official page about it) or ``low``.
    note
        A condition in words, or a caveat, for whoever reads the finding.

    Examples
    --------
    >>> from datetime import date
    >>> first, last, checked = date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)
    >>> entry = Entry("US", "", "telehealth", "yes", first, last, "https://...", checked, "high", "")
    >>> entry.in_force(date(2025, 12, 31)), entry.in_force(date(2026, 1, 1))
    (True, False)
    """

    jurisdiction: str
    subject: str
    key: str
    value: str | tuple[str, ...]
    from_: date | None
    until: date | None
    source: str
    checked: date
    confidence: str
    note: str

    def in_force(self, day: date) -> bool:
        """Whether the statement is good on that day, both of its ends included."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


@frozen
class Carrier:
    """What a malpractice carrier is known to ask, cell by cell as in the coverage table.

    Parameters
    ----------
    name
        As a practice writes it in the ``carrier`` column; it matches exactly.
    aliases
        What else people write. No verdict follows from an alias: whoever wrote one is told the name.
    insures
        ``prescriber``, ``therapist`` or ``both``.
    cells
        Only what is known, by the coverage table's keys: ``ketamine``, ``same_site`` and ``in_clinic_only``
        (bool), ``presence`` (str), ``specialties`` (tuple of str), ``max_concurrent_sessions`` (int).
    source, checked, confidence, note
        As in `Entry`; the source may be ``"none found"`` where there are no cells.
    """

    name: str
    aliases: tuple[str, ...]
    insures: str
    # A dict behind a Mapping: a read-only proxy could be neither pickled nor copied. A dict has no hash.
    cells: Mapping[str, object] = field(hash=False)
    source: str
    checked: date
    confidence: str
    note: str


@frozen
class Modality:
    """A way of doing therapy, and whether a source counts it as trauma therapy or as complementing KAP.

    Parameters
    ----------
    key
        kapteam's own word, such as ``internal_family_systems``.
    name, aliases
        What people write; each belongs to one modality only.
    trauma, complementary
        ``None`` where no source says either way.
    source, confidence
        As in `Entry`; the source may be ``"none found"`` where neither flag is known.
    """

    key: str
    name: str
    aliases: tuple[str, ...]
    trauma: bool | None
    complementary: bool | None
    source: str
    confidence: str


@frozen
class TrainingProgramme:
    """A training that exists, with what its provider says of it.

    Parameters
    ----------
    name, provider
        As the provider writes them.
    aliases
        What else people write for this training and no other.
    hours
        Hours of the whole programme, ``None`` where no source states them.
    practicum, experiential
        Whether it holds supervised practice, or the trainee's own experience; ``None`` where no source says.
    source, checked, confidence, note
        As in `Entry`.
    """

    name: str
    aliases: tuple[str, ...]
    provider: str
    hours: Decimal | None
    practicum: bool | None
    experiential: bool | None
    source: str
    checked: date
    confidence: str
    note: str


@frozen
class SpecialtyCode:
    """A NUCC provider taxonomy code in kapteam's words.

    Parameters
    ----------
    code, name
        The code and its display name, for example ``2084P0800X``, ``Psychiatry Physician``.
    profession
        As in the licences table.
    specialty
        kapteam's name of the specialty, or ``""`` where the code tells a profession only.
    """

    code: str
    name: str
    profession: str
    specialty: str


@frozen
class Compact:
    """An agreement between states about each other's licences, and how far it has come.

    Parameters
    ----------
    key, name
        kapteam's own word, such as ``pa_compact``, and the name in prose.
    professions
        Whose licences, as in the licences table.
    gives
        ``privilege`` (to practise in person), ``telehealth`` (by telehealth only), or ``license``: a shorter road to
        each state's own full licence, and no privilege.
    issues_since
        The day since which that is really given; ``None`` means not yet. A compact is law long before it issues.
    states
        The USPS codes that give or accept it now; empty where they are not known.
    days_a_year
        The days a year for which it is good in each state, ``None`` where it has no such limit.
    source, checked, confidence, note
        As in `Entry`.
    """

    key: str
    name: str
    professions: tuple[str, ...]
    gives: str
    issues_since: date | None
    states: tuple[str, ...]
    days_a_year: int | None
    source: str
    checked: date
    confidence: str
    note: str

    def issues(self, day: date) -> bool:
        """Whether it is really given on that day."""
        return self.issues_since is not None and self.issues_since <= day
