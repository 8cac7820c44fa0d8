"""Tasks in words: those sent back, a unit's year, what an item's tasks cover (C2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_pair,
    say_sentences,
)
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import State, TaskAside, TaskReturnState
from huimin_flow.clock import local_day
from huimin_flow.model.executing.plans import Plan
from huimin_flow.reports.core.lists import (
    Listing,
    Ref,
    Row,
    Sight,
    item_file,
    listed,
)

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.executing.tasks import (
        DatedReturn,
        ReturnCount,
        YearFigure,
        YearTask,
    )
    from huimin_flow.model.items import Item


@listed(
    name="task-returns",
    title="退回的任务",
    question="tasks.returns",
    count="count_returns",
    head=(
        *("退回", "事项", "任务", "退回单位", "日期", "理由", "说明"),
        *("状态", "处理期限", "处理日期", "处理说明"),
    ),
    empty="没有这样的退回",
    labels={"unit": "退回单位", "state": "状态"},
)
def returns(sight: Sight, line: DatedReturn) -> Row:
    """Return a task that was sent back: by whom, why, until when, and its end."""
    made = line.made
    reasons = sight.book.improving.tasks.return_reasons
    due = "" if line.due is None else str(line.due)
    return (
        made.key,
        Ref(made.item, item_file(made.item)),
        made.task,
        sight.unit(made.unit),
        made.returned_on,
        reasons.get(made.reason_code, made.reason_code),
        made.note,
        made.state.spoken,
        say_note(due, say("已超期")) if line.overdue else due,
        made.settled_on or "",
        made.answer,
    )


def _this_year(now: Snapshot) -> str:
    return str(local_day(now.moment()).year)


@listed(
    name="task-returns-by-unit",
    title="各单位退回的任务",
    question="tasks.returns_by_unit",
    count="",
    head=("单位", "退回", "待处理", "已调整", "维持原分工", "逾期处理"),
    empty="这一年没有单位退回任务",
    fixed={"year": _this_year},
)
def by_unit(sight: Sight, count: ReturnCount) -> Row:
    """Return how many tasks a unit sent back in a year."""
    return (
        sight.unit(count.unit),
        count.returned,
        count.open,
        count.reassigned,
        count.retained,
        count.late,
    )


def _first_unit(now: Snapshot) -> str:
    organization = now.rulebook.active().organization
    units = organization.listing_units(local_day(now.moment()))
    return min(units, default="")


def figure_words(figure: YearFigure) -> str:
    """Return how far an indicator has got, in a few words."""
    actual = "—" if figure.actual is None else str(figure.actual)
    reached = f"{actual}/{figure.target}{figure.measure}"
    score = [f"{figure.score}%"] if figure.score is not None else []
    return say_pair(
        figure.indicator, say_clauses(reached, *score, figure.pace.by(figure.days))
    )


@listed(
    name="unit-year",
    title="单位年度任务",
    question="tasks.year",
    count="",
    head=(
        *("事项", "标题", "事项状态", "牵头单位", "任务", "任务内容"),
        *("期限", "目标与进度", "情况", "目标覆盖"),
    ),
    empty="这一年没有任务",
    fixed={"unit": _first_unit, "year": _this_year},
)
def year(sight: Sight, line: YearTask) -> Row:
    """Return a task of a unit's year: its item, figures, due day and standing."""
    figures = tuple(map(figure_words, line.figures)) or (line.unmeasured or "—",)
    return (
        Ref(line.item, item_file(line.item)),
        line.item_title,
        line.state.spoken,
        sight.unit(line.lead),
        line.task,
        line.title,
        line.due,
        figures,
        line.standing.spoken,
        say("有缺口") if line.uncovered else "",
    )


#: The lists of this room.
LISTINGS: Final[tuple[Listing, ...]] = (returns, by_unit, year)


def cover_lines(now: Questions, item: Item) -> Iterator[tuple[str, str]]:
    """Yield an item's own targets, each with its tasks' shares and what they lack.

    What they lack, and which don't count, is known while the tasks run.
    """
    plan = item.plan or Plan()
    running = item.state is State.ASSIGNED and plan.indicators
    verdict = now.items.coverage(item.number) if running else None
    name_of = now.rulebook.active().organization.name_of
    for n, target in enumerate(plan.indicators, 1):
        shares = [
            (task, share)
            for task in plan.tasks
            for share in task.indicators
            if share.name == target.name
        ]
        words = []
        for k, (task, share) in enumerate(shares, 1):
            figure = f"{share.value}{share.unit}"
            if share.members:
                figure = say_list(share.members)
            text = " ".join((task.key, name_of(task.unit), figure))
            aside = verdict and verdict.inputs[f"target{n}_share{k}_aside"]
            words.append(
                say_note(text, TaskAside(str(aside)).spoken) if aside else text
            )
        parts = [say_clauses(*words)] if words else []
        if verdict is not None:
            lacks = [
                sentence(reason.code, dict(reason.values))
                for reason in verdict.reasons
                if reason.values.get("indicator") == target.name
            ]
            parts += [say("有缺口"), *lacks] if lacks else [say("各任务目标够数")]
        yield target.quote or target.name, say_sentences(parts) or "—"


def waiting_returns(now: Questions, item: Item) -> list[str]:
    """Return the returns of an item's tasks that are not settled, in words."""
    if item.state is not State.ASSIGNED:
        return []
    book, waits = now.rulebook.active(), TaskReturnState.RETURNED
    reasons = book.improving.tasks.return_reasons
    return [
        say_clauses(
            say_pair(line.made.task, book.organization.name_of(line.made.unit)),
            reasons.get(line.made.reason_code, line.made.reason_code),
            line.made.note,
            *([say("{day}以前处理", day=line.due)] if line.due else []),
            *([say("已超期")] if line.overdue else []),
        )
        for line in now.tasks.returns(item=item.number, state=waits)
    ]
