"""Reports of nobody, of no hours, of odd and hostile names, of very many people, and of a roster with errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import a_browser
from hypothesis import given, settings

import kapteam
from clinics import house, someone
from kapteam.advice.check import Expiring
from kapteam.demo import practice_folder
from kapteam.io.read import read
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.records.practice import Practice
from kapteam.records.problems import Problem
from kapteam.report.page import errors_page, report
from kapteam.report.wording import ends
from kapteam.sessions.engine import Limits
from kapteam.show.plan import shown_plan
from kapteam.show.text import plain_text
from kapteam.show.words import unjudged
from report.reading_pages import Element, read_page, rows_of
from strategies import NO_PACKS, WINTER, Written, rosters

#: What a page may hold; whatever else is in it came out of a name.
OURS = {
    "a", "b", "bdi", "body", "br", "circle", "code", "dd", "desc", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "g", "h1", "h2", "h3", "h4", "head", "html", "input", "label", "legend", "li",
    "main", "meta", "nav", "ol", "p", "path", "rect", "script", "section", "span", "style", "summary", "svg", "table",
    "tbody", "td", "text", "th", "thead", "title", "tr", "ul", "button",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", '"><svg onload=alert(3)>', "{{ 7 * 7 }}",
    "=cmd|' /C calc'!A1", "&lt;b&gt; &amp; \u202e", "' onmouseover='alert(4)",
)  # fmt: skip


def _clinic(*names: str, **cells: str) -> Written:
    """A prescriber and a therapist for each pair of names, all on Mondays."""
    written = house({"north": "NY"})
    for number, name in enumerate(names):
        prescribes = number % 2 == 0
        someone(
            written, f"p{number}", "physician" if prescribes else "psychologist", {"north": "Mon 09:00-12:00"},
            presence="dosing" if prescribes else "", roles="prescriber" if prescribes else "therapist", name=name,
            **cells,
        )  # fmt: skip
    return written


def _report(written: Written, **options: Any) -> str:
    links = judged_links(written.roster(), written.on, packs=NO_PACKS)
    return report(match(links), limits=Limits(), **options)


def _page(written: Written) -> Element:
    return read_page(_report(written))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with a_browser() as found:
        yield found


def _opened(browser: Any, page: str, tmp_path: Path) -> tuple[Any, list[str]]:
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    opened, wrong = browser.new_page(viewport={"width": 390, "height": 800}), list[str]()
    opened.on("dialog", lambda d: (wrong.append(d.message), d.dismiss()))
    opened.on("console", lambda m: wrong.append(m.text))
    opened.on("pageerror", lambda e: wrong.append(str(e)))
    opened.goto(path.as_uri())
    return opened, wrong


def test_hostile_names_are_shown_and_do_nothing(browser: Any, tmp_path: Path) -> None:
    written = _clinic(*HOSTILE, modalities="<b>bold</b>")
    written.tables["sites"][0]["name"] = "<i>North</i>"
    page = _report(written)
    tree = read_page(page)
    assert {e.name for e in tree.within()} <= OURS
    assert not [e for e in tree.within() for a in e.attributes if a.startswith("on")]
    opened, wrong = _opened(browser, page, tmp_path)
    for mark in opened.locator(".network-picture:visible .person").all():
        mark.focus()
    opened.locator(".network-picture:visible path.link").first.dispatch_event("click")
    for field in opened.locator("input[type=search]").all():
        field.fill("<script>alert(5)</script>")
        field.fill("")
    assert wrong == []
    assert "<script>alert(1)</script>" in opened.locator("#main").inner_text()
    assert "49" not in {e.text for e in tree.all("bdi")}
    opened.close()


def test_an_address_that_somebody_made_up_does_nothing(browser: Any, tmp_path: Path) -> None:
    opened, wrong = _opened(browser, _report(_clinic("Dan", "Ana")), tmp_path)
    for made_up in (
        "at=%22%3E&open=nothing&teams.sort=nothing&teams.find=%3Cb%3E&link=99&person=x",
        "%E0%A4%A",
        "=&&=",
    ):
        opened.evaluate("hash => { location.hash = hash }", made_up)
        opened.wait_for_timeout(30)
    assert wrong == []
    opened.close()


def test_names_of_sixty_letters_and_from_right_to_left_stay_within_the_page(browser: Any, tmp_path: Path) -> None:
    long = "Maximiliane-Alexandrowna Wolkenstein-Trostburg von und zu Hohenfels"
    page = _report(_clinic(long, "W" * 60, "ליאת בן-דוד", "ليلى حدّاد"))
    opened, wrong = _opened(browser, page, tmp_path)
    for width in (320, 390, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    direction = "name => [...document.querySelectorAll('bdi')].find(e => e.textContent === name).matches(':dir(rtl)')"
    assert opened.evaluate(direction, "ليلى حدّاد")
    assert not opened.evaluate(direction, long)
    assert wrong == []
    opened.close()


def test_a_roster_of_nobody_who_may_do_anything_is_told_so_in_every_section(browser: Any, tmp_path: Path) -> None:
    written = house({"north": "NY"})
    written.add("practitioners", practitioner="sam")
    page = _report(written)
    tree = read_page(page)
    assert tree.only("h1").text.startswith("0 of 0 therapists are teamed")
    for section, said in (
        ("teams", "No team can be made on 2026-12-07"),
        ("network", "there is no link to judge"),
        ("week", "Nobody on this roster has hours"),
        ("left-out", "Nobody: everyone who could be in a team is in one"),
        ("help", "0 therapists teamed as it is. Nothing that could be mended would team more"),
        ("shortage", "None: every therapist with a link that could be used is teamed"),
        ("ask", "No single fact that nobody wrote down would make a better plan"),
        ("ends", "Nothing ends within 60 days"),
    ):
        assert said in tree.id(section).text, section
    opened, wrong = _opened(browser, page, tmp_path)
    assert wrong == []
    opened.close()


def test_where_no_team_can_be_made_everybody_is_told_why() -> None:
    written = _clinic("Dan", "Ana")
    for row in written.tables["coverage"]:
        row["ketamine"] = "no"
    tree = _page(written)
    assert "No team can be made" in tree.id("teams").text
    rows = rows_of(tree, "left")
    assert [r.attributes["data-find"] for r in rows] == ["p0", "p1"]
    assert all("does not cover KAP" in r.cell("why").text for r in rows)
    assert all("KAP rider" in r.cell("turns").text for r in rows)
    assert rows_of(tree, "steps")  # riders for both would team them
    assert "No session in the week" in tree.id("week").text


def test_with_unknown_facts_allowed_each_team_says_what_to_verify() -> None:
    written = _clinic("Dan", "Ana")
    written.tables["coverage"][0]["ketamine"] = ""
    links = judged_links(written.roster(), written.on, packs=NO_PACKS)
    without, with_them = (read_page(report(match(links, unknown=u))) for u in ("exclude", "allow"))
    assert not rows_of(without, "teams")
    (question,) = rows_of(without, "asks")
    carrier = written.tables["coverage"][0]["carrier"]
    assert question.cell("ask").text == f"{carrier}:"
    assert question.cell("question").text == "does Dan's policy cover KAP?"
    text = " ".join(plain_text(shown_plan(match(links))).split())
    assert f"Ask first {carrier}: does Dan's policy cover KAP? (p0) adds 1 place" in text
    (team,) = rows_of(with_them, "teams")
    assert "to verify" in team.cell("stands").text
    assert "To verify first: does the policy cover KAP?" in team.text
    (session,) = {"to verify" in r.cell("therapist").text for r in rows_of(with_them, "sessions")}
    assert session
    assert "Unknown facts were taken to turn out well" in with_them.id("ask").text


def test_a_what_if_says_so_and_what_was_tried() -> None:
    links = judged_links(_clinic("Dan", "Ana").roster(), WINTER, packs=NO_PACKS)
    said = ["Dan's policy covers KAP, which is hoped for", "<b>one</b> hour more"]
    tree = read_page(report(match(links), tried=said))
    block = tree.id("tried")
    assert block.only("h2").text == "What was tried"
    assert "This is a what-if" in block.text
    assert [item.text for item in block.all("li")] == said
    assert "tried" not in read_page(report(match(links))).ids


def test_law_that_is_not_judged_is_told_below_the_answer() -> None:
    written = _clinic("Dan", "Ana")
    before = judged_links(written.roster(), written.on, packs=NO_PACKS)
    assert "not judged" not in read_page(report(match(before))).id("answer").text
    off = Practice.of({"rules": {"legal.license": "off"}})
    links = judged_links(written.roster().with_tables({}, off), written.on, packs=NO_PACKS)
    answer = read_page(report(match(links))).id("answer")
    (line,) = [e for e in answer.within() if "grave" in e.classes]
    assert line.text == f"✗ {unjudged(links.rulebook)}"
    assert "legal.license" in line.text
    assert "fail" in line.classes


def test_the_name_of_the_roster_stands_on_its_report() -> None:
    plan = match(judged_links(_clinic("Dan", "Ana").roster(), WINTER, packs=NO_PACKS))
    tree = read_page(report(plan, of="winter <plan>.xlsx"))
    for said in (tree.all("title")[0].text, tree.only("nav").text):
        assert "Teams on 2026-12-07, winter <plan>.xlsx" in said


def test_people_without_a_name_are_written_as_the_roster_writes_them() -> None:
    written = _clinic("Dan", "Ana")
    for row in written.tables["practitioners"]:
        row["name"] = ""
    written.tables["coverage"][0]["ketamine"] = "no"
    text = _page(written).id("left-out").text
    assert "p0's policy with" in text
    assert "P0" not in text


def test_what_ends_names_the_partner_of_an_agreement() -> None:
    facts = judged_links(_clinic("Dan", "Ana").roster(), WINTER, packs=NO_PACKS).facts
    agreement = Expiring("p1", "consultation agreement with p0", WINTER)
    assert ends(facts, agreement) == "consultation agreement with Dan"
    assert ends(facts, Expiring("p1", "collaboration agreement with Dr. No", WINTER)).endswith("with Dr. No")


def test_a_plan_that_cannot_be_is_told_with_its_reasons() -> None:
    written = _clinic("Dan", "Ana")
    written.tables["coverage"][0]["ketamine"] = "no"
    plan = match(judged_links(written.roster(), written.on, packs=NO_PACKS), keep=[("p0", "p1")])
    tree = read_page(report(plan))
    assert tree.only("h1").text == "No plan keeps what was to be kept:"
    assert "p0" in tree.id("answer").text or "Dan" in tree.id("answer").text
    assert "There is no plan" in tree.id("left-out").text


def test_several_partners_and_fairness_have_their_reports_too() -> None:
    links = judged_links(_clinic("Dan", "Ana", "Eva", "Ben").roster(), WINTER, packs=NO_PACKS)
    several = read_page(report(match(links, max_partners=2)))
    assert several.only("h1").text.startswith("2 of 2 therapists are teamed, in 4 places")
    assert "up to 2 prescribers" in several.id("rests").text
    fair = read_page(report(match(links, fair="points")))
    assert "The worst-off has" in fair.id("answer").text


def test_without_time_nothing_is_called_proven_that_is_not() -> None:
    tree = read_page(report(match(judged_links(read(practice_folder()), WINTER)), limits=Limits(deadline=0)))
    assert "no plan is worth more than" in tree.id("week").text
    assert "Nothing that teams more was found in the time given; at most" in tree.id("help").text
    assert "proven" not in tree.id("help").text + tree.id("week").text


def test_errors_are_a_page_by_file_row_and_column(browser: Any, tmp_path: Path) -> None:
    problems = [
        Problem(
            "licenses", 2, "profession", "<b>phisician</b>", "expected a profession", ("physician",), "licenses.csv"
        ),
        Problem("sites", 10, "setting", None, "is needed", source="sites.csv"),
        Problem("sites", 9, "name", "x" * 500, "is odd", source="sites.csv", level="warning"),
    ]
    page = errors_page(problems, of="practice.xlsx")
    tree = read_page(page)
    assert tree.only("h1").text == "2 errors in the roster: nothing was judged."
    assert tree.all("title")[0].text == "2 errors in practice.xlsx: nothing was judged"
    said = [[r.cell(k).text for k in ("level", "file", "row", "column")] for r in rows_of(tree, "problems")]
    assert said == [
        ["✗error", "licenses.csv", "2", "profession"], ["✗error", "sites.csv", "10", "setting"],
        ["!warning", "sites.csv", "9", "name"],
    ]  # fmt: skip
    assert "did you mean 'physician'?" in rows_of(tree, "problems")[0].cell("expected").text
    assert {e.name for e in tree.within()} <= OURS
    opened, wrong = _opened(browser, page, tmp_path)
    opened.locator('[data-sort="row"] button').click()
    assert opened.locator(".row .c-row").all_inner_texts() == ["10", "9", "2"]
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert wrong == []
    opened.close()


def test_three_hundred_errors_are_all_there() -> None:
    problems = [Problem("hours", n, "when", "Mo", "expected hours", source="hours.csv") for n in range(2, 302)]
    assert len(rows_of(read_page(errors_page(problems)), "problems")) == 300


def test_very_many_people_are_told_within_bounds_and_what_is_left_out_is_said(browser: Any, tmp_path: Path) -> None:
    written = house({f"s{n:02}": "NY" for n in range(20)})
    for number in range(240):
        prescribes, site = number % 5 == 0, f"s{number % 20:02}" if number % 5 else f"s{number // 5 % 20:02}"
        someone(
            written, f"p{number:03}", "physician" if prescribes else "psychologist", {site: "Mon 09:00-12:00"},
            presence="dosing" if prescribes else "",
        )  # fmt: skip
    page = _report(written)
    tree = read_page(page)
    links = rows_of(tree, "links")
    assert len(page.encode()) < 5_000_000
    teamed = len(rows_of(tree, "teams"))
    assert tree.only("h1").text.startswith(f"{teamed} of")
    assert teamed > 30
    assert "more are left out to keep this file small: kapteam links ROSTER" in tree.id("network").text
    assert any("is left out to keep this file small" in r.text for r in links)
    drawn = [d.attributes["data-site"] for d in tree.all("details") if "data-site" in d.attributes]
    assert drawn == [f"s{n:02}" for n in range(len(drawn))]  # the first by name
    assert 0 < len(drawn) < 20
    network = tree.id("network").text
    assert f"{len(drawn)} sites of 20, by name, have their people drawn here. The other " in network
    opened, wrong = _opened(browser, page, tmp_path)
    opened.locator('.network-picture:visible [data-site="s01"]').first.press("Enter")
    assert opened.locator('details[data-site="s01"][open] .person').first.is_visible()
    opened.locator('#drawn [data-site="s19"]:visible').first.click()
    assert "kapteam draw ROSTER --site s19 --on" in opened.locator("#sentence").inner_text()
    assert wrong == []
    opened.close()


@settings(max_examples=8)
@given(rosters())
def test_every_roster_has_a_page_that_is_well_formed_and_tells_its_teams(written: Written) -> None:
    links = judged_links(written.roster(), written.on, packs=NO_PACKS)
    plan = match(links)
    tree = read_page(report(plan))
    assert len(rows_of(tree, "teams")) == plan.objective.teamed
    assert {e.name for e in tree.within()} <= OURS
    ids = [e.attributes["id"] for e in tree.within() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    anchors = {a.attributes["href"][1:] for a in tree.all("a") if a.attributes["href"].startswith("#")}
    assert anchors <= set(ids)


def test_the_example_in_code_has_a_report() -> None:
    plan = kapteam.links(kapteam.example(), on=date(2026, 12, 7)).match().plan
    assert len(rows_of(read_page(report(plan)), "sessions")) == 3


def test_where_too_much_would_have_to_be_tried_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = match(judged_links(read(practice_folder()), date(2026, 12, 7)))
    monkeypatch.setattr("kapteam.advice.repair.MOST_LINKS", 100)
    said = read_page(report(plan)).id("help").text
    assert "links would have to be tried, with the hours that people might be given, and at most 100" in said
