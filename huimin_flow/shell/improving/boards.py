"""board, order, rectification, practice: said, put right, replicated (D1, D2, X2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_count
from huimin_flow.catalogue.terms import Board, TwoPeople
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.improving import replication
from huimin_flow.reports.improving.boards import (
    BAD,
    BOARDS,
    CHANGES,
    HEAD,
    change_row,
    entry_row,
    notes,
)
from huimin_flow.reports.improving.orders import LISTING, order_lines
from huimin_flow.reports.improving.rectification import (
    FAILINGS,
    rectification_lines,
)
from huimin_flow.reports.improving.rectification import (
    LISTING as RECTIFICATIONS,
)
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.improving.boards import QuarterlyBoards, SupervisionOrder
    from huimin_flow.model.improving.rectification import RectificationLine
    from huimin_flow.model.improving.replication import Practice, ReplicationLine

listing("order list", LISTING)
listing("board list", BOARDS)
act("board publish", proposal=TwoPeople.PUBLISH_BOARDS)
act("board correct", proposal=TwoPeople.CORRECT_BOARDS)


@view("order show")
def _order(view: View) -> Shown:
    known: SupervisionOrder = view.answer
    organization = view.now.rulebook.active().organization
    item = view.now.items.get(known.item)
    lines = [
        (say("编号"), known.key),
        (say("事项"), f"{item.number} {item.title}"),
        *order_lines(known, organization.names, posts_of(organization)),
    ]
    return known, facts(lines)


def _boards(view: View) -> Shown:
    made: QuarterlyBoards = view.answer
    sight = Sight(view.now, view.names)
    parts: list[str | screens.Table] = []
    for board, entries in ((Board.BAD, made.bad), (Board.GOOD, made.good)):
        rows = [entry_row(sight, entry) for entry in entries]
        parts += ["", board.spoken, screens.Table(HEAD, rows)]
    return made, f"{made.key} {made.state.spoken}", *notes(view.now, made), *parts


for _path in ("show", "published"):
    view(f"board {_path}")(_boards)


@view("board bad")
def _bad(view: View) -> Shown:
    rows = [BAD.row(Sight(view.now, view.names), entry) for entry in view.answer]
    empty = () if rows else (say(BAD.empty),)
    return view.answer, *empty, screens.Table(BAD.head, rows)


@view("board late")
def _late(view: View) -> Shown:
    sight = Sight(view.now, view.names)
    rows = [change_row(sight, change) for change in view.answer]
    return view.answer, screens.Table(CHANGES, rows)


listing("rectification list", RECTIFICATIONS)


@view("rectification show")
def _rectification(view: View) -> Shown:
    known: RectificationLine = view.answer
    organization = view.now.rulebook.active().organization
    item = view.now.items.get(known.rectification.item)
    posts = posts_of(organization)
    lines = [
        (say("事项"), f"{item.number} {item.title}"),
        *rectification_lines(known, organization.names, posts),
    ]
    return known, facts(lines)


@view("rating failings")
def _failings(view: View) -> Shown:
    sight = Sight(view.now, view.names)
    rows = [FAILINGS.row(sight, known) for known in view.answer]
    empty = () if rows else (say(FAILINGS.empty),)
    return view.answer, *empty, screens.Table(FAILINGS.head, rows)


act(
    "rectification open-listed",
    says=lambda _, made, __: say_count("启动了{count}件整改", len(made)),
)
act(
    "rectification escalate",
    says=lambda _, made, __: say_count("督办了{count}件整改", len(made)),
)


listing("practice list", replication.PRACTICES)
listing("replication list", replication.REPLICATIONS)


@view("practice show")
def _practice(view: View) -> Shown:
    made: Practice = view.answer
    organization = view.now.rulebook.active().organization
    sight = Sight(view.now, organization.names)
    lines = replication.practice_lines(made, organization.names, posts_of(organization))
    rows = [
        replication.REPLICATIONS.row(sight, line)
        for line in view.now.replications.list(practice=made.key)
    ]
    head = tuple(map(say, replication.REPLICATIONS.head))
    nothing = say("还没有推荐给其他单位")
    return made, facts(list(lines)), "", screens.Table(head, rows, nothing)


@view("replication show")
def _replication(view: View) -> Shown:
    line: ReplicationLine = view.answer
    organization = view.now.rulebook.active().organization
    posts = posts_of(organization)
    lines = replication.replication_lines(line, organization.names, posts)
    return line, facts(list(lines))
