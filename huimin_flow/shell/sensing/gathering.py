"""gather: which appeals tell of one problem, by the rule and by people (A6, N7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.sensing.gathering import (
    likeness_words,
    pair_words,
    problems,
    reasons_words,
    target_words,
)
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act
from huimin_flow.shell.core.commands import Shown, View, act, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.items import Item
    from huimin_flow.model.sensing.appeals import AppealSummary
    from huimin_flow.model.sensing.gathering import (
        Explained,
        GatheringProposal,
        GatheringRun,
        KeptRepeat,
        Repeat,
    )

_APPEAL = {"metavar": "渠道=诉求编号"}


def _ran(_: Act, made: GatheringRun, __: object) -> str:
    said = say(
        "比对{compared}件:自动归并{linked}件,待确认{proposed}件,新问题{new}件",
        compared=made.compared,
        linked=made.linked,
        proposed=made.proposed,
        new=made.new,
    )
    if made.waiting:
        said += say(";还有{waiting}件,请再执行一次", waiting=made.waiting)
    return said


act("gather run", says=_ran)


def _confirmed(_: Act, made: Item | None, typed: dict[str, Any]) -> str:
    appeal = pair_words(typed["appeal"])
    if made is None:
        return say("{appeal} 已归入同一组", appeal=appeal)
    return say("{appeal} 已挂到 {number}", appeal=appeal, number=made.number)


_PAIR = {"appeal": _APPEAL, "near": {"metavar": "相近的诉求"}}
act("gather yes", settings=_PAIR, says=_confirmed)
act("gather join", settings=_PAIR, says=_confirmed)
act("gather no", settings=_PAIR, says="已记下:不是同一问题,不再问起")
act("gather later", settings=_PAIR, says="已排到后面")
act("gather undo", settings={"appeal": _APPEAL}, says="已撤销归并,不再问起")


@view("gather list")
def _proposals(view: View) -> Shown:
    lines: Sequence[GatheringProposal] = view.answer
    rows = [
        (
            pair_words(line.appeal),
            shanghai(line.at),
            view.unit(line.district),
            pair_words(line.near),
            target_words(line.item, line.group, line.title),
            line.together,
            line.score,
            reasons_words(line.reasons),
        )
        for line in lines
    ]
    head = (
        "诉求",
        "时间",
        "地点",
        "相近的诉求",
        "归到",
        "同移",
        "相似‰",
        "为何要人确认",
    )
    return lines, screens.Table(head, rows, say("没有待确认的归并"))


@view("gather explain")
def _explained(view: View) -> Shown:
    lines: Sequence[Explained] = view.answer
    rows = [
        (
            shanghai(line.at),
            line.outcome.spoken,
            line.actor,
            target_words(line.item, line.group),
            pair_words(line.near),
            line.score or "",
            likeness_words(line.likeness),
            reasons_words(line.reasons),
        )
        for line in lines
    ]
    head = ("时间", "结果", "谁", "归到", "相近的诉求", "相似‰", "比对", "依据")
    return lines, screens.Table(head, rows, say("没有归到别处;同组的见 gather members"))


@view("gather members")
def _members(view: View) -> Shown:
    lines: Sequence[AppealSummary] = view.answer
    rows = [
        (
            pair_words((line.channel, line.key)),
            shanghai(line.at),
            view.unit(line.district),
        )
        for line in lines
    ]
    return lines, screens.Table(
        ("诉求", "时间", "地点"), rows, say("已挂在事项上,没有未挂接的一组")
    )


listing("gather groups", problems)


@view("gather verdicts")
def _verdicts(view: View) -> Shown:
    lines: Sequence[KeptRepeat] = view.answer
    rows = [
        (
            shanghai(line.at),
            target_words(line.item, line.group),
            State(line.state).spoken if line.state else "",
            len(line.appeals),
            reasons_words(line.verdict.reasons),
        )
        for line in lines
    ]
    head = ("时间", "问题", "当时状态", "诉求", "依据")
    return lines, screens.Table(head, rows, say("没有留存的反复反映结论"))


@view("gather repeating")
def _repeating(view: View) -> Shown:
    lines: Sequence[Repeat] = view.answer
    sight = Sight(view.now, view.names)
    rows = [
        (*problems.row(sight, line.problem), reasons_words(line.verdict.reasons))
        for line in lines
    ]
    head = (*problems.head, "依据")
    return lines, screens.Table(head, rows, say("没有反复多渠道反映的问题"))
