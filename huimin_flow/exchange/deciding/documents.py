"""An edition of a list as a document: docx in official layout, xlsx, json (C3).

The same edition gives the same bytes. Nothing is read but the edition itself, so a
superseded one looks as it did when it was published.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.exchange.core.tables import Grid, workbook
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.documents import Document, Table
from huimin_flow.model.deciding.lists import Edition

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

#: The fonts of official documents: of the title, texts, heads, and page numbers.
_TITLE, _TEXT, _HEAD, _PAGE = "FZXiaoBiaoSong-B05S", "FangSong", "SimHei", "SimSun"

#: Sizes in points: of the title, of texts, of tables.
_LARGE, _NORMAL, _SMALL = 22, 16, 12

#: Margins of an official document that lies on its side, in millimetres.
_MARGINS: Final = {"top": 28, "bottom": 26, "left": 27, "right": 27}

#: The widths of the columns in millimetres; together the text's width in landscape.
_WIDTHS: Final = (14, 88, 60, 26, 26, 29)
_SOURCE_WIDTHS: Final = (14, 94, 20, 20, 95)

#: The date of every part of a file: its bytes depend on the edition alone.
_NEVER: Final = (1980, 1, 1, 0, 0, 0)

#: Where a document without a date says that it was made.
_UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)


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
    return _timeless(workbook(grids, made=_made(shown)))


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[object, ...], ...]:
    """Return rows whose whole numbers are numbers."""
    return tuple(
        tuple(int(cell) if cell.isdecimal() else cell for cell in row) for row in rows
    )


def docx_file(shown: Document) -> bytes:
    """Return a document in official layout: A4 in landscape, heads on each page."""
    from docx import Document as new  # noqa: N813, PLC0415 - heavy
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy

    made: Docx = new()
    _lay_out(made, shown)
    if shown.mark:
        _paragraph(made, shown.mark, _NORMAL, _HEAD, TO.LEFT)
    if shown.number:
        _paragraph(made, shown.number, _NORMAL, _TEXT, TO.CENTER)
    _paragraph(made, shown.title, _LARGE, _TITLE, TO.CENTER, after=6)
    for text in shown.notes:
        _paragraph(made, text, _SMALL, _TEXT, TO.CENTER)
    _table(made, shown.entries, _WIDTHS)
    for n, text in enumerate(shown.signed):
        _paragraph(made, text, _NORMAL, _TEXT, TO.RIGHT, before=0 if n else 18)
    if shown.changes.rows:
        _paragraph(made, shown.changes.name, _NORMAL, _HEAD, TO.LEFT, before=18)
    for k, (text,) in enumerate(shown.changes.rows, 1):
        _paragraph(made, f"{k}. {text}", _SMALL, _TEXT, TO.LEFT)
    if shown.sources.rows:
        name = shown.sources.name
        _paragraph(made, name, _NORMAL, _HEAD, TO.LEFT, before=18, after=6)
        _table(made, shown.sources, _SOURCE_WIDTHS)
    _paragraph(made, shown.code, _SMALL, _TEXT, TO.LEFT, before=12)
    content = io.BytesIO()
    made.save(content)
    return _timeless(content.getvalue())


def _lay_out(made: Docx, shown: Document) -> None:
    """Set paper, margins, page numbers and what the file says of itself."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - heavy
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
    from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
    from docx.shared import Mm  # noqa: PLC0415 - heavy

    section: Any = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    for side, width in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    footer = section.footer.paragraphs[0]
    footer.alignment = TO.CENTER
    for text, kind in (("— ", None), ("PAGE", "field"), (" —", None)):
        run = footer.add_run("" if kind else text)
        _font(run, _SMALL, _PAGE)
        if kind:
            for part in ("begin", "", "end"):
                element = OxmlElement("w:fldChar" if part else "w:instrText")
                if part:
                    element.set(qn("w:fldCharType"), part)
                else:
                    element.text = text
                run._r.append(element)  # noqa: SLF001 - the library has no fields
    about: Any = made.core_properties
    about.title, about.author = shown.title, shown.signature
    about.created = about.modified = _made(shown)
    about.last_modified_by, about.comments = shown.signature, ""


def _made(shown: Document) -> datetime:
    """Return the moment that a file names as that of its making."""
    day = shown.dated
    return (
        _UNDATED if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
    )


def _font(run: Any, size: int, name: str) -> None:
    """Set the size and the font of a run, for Chinese signs, too."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
    from docx.shared import Pt  # noqa: PLC0415 - heavy

    run.font.size, run.font.name = Pt(size), name
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)  # noqa: SLF001 - the library knows only Latin fonts


def _paragraph(
    made: Any,
    text: str,
    size: int,
    font: str,
    to: Any,
    *,
    before: int = 0,
    after: int = 0,
) -> Paragraph:
    from docx.shared import Pt  # noqa: PLC0415 - heavy

    paragraph: Paragraph = made.add_paragraph()
    _font(paragraph.add_run(visible(text)), size, font)
    paragraph.alignment = to
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _table(made: Any, shown: Table, widths: Sequence[int]) -> None:
    """Add a table whose head is on every page, and whose rows are not torn."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
    from docx.shared import Mm  # noqa: PLC0415 - heavy

    head = shown.head
    table: Any = made.add_table(rows=0, cols=len(head), style="Table Grid")
    table.autofit = False
    looks: dict[str, Any] = {}  # to set a font anew takes half the time
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for n, cells in enumerate((head, *shown.rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - as above
        properties.append(OxmlElement("w:cantSplit"))
        if n == 0:
            properties.append(OxmlElement("w:tblHeader"))
        # The library finds all cells of a row anew whenever it is asked for one.
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            centered = n == 0 or (text.isdecimal() and len(text) < len(head))
            paragraph.alignment = TO.CENTER if centered else TO.LEFT
            seen = "\n".join(map(visible, text.split("\n")))
            run, name = paragraph.add_run(seen), _HEAD if n == 0 else _TEXT
            if name in looks:
                run._r.insert(0, deepcopy(looks[name]))  # noqa: SLF001 - as above
            else:
                _font(run, _SMALL, name)
                looks[name] = run._r.rPr  # noqa: SLF001 - as above


def _timeless(content: bytes) -> bytes:
    """Return a file of zipped parts whose bytes don't depend on when it was made."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for part in parts.infolist():
            again.writestr(zipfile.ZipInfo(part.filename, _NEVER), parts.read(part))
    return packed.getvalue()
