"""What a researcher supposes of things that NPPES does not say: shares and distributions, drawn with a seed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from kapteam.io.text import Undecodable, decode
from kapteam.io.toml_errors import in_words
from kapteam.records.hours import WeeklyHours
from kapteam.records.kinds import YesNo
from kapteam.records.people import PRESENCE, PROFESSIONS
from kapteam.records.problems import Misread, UsageError, nearest
from kapteam.registry.professions import PRESCRIBING

#: The key that stands for every profession that is not named.
ALL = "all"
_OTHER = PROFESSIONS[-1]  # a licence that is none of the professions before
_SHARES = {
    "dea": "hold a DEA registration for schedule 3N where they practise",
    "state": "hold the state's own controlled-substance registration",
    "rider": "have a policy that covers KAP",
    "trained": "have had KAP training",
}
_OF_PRESCRIBERS = ("dea", "state")  # topics that concern nobody else
_POLICY = ("presence", "same_site", "in_clinic_only")


@frozen
class Scenario:
    """Made-up answers; what it leaves out stays unknown.

    Attributes
    ----------
    name : str
        Stands in the column ``_made_up`` of every row that was drawn.
    seed : int
    shares : mapping of str to mapping of str to float
        By topic (``dea``, ``state``, ``rider``, ``trained``): by profession, the share for which it is so. Of a
        profession without a share nothing is known.
    policy : mapping of str to str
        What every policy with a rider asks: cells of the coverage table.
    training_hours : tuple of (str, float)
        Hours of training, and the share of the trained who have so many; of the rest, nobody knows.
    weeks : tuple of (str, float)
        Weekly hours, and the share of people who have them; of the rest, nobody knows.
    """

    name: str
    seed: int
    shares: Mapping[str, Mapping[str, float]]
    policy: Mapping[str, str]
    training_hours: tuple[tuple[str, float], ...]
    weeks: tuple[tuple[str, float], ...]

    def share(self, topic: str, profession: str) -> float | None:
        """The share of a profession; None where nothing is supposed."""
        of = self.shares.get(topic, {})
        return of.get(profession, of.get(ALL))

    def lines(self) -> list[str]:
        """What it supposes, in words."""
        said = [
            f"{_percent(of[who])} of {_people(topic, who, alone=len(of) == 1)} {_SHARES[topic]}"
            for topic, of in self.shares.items()
            for who in sorted(of, key=lambda who: who == ALL)  # who is left comes after those who are named
        ]
        said += [f"every such policy says {key} = {value}" for key, value in self.policy.items()]
        said += [f"{_percent(share)} of the trained had {hours} hours" for hours, share in self.training_hours]
        return said + [f"{_percent(share)} are on site {when}" for when, share in self.weeks]


def read_scenario(path: Path) -> Scenario:
    """Read a scenario's file (TOML).

    Raises
    ------
    UsageError
        With what was expected and where.
    """
    text = ""
    try:
        text = decode(path).replace("\r\n", "\n")
        return scenario(tomllib.loads(text))
    except Undecodable as error:
        raise UsageError(f"{str(path)!r}: {error.expected}") from None
    except tomllib.TOMLDecodeError as error:
        expected, line = in_words(error, text)
        raise UsageError(f"{str(path)!r}{f', line {line}' if line else ''}: {expected}") from None
    except Misread as error:
        raise UsageError(f"{str(path)!r}: {error.expected}" + _hint(error.nearest)) from None


def scenario(data: Mapping[str, Any]) -> Scenario:
    """A scenario from the mapping that its TOML holds.

    Raises
    ------
    Misread
        With what was expected and where.
    """
    _known(data, ("name", "seed", *_SHARES, "policy", "training_hours", "hours"), "")
    name, seed = data.get("name"), data.get("seed")
    if not isinstance(name, str) or not name.strip():
        raise Misread('name: expected what the scenario is called, such as name = "half are registered"')
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**31:
        raise Misread("seed: expected a whole number from 0 on, such as seed = 1")
    shares = {topic: _section(data, topic) for topic in _SHARES if topic in data}
    for topic, of in shares.items():
        _known(of, (*PROFESSIONS, ALL), f"{topic}.")
        for who, share in of.items():
            if topic in _OF_PRESCRIBERS and who not in (*PRESCRIBING, ALL):
                raise Misread(f"{topic}.{who}: expected a profession that may prescribe: {', '.join(PRESCRIBING)}")
            _share(share, f"{topic}.{who}")
    training = []
    for hours, share in _section(data, "training_hours").items():
        if not hours.isdecimal():
            raise Misread(f"training_hours.{hours}: expected whole hours and a share, such as 40 = 0.5")
        training.append((str(int(hours)), _share(share, f"training_hours.{hours}")))
    weeks = []
    rows = data.get("hours", [])
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, Mapping) or set(row) != {"when", "share"}:
            raise Misread('hours: expected [[hours]] with when = "Mon-Fri 09:00-17:00" and share = 0.5')
        try:
            when = str(WeeklyHours.of(str(row["when"])))
        except Misread as error:
            raise Misread(f"hours: when: {error.expected}", error.nearest) from None
        weeks.append((when, _share(row["share"], f"hours ({when})")))
    for what, listed in (("training_hours", training), ("hours", weeks)):
        total = sum(share for _, share in listed)
        if total > 1 + 1e-9:
            raise Misread(f"{what}: expected shares that add up to 1 at most, and these add up to {total:g}")
    return Scenario(name.strip(), seed, shares, _policy(_section(data, "policy")), tuple(training), tuple(weeks))


def _policy(section: Mapping[str, Any]) -> dict[str, str]:
    _known(section, _POLICY, "policy.")
    found = {}
    for key, value in section.items():
        if key == "presence":
            if value not in PRESENCE:
                raise Misread(f"policy.presence: expected one of {', '.join(PRESENCE)}", nearest(str(value), PRESENCE))
            found[key] = value
        else:
            try:
                found[key] = YesNo().show(YesNo().parse(value))
            except Misread as error:
                raise Misread(f"policy.{key}: {error.expected}", error.nearest) from None
    return found


def _section(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, Mapping):
        raise Misread(f"{name}: expected a section [{name}]")
    return found


def _share(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise Misread(f"{where}: expected a share from 0 to 1, not {value!r}")
    return float(value)


def _known(given: Iterable[str], known: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in known:
            raise Misread(f"{where}{key}: there is no such key", nearest(key, known))


def _hint(close: tuple[str, ...]) -> str:
    return f": did you mean {close[0]}?" if close else ""


def _people(topic: str, who: str, *, alone: bool) -> str:
    """Of whom a share is: ``physicians``, ``all prescribers``, or with others named ``all other prescribers``."""
    if who == ALL:
        return f"all {'' if alone else 'other '}{'prescribers' if topic in _OF_PRESCRIBERS else 'people'}"
    return "people with another licence" if who == _OTHER else who.replace("_", " ") + "s"


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
