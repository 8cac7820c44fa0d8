"""Peers that do a comparable act in the same run: the extra ``bench`` installs them.

Each changes one item durably and keeps what happened, with its own means, in SQLite
with the same journal mode and level as ours. A peer that is not installed is skipped.

- django-fsm: load, a transition, save, a history row, in one transaction. No hash, no
  rulebook, no roles, no idempotency.
- eventsourcing: load an aggregate with its events, one more event. No read model.
- DBOS: a workflow with one transaction that loads, changes and keeps a history row.
- procrastinate, on PostgreSQL: a job is deferred, one row and what its triggers add.
"""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

from bench.harness import Variant, skipped

#: How many times as fast as a peer an act of ours is to be, by CPU: all wait for the
#: same disk, and the slower it is, the more alike they are.
BOUNDS = {"django-fsm + history row": 1.5, "DBOS transaction": 5.0}

ITEMS = 10


def on_sqlite(
    folder: Path, pieces: int, mode: str, level: str, stack: ExitStack
) -> list[Variant]:
    """Return the peers that are installed, each on a file of its own."""
    variants = []
    fewer = max(1, pieces // 4)
    for name, make, count in (
        ("django-fsm + history row", _django, pieces),
        ("eventsourcing aggregate", _eventsourcing, pieces),
        ("DBOS transaction", _dbos, fewer),  # each waits several times for the disk
    ):
        try:
            act = make(folder, mode, level, stack)
        except ModuleNotFoundError as missing:
            skipped(f"amend, {mode}/{level}", name, f"{missing.name} is not installed")
            continue
        variants.append(Variant(name, partial(_block, act, count), count))
    return variants


def _block(act: Callable[[int], None], pieces: int, block: int) -> None:
    for k in range(block * pieces, (block + 1) * pieces):
        act(k)


def _title(k: int) -> str:
    return f"零工市场缺少遮雨候工区{k}"


def _pragmas(mode: str, level: str) -> str:
    return f"PRAGMA journal_mode={mode};PRAGMA synchronous={level};"


def _django(
    folder: Path, mode: str, level: str, stack: ExitStack
) -> Callable[[int], None]:
    item, history = _django_models()
    from django.db import connections, transaction  # noqa: PLC0415 - may be missing

    alias = mode.lower()
    connections.settings[alias] = connections.configure_settings(
        {
            "default": {},
            alias: {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "django.db"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": _pragmas(mode, level),
                },
            },
        }
    )[alias]
    stack.callback(connections[alias].close)
    with connections[alias].schema_editor() as editor:
        editor.create_model(item)
        editor.create_model(history)
    for k in range(ITEMS):
        item.objects.using(alias).create(title=_title(k), pk=k)

    def act(k: int) -> None:
        with transaction.atomic(using=alias):
            current = item.objects.using(alias).get(pk=k % ITEMS)
            source = current.state
            current.amend(_title(k))
            current.save(using=alias)
            history.objects.using(alias).create(
                item=current,
                step="amend",
                source=source,
                target=current.state,
                actor="op-500101",
                data=json.dumps({"title": current.title}, ensure_ascii=False),
            )

    return act


@cache
def _django_models() -> tuple[Any, Any]:
    """Return the models of an item and of its history, made once a process."""
    import django  # noqa: PLC0415 - may be missing
    from django.conf import settings  # noqa: PLC0415 - as above

    if not settings.configured:  # where django-fsm is missing, this runs once more
        settings.configure(DATABASES={}, USE_TZ=True)
        django.setup()
    from django.db import models  # noqa: PLC0415 - needs the settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it advertises its successor
        from django_fsm import FSMField, transition  # noqa: PLC0415 - as above

    class Item(models.Model):
        title = models.TextField()
        state = FSMField(default="collected")
        version = models.IntegerField(default=1)

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return str(self.title)

        @transition(field=state, source="collected", target="collected")
        def amend(self, title: str) -> None:
            self.title = title
            self.version += 1

    class History(models.Model):
        item = models.ForeignKey(Item, on_delete=models.PROTECT)
        step = models.TextField()
        source = models.TextField()
        target = models.TextField()
        actor = models.TextField()
        at = models.DateTimeField(auto_now_add=True)
        data = models.TextField()

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return f"{self.step} {self.at}"

    return Item, History


@cache
def _aggregate() -> Any:
    """Return the class of an aggregate, made once a process: it has one name."""
    from eventsourcing.domain import Aggregate, event  # noqa: PLC0415 - may be missing

    class Demand(Aggregate):
        @event("Collected")
        def __init__(self, title: str) -> None:
            self.title = title

        @event("Amended")
        def amend(self, title: str) -> None:
            self.title = title

    return Demand


def _eventsourcing(
    folder: Path, mode: str, level: str, stack: ExitStack
) -> Callable[[int], None]:
    from eventsourcing.application import Application  # noqa: PLC0415 - may be missing
    from eventsourcing.sqlite import SQLiteConnectionPool  # noqa: PLC0415 - as above

    aggregate = _aggregate()
    # It knows no setting for them: each new connection is given ours.
    connect = SQLiteConnectionPool._create_connection  # noqa: SLF001 - as said

    def durable(pool: Any) -> Any:
        made = connect(pool)
        made._sqlite_conn.executescript(_pragmas(mode, level))  # noqa: SLF001 - as said
        return made

    setattr(SQLiteConnectionPool, "_create_connection", durable)  # noqa: B010 - its type
    stack.callback(setattr, SQLiteConnectionPool, "_create_connection", connect)
    app: Any = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / "eventsourcing.db"),
        }
    )
    stack.callback(app.close)
    keys = []
    for k in range(ITEMS):
        demand = aggregate(_title(k))
        app.save(demand)
        keys.append(demand.id)

    def act(k: int) -> None:
        demand = app.repository.get(keys[k % ITEMS])
        demand.amend(_title(k))
        app.save(demand)

    return act


def _dbos(
    folder: Path, mode: str, level: str, stack: ExitStack
) -> Callable[[int], None]:
    from dbos import DBOS, SQLAlchemyDatasource  # noqa: PLC0415 - may be missing
    from sqlalchemy import create_engine, event, text  # noqa: PLC0415 - with it

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.executescript(_pragmas(mode, level))
        connection.execute("PRAGMA busy_timeout=30000")
        connection.isolation_level = "IMMEDIATE"

    def engine(name: str) -> tuple[str, Any]:
        url = f"sqlite:///{folder / name}"
        made = create_engine(url)
        event.listen(made, "connect", prepare)
        stack.callback(made.dispose)
        return url, made

    url, system = engine("dbos-system.db")
    DBOS(
        config={
            "name": "bench",
            "system_database_url": url,
            "system_database_engine": system,
            "log_level": "ERROR",
            "application_version": "1",
        }
    )
    url, own = engine("dbos.db")
    with own.begin() as connection:
        connection.execute(text("CREATE TABLE item (id INTEGER PRIMARY KEY, title)"))
        connection.execute(text("CREATE TABLE history (item, step, actor, data)"))
        rows = [{"id": k, "title": _title(k)} for k in range(ITEMS)]
        connection.execute(text("INSERT INTO item VALUES (:id, :title)"), rows)
    source = SQLAlchemyDatasource.create(url, engine=own)

    def change(k: int) -> None:
        session = source.sql_session()
        at = {"id": k % ITEMS, "title": _title(k)}
        session.execute(text("SELECT title FROM item WHERE id = :id"), at).one()
        session.execute(text("UPDATE item SET title = :title WHERE id = :id"), at)
        data = json.dumps({"title": at["title"]}, ensure_ascii=False)
        session.execute(
            text("INSERT INTO history VALUES (:id, 'amend', 'op-500101', :data)"),
            {"id": at["id"], "data": data},
        )

    @DBOS.workflow(name=f"amend-{mode}")
    def amend(k: int) -> None:
        source.run_tx_step(None, change, k)

    DBOS.launch()
    stack.callback(DBOS.destroy)
    act: Callable[[int], None] = amend
    return act


def on_postgresql(url: str, stack: ExitStack) -> Callable[[int], object] | None:
    """Return what defers one job of procrastinate, or None if it is not installed."""
    try:
        from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415 - may lack
    except ModuleNotFoundError as missing:
        skipped("PostgreSQL", "procrastinate", f"{missing.name} is not installed")
        return None
    app = App(connector=SyncPsycopgConnector(conninfo=url))
    stack.enter_context(app.open())
    app.schema_manager.apply_schema()

    @app.task(name="amend")
    def amend(title: str) -> str:
        return title

    return lambda k: amend.defer(title=_title(k))
