"""The tables of a drawn page, as a reader sees them, for a file of the same."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

#: Elements that name the tables after them, and cells.
_NAMES: Final = frozenset({"h1", "h2", "h3", "caption"})
_CELLS: Final = frozenset({"td", "th"})

#: Elements that a table's file leaves out, and those that never end.
_DRAWN: Final = frozenset({"svg", "style", "script"})
_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})

#: What ends a word although no blank stands there.
_BLOCKS: Final = frozenset({"small", "span", "br", "div", "p", "li", "b"})

_BLANKS = re.compile(r"\s+")
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)

#: A table: its name, and its rows, of which the first has the headings.
Seen = tuple[str, list[list[object]]]


def tables_of(drawn: str) -> list[Seen]:
    """Return the tables of a page: a name and rows, the first with the headings.

    A cell has the text that a reader hears; a whole number is a number. A cell of
    several columns is followed by empty ones. A caption is a table's name, else the
    heading above it.

    >>> tables_of("<h2>甲</h2><table><tr><th>数<td>7<tr><td>a <b>b</b></table>")
    [('甲', [['数', 7], ['a b']])]
    >>> star = '<i aria-hidden="true">★</i>1星'
    >>> tables_of(f"<table><caption>乙</caption><tr><td>{star}</table>")
    [('乙', [['1星']])]

    """
    parser = _Tables()
    parser.feed(drawn)
    parser.close()
    return [
        (name, [row for row in rows if row]) for name, rows in parser.tables if rows
    ]


class _Tables(HTMLParser):
    """The tables that a page has so far."""

    def __init__(self) -> None:
        """Begin before the page."""
        super().__init__(convert_charrefs=True)
        self.tables: list[Seen] = []
        self._name: list[str] = []
        self._texts: list[str] | None = None
        self._columns = 1
        self._ignored = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell, or a name."""
        if self._ignored:
            self._depth += tag == self._ignored
        elif tag in _DRAWN or ("aria-hidden", "true") in attrs:
            self._ignored, self._depth = tag, 1
        elif tag == "table":
            self._end_cell()
            self.tables.append((_text(self._name), []))
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.tables[-1][1].append([])
        elif tag in _CELLS and self.tables and self.tables[-1][1]:
            self._end_cell()
            columns = dict(attrs).get("colspan") or "1"
            self._columns = min(int(columns), 100) if columns.isdecimal() else 1
            self._texts = []
        elif tag in _NAMES and self._texts is None:
            self._name = []
            self._texts = self._name
        elif tag in _BLOCKS and self._texts is not None:
            self._texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a table, a row, a cell, or a name."""
        if self._ignored:
            self._depth -= tag == self._ignored
            self._ignored = self._ignored if self._depth else ""
        elif tag in _CELLS or tag in {"tr", "table"}:
            self._end_cell()
        elif tag in _NAMES and self._texts is self._name:
            self._texts = None
            if tag == "caption" and self.tables:
                self.tables[-1] = (_text(self._name), self.tables[-1][1])

    def handle_data(self, data: str) -> None:
        """Keep a text of a cell or a name."""
        if self._texts is not None and not self._ignored:
            self._texts.append(data)

    def _end_cell(self) -> None:
        if self._texts is None or self._texts is self._name:
            return
        text = _text(self._texts)
        cell: object = int(text) if _WHOLE.fullmatch(text) else text
        self.tables[-1][1][-1] += [cell, *[""] * (self._columns - 1)]
        self._texts = None


def _text(parts: list[str]) -> str:
    return _BLANKS.sub(" ", "".join(parts)).strip()
