"""order: what authorities demand about items, and how it is followed (X2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.reports.improving.orders import LISTING, order_lines
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core.commands import Shown, View, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.improving.boards import SupervisionOrder

listing("order list", LISTING)


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
