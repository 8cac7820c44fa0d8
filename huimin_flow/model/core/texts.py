"""Checks of text from outside: which text is accepted, and in which form.

Every line end becomes LF; a field of one line has none. Invisible signs (byte order
mark, soft hyphen, zero-width space, marks of direction) are removed. Signs of a font
or a lost encoding (private use, U+FFFD) are kept: they are part of the text and
cannot forge a row. Only in a field of one line, U+FFFD is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from huimin_flow.catalogue.reasons import InputCode, RowCode
from huimin_flow.errors import InputRefused
from huimin_flow.personal import is_code, masked, names_a_person

T = TypeVar("T")

#: The longest accepted text of one field, in characters.
LONGEST = 20_000

#: Everything that ends a line: CR LF, CR, VT, FF, NEL, LS, PS.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

#: Invisible signs that no text needs.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff]+")

#: Controls, lone surrogates, noncharacters; marks that turn the reading direction,
#: annotate or tag, and so hide what is written.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb"
    "\u202a-\u202e\u2066-\u206f\U000e0000-\U000e007f"
    + "".join(
        chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17)
    )
    + "]"
)
_UNFIT_IN_LINE = re.compile("[\t\n\ufffd]")

#: Signs that end a line, change its direction, or that a reader does not see.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


#: How a spreadsheet writes a long number, or any number: 5.00101E+17, 500101.0.
_ROUNDED = re.compile(
    r"[0-9](?:\.[0-9]+)?E[+-][0-9]{1,3}|[0-9]\.[0-9]+E[0-9]{1,3}",
    re.ASCII | re.IGNORECASE,
)
_DECIMAL = re.compile(r"[0-9]+\.0+", re.ASCII)

#: How many digits of a number a spreadsheet keeps; it writes zeros for the others.
_KEPT_DIGITS = 15


def damage(key: str) -> RowCode | None:
    """Return the code of a spreadsheet's damage to a key, or None.

    >>> str(damage("5.00101E+17")), damage("500101")
    ('key_rounded', None)

    """
    text = key.strip()
    if _ROUNDED.fullmatch(text):
        return RowCode.KEY_ROUNDED
    return RowCode.KEY_DECIMAL if _DECIMAL.fullmatch(text) else None


def lost_digits(key: str) -> bool:
    """Return whether a number has only zeros after the 15 digits of a spreadsheet.

    >>> lost_digits("500101202611021000"), lost_digits("500101202611021034")
    (True, False)

    """
    rest = key[_KEPT_DIGITS:]
    return bool(rest) and key.isdigit() and not rest.strip("0")


def accepted(
    text: str,
    field: str,
    *,
    longest: int = LONGEST,
    private: bool = False,
    lines: bool = False,
) -> str:
    r"""Return ``text`` in NFC without outer space and invisible signs.

    It is one line, unless ``lines`` is true. Only ``private`` text, which is stored
    outside facts and events, may contain a person's number. ``field`` is the name
    of the argument for the refusal.

    >>> accepted(" 惠民\r\n", "title"), accepted("甲\r\n乙", "minutes", lines=True)
    ('惠民', '甲\n乙')

    Raises:
        InputRefused: for control characters, lone surrogates, marks that turn the
            reading direction, line breaks and tabs in one line, more than
            ``longest`` characters, or personal data (which it does not repeat).

    """
    plain = text.isascii() and text.isprintable()
    kept = text if plain else _UNSEEN.sub("", _LINE_END.sub("\n", text))
    kept = kept.strip()
    if len(kept) > longest:
        raise InputRefused(
            InputCode.TEXT_TOO_LONG, argument=field, length=len(kept), longest=longest
        )
    unfit = None if plain else _UNFIT.search(kept)
    if unfit is None and not plain and not lines:
        unfit = _UNFIT_IN_LINE.search(kept)
    if unfit is not None:
        breaks = unfit[0] in "\t\n"
        raise InputRefused(
            InputCode.NOT_ONE_LINE if breaks else InputCode.TEXT_UNFIT,
            argument=field,
            place=unfit.start() + 1,
            sign=f"U+{ord(unfit[0]):04X}",
        )
    if not private and names_a_person(kept):
        raise InputRefused(InputCode.NAMES_A_PERSON, argument=field)
    return kept if plain else unicodedata.normalize("NFC", kept)


def accepted_all(
    texts: Sequence[str], longest: int, *, lines: bool = False
) -> list[str] | None:
    """Return what ``accepted`` returns for private texts, None if one isn't plain.

    It looks at all texts at once. A plain text has no return, no invisible sign, and
    nothing that would be refused.
    """
    kept = list(map(str.strip, texts))
    whole = "|".join(kept)
    if max(map(len, kept), default=0) > longest:
        return None
    if whole.isascii() and whole.isprintable():
        return kept
    if (
        _LINE_END.search(whole)
        or _UNSEEN.search(whole)
        or _UNFIT.search(whole)
        or not (lines or _UNFIT_IN_LINE.search(whole) is None)
        or not unicodedata.is_normalized("NFC", whole)
    ):
        return None
    return kept


def required(
    text: str,
    field: str,
    *,
    longest: int = LONGEST,
    private: bool = False,
    lines: bool = False,
) -> str:
    """Return accepted text that is not empty.

    Raises:
        InputRefused: as ``accepted``, and for empty text.

    """
    kept = accepted(text, field, longest=longest, private=private, lines=lines)
    if not kept:
        raise InputRefused(InputCode.TEXT_EMPTY, argument=field)
    return kept


def pseudonym(text: str, field: str) -> str:
    """Return a code that stands for a person.

    Raises:
        InputRefused: as ``required``, and for a name or a number instead of a code.

    """
    kept = required(text, field, longest=100, private=True)
    if not is_code(kept):
        shown = masked(kept) if kept.isascii() else "*" * len(kept)
        raise InputRefused(InputCode.NOT_A_CODE, argument=field, given=shown)
    return kept


def accepted_in(value: T, field: str) -> T:
    """Return a value in which every text is accepted as one line.

    Raises:
        InputRefused: as ``accepted``, naming ``field``.

    """
    kept: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        kept = accepted(value, field)
    elif isinstance(value, Mapping):
        kept = {
            accepted_in(name, field): accepted_in(part, field)
            for name, part in value.items()
        }
    elif isinstance(value, list | tuple):
        kept = type(value)(accepted_in(part, field) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: getattr(value, part.name) for part in fields(value)}
        kept = replace(value, **accepted_in(parts, field))
    return kept  # type: ignore[no-any-return]


def visible(text: str, *, lines: bool = False) -> str:
    r"""Return a text with an escape for each sign that a reader does not see.

    With ``lines`` its line breaks and tabs stay.

    >>> visible("甲\n乙\u202e丙"), visible("甲\n乙", lines=True)
    ('甲\\n乙\\u202e丙', '甲\n乙')

    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(
        lambda sign: sign[0] if lines and sign[0] in "\t\n" else repr(sign[0])[1:-1],
        text,
    )


def showable(text: str) -> str:
    r"""Return the part of a refused text that a message may show.

    Each sign of a person's number becomes a star.

    >>> showable("W\n\ud800"), showable("某某13800138000")
    ('W\\n?', '某某***********')

    """
    kept = masked(text[:200])[:100].encode(errors="replace").decode()
    return kept if kept.isprintable() else repr(kept)[1:-1]
