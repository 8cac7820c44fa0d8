"""Flow in Django's transaction: both or neither, whatever Django does with it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress

import pytest
from asgiref.sync import sync_to_async
from django.core.signals import request_finished
from django.db import DatabaseError, IntegrityError, connection, transaction
from psycopg import IsolationLevel
from sqlalchemy import select

import huimin_flow.django
from huimin_flow.audit.verify import verify
from huimin_flow.errors import StepRefused, StoreBusy, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import history
from huimin_flow.store.core.tables import REFUSALS
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import in_a_loop
from tests.flow.core.test_host import DEMAND
from tests.hosts import django_program
from tests.hosts.django_program import Letter


class Undone(Exception):
    """What the host raises so that Django rolls back."""


@pytest.fixture
def host(desk: Desk, url: str) -> Iterator[None]:
    with django_program.on(url, desk.clock):
        django_program.migrate()
        yield


pytestmark = pytest.mark.usefixtures("host")


def bound(desk: Desk) -> Flow:
    return huimin_flow.django.bind(clock=desk.clock)


def letter(title: str) -> None:
    Letter.objects.create(request=title, title=title)


def collect(desk: Desk) -> str:
    return bound(desk).items.collect(DEMAND, by=desk.operator).number


def stands(desk: Desk) -> tuple[list[str], list[str]]:
    """Return what both databases hold, and hold that the history is whole."""
    read = door_of(desk.flow).read
    assert read(history.unplaced) == []
    assert read(verify).findings == ()
    return [item.number for item in desk.flow.items.list()], letters_of_host()


def letters_of_host() -> list[str]:
    return [*Letter.objects.order_by("pk").values_list("title", flat=True)]


def refusals(desk: Desk) -> list[tuple[str, str]]:
    query = select(REFUSALS.c.act, REFUSALS.c.about).order_by(REFUSALS.c.n)
    rows = door_of(desk.flow).read(lambda c: c.execute(query).all())
    return [(str(act), str(about)) for act, about in rows]


@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.parametrize("commits", [True, False])
def test_a_block_keeps_both_or_neither_in_every_order(
    desk: Desk, first: str, *, commits: bool
) -> None:
    with suppress(Undone), transaction.atomic():
        if first == "theirs":
            letter("a")
        number = collect(desk)
        if first == "ours":
            letter("a")
        if not commits:
            raise Undone
    assert stands(desk) == (([number], ["a"]) if commits else ([], []))


def test_nested_blocks_are_savepoints_of_both(desk: Desk) -> None:
    with transaction.atomic():
        letter("a")
        outer = collect(desk)
        with pytest.raises(Undone), transaction.atomic():  # noqa: PT012
            letter("b")
            collect(desk)
            raise Undone
        with transaction.atomic():
            letter("c")
            inner = collect(desk)
    assert stands(desk) == ([outer, inner], ["a", "c"])


def test_a_flow_of_an_undone_block_goes_on_in_the_outer_one(desk: Desk) -> None:
    with transaction.atomic():
        with pytest.raises(Undone), transaction.atomic():  # noqa: PT012
            flow = bound(desk)
            flow.items.collect(DEMAND, by=desk.operator)
            raise Undone
        number = flow.items.collect(DEMAND, by=desk.operator).number
    assert stands(desk) == ([number], [])


def test_a_failed_statement_of_the_host_takes_our_act_with_it(desk: Desk) -> None:
    letter("a")
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        collect(desk)
        letter("a")
    assert stands(desk) == ([], ["a"])


def test_a_refusal_is_kept_after_a_commit_also_if_a_savepoint_was_undone(
    desk: Desk,
) -> None:
    with transaction.atomic():
        number = collect(desk)
        with pytest.raises(StepRefused), transaction.atomic():
            bound(desk).items.close(number, by=desk.office)
    assert refusals(desk) == [("close", number)]
    assert stands(desk) == ([number], [])


@pytest.mark.parametrize("how", ["request", "settle", "next", "keep"])
def test_a_refusal_is_kept_after_a_rollback(desk: Desk, how: str) -> None:
    number = desk.collect().number
    with pytest.raises(StepRefused) as refused, transaction.atomic():  # noqa: PT012
        letter("a")
        bound(desk).items.close(number, by=desk.office)
    assert refusals(desk) == []
    if how == "request":
        request_finished.send(None)
        assert connection.connection is None  # as Django leaves it without a max age
    elif how == "settle":
        with transaction.atomic():
            huimin_flow.django.settle()  # not in a transaction that may be undone
            transaction.set_rollback(True)
        assert refusals(desk) == []
        huimin_flow.django.settle()
    elif how == "next":
        with transaction.atomic():
            bound(desk)
    else:
        desk.flow.keep(refused.value)
    assert refusals(desk) == [("close", number)]
    assert stands(desk) == ([number], [])


def test_outside_of_a_block_nothing_is_bound(desk: Desk) -> None:
    with pytest.raises(StoreRefused) as refused:
        bound(desk)
    assert refused.value.code == "outside_atomic"
    transaction.set_autocommit(False)
    try:
        with pytest.raises(StoreRefused) as refused:
            bound(desk)
        assert refused.value.code == "outside_atomic"
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
    assert 'transaction.atomic("default")' in refused.value.remedy
    assert stands(desk) == ([], [])


@pytest.mark.parametrize("commits", [True, False])
def test_an_act_or_a_question_after_the_end_is_refused(
    desk: Desk, *, commits: bool
) -> None:
    with transaction.atomic():
        flow = bound(desk)
        flow.items.collect(DEMAND, by=desk.operator)
        transaction.set_rollback(not commits)
    for late in (flow.items.list, lambda: flow.items.collect(DEMAND, by=desk.operator)):
        with pytest.raises(StoreRefused) as refused:
            late()
        assert refused.value.code == "transaction_ended"
    with transaction.atomic():  # another transaction is not that of the Flow
        with pytest.raises(StoreRefused) as refused:
            flow.items.collect(DEMAND, by=desk.operator)
        assert refused.value.code == "transaction_ended"
        letter("a")
    assert stands(desk)[1] == ["a"]
    assert len(desk.flow.items.list()) == int(commits)


def test_an_act_where_only_a_rollback_is_possible_is_refused(desk: Desk) -> None:
    with transaction.atomic():
        flow = bound(desk)
        with pytest.raises(Undone), transaction.atomic(savepoint=False):
            raise Undone
        for late in (flow.items.list, lambda: bound(desk)):
            with pytest.raises(StoreRefused) as refused:
                late()
            assert refused.value.code == "transaction_failed"
        transaction.set_rollback(False)
        number = collect(desk)
    assert stands(desk) == ([number], [])


def test_a_host_that_commits_by_hand_in_between_loses_nothing_silently(
    desk: Desk,
) -> None:
    with transaction.atomic():
        letter("a")
        first = collect(desk)
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
        if connection.vendor == "sqlite":  # there a next statement commits by itself
            with pytest.raises(StoreRefused) as refused:
                collect(desk)
            assert refused.value.code == "transaction_ended"
            connection.cursor().execute("BEGIN")
        letter("b")
        second = collect(desk)
        transaction.set_rollback(True)
    assert second != first or connection.vendor == "sqlite"
    huimin_flow.django.settle()
    assert stands(desk) == ([first], ["a"])


def test_a_closed_connection_is_refused(desk: Desk) -> None:
    with transaction.atomic():
        flow = bound(desk)
        connection.close()
        with pytest.raises(StoreRefused) as refused:
            flow.items.list()
        assert refused.value.code == "transaction_ended"


def test_the_connection_is_given_back_as_it_was(desk: Desk) -> None:
    with transaction.atomic():
        own = connection.connection
        collect(desk)
        assert connection.connection is own
        letter("x1")
        assert Letter.objects.filter(title__regex=r"x\d").count() == 1
        if connection.vendor == "sqlite":  # Django's function of this name, not another
            with connection.cursor() as cursor:
                assert cursor.execute("SELECT 1 REGEXP '1'").fetchone() == (1,)
    assert connection.connection is own
    assert connection.get_autocommit()


def test_what_sqlalchemy_commits_or_closes_is_not_ended(desk: Desk) -> None:
    with transaction.atomic():
        letter("a")
        joined = door_of(bound(desk)).connection
        assert joined is not None
        joined.commit()
        joined.close()
        assert letters_of_host() == ["a"]
        transaction.set_rollback(True)
    assert letters_of_host() == []


def test_an_open_flow_does_not_wait_for_its_own_program(desk: Desk) -> None:
    with transaction.atomic():
        number = collect(desk)
        begun = time.monotonic()
        with suppress(StoreBusy):  # PostgreSQL has many writers
            desk.collect()
            assert connection.vendor == "postgresql"
        assert time.monotonic() - begun < 2
    assert number in stands(desk)[0]
    desk.collect()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_transaction_that_reads_one_moment_is_tried_again_whole(
    desk: Desk, url: str
) -> None:
    number = desk.collect().number
    with django_program.on(
        url, desk.clock, isolation_level=IsolationLevel.REPEATABLE_READ
    ):
        for version in (1, 2):
            outcome = pytest.raises(StoreBusy) if version == 1 else nullcontext()
            with outcome, transaction.atomic():
                flow = bound(desk)
                known = flow.items.get(number)
                letter(f"version {known.version}")
                if version == 1:  # another program is faster
                    desk.flow.items.amend(number, {"title": "乙"}, by=desk.operator)
                    assert flow.items.get(number) == known
                flow.items.amend(number, {"title": "丙"}, by=desk.operator)
        assert stands(desk) == ([number], ["version 2"])
    assert desk.flow.items.get(number).title == "丙"


def test_a_flow_stays_in_the_thread_of_its_transaction(desk: Desk) -> None:
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        flow = bound(desk)
        with pytest.raises(DatabaseError, match="thread"):
            other.submit(flow.items.list).result()
        assert flow.items.list() == []


def test_an_async_view_binds_within_a_thread(desk: Desk) -> None:
    def work() -> None:
        with transaction.atomic():
            letter("a")
            collect(desk)
        django_program.forget()  # the thread serves others, too

    in_a_loop(sync_to_async(work)())
    numbers, titles = stands(desk)
    assert (len(numbers), titles) == (1, ["a"])


def test_a_database_of_another_make_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "mysql")
    with pytest.raises(StoreRefused) as refused, transaction.atomic():
        huimin_flow.django.bind()
    assert refused.value.code == "make_unknown"


def test_without_django_its_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from huimin_flow.errors import ExtraMissing\n"
        "try: import huimin_flow.django\n"
        "except ExtraMissing as missing: print(missing.code, missing)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "extra_missing" in done.stdout
    assert "django" in done.stdout


def test_threads_have_connections_of_their_own(desk: Desk) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(3):
                with transaction.atomic():
                    letter(threading.current_thread().name + str(time.monotonic()))
                    collect(desk)
        except BaseException as failure:  # noqa: BLE001 - told below
            failed.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    numbers, titles = stands(desk)
    assert len(numbers) == len(titles) == 9
