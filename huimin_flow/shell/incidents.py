"""What nobody foresaw: told in a sentence, its trace kept for whoever mends it."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import SHANGHAI, SystemClock
from huimin_flow.errors import StoreRefused
from huimin_flow.shell.drafts import own_folder

#: How many traces are kept; older ones go.
_KEPT = 20


def incident(error: Exception) -> StoreRefused:
    """Return the refusal for an unforeseen failure; its trace lies in a file."""
    name = type(error).__name__
    try:
        place = str(_written(error))
    except OSError:
        place = ""
    return StoreRefused(DoorCode.INCIDENT, error=name, file=place or "-")


def _written(error: Exception) -> Path:
    folder = own_folder() / "incidents"
    folder.mkdir(exist_ok=True, mode=0o700)
    for old in sorted(folder.glob("*.txt"))[: 1 - _KEPT or None]:
        old.unlink(missing_ok=True)
    at = SystemClock().now().astimezone(SHANGHAI)
    path = folder / f"{at:%Y%m%d-%H%M%S-%f}.txt"
    told = "".join(traceback.format_exception(error))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(told.encode(errors="backslashreplace").decode())
    return path
