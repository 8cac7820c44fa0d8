"""The shelf: a folder with files by SHA-256 of their content, beside the database."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import make_url

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import NotFound, StoreRefused, why_not
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import Attachment
from huimin_flow.store.core.engine import FOLDER_MODE, make_folder
from huimin_flow.store.core.tables import ATTACHMENTS

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Shelf:
    """A folder of files by digest; a file name from a user never becomes a path.

    Subfolders have the mode and group of the shelf: who may read the shelf may read
    each file, and who may write to it may add a file. A new shelf is for those who use
    the database file beside it; without one its owner writes, and its group reads.
    """

    def __init__(
        self, folder: Path, *, beside: Path | None = None, writes: bool = True
    ) -> None:
        """Use ``folder``; the first ``put`` creates it, unless nothing ``writes``."""
        self.folder = folder
        self._beside, self._writes = beside, writes

    def tried(self) -> Shelf:
        """Return the same shelf, on which ``put`` writes nothing."""
        return Shelf(self.folder, writes=False)

    def put(self, content: bytes) -> str:
        """Store a file completely or not at all; return its hex SHA-256.

        Raises:
            StoreRefused: if it can't be written.

        """
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        try:
            if self._writes and not place.exists():
                from huimin_flow.store.files import write_whole  # noqa: PLC0415 - seldom

                mode = FOLDER_MODE
                if self._beside is not None and self._beside.exists():
                    users = self._beside.stat().st_mode & 0o666
                    mode = users | (users & 0o444) >> 2
                for folder in reversed([self.folder, *self.folder.parents]):
                    if not folder.exists():
                        make_folder(folder, mode)
                shared = self.folder.stat().st_mode & 0o777
                make_folder(place.parent, shared)
                write_whole(place, content, mode=shared & 0o444 | 0o200)
        except OSError as error:
            raise StoreRefused(
                StoreCode.ATTACHMENT_UNWRITTEN, why=why_not(error)
            ) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Return a file's content.

        Raises:
            NotFound: if it does not exist.
            StoreRefused: if it can't be read, or its content has changed.

        """
        try:
            content = self._place(digest).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(StoreCode.ATTACHMENT_MISSING, digest=digest[:12]) from None
        except OSError as error:
            raise StoreRefused(
                StoreCode.ATTACHMENT_UNREAD, digest=digest[:12], why=why_not(error)
            ) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise StoreRefused(StoreCode.ATTACHMENT_CHANGED, digest=digest[:12])
        return content

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NotFound(StoreCode.ATTACHMENT_UNKNOWN, digest=digest[:80])
        return self.folder / digest[:2] / digest


def shelf_beside(url: str) -> Shelf | None:
    """Return the shelf beside an SQLite file, or None for a server's database."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Shelf(Path(f"{address.database}.files"), beside=Path(address.database))


def keep_attachment(connection: Connection, attachment: Attachment) -> None:
    """Insert an attachment's row."""
    connection.execute(insert(ATTACHMENTS), [to_plain(attachment)])


def attachments_of(connection: Connection, about: str) -> tuple[Attachment, ...]:
    """Return an item's attachments by name."""
    query = (
        select(ATTACHMENTS)
        .where(ATTACHMENTS.c.about == about)
        .order_by(ATTACHMENTS.c.name, ATTACHMENTS.c.digest)
    )
    return tuple(Attachment(**row) for row in connection.execute(query).mappings())


def all_attachments(connection: Connection) -> list[dict[str, Any]]:
    """Return every row as it is stored."""
    query = select(ATTACHMENTS).order_by(ATTACHMENTS.c.about, ATTACHMENTS.c.digest)
    return [dict(row) for row in connection.execute(query).mappings()]
