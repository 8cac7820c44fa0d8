"""Screens: aligned tables, words for codes, JSON, refusals as sentences."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, chain, takewhile, zip_longest
from shutil import get_terminal_size
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

import click
from wcwidth import wcswidth, wcwidth

from huimin_flow.catalogue.keys import key_words
from huimin_flow.catalogue.language import say, say_note, say_pair
from huimin_flow.catalogue.reasons import Reasons, listed
from huimin_flow.catalogue.terms import Job
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.catalogue.typography import full_width
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import Difference, to_plain
from huimin_flow.personal import masked
from huimin_flow.reports.core.histories import list_name, word

if TYPE_CHECKING:
    from huimin_flow.model.core.organization import Organization
    from huimin_flow.reports.deciding.previews import EffectLine

#: How many characters of a changed value a screen shows.
_WIDEST = 60

#: How many characters of a refusal a screen shows.
_LONGEST = 4000

#: The narrowest width to which a column of words is cut.
_NARROWEST = 8

#: What is not broken at a line's end: a number, a code or an English word.
_WHOLE = re.compile(r"[!-~]+$")

#: Columns whose texts are needed whole: they continue in the next line.
_SAID = frozenset(
    {
        *("内容", "所见", "可以这样做", "原因", "未收的原因", "说明", "结果", "输入"),
        *("规则结论", "结论与说明", "原", "新", "为何", "为什么不可", "谁可办"),
        *("名称", "可办", "may do"),
    }
)

#: How many characters of a long list are in memory at once.
_LONGEST_HELD = 2**18


#: By color: the words that have it at a terminal, each as a whole cell.
_PAINTED = {
    "red": ("红", "故障", "超期", "red", "broken", "overdue"),
    "bright_red": ("橙", "orange"),
    "yellow": ("黄", "注意", "yellow", "needs attention"),
    "blue": ("蓝", "blue"),
    "green": ("绿", "正常", "green", "healthy"),
}
_COLORS = {word: color for color, words in _PAINTED.items() for word in words}


def colored(*, err: bool = False) -> bool:
    """Tell whether a stream shows colors: a terminal does, without NO_COLOR."""
    stream = sys.stderr if err else sys.stdout
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def changes(
    differences: Sequence[Difference], names: Mapping[str, str] | None = None
) -> Table:
    """Return a table of changes with old and new values; a long value is cut.

    With the ``names`` of codes, each path of a rulebook is said in words, too.
    """
    rows = [(item.path, _short(item.old), _short(item.new)) for item in differences]
    if names is None:
        return Table(("项目", "原", "新"), rows)
    worded = [(key_words(path, names), *rest, path) for path, *rest in rows]
    return Table(("项目", "原", "新", "键"), worded)


def ranks(lines: Iterable[EffectLine]) -> list[str | Table]:
    """Return which ranks on the coming lists a rulebook would change, as parts."""
    rows = [(each.list, each.item, each.title, each.old, each.new) for each in lines]
    if not rows:
        return [say("若启用,正在形成的清单没有变化")]
    head = ("清单", "事项", "标题", "现名次", "启用后名次")
    return [say("若启用,正在形成的清单有变化:"), Table(head, rows)]


def _short(value: object) -> str:
    text = "—" if value is None else value
    if not isinstance(text, str):
        text = json.dumps(text, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}……"


@dataclass(frozen=True)
class Table:
    """A table of a screen or a csv file; ``rows`` may be a function that yields them.

    Such a function is called twice, so that the rows of a long table are not held.
    ``empty`` is said instead of a table without rows; None shows its heading.

    >>> print(Table(("编号", "状态"), [("2023-1", "已采集")]))
    编号    状态
    2023-1  已采集

    """

    head: Sequence[str]
    rows: Sequence[Sequence[object]] | Callable[[], Iterable[Sequence[object]]]
    empty: str | None = None

    def __str__(self) -> str:
        """Return the table as a terminal shows it."""
        if self.empty is not None and not self.rows:
            return say(self.empty)
        return "\n".join(self.lines(room()))

    def lines(self, room: int | None) -> Iterator[str]:
        """Yield the lines; they are at most ``room`` columns wide, None: any width.

        Where a table is too wide, its widest columns of words are cut; those of
        ``_SAID`` continue in the next line. Numbers, days and codes are shown whole:
        if they don't fit, each row is shown as lines of heading and cell.
        """
        heads = [say(cell) for cell in self.head]
        widths = [_width(_shown(cell)) for cell in heads]
        wordy = [name in _SAID for name in self.head]
        for row in self._each():
            for place, cell in enumerate(row):
                text = _shown(cell)
                widths[place] = max(widths[place], width := _width(text))
                wordy[place] |= width != len(text) or " " in text.strip("0123456789-: ")
        paints: Mapping[str, str] = {}
        if room is not None:
            widths = self._fitted(widths, wordy, room)
            paints = _COLORS if colored() else {}
        if not widths:
            for row in self._each():
                for name, said, cell in zip(self.head, heads, row, strict=True):
                    text = full_width(say_pair(said, _shown(cell)).rstrip())
                    if room is None or name not in _SAID:
                        yield text
                    else:
                        yield from _pieces(text, room, cut=False)
                yield ""
            return
        for row in chain([heads], self._each()):
            parts = [
                list(_pieces(_shown(cell), width, cut=name not in _SAID))
                for name, cell, width in zip(self.head, row, widths, strict=True)
            ]
            for line in zip_longest(*parts, fillvalue=""):
                yield "  ".join(
                    (click.style(cell, fg=paints[cell]) if cell in paints else cell)
                    + " " * (width - _width(cell))
                    for cell, width in zip(line, widths, strict=True)
                ).rstrip()

    def csv_lines(self) -> Iterator[str]:
        """Yield the lines of a csv file; no cell is a formula for a spreadsheet."""
        from huimin_flow.exchange.core import tables  # noqa: PLC0415 - heavy

        yield from tables.csv_lines(map(say, self.head), self._each())

    def _each(self) -> Iterable[Sequence[object]]:
        return self.rows() if callable(self.rows) else self.rows

    def _fitted(self, widths: list[int], wordy: list[bool], room: int) -> list[int]:
        """Return widths that fit the room; none if headings and codes don't."""
        room -= 2 * (len(widths) - 1)
        cells = zip(self.head, widths, wordy, strict=True)
        least = [
            max(_width(say(name)), min(width, _NARROWEST)) if words else width
            for name, width, words in cells
        ]
        if sum(least) > room:
            return []
        cap = max(widths, default=0)
        while sum(widths) > room:
            cap -= 1
            widths = [
                max(low, min(width, cap))
                for width, low in zip(widths, least, strict=True)
            ]
        return widths


def _shown(cell: object) -> str:
    return full_width(visible(str(cell)))


def room() -> int | None:
    """Return how many columns the terminal has; None without a terminal."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


def unit_names(organization: Organization) -> Mapping[str, str]:
    """Return the units' names by code; a terminal shows the first shorter alias."""
    names = organization.names
    if room() is None:
        return names
    short = {
        unit.code: alias
        for unit in organization.units
        for alias in reversed(unit.aliases)
        if len(alias) < len(unit.name)
    }
    return {**names, **short}


def _pieces(text: str, width: int, *, cut: bool) -> Iterator[str]:
    """Yield a text in lines of a width; with ``cut`` only one, which ends in "…"."""
    while _width(text) > width:
        sums = accumulate(max(wcwidth(sign), 0) for sign in text)
        end = max(sum(1 for _ in takewhile((width - cut).__ge__, sums)), 1)
        if cut:
            yield text[:end] + "…"
            return
        if text[end : end + 1] != " " and (whole := _WHOLE.search(text[:end])):
            end = whole.start() or end
        yield text[:end]
        text = text[end:].lstrip(" ")
    yield text


def echo_json(text: str, *, err: bool = False) -> None:
    """Print JSON, with escapes if the stream can't write a character."""
    echo(_writable(text, err=err), err=err, raw=True)


def _writable(text: str, *, err: bool = False) -> str:
    encoding = _encoding(err=err)
    if text.encode(encoding, "replace").decode(encoding) != text:
        return json.dumps(json.loads(text))
    return text


def show(value: object, text: str, *, as_json: bool) -> None:
    """Print a value as JSON with ``as_json``, else its Chinese text."""
    if as_json:
        echo_json(json.dumps(to_plain(value), ensure_ascii=False, indent=2))
    else:
        echo(text)


def json_page(
    values: Iterable[object], total: int, after: Callable[[], str | None]
) -> Iterator[str]:
    """Yield the lines of a page of a list as JSON, value by value.

    ``total`` is how many values the list has; ``after`` says at the end what --after
    takes to go on, None for the last page.
    """
    yield f'{{\n  "total": {total},'
    before = '  "rows": ['
    for n, value in enumerate(values):
        text = _writable(json.dumps(to_plain(value), ensure_ascii=False, indent=2))
        yield f"{before}," if n else before
        before = "    " + text.replace("\n", "\n    ")
    yield f"{before}]," if before.endswith("[") else f"{before}\n  ],"
    yield f'  "next": {_writable(json.dumps(after(), ensure_ascii=False))}\n}}'


@contextmanager
def afterwards() -> Iterator[Callable[[Iterable[str]], None]]:
    """Yield a function that takes lines; they are printed at the end.

    Until then a file has them, so that a slow terminal holds no reading transaction.
    """
    with SpooledTemporaryFile(
        _LONGEST_HELD, "w+", encoding="utf-8", errors="surrogatepass", newline="\n"
    ) as kept:

        def put(lines: Iterable[str]) -> None:
            for line in lines:  # ``writelines`` would hold them all
                kept.write(f"{line}\n")

        yield put
        kept.seek(0)
        while block := kept.read(_LONGEST_HELD):
            echo(block, nl=False, raw=True)


def echo(text: str, *, err: bool = False, nl: bool = True, raw: bool = False) -> None:
    r"""Print a text with Chinese typography, or a ``raw`` one for a program.

    A character that the stream can't write becomes ``\udcb2``: the terminal may be GBK
    or ASCII, and a damaged database may have invalid text.
    """
    text = text if raw else full_width(text)
    encoding = _encoding(err=err)
    click.echo(
        text.encode(encoding, "backslashreplace").decode(encoding), nl=nl, err=err
    )


def _encoding(*, err: bool) -> str:
    stream = sys.stderr if err else sys.stdout
    return getattr(stream, "encoding", None) or "utf-8"


def plain_reasons(reasons: Reasons) -> list[Any]:
    """Return reasons for JSON; several words or names are a list."""
    return [
        to_plain(reason)
        | {"values": {key: listed(key, text) for key, text in reason.values.items()}}
        for reason in reasons
    ]


def harmless(text: str) -> str:
    r"""Return a text for a terminal, cut and without control characters.

    Personal numbers are masked.

    >>> harmless("甲\x1b[2J")
    '甲\\x1b[2J'

    """
    cut = masked(text[: 2 * _LONGEST])[:_LONGEST] + "……" * (len(text) > _LONGEST)
    return "".join(
        sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in cut
    )


def _width(text: str) -> int:
    return len(text) if text.isascii() else max(wcswidth(text), 0)


def job(name: str, period: str) -> str:
    """Return a job and its period in words.

    >>> job("quarterly_ranking", "2023Q4")
    '季度榜单 2023年第四季度'

    """
    return f"{word(Job, name)} {period_in_words(period)}"


def list_title(key: str, names: Mapping[str, str]) -> str:
    """Return a list's name and its key for commands.

    >>> list_title("list/2024/city", {})
    '2024年全市清单(list/2024/city)'

    """
    return say_note(list_name(key, names), key) if key.count("/") == 2 else key
