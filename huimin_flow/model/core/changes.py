"""Changes of the feed, and the cursors of those who read it (E1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huimin_flow.catalogue.terms import DeliveryState, Fault, StreamKind
from huimin_flow.model.core.values import value


@value
class FeedChange:
    """One recorded event, as the feed of changes shows it to other systems.

    ``position`` counts from 1 without gaps, in the order of commits. ``key`` is the hex
    hash of the event: a reader that gets a change again knows it by its key. ``step``
    is what was done, ``state`` where the stream stands after it, ``unit`` the code of
    the unit that it concerns, None for the city. ``at`` is aware. ``data`` has only
    codes, numbers, days and names of streams; ``changes.schema`` describes it.
    """

    position: int
    key: str
    kind: StreamKind
    stream: str
    step: str
    state: str | None
    at: datetime
    unit: str | None
    data: Mapping[str, Any]


@value
class Cursor:
    """How far a consumer has read the feed: up to ``position``, said ``at``.

    ``lag`` is how many changes come after it.
    """

    consumer: str
    position: int
    at: datetime
    lag: int


@value
class Delivery:
    """What a person decided about a dead letter: to send it again, or to give it up.

    ``key`` names the ``destination``, the ``position`` of the change and the code of
    the ``recipient``, "" if it has none. ``reason`` says why it was given up.
    """

    key: str
    destination: str
    position: int
    recipient: str
    state: DeliveryState
    reason: str = ""
    version: int = 1


@value
class DeliveryLine:
    """One change on its way to a destination, and there to a ``recipient``.

    ``attempts`` counts those that failed; ``due`` is the aware moment of the next one,
    of a settled delivery that of the last one. ``fault`` is why the last one failed.
    """

    destination: str
    position: int
    recipient: str
    stream: str
    state: DeliveryState
    attempts: int
    due: datetime
    fault: Fault | None

    @property
    def key(self) -> str:
        """Return what names it among all: mail/12/500101, without a recipient mail/12.

        It is the key of its decisions without their kind.
        """
        parts = (self.destination, str(self.position), self.recipient)
        return "/".join(filter(None, parts))


@value
class Destination:
    """Where changes are sent, and how far it is.

    The changes up to ``position`` became deliveries; ``lag`` come after it.
    ``waiting`` and ``dead`` count deliveries. ``failing`` is since when no attempt
    succeeded, None if the last one did; ``sent`` is when one did last.
    """

    name: str
    position: int
    lag: int
    waiting: int
    dead: int
    failing: datetime | None
    sent: datetime | None
    fault: Fault | None


@value
class Lease:
    """The right to send to a destination, until it expires; ``epoch`` counts leases.

    What the holder of an older one records is refused.
    """

    destination: str
    owner: str
    epoch: int
    position: int


@value
class SendAttempt:
    """An attempt to send a change: ``fault`` is why it failed, None if it was sent.

    ``attempts`` counts those that failed. ``due`` is the aware moment of the next one,
    None if the delivery is a dead letter now, or was sent.
    """

    position: int
    recipient: str
    attempts: int
    fault: Fault | None = None
    due: datetime | None = None


@value
class SendResult:
    """What one look did for a destination.

    ``sent`` counts deliveries. ``elsewhere`` says that another service sends there.
    ``fenced`` says that another one has taken over meanwhile.
    """

    destination: str
    sent: int = 0
    failed: tuple[SendAttempt, ...] = ()
    elsewhere: bool = False
    fenced: bool = False
