"""What the extensions of the rulebook say of a step with an item (E1)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Step, Term
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.extensions import Refused
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.extensions import Asked, verdicts, why_not
from huimin_flow.settings.extensions import in_force


def own_verdicts(
    work: Work,
    book: Rulebook,
    item: Item | None,
    step: Term,
    changes: Mapping[str, Any],
    *,
    occurred_on: date | None = None,
) -> dict[str, Any]:
    """Return what an event keeps of the extensions: their revisions and verdicts.

    ``changes`` are what the step sets.

    Raises:
        StepRefused: with the reasons of all guards; if an extension is not installed;
            or if a function of one raises, or is not pure.

    """
    day = occurred_on or work.today
    kept, reasons = _said(work, book, item, step, changes, day)
    if reasons:
        raise StepRefused(reasons)
    return {"extensions": kept}


def own_refusal(
    work: Work,
    book: Rulebook,
    item: Item,
    step: Step,
    changes: Mapping[str, Any],
    *,
    day: date | None = None,
) -> Refused | None:
    """Return what a job keeps of an item if guards refuse its step on a day, or None.

    The job leaves it out. The default is today.

    Raises:
        StepRefused: as ``own_verdicts``, but not for what a guard refuses: without an
            answer nothing is left out.

    """
    day = day or work.today
    kept, reasons = _said(work, book, item, step, changes, day)
    if not reasons:
        return None
    return Refused(
        item=item.number,
        version=item.version,
        step=step,
        day=day,
        rulebook=book.digest,
        changes=to_plain(changes),
        extensions=kept,
    )


def _said(
    work: Work,
    book: Rulebook,
    item: Item | None,
    step: Term,
    changes: Mapping[str, Any],
    day: date,
) -> tuple[dict[str, Any], Reasons]:
    """Return the revisions and verdicts of all extensions, and why guards refuse."""
    kept: dict[str, Any] = {}
    reasons: Reasons = ()
    for each in in_force(book, work.extensions):
        asked = Asked(
            step=Step(step), item=item, changes=changes, section=each.section, day=day
        )
        found, extension = verdicts(each.extension, asked), each.extension
        reasons += why_not(found)
        kept[extension.name] = {
            "revision": extension.revision,
            "verdicts": to_plain(found),
        }
    return kept, reasons


def own_reasons(work: Work, item: Item, step: Step) -> Reasons:
    """Return why the extensions of the active rulebook permit no such step now.

    A guard that can't answer without an act's arguments says it at the act.
    """
    try:
        forced = in_force(work.rulebook, work.extensions)
    except StepRefused as refusal:
        return refusal.reasons
    reasons: Reasons = ()
    for each in forced:
        asked = Asked(
            step=step, item=item, changes=None, section=each.section, day=work.today
        )
        with suppress(StepRefused):
            reasons += why_not(verdicts(each.extension, asked))
    return reasons
