"""The site is made without a warning, holds every page, name and output, and asks nothing of any network."""

from __future__ import annotations

import fcntl
import inspect
import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from browsing import a_browser
from sphinx.util.inventory import InventoryFile

import kapteam

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(p.stem for p in (ROOT / "examples").glob("*.md") if p.name != "README.md")
READERS = ("for-managers", "for-developers", "for-researchers")
# What the modules of kapteam import for types only; what is theirs is in their own documentation.
_FOR_TYPES = dict.fromkeys(("nx", "pa", "pd", "pl"), SimpleNamespace(Graph=list, DataFrame=object, Table=object))
# What a browser loads by itself, by element and attribute; a link that one may click is not.
_LOADED = {"img": "src", "script": "src", "iframe": "src", "link": "href", "source": "src", "object": "data"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The site, made once, whichever workers ask for it."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # that of all workers
    made = folder / "site"
    with (folder / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "index.html").exists():
            ended = subprocess.run(
                [sys.executable, ROOT / "tools" / "make_site.py", made],
                capture_output=True, text=True, check=False, timeout=180,
            )  # fmt: skip
            assert ended.returncode == 0, ended.stdout + ended.stderr
    return made


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page.read(path) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def names(site: Path) -> set[str]:
    """Every name of Python in the reference."""
    kinds = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="").data
    return {name for kind, found in kinds.items() if kind.startswith("py:") for name in found}


class Page(HTMLParser):
    """What one page of the site loads, links to, and can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    @classmethod
    def read(cls, path: Path) -> Page:
        page = cls()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids |= {said[name] for name in ("id", "name") if name in said}
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        if said.get(_LOADED.get(tag, "")):
            self.loaded.append(said[_LOADED[tag]])


def test_every_page_of_the_documentation_is_there(site: Path) -> None:
    written = [p.relative_to(ROOT).with_suffix(".html") for p in (ROOT / "docs").rglob("*.md")]
    assert len(written) > 20
    missing = [str(page) for page in written if not (site / page).exists()]
    assert not missing
    assert all((site / "examples" / f"{name}.html").exists() for name in NOTEBOOKS)


def test_every_page_is_reached_from_the_first(site: Path, pages: dict[Path, Page]) -> None:
    seen, todo = set(), [site / "docs" / "index.html"]
    while todo:
        page = todo.pop()
        if page in seen or page not in pages:
            continue
        seen.add(page)
        todo += [_target(page, link) for link in pages[page].links if not urlsplit(link).scheme]
    apart = {"index.html", "search.html"}  # the way to the first page, and what a form leads to
    assert {str(p.relative_to(site)) for p in pages if p not in seen} <= apart


def test_every_link_within_the_site_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            to = urlsplit(link)
            if to.scheme:
                continue
            target = _target(path, link)
            there = target.exists() and (not to.fragment or target not in pages or _has(pages[target], to.fragment))
            if not there:
                broken.append(f"{path.relative_to(site)}: {link}")
    assert not broken


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    """Neither by a page nor by a style sheet; and what a page loads is there."""
    loaded = {(path, one) for path, page in pages.items() for one in page.loaded}
    assert len(loaded) > len(pages)
    for path, one in sorted(loaded):
        assert not urlsplit(one).netloc, f"{path.relative_to(site)} loads {one}"
        if urlsplit(one).scheme != "data":
            assert _target(path, one).exists(), f"{path.relative_to(site)} loads {one}, which is not there"
    for sheet in site.rglob("*.css"):
        for one in re.findall(r"(?:url\(|@import)\s*['\"]?([^'\")\s]+)", sheet.read_text(encoding="utf-8")):
            assert not urlsplit(one).netloc, f"{sheet.name} loads {one}"


def test_a_browser_asks_for_nothing_but_files_of_the_site(site: Path) -> None:
    """And no script breaks, no page is wider than a telephone, and formulas and pictures are drawn."""
    shown = ["docs/index", *(f"docs/{name}" for name in READERS), *(f"examples/{name}" for name in NOTEBOOKS)]
    with a_browser() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda request: wrong.append(request.url))
        page.goto((site / "index.html").as_uri())
        page.wait_for_url("**/docs/index.html")
        for name in (*shown, "docs/definitions", "docs/api/network"):
            page.goto((site / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
            blank = "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
            assert page.evaluate(blank) == []
        page.goto((site / "docs" / "for-researchers.html").as_uri())
        heights = page.eval_on_selector_all("math", "all => all.map(one => one.getBoundingClientRect().height)")
        page.close()
    assert not wrong
    assert {url for url in asked if not url.startswith((site.as_uri(), "data:"))} == set()
    assert len(heights) > 8
    assert min(heights) > 5


def test_the_search_finds_a_page(site: Path) -> None:
    with a_browser() as browser:
        page = browser.new_page()
        page.goto((site / "search.html").as_uri() + "?q=betweenness")
        page.wait_for_selector("ul.search li a", timeout=20_000)
        found = page.eval_on_selector_all("ul.search li a", "all => all.map(one => one.href)")
        page.close()
    assert any("docs/definitions.html" in href for href in found)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_shows_what_its_cells_gave(site: Path, name: str) -> None:
    page = (site / "examples" / f"{name}.html").read_text(encoding="utf-8")
    source = (ROOT / "examples" / f"{name}.md").read_text(encoding="utf-8")
    hidden = source.count("remove-cell")
    assert page.count('class="cell_input') == source.count("```{code-cell}") - hidden
    assert page.count('class="cell_output') >= 5
    said = {
        "first_hour": "19 teamed, 14,737 points, and proven best",
        "managers_questions": "19 + 5 = 24",
        "bottlenecks_and_laws": "whose absence then costs less:",
        "house_rule_and_measure": "Fiona Delaney speaks one language",
    }
    assert said[name] in page
    assert "Traceback" not in page


def test_every_public_name_is_in_the_reference(names: set[str]) -> None:
    assert {f"kapteam.{name}" for name in kapteam.__all__} <= names


def test_what_the_public_names_give_is_in_the_reference_as_well(names: set[str]) -> None:
    """Every class of an answer, and every class that its methods and properties give."""
    faces = [value for name in kapteam.__all__ if inspect.isclass(value := getattr(kapteam, name))]
    given = {one for face in faces for one in _given(face) if one.__module__.startswith("kapteam.")}
    faces += sorted((one for one in given if one.__module__.startswith("kapteam.api.")), key=lambda c: c.__qualname__)
    given |= {one for face in faces for one in _given(face) if one.__module__.startswith("kapteam.")}
    assert len(given) > 25
    missing = {f"{one.__module__}.{one.__qualname__}" for one in given} - names
    assert not missing


def test_each_name_that_a_notebook_imports_is_in_the_reference(names: set[str]) -> None:
    for notebook in NOTEBOOKS:
        source = (ROOT / "examples" / f"{notebook}.md").read_text(encoding="utf-8")
        for module, imported in re.findall(r"^\s*from (kapteam[\w.]*) import (.+)$", source, re.MULTILINE):
            assert {f"{module}.{name.strip()}" for name in imported.split(",")} <= names, notebook


def _given(face: type) -> Iterator[type]:
    """The classes that the public methods and properties of a class give."""
    for name, member in vars(face).items():
        if name.startswith("_") and name != "__iter__":
            continue
        made = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(made):
            space = {**_FOR_TYPES, **vars(sys.modules[made.__module__])}
            yield from _classes(typing.get_type_hints(made, globalns=space).get("return"))


def _classes(hint: Any) -> Iterator[type]:
    inner = typing.get_args(hint)
    if not inner and inspect.isclass(hint):
        yield hint
    for one in inner:
        yield from _classes(one)


def _target(page: Path, link: str) -> Path:
    path = unquote(urlsplit(link).path)
    return (page.parent / path).resolve() if path else page


def _has(page: Page, fragment: str) -> bool:
    return unquote(fragment) in page.ids
