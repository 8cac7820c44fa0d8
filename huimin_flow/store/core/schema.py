"""Making and upgrading the tables, by alembic, in one transaction."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Dialect,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.exc import CompileError, SAWarning
from sqlalchemy.schema import CreateSchema
from sqlalchemy.types import TypeEngine

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.store.core.history import HEAD, event_of, raw_bytes
from huimin_flow.store.core.logs import LOGS
from huimin_flow.store.core.repository import meta
from huimin_flow.store.core.tables import COUNTERS, EVENTS, META, RATINGS

if TYPE_CHECKING:
    from alembic.config import Config

#: Ours alone, whole: whoever asks for it here has every table declared.
METADATA = RATINGS.metadata

#: Alembic's own table, beside a host's without colliding.
VERSION_TABLE = "huimin_schema"

#: What a database is for; its founding event says which, for ever.
PURPOSES = frozenset({"production", "rehearsal"})

#: The schema that this code reads and writes.
CURRENT = "0001"


def without_huimin(
    name: str | None, type_: str, parent_names: Mapping[str, str | None]
) -> bool:
    """Tell the alembic of a host program to leave the tables of this engine alone.

    For ``include_name`` of ``context.configure`` in the host's ``env.py``: else
    ``alembic revision --autogenerate`` writes a ``drop_table`` for each of them.
    """
    table = name if type_ == "table" else parent_names.get("table_name")
    return not (table or "").startswith("huimin_")


def ours(name: str | None, kind: str, _: Any) -> bool:
    """Tell alembic to look at our tables only, never at a host's."""
    return kind != "table" or (name or "") in METADATA.tables


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - 0.2 s that only init needs

    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).parents[1] / "migrations")
    )
    config.attributes["connection"] = connection
    return config


def make(connection: Connection, *, purpose: str) -> bool:
    """Make the tables where they are missing; False if they were there.

    ``purpose`` is "production" or "rehearsal" and stays for ever.

    Raises:
        StoreRefused: if the database is newer or of another purpose.

    """
    from alembic import command  # noqa: PLC0415 - 0.2 s that only init needs

    logging.getLogger("alembic").setLevel(logging.WARNING)
    _make_schema(connection)
    version = schema_version(connection)
    if version is not None and version > CURRENT:
        raise StoreRefused(StoreCode.SCHEMA_NEWER, version=version)
    command.upgrade(_config(connection), CURRENT)
    if connection.execute(select(EVENTS.c.id).limit(1)).first() is None:
        connection.execute(insert(META), [{"key": "purpose", "value": purpose}])
        names = (HEAD, *(log.counter for log in LOGS))
        begun = [{"name": name, "value": 0} for name in names]
        connection.execute(insert(COUNTERS), begun)
        return True
    if require(connection) != purpose:
        raise StoreRefused(StoreCode.PURPOSE_FIXED)
    return False


def _make_schema(connection: Connection) -> None:
    """Make the one schema of PostgreSQL that the address names, if it names one."""
    if connection.dialect.name != "postgresql":
        return
    path = str(connection.exec_driver_sql("SHOW search_path").scalar())
    if path.isidentifier():
        connection.execute(CreateSchema(path, if_not_exists=True))


def schema_version(connection: Connection) -> str | None:
    """Return the schema's version, or None where ours was never made.

    Raises:
        StoreRefused: if a hand edit left something else than text.

    """
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version = connection.exec_driver_sql(
        "SELECT version_num FROM huimin_schema"
    ).scalar()
    if version is not None and not isinstance(version, str):
        raise StoreRefused(StoreCode.VERSION_UNREADABLE, version=repr(version))
    return version


def require(connection: Connection) -> str:
    """Return the database's purpose if this code can work with it.

    Raises:
        StoreRefused: if it was never made, is older or is newer, or no longer
            has the purpose it was founded for.

    """
    version = schema_version(connection)
    if version is None:
        raise StoreRefused(StoreCode.NOT_FOUNDED)
    if version != CURRENT:
        older = version < CURRENT
        why = StoreCode.SCHEMA_OLDER if older else StoreCode.SCHEMA_NEWER
        raise StoreRefused(why, version=version)
    return _purpose(connection)


def _purpose(connection: Connection) -> str:
    """Return what the database is for, as long as its founding says nothing else."""
    known = meta(connection, "purpose")
    said = founded_for(connection)
    if known not in PURPOSES or said not in {None, known}:
        raise StoreRefused(StoreCode.PURPOSE_CHANGED, purpose=repr(known))
    return str(known)


def founded_for(connection: Connection) -> str | None:
    """Return the purpose that the founding event states, None where there is none.

    An event that cannot be read states nothing here: the audit finds it.
    """
    query = select(EVENTS.c.header).where(
        EVENTS.c.stream == "rulebook", EVENTS.c.n == 1
    )
    header = connection.execute(query).scalar()
    try:
        said = event_of(raw_bytes(header)).public.get("purpose")
    except ValueError:
        return None
    return None if said is None else str(said)


def drift(connection: Connection) -> list[str]:
    """Return where the tables differ from what the code declares."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - doctor only
    from alembic.migration import MigrationContext  # noqa: PLC0415 - doctor only

    context = MigrationContext.configure(connection, opts={"include_name": ours})
    return [str(change) for change in compare_metadata(context, METADATA)]


#: By make, what the catalog names: kind, table, name.
_CATALOG = {
    "sqlite": """
        SELECT type, tbl_name, name FROM sqlite_master
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


def differences(connection: Connection) -> list[tuple[str, str, str]]:
    """Return where the schema differs: the place, what is there, what should be.

    A place is a table and what hangs on it; "" stands for what is not there.
    """
    there, expected = _there(connection), _expected(connection)
    return [
        (place, there.get(place, ""), expected.get(place, ""))
        for place in sorted({*there, *expected})
        if there.get(place) != expected.get(place)
    ]


def _expected(connection: Connection) -> dict[str, str]:
    """Return the parts that the code declares, by place."""
    parts = {f"{VERSION_TABLE} table": "table"}
    for name, table in METADATA.tables.items():
        parts[f"{name} table"] = "table"
        parts[f"{name} primary key"] = _list(table.primary_key.columns.keys())
        for column in table.columns:
            kind = _type(column.type, connection.dialect)
            parts[f"{name} column {column.name}"] = _kind(kind, column.nullable)
        for index in table.indexes:
            parts[f"{name} index {index.name}"] = _index(
                index.columns.keys(), index.unique
            )
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                columns = constraint.columns.keys()
                parts[f"{name} unique {constraint.name}"] = _list(columns)
    return parts


def _there(connection: Connection) -> dict[str, str]:
    """Return the parts that are there, by place; an odd name is no crash."""
    parts = {}
    ours = set()
    for kind, table, name in connection.execute(
        text(_CATALOG[connection.dialect.name])
    ):
        if kind == "table":
            ours.add(table)
            parts[f"{table} table"] = "table"
        else:
            parts[f"{table} {kind} {name}"] = kind
    with warnings.catch_warnings():
        # What cannot be told in columns stands in the catalog all the same.
        warnings.simplefilter("ignore", SAWarning)
        for table, answers in _reflected(connection).items():
            if table in METADATA.tables and table in ours:
                _describe(parts, table, answers)
    for name in (VERSION_TABLE, f"{VERSION_TABLE}_pkc"):
        parts.pop(f"{VERSION_TABLE} index {name}", None)
    return parts


def _reflected(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return what the database tells of each table: columns, keys, constraints."""
    look = inspect(connection)
    asked: dict[str, Any] = {
        "columns": look.get_multi_columns,
        "key": look.get_multi_pk_constraint,
        "indexes": look.get_multi_indexes,
        "unique": look.get_multi_unique_constraints,
        "check": look.get_multi_check_constraints,
        "foreign key": look.get_multi_foreign_keys,
    }
    tables: dict[str, dict[str, Any]] = {}
    for what, ask in asked.items():
        for (_, table), answer in ask(kind=ObjectKind.TABLE).items():
            tables.setdefault(table, {})[what] = answer
    for answers in tables.values():
        for column in answers["columns"]:
            column["type"] = _type(column["type"], connection.dialect)
    return tables


def _describe(parts: dict[str, str], table: str, answers: dict[str, Any]) -> None:
    key = answers["key"]
    parts[f"{table} primary key"] = _list(key["constrained_columns"])
    parts.pop(f"{table} index {key['name']}", None)
    for column in answers["columns"]:
        kind = _kind(column["type"], column["nullable"])
        parts[f"{table} column {column['name']}"] = kind
    for index in answers["indexes"]:
        place = f"{table} index {index['name']}"
        parts[place] = _index(index["column_names"], index["unique"])
    for unique in answers["unique"]:
        parts.pop(f"{table} index {unique['name']}", None)
        parts[f"{table} unique {unique['name']}"] = _list(unique["column_names"])
    for what in ("check", "foreign key"):
        for constraint in answers[what]:
            parts[f"{table} {what} {constraint['name']}"] = what


def _type(kind: TypeEngine[Any], dialect: Dialect) -> str:
    """Return how a database writes a type; one that nobody knows, by its class."""
    try:
        return kind.compile(dialect)
    except CompileError:
        return str(kind)


def _kind(kind: str, nullable: object) -> str:
    return kind if nullable else f"{kind} NOT NULL"


def _index(columns: list[Any], unique: object) -> str:
    return ("unique " if unique else "") + _list(columns)


def _list(columns: list[Any]) -> str:
    return f"({', '.join(map(str, columns))})"
