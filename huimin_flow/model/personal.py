"""Numbers that name a person: they never stand in facts, events or streams (§6).

What is searched for are mainland mobile numbers and citizens' numbers of 15 or
18 places, also in full-width digits, and with gaps between the digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: What may stand between the digits of one number.
_BETWEEN = r"[ \u2010-\u2015\u2212.·-]"
_GAP, _SPACE = _BETWEEN + "{0,2}", _BETWEEN + "{1,2}"

#: The shortest number; and a first look, which most texts do not pass.
SHORTEST = 11
_LIKELY = re.compile(
    rf"(?<![0-9])(?:(?:00)?86{_GAP})?(?:1[3-9][0-9](?:{_GAP}[0-9]){{8}}"
    rf"|1{_SPACE}[3-9](?:{_SPACE}[0-9]){{9}}|[1-8](?:{_GAP}[0-9]){{14}})",
    re.ASCII,
)
_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9])*(?:{_GAP}[Xx])?", re.ASCII)
_PIECE = re.compile(r"[0-9]+[Xx]?|[Xx]", re.ASCII)

#: Digests and UUIDs hold digits by chance; one of digits alone is no digest.
_DIGEST = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9-]*[A-Fa-f])(?:[0-9a-f]{16,}|[0-9A-F]{16,}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![0-9A-Za-z])",
    re.ASCII,
)

_MOBILE = re.compile(r"(?:86|0086)?1[3-9][0-9]{9}", re.ASCII)
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CITIZEN = re.compile(
    rf"{_PROVINCE}[0-9]{{4}}(?:(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]"
    rf"|[0-9]{{2}}{_DAY}[0-9]{{3}})",
    re.ASCII,
)

#: How people group the digits of one number, also among others; in two groups
#: or digit by digit only where it stands alone, since codes are written so, too.
_GROUPS = (
    (3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5),
    (6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (6, 6, 3), (6, 2, 2, 2, 3),
)  # fmt: skip
_ALONE = ((3, 8), (7, 4), (6, 12), (14, 4), (6, 9), (12, 3))

#: A code: visible ASCII in one piece.
_CODE = re.compile(r"[\x21-\x7e]+", re.ASCII)


def names_a_person(text: str) -> bool:
    """Tell whether a text holds what looks like a mobile or citizen's number.

    >>> names_a_person("王某13800138000"), names_a_person("138 0013-8000")
    (True, True)
    >>> names_a_person("500101 19900101 123X"), names_a_person("2580万人")
    (True, False)

    """
    if len(text) < SHORTEST:
        return False
    plain = text if text.isascii() else _ascii_digits(text)
    if not _LIKELY.search(plain):
        return False
    for run in _RUN.findall(_DIGEST.sub(" ", plain)):
        if any(_numbers(one) for one in _readings(_PIECE.findall(run))):
            return True
    return False


def may_name_a_person(text: str) -> bool:
    """Tell quickly whether ASCII text could hold such a number at all.

    >>> may_name_a_person("20231009-1|p1"), may_name_a_person("x13800138000")
    (False, True)

    """
    return len(text) >= SHORTEST and _LIKELY.search(text) is not None


def is_code(text: str) -> bool:
    """Tell whether a text may stand for a person: a code, not a name or number.

    >>> is_code("p-0017"), is_code("张三"), is_code("13800138000")
    (True, False, False)

    """
    return _CODE.fullmatch(text) is not None and not names_a_person(text)


def _ascii_digits(text: str) -> str:
    """Return a text whose digits are ASCII, without marks that nobody sees."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one
        for one in plain
        if unicodedata.category(one) != "Cf"
    )


def _readings(pieces: list[str]) -> Iterator[str]:
    """Yield what a run of digits with gaps may be read as."""
    yield from pieces
    sizes = tuple(len(one) for one in pieces)
    if sizes in _ALONE or set(sizes) == {1}:
        yield "".join(pieces)
    for shape in _GROUPS:
        for at in range(len(pieces) - len(shape) + 1):
            after = at + len(shape)
            if sizes[at:after] == shape:
                yield "".join(pieces[at:after])


def _numbers(joined: str) -> bool:
    mobile = joined.rstrip("Xx")
    return bool(_MOBILE.fullmatch(mobile) or _CITIZEN.fullmatch(joined))
