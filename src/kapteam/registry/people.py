"""Who of the rows comes onto the roster, with which licences; and why each other one does not."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.records.identifiers import npis_fit
from kapteam.records.people import PROFESSIONS
from kapteam.records.zones import JURISDICTIONS
from kapteam.registry.layout import TAXONOMIES
from kapteam.registry.professions import PRESCRIBING, taxonomy
from kapteam.registry.seen import Seen

if TYPE_CHECKING:
    import polars as pl

#: Why a row is left out, in the order of asking: the first that holds is counted.
LEFT_OUT = {
    "broken": "the row has more or fewer cells than the header",
    "npi": "the NPI is not ten digits with their check digit",
    "deactivated": "the NPI is deactivated",
    "organization": "an organisation",
    "entity": "neither a person nor an organisation",
    "elsewhere": "practises outside the 50 states and DC",
    "not_asked": "practises in a state that was not asked for",
    "profession": "no taxonomy of a profession that kapteam knows",
    "license": "no licence with a number and a state",
    "zip": "no ZIP code that can be read",
    "duplicate": "the NPI stands twice: the first row counts",
}
#: Why a taxonomy of somebody who was taken is no licence.
NO_LICENSE = {
    "profession": "of no profession that kapteam knows",
    "state": "no state of its licence",
    "elsewhere": "a licence from outside the 50 states and DC",
    "number": "no licence number",
    "word": "a word (PENDING, NONE, STUDENT) where the licence number belongs",
    "again": "the same licence as under another taxonomy",
}
_DATE = "%m/%d/%Y"


@frozen(eq=False)
class People:
    """Those of one block who are taken.

    Attributes
    ----------
    practitioners : polars.DataFrame
        ``practitioner``, ``name``, ``npi``, ``specialty``; besides ``jurisdiction`` and ``zip`` of where they
        practise, ``profession`` (the main one) and ``prescribes``.
    licenses : polars.DataFrame
        ``practitioner``, ``jurisdiction``, ``profession``, ``number``.
    left_out, no_license : dict of str to int
        How many for each reason.
    """

    practitioners: pl.DataFrame
    licenses: pl.DataFrame
    left_out: dict[str, int]
    no_license: dict[str, int]


def people(frame: pl.DataFrame, states: Collection[str], seen: Seen) -> People:
    """Who of ``frame`` comes onto the roster.

    Parameters
    ----------
    frame : polars.DataFrame
        As ``rows.rows`` gives it.
    states : collection of str
        Where people must practise; empty: anywhere.
    seen : Seen
        The NPIs that earlier blocks took.
    """
    import polars as pl  # an extra, and slow to load

    whole = ("npi", "entity", "zip")  # what a program that took it for a number gave decimals
    of_states = [c for c in frame.columns if c == "state" or c.startswith("of_")]
    frame = frame.with_columns(pl.all().str.strip_chars()).with_columns(
        pl.col(*whole).str.replace(r"\.0+$", ""),
        pl.col(*of_states).str.to_uppercase().replace(_CODES),
    )
    frame = frame.with_columns(pl.col("zip").str.replace_all(r"[\s-]", "")).with_row_index("row")
    entries = _entries(frame)
    licensed = entries.filter(pl.col("why").is_null())
    # The specialty: a psychiatric one before any other, then the primary one, then the first.
    main = (
        licensed.sort("row", pl.col("psychiatric").not_(), pl.col("primary") != "Y", "place")
        .group_by("row", maintain_order=True)
        .agg(pl.col("specialty").first(), pl.col("rank").min(), (pl.col("rank") < len(PRESCRIBING)).any().alias("rx"))
    )
    known = entries.filter(pl.col("profession").is_not_null()).select(pl.col("row").unique()).with_columns(known=True)
    frame = frame.join(main, on="row", how="left", maintain_order="left")
    frame = frame.join(known, on="row", how="left", maintain_order="left").with_columns(_zip(pl.col("zip")))
    frame = frame.with_columns(why=_why(pl.Series("fits", _fits(frame["npi"])), states))
    kept = frame.filter(pl.col("why").is_null())
    npis = kept["npi"].cast(pl.Int64)
    again = ~npis.is_first_distinct() | pl.Series(seen.holds(npis.to_numpy()))
    left_out = dict(frame["why"].drop_nulls().value_counts().iter_rows())
    left_out["duplicate"] = int(again.sum())
    kept = kept.filter(~again)
    name = pl.concat_str([pl.col(c) for c in ("first", "middle", "last")], separator=" ")
    practitioners = kept.select(
        pl.col("npi").alias("practitioner"),
        name.str.replace_all(r"\s+", " ").str.strip_chars().alias("name"),
        "npi", "specialty", pl.col("state").alias("jurisdiction"), "zip",
        pl.col("rank").replace_strict(dict(enumerate(PROFESSIONS)), return_dtype=pl.String).alias("profession"),
        pl.col("rx").alias("prescribes"),
    )  # fmt: skip
    theirs = entries.join(kept.select("row", "npi"), on="row", how="inner", maintain_order="left")
    licenses = theirs.filter(pl.col("why").is_null()).select(
        pl.col("npi").alias("practitioner"), pl.col("of").alias("jurisdiction"), "profession", "number"
    )
    return People(practitioners, licenses, left_out, dict(theirs["why"].drop_nulls().value_counts().iter_rows()))


def _entries(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a taxonomy, in the order of the file: what it says, and ``why`` it is no licence."""
    import polars as pl

    long = pl.concat(
        frame.select(
            "row", pl.lit(i).alias("place"), *(pl.col(f"{c}_{i}").alias(c) for c in ("code", "number", "of", "primary"))
        ).filter(pl.col("code") != "")
        for i in range(1, TAXONOMIES + 1)
    ).sort("row", "place")
    codes = long["code"].unique().sort()
    meant = [taxonomy(code.upper()) for code in codes]
    said = pl.DataFrame(
        {
            "code": codes,
            "profession": [None if m is None else m.profession for m in meant],
            "specialty": [None if m is None else m.specialty for m in meant],
            "psychiatric": [m is not None and m.psychiatric for m in meant],
            "rank": [None if m is None else PROFESSIONS.index(m.profession) for m in meant],
        },
        schema_overrides={"profession": pl.String, "specialty": pl.String, "psychiatric": pl.Boolean, "rank": pl.Int64},
    )
    long = long.join(said, on="code", how="left", maintain_order="left")
    number = pl.col("number")
    long = long.with_columns(
        why=pl.when(pl.col("profession").is_null()).then(pl.lit("profession"))
        .when(pl.col("of") == "").then(pl.lit("state"))
        .when(~pl.col("of").is_in(list(JURISDICTIONS))).then(pl.lit("elsewhere"))
        .when(number == "").then(pl.lit("number"))
        .when(~number.str.contains("[0-9]")).then(pl.lit("word"))
    )  # fmt: skip
    first = pl.struct("row", "profession", "of", "number", "why").is_first_distinct()
    return long.with_columns(why=pl.when(pl.col("why").is_null() & ~first).then(pl.lit("again")).otherwise("why"))


def _why(fits: pl.Series, states: Collection[str]) -> pl.Expr:
    """The first reason to leave a row out, but for duplicates."""
    import polars as pl

    ended = pl.col("ended").str.to_date(_DATE, strict=False)
    again = pl.col("again").str.to_date(_DATE, strict=False)
    # Who came back on the day or later is active; a day that cannot be read takes nobody back.
    active = (pl.col("ended") == "") | (again >= ended).fill_null(value=False)
    home = pl.col("state").is_in(list(JURISDICTIONS)) & pl.col("country").str.to_uppercase().is_in(["", "US"])
    asked = pl.col("state").is_in(list(states)) if states else pl.lit(value=True)
    when: Any = pl
    for holds, why in (
        (~pl.lit(fits), "npi"),
        (~active, "deactivated"),
        (pl.col("entity") == "2", "organization"),
        (pl.col("entity") != "1", "entity"),
        (~home, "elsewhere"),
        (~asked, "not_asked"),
        (pl.col("known").is_null(), "profession"),
        (pl.col("rank").is_null(), "license"),
        (pl.col("zip").is_null(), "zip"),
    ):
        when = when.when(holds).then(pl.lit(why))
    return when.otherwise(pl.lit(None, pl.String))  # type: ignore[no-any-return]


def _zip(cell: pl.Expr) -> pl.Expr:
    """Five digits of 5 or 9; of 4 or 8, a program took a leading zero away. Anything else is null."""
    import polars as pl

    digits = pl.when(cell.str.contains(r"^([0-9]{4}|[0-9]{5}|[0-9]{8}|[0-9]{9})$")).then(cell)
    length = digits.str.len_bytes()
    return pl.when(length.is_in([4, 8])).then("0" + digits.str.head(4)).otherwise(digits.str.head(5)).alias("zip")


def _fits(npis: pl.Series) -> NDArray[np.bool_]:
    """Whether each is ten digits whose check digit fits (Luhn over 80840 and the first nine; 45 CFR 162.406)."""
    ten = npis.str.contains("^[0-9]{10}$")
    numbers: NDArray[np.int64] = npis.set(~ten, "0").cast(int).to_numpy()
    fits: NDArray[np.bool_] = ten.to_numpy() & npis_fit(numbers)
    return fits


_CODES = {name.upper(): code for code, (name, _) in JURISDICTIONS.items()}
