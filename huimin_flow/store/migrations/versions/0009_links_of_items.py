"""The items above an item, in columns of their own: found from above by an index."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

LINKS = ('continues', 'responds_to', 'arises_from', 'split_from')


def upgrade() -> None:
    """Apply."""
    for link in LINKS:
        op.add_column('huimin_item', sa.Column(link, sa.Text(), nullable=True))
        op.create_index(f'huimin_item_{link}', 'huimin_item', [link], unique=False)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Take each item's links out of its body."""
    columns = [sa.column(one) for one in ('number', 'body', *LINKS)]
    item = sa.table('huimin_item', *columns)
    found = connection.execute(sa.select(item.c.number, item.c.body))
    for number, body in found.all():
        told = json.loads(body)
        links = {one: told[one] for one in LINKS if told.get(one) is not None}
        if links:
            query = sa.update(item).where(item.c.number == number)
            connection.execute(query.values(links))


def downgrade() -> None:
    """Undo."""
    for link in LINKS:
        op.drop_index(f'huimin_item_{link}', 'huimin_item')
    with op.batch_alter_table('huimin_item') as table:
        for link in LINKS:
            table.drop_column(link)
