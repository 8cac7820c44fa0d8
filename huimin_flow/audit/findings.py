"""What an audit finds: a stable code, the place, and what is wrong there."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Flaw
from huimin_flow.model.core.values import value


@value
class Finding:
    """One flaw, at one place, against a law of the audit.

    ``law`` is the module that says it in its docstring, and its number there.
    """

    flaw: Flaw
    place: str
    law: str
    detail: str = ""


@value
class LogHead:
    """How many rows a chained log has, and its last leaf in hex, "" for none.

    Kept elsewhere, it shows later that the rows up to it are those of that day.
    """

    log: str
    rows: int
    head: str


@value
class Report:
    """What was looked at, and what was found; clean means no finding."""

    events: int
    items: int
    facts: int
    head: str
    findings: tuple[Finding, ...]
    logs: tuple[LogHead, ...] = ()

    @property
    def clean(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings
