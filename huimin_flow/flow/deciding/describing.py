"""What an entry of a list promises, in the words of the unit that leads it (B5, C3).

The plan of an item comes after its list. So the unit says on the list what is to be
done, to which targets, with whom, and by when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import DecisionCode, InputCode, PublicationCode
from huimin_flow.catalogue.terms import (
    Argument,
    ChangeKind,
    Duty,
    EntryField,
    RecordStep,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.consolidating import open_proposal
from huimin_flow.flow.deciding.drafts import revise
from huimin_flow.flow.deciding.lists import list_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required, showable
from huimin_flow.model.deciding.lists import (
    DESCRIBED,
    Edition,
    Partner,
    Place,
    area_of_list,
    unit_of_list,
)


@act(Duty.PROPOSE)
def describe(
    work: Work,
    key: Annotated[str, Argument.LIST],
    item: str,
    text: Annotated[str, Argument.ENTRY_TEXT] = "",
    targets: Annotated[Sequence[str], Argument.TARGETS] = (),
    supporting: Annotated[Sequence[str], Argument.SUPPORTING_UNITS] = (),
    due: Annotated[date | None, Argument.ENTRY_DUE] = None,
    *,
    by: Actor = ACTING,
) -> Edition:
    """Say what an entry of a list promises; what is not given stays as it is.

    On an area's proposal its lead unit says it, until the city's list is consolidated,
    which takes it over. On another list whoever confirms it says it; of a published
    entry that drafts a correction. A plan does not rewrite what was said.

    Raises:
        NotFound: if there is no such list.
        InputRefused: if the item is not on the list, for unfit text, an unknown unit
            or the lead unit as supporting, a day in the past, or if nothing is new.
        StepRefused: for others than the unit of the list.

    """
    if area_of_list(key) is not None:
        edition = open_proposal(work, key, by)
    else:
        edition = list_of(work, key)
        work.duty(by, Duty.CONFIRM, unit_of_list(key))
    entry = edition.place(item)
    if entry is None:
        raise InputRefused(PublicationCode.NOT_ON_LIST, item=showable(item), key=key)
    given: dict[str, Any] = {
        EntryField.TEXT: accepted(text, Argument.ENTRY_TEXT, lines=True),
        EntryField.TARGETS: tuple(required(t, Argument.TARGETS) for t in targets),
        EntryField.SUPPORTING: _partners(work, entry, supporting),
        EntryField.DUE: due,
    }
    if due is not None and due < work.today:
        raise InputRefused(PublicationCode.ENTRY_DUE_PAST, due=due, today=work.today)
    said = {
        part: given[part]
        for part in DESCRIBED
        if given[part] and given[part] != getattr(entry, part.value)
    }
    if not said:
        raise InputRefused(PublicationCode.NOTHING_DESCRIBED, key=key, item=item)
    revised = replace(
        entry,
        **{part.value: content for part, content in said.items()},
        described=tuple(p for p in DESCRIBED if p in {*entry.described, *said}),
    )
    kind = ChangeKind.CORRECTION
    return revise(work, RecordStep.DESCRIBE, edition, revised, kind, by=by)


def _partners(work: Work, entry: Place, units: Sequence[str]) -> tuple[Partner, ...]:
    """Return the supporting units with their present names, each once."""
    organization, today = work.rulebook.organization, work.today
    found: dict[str, Partner] = {}
    for code in units:
        unit = organization.unit(code, today)
        if unit is None:
            named = showable(code)
            raise InputRefused(InputCode.UNIT_UNKNOWN, unit=named, day=today)
        if unit.code == entry.unit:
            raise InputRefused(DecisionCode.SUPPORTER_LEADS, unit=unit.name)
        found[unit.code] = Partner(unit=unit.code, name=unit.name)
    return tuple(found.values())
