"""The columns of the NPPES dissemination file (CMS), and the header of a file that claims to be one."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from kapteam.records.problems import Misread

#: Of each practitioner so many taxonomies, each with a licence.
TAXONOMIES = 15
_IDENTIFIERS = 50
_ADDRESS = (
    "Provider First Line Business {} Address", "Provider Second Line Business {} Address",
    "Provider Business {} Address City Name", "Provider Business {} Address State Name",
    "Provider Business {} Address Postal Code", "Provider Business {} Address Country Code (If outside U.S.)",
    "Provider Business {} Address Telephone Number", "Provider Business {} Address Fax Number",
)  # fmt: skip
_TAXONOMY = (
    "Healthcare Provider Taxonomy Code_{}", "Provider License Number_{}", "Provider License Number State Code_{}",
    "Healthcare Provider Primary Taxonomy Switch_{}",
)  # fmt: skip
_IDENTIFIER = (
    "Other Provider Identifier_{}", "Other Provider Identifier Type Code_{}", "Other Provider Identifier State_{}",
    "Other Provider Identifier Issuer_{}",
)  # fmt: skip

#: All 330 columns, in the order of the file (2025).
COLUMNS = (
    "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)", "Provider First Name",
    "Provider Middle Name", "Provider Name Prefix Text", "Provider Name Suffix Text", "Provider Credential Text",
    "Provider Other Organization Name", "Provider Other Organization Name Type Code", "Provider Other Last Name",
    "Provider Other First Name", "Provider Other Middle Name", "Provider Other Name Prefix Text",
    "Provider Other Name Suffix Text", "Provider Other Credential Text", "Provider Other Last Name Type Code",
    *(name.format("Mailing") for name in _ADDRESS),
    *(name.format("Practice Location") for name in _ADDRESS),
    "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code", "NPI Deactivation Date",
    "NPI Reactivation Date", "Provider Sex Code", "Authorized Official Last Name", "Authorized Official First Name",
    "Authorized Official Middle Name", "Authorized Official Title or Position",
    "Authorized Official Telephone Number",
    *(name.format(i) for i in range(1, TAXONOMIES + 1) for name in _TAXONOMY),
    *(name.format(i) for i in range(1, _IDENTIFIERS + 1) for name in _IDENTIFIER),
    "Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN",
    "Authorized Official Name Prefix Text", "Authorized Official Name Suffix Text",
    "Authorized Official Credential Text",
    *(f"Healthcare Provider Taxonomy Group_{i}" for i in range(1, TAXONOMIES + 1)),
    "Certification Date",
)  # fmt: skip

#: What is read of each row: a short name, and the file's own.
READ = {
    "npi": "NPI",
    "entity": "Entity Type Code",
    "last": "Provider Last Name (Legal Name)",
    "first": "Provider First Name",
    "middle": "Provider Middle Name",
    "state": "Provider Business Practice Location Address State Name",
    "zip": "Provider Business Practice Location Address Postal Code",
    "country": "Provider Business Practice Location Address Country Code (If outside U.S.)",
    "ended": "NPI Deactivation Date",
    "again": "NPI Reactivation Date",
    **{
        f"{short}_{i}": name.format(i)
        for i in range(1, TAXONOMIES + 1)
        for short, name in zip(("code", "number", "of", "primary"), _TAXONOMY, strict=True)
    },
}


def header(line: bytes) -> list[str]:
    """The column names of a file's first line.

    Raises
    ------
    Misread
        It is no header of an NPPES file: another separator, another encoding, columns that are missing.
    """
    expected = "expected the NPPES file npidata_pfile_….csv as CMS publishes it"
    if line.startswith(b"PK"):
        raise Misread(f"{expected}, but this is a ZIP archive: unpack it first")
    if line.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in line:
        raise Misread(f"{expected}, in UTF-8, but this is another encoding: save it as 'CSV UTF-8'")
    text = line.decode("utf-8-sig", errors="replace")
    try:
        names = [name.strip() for name in next(csv.reader([text]), [])]
    except csv.Error:  # a carriage return inside the line, or a cell that has no end
        raise Misread(f"{expected}, but this is no CSV, or its lines end with a carriage return alone") from None
    if len(names) < 2:
        other = next((mark for mark in (";", "\t", "|") if text.count(mark) > 1), None)
        said = "its first line holds no column names" if other is None else f"{other!r} stands where commas belong"
        raise Misread(f"{expected}, but {said}")
    missing = [name for name in READ.values() if name not in names]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise Misread(f"{expected}, but these columns are missing: {', '.join(missing[:3])}{more}")
    twice = next(_twice(names), None)
    if twice is not None:
        raise Misread(f"{expected}, but the column {twice} stands twice")
    return names


def _twice(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
