"""What each graph's nodes, edges and the graph itself say: every attribute declared once, the same in every export."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

#: Whose attribute it is.
Owner = Literal["graph", "node", "edge"]
#: What a value is, in words: text (str), whole number (int), number (float), yes or no (bool), date
#: (datetime.date), list of text (list of str), text by text (dict of str to str).
Type = Literal["text", "whole number", "number", "yes or no", "date", "list of text", "text by text"]


@frozen
class Attribute:
    """One attribute of a graph, of its nodes or of its edges.

    Attributes
    ----------
    name : str
    owner : {"graph", "node", "edge"}
    kinds : tuple of str
        The graphs that have it; every node or edge of theirs carries it.
    type : str
        What its values are.
    meaning : str
        A sentence for the reference.
    unit : str
        The unit of a number, or empty.
    none : str
        What None means; empty where it is never None.
    """

    name: str
    owner: Owner
    kinds: tuple[str, ...]
    type: Type
    meaning: str
    unit: str = ""
    none: str = ""


@frozen
class GraphKind:
    """One of the graphs: its class in NetworkX, and what its nodes and edges are."""

    name: str
    graph: str
    nodes: str
    edges: str


#: The graphs, the default first.
KINDS: dict[str, GraphKind] = {
    kind.name: kind
    for kind in (
        GraphKind(
            "links", "MultiDiGraph", "everybody on the roster",
            "every candidate link, from the prescriber to the therapist, keyed by the site; a solo link is a loop",
        ),
        GraphKind(
            "prescribers", "Graph", "everybody who is a candidate as prescriber",
            "two prescribers who share a partner by links that may be used",
        ),
        GraphKind(
            "therapists", "Graph", "everybody who is a candidate as therapist",
            "two therapists who share a partner by links that may be used",
        ),
        GraphKind(
            "consultation", "DiGraph", "everybody on the roster",
            "from one who consults for, supervises or collaborates with another, or could consult for them",
        ),
        GraphKind("ties", "MultiGraph", "everybody on the roster", "every tie, keyed by its kind"),
        GraphKind(
            "plan", "MultiDiGraph", "everybody on the roster",
            "every place in a team, from the prescriber to the therapist, keyed by the site; a solo team is a loop",
        ),
    )
}  # fmt: skip

_ALL = tuple(KINDS)
_LINKS = ("links", "plan")
_SHARED = ("prescribers", "therapists")

ATTRIBUTES = (
    Attribute("kind", "graph", _ALL, "text", "which of the graphs this is"),
    Attribute("on", "graph", _ALL, "date", "the day judged"),
    Attribute("protocol", "graph", _ALL, "text", "the kind of session, a name in [protocols]", none="the default"),
    Attribute(
        "unknown", "graph", _ALL, "text",
        "exclude: a link may be used where it passes; allow: also where it is unknown",
    ),
    Attribute("label", "node", _ALL, "text", "the name, or the id where there is none"),
    Attribute("roles", "node", _ALL, "list of text", "what they are a candidate for: prescriber, therapist, monitor"),
    Attribute("professions", "node", _ALL, "list of text", "the professions of their licences in force"),
    Attribute("specialty", "node", _ALL, "text", "by kapteam's own name", none="nobody wrote it down"),
    Attribute(
        "modalities", "node", _ALL, "list of text", "those known, by kapteam's own names", none="nobody wrote any down",
    ),
    Attribute("languages", "node", _ALL, "list of text", "BCP 47 tags", none="nobody wrote any down"),
    Attribute(
        "licensed", "node", _ALL, "list of text",
        "the jurisdictions of their licences in force, but for inactive and suspended ones",
    ),
    Attribute(
        "prescribing", "node", _ALL, "text by text",
        "by jurisdiction of their sites as prescriber: pass, fail or unknown, as the legal rules that block say of "
        "them alone; of several sites the best",
    ),
    Attribute("sites", "node", _ALL, "list of text", "the ids of the sites where they have hours"),
    Attribute("hours_on_site", "node", _ALL, "number", "written hours, all sites together", unit="hours a week"),
    Attribute("hours_unknown_at", "node", _ALL, "list of text", "the sites with hours that nobody wrote down"),
    Attribute(
        "capacity", "node", _ALL, "whole number", "how many standing partners they can take as prescriber",
        unit="therapists", none="no limit is known, or they are no prescriber",
    ),
    Attribute(
        "max_sessions_per_week", "node", _ALL, "whole number", "in any role", unit="sessions a week", none="no limit",
    ),
    Attribute("teamed", "node", _ALL, "yes or no", "whether the plan has them in a team", none="no plan was asked for"),
    Attribute("site", "edge", _LINKS, "text", "the id of the site, the same as the edge's key"),
    Attribute("verdict", "edge", _LINKS, "text", "pass, fail or unknown: the rules that block, together"),
    Attribute("points", "edge", _LINKS, "whole number", "what the link is worth", unit="points"),
    Attribute(
        "weekly_sessions", "edge", _LINKS, "whole number",
        "the most sessions that the hours of both hold there, within what both take on", unit="sessions a week",
    ),
    Attribute(
        "capacity", "edge", _LINKS, "whole number",
        "the sessions that the pair may be given there: weekly_sessions where the link may be used, else 0",
        unit="sessions a week",
    ),
    Attribute("rules_fail", "edge", _LINKS, "list of text", "the ids of the rules that block and fail"),
    Attribute("rules_unknown", "edge", _LINKS, "list of text", "the ids of the rules that block and are unknown"),
    Attribute("teamed", "edge", _LINKS, "yes or no", "whether the plan uses the link", none="no plan was asked for"),
    Attribute(
        "shared_partners", "edge", _SHARED, "whole number", "how many could be a partner of either", unit="people",
    ),
    Attribute(
        "shared_sessions", "edge", _SHARED, "whole number",
        "the lesser weekly_sessions of the two, summed over each shared partner and site where both links may be used",
        unit="sessions a week",
    ),
    Attribute(
        "agreements", "edge", ("consultation",), "list of text",
        "the agreements of the two in force: collaboration, consultation, supervision",
    ),
    Attribute(
        "verdict", "edge", ("consultation",), "text",
        "whether the first may consult for the second, who needs a mentor, as `kapteam mentors` judges",
        none="the second needs none, or one of the two is no candidate as therapist",
    ),
    Attribute(
        "rules_unknown", "edge", ("consultation",), "list of text", "the criteria that leave the verdict unknown",
    ),
    Attribute(
        "fit", "edge", ("consultation",), "whole number",
        "2 for a prefers or worked_with tie, 1 more for a complementary modality that both have",
        none="there is no verdict",
    ),
    Attribute("kind", "edge", ("ties",), "text", "worked_with, prefers or avoids, the same as the edge's key"),
    Attribute("weight", "edge", ("ties",), "number", "how strong the tie is; of several of one kind the strongest"),
)  # fmt: skip


def attributes(kind: str | None, owner: Owner) -> tuple[Attribute, ...]:
    """What a kind of graph says of itself, of its nodes or of its edges; nothing where it is none of ours."""
    return tuple(a for a in ATTRIBUTES if a.owner == owner and kind in a.kinds)
