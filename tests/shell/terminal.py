"""A terminal for tests: the real command line, in process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from huimin_flow.shell.main import invoke


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> Any:
        """The values of a list's page."""
        return self.value["rows"]


class Terminal:
    """One person's terminal on one database."""

    def __init__(self, capsys: pytest.CaptureFixture[str], database: str) -> None:
        self.capsys = capsys
        self.database = database

    def __call__(self, *words: str) -> Said:
        self.capsys.readouterr()
        code = invoke([*words, "--db", self.database])
        told = self.capsys.readouterr()
        return Said(code=code, out=told.out, err=told.err)

    def bare(self, *words: str) -> Said:
        """Run without naming the database."""
        self.capsys.readouterr()
        code = invoke(list(words))
        told = self.capsys.readouterr()
        return Said(code=code, out=told.out, err=told.err)
