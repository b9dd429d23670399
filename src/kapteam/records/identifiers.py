"""Numbers with a check digit, codes and tags: NPI, DEA number, DEA schedules, NUCC code, BCP 47 language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kapteam.records.kinds import WORD, Cell, Kind, as_text, blank, clean, plain
from kapteam.records.problems import Misread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEA_SCHEDULES = ("2", "2N", "3", "3N", "4", "5")
STATE_SCHEDULES = (*DEA_SCHEDULES, "6")

_SCHEMA = {"type": ["array", "string"], "items": {"enum": list(STATE_SCHEDULES)}}
_ROMAN = {"II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
# The commonest languages by their English names, to answer "Spanish" with "es".
_LANGUAGES = {
    "english": "en", "spanish": "es", "chinese": "zh", "mandarin": "zh", "cantonese": "yue", "tagalog": "tl",
    "vietnamese": "vi", "arabic": "ar", "french": "fr", "korean": "ko", "russian": "ru", "portuguese": "pt",
    "haitian creole": "ht", "hindi": "hi", "german": "de", "polish": "pl", "italian": "it", "urdu": "ur",
    "persian": "fa", "farsi": "fa", "ukrainian": "uk", "hebrew": "he", "japanese": "ja", "navajo": "nv",
    "american sign language": "ase", "asl": "ase",
}  # fmt: skip

# Two letters (the second may be 9 for a business) and seven digits; a hospital's has a suffix after a hyphen.
_DEA = r"[A-Z][A-Z9][0-9]{7}"

# RFC 5646's langtag: language, extensions of it, script, region, variants, extensions, private use.
_TAG = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?"
)


def npi_check_digit(first_nine: str) -> str:
    """The tenth digit of an NPI: Luhn over 80840 and the first nine (45 CFR 162.406)."""
    digits = [int(d) for d in "80840" + first_nine]
    doubled = [sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits))]
    return str(-sum(doubled) % 10)


def npis_fit(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the check digit of each NPI fits, all at once; the numbers have ten digits."""
    left, total = numbers.copy(), numbers * 0 + 24  # the Luhn sum of 80840
    for place in range(10):
        digit = left % 10
        total += digit if place % 2 == 0 else digit // 5 + digit * 2 % 10
        left //= 10
    fits: NDArray[np.bool_] = total % 10 == 0
    return fits


def dea_check_digit(first_six: str) -> str:
    """The seventh digit of a DEA number: (1st + 3rd + 5th) + 2 (2nd + 4th + 6th), its last digit."""
    d = [int(c) for c in first_six]
    return str((d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10)


class Npi(Kind):
    """A National Provider Identifier: ten digits, the last a check digit."""

    expected = "an NPI: ten digits, the last a check digit"
    schema = WORD

    def read(self, text: str) -> str:
        """Ten digits whose check digit fits."""
        # A file that went through a spreadsheet or pandas may hold 1234567893.0 for 1234567893.
        word = re.sub(r"\.0+$", "", plain(text))
        if not re.fullmatch(r"[0-9]{10}", word):
            raise Misread(f"expected {self.expected}")
        if npi_check_digit(word[:9]) != word[9]:
            raise Misread("expected an NPI, but the check digit does not fit: look for a mistyped digit")
        return word


def check_dea_number(number: str) -> None:
    """Raise :class:`Misread` where a DEA number's form or checksum is wrong."""
    word = plain(number).upper()
    if not re.fullmatch(_DEA + "(-.+)?", word):
        cleaned = re.sub(r"[\s.-]", "", word)
        fits = re.fullmatch(_DEA, cleaned) and dea_check_digit(cleaned[2:8]) == cleaned[8]
        raise Misread("expected a DEA number: two letters and seven digits", [cleaned] if fits else [])
    if dea_check_digit(word[2:8]) != word[8]:
        raise Misread("expected a DEA number, but its check digit does not fit: look for a mistyped digit")


class Schedules(Kind):
    """Schedules of a registration; nothing means unknown.

    Reads ``2 2N 3 3N 4 5`` with spaces, commas or ``;``; what certificates print run together (``22N 33N 4 5``);
    and a state's Roman numerals (``III IIIN``), up to ``VI``.
    """

    expected = "schedules such as 2 2N 3 3N 4 5 (a state's also in Roman, up to VI)"
    schema = _SCHEMA

    def parse(self, cell: Cell) -> tuple[str, ...]:
        """A list's schedules, or those of a text."""
        parts = cell if isinstance(cell, (list, tuple, set, frozenset)) else [cell]
        return self.read(" ".join(as_text(p, self.expected) for p in parts if not blank(p)))

    def read(self, text: str) -> tuple[str, ...]:
        """The schedules of a text, in their order."""
        held: set[str] = set()
        for word in re.split(r"[\s,;]+", plain(text).upper().strip(" ,;")):
            if word in STATE_SCHEDULES:
                held.add(word)
            elif match := re.fullmatch(r"([23])\1N", word):
                held |= {match[1], match[1] + "N"}
            elif match := re.fullmatch(r"(II|III|IV|V|VI)(N?)", word):
                schedule = _ROMAN[match[1]] + match[2]
                if schedule not in STATE_SCHEDULES:
                    raise Misread(f"expected {self.expected}: there is no {word}")
                held.add(schedule)
            else:
                raise Misread(f"expected {self.expected}: {word!r} is none")
        return tuple(s for s in STATE_SCHEDULES if s in held)

    def show(self, value: tuple[str, ...]) -> str:
        """The schedules with ``;`` between them."""
        return ";".join(value)

    def plain(self, value: tuple[str, ...]) -> list[str]:
        """The schedules as a list."""
        return list(value)


class Language(Kind):
    """A language tag (BCP 47), such as ``en``, ``es`` or ``zh-Hant``."""

    expected = "a BCP 47 language tag such as en, es or zh-Hant"

    def read(self, text: str) -> str:
        """A well-formed tag that begins with a language of two or three letters, as written."""
        word = clean(text)
        tag = _LANGUAGES.get(word.casefold())
        # ASL has the form of a tag, and is that of a language of the Moluccas.
        if tag or not _TAG.fullmatch(word):
            dashed = word.replace("_", "-")
            raise Misread(f"expected {self.expected}", [tag] if tag else [dashed] if _TAG.fullmatch(dashed) else [])
        return word


class Specialty(Kind):
    """A specialty's name (``psychiatry``), or a NUCC taxonomy code (``2084P0800X``)."""

    expected = "a specialty such as psychiatry, or a NUCC taxonomy code such as 2084P0800X"

    def read(self, text: str) -> str:
        """A code, or any other name as written."""
        word = str(super().read(text))
        code = re.sub(r"\s", "", plain(word)).upper()
        if code != word and is_nucc_code(code):
            raise Misread(f"expected {self.expected}: a code has no spaces and no small letters", [code])
        return word


def is_nucc_code(text: str) -> bool:
    """Whether the text has the form of a NUCC taxonomy code, such as 2084P0800X."""
    return re.fullmatch(r"[0-9]{3}[0-9A-Z]{6}X", text) is not None


def claims_six(schedules: Sequence[str] | None) -> bool:
    """Whether a registration claims Schedule VI, which only a state has."""
    return schedules is not None and "6" in schedules
