"""The blocking rules as a Polars script: joins and expressions over flat tables, a verdict for each candidate link.

A week is 21 columns of 32 bits. Polars shifts no bits, so a shift is a product or a quotient by a power of two in 64.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from flat import WORDS, Flat

from kapteam.records.people import PROFESSIONS

FAIL, UNKNOWN, PASS, NOT_APPLICABLE = -1, 0, 1, 2
NONE, AVAILABLE, DOSING, THROUGHOUT = range(4)
PRESCRIBING = PROFESSIONS[:7]
NURSES = ("nurse_practitioner", "clinical_nurse_specialist")
THERAPY = (
    "psychologist", "prescribing_psychologist", "clinical_social_worker", "marriage_family_therapist",
    "professional_counselor", "physician",
)  # fmt: skip
_MEMBER, _LINK = ["person", "site"], ["site", "prescriber", "therapist"]
_HERE = ["person", "jurisdiction"]
_FULL = 0xFFFFFFFF

Expr, Frame = pl.Expr, pl.DataFrame


def verdicts(flat: Flat) -> Frame:
    """Site, prescriber, therapist and verdict of every candidate link, in no order."""
    rows = _in_force(flat)
    people = _roles(rows)
    postings = _postings(rows)
    policies = {role: _policies(rows, role) for role in ("prescriber", "therapist")}
    links = _candidates(flat, rows, people, postings, policies)
    by_prescriber = _prescribers(flat, rows, postings, policies["prescriber"], _members(links, "prescriber", rows))
    by_therapist = _therapists(flat, rows, policies["therapist"], _members(links, "therapist", rows))
    fits = _fits(flat, rows, postings, links)
    ties = rows["ties"].filter(pl.col("kind") == "avoids")
    avoided = pl.concat([
        ties.select(prescriber="a", therapist="b"), ties.select(prescriber="b", therapist="a"),
    ]).unique().with_columns(tie=_is(FAIL))  # fmt: skip
    return (
        links.join(by_prescriber, left_on=["prescriber", "site"], right_on=_MEMBER)
        .join(by_therapist, left_on=["therapist", "site"], right_on=_MEMBER)
        .join(fits, on=_LINK)
        .join(avoided, on=["prescriber", "therapist"], how="left")
        .select(*_LINK, verdict=pl.min_horizontal("of_prescriber", "of_therapist", "fits", "tie", _is(PASS)))
    )


def _in_force(flat: Flat) -> dict[str, Frame]:
    day = pl.lit(flat.day)
    within = (pl.col("begins") <= day).fill_null(True) & (pl.col("ends") >= day).fill_null(True)
    found = {name: table.filter(within) if "ends" in table.columns else table for name, table in flat.tables.items()}
    return {**found, "all licenses": flat.tables["licenses"]}


def _roles(rows: dict[str, Frame]) -> Frame:
    """Who is a candidate for each role: by the cell, or by every licence there ever was."""
    profession = pl.col("profession")
    nurse = profession.is_in(NURSES) & (pl.col("specialty") == "psychiatric_nursing").fill_null(False)
    by_license = (
        rows["all licenses"]
        .join(rows["practitioners"], on="person")
        .group_by("person")
        .agg(
            prescribes=profession.is_in(PRESCRIBING).any(),
            sits=(profession.is_in(THERAPY) | nurse).any(),
        )
    )

    def role(name: str, word: str) -> Expr:
        by_cell = pl.col("roles").list.contains(pl.lit(word))
        return pl.when(pl.col("roles").is_null()).then(pl.col(name).fill_null(False)).otherwise(by_cell)

    return (
        rows["practitioners"]
        .join(by_license, on="person", how="left")
        .select("person", "specialty", prescribes=role("prescribes", "prescriber"), sits=role("sits", "therapist"))
    )


def _postings(rows: dict[str, Frame]) -> Frame:
    """The hours of each person at each site, in one row."""
    return rows["hours"].group_by(_MEMBER).agg(
        *(pl.col(word).fill_null(0).bitwise_or() for word in WORDS),
        unwritten=pl.col(WORDS[0]).is_null().any(),
    )  # fmt: skip


def _policies(rows: dict[str, Frame], role: str) -> Frame:
    """The policy that counts, its blank cells filled by its carrier's word."""
    cells = ("ketamine", "presence", "same_site", "in_clinic_only", "specialties")
    presence, same = pl.col("presence"), pl.col("same_site").fill_null(False)
    level = pl.max_horizontal(presence.fill_null(NONE), pl.when(same).then(DOSING).otherwise(NONE)).cast(pl.Int8)
    if role == "prescriber":
        level = pl.when(presence.is_null()).then(_is(THROUGHOUT)).otherwise(level)
    return (
        rows["coverage"]
        .filter(pl.col("role").is_null() | (pl.col("role") == role))
        .sort("person", pl.col("role").is_null(), "number")
        .unique("person", keep="first", maintain_order=True)
        .join(rows["carriers"], on="carrier", how="left", suffix="_said")
        .with_columns(pl.coalesce(cell, f"{cell}_said").alias(cell) for cell in cells)
        .select("person", "specialties", level=level, covered=_answer("ketamine"),
                in_clinic=pl.col("in_clinic_only").fill_null(False))
    )  # fmt: skip


def _candidates(
    flat: Flat, rows: dict[str, Frame], people: Frame, postings: Frame, policies: dict[str, Frame]
) -> Frame:
    """Every pair at a site, with the level of presence that is asked of it."""
    places = rows["sites"].join(rows["law_of_places"], on="jurisdiction").select("site", "law_level")
    asked = {
        role: people.join(policies[role], on="person", how="left").select(
            pl.col("person").alias(role),
            pl.col("prescribes" if role == "prescriber" else "sits").alias("may"),
            pl.col("level").fill_null(blank).alias(f"{role}_level"),
        ).filter("may").drop("may")
        for role, blank in (("prescriber", THROUGHOUT), ("therapist", NONE))
    }  # fmt: skip
    here = {role: postings.select(pl.col("person").alias(role), "site").join(asked[role], on=role) for role in asked}
    local = here["therapist"].join(here["prescriber"], on="site")
    remote = asked["prescriber"].filter(pl.col("prescriber_level") <= AVAILABLE)
    lax = here["therapist"].filter(pl.col("therapist_level") <= AVAILABLE)
    lax = lax.join(places.filter(pl.col("law_level") <= AVAILABLE).select("site"), on="site")
    away = lax.join(remote, how="cross").join(here["prescriber"], on=["prescriber", "site"], how="anti")
    solo = pl.col("prescriber") == pl.col("therapist")
    found = pl.concat([local, away.select(local.columns)]).join(places, on="site")
    level = pl.max_horizontal("law_level", "prescriber_level", "therapist_level")
    found = found.select(*_LINK, level=pl.when(solo).then(_is(NONE)).otherwise(level))
    return found if flat.solo else found.filter(~solo)


def _members(links: Frame, role: str, rows: dict[str, Frame]) -> Frame:
    """Each person at each site once, with what the rules ask of the place."""
    members = links.select(pl.col(role).alias("person"), "site").unique()
    return members.join(rows["sites"], on="site").join(rows["practitioners"].select("person", "specialty"), on="person")


def _prescribers(flat: Flat, rows: dict[str, Frame], postings: Frame, policies: Frame, members: Frame) -> Frame:
    """The rules on a prescriber at a site."""
    schedules, issuer = pl.col("schedules"), pl.col("issuer")
    good = schedules.list.contains("3N") | ((issuer == "state") & schedules.list.contains("3"))
    registrations = rows["registrations"].with_columns(holds=_verdict(good))
    dea = registrations.filter(issuer == "dea")

    def held(of: Frame, on: list[str], name: str) -> Frame:
        return of.drop_nulls(on).group_by(on).agg(pl.col("holds").max().alias(name))

    at_site = dea.select("person", pl.col("at_site").alias("site"), "holds")
    in_person = (
        postings.select(_MEMBER)
        .join(rows["sites"].filter(pl.col("setting") != "telehealth").select("site", "jurisdiction"), on="site")
        .select(_HERE)
        .unique()
        .with_columns(in_person=True)
    )
    asked, has = pl.col("state_registration"), pl.col("state").fill_null(FAIL)
    by_telehealth = pl.min_horizontal(_answered("telehealth"), _yes_no(flat.federal))
    named, specialty = pl.col("specialties"), pl.col("specialty")
    covered = pl.when(named.is_null()).then(NOT_APPLICABLE).otherwise(_verdict(named.list.contains(specialty)))
    clinic = _verdict(pl.col("setting").is_in(["clinic", "hospital"]))
    return (
        members.join(_speaking(flat, rows, members), on=_MEMBER, how="left")
        .join(rows["law_of_professions"].select("jurisdiction", "profession", "state_registration"),
              on=["jurisdiction", "profession"], how="left")
        .join(rows["law_of_places"], on="jurisdiction")
        .join(held(dea, _HERE, "dea"), on=_HERE, how="left")
        .join(held(registrations.filter(issuer == "state"), _HERE, "state"), on=_HERE, how="left")
        .join(held(at_site, _MEMBER, "own"), on=_MEMBER, how="left")
        .join(held(dea.select("site", "holds"), ["site"], "shared"), on="site", how="left")
        .join(in_person, on=_HERE, how="left")
        .join(policies, on="person", how="left")
        .select(*_MEMBER, of_prescriber=pl.min_horizontal(
            pl.col("speaks").fill_null(FAIL),
            pl.col("dea").fill_null(FAIL),
            pl.when(asked.is_null() | (asked == "no")).then(NOT_APPLICABLE).when(asked == "yes").then(has)
              .when(has == PASS).then(PASS).otherwise(UNKNOWN),
            pl.when("stock").then(pl.max_horizontal(pl.col("own").fill_null(FAIL), pl.col("shared").fill_null(FAIL)))
              .otherwise(NOT_APPLICABLE),
            pl.when("in_person").then(PASS).otherwise(by_telehealth),
            pl.col("covered").fill_null(FAIL),
            pl.when(named.is_not_null() & specialty.is_null()).then(UNKNOWN).otherwise(covered),
            pl.when(pl.col("in_clinic").fill_null(False)).then(clinic).otherwise(NOT_APPLICABLE),
        ).cast(pl.Int8))
    )  # fmt: skip


def _speaking(flat: Flat, rows: dict[str, Frame], members: Frame) -> Frame:
    """The licence that makes the best case of standing, authority and agreement, and the conjunction of the three."""
    may = _answered("ketamine")
    named = pl.col("routes").list.len() > 0
    by_route = pl.lit(UNKNOWN) if flat.route is None else _verdict(pl.col("routes").list.contains(flat.route))
    authority = pl.when((pl.col("profession") != "physician") & (may == PASS) & named).then(by_route).otherwise(may)
    autonomy, independent = pl.col("autonomy"), pl.col("independent")
    transition = autonomy == "transition"
    free = (autonomy == "independent") | (transition & independent.fill_null(False))
    needed = (autonomy == "agreement") | (transition & ~independent.fill_null(True))
    agreed = (
        pl.when(free).then(NOT_APPLICABLE).when(pl.col("agreed").fill_null(False)).then(PASS)
        .when(needed).then(FAIL).otherwise(UNKNOWN)
    )  # fmt: skip
    place = ["jurisdiction", "profession"]
    partners = (
        _partners(rows, ["collaboration", "supervision"])
        .join(rows["licenses"].select(*_HERE, "profession").unique(), on=_HERE)
        .join(rows["law_of_professions"].select(*place, "accepts"), on=place)
        .filter(pl.col("accepts").list.contains(pl.col("partner_profession")))
        .select(*_HERE, "profession", agreed=True)
        .unique()
    )
    return (
        members.select(*_MEMBER, "jurisdiction", "setting")
        .join(rows["licenses"].filter(pl.col("profession").is_in(PRESCRIBING)), on=_HERE)
        .with_columns(standing=_standing())
        .filter(pl.col("standing") != FAIL)
        .join(rows["law_of_professions"], on=place)
        .join(partners, on=[*_HERE, "profession"], how="left")
        .with_columns(authority=authority, agreement=agreed)
        .with_columns(speaks=pl.min_horizontal("standing", "authority", "agreement"))
        .sort("speaks", pl.col("profession").to_physical(), "standing", "agreement",
              descending=[True, False, True, True])
        .unique(_MEMBER, keep="first", maintain_order=True)
        .select(*_MEMBER, "profession", "speaks")
    )  # fmt: skip


def _partners(rows: dict[str, Frame], kinds: list[str]) -> Frame:
    """By person and jurisdiction: the professions of the active licences of those they have an agreement with."""
    active = rows["licenses"].filter(pl.col("status") == "active")
    active = active.select(partner="person", there="jurisdiction", partner_profession="profession")
    return (
        rows["agreements"]
        .filter(pl.col("kind").is_in(kinds))
        .join(active, on="partner")
        .filter(pl.col("jurisdiction").is_null() | (pl.col("jurisdiction") == pl.col("there")))
        .select("person", "partner", "partner_profession", jurisdiction="there")
    )


def _therapists(flat: Flat, rows: dict[str, Frame], policies: Frame, members: Frame) -> Frame:
    """The rules on a therapist at a site."""
    hours, blank = pl.col("hours").fill_null(0).sum(), pl.col("hours").is_null().any()
    enough = (hours >= flat.kap_hours) | pl.col("name").is_in(flat.kap_programmes).fill_null(False).any()
    kap = rows["training"].filter(pl.col("kind") == "kap").group_by("person")
    trained = kap.agg(trained=pl.when(enough).then(PASS).when(blank).then(UNKNOWN).otherwise(FAIL))
    supervisors = (
        _partners(rows, ["supervision"])
        .join(rows["practitioners"].select(partner="person", specialty="specialty"), on="partner")
        .group_by(_HERE)
        .agg(supervised=_by_profession("partner_profession").max())
    )
    worth = pl.when(pl.col("status") == "associate").then(pl.col("supervised").fill_null(FAIL)).otherwise(_standing())
    licensed = (
        members.join(rows["licenses"], on=_HERE)
        .join(supervisors, on=_HERE, how="left")
        .group_by(_MEMBER)
        .agg(licensed=pl.min_horizontal(_by_profession("profession"), worth).max())
    )
    return (
        members.join(licensed, on=_MEMBER, how="left")
        .join(policies, on="person", how="left")
        .join(trained, on="person", how="left")
        .select(
            *_MEMBER,
            of_therapist=pl.min_horizontal(
                pl.col(name).fill_null(FAIL) for name in ("licensed", "covered", "trained")
            ).cast(pl.Int8),
        )
    )


def _fits(flat: Flat, rows: dict[str, Frame], postings: Frame, links: Frame) -> Frame:
    """Whether each link has a start that fits: by the hours as written, else if unwritten ones were all hours."""
    written = _found(flat, rows, postings, links)
    blank = postings.filter("unwritten").select("person").unique()
    open_links = links.join(written, on=_LINK, how="anti")
    open_links = pl.concat([
        open_links.join(blank, left_on=role, right_on="person", how="semi") for role in ("prescriber", "therapist")
    ]).unique()  # fmt: skip
    whole = postings.with_columns(pl.when("unwritten").then(_FULL).otherwise(word).alias(word) for word in WORDS)
    perhaps = _found(flat, rows, whole, open_links)
    found = pl.concat([written.with_columns(fits=_is(PASS)), perhaps.with_columns(fits=_is(UNKNOWN))])
    return links.select(_LINK).join(found, on=_LINK, how="left").with_columns(pl.col("fits").fill_null(FAIL))


def _found(flat: Flat, rows: dict[str, Frame], postings: Frame, links: Frame) -> Frame:
    """The links with a start that fits."""
    hours = postings.select(*_MEMBER, *(pl.col(word).cast(pl.Int64) for word in WORDS))
    session, dosing = _narrow(_starts(hours, flat.session)), _narrow(_starts(hours, flat.dosing))
    theirs = links.join(session, left_on=["therapist", "site"], right_on=_MEMBER)
    some = pl.any_horizontal(pl.col(word) != 0 for word in WORDS)
    both = pl.any_horizontal((pl.col(word) & pl.col(f"{word}_of_prescriber")) != 0 for word in WORDS)
    found = [theirs.filter((pl.col("level") == NONE) & some).select(_LINK)]
    for level, starts in ((THROUGHOUT, session), (DOSING, dosing)):
        there = starts.rename({"person": "prescriber", **{word: f"{word}_of_prescriber" for word in WORDS}})
        asked = theirs.filter(pl.col("level") == level)
        found.append(asked.join(there, on=["prescriber", "site"]).filter(both).select(_LINK))
    remote = theirs.filter(pl.col("level") == AVAILABLE)
    if len(remote):
        found += _from_elsewhere(flat, rows, hours, remote, both)
    return pl.concat(found)


def _from_elsewhere(flat: Flat, rows: dict[str, Frame], hours: Frame, remote: Frame, both: Expr) -> Iterable[Frame]:
    """The links, of those whose prescriber need only be available, with a start that fits."""
    offset = rows["sites"].select("site", "offset")
    hours = hours.join(remote.select(person="prescriber").unique(), on="person", how="semi").join(offset, on="site")
    in_utc = pl.concat([_earlier(at, ahead).select("person", *WORDS) for (ahead,), at in hours.group_by("offset")])
    anywhere = _starts(in_utc.group_by("person").agg(pl.col(WORDS).bitwise_or()), flat.dosing)
    for (ahead,), asked in remote.join(offset, on="site").group_by("offset"):
        there = _narrow(_earlier(anywhere, -ahead))
        there = there.rename({"person": "prescriber", **{word: f"{word}_of_prescriber" for word in WORDS}})
        yield asked.join(there, on="prescriber").filter(both).select(_LINK)


def _starts(weeks: Frame, length: int) -> Frame:
    """The slots from which so many in a row are all there, around the ring."""
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        later = _shifted(step)
        weeks = weeks.with_columns((pl.col(word) & later[word]).alias(word) for word in WORDS)
        covered += step
    return weeks


def _earlier(weeks: Frame, slots: int) -> Frame:
    return weeks.with_columns(shifted.alias(word) for word, shifted in _shifted(slots).items())


def _shifted(slots: int) -> dict[str, Expr]:
    """Each word when every slot is moved towards Monday, around the ring."""
    words, bits = divmod(slots % (32 * len(WORDS)), 32)
    of = [pl.col(WORDS[(i + words) % len(WORDS)]) for i in range(len(WORDS) + 1)]
    if not bits:
        return {word: of[i] for i, word in enumerate(WORDS)}
    return {
        word: (of[i] // (1 << bits)) | ((of[i + 1] & ((1 << bits) - 1)) * (1 << 32 - bits))
        for i, word in enumerate(WORDS)
    }


def _narrow(weeks: Frame) -> Frame:
    return weeks.with_columns(pl.col(WORDS).cast(pl.UInt32))


def _standing() -> Expr:
    status = pl.col("status")
    there = (status == "telehealth") & (pl.col("setting") == "telehealth")
    good = status.is_in(["active", "privilege"]) | there
    return pl.when(good).then(PASS).when(status == "restricted").then(UNKNOWN).otherwise(FAIL)


def _by_profession(column: str) -> Expr:
    """Whether a profession makes its holder a therapist."""
    nurse, therapist = pl.col(column).is_in(NURSES), pl.col(column).is_in(THERAPY)
    return pl.when(nurse).then(_verdict(pl.col("specialty") == "psychiatric_nursing")).otherwise(_verdict(therapist))


def _verdict(true: Expr) -> Expr:
    return pl.when(true.is_null()).then(UNKNOWN).when(true).then(PASS).otherwise(FAIL)


def _answer(column: str) -> Expr:
    return _verdict(pl.col(column))


def _answered(column: str) -> Expr:
    said = pl.col(column)
    return (
        pl.when(said == "yes").then(PASS).when(said.is_in(["no", "formulary_excludes"])).then(FAIL).otherwise(UNKNOWN)
    )


def _yes_no(said: str) -> Expr:
    return _is({"yes": PASS, "no": FAIL}.get(said, UNKNOWN))


def _is(verdict: int) -> Expr:
    return pl.lit(verdict, pl.Int8)
