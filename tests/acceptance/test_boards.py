"""A quarter's two boards: five bad grounds and a good entry, through the public doors.

Everything happens on both databases; the audit ends the story.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Board,
    BoardGround,
    BoardState,
    RatingLevel,
    State,
    TodoKind,
    TwoPeople,
)
from huimin_flow.clock import FollowingClock, at_hour
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    ItemMoved,
    NotFound,
    StepRefused,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.improving import boards as module
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.executing.plans import Plan, Progress
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.rules.improving.boards import drawn_up
from huimin_flow.store.core import facts, positions
from huimin_flow.store.core.tables import METADATA
from huimin_flow.store.pasts.boards import satisfaction_of
from huimin_flow.testing import RESULTS, UNIT, Desk
from huimin_flow.testing.agreed import ask
from huimin_flow.timetable.ledger import tick
from huimin_flow.timetable.metronome import escalate
from tests import kept
from tests.desk.asking import asking
from tests.flow.scoring.test_charts import sealed
from tests.kept import Kept
from tests.ratings import rating

CHANNELS = ("hotline_12333", "media", "letters_visits")
KEY = "board/2023Q4"


def running(desk: Desk, title: str, channels: int = 1) -> str:
    """An assigned item that people told by so many channels."""
    number = desk.collect(title).number
    appeals = [
        Appeal(
            key=f"{number}-{n}",
            channel=CHANNELS[n % channels],
            who=f"w{n}",
            district=f"5001{n % 9:02d}",
            at=desk.clock.now(),
            text=f"{title} {n}",
        )
        for n in range(25)
    ]
    desk.flow.appeals.add_all(appeals, by=desk.office)
    pairs = [(each.channel, each.key) for each in appeals]
    desk.flow.appeals.link(number, pairs, by=desk.office)
    for step in (desk.screen, desk.judge, desk.star, desk.enlist):
        step(number)
    return number


def report(desk: Desk, number: str, value: int, *, proven: bool = True) -> None:
    files: tuple[str, ...] = ()
    if proven:
        made = desk.flow.items.attach(number, "照片.txt", b"1", by=desk.operator)
        files = (made.digest,)
    figure = Progress(
        item=number, task="T1", indicator="候工区", month=f"{desk.today():%Y-%m}",
        value=value, evidence=files,
    )  # fmt: skip
    desk.flow.tasks.report([figure], by=desk.operator)


def concluded(desk: Desk, number: str, satisfaction: int, replies: int) -> None:
    desk.execute(number)
    frame = [f"c{n:03d}" for n in range(replies)]
    ask(desk.flow, number, frame, replies, satisfaction * replies // 100, desk.office)
    desk.flow.items.evaluate(number, RESULTS, by=desk.office)


def year(desk: Desk) -> None:
    """For each ground an item that has its name; 2023 has ended, the job has run."""
    items = {
        ground: running(desk, ground.label, 3 if ground is BoardGround.REPEATED else 1)
        for ground in (
            *(
                BoardGround.SATISFIED,
                BoardGround.HOLLOW,
                BoardGround.SLOW,
                BoardGround.DISLIKED,
            ),
            *(BoardGround.REPEATED, BoardGround.SUPERVISED),
        )
    }
    plan = desk.plan()
    bare = replace(plan.tasks[0], indicators=(), unmeasured="无法计量")
    for ground, number in items.items():
        hollow = ground is BoardGround.HOLLOW
        desk.assign(number, replace(plan, tasks=(bare,)) if hollow else plan)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    for ground, number in items.items():
        if ground is not BoardGround.HOLLOW:
            report(desk, number, 0 if ground is BoardGround.SLOW else 11)
    concluded(desk, items[BoardGround.SATISFIED], 95, 400)
    concluded(desk, items[BoardGround.DISLIKED], 30, 40)
    desk.flow.gathering.run(by=desk.office)
    desk.flow.orders.receive(
        items[BoardGround.SUPERVISED], "市政府督查室", "渝督〔2023〕9号", date(2023, 12, 18),
        "限期办结", by=desk.office,
    )  # fmt: skip
    desk.clock.set(at_hour(date(2024, 1, 9), 9))
    tick(desk.flow)


year_of_sqlite, year_of_postgresql = kept.fixtures(year, "module")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The desk on a copy of that year."""
    world: Kept = request.getfixturevalue(f"year_of_{request.param}")
    with world.desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def told(desk: Desk) -> dict[BoardGround, str]:
    """By ground, the one item for which it holds."""
    grounds = {ground.label: ground for ground in BoardGround}
    return {grounds[item.title]: item.number for item in desk.flow.items.list()}


def waits(desk: Desk) -> list[str]:
    todo = desk.flow.todo(desk.office)
    return [each.subject for each in todo if each.kind is TodoKind.BOARD]


def to_open(desk: Desk, by: Actor) -> list[str]:
    """The items for whose entry on the bad board somebody may open a rectification."""
    todo = desk.flow.todo(by)
    return [each.subject for each in todo if each.act == "rectifications.open"]


def test_five_bad_grounds_each_alone_and_three_good_ones_together(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    boards, flow = desk.flow.boards, desk.flow
    draft = boards.get("2023Q4")
    assert draft.state is BoardState.DRAFTED
    assert [(e.item, e.grounds) for e in draft.good] == [
        (
            told[BoardGround.SATISFIED],
            (BoardGround.CONCRETE, BoardGround.EFFECTIVE, BoardGround.SATISFIED),
        )
    ]
    assert {e.item: e.grounds for e in draft.bad} == {
        told[ground]: (ground,)
        for ground in (
            *(BoardGround.HOLLOW, BoardGround.SLOW, BoardGround.DISLIKED),
            *(BoardGround.REPEATED, BoardGround.SUPERVISED),
        )
    }
    assert draft.considered == 6
    assert waits(desk) == [KEY]
    (todo,) = (e for e in desk.flow.todo(desk.office) if e.kind is TodoKind.BOARD)
    assert todo.due is not None
    with pytest.raises(NotFound, match="还没有公布"):
        boards.published("2023Q4")
    assert boards.bad_entries() == ()  # nothing is public yet

    made = flow.proposals.propose(
        TwoPeople.PUBLISH_BOARDS, {"key": KEY}, by=desk.office
    )
    content = flow.proposals.get(made.key).content
    assert {line.path for line in content} == set(told.values())
    assert any("比计划落后" in str(line.new) for line in content)
    with pytest.raises(StepRefused):  # one person is not two
        flow.proposals.approve(made.key, made.seen, by=desk.office)
    flow.proposals.approve(made.key, made.seen, by=desk.second)
    public = boards.published("2023Q4")
    assert (public.edition, public.bad) == (1, draft.bad)
    assert waits(desk) == []
    assert {e.entry.item for e in boards.bad_entries(unit=UNIT)} == {
        e.item for e in draft.bad
    }
    assert door_of(flow).read(verify).findings == ()


def test_what_came_late_is_named_and_a_correction_is_the_next_edition(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    boards, flow, slow = desk.flow.boards, desk.flow, told[BoardGround.SLOW]
    waiting = flow.proposals.propose(
        TwoPeople.PUBLISH_BOARDS, {"key": KEY}, by=desk.office
    )
    boards.publish(KEY, by=desk.office, second=desk.second)
    with pytest.raises(ItemMoved):  # what was seen is published already
        flow.proposals.approve(waiting.key, waiting.seen, by=desk.second)
    with pytest.raises(InputRefused, match="没有变化"):
        boards.correct(KEY, "更正", by=desk.office, second=desk.second)
    assert boards.late(KEY) == ()
    figure = Progress(
        item=slow, task="T1", indicator="候工区", month="2023-12", value=9
    )
    flow.tasks.report([figure], by=desk.operator)
    (change,) = boards.late(KEY)
    assert (change.item, change.before, change.now) == (slow, Board.BAD, None)
    made = flow.proposals.propose(
        TwoPeople.CORRECT_BOARDS, {"key": KEY, "reason": "补报"}, by=desk.office
    )
    (line,) = flow.proposals.get(made.key).content
    assert (line.path, line.new) == (slow, None)
    flow.proposals.approve(made.key, made.seen, by=desk.second)
    second = boards.published("2023Q4")
    assert (second.edition, second.note) == (2, "补报")
    assert slow not in {entry.item for entry in second.bad}
    assert slow in {entry.item for entry in boards.published("2023Q4", 1).bad}
    assert door_of(flow).read(verify).findings == ()


def test_nobody_takes_an_entry_off_but_by_a_rectification(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    boards, flow, office, second = desk.flow.boards, desk.flow, desk.office, desk.second
    for first, other in ((office, office), (desk.operator, second)):
        with pytest.raises(StepRefused):
            boards.publish(KEY, by=first, second=other)
    good = told[BoardGround.SATISFIED]
    paper = ("督查室", "3号", date(2023, 12, 29), "限期")
    late = flow.orders.receive(good, *paper, by=office)
    asked = {"key": KEY, "reason": "来文补登"}
    unseen = flow.proposals.propose(TwoPeople.CORRECT_BOARDS, asked, by=office)
    shown = flow.proposals.get(unseen.key).content
    assert {line.path for line in shown} == set(told.values())  # nobody saw the draft
    boards.publish(KEY, by=office, second=second)

    # What ends after the cut takes nothing off: an order, a task, an item's running.
    (order,) = flow.orders.list(item=told[BoardGround.SUPERVISED])
    file = flow.items.attach(order.item, "函.txt", b"2", by=desk.operator).digest
    flow.orders.answer(order.key, "已办", [file], by=desk.operator)
    flow.orders.discharge(order.key, "来函认可", by=office)
    report(desk, told[BoardGround.REPEATED], 11)
    concluded(desk, told[BoardGround.REPEATED], 95, 400)
    desk.execute(told[BoardGround.SLOW])
    (change,) = boards.late(KEY)
    assert (change.item, change.now) == (good, Board.BAD)

    # Another content than the one that was seen is not confirmed.
    made = flow.proposals.propose(TwoPeople.CORRECT_BOARDS, asked, by=office)
    flow.orders.withdraw(late.key, "登记错了", by=second)
    with pytest.raises(HuiminError):
        flow.proposals.approve(made.key, made.seen, by=second)
    assert boards.late(KEY) == ()
    with pytest.raises(InputRefused, match="没有变化"):
        boards.correct(KEY, "更正", by=office, second=second)
    assert boards.published("2023Q4").edition == 1
    assert door_of(flow).read(verify).findings == ()


def test_other_marks_are_tried_on_a_board_and_nothing_is_written(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    flow = desk.flow
    flow.boards.publish(KEY, by=desk.office, second=desk.second)
    book = flow.rulebook.active()
    rule = replace(
        book.improving.boards,
        behind_days=Figure(value=366, source="ours"),
        satisfaction_mark=Figure(value=100, source="ours"),
    )
    new = sealed(replace(book, improving=replace(book.improving, boards=rule)))
    before = whole(desk)
    trial = flow.rulebook.what_if(new, "2023-12", "2023-12")
    assert whole(desk) == before
    assert {c.subject: (c.old, c.new, c.gains) for c in trial.changes} == {
        told[BoardGround.SLOW]: ("bad", None, True),
        told[BoardGround.SATISFIED]: ("good", None, False),
    }
    assert {change.key for change in trial.changes} == {KEY}
    assert flow.rulebook.what_if(new, "2023-10", "2023-11").changes == ()


def whole(desk: Desk) -> str:
    """A digest of every row of the database."""

    def read(connection: Connection) -> str:
        made = sha256()
        for table in METADATA.sorted_tables:
            rows = connection.execute(select(table)).all()
            made.update(repr(sorted(map(repr, rows))).encode())
        return made.hexdigest()

    return door_of(desk.flow).read(read)


def test_a_board_that_was_bent_is_found_by_the_audit(
    desk: Desk, told: dict[BoardGround, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = desk.flow.boards

    def without(*known: Any, **more: Any) -> QuarterlyBoards:
        made = drawn_up(*known, **more)
        bad = [each for each in made.bad if each.item != told[BoardGround.SLOW]]
        return replace(made, bad=tuple(bad))

    boards.publish(KEY, by=desk.office, second=desk.second)
    with monkeypatch.context() as lie:
        lie.setattr(module, "drawn_up", without)
        boards.correct(KEY, "补报", by=desk.office, second=desk.second)
    found = door_of(desk.flow).read(verify).findings
    assert {(each.place, each.law) for each in found} == {
        (f"{KEY} #3 bad", "periodic 6")
    }


def test_a_publication_of_another_content_than_the_draft_is_found(
    desk: Desk, told: dict[BoardGround, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    boards, honest = desk.flow.boards, module.board
    assert told
    with monkeypatch.context() as lie:
        lie.setattr(module, "board", lambda *known: replace(honest(*known), bad=()))
        boards.publish(KEY, by=desk.office, second=desk.second)
    found = door_of(desk.flow).read(verify).findings
    assert {each.place for each in found} == {f"{KEY} #2 bad"}


def test_only_ratings_of_the_services_that_an_item_touches_count(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    bad = RatingLevel.DISSATISFIED
    rated = [rating(n, bad, at=at_hour(date(2023, 12, 20), 9)) for n in range(20)]
    assert not desk.flow.ratings.add(rated, by=desk.office).refused
    item, book = (
        desk.flow.items.get(told[BoardGround.SLOW]),
        desk.flow.rulebook.active(),
    )
    begun, day = date(2023, 10, 9), date(2023, 12, 31)

    def asked(*touched: str) -> int:
        plan = replace(item.plan or Plan(), service_items=touched)

        def read(connection: Connection) -> int:
            cut = positions.last_position(connection)
            known = facts.known_at(connection, cut)
            at: dict[str, Any] = {"known": known, "cut": cut}
            of = replace(item, plan=plan)
            return satisfaction_of(connection, of, begun, day, book, **at).answers

        return door_of(desk.flow).read(read)

    assert (asked(), asked("startup_grant"), asked("resident_pension")) == (20, 20, 0)


def test_an_entry_remains_on_each_later_board(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    boards, flow = desk.flow.boards, desk.flow
    boards.publish(KEY, by=desk.office, second=desk.second)
    bad = {told[ground] for ground in told if ground is not BoardGround.SATISFIED}
    assert set(to_open(desk, desk.office)) == bad
    assert to_open(desk, desk.operator) == []
    first = told[BoardGround.SLOW]
    flow.rectifications.open(first, "进展慢", by=desk.office)
    assert set(to_open(desk, desk.office)) == bad - {first}
    done: set[date] = set()
    assert escalate(flow, io.StringIO(), done)  # the service, once a day
    assert done == {desk.today()}
    known = [line.rectification for line in flow.rectifications.list()]
    assert {(made.item, made.since) for made in known} == {(n, "2023Q4") for n in bad}
    by_item = {made.item: made for made in known}
    slow = by_item[told[BoardGround.DISLIKED]]
    assert (slow.cause, slow.opened_by) == (BoardGround.DISLIKED.label, "scheduler")
    assert to_open(desk, desk.office) == []
    assert flow.rectifications.open_listed(by=desk.scheduler) == ()
    item = content_again(desk)
    (entry,) = [e for e in boards.get("2024Q1").bad if e.item == item]
    assert (entry.since, entry.remains) == ("2023Q4", True)
    assert BoardGround.SUPERVISED not in entry.grounds
    good = told[BoardGround.SATISFIED]
    assert [each.item for each in boards.get("2024Q1").good] == [good]
    assert flow.items.get(good).state is State.EVALUATED
    assert door_of(flow).read(verify).findings == ()

    # Tried together, what would not have come on a board does not remain on the next.
    boards.publish("board/2024Q1", by=desk.office, second=desk.second)
    book, year = flow.rulebook.active(), Figure(value=12, source="ours")
    rule = replace(
        book.improving.boards,
        behind_days=Figure(value=366, source="ours"),
        silent_months=year,
        unproven_months=year,
    )
    new = sealed(replace(book, improving=replace(book.improving, boards=rule)))
    for month, gone in (("2023-10", [KEY, "board/2024Q1"]), ("2024-01", [])):
        trial = flow.rulebook.what_if(new, month, "2024-03")
        own = [change for change in trial.changes if change.subject == first]
        assert [each.key for each in own if each.key.startswith("board/")] == gone


def content_again(desk: Desk) -> str:
    """An authority is content, and the next quarter's boards are drafted."""
    (order,) = desk.flow.orders.list()
    file = desk.flow.items.attach(order.item, "函.txt", b"2", by=desk.operator).digest
    desk.flow.orders.answer(order.key, "已办", [file], by=desk.operator)
    desk.flow.orders.discharge(order.key, "来函认可", by=desk.office)
    desk.clock.set(at_hour(date(2024, 4, 9), 9))
    tick(desk.flow)
    return order.item


def test_an_entry_of_a_draft_that_nobody_published_is_not_lost(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    item, boards = content_again(desk), desk.flow.boards
    assert item == told[BoardGround.SUPERVISED]
    (entry,) = [e for e in boards.get("2024Q1").bad if e.item == item]
    assert (entry.since, entry.remains) == ("2023Q4", True)
    boards.publish("board/2024Q1", by=desk.office, second=desk.second)
    assert {e.since for e in boards.bad_entries(item=item)} == {"2023Q4"}
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_draft_is_the_desks_and_what_is_published_everybodys(
    desk: Desk, told: dict[BoardGround, str]
) -> None:
    asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
    office, operator = (
        asker.acting_as(each.id) for each in (desk.office, desk.operator)
    )
    assert asker.get("boards-2023Q4.html").status == 404
    assert asker.get("boards-draft-2023Q4.html").status == 403
    draft = office.get("boards-draft-2023Q4.html")
    assert draft.status == 200
    assert "act-boards.publish.html?key=board%2F2023Q4" in draft.text
    assert office.get("act-boards.publish.html?key=board%2F2023Q4").status == 200
    assert "boards-draft-2023Q4.html" in office.get("todo.html").text
    assert "act-boards." not in operator.get("boards-draft-2023Q4.html").text
    desk.flow.boards.publish(KEY, by=desk.office, second=desk.second)
    page = asker.get("boards-2023Q4.html").text
    for words in ("比计划落后", "渝督〔2023〕9号", "没有一项可量化的指标", "反映25次"):
        assert words in page, words
    for number in told.values():
        assert f"item-{number}.html" in page
    assert "差评榜上的事项" in asker.get("index.html").text
    assert told[BoardGround.SLOW] in asker.get("bad-board.html").text
    assert "渝督〔2023〕9号" in asker.get("orders.html").text
