"""On PostgreSQL an auditor's role reads everything and can write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk

ROLES = Path(__file__).parent.parent.parent / "deploy" / "postgresql-roles.sql"

#: What its own commands call for, by a superuser before and afterwards.
BEFORE = (
    "CREATE ROLE huimin LOGIN",
    "CREATE DATABASE huimin OWNER huimin ENCODING 'UTF8' TEMPLATE template0",
)
AUDITOR = (
    "CREATE ROLE zhangsan LOGIN IN ROLE huimin_audit",
    "CREATE ROLE stranger LOGIN",
)
AFTER = (
    "DROP DATABASE IF EXISTS huimin WITH (FORCE)",
    "DROP ROLE IF EXISTS zhangsan",
    "DROP ROLE IF EXISTS stranger",
    "DROP ROLE IF EXISTS huimin_audit",
    "DROP ROLE IF EXISTS huimin",
)


@pytest.fixture
def roles(server: str) -> Iterator[dict[str, str]]:
    """The URL of a database by the role that opens it."""
    with closing(psycopg.connect(f"{server}/postgres", autocommit=True)) as owner:
        for statement in BEFORE:
            owner.execute(statement)
        try:
            with psycopg.connect(f"{server}/huimin", autocommit=True) as within:
                within.execute(ROLES.read_text("utf-8").encode())
            for statement in AUDITOR:
                owner.execute(statement)
            yield {
                role: server.replace("postgres@", f"{role}@") + "/huimin"
                for role in ("huimin", "zhangsan", "stranger")
            }
        finally:
            for statement in AFTER:
                owner.execute(statement)


#: What changes a row, a table, a number, a right, or what others wait for.
WRITES = (
    "INSERT INTO huimin_meta VALUES ('a', 'b')",
    "UPDATE huimin_meta SET value = value",
    "DELETE FROM huimin_event",
    "TRUNCATE huimin_event",
    "COPY huimin_meta FROM PROGRAM 'echo'",
    "COPY huimin_meta TO '/tmp/huimin_meta'",
    "SELECT * FROM huimin_meta FOR UPDATE",
    "SELECT * FROM huimin_meta FOR SHARE",
    "LOCK TABLE huimin_event IN SHARE MODE",
    "LOCK TABLE huimin_event IN EXCLUSIVE MODE",
    "SELECT nextval('huimin_event_id_seq')",
    "SELECT setval('huimin_event_id_seq', 1)",
    "CREATE TABLE huimin_own (a int)",
    "CREATE TEMPORARY TABLE huimin_event (a int)",
    "CREATE VIEW huimin_own AS SELECT 1",
    "CREATE SCHEMA own",
    "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE INDEX own ON huimin_event (stream)",
    "ALTER TABLE huimin_event ADD COLUMN own int",
    "ALTER TABLE huimin_event DISABLE TRIGGER ALL",
    "DROP TABLE huimin_event",
    "COMMENT ON TABLE huimin_event IS 'own'",
    "ALTER TABLE huimin_event OWNER TO zhangsan",
    "SET ROLE huimin",
    "SET SESSION AUTHORIZATION huimin",
    "ALTER ROLE zhangsan SUPERUSER",
)

READING = (
    ["item", "list"],
    ["list", "list"],
    ["proposal", "list"],
    ["audit", "verify"],
    ["audit", "replay", "--all"],
    ["audit", "refusals"],
)


def test_an_auditors_role_reads_all_and_every_way_to_write_raises(
    roles: dict[str, str],
    book: Rulebook,
    clock: RehearsalClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Flow.found(roles["huimin"], book, rehearsal=True, clock=clock) as flow:
        number = Desk(flow, clock).collect().number
    reader = psycopg.connect(roles["zhangsan"], autocommit=True)
    with closing(reader):
        (sequence,) = reader.execute(
            "SELECT pg_get_serial_sequence('huimin_event', 'id')"
        ).fetchone() or (None,)
        assert sequence is not None
        for statement in WRITES:
            asked = statement.replace("huimin_event_id_seq", sequence)
            refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
            with refused, reader.transaction():
                reader.execute(asked.encode())
    for words in (*READING, ["item", "show", number]):
        assert invoke([*words, "--db", roles["zhangsan"]]) == 0, capsys.readouterr()
    act = f"item reject {number} --reason infeasible --by op-500101".split()
    assert invoke([*act, "--db", roles["zhangsan"]]) == 1
    assert "没有所需的权限" in capsys.readouterr().err
    with Flow.open(roles["huimin"], clock=clock) as flow:
        assert flow.items.get(number).state.value == "collected"


def test_an_auditors_reading_does_not_make_the_service_wait(
    roles: dict[str, str], book: Rulebook, clock: RehearsalClock
) -> None:
    with Flow.found(roles["huimin"], book, rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        with (
            Flow.open(roles["zhangsan"], read_only=True) as read,
            read.snapshot() as now,
        ):
            assert now.items.list() == []
            desk.collect()
            assert now.items.list() == []
        assert len(flow.items.list()) == 1


def test_other_roles_do_not_even_connect(roles: dict[str, str]) -> None:
    with pytest.raises(psycopg.OperationalError, match="CONNECT"):
        psycopg.connect(roles["stranger"])
