"""The report in a real browser: it opens from disk, asks nothing of anybody, and does what its reader does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import a_browser

import kapteam
from kapteam.advice.repair import repair
from kapteam.advice.warnings import warnings_of
from kapteam.demo import DAY, practice_folder
from kapteam.io.read import read
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.report.page import report

SECTIONS = (
    "19 of 27 therapists are teamed", "Teams", "Left out", "What would help", "Shortage", "Ask first", "Ends soon",
    "Who could work with whom", "The week", "What it rests on",
)  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report(match(judged_links(read(practice_folder()), DAY))), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with a_browser() as found:
        yield found


class Watched:
    """A page of the report, and what went wrong or out of it."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.page = browser.new_page(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        )
        self.wrong: list[str] = []
        self.page.on("console", lambda m: self.wrong.append(m.text))
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on("dialog", lambda d: (self.wrong.append(f"dialog {d.message}"), d.dismiss()))
        self.page.on("request", lambda r: self.wrong.append(r.url) if not r.url.startswith("file:") else None)
        self.page.goto(address)


@pytest.fixture
def opened(browser: Any, file: Path) -> Iterator[Any]:
    watched = Watched(browser, file.as_uri())
    yield watched.page
    assert watched.wrong == []
    watched.page.close()


def _seen(page: Any, name: str, key: str) -> list[str]:
    """A column of what is seen of a list, from above."""
    return [t.strip() for t in page.locator(f'[data-list="{name}"] .row:visible .c-{key}').all_inner_texts()]


def test_it_opens_from_disk_without_an_error_or_a_request(opened: Any) -> None:
    assert opened.locator("h1").count() == 1
    headings = opened.locator("h1, main > section > h2").all_inner_texts()
    assert [said[: len(wanted)] for said, wanted in zip(headings, SECTIONS, strict=True)] == list(SECTIONS)
    policy = opened.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_its_policy_lets_nothing_be_loaded_and_no_other_script_run(browser: Any, file: Path) -> None:
    watched = Watched(browser, file.as_uri())
    refused = list[str]()
    watched.page.on("requestfailed", lambda r: refused.append(r.failure))
    watched.page.evaluate("""() => {
        const add = (name, said) => document.body.append(Object.assign(document.createElement(name), said));
        add("script", { textContent: "window.ran = 1" });
        add("img", { src: "https://example.org/x.png" });
        add("style", { textContent: "body { display: none }" });
    }""")
    assert watched.page.evaluate("window.ran") is None
    assert watched.page.locator("body").is_visible()
    assert refused == ["csp"]
    assert sum("Content Security Policy" in said for said in watched.wrong) == 3
    watched.page.close()


def test_without_a_script_everything_can_be_read_and_opened(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator('[data-list="teams"] .row').count() == 19
    assert not page.locator(".tools").first.is_visible()
    page.locator('[data-list="teams"] .row summary').first.click()
    assert page.locator('[data-list="teams"] .row .findings').first.is_visible()
    context.close()


def test_a_list_is_filtered_by_names_ids_and_letters_without_accents(opened: Any) -> None:
    field = opened.locator('.tools[data-for="teams"] input')
    field.fill("ferreira")
    assert _seen(opened, "teams", "therapist") == ["Luísa Ferreira"]
    assert opened.locator('[data-list="teams"] .group:visible').all_inner_texts() == ["Hudson clinic (NY) 5 places"]
    field.fill("luisa ABARA")
    assert _seen(opened, "teams", "therapist") == ["Luísa Ferreira"]
    assert opened.locator('.tools[data-for="teams"] .found').inner_text() == "1 of 19"
    field.fill("nobody at all")
    assert _seen(opened, "teams", "therapist") == []


def test_a_list_is_sorted_by_the_keyboard_and_put_back(opened: Any) -> None:
    before = _seen(opened, "teams", "points")
    button = opened.locator('[data-list="teams"] [data-sort="points"] button')
    button.focus()
    opened.keyboard.press("Enter")
    down = [int(p) for p in _seen(opened, "teams", "points")]
    assert down == sorted(map(int, before), reverse=True)
    assert button.get_attribute("aria-label") == "points, sorted down"
    assert _seen(opened, "teams", "site")[0]  # sites are named in each row where they are not its heading
    opened.keyboard.press("Space")
    assert [int(p) for p in _seen(opened, "teams", "points")] == down[::-1]
    opened.keyboard.press("Enter")
    assert _seen(opened, "teams", "points") == before


def test_what_fails_is_listed_and_drawn_on_demand(opened: Any) -> None:
    assert set(_seen(opened, "links", "verdict")) == {"?unknown", "✓pass"}
    assert opened.locator("path.link.fail:visible").count() == 0
    opened.get_by_label("fail, here and in the picture").check()
    assert _seen(opened, "links", "verdict").count("✗fail") == 86
    assert opened.locator("path.link.fail:visible").count() > 0


def test_the_address_keeps_the_view_and_brings_it_back(browser: Any, opened: Any) -> None:
    opened.locator('.tools[data-for="left"] input').fill("dr.")
    opened.locator('[data-list="left"] [data-sort="why"] button').click()
    opened.locator('[data-list="left"] .row:visible summary').first.click()
    opened.get_by_label("fail, here and in the picture").check()
    opened.locator('.index a[href="#left-out"]').click()
    opened.wait_for_function("location.hash.includes('at=left-out')")
    view = opened.url
    again = Watched(browser, view)
    assert _seen(again.page, "left", "why") == _seen(opened, "left", "why")
    assert again.page.locator('[data-list="left"] .row[open]').count() == 1
    assert again.page.locator('.tools[data-for="left"] input').input_value() == "dr."
    assert again.page.get_by_label("fail, here and in the picture").is_checked()
    assert 0 <= again.page.locator("#left-out").bounding_box()["y"] < 200
    assert again.page.url == view
    assert again.wrong == []
    again.page.close()


def test_a_plain_anchor_goes_to_its_section(browser: Any, file: Path) -> None:
    watched = Watched(browser, file.as_uri() + "#ends")
    assert -5 < watched.page.locator("#ends").bounding_box()["y"] < 200
    assert watched.page.url.endswith("#ends")
    watched.page.close()


@pytest.mark.parametrize(
    ("address", "there", "said"),
    [
        ("sessions.find=hudson+tuesday", "#find-sessions", "The week: 3 of 31 with “hudson tuesday”"),
        ("person=chen", "#drawn", "the links of 陳美玲 Mei-Ling Chen (chen)"),
        ("open=left-34", "#left-34", "Left out: Dr. Tomás Ruiz"),
        ("ends.sort=-left", "#ends", "Ends soon: sorted by days left"),
    ],
)
def test_an_address_opens_at_what_it_is_about_and_says_what_it_shows(
    browser: Any, file: Path, address: str, there: str, said: str
) -> None:
    watched = Watched(browser, f"{file.as_uri()}#{address}")
    page = watched.page
    top = page.locator(there).bounding_box()["y"]
    assert 40 < top < 600  # below the line that says so
    view = page.locator("#view")
    assert view.locator("span").inner_text() == f"Shown here: {said}."
    assert view.bounding_box()["y"] <= 1
    view.get_by_role("button", name="Show all").click()
    assert not view.is_visible()
    assert page.url.endswith("#answer")
    assert page.locator(".row[open], .lit").count() == 0
    assert len(_seen(page, "sessions", "when")) == 31
    assert watched.wrong == []
    page.close()


def test_sessions_are_found_by_day_date_and_who_watches(opened: Any) -> None:
    field = opened.locator('.tools[data-for="sessions"] input')
    seen = {}
    for words in ("tue", "Tuesday", "2026-12-08", "hudson tuesday amari"):
        field.fill(words)
        seen[words] = _seen(opened, "sessions", "when")
    assert seen["tue"]
    assert all(when.startswith("Tue 12-08") for when in seen["tue"])
    assert seen["Tuesday"] == seen["2026-12-08"] == seen["tue"]
    assert len(seen["hudson tuesday amari"]) == 1
    assert "watched by Joy Amari" in _seen(opened, "sessions", "therapist")[0]


@pytest.mark.parametrize("way", ["click", "Enter"])
def test_a_team_opens_to_its_findings_and_a_source_is_found_from_there(opened: Any, way: str) -> None:
    row = opened.locator('[data-list="teams"] .row', has_text="Ana Lindqvist")
    if way == "click":
        row.locator("summary").click()
    else:
        row.locator("summary").focus()
        opened.keyboard.press("Enter")
    finding = row.locator("li", has_text="DEA registration in New York that holds 3N")
    assert finding.is_visible()
    link = finding.locator("a", has_text="21 CFR 1301.11-13")
    link.hover()
    assert link.get_attribute("title") == "21 CFR 1301.11-13"
    link.click()
    opened.wait_for_function("document.querySelector('.arrived')?.id === 's1'")
    assert opened.locator("#s1").bounding_box()["y"] < 900


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_pointing_at_a_person_lights_their_links_and_says_a_sentence(opened: Any, way: str) -> None:
    mark = opened.locator('.network-picture:visible [data-person="prado"]').first
    getattr(mark, way)()
    lit = opened.locator(".network-picture:visible path.link.lit")
    assert lit.count() == 5  # two in teams, three more that could be
    assert {one.get_attribute("data-prescriber") for one in lit.all()} == {"prado"}
    assert (
        opened.locator("#sentence")
        .inner_text()
        .startswith("Dr. Inés Prado (prado): teamed at Hudson clinic (NY) with ")
    )
    if way == "hover":
        opened.mouse.move(2, 2)
    else:
        opened.locator(".index a").first.focus()
    assert opened.locator("path.link.lit").count() == 0


def test_a_click_on_a_link_of_the_picture_opens_its_findings_with_the_missing_fact(opened: Any) -> None:
    path = opened.locator('.network-picture:visible path.link[data-prescriber="ruiz"]').first
    row = path.get_attribute("data-row")
    path.dispatch_event("click")
    picked = opened.locator("#picked")
    assert picked.is_visible()
    assert "does the policy cover KAP?" in picked.inner_text()
    assert picked.locator(".findings li").count() > 20
    assert f"link={row}" in opened.url
    heading = picked.locator("h3").bounding_box()
    assert 0 <= heading["y"] < opened.viewport_size["height"] / 2
    picked.get_by_role("button", name="Close").click()
    assert not picked.is_visible()
    assert "link=" not in opened.url


def test_a_person_who_is_chosen_stays_lit_until_escape(opened: Any) -> None:
    opened.locator('.network-picture:visible [data-person="okafor"]').first.focus()
    opened.keyboard.press("Enter")
    assert "person=okafor" in opened.url
    opened.locator(".index a").first.focus()
    assert opened.locator("path.link.lit:visible").count() > 0
    opened.locator('.network-picture:visible [data-person="okafor"]').first.focus()
    opened.keyboard.press("Escape")
    assert "person=" not in opened.url


def test_a_session_of_the_timetable_leads_to_its_row(opened: Any) -> None:
    block = opened.locator(".week-picture .session").first
    block.focus()
    assert opened.locator(".week-picture .layer.there.shown").count() > 0
    opened.keyboard.press("Enter")
    row = opened.locator(f'[data-list="sessions"] .row[data-uid="{block.get_attribute("data-uid")}"]')
    assert row.evaluate("row => row.open")
    why = row.locator("a", has_text="every finding").first
    why.click()
    opened.wait_for_function("document.querySelector('.arrived')?.id.startsWith('link-')")
    assert opened.locator(".arrived").count() == 1  # and no more where one came from


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_with_every_section_and_with_what_is_to_be_done(opened: Any, tmp_path: Path, paper: str) -> None:
    pdf = tmp_path / "report.pdf"
    opened.pdf(path=pdf, format=paper)
    try:
        ended = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("no pdftotext found")
    text = " ".join(ended.stdout.decode().split())
    places = [text.find(section) for section in SECTIONS]
    assert -1 not in places
    assert places[1:] == sorted(places[1:])
    assert places[0] < 100
    links = judged_links(read(practice_folder()), DAY)
    for step in repair(links).frontier:  # each is opened
        assert all(" ".join(change.words.split()[:4]) in text for change in step.changes)
    assert "Open one for" not in text
    assert all(" ".join(str(warning).split()[:5]) in text for warning in warnings_of(links))
    assert "https://regulations.justia.com" in text  # addresses are spelled out
    assert "Filter teams" not in text
    assert ended.stdout.count(b"\f") <= 18


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(browser: Any, file: Path, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(file.as_uri())
    page.get_by_label("fail, here and in the picture").check()
    for list in ("teams", "links", "sessions", "left", "steps", "asks"):
        page.locator(f'[data-list="{list}"] .row:visible summary').first.click()
    # Rows are all made in one way, and each takes axe a while.
    page.evaluate("for (const list of document.querySelectorAll('.list')) [...list.querySelectorAll('.row')]"
                  ".filter((row) => !row.open).slice(1).forEach((row) => row.remove())")  # fmt: skip
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:120]) for v in found] == []
    context.close()


def test_several_weeks_each_have_their_timetable(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "weeks.html"
    plan = match(judged_links(kapteam.example(), DAY))
    path.write_text(report(plan, week=date(2026, 12, 14), weeks=2), encoding="utf-8")
    watched = Watched(browser, path.as_uri())
    headings = watched.page.locator("#week h3").all_inner_texts()
    assert [h.split(":")[0] for h in headings[:2]] == ["From 2026-12-14", "From 2026-12-21"]
    assert watched.page.locator(".week-picture:visible svg").count() == 2
    assert watched.wrong == []
    watched.page.close()
