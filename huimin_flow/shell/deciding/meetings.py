"""meeting and assessment: the steps before a decision (B1, B7)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_pair
from huimin_flow.catalogue.terms import Argument, AssessmentKind, AssessmentState
from huimin_flow.reports.core.histories import in_words
from huimin_flow.shell.core.acting import NUMBER
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import Place, paged, tabled
from huimin_flow.shell.core.values import Word

_ASSESSMENT = click.argument("key", metavar="评估编号", type=Named(Argument.ASSESSMENT))


@plain("meeting list")
@click.option("--item", default=None, type=NUMBER, help="事项编号:只看议过它的。")
@paged(50, "会议编号")
@tabled
def meeting_list(place: Place, item: str | None, after: str | None, limit: int) -> None:
    """List the deliberations."""
    with place.now() as now:
        meetings = now.meetings.list(item=item, after=after, limit=limit)
        total = now.meetings.count(item=item)
    rows = [
        (
            held.key,
            held.held_on,
            held.chair,
            len(held.participants),
            say_list(held.agenda),
        )
        for held in meetings
    ]
    place.page(
        meetings,
        ("会议", "日期", "主持人", "到会", "议题"),
        rows,
        total=total,
        limit=limit,
        empty=say("没有这样的会议"),
    )


@plain("meeting show")
@click.argument("key", metavar="会议编号", type=Named(Argument.DELIBERATION))
@tabled
def meeting_show(place: Place, key: str) -> None:
    """Show a deliberation with the reasons given for each item."""
    with place.now() as now:
        shown = now.meetings.get(key)
        held = shown.deliberation
        items = now.items.list(numbers=held.agenda)
    titles = {item.number: item.title for item in items}
    lines = [
        (say("会议"), held.key),
        (say("日期"), held.held_on.isoformat()),
        (say("主持人"), held.chair),
        (say("到会"), say_list(held.participants)),
        (say("纪要"), held.minutes),
    ]
    for number in held.agenda:
        lines.append((say("议题"), f"{number} {titles[number]}"))
        for judged in (each for each in shown.judged if each.item == number):
            lines += [
                (question.spoken, f"{'是' if answer.yes else '否'}:{answer.reason}")
                for question, answer in judged.judgment.answers.items()
            ]
            scores = judged.judgment.scores.items()
            text = say_clauses(*(f"{name.spoken}{score}" for name, score in scores))
            lines += [(say("评分"), text)] if text else []
            lines.append(
                (say("结论"), say_pair(judged.step.spoken, in_words(judged.verdict)))
            )
    place.table(shown, ("项目", "内容"), lines)


@plain("assessment list")
@click.option("--item", default=None, type=NUMBER, help="事项编号:只看它的。")
@click.option(
    "--kind", default=None, type=Word(AssessmentKind), help="类别:只看某种,如 合法性。"
)
@click.option(
    "--state", default=None, type=Word(AssessmentState), help="只看某状态,如 已提交。"
)
@paged(50, "评估编号")
@tabled
def assessment_list(
    place: Place, after: str | None, limit: int, **filters: Any
) -> None:
    """List the assessments."""
    with place.now() as now:
        assessments = now.assessments.list(after=after, limit=limit, **filters)
        total = now.assessments.count(**filters)
    rows = [
        (
            made.key,
            made.kind.spoken,
            made.state.spoken,
            say("高风险") if made.high_risk else "",
            made.assessor,
        )
        for made in assessments
    ]
    place.page(
        assessments,
        ("评估", "类别", "状态", "风险", "评估机构"),
        rows,
        total=total,
        limit=limit,
        empty=say("没有这样的评估"),
    )


@plain("assessment show")
@_ASSESSMENT
@tabled
def assessment_show(place: Place, key: str) -> None:
    """Show an assessment with its finding."""
    with place.now() as now:
        made = now.assessments.get(key)
        item = now.items.get(made.item)
    lines = [
        (say("评估"), made.key),
        (say("事项"), f"{item.number} {item.title}"),
        (say("类别"), made.kind.spoken),
        (
            say("状态"),
            say(
                "{state}(第{version}版)", state=made.state.spoken, version=made.version
            ),
        ),
        (say("评估机构"), made.assessor),
        (say("结论"), made.finding or say("尚未提交")),
        (say("高风险"), say("是") if made.high_risk else say("否")),
        (say("提交人"), made.submitted_by or "—"),
    ]
    place.table(made, ("项目", "内容"), lines)
