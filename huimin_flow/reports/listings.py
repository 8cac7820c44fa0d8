"""Every list: its rows are the same on a page, in a file and at a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_pair,
    say_phrase,
    say_sentences,
)
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import (
    Color,
    Duty,
    Ending,
    Figures,
    Job,
    MeetingState,
    Outcome,
    ProposalField,
    ProposalState,
    ScoreClass,
    State,
    Term,
    TwoPeople,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.core.values import Share
from huimin_flow.personal import masked
from huimin_flow.reports.core import outbox
from huimin_flow.reports.core.histories import list_name, word
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file, list_file, listed
from huimin_flow.reports.deciding import assessments as assessed
from huimin_flow.reports.deciding import ledgers
from huimin_flow.reports.deciding.meetings import meeting_file, pack_file
from huimin_flow.reports.executing import tasks
from huimin_flow.reports.executing.feeds import STATUS as FEEDS
from huimin_flow.reports.executing.surveys import LISTING as SURVEYS
from huimin_flow.reports.improving.advice import LISTING as ADVICE
from huimin_flow.reports.improving.boards import BAD, BOARDS
from huimin_flow.reports.improving.digests import DIGESTS
from huimin_flow.reports.improving.engagements import LISTING as ENGAGEMENTS
from huimin_flow.reports.improving.forecasts import CALIBRATION, CASES
from huimin_flow.reports.improving.orders import LISTING as ORDERS
from huimin_flow.reports.improving.rectification import FAILINGS
from huimin_flow.reports.improving.rectification import LISTING as RECTIFICATIONS
from huimin_flow.reports.improving.replication import PRACTICES, REPLICATIONS
from huimin_flow.reports.improving.reviews import DECISIONS, MEETINGS
from huimin_flow.reports.improving.spot_checks import LISTING as SPOT_CHECKS
from huimin_flow.reports.sensing import answers, points, policies, rounds
from huimin_flow.reports.sensing import appeals as heard
from huimin_flow.reports.sensing.gathering import problems
from huimin_flow.reports.services.catalogue import BURDENS, burden_change

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.events import Refusal
    from huimin_flow.model.core.jobs import Run
    from huimin_flow.model.core.proposals import Proposal
    from huimin_flow.model.deciding.deliberations import Deliberation
    from huimin_flow.model.deciding.lists import Edition
    from huimin_flow.model.items import Item
    from huimin_flow.model.scoring.published import Owing
    from huimin_flow.model.services.catalogue import ServiceItem
    from huimin_flow.model.services.ratings import BadRating, UnitFollowUps
    from huimin_flow.reports.core.render import Page

#: How many characters of a proposal's text are shown.
_SHOWN = 60


def percent(share: Share) -> str:
    """Return a share in percent, or a dash if the whole is 0."""
    return f"{100 * share.part / share.whole:.2f}%" if share.whole else "—"


@listed(
    name="items",
    title="事项",
    question="items.list",
    head=("编号", "标题", "状态", "板块", "单位", "星级", "期限"),
    empty="没有这样的事项",
    labels={
        "text": "标题或编号",
        "state": "状态",
        "edition": "清单",
        "due": "期限不晚于",
        "stale": "只看存疑的",
        "stuck": "只看卡住的",
    },
)
def items(sight: Sight, item: Item) -> Row:
    """Return an item: what it is, whose, where it stands and until when."""
    tasks = item.plan.tasks if item.plan else ()
    return (
        Ref(item.number, item_file(item.number)),
        item.title,
        item.status.spoken,
        item.area.spoken,
        sight.unit(item.unit),
        item.stars or "",
        max((str(task.due) for task in tasks), default=""),
    )


@listed(
    name="meetings",
    title="论证会议",
    question="meetings.list",
    head=("会议", "状态", "日期", "主持人", "到会", "议题"),
    empty="没有这样的会议",
)
def meetings(_: Sight, held: Deliberation) -> Row:
    """Return a deliberation: who was there, and its items."""
    agenda = tuple(Ref(number, item_file(number)) for number in held.agenda)
    closed, present = held.state is MeetingState.CLOSED, len(held.participants)
    file = meeting_file(held.key) if closed else pack_file(held.key)
    key = Ref(held.key, file)
    return key, held.state.spoken, held.held_on, held.chair, present, agenda


@listed(
    name="all-lists",
    title="清单",
    question="lists.list",
    head=("清单编号", "类别", "状态", "版次", "事项数"),
    empty="还没有清单",
)
def lists(_: Sight, edition: Edition) -> Row:
    """Return a list: its state, its edition and how many items it has."""
    return (
        Ref(edition.key, list_file(edition.key)),
        edition.kind.spoken,
        edition.state.spoken,
        edition.edition,
        len(edition.places),
    )


@listed(
    name="all-proposals",
    title="提请",
    question="proposals.list",
    head=("提请", "状态", "事项", "提请人", "核对码", "内容"),
    empty="没有可列的提请;默认只列等待复核的",
    fixed={"state": ProposalState.WAITING.value},
)
def proposals(sight: Sight, made: Proposal) -> Row:
    """Return a proposal: who proposes what."""
    act, state = word(TwoPeople, made.act), made.state.spoken
    if sight.now.proposals.stale(made.key):
        state = say("已失效")
    page = f"{made.key.replace('/', '-', 1)}.html"
    return (
        Ref(made.key, page),
        state,
        act,
        made.by,
        made.seen[:12],
        in_words(sight, made),
    )


def in_words(sight: Sight, made: Proposal) -> str:
    """Return a proposal's fields in words; a long text is cut."""
    rules = sight.book.rules
    reasons = {**rules.reject_reasons, **rules.return_reasons}
    parts = []
    for name, text in made.values.items():
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
        if name == ProposalField.EDITION and text.count("/") == 2:
            shown = say_note(list_name(text, sight.names), text)
        elif name == ProposalField.REASON:
            shown = reasons.get(text, shown)
        elif name == ProposalField.DIGEST:
            shown = text[:12]
        elif name == ProposalField.COLORS:
            shown = say("是") if text == "yes" else say("否")
        parts.append(say_pair(word(ProposalField, name), shown))
    return say_clauses(*parts)


@listed(
    name="refusals",
    title="拒绝记录",
    question="records.refusals",
    count="count_refusals",
    head=("序号", "时间", "经办", "所办", "关于", "为何"),
    empty="没有这样的拒绝",
    duty=Duty.AUDIT,
)
def refusals(sight: Sight, refusal: Refusal) -> Row:
    """Return a refused step: who tried what, and why it was refused."""
    reasons = (sentence(each.code, dict(each.values)) for each in refusal.reasons)
    return (
        refusal.id,
        shanghai(refusal.at),
        refusal.actor,
        sight.act(refusal.act),
        masked(refusal.about),
        say_sentences(reasons),
    )


@listed(
    name="bad-ratings",
    title="差评",
    question="ratings.bad",
    count="",
    head=("办件", "状态", "期限", "是否超期", "单位", "评价日", "评价", "署名"),
    empty="没有待办的差评",
    labels={"overdue": "只看超期的"},
)
def bad_ratings(sight: Sight, case: BadRating) -> Row:
    """Return a bad rating: its deadline, and where its follow-up stands."""
    return (
        case.rating.transaction,
        case.state.spoken,
        say("历法未载") if case.calendar_missing else case.due or "—",
        say("超期") if case.overdue else "",
        sight.unit(case.rating.unit),
        local_day(case.rating.at),
        case.rating.level.spoken,
        say("实名") if case.rating.who else say("匿名"),
    )


def _last_month(now: Snapshot) -> str:
    return month_before(f"{local_day(now.moment()):%Y-%m}")


@listed(
    name="follow-ups",
    title="差评回访与答复",
    question="ratings.follow_ups",
    count="",
    head=("实名差评", "已回访", "回访率", "应答复", "按期", "按期率", "单位"),
    empty="这个月没有差评",
    fixed={"period": _last_month},
)
def follow_ups(sight: Sight, line: UnitFollowUps) -> Row:
    """Return a unit's calls and answers to the bad ratings of a month."""
    shares = line.called_back, line.answered_on_time
    cells = ((share.whole, share.part, percent(share)) for share in shares)
    return *(cell for each in cells for cell in each), sight.unit(line.unit)


@listed(
    name="owing",
    title="未报的进展",
    question="tasks.owing",
    count="",
    head=("责任单位", "事项", "任务", "指标", "由谁送来"),
    empty="这个月都已报送",
    fixed={"period": _last_month},
)
def owing(sight: Sight, owing: Owing) -> Row:
    """Return a task without a report for the month."""
    item = Ref(owing.item, item_file(owing.item))
    source = say_pair(Figures.FED.spoken, owing.feed) if owing.feed else ""
    source = source or Figures.BY_HAND.spoken
    return sight.unit(owing.unit), item, owing.task, owing.indicators, source


@listed(
    name="service-items",
    title="服务事项",
    question="ratings.service_items",
    count="",
    head=("代码", "方式", "网办", "环节", "材料", "天数", "跑动", "单位", "名称"),
    empty="启用中的规则库没有服务事项",
)
def service_items(sight: Sight, item: ServiceItem) -> Row:
    """Return a service item, and what it costs a citizen."""
    return (
        item.key,
        item.mode.spoken,
        say("是") if item.online else say("否"),
        *(burden_change(item, name) for name in BURDENS),
        sight.unit(item.unit),
        item.name,
    )


#: The terms for the keys of a run's result.
_RESULTS: tuple[type[Term], ...] = (Outcome, ScoreClass, Color, State)
#: By job: the page of what it publishes, without its period.
_PAGES = {Job.FIVE_COLORS: "month", Job.QUARTERLY_RANKING: "quarter"}


@listed(
    name="runs",
    title="作业台账",
    question="timetable.runs",
    count="",
    head=("作业", "期", "到期", "完成", "迟(秒)", "截点", "结果"),
    empty="台账为空:还没有作业运行过",
    newest=True,
)
def runs(_: Sight, run: Run) -> Row:
    """Return a run of a job: when it was due, when it was done, its result."""
    period = period_in_words(run.period)
    moments = (shanghai(datetime.fromisoformat(text)) for text in (run.due, run.ran))
    return (
        word(Job, run.job),
        Ref(period, f"{_PAGES[Job(run.job)]}-{run.period}.html")
        if run.job in _PAGES
        else period,
        *moments,
        run.late_seconds,
        run.cut,
        _result(json.loads(run.result)),
    )


def _result(result: Mapping[str, Any]) -> str:
    """Return a run's result in words: 全市入选12、未入选3."""
    parts = []
    for name, figure in result.items():
        part = word(chain.from_iterable(_RESULTS), name)
        if isinstance(figure, dict):
            part = say_note(part, _result(figure))
        elif figure is not True:
            part = say_phrase(part, str(figure))
        parts.append(part)
    return say_list(parts)


#: Every list by its name.
LISTINGS: Final = {
    listing.name: listing
    for listing in (
        *(items, meetings, assessed.assessments, assessed.third_parties),
        *heard.LISTINGS,
        problems,
        *(lists, proposals, refusals),
        *(bad_ratings, follow_ups, owing, service_items, runs),
        *(
            ADVICE,
            SURVEYS,
            BOARDS,
            BAD,
            ORDERS,
            RECTIFICATIONS,
            PRACTICES,
            REPLICATIONS,
            MEETINGS,
            DECISIONS,
            DIGESTS,
            CALIBRATION,
            CASES,
            FEEDS,
        ),
        *(SPOT_CHECKS, ENGAGEMENTS, FAILINGS),
        *(rounds.DESK, rounds.ROUNDS, points.points),
        *(policies.POLICIES, policies.REGISTER, policies.MEASURES, policies.REVIEWS),
        *ledgers.LISTINGS,
        *tasks.LISTINGS,
        *outbox.LISTINGS,
        *answers.LISTINGS,
    )
}


def items_page(now: Snapshot) -> Page:
    """Return the page of all items by their states, for a site without a server.

    Cancelled items have a heading of their own.

    The heading of a state has its value as an anchor: ``items.html#judged``.
    """
    sight = Sight(now, now.rulebook.active().organization.names)
    rows: dict[State | Ending, list[Row]] = {
        status: [] for status in (*State, Ending.CANCELLED)
    }
    for item in now.items.list():
        rows[item.status].append(items.row(sight, item))
    from huimin_flow.reports.core.render import Page  # noqa: PLC0415 - heavy

    return Page(
        file=items.file,
        template="items.html.j2",
        title=say(items.title),
        values={
            "head": [say(text) for text in items.head],
            "groups": [(state, lines) for state, lines in rows.items() if lines],
            "note": say("共{total}项,按状态排列", total=sum(map(len, rows.values()))),
        },
    )
