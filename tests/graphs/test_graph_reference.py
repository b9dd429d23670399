"""docs/graphs.md says what the schema declares, line by line."""

from __future__ import annotations

from pathlib import Path

from kapteam.graphs.files import FORMATS
from kapteam.graphs.schema import ATTRIBUTES, KINDS, Attribute, GraphKind

PAGE = (Path(__file__).parents[2] / "docs" / "graphs.md").read_text(encoding="utf-8")


def line(a: Attribute) -> str:
    of = "all" if a.kinds == tuple(KINDS) else ", ".join(f"`{kind}`" for kind in a.kinds)
    unit = f" ({a.unit})" if a.unit else ""
    return f"| `{a.name}` | {of} | {a.type}{unit} | {a.meaning} | {a.none} |"


def kind_line(kind: GraphKind) -> str:
    return f"| `{kind.name}` | `{kind.graph}` | {kind.nodes} | {kind.edges} |"


def table(heading: str) -> list[str]:
    """The rows of the first table below a heading."""
    below = PAGE.split(f"{heading}\n", 1)[1].splitlines()
    first = next(i for i, text in enumerate(below) if text.startswith("|---"))
    rows = []
    for text in below[first + 1 :]:
        if not text.startswith("|"):
            break
        rows.append(text)
    return rows


def test_the_tables_of_attributes_are_the_schema() -> None:
    for owner, heading in (("graph", "### The graph itself"), ("node", "### Nodes"), ("edge", "### Edges")):
        assert table(heading) == [line(a) for a in ATTRIBUTES if a.owner == owner]


def test_the_table_of_kinds_is_the_schema() -> None:
    assert table("## The graphs") == [kind_line(kind) for kind in KINDS.values()]


def test_every_format_stands_on_the_page() -> None:
    said = " ".join(row.split("|")[1] for row in table("## Files"))
    assert all(f"`{ending}`" in said for ending in FORMATS)


def test_an_attribute_is_declared_once_for_each_kind() -> None:
    declared = [(a.name, a.owner, kind) for a in ATTRIBUTES for kind in a.kinds]
    assert len(declared) == len(set(declared))
    assert all(kind in KINDS for _, _, kind in declared)
