"""Chinese typography (GB/T 15834): full-width punctuation beside Chinese characters.

The source has half-width marks; the doors show their texts through this filter, which
changes nothing while the language is English. A text keeps its length, so that a page's
tags and a screen's positions stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

from huimin_flow.catalogue.language import in_english

#: The marks that have a full-width form.
_WIDE = str.maketrans(",:;?!()", "\uff0c\uff1a\uff1b\uff1f\uff01\uff08\uff09") | {
    ord("."): "\u3002"
}

#: Chinese characters and the marks among them.
_HAN = re.compile(
    "[\u3001-\u301b\u3400-\u4dbf\u4e00-\u9fff\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]"
)

#: What stays as it is, or a mark. It stays in: an entity of HTML, a quoted command or
#: value, a named file, an address, a path.
_PARTS = re.compile(
    r"""&\#?\w{1,10};
    |`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w)|"[^"\n]*"
    |“[^“”\n]*\.[A-Za-z0-9]{1,8}”
    |[a-z][a-z+]*://[!-~]*[A-Za-z0-9/]
    |(?<![^\s“(:\uff08\uff1a])[~.]{0,2}/(?:[^\s/,;:“”]+/)*
        (?:[^\s/,;:“”]*\.[A-Za-z0-9]{1,8}(?![A-Za-z0-9.])|[*-+\--9<-~]*)
    |(?P<mark>[,.:;?!()])
    |(?P<end>\ \ )""",
    re.VERBOSE | re.ASCII,
)

#: What of a page is no text: its tags, its style, codes, and what somebody types.
_TAG = re.compile(
    r"(<style.*?</style>|<code.*?</code>|<textarea.*?</textarea>|<!--.*?-->|<[^>]*>)",
    re.DOTALL,
)
_INLINE = re.compile(r"</?(?:a|b|em|i|small|span|strong)\b")


def full_width(text: str) -> str:
    r"""Return a text with full-width marks beside Chinese characters.

    A pair of brackets is changed together. A point is changed only at a sentence's
    end.

    >>> full_width("已写3页,用时 10:30(见 a.txt);huimin list")
    '已写3页\uff0c用时 10:30\uff08见 a.txt\uff09\uff1bhuimin list'

    """
    if in_english():
        return text
    return "\n".join(map(_full_width_line, text.split("\n")))


def _full_width_line(text: str) -> str:
    places = set() if text.isascii() else _marks(text)
    while places:
        signs = list(text)
        for place in places:
            signs[place] = text[place].translate(_WIDE)
        text = "".join(signs)
        places = _marks(text)
    return text


def full_width_page(page: str) -> str:
    """Return an HTML page with ``full_width`` of its texts, and the same tags."""
    if in_english():
        return page
    parts = _TAG.split(page)
    seen = [
        part if place % 2 == 0 else "" if _INLINE.match(part) else "\n"
        for place, part in enumerate(parts)
    ]
    lines = "".join(seen).split("\n")
    shown = {line: _line_of_page(line) for line in set(lines)}  # a page repeats many
    wide = "\n".join(map(shown.__getitem__, lines))
    at = 0
    for place, part in enumerate(seen):
        if place % 2 == 0:
            parts[place] = wide[at : at + len(part)]
        at += len(part)
    return "".join(parts)


#: The pages of a site share their frame; other texts are seldom the same.
_line_of_page = lru_cache(maxsize=4096)(_full_width_line)


def _marks(text: str) -> set[int]:
    """Return the places of the marks to change."""
    places: set[int] = set()
    opened: list[int] = []
    for part in _PARTS.finditer(text):
        place, mark = part.start(), part["mark"]
        if part["end"]:
            opened.clear()
        if not mark:
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        beside = bool(_HAN.match(before)) or bool(_HAN.match(after)) or before == "”"
        if mark == ".":
            beside = bool(_HAN.match(before)) and not re.match(r"[\w.]", after)
        if beside:
            places.add(place)
        if mark == "(":
            opened.append(place)
        elif mark == ")" and opened:
            pair = {opened.pop(), place}
            places |= pair if places & pair else set()
    return places
