"""What is told while sessions are looked for is true: a bound that no plan exceeds, and a value that one has."""

from __future__ import annotations

from clinics import district, house, planned, someone
from strategies import Written


def alone() -> Written:
    """Clinics that share nobody, each with one room and two to five therapists; three hours of each are alike."""
    sizes = {"s1": 5, "s2": 2, "s3": 3, "s4": 4, "s5": 2}
    written = house(dict.fromkeys(sizes, "NY"))
    for site, size in sizes.items():
        when = {site: "Mon 09:00-12:00"}
        someone(written, f"dan-{site}", "physician", when, roles="prescriber")
        for number in range(size):
            someone(written, f"t{number}-{site}", "psychologist", when)
    return written


def test_the_value_so_far_and_its_bound_meet_at_the_end() -> None:
    told: list[tuple[str, float, int, int]] = []
    written = alone()
    found = planned(written, progress=lambda *words: told.append(words))
    values = [words for level, *words in told if level == "value"]
    shares, reached, bounds = zip(*values, strict=True)
    assert len(values) == 6  # what each begins with, and the five one after the other
    assert sorted(shares) == list(shares)
    assert sorted(reached) == list(reached)
    assert sorted(bounds, reverse=True) == list(bounds)
    assert (shares[-1], reached[-1], bounds[-1]) == (1, found.objective.value, found.bound["value"])
    assert all(low <= found.objective.value <= high for low, high in zip(reached, bounds, strict=True))


def test_who_does_not_listen_gets_the_same_plan() -> None:
    written = district(2, 16)
    assert planned(written).sessions == planned(written, progress=lambda *_: None).sessions


def test_without_time_the_bound_is_a_bound() -> None:
    told: list[tuple[str, float, int, int]] = []
    written = district(1, 16)
    found = planned(written, seconds=0, progress=lambda *words: told.append(words))
    best = planned(written).objective.value
    assert 0 < found.objective.value <= best
    assert all(bound >= best for level, _, _, bound in told if level == "value")
    assert found.bound["value"] >= best
