"""The page of a list, with what the visitor may do with the list now (B5, C3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import BoardState, Duty, EditionState, StreamKind
from huimin_flow.desk.forms.acting import act_file, lacks, title_of
from huimin_flow.flow.deciding.drafts import UNCONFIRMED
from huimin_flow.model.deciding.lists import (
    CITY,
    Edition,
    area_of_list,
    owner_of_list,
    unit_of_list,
)
from huimin_flow.reports.core.lists import Ref
from huimin_flow.reports.deciding.editions import lacking_words

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.improving.boards import QuarterlyBoards
    from huimin_flow.reports.core.render import Page

#: How many rows of a list have a key of their own.
_KEYS: Final = 9

_E, _D = EditionState, Duty

#: By state of a list, the acts on it with their duties; what comes first at first.
_ON_LIST: Final[Mapping[EditionState, Mapping[str, Duty]]] = {
    _E.FROZEN: {"confirm": _D.CONFIRM},
    _E.DRAFTING: {"confirm": _D.CONFIRM, "drop": _D.CONFIRM},
    _E.CONFIRMED: {"publish": _D.PUBLISH},
    _E.DRAFTED: dict.fromkeys(("propose", "arrange", "leave_out"), _D.PROPOSE),
    _E.PROPOSED: dict.fromkeys(("arrange", "leave_out"), _D.PROPOSE),
}


def with_acts(built: Page, now: Snapshot, by: Actor) -> Page:
    """Return a list's page with the acts on the list, as it stands now."""
    shown: Edition = built.values["edition"]
    on_list = list(_acts(now, now.lists.get(shown.key), by))
    values = {**built.values, "on_list": on_list, **_describing(now, shown, by)}
    return replace(built, template="list-now.html.j2", values=values)


def with_board_acts(built: Page, now: Snapshot, by: Actor) -> Page:
    """Return the page of drafted boards with the acts on them, as they stand now."""
    made: QuarterlyBoards = built.values["boards"]
    verbs = ("publish", "correct") if made.state is BoardState.DRAFTED else ("correct",)
    acts = () if lacks(by, _D.CONFIRM, now, None) else verbs
    on_boards = [
        (act_file(f"boards.{verb}", key=made.key), title_of(f"boards.{verb}"))
        for verb in acts
    ]
    return replace(built, values={**built.values, "on_boards": on_boards})


def with_screening(built: Page) -> Page:
    """Return the screening desk with the form of each row, the first nine by a key."""
    rows = []
    for n, row in enumerate(built.values["rows"], 1):
        file = act_file("items.screen", number=row[0])
        key = str(n) if n <= _KEYS else ""
        rows.append((*row, Ref(title_of("items.screen"), file, key)))
    head = [*built.values["head"], say("办理")]
    return replace(built, values={**built.values, "head": head, "rows": rows})


def _describing(now: Snapshot, shown: Edition, by: Actor) -> dict[str, Any]:
    """Return the forms by which an actor may describe entries, and what they lack.

    An entry of a superseded edition has none.
    """
    if shown.state is EditionState.SUPERSEDED or _is_taken_over(now, shown):
        return {}
    duty = Duty.CONFIRM if area_of_list(shown.key) is None else Duty.PROPOSE
    if lacks(by, duty, now, owner_of_list(shown)):
        return {}
    form = "lists.describe"
    return {
        "acts": {
            place.item: act_file(form, key=shown.key, item=place.item)
            for place in shown.places
        },
        "lacking": lacking_words(shown),
    }


def _acts(now: Snapshot, edition: Edition, by: Actor) -> Iterator[tuple[str, str]]:
    """Yield forms and texts of the acts; a proposal that was taken over has none."""
    key, period = edition.key, {"period": edition.period}
    office = not lacks(by, _D.CONFIRM, now, None)
    if _is_taken_over(now, edition):
        return
    if area_of_list(key) is not None and office:
        yield act_file("lists.consolidate", **period), title_of("lists.consolidate")
    for verb, duty in _ON_LIST.get(edition.state, {}).items():
        if not lacks(by, duty, now, owner_of_list(edition)):
            yield act_file(f"lists.{verb}", key=key), title_of(f"lists.{verb}")
    if office and edition.state in UNCONFIRMED and unit_of_list(key) == edition.unit:
        yield act_file("lists.confirm_all", **period), title_of("lists.confirm_all")
    if office and unit_of_list(key) is None and area_of_list(key) is None:
        yield act_file("lists.supplement"), title_of("lists.supplement")


def _is_taken_over(now: Snapshot, edition: Edition) -> bool:
    """Tell whether a list is an area's proposal that the city's list has taken over."""
    if area_of_list(edition.key) is None:
        return False
    city = StreamKind.LIST.key(edition.period, CITY)
    return any(each.key == city for each in now.lists.list(period=edition.period))
