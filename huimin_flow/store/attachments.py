"""Which files stand beside which item; their content lies on the shelf."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from huimin_flow.model.item import Attachment
from huimin_flow.store.tables import AttachmentRow, table_of

ATTACHMENTS = table_of(AttachmentRow)


def keep_attachment(connection: Connection, attachment: Attachment) -> None:
    """Insert an attachment's row."""
    connection.execute(insert(ATTACHMENTS), [columns_of(attachment)])


def attachments_of(connection: Connection, about: str) -> tuple[Attachment, ...]:
    """Return an item's attachments by name."""
    query = (
        select(ATTACHMENTS)
        .where(ATTACHMENTS.c.about == about)
        .order_by(ATTACHMENTS.c.name, ATTACHMENTS.c.digest)
    )
    return tuple(Attachment(**row) for row in connection.execute(query).mappings())


def all_attachments(connection: Connection) -> list[dict[str, Any]]:
    """Return every row as it lies in the store."""
    query = select(ATTACHMENTS).order_by(ATTACHMENTS.c.about, ATTACHMENTS.c.digest)
    return [dict(row) for row in connection.execute(query).mappings()]


def columns_of(attachment: Attachment) -> dict[str, Any]:
    """Return the very row of an attachment."""
    return {
        "about": attachment.about,
        "digest": attachment.digest,
        "size": attachment.size,
        "name": attachment.name,
    }
