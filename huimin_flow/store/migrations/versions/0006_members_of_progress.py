"""Members of a set that progress names; rows without them keep their bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('huimin_progress', sa.Column('members', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('huimin_progress') as table:
        table.drop_column('members')
