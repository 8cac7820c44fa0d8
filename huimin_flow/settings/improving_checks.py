"""Checks of improving.yaml beyond its types: the order of the ladder."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from huimin_flow.catalogue.reasons import RectificationCode
from huimin_flow.catalogue.terms import Role
from huimin_flow.model.improving.rules import Improving
from huimin_flow.settings.yaml import Document

#: Whom a rung may concern.
_ADDRESSED: Final = (Role.UNIT_HEAD, Role.OFFICE, Role.DEPUTY_LEADER)


def check_improving(improving: Improving, document: Document) -> None:
    """Record what is wrong with the figures of improving.yaml."""
    place, ladder = ["rectification", "ladder"], improving.rectification.ladder
    for index, rung in enumerate(ladder):
        if rung.role not in _ADDRESSED:
            code = RectificationCode.RUNG_ROLE
            document.problem(code, *place, index, "role", allowed=_ADDRESSED)
    days = [rung.overdue_days.value for rung in ladder]
    rising = all(one < other for one, other in pairwise(days))
    if not ladder or not rising or ladder[-1].role is not Role.DEPUTY_LEADER:
        document.problem(RectificationCode.LADDER_ORDER, *place)
