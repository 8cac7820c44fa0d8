"""Attachments: files that stand as evidence beside an item (C4)."""

from __future__ import annotations

from huimin_flow.model.value import value

#: The largest file taken, in bytes; more belongs on a file server, with a link.
LARGEST = 50 * 1024 * 1024


@value
class Attachment:
    """One file of an item: its content's hex SHA-256, its size in bytes, its name."""

    about: str
    digest: str
    size: int
    name: str
