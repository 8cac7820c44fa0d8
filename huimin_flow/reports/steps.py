"""A step with an item in words: what it would do, what it found, how it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_count,
    say_pair,
    say_sentences,
)
from huimin_flow.catalogue.terms import MeetingState, RecordStep, State, Step
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.items import Preview, Undo
from huimin_flow.reports.core.histories import finding, in_words
from huimin_flow.reports.core.present import tally_notes
from huimin_flow.states.table import ENDS

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: Steps that cannot simply be taken again, besides those that end an item.
ASKED = frozenset({Step.MERGE, Step.SPLIT})


def asks(preview: Preview) -> bool:
    """Return whether a step is asked again: it ends something, or nobody was heard."""
    unheard = preview.prevalence is not None and not preview.tally.appeals
    return preview.target in ENDS or preview.step in ASKED or unheard


def preview_line(preview: Preview) -> str:
    """Return in one line what a step would do to an item, with the counts."""
    tally = preview.tally
    heard = [
        say("诉求{appeals}条、{people}人", appeals=tally.appeals, people=tally.people)
    ]
    if not tally.appeals:
        heard = [say("还没有挂接诉求"), *heard]
    if preview.prevalence is not None:
        heard.append(say("普遍性{prevalence}", prevalence=preview.prevalence))
    parts = [in_words(preview.verdict)] if preview.verdict else []
    if preview.target is not None and preview.target is not preview.item.state:
        parts.append(
            say(
                "事项将由“{source}”转为“{target}”",
                source=preview.item.state.spoken,
                target=preview.target.spoken,
            )
        )
    if preview.step is Step.CLOSE and preview.item.evaluation_passed is False:
        parts.append(say("最终评价不合格"))
    if preview.lists and preview.step is Step.CANCEL:
        parts.append(say_count("将从{count}份清单中撤下", len(preview.lists)))
    parts.append(say_clauses(*heard, *tally_notes(tally)))
    return f"{preview.item.number} {preview.item.title}\n{say_sentences(parts)}"


def undo_words(undo: Undo, step: Step | RecordStep) -> str:
    """Return in words how a step takes back an item's last one."""
    again = step is undo.last and not undo.former
    text = "由“{step}”再次办理,以后一次为准" if again else "由“{step}”撤回"
    parts = [say(text, step=step.spoken)]
    if undo.target is not None and not again:
        parts.append(say("事项将为“{target}”", target=undo.target.spoken))
    parts += [say("须两人")] if undo.two else []
    return say_clauses(*parts)


def last_finding(now: Snapshot, number: str, by: Actor) -> str:
    """Return the rule's finding at an item's last event, in words.

    Of a screened item it is what a meeting being held decided, for who may read it.
    """
    if now.items.get(number).state is State.SCREENED:
        for held in now.meetings.list(item=number, state=MeetingState.HELD):
            try:
                judged = now.meetings.answers(held.key, by).judged
            except StepRefused:  # it is published when the meeting is closed
                continue
            for each in judged:
                if each.item == number:
                    return say_pair(each.step.spoken, in_words(each.verdict))
    recorded = now.items.history(number)
    return finding(recorded[-1].event) if recorded else ""
