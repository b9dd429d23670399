"""The picture of a network shows what was judged and planned: everybody, every link once, the teams, and no more."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kapteam
from clinics import district, house, someone
from draw.reading import Drawn, ends, outside, overlapping, title
from kapteam.columns.logic import WORDS
from kapteam.demo import practice_folder
from kapteam.draw.network import EVERYBODY, LEAST_WIDTH, network_picture
from kapteam.draw.picture import Picture
from kapteam.matching.match import Plan, match
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import UsageError
from strategies import NO_PACKS, Written, rosters

DAY = date(2026, 12, 7)
NAMES = (
    "", "", "Ana Lindqvist", "Dr. Maximiliane Alexandrowna Wolkenstein-Trostburg von und zu Hohenfels",
    "ליאת בן-דוד", "ليلى حدّاد", "陳美玲 Mei-Ling Chen", '<script>alert("&")</script>', "O'Neill & \"Sons\" <b>",
    "W" * 60, "Nguyễn Thảo 👩‍⚕️", "\u202eevil",
)  # fmt: skip


def of(written: Written) -> Links:
    return judged_links(written.roster(), written.on, packs=NO_PACKS)


@pytest.fixture(scope="module")
def shipped() -> Links:
    return judged_links(kapteam.read(practice_folder()), DAY)


@st.composite
def named(draw: st.DrawFn) -> Written:
    """A roster of people who are called all sorts of things."""
    written = draw(rosters())
    for table in ("practitioners", "sites"):
        for row in written.tables[table]:
            row["name"] = draw(st.sampled_from(NAMES))
    return written


def shows_all(picture: Picture, links: Links, plan: Plan | None, failing: bool) -> None:
    """Compare what an XML parser finds with what was judged."""
    drawn = Drawn.of(picture)
    paths = {int(path.get("data-row", "")): path for path in drawn.named("path", "link") if path.get("data-row")}
    wanted = [row for row in range(len(links)) if failing or links.verdicts[row] >= 0]
    found = [path.get("data-row") or "" for path in drawn.named("path", "link") if path.get("data-row")]
    assert sorted(found) == sorted(map(str, wanted))
    teams = set() if plan is None else set(plan.rows.tolist())
    signs = {}
    for person in drawn.named("g", "person"):
        assert person.get("aria-label") == title(person)
        assert (person.get("tabindex"), person.get("role")) == ("0", "button")
        role = person.get("data-role")
        if role:
            key = person.get("data-site"), role, person.get("data-person")
            assert key not in signs
            signs[key] = height(person)
    for row, path in paths.items():
        link = links.link(row)
        told = {name: path.get(f"data-{name}") for name in ("site", "prescriber", "therapist")}
        assert told == {"site": link.site, "prescriber": link.prescriber, "therapist": link.therapist}
        classes = set((path.get("class") or "").split())
        assert classes == {"link", WORDS[int(links.verdicts[row])]} | ({"team"} if row in teams else set())
        (left, above), (right, below) = ends(path)
        assert left < right
        assert above == pytest.approx(signs[link.site, "prescriber", link.prescriber], abs=0.02)
        assert below == pytest.approx(signs[link.site, "therapist", link.therapist], abs=0.02)
    everybody = {person.get("data-person") for person in drawn.named("g", "person")}
    assert everybody == set(links.facts.people)


def height(person: Any) -> float:
    """How far down the sign of a person is."""
    for mark in person:
        if "dot" in (mark.get("class") or "").split():
            if mark.get("cy"):
                return float(mark.get("cy"))
            (_, above), (_, below) = ends(mark)
            return (above + below) / 2
    raise AssertionError("a person without a sign")


@given(named(), st.sampled_from(["exclude", "allow"]), st.booleans(), st.sampled_from([1, 2]))
def test_everybody_every_usable_link_and_every_team_is_there(
    written: Written, unknown: str, failing: bool, partners: int
) -> None:
    links = of(written)
    plan = match(links, unknown=unknown, max_partners=partners)
    shows_all(network_picture(links, plan, failing=failing), links, plan, failing)


@given(named(), st.booleans(), st.sampled_from([LEAST_WIDTH, 390, 640, 920, 1400]))
def test_no_two_texts_meet_and_nothing_reaches_over_the_edge(written: Written, planned: bool, width: int) -> None:
    links = of(written)
    picture = network_picture(links, match(links) if planned else None, width=width, failing=True)
    assert not overlapping(picture)
    assert not outside(picture)


@pytest.mark.parametrize("width", [LEAST_WIDTH, 640, 920])
@pytest.mark.parametrize("failing", [False, True])
def test_nor_do_they_in_whole_practices(shipped: Links, width: int, failing: bool) -> None:
    written = district(2, 50)
    for i, row in enumerate(written.tables["practitioners"]):
        row["name"] = NAMES[i % len(NAMES)]
    for links in (shipped, of(written)):
        picture = network_picture(links, match(links), width=width, failing=failing)
        assert not overlapping(picture)
        assert not outside(picture)


@given(named())
def test_without_a_plan_nobody_is_teamed_or_left_out(written: Written) -> None:
    links = of(written)
    picture = network_picture(links)
    shows_all(picture, links, None, False)
    states = {person.get("data-state") for person in Drawn.of(picture).named("g", "person")}
    assert not states & {"teamed", "elsewhere", "left_out"}


@given(rosters(), st.sampled_from(["exclude", "allow"]))
def test_a_sign_says_how_one_stands(written: Written, unknown: str) -> None:
    links = of(written)
    plan = match(links, unknown=unknown)
    in_team = {(t.site, "prescriber", t.prescriber) for t in plan.teams}
    in_team |= {(t.site, "therapist", p.practitioner) for t in plan.teams for p in t.therapists}
    teamed = {person for _, _, person in in_team}
    usable = {"pass"} | ({"unknown"} if unknown == "allow" else set())
    told = {}
    for person in Drawn.of(network_picture(links, plan)).named("g", "person"):
        if person.get("data-role"):
            told[person.get("data-site"), person.get("data-role"), person.get("data-person")] = person.get("data-state")
    for (site, role, person), state in told.items():
        verdicts = {link.verdict for link in links if link.site == site and getattr(link, role) == person}
        if (site, role, person) in in_team:
            assert state == "teamed"
        elif person in teamed:
            assert state == "elsewhere"
        else:
            assert state == ("left_out" if verdicts & usable else "open" if "unknown" in verdicts else "none")


def test_a_verdict_is_told_by_form_as_well_as_by_colour(shipped: Links) -> None:
    svg = network_picture(shipped, match(shipped), failing=True).svg()
    dashes = {kind: f".link.{kind}{{" for kind in ("pass", "unknown", "fail", "team")}
    said = {kind: svg.split(begin, 1)[1].split("}", 1)[0] for kind, begin in dashes.items()}
    assert "dasharray" not in said["pass"]
    assert len({said[kind].split("dasharray:")[1] for kind in ("unknown", "fail")}) == 2
    widths = {kind: float(words.split("stroke-width:")[1].split(";")[0]) for kind, words in said.items()}
    assert widths["team"] >= 2 * max(widths[kind] for kind in ("pass", "unknown", "fail"))


def test_the_legend_explains_what_is_there_and_nothing_else(shipped: Links) -> None:
    plan = match(shipped)
    usual, failing = (Drawn.of(network_picture(shipped, plan, failing=f)).words() for f in (False, True))
    assert "fails a rule" in failing
    assert "fails a rule" not in usual
    for words in ("team", "could team", "rests on an unknown fact", "left out, though someone could", "no usable link"):
        assert words in usual
    assert (
        "team that rests on an unknown fact"
        in Drawn.of(network_picture(shipped, match(shipped, unknown="allow"))).words()
    )


def test_the_shipped_practice_as_a_manager_reads_it(shipped: Links) -> None:
    drawn = Drawn.of(network_picture(shipped, match(shipped)))
    people = {(p.get("data-person"), p.get("data-site")): title(p) for p in drawn.named("g", "person")}
    assert people["chen", "hudson"] == "陳美玲 Mei-Ling Chen (chen), therapist: 5 sessions a week, 878 points"
    assert people["chen", "tele-ny"] == "陳美玲 Mei-Ling Chen (chen), therapist: teamed at Hudson clinic"
    assert people["whitfield", "boulder"].endswith("alone, as both, 2 sessions a week, 590 points")
    assert people["abara", "hudson"] == "Dr. Tunde Abara (abara), prescriber: takes 3 of 3"
    assert people["lightfoot", "salida"] == "Dana Lightfoot (lightfoot), therapist: left out"
    assert people["hassan", "montclair"] == "Amina Hassan (hassan), therapist: if confirmed"
    assert people["tanaka", "boulder"] == "Dr. Keiko Tanaka (tanaka), prescriber: no usable link"
    assert people["stokes", None] == "Ben Stokes (stokes): only watches"
    assert people["lark", None] == "Sunniva Lark (lark): in no role"
    said = {title(path) for path in drawn.named("path", "link") if path.get("data-row")}
    assert "Joanna Whitfield, alone, as both: a team, 2 sessions a week, 590 points" in said
    assert "Dr. Lorraine Begay and Dana Lightfoot: could team, 1 session a week, 515 points" in said
    assert any(s.startswith("Dr. Ngozi Okafor and Amina Hassan: rests on an unknown fact") for s in said)
    assert "19 of 27 therapists are teamed, and no plan teams more (proven)." in " ".join(drawn.words())


def test_teams_are_short_lines_that_do_not_cross(shipped: Links) -> None:
    drawn = Drawn.of(network_picture(shipped, match(shipped)))
    for site in shipped.facts.sites:
        lines = [ends(path) for path in drawn.named("path", "link", "team") if path.get("data-site") == site]
        assert lines
        assert all(abs(a[1] - b[1]) <= 2 * 22 for a, b in lines)
        assert not any((a[1] - c[1]) * (b[1] - d[1]) < 0 for a, b in lines for c, d in lines)


def test_one_site_alone_shows_everybody_there(shipped: Links) -> None:
    plan = match(shipped)
    drawn = Drawn.of(network_picture(shipped, plan, site="hudson"))
    rows = {path.get("data-row") for path in drawn.named("path", "link") if path.get("data-row")}
    assert rows == {
        str(r) for r in range(len(shipped)) if shipped.verdicts[r] >= 0 and shipped.link(r).site == "hudson"
    }
    assert {p.get("data-site") for p in drawn.named("g", "person")} == {"hudson"}
    with pytest.raises(UsageError, match=r"no site 'hudsen'.* did you mean 'hudson'"):
        network_picture(shipped, plan, site="hudsen")


def test_the_same_links_give_the_same_bytes(shipped: Links) -> None:
    again = judged_links(kapteam.read(practice_folder()), DAY)
    for standalone in (True, False):
        assert network_picture(shipped, match(shipped)).svg(standalone) == network_picture(again, match(again)).svg(
            standalone
        )


def test_nothing_is_fetched_and_nothing_leaks(shipped: Links) -> None:
    alone, inside = (network_picture(shipped, match(shipped)).svg(standalone) for standalone in (True, False))
    for svg in (alone, inside):
        assert svg.count("http") == 1  # the namespace
        for word in ("href=", "url(", "@import", " id=", " style=", "<script", "javascript:"):
            assert word not in svg, word
    style = inside.split("<style>")[1].split("</style>")[0]
    selectors = [one for rule in style.split("}")[:-1] for one in rule.split("{")[0].split(",")]
    assert all(one.startswith("svg.kapteam-picture") for one in selectors)
    assert "var(--" in style
    assert "var(--" not in alone


@pytest.mark.parametrize("name", NAMES[2:])
def test_a_name_is_text_whatever_it_is(name: str) -> None:
    written = house({"north": "NY"})
    someone(written, "dan", "physician", {"north": "Mon 09:00-12:00"}, roles="prescriber", name=name)
    someone(written, "ana", "psychologist", {"north": "Mon 09:00-12:00"}, name=name)
    links = of(written)
    drawn = Drawn.of(network_picture(links, match(links)), standalone=True)
    (left,) = drawn.named("g", "prescriber")
    assert title(left) == f"{links.facts.roster.people['dan'].label} (dan), prescriber: takes 1 of 3"
    assert {element.tag.split("}")[1] for element in drawn.root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "path", "circle", "text", "g",
    }  # fmt: skip


def test_nobody_and_nothing_are_drawn_as_well() -> None:
    written = house({"north": "NY"})
    someone(written, "mia", "registered_nurse", {"north": "Mon 09:00-12:00"})
    links = of(written)
    nobody = network_picture(links, match(links))
    assert "only watches" in Drawn.of(nobody).words()
    assert "Nobody here prescribes or sits." in Drawn.of(nobody).words()
    someone(written, "dan", "physician", {"north": "Mon 09:00-12:00"}, roles="prescriber")
    someone(written, "eve", "psychologist")
    links = of(written)
    shows_all(network_picture(links, match(links)), links, match(links), False)
    assert "no hours at any site" in Drawn.of(network_picture(links, match(links))).words()


@pytest.mark.parametrize("people", [EVERYBODY, EVERYBODY + 1])
def test_more_than_sixty_people_are_shown_by_site(people: int) -> None:
    links = of(district(1, people))
    drawn = Drawn.of(network_picture(links, match(links)))
    assert bool(list(drawn.named("g", "site"))) == (people > EVERYBODY)
    assert bool(list(drawn.named("g", "person"))) == (people <= EVERYBODY)


def test_a_practice_is_drawn_at_once(shipped: Links) -> None:
    plan = match(shipped)
    begun = time.process_time()
    for _ in range(5):
        network_picture(shipped, plan).svg()
    assert time.process_time() - begun < 5 * 0.1


def test_a_plan_that_cannot_keep_what_was_to_be_kept_says_why(shipped: Links) -> None:
    plan = match(shipped, keep=[("prado", "hassan")])
    said = " ".join(Drawn.of(network_picture(shipped, plan)).words())
    assert plan.conflicts
    assert f"No plan keeps what was to be kept: {plan.conflicts[0].message}" in said


def test_a_plan_of_other_links_is_refused(shipped: Links) -> None:
    other = judged_links(kapteam.read(practice_folder()), date(2027, 3, 1))
    with pytest.raises(UsageError, match="the plan is of other links"):
        network_picture(shipped, match(other))


@pytest.mark.parametrize("width", [LEAST_WIDTH - 1, 0, -5])
def test_a_picture_that_is_too_narrow_is_refused(shipped: Links, width: int) -> None:
    with pytest.raises(UsageError, match="at least 320 pixels wide"):
        network_picture(shipped, width=width)
