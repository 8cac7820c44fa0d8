"""The demand ledger, what changed on it, and units' responses, as lists (B2, B4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_note, say_pair, say_sentences
from huimin_flow.catalogue.terms import (
    Placement,
    Recommendation,
    ResponseState,
    Rolling,
    Step,
)
from huimin_flow.clock import local_day
from huimin_flow.reports.core.histories import list_name
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file, list_file, listed
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.deciding.ledgers import (
        AwaitedResponse,
        DemandChange,
        DemandLine,
        Response,
        TaskEntry,
        UnitResponses,
    )


@listed(
    name="demands",
    title="民生需求台账",
    question="ledgers.demands",
    count="count_demands",
    head=("编号", "标题", "板块", "单位", "安排", "星级", "状态", "入账日", "清单"),
    empty="台账上没有这样的需求",
    labels={"text": "标题或编号", "as_of": "截至哪一天", "state": "状态"},
)
def demands(sight: Sight, demand: DemandLine) -> Row:
    """Return a demand of the ledger: whose, for which list, since when."""
    key = demand.edition
    return (
        Ref(demand.number, item_file(demand.number)),
        demand.title,
        demand.area.spoken,
        sight.unit(demand.unit),
        demand.placement.spoken if demand.placement else "—",
        demand.stars or "",
        demand.state.spoken,
        demand.since,
        Ref(list_name(key, sight.names), list_file(key)) if key else "",
    )


def _last_year(now: Snapshot) -> str:
    return date(local_day(now.moment()).year - 1, 12, 31).isoformat()


@listed(
    name="demand-changes",
    title="民生需求台账的变化",
    question="ledgers.demand_changes",
    count="",
    head=("编号", "变化", "标题", "单位", "前", "后", "日期", "为何"),
    empty="两日之间台账没有变化",
    fixed={"since": _last_year},
    labels={"since": "自哪一天", "until": "至哪一天"},
)
def demand_changes(sight: Sight, change: DemandChange) -> Row:
    """Return what became of a demand between two days, and why."""
    return (
        Ref(change.number, item_file(change.number)),
        change.move.spoken,
        change.title,
        sight.unit(change.unit),
        change.before.spoken if change.before else "—",
        change.after.spoken if change.after else "—",
        change.day or "",
        why(sight, change.step, change.reason_code),
    )


def why(sight: Sight, step: Step | None, code: str) -> str:
    """Return a step and its reason in the rulebook's words."""
    rules = sight.book.rules
    reasons = {
        **{each.value: each.spoken for each in Recommendation},
        **rules.reject_reasons,
        **rules.return_reasons,
        **rules.transfer_reasons,
    }
    if step is None:
        return ""
    return say_note(step.spoken, reasons.get(code, code)) if code else step.spoken


@listed(
    name="awaited-responses",
    title="待响应的需求",
    question="ledgers.awaited",
    count="count_awaited",
    head=("需求", "标题", "板块", "提出单位", "安排", "请谁响应", "期限", "是否超期"),
    empty="没有待响应的需求",
    labels={"unit": "请谁响应", "overdue": "只看超期的"},
)
def awaited(sight: Sight, line: AwaitedResponse) -> Row:
    """Return a demand to which a unit has not responded yet."""
    return (
        Ref(line.item, item_file(line.item)),
        line.title,
        line.area.spoken,
        sight.unit(line.owner),
        line.placement.spoken,
        sight.unit(line.unit),
        line.due or say("历法未载"),
        say("超期") if line.overdue else "",
    )


@listed(
    name="responses",
    title="需求响应",
    question="ledgers.responses",
    count="count_responses",
    head=("需求", "单位", "响应", "本单位事项", "理由", "说明", "经办"),
    empty="没有这样的响应",
)
def responses(sight: Sight, made: Response) -> Row:
    """Return a unit's response to a demand."""
    reasons = sight.book.rules.responses.decline_reasons
    own = made.successor
    why = reasons.get(made.reason_code, made.reason_code)
    before = made.reason_code and made.state is ResponseState.TAKEN_UP
    return (
        Ref(made.item, item_file(made.item)),
        sight.unit(made.unit),
        made.state.spoken,
        Ref(own, item_file(own)) if own else "",
        say_pair(say("原先"), why) if before else why,
        say_sentences(filter(None, (made.note, made.reason))),
        made.answered_by,
    )


@listed(
    name="responding-units",
    title="各单位的响应",
    question="ledgers.by_unit",
    count="",
    head=("单位", "已承接", "已回复非本单位事项", "待响应", "其中超期"),
    empty="没有请任何单位响应的需求",
)
def by_unit(sight: Sight, line: UnitResponses) -> Row:
    """Return how many demands a unit has answered, and left open."""
    return (
        Ref(sight.unit(line.unit), f"awaited-responses.html?unit={line.unit}"),
        line.taken_up,
        line.declined,
        line.awaited,
        line.overdue,
    )


def _first_unit(now: Snapshot) -> str:
    organization = now.rulebook.active().organization
    return organization.listing_units(local_day(now.moment()))[0]


@listed(
    name="task-ledger",
    title="民生任务台账",
    question="ledgers.tasks",
    count="",
    head=(
        *("编号", "滚动", "标题", "来历", "板块", "状态", "清单", "序号"),
        *("任务", "期限", "移出日", "为何"),
    ),
    empty="台账上没有事项",
    fixed={"unit": _first_unit, "since": _last_year},
    labels={"since": "自哪一天", "until": "至哪一天"},
)
def tasks(sight: Sight, line: TaskEntry) -> Row:
    """Return an entry of a unit's task ledger, and what became of it."""
    demand = line.demand
    key = demand.edition
    return (
        Ref(demand.number, item_file(demand.number)),
        say_note(line.rolling.spoken, line.before)
        if line.before and line.rolling is Rolling.CARRIED_OVER
        else line.rolling.spoken,
        demand.title,
        line.entry.spoken,
        demand.area.spoken,
        demand.state.spoken,
        Ref(list_name(key, sight.names), list_file(key)) if key else "",
        demand.rank or "",
        demand.tasks,
        demand.due or "",
        line.day or "",
        why(sight, line.step, line.reason_code),
    )


#: The lists of this room.
LISTINGS: Final = (demands, demand_changes, tasks, awaited, responses, by_unit)


def demands_page(now: Snapshot) -> Page:
    """Return the page of the demand ledger, for a site without a server.

    Demands stand under the list for which they are meant.
    """
    sight = Sight(now, now.rulebook.active().organization.names)
    rows: dict[Placement | None, list[Row]] = {place: [] for place in Placement}
    for demand in now.ledgers.demands():
        row = demands.row(sight, demand)
        rows[demand.placement or Placement.WAITING].append(row)
    total = sum(map(len, rows.values()))
    return Page(
        file=demands.file,
        template="items.html.j2",
        title=say(demands.title),
        values={
            "head": [say(text) for text in demands.head],
            "groups": [(place, lines) for place, lines in rows.items() if lines],
            "note": say("已研判、尚未办结的需求共{total}项,按安排排列", total=total),
        },
    )
