"""What the extensions of the rulebook say of a step with an item (E1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from huimin_flow.catalogue.reasons import Reason, Reasons
from huimin_flow.catalogue.terms import Step, Term
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.extensions import Extension
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
    kept: dict[str, Any] = {}
    reasons: list[Reason] = []
    day = occurred_on or work.today
    for extension, found in _said(work, book, item, step, changes, day):
        reasons += why_not(found)
        kept[extension.name] = {
            "revision": extension.revision,
            "verdicts": to_plain(found),
        }
    if reasons:
        raise StepRefused(tuple(reasons))
    return {"extensions": kept}


def own_refusal(
    work: Work,
    book: Rulebook,
    item: Item,
    step: Step,
    changes: Mapping[str, Any],
    *,
    day: date | None = None,
) -> Reasons:
    """Return why the guards refuse a step on a day; a job leaves the item out for it.

    The default is today.

    Raises:
        StepRefused: as ``own_verdicts``, but not for what a guard refuses: without an
            answer nothing is left out.

    """
    said = _said(work, book, item, step, changes, day or work.today)
    return tuple(reason for _, found in said for reason in why_not(found))


def _said(
    work: Work,
    book: Rulebook,
    item: Item | None,
    step: Term,
    changes: Mapping[str, Any],
    day: date,
) -> Iterator[tuple[Extension, tuple[Verdict, ...]]]:
    for each in in_force(book, work.extensions):
        asked = Asked(
            step=Step(step), item=item, changes=changes, section=each.section, day=day
        )
        yield each.extension, verdicts(each.extension, asked)


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
