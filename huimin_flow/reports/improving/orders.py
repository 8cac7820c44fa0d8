"""Supervision orders in words: their list, and their part of an item's page (X2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_note
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight

if TYPE_CHECKING:
    from huimin_flow.flow import Questions
    from huimin_flow.model.improving.boards import SupervisionOrder


def page_of(order: SupervisionOrder) -> str:
    """Return the part of an item's page that shows an order on it."""
    return f"item-{order.item}.html#orders"


def _row(sight: Sight, order: SupervisionOrder) -> Row:
    """Return an order: by whom, what it demands until when, and how it stands."""
    return (
        Ref(order.key, page_of(order)),
        order.authority,
        order.document,
        order.dated,
        order.demanded,
        sight.unit(order.unit),
        order.due,
        order.state.spoken,
        order.reminders or "",
        order.answer,
        order.finding,
    )


#: The list of all orders: its page, its files and its command.
LISTING: Final = Listing(
    name="orders",
    title="督查督办",
    question="orders.list",
    head=(
        "督办", "来文机关", "文号", "发文日期", "督办要求", "责任单位", "期限", "状态",
        "催办次数", "答复", "认定意见",
    ),
    empty="没有这样的督办",
    row=_row,
    labels={"item": "事项编号", "unit": "责任单位", "state": "状态"},
)  # fmt: skip


def order_lines(
    order: SupervisionOrder, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield an order in lines of a label and a text each; ``posts`` names people."""
    yield (
        say("督办"),
        say_clauses(order.authority, order.document, str(order.dated)),
    )
    yield say("督办要求"), order.demanded
    until = say("{day}以前", day=order.due)
    yield say("责任单位"), say_clauses(names.get(order.unit, order.unit), until)
    yield say("状态"), order.state.spoken
    if order.reminded_on is not None:
        yield say("催办次数"), say_note(str(order.reminders), str(order.reminded_on))
    if order.answered_by:
        who = posts.get(order.answered_by, order.answered_by)
        yield say("答复"), say_note(order.answer, who)
        yield say("佐证"), " ".join(digest[:12] for digest in order.files)
    if order.finding:
        yield say("认定意见"), order.finding


def in_short(now: Questions, key: str) -> tuple[str, str]:
    """Return an order in one line, and the part of the page that shows it."""
    order = now.orders.get(key)
    lines = order_lines(order, now.rulebook.active().organization.names, {})
    return say_clauses(order.item, *(text for _, text in lines)), page_of(order)
