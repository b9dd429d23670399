"""Take the pictures of the report and of the page anew: docs/pictures/*.png, of the practice that ships with kapteam.

Run ``python tools/make_screenshots.py`` for all, or name some: ``python tools/make_screenshots.py report page``.
It needs a browser that Playwright can drive.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from browsing import a_browser  # noqa: E402  # where tests find the browser as well

from kapteam.demo import DAY, practice_folder  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
KAPTEAM = Path(sys.executable).with_name("kapteam")
#: Bytes that a picture may have.
MOST = 300_000


@contextmanager
def report() -> Iterator[str]:
    """The address of a report."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        subprocess.run([KAPTEAM, "report", practice_folder(), "--on", str(DAY), "-o", file], check=True)
        yield file.as_uri()


@contextmanager
def page() -> Iterator[str]:
    """The address of the local page."""
    words = [KAPTEAM, "app", practice_folder(), "--on", str(DAY), "--no-open"]
    with subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            yield served.stdout.readline().strip()
        finally:
            served.terminate()


def whole(opened: Any) -> None:
    """Nothing but what is there at first."""


def opened_team(opened: Any) -> None:
    """A team with its findings."""
    opened.locator('[data-list="teams"] .row', has_text="Ana Lindqvist").locator("summary").click()
    opened.locator('[data-list="teams"] .row', has_text="Ana Lindqvist").scroll_into_view_if_needed()
    opened.evaluate("document.querySelector('#teams .row[open]').scrollIntoView({ block: 'start' })")


def lit_network(opened: Any) -> None:
    """The network with one person pointed at."""
    opened.locator("#network").scroll_into_view_if_needed()
    opened.evaluate("document.querySelector('#network').scrollIntoView({ block: 'start' })")
    opened.locator('.network-picture:visible [data-person="abara"]').first.hover()


def left_out(opened: Any) -> None:
    """Who is left out, and what would turn it."""
    opened.evaluate("document.querySelector('#left-out').scrollIntoView({ block: 'start' })")


def ticked(opened: Any) -> None:
    """A fact ticked, and what it changes."""
    opened.get_by_role("checkbox", name="Dr. Tomás Ruiz").first.check()
    opened.locator("#week tr.new").first.wait_for()


#: Each picture: of what, how it is brought about, how wide and high, and in which colours.
PICTURES: dict[str, tuple[Callable[[], Any], Callable[[Any], None], int, int, str]] = {
    "report": (report, whole, 1280, 960, "light"),
    "report-findings": (report, opened_team, 1280, 960, "light"),
    "report-network": (report, lit_network, 1280, 960, "light"),
    "report-dark": (report, left_out, 1280, 800, "dark"),
    "report-phone": (report, whole, 390, 844, "light"),
    "page": (page, ticked, 1280, 960, "light"),
    "page-dark": (page, ticked, 1280, 960, "dark"),
}


def main() -> int:
    """Take the pictures that are named, or all."""
    wanted = sys.argv[1:] or list(PICTURES)
    if unknown := [name for name in wanted if name not in PICTURES]:
        print(f"there is no picture {', '.join(unknown)}: there are {', '.join(PICTURES)}")
        return 2
    FOLDER.mkdir(exist_ok=True)
    large = False
    for source in dict.fromkeys(PICTURES[name][0] for name in wanted):
        with source() as address, a_browser() as browser:
            for name in (n for n in wanted if PICTURES[n][0] is source):
                _, bring_about, width, height, scheme = PICTURES[name]
                opened = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                )
                opened.goto(address, wait_until="load")
                bring_about(opened)
                path = FOLDER / f"{name}.png"
                opened.screenshot(path=path)
                opened.close()
                size = path.stat().st_size
                print(f"wrote {path} ({size:,} bytes{', too large' * (size > MOST)})")
                large |= size > MOST
    return int(large)


if __name__ == "__main__":
    sys.exit(main())
