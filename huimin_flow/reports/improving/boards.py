"""The two boards of a quarter in words: their pages and lists (D1, D2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_count, say_list, say_pair
from huimin_flow.catalogue.terms import Board, StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.reports.core.histories import in_words
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.improving.boards import (
        BadEntry,
        BoardChange,
        BoardEntry,
        QuarterlyBoards,
    )

#: The columns of a board.
HEAD: Final = ("事项", "单位", "状态", "依据", "自何季在榜")


def boards_file(period: str, edition: int | None = None) -> str:
    """Return the file of a quarter's page of boards, or of an earlier edition.

    >>> boards_file("2026Q4"), boards_file("2026Q4", 1)
    ('boards-2026Q4.html', 'boards-2026Q4-edition-1.html')

    """
    return f"boards-{period}{'' if edition is None else f'-edition-{edition}'}.html"


def draft_file(period: str) -> str:
    """Return the file of the desk's page of a quarter's draft."""
    return f"boards-draft-{period}.html"


def why(entry: BoardEntry) -> str:
    """Return the grounds of an entry with their evidence, in words."""
    grounds = [
        say_pair(ground.spoken, in_words(verdict))
        for ground, verdict in zip(entry.grounds, entry.verdicts, strict=True)
    ]
    if entry.remains:
        since = period_in_words(entry.since)
        grounds.append(say("{since}列入后,整改还没有认可", since=since))
    return say_list(grounds)


def entry_row(sight: Sight, entry: BoardEntry) -> Row:
    """Return an entry: which item, whose, where it stands, why it is on the board."""
    return (
        Ref(f"{entry.item} {entry.title}", item_file(entry.item)),
        sight.unit(entry.unit),
        entry.state.spoken,
        why(entry),
        period_in_words(entry.since),
    )


def _boards_row(_: Sight, made: QuarterlyBoards) -> Row:
    return (
        Ref(made.key, boards_file(made.period)) if made.edition else made.key,
        period_in_words(made.period),
        made.state.spoken,
        made.edition or "",
        made.considered,
        len(made.good),
        len(made.bad),
        sum(entry.remains for entry in made.bad),
    )


#: The boards of all quarters.
BOARDS: Final = Listing(
    name="boards",
    title="好评榜差评榜",
    question="boards.list",
    head=(
        "双榜", "季度", "状态", "版次", "参评事项", "好评榜", "差评榜", "仍在差评榜",
    ),
    empty="还没有拟定过双榜",
    row=_boards_row,
)  # fmt: skip


def _bad_row(sight: Sight, known: BadEntry) -> Row:
    return entry_row(sight, known.entry)


#: The open entries of the bad boards.
BAD: Final = Listing(
    name="bad-board",
    title="仍在差评榜的事项",
    question="boards.bad_entries",
    count="",
    head=HEAD,
    empty="差评榜上没有事项",
    row=_bad_row,
    labels={"item": "事项编号", "unit": "单位"},
)


def change_row(_: Sight, change: BoardChange) -> Row:
    """Return what would change: an item, its board before and by what is known now."""
    boards = (change.before, change.now)
    before, now = ("—" if board is None else board.spoken for board in boards)
    grounds = say_list(ground.spoken for ground in change.grounds)
    return (
        Ref(f"{change.item} {change.title}", item_file(change.item)),
        before,
        now,
        grounds,
    )


#: The columns of what would change.
CHANGES: Final = ("事项", "已拟定", "按现在所知", "依据")


def notes(now: Snapshot, made: QuarterlyBoards) -> Iterator[str]:
    """Yield what a reader must know of the boards, sentence by sentence."""
    yield say(
        "参评的是分解、执行、评价中的事项,共{count}项,截至{day},截点 {cut};\
标准均为本系统自定,可由局里修改",
        count=made.considered,
        day=made.day,
        cut=made.cut,
    )
    yield say("好评榜三条同时具备;差评榜五条有一条即列入,整改认可以后才离榜")
    if made.edition:
        yield say("第{edition}版", edition=made.edition)
    if made.note:
        yield say_pair(say("更正理由"), made.note)
    current = now.boards.get(made.key).version == made.version
    if current and (changes := now.boards.late(made.key)):
        yield say_pair(
            say_count("截点以后才知道的,会改变{count}项", len(changes)),
            say_list(f"{change.item} {change.title}" for change in changes),
        )


def _page(now: Snapshot, made: QuarterlyBoards, file: str, title: str) -> Page:
    sight = Sight(now, now.rulebook.active().organization.names)
    tables = [
        (board.spoken, [entry_row(sight, entry) for entry in entries])
        for board, entries in ((Board.BAD, made.bad), (Board.GOOD, made.good))
    ]
    return Page(
        file=file,
        template="boards.html.j2",
        title=title,
        values={
            "notes": tuple(notes(now, made)),
            "head": [say(text) for text in HEAD],
            "tables": tables,
            "boards": made,
            "on_boards": (),
        },
    )


def boards_page(now: Snapshot, period: str, edition: int | None = None) -> Page:
    """Return the page of a quarter's published boards, or of an earlier edition.

    Raises:
        NotFound: if they were never published, or have no such edition.

    """
    made = now.boards.published(period, edition)
    title = say("{when}好评榜、差评榜", when=period_in_words(period))
    return _page(now, made, boards_file(period, edition), title)


def draft_page(now: Snapshot, period: str) -> Page:
    """Return the page of a quarter's boards as they stand, for those who publish.

    Raises:
        NotFound: if there are none.

    """
    made = now.boards.get(StreamKind.BOARD.key(period))
    title = say(
        "{when}好评榜、差评榜({state})",
        when=period_in_words(period),
        state=made.state.spoken,
    )
    return _page(now, made, draft_file(period), title)
