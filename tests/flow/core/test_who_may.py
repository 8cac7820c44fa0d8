"""Who may act on the city's things and on a unit's, and what makes two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Area,
    Duty,
    EditionState,
    Misrating,
    Origin,
    RatingLevel,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import history
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.core.test_two_desks import with_accounts
from tests.ratings import rating

CITY = "list/2024/city"
OWN = f"list/2024/{UNIT}"


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def confirmed_by(desk: Desk, stream: str) -> dict[str, object]:
    """Who confirmed each kind of event of a stream."""
    stored = door_of(desk.flow).read(lambda c: list(history.read_stream(c, stream)))
    events = [history.event_of(one.header) for one in stored]
    return {one.step: one.public.get("confirmed_by") for one in events}


def frozen(desk: Desk) -> None:
    desk.bring(State.STARRED)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)


def test_two_heads_of_districts_cannot_confirm_the_citys_list(desk: Desk) -> None:
    frozen(desk)
    heads = desk.actor(f"head-{UNIT}"), desk.actor("head-500102")
    with pytest.raises(StepRefused) as refused:
        desk.flow.lists.confirm(CITY, by=heads[0], second=heads[1])
    assert codes(refused) == ["duty_not_city_wide"]
    with pytest.raises(StepRefused) as refused:
        desk.flow.proposals.propose("confirm", {"edition": CITY}, by=heads[0])
    assert codes(refused) == ["duty_not_city_wide"]
    with pytest.raises(StepRefused) as refused:
        desk.flow.lists.confirm(CITY, by=desk.office, second=heads[1])
    assert codes(refused) == ["duty_not_city_wide"]
    assert desk.flow.lists.get(CITY).state is EditionState.FROZEN


def test_a_units_own_list_is_its_heads_and_the_citys_to_confirm(desk: Desk) -> None:
    frozen(desk)
    head, stranger = desk.actor(f"head-{UNIT}"), desk.actor("head-500102")
    for first, second in ((stranger, desk.office), (head, stranger)):
        with pytest.raises(StepRefused) as refused:
            desk.flow.lists.confirm(OWN, by=first, second=second)
        assert codes(refused) == ["other_units_item"]
        # By name, as people know it, and by the code that rows and files have.
        assert "事项属于“万州区”(500101)" in str(refused.value)
        assert "“万州区”或其承接单位" in refused.value.remedy
    made = desk.flow.lists.confirm(OWN, by=head, second=desk.office)
    assert made.state is EditionState.CONFIRMED
    with pytest.raises(StepRefused) as refused:
        desk.flow.lists.publish(CITY, by=head)
    assert codes(refused) == ["duty_missing"]


def test_heads_of_districts_cannot_correct_what_the_city_published(desk: Desk) -> None:
    heads = desk.actor(f"head-{UNIT}"), desk.actor("head-500102")
    with pytest.raises(StepRefused) as refused:
        desk.flow.scores.correct("score/2023-10", "更正", by=heads[0], second=heads[1])
    assert codes(refused) == ["duty_not_city_wide"]


def test_two_posts_of_one_account_are_one_person_at_every_door(
    file_url: str, book: Rulebook
) -> None:
    held = with_accounts(book, office_1="zhang", office_2="zhang", leader_1="li")
    with Flow.found(file_url, held, rehearsal=True) as flow:
        first, second = flow.people.actor("office-1"), flow.people.actor("office-2")
        desk = Desk(flow, door_of(flow).clock)  # type: ignore[arg-type]
        number = desk.collect().number
        with pytest.raises(StepRefused) as refused:
            flow.meetings.hold(
                chair="leader-1",
                participants=[first.id, second.id],
                agenda=[number],
                by=first,
            )
        assert codes(refused) == ["quorum_uncounted"]
        with pytest.raises(StepRefused) as refused:
            flow.rulebook.activate(book, by=first, second=second)
        assert codes(refused) == ["same_person"]
        with pytest.raises(StepRefused) as refused:
            flow.lists.supplement(
                number, "list/2099/city", "确有必要", by=first, second=second
            )
        assert codes(refused) == ["same_person"]


def test_every_act_of_two_people_names_the_second(desk: Desk) -> None:
    frozen(desk)
    first, second = desk.office, desk.second
    desk.flow.lists.confirm(CITY, by=first, second=second)
    item = desk.bring(State.STARRED)
    desk.flow.lists.supplement(item.number, CITY, "确有必要", by=first, second=second)
    assert confirmed_by(desk, f"item/{item.number}")["enlist"] == second.id
    desk.flow.items.cancel(item.number, "not_ours", by=first, second=second)
    assert confirmed_by(desk, f"item/{item.number}")["cancel"] == second.id
    lists = confirmed_by(desk, CITY)
    assert lists == {
        "consolidate": None,
        "confirm": second.id,
        "supplement": second.id,
        "amend": second.id,
    }
    assert door_of(desk.flow).read(verify).clean


def test_an_auditors_unit_owns_no_item(desk: Desk) -> None:
    demand = Demand(
        title="零工市场", origin=Origin.OPINION, area=Area.EMPLOYMENT, unit="AUDITOR"
    )
    with pytest.raises(InputRefused, match="监督单位") as refused:
        desk.flow.items.collect(demand, by=desk.office)
    assert "业务单位" in refused.value.remedy
    assert desk.flow.items.list() == []


def test_a_screen_names_the_duty_that_is_lacking_in_chinese(desk: Desk) -> None:
    with pytest.raises(StepRefused) as refused:
        desk.flow.rulebook.activate(
            desk.flow.rulebook.active(), by=desk.operator, second=desk.second
        )
    assert "“启用规则库”" in str(refused.value)
    (reason,) = refused.value.reasons
    assert reason.values["duty"] == Duty.ACTIVATE


@pytest.mark.parametrize(
    "made_up", ["ghost", "office-1 ", "\uff4fffice-1", "op-500101"]
)
def test_a_person_whom_a_host_made_up_is_no_second_one(
    made_up: str, file_desk: Desk, book: Rulebook
) -> None:
    stricter = replace(book, timetable=book.timetable[::-1])
    ghost = replace(file_desk.second, id=made_up)
    for by, second in ((file_desk.office, ghost), (ghost, file_desk.office)):
        with pytest.raises(StepRefused) as refused:
            file_desk.flow.rulebook.activate(stricter, by=by, second=second)
        assert codes(refused)[0] in {"post_unknown", "duty_missing", "not_entitled"}
    assert file_desk.flow.rulebook.active().digest == book.digest
    assert door_of(file_desk.flow).read(verify).findings == ()


def test_a_host_may_name_fewer_roles_than_a_post_has_and_never_more(
    file_desk: Desk, book: Rulebook
) -> None:
    stricter = replace(book, timetable=book.timetable[::-1])
    office, second = file_desk.office, file_desk.second
    fewer = replace(second, roles=frozenset())
    more = replace(file_desk.operator, roles=second.roles)
    for narrowed in (fewer, more):
        for by, other in ((office, narrowed), (narrowed, office)):
            with pytest.raises(StepRefused) as refused:
                file_desk.flow.rulebook.activate(stricter, by=by, second=other)
            assert codes(refused) == ["duty_missing"]
    assert file_desk.flow.rulebook.active().digest == book.digest


def test_a_rating_is_not_set_aside_by_somebody_made_up(file_desk: Desk) -> None:
    desk = file_desk
    bad = rating(1, RatingLevel.DISSATISFIED)
    desk.flow.ratings.add([bad], by=desk.office)
    owner = next(
        desk.actor(one.id)
        for one in desk.flow.rulebook.active().organization.people
        if one.unit == bad.unit
    )
    desk.flow.ratings.object_to(bad.transaction, Misrating.MISTAKEN, "点错", by=owner)
    with pytest.raises(StepRefused) as refused:
        desk.flow.ratings.settle(
            bad.transaction,
            "属实",
            by=desk.office,
            second=replace(desk.second, id="ghost"),
            set_aside=True,
        )
    assert codes(refused) == ["post_unknown"]
