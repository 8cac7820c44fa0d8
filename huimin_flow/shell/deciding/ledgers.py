"""ledger: demands, what changed, and what units respond to them (B2, B4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huimin_flow.catalogue.language import say
from huimin_flow.reports.deciding import ledgers
from huimin_flow.shell.core.commands import Shown, View, act, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.deciding.ledgers import Response

listing("ledger demands", ledgers.demands)
listing("ledger awaited", ledgers.awaited, last=lambda line: f"{line.item}/{line.unit}")
listing("ledger responses", ledgers.responses, last=lambda made: str(made.key))


@view("ledger changes")
def _changes(view: View) -> Shown:
    return view.answer, view.table(ledgers.demand_changes)


@view("ledger tasks")
def _tasks(view: View) -> Shown:
    return view.answer, view.table(ledgers.tasks)


@view("ledger units")
def _units(view: View) -> Shown:
    return view.answer, view.table(ledgers.by_unit)


def _declined(_: Any, made: Response, __: Any) -> str:
    return say(
        "{unit}就{item}:{state}",
        unit=made.unit,
        item=made.item,
        state=made.state.spoken,
    )


act("ledger decline", says=_declined)
act("ledger drop", proposal="drop_entry")
