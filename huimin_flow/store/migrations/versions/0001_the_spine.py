"""The spine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('huimin_appeal',
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('district', sa.Text(), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('life_stage', sa.Text(), nullable=False),
    sa.Column('text_commitment', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('batch', 'line'),
    sa.UniqueConstraint('channel', 'key', name='huimin_appeal_channel_key')
    )
    op.create_table('huimin_appeal_text',
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('batch', 'line')
    )
    op.create_table('huimin_attachment',
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('about', 'digest')
    )
    op.create_table('huimin_counter',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('huimin_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=True),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=True),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('header', sa.LargeBinary(), nullable=False),
    sa.Column('leaf', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('position', name='huimin_event_position'),
    sa.UniqueConstraint('stream', 'n', name='huimin_event_stream_n'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('huimin_event', schema=None) as batch_op:
        batch_op.create_index('huimin_event_step', ['step', 'position'], unique=False)

    op.create_table('huimin_heartbeat',
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('service')
    )
    op.create_table('huimin_item',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('stars', sa.Integer(), nullable=True),
    sa.Column('edition', sa.Text(), nullable=True),
    sa.Column('merged_into', sa.Text(), nullable=True),
    sa.Column('collected_on', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    with op.batch_alter_table('huimin_item', schema=None) as batch_op:
        batch_op.create_index('huimin_item_merged_into', ['merged_into'], unique=False)
        batch_op.create_index('huimin_item_state', ['state', 'unit'], unique=False)

    op.create_table('huimin_job_run',
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('due', sa.Text(), nullable=False),
    sa.Column('ran', sa.Text(), nullable=False),
    sa.Column('late_seconds', sa.BigInteger(), nullable=False),
    sa.Column('cut', sa.BigInteger(), nullable=False),
    sa.Column('rulebook', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('job', 'period')
    )
    op.create_table('huimin_link',
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('item', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('batch', 'line')
    )
    with op.batch_alter_table('huimin_link', schema=None) as batch_op:
        batch_op.create_index('huimin_link_appeal', ['channel', 'key'], unique=False)
        batch_op.create_index('huimin_link_item', ['item'], unique=False)

    op.create_table('huimin_meta',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('huimin_payload',
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('stream', 'n')
    )
    op.create_table('huimin_progress',
    sa.Column('batch', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('item', sa.Text(), nullable=False),
    sa.Column('task', sa.Text(), nullable=False),
    sa.Column('indicator', sa.Text(), nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('denominator', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('batch', 'line')
    )
    with op.batch_alter_table('huimin_progress', schema=None) as batch_op:
        batch_op.create_index('huimin_progress_item', ['item', 'month'], unique=False)

    op.create_table('huimin_record',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    with op.batch_alter_table('huimin_record', schema=None) as batch_op:
        batch_op.create_index('huimin_record_kind', ['kind', 'about'], unique=False)

    op.create_table('huimin_refusal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('reasons', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_table('huimin_request',
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('request')
    )
    op.create_table('huimin_rulebook',
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('digest')
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('huimin_rulebook')
    op.drop_table('huimin_request')
    op.drop_table('huimin_refusal')
    with op.batch_alter_table('huimin_record', schema=None) as batch_op:
        batch_op.drop_index('huimin_record_kind')

    op.drop_table('huimin_record')
    with op.batch_alter_table('huimin_progress', schema=None) as batch_op:
        batch_op.drop_index('huimin_progress_item')

    op.drop_table('huimin_progress')
    op.drop_table('huimin_payload')
    op.drop_table('huimin_meta')
    with op.batch_alter_table('huimin_link', schema=None) as batch_op:
        batch_op.drop_index('huimin_link_item')
        batch_op.drop_index('huimin_link_appeal')

    op.drop_table('huimin_link')
    op.drop_table('huimin_job_run')
    with op.batch_alter_table('huimin_item', schema=None) as batch_op:
        batch_op.drop_index('huimin_item_state')
        batch_op.drop_index('huimin_item_merged_into')

    op.drop_table('huimin_item')
    op.drop_table('huimin_heartbeat')
    with op.batch_alter_table('huimin_event', schema=None) as batch_op:
        batch_op.drop_index('huimin_event_step')

    op.drop_table('huimin_event')
    op.drop_table('huimin_counter')
    op.drop_table('huimin_attachment')
    op.drop_table('huimin_appeal_text')
    op.drop_table('huimin_appeal')
