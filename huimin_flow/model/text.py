"""Text at the door: what may come in, and in which form (RELIABILITY §3)."""

from __future__ import annotations

import unicodedata

from huimin_flow.errors import InputRefused

#: The longest text that one field takes, in characters.
LONGEST = 20_000

#: Marks that turn the reading direction and can hide what is written.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def accepted(text: str, field: str, *, longest: int = LONGEST) -> str:
    """Return ``text`` in NFC without outer space.

    >>> accepted(" 惠民 ", "标题")
    '惠民'

    Raises:
        InputRefused: for control characters, lone surrogates, marks that turn
            the reading direction, or more than ``longest`` characters.

    """
    if len(text) > longest:
        raise InputRefused(
            f"“{field}”有{len(text)}个字符,超过{longest}个",
            remedy="请缩短,或作为附件提交",
        )
    for place, mark in enumerate(text, 1):
        if _unfit(mark):
            raise InputRefused(
                f"“{field}”第{place}个字符 U+{ord(mark):04X} 不能使用",
                remedy="请删去该控制字符或无效字符后重试",
            )
    return unicodedata.normalize("NFC", text).strip()


def required(text: str, field: str, *, longest: int = LONGEST) -> str:
    """Return accepted text that is not empty.

    Raises:
        InputRefused: as ``accepted``, and for empty text.

    """
    kept = accepted(text, field, longest=longest)
    if not kept:
        raise InputRefused(f"“{field}”不能为空", remedy=f"请填写“{field}”")
    return kept


def showable(text: str, *, longest: int = 100) -> str:
    r"""Return what a message may show of text that was not accepted.

    >>> showable("W\n\ud800")
    'W\\n?'

    """
    kept = text[:longest].encode(errors="replace").decode()
    return kept if kept.isprintable() else repr(kept)[1:-1]


def _unfit(mark: str) -> bool:
    if mark in "\n\t":
        return False
    return mark in _BIDI or unicodedata.category(mark) in {"Cc", "Cs"}
