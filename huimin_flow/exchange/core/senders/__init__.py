"""What sends changes out of the house: files, mail and webhooks; nothing else does.

It knows no database and is called outside of transactions.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from huimin_flow.catalogue.terms import Fault
from huimin_flow.model.core.values import value


@value
class Parcel:
    """What is sent of a change: its ``key``, and ``body``, a JSON object as bytes.

    ``position`` and ``kind`` are the change's; ``at`` is the aware present moment.
    Mail also has the address ``to`` of the ``recipient``, a subject and a text, perhaps
    the same as ``html``, and ``files``: name, type and content of each.
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
    html: str = ""
    files: tuple[tuple[str, str, bytes], ...] = ()


class SendFailed(Exception):
    """An attempt that failed; ``fault`` says why, with nothing of what was sent."""

    def __init__(self, fault: Fault) -> None:
        """Store the fault."""
        super().__init__(fault.value)
        self.fault = fault


#: Sends a parcel, or raises ``SendFailed``; a second time changes nothing for a
#: receiver that knows the key.
Sender = Callable[[Parcel], None]


def to_folder(folder: Path) -> Sender:
    """Return the sender that writes ``000000000012.json`` into a folder.

    The file is written under another name, forced to the disk and renamed; the folder
    is forced to the disk, too. A second time writes the same file. The other name
    can't be foreseen, and is never one that is there: whoever else writes to the
    folder leads the file nowhere.
    """

    def send(parcel: Parcel) -> None:
        name = f"{parcel.position:012d}.json"
        try:
            for left in folder.glob(f".{name}.*"):  # by a service that was killed
                left.unlink()
            descriptor, hidden = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, 0o640)
                file.write(parcel.body + b"\n")
                file.flush()
                os.fsync(descriptor)
            Path(hidden).replace(folder / name)
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            raise SendFailed(Fault.NO_FOLDER) from None
        except OSError:
            raise SendFailed(Fault.DISK) from None

    return send
