"""Which items stand on the boards of a quarter, and which orders are open (D1, D2, X2).

An item is never on both boards: a bad ground, or an entry that no accepted
rectification has ended, keeps it from the good one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from huimin_flow.catalogue.terms import Board, BoardState, OrderState, StreamKind
from huimin_flow.model.improving.boards import (
    BadEntry,
    BoardChange,
    BoardEntry,
    BoardFacts,
    QuarterlyBoards,
    SupervisionOrder,
)
from huimin_flow.model.improving.rules import BoardRule
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.improving.grounds import BAD, GOOD, decided

#: The states in which an authority is not content yet.
OPEN: Final = frozenset(OrderState) - {OrderState.DISCHARGED, OrderState.WITHDRAWN}

#: The brackets around a year, which are written in several ways.
_BRACKETS: Final = str.maketrans("[]{}【】〔〕", "()()()()")


def same_paper(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two pairs of authority and number name one paper.

    Spaces, full-width signs and the kind of brackets make no difference.

    >>> same_paper(("督查室", "渝督〔2026〕12号"), ("督查室", "渝督[2026] 12号"))
    True

    """
    return _plain(one) == _plain(other)


def _plain(paper: tuple[str, str]) -> tuple[str, ...]:
    return tuple(
        "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())
        for text in paper
    )


def still_open(orders: Iterable[SupervisionOrder]) -> tuple[SupervisionOrder, ...]:
    """Return the orders that are open, the earliest due first."""
    waiting = (each for each in orders if each.state in OPEN)
    return tuple(sorted(waiting, key=lambda each: (each.due, each.key)))


def entries(
    facts: Iterable[BoardFacts],
    period: str,
    before: Sequence[BadEntry],
    rule: BoardRule,
) -> tuple[tuple[BoardEntry, ...], tuple[BoardEntry, ...]]:
    """Return the entries of the good and of the bad board, by number of the item.

    ``before`` are the open entries of earlier boards; each remains.
    """
    open_ones = {each.entry.item: each for each in reversed(before)}
    good: dict[str, BoardEntry] = {}
    bad: dict[str, BoardEntry] = {}
    for known in facts:
        verdicts = decided(known, rule)
        earlier = open_ones.get(known.item)
        holding = tuple(ground for ground in BAD if verdicts[ground].passed)
        if holding or earlier is not None:
            since = period if earlier is None else earlier.since
            bad[known.item] = BoardEntry(
                item=known.item,
                title=known.title,
                unit=known.unit,
                area=known.area,
                state=known.state,
                grounds=holding,
                verdicts=tuple(verdicts[ground] for ground in holding),
                since=since,
                remains=earlier is not None,
            )
        elif all(verdicts[ground].passed for ground in GOOD):
            good[known.item] = BoardEntry(
                item=known.item,
                title=known.title,
                unit=known.unit,
                area=known.area,
                state=known.state,
                grounds=GOOD,
                verdicts=tuple(verdicts[ground] for ground in GOOD),
                since=period,
            )
    for number, earlier in open_ones.items():  # what has ended, or runs no more
        if number not in bad:
            entry = earlier.entry
            bad[number] = replace(entry, grounds=(), verdicts=(), remains=True)
    return (
        tuple(good[number] for number in sorted(good)),
        tuple(bad[number] for number in sorted(bad)),
    )


def drawn_up(
    facts: Sequence[BoardFacts],
    period: str,
    before: Sequence[BadEntry],
    *,
    day: date,
    cut: int,
    stood: int,
    book: Rulebook,
) -> QuarterlyBoards:
    """Return a quarter's boards from the facts at a cut, on items as they ``stood``."""
    good, bad = entries(facts, period, before, book.improving.boards)
    return QuarterlyBoards(
        key=StreamKind.BOARD.key(period),
        period=period,
        day=day,
        cut=cut,
        stood=stood,
        rulebook=book.digest,
        state=BoardState.DRAFTED,
        considered=len(facts),
        good=good,
        bad=bad,
    )


def still_bad(
    published: Iterable[QuarterlyBoards], rectified: Collection[tuple[str, str]]
) -> tuple[BadEntry, ...]:
    """Return the entries of published bad boards that no rectification has ended.

    ``rectified`` are the entries whose rectification was accepted: item and the
    quarter since which it stood there. The last board that has an entry names it.
    """
    known: dict[tuple[str, str], BadEntry] = {}
    for boards in sorted(published, key=lambda each: each.period):
        for entry in boards.bad:
            named = entry.item, entry.since
            known[named] = BadEntry(
                period=boards.period, edition=boards.edition, entry=entry
            )
    return tuple(known[named] for named in sorted(known) if named not in set(rectified))


def placed(boards: QuarterlyBoards) -> Mapping[str, tuple[Board, BoardEntry]]:
    """Return by item the board on which it stands, and its entry."""
    return {
        **{entry.item: (Board.GOOD, entry) for entry in boards.good},
        **{entry.item: (Board.BAD, entry) for entry in boards.bad},
    }


def changed(old: QuarterlyBoards, new: QuarterlyBoards) -> tuple[BoardChange, ...]:
    """Return the items whose board or grounds differ, by number."""
    before, now = placed(old), placed(new)
    changes = []
    for number in sorted(before.keys() | now.keys()):
        was, board = before.get(number), now.get(number)
        same = was is not None and board is not None and was[0] is board[0]
        if same and was and board and was[1].grounds == board[1].grounds:
            continue
        known = board or was
        changes.append(
            BoardChange(
                item=number,
                title="" if known is None else known[1].title,
                before=None if was is None else was[0],
                now=None if board is None else board[0],
                grounds=() if board is None else board[1].grounds,
            )
        )
    return tuple(changes)
