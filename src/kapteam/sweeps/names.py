"""Names that a scenario may use: what the roster, its practice file and the packs know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from kapteam.network.links import Links
from kapteam.records.kinds import clean
from kapteam.records.practice import written
from kapteam.records.problems import Problem, nearest


@frozen
class Names:
    """The names that somebody knows.

    Attributes
    ----------
    carriers, modalities, rules : set of str
    aliases : mapping of str to str
        Other names of carriers, which count for nothing, with the one that counts.
    """

    carriers: frozenset[str]
    modalities: frozenset[str]
    rules: frozenset[str]
    aliases: Mapping[str, str]

    @classmethod
    def of(cls, links: Links) -> Names:
        """Of a network: of its roster, its practice file, its packs and its rulebook."""
        facts = links.facts
        tables, packs, practice = facts.tables, facts.law.packs, facts.law.practice
        lists = tables["practitioners"]["modalities"].values
        taught = set(tables["training"]["name"].values) | set(tables["demand"]["modality"].values)
        packed = {name for one in packs.modalities.values() for name in (one.key, one.name, *one.aliases)}
        return cls(
            carriers=frozenset(packs.carriers) | frozenset(practice.carriers)
            | frozenset(tables["coverage"]["carrier"].values) - {None},
            modalities=frozenset(packed | set(practice.modalities) | taught | {one for some in lists for one in some}),
            rules=frozenset(rule.id for rule in links.rulebook.rules),
            aliases={alias: one.name for one in packs.carriers.values() for alias in one.aliases},
        )  # fmt: skip

    def strangers(self, law: Mapping[str, Any]) -> Iterator[Problem]:
        """A problem for each name of a law, in the words of a practice file, that nobody knows."""
        for section, what, known in (
            ("carriers", "carrier", self.carriers), ("modalities", "modality", self.modalities),
        ):  # fmt: skip
            for name in law.get(section, {}):
                if clean(str(name)) not in known:
                    said = f"neither the roster nor its practice file nor kapteam's packs know such a {what}"
                    yield Problem("sweep", None, f"{section}.{name}", None, said, self._meant(name, known))
        for rule, severity in law.get("rules", {}).items():
            if clean(str(rule)) not in self.rules:
                said = "there is no such rule (a house's own? give --rules)"
                close = nearest(str(rule), sorted(self.rules), count=3)
                yield Problem("sweep", None, f"rules.{rule}", written(severity), said, close)

    def _meant(self, name: str, known: frozenset[str]) -> tuple[str, ...]:
        others = self.aliases if known is self.carriers else {}
        close = nearest(str(name), sorted(known | others.keys()), count=3)
        return tuple(dict.fromkeys(others.get(one, one) for one in close))
