"""The shelf: files by the SHA-256 of their content, beside the database."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from sqlalchemy.engine import make_url

from huimin_flow.errors import NotFound, StoreRefused, why_not

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Shelf:
    """A folder of files that no name of a user's ever touches."""

    def __init__(self, folder: Path) -> None:
        """Use ``folder``, which is made when the first file comes."""
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file whole or not at all; return its hex SHA-256.

        Raises:
            StoreRefused: if it can't be written.

        """
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if place.exists():
            return digest
        beside = place.with_name(f"{digest}.{os.getpid()}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise StoreRefused(
                f"附件无法写入({why_not(error)})", remedy="请检查磁盘空间与写权限后重试"
            ) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Return a file's content.

        Raises:
            NotFound: if it isn't there.
            StoreRefused: if its content is no longer what was kept.

        """
        try:
            content = self._place(digest).read_bytes()
        except OSError:
            raise NotFound(
                f"附件 {digest[:12]} 的文件不在", remedy="请从备份恢复附件目录"
            ) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise StoreRefused(
                f"附件 {digest[:12]} 的内容被改动", remedy="请从备份恢复该文件"
            )
        return content

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NotFound(f"“{digest[:80]}”不是附件的摘要", remedy="请核对摘要")
        return self.folder / digest[:2] / digest


def shelf_beside(url: str) -> Shelf | None:
    """Return the shelf beside an SQLite file; a server's must be named."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Shelf(Path(f"{address.database}.files"))
