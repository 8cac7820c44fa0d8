"""The script that alembic runs, always on the caller's connection."""

from __future__ import annotations

from alembic import context

from huimin_flow.store.core.tables import METADATA
from huimin_flow.store.schema import VERSION_TABLE, ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    include_name=ours,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
