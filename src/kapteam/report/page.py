"""The report as one file of HTML: content put into templates, with its style and script inside."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kapteam.draw import demand
from kapteam.draw.palette import css as palette
from kapteam.records.problems import Problem
from kapteam.report import wording
from kapteam.rules.words import listed
from kapteam.show import plan as plan_words
from kapteam.show import repair as repair_words
from kapteam.show import resilience as resilience_words
from kapteam.show import week as week_words
from kapteam.show import words

if TYPE_CHECKING:
    from jinja2 import Environment

    from kapteam.matching.match import Plan
    from kapteam.report.content import Content
    from kapteam.sessions.engine import Limits
    from kapteam.sessions.schedule import Schedule

_REASONS, _WARNINGS = 200, 200  # that are told
_HERE = Path(__file__).parent
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# What HTML cannot hold, or a reader could be misled by: control characters, and halves of surrogate pairs.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def report(
    plan: Plan,
    *,
    week: date | None = None,
    weeks: int = 1,
    within: int = 60,
    planned: Schedule | None = None,
    limits: Limits | None = None,
    of: str = "",
    tried: Sequence[str] = (),
) -> str:
    """The report of a plan, as one HTML document that needs nothing else.

    Parameters
    ----------
    plan : Plan
        The standing teams.
    week : date, optional
        A day of the first week to plan; the first Monday from the day judged on where none is given.
    weeks : int
        How many.
    within : int
        Days to look ahead for what ends.
    planned : Schedule, optional
        A plan of the same roster's sessions, to be told instead of a new one.
    limits : Limits, optional
        How long to look for better weeks and repairs; what is not proven then says so.
    of : str
        What the roster is called: the name of its file or folder.
    tried : sequence of str
        What was changed to see what would come of it, a sentence for each; it makes the report one of a what-if.

    Examples
    --------
    >>> from datetime import date
    >>> import kapteam
    >>> plan = kapteam.links(kapteam.example(), on=date(2026, 12, 7)).match().plan
    >>> report(plan).startswith("<!doctype html>")
    True
    """
    from kapteam.report.answers import answers
    from kapteam.report.content import content

    asked = answers(plan, week=week, weeks=weeks, within=within, planned=planned, limits=limits)
    return page(content(asked), of=of, tried=tried)


def page(content: Content, *, of: str = "", tried: Sequence[str] = ()) -> str:
    """The report of some content; see :func:`report`."""
    from kapteam.report.content import first_to_last

    plan, planned = content.answers.plan, content.answers.schedule
    facts = plan.links.facts
    roster = facts.roster
    pictures = [drawn.svg for drawn in content.pictures] + [
        drawn.svg for week in content.weeks for drawn in week.pictures
    ]
    return _whole(
        "report.html", pictures, c=content, a=content.answers, plan=plan, schedule=planned,
        repairs=content.answers.repairs, facts=facts, name=lambda id: roster.people[id].label,
        person=partial(words.person, facts), place=partial(words.place, facts), site=roster.places.__getitem__,
        code=facts.person_code.__getitem__, serves=partial(demand.serves, roster), told=partial(demand.told, roster),
        ends=partial(wording.ends, facts),
        sentence=partial(wording.sentence, facts), asks=partial(plan_words.asks, facts), of=of, tried=tuple(tried),
        unjudged=words.unjudged(plan.links.rulebook), weighed=_weighed(planned), first_to_last=first_to_last,
        therapists=int(facts.candidate["therapist"].sum()), weights=facts.law.practice.weights,
        explain=partial(_explain, plan), draws=partial(_draws, plan),
        undrawn={site: _draws(plan, site) for site in content.undrawn},
        marks={name: mark for name, (mark, _) in words.MARKS.items()},
        most_reasons=_REASONS, most_warnings=_WARNINGS, severities=plan.links.rulebook.severities,
    )  # fmt: skip


def errors_page(problems: Sequence[Problem], *, of: str = "") -> str:
    """The page of a roster that cannot be used: every problem by file, row and column; ``of``: what it is called."""
    errors = [p for p in problems if p.level == "error"]
    return _whole("errors.html", [], problems=problems, errors=errors, of=of)


def _weighed(planned: Schedule | None) -> int | None:
    """What the sessions are worth by the priorities of demand, where that is told."""
    if planned is None or planned.keeping.conflicts:
        return None
    worth = planned.objective
    return worth.value if worth.value != worth.sessions else None


def _explain(plan: Plan, *ids: str, site: str | None = None) -> str:
    """The command that tells more of one or two people."""
    where = ["--site", site] if site else []
    day = ["--on", plan.on.isoformat()]
    return shlex.join(["kapteam", "explain", "ROSTER", *ids, *where, *day])


def _draws(plan: Plan, site: str) -> str:
    """The command that draws one site."""
    return shlex.join(["kapteam", "draw", "ROSTER", "--site", site, "--on", plan.on.isoformat(), "-o", "FILE.svg"])


def _whole(template: str, pictures: Iterable[str], **said: Any) -> str:
    """A template filled in, and a policy that lets this very style and script run, and nothing be loaded."""
    style, script = palette() + "\n" + (_HERE / "style.css").read_text(encoding="utf-8"), _script()
    style += (_HERE / "report.css").read_text(encoding="utf-8")
    styles = dict.fromkeys([style, *(s for picture in pictures for s in _STYLE.findall(picture))])
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {' '.join(map(_hash, styles))}; "
        "base-uri 'none'; form-action 'none'"
    )
    filled = _templates().get_template(template).render(
        style=style, script=script, policy=policy, version=version("kapteam"), **said
    )  # fmt: skip
    return _UNSAYABLE.sub("\ufffd", filled)


def _script() -> str:
    return (_HERE / "report.js").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    found.globals |= {
        "count": words.count, "money": words.money, "turned_by": words.turned_by, "question": plan_words.question,
        "added": plan_words.added, "answer": plan_words.answer, "week_answer": week_words.answer,
        "repair_answer": repair_words.answer, "rests_on": words.rests_on, "loses": resilience_words.loses,
        "fairly": plan_words.fairly, "in_words": listed,
    }  # fmt: skip
    # What this package wrote itself: pictures, whose texts are escaped where they are drawn, style and script.
    found.filters |= {"ours": Markup, "question": plan_words.question}
    return found
