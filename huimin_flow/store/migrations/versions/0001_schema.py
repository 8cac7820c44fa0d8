"""The schema of release 0.1.0; it imports no code of ours: no code can change it.

Each change of the tables is a migration of its own, and this file does not change.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

_BAD = sa.text("level IN ('dissatisfied', 'very_dissatisfied')")


def _columns(*names: str, kind: Any, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


_text, _int = partial(_columns, kind=sa.Text()), partial(_columns, kind=sa.Integer())
_long, _bytes = partial(_columns, kind=sa.BigInteger()), partial(_columns, kind=sa.LargeBinary())
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _table(name: str, key: str, *parts: Any, **options: Any) -> None:
    """Create a table with the columns of its primary key, which are words."""
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key.split()), **options)


def _sequences() -> list[str]:
    """Return the sequences of PostgreSQL, where counter rows would make others wait."""
    years = range(2020, 2050)
    kinds = ('item', 'deliberation', 'proposal', 'reading')
    return ['huimin_batch', *(f'huimin_{kind}_{year}' for kind in kinds for year in years)]


def upgrade() -> None:
    """Create every table, and the sequences of PostgreSQL."""
    if op.get_bind().dialect.name == 'postgresql':
        for name in _sequences():
            op.execute(sa.schema.CreateSequence(sa.Sequence(name)))
    _table('huimin_answer', 'batch line',
        *_long('batch'), *_int('line'), *_text('channel', 'key'), *_int('n'),
        *_text('step'), *_text('kind', null=True), *_text('unit', 'at'),
        *_int('days', null=True), *_text('reason', 'item', 'text_commitment'),
        sa.UniqueConstraint('channel', 'key', 'n', name='huimin_answer_appeal'))
    _table('huimin_answer_text', 'batch line',
        *_long('batch'), *_int('line'), *_bytes('sealed'))
    _table('huimin_appeal', 'batch line',
        *_long('batch'), *_int('line'),
        *_text('channel', 'key', 'who', 'district', 'town', 'village', 'point', 'at'),
        *_text('life_stage', 'text_commitment'),
        sa.UniqueConstraint('channel', 'key', name='huimin_appeal_channel_key'))
    op.create_index('huimin_appeal_at', 'huimin_appeal', ['at', 'district', 'channel', 'batch'])
    named = sa.text("point <> ''")
    op.create_index('huimin_appeal_point', 'huimin_appeal', ['point', 'at'],
        sqlite_where=named, postgresql_where=named)
    _table('huimin_appeal_text', 'batch line',
        *_long('batch'), *_int('line'), *_bytes('sealed'))
    _table('huimin_attachment', 'about digest',
        *_text('about', 'digest'), *_long('size'), *_text('name'))
    _table('huimin_business', 'batch line',
        *_long('batch'), *_int('line'), *_text('feed', 'service', 'unit', 'month'),
        *_long('value'), *_text('measured_at'))
    op.create_index('huimin_business_month', 'huimin_business', ['month', 'unit'])
    _table('huimin_counter', 'name', *_text('name'), *_long('value'))
    _table('huimin_data_key', 'subject', *_text('subject'), *_bytes('wrapped'))
    _table('huimin_cursor', 'consumer', *_text('consumer'), *_long('position'), *_text('at'))
    _table('huimin_delivery', 'destination position recipient',
        *_text('destination'), *_long('position'), *_text('recipient', 'state'),
        *_long('attempts'), *_text('due', 'error'))
    op.create_index('huimin_delivery_state', 'huimin_delivery', ['state', 'destination', 'position'])
    _table('huimin_destination', 'name',
        *_text('name'), *_long('position', 'epoch'), *_text('owner', 'lease'),
        *_text('failing', 'sent', null=True))
    _table('huimin_event', 'id',
        sa.Column('id', _SERIAL, autoincrement=True, nullable=False),
        *_long('position', null=True), *_text('stream'), *_int('n'), *_text('step'),
        *_text('target', null=True), *_text('at', 'request'), *_bytes('header', 'leaf'),
        sa.UniqueConstraint('position', name='huimin_event_position'),
        sa.UniqueConstraint('stream', 'n', name='huimin_event_stream_n'),
        sqlite_autoincrement=True)
    op.create_index('huimin_event_at', 'huimin_event', ['at', 'position'])
    op.create_index('huimin_event_step', 'huimin_event', ['step', 'position'])
    _table('huimin_gathered', 'batch line',
        *_long('batch'), *_int('line'),
        *_text('channel', 'key', 'outcome', 'item'),
        *_text('group_channel', 'group_key', 'near_channel', 'near_key'),
        *_int('score'), *_text('evidence'))
    op.create_index('huimin_gathered_appeal', 'huimin_gathered', ['channel', 'key'])
    op.create_index('huimin_gathered_group', 'huimin_gathered', ['group_channel', 'group_key'])
    repeated = sa.text("outcome IN ('again', 'repeat')")
    op.create_index('huimin_gathered_repeat', 'huimin_gathered', ['outcome'], sqlite_where=repeated, postgresql_where=repeated)
    _table('huimin_heartbeat', 'service', *_text('service', 'at', 'detail'))
    _table('huimin_item', 'number',
        *_text('number'), *_int('version'), *_text('state', 'unit', 'area', 'origin'),
        *_int('stars', null=True), *_text('edition', 'merged_into', null=True),
        *_text('collected_on', 'body'),
        *_text('continues', 'responds_to', 'arises_from', 'split_from', null=True))
    for name in ('arises_from', 'continues', 'merged_into', 'responds_to', 'split_from'):
        named = sa.text(f'{name} IS NOT NULL')
        op.create_index(f'huimin_item_{name}', 'huimin_item', [name], sqlite_where=named, postgresql_where=named)
    op.create_index('huimin_item_state', 'huimin_item', ['state', 'unit'])
    _table('huimin_job_failure', 'job period',
        *_text('job', 'period', 'due', 'first', 'last'), *_long('attempts'),
        *_text('error', 'reasons'))
    _table('huimin_job_run', 'job period',
        *_text('job', 'period', 'due', 'ran'), *_long('late_seconds', 'cut'),
        *_text('rulebook', 'result'))
    _table('huimin_link', 'batch line',
        *_long('batch'), *_int('line'), *_text('channel', 'key', 'item'))
    op.create_index('huimin_link_appeal', 'huimin_link', ['channel', 'key'])
    op.create_index('huimin_link_item', 'huimin_link', ['item'])
    _table('huimin_meta', 'key', *_text('key', 'value'))
    _table('huimin_own_field', 'item key', *_text('item', 'key', 'text'))
    op.create_index('huimin_own_field_text', 'huimin_own_field', ['key', 'text', 'item'])
    _table('huimin_payload', 'stream n',
        *_text('stream'), *_int('n'), *_bytes('salt'), *_text('body'))
    _table('huimin_posting', 'batch line',
        *_long('batch'), *_int('line'), *_bytes('body'), *_int('waiting'))
    waiting = sa.text('waiting = 1')
    op.create_index('huimin_posting_waiting', 'huimin_posting', ['waiting'], sqlite_where=waiting, postgresql_where=waiting)
    _table('huimin_progress', 'batch line',
        *_long('batch'), *_int('line'), *_text('item', 'task', 'indicator', 'month'),
        *_long('value'), *_long('denominator', null=True),
        *_text('note', 'evidence', 'members', 'correction', 'feed', 'measured_at'))
    op.create_index('huimin_progress_item', 'huimin_progress', ['item', 'month'])
    _table('huimin_rating', 'batch line',
        *_long('batch'), *_int('line'),
        *_text('transaction', 'unit', 'item', 'window', 'person', 'who', 'channel', 'level', 'at'),
        sa.UniqueConstraint('transaction', name='huimin_rating_transaction'),
        sqlite_with_rowid=False)
    op.create_index('huimin_rating_bad', 'huimin_rating', ['at', 'unit'], sqlite_where=_BAD, postgresql_where=_BAD)
    _table('huimin_rating_coverage', 'month item channel batch',
        *_text('month', 'item', 'channel'),
        *_long('batch', 'ratings', 'windows', 'people'),
        sqlite_with_rowid=False)
    _table('huimin_rating_month', 'month unit level batch',
        *_text('month', 'unit', 'level'), *_long('batch', 'ratings', 'total'),
        sqlite_with_rowid=False)
    _table('huimin_rating_score', 'day unit level batch',
        *_text('day', 'unit', 'level'), *_long('batch', 'ratings'),
        sqlite_with_rowid=False)
    _table('huimin_record', 'key', *_text('key', 'kind', 'about'), *_int('version'), *_text('body'))
    op.create_index('huimin_record_kind', 'huimin_record', ['kind', 'about'])
    _table('huimin_refusal', 'id',
        sa.Column('id', _SERIAL, autoincrement=True, nullable=False),
        *_text('at', 'actor', 'act', 'about', 'reasons'), *_long('n', null=True),
        *_bytes('leaf', null=True),
        sqlite_autoincrement=True)
    op.create_index('huimin_refusal_n', 'huimin_refusal', ['n'], unique=True)
    _table('huimin_request', 'request',
        *_text('request', 'act', 'answer'), *_long('n', null=True),
        *_bytes('leaf', null=True))
    op.create_index('huimin_request_n', 'huimin_request', ['n'], unique=True)
    _table('huimin_rulebook', 'digest', *_text('digest', 'body'))
    _table('huimin_survey_answer', 'batch line',
        *_long('batch'), *_int('line'), *_text('survey', 'code'), *_int('n'),
        *_text('level', 'gain', 'happiness', 'safety', 'belonging', 'reason'),
        sa.UniqueConstraint('survey', 'code', 'n', name='huimin_survey_answer_once'))
    _table('huimin_survey_code', 'batch line',
        *_long('batch'), *_int('line'), *_text('survey', 'code'),
        sa.UniqueConstraint('survey', 'code', name='huimin_survey_code_drawn'))
