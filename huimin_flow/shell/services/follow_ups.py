"""rating bad … settle: the follow-up of bad ratings (D3)."""

from __future__ import annotations

import click

from huimin_flow.catalogue.language import say, say_clauses
from huimin_flow.clock import local_day
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.services.ratings import FollowUp, Share
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import PERIOD, UNIT, Place, tabled, timed

TRANSACTION = click.argument("transaction", metavar="办件编号")
FINDING = click.option("--finding", required=True, help="结论。")

#: How many ratings a screen shows by default.
_SCREEN = 50


@plain("rating bad")
@UNIT
@click.option("--overdue", is_flag=True, help="只看已超期的。")
@click.option(
    "--limit", type=values.Whole(1), default=None, help="最多几条;屏幕默认50。"
)
@timed
@tabled
def bad(place: Place, unit: str | None, limit: int | None, *, overdue: bool) -> None:
    """List bad ratings with an open follow-up."""
    with place.now() as now:
        follow_ups = now.ratings.bad(unit=unit, overdue=overdue)
        names = screens.unit_names(now.rulebook.active().organization)
    shown = follow_ups[: limit or _SCREEN]
    rows = [
        (
            case.rating.transaction,
            case.state.spoken,
            say("历法未载") if case.calendar_missing else case.due or "—",
            say("超期") if case.overdue else "",
            names.get(case.rating.unit, case.rating.unit),
            local_day(case.rating.at),
            case.rating.level.spoken,
            say("实名") if case.rating.who else say("匿名"),
        )
        for case in shown
    ]
    head = ("办件", "状态", "期限", "是否超期", "单位", "评价日", "评价", "署名")
    parts = [
        screens.Table(head, rows) if rows or place.as_csv else say("没有待办的差评")
    ]
    if len(follow_ups) > len(shown):
        parts.append(say("另有 {count} 条", count=len(follow_ups) - len(shown)))
    listed = follow_ups if limit is None else shown
    place.show({"total": len(follow_ups), "rows": listed, "next": None}, *parts)


@plain("rating callback")
@PERIOD
@UNIT
@timed
@tabled
def callback(place: Place, period: str, unit: str | None) -> None:
    """Show the shares of named bad ratings called back and of answers on time."""
    with place.now() as now:
        called = now.ratings.callback_rate(period, unit=unit)
        answered = now.ratings.answer_rate(period, unit=unit)
        by_unit = now.ratings.follow_ups(period) if unit is None else ()
        book = now.rulebook.active(on=last_day(period))
    text = say(
        "{period} 实名差评 {whole} 件,已回访 {part} 件",
        period=period,
        whole=called.whole,
        part=called.part,
    )
    if called.whole:
        asked = book.services.follow_up.callback_percent.value
        rate = "回访率 {percent},未达到规则要求的 {asked}%"
        if called.reaches(asked):
            rate = "回访率 {percent},达到规则要求的 {asked}%"
        more = say(rate, percent=_percent(called), asked=asked)
        text = say_clauses(text, more)
    text += "\n" + say(
        "应答复 {whole} 次(已答复的与已超期的),按期 {part} 次",
        whole=answered.whole,
        part=answered.part,
    )
    if answered.whole:
        text = say_clauses(text, say("按期率 {percent}", percent=_percent(answered)))
    names = screens.unit_names(book.organization)
    rows = [
        (
            *(
                cell
                for share in (line.called_back, line.answered_on_time)
                for cell in (share.whole, share.part, _percent(share))
            ),
            names.get(line.unit, line.unit),
        )
        for line in by_unit
    ]
    head = ("实名差评", "已回访", "回访率", "应答复", "按期", "按期率", "单位")
    table = screens.Table(head, rows)
    shown = {
        "part": called.part,
        "whole": called.whole,
        "answered_on_time": answered,
        "units": by_unit,
    }
    place.show(shown, text, *([table] if rows or place.as_csv else []))


def _percent(share: Share) -> str:
    """Return a share in percent, or a dash if the whole is 0."""
    return f"{100 * share.part / share.whole:.2f}%" if share.whole else "—"


def _show(act: Act, case: FollowUp) -> None:
    act.say(
        case,
        say(
            "{transaction} {state}(第{version}版)",
            transaction=case.transaction,
            state=case.state.spoken,
            version=case.version,
        ),
    )
