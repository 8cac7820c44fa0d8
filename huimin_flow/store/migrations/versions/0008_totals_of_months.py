"""Running totals of ratings by month: a month is read alike, however many batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

TOTALS = sa.text(
    'UPDATE huimin_rating_month SET total = summed.total FROM ('
    'SELECT month, unit, level, batch, CAST(SUM(ratings) OVER ('
    'PARTITION BY month, unit, level ORDER BY batch) AS BIGINT) AS total '
    'FROM huimin_rating_month) AS summed '
    'WHERE summed.month = huimin_rating_month.month '
    'AND summed.unit = huimin_rating_month.unit '
    'AND summed.level = huimin_rating_month.level '
    'AND summed.batch = huimin_rating_month.batch'
)


def upgrade() -> None:
    """Apply."""
    op.add_column('huimin_rating_month', sa.Column('total', sa.BigInteger(), nullable=False, server_default='0'))
    op.execute(TOTALS)


def downgrade() -> None:
    """Undo."""
    op.drop_column('huimin_rating_month', 'total')
