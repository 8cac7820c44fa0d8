"""The findings of an audit: a stable code, the place, and the detail."""

from __future__ import annotations

from huimin_flow.catalogue.terms import AuditPart, Flaw
from huimin_flow.model.core.values import value


@value
class AuditFinding:
    """One flaw, at one place, that breaks a law of the audit.

    ``law`` is the module whose docstring contains the law, and its number there.
    """

    flaw: Flaw
    place: str
    law: str
    detail: str = ""

    @property
    def part(self) -> AuditPart:
        """Return the part of the audit that the law belongs to."""
        module = self.law.partition(" ")[0]
        return AuditPart.DECISIONS if module in _DECISIONS else AuditPart.EVIDENCE


#: The modules whose laws ask a rule or a permission again.
_DECISIONS = frozenset(
    (
        *("acts", "answers", "digests", "engagements", "extensions", "figures"),
        *(
            "jobs",
            "links",
            "lists",
            "meetings",
            "orders",
            "periodic",
            "rectification",
            "replication",
        ),
        *("reviews", "scores", "spot_checks", "surveys", "tasks", "verdicts"),
    )
)


@value
class AuditCount:
    """The number of findings of one part."""

    part: AuditPart
    findings: int


@value
class AuditLogHead:
    """The number of rows of a chained log, and its last leaf in hex, "" for none.

    A copy kept elsewhere proves later that these rows have not changed.
    """

    log: str
    rows: int
    head: str


@value
class AbsentExtension:
    """A revision of a host's extension that is not installed where the audit runs.

    ``verdicts`` is the number of its verdicts that were not asked again.
    """

    extension: str
    revision: str
    verdicts: int


@value
class AuditReport:
    """What the audit checked, and its findings; clean means no finding.

    ``unopened`` counts the encrypted contents that are there, but could not be opened
    without the master key, so that nobody knows whether they are what was kept.
    ``absent`` are the extensions whose verdicts could not be asked again.
    """

    events: int
    items: int
    facts: int
    head: str
    findings: tuple[AuditFinding, ...]
    logs: tuple[AuditLogHead, ...] = ()
    parts: tuple[AuditCount, ...] = ()
    unopened: int = 0
    absent: tuple[AbsentExtension, ...] = ()

    @property
    def clean(self) -> bool:
        """Tell whether there is no finding."""
        return not self.findings
