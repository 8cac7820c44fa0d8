"""The host's own migrations; they leave the engine's tables alone."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from examples.fastapi_host.letters import OURS
from huimin_flow import without_huimin

url = context.config.get_main_option("sqlalchemy.url", "sqlite:///letters.db")
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(
        connection=connection, target_metadata=OURS, include_name=without_huimin
    )
    with context.begin_transaction():
        context.run_migrations()
