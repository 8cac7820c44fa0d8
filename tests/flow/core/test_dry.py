"""``Flow.dry``: acts are done completely, and leave nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from huimin_flow.catalogue.terms import State
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from tests.shell.test_dry_run import rows


def test_acts_are_tried_one_after_the_other_and_leave_nothing(
    desk: Desk, url: str
) -> None:
    item = desk.bring(State.COLLECTED)
    before = rows(url)
    with desk.flow.dry() as dry:
        trying = Desk(dry, desk.clock)
        screened = trying.screen(item.number)
        assert (screened.state, screened.version) == (State.SCREENED, item.version + 1)
        assert trying.judge(item.number).state is State.JUDGED
        assert dry.items.get(item.number).state is State.JUDGED
        steps = [(one.stream.split("/")[0], one.step, one.n) for one in dry.events()]
        assert steps == [
            ("item", "screen", 2),
            ("deliberation", "hold", 1),
            ("deliberation", "judge", 2),
            ("attachment", "attach", 1),
            ("deliberation", "close", 3),
            ("item", "judge", 3),
        ]
        assert (dry.events()[0].verdict or {})["passed"] is True
    assert rows(url) == before
    assert desk.screen(item.number) == screened


def test_a_refusal_is_raised_and_not_logged_and_the_trial_goes_on(
    desk: Desk, url: str
) -> None:
    number = desk.bring(State.COLLECTED).number
    before = rows(url)
    with desk.flow.dry() as dry:
        with pytest.raises(StepRefused, match="不能“办结”"):
            dry.items.close(number, by=desk.office)
        with pytest.raises(InputRefused):
            rejects_and_fails(dry, number, desk)
        assert Desk(dry, desk.clock).screen(number).state is State.SCREENED
        with dry.dry() as inner:
            assert Desk(inner, desk.clock).judge(number).state is State.JUDGED
        assert dry.items.get(number).state is State.SCREENED
        assert [one.step for one in dry.events()] == ["screen"]
    assert rows(url) == before


def test_a_trial_that_only_asks_takes_no_lock(file_desk: Desk) -> None:
    with file_desk.flow.dry() as dry:
        assert dry.items.list() == []
        file_desk.collect()  # another writer is not kept waiting
        assert len(dry.items.list()) == 1


def test_a_trial_in_a_hosts_transaction_keeps_what_the_host_did(
    desk: Desk, url: str
) -> None:
    number = desk.bring(State.COLLECTED).number
    engine = (
        create_engine(door_of(desk.flow).own.url)
        if "sqlite" not in url
        else create_engine(url)
    )
    with engine.connect() as connection, connection.begin():
        bound = Flow.bind(connection, clock=desk.clock)
        amended = bound.items.amend(number, {"title": "宿主所改"}, by=desk.office)
        with bound.dry() as dry:
            dry.items.reject(number, "duplicate", by=desk.office)
        assert bound.items.get(number) == amended
    assert desk.flow.items.get(number) == amended
    engine.dispose()


def rejects_and_fails(dry: Flow, number: str, desk: Desk) -> None:
    with dry.whole() as whole:
        whole.items.reject(number, "duplicate", by=desk.office)
        whole.items.list(unit="never")


def test_a_trial_uses_no_key_of_an_actors_acts(file_desk: Desk) -> None:
    desk = file_desk
    first, second = (desk.bring(State.COLLECTED).number for _ in range(2))
    with desk.flow.acting(desk.office, request="r-7") as act:
        with act.dry() as dry:
            dry.items.reject(second, "duplicate")
        act.items.reject(first, "duplicate")
    (*_, last) = desk.flow.records.events(f"item/{first}")
    assert last.event.request == "r-7"
