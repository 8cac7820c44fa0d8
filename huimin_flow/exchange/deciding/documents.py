"""An edition of a list as a document: docx in official layout, xlsx, json (C3).

The same edition gives the same bytes. Nothing is read but the edition itself, so a
superseded one looks as it did when it was published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from huimin_flow.exchange.core import papers
from huimin_flow.exchange.core.tables import Grid, workbook
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.documents import Document
from huimin_flow.model.deciding.lists import Edition

#: An official document that lies on its side, and its margins, in millimetres.
_PAPER: Final = (297, 210)
_MARGINS: Final = {"top": 28, "bottom": 26, "left": 27, "right": 27}

#: The widths of the columns in millimetres; together the text's width in landscape.
_WIDTHS: Final = (14, 88, 60, 26, 26, 29)
_SOURCE_WIDTHS: Final = (14, 94, 20, 20, 95)


def files(edition: Edition, shown: Document) -> dict[str, Callable[[], bytes]]:
    """Return what makes each file of an edition, by the end of the file's name."""
    return {
        "docx": lambda: docx_file(shown),
        "xlsx": lambda: xlsx_file(shown),
        "json": lambda: json_file(edition),
    }


def json_file(edition: Edition) -> bytes:
    """Return an edition as canonical JSON, with what its digest covers and more."""
    return canonical_of_plain(to_plain(edition)) + b"\n"


def xlsx_file(shown: Document) -> bytes:
    """Return a document as a workbook: the list, its origins, changes, and about it."""
    grids = [
        Grid(name=table.name, head=table.head, rows=_numbered(table.rows))
        for table in (shown.entries, shown.sources, shown.changes)
        if table is shown.entries or table.rows
    ]
    about = (shown.mark, shown.number, shown.title, *shown.notes, *shown.signed)
    rows = tuple((text,) for text in (*about, shown.code) if text)
    grids.append(Grid(name=shown.about, head=(shown.about,), rows=rows))
    return papers.timeless(workbook(grids, made=papers.made_at(shown.dated)))


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[object, ...], ...]:
    """Return rows whose whole numbers are numbers."""
    return tuple(
        tuple(int(cell) if cell.isdecimal() else cell for cell in row) for row in rows
    )


def docx_file(shown: Document) -> bytes:
    """Return a document in official layout: A4 in landscape, heads on each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy

    made = papers.new_docx()
    papers.lay_out(made, _PAPER, _MARGINS, shown.title, shown.signature, shown.dated)
    if shown.mark:
        papers.paragraph(made, shown.mark, papers.NORMAL, papers.HEAD, TO.LEFT)
    if shown.number:
        papers.paragraph(made, shown.number, papers.NORMAL, papers.TEXT, TO.CENTER)
    papers.paragraph(made, shown.title, papers.LARGE, papers.TITLE, TO.CENTER, after=6)
    for text in shown.notes:
        papers.paragraph(made, text, papers.SMALL, papers.TEXT, TO.CENTER)
    papers.table(made, shown.entries.head, shown.entries.rows, _WIDTHS)
    for n, text in enumerate(shown.signed):
        papers.paragraph(
            made, text, papers.NORMAL, papers.TEXT, TO.RIGHT, before=0 if n else 18
        )
    if shown.changes.rows:
        papers.paragraph(
            made, shown.changes.name, papers.NORMAL, papers.HEAD, TO.LEFT, before=18
        )
    for k, (text,) in enumerate(shown.changes.rows, 1):
        papers.paragraph(made, f"{k}. {text}", papers.SMALL, papers.TEXT, TO.LEFT)
    if shown.sources.rows:
        name = shown.sources.name
        papers.paragraph(
            made, name, papers.NORMAL, papers.HEAD, TO.LEFT, before=18, after=6
        )
        table = shown.sources
        papers.table(made, table.head, table.rows, _SOURCE_WIDTHS)
    papers.paragraph(made, shown.code, papers.SMALL, papers.TEXT, TO.LEFT, before=12)
    return papers.packed(made)
