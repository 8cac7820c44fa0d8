"""Refusals and first answers stand in chains that show what was cut or edited."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text

from huimin_flow.audit.findings import AuditReport
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Flaw, State
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import logs
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick


def refuse(flow: Flow, number: str, desk: Desk) -> None:
    with pytest.raises(StepRefused) as refused:
        flow.items.close(number, by=desk.office)
    assert not getattr(refused.value, "__notes__", [])


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """Four refusals and four answers."""
    number = desk.bring(State.COLLECTED).number
    for n in range(4):
        refuse(desk.flow, number, desk)
        desk.flow.once(f"ask-{n}").appeals.add_all(desk.appeals(1), by=desk.office)
    return desk


@pytest.fixture
def edited(kept: Desk, url: str) -> Callable[[str], AuditReport]:
    """Edit the database by hand, and verify it."""

    def edit(statement: str) -> AuditReport:
        host = engines.open_engine(url)
        with host.begin() as connection:
            assert connection.execute(text(statement)).rowcount >= 1
        host.dispose()
        return door_of(kept.flow).read(verify)

    return edit


def test_logs_are_clean_and_tell_their_heads(kept: Desk) -> None:
    report = door_of(kept.flow).read(verify)
    assert report.findings == ()
    assert [(one.log, one.rows, len(one.head)) for one in report.logs] == [
        ("huimin_refusal", 4, 64),
        ("huimin_request", 4, 64),
    ]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("DELETE FROM huimin_refusal WHERE n = 4", "huimin_refusal #3"),
        ("DELETE FROM huimin_refusal WHERE n = 2", "huimin_refusal 3 n"),
        ("DELETE FROM huimin_refusal", "huimin_refusal #0"),
        ("UPDATE huimin_refusal SET reasons = '[]' WHERE n = 4", "huimin_refusal 4"),
        ("UPDATE huimin_refusal SET id = 77 WHERE n = 1", "huimin_refusal 77"),
        (
            "UPDATE huimin_counter SET value = 9 WHERE name = 'refusal'",
            "huimin_refusal #4",
        ),
        ("DELETE FROM huimin_counter WHERE name = 'request'", "huimin_request #4"),
        ("DELETE FROM huimin_request WHERE n = 4", "huimin_request ask-3"),
        ("UPDATE huimin_request SET answer = '{}' WHERE n = 2", "huimin_request ask-1"),
    ],
)
def test_what_was_done_to_a_log_is_named(
    statement: str, place: str, edited: Callable[[str], AuditReport]
) -> None:
    assert place in {one.place for one in edited(statement).findings}


def test_an_answer_is_missed_even_where_its_chain_was_mended(
    edited: Callable[[str], AuditReport],
) -> None:
    edited("DELETE FROM huimin_request WHERE n = 4")
    report = edited("UPDATE huimin_counter SET value = 3 WHERE name = 'request'")
    assert [(one.flaw, one.place) for one in report.findings] == [
        (Flaw.ROW_MISSING, "huimin_request ask-3")
    ]


def test_a_log_that_was_cut_goes_on_and_the_cut_stays_seen(
    kept: Desk, edited: Callable[[str], AuditReport]
) -> None:
    edited("DELETE FROM huimin_refusal WHERE n = 4")
    refuse(kept.flow, kept.flow.items.list()[0].number, kept)
    found = door_of(kept.flow).read(verify).findings
    assert [(one.flaw, one.detail) for one in found] == [(Flaw.LOG_MISMATCH, "4")]


def test_a_hosts_open_transaction_keeps_nobodys_refusal_waiting(
    kept: Desk, url: str
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time, whatever it writes")
    number = kept.flow.items.list()[0].number
    host = engines.open_engine(url)
    with host.connect() as connection:
        transaction = connection.begin()
        refuse(Flow.bind(connection, clock=kept.clock), number, kept)
        refuse(kept.flow, number, kept)  # the host's transaction is still open
        assert [one.rows for one in door_of(kept.flow).read(verify).logs] == [5, 4]
        transaction.commit()
    host.dispose()
    report = door_of(kept.flow).read(verify)
    assert (report.findings, report.logs[0].rows) == ((), 6)


def test_many_who_are_refused_at_once_share_one_chain(kept: Desk, url: str) -> None:
    number = kept.flow.items.list()[0].number

    def one() -> None:
        with Flow.open(url, clock=kept.clock) as flow:
            for _ in range(5):
                refuse(flow, number, kept)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = door_of(kept.flow).read(verify)
    assert (report.findings, report.logs[0].rows) == ((), 24)
    assert _numbers(kept) == list(range(1, 25))


def _numbers(desk: Desk) -> list[int]:
    def read(connection: Connection) -> list[int]:
        return sorted(connection.execute(select(logs.REFUSED.table.c.n)).scalars())

    return door_of(desk.flow).read(read)


def wiped(url: str, *more: str) -> None:
    """Wipe the log of refusals by hand, with its counter."""
    statements = [
        "DELETE FROM huimin_refusal",
        "DELETE FROM huimin_counter WHERE name = 'refusal'",
        *more,
    ]
    host = engines.open_engine(url)
    with host.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    host.dispose()


COUNTED_ANEW = "INSERT INTO huimin_counter VALUES ('refusal', 0)"
NUMBERED_ANEW = {
    "sqlite": "DELETE FROM sqlite_sequence WHERE name = 'huimin_refusal'",
    "postgresql": "ALTER SEQUENCE huimin_refusal_id_seq RESTART",
}


def test_a_log_that_was_wiped_with_its_counter_is_named(kept: Desk, url: str) -> None:
    wiped(url)
    found = door_of(kept.flow).read(verify).findings
    assert {(one.flaw, one.place) for one in found} == {
        (Flaw.LOG_MISMATCH, "huimin_refusal #0")
    }


def test_on_sqlite_the_numbers_that_were_given_tell_of_a_log_wiped_by_halves(
    kept: Desk, url: str
) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL gives a number also to a row that is rolled back")
    wiped(url, COUNTED_ANEW)
    found = door_of(kept.flow).read(verify).findings
    assert [(one.place, one.detail) for one in found] == [
        ("huimin_refusal #0", "sqlite_sequence: 4")
    ]


def test_what_a_jobs_event_says_of_a_log_tells_of_a_wiping_that_left_no_trace(
    kept: Desk, url: str
) -> None:
    kept.clock.advance(timedelta(days=30))
    (run, *_) = tick(kept.flow)
    refuse(kept.flow, kept.flow.items.list()[0].number, kept)
    assert door_of(kept.flow).read(verify).findings == ()
    wiped(url, COUNTED_ANEW, NUMBERED_ANEW[url.split(":", maxsplit=1)[0]])
    found = door_of(kept.flow).read(verify).findings
    assert (Flaw.LOG_MISMATCH, "huimin_refusal #4", f"job/{run.job}/{run.period}") in {
        (one.flaw, one.place, one.detail) for one in found
    }
    assert {one.place for one in found} == {"huimin_refusal #4"}
