"""Dead letters for tests: a destination that refuses everything at once."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Fault, SenderKind
from huimin_flow.exchange.core.senders import Parcel, SendFailed
from huimin_flow.flow import Flow
from huimin_flow.model.core.rules import Figure
from huimin_flow.settings.outbox import DestinationSettings, OutboxSettings
from huimin_flow.timetable.sending import send_due


def all_refused(flow: Flow, name: str = "portal") -> None:
    """Make every change so far a dead letter of the destination ``name``."""

    def refuses(_: Parcel) -> None:
        raise SendFailed(Fault.REFUSED)

    portal = DestinationSettings(
        name=name, sender=SenderKind.WEBHOOK, url="https://x", from_start=True
    )
    once = Figure(value=1, source="ours")
    settings = OutboxSettings(destinations=(portal,), attempts=once)
    send_due(flow, settings, "test", senders={name: refuses})
