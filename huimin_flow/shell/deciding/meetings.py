"""meeting and assessment: the steps before a decision (B1, B7)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.terms import Argument, AssessmentKind, AssessmentState
from huimin_flow.reports.core.histories import in_words
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import NUMBER, NUMBER_ARGUMENT, Act, acts
from huimin_flow.shell.core.named import Named, Word
from huimin_flow.shell.core.place import Place, paged, tabled

meeting = click.Group("meeting", help="专题论证会议。")

_ASSESSMENT = click.argument("key", metavar="评估编号", type=Named(Argument.ASSESSMENT))


@meeting.command("hold", help="登记一次论证会议及其议程。")
@click.option("--on", "day", required=True, help="发生日期:何时开会,如 2026-11-20。")
@click.option(
    "--chair", required=True, type=Named(Argument.CHAIR), help="主持人岗位代号。"
)
@click.option(
    "--participant",
    "participants",
    multiple=True,
    type=Named(Argument.PARTICIPANTS),
    help="到会岗位,逐个写。",
)
@click.option(
    "--item",
    "agenda",
    multiple=True,
    required=True,
    type=NUMBER,
    help="事项编号:议题,可多次。",
)
@click.option("--minutes", required=True, help="纪要;“-”从标准输入读取。")
@acts
def hold(act: Act, day: str, minutes: str, **fields: Any) -> None:
    """Record a deliberation."""
    made = act.flow.meetings.hold(
        held_on=values.day(day),
        minutes=values.text_or_stdin(minutes),
        by=act.by,
        **fields,
    )
    act.say(made, f"已登记 {made.key},议题{len(made.agenda)}项")


@meeting.command("amend", help="更正论证会议的主持人、到会或纪要;没写的不变。")
@click.argument("key", metavar="会议编号", type=Named(Argument.DELIBERATION))
@click.option("--chair", type=Named(Argument.CHAIR), help="主持人岗位代号。")
@click.option(
    "--participant",
    "participants",
    multiple=True,
    type=Named(Argument.PARTICIPANTS),
    help="到会岗位,逐个写。",
)
@click.option("--minutes", help="纪要;“-”从标准输入读取。")
@acts
def amend(
    act: Act,
    key: str,
    chair: str | None,
    participants: tuple[str, ...],
    minutes: str | None,
) -> None:
    """Correct a deliberation."""
    made = act.flow.meetings.amend(
        key,
        chair=chair,
        participants=participants or None,
        minutes=None if minutes is None else values.text_or_stdin(minutes),
        by=act.by,
    )
    act.say(made, f"{made.key} 已更正(第{made.version}版)")


@meeting.command("list", help="列出论证会议,新的在前。")
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
            "、".join(held.agenda),
        )
        for held in meetings
    ]
    place.page(
        meetings,
        ("会议", "日期", "主持人", "到会", "议题"),
        rows,
        total=total,
        limit=limit,
        empty="没有这样的会议",
    )


@meeting.command("show", help="一次论证会议:纪要,每个议题的回答、理由与评分。")
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
        ("会议", held.key),
        ("日期", held.held_on.isoformat()),
        ("主持人", held.chair),
        ("到会", "、".join(held.participants)),
        ("纪要", held.minutes),
    ]
    for number in held.agenda:
        lines.append(("议题", f"{number} {titles[number]}"))
        for judged in (each for each in shown.judged if each.item == number):
            lines += [
                (question.label, f"{'是' if answer.yes else '否'}:{answer.reason}")
                for question, answer in judged.judgment.answers.items()
            ]
            scores = judged.judgment.scores.items()
            text = ",".join(f"{name.label}{score}" for name, score in scores)
            lines += [("评分", text)] if text else []
            lines.append(("结论", f"{judged.step.label}:{in_words(judged.verdict)}"))
    place.table(shown, ("项目", "内容"), lines)


assessment = click.Group("assessment", help="四种评估:委托、提交、采信、退回。")


@assessment.command("request", help="委托一种评估。")
@NUMBER_ARGUMENT
@click.option(
    "--kind",
    required=True,
    type=Word(AssessmentKind),
    help="类别:第三方评估、合法性审查评估……",
)
@click.option("--assessor", required=True, help="评估机构。")
@acts
def request_assessment(
    act: Act, number: str, kind: AssessmentKind, assessor: str
) -> None:
    """Request an assessment."""
    made = act.flow.assessments.request(number, kind, assessor, by=act.by)
    act.say(made, f"{made.key} {made.state.label}")


@assessment.command("list", help="列出评估及其结论;可按事项、类别、状态筛选。")
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
            made.kind.label,
            made.state.label,
            "高风险" if made.high_risk else "",
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
        empty="没有这样的评估",
    )


@assessment.command("show", help="一项评估:结论、风险、谁提交。")
@_ASSESSMENT
@tabled
def assessment_show(place: Place, key: str) -> None:
    """Show an assessment with its finding."""
    with place.now() as now:
        made = now.assessments.get(key)
        item = now.items.get(made.item)
    lines = [
        ("评估", made.key),
        ("事项", f"{item.number} {item.title}"),
        ("类别", made.kind.label),
        ("状态", f"{made.state.label}(第{made.version}版)"),
        ("评估机构", made.assessor),
        ("结论", made.finding or "尚未提交"),
        ("高风险", "是" if made.high_risk else "否"),
        ("提交人", made.submitted_by or "—"),
    ]
    place.table(made, ("项目", "内容"), lines)


@assessment.command("submit", help="提交评估结论。")
@_ASSESSMENT
@click.option("--finding", required=True, help="结论;“-”从标准输入读取。")
@click.option("--high-risk", is_flag=True, help="结论为高风险。")
@acts
def submit(act: Act, key: str, finding: str, *, high_risk: bool) -> None:
    """Submit an assessment's finding."""
    text = values.text_or_stdin(finding)
    made = act.flow.assessments.submit(key, text, high_risk=high_risk, by=act.by)
    act.say(made, f"{made.key} {made.state.label}")


@assessment.command("accept", help="采信。")
@_ASSESSMENT
@acts
def accept(act: Act, key: str) -> None:
    """Accept a submitted assessment."""
    made = act.flow.assessments.accept(key, by=act.by)
    act.say(made, f"{made.key} {made.state.label}")


@assessment.command("return", help="退回,写明理由。")
@_ASSESSMENT
@click.option("--reason", required=True, help="理由:为何退回。")
@acts
def give_back(act: Act, key: str, reason: str) -> None:
    """Return a submitted assessment."""
    made = act.flow.assessments.return_(key, reason, by=act.by)
    act.say(made, f"{made.key} {made.state.label}")
