"""Making and upgrading the tables, by alembic, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.schema import CreateSchema

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.store.history import EVENTS, HEAD, event_of, raw_bytes
from huimin_flow.store.logs import LOGS
from huimin_flow.store.rating_tables import RATINGS
from huimin_flow.store.repository import COUNTERS, META, meta

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
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
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
