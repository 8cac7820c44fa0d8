"""The page of a closed deliberation: who met, and what was decided, and why (B1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_list, say_pair, say_phrase
from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Attribute,
    MeetingState,
    Question,
    StreamKind,
)
from huimin_flow.errors import NotFound
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import in_words
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.deciding.deliberations import JudgedItem


@value
class AgendaLine:
    """An item of the agenda: its facts before the meeting, and what was decided.

    ``facts`` and ``answers`` are pairs of a label and a text.
    """

    number: str
    file: str
    title: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]


def meeting_file(key: str) -> str:
    """Return the file of a deliberation's page."""
    return f"meeting-{StreamKind.parse(key)[1]}.html"


def meeting_page(now: Snapshot, meeting: str) -> Page:
    """Return the page of a closed deliberation, by its number.

    Raises:
        NotFound: if there is none, or if it is not closed yet.

    """
    key = StreamKind.DELIBERATION.key(meeting)
    shown = now.meetings.get(key)
    held = shown.deliberation
    if held.state is not MeetingState.CLOSED:
        raise NotFound(DecisionCode.MEETING_UNKNOWN, deliberation=key)
    judged = {each.item: each for each in shown.judged}
    lines = []
    for item in sorted(
        now.items.list(numbers=held.agenda), key=lambda it: held.agenda.index(it.number)
    ):
        tally = now.items.tally(item.number)
        unit = now.rulebook.active().organization.name_of(item.unit)
        reached = say(
            "{appeals}条,{people}人,{places}地,{channels}个渠道",
            appeals=tally.appeals,
            people=tally.people,
            places=tally.places,
            channels=tally.channels,
        )
        answers = _answers(judged.get(item.number))
        if item.number in held.postponed:
            answers = ((say("缓议"), held.postponed[item.number]),)
        lines.append(
            AgendaLine(
                number=item.number,
                file=item_file(item.number),
                title=item.title,
                facts=(
                    (say("单位"), unit),
                    (say("来源类型"), item.origin.spoken),
                    (say("诉求"), reached),
                    (say("筛选得分"), item.screening_score or "—"),
                ),
                answers=answers,
            )
        )
    facts = [
        (say("日期"), held.held_on.isoformat()),
        (say("主持人"), held.chair),
        (say("到会"), say_list(held.participants)),
        (say("请假"), say_list(held.prevented) or "—"),
        (say("纪要"), held.minutes or "—"),
    ]
    return Page(
        file=meeting_file(key),
        template="meeting.html.j2",
        title=say("{day}专题论证会议", day=held.held_on),
        values={"facts": facts, "lines": tuple(lines)},
    )


def _answers(judged: JudgedItem | None) -> tuple[tuple[str, str], ...]:
    """Return what a meeting answered on an item, and its verdict."""
    if judged is None:
        return ()
    pairs = []
    answers = judged.judgment.answers
    for question in (each for each in Question if each in answers):
        answer = answers[question]
        text = say_pair(say("是") if answer.yes else say("否"), answer.reason)
        if answer.evidence:
            text = say("{text}(依据:{evidence})", text=text, evidence=answer.evidence)
        pairs.append((question.spoken, text))
    scores = judged.judgment.scores
    if scores:
        given = (each for each in Attribute if each in scores)
        marks = (say_phrase(each.spoken, str(scores[each])) for each in given)
        pairs.append((say("评分"), say_list(marks)))
    pairs.append((say("结论"), say_pair(judged.step.spoken, in_words(judged.verdict))))
    return tuple(pairs)
