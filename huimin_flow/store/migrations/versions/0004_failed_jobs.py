"""Failures of jobs, cuts found by time, and a rollup that some databases lack.

The table of 0002 that sums ratings by month came into 0002 after databases had
been made with it, so it is made here where it is missing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

MONTHS = sa.text(
    'INSERT INTO huimin_rating_month (month, unit, level, batch, ratings) '
    'SELECT substr(day, 1, 7), unit, level, batch, SUM(ratings) '
    'FROM huimin_rating_score GROUP BY substr(day, 1, 7), unit, level, batch'
)


def upgrade() -> None:
    """Apply."""
    op.create_table('huimin_job_failure',
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('due', sa.Text(), nullable=False),
    sa.Column('first', sa.Text(), nullable=False),
    sa.Column('last', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('remedy', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('job', 'period')
    )
    op.create_index('huimin_event_at', 'huimin_event', ['at', 'position'], unique=False)
    if not sa.inspect(op.get_bind()).has_table('huimin_rating_month'):
        op.create_table('huimin_rating_month',
        sa.Column('month', sa.Text(), nullable=False),
        sa.Column('unit', sa.Text(), nullable=False),
        sa.Column('level', sa.Text(), nullable=False),
        sa.Column('batch', sa.BigInteger(), nullable=False),
        sa.Column('ratings', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('month', 'unit', 'level', 'batch'),
        sqlite_with_rowid=False
        )
        op.execute(MONTHS)


def downgrade() -> None:
    """Undo."""
    op.drop_index('huimin_event_at', table_name='huimin_event')
    op.drop_table('huimin_job_failure')
