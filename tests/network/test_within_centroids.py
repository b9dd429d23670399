"""Files of ZIP codes and where they lie: every way of writing them that is meant, and what is said of others."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam import UsageError
from kapteam.io.centroids import centroids_of, read_centroids
from kapteam.records.centroids import Centroids, five_digits

#: As the Census Bureau publishes it, tabs and trailing spaces and all.
GAZETTEER = (
    "GEOID\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG" + " " * 20 + "\n"
    "00601\t166836392\t798613\t64.416\t0.308\t18.180555\t-66.749961\n"
    "80302\t512023414\t1520124\t197.693\t0.587\t40.019013\t-105.378712\n"
)


def read(tmp_path: Path, text: str | bytes, name: str = "zips.csv") -> Centroids:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_centroids(file)


@pytest.mark.parametrize(
    "text",
    [
        "zip,lat,lon\n00601,18.180555,-66.749961\n80302,40.019013,-105.378712\n",
        "\ufeffZIP;Latitude;Longitude\r\n00601;18.180555;-66.749961\r\n80302;40.019013;-105.378712\r\n",
        "lon\tname\tlat\tpostal_code\n-66.749961\tA\t18.180555\t00601-0001\n-105.378712\tB\t40.019013\t80302\n",
        "place,lat,lon,population\n00601,18.180555,-66.749961,9\n\n80302,40.019013,-105.378712,9\n",
        "GEOID|GEOIDFQ|INTPTLAT|INTPTLONG\n00601|860Z200US00601|18.180555|-66.749961\n80302|x|40.019013|-105.378712\n",
        GAZETTEER,
    ],
)
def test_a_table_of_codes_however_it_is_written(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert found.points == {"00601": (18.180555, -66.749961), "80302": (40.019013, -105.378712)}
    assert found.mended == 0
    assert found.fingerprint == read(tmp_path, GAZETTEER).fingerprint


def test_zeros_that_a_spreadsheet_took_are_put_back_where_it_took_all(tmp_path: Path) -> None:
    found = read(tmp_path, "zip,lat,lon\n601,18,-66\n1002,42,-72\n80302,40,-105\n")
    assert sorted(found.points) == ["00601", "01002", "80302"]
    assert found.mended == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zip,lat,lon\n01001,42,-72\n1002,42,-72\n",
         "row 3: '1002' lacks a digit: expected 5; other codes of this file kept their leading 0, so nobody knows "
         "whether '01002' is meant"),
        ("zip,lat,lon\n80302,40,-105\n80302,41,-105\n",
         "row 3: 80302 stands in row 2 with another place: write it once"),
        ("zip,lat,lon\n80302,40\n", "row 2: lon is blank: every row needs all three"),
        ("zip,lat,lon\n,40,-105\n", "row 2: zip is blank: every row needs all three"),
        ("zip,lat,lon\n80302,91,-105\n",
         "row 2: lat '91': expected a number from -90 to 90, with a point for decimals"),
        ("zip,lat,lon\nBoulder,40,-105\n", "row 2: 'Boulder': expected a ZIP code of 5 digits, such as 80302"),
        ("zip,lat,lon\n12,40,-105\n", "row 2: '12': expected a ZIP code of 5 digits, such as 80302"),
        ("zip,lat\n80302,40\n",
         ": expected a header with the columns zip, lat, lon (or GEOID, INTPTLAT, INTPTLONG); there is no lon"),
        ("", ": expected a header with the columns zip, lat, lon (or GEOID, INTPTLAT, INTPTLONG); there is "
         "no zip, lat, lon"),
        ("zip,lat,lon\n", ": expected a row for each ZIP code, and there is none"),
        ('zip,lat,lon\n"80302,40,-105\n', ": expected CSV: "),
        (b"zip,lat,lon\n80302,40,-105,\xff\n", "row 2: expected UTF-8, but the byte 0xff is not"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_with_its_row(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, text)
    assert said in str(error.value)
    assert str(tmp_path / "zips.csv") in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_centroids(tmp_path / "none.csv")


def test_the_same_place_twice_is_no_contradiction(tmp_path: Path) -> None:
    assert read(tmp_path, "zip,lat,lon\n80302,40,-105\n80302-1234,40.0,-105.0\n").points == {"80302": (40.0, -105.0)}


@given(
    st.dictionaries(
        st.from_regex(r"[0-9]{5}", fullmatch=True),
        st.tuples(st.decimals(-90, 90, places=6), st.decimals(-180, 180, places=6)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(",;\t|"),
    st.permutations(["zip", "lat", "lon", "note"]),
)
def test_what_is_written_is_read(points: dict[str, tuple[object, object]], sign: str, header: list[str]) -> None:
    text = io.StringIO()
    out = csv.DictWriter(text, header, delimiter=sign)
    out.writeheader()
    out.writerows({"zip": z, "lat": lat, "lon": lon, "note": f'a "{sign}" b'} for z, (lat, lon) in points.items())
    found = centroids_of(Path("zips.csv"), text.getvalue())
    assert found.points == {code: (float(str(a)), float(str(b))) for code, (a, b) in points.items()}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("80302", "80302"),
        ("80302-1234", "80302"),
        ("803021234", "80302"),
        (" 80302 ", "80302"),
        ("8030", None),
        ("", None),
    ],
)
def test_the_five_digits_of_a_postal_code(written: str, code: str | None) -> None:
    assert five_digits(written) == code


def test_a_site_without_a_place_has_that_of_its_code() -> None:
    centroids = Centroids({"80302": (40.0, -105.4)})
    assert centroids.of("80302-1234") == (40.0, -105.4)
    assert centroids.of("80303") is None
    assert centroids.of(None) is None
