"""Figures and times in the text of a cell, as people and programs write them.

A text is accepted only if it has exactly one meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import SHANGHAI

#: The forms of a level: its identifier, its label, its number of stars with 星. The
#: meaning of a plain digit differs between systems, so the rulebook defines it.
LEVELS: Mapping[str, RatingLevel] = {
    written: level
    for stars, level in zip((5, 4, 3, 2, 1), RatingLevel, strict=True)
    for written in (level.value, level.label, f"{stars}星")
}

#: Full-width forms of ASCII, as Chinese input methods write them, and the blank.
_HALF_WIDTH = {0xFF01 + place: 0x21 + place for place in range(0x5E)} | {0x3000: 0x20}

#: A whole number, with its digits grouped by thousands or not grouped.
_WHOLE = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+", re.ASCII)

#: The words for the halves of a day → whether it is the afternoon. Other words for a
#: part of a day → the hours that it may have.
_HALVES = {"上午": False, "下午": True, "AM": False, "PM": True}
_PARTS = {
    "凌晨": range(6), "清晨": range(4, 9), "早晨": range(5, 11), "早上": range(5, 12),
    "中午": range(11, 15), "傍晚": range(16, 21), "晚上": range(17, 24),
    "夜间": range(18, 24),
}  # fmt: skip

_HALF = rf"(?:{'|'.join((*_HALVES, *_PARTS))})"
_DATE = (
    r"(?:(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|(?P<year_>[0-9]{4})年(?P<month_>[0-9]{1,2})月(?P<day_>[0-9]{1,2})[日号]"
    r"|(?P<year__>[0-9]{4})(?P<month__>[0-9]{2})(?P<day__>[0-9]{2})(?= ))"
)
_TIME = (
    rf"(?P<half>{_HALF})? ?(?P<hour>[0-9]{{1,2}})"
    r"(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,9}))?)?"
    r"|[时点](?:(?P<minute_>[0-9]{1,2})分?(?:(?P<second_>[0-9]{1,2})秒)?)?)"
    rf" ?(?P<half_>{_HALF})?"
    r" ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_MOMENT = re.compile(rf"{_DATE}(?:(?:[ T]|(?<=[日号])|(?={_HALF})){_TIME})?", re.ASCII)

#: A day as a spreadsheet counts it, and the part of the day: 46328.5 is noon.
_SERIAL = re.compile(r"([2-7][0-9]{4})(?:\.([0-9]{1,15}))?", re.ASCII)
_SERIAL_BEGINS = datetime(1899, 12, 30, tzinfo=SHANGHAI)

#: A day of the week, which adds nothing to a date.
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")

#: A part of a date or time in Chinese numerals, and the values of the numerals.
_NUMERALS = re.compile("([〇零一二两三四五六七八九十]{1,4})(?=[年月日号时点分秒])")
_DIGITS = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_TEN = "十"

_BLANKS = re.compile(" ?([年月日号时点分秒]) ?")

#: Other words of dates and times, and the signs that people write for a hyphen.
_WORDS = {"元月": "1月", "点半": "点30分", "点整": "点", "时整": "时",
          "一刻": "15分", "三刻": "45分"}  # fmt: skip
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")

#: A time without separators: a day, or also minutes, or also seconds.
_PACKED = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[T ]?([0-9]{2})([0-9]{2})([0-9]{2})?)?", re.ASCII
)


#: The beginning of a formula that a spreadsheet would run. A mark before it makes it
#: text, and an import removes the mark.
FORMULA = r"[=+\-@\t\uff1d\uff0b\uff0d\uff20]"

#: What gets a mark: a formula, and a text that looks like a marked formula. So a
#: reader who removes one mark always has the original text.
_TO_MARK = re.compile(rf"'*{FORMULA}")
_MARKED = re.compile(rf"'{_TO_MARK.pattern}")


def marked(field: str) -> str:
    """Return a field for a csv file, with a mark if a spreadsheet would run it.

    >>> marked("=1"), marked("'=1"), marked("'s-Gravenhage")
    ("'=1", "''=1", "'s-Gravenhage")

    """
    return f"'{field}" if _TO_MARK.match(field) else field


def unmarked(field: str) -> str:
    """Return a field without the mark of ``marked``.

    >>> unmarked("'=1"), unmarked("''=1"), unmarked("'s-Gravenhage")
    ('=1', "'=1", "'s-Gravenhage")

    """
    return field[1:] if _MARKED.match(field) else field


def half_width(text: str) -> str:
    """Return a text with full-width forms of ASCII replaced by plain ones.

    >>> half_width("\uff11\uff0c\uff12\uff10\uff10")
    '1,200'

    """
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def text_of(cell: Any) -> str:
    """Return a cell's text; a whole number stored as a float has no decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**63:
        return str(int(cell))
    return str(cell).strip()


def whole_number(text: str) -> int | None:
    """Return the whole number in a text, or None; commas separate thousands.

    >>> whole_number("1,200"), whole_number("1,5"), whole_number("1_0")
    (1200, None, None)

    """
    plain = half_width(text).strip()
    return int(plain.replace(",", "")) if _WHOLE.fullmatch(plain) else None


def moment(text: str) -> datetime | None:
    """Return the aware moment in a text, or None.

    A time without a zone is in Shanghai time; a day without a time is its beginning.
    A number of five digits is a day as a spreadsheet counts it, from 1954 on.

    >>> moment("46328.5").isoformat()
    '2026-11-02T12:00:00+08:00'
    >>> moment("2023/1/2 上午 9:00").isoformat()
    '2023-01-02T09:00:00+08:00'
    >>> moment("二〇二三年一月二日(星期一)").isoformat(), moment("1/2/2023")
    ('2023-01-02T00:00:00+08:00', None)

    """
    try:
        iso = datetime.fromisoformat(text)
    except ValueError:
        iso = None
    if iso is not None and ":" in text and text[10:11] in " T":
        return iso if iso.tzinfo else iso.replace(tzinfo=SHANGHAI)
    plain = " ".join(half_width(text).upper().split())
    if packed := _PACKED.fullmatch(plain):
        return _moment_of([int(part or 0) for part in packed.groups()])
    if serial := _SERIAL.fullmatch(plain):
        seconds = round(86_400 * float(f"0.{serial[2] or 0}"))
        return _SERIAL_BEGINS + timedelta(days=int(serial[1]), seconds=seconds)
    plain = _BLANKS.sub(r"\1", _WEEKDAY.sub(" ", plain.translate(_HYPHENS)))
    for word, written in _WORDS.items():
        plain = plain.replace(word, written)
    plain = _NUMERALS.sub(_in_digits, plain)
    match = _MOMENT.fullmatch(" ".join(plain.split()))
    if match is None:
        return None
    part = {name: text for name, text in match.groupdict().items() if text}
    hour = _hour(part)
    if hour is None:
        return None
    names = ("year", "month", "day", "minute", "second")
    year, month, day, minute, second = (
        int(part.get(name) or part.get(f"{name}_") or part.get(f"{name}__") or 0)
        for name in names
    )
    micro = int(part.get("part", "").ljust(6, "0")[:6])
    return _moment_of([year, month, day, hour, minute, second, micro], part.get("zone"))


def _in_digits(match: re.Match[str]) -> str:
    """Return a Chinese numeral in digits: 十 is 10, 二十一 is 21, 二〇二六 is 2026."""
    tens, ten, ones = match[1].rpartition(_TEN)
    whole = f"{tens or 1}{ones or 0}" if ten else ones
    return whole.translate(_DIGITS)


def period(text: str) -> str:
    """Return a year, quarter or month in its short form; other text unchanged.

    >>> period("2024年2月"), period("2024-2"), period("2024/02"), period("2023年")
    ('2024-02', '2024-02', '2024-02', '2023')
    >>> period("2023年第四季度"), period("2023q4"), period("2月")
    ('2023Q4', '2023Q4', '2月')

    """
    match = _PERIOD.fullmatch(half_width(text).strip().upper())
    if match is None:
        return text
    year, month, quarter = match.groups()
    if quarter:
        return f"{year}Q{_QUARTERS.get(quarter, quarter)}"
    return f"{year}-{int(month):02}" if month else year


#: The numbers of quarters, as officials write them.
_QUARTERS = dict(zip("一二三四", "1234", strict=True))

_PERIOD = re.compile(
    r"([0-9]{4})"
    r"(?:[-/.年]([0-9]{1,2})月?|(?:年第?| ?Q)([1-4一二三四])(?:季度)?|年)?",
    re.ASCII,
)


def moments(texts: Sequence[str]) -> list[datetime] | None:
    """Return ``moment`` of each text, None if one has another form than ISO 8601.

    >>> moments(["2023-01-02T09:00:00+08:00", "2023-01-02 09:00"]) == [
    ...     moment("2023-01-02 09:00")
    ... ] * 2
    True

    """
    if not {text[10:14:3] for text in texts} <= {"T:", " :"}:
        return None
    try:
        read = list(map(datetime.fromisoformat, texts))
    except ValueError:
        return None
    return [iso if iso.tzinfo else iso.replace(tzinfo=SHANGHAI) for iso in read]


def _hour(part: dict[str, str]) -> int | None:
    """Return the hour, 0–23, from the parts of a time; None if they disagree."""
    hour = int(part.get("hour", 0))
    halves = [part[name] for name in ("half", "half_") if name in part]
    if not halves:
        return hour
    if len(halves) > 1:
        return None
    if span := _PARTS.get(halves[0]):
        fit = [same for same in (hour - 12, hour, hour + 12) if same in span]
        return fit[0] if len(fit) == 1 and hour < 24 else None
    if _HALVES[halves[0]]:
        return hour if hour >= 12 else hour + 12
    return None if hour > 12 else hour % 12


def _moment_of(parts: list[int], zone: str | None = None) -> datetime | None:
    year, month, day, hour, minute, second, micro = [*parts, 0, 0, 0, 0][:7]
    try:
        offset = SHANGHAI if zone is None else datetime.strptime(zone, "%z").tzinfo
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=offset)
    except ValueError:
        return None
