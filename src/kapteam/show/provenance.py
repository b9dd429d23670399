"""What an answer was made from, for a person to read or to keep beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def shown_provenance(document: Mapping[str, Any]) -> Iterator[Any]:
    """What a provenance says, a line for each thing; ``document`` is its :meth:`as_dict`."""
    from rich.table import Table
    from rich.text import Text

    yield Text("Made from", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, said in _lines(document):
        table.add_row(f"  {name}", said)
    yield table


def _lines(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    versions = dict(document["versions"])
    kapteam = versions.pop("kapteam")
    yield "kapteam", f"{kapteam} ({', '.join(f'{name} {version}' for name, version in versions.items())})"
    yield "roster", f"sha256 {document['roster']}"
    yield "law packs", f"sha256 {document['law']}"
    for rule, source in document["rules"].items():
        yield "own rule", f"{rule}, " + ("no source to read" if source is None else f"sha256 {source}")
    yield "question", f"{document['question']}, for {document['on']}"
    if document["protocol"] is not None:
        yield "protocol", document["protocol"]
    if document["options"]:
        yield "options", ", ".join(f"{name} {_said(value)}" for name, value in document["options"].items())
    if document["seed"] is not None:
        yield "seed", str(document["seed"])


def _said(value: Any) -> str:
    """An option as it is given: words bare, nothing as none, anything else as JSON has it."""
    if isinstance(value, str):
        return value
    return "none" if value is None or value == [] else json.dumps(value, ensure_ascii=False)
