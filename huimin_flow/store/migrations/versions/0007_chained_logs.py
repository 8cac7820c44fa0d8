"""Refusals and first answers are chained, row by row; old ones as they lie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from huimin_flow.store import logs


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table in ('huimin_refusal', 'huimin_request'):
        op.add_column(table, sa.Column('n', sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column('leaf', sa.LargeBinary(), nullable=True))
        op.create_index(f'{table}_n', table, ['n'], unique=True)
    for log in logs.LOGS:
        logs.chain(op.get_bind(), log)


def downgrade() -> None:
    """Undo."""
    for table in ('huimin_refusal', 'huimin_request'):
        op.drop_index(f'{table}_n', table_name=table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('leaf')
            batch_op.drop_column('n')
    op.execute("DELETE FROM huimin_counter WHERE name IN ('refusal', 'request')")
