"""Ratings and their rollups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BAD_LEVELS = sa.text("level IN ('dissatisfied', 'very_dissatisfied')")


def upgrade() -> None:
    """Apply."""
    op.create_table('huimin_rating',
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('transaction', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('item', sa.Text(), nullable=False),
    sa.Column('window', sa.Text(), nullable=False),
    sa.Column('person', sa.Text(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('batch', 'line'),
    sa.UniqueConstraint('transaction', name='huimin_rating_transaction'),
    sqlite_with_rowid=False
    )
    op.create_index('huimin_rating_bad', 'huimin_rating', ['at', 'unit'], unique=False,
                    sqlite_where=BAD_LEVELS, postgresql_where=BAD_LEVELS)
    op.create_table('huimin_rating_score',
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('ratings', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'unit', 'level', 'batch'),
    sqlite_with_rowid=False
    )
    op.create_table('huimin_rating_month',
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('ratings', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'unit', 'level', 'batch'),
    sqlite_with_rowid=False
    )
    op.create_table('huimin_rating_coverage',
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('item', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('ratings', sa.BigInteger(), nullable=False),
    sa.Column('windows', sa.BigInteger(), nullable=False),
    sa.Column('people', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'item', 'channel', 'batch'),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('huimin_rating_coverage')
    op.drop_table('huimin_rating_month')
    op.drop_table('huimin_rating_score')
    op.drop_index('huimin_rating_bad', table_name='huimin_rating')
    op.drop_table('huimin_rating')
