"""The SQLModel classes of the rows: one for each table, and what the table holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import select as selected
from sqlalchemy.schema import CreateIndex
from sqlmodel import Session, SQLModel, select

import huimin_flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store import rows
from huimin_flow.store.core.engine import open_engine
from huimin_flow.store.core.tables import EVENTS, METADATA, RATINGS
from huimin_flow.testing import Desk

KINDS: list[Any] = [kind for name, kind in vars(rows).items() if name.endswith("Row")]
CLASSES = {kind.__tablename__: kind for kind in KINDS if kind is not rows.Row}


def test_every_table_has_a_class_of_its_rows() -> None:
    assert set(CLASSES) == set(METADATA.tables)
    for name, kind in CLASSES.items():
        assert kind.__table__ is METADATA.tables[name]
        assert list(kind.model_fields) == METADATA.tables[name].columns.keys()
    assert not set(METADATA.tables) & set(SQLModel.metadata.tables)


def test_every_table_is_declared_in_one_module() -> None:
    """Else a copy or a check would miss those whose module nobody has loaded yet."""
    declaring = [
        path.name
        for path in Path(huimin_flow.__file__).parent.rglob("*.py")
        if re.search(r'\bTable\(\s*"huimin_', path.read_text("utf-8"))
    ]
    assert declaring == ["tables.py"]


def test_a_row_read_as_a_class_is_the_row_of_the_table(desk: Desk) -> None:
    number = desk.collect().number
    own: Engine = door_of(desk.flow).own
    with Session(own) as session:
        item = session.exec(select(rows.ItemRow)).one()
        assert (item.number, item.state, item.edition) == (number, "collected", None)
        events = session.exec(select(rows.EventRow).order_by(EVENTS.c.id)).all()
        plain = session.connection().execute(selected(EVENTS).order_by(EVENTS.c.id))
        assert [event.model_dump() for event in events] == [
            dict(row) for row in plain.mappings()
        ]


def test_created_by_metadata_the_index_of_bad_ratings_has_its_condition(
    url: str,
) -> None:
    engine = open_engine(url, create=True)
    (index,) = RATINGS.indexes
    with engine.connect() as connection:
        RATINGS.dispatch.before_create(RATINGS, connection)
    made = str(CreateIndex(index).compile(dialect=engine.dialect))
    assert made.endswith(" WHERE level IN ('dissatisfied', 'very_dissatisfied')")
    engine.dispose()
