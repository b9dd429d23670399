"""The content of a report: every section as frozen records, from one set of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import frozen

from kapteam.advice.changes import Change
from kapteam.advice.warnings import warnings_of
from kapteam.columns.logic import FAIL
from kapteam.draw.network import EVERYBODY, WIDTH, network_picture
from kapteam.draw.sites import by_name
from kapteam.draw.week import week_picture
from kapteam.matching.match import Plan
from kapteam.records.problems import Problem
from kapteam.report import law
from kapteam.report.answers import Answers
from kapteam.report.asking import Question, questions
from kapteam.report.left_out import LeftOut, left_out
from kapteam.report.links import Listed, Told, listed
from kapteam.report.people import sentences
from kapteam.report.prices import Proof, proof
from kapteam.report.sources import Source, numbered
from kapteam.report.teams import Member, members
from kapteam.report.wording import sentence
from kapteam.rules.rule import Finding
from kapteam.sessions.schedule import Schedule, Session

#: Characters that the pictures of single sites may take together, and one picture alone.
_MOST_DRAWN = 400_000
#: Sessions of a week above which each site has a picture of its own.
_MANY_SESSIONS = 120
#: Pixels across of a picture for a telephone.
_NARROW = 372


@frozen(eq=False)
class Drawn:
    """A picture of the network, as SVG for a page.

    Attributes
    ----------
    svg : str
    site : str or None
        The one site that it shows; None for all.
    failing : bool
        Whether links that fail are in it.
    narrow, paper : bool
        Whether it is for a telephone, or for paper, which cuts a picture that is higher than itself.
    """

    svg: str
    site: str | None = None
    failing: bool = False
    narrow: bool = False
    paper: bool = False


@frozen(eq=False)
class Week:
    """One of the weeks that are planned.

    Attributes
    ----------
    monday : date
    sessions : tuple of Session
    pictures : tuple of Drawn
        All of it, and for paper site by site; where it would be very large, only so; none where there is no session.
    """

    monday: date
    sessions: tuple[Session, ...]
    pictures: tuple[Drawn, ...]

    @property
    def held(self) -> Mapping[str, int]:
        """By site: how many of its sessions."""
        return Counter(s.site for s in self.sessions)

    @property
    def undrawn(self) -> int:
        """How many sites have sessions and no timetable, for want of room."""
        drawn = {d.site for d in self.pictures}
        return 0 if None in drawn else len(self.held.keys() - drawn)


@frozen(eq=False)
class Content:
    """What a report holds, section by section.

    Attributes
    ----------
    answers : Answers
    members : tuple of Member
        The teams.
    links : Listed
    pictures : tuple of Drawn
        The network; none where there is no link.
    said : mapping of str to str
        What is said of each person of the network, by id.
    weeks : tuple of Week
    rows : mapping of (str, str, str) to int
        By site, prescriber and therapist: which of the links that are listed it is.
    loads : tuple of (str, int, int, int)
        Of everyone in a session: how many they prescribe, sit and watch in; who sits in most first.
    left_out : tuple of LeftOut
    questions : tuple of Question
    places : tuple of law.Place
    telehealth_until : date or None
    proof : Proof or None
    warnings : tuple of Problem
        What of the roster is odd.
    sources : mapping of str to Source
        By citation.
    """

    answers: Answers
    members: tuple[Member, ...]
    links: Listed
    pictures: tuple[Drawn, ...]
    said: Mapping[str, str]
    weeks: tuple[Week, ...]
    rows: Mapping[tuple[str, str, str], int]
    loads: tuple[tuple[str, int, int, int], ...]
    left_out: tuple[LeftOut, ...]
    questions: tuple[Question, ...]
    places: tuple[law.Place, ...]
    telehealth_until: date | None
    proof: Proof | None
    warnings: tuple[Problem, ...]
    sources: Mapping[str, Source]

    @property
    def undrawn(self) -> list[str]:
        """The sites that have no picture of their own, where each should have one, for want of room."""
        facts, drawn = self.answers.plan.links.facts, {d.site for d in self.pictures}
        wanted = self.pictures and len(facts.people) > EVERYBODY
        return [site for site in facts.sites if site not in drawn] if wanted else []


def content(given: Answers) -> Content:
    """Put the answers together, section by section."""
    plan, facts = given.plan, given.plan.links.facts
    shown, without = listed(plan), left_out(plan)
    asked = questions(plan, shown)
    told = (*shown.teams, *shown.others)
    findings = [f for t in told for f in t.findings]
    for person in without:
        findings += [*person.story.findings, *(f for near in person.story.nearest for f in near.in_the_way)]
    findings += [f for question in asked for f in question.findings]
    return Content(
        answers=given,
        members=tuple(members(given, shown)),
        links=shown,
        pictures=tuple(_pictures(plan)),
        said=sentences(plan, {p.practitioner: sentence(facts, ". ".join(p.reasons)) for p in without}),
        weeks=tuple(_weeks(given)),
        rows={_ids(t): t.row for t in told},
        loads=tuple(_loads(given)),
        left_out=tuple(without),
        questions=tuple(asked),
        places=tuple(law.places(facts)),
        telehealth_until=law.telehealth_until(facts),
        proof=proof(plan),
        warnings=tuple(warnings_of(plan.links)),
        sources=numbered(_citations(findings)),
    )


def _pictures(plan: Plan) -> Iterator[Drawn]:
    """The network without and with what fails; of very many people the sites, and each site that is not too large."""
    links, made = plan.links, None if plan.conflicts else plan
    if not len(links):
        return

    def drawn(*, failing: bool = False, narrow: bool = False, site: str | None = None) -> Drawn:
        width = _NARROW if narrow else WIDTH
        picture = network_picture(links, made, site=site, failing=failing, width=width, titled=False)
        return Drawn(picture.svg(standalone=False), site, failing, narrow)

    small = len(links.facts.people) <= EVERYBODY
    for failing in (False, True) if small and (links.verdicts == FAIL).any() else (False,):
        yield drawn(failing=failing)
        yield drawn(failing=failing, narrow=True)
    if small:
        return
    sites = by_name(links.facts, range(len(links.facts.sites)))
    yield from _within(drawn(site=links.facts.sites[site]) for site in sites)


def first_to_last(changes: tuple[Change, ...]) -> list[Change]:
    """The things to do of a repair: what is to be asked first, then what takes longest, for it has to begin first."""
    return sorted(changes, key=lambda c: (not c.ask, -c.days, c.key))


def _ids(told: Told) -> tuple[str, str, str]:
    link = told.explained.link
    return link.site, link.prescriber, link.therapist


def _loads(given: Answers) -> list[tuple[str, int, int, int]]:
    sessions = given.schedule.sessions if given.schedule is not None else ()
    prescribes, sits, watches = (
        Counter(person for s in sessions for person in getattr(s, role))
        for role in ("prescribers", "therapists", "monitors")
    )
    everyone = sorted(prescribes.keys() | sits.keys() | watches.keys(), key=lambda p: (-sits[p], p))
    return [(person, prescribes[person], sits[person], watches[person]) for person in everyone]


def _citations(findings: list[Finding]) -> Iterator[str]:
    return (citation for finding in findings for citation in finding.citations)


def _weeks(given: Answers) -> Iterator[Week]:
    plan = given.schedule
    if plan is None or plan.keeping.conflicts:
        return
    calendar = plan.days.calendar
    for number in range(calendar.weeks):
        monday, after = calendar.date(7 * number), calendar.date(7 * number + 6)
        mine = tuple(s for s in plan.sessions if monday <= s.start.date() <= after)
        yield Week(monday, mine, tuple(_timetables(plan, number, mine)))


def _timetables(plan: Schedule, week: int, sessions: tuple[Session, ...]) -> Iterator[Drawn]:
    if not sessions:
        return
    few = len(sessions) <= _MANY_SESSIONS
    if few:
        yield Drawn(week_picture(plan, week, titled=False).svg(standalone=False))
    facts = plan.days.facts(0)
    sites = [facts.sites[code] for code in by_name(facts, {facts.site_code[s.site] for s in sessions})]
    if few and len(sites) == 1:
        return
    yield from _within(
        Drawn(week_picture(plan, week, site=s, titled=False).svg(standalone=False), s, paper=few) for s in sites
    )


def _within(drawn: Iterable[Drawn]) -> Iterator[Drawn]:
    """As many pictures as there is room for."""
    room = _MOST_DRAWN
    for one in drawn:
        room -= len(one.svg)
        if room < 0:
            return
        yield one
