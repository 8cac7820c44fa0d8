"""Creation and upgrade of the tables, by alembic, in one transaction."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import CompileError, SAWarning
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.history import HEAD, event_of, raw_bytes
from huimin_flow.store.core.logs import LOGS
from huimin_flow.store.core.tables import COUNTERS, EVENTS, META, METADATA

#: The name of alembic's own table; it does not collide with a host's.
VERSION_TABLE = "huimin_schema"

#: The purposes of a database; its founding event states one, and it never changes.
PURPOSES = frozenset({"production", "rehearsal"})

#: The schema version that this code reads and writes.
CURRENT = "0001"


def without_huimin(
    name: str | None, type_: str, parent_names: Mapping[Any, str | None]
) -> bool:
    """Tell the alembic of a host program to ignore the tables of this engine.

    Use it as ``include_name`` of ``context.configure`` in the host's ``env.py``.
    Otherwise ``alembic revision --autogenerate`` writes a ``drop_table`` for each.
    """
    table = name if type_ == "table" else parent_names.get("table_name")
    return not (table or "").startswith("huimin_")


def ours(name: str | None, kind: str, _: Any) -> bool:
    """Tell alembic to read only our tables, never a host's."""
    return kind != "table" or (name or "") in METADATA.tables


def make(connection: Connection, *, purpose: str) -> bool:
    """Create missing tables; return False if the database was founded before.

    ``purpose`` is "production" or "rehearsal" and never changes.

    Raises:
        StoreRefused: if the database is newer or has another purpose.

    """
    from alembic import command  # noqa: PLC0415 - takes 0.2 s, only init needs it
    from alembic.config import Config  # noqa: PLC0415 - as above

    logging.getLogger("alembic").setLevel(logging.WARNING)
    if connection.dialect.name == "postgresql":
        # The schema in the address, if there is one.
        path = str(connection.exec_driver_sql("SHOW search_path").scalar())
        if path.isidentifier():
            connection.execute(CreateSchema(path, if_not_exists=True))
    version = schema_version(connection)
    if version is not None and version > CURRENT:
        raise StoreRefused(StoreCode.SCHEMA_NEWER, version=version)
    config = Config(attributes={"connection": connection})
    migrations = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(migrations))
    command.upgrade(config, CURRENT)
    if connection.execute(select(EVENTS.c.id).limit(1)).first() is None:
        connection.execute(sa.insert(META), [{"key": "purpose", "value": purpose}])
        names = (HEAD, *(log.counter for log in LOGS))
        counters = [{"name": name, "value": 0} for name in names]
        connection.execute(sa.insert(COUNTERS), counters)
        return True
    if require(connection) != purpose:
        raise StoreRefused(StoreCode.PURPOSE_FIXED)
    return False


def schema_version(connection: Connection) -> str | None:
    """Return the schema's version, or None if our tables do not exist.

    Raises:
        StoreRefused: if the version is not text after a manual edit.

    """
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    version = connection.exec_driver_sql(
        "SELECT version_num FROM huimin_schema"
    ).scalar()
    return None if version is None else _readable(version)


def is_writable(connection: Connection) -> bool:
    """Tell whether this account may write to a server's database."""
    query = (
        "SELECT NOT pg_is_in_recovery()"
        " AND has_table_privilege('huimin_event', 'INSERT')"
    )
    return bool(connection.exec_driver_sql(query).scalar())


def _readable(version: object) -> str:
    if not isinstance(version, str):
        raise StoreRefused(StoreCode.VERSION_UNREADABLE, version=repr(version))
    return version


def require(connection: Connection) -> str:
    """Return the database's purpose if this code can work with it.

    Raises:
        StoreRefused: if it was not founded, has an older or newer schema, or no
            longer has the purpose of its founding event.

    """
    if not _FOUNDED.scalar(connection):
        raise StoreRefused(StoreCode.NOT_FOUNDED)
    version, purpose, header = _STATE.row(connection)
    if version is None:
        raise StoreRefused(StoreCode.NOT_FOUNDED)
    version = _readable(version)
    if version != CURRENT:
        older = version < CURRENT
        code = StoreCode.SCHEMA_OLDER if older else StoreCode.SCHEMA_NEWER
        raise StoreRefused(code, version=version)
    if purpose not in PURPOSES or _stated(header) not in {None, purpose}:
        raise StoreRefused(StoreCode.PURPOSE_CHANGED, purpose=repr(purpose))
    return str(purpose)


#: Whether our tables exist; to ask what doesn't exist would end a host's transaction.
_FOUNDED = Statement(
    lambda dialect: sa.text(
        "SELECT to_regclass('huimin_schema') IS NOT NULL"
        if dialect == "postgresql"
        else "SELECT 1 FROM sqlite_master WHERE name = 'huimin_schema'"
    )
)

_FIRST = select(EVENTS.c.header).where(EVENTS.c.stream == "rulebook", EVENTS.c.n == 1)
_PURPOSE = select(META.c.value).where(META.c.key == "purpose")
_STATE = Statement(
    select(
        sa.text("(SELECT version_num FROM huimin_schema)"),
        _PURPOSE.scalar_subquery(),
        _FIRST.scalar_subquery(),
    )
)


def _stated(header: object) -> str | None:
    """Return the purpose that a founding event states, None for an unreadable one."""
    try:
        purpose = event_of(raw_bytes(header)).public.get("purpose")
    except ValueError:
        return None
    return None if purpose is None else str(purpose)


#: By database system, the query of the catalog: kind, table, name; SQLite's statement.
_CATALOG = {
    "sqlite": """
        SELECT type, tbl_name, name, sql FROM sqlite_master
        WHERE tbl_name LIKE 'huimin\\_%' ESCAPE '\\'
          AND name NOT LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'
    """,
    "postgresql": """
        SELECT CASE relkind WHEN 'r' THEN 'table' ELSE 'view' END, relname, relname
        FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
          AND relnamespace = CAST(current_schema() AS regnamespace)
          AND relname LIKE 'huimin\\_%'
        UNION ALL
        SELECT 'trigger', c.relname, t.tgname
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relname LIKE 'huimin\\_%'
          AND c.relnamespace = CAST(current_schema() AS regnamespace)
        UNION ALL
        SELECT 'index', tablename, indexname FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename LIKE 'huimin\\_%'
        UNION ALL
        SELECT 'rule', tablename, rulename FROM pg_rules
        WHERE schemaname = current_schema() AND tablename LIKE 'huimin\\_%'
        UNION ALL
        SELECT 'policy', tablename, policyname FROM pg_policies
        WHERE schemaname = current_schema() AND tablename LIKE 'huimin\\_%'
    """,
}


#: All that is reflected on PostgreSQL, as its catalogs have it, in one round trip.
_SHAPE = """
    WITH ours AS (
        SELECT oid, relname FROM pg_class WHERE relname LIKE 'huimin\\_%'
          AND relnamespace = CAST(current_schema() AS regnamespace)
    )
    SELECT relname, attname, format_type(atttypid, atttypmod), CAST(attnotnull AS text)
    FROM ours JOIN pg_attribute ON attrelid = oid WHERE attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT relname, conname, CAST(contype AS text), CAST(conkey AS text)
    FROM ours JOIN pg_constraint ON conrelid = ours.oid
    UNION ALL
    SELECT tablename, indexname, indexdef, '' FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename LIKE 'huimin\\_%'
"""

#: Shapes of servers' databases that were reflected, and did not differ.
_WHOLE: set[frozenset[Any]] = set()


def differences(connection: Connection) -> list[tuple[str, str, str]]:
    """Return the differences of the schema: place, stored part, expected part.

    A place is a table and one of its parts; "" means that the part is missing. On
    SQLite nothing is reflected if the stored statements are those of the code, on
    PostgreSQL if the process has reflected the same catalogs and found them whole.
    """
    if connection.dialect.name == "sqlite":
        return [] if _is_as_declared(connection) else _reflected(connection)
    queries = (_CATALOG["postgresql"], _SHAPE)
    shape = frozenset(
        tuple(row) for query in queries for row in connection.execute(sa.text(query))
    )
    if shape in _WHOLE:
        return []
    found = _reflected(connection)
    if not found:
        _WHOLE.add(shape)
    return found


def _reflected(connection: Connection) -> list[tuple[str, str, str]]:
    expected = {f"{VERSION_TABLE} table": "table"}
    for table in METADATA.tables.values():
        expected |= {f"{table.name} table": "table"} | _parts(table, connection.dialect)
    there = _stored_parts(connection)
    return [
        (place, there.get(place, ""), expected.get(place, ""))
        for place in sorted({*there, *expected})
        if there.get(place) != expected.get(place)
    ]


def _is_as_declared(connection: Connection) -> bool:
    """Tell whether a file's schema consists of exactly the declared statements."""
    stored = connection.execute(sa.text(_CATALOG["sqlite"]))
    statements = {(kind, name): _lines(sql) for kind, _, name, sql in stored}
    return statements.pop(("table", VERSION_TABLE), None) is not None and (
        statements == _declared()
    )


@cache
def _declared() -> dict[tuple[str, str], list[str]]:
    """Return the lines of each statement that makes our tables and indexes."""
    dialect = sqlite.dialect()
    declared = {}
    for table in METADATA.tables.values():
        statement = CreateTable(table).compile(dialect=dialect)
        declared["table", table.name] = _lines(str(statement))
        for index in table.indexes:
            statement = CreateIndex(index).compile(dialect=dialect)
            declared["index", str(index.name)] = _lines(str(statement))
    return declared


def _lines(statement: object) -> list[str]:
    """Return a statement's lines without their order: constraints have none."""
    lines = (line.strip().removesuffix(",") for line in str(statement).splitlines())
    return sorted(filter(None, lines))


def _stored_parts(connection: Connection) -> dict[str, str]:
    """Return the parts of the stored schema by place."""
    catalog = connection.execute(sa.text(_CATALOG[connection.dialect.name])).all()
    parts = {
        f"{table} table" if kind == "table" else f"{table} {kind} {name}": kind
        for kind, table, name, *_ in catalog
    }
    reflected = sa.MetaData()
    with warnings.catch_warnings():
        # A part that can't be reflected is in the catalog nevertheless.
        warnings.simplefilter("ignore", SAWarning)
        reflected.reflect(
            connection,
            only=lambda name, _: name in METADATA.tables and f"{name} table" in parts,
            resolve_fks=False,
        )
    for table in reflected.tables.values():
        # The index of a key is not a separate part.
        for constraint in table.constraints:
            if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
                parts.pop(f"{table.name} index {constraint.name}", None)
        parts |= _parts(table, connection.dialect)
    for name in (VERSION_TABLE, f"{VERSION_TABLE}_pkc"):
        parts.pop(f"{VERSION_TABLE} index {name}", None)
    return parts


def _parts(table: sa.Table, dialect: sa.Dialect) -> dict[str, str]:
    """Return the parts of a declared or reflected table, by place."""
    parts = {}
    for column in table.columns:
        try:
            kind = column.type.compile(dialect)
        except CompileError:  # an unknown type
            kind = str(column.type)
        parts[f"column {column.name}"] = kind if column.nullable else f"{kind} NOT NULL"
    for index in table.indexes:
        unique = "unique " if index.unique else ""
        # A stored condition has other spellings.
        kinds = index.dialect_options.values()
        some = any(options.get("where") is not None for options in kinds)
        rows = " of some rows" if some else ""
        parts[f"index {index.name}"] = unique + _column_list(index) + rows
    parts["primary key"] = _column_list(table.primary_key)
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            parts[f"unique {constraint.name}"] = _column_list(constraint)
        elif isinstance(constraint, sa.CheckConstraint):
            parts[f"check {constraint.name}"] = "check"
        elif isinstance(constraint, sa.ForeignKeyConstraint):
            parts[f"foreign key {constraint.name}"] = "foreign key"
    return {f"{table.name} {place}": part for place, part in parts.items()}


def _column_list(part: sa.Index | sa.PrimaryKeyConstraint | sa.UniqueConstraint) -> str:
    return f"({', '.join(part.columns.keys())})"
