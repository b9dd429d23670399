"""What is wrong with a TOML file, in the words of who wrote it and not of a parser."""

from __future__ import annotations

import re

from kapteam.io.toml import key, value

_LONGEST = 500  # characters of a line that is looked into: matching a longer one would take long
_AT = re.compile(r" \(at (?:line (?P<line>[0-9]+), column (?P<column>[0-9]+)|end of document)\)$")
_ASSIGNED = re.compile(r"\s*(?P<key>[^=]*?)\s*=\s*(?P<text>[^\W\d_][^#]*?)\s*(?:#.*)?")


def in_words(error: Exception, text: str) -> tuple[str, int | None]:
    """What is wrong in ``text``, and in which line, where the parser knows it."""
    said = str(error)
    at = _AT.search(said)
    number = int(at["line"]) if at and at["line"] else None
    reason = said[: at.start()] if at else said
    lines = text.split("\n")
    # Of a file that ends too early, the last line is what the parser stumbled over.
    line = lines[number - 1] if number else next((one for one in reversed(lines) if one.strip()), "")
    mended = _mended(reason, line) if len(line) <= _LONGEST else None
    return mended or f"expected TOML: {reason}", number


def quoted_path(path: str, *, section: bool = False) -> str | None:
    """A dotted key with quotes around a name that needs them; None where quotes are not what it lacks.

    In ``carriers.Lone Star Mutual.ketamine`` the name is what stands between the first dot and the last; in the head
    of a ``section`` it is all that follows the first.
    """
    parts = [part.strip() for part in path.split(".")]
    if any(c in path for c in "\"'=[]#\n\\") or not all(parts) or len(parts) < (2 if section else 3):
        return None
    name, last = path.partition(".")[2].strip(), []
    if not section:
        name, last = name.rpartition(".")[0].strip(), parts[-1:]
    outer = [parts[0], *last]
    if all(key(p) == p for p in parts) or any(key(p) != p for p in outer):
        return None
    return ".".join([parts[0], value(name), *last])


def _mended(reason: str, line: str) -> str | None:
    """The commonest mistakes, and how each is mended."""
    if match := re.search(r"Cannot declare \((.*)\) twice", reason):
        name = ".".join(re.findall(r"'([^']*)'", match[1]))
        return f"the section [{name}] stands twice: write all of its keys under one"
    if "Cannot overwrite a value" in reason:
        return f"the key {line.partition('=')[0].strip()} stands twice in its section"
    if "Cannot mutate" in reason or "Cannot redefine" in reason:
        return f"{line.partition('=')[0].strip()} stands twice"
    assigned = _ASSIGNED.fullmatch(line)
    if "Invalid value" in reason and assigned:
        return f"text needs quotes: {assigned['key']} = {value(assigned['text'])}"
    if ("Illegal character" in reason and "n'" in reason) or reason in ('Expected "\'"', "Unterminated string"):
        return "a quote is not closed"
    head = re.match(r"\s*\[([^\[\]]*)\]", line)
    path = quoted_path(head[1], section=True) if head else quoted_path(line.partition("=")[0].strip())
    if reason.startswith("Expected") and path:
        return "a name with a space needs quotes: " + (f"[{path}]" if head else path)
    if reason.startswith("Expected '=' after a key") and "=" not in line:
        return f"expected a key, = and a value, such as therapists = 2, not {line.strip()!r}"
    return None
