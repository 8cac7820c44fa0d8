"""The pages of deliberations: the pack before the meeting, and what was decided (B1).

A closed meeting's page is its pack with the answers, for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_pair,
    say_phrase,
    say_sentences,
)
from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Attribute,
    MeetingState,
    Question,
    StreamKind,
)
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import NotFound
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import in_words
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.present import tally_notes
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.deciding.deliberations import (
        Deliberation,
        EarlierMeeting,
        JudgedItem,
        Pack,
        PackLine,
    )
    from huimin_flow.model.deciding.resources import Cost
    from huimin_flow.model.items import Attachment

#: A label and a text.
Pair = tuple[str, str]


@value
class AgendaLine:
    """An item of the agenda: its facts before the meeting, and what was decided."""

    number: str
    file: str
    title: str
    facts: tuple[Pair, ...]
    answers: tuple[Pair, ...]


def meeting_file(key: str) -> str:
    """Return the file of a closed deliberation's page."""
    return f"meeting-{StreamKind.parse(key)[1]}.html"


def pack_file(key: str) -> str:
    """Return the file of the pack of a deliberation."""
    return f"pack-{StreamKind.parse(key)[1]}.html"


def file_words(file: Attachment) -> str:
    """Return the name of an attached file, its size, and how its digest begins."""
    size = say("{size}字节", size=file.size)
    return say_note(file.name, say_clauses(size, file.digest[:12]))


def meeting_page(now: Snapshot, meeting: str) -> Page:
    """Return the page of a closed deliberation, by its number.

    Raises:
        NotFound: if there is none, or if it is not closed yet.

    """
    key = StreamKind.DELIBERATION.key(meeting)
    if now.meetings.get(key).deliberation.state is not MeetingState.CLOSED:
        raise NotFound(DecisionCode.MEETING_UNKNOWN, deliberation=key)
    title = say("{day}专题论证会议", day=now.meetings.get(key).deliberation.held_on)
    files = now.items.attachments(key)
    return _page(now, now.meetings.record(key), files, meeting_file(key), title)


def pack_page(now: Snapshot, meeting: str, by: Actor) -> Page:
    """Return the pack of a deliberation by its number, for an actor.

    Raises:
        NotFound: if there is none.
        StepRefused: if the actor may not read it.

    """
    key = StreamKind.DELIBERATION.key(meeting)
    pack = now.meetings.pack(key, by)
    day = pack.deliberation.held_on
    title, files = say("{day}论证会议材料", day=day), now.meetings.attachments(key, by)
    return _page(now, pack, files, pack_file(key), title)


def _page(
    now: Snapshot, pack: Pack, files: tuple[Attachment, ...], file: str, title: str
) -> Page:
    """Return the page of a pack; ``grids`` are its tables as a file has them."""
    lines = agenda_lines(now, pack)
    return Page(
        file=file,
        template="meeting.html.j2",
        title=title,
        values={
            "number": StreamKind.parse(pack.deliberation.key)[1],
            "facts": meeting_facts(pack.deliberation),
            "lines": lines,
            "attached": files,
            "grids": grids(now, pack),
        },
    )


def agenda_lines(now: Questions, pack: Pack) -> tuple[AgendaLine, ...]:
    """Return the items of a pack in words."""
    names = now.rulebook.active().organization.names
    return tuple(
        AgendaLine(
            number=line.item,
            file=item_file(line.item),
            title=line.title,
            facts=tuple(_facts(line, names)),
            answers=_answers(line),
        )
        for line in pack.lines
    )


def meeting_facts(held: Deliberation) -> list[Pair]:
    """Return what is known of a meeting itself, in words."""
    return [
        (say("会议"), held.key),
        (say("状态"), held.state.spoken),
        (say("日期"), held.held_on.isoformat()),
        (say("主持人"), held.chair),
        (say("到会"), say_list(held.participants) or "—"),
        (say("请假"), say_list(held.prevented) or "—"),
        (say("纪要"), held.minutes or "—"),
    ]


def grids(now: Questions, pack: Pack) -> list[tuple[str, list[list[object]]]]:
    """Return a pack as tables that can be printed: names and rows, the first heads.

    The meeting, its items side by side with figures as numbers, and below each other
    what each item rests on and what was answered.
    """
    names = now.rulebook.active().organization.names
    marks = [each.spoken for each in Attribute]
    items: list[list[object]] = [
        [say("序号"), say("编号"), say("标题"), say("单位"), say("诉求"), say("人数"),
         say("筛选得分"), say("成本(万元)"), *marks, say("结论")],
    ]  # fmt: skip
    grounds: list[list[object]] = [[say("编号"), say("标题"), say("项目"), say("内容")]]
    for place, (line, words) in enumerate(
        zip(pack.lines, agenda_lines(now, pack), strict=True), 1
    ):
        scores = {} if line.judged is None else line.judged.judgment.scores
        end = say("缓议") if line.postponed else ""
        items.append(
            [
                *(place, line.item, line.title, names.get(line.unit, line.unit)),
                *(line.tally.appeals, line.tally.people),
                "" if line.score is None else Decimal(line.score),
                "" if line.cost is None else line.cost.amount,
                *(scores.get(each, "") for each in Attribute),
                end if line.judged is None else line.judged.step.spoken,
            ]
        )
        grounds += (
            [line.item, line.title, label, text]
            for label, text in (*words.facts, *words.answers)
        )
    facts: list[list[object]] = [[say("项目"), say("内容")]]
    facts += ([label, text] for label, text in meeting_facts(pack.deliberation))
    tables = {say("会议"): facts, say("议题"): items, say("依据与回答"): grounds}
    return [
        (
            name,
            [
                [full_width(cell) if isinstance(cell, str) else cell for cell in row]
                for row in rows
            ],
        )
        for name, rows in tables.items()
    ]


def _cost(cost: Cost, names: Mapping[str, str]) -> str:
    """Return what an item costs, who carries it, and where the money comes from."""
    parts = [
        say("{amount}万元", amount=cost.amount),
        *([] if cost.staff is None else [say("{staff}人", staff=cost.staff)]),
        say_phrase(say("承担单位"), names.get(cost.carrier, cost.carrier)),
        say_phrase(say("资金来源"), cost.source),
    ]
    return say_clauses(*parts)


def _facts(line: PackLine, names: Mapping[str, str]) -> tuple[Pair, ...]:
    """Return what an item rests on before the meeting."""
    tally, score = line.tally, line.score
    reached = say(
        "{appeals}条,{people}人,{places}地,{channels}个渠道",
        appeals=tally.appeals,
        people=tally.people,
        places=tally.places,
        channels=tally.channels,
    )
    reached = say_clauses(reached, *tally_notes(tally))
    why = "" if line.screening is None else in_words(line.screening)
    before = say_sentences(map(_earlier, line.earlier))
    return (
        (say("单位"), names.get(line.unit, line.unit)),
        (say("来源类型"), line.origin.spoken),
        (say("诉求"), reached),
        (say("筛选得分"), score or "—"),
        (say("筛选依据"), why or "—"),
        (say("成本"), "—" if line.cost is None else _cost(line.cost, names)),
        (say("以往结论"), before or say("首次上会")),
    )


def _earlier(before: EarlierMeeting) -> str:
    """Return what an earlier meeting decided on an item, in words."""
    if before.judged is None:
        words = say_pair(say("缓议"), before.postponed)
    else:
        words = say_pair(before.judged.step.spoken, in_words(before.judged.verdict))
    meeting = say_note(before.held_on.isoformat(), before.deliberation)
    return say_phrase(meeting, words)


def _answers(line: PackLine) -> tuple[Pair, ...]:
    """Return what a meeting answered on an item, its verdict, and what is open."""
    pairs = [] if line.judged is None else words_of_answers(line.judged)
    if line.postponed:
        pairs.append((say("缓议"), line.postponed))
    if line.open and line.judged is None:
        pairs.append((say("待答之问"), say_list(each.spoken for each in line.open)))
    return tuple(pairs)


def words_of_answers(judged: JudgedItem) -> list[Pair]:
    """Return what a meeting answered on an item, in the order of the questions."""
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
    return pairs
