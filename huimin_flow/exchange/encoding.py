"""In which characters a file is written; what cannot be told is refused (DESIGN §9)."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from huimin_flow.errors import InputRefused
from huimin_flow.model.value import value

_BLOCK = 1 << 20

#: A mark at a file's beginning → how the file is written.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: What is tried where no mark tells, in this order.
_TRIED = ("utf-8", "gb18030")


@value
class Written:
    """How a file is written; ``digest`` is the hex SHA-256 of its bytes.

    ``cut`` tells that it ends in the middle of a character.
    """

    encoding: str
    digest: str
    cut: bool

    @property
    def errors(self) -> str:
        """Return how to decode it: only a cut end is bridged, and then refused."""
        return "replace" if self.cut else "strict"


def written(path: Path) -> Written:
    """Return how a file is written: by its mark, as UTF-8, or as GB18030.

    Raises:
        InputRefused: naming the first byte that fits none of them.

    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        head = file.read(4)
    marked = [encoding for mark, encoding in _MARKS if head.startswith(mark)]
    wrong: dict[str, int] = {}
    for encoding in marked or _TRIED:
        offset, cut = _misfit(path, encoding)
        if offset is None:
            return Written(encoding=encoding, digest=digest, cut=cut)
        wrong[encoding] = offset
    places = "、".join(f"{one}:第{at + 1}个字节" for one, at in wrong.items())
    raise InputRefused(
        f"{path.name}:编码无法识别({places})", remedy="请另存为 UTF-8 编码后重试"
    )


def _misfit(path: Path, encoding: str) -> tuple[int | None, bool]:
    """Return the offset of the first unfit byte, or None; and whether it is cut."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return done - waiting + error.start, False
            done += len(block)
    return None, bool(decoder.getstate()[0])
