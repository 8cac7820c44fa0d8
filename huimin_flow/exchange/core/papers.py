"""Documents in official layout, as docx: paper, fonts, paragraphs, tables.

The same content gives the same bytes: every part of a file has one date.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.model.core.texts import visible

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

#: The fonts of official documents: of the title, texts, heads, and page numbers.
TITLE, TEXT, HEAD, PAGE = "FZXiaoBiaoSong-B05S", "FangSong", "SimHei", "SimSun"

#: Sizes in points: of the title, of texts, of tables.
LARGE, NORMAL, SMALL = 22, 16, 12

#: The date of every part of a file: its bytes depend on its content alone.
_NEVER: Final = (1980, 1, 1, 0, 0, 0)

#: Where a document without a date says that it was made.
_UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)


def new_docx() -> Docx:
    """Return an empty document."""
    from docx import Document as new  # noqa: N813, PLC0415 - heavy

    made: Docx = new()
    return made


def packed(made: Docx) -> bytes:
    """Return a document as a file."""
    content = io.BytesIO()
    made.save(content)
    return timeless(content.getvalue())


def lay_out(
    made: Docx,
    size: tuple[int, int],
    margins: dict[str, int],
    title: str,
    author: str,
    dated: date | None,
) -> None:
    """Set paper and margins in millimetres, page numbers, what the file says of itself.

    ``size`` are width and height; a wide page lies on its side.
    """
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - heavy
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
    from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
    from docx.shared import Mm  # noqa: PLC0415 - heavy

    section: Any = made.sections[0]
    wide = size[0] > size[1]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = map(Mm, size)
    for side, width in margins.items():
        setattr(section, f"{side}_margin", Mm(width))
    footer = section.footer.paragraphs[0]
    footer.alignment = TO.CENTER
    for text, kind in (("— ", None), ("PAGE", "field"), (" —", None)):
        run = footer.add_run("" if kind else text)
        font(run, SMALL, PAGE)
        if kind:
            for part in ("begin", "", "end"):
                element = OxmlElement("w:fldChar" if part else "w:instrText")
                if part:
                    element.set(qn("w:fldCharType"), part)
                else:
                    element.text = text
                run._r.append(element)  # noqa: SLF001 - the library has no fields
    about: Any = made.core_properties
    about.title, about.author = title, author
    about.created = about.modified = made_at(dated)
    about.last_modified_by, about.comments = author, ""


def made_at(day: date | None) -> datetime:
    """Return the moment that a file names as that of its making."""
    return (
        _UNDATED if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
    )


def font(run: Any, size: int, name: str) -> None:
    """Set the size and the font of a run, for Chinese signs, too."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
    from docx.shared import Pt  # noqa: PLC0415 - heavy

    run.font.size, run.font.name = Pt(size), name
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)  # noqa: SLF001 - the library knows only Latin fonts


def paragraph(
    made: Any,
    text: str,
    size: int,
    name: str,
    to: Any,
    *,
    before: int = 0,
    after: int = 0,
) -> Paragraph:
    """Add a paragraph in one font; sizes and spaces are in points."""
    from docx.shared import Pt  # noqa: PLC0415 - heavy

    added: Paragraph = made.add_paragraph()
    font(added.add_run(visible(text)), size, name)
    added.alignment = to
    added.paragraph_format.space_before = Pt(before)
    added.paragraph_format.space_after = Pt(after)
    return added


def table(
    made: Any,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
) -> None:
    """Add a table whose head is on every page, and whose rows are not torn."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
    from docx.shared import Mm  # noqa: PLC0415 - heavy

    added: Any = made.add_table(rows=0, cols=len(head), style="Table Grid")
    added.autofit = False
    looks: dict[str, Any] = {}  # to set a font anew takes half the time
    for column, width in zip(added.columns, widths, strict=True):
        column.width = Mm(width)
    for n, cells in enumerate((head, *rows)):
        row = added.add_row()
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
            run, name = paragraph.add_run(seen), HEAD if n == 0 else TEXT
            if name in looks:
                run._r.insert(0, deepcopy(looks[name]))  # noqa: SLF001 - as above
            else:
                font(run, SMALL, name)
                looks[name] = run._r.rPr  # noqa: SLF001 - as above


def timeless(content: bytes) -> bytes:
    """Return a file of zipped parts whose bytes don't depend on when it was made."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(made, "w") as again,
    ):
        for part in parts.infolist():
            name = zipfile.ZipInfo(part.filename, _NEVER)
            again.writestr(name, parts.read(part), zipfile.ZIP_DEFLATED)
    return made.getvalue()
