"""A real browser for tests: Debian's Chromium, driven by Playwright; skipped where none is found, unless demanded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

#: Where it is set, a test that finds no browser fails.
DEMANDED = "KAPTEAM_BROWSER"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Where the browser is; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        why = f"no browser found: install one of {', '.join(_NAMES)}"
        if os.environ.get(DEMANDED):
            pytest.fail(why)
        pytest.skip(why)
    return found


@contextmanager
def a_browser() -> Iterator[Any]:
    """A headless browser (Playwright's ``Browser``)."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        try:
            yield browser
        finally:
            browser.close()
