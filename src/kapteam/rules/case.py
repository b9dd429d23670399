"""One subject of one rule, with the records behind it: what a finding is put into words from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from attrs import Factory, define

from kapteam.columns.facts import Facts, in_force
from kapteam.columns.members import Members
from kapteam.columns.own import own_rows
from kapteam.columns.pairs import Pairs
from kapteam.columns.policies import policy_row
from kapteam.law.day import Known
from kapteam.records.people import License, Practitioner, Registration, Training
from kapteam.records.places import Site
from kapteam.records.zones import state_name

#: How the citation of an entry ends that was read in a secondary source only.
LOW = "low confidence)"


@define(eq=False)
class Case:
    """A subject and its verdict.

    Attributes
    ----------
    facts : Facts
    status : str
        The verdict's word.
    role : str
        The role of the one it is about; empty for a link.
    members : Members
        Whose rows ``row`` counts; the therapists' for a link.
    row : int
        The row that it is about.
    pairs, link : Pairs and int, optional
        The link, where the subject is one.
    citations : list of str
        What the words rest on, beside what the rule always cites.
    notes : list of str
        What the law's sources add: a condition, a caveat.
    """

    facts: Facts
    status: str
    role: str
    members: Members
    row: int
    pairs: Pairs | None = None
    link: int = -1
    citations: list[str] = Factory(list)
    notes: list[str] = Factory(list)

    @property
    def site(self) -> Site:
        """The record of the site."""
        return self.facts.roster.places[self.facts.sites[self.members.site[self.row]]]

    @property
    def person(self) -> Practitioner:
        """The one it is about; of a link the therapist."""
        return self._practitioner(int(self.members.person[self.row]))

    @property
    def prescriber(self) -> Practitioner:
        """Of a link its prescriber, else the one it is about."""
        if self.pairs is None:
            return self.person
        return self._practitioner(int(self.pairs.prescriber_person[self.link]))

    @property
    def therapist(self) -> Practitioner:
        """Of a link its therapist, else the one it is about."""
        if self.pairs is None:
            return self.person
        return self._practitioner(int(self.pairs.therapist_person[self.link]))

    @property
    def might_come(self) -> str | None:
        """Where it is only supposed, by distance, that the prescriber comes to the site: that nobody wrote it down."""
        supposed, pairs = self.facts.supposed, self.pairs
        members, row = (self.members, self.row) if pairs is None else (pairs.prescribers, pairs.prescriber[self.link])
        at = int(members.supposed[row])
        if supposed is None or at < 0:
            return None
        home = self.facts.roster.places[self.facts.sites[supposed.nearest[at]]].label
        km = round(float(supposed.distance[at]))
        far = f"{km} km" if km else "less than 1 km"
        return f"nobody wrote down whether {self.prescriber.label} would come to {self.site.label}, {far} from {home}"

    @property
    def state(self) -> str:
        """The code of the site's jurisdiction."""
        return self.site.jurisdiction

    @property
    def day(self) -> date:
        """The day judged."""
        return self.facts.day

    def fill(self, template: str) -> str:
        """A template with its names filled in; a name that is none stays as written."""
        return template.format_map(_Names(self))

    @property
    def subject(self) -> str:
        """The subject by ids."""
        if self.pairs is not None:
            return f"{self.prescriber.practitioner} + {self.therapist.practitioner} at {self.site.site}"
        return f"{self.person.practitioner} as {self.role} at {self.site.site}"

    def cite(self, known: Known | None, *, with_note: bool = True) -> None:
        """Rest the finding on a fact of the law, and take over its note."""
        if known is not None:
            entry = known.entry
            read = "" if entry is None else f" (read {entry.checked}, {entry.confidence} confidence)"
            self.citations.append(known.source + read)
            if known.note and with_note:
                self.notes.append(known.note)

    def licenses(self, *, here: bool = True, in_force_only: bool = True) -> list[License]:
        """The person's licences, of the site's jurisdiction or all."""
        return [
            x for x in self.own("licenses")
            if (not here or x.jurisdiction == self.state)
            and (not in_force_only or in_force(self.day, x.issued, x.expires))
        ]  # fmt: skip

    def registrations(self, issuer: str, *, in_force_only: bool = True) -> list[Registration]:
        """The person's registrations of an issuer in the site's jurisdiction."""
        return [
            x for x in self.own("registrations")
            if x.issuer == issuer and x.jurisdiction == self.state
            and (not in_force_only or in_force(self.day, x.issued, x.expires))
        ]  # fmt: skip

    def trainings(self, *kinds: str) -> list[Training]:
        """The person's trainings of these kinds in force."""
        return [
            x for x in self.own("training")
            if x.kind in kinds and in_force(self.day, x.completed, x.expires)
        ]  # fmt: skip

    def own(self, table: str) -> list[Any]:
        """The person's rows of a table."""
        return own_rows(self.facts, table, self.person.practitioner)

    def _practitioner(self, code: int) -> Practitioner:
        return self.facts.roster.people[self.facts.people[code]]


def _carrier(case: Case) -> str:
    policy = policy_row(case.facts, case.person.practitioner, case.role) if case.role else None
    return policy.carrier if policy else "the carrier"


_NAMED: Mapping[str, Callable[[Case], str]] = {
    "person": lambda case: case.person.label,
    "prescriber": lambda case: case.prescriber.label,
    "therapist": lambda case: case.therapist.label,
    "site": lambda case: case.site.label,
    "state": lambda case: state_name(case.state),
    "code": lambda case: case.state,
    "day": lambda case: case.day.isoformat(),
    "role": lambda case: case.role,
    "carrier": _carrier,
    "threshold": lambda case: f"{case.facts.law.practice.thresholds.kap_training_hours:f}",
}
#: What a template may name.
NAMES = frozenset(_NAMED)


class _Names(dict[str, str]):
    """What a template may name of a case, each found where it is named: most templates name one or two."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case

    def __missing__(self, name: str) -> str:
        return _NAMED[name](self.case) if name in _NAMED else "{" + name + "}"
