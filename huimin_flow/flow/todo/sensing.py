"""The appeals that wait for the actor's answer, and the items to tell about (A7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.terms import AnswerStep, Duty, TodoKind
from huimin_flow.flow.sensing.answering import telling, waiting
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.items import Todo


def answers(desk: Desk) -> Iterator[Todo]:
    """Yield what the actor's units have to answer, and whom they have to tell."""
    if not desk.may(Duty.ANSWER, desk.by.unit):
        return
    work, organization = desk.work, desk.organization
    channels = {each.key: each.name for each in work.rulebook.channels.intake}
    entry = partial(Todo, kind=TodoKind.ANSWER)
    own = {organization.heir(unit, desk.day) for unit in desk.own}
    for unit in sorted(own):
        for each in waiting.awaiting(work, unit):
            yield entry(
                subject=f"{each.channel}/{each.key}",
                title=" ".join(
                    filter(None, (channels.get(each.channel), each.district))
                ),
                step=AnswerStep.ANSWER,
                act="answers.give",
                since=each.since,
                due=each.due,
            )
        for line in telling.proposals(work, unit=unit):
            yield entry(
                subject=line.item,
                title=say_note(f"{line.occasion.spoken} {line.title}", line.left),
                step=AnswerStep.INFORM,
                act="answers.batch",
                since=line.since,
                due=line.due,
            )
