"""rectification: how bad measures are put right, and who is told if not (D2, F3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.reports.improving.rectification import (
    FAILINGS,
    LISTING,
    rectification_lines,
)
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core.commands import Shown, View, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.improving.rectification import RectificationLine

listing("rectification list", LISTING)


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


#: What bad ratings of a month were about, by unit and class.
listing("rating failings", FAILINGS)
