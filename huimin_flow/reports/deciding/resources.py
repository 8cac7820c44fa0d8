"""The table of a period's resources: what there is, what is taken, by which items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_list, say_note

if TYPE_CHECKING:
    from huimin_flow.model.deciding.resources import Resources


def head() -> tuple[str, ...]:
    """Return the head of the table; amounts are in 10,000 yuan."""
    labels = ("板块", "可用(万元)", "已占用(万元)", "尚余(万元)", "占用的事项", "出处")
    return tuple(map(say, labels))


def rows_of(known: Resources) -> list[tuple[str, ...]]:
    """Return a row for each area of which something is known."""
    return [
        (
            line.area.spoken,
            say("未列明") if line.amount is None else str(line.amount),
            str(line.taken),
            "—" if line.left is None else str(line.left),
            say_list(say_note(each.item, str(each.cost)) for each in line.items) or "—",
            line.source or "—",
        )
        for line in known.areas
    ]
