"""What a link is worth, term by term: Pia and Tom have 480 points at first (see tests/tiny.py)."""

from __future__ import annotations

import pytest

from strategies import SHIPPED
from tiny import Change, add, both, change, changed, moved, nothing, practice, without

PIA, TOM = "pia", "tom"
MODALITIES = {f"m{number}": {"complementary": True} for number in range(5)}


def worth(*changes: Change, site: str = "clinic") -> int:
    """The points of the link, on which kapteam and the oracle agree."""
    written = changed(*changes)
    (points,) = [x.points for x in written.network() if (x.site, x.prescriber, x.therapist) == (site, PIA, TOM)]
    assert points in [x["points"] for x in written.judged().links if (x["site"], x["therapist"]) == (site, TOM)]
    return points


def has(*names: str) -> Change:
    return both(practice("modalities", MODALITIES), change("practitioners", TOM, modalities=";".join(names)))


# 16 hours of 80 are 30 points; trauma 100, experiential 75, practicum 50, mentorship 25; one modality of three 50,
# which Pia has not 100; one session a week of five 50; no tie.
BASE = 30 + 100 + 75 + 50 + 25 + 50 + 100 + 50


@pytest.mark.parametrize(
    ("more", "case"),
    [
        (0, nothing),
        (-30, change("training", TOM, hours="0")),
        (-30, change("training", TOM, hours="")),  # blank hours count 0
        (-1, change("training", TOM, hours="15.99")),  # rounded down
        (120, change("training", TOM, hours="80")),
        (120, change("training", TOM, hours="500")),
        (30, add("training", practitioner=TOM, kind="kap", hours="16")),
        (-100, without("training", TOM, kind="trauma")),
        (-75, without("training", TOM, kind="experiential")),
        (-50, change("training", TOM, practicum="no")),
        (-50, change("training", TOM, practicum="")),  # unknown is no pass
        (-25, without("training", TOM, kind="mentorship")),
        (0, practice("rules", {"ethics.trauma_training": "off"})),  # a severity does not matter here
        (50, has("m0", "m1")),
        (100, has("m0", "m1", "m2")),
        (100, has("m0", "m1", "m2", "m3")),
        (0, has("m0", "m0", "other")),  # different ones
        (-150, change("practitioners", TOM, modalities="")),
        (-100, change("practitioners", PIA, modalities="house parts")),  # she has it too
        (0, both(has("m0"), change("practitioners", PIA, modalities="m1"))),
        (100, add("ties", a=TOM, b=PIA, kind="prefers")),
        (100, add("ties", a=PIA, b=TOM, kind="worked_with")),
        (100, both(add("ties", a=PIA, b=TOM, kind="prefers"), add("ties", a=TOM, b=PIA, kind="prefers"))),
        (0, add("ties", a=TOM, b="max", kind="prefers")),
        (0, add("ties", a=TOM, b=PIA, kind="avoids")),
        (0, add("training", practitioner=PIA, kind="kap", hours="80")),  # the therapist's alone
        (-50, change("hours", TOM, when="Tue 09:00-12:00")),  # no session a week
        (-50, change("practitioners", TOM, max_sessions_per_week="0")),
        (0, practice("weights", {"ties": 0})),
        (-30 + 7, practice("weights", {"kap_training": 39})),  # 39 x 16 / 80 = 7.8
        (1000, both(practice("weights", {"ties": 1000}), add("ties", a=TOM, b=PIA, kind="prefers"))),
    ],
)
def test_a_link_s_points_are_the_sum_of_its_terms(more: int, case: Change) -> None:
    assert worth(case) == BASE + more


@pytest.mark.parametrize(
    ("sessions", "points", "hours"),
    [(1, 50, "Mon 09:00-12:00"), (1, 50, "Mon 09:00-14:45"), (2, 100, "Mon 09:00-15:00"),
     (5, 250, "Mon-Fri 09:00-12:00"), (7, 250, "Mon-Sun 09:00-12:00"), (56, 250, "Mon-Sun 00:00-24:00")],
)  # fmt: skip
def test_the_time_term_grows_with_the_sessions_of_a_week_up_to_five(sessions: int, points: int, hours: str) -> None:
    written = changed(change("hours", PIA, when=hours), change("hours", TOM, when=hours))
    (link,) = written.network()
    assert (link.weekly_sessions, link.points) == (sessions, BASE - 50 + points)


def test_of_a_solo_link_no_modality_complements() -> None:
    written = changed(
        change("practitioners", TOM, roles="prescriber;therapist"),
        change("coverage", TOM, role=""),
        moved("clinic"),
    )
    points = {(x.prescriber, x.therapist): x.points for x in written.network()}
    assert points[TOM, TOM] == points[PIA, TOM] - 100


def test_two_names_of_one_modality_count_once() -> None:
    emdr = SHIPPED.modalities["emdr"]
    alias = next(name for name in (emdr.name, *emdr.aliases) if name != emdr.key)

    def of(modalities: str) -> int:
        written = changed(change("practitioners", TOM, modalities=modalities))
        (link,) = written.network(packs=SHIPPED)
        return link.points

    assert of(emdr.key) == of(alias) == of(f"{emdr.key};{alias}")
