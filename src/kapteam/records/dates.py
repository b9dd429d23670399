"""Days and moments: ISO text or a spreadsheet's real dates, and what else a writer may have meant."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from kapteam.records.kinds import DATE, TEXT, Cell, Kind, as_text, plain
from kapteam.records.problems import Misread

#: The day that a workbook counts as 0; some made on a Mac count from 1904-01-01.
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_EPOCH_1904 = date(1904, 1, 1)

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_FIRST_YEAR = 1900  # a year before it is a slip of the pen (0026-12-07), and no workbook can hold it


class Day(Kind):
    """A date, ISO (``2026-12-07``) or a real date of the spreadsheet."""

    expected = "a date such as 2026-12-07"
    schema = DATE

    def parse(self, cell: Cell) -> date:
        """A real date, a date-time at midnight, or ISO text."""
        if isinstance(cell, datetime):
            if cell.time() != time():
                raise Misread(f"expected {self.expected}, without a time", [cell.date().isoformat()])
            return self._dated(cell.date())
        if isinstance(cell, date):
            return self._dated(cell)
        return self.read(as_text(cell, self.expected))

    def read(self, text: str) -> date:
        """ISO text; a data frame's midnight (``2026-12-07 00:00:00``) is that day."""
        word = plain(text)
        match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?", word)
        if not match:
            raise Misread(f"expected {self.expected}", meant_days(word))
        try:
            day = date.fromisoformat(match[1])
        except ValueError:
            raise Misread(f"expected {self.expected}: there is no such day") from None
        if match[2] and match[2].strip("T :.0"):
            raise Misread(f"expected {self.expected}, without a time", [match[1]])
        return self._dated(day)

    def show(self, value: date) -> str:
        """ISO text."""
        return value.isoformat()

    def _dated(self, day: date) -> date:
        if day.year < _FIRST_YEAR:
            raise Misread(f"expected {self.expected}, not before {_FIRST_YEAR}")
        return day if type(day) is date else date(day.year, day.month, day.day)


class Moment(Day):
    """A date, or a date-time on the site's clock (``2026-12-07T13:30``)."""

    expected = "a date such as 2026-12-07, or a local date-time such as 2026-12-07T13:30"
    schema = TEXT

    def parse(self, cell: Cell) -> date:
        """A real date or date-time, or ISO text."""
        if isinstance(cell, datetime):
            if cell.tzinfo is not None:
                raise Misread(f"expected {self.expected}, without a time zone")
            if cell.microsecond:
                raise Misread(f"expected {self.expected}, to the second")
            return datetime.combine(self._dated(cell.date()), cell.time().replace(fold=0))
        return super().parse(cell)

    def read(self, text: str) -> date:
        """ISO text with or without a time; a midnight is a moment here, and not a day."""
        word = plain(text)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", word):
            try:
                return self.parse(datetime.fromisoformat(word))
            except ValueError as error:
                if isinstance(error, Misread):
                    raise
                raise Misread(f"expected {self.expected}: there is no such time") from None
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", word):
            raise Misread(f"expected {self.expected}, without a time zone or a fraction")
        return super().read(word)

    def show(self, value: date) -> str:
        """ISO text, to the minute where the seconds are 0."""
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        return value.isoformat()


def _named_month(word: str) -> tuple[int, int, int] | None:
    """Year, month and day of ``Dec 7, 2026`` and of ``7 December 2026``."""
    day, year = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<year>[0-9]{4})"
    month = r"(?P<month>[a-z]{3,9})\.?"
    for form in (rf"{month}\s*{day},?\s*{year}", rf"{day}[\s-]*(?:of\s+)?{month}[\s,-]*{year}"):
        match = re.fullmatch(form, word.casefold())
        number = match and next((i for i, name in enumerate(_MONTHS, 1) if name.startswith(match["month"])), None)
        if match and (number := 9 if match["month"] == "sept" else number):
            return int(match["year"]), number, int(match["day"])
    return None


def meant_days(word: str, epoch: date = EXCEL_EPOCH) -> list[str]:
    """The dates that a writer of ``12/7/2026`` or of the bare serial number ``46363`` may have meant."""
    if re.fullmatch(r"[0-9]{5}(\.0+)?", word):
        return [(epoch + timedelta(days=int(word[:5]))).isoformat()]
    orders: list[tuple[int, int, int]]
    if (named := _named_month(word)) is not None:
        orders = [named]
    elif match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})", word):
        a, b, year = (int(g) for g in match.groups())
        year += 2000 if year < 100 else 0
        orders = [(year, a, b), (year, b, a)]
    elif match := re.fullmatch(r"([0-9]{4})[/.-]?([0-9]{1,2})[/.-]?([0-9]{1,2})", word):
        year, a, b = (int(g) for g in match.groups())
        orders = [(year, a, b)]
    else:
        return []
    found: list[str] = []
    for y, m, d in orders:
        try:
            found.append(date(y, m, d).isoformat())
        except ValueError:
            continue
    return list(dict.fromkeys(found))
