"""Lists: frozen in December, consolidated, confirmed by two, published, corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.api import (
    EditionState,
    OpeningList,
    State,
    config_folder,
    load_opening_list,
    tick,
)
from huimin_flow.testing import UNIT, Desk, at_hour

CITY, AREA = "list/2024/city", "list/2024/employment"


def enter_an_opening_list(desk: Desk) -> None:
    """Enter a list that was published before the program came."""
    flow, by, second = desk.flow, desk.office, desk.second
    shipped = load_opening_list(config_folder(), 2023, flow.rulebook.active())
    (task,) = shipped.tasks[:1]
    number = desk.bring(State.STARRED, task.title).number

    opening: OpeningList = replace(shipped, tasks=(replace(task, item=number),))
    edition = flow.lists.enter_opening(
        opening, {task.task: number}, by=by, second=second
    )
    assert edition.places[0].item == number


def freeze_and_publish(desk: Desk) -> None:
    """Preview the list of next year, let the job freeze it, and bring it out."""
    flow, office, second = desk.flow, desk.office, desk.second
    one, other, third = (desk.bring(State.STARRED).number for _ in range(3))

    weak = desk.bring(State.JUDGED).number
    desk.star(weak, 45)

    preview = flow.lists.preview("2024")
    assert weak in {near.item for near in preview.missed}
    assert {place.item for place in preview.city.places} >= {one, other, third}

    desk.clock.set(at_hour(date(2023, 12, 18), 9))
    tick(flow)
    head = desk.actor("head-DIV-JYC")
    flow.lists.arrange(AREA, other, 1, "群众最盼", by=head)
    flow.lists.describe(
        AREA, other, targets=["建成9个"], supporting=["500103"], by=head
    )
    flow.lists.leave_out(AREA, third, "条件未成熟", by=head)
    flow.lists.propose(AREA, by=head)

    flow.lists.consolidate("2024", "逾期未提", by=office)
    flow.lists.confirm(CITY, by=office, second=second)
    flow.lists.confirm_all("2024", by=office, second=second)
    published = flow.lists.publish(CITY, document="渝人社发〔2023〕1号", by=office)
    assert published.state is EditionState.PUBLISHED
    assert flow.lists.published(CITY) == published


def amend_a_published_list(desk: Desk) -> None:
    """Draft the next edition of a published list, drop it, and add a supplement."""
    flow, office, second = desk.flow, desk.office, desk.second
    listed = flow.lists.published(CITY).places[0].item

    flow.items.amend(listed, {"title": "室内候工区"}, by=office)
    assert flow.lists.get(CITY).state is EditionState.DRAFTING
    flow.lists.drop(CITY, "误改", by=office)

    number = desk.bring(State.STARRED).number

    overridden = flow.lists.overrides(number, CITY)
    print([reason.code for reason in overridden])  # the rules that a supplement breaks
    flow.lists.supplement(number, CITY, "确有必要", by=office, second=second)
    assert flow.lists.get(CITY).state is EditionState.DRAFTING
    (first,) = flow.lists.editions(CITY)
    assert flow.lists.get(CITY, edition=1) == first

    own = flow.lists.list(period="2024", unit=UNIT)
    assert flow.lists.count(period="2024", unit=UNIT) == len(own) == 1
    assert flow.lists.executed(CITY)
