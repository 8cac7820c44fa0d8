"""Evidence of progress; rows without it keep their bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('huimin_progress', sa.Column('evidence', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('huimin_progress') as table:
        table.drop_column('evidence')
