"""A reader sees one moment, takes no lock and waits for no writer."""

from __future__ import annotations

import inspect
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from huimin_flow.catalogue.terms import Criterion, Step
from huimin_flow.errors import HuiminError, StoreBusy, StoreRefused
from huimin_flow.flow import Flow, Questions, Snapshot
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.methods import methods
from huimin_flow.reports import pages
from huimin_flow.reports.deciding.editions import list_page
from huimin_flow.shell.pages import made
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk
from tests.statements import recorded

WRITES = re.compile("INSERT|UPDATE|DELETE|LOCK", re.IGNORECASE)

#: What questions are asked here; any other one is asked a word for each parameter.
ASKED: dict[str, tuple[object, ...]] = {
    "fields.of": ("items.judge", "2022-000001"),
    "fields.schema": ("items.judge",),
    "people.actor": ("office-1",),
    "ratings.answer_rate": ("2023-10",),
    "items.attached": ("0" * 64,),
    "items.attachments": ("2022-000001",),
    "ratings.callback_rate": ("2023-10",),
    "ratings.coverage": ("2023-10", "2023-12"),
    "lists.executed": ("list/2024/500101",),
    "lists.get": ("list/2024/500101",),
    "records.events": ("item/2022-000001",),
    "scores.explain": ("500101", "2023-11"),
    "ratings.follow_ups": ("2023-10",),
    "items.fulfilments": ("2022-000001",),
    "people.identify": ("root", "office-1"),
    "items.get": ("2022-000001",),
    "scores.late_facts": ("2023-11",),
    "items.history": ("2022-000001",),
    "items.links": ("2022-000001",),
    "items.screening": ("2022-000001", {Criterion.URGENCY: 80}),
    "items.preview": ("2022-000001", Step.AMEND),
    "ratings.month_of_units": ("2023-10",),
    "scores.colors": ("2023-11",),
    "scores.month": ("2023-11",),
    "items.numbered": ("2022",),
    "lists.preview": ("2024",),
    "tasks.owing": ("2023-11",),
    "tasks.sheet": ("2023-11",),
    "scores.editions": ("score/2023-11",),
    "scores.ranking": ("2023Q4",),
    "ratings.by": ("unit", "2023-10"),
    "ratings.by_service": ("2023-10",),
    "ratings.savings": (2023,),
    "scores.month_if_any": ("2023-11",),
    "scores.months": ("2023-01", "2023-11"),
    "ratings.service_year": (2023,),
    "items.tally": ("2022-000001",),
    "appeals.trail": ("V1",),
    "appeals.get": ("V1",),
    "meetings.get": ("deliberation/2022-0001",),
    "meetings.record": ("deliberation/2022-0001",),
    "resources.of": ("2024",),
}


def asking(flow: Flow) -> list[tuple[str, tuple[object, ...]]]:
    """Return every question with what it is asked."""
    asked = ASKED | {
        "scores.of_colors": (flow.scores.colors("2023-11"),),
        "items.possible": ("2022-000001", flow.people.actor("office-1")),
        "people.todo": (flow.people.actor("office-1"),),
        "items.undo": ("2022-000001", flow.people.actor("office-1")),
    }
    return [
        (name, asked[name] if name in asked else words(name)) for name in questions()
    ]


def words(name: str) -> tuple[str, ...]:
    """Return a word for each parameter that a question must be given."""
    given = inspect.signature(methods(Questions)[name]).parameters.values()
    must = [one for one in given if one.default is one.empty and one.name != "self"]
    return ("500101",) * sum(one.kind is not one.VAR_POSITIONAL for one in must)


def questions() -> list[str]:
    return sorted(methods(Questions))


@contextmanager
def written_to(flow: Flow) -> Iterator[None]:
    """Hold all that a writer holds, from another connection."""
    engine = door_of(flow).own
    if engine.dialect.name == "sqlite":
        file = flow_file(flow)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as server:
        server.execute("SELECT value FROM huimin_counter FOR UPDATE")
        server.execute("LOCK TABLE huimin_event IN SHARE ROW EXCLUSIVE MODE")
        yield
        server.rollback()


def flow_file(flow: Flow) -> Path:
    shelf = door_of(flow).shelf
    assert shelf is not None
    return next(shelf.folder.parent.glob("*.db"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a lock gives up at once."""
    monkeypatch.setattr(engines, "_DEADLINE", 0.2)
    monkeypatch.setattr(engines, "_PATIENCE", 100)
    monkeypatch.setattr(engines, "_LOCK_TIMEOUT", 100)


@pytest.mark.usefixtures("impatient")
def test_no_question_waits_for_a_writer(scored: Desk) -> None:
    answered = []
    asked = asking(scored.flow)
    with written_to(scored.flow):
        for name, about in asked:
            try:
                attrgetter(name)(scored.flow)(*about)
            except StoreBusy as busy:
                raise AssertionError(name) from busy
            except HuiminError:
                continue
            answered.append(name)
        with pytest.raises(StoreBusy):
            scored.collect()
    assert len(answered) > 30, answered


@contextmanager
def counted(flow: Flow) -> Iterator[list[str]]:
    """Give the transactions that begin, and whatever is written in them."""
    engine = door_of(flow).own
    begun: list[str] = []

    def begins(_: object) -> None:
        begun.append("begin")

    event.listen(engine, "begin", begins)
    with recorded(engine) as texts:
        yield begun
    event.remove(engine, "begin", begins)
    begun += [text for text in texts if WRITES.match(text)]


def test_no_question_writes(scored: Desk) -> None:
    for name, about in asking(scored.flow):
        with counted(scored.flow) as begun, suppress(HuiminError):
            attrgetter(name)(scored.flow)(*about)
        assert begun in ([], ["begin"]), name


@pytest.mark.parametrize(
    ("write", "about"),
    [
        (pages.month_page, "2023-11"),
        (pages.quarter_page, "2023Q4"),
        (pages.progress_page, "2023-11"),
        (pages.services_page, "2023"),
        (list_page, "list/2024/500101"),
    ],
)
def test_a_page_is_made_in_one_reading_transaction(
    write: Any, about: str, scored: Desk, tmp_path: Path
) -> None:
    with counted(scored.flow) as begun:
        assert made(scored.flow, write, about, tmp_path).is_file()
    assert begun == ["begin"]


def test_an_items_page_is_made_in_one_reading_transaction(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.item().number
    with counted(desk.flow) as begun:
        assert made(desk.flow, pages.item_page, number, tmp_path).is_file()
    assert begun == ["begin"]


def editions(now: Questions) -> tuple[int, int, int]:
    """Return what a month's page says of its scores, its colors and their notes."""
    colors = now.scores.colors("2023-11")
    scores = now.scores.of_colors(colors)
    return colors.version, scores.version, len(now.scores.editions("score/2023-11"))


@pytest.mark.usefixtures("impatient")
def test_a_correction_in_between_mixes_nothing(scored: Desk) -> None:
    engine = door_of(scored.flow).own

    def correct() -> None:
        scored.flow.scores.correct(
            "score/2023-11", "核对", by=scored.office, second=scored.second,
            with_colors=True,
        )  # fmt: skip

    with scored.flow.snapshot() as now:
        first = editions(now)
        if engine.dialect.name == "sqlite" and engines.journal_mode()[0] != "WAL":
            with pytest.raises(StoreBusy):  # its commit waits for the readers' end
                correct()
        else:
            correct()
            assert editions(scored.flow) == (2, 2, 2)
        assert editions(now) == first == (1, 1, 1)


def test_the_present_of_a_snapshot_is_the_moment_at_which_it_began(desk: Desk) -> None:
    begun = desk.clock.now()
    with desk.flow.snapshot() as now:
        desk.clock.advance(timedelta(days=40))
        assert now.moment() == begun
        with pytest.raises(HuiminError, match="尚未到来"):
            now.tasks.sheet("2023-11")
        assert desk.flow.moment() == begun + timedelta(days=40)
    assert desk.flow.tasks.sheet("2023-11") == ()


def test_a_snapshot_answers_nothing_after_its_end(desk: Desk) -> None:
    with desk.flow.snapshot() as now:
        assert isinstance(now, Snapshot)
        assert now.items.list() == []
    with pytest.raises(StoreRefused) as refused:
        now.items.list()
    assert refused.value.code == "snapshot_ended"
    with pytest.raises(StoreRefused):
        door_of(now).read(lambda connection: connection.dialect.name)


def test_a_snapshot_of_a_bound_flow_sees_what_its_host_has_done(
    desk: Desk, url: str
) -> None:
    host = engines.open_engine(url)
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        made = Desk(bound, desk.clock).collect()
        with bound.snapshot() as now:
            assert now.items.get(made.number) == made
        assert desk.flow.items.list() == []
        connection.rollback()
    host.dispose()


def test_a_clock_that_stands_back_still_lets_pages_be_read(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.item().number
    desk.clock.advance(timedelta(days=-2))
    assert made(desk.flow, pages.item_page, number, tmp_path).is_file()


def test_a_snapshot_reads_a_thing_once_and_a_hosts_transaction_each_time(
    desk: Desk,
) -> None:
    number, own = desk.collect().number, door_of(desk.flow).own
    stream = f"item/{number}"
    with recorded(own) as texts, desk.flow.snapshot() as now:
        assert now.items.get(number) == now.items.get(number)
        assert now.records.events(stream) == now.records.events(stream)
    assert sum("huimin_item.body" in text for text in texts) == 1
    assert sum("huimin_event.header" in text for text in texts) <= 2
    with own.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        with bound.snapshot() as now:
            before = now.items.get(number)
            bound.items.amend(number, {"title": "改"}, by=desk.office)
            assert (before.title, now.items.get(number).title) == (before.title, "改")
            assert len(now.records.events(stream)) == 2
    assert desk.flow.items.get(number).title == "改"
