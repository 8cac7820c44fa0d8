"""next: take an item's next step; what is missing is asked for, with its choices.

What is asked follows from a value's type and the words of its fields. A step that an
actor cannot take is refused before any question. A value that is refused is asked
again; Ctrl-C ends the asking, and nothing is done.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_note,
    say_sentences,
)
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import (
    Criterion,
    MeetingState,
    State,
    Step,
)
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow import Questions
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.reports.agreements import agreed_words
from huimin_flow.shell.asking import Asker
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.commands import free
from huimin_flow.shell.core.parameters import arguments_of, asked

if TYPE_CHECKING:
    from huimin_flow.flow.core.extending.annotating import OwnEntry
    from huimin_flow.model.items import Item

#: How a step is taken: its command, who asks, and the item.
_Take = Callable[[Act, Asker, "Item"], "Item"]


@free("next")
@acts
def next_step(act: Act, number: str) -> None:
    """Take the next step of the main line with an item."""
    try:
        item = act.plain.items.get(number)
    except NotFound as refusal:
        other = say("差评用 huimin rating answer 答复,编号见 huimin rating bad")
        remedy = say_sentences([refusal.remedy, other])
        raise NotFound(refusal.reasons, remedy=remedy) from None
    if item.state not in _NEXT:
        raise InputRefused(DoorCode.NO_NEXT_STEP, number=number, state=item.state)
    take, *steps = _NEXT[item.state]
    with act.plain.snapshot() as now:
        ahead = [now.items.possible(number, act.by, step)[0] for step in steps]
        own = _lacking(now, number, act)
    if not own and not any(step.possible for step in ahead):
        raise StepRefused(ahead[0].reasons)  # no answer could change it
    if not sys.stdin.isatty():
        raise InputRefused(DoorCode.NO_TERMINAL)
    screens.echo(say_note(f"{item.number} {item.title}", item.status.spoken))
    asker = Asker(act.plain.snapshot)
    made = _annotate(act, asker, item, own) if own else None
    if made is None and not any(step.possible for step in ahead):
        raise StepRefused(ahead[0].reasons)
    act.item(made or take(act, asker, item))


def _lacking(now: Questions, number: str, act: Act) -> list[OwnEntry]:
    """Return the own fields that an item lacks, if the actor may enter them."""
    if not now.rulebook.active().extensions:
        return []
    lacking = [e for e in now.items.own(number) if e.required and not e.text]
    may = lacking and now.items.possible(number, act.by, Step.ANNOTATE)[0].possible
    return lacking if may else []


def _annotate(
    act: Act, asker: Asker, item: Item, lacking: Sequence[OwnEntry]
) -> Item | None:
    """Ask for own fields that an item lacks; None if a person leaves all empty."""
    screens.echo(say("扩展的必填字段尚未填写;都不填则直接办下一步"))
    while entered := {e.key: text for e in lacking if (text := asker.own(e))}:
        try:
            return act.flow.items.annotate(item.number, entered, by=act.by)
        except InputRefused as refusal:  # only all of them together can be checked
            screens.echo(f"{refusal}\n{refusal.remedy}", err=True)
    return None


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
    from huimin_flow.reports.core.present import tally_notes  # noqa: PLC0415 - heavy

    rule = act.plain.rulebook.active().rules.screening
    weights = rule.criteria[item.origin].weights
    tally = act.plain.items.tally(item.number)
    text = say("已挂接诉求{appeals}条,普遍性由它们算出", appeals=tally.appeals)
    screens.echo(say_clauses(text, *tally_notes(tally)))
    scores = asker.scores(word for word in weights if word is not Criterion.PREVALENCE)
    return act.flow.items.screen(item.number, scores, by=act.by)


def _judge(act: Act, asker: Asker, item: Item) -> Item:
    of_item = partial(act.plain.meetings.list, item=item.number, limit=1)
    held = of_item(state=MeetingState.HELD)
    convened = of_item(state=MeetingState.CONVENED)
    facts: dict[str, Any] = {}
    if convened:
        facts = _asked(asker, "meetings.begin", "participants")
    elif not held:
        screens.echo(say("还没有以它为议题的论证会议,一并登记"))
        names = ("held_on", "chair", "participants", "minutes")
        facts = _asked(asker, "meetings.hold", *names)
    judgment = _asked(asker, "items.judge", "judgment")
    file = asker.file(say("会议纪要文件(回车:以后再上传并办结)"))
    # All is asked by now: whoever stops has recorded nothing.
    hold = act.part("hold").meetings
    if convened:
        key = hold.begin(convened[0].key, **facts, by=act.by).key
    else:
        agenda = [item.number]
        key = held[0].key if held else hold.hold(**facts, agenda=agenda, by=act.by).key
    act.flow.items.judge(item.number, key, **judgment, by=act.by)
    if file is not None:
        from huimin_flow.store.files import read_regular  # noqa: PLC0415 - heavy

        content = read_regular(file, LARGEST_FILE)
        act.part("attach").meetings.attach(key, file.name, content, by=act.by)
        act.part("close").meetings.close(key, by=act.by)
    return act.plain.items.get(item.number)


def _execute(act: Act, asker: Asker, item: Item) -> Item:
    from huimin_flow.model.executing.plans import TaskResult  # noqa: PLC0415 - heavy

    tasks = item.plan.tasks if item.plan else ()
    results = [
        TaskResult(task=task.key, met=True)
        for task in tasks
        if asker.yes(say("任务 {task} {title}已完成?", task=task.key, title=task.title))
    ]
    if len(results) < len(tasks) and not act.dry:  # an excused task is settled, too
        try:
            with act.plain.dry() as dry:
                dry.items.execute(item.number, results, by=act.by)
        except StepRefused as refusal:
            way = say(
                "未作改动。进展用 huimin item progress {number} 报送;"
                "确不能完成的,由上级用 huimin item excuse {number} 免除",
                number=item.number,
            )
            screens.echo(f"{refusal}\n{way}", err=True)
            raise click.exceptions.Exit(1) from None
    return act.flow.items.execute(item.number, results, by=act.by)


def _evaluate(act: Act, asker: Asker, item: Item) -> Item:
    from huimin_flow.model.executing.agreements import (  # noqa: PLC0415 - heavy
        OutcomeResult,
    )

    fields = asked("items.evaluate", ("outcomes",))
    known = {field.path.rpartition(".")[2]: field for field in fields}
    results = []
    for agreed in item.plan.outcomes if item.plan else ():
        screens.echo(say_note(f"{agreed.key} {agreed.statement}", agreed_words(agreed)))
        name = "value" if agreed.counted else "grade"
        actual = asker.ask(known[name])
        evidence = "" if actual is None else asker.ask(known["evidence"])
        results.append(
            OutcomeResult(outcome=agreed.key, evidence=evidence, **{name: actual})
        )
    return act.flow.items.evaluate(item.number, results, by=act.by)


def _adjust(act: Act, asker: Asker, item: Item) -> Item:
    if item.evaluation_passed is False and asker.yes(say("最终评价不合格,退回返工?")):
        return act.flow.items.rework(item.number, by=act.by)
    facts = _asked(asker, "items.adjust", "recommendation", "grounds")
    return act.flow.items.adjust(item.number, **facts, by=act.by)


def _close(act: Act, asker: Asker, item: Item) -> Item:
    if not asker.yes(say("办结?办结后不再办理")):
        raise click.Abort
    return act.flow.items.close(item.number, by=act.by)


#: By state: how the next step is taken, and which it may be. A starred item waits for
#: the December list.
_NEXT: Final[Mapping[State, tuple[_Take, *tuple[Step, ...]]]] = {
    State.COLLECTED: (_screen, Step.SCREEN),
    State.SCREENED: (_judge, Step.JUDGE),
    State.JUDGED: (_plainly("star", "scores", "expected"), Step.STAR),
    State.LISTED: (_plainly("assign", "plan"), Step.ASSIGN),
    State.ASSIGNED: (_execute, Step.EXECUTE),
    State.EXECUTED: (_evaluate, Step.EVALUATE),
    State.EVALUATED: (_adjust, Step.ADJUST, Step.REWORK),
    State.ADJUSTED: (_close, Step.CLOSE),
}
