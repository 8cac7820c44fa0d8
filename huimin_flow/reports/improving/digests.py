"""Digests in words: their lists, their pages, and what is mailed of them (F3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_note, say_pair
from huimin_flow.catalogue.terms import Duty
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.improving.digests import (
    Digest,
    DigestCounts,
    DigestPaper,
    DigestReached,
)
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, cell_text
from huimin_flow.reports.core.render import Frame, Page, draw
from huimin_flow.reports.improving.reviews import (
    headings,
    line_words,
    subject_names,
    subject_words,
)

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: The forms in which a digest may be taken along.
FORMS: Final = ("html", "docx", "json")

#: The columns of a unit's lines, and of the figures of several units.
_LINES: Final = ("哪一类", "什么", "何时、几天")
_FIGURES: Final = ("单位", "迟办", "欠办", "问题", "办好")


def digest_file(period: str, unit: str, edition: int | None = None) -> str:
    """Return the file of the page of a unit's digest, or of an earlier edition.

    >>> digest_file("2026-11", "500101"), digest_file("2026Q4", "500101", 1)
    ('digest-2026-11-500101.html', 'digest-2026Q4-500101-edition-1.html')

    """
    end = "" if edition is None else f"-edition-{edition}"
    return f"digest-{period}-{unit}{end}.html"


def digest_name(period: str) -> str:
    """Return what the digests of a period are called: 2026年11月月报."""
    words = "{when}季报" if "Q" in period else "{when}月报"
    return say(words, when=period_in_words(period))


def compared(counts: DigestCounts, before: DigestCounts | None, name: str) -> str:
    """Return a figure beside that of the period before: 3(上期5)."""
    figure = str(getattr(counts, name))
    if before is None:
        return figure
    return say_note(figure, say("上期{count}", count=getattr(before, name)))


def _row(sight: Sight, made: Digest) -> Row:
    figures = (compared(made.counts, made.before, name) for name, _ in headings())
    return (
        Ref(digest_name(made.period), digest_file(made.period, made.unit)),
        sight.unit(made.unit),
        *figures,
        made.edition,
    )


#: The digests of units: the newest ones, or all of a period or a unit.
DIGESTS: Final = Listing(
    name="digests",
    title="月报季报",
    question="digests.list",
    count="",
    head=("期", "单位", "迟办", "欠办", "问题", "办好", "版次"),
    empty="没有这样的月报、季报",
    row=_row,
    labels={"unit": "单位", "period": "期"},
    own_first=Duty.REPORT,
)


def notes(made: Digest) -> Iterator[str]:
    """Yield what a reader must know of a digest, sentence by sentence."""
    yield say(
        "截至{day},按截点 {cut} 以前的记录和已公布的五色图汇总;"
        "只重复已有的结论,不另作评价",
        day=made.day,
        cut=made.cut,
    )
    if made.edition > 1:
        yield say("第{edition}版", edition=made.edition)
    if made.note:
        yield say_pair(say("更正理由"), made.note)


def _lines(made: Digest, names: Mapping[str, str]) -> Iterator[tuple[str, list[Row]]]:
    """Yield each heading with its figure, and the rows under it."""
    for name, title in headings():
        figure = compared(made.counts, made.before, name)
        rows: list[Row] = [
            (line.kind.spoken, subject_words(line, names), line_words(line))
            for line in getattr(made.part, name)
        ]
        yield say_pair(title, figure), rows


def digest_page(
    now: Snapshot, period: str, unit: str, edition: int | None = None
) -> Page:
    """Return the page of a unit's digest, or of an earlier edition.

    Raises:
        InputRefused: for a wrong period, or a code that no unit ever had.
        NotFound: if there is no such digest, or no such edition.

    """
    made = now.digests.get(period, unit, edition=edition)
    names = subject_names(now.rulebook.active())
    head = [say(text) for text in _LINES]
    return Page(
        file=digest_file(period, unit, edition),
        template="tables.html.j2",
        title=f"{names.get(unit, unit)} {digest_name(period)}",
        values={
            "note": say_clauses(*notes(made)),
            "leads": [(DIGESTS.file, say(DIGESTS.title))],
            "tables": [
                (title, head, rows, say("没有")) for title, rows in _lines(made, names)
            ],
            "digest": made,
            "files": [
                (kind, digest_file(period, unit, edition).replace(".html", f".{kind}"))
                for kind in ("docx", "json")
            ],
        },
    )


def digests_page(now: Snapshot) -> Page:
    """Return the newest digests of all units, for a site without a server."""
    sight = Sight(now, now.rulebook.active().organization.names)
    rows = [_row(sight, made) for made in now.digests.list()]
    head = [say(text) for text in DIGESTS.head]
    return Page(
        file=DIGESTS.file,
        template="tables.html.j2",
        title=say(DIGESTS.title),
        values={
            "note": say("各单位最近一期月报、季报:迟办、欠办、问题、办好各几件"),
            "leads": (),
            "tables": [(say("最近一期"), head, rows, say(DIGESTS.empty))],
        },
    )


def paper_of(made: Sequence[Digest], names: Mapping[str, str]) -> DigestPaper:
    """Return one unit's digest as a document; of several an overview comes first."""
    first = made[0]
    several = len(made) > 1
    whose = say("各单位") if several else names.get(first.unit, first.unit)
    tables: list[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...], str]] = []
    if several:
        rows = tuple(
            (
                names.get(each.unit, each.unit),
                *(compared(each.counts, each.before, name) for name, _ in headings()),
            )
            for each in made
        )
        tables.append((say("总览"), tuple(map(say, _FIGURES)), rows, ""))
    for each in made:
        unit = f"{names.get(each.unit, each.unit)} " if several else ""
        for title, lines in _lines(each, names):
            if lines or not several:
                texts = tuple(tuple(map(cell_text, row)) for row in lines)
                heads = tuple(map(say, _LINES))
                tables.append((unit + title, heads, texts, say("没有")))
    code = say("核对码 {digest}", digest=first.digest)
    return DigestPaper(
        title=f"{whose} {digest_name(first.period)}",
        notes=tuple(notes(first)),
        tables=tuple(tables),
        signature=say("惠民有感专班办公室"),
        day=first.day,
        code="" if several else code,
    )


def paper_html(paper: DigestPaper, *, rehearsal: bool) -> str:
    """Return a document as a page that any mail reader shows: no link, no script."""
    page = Page(
        file="digest-mail.html",
        template="digest-mail.html.j2",
        title=paper.title,
        values={"paper": paper},
    )
    return draw(page, Frame(rehearsal=rehearsal))


def paper_subject(paper: DigestPaper) -> str:
    """Return the subject of the mail that brings a document."""
    return say("【惠民有感】{title}", title=paper.title)


def paper_text(paper: DigestPaper) -> str:
    """Return a document as plain text, for who reads no html."""
    lines = [paper.title, "", *paper.notes]
    for name, _, rows, nothing in paper.tables:
        lines += ["", name, *(" ".join(filter(None, row)) for row in rows)]
        lines += [] if rows else [nothing]
    foot = say("本邮件由惠民有感系统自动发出,不含个人信息,请勿回复")
    return "\n".join([*lines, "", paper.code, foot]) + "\n"


def reached_row(sight: Sight, line: DigestReached) -> Row:
    """Return whether a digest has reached its unit, and by which destination."""
    return (sight.unit(line.unit), line.reach.spoken, line.destination or "—")


#: The columns of it.
REACHED: Final = ("单位", "送达", "目的地")
