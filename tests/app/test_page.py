"""The page in a browser: every what-if from end to end, in two tabs, by mouse and by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from asking import DAY, PRACTICE, run, validate
from browsing import a_browser
from playwright.sync_api import expect

import kapteam
from kapteam.app.address import view_of
from kapteam.app.edits import Severity
from kapteam.io.read import read, write
from kapteam.records.practice import Practice

ON = date.fromisoformat(DAY)
RUIZ = "Dr. Tomás Ruiz: Ridgeline Casualty confirms that the policy covers KAP"
#: Milliseconds within which the page must have shown what it was asked for.
PATIENCE = 20_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with a_browser() as found:
        yield found


@contextmanager
def tab(browser: Any, address: str, *, cut_off: bool = False, **how: Any) -> Iterator[Any]:
    """A tab with the page; anything asked of elsewhere, and any complaint of the browser, is a failure.

    ``cut_off``: the server is out of reach for a while, of which the browser complains.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked, wrong = list[str](), list[str]()
    watch(page, asked, wrong, ("ERR_FAILED", "htmx:sendError") if cut_off else ())
    page.goto(address)
    try:
        yield page
        assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
        assert wrong == []
    finally:
        context.close()


def watch(page: Any, asked: list[str], wrong: list[str], also: tuple[str, ...] = ()) -> None:
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def heard(said: Any) -> None:
        # What the server refuses, and what the page dropped itself, is told by the page.
        meant = ("status of 4", "Error Code 4", "htmx:afterRequest", "htmx:sendAbort", *also)
        if said.type in ("error", "warning") and not any(words in said.text for words in meant):
            wrong.append(said.text)

    page.on("console", heard)


def settled(page: Any) -> str:
    """The headline once the week is there as well."""
    page.locator("#headline .busy").wait_for(state="detached")
    page.locator("#week[aria-busy=false] .pictures").wait_for()
    return str(page.locator("#headline .say").inner_text())


@contextmanager
def shown(page: Any) -> Iterator[list[str]]:
    """What the headline says after what is done meanwhile, once the week is there as well."""
    said: list[str] = []
    with page.expect_response(lambda answer: urlsplit(answer.url).path == "/week" and answer.ok):
        yield said
    said.append(settled(page))


def choose(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def view_in(page: Any) -> Any:
    return view_of(dict(parse_qsl(urlsplit(page.url).query)))


# --- Each what-if -------------------------------------------------------------------------------------------


def test_the_page_shows_the_practice_as_it_is(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        said = settled(page)
        plan = kapteam.links(read(PRACTICE), on=ON).match()
        assert said.startswith(f"{plan.objective.teamed} of 27 therapists are teamed, and no plan teams more (proven)")
        assert page.locator("#teams .picture svg .person").count() > 40
        assert page.locator("#week .picture svg .session").count() == 31
        assert page.locator("#undo").get_attribute("aria-disabled") == "true"
        assert "token" not in page.url
        assert page.title() == "practice: what if · kapteam"


def test_a_fact_that_is_ticked_shows_what_it_changes_and_rests_on(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        tick = page.get_by_role("checkbox", name=RUIZ)
        with shown(page) as said:
            tick.check()
        assert said == ["+2 teamed, +2 sessions, in 14 days"]
        assert "rests on 1 answer hoped for" in page.locator("#headline .note").inner_text()
        table = page.locator("#teams table.teams").first
        assert (table.locator(".place.new").count(), table.locator(".place.gone").count()) == (3, 1)
        assert page.locator("#week tr.new").count() >= 2
        assert page.locator("#teams .picture.broad").count() == 2
        # Unticked, all is as before; and in the list of changes it can be taken back as well.
        with shown(page) as said:
            tick.uncheck()
        assert said[0].startswith("19 of 27")
        with shown(page):
            tick.check()
        with shown(page) as said:
            page.get_by_role("button", name="Take back: Dr. Tomás Ruiz").click()
        assert said[0].startswith("19 of 27")
        expect(tick).not_to_be_checked()


def test_links_that_rest_on_an_unknown_fact_may_be_used_and_are_told(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        with shown(page) as said:
            page.get_by_label("Use links that rest on an unknown fact").check()
        assert said[0].startswith("+")
        assert "to be verified first" in page.locator("#headline .note").inner_text()
        assert page.locator("#week .note.unknown").count() == 1


def test_a_rule_of_another_severity_and_of_quick_changes_the_last_is_shown(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        choose(page, "Rules")
        trauma = page.locator("#rule-ethics-trauma_training")
        with shown(page) as said:
            trauma.select_option("block")
        roster = read(PRACTICE)
        strict = {**roster.practice.as_toml(), "rules": {**roster.practice.rules, "ethics.trauma_training": "block"}}
        stricter = roster.with_tables({}, Practice.of(strict))
        before, after = (kapteam.links(r, on=ON).match().objective.teamed for r in (roster, stricter))
        assert before > after
        assert said[0].startswith(f"−{before - after} teamed")
        assert view_in(page).edits == (Severity("ethics.trauma_training", "block"),)
        for severity in ("note", "block", "off"):
            trauma.select_option(severity)
        page.locator(".made .words", has_text="ethics.trauma_training: off").wait_for()
        last = settled(page)
        page.reload()
        assert settled(page) == last
        choose(page, "Rules")
        with shown(page) as said:
            trauma.select_option("warn")
        assert said[0].startswith("19 of 27")
        assert page.locator(".made").count() == 0
        # Of several things at once none is lost.
        page.evaluate("""for (const id of ["ethics-modality", "ethics-practicum", "team-life_support"]) {
            const select = document.querySelector(`#rule-${id}`);
            select.value = "off";
            select.dispatchEvent(new Event("change", { bubbles: true }));
        }""")
        page.locator(".made li").nth(2).wait_for()
        assert len(view_in(page).edits) == 3


def hours_of(page: Any, person: str) -> None:
    choose(page, "Hours")
    page.locator("#hours-pick [name=practitioner]").select_option(person)
    page.locator(f"#hours-text [name=practitioner][value={person}]").wait_for(state="attached")


def slot(page: Any, day: int, hour: int, quarter: int = 0) -> Any:
    return page.locator(f'#grid [data-slot="{day * 96 + hour * 4 + quarter}"]')


def drag(page: Any, first: Any, last: Any) -> None:
    first.scroll_into_view_if_needed()
    first.hover()
    page.mouse.down()
    last.hover()
    page.mouse.up()


def test_hours_are_painted_with_the_mouse_and_undone_and_done_again(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        hours_of(page, "prado")
        assert page.locator("#when").input_value() == "Mon-Wed 09:00-16:00"
        with shown(page) as said:
            drag(page, slot(page, 2, 15), slot(page, 2, 15, 3))
        assert "−1 hour a week of Dr. Inés Prado" in said[0]
        assert view_in(page).edits[0].when == "Mon,Tue 09:00-16:00; Wed 09:00-15:00"
        # A rectangle over two days.
        with shown(page) as said:
            drag(page, slot(page, 3, 9), slot(page, 4, 11, 3))
        assert "+5 hours a week of Dr. Inés Prado" in said[0]
        both = said[0]
        with shown(page) as said:
            page.locator("#undo").click()
        assert "−1 hour a week of Dr. Inés Prado" in said[0]
        expect(slot(page, 3, 9)).to_have_attribute("aria-selected", "false")
        with shown(page) as said:
            page.locator("#undo").click()
        assert said[0].startswith("19 of 27")
        for _ in range(2):
            with shown(page) as said:
                page.locator("#redo").click()
        assert said == [both]
        expect(slot(page, 3, 9)).to_have_attribute("aria-selected", "true")
        # As text; a wrong one is told and changes nothing.
        page.locator("#when").fill("Mon 9-5")
        page.locator("#set-hours").click()
        page.locator("#refused .note").wait_for()
        assert "did you mean 'Mon 09:00-17:00'?" in page.locator("#refused").inner_text()
        assert page.locator("#headline .say").inner_text() == both
        page.locator("#when").fill("Mon 09:00-17:00")
        with shown(page) as said:
            page.locator("#when").press("Enter")
        assert "−13 hours a week of Dr. Inés Prado" in said[0]
        assert page.locator("#refused").inner_text() == ""
        expect(slot(page, 1, 9)).to_have_attribute("aria-selected", "false")


def test_hours_are_painted_with_the_keyboard_alone(browser: Any, address: str) -> None:
    def focused(page: Any) -> str:
        return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))

    with tab(browser, address) as page:
        settled(page)
        page.locator("#tab-facts").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.type("Dr. Inés")
        page.locator("#hours-text [name=practitioner][value=prado]").wait_for(state="attached")
        page.locator("#quarters").focus()
        page.keyboard.press("Tab")
        assert focused(page) == "Mon 09:00"
        page.keyboard.press("ArrowUp")
        with shown(page) as said:
            page.keyboard.press(" ")
            page.keyboard.press("Shift+ArrowUp")
        assert "+1 hour a week of Dr. Inés Prado" in said[0]
        assert view_in(page).edits[0].when == "Mon 08:00-16:00; Tue,Wed 09:00-16:00"
        # Focus stayed in the grid; and quarters can be painted too.
        assert focused(page) == "Mon 08:00"
        page.locator("#quarters").check()
        slot(page, 0, 8).focus()
        with shown(page) as said:
            page.keyboard.press(" ")
        assert "+0.75 hours a week of Dr. Inés Prado" in said[0]
        assert view_in(page).edits[0].when == "Mon 08:15-16:00; Tue,Wed 09:00-16:00"


def test_a_prescriber_more(browser: Any, address: str) -> None:
    name = "Dr. <img src=x onerror=alert(1)> O'Vale"
    with tab(browser, address) as page:
        settled(page)
        choose(page, "Hire")
        form = page.locator("#hire")
        form.get_by_label("Name").fill(name)
        form.get_by_label("Site").select_option("boulder")
        form.get_by_label("Hours").fill("Mon-Fri 08:00-18:00")
        with shown(page) as said:
            form.get_by_role("button").click()
        assert "session" in said[0]
        assert name in page.locator(".made .words").inner_text()
        assert page.locator("#teams .place.new").count() > 0
        assert page.locator("img").count() == 0
        choose(page, "Hours")
        page.locator("#hours-pick option", has_text=name).wait_for(state="attached")
        # Somebody who may not prescribe there is refused, and nothing changes.
        choose(page, "Hire")
        form.get_by_label("Name").fill("Robin")
        form.get_by_label("Profession").select_option("naturopathic_physician")
        form.get_by_role("button").click()
        page.locator("#refused .note").wait_for()
        assert "expected a physician" in page.locator("#refused").inner_text()
        assert page.locator(".made li").count() == 1


def test_somebody_who_is_not_there_on_a_day(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        choose(page, "Absence")
        page.locator("#cancel").get_by_label("Who").select_option("prado")
        page.locator("#cancel [name=day]").select_option("2026-12-08")
        with shown(page):
            page.locator("#cancel").get_by_role("button").click()
        assert page.get_by_text("Dr. Inés Prado: not there on Tue 2026-12-08").count() == 1
        before, after = (page.locator(f"#week table.sessions td:nth-child({column})") for column in (2, 3))
        assert before.filter(has_text="Tue 12-08").filter(has_text="Inés Prado").count() > 0
        assert after.filter(has_text="Tue 12-08").filter(has_text="Inés Prado").count() == 0
        assert page.locator("#teams .place.new, #teams .place.gone").count() == 0


# --- Tabs, reload, address ----------------------------------------------------------------------------------


def test_two_tabs_do_not_disturb_one_another_and_reload_keeps_each(browser: Any, address: str) -> None:
    with tab(browser, address) as one:
        settled(one)
        other = one.context.new_page()
        other.goto(one.url)
        settled(other)
        said: dict[Any, str] = {}
        for page, rule in ((one, "ethics.practicum"), (other, "ethics.modality")):
            choose(page, "Rules")
            with shown(page) as words:
                page.locator(f"#rule-{rule.replace('.', '-')}").select_option("block")
            said[page] = words[0]
        for page, rule in ((one, "ethics.practicum"), (other, "ethics.modality")):
            assert view_in(page).edits == (Severity(rule, "block"),)
            page.reload()
            assert settled(page) == said[page]
            assert page.locator(".made li").count() == 1
            assert page.get_by_role("tab", name="Rules").get_attribute("aria-selected") == "true"
        # The address alone is the view; and the way back is the browser's as well.
        other.goto(one.url)
        assert settled(other) == said[one]
        one.go_back()
        one.locator(".made").wait_for(state="detached")
        assert settled(one).startswith("19 of 27")


def test_an_address_that_cannot_be_read_or_is_not_open_says_so(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        root = page.url.split("?")[0]
        strange = {"base=nothing&on=2026-12-07&week=2026-12-07": "not open here", "base=x&on=y": "is a day"}
        for query, said in strange.items():
            page.goto(f"{root}?{query}")
            assert said in page.get_by_role("alert").first.inner_text()
        page.get_by_text("Back to practice").click()
        settled(page)


# --- Why ----------------------------------------------------------------------------------------------------


def test_a_person_and_a_link_open_their_findings(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        page.locator("#teams svg [data-person=tanaka]").first.click()
        told = page.get_by_role("dialog")
        told.get_by_text("DEA registration in Colorado ended on 2026-10-31").first.wait_for()
        page.keyboard.press("Escape")
        told.wait_for(state="hidden")
        # By the keyboard as well.
        page.locator("#teams svg [data-person=lindqvist]").first.focus()
        page.keyboard.press("Enter")
        told.get_by_text("Teamed at Hudson clinic").wait_for()
        told.get_by_role("button", name="Every finding").click()
        told.get_by_role("heading", name="Passes").wait_for()
        told.get_by_text("rests on").first.click()
        assert "21 CFR 1301" in told.inner_text()
        told.get_by_role("button", name="Close").click()
        link = page.locator("#teams svg .link.team[data-prescriber=prado]").first
        link.dispatch_event("click")
        told.get_by_text("Dr. Inés Prado with").first.wait_for()


# --- Files --------------------------------------------------------------------------------------------------


def test_what_is_saved_is_what_is_shown(browser: Any, address: str, tmp_path: Path) -> None:
    with tab(browser, address, accept_downloads=True) as page:
        settled(page)
        with shown(page):
            page.get_by_role("checkbox", name=RUIZ).check()
        saved = {}
        for name in ("roster.xlsx", "teams.json", "week.json", "week.ics", "report.html"):
            page.get_by_text("Save", exact=True).click()
            with page.expect_download() as caught:
                page.locator(f'#saves a[download="what-if-{name}"]').click()
            saved[name] = tmp_path / name
            assert caught.value.suggested_filename == f"what-if-{name}"
            caught.value.save_as(saved[name])
            page.keyboard.press("Escape")
    roster = read(saved["roster.xlsx"])
    ruiz = [row.ketamine for row in roster.coverage if row.practitioner == "ruiz"]
    assert True in ruiz
    teams, week = (json.loads(saved[name].read_text(encoding="utf-8")) for name in ("teams.json", "week.json"))
    validate(teams, "match")
    validate(week, "schedule")
    assert teams["objective"]["teamed"] == 21
    assert kapteam.links(roster, on=ON).match().as_dict() == teams
    assert len(week["sessions"]) == 33
    assert saved["week.ics"].read_bytes().count(b"BEGIN:VEVENT") == 33
    report = saved["report.html"].read_text(encoding="utf-8")
    assert "21 of 27 therapists are teamed" in report
    assert f"{RUIZ} (free, 14 days). This rests on an answer hoped for, which nobody has given yet." in report
    assert run("verify", saved["roster.xlsx"], saved["week.json"], "--json").json["ok"]


def test_a_bad_workbook_shows_its_errors_beside_the_cells_and_the_old_one_stays(
    browser: Any, address: str, broken: Path
) -> None:
    with tab(browser, address) as page:
        before = settled(page)
        page.get_by_text("Open", exact=True).click()
        page.locator("#file").set_input_files(broken)
        page.get_by_role("heading", name="broken.xlsx: 3 errors").wait_for()
        cells = page.locator("#wrong td.wrong-cell")
        assert cells.count() == 3
        assert any("<b>phisician</b>" in text for text in cells.all_inner_texts())
        assert page.locator("#wrong b", has_text="phisician").count() == 0
        said = page.locator("#wrong").inner_text()
        assert "did you mean 'Mon 09:00-17:00'?" in said
        assert "did you mean 'hudson'?" in said
        assert page.locator("#headline .say").inner_text() == before
        # A good one opens in its place.
        page.get_by_text("Open", exact=True).click()
        page.locator("#file").set_input_files(Path(kapteam.demo.__file__).parent / "practice.xlsx")
        page.locator("#wrong h2").wait_for(state="detached")
        assert settled(page) == before


def test_without_a_roster_one_is_dropped_in(browser: Any, empty_address: str, tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    write(kapteam.example(), file)
    with tab(browser, empty_address) as page:
        page.get_by_role("heading", name="Which practice?").wait_for()
        page.locator("#file").set_input_files({"name": "x.txt", "mimeType": "text/plain", "buffer": b"?"})
        page.locator("#refused .note").wait_for()
        assert "expected an .xlsx workbook" in page.locator("#refused").inner_text()
        page.locator("#file").set_input_files(file)
        page.get_by_text("small.json").wait_for()
        assert settled(page).startswith("1 of 1 therapist is teamed")
        page.get_by_text("Open", exact=True).click()
        page.get_by_text("Open the practice that ships with kapteam").click()
        page.get_by_text("the practice that ships with kapteam", exact=True).first.wait_for()
        assert settled(page).startswith("19 of 27")


# --- What goes wrong on the way -----------------------------------------------------------------------------


def test_a_change_that_is_refused_takes_nothing_of_the_one_before_with_it(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        # The week of the first change is held back until the second one has been refused.
        held: list[Any] = []
        page.route("**/week?*", lambda route: route.continue_() if held else held.append(route))
        choose(page, "Rules")
        page.locator("#rule-ethics-trauma_training").select_option("block")
        page.locator("#week.htmx-request").wait_for()
        choose(page, "Hire")
        page.locator("#hire").get_by_label("Name").fill("Robin")
        page.locator("#hire").get_by_label("Profession").select_option("naturopathic_physician")
        page.locator("#hire").get_by_role("button").click()
        page.locator("#refused .note").wait_for()
        assert "session" in settled(page)
        assert len(held) == 1
        page.get_by_role("button", name="Close this message").click()
        assert page.locator("#refused").inner_text() == ""


def test_a_box_and_a_choice_go_back_where_nothing_answers(browser: Any, address: str) -> None:
    with tab(browser, address, cut_off=True) as page:
        settled(page)
        tick = page.get_by_role("checkbox", name=RUIZ)
        with shown(page):
            tick.check()
        page.route("**/change/*", lambda route: route.abort())
        tick.click()
        page.locator("#offline").wait_for()
        expect(tick).to_be_checked()
        choose(page, "Rules")
        trauma = page.locator("#rule-ethics-trauma_training")
        trauma.select_option("block")
        expect(trauma).to_have_value("warn")
        # Answered again, it goes on from there.
        page.unroute("**/change/*")
        choose(page, "Facts")
        with shown(page) as said:
            tick.uncheck()
        assert said[0].startswith("19 of 27")
        expect(page.locator("#offline")).to_be_hidden()


def test_law_that_is_switched_off_is_told_beside_the_answer(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        assert page.locator("#unjudged").count() == 0
        choose(page, "Rules")
        with shown(page):
            page.locator("#rule-legal-registration").select_option("off")
        said = page.locator("#headline .note.fail")
        assert said.inner_text().startswith("✗ 1 legal rule is not judged (legal.registration): these teams may be")
        assert said.evaluate("e => getComputedStyle(e).borderLeftStyle") == "solid"
        with shown(page):
            page.locator("#undo").click()
        assert page.locator("#unjudged").count() == 0


def test_reload_keeps_whose_hours_are_shown(browser: Any, address: str) -> None:
    with tab(browser, address) as page:
        settled(page)
        hours_of(page, "prado")
        page.locator("#where").select_option("tele-ny")
        page.locator("#hours-text [name=site][value=tele-ny]").wait_for(state="attached")
        for _ in range(2):
            page.reload()
            settled(page)
            page.locator("#hours-text [name=site][value=tele-ny]").wait_for(state="attached")
            assert page.locator("#whose").input_value() == "prado"
            assert page.get_by_role("tab", name="Hours").get_attribute("aria-selected") == "true"
            # A change puts another address in its place, which keeps it too.
            page.locator("#when").fill("Mon 09:00-17:00")
            with shown(page):
                page.locator("#set-hours").click()


def test_each_file_that_is_refused_is_told_by_its_own_name_in_place_of_the_last(
    browser: Any, address: str, broken: Path
) -> None:
    with tab(browser, address) as page:
        settled(page)

        def drop(file: Any) -> None:
            page.locator("#open-menu > summary").click()
            page.locator("#file").set_input_files(file)

        def said() -> str:
            text = page.locator("#wrong").inner_text() + page.locator("#refused").inner_text()
            assert not any(word in text for word in ("/tmp", "kapteam-", "folder"))
            return str(text)

        drop({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"?"})
        page.locator("#refused .note").wait_for()
        assert (
            "'notes.txt' is no roster: expected an .xlsx workbook, a .json document, or a .zip of CSV files" in said()
        )
        page.keyboard.press("Escape")
        drop(broken)
        page.locator("#wrong-title").wait_for()
        assert page.locator("#refused").inner_text() == ""
        # Nothing is cut within a word: each cell is as wide as its longest.
        assert page.locator("#wrong td:not(.wrong-cell) .cell").evaluate_all(
            "all => all.every(e => e.scrollWidth <= e.clientWidth + 1 && e.getClientRects().length <= 2)"
        )
        drop({"name": "notes.zip", "mimeType": "application/zip", "buffer": b"no zip"})
        page.locator("#refused .note").wait_for()
        assert "notes.zip" in said()
        assert page.locator("#wrong-title").count() == 0
        page.keyboard.press("Escape")
        drop({"name": "text.xlsx", "mimeType": "text/plain", "buffer": b"a,b"})
        page.get_by_role("heading", name="text.xlsx: 1 error").wait_for()
        said()
        page.locator("#wrong").get_by_role("button", name="Close").click()
        assert said() == ""


# --- For everybody ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "width", "panes"),
    [("light", 1280, ["Hours", "Rules"]), ("dark", 1280, ["Facts"]), ("light", 390, ["Hire"])],
)
def test_the_page_is_accessible(browser: Any, address: str, scheme: str, width: int, panes: list[str]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    def sound(page: Any, of: str) -> None:
        # The pictures have tests of their own.
        found = Axe().run(page, context={"exclude": [[".picture svg"]]})
        assert found.violations_count == 0, f"{of}: {found.generate_report()}"

    # A script of the test's own, and no other, is let past the page's policy.
    with tab(browser, address, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True) as page:
        settled(page)
        with shown(page):
            page.get_by_role("checkbox", name=RUIZ).check()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for name in panes:
            choose(page, name)
            if name == "Hours":
                page.locator("#hours-pick [name=practitioner]").select_option("prado")
                page.locator("#grid").wait_for()
            sound(page, name)
        page.locator("#teams button[data-person=ruiz]").first.click()
        page.get_by_role("dialog").wait_for()
        sound(page, "why")
