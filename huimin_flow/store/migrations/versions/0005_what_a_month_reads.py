"""Voices by their time: a month's are one range, however many there are."""

from __future__ import annotations

from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index('huimin_appeal_at', 'huimin_appeal', ['at', 'district', 'channel', 'batch'])


def downgrade() -> None:
    """Undo."""
    op.drop_index('huimin_appeal_at', 'huimin_appeal')
