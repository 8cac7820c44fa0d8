"""Make the table of letters."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request", sa.String(64), nullable=False, unique=True),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("item", sa.String(16), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("letter")
