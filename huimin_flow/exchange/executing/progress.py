"""The import of the month's progress sheet, filled in by units (C4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from huimin_flow.catalogue.reasons import CELL, FileCode, Plain, Reason, plain
from huimin_flow.catalogue.terms import SheetColumn
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import (
    half_width,
    period,
    text_of,
    whole_number,
)
from huimin_flow.exchange.core.parts import Sheet, cell_name
from huimin_flow.exchange.core.sources import sheet_of
from huimin_flow.exchange.executing.sheets import EXACT, mark_of
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Progress
from huimin_flow.rules.executing.figures import SEPARATORS

_NEEDED = (
    SheetColumn.ITEM,
    SheetColumn.TASK,
    SheetColumn.INDICATOR,
    SheetColumn.MONTH,
    SheetColumn.VALUE,
)
_OPTIONAL = (
    SheetColumn.DENOMINATOR,
    SheetColumn.NOTE,
    SheetColumn.EVIDENCE,
    SheetColumn.MEMBERS,
    SheetColumn.CORRECTION,
)

#: How many rows above the header a file may have.
_HEAD = 10

#: How many wrong cells a refusal names; the others are only counted.
_NAMED = 20

#: A month that a spreadsheet changed into a day.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2})-[0-9]{2}(?: 00:00:00)?", re.ASCII)

#: The separators between the names of a set's members.
_SEPARATOR = re.compile(f"[{SEPARATORS}]")


@value
class Filled:
    """The content of a filled sheet: reports with their places, and blank rows.

    A place is the cell of the figure, with that of its denominator. ``untouched`` are
    the places of rows that nobody changed. They contain nothing new, and an import
    would undo later corrections.
    """

    reports: tuple[Progress, ...]
    places: tuple[str, ...]
    blank: int
    untouched: tuple[str, ...] = ()

    def touched(self) -> Filled:
        """Return the content without the untouched rows."""
        kept = [n for n, place in enumerate(self.places) if place not in self.untouched]
        return Filled(
            reports=tuple(self.reports[n] for n in kept),
            places=tuple(self.places[n] for n in kept),
            blank=self.blank,
        )


def read_sheet(path: Path) -> Filled:
    """Return the content of a filled sheet, .xlsx or .csv.

    Raises:
        InputRefused: for a file that can't be read or has missing columns, and
            for cells that are no whole numbers or show something else than they
            contain; it names each cell.

    """
    sheet = sheet_of(path)
    head, columns = _header(sheet.rows, path.name)
    sheet.refuse_merged(path.name, head + 1)
    reports, places, untouched, blank = [], [], [], 0
    wrong: list[Reason] = []
    for number, cells in enumerate(sheet.rows[head + 1 :], head + 2):
        row = _Row(sheet, number, cells, columns)
        if not any(text_of(cell) for cell in cells):
            continue
        flaws = row.flaws()
        wrong += flaws
        if flaws or row.blank:
            blank += row.blank
            continue
        report = row.report()
        reports.append(report)
        places.append(row.place)
        if row.text(SheetColumn.MARK) == mark_of(report):
            untouched.append(row.place)
    if wrong:
        count: Mapping[str, Plain] = {"count": len(wrong)}
        rest = Reason(code=FileCode.MORE_CELLS, values=count)
        raise InputRefused((*wrong[:_NAMED], rest) if wrong[_NAMED:] else tuple(wrong))
    return Filled(
        reports=tuple(reports),
        places=tuple(places),
        blank=blank,
        untouched=tuple(untouched),
    )


def _header(
    rows: Sequence[Sequence[Any]], name: str
) -> tuple[int, dict[SheetColumn, int]]:
    for number, row in enumerate(rows[:_HEAD]):
        texts = [text_of(cell) for cell in row]
        if all(column.label in texts for column in _NEEDED):
            known = (*_NEEDED, *_OPTIONAL, SheetColumn.MARK)
            twice = [column.label for column in known if texts.count(column.label) > 1]
            if twice:
                raise InputRefused(
                    FileCode.COLUMNS_TWICE, file=name, line=number + 1, columns=twice
                )
            return number, {
                key: texts.index(key.label) for key in known if key.label in texts
            }
    raise InputRefused(
        FileCode.HEAD_MISSING,
        file=name,
        rows=_HEAD,
        columns=[column.label for column in _NEEDED],
    )


class _Row(NamedTuple):
    """One row of a sheet: rows count from 1, the places of columns from 0."""

    sheet: Sheet
    number: int
    cells: Sequence[Any]
    columns: Mapping[SheetColumn, int]

    @property
    def blank(self) -> bool:
        """Tell whether nothing is reported: no figure and no other entry."""
        return not any(self.text(column) for column in (SheetColumn.VALUE, *_OPTIONAL))

    @property
    def place(self) -> str:
        """Return the cell of the figure, with that of its denominator."""
        names = [self._name(SheetColumn.VALUE)]
        if self.text(SheetColumn.DENOMINATOR):
            names.append(self._name(SheetColumn.DENOMINATOR))
        return ",".join(names)

    def flaws(self) -> list[Reason]:
        """Return the flaws of the row, cell by cell."""
        flaws = [
            self._flaw(column, FileCode.CELL_MISLEADS)
            for column, place in self.columns.items()
            if self.text(column)
            and self.sheet.misleads(self.number, place + 1, self.cells[place])
        ]
        if flaws or self.blank:
            return flaws
        if not self.text(SheetColumn.ITEM):
            return [self._flaw(SheetColumn.ITEM, FileCode.ROW_WITHOUT_ITEM)]
        for column in (SheetColumn.VALUE, SheetColumn.DENOMINATOR):
            text = self.text(column)
            figure = whole_number(text)
            if text and (figure is None or figure >= EXACT):
                unfit = figure is None
                code = FileCode.FIGURE_UNFIT if unfit else FileCode.FIGURE_TOO_LARGE
                flaws.append(self._flaw(column, code, given=showable(text)))
        if not self.text(SheetColumn.VALUE):
            filled = str(plain([key.label for key in _OPTIONAL if self.text(key)]))
            code = FileCode.FIGURE_MISSING
            flaws.append(self._flaw(SheetColumn.VALUE, code, columns=filled))
        return flaws

    def report(self) -> Progress:
        """Return the report of a row without flaws."""
        month = period(half_width(self.text(SheetColumn.MONTH)))
        day = _DAY.fullmatch(month)
        return Progress(
            item=self.text(SheetColumn.ITEM),
            task=self.text(SheetColumn.TASK),
            indicator=self.text(SheetColumn.INDICATOR),
            month=month if day is None else day.group(1),
            value=whole_number(self.text(SheetColumn.VALUE)) or 0,
            denominator=whole_number(self.text(SheetColumn.DENOMINATOR)),
            note=self.text(SheetColumn.NOTE),
            evidence=tuple(self.text(SheetColumn.EVIDENCE).split()),
            correction=self.text(SheetColumn.CORRECTION),
            members=tuple(
                name.strip()
                for name in _SEPARATOR.split(self.text(SheetColumn.MEMBERS))
                if name.strip()
            ),
        )

    def text(self, column: SheetColumn) -> str:
        """Return the text of a cell, or "" if there is none."""
        place = self.columns.get(column)
        beyond = place is None or place >= len(self.cells)
        return "" if beyond else text_of(self.cells[place or 0])

    def _name(self, column: SheetColumn) -> str:
        return cell_name(self.number, self.columns[column])

    def _flaw(self, column: SheetColumn, code: FileCode, **values: str) -> Reason:
        return Reason(code=code, values={CELL: self._name(column), **values})
