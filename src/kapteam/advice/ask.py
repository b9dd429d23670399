"""What to ask a person whom the roster knows too little of, to learn whether they could be someone's partner."""

from __future__ import annotations

from collections.abc import Iterable

from kapteam.network.links import Links
from kapteam.records.zones import state_name
from kapteam.rules.rule import Finding
from kapteam.rules.rulebook import START_RULES

#: By rule: what to ask where it fails, and where it is unknown. ``{you}`` is the one who cannot be there either.
_WORDS = {
    "legal.license": (
        "do they hold a licence in {state} that lets them prescribe?",
        "what do the terms of their {state} licence allow?",
    ),
    "legal.authority": (
        "do they hold a further licence in {state}, of a profession that may prescribe ketamine?",
        "may their profession prescribe ketamine in {state}?",
    ),
    "legal.registration": (
        "do they hold a DEA registration in {state} that lists 3N?",
        "does their {state} DEA certificate list 3N?",
    ),
    "legal.state_registration": (
        "do they hold {state}'s own controlled-substance registration?",
        "does {state} want its own controlled-substance registration of them, and do they hold it?",
    ),
    "legal.site_registration": (
        "are they, or is {site}, registered with the DEA at that address, for 3N?",
        "does the DEA certificate for {site} list 3N?",
    ),
    "legal.agreement": (
        "do they have the agreement that {state} asks of their profession?",
        "do they need an agreement in {state}, and do they have one?",
    ),
    "legal.evaluation": (
        "can they see each patient once in person in {state}?",
        "can they see each patient once in person in {state}?",
    ),
    "legal.therapy_license": (
        "do they hold a psychotherapy licence in {state}?",
        "what do the terms of their {state} licence allow, or what is their specialty?",
    ),
    "malpractice.cover": (
        "do they have a malpractice policy as {role}, and does it cover KAP?",
        "do they have a malpractice policy as {role}, and does it cover KAP?",
    ),
    "malpractice.ketamine": (
        "can KAP be added to their policy as {role}?",
        "does their policy as {role} cover KAP?",
    ),
    "malpractice.specialty": (
        "is there a policy for their specialty?",
        "what is their specialty?",
    ),
    "malpractice.in_clinic": (
        "would their carrier cover sessions at {site}?",
        "would their carrier cover sessions at {site}?",
    ),
    "ethics.kap_training": (
        "have they had more KAP training than is written down? {threshold} hours are asked",
        "how many hours was their KAP training? {threshold} are asked",
    ),
    **dict.fromkeys(START_RULES, ("when could {whom} be at {site}?",) * 2),
}
#: What is no question of its own where there is no licence at all: the licence decides it.
_OF_THE_LICENCE = ("legal.authority", "legal.agreement")


def questions(links: Links, row: int, other: int, findings: Iterable[Finding], *, failing: bool) -> tuple[str, ...]:
    """What to ask one of the two of a link, from the findings in its way.

    Parameters
    ----------
    links : Links
    row : int
        The link.
    other : int
        Whom to ask, as the code of a person.
    findings : iterable of Finding
        What is in the way; what is about the other of the two alone asks nothing of this one.
    failing : bool
        Whether to ask about what fails as well, and not only about what nobody wrote down.
    """
    facts, pairs = links.facts, links.pairs
    site = facts.roster.places[facts.sites[pairs.site[row]]]
    id = facts.people[other]
    about = {f"{id} as {role} at {site.site}": role for role in ("prescriber", "therapist")}
    wanted = [f for f in findings if f.status == "unknown" or failing]
    unlicensed = any(f.rule == "legal.license" and f.status == "fail" for f in wanted)
    said = []
    for f in wanted:
        alone = " as " in f.subject and f.subject not in about
        if alone or (unlicensed and f.rule in _OF_THE_LICENCE):
            continue
        template = _WORDS.get(f.rule, ("can this be mended? {message}", "is this so? {message}"))[f.status == "unknown"]
        said.append(
            template.format(
                state=state_name(site.jurisdiction),
                site=site.label,
                role=about.get(f.subject, ""),
                threshold=f"{facts.law.practice.thresholds.kap_training_hours:f}",
                whom=_whom(links, row, other),
                message=f.message,
            )
        )
    return tuple(dict.fromkeys(said))


def _whom(links: Links, row: int, other: int) -> str:
    """Whose hours at the site nobody wrote down: they, the one who asks, or both."""
    facts, pairs = links.facts, links.pairs
    site, postings = pairs.site[row], facts.postings
    both = {int(pairs.prescriber_person[row]), int(pairs.therapist_person[row])}
    written = {int(p) for p in postings.person[(postings.site == site) & ~postings.unwritten]}
    me = next(iter(both - {other}), other)
    names = {me: facts.roster.people[facts.people[me]].label, other: "they"}
    missing = [names[p] for p in dict.fromkeys((other, me)) if p not in written]
    return " and ".join(missing or [names[p] for p in dict.fromkeys((other, me))])
