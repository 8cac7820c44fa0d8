"""One bit turns: every one in the vouched rows is found, and none ends in a crash."""

from __future__ import annotations

import io
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from huimin_flow.audit import verify as audit
from huimin_flow.audit.findings import AuditReport
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.main import run
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.audit.worlds import small
from tests.sampled import NIGHTLY

#: What the history vouches for, and how many bits of each are turned by night.
PLACES = [
    ("huimin_event", "header", 90),
    ("huimin_event", "leaf", 20),
    ("huimin_event", "stream", 10),
    ("huimin_event", "step", 10),
    ("huimin_event", "at", 10),
    ("huimin_event", "request", 10),
    ("huimin_item", "number", 10),
    ("huimin_item", "state", 10),
    ("huimin_item", "body", 40),
    ("huimin_record", "key", 10),
    ("huimin_record", "body", 30),
    ("huimin_appeal", "channel", 10),
    ("huimin_appeal", "who", 10),
    ("huimin_appeal", "text_commitment", 10),
    ("huimin_appeal_text", "sealed", 20),
    ("huimin_link", "item", 10),
    ("huimin_progress", "month", 10),
    ("huimin_rulebook", "digest", 10),
    ("huimin_rulebook", "body", 20),
    ("huimin_job_run", "due", 10),
    ("huimin_job_run", "result", 10),
]

#: Otherwise one of so many bits is turned.
FEWER = 1 if NIGHTLY else 8

#: Whole numbers that are vouched for.
NUMBERS = [
    ("huimin_event", "position"),
    ("huimin_event", "n"),
    ("huimin_item", "version"),
    ("huimin_item", "stars"),
    ("huimin_record", "version"),
    ("huimin_appeal", "batch"),
    ("huimin_appeal", "line"),
    ("huimin_link", "line"),
    ("huimin_progress", "value"),
    ("huimin_job_run", "cut"),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Path:
    """A database in which everything that is vouched for occurs."""
    path = tmp_path_factory.mktemp("rot") / "whole.db"
    clock = RehearsalClock(datetime(2023, 11, 8, 2, tzinfo=UTC), seed=7)
    few = small(book)
    with Flow.found(f"sqlite:///{path}", few, rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        desk.bring(State.CLOSED)
        desk.bring(State.STARRED, "公园长椅太少")
        clock.set(at_hour(date(2023, 12, 15), 18))
        tick(flow, clock.now())
        assert door_of(flow).read(verify).findings == ()
    return path


@pytest.fixture
def copied(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connection]:
    """A transaction on a copy, whose rows may be spoilt.

    The schema stays, so that the audit need not read it again and again: whatever
    it finds, it finds by the rows.
    """
    monkeypatch.setattr(audit, "hold_schema", lambda _: None)
    copy = Path(shutil.copy(whole, tmp_path / "rotten.db"))
    engine = engines.open_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def turned(given: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one bit of them turned."""
    rotten = bytearray(given)
    bit = chance.randrange(len(rotten) * 8)
    rotten[bit // 8] ^= 1 << bit % 8
    return bytes(rotten)


def rows(connection: Connection, table: str, column: str) -> list[int]:
    query = f"SELECT rowid FROM {table} WHERE length({column}) > 0 ORDER BY rowid"
    found = list(connection.exec_driver_sql(query).scalars())
    assert found, "nothing to spoil"
    return found


def spoilt(
    connection: Connection, statement: str, *values: object
) -> AuditReport | None:
    """Verify a database with one change, and take the change back.

    None where a unique key itself stands against the change.
    """
    try:
        assert connection.exec_driver_sql(statement, values).rowcount == 1
        return verify(connection)
    except IntegrityError:
        return None
    finally:
        connection.rollback()


@pytest.mark.parametrize(("table", "column", "bits"), PLACES)
def test_every_turned_bit_is_found_and_its_place_named(
    table: str, column: str, bits: int, copied: Connection
) -> None:
    chance = random.Random(f"{table}.{column}")
    kind = "BLOB" if column in {"header", "leaf", "salt"} else "TEXT"
    among = rows(copied, table, column)
    for _ in range(-(-bits // FEWER)):
        row = chance.choice(among)
        read = f"SELECT CAST({column} AS BLOB) FROM {table} WHERE rowid = {row}"
        before = copied.exec_driver_sql(read).scalar_one()
        after = turned(before, chance)
        write = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = {row}"
        report = spoilt(copied, write, after)
        if report is None:
            continue
        assert not report.clean, (row, before, after)
        assert all(one.place for one in report.findings)


@pytest.mark.parametrize(("table", "column"), NUMBERS)
def test_every_turned_bit_of_a_number_is_found(
    table: str, column: str, copied: Connection
) -> None:
    chance = random.Random(f"{table}.{column}")
    among = rows(copied, table, column)
    for _ in range(-(-8 // FEWER)):
        row = chance.choice(among)
        # High bits, so that a unique key never hides what the audit should see.
        write = f"UPDATE {table} SET {column} = {column} + ? WHERE rowid = {row}"
        report = spoilt(copied, write, 1 << chance.randrange(12, 60))
        assert report is not None
        assert not report.clean, row
        assert all(one.place for one in report.findings)


def verified(path: Path) -> tuple[int, str]:
    """Run the auditor's command in this process; anything it lets out fails."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        run(["audit", "verify", "--db", str(path)])
    return int(ended.value.code or 0), out.getvalue() + err.getvalue()


@pytest.fixture(scope="module")
def sound(whole: Path) -> tuple[int, str]:
    """What the auditor's command says of the whole file: nothing is wrong."""
    code, said = verified(whole)
    assert code == 0
    return code, said


@pytest.mark.parametrize("seed", range(6))
def test_a_turned_bit_anywhere_in_the_file_never_ends_in_a_traceback(
    seed: int, whole: Path, sound: tuple[int, str], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    rotten = tmp_path / "rotten.db"
    shutil.copytree(f"{whole}.files", f"{rotten}.files")
    outcomes = set()
    for _ in range(-(-12 // FEWER)):
        rotten.write_bytes(turned(whole.read_bytes(), chance))
        code, said = verified(rotten)
        assert said.strip()
        outcomes.add(code)
        # What is not found lies in bytes that no event, item or fact is made of.
        assert code == 1 or (code, said) == sound
    assert outcomes <= {0, 1}


def test_a_spoilt_text_put_right_again_is_the_same_database(
    whole: Path, sound: tuple[int, str], tmp_path: Path
) -> None:
    rotten = tmp_path / "rotten.db"
    shutil.copy(whole, rotten)
    shutil.copytree(f"{whole}.files", f"{rotten}.files")
    with sqlite3.connect(rotten) as connection:
        connection.execute(
            "UPDATE huimin_item SET body = replace(body, '零工', '雾工')"
        )
    connection.close()
    assert verified(rotten)[0] == 1
    with sqlite3.connect(rotten) as connection:
        connection.execute(
            "UPDATE huimin_item SET body = replace(body, '雾工', '零工')"
        )
    connection.close()
    assert verified(rotten) == sound
