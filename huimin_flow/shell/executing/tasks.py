"""task: sent back, settled, and what an item's tasks cover (C2, F2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.executing import tasks
from huimin_flow.shell.core.commands import Shown, View, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.executing.tasks import DatedReturn

listing("task returns", tasks.returns, last=lambda line: str(line.made.key))


@view("task units")
def _by_unit(view: View) -> Shown:
    return view.answer, view.table(tasks.by_unit)


@view("task year")
def _year(view: View) -> Shown:
    return view.answer, view.table(tasks.year)


@view("task show")
def _returned(view: View) -> Shown:
    line: DatedReturn = view.answer
    sight = Sight(view.now, view.names)
    cells = tasks.returns.row(sight, line)
    return line, facts(list(zip(tasks.returns.head, cells, strict=True)))


@view("item coverage")
def _coverage(view: View) -> Shown:
    verdict = view.answer
    good = say("各任务目标够数") if verdict.passed else say("各任务目标不够数")
    lines = [sentence(reason.code, dict(reason.values)) for reason in verdict.reasons]
    return verdict, *lines, good
