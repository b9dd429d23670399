"""What the server answers: the page, its parts, each change, what is dropped in, what is saved."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import attrs
from attrs import define, field
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

import kapteam.demo
from kapteam.app import asked, saves
from kapteam.app.address import View, view_of
from kapteam.app.contents import Contents, Week
from kapteam.app.edits import Step, Without
from kapteam.app.opened import KINDS, Desk, Opened, checked, on_disk
from kapteam.app.work import Workshop
from kapteam.app.worked_out import Stopped
from kapteam.app.wrong_cells import Sheet, sheets
from kapteam.draw import palette
from kapteam.draw.network import network_picture
from kapteam.records.problems import RosterError, UsageError
from kapteam.show.words import MARKS, count

_SCRIPTS = ("app.js", "htmx.min.js")
_TAKEN = "an .xlsx workbook, a .json document, or a .zip of CSV files"
#: Pixels that a picture is wide: alone, beside another, and on a telephone.
_ALONE, _BESIDE, _NARROW = 920, 640, 356


@define(eq=False)
class Pages:
    """The page of one server.

    Attributes
    ----------
    desk : Desk
        The rosters that are open.
    first : Opened or None
        The one that was named on the command line, if it can be used.
    wrong : Wrong or None
        What is wrong with it, if it cannot.
    on : date
        The day judged, unless an address says otherwise.
    week : date or None
        A day of the week planned, unless an address says otherwise; the first Monday from ``on`` where none is given.
    """

    desk: Desk
    on: date
    week: date | None = None
    first: Opened | None = None
    wrong: Wrong | None = None
    workshop: Workshop = field(factory=Workshop, init=False)
    _templates: Environment = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("kapteam.app"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals |= {
            "marks": MARKS,
            "count": count,
            "picture_of_network": _network,
            "what_if": saves.WHAT_IF,
        }
        self._templates.filters["query"] = urlencode

    def application(self) -> Starlette:
        """The routes."""
        return Starlette(
            routes=[
                Route("/", self._answer(self.page)),
                Route("/look.css", self._answer(self.look)),
                Route("/static/{name}", self._answer(self.script)),
                Route("/week", self._answer(self.week_part)),
                Route("/facts", self._answer(self.facts)),
                Route("/hours", self._answer(self.hours)),
                Route("/person", self._answer(self.person)),
                Route("/link", self._answer(self.link)),
                Route("/session", self._answer(self.session)),
                Route("/change/{kind}", self._answer(self.change), methods=["POST"]),
                Route("/open", self._answer(self.open), methods=["POST"]),
                Route("/shipped", self._answer(self.shipped)),
                Route("/save/{name}", self._answer(self.save)),
            ]
        )

    # -- the page --

    async def page(self, request: Request) -> Response:
        """The whole page of a view; without one, that of the roster that was named."""
        if "base" not in request.query_params:
            if self.first is None:
                return self._html("empty.html", opened=None, wrong=self.wrong)
            return RedirectResponse(self._first_view(self.first).address(), 303)
        found = self._contents(dict(request.query_params))
        return await self._worked(request, lambda stop: self._html("page.html", c=found, tab=""))

    async def week_part(self, request: Request) -> Response:
        """The week of a view, once it is worked out, and what it adds to the headline."""
        found = self._contents(dict(request.query_params))

        def work(stop: threading.Event) -> Response:
            weeks = found.weeks(stop)
            pictures = found.timetables(stop)
            return self._html(
                "week.html", c=found, w=Week(*weeks), headline=found.headline(weeks), rests=found.rests(stop),
                pictures=[Markup(svg) for svg in pictures],
            )  # fmt: skip

        return await self._worked(request, work)

    async def facts(self, request: Request) -> Response:
        """The facts that can be ticked; nothing where those that the page has are still the ones."""
        found = self._contents(dict(request.query_params))
        if request.query_params.get("known") == found.offers_key:
            return Response(status_code=204)

        def work(stop: threading.Event) -> Response:
            asks, rest = found.offers(stop)
            return self._html("facts.html", c=found, asks=asks, rest=rest)

        return await self._worked(request, work)

    async def hours(self, request: Request) -> Response:
        """A person's week at a site, to be painted."""
        found, asked_for = self._contents(dict(request.query_params)), request.query_params
        if asked_for.get("practitioner", "") not in found.roster.people:
            return self._html("hours.html", c=found, person="")
        person = asked_for["practitioner"]
        site = found.roster.place(asked_for.get("site") or found.posted(person)).site

        def work(stop: threading.Event) -> Response:
            return self._html("hours.html", c=found, person=person, site=site, **found.grid(person, site))

        return await self._worked(request, work)

    async def person(self, request: Request) -> Response:
        """One person: their team, or why they have none."""
        found, id = self._contents(dict(request.query_params)), request.query_params.get("id", "")
        found.roster.person(id)

        def work(stop: threading.Event) -> Response:
            told, why = found.story(id)
            return self._html("person.html", c=found, told=told, why=why)

        return await self._worked(request, work)

    async def link(self, request: Request) -> Response:
        """One link: every rule's finding."""
        found, p = self._contents(dict(request.query_params)), request.query_params

        def work(stop: threading.Event) -> Response:
            links = found.links_of(p.get("prescriber", ""), p.get("therapist", ""), p.get("site", ""))
            return self._html("link.html", c=found, links=links)

        return await self._worked(request, work)

    async def session(self, request: Request) -> Response:
        """The links of one session of the week, before or after."""
        found, uid = self._contents(dict(request.query_params)), request.query_params.get("uid", "")

        def work(stop: threading.Event) -> Response:
            return self._html("link.html", c=found, links=found.links_of_session(uid, stop))

        return await self._worked(request, work)

    # -- changes --

    async def change(self, request: Request) -> Response:
        """The view after a change, as the parts of the page that it touches."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        found, kind = self._contents(form), request.path_params["kind"]

        def work(stop: threading.Event) -> Response:
            view = self._after(kind, form, found, stop)
            after = Contents(view, found.opened)
            made = view.steps[view.done - 1] if kind not in ("undo", "redo") else None
            if made in after.world.idle:
                raise UsageError(after.world.idle[made])
            headers = {"HX-Push-Url": view.address()}
            return self._html("changed.html", c=after, controls=kind in _BEYOND_CONTROLS, headers=headers)

        return await self._worked(request, work)

    def _after(self, kind: str, form: dict[str, str], found: Contents, stop: threading.Event) -> View:
        view, base = found.view, found.opened.roster
        step: Step
        match kind:
            case "undo":
                return view.undone()
            case "redo":
                return view.redone()
            case "without":
                step = Without(asked.target_of(form.get("target", "")))
            case "all":
                return view.then(*(Without(e.target) for e in view.edits))
            case "severity":
                step = asked.severity(form, base)
            case "unknowns":
                step = asked.unknowns(form)
            case "hours":
                step = asked.hours(form, base, view.on)
            case "cancel":
                step = asked.cancel(form)
            case "hire":
                step = asked.hire(form, found.after.links)
            case "fact":
                step = asked.fact(form, found.opened.bench.offers(view.on, view.edits, stop).offered)
            case _:
                raise UsageError(f"there is no change called {kind!r}")
        return view.then(step)

    # -- rosters --

    async def open(self, request: Request) -> Response:
        """A file that was dropped in: opened where it is good, else its errors beside its cells."""
        form = await request.form()
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise UsageError(f"choose a file: {_TAKEN}")
        name, content = file.filename, await file.read()
        if Path(name).suffix.casefold() not in KINDS:
            raise UsageError(f"{name!r} is no roster: expected {_TAKEN}")
        days = {k: v for k, v in form.items() if isinstance(v, str)}

        def work(stop: threading.Event) -> Response:
            with on_disk(name, content) as path:
                try:
                    opened = self.desk.put(checked(path), name)
                except RosterError as error:
                    return self._html("wrong.html", wrong=Wrong.of(name, path, error))
            view = self._first_view(opened)
            if days.get("on") and days.get("week"):
                kept = view_of({"on": days["on"], "week": days["week"]})
                view = attrs.evolve(view, on=kept.on, week=kept.week)
            return Response(status_code=204, headers={"HX-Redirect": view.address()})

        return await self._worked(request, work)

    async def shipped(self, request: Request) -> Response:
        """The practice that ships with kapteam."""

        def work(stop: threading.Event) -> Response:
            opened = self.desk.put(checked(kapteam.demo.practice_folder()), "the practice that ships with kapteam")
            view = View(opened.name, kapteam.demo.DAY, monday_from(kapteam.demo.DAY))
            return RedirectResponse(view.address(), 303)

        return await self._worked(request, work)

    # -- files --

    async def save(self, request: Request) -> Response:
        """A file to be saved."""
        found, name = self._contents(dict(request.query_params)), request.path_params["name"]

        def work(stop: threading.Event) -> Response:
            match name:
                case "roster.xlsx":
                    saved = saves.roster_file(found.roster, found.tried)
                case "teams.json":
                    saved = saves.plan_file(found.after, found.tried)
                case "week.json":
                    saved = saves.week_file(found.weeks(stop)[1], found.tried)
                case "week.ics":
                    saved = saves.calendar_file(found.weeks(stop)[1], datetime.now(UTC), found.tried)
                case "report.html":
                    limits = found.opened.bench.limits(stop)
                    saved = saves.report_file(found.after, found.view.week, limits, found.opened.label, found.tried)
                case _:
                    raise UsageError(f"there is no file {name!r} to save")
            said = {"content-disposition": f'attachment; filename="{saved.name}"'}
            return Response(saved.content, media_type=saved.media, headers=said)

        return await self._worked(request, work)

    async def look(self, request: Request) -> Response:
        """The look: the colours, what the report has as well, and what only the page has."""
        own = (files("kapteam.app") / "static" / "app.css").read_text(encoding="utf-8")
        shared = (files("kapteam.report") / "style.css").read_text(encoding="utf-8")
        return Response(palette.css() + shared + own, media_type="text/css")

    async def script(self, request: Request) -> Response:
        """A script of the page."""
        name = request.path_params["name"]
        if name not in _SCRIPTS:
            return Response(status_code=404)
        return Response((files("kapteam.app") / "static" / name).read_bytes(), media_type="text/javascript")

    # -- what they share --

    def _first_view(self, opened: Opened) -> View:
        return View(opened.name, self.on, self.week or monday_from(self.on))

    def _contents(self, fields: dict[str, str]) -> Contents:
        view = view_of(fields)
        if view.base not in self.desk.rosters:
            raise NotOpen
        return Contents(view, self.desk.rosters[view.base])

    def _html(self, template: str, headers: dict[str, str] | None = None, **content: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**content), headers=headers)

    async def _worked(self, request: Request, work: Callable[[threading.Event], Response]) -> Response:
        return await self.workshop.done(request, work)

    def _answer(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """A handler whose known errors are told on the page."""

        async def answered(request: Request) -> Response:
            part = request.headers.get("hx-request") == "true"
            try:
                return await handler(request)
            except Stopped:
                return Response(status_code=503)
            except NotOpen:
                said, status = "the roster of this address is not open here: drop it in again", 404
            except RosterError as error:
                said, status = "; ".join(str(p) for p in error.problems[:5]), 422
            except UsageError as error:
                said, status = str(error), 422
            except Exception:  # a mistake of kapteam's own: the page goes on, and the terminal tells of it
                traceback.print_exc()
                said, status = "kapteam made a mistake here, and nothing was changed; the terminal says which", 500
            said = said[:1].upper() + said[1:]
            name = "refused.html" if part else "message.html"
            answer = self._html(name, said=said, opened=self.first)
            answer.status_code = status
            return answer

        return answered


@attrs.frozen
class Wrong:
    """A file that cannot be used yet.

    Attributes
    ----------
    name : str
        What the file is called.
    sheets : list of Sheet
        Its sheets with errors.
    errors : int
    """

    name: str
    sheets: list[Sheet]
    errors: int

    @classmethod
    def of(cls, name: str, path: Path, error: RosterError) -> Wrong:
        """What is wrong with the file at a path."""
        return cls(name, sheets(path, error.problems), sum(p.level == "error" for p in error.problems))


class NotOpen(Exception):
    """An address is of a roster that is not open, or not any more."""


#: The changes after which the controls show something else than what was done with them.
_BEYOND_CONTROLS = ("undo", "redo", "without", "all", "hire", "cancel")


def monday_from(day: date) -> date:
    """The first Monday from a day on, that day included."""
    return day + timedelta(days=-day.weekday() % 7)


def _network(contents: Contents, which: str, *, beside: bool, narrow: bool) -> Markup:
    """The picture of the teams before or after."""
    plan = contents.before if which == "before" else contents.after
    width = _NARROW if narrow else _BESIDE if beside else _ALONE
    return Markup(network_picture(plan.links, plan, titled=False, width=width).svg(standalone=False))
