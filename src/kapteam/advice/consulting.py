"""Who could consult for whom: every pair of therapists judged by what a mentor must be and have."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.columns.facts import NURSES, THERAPY, Bools, Facts
from kapteam.columns.logic import FAIL, PASS, UNKNOWN, Verdicts, conjunction
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.columns.trainings import trainings
from kapteam.records.people import AGREEMENTS, LICENSE_STATUS
from kapteam.rules import ethics

#: What a mentor must be and have, in the order in which it is told; those of ``ethics`` are the rules of that name.
CRITERIA = ("mentor.license", "ethics.kap_training", "ethics.experiential", "ethics.practicum", "mentor.experience")
#: What a tie of the two counts for how well they fit, and what a complementary modality that both have.
TIED, SHARED = 2, 1

_ACTIVE = [LICENSE_STATUS.index(status) for status in ("active", "privilege")]


@define(eq=False, slots=False)
class Consulting:
    """The candidates as therapists, and each pair of one who needs a mentor with one who could be it.

    Attributes
    ----------
    facts : Facts
    people : array of int, shape (people,)
        The codes of the candidates; everything else counts their positions here.
    mentees : array of int, shape (mentees,)
        Those who need a mentor.
    learned : dict of str to array of int8, shape (people,)
        Each one's verdicts on the criteria that are theirs alone.
    licensed : array of int8, shape (people,)
        A verdict: whether they hold a licence that counts, of any jurisdiction.
    license : array of int8, shape (mentees, people)
        A verdict: whether they hold one of a jurisdiction where the mentee is.
    never : array of bool, shape (mentees, people)
        Whether the two are one person, or one avoids the other, or the mentee is the other's mentor already.
    fit : array of int8, shape (mentees, people)
        How well the two fit.
    """

    facts: Facts
    people: Index
    mentees: Index
    learned: dict[str, Verdicts]
    licensed: Verdicts
    license: NDArray[np.int8]
    never: Bools
    fit: NDArray[np.int8]

    @cached_property
    def able(self) -> Verdicts:
        """A verdict on each person: what they have learned, and whether they hold a licence at all."""
        return conjunction(self.licensed, *self.learned.values())

    @cached_property
    def verdicts(self) -> NDArray[np.int8]:
        """A verdict on each pair."""
        return np.where(self.never, FAIL, np.minimum(self.license, self.able)).astype(np.int8)

    def at(self, criterion: str, mentee: int) -> Verdicts:
        """Everybody's verdicts on a criterion, as mentors of one mentee."""
        return self.license[mentee] if criterion == "mentor.license" else self.learned[criterion]

    def short(self, mentee: int, mentor: int) -> tuple[str, ...]:
        """The criteria that do not pass of a pair."""
        return tuple(c for c in CRITERIA if self.at(c, mentee)[mentor] <= UNKNOWN)

    @cached_property
    def already(self) -> list[tuple[str, ...]]:
        """By person: the ids of those who have a consultation agreement with them in force, sorted."""
        found: list[set[int]] = [set() for _ in self.people]
        place = _places(self.facts, self.people)
        agreements = self.facts.agreements
        rows = np.flatnonzero((agreements.kind == AGREEMENTS.index("consultation")) & (place[agreements.partner] >= 0))
        for row in rows:
            found[place[agreements.partner[row]]].add(int(agreements.person[row]))
        return [tuple(self.facts.people[p] for p in sorted(whom)) for whom in found]


def consulting(facts: Facts, *, hours: int | Decimal, anywhere: bool) -> Consulting:
    """Judge everyone; see :func:`kapteam.advice.mentors.mentors` for what is asked."""
    people = np.flatnonzero(facts.candidate["therapist"])
    members = Members(facts, "therapist", people, np.zeros(len(people), np.int64))  # what was learned has no place
    mentored = ethics.mentorship.verdicts(members)
    mentees = np.flatnonzero(mentored < PASS)
    learned = {rule.id: rule.verdicts(members) for rule in (ethics.kap_training, ethics.experiential, ethics.practicum)}
    known = trainings(facts)
    much = (mentored >= PASS) | (known.kap_hours.mapped(lambda had: had >= hours)[people] > 0)
    learned["mentor.experience"] = np.where(much, PASS, np.where(known.kap_blank[people], UNKNOWN, FAIL)).astype(
        np.int8
    )
    worth = _licenses(members)
    licensed = worth.max(axis=1, initial=FAIL)
    license = np.tile(licensed, (len(mentees), 1)) if anywhere else _here(facts, worth, people[mentees])
    return Consulting(
        facts=facts,
        people=people,
        mentees=mentees,
        learned=learned,
        licensed=licensed,
        license=license,
        never=_tied(facts, people, mentees, "avoids")
        | _consulted(facts, people, mentees)
        | (mentees[:, None] == np.arange(len(people))),
        fit=TIED * _tied(facts, people, mentees, "prefers", "worked_with") + SHARED * _shared(facts, people, mentees),
    )


def _licenses(members: Members) -> NDArray[np.int8]:
    """Of each person in each jurisdiction: whether they hold an active licence (or privilege) of a therapy profession.

    A nurse's counts by the specialty, and is unknown where that is blank.
    """
    facts, held = members.facts, members.facts.licenses
    row = _places(facts, members.person)[held.person]
    counts = np.flatnonzero((row >= 0) & np.isin(held.status, _ACTIVE))
    row, profession = row[counts], held.profession[counts]
    by_specialty = members.specialty_in(["psychiatric_nursing"])[row]
    by_profession = np.where(np.isin(profession, list(THERAPY)), PASS, FAIL)
    worth = np.full((len(members), len(facts.jurisdictions)), FAIL, np.int8)
    verdict = np.where(np.isin(profession, list(NURSES)), by_specialty, by_profession).astype(np.int8)
    np.maximum.at(worth, (row, held.jurisdiction[counts]), verdict)
    return worth


def _here(facts: Facts, worth: NDArray[np.int8], mentees: Index) -> NDArray[np.int8]:
    """Of each mentee and person: their best licence where the mentee has hours; without any, where there is a site."""
    where = np.zeros((len(facts.people), len(facts.jurisdictions)), bool)
    where[facts.postings.person, facts.site_jurisdiction[facts.postings.site]] = True
    nowhere = ~where.any(axis=1)
    where[np.ix_(nowhere, np.unique(facts.site_jurisdiction))] = True
    theirs = where[mentees].astype(np.float32)
    passes, open_ = (theirs @ (worth == v).T.astype(np.float32) > 0 for v in (PASS, UNKNOWN))
    return np.where(passes, PASS, np.where(open_, UNKNOWN, FAIL)).astype(np.int8)


def _consulted(facts: Facts, people: Index, mentees: Index) -> Bools:
    """Whether a person has it agreed that the mentee consults for them: so nobody is their own mentor's mentor."""
    held = facts.agreements
    agreed = np.flatnonzero(held.kind == AGREEMENTS.index("consultation"))
    person, mentor = _places(facts, people)[held.person[agreed]], _places(facts, people[mentees])[held.partner[agreed]]
    both = (person >= 0) & (mentor >= 0)
    found = np.zeros((len(mentees), len(people)), bool)
    found[mentor[both], person[both]] = True
    return found


def _tied(facts: Facts, people: Index, mentees: Index, *kinds: str) -> Bools:
    """Whether a tie of one of these kinds joins a mentee and a person, either way round."""
    ties = np.concatenate([facts.ties[kind] for kind in kinds])
    column, row = _places(facts, people), _places(facts, people[mentees])
    found = np.zeros((len(mentees), len(people)), bool)
    for a, b in ((ties[:, 0], ties[:, 1]), (ties[:, 1], ties[:, 0])):
        these = (row[a] >= 0) & (column[b] >= 0)
        found[row[a[these]], column[b[these]]] = True
    return found


def _shared(facts: Facts, people: Index, mentees: Index) -> Bools:
    """Whether a mentee and a person have a complementary modality in common."""
    held = trainings(facts).complementary[people]
    common = np.zeros((len(mentees), len(people)), bool)
    for octet in held.T:
        common |= (octet[mentees, None] & octet) != 0
    return common


def _places(facts: Facts, people: Index) -> Index:
    """By person: their position among some, -1 where they are none of them."""
    place = np.full(len(facts.people), -1)
    place[people] = np.arange(len(people))
    return place
