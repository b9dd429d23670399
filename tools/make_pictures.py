"""Draw the pictures of the documentation anew: docs/pictures/*.svg, all of the practice that ships with kapteam.

Run ``python tools/make_pictures.py`` to draw them, and with ``--check`` to see whether they are stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import kapteam
from kapteam.demo import practice_folder
from kapteam.draw.network import network_picture
from kapteam.draw.picture import Picture
from kapteam.draw.week import week_picture
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.sessions.schedule import schedule

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
#: The day on which the practice is looked at, and the first of the week.
DAY = date(2026, 12, 7)


def pictures() -> Iterator[tuple[str, Picture]]:
    """Each picture and the name of its file."""
    roster = kapteam.read(practice_folder())
    links = judged_links(roster, DAY)
    plan = match(links)
    yield "network.svg", network_picture(links, plan)
    yield "failing.svg", network_picture(links, plan, site="salida", failing=True)
    yield "sites.svg", network_picture(links, plan, by_site=True)
    yield "week.svg", week_picture(schedule(roster, DAY), site="boulder")


def main() -> int:
    """Write the files, or say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file is stale")
    check = parser.parse_args().check
    stale = False
    for name, picture in pictures():
        path, svg = FOLDER / name, picture.svg()
        if path.exists() and path.read_text(encoding="utf-8") == svg:
            continue
        stale = True
        if check:
            print(f"{path} is stale")
        else:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8")
            print(f"wrote {path}")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
