"""kapteam asked as a process, and what it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from jsonschema import Draft202012Validator, FormatChecker

import kapteam.demo

KAPTEAM = Path(sys.executable).with_name("kapteam")
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
#: The practice that ships with kapteam, and the day on which it is looked at.
PRACTICE, DAY = str(kapteam.demo.practice_folder()), "2026-12-07"


@frozen
class Answer:
    """What a process gave back."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)

    def valid(self, schema: str) -> Any:
        """Its document, which must be as the published schema says."""
        validate(self.json, schema)
        return self.json

    @property
    def flat(self) -> str:
        """Its standard output without line breaks, so that a wrapped sentence is found."""
        return " ".join(self.out.split())


Ask = Callable[..., Answer]


def validate(document: Any, schema: str) -> None:
    """Hold a document against a schema of docs/schemas."""
    Draft202012Validator(
        json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")), format_checker=FormatChecker()
    ).validate(document)


def run(*words: object, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Answer:
    """Run kapteam; a traceback is always a failure."""
    ended = subprocess.run(
        [KAPTEAM, *map(str, words)],
        capture_output=True,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning", **(env or {})},
        check=False,
    )
    answer = Answer(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
    assert "Traceback" not in answer.err, answer.err
    return answer
