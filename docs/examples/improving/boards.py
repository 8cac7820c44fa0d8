"""Boards of a quarter, what mends a bad entry, and what is copied from a good one."""

from __future__ import annotations

from datetime import date, timedelta

from huimin_flow.api import (
    BoardState,
    PracticeState,
    Progress,
    Rating,
    RatingLevel,
    RectificationState,
    ReplicationState,
    Role,
    State,
    tick,
)
from huimin_flow.testing import UNIT, Desk, at_hour


def _carried_out(desk: Desk) -> str:
    """Return an evaluated item for which all grounds of the good board hold."""
    number = desk.bring(State.ASSIGNED).number
    file = desk.flow.items.attach(number, "照片.txt", b"1", by=desk.operator)
    figure = Progress(
        item=number, task="T1", indicator="候工区", month=f"{desk.today():%Y-%m}",
        value=11, evidence=(file.digest,),
    )  # fmt: skip
    desk.flow.tasks.report([figure], by=desk.operator)
    desk.execute(number)
    desk.conclude(number, 95)
    return number


def publish_boards(desk: Desk) -> None:
    """Publish the good and the bad board of a quarter, and correct it."""
    flow, office, second = desk.flow, desk.office, desk.second
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    number = _carried_out(desk)
    desk.clock.set(at_hour(date(2024, 1, 31), 9))
    tick(flow)  # the job has drafted it

    (draft,) = flow.boards.list(state=BoardState.DRAFTED)
    assert flow.boards.get(draft.key) == draft
    for todo in flow.todo(office):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    boards = flow.boards.publish(draft.key, by=office, second=second)
    assert flow.boards.published("2023Q4") == boards
    assert number in {entry.item for entry in boards.good}
    assert flow.boards.periods() == ("2023Q4",)

    for bad in flow.boards.bad_entries(unit=UNIT):
        print(bad.period, bad.entry.grounds)
    with flow.dry() as dry:  # what would change the boards
        figure = Progress(
            item=number, task="T1", indicator="候工区", month="2023-12", value=3
        )
        dry.tasks.report([figure], by=desk.operator)
        for late in dry.boards.late(boards.key):  # by facts that came after its cut
            print(late.title, late.before, late.now)
        dry.boards.correct(boards.key, "更正", by=office, second=second)
    assert flow.boards.count() == len(flow.boards.list())


def copy_a_good_practice(desk: Desk) -> None:
    """Shelve a good practice, propose it to other units, adopt, decline, compare."""
    flow, office = desk.flow, desk.office
    (entry, *_) = flow.boards.published("2023Q4").good

    practice = flow.practices.shelve(entry.item, "腾退闲置用房", "求职者", by=office)
    assert flow.practices.get(practice.key).unit == UNIT
    assert flow.practices.count(unit=UNIT) == len(flow.practices.list(unit=UNIT))

    offered = flow.replications.propose(practice.key, "500102", by=office)
    for todo in flow.todo(desk.actor("op-500102")):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.replications.remind(offered.key, by=office)
    adopted = flow.replications.adopt(offered.key, by=desk.actor("op-500102"))
    assert adopted.successor
    assert flow.replications.get(offered.key).replication == adopted

    other = flow.replications.propose(practice.key, "500103", by=office)
    flow.replications.decline(other.key, "无此需求", by=desk.actor("op-500103"))
    third = flow.replications.propose(practice.key, "500104", by=office)
    recalled = flow.replications.recall(third.key, "另有安排", by=office)
    assert recalled.state is ReplicationState.RECALLED
    lines = flow.replications.list(practice=practice.key)
    assert flow.replications.count(practice=practice.key) == len(lines) == 3

    flow.items.reject(adopted.successor, "duplicate", by=office)
    compared = flow.replications.compare(offered.key, by=office)
    assert compared.state is ReplicationState.COMPARED
    withdrawn = flow.practices.withdraw(practice.key, "另有安排", by=office)
    assert withdrawn.state is PracticeState.WITHDRAWN


def put_right(desk: Desk) -> None:
    """Open a rectification, submit it with evidence, return it, and accept it."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    number = desk.bring(State.ASSIGNED).number
    proof = flow.items.attach(number, "照片.txt", b"3", by=clerk).digest
    order = flow.orders.receive(
        number, "督查室", "21号", desk.today(), "限期整改", by=office
    )

    opened = flow.rectifications.open(number, "被督办", order_key=order.key, by=office)
    key = opened.key
    for todo in flow.todo(clerk):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.rectifications.submit(key, "已整改", [proof], by=clerk)
    flow.rectifications.return_(key, "补充照片", by=office)
    desk.report(number, 12)  # a new figure
    again = flow.rectifications.submit(key, "已补充", [proof], by=clerk)
    assert again.state is RectificationState.SUBMITTED
    line = flow.rectifications.get(key)
    print(line.due, line.weak)

    desk.clock.advance(timedelta(days=1))
    ratings = [
        Rating(
            transaction=f"R{n}", unit=UNIT, item="startup_grant", channel="app",
            level=RatingLevel.SATISFIED, at=desk.clock.now(),
        )
        for n in range(5)
    ]  # fmt: skip
    flow.ratings.add(ratings, by=office)  # a second word of citizens
    flow.rectifications.accept(key, "属实", by=office)
    assert flow.rectifications.accepted_for(number, "2024Q1") == ()

    lines = flow.rectifications.list(unit=UNIT)
    assert flow.rectifications.count(unit=UNIT) == len(lines)


def climb_the_ladder(desk: Desk) -> None:
    """Open what the bad board lists, and climb a rung where one is late."""
    flow, scheduler = desk.flow, desk.scheduler

    number = desk.bring(State.ASSIGNED).number
    order = flow.orders.receive(
        number, "督查室", "22号", desk.today(), "限期整改", by=desk.office
    )
    flow.rectifications.open(number, "被督办", order_key=order.key, by=desk.office)

    desk.clock.advance(timedelta(days=40))
    opened = flow.rectifications.open_listed(by=scheduler)
    late = flow.rectifications.escalate(by=scheduler)
    head = desk.post(Role.UNIT_HEAD, UNIT)
    flow.rectifications.acknowledge(late[-1].key, by=head)
    for each in (*opened, *late):
        print(each.item, each.cause, each.rungs)
