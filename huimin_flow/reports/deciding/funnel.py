"""The page of a funnel: how many items fell at which question, and why (B1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_sentences
from huimin_flow.catalogue.reasons import Code, sentence
from huimin_flow.catalogue.terms import Question
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding import resources

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.deciding.deliberations import Funnel, FunnelLine


@value
class FunnelStep:
    """A bar of the drawing: how many items were left after a question, how many fell.

    ``left`` and ``fell`` are counts; ``width`` is what was left, in percent of all.
    """

    label: str
    left: int
    fell: int
    width: int


@value
class FallLine:
    """An item that did not pass, its page, and where and why it fell."""

    number: str
    file: str
    title: str
    question: str
    reason: str


def head() -> tuple[str, ...]:
    """Return the head of the table of a funnel."""
    questions = (question.spoken for question in Question)
    return "", say("研判"), *questions, say("三性不足"), say("通过")


def rows_of(now: Questions, funnel: Funnel) -> list[tuple[str, ...]]:
    """Return the rows of a funnel: in all, then by area, unit and origin."""
    names = now.rulebook.active().organization.names
    lines = [(say("合计"), funnel.total)]
    lines += [(area.spoken, line) for area, line in funnel.by_area.items()]
    lines += [(names.get(code, code), line) for code, line in funnel.by_unit.items()]
    lines += [(origin.spoken, line) for origin, line in funnel.by_origin.items()]
    return [(label, *map(str, _cells(line))) for label, line in lines]


def fall_lines(now: Questions, funnel: Funnel) -> tuple[FallLine, ...]:
    """Return the items that did not pass, each with the question and the reasons."""
    numbers = [fall.item for fall in funnel.falls]
    titles = {item.number: item.title for item in now.items.list(numbers=numbers)}
    return tuple(
        FallLine(
            number=fall.item,
            file=item_file(fall.item),
            title=titles.get(fall.item, ""),
            question=say("三性不足") if fall.question is None else fall.question.spoken,
            reason=say_sentences(
                str(reason.values["because"])
                if reason.code == Code.ANSWERED_NO
                else sentence(reason.code, dict(reason.values))
                for reason in fall.reasons
            ),
        )
        for fall in funnel.falls
    )


def fall_head() -> tuple[str, ...]:
    """Return the head of the table of the items that did not pass."""
    return say("事项"), say("名称"), say("落在"), say("理由")


def funnel_page(now: Snapshot, period: str) -> Page:
    """Return the page of a year's, quarter's or month's funnel.

    Raises:
        InputRefused: for another period.

    """
    funnel = now.meetings.funnel(period)
    coming = now.resources.of(str(int(period[:4]) + 1))
    return Page(
        file=f"funnel-{period}.html",
        template="funnel.html.j2",
        title=say("{when}研判漏斗", when=period_in_words(period)),
        values={
            "note": say("只计已办结的论证会议,按开会日期;第一个“否”决定去向。"),
            "resources": resources.rows_of(coming),
            "resources_head": resources.head(),
            "resources_of": period_in_words(coming.period),
            "head": head(),
            "rows": rows_of(now, funnel),
            "steps": tuple(_steps(funnel.total)),
            "falls": fall_lines(now, funnel),
        },
    )


def _cells(line: FunnelLine) -> tuple[int, ...]:
    fell = (line.fell[question] for question in Question)
    return line.judged, *fell, line.below, line.passed


def _steps(line: FunnelLine) -> Iterator[FunnelStep]:
    """Yield what was left after each question."""
    left, judged = line.judged, max(line.judged, 1)
    yield FunnelStep(label=say("研判"), left=left, fell=0, width=100 * left // judged)
    fallen = [(question.spoken, line.fell[question]) for question in Question]
    for label, fell in (*fallen, (say("三性"), line.below)):
        left -= fell
        width = 100 * left // judged
        yield FunnelStep(label=label, left=left, fell=fell, width=width)
