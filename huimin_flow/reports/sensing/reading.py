"""Where the desk shows what an appeal says, and who read it (X1)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

#: The page of the desk on which appeals are read.
READ_FILE: Final = "read.html"


def read_file(channel: str, key: str) -> str:
    """Return the address of the form to read an appeal.

    >>> read_file("media", "A1")
    'read.html?appeals=media%3DA1'

    """
    return f"{READ_FILE}?{urlencode({'appeals': f'{channel}={key}'})}"
