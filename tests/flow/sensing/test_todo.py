"""What waits about appeals: repeats, loose ones, answers to close; for whom (A6, A7)."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.catalogue.terms import Step, TodoKind
from huimin_flow.model.items import Todo
from huimin_flow.testing import Desk
from tests.flow.sensing.test_answers import appeal
from tests.flow.sensing.test_gathering import AGAIN, ALIKE, WAGES, take

OWN = "500101"


def lines(desk: Desk, post: str, kind: TodoKind) -> list[Todo]:
    by = desk.actor(post)
    return [line for line in desk.flow.todo(by) if line.kind is kind]


def test_a_problem_that_repeats_waits_for_who_may_collect_it(desk: Desk) -> None:
    told = [WAGES, AGAIN, WAGES, AGAIN]
    take(desk, *told)
    desk.flow.gathering.run(by=desk.office)
    assert lines(desk, "office-1", TodoKind.REPEAT) == []  # too few, on one channel
    take(desk, WAGES, AGAIN, channel="media", first=11)
    desk.flow.gathering.run(by=desk.office)
    (repeat,) = desk.flow.gathering.repeating()
    assert repeat.problem.appeals == 6
    for post in ("office-1", f"op-{OWN}"):
        (line,) = lines(desk, post, TodoKind.REPEAT)
        assert (line.step, line.act) == (Step.COLLECT, "gathering.collect")
        assert line.subject == "hotline_12333=G1"
        assert "6/2" in line.title
    for post in ("op-500102", "town-500101001", "information-1"):
        assert lines(desk, post, TodoKind.REPEAT) == []


def test_loose_appeals_are_one_line_for_who_may_collect_their_items(
    desk: Desk,
) -> None:
    assert lines(desk, "office-1", TodoKind.LOOSE) == []
    told = [appeal("a"), appeal("b", who="p2"), appeal("c", district="500102")]
    desk.flow.appeals.add_all(told, by=desk.office)
    (line,) = lines(desk, "office-1", TodoKind.LOOSE)
    assert ("3" in line.title, line.act) == (True, "appeals.link")
    (own,) = lines(desk, f"op-{OWN}", TodoKind.LOOSE)
    assert "2" in own.title
    assert lines(desk, "town-500101001", TodoKind.LOOSE) == []
    number = desk.collect().number
    pairs = [(each.channel, each.key) for each in told[:2]]
    desk.flow.appeals.link(number, pairs, by=desk.office)
    assert lines(desk, f"op-{OWN}", TodoKind.LOOSE) == []


def test_answers_to_close_wait_as_one_line_until_they_are_closed(desk: Desk) -> None:
    desk.flow.appeals.add_all([appeal("a"), appeal("b", who="p2")], by=desk.office)
    for key in "ab":
        desk.flow.answers.give(key, "已办。", by=desk.operator)
    acts = [line.act for line in desk.flow.todo(desk.operator)]
    assert "answers.close" not in acts
    desk.clock.advance(timedelta(days=20))
    (line,) = lines(desk, f"op-{OWN}", TodoKind.ANSWER)
    assert (line.act, line.subject, "2" in line.title) == ("answers.close", OWN, True)
    assert lines(desk, "op-500102", TodoKind.ANSWER) == []
    desk.flow.answers.close(by=desk.operator)
    assert lines(desk, f"op-{OWN}", TodoKind.ANSWER) == []


def test_a_towns_proposals_are_those_about_its_own_appeals(desk: Desk) -> None:
    take(desk, WAGES, AGAIN, ALIKE, district="万州区高笋塘街道")
    desk.flow.gathering.run(by=desk.office)
    (proposal,) = desk.flow.gathering.list()
    assert desk.flow.gathering.list(unit="500101001") == (proposal,)
    assert desk.flow.gathering.count(unit="500101001") == 1
    assert desk.flow.gathering.list(unit="500102009") == ()
    assert desk.flow.gathering.count(unit="500102009") == 0
