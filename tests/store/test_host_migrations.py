"""A host program's own migrations leave the tables of this engine alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from huimin_flow import without_huimin
from huimin_flow.audit.verify import verify
from huimin_flow.flow.core.door import door_of
from huimin_flow.store import schema
from huimin_flow.store.core.tables import METADATA
from huimin_flow.testing import Desk
from tests.flow.core.test_host import plain

#: An env.py as alembic makes it, shortened; what a host adds is filled in.
ENV = """
from alembic import context
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine
from sqlalchemy.pool import NullPool
{imported}

ours = MetaData()
Table("host_case", ours, Column("id", Integer, primary_key=True), Column("name", Text))
url = context.config.get_main_option("sqlalchemy.url")
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=ours, {added})
    with context.begin_transaction():
        context.run_migrations()
"""

SCRIPT = """
from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
"""


@pytest.fixture
def project(tmp_path: Path, url: str) -> Config:
    """A throw-away host project with its migrations, one of them written by hand."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "script.py.mako").write_text(SCRIPT)
    config = Config()
    config.set_main_option("script_location", str(folder))
    address = plain(url).url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    config.attributes["env"] = folder / "env.py"
    return config


def written(project: Config, *, imported: str = "", added: str = "") -> str:
    """Return the migration that the host's own autogenerate writes."""
    project.attributes["env"].write_text(ENV.format(imported=imported, added=added))
    made = command.revision(project, "cases", autogenerate=True)
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path).read_text()


def test_autogenerate_writes_the_hosts_table_and_nothing_of_ours(
    desk: Desk, project: Config, url: str
) -> None:
    number = desk.collect().number
    script = written(
        project,
        imported="from huimin_flow import without_huimin",
        added="include_name=without_huimin",
    )
    assert "host_case" in script
    assert "huimin" not in script
    command.upgrade(project, "head")
    command.check(project)
    assert desk.flow.items.get(number).number == number
    assert door_of(desk.flow).read(verify).clean
    assert door_of(desk.flow).read(schema.differences) == []
    host = plain(url)
    assert inspect(host).has_table("host_case")
    host.dispose()


def test_without_it_autogenerate_would_drop_every_table(
    desk: Desk, project: Config
) -> None:
    """What the helper is for: alembic drops what no metadata of the host declares."""
    assert desk.collect()
    script = written(project)
    for table in [*METADATA.tables, schema.VERSION_TABLE]:
        assert f"op.drop_table('{table}')" in script
        assert not without_huimin(table, "table", {})
        assert not without_huimin("any", "index", {"table_name": table})
    assert without_huimin("host_case", "table", {})
    assert without_huimin("any", "column", {"table_name": "host_case"})
    assert without_huimin(None, "schema", {})
