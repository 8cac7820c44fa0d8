"""next: take an item's next step; what is missing is asked for, with its choices."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import Criterion, State
from huimin_flow.errors import InputRefused
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.asking import Asker
from huimin_flow.shell.core.commands import free
from huimin_flow.shell.core.parameters import arguments_of

if TYPE_CHECKING:
    from huimin_flow.model.items import Item


#: How a step is taken: its command, who asks, and the item.
_Take = Callable[[Act, Asker, "Item"], "Item"]


@free("next")
@acts
def next_step(act: Act, number: str) -> None:
    """Take the next step of the main line with an item."""
    item = act.plain.items.get(number)
    take = _NEXT.get(item.state)
    if take is None:
        raise InputRefused(DoorCode.NO_NEXT_STEP, number=number, state=item.state)
    if not sys.stdin.isatty():
        raise InputRefused(DoorCode.NO_TERMINAL)
    screens.echo(f"{item.number} {item.title}({item.state.spoken})")
    act.item(take(act, Asker(act.plain.snapshot), item))


def _asked(asker: Asker, act: str, *names: str) -> dict[str, Any]:
    """Return values for some arguments of an act, in their order."""
    known = {field.path: field for field in arguments_of(act)}
    return {name: asker.ask(known[name]) for name in names}


def _plainly(verb: str, *names: str) -> _Take:
    """Return how to take a step that asks for some arguments of its act."""

    def take(act: Act, asker: Asker, item: Item) -> Item:
        facts = _asked(asker, f"items.{verb}", *names)
        taken: Item = getattr(act.flow.items, verb)(item.number, **facts, by=act.by)
        return taken

    return take


def _screen(act: Act, asker: Asker, item: Item) -> Item:
    rule = act.plain.rulebook.active().rules.screening
    weights = rule.criteria[item.origin].weights
    tally = act.plain.items.tally(item.number)
    screens.echo(say("已挂接诉求{appeals}条,普遍性由它们算出", appeals=tally.appeals))
    scores = asker.scores(word for word in weights if word is not Criterion.PREVALENCE)
    return act.flow.items.screen(item.number, scores, by=act.by)


def _judge(act: Act, asker: Asker, item: Item) -> Item:
    known = act.plain.meetings.list(item=item.number)
    facts: dict[str, Any] = {}
    key = ""
    if known:
        meetings = {held.key: f"{held.held_on} {held.chair}" for held in known}
        key = asker.choose("deliberation", meetings)
    else:
        screens.echo(say("还没有以它为议题的论证会议,一并登记"))
        names = ("held_on", "chair", "participants", "minutes")
        facts = _asked(asker, "meetings.hold", *names)
    judgment = _asked(asker, "items.judge", "judgment")
    if not key:  # all is asked by now: whoever stops has recorded nothing
        hold = act.part("hold").meetings.hold
        key = hold(**facts, agenda=[item.number], by=act.by).key
    return act.flow.items.judge(item.number, key, **judgment, by=act.by)


def _execute(act: Act, asker: Asker, item: Item) -> Item:
    from huimin_flow.model.executing.plans import TaskResult  # noqa: PLC0415 - heavy

    results = [
        TaskResult(task=task.key, met=True)
        for task in (item.plan.tasks if item.plan else ())
        if asker.yes(say("任务 {task} {title}已完成?", task=task.key, title=task.title))
    ]
    return act.flow.items.execute(item.number, results, by=act.by)


def _adjust(act: Act, asker: Asker, item: Item) -> Item:
    if item.evaluation_passed is False and asker.yes(say("最终评价不合格,退回返工?")):
        return act.flow.items.rework(item.number, by=act.by)
    facts = _asked(asker, "items.adjust", "recommendation", "grounds")
    return act.flow.items.adjust(item.number, **facts, by=act.by)


def _close(act: Act, asker: Asker, item: Item) -> Item:
    if not asker.yes(say("办结?办结后不再办理")):
        raise click.Abort
    return act.flow.items.close(item.number, by=act.by)


#: By state: what comes next. A starred item waits for the December list.
_NEXT: Final[Mapping[State, _Take]] = {
    State.COLLECTED: _screen,
    State.SCREENED: _judge,
    State.JUDGED: _plainly("star", "scores", "expected"),
    State.LISTED: _plainly("assign", "plan"),
    State.ASSIGNED: _execute,
    State.EXECUTED: _plainly("evaluate", "satisfaction"),
    State.EVALUATED: _adjust,
    State.ADJUSTED: _close,
}
