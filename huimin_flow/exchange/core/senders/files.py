"""Changes as files: one JSON object each, whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from huimin_flow.catalogue.terms import Fault
from huimin_flow.exchange.core.senders import Parcel, Sender, SendFailed


def to_folder(folder: Path) -> Sender:
    """Return the sender that writes ``000000000012.json`` into a folder.

    The file is written under another name, forced to the disk and renamed; the folder
    is forced to the disk, too. A second time writes the same file.
    """

    def send(parcel: Parcel) -> None:
        name = f"{parcel.position:012d}.json"
        hidden = folder / f".{name}.{os.getpid()}"
        try:
            with hidden.open("wb") as file:
                os.fchmod(file.fileno(), 0o640)
                file.write(parcel.body + b"\n")
                file.flush()
                os.fsync(file.fileno())
            hidden.replace(folder / name)
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            raise SendFailed(Fault.DISK) from None

    return send
