"""Number formats of spreadsheets: whether a cell shows the figure that it contains."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

#: Built-in formats, which have a number and no code, as far as they are in use.
BUILT_IN = (
    dict.fromkeys(("1", "5", "6"), "0")
    | dict.fromkeys(("2", "7", "8"), "0.00")
    | dict.fromkeys(("3", "37", "38", "41", "42"), "#,##0")
    | dict.fromkeys(("4", "39", "40", "43", "44"), "#,##0.00")
    | {"9": "0%", "10": "0.00%", "11": "0E+00", "12": "# ?/?", "13": "# ??/??"}
    | {"48": "##0E+0", "49": "@"}
    | dict.fromkeys(("14", "15", "17", "22", "27", "31", "36"), "yyyy-m-d")
    | dict.fromkeys(("50", "52", "57"), "yyyy-m-d")
    | dict.fromkeys(("16", "28", "29", "30", "51", "53", "54", "58"), "m-d")
    | dict.fromkeys(("18", "19", "20", "21", "45", "46", "47"), "h:ss")
    | dict.fromkeys(("32", "33", "34", "35", "55", "56"), "h:ss")
)

#: What may be beside digits: quoted and escaped text, the width of a sign, a filling,
#: blanks, currency signs; then a color or a currency in brackets.
_QUOTED = r'"[^"]*"|\\.|_.|\*.|[ $\u00a5\uffe5]'
_BRACKET = r"\[(?:\$[^\]]*|[A-Za-z]+[0-9]*)\]"
_BESIDE = rf"((?:{_QUOTED}|{_BRACKET})*)"
_FIGURE = re.compile(
    rf"{_BESIDE}(?P<digits>General|[#0?]+(?:,[#0?]+)*)(?:\.[#0?]+)?{_BESIDE}"
)
_TEXT = re.compile(rf"{_BESIDE}@{_BESIDE}")

#: Accounting formats show zero as a dash.
_NIL = re.compile(
    rf'(?:{_QUOTED}|{_BRACKET})*(?:"-"|\\-|-)(?:{_QUOTED}|[?]|{_BRACKET})*'
)

#: The parts of a section of a format; semicolons separate sections.
_TOKENS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)

#: Signs beside a figure that change how it reads.
_MISLEADING = frozenset("-\u2212\u2013+%\u2030\u2031.,/()\uff08\uff09")


def shows(code: str, cell: Any) -> bool:
    """Tell whether a format shows what a cell contains.

    It covers whole numbers from 0, texts and months; other contents of a cell are
    refused elsewhere.

    >>> shows("#,##0", 1200), shows('0"00"', 12), shows("0%", 5)
    (True, False, False)

    """
    sections: list[list[str]] = [[]]
    for part in _TOKENS.findall(code):
        if part == ";":
            sections.append([])
        else:
            sections[-1].append(part)
    if isinstance(cell, str):
        return _shows_text(sections)
    if isinstance(cell, (date, time, timedelta)):
        letters = "".join(part for part in sections[0] if len(part) == 1).lower()
        return "m" in letters and ("y" in letters or "d" in letters)
    zero = cell == 0 and len(sections) >= 3
    section = "".join(sections[2 if zero else 0])
    if section == "@" or (cell == 0 and _NIL.fullmatch(section)):
        return True
    figure = _FIGURE.fullmatch(section)
    if figure is None:
        return False
    seen = figure["digits"] == "General" or "0" in figure["digits"] or cell != 0
    return seen and _plain(figure[1]) and _plain(figure[3])


def _shows_text(sections: list[list[str]]) -> bool:
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) <= 3 and "@" not in section:
        return True  # a format without a section for texts shows them unchanged
    text = _TEXT.fullmatch("".join(section))
    return text is not None and _plain(text[1]) and _plain(text[2])


def _plain(beside: str) -> bool:
    """Tell whether the signs beside a figure do not change how it reads."""
    shown = ""
    for part in _TOKENS.findall(beside):
        if part[:2] == "[$":
            shown += part[2:-1].partition("-")[0]
        elif part[0] not in "[_":
            shown += part.strip('"\\')
    return not any(sign in _MISLEADING or sign.isnumeric() for sign in shown)
