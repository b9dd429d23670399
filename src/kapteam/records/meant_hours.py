"""What a writer of ``Mon to Wed 9am-4pm`` may have meant, as text of the form that is read."""

from __future__ import annotations

import re

_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS = {
    "weekdays": "Mon-Fri", "weekday": "Mon-Fri", "workdays": "Mon-Fri", "weekends": "Sat-Sun", "weekend": "Sat-Sun",
    "daily": "Mon-Sun", "everyday": "Mon-Sun", "every day": "Mon-Sun", "mwf": "Mon,Wed,Fri", "m-f": "Mon-Fri",
    "": "Mon-Fri",
}  # fmt: skip
_TIME = r"[0-9]{1,2}(?:[:.][0-9]{2})?\s*(?:[ap]\.?m?\.?)?|[0-9]{4}|noon|midnight"
_RANGE = re.compile(rf"(?P<days>[^0-9]*?)[\s:,]*(?P<start>{_TIME})\s*-\s*(?P<end>{_TIME})")
_LONGEST = 200  # characters: nothing that long is meant as hours, and matching it would take long
_EARLIEST = 7  # the hour before which nobody who writes 1-5 begins to work


def meant_hours(text: str) -> str | None:
    """The same hours as ``Mon-Wed 09:00-16:00``, or None where one cannot tell."""
    if len(text) > _LONGEST:
        return None
    said = re.sub(r"\s+(?:to|through|thru|until|till|til)\s+", "-", text.casefold())
    said = re.sub(r"(?:\s+and\s+|\s*[&+]\s*)", ",", said)
    # A comma after a time, or a new line, parts two ranges as ; does.
    parts = re.split(r"[;\n]|(?<=[0-9m])\s*,\s*(?=[a-z]{2})", said)
    found = [_one(part.strip()) for part in parts if part.strip()]
    return None if None in found else "; ".join(filter(None, found)) or None


def _one(part: str) -> str | None:
    # The days may stand behind: 9-5 mon-fri.
    if behind := re.fullmatch(rf"((?:{_TIME})\s*-\s*(?:{_TIME}))\s+([a-z][^0-9]*)", part):
        part = f"{behind[2]} {behind[1]}"
    match = _RANGE.fullmatch(part)
    days = match and _days(match["days"].strip(" ,:"))
    times = match and _times(match["start"], match["end"])
    return f"{days} {times}" if days and times else None


def _days(words: str) -> str | None:
    if words in _GROUPS:
        return _GROUPS[words]
    found = []
    for item in re.split(r"\s*[,/]\s*|(?<=[a-z])\s+(?=[a-z])", words):
        ends = [_day(word.strip(" .")) for word in item.split("-")]
        if None in ends or len(ends) > 2:
            return None
        found.append("-".join(filter(None, ends)))
    return ",".join(found)


def _day(word: str) -> str | None:
    """``Tue`` for tues and tuesdays; two letters tell the days apart."""
    singular = word.removesuffix("s") if word not in ("tues", "weds", "thurs") else word
    short = {"tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday"}.get(singular, singular)
    for name in _DAY_NAMES:
        if len(short) >= 2 and name.startswith(short):
            return name[:3].capitalize()
    return None


def _times(start: str, end: str) -> str | None:
    """Both times of the clock; an end that is earlier than its start, as in 9-5, is in the afternoon."""
    first, last = _time(start), _time(end)
    if first is None or last is None:
        return None
    (begin, begins, fixed), (finish, finishes, fixed_too) = first, last
    if begins is None and finishes == "p" and not fixed:
        # Of 1-4 pm both are in the afternoon, of 9-5 pm the end alone.
        begin += 720 if begin % 720 < finish - 720 else 0
    elif begins is None and finishes is None and not (fixed and fixed_too):
        if begin < _EARLIEST * 60 and not fixed:
            begin += 720
        if finish <= begin and finish <= 720 and not fixed_too:
            finish += 720
    elif begins is not None and finishes is None and finish <= begin and finish < 720 and not fixed_too:
        finish += 720
    if not 0 <= begin < finish <= 1440:
        return None
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (begin, finish))


def _time(word: str) -> tuple[int, str | None, bool] | None:
    """Minutes since midnight; ``a`` or ``p`` where it says so; and whether it can only be of a 24-hour clock."""
    if word in ("noon", "midnight"):
        return (720, "p", True) if word == "noon" else (1440, None, True)
    if re.fullmatch(r"[0-9]{4}", word):
        return int(word[:2]) * 60 + int(word[2:]), None, True
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*([ap])?\.?m?\.?", word)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        return (hour % 12 + (12 if half == "p" else 0)) * 60 + minute, half, True
    return hour * 60 + minute, None, hour > 12 or match[1].startswith("0")
