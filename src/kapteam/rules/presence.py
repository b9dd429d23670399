"""What the rules that ask for a start that fits say: who is where, and how much of the session is asked."""

from __future__ import annotations

from kapteam.columns.policies import AVAILABLE, DOSING, NONE, THROUGHOUT
from kapteam.rules.case import Case

_ASKED = {
    NONE: "asks nothing of the prescriber's presence",
    AVAILABLE: "asks that the prescriber can be reached while the dose is given",
    DOSING: "asks the prescriber to be on site while the dose is given",
    THROUGHOUT: "asks the prescriber to be on site for the whole session",
}


def asked(level: int) -> str:
    """What a level of presence asks, as the end of a sentence."""
    return _ASKED[level]


def presence_words(case: Case, who: str) -> str:
    """The verdict on a start that fits, where ``who`` asks for presence."""
    assert case.pairs is not None
    level = int(case.pairs.level[case.link])
    return f"{who} {asked(level)}: {window_words(case)}"


def has_to_come(case: Case) -> str | None:
    """Where the link stands on it that the prescriber comes to the site, and it is only supposed: that it is."""
    assert case.pairs is not None
    return case.might_come if case.pairs.level[case.link] > AVAILABLE else None


def window_words(case: Case) -> str:
    """Whether the two have a common start, and where the hours leave it open."""
    minutes = case.facts.protocol.session_minutes
    length = f"{minutes / 60:g}-hour" if minutes % 30 == 0 else f"{minutes}-minute"
    a, b, site = case.prescriber.label, case.therapist.label, case.site.label
    both = f"{a} sits alone" if a == b else f"{a} and {b}"
    if case.status == "pass":
        assert case.pairs is not None
        count = int(case.pairs.weekly_sessions[case.link])
        times = "once a week" if count == 1 else f"{count} times a week"
        fits = "fits the hours of" if a != b else "fits:"
        return (
            f"a {length} session {fits} {both} at {site} {times}"
            if count
            else f"a {length} session {fits} {both} at {site}"
        )
    if case.status == "unknown":
        coming = has_to_come(case)
        if coming:
            return f"{coming}; a {length} session for {both} would have to fit there then"
        return f"hours at {site} that nobody wrote down would have to hold a {length} session for {both}"
    return f"no {length} session at {site} fits the hours of {both}"
