"""The findings of an audit: a stable code, the place, and the detail."""

from __future__ import annotations

import json
from dataclasses import field
from unicodedata import is_normalized

from huimin_flow.catalogue.terms import AuditPart, Flaw
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.values import value

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def exact(plain: object) -> bytes | None:
    """Return the canonical JSON of a plain value, or None if that isn't proven.

    The value has only texts, integers up to 2**53, booleans, None, lists and dicts.
    Written with sorted keys, only the form of its texts may differ. That form is NFC
    if the whole is. The order of keys may differ only with characters beyond U+FFFF.
    This takes a third of the time of ``canonical``.

    Raises:
        ValueError: for a lone surrogate.

    """
    written = _ENCODER.encode(plain)
    if written.isascii() or (
        is_normalized("NFC", written)
        and len(written.encode("utf-16-le")) == 2 * len(written)
    ):
        return written.encode()
    return None


def exact_or_canonical(plain: object) -> bytes:
    """Return the canonical JSON of a value that ``exact`` takes."""
    return exact(plain) or canonical(plain)


@value
class Finding:
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
_DECISIONS = frozenset({"acts", "figures", "jobs", "links", "lists", "scores"})


@value
class PartResult:
    """The result of one part: its findings, and its milliseconds.

    The time is that of this run, so it doesn't count in a comparison.
    """

    part: AuditPart
    findings: int
    milliseconds: int = field(compare=False)


@value
class LogHead:
    """The number of rows of a chained log, and its last leaf in hex, "" for none.

    A copy kept elsewhere proves later that these rows have not changed.
    """

    log: str
    rows: int
    head: str


@value
class Report:
    """What the audit checked, and its findings; clean means no finding."""

    events: int
    items: int
    facts: int
    head: str
    findings: tuple[Finding, ...]
    logs: tuple[LogHead, ...] = ()
    parts: tuple[PartResult, ...] = ()

    @property
    def clean(self) -> bool:
        """Tell whether there is no finding."""
        return not self.findings
