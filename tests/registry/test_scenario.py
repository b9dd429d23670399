"""What NPPES does not say: unknown, or made up by a scenario in the shares that it names."""

from __future__ import annotations

import re
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import kapteam
from kapteam.records.identifiers import npi_check_digit
from kapteam.records.problems import Misread, UsageError
from kapteam.registry.drawn import uniform
from kapteam.registry.importing import Asked, import_nppes
from kapteam.registry.made import made_npi, made_rows, written
from kapteam.registry.scenario import read_scenario, scenario
from kapteam.registry.seen import Seen
from kapteam.registry.unsaid import unsaid

SUPPOSED: dict[str, Any] = {
    "name": "half", "seed": 7, "dea": {"physician": 0.9, "all": 0.5}, "state": {"all": 1.0}, "rider": {"all": 0.5},
    "policy": {"presence": "dosing", "same_site": False}, "trained": {"psychologist": 0.4},
    "training_hours": {"6": 0.5, "41": 0.25}, "hours": [{"when": "Mon-Fri 09:00-17:00", "share": 0.7}],
}  # fmt: skip


def crowd(count: int = 4000) -> pl.DataFrame:
    professions = ["physician", "nurse_practitioner", "psychologist", "registered_nurse"]
    npis = [made_npi(i) for i in range(count)]
    return pl.DataFrame(
        {
            "practitioner": npis, "npi": npis, "jurisdiction": ["NY", "CO"] * (count // 2),
            "zip": ["10001", "80302"] * (count // 2), "profession": professions * (count // 4),
            "prescribes": [True, True, False, False] * (count // 4),
        }
    )  # fmt: skip


def share(of: pl.DataFrame, among: pl.DataFrame) -> float:
    return len(of) / len(among)


def test_shares_are_what_the_scenario_says() -> None:
    people = crowd()
    drawn = unsaid(people, scenario(SUPPOSED))
    near = {"abs": 0.04}
    for profession, wanted in (("physician", 0.9), ("nurse_practitioner", 0.5)):
        theirs = people.filter(pl.col("profession") == profession)
        dea = drawn["registrations"].filter(pl.col("issuer") == "dea").join(theirs, on="practitioner", how="semi")
        assert share(dea, theirs) == pytest.approx(wanted, **near)
        assert set(dea["schedules"]) == {"2;2N;3;3N;4;5"}
    assert not drawn["registrations"].join(people.filter(~pl.col("prescribes")), on="practitioner", how="semi").height
    assert share(drawn["coverage"].filter(pl.col("ketamine") == "yes"), people) == pytest.approx(0.5, **near)
    assert set(drawn["coverage"].filter(pl.col("ketamine") == "yes")["presence"]) == {"dosing"}
    assert share(drawn["hours"].filter(pl.col("when").is_not_null()), people) == pytest.approx(0.7, **near)
    experts = people.filter(pl.col("profession") == "psychologist")
    trained = drawn["training"].join(experts, on="practitioner", how="semi")
    assert share(trained, experts) == pytest.approx(0.4, **near)
    for hours, wanted in (("6", 0.5), ("41", 0.25)):
        assert share(trained.filter(pl.col("hours") == hours), trained) == pytest.approx(wanted, abs=0.06)
    others = drawn["training"].join(experts, on="practitioner", how="anti")
    assert (len(others), others["hours"].null_count()) == (3000, 3000)  # nothing is supposed of them: unknown


def test_a_row_says_that_it_is_made_up_exactly_where_it_is() -> None:
    drawn = unsaid(crowd(), scenario(SUPPOSED))
    for name, column in (("registrations", "schedules"), ("coverage", "ketamine"), ("hours", "when")):
        assert (drawn[name][column].is_not_null() == drawn[name]["_made_up"].is_not_null()).all()
        assert set(drawn[name]["_made_up"].drop_nulls()) == {"half"}
    plain = unsaid(crowd(), None)
    assert all(table["_made_up"].null_count() == len(table) for table in plain.values())


def test_a_draw_depends_on_the_person_alone() -> None:
    people = crowd()
    mixed = people.sample(fraction=1, shuffle=True, seed=1)
    one, other = unsaid(people, scenario(SUPPOSED)), unsaid(mixed, scenario(SUPPOSED))
    for name in one:
        assert one[name].sort(pl.all()).equals(other[name].sort(pl.all()))
    again = unsaid(people, scenario({**SUPPOSED, "seed": 8}))
    assert not one["coverage"].equals(again["coverage"])


def test_draws_stay_the_same_from_version_to_version() -> None:
    """Published numbers must be found again: SplitMix64 with these salts, whatever NumPy does."""

    def mixed(x: int) -> int:
        x = (x + 0x9E3779B97F4A7C15) % 2**64
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        x = (x ^ x >> 27) * 0x94D049BB133111EB % 2**64
        return x ^ x >> 31

    npis = [int(made_npi(i)) for i in (0, 1, 99)]
    salt = mixed((5 << 32) + zlib.crc32(b"dea"))
    assert uniform(np.array(npis), "dea", 5).tolist() == [(mixed(n ^ salt) >> 11) / 2**53 for n in npis]


def test_what_it_supposes_is_said_of_those_whom_it_concerns() -> None:
    """The key ``all`` is everyone who is not named: nobody else is drawn by its share."""
    lines = scenario({**SUPPOSED, "dea": {"all": 0.5, "physician": 0.9}, "trained": {"other": 0.4, "all": 1}}).lines()
    assert lines == [
        "90 % of physicians hold a DEA registration for schedule 3N where they practise",
        "50 % of all other prescribers hold a DEA registration for schedule 3N where they practise",
        "100 % of all prescribers hold the state's own controlled-substance registration",
        "50 % of all people have a policy that covers KAP",
        "40 % of people with another licence have had KAP training",
        "100 % of all other people have had KAP training",
        "every such policy says presence = dosing",
        "every such policy says same_site = no",
        "50 % of the trained had 6 hours",
        "25 % of the trained had 41 hours",
        "70 % are on site Mon-Fri 09:00-17:00",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "name: expected"),
        ({"seed": -1}, "seed: expected"),
        ({"seed": True}, "seed: expected"),
        ({"dea": {"doctor": 0.5}}, "dea.doctor: there is no such key"),
        ({"dea": {"physician": 90}}, "dea.physician: expected a share from 0 to 1, not 90"),
        ({"dea": 0.5}, r"dea: expected a section \[dea\]"),
        ({"deas": {}}, "deas: there is no such key"),
        ({"policy": {"presence": "always"}}, "policy.presence: expected one of"),
        ({"policy": {"same_site": "maybe"}}, "policy.same_site: expected yes or no"),
        ({"training_hours": {"many": 1}}, "training_hours.many: expected whole hours"),
        ({"dea": {"psychologist": 0.5}}, "dea.psychologist: expected a profession that may prescribe: physician, "),
        ({"training_hours": {"6": 0.6, "41": 0.6}}, "training_hours: expected shares that add up to 1 .* to 1.2$"),
        ({"hours": [{"when": "Mon 09:00-17:00", "share": 0.7}] * 2}, "hours: expected shares .* add up to 1.4$"),
        ({"hours": [{"when": "always", "share": 1}]}, "hours: when: expected days and a range"),
        ({"hours": [{"when": "Mon 09:00-17:00"}]}, "hours: expected"),
    ],
)
def test_a_scenario_that_says_nonsense_is_told_so(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Misread) as found:
        scenario({**SUPPOSED, **change})
    assert re.match(said, found.value.expected), found.value.expected


def test_a_scenario_s_file_is_named_in_its_errors(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    for text, said in (("name = half", "line 1: text needs quotes"), ('name = "x"\nsed = 1', "did you mean seed")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=f"scenario.toml'.*{said}"):
            read_scenario(path)


def test_what_nppes_does_not_say_fails_nobody(tmp_path: Path) -> None:
    """The facts of registration, policy, training and hours are unknown for everyone, and no link passes."""
    file, folder = tmp_path / "npidata.csv", tmp_path / "roster"
    file.write_text("".join(written(made_rows(250, 2))), encoding="utf-8", newline="")
    import_nppes(file, folder, Asked(("CO", "NY", "OH")))
    network = kapteam.links(kapteam.read(folder), on=date(2026, 12, 7))
    assert len(network) > 0
    silent = {
        "legal.registration", "legal.state_registration", "malpractice.cover", "malpractice.ketamine", "team.window",
        "ethics.kap_training",
    }  # fmt: skip
    seen = set()
    assert "pass" not in {link.verdict for link in network}
    for person in {link.prescriber for link in network} | {link.therapist for link in network}:
        for finding in (f for link in network.explain(person) for f in link.findings):
            if finding.rule in silent:
                seen.add(finding.rule)
                assert finding.status != "fail", finding
    assert seen == silent


def test_seen_is_a_set_of_npis() -> None:
    npis = np.array([int(f"{n}{npi_check_digit(str(n))}") for n in (100000000, 199999999, 290000000, 999999999)])
    seen = Seen()
    seen.add(npis[[0, 2]])
    seen.add(npis[[2]])
    assert seen.holds(npis).tolist() == [True, False, True, False]
