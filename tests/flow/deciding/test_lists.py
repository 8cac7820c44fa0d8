"""The city's list and the units' own lists stay of one mind."""

from __future__ import annotations

from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Placement,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.deciding.placed import placed

CITY = "list/2024/city"
OWN = f"list/2024/{UNIT}"


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def frozen(desk: Desk, count: int) -> list[str]:
    numbers = [desk.bring(State.STARRED, f"事项{n}").number for n in range(count)]
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)
    return numbers


def places(desk: Desk, key: str) -> dict[str, int]:
    return {one.item: one.rank for one in desk.flow.lists.get(key).places}


def test_what_is_cancelled_leaves_every_list_that_names_it(desk: Desk) -> None:
    first, second = frozen(desk, 2)
    desk.flow.items.cancel(first, "not_ours", by=desk.office, second=desk.second)
    assert set(places(desk, CITY)) == set(places(desk, OWN)) == {second}


def test_what_is_deferred_from_a_list_leaves_every_list_by_two_people(
    desk: Desk,
) -> None:
    first, second = frozen(desk, 2)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.defer(first, "conditions_not_ready", by=desk.office)
    assert codes(refused) == ["second_person_needed"]
    assert set(places(desk, OWN)) == {first, second}
    item = desk.flow.items.defer(
        first, "conditions_not_ready", by=desk.office, second=desk.second
    )
    assert (item.state, item.edition, item.rank) == (State.DEFERRED, None, None)
    assert set(places(desk, CITY)) == set(places(desk, OWN)) == {second}
    assert door_of(desk.flow).read(verify).clean


def test_a_deferral_from_a_list_can_be_asked_for_at_one_desk(desk: Desk) -> None:
    first, _ = frozen(desk, 2)
    values = {"item": first, "reason": "conditions_not_ready"}
    asked = desk.flow.proposals.propose("defer", values, by=desk.office)
    desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert desk.flow.items.get(first).state is State.DEFERRED
    assert first not in places(desk, CITY)


def test_no_two_items_bear_one_rank_after_one_leaves_and_one_comes(desk: Desk) -> None:
    first, second, third = frozen(desk, 3)
    desk.flow.items.cancel(second, "not_ours", by=desk.office, second=desk.second)
    late = desk.bring(State.STARRED, "增补").number
    listed = desk.flow.lists.supplement(
        late, CITY, "确有必要", by=desk.office, second=desk.second
    )
    ranks = {first: 1, third: 3, late: 4}
    assert places(desk, CITY) == places(desk, OWN) == ranks
    assert (listed.edition, listed.rank) == (CITY, 4)
    assert door_of(desk.flow).read(verify).clean


def test_a_units_list_takes_no_other_units_item(desk: Desk) -> None:
    frozen(desk, 1)
    item = desk.bring(State.STARRED, "增补")
    with pytest.raises(InputRefused, match="500102"):
        desk.flow.lists.supplement(
            item.number, "list/2024/500102", "误报", by=desk.office, second=desk.second
        )
    assert desk.flow.items.get(item.number) == item


def test_a_list_of_a_year_gone_by_takes_nothing_more(desk: Desk) -> None:
    frozen(desk, 1)
    item = desk.bring(State.STARRED, "增补")
    desk.clock.set(at_hour(date(2025, 1, 2), 9))
    with pytest.raises(InputRefused, match="已过"):
        desk.flow.lists.supplement(
            item.number, CITY, "确有必要", by=desk.office, second=desk.second
        )


def test_only_what_was_judged_for_the_year_stands_in_december(desk: Desk) -> None:
    year = desk.bring(State.STARRED, "下年度").number
    others = {one: placed(desk, one) for one in (Placement.PHASE, Placement.WAITING)}
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)
    assert set(places(desk, CITY)) == set(places(desk, OWN)) == {year}
    left = {one.item: one.reason for one in desk.flow.lists.get(OWN).left_out}
    assert {number: one.values["placement"] for number, one in left.items()} == {
        number: placement for placement, number in others.items()
    }
    assert {one.code for one in left.values()} == {"placed_elsewhere"}
    assert door_of(desk.flow).read(verify).clean
