"""rating bad … settle: what becomes of bad ratings, as commands (D3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts, as_seen, by_two, day_of, seen
from huimin_flow.shell.core.place import Place, shared, timed

if TYPE_CHECKING:
    from huimin_flow.model.services.ratings import Share

TRANSACTION = click.argument("transaction", metavar="办件编号")
#: How many a screen shows where nobody says how many.
_SCREEN = 50

FINDING = click.option("--finding", required=True, help="结论。")


@click.command("bad", help="还没办结的差评:到哪一步,何时到期;最早的在前。")
@click.option("--unit", default=None, help="单位代码:只看它的。")
@click.option("--overdue", is_flag=True, help="只看已超期的。")
@click.option(
    "--limit", type=values.Whole(1), default=None, help="最多几条;屏幕默认50。"
)
@timed
@shared
def bad(place: Place, unit: str | None, limit: int | None, *, overdue: bool) -> None:
    """List bad ratings that still owe something."""
    from huimin_flow.clock import local_day  # noqa: PLC0415 - with the rest

    with place.now() as now:
        found = now.bad_ratings(unit=unit, overdue=overdue)
        names = screens.unit_names(now)
    shown = found[: limit or _SCREEN]
    rows = [
        (
            one.rating.transaction,
            one.state.label,
            "历法未载" if one.calendar_missing else one.due or "—",
            "超期" if one.overdue else "",
            names.get(one.rating.unit, one.rating.unit),
            local_day(one.rating.at),
            one.rating.level.label,
            "实名" if one.rating.who else "匿名",
        )
        for one in shown
    ]
    head = ("办件", "状态", "期限", "是否超期", "单位", "评价日", "评价", "署名")
    text = screens.table(head, rows) if rows else "没有待办的差评"
    if len(found) > len(shown):
        text += f"\n另有 {len(found) - len(shown)} 条"
    place.show(found if limit is None else shown, text)


@click.command("callback", help="某月实名差评的回访率,与差评按期答复率;合计与各单位。")
@click.argument("period", metavar="月份")
@click.option("--unit", default=None, help="单位代码:只看它的。")
@timed
@shared
def callback(place: Place, period: str, unit: str | None) -> None:
    """Show how many named bad ratings were called back, and answered on time."""
    from huimin_flow.model.core.periods import last_day  # noqa: PLC0415 - with the rest

    with place.now() as now:
        found = now.callback_rate(period, unit=unit)
        answered = now.answer_rate(period, unit=unit)
        by_unit = now.follow_ups_by_unit(period) if unit is None else ()
        book = now.rulebook(on=last_day(period))
    text = f"{period} 实名差评 {found.whole} 件,已回访 {found.part} 件"
    if found.whole:
        asked = book.services.follow_up.callback_percent.value
        reached = "达到" if found.reaches(asked) else "未达到"
        text += f",回访率 {_percent(found)},{reached}规则要求的 {asked}%"
    text += f"\n应答复 {answered.whole} 次(已答复的与已超期的),"
    text += f"按期 {answered.part} 次"
    if answered.whole:
        text += f",按期率 {_percent(answered)}"
    if by_unit:
        names = {one.code: one.name for one in book.organization.units}
        rows = [
            (
                *(one.called_back.whole, one.called_back.part),
                _percent(one.called_back),
                *(one.answered_on_time.whole, one.answered_on_time.part),
                _percent(one.answered_on_time),
                names.get(one.unit, one.unit),
            )
            for one in by_unit
        ]
        head = ("实名差评", "已回访", "回访率", "应答复", "按期", "按期率", "单位")
        text += "\n" + screens.table(head, rows)
    shown = {
        "part": found.part,
        "whole": found.whole,
        "answered_on_time": answered,
        "units": by_unit,
    }
    place.show(shown, text)


def _percent(share: Share) -> str:
    """Return a share in percent, or a dash where there is nothing to share."""
    return f"{100 * share.part / share.whole:.2f}%" if share.whole else "—"


@click.command("answer", help="差评整改答复;实名的写明回访日期。")
@TRANSACTION
@click.option("--text", required=True, help="内容:怎样整改;“-”从标准输入读取。")
@click.option("--called-back", default=None, help="回访日期,如 2026-12-01。")
@seen
@acts
def answer(
    act: Act, transaction: str, text: str, called_back: str | None, version: int | None
) -> None:
    """Answer a bad rating."""
    done = act.flow.answer_rating(
        transaction,
        values.text_or_stdin(text),
        by=act.by,
        called_back_on=day_of(called_back),
        version=version,
    )
    act.say(done, f"{transaction} {done.state.label}(第{done.version}版)")


@click.command("verify", help="核实整改答复;不合格则加 --return 退回。")
@TRANSACTION
@FINDING
@click.option("--return", "returned", is_flag=True, help="退回重办。")
@seen
@acts
def verify(
    act: Act, transaction: str, finding: str, version: int | None, *, returned: bool
) -> None:
    """Verify an answer, or return it."""
    done = act.flow.verify_answer(
        transaction, finding, accept=not returned, by=act.by, version=version
    )
    act.say(done, f"{transaction} {done.state.label}(第{done.version}版)")


@click.command("appeal", help="对误评、恶意差评提出申诉;只有一次。")
@TRANSACTION
@click.option("--kind", required=True, help="类别:误评,或恶意差评。")
@click.option("--reason", required=True, help="理由:为何申诉。")
@seen
@acts
def appeal(
    act: Act, transaction: str, kind: str, reason: str, version: int | None
) -> None:
    """Appeal against a bad rating."""
    from huimin_flow.catalogue.terms import Misrating  # noqa: PLC0415 - with the rest

    done = act.flow.appeal_rating(
        transaction,
        values.word(Misrating, kind),
        reason,
        by=act.by,
        version=version,
    )
    act.say(done, f"{transaction} {done.state.label}(第{done.version}版)")


@click.command("settle", help="裁定申诉:成立,或不计差评(须两人)。")
@TRANSACTION
@FINDING
@click.option("--set-aside", is_flag=True, help="认定不计差评;须另一人复核。")
@by_two
@seen
@acts
def settle(
    act: Act,
    transaction: str,
    finding: str,
    second: str | None,
    version: int | None,
    *,
    set_aside: bool,
) -> None:
    """Settle an appeal."""
    other = act.second(second)
    if set_aside and other is None:
        told = {"transaction": transaction, "finding": finding}
        act.propose("set_aside", told | as_seen(version))
        return
    done = act.flow.settle_appeal(
        transaction,
        finding,
        by=act.by,
        second=other,
        set_aside=set_aside,
        version=version,
    )
    act.say(done, f"{transaction} {done.state.label}(第{done.version}版)")


FOLLOW_UPS = (bad, callback, answer, verify, appeal, settle)
