"""Check what the extensions of hosts said of an item's step.

1. An event keeps what every extension of its rulebook said, and of no other.
2. The same revision says the same again of the same facts; no guard had a reason.
3. The rows by which own fields are found follow from the items.
4. What is kept of an extension that can't be asked has its revision, its functions of
   that step, and the digest of the facts that the history has.
5. A job keeps of each item that it left out what it asked: the item as it stood, the
   step of the job with its day and changes, and a reason of a guard. Laws 1, 2 and 4
   hold for it, too.

An extension that is not installed here, or in another revision, can't be asked: it is
named as absent, with the number of its verdicts. That is no finding.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from huimin_flow.audit.findings import AbsentExtension
from huimin_flow.audit.rows import hold_table
from huimin_flow.catalogue.terms import Flaw, Job, Step, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.errors import StepRefused, StoreRefused
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.extensions import Refused
from huimin_flow.rules.core.due import unit_end
from huimin_flow.rules.extensions import (
    Asked,
    digest_of,
    functions_of,
    refusals_in,
    verdicts,
)
from huimin_flow.rules.succession import transferred
from huimin_flow.store.core.tables import OWN_FIELDS
from huimin_flow.store.extensions import own_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huimin_flow.audit.core.applied import Applied
    from huimin_flow.audit.ledger import Ledger
    from huimin_flow.catalogue.reasons import Reasons
    from huimin_flow.model.core.events import Event
    from huimin_flow.model.extensions import Extension
    from huimin_flow.model.items import Item
    from huimin_flow.model.rulebook import Rulebook


def hold_extensions(act: Applied, book: Rulebook) -> None:
    """Check what an event of an item keeps of extensions."""
    if act.kind is not StreamKind.ITEM:
        return
    kept: Mapping[str, Any] = act.event.public.get("extensions", {})
    if not kept and not book.extensions:
        return
    asked = Asked(
        step=Step(act.event.step),
        item=act.before,
        changes=act.event.public["changes"],
        section={},
        day=act.event.occurred_on,
    )
    if reasons := _hold(act.ledger, act.place, kept, book, asked):
        act.flag(Flaw.DECISION_MISMATCH, reasons, law="extensions 2")


def hold_refused(ledger: Ledger, event: Event, job: str) -> None:
    """Check what a job keeps of the items that it left out."""
    kept = from_plain(tuple[Refused, ...], event.public.get("refused", ()))
    for each in kept:
        place = f"{event.stream} #{event.n} {each.item}"
        item, book = ledger.items.get(each.item), ledger.books.get(each.rulebook)
        if item is None or book is None or not _is_asked(ledger, event, job, each):
            ledger.flag(Flaw.DECISION_MISMATCH, place, each.step, law="extensions 5")
            continue
        asked = Asked(
            step=each.step,
            item=item,
            changes=each.changes,
            section={},
            day=each.day,
        )
        if not _hold(ledger, place, each.extensions, book, asked):
            ledger.flag(Flaw.DECISION_MISMATCH, place, law="extensions 5")


def _is_asked(ledger: Ledger, event: Event, job: str, kept: Refused) -> bool:
    """Tell whether a job asked this of an item; ``lists`` holds ranks."""
    item, day = ledger.items[kept.item], local_day(event.at)
    if kept.version != item.version:
        return False
    if job != Job.SUCCESSION:
        lists = job in {Job.LISTING, Job.PHASE_LISTING} and kept.step is Step.ENLIST
        return lists and (kept.day, kept.rulebook) == (day, event.rulebook)
    former, ended = unit_end(str(event.public["period"]))
    heir = ledger.books[kept.rulebook].organization.heir(former, day)
    changes = {**transferred(item, former, heir), "transfers": item.transfers + 1}
    return (
        kept.step is Step.TRANSFER
        and ended <= kept.day <= day
        and kept.rulebook in ledger.ruling(event)
        and kept.changes == to_plain(changes)
    )


def _hold(
    ledger: Ledger,
    place: str,
    kept: Mapping[str, Any],
    book: Rulebook,
    asked: Asked,
) -> Reasons:
    """Ask the extensions of a rulebook again; return the reasons that guards had."""
    named = book.extensions
    if kept.keys() != named.keys():
        names = ", ".join(sorted(kept.keys() ^ named.keys()))
        ledger.flag(Flaw.DECISION_MISMATCH, place, names, law="extensions 1")
    for name in sorted(kept.keys() & named.keys()):
        said = from_plain(tuple[Verdict, ...], kept[name]["verdicts"])
        revision = kept[name]["revision"]
        of_name, part = replace(asked, section=named[name]), f"{place} {name}"
        extension = _found(ledger, name)
        if extension is None or extension.revision != revision:
            absent = (name, str(revision))
            ledger.absent[absent] = ledger.absent.get(absent, 0) + len(said)
            if not _is_whole(name, revision, of_name, said):
                ledger.flag(Flaw.DECISION_MISMATCH, part, law="extensions 4")
            continue
        stated = kept[name]["verdicts"]
        try:
            again = to_plain(verdicts(extension, of_name))
            differ = [each["rule"] for each in again if each not in stated]
            detail: object = ", ".join(differ)
        except StepRefused as refusal:
            again = detail = refusal
        if again != stated:
            ledger.flag(Flaw.DECISION_MISMATCH, part, detail, law="extensions 2")
    return refusals_in(kept)


def _is_whole(
    name: str, revision: int, asked: Asked, said: tuple[Verdict, ...]
) -> bool:
    """Tell whether verdicts of an absent extension are about these facts."""
    facts = {"step": asked.step.value, "facts": digest_of(name, asked)}
    functions = functions_of(name, asked.step)
    rules = [verdict.rule for verdict in said]
    return rules == [each for each in functions if each in rules] and all(
        verdict.revision == revision
        and facts.items() <= verdict.inputs.items()
        and all(reason.code.startswith(f"{name}.") for reason in verdict.reasons)
        and (verdict.rule != functions[-1] or verdict.passed != bool(verdict.reasons))
        for verdict in said
    )


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


def absent_of(ledger: Ledger) -> tuple[AbsentExtension, ...]:
    """Return the extensions that could not be asked, by name and revision."""
    return tuple(
        AbsentExtension(extension=name, revision=revision, verdicts=number)
        for (name, revision), number in sorted(ledger.absent.items())
    )


def _found(ledger: Ledger, name: str) -> Extension | None:
    from huimin_flow.settings.extensions import find  # noqa: PLC0415 - few have any

    try:
        return find(name, ledger.extensions)
    except StoreRefused:  # it can't be loaded here
        return None
