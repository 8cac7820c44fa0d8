"""A digest as files: docx to read and print, json for other systems (F3).

The same digest gives the same bytes. Nothing is read but the digest itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from huimin_flow.exchange.core import papers
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.improving.digests import Digest, DigestPaper

#: The types of the files, by the end of a file's name.
TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}

#: An official document that stands, and its margins, in millimetres.
_PAPER: Final = (210, 297)
_MARGINS: Final = {"top": 37, "bottom": 35, "left": 28, "right": 26}

#: The width of its text in millimetres.
_WIDTH: Final = 156


def files(
    made: Sequence[Digest], paper: DigestPaper, page: Callable[[], str]
) -> dict[str, Callable[[], bytes]]:
    """Return what makes each file of digests, by the end of the file's name.

    ``page`` draws the paper as a page without links, script or network.
    """
    return {
        "html": lambda: page().encode(),
        "docx": lambda: docx_file(paper),
        "json": lambda: json_file(made),
    }


def json_file(made: Sequence[Digest]) -> bytes:
    """Return one digest as canonical JSON, or the list of several."""
    plain: Any = [to_plain(each) for each in made]
    return canonical_of_plain(plain[0] if len(made) == 1 else plain) + b"\n"


def docx_file(paper: DigestPaper) -> bytes:
    """Return a digest in official layout: A4, a table under each heading."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as TO  # noqa: PLC0415 - heavy

    made = papers.new_docx()
    papers.lay_out(made, _PAPER, _MARGINS, paper.title, paper.signature, paper.day)
    papers.paragraph(made, paper.title, papers.LARGE, papers.TITLE, TO.CENTER, after=6)
    for text in paper.notes:
        papers.paragraph(made, text, papers.SMALL, papers.TEXT, TO.LEFT)
    for name, head, rows, nothing in paper.tables:
        space = {"before": 12, "after": 4}
        papers.paragraph(made, name, papers.NORMAL, papers.HEAD, TO.LEFT, **space)
        if not rows:
            papers.paragraph(made, nothing, papers.SMALL, papers.TEXT, TO.LEFT)
            continue
        first = _WIDTH // (len(head) + 1)
        widths = [first] * len(head)
        widths[1] += _WIDTH - sum(widths)
        papers.table(made, head, rows, widths)
    papers.paragraph(made, paper.code, papers.SMALL, papers.TEXT, TO.LEFT, before=12)
    return papers.packed(made)
