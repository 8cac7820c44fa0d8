"""Check what the extensions of hosts said of an item's step.

1. An event keeps what every extension of its rulebook said, and of no other.
2. The same revision says the same again of the same facts; no guard had a reason.

3. The rows by which own fields are found follow from the items.

An extension that is not installed here, or in another revision, can't be asked: it is
named as absent, with the number of its verdicts. That is no finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from huimin_flow.audit.findings import Absent
from huimin_flow.audit.rows import hold_table
from huimin_flow.catalogue.terms import Flaw, Step, StreamKind
from huimin_flow.errors import StepRefused, StoreRefused
from huimin_flow.model.core.values import to_plain
from huimin_flow.rules.extensions import Asked, verdicts, why_not
from huimin_flow.store.core.tables import OWN_FIELDS
from huimin_flow.store.extensions import own_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huimin_flow.audit.core.applied import Applied
    from huimin_flow.audit.ledger import Ledger
    from huimin_flow.model.extensions import Extension
    from huimin_flow.model.items import Item
    from huimin_flow.model.rulebook import Rulebook


def hold_extensions(act: Applied, book: Rulebook) -> None:
    """Check what an event keeps of extensions."""
    if act.kind is not StreamKind.ITEM:
        return
    kept: Mapping[str, Any] = act.event.public.get("extensions", {})
    if not kept and not book.extensions:
        return
    if kept.keys() != book.extensions.keys():
        names = ", ".join(sorted(kept.keys() ^ book.extensions.keys()))
        act.flag(Flaw.DECISION_MISMATCH, names, law="extensions 1")
    for name in sorted(kept.keys() & book.extensions.keys()):
        _hold(act, name, kept[name], book.extensions[name])


def _hold(
    act: Applied, name: str, kept: Mapping[str, Any], section: Mapping[str, Any]
) -> None:
    """Ask one extension again, or count it as absent."""
    revision, ledger = kept["revision"], act.ledger
    extension = _found(act, name)
    if extension is None or extension.revision != revision:
        absent = (name, str(revision))
        ledger.absent[absent] = ledger.absent.get(absent, 0) + len(kept["verdicts"])
        return
    asked = Asked(
        step=Step(act.event.step),
        item=act.before,
        changes=act.event.public["changes"],
        section=section,
        day=act.event.occurred_on,
    )
    try:
        again: object = verdicts(extension, asked)
    except StepRefused as refusal:
        again = refusal
    if isinstance(again, tuple) and to_plain(again) == kept["verdicts"]:
        again = why_not(again)
        if not again:
            return
    act.flag(Flaw.DECISION_MISMATCH, again, part=name, law="extensions 2")


def hold_own(
    ledger: Ledger, rows: Iterable[Mapping[Any, Any]], items: Iterable[Item]
) -> None:
    """Compare the ``rows`` of own fields with the items whose rows they all are."""
    known: dict[Any, Any] = {}
    for item in items:
        if item.own:
            known |= own_rows(item)
    hold_table(ledger, OWN_FIELDS, rows, known, law="extensions 3")


def hold_all_own(ledger: Ledger) -> None:
    """Compare the rows of all own fields with the items, both of one moment."""
    ledger.walk_on()
    rows = ledger.connection.execute(select(OWN_FIELDS)).mappings().all()
    hold_own(ledger, rows, ledger.items.values())


def absent_of(ledger: Ledger) -> tuple[Absent, ...]:
    """Return the extensions that could not be asked, by name and revision."""
    return tuple(
        Absent(extension=name, revision=revision, verdicts=number)
        for (name, revision), number in sorted(ledger.absent.items())
    )


def _found(act: Applied, name: str) -> Extension | None:
    from huimin_flow.settings.extensions import find  # noqa: PLC0415 - few have any

    try:
        return find(name, act.ledger.extensions)
    except StoreRefused:  # it can't be loaded here
        return None
