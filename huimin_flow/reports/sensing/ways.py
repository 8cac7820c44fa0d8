"""The way of appeals to their results: one's page, and what an item's page has (F4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_count,
    say_list,
    say_note,
    say_phrase,
)
from huimin_flow.catalogue.terms import Step, WayPart
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.histories import list_name
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file
from huimin_flow.reports.core.present import figures_words
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.answers import answering_words, channel_name, rates
from huimin_flow.reports.sensing.appeals import WAY_FILE
from huimin_flow.reports.sensing.gathering import pair_words, reasons_words

if TYPE_CHECKING:
    from huimin_flow.catalogue.terms import Role
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.items import Item
    from huimin_flow.model.sensing.appeals import (
        AppealSummary,
        Trail,
        TrailItem,
        WayCount,
        WayStep,
    )

#: The columns of one appeal's way, of its items, and of the way of an item's appeals.
STEPS: Final = ("何时", "环节", "办了什么", "由谁", "事项", "为何")
_ITEMS: Final = ("关系", "事项", "标题", "单位", "现状", "清单", "结果")
COUNTS: Final = ("何时", "环节", "件数", "办了什么", "由谁", "说明")


def _who(sight: Sight, roles: Sequence[Role], unit: str, actor: str = "") -> str:
    """Return who did it: the roles, then the unit, and the post if it is given."""
    of_unit = sight.unit(unit) if unit else ""
    words = say_list(role.spoken for role in roles)
    where = say_clauses(*filter(None, [of_unit, actor]))
    return say_note(words, where) if words and where else words or where


def step_rows(sight: Sight, appeal: AppealSummary, way: Iterable[WayStep]) -> list[Row]:
    """Return the steps of an appeal's way; ``STEPS`` are the columns."""
    return [
        (
            shanghai(step.at),
            step.part.spoken,
            _done(sight, appeal, step),
            _who(sight, step.roles, step.unit, step.actor),
            Ref(step.item, item_file(step.item)) if step.item else "",
            say_clauses(*filter(None, _why(step))),
        )
        for step in way
    ]


def _done(sight: Sight, appeal: AppealSummary, step: WayStep) -> str:
    if step.part is WayPart.HEARD:
        places = appeal.district, appeal.town, appeal.village
        place = say_phrase(*filter(None, map(sight.unit, places)))
        return say_note(channel_name(sight.book, appeal.channel), place)
    if step.step is not None and step.state is not None:
        return f"{step.step.spoken} → {step.state.spoken}"
    words = step.gathered or step.answer
    if words is None:
        return ""
    return say_note(words.spoken, step.kind.spoken) if step.kind else words.spoken


def _why(step: WayStep) -> Iterator[str]:
    yield reasons_words(step.reasons)
    if any(step.near):
        yield say("与{appeal}最像", appeal=pair_words(step.near))


def item_rows(sight: Sight, items: Iterable[TrailItem]) -> list[Row]:
    """Return the items of an appeal's way with their lists and results."""
    return [
        (
            say_phrase(*filter(None, [item.tie.spoken, item.of])),
            Ref(item.number, item_file(item.number)),
            item.title,
            sight.unit(item.unit),
            item.state.spoken,
            say_list(list_name(key, sight.names) for key in item.lists),
            result_words(item),
        )
        for item in items
    ]


def result_words(item: TrailItem | Item) -> str:
    """Return the result of an item's evaluation and what follows it, or ""."""
    parts = []
    if item.evaluation_passed is not None:
        verdict = say("通过") if item.evaluation_passed else say("未通过")
        parts = [figures_words(item.fulfilment, item.satisfaction), verdict]
    if item.recommendation is not None:
        parts.append(item.recommendation.spoken)
    return say_clauses(*filter(None, parts))


def way_page(
    now: Snapshot,
    trail: Trail,
    leads: Iterable[tuple[str, str]] = (),
    *,
    receipt: str = "",
) -> Page:
    """Return the page of an appeal's whole way; ``leads`` are files with their texts.

    It has neither person nor text; ``receipt`` is its number, for who may give it.
    """
    sight = Sight(now, now.rulebook.active().organization.names)
    appeal = trail.appeal
    answering = now.answers.get(appeal.key, channel=appeal.channel).answering
    return Page(
        file=WAY_FILE,
        template="tables.html.j2",
        title=say("诉求{key}的全程", key=appeal.key),
        values={
            "note": say_clauses(
                answering_words(now, answering),
                *([say("回执编号{number}", number=receipt)] if receipt else ()),
            ),
            "leads": list(leads),
            "tables": [
                (
                    say("一步一步"),
                    list(map(say, STEPS)),
                    step_rows(sight, appeal, trail.way),
                    "",
                ),
                (
                    say("事项与结果"),
                    list(map(say, _ITEMS)),
                    item_rows(sight, trail.items),
                    say("尚未挂到事项"),
                ),
            ],
        },
    )


def count_rows(sight: Sight, ways: Sequence[WayCount], result: str = "") -> list[Row]:
    """Return the way of an item's appeals in counts; ``COUNTS`` are the columns.

    ``result`` is that of the item's last evaluation.
    """
    evaluated = [line for line in ways if line.step is Step.EVALUATE][-1:]
    return [
        (
            str(line.first)
            if line.first == line.last
            else say("{first}至{last}", first=line.first, last=line.last),
            line.part.spoken,
            line.count or "",
            _counted(line),
            _who(sight, line.roles, line.unit),
            say_clauses(*_notes(line), *([result] if line in evaluated else [])),
        )
        for line in ways
    ]


def _counted(line: WayCount) -> str:
    if line.step is not None and line.state is not None:
        return Ref(f"{line.step.spoken} → {line.state.spoken}", "#history")
    if line.part is WayPart.ANSWER and line.answer is None:
        return Ref(say("待答复"), rates.file)
    if line.part is WayPart.LINKED and line.gathered is None:
        return say("经办人挂接")
    words = line.gathered or line.answer
    return "" if words is None else words.spoken


def _notes(line: WayCount) -> Iterator[str]:
    if line.channels:
        yield say_count("{count}个渠道", line.channels)
    if line.most:
        yield say("相似{least}至{most}‰", least=line.least, most=line.most)
    if line.overdue:
        yield say_count("其中逾期{count}件", line.overdue)
