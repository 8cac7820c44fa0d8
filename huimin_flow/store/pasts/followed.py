"""What waits for a unit at a cut: orders, decisions, practices, findings, ratings (F3).

Each line has one narrow read. A cut of None is now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

from sqlalchemy import Connection

from huimin_flow.catalogue.terms import (
    DigestKind,
    EngagementState,
    OrderState,
    ReplicationState,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.replication import Replication
from huimin_flow.model.improving.reviews import Decision, DigestLine
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.improving import replication
from huimin_flow.rules.improving import reviews as rules
from huimin_flow.rules.services.follow_ups import answer_deadlines, answers_due
from huimin_flow.store import pasts
from huimin_flow.store.services.follow_ups import acts_on_bad_ratings

#: By unit the lines of one heading.
Lines = defaultdict[str, list[DigestLine]]

#: The states of supervision orders that are still open.
_OPEN_ORDERS = (OrderState.RECEIVED, OrderState.ANSWERED, OrderState.RETURNED)


def add_followed(
    connection: Connection,
    late: Lines,
    owed: Lines,
    day: date,
    cut: int | None,
    book: Rulebook,
) -> None:
    """Add the orders and decisions open on a day: late ones, and those still owed."""
    kind, heir = StreamKind.SUPERVISION_ORDER, book.organization.heir
    for order in pasts.records_at(connection, kind, SupervisionOrder, None, cut):
        if order.state in _OPEN_ORDERS and order.received_on <= day:
            days = max((day - order.due).days, 0)
            line = DigestLine(
                kind=DigestKind.ORDER, subject=order.key, since=order.due, days=days
            )
            (late if days else owed)[heir(order.unit, day)].append(line)
    kind = StreamKind.DECISION
    for made in pasts.records_at(connection, kind, Decision, None, cut):
        if made.state not in rules.ENDED and made.decided_on <= day:
            days = rules.days_late(made, day)
            line = DigestLine(
                kind=DigestKind.DECISION, subject=made.key, since=made.due, days=days
            )
            (late if days else owed)[heir(made.unit, day)].append(line)


def add_asked(
    connection: Connection,
    late: Lines,
    owed: Lines,
    day: date,
    cut: int | None,
    book: Rulebook,
    activations: Sequence[Activation],
) -> None:
    """Add the practices about which a unit has not answered: late ones, and others."""
    kind = StreamKind.REPLICATION
    for asked in pasts.records_at(connection, kind, Replication, None, cut):
        if asked.state is ReplicationState.PROPOSED and asked.proposed_on <= day:
            dated = replication.dated(asked, activations, day)
            line = DigestLine(
                kind=DigestKind.REPLICATION, subject=asked.key, since=dated.due
            )
            unit = book.organization.heir(asked.unit, day)
            (late if dated.overdue else owed)[unit].append(line)


def add_judged(
    connection: Connection,
    late: Lines,
    owed: Lines,
    day: date,
    cut: int | None,
    book: Rulebook,
    activations: Sequence[Activation],
) -> None:
    """Add the findings of third parties that have no answer, or whose action is open.

    A finding waits for the unit of the item, its action for the unit that does it.
    """
    heir = book.organization.heir
    known = [
        made
        for made in pasts.records_at(
            connection, StreamKind.ENGAGEMENT, Engagement, None, cut
        )
        if made.reported_on is not None
        and made.reported_on <= day
        and made.state is not EngagementState.CALLED_OFF
    ]
    items = pasts.items_at(connection, {made.item for made in known}, cut)
    for made in known:
        open_: Counter[tuple[DigestKind, str, date | None]] = Counter()
        if unanswered := len(made.unanswered()):
            due = None
            with suppress(CalendarMissing):
                since = made.reported_on or day
                due = deadline(since, activations, _answer_days)
            unit = heir(items[made.item].unit, day)
            open_[DigestKind.UNANSWERED_REPORT, unit, due] = unanswered
        for action in (each.action for each in made.undone()):
            if action is not None:
                unit = heir(action.unit, day)
                open_[DigestKind.UNDONE_REPORT, unit, action.due] += 1
        for (kind, unit, due), many in open_.items():
            past = 0 if due is None else max((day - due).days, 0)
            line = DigestLine(
                kind=kind, subject=made.key, count=many, since=due, days=past
            )
            (late if past else owed)[unit].append(line)


def _answer_days(book: Rulebook) -> int:
    return book.improving.engagements.answer_days.value


def add_rated(
    connection: Connection,
    late: Lines,
    day: date,
    cut: int | None,
    book: Rulebook,
    activations: Sequence[Activation],
) -> None:
    """Add how many answers to bad ratings were overdue at the end of a day (D3)."""
    overdue: defaultdict[str, list[date]] = defaultdict(list)
    after, due = day + timedelta(days=1), answers_due(activations)
    for rating, acts in acts_on_bad_ratings(
        connection, after=after, since=after, cut=cut
    ):
        for task in answer_deadlines(local_day(rating.at), acts, due):
            if task.closed is None and task.due is not None and task.due < day:
                overdue[book.organization.heir(rating.unit, day)].append(task.due)
    for unit, dues in overdue.items():
        line = DigestLine(
            kind=DigestKind.RATINGS,
            subject="",
            count=len(dues),
            since=min(dues),
            days=(day - min(dues)).days,
        )
        late[unit].append(line)
