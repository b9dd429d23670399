"""Colours on a terminal, and only there; the width is the terminal's."""

from __future__ import annotations

import os
import re

import pytest
from asking import DAY, KAPTEAM, PRACTICE

pty = pytest.importorskip("pty", reason="terminals are Unix's")

_COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38;)")
_ANY_STYLE = re.compile(r"\x1b\[[0-9;]*m")
EXPLAIN = ("explain", PRACTICE, "calloway", "--on", DAY)


def _on_terminal(*words: str, columns: int = 80, **env: str) -> str:
    """What a process prints on a terminal of so many columns."""
    import fcntl
    import struct
    import subprocess
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")}
    with subprocess.Popen(
        [KAPTEAM, *words], stdin=theirs, stdout=theirs, stderr=theirs,
        env={**clean, "TERM": "xterm-256color", **env},
    ) as process:  # fmt: skip
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way of saying that nobody writes any more
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    assert process.returncode == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_terminal_shows_colours() -> None:
    assert _COLOUR.search(_on_terminal(*EXPLAIN))


def test_no_color_means_none() -> None:
    text = _on_terminal(*EXPLAIN, NO_COLOR="1")
    assert not _COLOUR.search(text)
    assert "? unknown" in text, "a verdict is never told by colour alone"


def test_a_narrow_terminal_is_never_overrun() -> None:
    from rich.cells import cell_len

    text = _ANY_STYLE.sub("", _on_terminal("match", PRACTICE, "--on", DAY, columns=60))
    assert max(cell_len(line) for line in text.splitlines()) <= 60


def test_a_document_on_a_terminal_is_as_plain_as_in_a_pipe() -> None:
    assert "\x1b" not in _on_terminal("links", PRACTICE, "--on", DAY, "--json")
