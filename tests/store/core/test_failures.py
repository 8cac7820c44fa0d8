"""A database's failure is known by its code, whatever language its server speaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy.exc import DBAPIError

from huimin_flow.errors import HuiminError, StoreBusy, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.store.core.failures import is_busy, translated
from huimin_flow.testing import Desk

FOREIGN = "Zeitüberschreitung beim Warten auf eine Sperre"


def wrapped(error: Exception) -> DBAPIError:
    return DBAPIError("INSERT", {}, error)


@pytest.mark.parametrize(
    ("made", "kind", "said"),
    [
        (errors.LockNotAvailable, StoreBusy, "另一个进程正在写入数据库"),
        (errors.DeadlockDetected, StoreBusy, "另一个进程正在写入数据库"),
        (errors.SerializationFailure, StoreBusy, "另一个进程正在写入数据库"),
        (errors.UniqueViolation, StoreBusy, "他人同时写入了相同的内容"),
        (errors.DiskFull, StoreRefused, "磁盘已满或无法写入"),
        (errors.ReadOnlySqlTransaction, StoreRefused, "数据库只读"),
        (errors.InsufficientPrivilege, StoreRefused, "数据库账户没有所需的权限"),
        (errors.UndefinedTable, StoreRefused, "数据库尚未初始化"),
        (errors.UndefinedColumn, StoreRefused, "表结构与程序不一致"),
        (errors.QueryCanceled, StoreRefused, "数据库中止了这条语句"),
        (errors.AdminShutdown, StoreRefused, "与数据库的连接断了"),
        (errors.ConnectionFailure, StoreRefused, "与数据库的连接断了"),
    ],
)
def test_a_servers_failure_is_told_by_its_code_in_any_language(
    made: type[psycopg.Error], kind: type[HuiminError], said: str
) -> None:
    found = translated(wrapped(made(FOREIGN)))
    assert type(found) is kind
    assert said in str(found)
    assert found.remedy


def test_of_a_connection_that_broke_nobody_says_that_nothing_has_changed() -> None:
    """It may have broken at the COMMIT."""
    for made in (errors.AdminShutdown, errors.ConnectionFailure):
        found = translated(wrapped(made(FOREIGN)))
        assert found is not None
        assert "什么都没有改变" not in found.remedy
        assert "--request" in found.remedy


def test_only_what_waits_for_another_writer_is_tried_again() -> None:
    assert is_busy(wrapped(errors.DeadlockDetected(FOREIGN)))
    assert is_busy(wrapped(errors.SerializationFailure(FOREIGN)))
    assert not is_busy(wrapped(errors.LockNotAvailable(FOREIGN)))
    assert not is_busy(wrapped(errors.DiskFull("database is locked")))


def test_a_failure_that_nobody_can_act_on_keeps_its_own_words() -> None:
    assert translated(wrapped(errors.DivisionByZero(FOREIGN))) is None


def test_a_broken_rule_of_a_file_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    """Its code has a full disk's digits in front: 1043 is a constraint's."""
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE a (b CHECK (b > 0))")
        with pytest.raises(sqlite3.IntegrityError) as broken:
            connection.execute("INSERT INTO a VALUES (0)")
    connection.close()
    assert translated(wrapped(broken.value)) is None
    broken.value.sqlite_errorcode = 1043
    assert translated(wrapped(broken.value)) is None


@pytest.fixture
def reader(url: str) -> Iterator[str]:
    """The address of somebody who may read a founded database, and no more."""
    with psycopg.connect(url, autocommit=True) as owner:
        name = sql.Identifier("huimin_reader")
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        every = sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}")
        owner.execute(every.format(name))
        info = owner.info
        yield f"postgresql://huimin_reader@/{info.dbname}?host={info.host}&port={info.port}"
        owner.execute(sql.SQL("DROP OWNED BY {}").format(name))
        owner.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_account_that_may_only_read_reads_and_is_refused_in_words(
    desk: Desk, reader: str
) -> None:
    number = desk.collect().number
    with Flow.open(reader, clock=desk.clock) as flow:
        assert flow.items.get(number).number == number
        with pytest.raises(StoreRefused, match="没有所需的权限") as refused:
            Desk(flow, desk.clock).collect()
    assert "授予" in refused.value.remedy
    assert len(desk.flow.items.list()) == 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_database_or_account_that_is_missing_is_not_called_unfounded(
    url: str,
) -> None:
    for missing in (f"{url}_nowhere", url.replace("postgres@", "huimin_nobody@")):
        assert missing != url
        with pytest.raises(StoreRefused, match=r"连接不上数据库:.*(nowhere|nobody)"):
            Flow.open(missing)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://127.0.0.1:1/nowhere", "Connection refused"),
        ("postgresql://huimin.invalid/nowhere", r"huimin\.invalid"),
    ],
)
def test_a_server_that_is_not_there_is_told_in_its_own_words(
    address: str, said: str
) -> None:
    with pytest.raises(StoreRefused, match=f"连接不上数据库:.*{said}") as refused:
        Flow.open(address)
    assert "网络" in refused.value.remedy
