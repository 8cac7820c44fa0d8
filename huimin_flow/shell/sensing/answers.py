"""answer: what waits for an answer, answering, telling everyone, receipts (A7)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import Argument
from huimin_flow.clock import local_day, shanghai
from huimin_flow.reports.sensing import answers as listings
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import YES, Act, require_yes
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view
from huimin_flow.shell.core.parameters import Named

if TYPE_CHECKING:
    from huimin_flow.model.sensing.answers import (
        Answering,
        AnswerProposal,
        ReturnedAnswers,
    )


listing(
    "answer list",
    listings.waiting,
    settings={
        "unit": {"type": Named(Argument.UNIT)},
    },
)


@view("answer proposals")
def _proposals(view: View) -> Shown:
    return view.answer, view.table(listings.proposals)


@view("answer rates")
def _rates(view: View) -> Shown:
    present = f"{local_day(view.now.moment()):%Y-%m}"
    first, last = view.typed["first"], view.typed["last"]
    begun, ended = first or last or present, last or first or present
    period = say("{first}至{last}收到的诉求", first=begun, last=ended)
    note = say("按期率 = 按期答复 ÷ (已答复 + 逾期未答复);用时为工作日")
    return view.answer, view.table(listings.rates), period, note


@view("answer to-close")
def _ripe(view: View) -> Shown:
    return view.answer, view.table(listings.ripe)


@view("answer show", csv=False)
def _history(view: View) -> Shown:
    history = view.answer
    now = history.answering
    due = say("历法未载") if now.calendar_missing else now.due or "—"
    lines = [
        ("诉求", now.key),
        ("渠道", listings.channel_name(view.book, now.channel)),
        ("听到", shanghai(now.at)),
        ("答复单位", view.unit(now.unit)),
        ("现状", now.state.spoken),
        ("期限", say("已于{day}答复", day=now.answered))
        if now.answered
        else ("期限", say("{day}(已超期)", day=due) if now.overdue else due),
        ("事项", now.item or say("尚未挂到事项")),
    ]
    steps = [
        (
            shanghai(step.at),
            step.step.spoken,
            step.kind.spoken if step.kind else "",
            view.unit(step.unit),
            listings.reason_words(view.book, step),
        )
        for step in history.acts
    ]
    head = ("时间", "办了什么", "种类", "答复单位", "理由")
    table = screens.Table(head, steps, "还没有答复")
    return history, facts(lines), "", table


@view("answer preview", csv=False)
def _preview(view: View) -> Shown:
    return view.answer, _foretold(view.answer, view.unit(view.answer.unit))


def _foretold(line: AnswerProposal, unit: str) -> str:
    """Return what answering everyone on an item would do, and its draft."""
    return say(
        "{item} {title}:{occasion}。将告知{left}件,其中{open}件待答复(共{appeals}件,"
        "已告知{told}件),由{unit}答复。草稿:\n{text}",
        item=line.item,
        title=line.title,
        occasion=line.occasion.spoken,
        left=line.left,
        open=line.open,
        appeals=line.appeals,
        told=line.told,
        unit=unit,
        text=line.text,
    )


def _seen(by: Act, typed: dict[str, Any]) -> None:
    """Show whom a batch would tell, and ask; the count that was seen is kept."""
    asks = not (typed["yes"] or by.dry) and sys.stdin.isatty()
    if asks and typed["expected"] is None:
        with by.plain.snapshot() as now:
            line = now.answers.proposal(typed["number"])
            unit = now.rulebook.active().organization.name_of(line.unit)
        screens.echo(_foretold(line, unit), err=True)
        typed["expected"] = line.left
        require_yes()


act(
    "answer batch",
    more=[YES],
    fills=_seen,
    says="已答复{made.count}件,其中告知进展{made.informed}件",
)
act("answer close", says="已办结{made.count}件")


def _stepped(act: Act, made: Answering, __: object) -> str:
    """Say how far an answer is, who gives it, and until when it is due."""
    unit = act.plain.rulebook.active().organization.name_of(made.unit)
    text = say("诉求 {key} {state}", key=made.key, state=made.state.spoken)
    text += say(",由{unit}答复", unit=unit)
    text += say(",期限{due}", due=made.due) if made.due else ""
    return text + say(",已超期") if made.overdue else text


def _before(act: Act, typed: dict[str, Any]) -> None:
    """Say of an appeal that was answered already that it was."""
    with act.plain.snapshot() as now:
        found = now.answers.get(typed["key"], channel=typed["channel"]).answering
    if found.answered is not None:
        text = say("已于{day}答复过,这次记为告知进展", day=found.answered)
        screens.echo(text, err=True)


act("answer give", fills=_before, says=_stepped)
for _step in ("extend", "transfer", "reopen"):
    act(f"answer {_step}", says=_stepped)


def _named(_: Act, typed: dict[str, Any]) -> None:
    from huimin_flow.exchange.sensing.answers import (  # noqa: PLC0415 - heavy
        require_name,
    )

    require_name(typed["out"])


def _returned(_: Act, made: ReturnedAnswers, typed: Mapping[str, Any]) -> str:
    """Write the file of the answers that were given back."""
    from huimin_flow.exchange.sensing.answers import write  # noqa: PLC0415 - heavy

    write(typed["out"], made.answers)
    return say(
        "已写出{count}件答复到 {file},只有您能读;已记入 {key} 第{version}次",
        count=made.record.count,
        file=typed["out"],
        key=made.record.key,
        version=made.record.version,
    )


act(
    "answer give-back",
    settings={"unit": {"type": Named(Argument.UNIT)}},
    more=[
        click.Option(
            ["--out"],
            type=values.PATH,
            required=True,
            help="写到哪个文件:新的,以 .csv、.xlsx 或 .jsonl 结尾。",
        )
    ],
    fills=_named,
    says=_returned,
)


@view("appeal receipt", csv=False)
def _receipt(view: View) -> Shown:
    status = view.answer
    return status, facts(listings.receipt_lines(status, view.names))


@view("appeal receipt-of", csv=False)
def _receipt_of(view: View) -> Shown:
    return view.answer, view.answer
