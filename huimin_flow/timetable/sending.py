"""Sending what was recorded: the service looks each minute what is due and sends it.

Between a delivery's sending and its mark there is no transaction: see
``flow.outbox.deliveries`` for what holds.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from huimin_flow.catalogue.terms import (
    Fault,
    RecordStep,
    Role,
    SenderKind,
    StreamKind,
    Via,
)
from huimin_flow.errors import HuiminError, StoreBusy
from huimin_flow.exchange.core.senders import Parcel, Sender, SendFailed, to_folder
from huimin_flow.exchange.core.senders.mail import to_server
from huimin_flow.exchange.core.senders.webhook import to_url
from huimin_flow.exchange.improving.digests import TYPES, files
from huimin_flow.flow import Flow
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.door import Door, door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.reviewing.digests import digest_of
from huimin_flow.flow.outbox import deliveries
from huimin_flow.flow.outbox.changes import changes_of
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.flow.todo.proposals import proposals
from huimin_flow.model.core.changes import FeedChange, Lease, SendAttempt, SendResult
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.improving.digests import Digests
from huimin_flow.reports.core.outbox import mail_of
from huimin_flow.reports.improving.digests import (
    paper_html,
    paper_of,
    paper_subject,
    paper_text,
)
from huimin_flow.reports.improving.reviews import subject_names
from huimin_flow.settings import config_folder, load_settings
from huimin_flow.settings.outbox import DestinationSettings, OutboxSettings, secret_of
from huimin_flow.store import outbox
from huimin_flow.store.core.history import event_of, moment_of, raw_bytes

#: How many changes become deliveries in one transaction.
_AT_ONCE: Final = 500

#: How many deliveries of a destination one look sends; the others wait for the next.
_MOST: Final = 2000

#: The faults that lie, or may lie, in what is sent: they end in a dead letter. With any
#: other the destination takes nothing, and all wait.
_OF_THE_CHANGE: Final = frozenset(
    {Fault.REFUSED, Fault.NO_CHANGE, Fault.NO_RECIPIENT, Fault.UNFORESEEN}
)

_LOG = logging.getLogger(__name__)


def sender_of(
    destination: DestinationSettings, settings: OutboxSettings, *, rehearsal: bool
) -> Sender:
    """Return what sends to a destination.

    A rehearsal calls nothing but what listens on the machine itself, wherever the
    settings would send: its story is nobody's business.
    """
    seconds = float(settings.timeout_seconds.value)
    hosts = ("127.0.0.1", "::1", "localhost") if rehearsal else settings.hosts
    if destination.sender is SenderKind.FILE:
        return to_folder(Path(destination.folder))
    if destination.sender is SenderKind.WEBHOOK:
        url = destination.url
        return to_url(url, lambda: secret_of(destination), hosts, seconds)
    return to_server(
        destination.host,
        destination.port,
        destination.mail_from,
        hosts,
        seconds,
        user=destination.user,
        password=lambda: secret_of(destination),
        plain=destination.plain,
    )


def send(flow: Flow, folder: Path | None = None) -> list[SendResult]:
    """Send what is due to the destinations of a folder's ``huimin.yaml``, once.

    Call it after ``tick``: the folder's default is as of ``config_folder``. A failure
    is in the result, and is tried again by a later call.

    Raises:
        ConfigRefused: for settings that don't fit.
        StoreBusy: if another process holds the database; the next call goes on.
        StoreRefused: for a Flow that is bound, or is that of a service: between a
            delivery's sending and its mark no transaction may be open.

    """
    door = door_of(flow)
    _ = door.own  # refuses what is bound, closed or a service's
    settings = load_settings(config_folder(folder)).outbox
    owner = f"{socket.gethostname()[:60]}/{door.clock.token(8).hex()}"
    return send_due(flow, settings, owner)


def send_due(
    flow: Flow,
    settings: OutboxSettings,
    owner: str,
    *,
    senders: Mapping[str, Sender] | None = None,
) -> list[SendResult]:
    """Send to each destination what is due; return what was done.

    ``owner`` names this sender among all: a name that no other process has. Without
    ``senders`` by name the settings say how to send. A destination that fails, or that
    another service sends to, holds up no other one.

    Raises:
        StoreBusy: if another process holds the database; the next look goes on.

    """
    flow.settle()
    made = senders or {}
    return [
        _send_to(
            door_of(flow),
            destination,
            settings,
            owner,
            made.get(destination.name)
            or sender_of(destination, settings, rehearsal=flow.rehearsal),
        )
        for destination in settings.destinations
    ]


def _send_to(
    door: Door,
    destination: DestinationSettings,
    settings: OutboxSettings,
    owner: str,
    sender: Sender,
) -> SendResult:
    """Send what is due to one destination, under its lease."""
    name, seconds = destination.name, settings.lease_seconds.value
    result = SendResult(destination=name)
    start = 0 if destination.from_start else door.ask(lambda work: work.head)
    held = door.perform(deliveries.lease, name, owner, seconds, start)
    if held is None:
        return replace(result, elsewhere=True)
    while held is not None and held.position < door.ask(lambda work: work.head):
        held = door.perform(_queue, held, destination, seconds)
    if held is None:
        return replace(result, fenced=True)
    blocked: set[str] = set()
    sent, failed = 0, list[SendAttempt]()
    for place, attempts in _due(door, name, blocked):
        made = _attempt(door, destination, settings, sender, place, attempts)
        if not door.perform(deliveries.mark, held, made, seconds):
            return replace(result, sent=sent, failed=tuple(failed), fenced=True)
        if made.fault is None:
            sent += 1
        else:
            failed.append(made)
        if made.due is not None:
            blocked.add(made.recipient)
        if sent >= _MOST:
            break
    door.perform(deliveries.release, held, settings.keep_days.value)
    return replace(result, sent=sent, failed=tuple(failed))


def _attempt(
    door: Door,
    destination: DestinationSettings,
    settings: OutboxSettings,
    sender: Sender,
    place: tuple[int, str],
    attempts: int,
) -> SendAttempt:
    """Send one change, after some ``attempts`` that failed; return what became of it.

    The pause to the next attempt doubles, and up to half of it is left to chance:
    destinations that failed together are not called together. Only what a receiver
    refuses becomes a dead letter: while it can't be reached, all wait, in their order.
    """
    position, recipient = place
    try:
        rehearsal = door.purpose == "rehearsal"
        sender(door.ask(_parcel, destination, place, rehearsal))
    except SendFailed as failure:
        fault = failure.fault
    except StoreBusy:
        raise
    except HuiminError:
        fault = Fault.SECRET
    except Exception as error:  # noqa: BLE001 - it must hold up no other destination
        _LOG.error("%s: %s", destination.name, type(error).__name__)
        fault = Fault.UNFORESEEN
    else:
        return SendAttempt(position=position, recipient=recipient, attempts=attempts)
    pause = min(
        settings.first_seconds.value * 2 ** min(attempts, 20),
        settings.most_minutes.value * 60,
    )
    chance = int.from_bytes(door.clock.token(2)) / 0xFFFF
    wait = timedelta(seconds=pause * (0.5 + chance / 2))
    dead = attempts + 1 >= settings.attempts.value and fault in _OF_THE_CHANGE
    return SendAttempt(
        position=position,
        recipient=recipient,
        attempts=attempts + 1,
        fault=fault,
        due=None if dead else door.clock.now() + wait,
    )


def _queue(
    work: Work, held: Lease, destination: DestinationSettings, seconds: int
) -> Lease | None:
    """Make deliveries of the next changes; None for an old lease."""
    rows = outbox.feed(work.connection, held.position, (), _AT_ONCE)
    changes = [
        change
        for change in changes_of(work, rows)
        if not destination.kinds or change.kind in destination.kinds
    ]
    upto = int(rows[-1][0]) if rows else held.position
    places = [
        (change.position, recipient)
        for change in changes
        for recipient in _recipients(work, change, destination)
    ]
    if not deliveries.queue(work, held, upto, places, seconds):
        return None
    return replace(held, position=upto)


def _recipients(
    work: Work, change: FeedChange, destination: DestinationSettings
) -> Iterable[str]:
    """Return to whom a change is sent: "" at a destination without recipients.

    Mail about a proposal goes to the posts that may confirm it, and about units to
    these units; about anything else to the unit that it concerns. The office's posts
    get the digests of all units.
    """
    if destination.sender is not SenderKind.MAIL:
        return ("",)
    known = destination.recipients
    if change.kind is StreamKind.PROPOSAL:
        asked = change.step == RecordStep.PROPOSE
        return _approvers(work, change.stream, known) if asked else ()
    units = change.data.get("units", (change.unit,))
    to = [unit for unit in units if unit in known]
    if change.kind is StreamKind.DIGEST:
        posts = work.rulebook.organization.people
        office = [post.id for post in posts if Role.OFFICE in post.roles]
        return [*to, *(post for post in office if post in known and units)]
    return to


def _approvers(work: Work, proposal: str, posts: Iterable[str]) -> Iterator[str]:
    """Yield the posts that may confirm a proposal that still waits."""
    for post in posts:
        actor = work.rulebook.organization.actor(post, Via.SERVICE, work.today)
        if actor is not None:
            desk = Desk(work, acting_as(work, actor))
            if any(line.subject == proposal for line in proposals(desk)):
                yield post


def _due(
    door: Door, name: str, blocked: set[str]
) -> Iterator[tuple[tuple[int, str], int]]:
    """Yield the deliveries that are due, in order, with how often each has failed.

    What comes after one that is not due yet waits with it, for the same recipient.
    """
    while rows := door.read(lambda it: outbox.waiting(it, name, blocked, _AT_ONCE)):
        now = door.clock.now()
        for position, recipient, attempts, due in rows:
            if recipient in blocked:
                continue
            if moment_of(due) > now:
                blocked.add(recipient)
                continue
            yield (position, recipient), attempts


def _parcel(
    work: Work,
    destination: DestinationSettings,
    place: tuple[int, str],
    rehearsal: bool,  # noqa: FBT001 - the door hands over by place
) -> Parcel:
    """Return what is sent of a change; its text is made when it is sent.

    Raises:
        SendFailed: if the change can't be read any more.

    """
    position, recipient = place
    rows = outbox.feed(work.connection, position - 1, (), 1)
    changes: Sequence[FeedChange] = ()
    if rows and rows[0][0] == position:
        changes = list(changes_of(work, rows))
    if not changes:
        raise SendFailed(Fault.NO_CHANGE)
    change = changes[0]
    body = json.dumps(to_plain(change), ensure_ascii=False, separators=(",", ":"))
    parcel = Parcel(
        key=change.key,
        position=position,
        kind=change.kind.value,
        body=body.encode(),
        at=work.clock.now(),
    )
    if destination.sender is not SenderKind.MAIL:
        return parcel
    to = destination.recipients.get(recipient)
    if to is None:  # the settings name this recipient no more
        raise SendFailed(Fault.NO_RECIPIENT)
    names = work.rulebook.organization.names
    parcel = replace(parcel, recipient=recipient, to=to)
    if change.kind is StreamKind.DIGEST:
        event = event_of(raw_bytes(rows[0][5]))
        value = from_plain(Digests, event.public["value"])
        return _with_digest(work, parcel, value, rehearsal=rehearsal)
    subject, text = mail_of(change, recipient, names)
    return replace(parcel, subject=subject, text=text)


def _with_digest(
    work: Work, parcel: Parcel, made: Digests, *, rehearsal: bool
) -> Parcel:
    """Return the mail of digests: a unit's own to it, all of an edition to the office.

    It has the page as html, and as files docx and json; without the extra for
    documents json alone.
    """
    office = work.rulebook.organization.post(parcel.recipient) is not None
    units = made.units if office else (parcel.recipient,)
    own = [digest for each in units if (digest := digest_of(work, made, each))]
    if not own:
        raise SendFailed(Fault.NO_CHANGE)
    paper = paper_of(own, subject_names(work.rulebook))
    page = partial(paper_html, paper, rehearsal=rehearsal)
    name = f"digest-{made.period}"
    name += f"-{own[0].unit}" if len(own) == 1 else ""
    kinds = ["docx", "json"] if find_spec("docx") else ["json"]
    forms = files(own, paper, page)
    return replace(
        parcel,
        subject=paper_subject(paper),
        text=paper_text(paper),
        html=page(),
        files=tuple((f"{name}.{k}", TYPES[k], forms[k]()) for k in kinds),
    )
