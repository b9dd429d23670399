"""A nested mapping as TOML: what the standard library reads but does not write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def dumps(data: Mapping[str, Any]) -> str:
    """TOML text of nested mappings with texts, numbers, booleans and lists of texts."""
    return "\n".join(_section((), data)).strip() + "\n"


def key(name: str) -> str:
    """A key, quoted where TOML asks for it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else value(name)


def value(item: Any) -> str:
    """One value as TOML holds it."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, (int, float)):
        return repr(item)
    if isinstance(item, (list, tuple)):
        return "[" + ", ".join(value(i) for i in item) + "]"
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped as well.
    return json.dumps(str(item), ensure_ascii=False).replace("\x7f", "\\u007f")


def _section(path: tuple[str, ...], data: Mapping[str, Any]) -> Iterator[str]:
    own = {k: v for k, v in data.items() if not isinstance(v, Mapping)}
    if own or (path and not data):
        yield f"\n[{'.'.join(key(p) for p in path)}]" if path else ""
    for name, item in own.items():
        yield f"{key(name)} = {value(item)}"
    for name, section in data.items():
        if isinstance(section, Mapping):
            yield from _section((*path, name), section)
