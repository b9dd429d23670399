"""Whom to hire: each gain is what matching again with the rows gives, and no profile compared adds more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kapteam
from kapteam.advice.hire import hire_ids, outside_rows, rows_of
from kapteam.advice.profiles import HIRED_AS, Profile, profiles
from kapteam.advice.recruit import Recruited, recruit
from kapteam.api.network import Network, Result
from kapteam.records.problems import UsageError
from kapteam.records.table import plain_cells
from strategies import Written, capable, rosters

Worth = tuple[int, int, int]  # of the roster, teamed, points
ANY = st.one_of(rosters(people=(2, 5), places=(1, 2)), capable(people=(2, 6)))
UNKNOWN = st.sampled_from(["exclude", "allow"])


# --- Adding the rows and matching again ---------------------------------------------------------------------


def with_hires(written: Written, rows: Mapping[str, Sequence[Mapping[str, Any]]], count: int) -> Written:
    """The roster with so many hires of the same rows; who signs from outside signs for all of them."""
    more = written.copy()
    for number in range(1, count + 1):
        for table, added in rows.items():
            for row in added:
                mine = {k: f"hire-{number}" if v == "hire-1" else v for k, v in row.items()}
                if number == 1 or mine != row:
                    more.tables.setdefault(table, []).append(mine)
    return more


def worth(result: Result) -> Worth:
    """Of the roster, teamed, points."""
    theirs = [p for t in result.teams for p in t.therapists if not p.practitioner.startswith("hire-")]
    return len(theirs), result.objective.teamed, result.objective.points


def added(written: Written, rows: Mapping[str, Any], count: int, unknown: str, before: Worth) -> Worth:
    """What matching again adds."""
    after = worth(with_hires(written, rows, count).network().match(unknown=unknown))
    return after[0] - before[0], after[1] - before[1], after[2] - before[2]


def adds(gain: Worth, before: Worth = (0, 0, 0)) -> bool:
    """More teamed, or more points of as many without that one of the roster must go."""
    teamed, points = gain[1] - before[1], gain[2] - before[2]
    return teamed > 0 or (teamed == 0 and points > 0 and gain[0] >= before[0])


def check(written: Written, found: Recruited, hires: int, unknown: str = "exclude") -> None:
    """Every gain that is told, and that one hire more than are told adds nothing."""
    before = worth(written.network().match(unknown=unknown))
    for document in found.as_dict()["recruit"]:
        told = [(g["of_the_roster"], g["teamed"], g["points"]) for g in document["gains"]]
        again = [added(written, document["rows"], n, unknown, before) for n in range(1, len(told) + 1)]
        assert told == again, document
        if len(told) < hires and document["role"] != "collaborator":
            more = added(written, document["rows"], len(told) + 1, unknown, before)
            assert not adds(more, told[-1]), document


@given(ANY, UNKNOWN)
def test_every_gain_is_what_adding_the_rows_and_matching_again_gives(written: Written, unknown: str) -> None:
    found = recruit(written.network().links, unknown=unknown, hires=2, best=4)
    check(written, found, 2, unknown)


def document_of(network: Network, profile: Profile) -> dict[str, list[dict[str, Any]]]:
    """A profile's rows in the roster's JSON form."""
    facts = network.links.facts
    (id,), outside = hire_ids(facts.roster, 1)
    tables: dict[str, list[dict[str, Any]]] = {}
    for row in [*outside_rows(profile, outside), *rows_of(facts, profile, id, outside)]:
        tables.setdefault(row.table, []).append(plain_cells(row))
    return tables


def by_force(written: Written, roles: Sequence[str], unknown: str) -> dict[Profile, Worth]:
    """What each profile compared adds, found by matching again."""
    network = written.network()
    before = worth(network.match(unknown=unknown))
    compared = profiles(network.links, network.links.facts.sites, roles)
    return {p: added(written, document_of(network, p), 1, unknown, before) for p in compared}


def hours_and_gain(profile: Profile, gain: Worth) -> tuple[int, ...]:
    return *(-g for g in gain), profile.when.minutes


@settings(max_examples=settings().max_examples // 3)
@given(st.one_of(capable(people=(2, 6)), rosters(people=(2, 4), places=(1, 1))), UNKNOWN, st.sampled_from([1, 3]))
def test_no_profile_of_all_that_are_compared_adds_more(written: Written, unknown: str, best: int) -> None:
    gains = {p: g for p, g in by_force(written, HIRED_AS[:3], unknown).items() if adds(g)}
    of_family: dict[tuple[Any, ...], list[Profile]] = {}
    for p in gains:
        of_family.setdefault((p.role, p.site, p.when), []).append(p)
    expected = []
    for family in of_family.values():
        most = max(gains[p] for p in family)
        fewest = min(sum(p.extra) for p in family if gains[p] == most)
        easiest = [p for p in family if gains[p] == most and sum(p.extra) == fewest]
        expected += [hours_and_gain(p, most) for p in {q.extra: q for q in easiest}.values()]
    found = recruit(written.network().links, unknown=unknown, hires=1, best=best).hires
    shown = [h for h in found if h.profile.role != "collaborator"]
    told = [hours_and_gain(h.profile, (g.of_the_roster, g.teamed, g.points)) for h in shown for g in h.gains]
    assert told == sorted(expected)[: len(told)]
    assert len(told) == min(best - (len(found) - len(shown)), len(expected))
    for hire in shown:
        alike = [
            p for p in gains if (p.role, p.site, p.when) == (hire.profile.role, hire.profile.site, hire.profile.when)
        ]
        gain = hire.gains[0]
        equal = [p for p in alike if gains[p] == (gain.of_the_roster, gain.teamed, gain.points)]
        same = [p.profession for p in equal if (p.extra, p.modality) == (hire.profile.extra, hire.profile.modality)]
        assert list(hire.professions) == same


@given(capable(people=(2, 7)), st.sampled_from(["prescriber", "therapist"]))
def test_of_those_who_fill_one_role_each_further_hire_adds_no_more_than_the_one_before(
    written: Written, role: str
) -> None:
    """The value of an assignment is submodular in the people of one side (Shapley 1962); of both it is not."""
    network = written.network()
    large = 1_000_000
    for hire in recruit(network.links, role=role, hires=3).hires:
        total = [0, *(large * g.teamed + g.points for g in hire.gains)]
        steps = [b - a for a, b in pairwise(total)]
        assert steps == sorted(steps, reverse=True)


# --- Examples -----------------------------------------------------------------------------------------------


def clinic(**law: Any) -> Written:
    """A clinic in New York where nobody is yet; the law of the place is as given."""
    return Written(
        {
            "sites": [{"site": "clinic", "name": "The Clinic", "jurisdiction": "NY", "supply": "patient"}],
            "practitioners": [], "licenses": [], "registrations": [], "coverage": [], "training": [], "hours": [],
        },
        {"jurisdictions": {"NY": {"state_registration": "no", **law}}},
    )  # fmt: skip


def therapist(written: Written, id: str, when: str = "Mon-Fri 09:00-17:00", **cells: str) -> None:
    """A therapist who may do their part."""
    written.add("practitioners", practitioner=id, roles="therapist", **cells)
    written.add("licenses", practitioner=id, jurisdiction="NY", profession="psychologist")
    written.add("coverage", practitioner=id, carrier="Acorn", ketamine="yes")
    written.add("training", practitioner=id, kind="kap", hours="40")
    written.add("hours", practitioner=id, site="clinic", when=when)


def prescriber(
    written: Written, id: str, when: str, room: str = "", profession: str = "physician", **cells: str
) -> None:
    """A prescriber who may do their part, if the law lets the profession."""
    written.add("practitioners", practitioner=id, roles="prescriber", max_therapists=room, **cells)
    written.add("licenses", practitioner=id, jurisdiction="NY", profession=profession)
    written.add("registrations", practitioner=id, jurisdiction="NY", schedules="3N")
    written.add("coverage", practitioner=id, carrier="Acorn", ketamine="yes", presence="throughout")
    written.add("hours", practitioner=id, site="clinic", when=when)


def four_nurses() -> Written:
    """Four nurse practitioners, each there on one day with room for three, and nobody who signs; twelve therapists."""
    written = clinic(nurse_practitioner={"ketamine": "yes", "autonomy": "agreement"})
    for number, day in enumerate(("Mon", "Tue", "Wed", "Thu")):
        prescriber(written, f"nurse{number}", f"{day} 09:00-17:00", "3", "nurse_practitioner")
    for number in range(12):
        therapist(written, f"t{number:02}")
    return written


def test_four_nurses_without_an_agreement_need_a_collaborating_physician_and_no_fifth_nurse() -> None:
    written = four_nurses()
    found = recruit(written.network().links)
    first = found.hires[0]
    assert (first.profile.role, first.professions, first.profile.site) == ("collaborator", ("physician",), "")
    assert [(g.teamed, g.of_the_roster) for g in first.gains] == [(12, 12)]
    document = first.as_dict()
    assert {a["practitioner"] for a in document["rows"]["agreements"]} == {f"nurse{n}" for n in range(4)}
    assert document["when"] is None
    assert "agreements with nurse0, nurse1, nurse2 and nurse3" in first.needs
    check(written, found, 3)


def test_a_collaborator_signs_only_for_those_whom_it_helps() -> None:
    written = four_nurses()
    written.tables["registrations"] = [r for r in written.tables["registrations"] if r["practitioner"] != "nurse2"]
    (hire,) = recruit(written.network().links, role="collaborator").hires
    assert hire.profile.signs_for == ("nurse0", "nurse1", "nurse3")
    assert hire.gains[0].teamed == 9
    check(written, recruit(written.network().links), 3)


def test_a_collaborator_is_of_a_profession_that_the_law_accepts() -> None:
    law = {"ketamine": "yes", "autonomy": "agreement", "agreement_with": ["nurse_practitioner", "psychologist"]}
    written = four_nurses()
    written.practice["jurisdictions"]["NY"]["nurse_practitioner"] = law
    (hire,) = recruit(written.network().links, role="collaborator").hires
    assert hire.professions == ("nurse_practitioner", "psychologist")
    assert hire.as_dict()["rows"]["licenses"] == [
        {"practitioner": "hire-1", "jurisdiction": "NY", "profession": "nurse_practitioner", "status": "active"}
    ]


def test_a_prescriber_adds_as_many_as_their_week_takes() -> None:
    written = clinic()
    for number in range(12):
        therapist(written, f"t{number:02}")
    found = recruit(written.network().links, role="prescriber", hires=3)
    first = found.hires[0]
    assert str(first.profile.when) == "Mon-Fri 09:00-17:00"
    assert [(g.teamed, g.of_the_roster) for g in first.gains] == [(10, 10), (12, 12)]
    assert {str(h.profile.when): h.gains[0].teamed for h in found.hires[1:]} == dict.fromkeys(
        [f"{day} 09:00-17:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")], 2
    )
    check(written, found, 3)


def test_hours_reach_from_the_first_of_the_other_role_to_the_last_day_by_day() -> None:
    written = clinic()
    therapist(written, "ana", "Mon 09:00-12:00; Sat 10:00-14:00")
    therapist(written, "ben", "Mon 15:00-19:30; Wed 13:00-17:00")
    prescriber(written, "pia", "Tue 08:00-12:00")
    compared = profiles(written.network().links, ["clinic"], HIRED_AS[:3])
    days = ["Mon 09:00-19:30", "Wed 13:00-17:00", "Sat 10:00-14:00", "Mon 09:00-19:30; Wed 13:00-17:00"]
    assert {str(p.when) for p in compared if p.role == "prescriber"} == set(days)
    assert {str(p.when) for p in compared if p.role == "therapist"} == {"Tue 08:00-12:00"}
    both = {"Mon 09:00-19:30", "Tue 08:00-12:00", "Wed 13:00-17:00", "Sat 10:00-14:00"}
    both |= {"Mon 09:00-19:30; Tue 08:00-12:00; Wed 13:00-17:00"}
    assert {str(p.when) for p in compared if p.role == "both"} == both


def test_professions_that_need_no_more_are_one_entry_and_one_that_needs_more_is_left_out() -> None:
    written = clinic(
        nurse_practitioner={"ketamine": "yes", "autonomy": "independent"},
        physician_assistant={"ketamine": "yes", "autonomy": "agreement"},
        clinical_nurse_specialist={"ketamine": "yes", "autonomy": "transition"},
        nurse_anesthetist={"ketamine": "limited", "autonomy": "independent"},
        naturopathic_physician={"ketamine": "no"},
    )
    therapist(written, "ana", "Mon 09:00-17:00")
    found = recruit(written.network().links, role="prescriber")
    (hire,) = found.hires
    assert hire.professions == ("physician", "nurse_practitioner")
    assert hire.needs[0] == "an active licence in New York as physician or nurse practitioner"
    asked = {(a.profession, a.known) for a in found.to_ask}
    assert asked == {("nurse_anesthetist", "limited"), ("prescribing_psychologist", "unknown")}


def test_a_nurse_who_sits_as_well_must_be_one_of_psychiatric_nursing() -> None:
    written = clinic(nurse_practitioner={"ketamine": "yes", "autonomy": "independent"})
    therapist(written, "ana", "Mon 09:00-17:00")
    (hire,) = recruit(written.network().links, role="both").hires
    assert hire.professions == ("physician", "nurse_practitioner")
    assert hire.as_dict()["specialty"] == "psychiatric_nursing"
    assert "the specialty psychiatric nursing, of a nurse practitioner" in hire.needs


def test_a_profession_of_equal_gain_that_needs_more_is_named_beside() -> None:
    written = clinic(physician_assistant={"ketamine": "yes", "autonomy": "agreement"})
    therapist(written, "ana", "Mon 09:00-17:00")
    (hire,) = recruit(written.network().links, role="prescriber").hires
    assert (hire.professions, hire.also) == (("physician",), ("physician_assistant",))


ASSISTANTS_ONLY = """
import kapteam

@kapteam.rule("house.assistant", subject="prescriber", says="{person} is no assistant")
def assistant(rows):
    licenses = rows.facts.roster.licenses
    held = {x.practitioner for x in licenses if x.profession == "physician_assistant"}
    return [1 if p.practitioner in held else -1 for p in rows.practitioners()]
"""


@pytest.mark.parametrize("signer", ["", "max"])
def test_an_agreement_is_signed_by_one_of_the_roster_or_by_somebody_from_outside(signer: str, tmp_path: Any) -> None:
    """A house that takes assistants alone, whom the law asks for an agreement."""
    written = clinic(physician_assistant={"ketamine": "yes", "autonomy": "agreement"})
    therapist(written, "ana")
    therapist(written, "ben")
    if signer:
        written.add("practitioners", practitioner="max", roles="monitor")
        written.add("licenses", practitioner="max", jurisdiction="NY", profession="physician")
    house = tmp_path / "house.py"
    house.write_text(ASSISTANTS_ONLY)
    links = kapteam.links(written.roster(), on=written.on, rules=house).links
    hire = recruit(links, role="prescriber", hires=2).hires[0]
    assert hire.professions == ("physician_assistant",)
    assert (hire.profile.signer, hire.profile.outside) == ((signer, None) if signer else (None, "physician"))
    rows = hire.as_dict()["rows"]
    assert [p["practitioner"] for p in rows["practitioners"]] == (["hire-1"] if signer else ["outside", "hire-1"])
    assert rows["agreements"][0]["with"] == (signer or "outside")
    again = kapteam.links(with_hires(written, rows, 1).roster(), on=written.on, rules=house).match()
    assert again.objective.teamed == hire.gains[0].teamed == 2


SPEAKS = """
import kapteam

@kapteam.rule("house.spanish", subject="therapist", says="{person} speaks no Spanish")
def spanish(rows):
    return rows.speaks("es") == 1
"""


def test_a_language_is_asked_for_where_a_house_rule_makes_it_count(tmp_path: Any) -> None:
    written = clinic()
    prescriber(written, "pia", "Mon 09:00-17:00")
    written.add("demand", site="clinic", sessions="2", language="es")
    assert recruit(written.network().links, role="therapist").hires[0].profile.language is None
    house = tmp_path / "house.py"
    house.write_text(SPEAKS)
    (hire,) = recruit(kapteam.links(written.roster(), on=written.on, rules=house).links, role="therapist").hires
    assert hire.profile.language == "es"
    assert "the language es" in hire.needs
    assert hire.as_dict()["rows"]["practitioners"][0]["languages"] == ["es"]


def test_a_modality_is_one_that_demand_asks_for_or_that_nobody_brings_and_none_where_it_adds_no_points() -> None:
    written = clinic()
    modalities = {name: {"complementary": True} for name in ("breath", "parts", "waves")}
    written.practice["modalities"] = modalities
    prescriber(written, "pia", "Mon 09:00-17:00", modalities="breath")
    assert recruit(written.network().links, role="therapist").hires[0].profile.modality == "parts"
    written.add("demand", site="clinic", sessions="2", modality="waves")
    assert recruit(written.network().links, role="therapist").hires[0].profile.modality == "waves"
    written.practice["weights"] = {"modality": 0, "complement": 0}
    assert recruit(written.network().links, role="therapist").hires[0].profile.modality is None


def test_of_equal_gain_the_fewest_hours_come_first_however_few_are_asked_for() -> None:
    written = clinic()
    therapist(written, "ana", "Mon 09:00-14:00; Tue 09:00-12:00", max_sessions_per_week="1")
    whens = ["Tue 09:00-12:00", "Mon 09:00-14:00", "Mon 09:00-14:00; Tue 09:00-12:00"]
    for best in (1, 2, 3):
        found = recruit(written.network().links, role="prescriber", best=best)
        assert [str(hire.profile.when) for hire in found.hires] == whens[:best]


def test_where_a_hire_may_as_well_sit_as_take_one_of_the_roster_the_draw_decides_as_it_would() -> None:
    """Ana has learned what the hire has, and there is one session a week: either sits."""
    decided = set()
    for salt in "abcdefgh":
        written = clinic()
        written.practice["protocol"] = {"draw": salt}
        therapist(written, "ana", "Mon-Wed 09:00-12:00", max_sessions_per_week="1")
        written.tables["training"] = []
        for kind, cells in (("kap", {"hours": "16", "practicum": "yes"}), ("trauma", {}), ("experiential", {})):
            written.add("training", practitioner="ana", kind=kind, **cells)
        found = recruit(written.network().links, role="both")
        check(written, found, 3)
        decided |= {hire.gains[0].of_the_roster for hire in found.hires if hire.gains[0].teamed == 1}
    assert decided == {0, 1}


def test_a_site_that_keeps_stock_and_a_state_that_asks_need_a_registration_each() -> None:
    written = clinic()
    written.tables["sites"][0]["supply"] = "stock"
    written.practice["jurisdictions"]["NY"]["state_registration"] = "unknown"
    therapist(written, "ana", "Mon 09:00-17:00")
    found = recruit(written.network().links, role="prescriber")
    assert found.hires[0].as_dict()["rows"]["registrations"] == [
        {"practitioner": "hire-1", "issuer": "dea", "at_site": "clinic", "jurisdiction": "NY", "schedules": ["3N"]},
        {"practitioner": "hire-1", "issuer": "state", "jurisdiction": "NY", "schedules": ["3N"]},
    ]
    assert "New York's own controlled-substance registration, if it asks for one" in found.hires[0].needs
    check(written, found, 3)


def test_where_everyone_is_teamed_no_prescriber_is_needed() -> None:
    written = clinic()
    therapist(written, "ana", "Mon 09:00-17:00")
    prescriber(written, "pia", "Mon 09:00-17:00")
    found = recruit(written.network().links, role="prescriber")
    assert (found.hires, found.why) == ((), "every therapist is teamed")
    sits = recruit(written.network().links, role="therapist").hires[0]
    assert [(g.teamed, g.of_the_roster) for g in sits.gains] == [(1, 0)]


def test_who_lacks_something_themselves_is_helped_by_no_hire() -> None:
    written = clinic()
    therapist(written, "ana", "Mon 09:00-17:00")
    written.tables["training"] = []
    found = recruit(written.network().links, role="prescriber")
    assert found.hires == ()
    assert "kapteam explain" in found.why


def test_where_nobody_works_there_are_no_hours_to_compare() -> None:
    written = clinic()
    written.add("practitioners", practitioner="lea")
    therapist(written, "ana", "Mon 09:00-17:00")
    written.add("sites", site="empty", name="Empty House", jurisdiction="NY", supply="patient")
    found = recruit(written.network().links, site="empty")
    assert found.hires == ()
    assert found.why == "nobody to work with has written hours at Empty House, so no hire's hours can be compared"


def test_a_roster_of_nobody_who_could_be_teamed_is_told_so() -> None:
    written = clinic()
    written.add("practitioners", practitioner="lea")
    found = recruit(written.network().links)
    assert found.hires == ()
    assert found.why


def test_the_ids_of_hires_are_none_of_the_roster() -> None:
    written = clinic()
    therapist(written, "hire-1", "Mon 09:00-17:00")
    therapist(written, "outside", "Mon 09:00-17:00")
    roster = written.roster()
    assert hire_ids(roster, 2) == (["hire-2", "hire-3"], "outside-")
    found = recruit(written.network().links, role="prescriber")
    assert found.hires[0].as_dict()["rows"]["practitioners"][0]["practitioner"] == "hire-2"


@pytest.mark.parametrize("wrong", [{"role": "monitor"}, {"hires": 0}, {"best": 0}, {"site": "nowhere"}])
def test_wrong_options_are_told(wrong: dict[str, Any]) -> None:
    written = clinic()
    therapist(written, "ana")
    with pytest.raises(UsageError):
        recruit(written.network().links, **wrong)


@given(ANY)
def test_twice_the_same_question_gives_the_same_answer(written: Written) -> None:
    once, twice = (recruit(written.network().links, best=3, hires=1).as_dict() for _ in range(2))
    assert once == twice
