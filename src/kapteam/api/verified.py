"""What came of judging a plan again, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
from attrs import define

from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.matching.verify import Verified as Teams
from kapteam.records.problems import Violation
from kapteam.records.roster import Roster
from kapteam.sessions.verify import OpenFact
from kapteam.sessions.verify import Verified as Sessions
from kapteam.show.verified import shown_verified


@define(eq=False, repr=False)
class Verified(Document, Traced):
    """What came of judging a plan again without a solver; made by :func:`kapteam.verify`.

    Attributes
    ----------
    found : matching.verify.Verified or sessions.verify.Verified
        The same as facts.
    fair : bool
        Whether a plan of teams says that it is fair.
    roster : Roster or None
        By which it was judged.
    """

    found: Teams | Sessions
    fair: bool = False
    roster: Roster | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.found.ok

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Everything that is wrong: the rule, whose it is, and what."""
        return self.found.violations

    @property
    def objective(self) -> Any:
        """What the plan reaches, as it was added up again."""
        return self.found.objective

    @property
    def proven(self) -> bool:
        """Of teams: whether the certificate proves that no plan is better; sessions carry none."""
        return isinstance(self.found, Teams) and self.found.proven

    @property
    def to_verify(self) -> tuple[OpenFact, ...]:
        """Of sessions: the unknown facts that they rest on, where these were allowed."""
        return self.found.to_verify if isinstance(self.found, Sessions) else ()

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        document = attrs.asdict(self.found)
        supposition = {} if self.roster is None else self.roster.supposition
        return {**document, "violations": list(document["violations"]), **supposition}

    def shown(self) -> Iterable[Any]:
        """The answer, then each thing that is wrong."""
        return shown_verified(self.found, self.roster, fair=self.fair)

    def __repr__(self) -> str:
        said = "ok" if self.ok else f"{len(self.violations)} violation{'s' * (len(self.violations) != 1)}"
        return f"<Verified: {said}>"
