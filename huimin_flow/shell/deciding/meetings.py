"""meeting and assessment: the steps before a decision (B1, B7)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.terms import Argument, AssessmentKind
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import NUMBER, NUMBER_ARGUMENT, Act, acts
from huimin_flow.shell.core.named import Named, Word

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
