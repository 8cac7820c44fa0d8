"""What needs the attention of a director, the worst cases first (E2)."""

from __future__ import annotations

from huimin_flow.catalogue.language import say, say_count, say_list, say_pair
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import Color, RectificationState, TwoPeople
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.present import Present
from huimin_flow.reports.headlines import UNKNOWN, bad_ratings
from huimin_flow.reports.improving.advice import page_of, to_mend
from huimin_flow.reports.improving.boards import boards_file
from huimin_flow.reports.improving.rectification import page_of as rectified


@value
class ConcernLine:
    """A line of a concern: who, what, the figure that matters, and more in words."""

    who: str
    what: str
    figure: str
    more: str
    files: tuple[str, ...]


@value
class Concern:
    """What needs attention: how many cases, the worst of them, and pages with all."""

    title: str
    count: int
    lines: tuple[ConcernLine, ...]
    files: tuple[str, ...]

    @property
    def rest(self) -> int:
        """Return how many cases have no line."""
        return max(0, self.count - sum(1 for _ in self.lines))


def concerns(known: Present) -> tuple[Concern, ...]:
    """Return what needs attention, without what has no case."""
    all_of = (
        wrong_clock(known),
        late_tasks(known),
        red_twice(known),
        overdue_answers(known),
        overdue_responses(known),
        second_person(known),
        stuck(known),
        mending(known),
        bad_board(known),
        put_right(known),
    )
    return tuple(each for each in all_of if each.count)


def wrong_clock(known: Present) -> Concern:
    """Return why nothing is decided: the clock, or records that are ahead of it."""
    obstacle = known.now.clock.status().obstacle
    reasons = () if obstacle is None else (obstacle,)
    lines = [
        ConcernLine(
            who=say("本机时钟"),
            what=spoken(reason),
            figure=say("不作任何决定"),
            more="",
            files=("clock.html",),
        )
        for reason in reasons
    ]
    return Concern(
        title=say("时钟可能走错"),
        count=len(lines),
        lines=tuple(lines),
        files=("clock.html",),
    )


def late_tasks(known: Present) -> Concern:
    """Return the indicators behind their plan, the latest first."""
    late = [line for line in known.sheet if line.is_late]
    late.sort(key=lambda line: (line.days, line.item, line.indicator))
    lines = (
        ConcernLine(
            who=known.names.get(line.owner, line.owner),
            what=say(
                "“{item}”{indicator}", item=line.item_title, indicator=line.indicator
            ),
            figure=line.stands,
            more=say(
                "已报{actual:,},应达{expected:,}{measure}",
                actual=line.actual,
                expected=line.expected,
                measure=line.measure,
            )
            if line.actual is not None
            else say("没有填报"),
            files=(f"item-{line.item}.html",),
        )
        for line in late[:3]
    )
    return Concern(
        title=say("任务滞后"),
        count=len(late),
        lines=tuple(lines),
        files=(f"progress-{known.month}.html", f"progress-{known.past}.html"),
    )


def red_twice(known: Present) -> Concern:
    """Return the units that were red in the last two months."""
    colors = known.colors
    groups = () if colors is None else colors.groups.values()
    red = [
        unit
        for group in groups
        for unit in group
        if unit.color is Color.RED is unit.before
    ]
    red.sort(key=lambda unit: (float(unit.index or 0), unit.unit))
    file = "" if colors is None else f"month-{colors.period}.html"
    lines = (
        ConcernLine(
            who=known.names.get(unit.unit, unit.unit),
            what=say("指数"),
            figure=unit.index or UNKNOWN,
            more=say("连续两月{color}", color=Color.RED.spoken),
            files=(f"{file}#why-{unit.unit}",),
        )
        for unit in red[:3]
    )
    return Concern(
        title=say("连续两月红"), count=len(red), lines=tuple(lines), files=(file,)
    )


def overdue_answers(known: Present) -> Concern:
    """Return the units with overdue answers, those with most first."""
    late = [each for each in known.overdue if each.count]
    most = sorted(late, key=lambda each: (-each.count, each.unit))
    lines = (
        ConcernLine(
            who=known.names.get(each.unit, each.unit),
            what=say("差评超期未答复"),
            figure=say_count("{count}件", each.count),
            more=say("最早应于{day}答复", day=each.oldest),
            files=(
                f"bad-ratings.html?overdue=true&unit={each.unit}",
                *bad_ratings(known)[1:],
            ),
        )
        for each in most[:2]
    )
    return Concern(
        title=say("差评超期未答复的单位"),
        count=len(most),
        lines=tuple(lines),
        files=bad_ratings(known),
    )


def overdue_responses(known: Present) -> Concern:
    """Return the units that have not responded to demands in time, the worst first."""
    late = [each for each in known.now.ledgers.by_unit() if each.overdue]
    lines = (
        ConcernLine(
            who=known.names.get(each.unit, each.unit),
            what=say("需求超期未响应"),
            figure=say_count("{count}项", each.overdue),
            more=say(
                "已承接{taken_up}项,已回复非本单位事项{declined}项",
                taken_up=each.taken_up,
                declined=each.declined,
            ),
            files=(f"awaited-responses.html?overdue=yes&unit={each.unit}",),
        )
        for each in late[:2]
    )
    return Concern(
        title=say("需求未按期响应"),
        count=len(late),
        lines=tuple(lines),
        files=("responding-units.html",),
    )


def second_person(known: Present) -> Concern:
    """Return what waits for a second person, the oldest first."""
    queue = sorted(known.now.proposals.queue(), key=lambda each: each.since)
    lines = (
        ConcernLine(
            who=say("待第二人复核"),
            what=TwoPeople(each.proposal.act).spoken,
            figure=say_count("已等{count}天", (known.today - each.since).days),
            more=say_pair(say("提请"), each.proposal.key),
            files=("proposals.html", "all-proposals.html"),
        )
        for each in queue[:2]
    )
    return Concern(
        title=say("待第二人复核"),
        count=len(queue),
        lines=tuple(lines),
        files=("proposals.html", "all-proposals.html"),
    )


def mending(known: Present) -> Concern:
    """Return what was decided to be mended and is not verified yet."""
    open_ones = to_mend(known.now)
    lines = (
        ConcernLine(
            who=known.names.get(each.mending.unit, each.mending.unit),
            what=each.mending.what,
            figure=say("{day}以前", day=each.mending.until),
            more=say("已超期")
            if each.mending.until < known.today
            else each.state.spoken,
            files=(page_of(each),),
        )
        for each in open_ones[:2]
        if each.mending is not None
    )
    return Concern(
        title=say("要完善的措施"),
        count=len(open_ones),
        lines=tuple(lines),
        files=("advice.html?state=mending", "advice.html"),
    )


def bad_board(known: Present) -> Concern:
    """Return the items on the bad board for which no rectification was accepted."""
    entries = sorted(
        known.now.boards.bad_entries(),
        key=lambda each: (each.since, -len(each.entry.grounds), each.entry.item),
    )
    lines = (
        ConcernLine(
            who=known.names.get(each.entry.unit, each.entry.unit),
            what=say("“{item}”", item=each.entry.title),
            figure=say_list(ground.spoken for ground in each.entry.grounds)
            or say("仍在差评榜"),
            more=period_in_words(each.since),
            files=(boards_file(each.period), "bad-board.html"),
        )
        for each in entries[:2]
    )
    return Concern(
        title=say("差评榜上的事项"),
        count=len(entries),
        lines=tuple(lines),
        files=("bad-board.html", *(boards_file(each.period) for each in entries[-1:])),
    )


def put_right(known: Present) -> Concern:
    """Return the rectifications that nobody has accepted yet, the latest first."""
    open_ones = sorted(
        (
            line
            for line in known.now.rectifications.list()
            if line.rectification.state is not RectificationState.ACCEPTED
        ),
        key=lambda line: (-line.overdue, line.key),
    )
    lines = (
        ConcernLine(
            who=known.names.get(line.rectification.unit, line.rectification.unit),
            what=line.rectification.cause,
            figure=say_count("逾期{count}个工作日", line.overdue)
            if line.overdue
            else line.rectification.state.spoken,
            more=say_list(rung.name for rung in line.rectification.rungs[-1:]),
            files=(rectified(line.rectification),),
        )
        for line in open_ones[:2]
    )
    return Concern(
        title=say("整改中的事项"),
        count=len(open_ones),
        lines=tuple(lines),
        files=("rectifications.html",),
    )


def stuck(known: Present) -> Concern:
    """Return the items that stand longest beyond what is usual."""
    lines = (
        ConcernLine(
            who=known.names.get(each.unit, each.unit),
            what=say("“{item}”{state}", item=each.title, state=each.state.spoken),
            figure=say_count("已停{count}天", each.days),
            more=say_count("比九成事项多{count}天", each.beyond),
            files=(f"item-{each.number}.html",),
        )
        for each in known.stays.stuck[:2]
    )
    return Concern(
        title=say("卡住的事项"),
        count=known.stays.beyond,
        lines=tuple(lines),
        files=("items.html?stuck=yes",),
    )
