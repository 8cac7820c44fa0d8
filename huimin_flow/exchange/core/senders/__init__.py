"""What sends changes out of the house: files, mail and webhooks; nothing else does.

It knows no database and is called outside of transactions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from huimin_flow.catalogue.terms import Fault
from huimin_flow.model.core.values import value


@value
class Parcel:
    """What is sent of a change: its ``key``, and ``body``, a JSON object as bytes.

    ``position`` and ``kind`` are the change's; ``at`` is the aware present moment.
    Mail also has the address ``to`` of the ``recipient``, a subject and a text.
    """

    key: str
    position: int
    kind: str
    body: bytes
    at: datetime
    recipient: str = ""
    to: str = ""
    subject: str = ""
    text: str = ""


class SendFailed(Exception):
    """An attempt that failed; ``fault`` says why, with nothing of what was sent."""

    def __init__(self, fault: Fault) -> None:
        """Store the fault."""
        super().__init__(fault.value)
        self.fault = fault


#: Sends a parcel, or raises ``SendFailed``; a second time changes nothing for a
#: receiver that knows the key.
Sender = Callable[[Parcel], None]
