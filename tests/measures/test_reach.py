"""Reach: the nearest site by trying each; the median by writing everybody down; and a file of places that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median_low

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam import UsageError
from kapteam.api.measures import read_places
from kapteam.columns.places import great_circle
from kapteam.measures.places import Place, places_of
from kapteam.measures.reach import reach, weighted_median
from kapteam.measures.usable import Usable
from kapteam.network.links import Links, judged_links

degrees = st.tuples(
    st.floats(-90, 90, allow_subnormal=False).map(lambda x: round(x, 3)),
    st.floats(-180, 180, allow_subnormal=False).map(lambda x: round(x, 3)),
)


@given(st.lists(st.tuples(degrees, st.integers(0, 9)), max_size=6))
def test_the_nearest_site_is_found_among_all(
    practice_links: Links, drawn: Sequence[tuple[tuple[float, float], int]]
) -> None:
    usable = Usable(_placed(practice_links))
    places = [Place(f"p{i}", lat, lon, people) for i, ((lat, lon), people) in enumerate(drawn)]
    found = reach(usable, places, 4000)
    sites = usable.facts.roster.places
    paired = {link.site for link in usable.links if link.verdict == "pass" and sites[link.site].setting != "telehealth"}
    everybody = []
    for place, told in zip(places, found.places, strict=True):
        apart = {
            s: float(great_circle(place.latitude, place.longitude, float(sites[s].latitude), float(sites[s].longitude)))
            for s in paired
        }  # fmt: skip
        assert told.km == pytest.approx(min(apart.values()), abs=0.06)
        assert told.site is not None
        assert apart[told.site] == pytest.approx(min(apart.values()), abs=0.02)
        everybody += [told.km] * place.population
    assert found.population == len(everybody)
    assert found.beyond == sum(km > 4000 for km in everybody)
    assert found.median == (pytest.approx(median_low(everybody), rel=1e-5) if everybody else None)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=8))
def test_the_weighted_median_is_the_low_median_of_everybody(values: list[tuple[int, int]]) -> None:
    of = np.array([v for v, _ in values], np.float64), np.array([w for _, w in values], np.int64)
    written = [v for v, w in values for _ in range(w)]
    found = weighted_median(*of)
    assert np.isnan(found) if not written else found == median_low(written)


def test_without_coordinates_nobody_is_near(practice_links: Links) -> None:
    usable = Usable(_placed(practice_links, known=False))
    found = reach(usable, [Place("here", 40, -73, 5)], 50)
    assert (found.sites, found.beyond, found.median) == (0, 5, None)
    assert (found.places[0].km, found.places[0].site) == (None, None)
    assert found.sites_unknown == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("place,lat,lon\na,1,2\n", "there is no population"),
        ("place,lat,lon,population\na,91,2,3\n", "row 2: lat '91': expected a number from -90 to 90"),
        ("place,lat,lon,population\na,1,2,3\nb,,2,3\n", "row 3: lat is blank"),
        ("place,lat,lon,population\na,1,2,x\n", "row 2: population 'x': expected a whole number"),
        ("place,lat,lon,population\na,1,2\n", "row 2: population is blank"),
        ("place,lat,lon,population\na,1,2,3\na,1,2,3\n", "row 3: the place 'a' stands there twice"),
        ('place,lat,lon,population\n"a,1,2,3\n', "expected CSV"),
    ],
    ids=range(7),
)
def test_a_file_of_places_that_is_wrong_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "towns.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_places(tmp_path / "towns.csv")
    assert said in str(error.value)
    assert "towns.csv" in str(error.value)


def test_a_file_that_is_not_there_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_places(tmp_path / "nowhere.csv")
    (tmp_path / "towns.csv").write_bytes("place,lat,lon,population\nZürich,1,2,3\n".encode("latin-1"))
    with pytest.raises(UsageError, match="row 2: expected UTF-8"):
        read_places(tmp_path / "towns.csv")


def test_a_file_may_have_a_mark_other_columns_and_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_text("\ufeffid,population,lon,lat,place\n7,10,-73.5,41,Beacon\n", encoding="utf-8")
    assert read_places(path) == (Place("Beacon", 41.0, -73.5, 10),)
    path.write_text("place,lat,lon,population\n", encoding="utf-8")
    assert read_places(path) == places_of([]) == ()


def _placed(links: Links, *, known: bool = True) -> Links:
    """The practice with its sites somewhere, all apart; or nowhere."""
    roster = links.facts.roster
    sites = [
        attrs.evolve(s, latitude=40 + i if known else None, longitude=-75 - 3 * i if known else None)
        for i, s in enumerate(roster.sites)
    ]
    return judged_links(roster.with_tables({"sites": sites}), date(2026, 12, 7))
