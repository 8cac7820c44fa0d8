"""Text at the door: what may come in, and in which form (RELIABILITY §3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, TypeVar

from huimin_flow.errors import InputRefused
from huimin_flow.model.personal import is_code, names_a_person
from huimin_flow.model.plain import to_plain

T = TypeVar("T")

#: The longest text that one field takes, in characters.
LONGEST = 20_000

#: Marks that turn the reading direction and can hide what is written.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def accepted(
    text: str, field: str, *, longest: int = LONGEST, apart: bool = False
) -> str:
    """Return ``text`` in NFC without outer space.

    Only text that is kept ``apart`` from facts and events may hold a person's
    number.

    >>> accepted(" 惠民 ", "标题")
    '惠民'

    Raises:
        InputRefused: for control characters, lone surrogates, marks that turn
            the reading direction, more than ``longest`` characters, or what
            looks like a mobile or citizen's number, which is not repeated.

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
    if not apart and names_a_person(text):
        raise _personal(field)
    return unicodedata.normalize("NFC", text).strip()


def required(
    text: str, field: str, *, longest: int = LONGEST, apart: bool = False
) -> str:
    """Return accepted text that is not empty.

    Raises:
        InputRefused: as ``accepted``, and for empty text.

    """
    kept = accepted(text, field, longest=longest, apart=apart)
    if not kept:
        raise InputRefused(f"“{field}”不能为空", remedy=f"请填写“{field}”")
    return kept


def pseudonym(text: str, field: str, *, longest: int = 100) -> str:
    """Return a code that stands for a person.

    Raises:
        InputRefused: as ``required``, and for what is no code: a name.

    """
    kept = required(text, field, longest=longest)
    if not is_code(kept):
        raise InputRefused(
            f"“{field}”须是代号(英文字母、数字与 - _ . 等符号),不能是姓名",
            remedy="请换成不能认出本人的代号,如 p-0017",
        )
    return kept


def unidentifying(value: T, field: str) -> T:
    """Return a value none of whose texts holds a person's number.

    Raises:
        InputRefused: naming ``field``, without repeating the number.

    """
    if any(names_a_person(one) for one in _texts(to_plain(value))):
        raise _personal(field)
    return value


def showable(text: str, *, longest: int = 100) -> str:
    r"""Return what a message may show of text that was not accepted.

    A person's number is not repeated: its digits are hidden.

    >>> showable("W\n\ud800")
    'W\\n?'

    """
    if names_a_person(text[: 2 * longest]):
        text = "".join("*" if one.isdecimal() else one for one in text[:longest])
    kept = text[:longest].encode(errors="replace").decode()
    return kept if kept.isprintable() else repr(kept)[1:-1]


def _texts(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        for name, one in plain.items():
            yield name
            yield from _texts(one)
    elif isinstance(plain, list):
        for one in plain:
            yield from _texts(one)


def _personal(field: str) -> InputRefused:
    return InputRefused(
        f"“{field}”里像是有手机号或身份证号,不能记入",
        remedy="请删去号码,或换成不能认出本人的代号后重试",
    )


def _unfit(mark: str) -> bool:
    if mark in "\n\t":
        return False
    return mark in _BIDI or unicodedata.category(mark) in {"Cc", "Cs"}
