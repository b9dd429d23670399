"""Made-up NPPES files with the real layout, at any size: ``python -m kapteam.registry.made ROWS -o FILE``.

Nobody in them exists. Their NPIs fit their check digit but begin with 29: those issued so far begin with 1. Every last
name and every organisation ends with ``MADEUP``. What is odd in real files is odd here: deactivated NPIs, words for
licence numbers, foreign addresses, states written out, quotes and commas in cells.
"""

from __future__ import annotations

import csv
import io
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from random import Random

from kapteam.records.identifiers import npi_check_digit
from kapteam.records.zones import JURISDICTIONS
from kapteam.registry.layout import COLUMNS

#: What the NPIs of made files begin with, and how many there are.
RANGE = "29"
MOST = 10_000_000
_FIRST = ("ANA", "LEO", "MEI-LING", "NOAH", "SIOBHAN", "KWAME", "INES", "TUNDE", "PRIYA", "OMAR", "D'ARCY", "RUTH")
_LAST = ("PINE", "BIRCH", "O'ROWAN", "WILLOW", "DE LA ELM", "ALDER", "HAZEL", "ASH", "CEDAR-LARCH", "MAPLE")
_CODES = (
    "2084P0800X", "207Q00000X", "207L00000X", "208000000X", "363LP0808X", "363LF0000X", "363A00000X", "367500000X",
    "364SP0809X", "364SP0807X", "103TC0700X", "103TP0016X", "1041C0700X", "104100000X", "106H00000X", "101YM0800X",
    "101YP2500X", "101YA0400X", "163W00000X", "163WP0808X", "175F00000X", "225100000X", "122300000X", "183500000X",
    "390200000X", "204E00000X",
)  # fmt: skip
_WORDS = ("PENDING", "NONE", "$$$$$$$$$", "STUDENT", "NJ PERMIT", "N/A", "TBD", "IN PROCESS")
_ELSEWHERE = (
    ("QUEBEC", "H4A3M2", "CA"),
    ("PR", "009071234", "US"),
    ("AE", "09012", "US"),
    ("OKINAWA", "9040103", "JP"),
)


def made_rows(count: int, seed: int = 0) -> Iterator[dict[str, str]]:
    """Rows by column name; a cell that is left out is blank."""
    random = Random(seed)
    for i in range(count):
        yield _row(random, made_npi(i))


def made_npi(number: int) -> str:
    """The NPI of that number (below ``MOST``), of ten digits."""
    nine = f"{RANGE}{number:07}"
    return nine + npi_check_digit(nine)


def written(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The lines of a file: every cell in quotes, as CMS publishes it."""
    text = io.StringIO()
    out = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.writerow(COLUMNS)
    for row in rows:
        out.writerow([row.get(name, "") for name in COLUMNS])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()  # a header alone


def _row(random: Random, npi: str) -> dict[str, str]:
    chance = random.random()
    if chance < 0.035:
        return {"NPI": npi, "NPI Deactivation Date": _day(random)}
    row = {"NPI": npi, "Provider Enumeration Date": _day(random), "Last Update Date": _day(random)}
    row |= _place(random)
    if chance < 0.25:
        row |= {
            "Entity Type Code": "2",
            "Provider Organization Name (Legal Business Name)": f'{random.choice(_LAST)} "CENTER", INC. MADEUP',
            "Authorized Official Last Name": f"{random.choice(_LAST)} MADEUP",
        }
    else:
        row |= {
            "Entity Type Code": "1",
            "Provider Last Name (Legal Name)": f"{random.choice(_LAST)} MADEUP",
            "Provider First Name": random.choice(_FIRST),
            "Provider Middle Name": random.choice(("", "", "Q", "JO ANN")),
            "Provider Credential Text": random.choice(("M.D.", "LCSW; MSW; CADC I", "RN,", "PMHNP-BC", "")),
            "Provider Sex Code": random.choice("FMX"),
            "Is Sole Proprietor": random.choice("NYX"),
        }
    if chance > 0.99:
        row |= {
            "NPI Deactivation Date": "02/01/2022",
            "NPI Reactivation Date": random.choice(("11/29/2023", "01/05/2022")),
        }
    return row | _taxonomies(random, row.get("Provider Business Practice Location Address State Name", ""))


def _place(random: Random) -> dict[str, str]:
    if random.random() < 0.01:
        state, zip_code, country = random.choice(_ELSEWHERE)
    else:
        state = random.choice(_STATES)
        # A few ZIP codes a state, so that people meet; some as a program that took them for numbers left them.
        zip_code, country = f"{_STATES.index(state) + 10:03}{random.randrange(12):02}", "US"
        zip_code += random.choice(("", f"{random.randrange(10_000):04}"))
        if random.random() < 0.01:
            zip_code, state = zip_code.lstrip("0"), JURISDICTIONS[state][0].upper()
    street = f"{random.randrange(1, 999)} EXAMPLE ST, STE {random.randrange(9)}"
    cells: dict[str, str] = {}
    for which in ("Mailing", "Practice Location"):
        cells |= {
            f"Provider First Line Business {which} Address": f"{street}",
            f"Provider Business {which} Address City Name": "EXAMPLETON",
            f"Provider Business {which} Address State Name": state,
            f"Provider Business {which} Address Postal Code": zip_code,
            f"Provider Business {which} Address Country Code (If outside U.S.)": country,
            f"Provider Business {which} Address Telephone Number": f"55501{random.randrange(100_000):05}",
        }
    return cells


def _taxonomies(random: Random, state: str) -> dict[str, str]:
    cells: dict[str, str] = {}
    count = 15 if random.random() < 0.002 else random.choices((0, 1, 2, 3), (1, 700, 250, 50))[0]
    primary = random.randrange(count) if count and random.random() > 0.01 else -1
    for i in range(count):
        chance = random.random()
        number = (
            random.choice(_WORDS)
            if chance < 0.02
            else f"{random.choice(('', 'R', 'APRN.CNP.', '036.'))}{random.randrange(10**6):06}"
        )
        cells |= {
            f"Healthcare Provider Taxonomy Code_{i + 1}": random.choice(_CODES),
            f"Provider License Number_{i + 1}": "" if chance > 0.8 else number,
            f"Provider License Number State Code_{i + 1}": ""
            if chance > 0.82
            else random.choice((state, state, state, "NY")),
            f"Healthcare Provider Primary Taxonomy Switch_{i + 1}": "Y" if i == primary else "N",
        }
    return cells


def _day(random: Random) -> str:
    return f"{random.randrange(1, 13):02}/{random.randrange(1, 29):02}/{random.randrange(2006, 2026)}"


_STATES = tuple(JURISDICTIONS)


def main() -> None:
    """Write a made-up file."""
    parser = ArgumentParser(
        prog="python -m kapteam.registry.made", description="A made-up NPPES file: nobody in it exists."
    )
    parser.add_argument("rows", type=_whole(1, MOST), help=f"how many rows, at most {MOST:,}")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    parser.add_argument("--seed", type=_whole(0, 2**31 - 1), default=0, help="another seed, another file")
    asked = parser.parse_args()
    try:
        with asked.output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(written(made_rows(asked.rows, asked.seed)))
    except OSError as error:
        parser.exit(2, f"{parser.prog}: cannot write {str(asked.output)!r}: {error.strerror}\n")
    except KeyboardInterrupt:
        parser.exit(130, f"stopped: {asked.output} is not whole\n")
    sys.stderr.write(f"wrote {asked.output}\n")


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number of that range."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(f"{text!r}: expected a whole number from {least} to {most:,}")
        return number

    return read


if __name__ == "__main__":
    main()
