"""The schema as it lies in a database, against the one that the code declares.

Only what is ours is looked at: names that begin with ``huimin_``, and whatever
hangs on our tables. What a host keeps beside us is nobody's business here.
"""

from __future__ import annotations

import warnings
from typing import Any

from sqlalchemy import Connection, Dialect, UniqueConstraint, inspect, text
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.exc import CompileError, SAWarning
from sqlalchemy.types import TypeEngine

from huimin_flow.store.schema import METADATA, VERSION_TABLE

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
