"""A world in which every table has rows, on either make of database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Fault, FeedWay, SenderKind, State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import StepRefused, StoreRefused
from huimin_flow.exchange.core.senders import Parcel, SendFailed
from huimin_flow.flow import Flow
from huimin_flow.model.core.canonical import commitment
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.executing.feeds import FedFigure
from huimin_flow.model.extensions import Extension
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Due
from huimin_flow.settings.outbox import DestinationSettings, OutboxSettings
from huimin_flow.store.core import history
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import keep_failure, tick
from huimin_flow.timetable.sending import send_due
from tests.ratings import some

#: A job that isn't done yet, of a time when this world has ended.
_OWED = Due(
    job="monthly_score",
    period="2099-01",
    at=datetime(2099, 2, 5, 9, tzinfo=UTC),
    missed="run",
    title="",
)


class Money(BaseModel):
    """What a host keeps of an item."""

    code: str = ""


#: It makes nothing harder: audits here are made without it, and name it as absent.
FUNDS = Extension(name="funds", label="资金", english="funds", revision=1, fields=Money)

#: Some units of each kind that is ranked, and who screens, decides and audits. With
#: every district's list and score, each audit would take twice as long.
UNITS = {
    *("500101", "500102", "500103", "500106", "DIV-JYC", "DIV-RCB"),
    *("FA-LJXQ", "FA-GXQ", "AG-SBJ", "OFFICE", "AUDITOR"),
}


def small(book: Rulebook) -> Rulebook:
    """Return a rulebook of a bureau with fewer units."""
    whole = book.organization
    few = replace(
        whole,
        units=tuple(one for one in whole.units if one.code in UNITS),
        people=tuple(one for one in whole.people if one.unit in UNITS),
    )
    assert {one.code for one in few.units} == UNITS
    return replace(book, organization=few)


SALT, SAID = b"0" * 16, "仅供经办人查看".encode()


@contextmanager
def private_parts() -> Iterator[None]:
    """Keep a private part beside every event: no act of today does."""
    append = history.append

    def with_part(connection: Any, event: Any, **more: Any) -> Any:
        kept = replace(event, private=commitment(SALT, SAID).hex())
        return append(connection, kept, payload=(SALT, SAID), **more)

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(history, "append", with_part)
        yield


def _send(flow: Flow, desk: Desk) -> None:
    """Send all changes so far; the first one fails, and a person gives it up."""
    portal = DestinationSettings(
        name="portal", sender=SenderKind.WEBHOOK, url="https://x", from_start=True
    )
    settings = OutboxSettings(
        destinations=(portal,), attempts=Figure(value=1, source="ours")
    )

    def takes(parcel: Parcel) -> None:
        if parcel.position == 1:
            raise SendFailed(Fault.REFUSED)

    send_due(flow, settings, "a", senders={"portal": takes})
    flow.deliveries.abandon("portal", 1, "门户不收", by=desk.office)


def _feed(flow: Flow, desk: Desk) -> None:
    """Let another system bring business of last month, for each service item."""
    feed = flow.feeds.register(
        "cases",
        "业务库",
        "智慧人社",
        "OFFICE",
        FeedWay.FILE,
        citywide=True,
        by=desk.office,
    )
    items = flow.rulebook.active().services.items[:3]
    figures = [
        FedFigure(month="2023-09", value=50, service=one.key, unit=UNIT)
        for one in items
    ]
    made = flow.feeds.deliver(feed.key, figures, desk.clock.now(), by=desk.office)
    assert made.kept == len(figures)


def live(url: str, book: Rulebook, shelf: Path) -> None:
    """Fill a new database at ``url``, its files in ``shelf``."""
    clock = RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)
    brought: Any = {"extensions": (FUNDS,), "clock": clock}
    book = replace(book, extensions={FUNDS.name: {}})
    Flow.found(url, book, rehearsal=True, **brought).close()
    with Flow.open(url, attachments=shelf, **brought) as flow:
        desk = Desk(flow, clock)
        number = desk.bring(State.ADJUSTED).number
        with private_parts():
            desk.bring(State.SCREENED)
        for n in range(3):
            desk.flow.once(f"ask-{n}").appeals.add_all(desk.appeals(2), by=desk.office)
            with pytest.raises(StepRefused):
                desk.execute(number)
        flow.gathering.run(by=desk.office)
        told = flow.answers.list(unit="500101")[0]
        flow.answers.give(told.key, "已办。", channel=told.channel, by=desk.operator)
        flow.items.attach(number, "纪要.txt", "会议纪要".encode(), by=desk.office)
        flow.ratings.add(some(9), by=desk.office)
        _feed(flow, desk)
        own = desk.collect().number
        flow.items.annotate(own, {"funds.code": "A-1"}, by=desk.operator_of(own))
        flow.changes.acknowledge("portal", 3, by=desk.office)
        _send(flow, desk)
        stricter = replace(book, timetable=book.timetable[::-1])
        flow.proposals.propose_rulebook(stricter, by=desk.office)
        item = desk.bring(State.ASSIGNED)
        flow.tasks.excuse(item.number, "T1", "汛期停工", by=desk.actor("leader-1"))
        clock.set(at_hour(date(2023, 12, 20), 9))
        tick(flow, clock.now())
        keep_failure(flow, _OWED, StoreRefused(StoreCode.DISK_FULL))
