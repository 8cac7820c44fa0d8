"""The released schema; it imports no code of ours, so that no code can change it.

Before the first release it is changed in place. After that, each change of the tables
is a migration of its own, and this file does not change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

_BAD = sa.text("level IN ('dissatisfied', 'very_dissatisfied')")


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _int(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def _long(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=null) for name in names]


def _bytes(*names: str, null: bool = False) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=null) for name in names]


def _sequences() -> list[str]:
    """Return the sequences of PostgreSQL, where counter rows would make others wait."""
    years = range(2020, 2050)
    kinds = ('item', 'deliberation', 'proposal')
    return ['huimin_batch', *(f'huimin_{kind}_{year}' for kind in kinds for year in years)]


def upgrade() -> None:
    """Create every table, and the sequences of PostgreSQL."""
    if op.get_bind().dialect.name == 'postgresql':
        for name in _sequences():
            op.execute(sa.schema.CreateSequence(sa.Sequence(name)))
    op.create_table(
        'huimin_appeal',
        *_long('batch'),
        *_int('line'),
        *_text('channel', 'key', 'who', 'district', 'at', 'life_stage', 'text_commitment'),
        sa.PrimaryKeyConstraint('batch', 'line'),
        sa.UniqueConstraint('channel', 'key', name='huimin_appeal_channel_key'),
    )
    op.create_index('huimin_appeal_at', 'huimin_appeal', ['at', 'district', 'channel', 'batch'])
    op.create_table(
        'huimin_appeal_text',
        *_long('batch'),
        *_int('line'),
        *_bytes('salt'),
        *_text('body'),
        sa.PrimaryKeyConstraint('batch', 'line'),
    )
    op.create_table(
        'huimin_attachment',
        *_text('about', 'digest'),
        *_long('size'),
        *_text('name'),
        sa.PrimaryKeyConstraint('about', 'digest'),
    )
    op.create_table(
        'huimin_counter',
        *_text('name'),
        *_long('value'),
        sa.PrimaryKeyConstraint('name'),
    )
    op.create_table(
        'huimin_event',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
        *_long('position', null=True),
        *_text('stream'),
        *_int('n'),
        *_text('step'),
        *_text('target', null=True),
        *_text('at', 'request'),
        *_bytes('header', 'leaf'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('position', name='huimin_event_position'),
        sa.UniqueConstraint('stream', 'n', name='huimin_event_stream_n'),
        sqlite_autoincrement=True,
    )
    op.create_index('huimin_event_at', 'huimin_event', ['at', 'position'])
    op.create_index('huimin_event_step', 'huimin_event', ['step', 'position'])
    op.create_table(
        'huimin_heartbeat',
        *_text('service', 'at', 'detail'),
        sa.PrimaryKeyConstraint('service'),
    )
    op.create_table(
        'huimin_item',
        *_text('number'),
        *_int('version'),
        *_text('state', 'unit', 'area', 'origin'),
        *_int('stars', null=True),
        *_text('edition', 'merged_into', null=True),
        *_text('collected_on', 'body'),
        *_text('continues', 'responds_to', 'arises_from', 'split_from', null=True),
        sa.PrimaryKeyConstraint('number'),
    )
    for name in ('arises_from', 'continues', 'merged_into', 'responds_to', 'split_from'):
        named = sa.text(f'{name} IS NOT NULL')
        op.create_index(f'huimin_item_{name}', 'huimin_item', [name], sqlite_where=named, postgresql_where=named)
    op.create_index('huimin_item_state', 'huimin_item', ['state', 'unit'])
    op.create_table(
        'huimin_job_failure',
        *_text('job', 'period', 'due', 'first', 'last'),
        *_long('attempts'),
        *_text('error', 'reasons'),
        sa.PrimaryKeyConstraint('job', 'period'),
    )
    op.create_table(
        'huimin_job_run',
        *_text('job', 'period', 'due', 'ran'),
        *_long('late_seconds', 'cut'),
        *_text('rulebook', 'result'),
        sa.PrimaryKeyConstraint('job', 'period'),
    )
    op.create_table(
        'huimin_link',
        *_long('batch'),
        *_int('line'),
        *_text('channel', 'key', 'item'),
        sa.PrimaryKeyConstraint('batch', 'line'),
    )
    op.create_index('huimin_link_appeal', 'huimin_link', ['channel', 'key'])
    op.create_index('huimin_link_item', 'huimin_link', ['item'])
    op.create_table(
        'huimin_meta',
        *_text('key', 'value'),
        sa.PrimaryKeyConstraint('key'),
    )
    op.create_table(
        'huimin_payload',
        *_text('stream'),
        *_int('n'),
        *_bytes('salt'),
        *_text('body'),
        sa.PrimaryKeyConstraint('stream', 'n'),
    )
    op.create_table(
        'huimin_progress',
        *_long('batch'),
        *_int('line'),
        *_text('item', 'task', 'indicator', 'month'),
        *_long('value'),
        *_long('denominator', null=True),
        *_text('note', 'evidence', 'members'),
        sa.PrimaryKeyConstraint('batch', 'line'),
    )
    op.create_index('huimin_progress_item', 'huimin_progress', ['item', 'month'])
    op.create_table(
        'huimin_rating',
        *_long('batch'),
        *_int('line'),
        *_text('transaction', 'unit', 'item', 'window', 'person', 'who', 'channel', 'level', 'at'),
        sa.PrimaryKeyConstraint('batch', 'line'),
        sa.UniqueConstraint('transaction', name='huimin_rating_transaction'),
        sqlite_with_rowid=False,
    )
    op.create_index('huimin_rating_bad', 'huimin_rating', ['at', 'unit'], sqlite_where=_BAD, postgresql_where=_BAD)
    op.create_table(
        'huimin_rating_coverage',
        *_text('month', 'item', 'channel'),
        *_long('batch', 'ratings', 'windows', 'people'),
        sa.PrimaryKeyConstraint('month', 'item', 'channel', 'batch'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'huimin_rating_month',
        *_text('month', 'unit', 'level'),
        *_long('batch', 'ratings', 'total'),
        sa.PrimaryKeyConstraint('month', 'unit', 'level', 'batch'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'huimin_rating_score',
        *_text('day', 'unit', 'level'),
        *_long('batch', 'ratings'),
        sa.PrimaryKeyConstraint('day', 'unit', 'level', 'batch'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'huimin_record',
        *_text('key', 'kind', 'about'),
        *_int('version'),
        *_text('body'),
        sa.PrimaryKeyConstraint('key'),
    )
    op.create_index('huimin_record_kind', 'huimin_record', ['kind', 'about'])
    op.create_table(
        'huimin_refusal',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
        *_text('at', 'actor', 'act', 'about', 'reasons'),
        *_long('n', null=True),
        *_bytes('leaf', null=True),
        sa.PrimaryKeyConstraint('id'),
        sqlite_autoincrement=True,
    )
    op.create_index('huimin_refusal_n', 'huimin_refusal', ['n'], unique=True)
    op.create_table(
        'huimin_request',
        *_text('request', 'act', 'answer'),
        *_long('n', null=True),
        *_bytes('leaf', null=True),
        sa.PrimaryKeyConstraint('request'),
    )
    op.create_index('huimin_request_n', 'huimin_request', ['n'], unique=True)
    op.create_table(
        'huimin_rulebook',
        *_text('digest', 'body'),
        sa.PrimaryKeyConstraint('digest'),
    )
