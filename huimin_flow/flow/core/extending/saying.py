"""What the extensions of the rulebook say of a step with an item (E1)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from huimin_flow.catalogue.reasons import Reason, Reasons
from huimin_flow.catalogue.terms import Step, Term
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.values import to_plain
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
    for each in in_force(book, work.extensions):
        asked = Asked(
            step=Step(step),
            item=item,
            changes=changes,
            section=each.section,
            day=occurred_on or work.today,
        )
        found = verdicts(each.extension, asked)
        reasons += why_not(found)
        kept[each.extension.name] = {
            "revision": each.extension.revision,
            "verdicts": to_plain(found),
        }
    if reasons:
        raise StepRefused(tuple(reasons))
    return {"extensions": kept}


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
