"""Pictures for researchers: who shares partners, and how many are teamed as prescribers stop."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given

import kapteam
from kapteam.demo import DAY, practice_folder
from kapteam.draw.marks import Layout, Path, every
from kapteam.draw.partners import MOST, partners_picture
from kapteam.draw.robustness import robustness_picture
from kapteam.graphs.projections import shared_edges
from kapteam.io.read import read
from kapteam.measures.measured import measures
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import UsageError
from strategies import Written, rosters


@pytest.fixture(scope="module")
def practice() -> Links:
    return judged_links(read(practice_folder()), DAY)


def paths(layout: Layout, kind: str) -> Iterator[Path]:
    return (m for m in every(layout.marks) if isinstance(m, Path) and kind in m.kind.split())


def sound(layout: Layout, svg: str) -> None:
    ElementTree.fromstring(svg)
    boxes = [text.box for text in layout.texts if text.words]
    for i, one in enumerate(boxes):
        assert one.left >= 0
        assert one.right <= layout.width
        assert one.bottom <= layout.height
        assert not any(one.meets(other) for other in boxes[i + 1 :])


@pytest.mark.parametrize("role", ["prescriber", "therapist"])
def test_an_arc_for_any_two_who_share_partners(practice: Links, role: str) -> None:
    picture = partners_picture(practice, role)
    arcs = {(d["person"], d["other"]): int(d["shared"]) for p in paths(picture.layout, "shared") if (d := dict(p.data))}
    assert arcs == {(a, b): said["shared_partners"] for a, b, said in shared_edges(practice, role, "exclude")}
    sound(picture.layout, picture.svg())
    assert picture.svg() == partners_picture(practice, role).svg()


@given(rosters(people=(2, 6)))
def test_any_roster_can_be_drawn(written: Written) -> None:
    links = written.network().links
    for role in ("prescriber", "therapist"):
        picture = partners_picture(links, role, unknown="allow")
        sound(picture.layout, picture.svg())
    picture = robustness_picture(measures(links, draws=3))
    sound(picture.layout, picture.svg())


def test_of_very_many_those_who_share_most_are_drawn_and_the_rest_is_counted() -> None:
    who = [f"t{n:03}" for n in range(MOST + 20)]
    roster = kapteam.Roster(
        sites=[kapteam.Site("s", "NY", supply="patient")],
        practitioners=[
            kapteam.Practitioner(
                id,
                roles=("prescriber",) if id == "dan" else ("therapist",),
                licenses=[kapteam.License("NY", "physician" if id == "dan" else "psychologist")],
                registrations=[kapteam.Registration(jurisdiction="NY", schedules="3N")] if id == "dan" else [],
                coverage=[kapteam.Coverage("Acorn", ketamine=True, presence="throughout")],
                training=[kapteam.Training("kap", hours=40)],
                hours=[kapteam.Hours("s", "Mon 09:00-17:00")],
            )
            for id in ("dan", *who)
        ],
    )
    picture = partners_picture(judged_links(roster, DAY), "therapist", unknown="allow")
    assert picture.layout.title == "Therapists who share prescribers"
    said = picture.layout.description
    assert (
        said
        == f"{len(who)} of {len(who)} therapists share prescribers with another. The {MOST} who share most are drawn."
    )
    assert any("widest arcs" in text.words for text in picture.layout.texts)
    sound(picture.layout, picture.svg())


def test_each_curve_begins_and_ends_where_its_numbers_do(practice: Links) -> None:
    answer = measures(practice, draws=20)
    picture = robustness_picture(answer)
    for one in answer.percolation:
        (curve,) = (p for p in paths(picture.layout, one.order) if len(p.points) > 2)  # the others are the legend's
        left, right = curve.points[0], curve.points[-1]
        zero, whole = scale(picture.layout)
        for (_, y), point in ((left, one.curve[0]), (right, one.curve[-1])):
            assert point.teamed == pytest.approx((zero - y) / (zero - whole), abs=1e-4)
    assert picture.layout.description.startswith(
        "70 % of the therapists can be teamed while every prescriber is there;"
    )
    sound(picture.layout, picture.svg())


def scale(layout: Layout) -> tuple[float, float]:
    """Where nought and all stand, by the lines drawn there."""
    ys = [p.points[0][1] for p in paths(layout, "rule")]
    return max(ys), min(ys)


def test_a_role_that_is_none_is_told(practice: Links) -> None:
    with pytest.raises(UsageError, match="role is one of"):
        partners_picture(practice, "monitor")
