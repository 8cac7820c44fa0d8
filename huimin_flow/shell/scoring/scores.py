"""score: a month's index and colors, a quarter's places, explanations of figures."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.language import say, say_list, say_pair
from huimin_flow.clock import shanghai
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.scoring.rows import UnitMonth
from huimin_flow.reports.scoring import explained, rows
from huimin_flow.reports.scoring.charts import (
    beside,
    chance,
    chip,
    lack_words,
    place_groups,
    reason_text,
)
from huimin_flow.reports.scoring.editions import chart, quarter
from huimin_flow.reports.scoring.explained import left_out
from huimin_flow.reports.scoring.trend import trends
from huimin_flow.rules.core.formula import evaluate
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, facts, view


@view("score month")
def _month(view: View) -> Shown:
    month = chart(view.now, **view.typed)
    late = view.now.scores.late_facts(view.typed["period"])
    rows, reasons = [], []
    scored = {each.unit: each for g in month.scores.groups.values() for each in g}
    for kind, units in month.colors.groups.items():
        for line in sorted(units, key=lambda line: -float(line.index or -1)):
            _, color = chip(line.color, line.standing)
            before = line.before.spoken if line.before else "—"
            name = month.units.get(line.unit, line.unit)
            may_be = chance(line.spread, month.names) or "—"
            rows.append((kind.spoken, line.index or "—", color, before, may_be, name))
            if line.reasons:
                reasons.append(f"{name}:{reason_text(line.reasons, month.names)}")
    table = screens.Table(("组别", "指数", "颜色", "上月", "抽样", "单位"), rows)
    apart = beside(month.scores, month.book.scoring.index)
    lines = [*month.notes(), *reasons]
    lines += (
        say_pair(
            month.units.get(unit, unit),
            say(
                "不列名次,缺{names}",
                names=lack_words(scored[unit], keys, month.names),
            ),
        )
        for unit, keys in apart.items()
    )
    if late:
        lines.append(
            say("截止后才知道、未计入的:{names}", names=say_list(map(str, late)))
        )
    lines += explained.month_unplaced(month.scores, month.names)
    lines += explained.month_lacking(month.scores, month.book).values()
    shown = {
        "scores": month.scores,
        "colors": month.colors,
        "beside": apart,
        "editions": month.editions,
        "latest_scores": month.latest.version,
        "trend": {
            unit: drawn.values
            for kind in month.colors.groups
            for unit, drawn in trends(month.past, kind).items()
        },
        "late": late,
    }
    return shown, table, *lines


@view("score explain", csv=False)
def _explained(view: View) -> Shown:
    unit, (own, tree) = view.typed["unit"], view.answer
    scored = view.now.scores.month(view.typed["period"])
    book = view.now.rulebook.active(scored.rulebook)
    names = book.organization.names
    words = {part.key: part.name for part in book.scoring.index.indicators}
    made, lacking = (
        explained.month_made(scored),
        explained.month_lacking(scored, view.now.rulebook.active()),
    )
    head = say(
        "{unit} {period} 指数 {index}(由叶子重算 {figure:.2f})",
        unit=f"{unit} {names.get(unit, '')}",
        period=scored.period,
        index=own.index,
        figure=evaluate(tree),
    )
    lines = [
        head,
        *explained.month_roots(scored),
        *(say_pair(say("未计入"), missing) for missing in left_out(own, book)),
        *(text for code, text in lacking.items() if code == unit),
        *(
            f"{'  ' * line.depth}{line.text}"
            for line in explained.drawn(tree, words, names, own=unit)
        ),
    ]
    shown = {
        "score": replace(own, tree=None),
        "edition": scored.version,
        "rulebook": scored.rulebook,
        "cut": scored.cut,
        "revisions": made,
        "revision": made["contribution"],
        "tree": tree,
    }
    return shown, *lines


@view("score rows", csv=False)
def _rows(view: View) -> Shown:
    shown: UnitMonth = view.answer
    book = view.now.rulebook.active(shown.rulebook)
    names = {each.key: each.name for each in book.scoring.index.indicators}
    figures = [tuple(map(str, rows.figure_row(each))) for each in shown.figures]
    parts: list[screens.Table | str] = [
        facts([*rows.facts_of(shown, names)]),
        screens.Table(rows.FIGURES, figures),
    ]
    for title, _, lines in rows.row_tables(shown, book):
        parts += [title, screens.Table(rows.ROWS, [tuple(map(str, r)) for r in lines])]
    events = [tuple(map(str, row)) for row in rows.event_rows(shown)]
    return shown, *parts, screens.Table(rows.EVENTS, events)


@view("score quarter", settings={"period": {"metavar": "季度", "type": str}})
def _quarter(view: View) -> Shown:
    places = quarter(view.now, **view.typed)
    rows, reasons = [], []
    for group in place_groups(
        places.ranking,
        places.units,
        places.names,
        places.months,
        places.book.scoring.index,
    ):
        for line in group.lines:
            rank, unit = line.place, line.unit
            figures = (line.value, line.interval, line.steady)
            rows.append((group.title, rank, *figures, unit))
            if line.lacks and not line.ranked:
                reasons.append(say_pair(unit, say("缺{names}", names=line.lacks)))
            if line.why:
                place_of = "{group}名次{place} {unit}:"
                head = say(place_of, group=group.title, place=rank, unit=unit)
                reasons.append("\n    ".join((head, *line.why)))
    table = screens.Table(("组别", "名次", "指数", "区间", "保持", "单位"), rows)
    shown = to_plain(places.ranking) | {
        "editions": places.editions,
        "corrected_since": places.later,
    }
    return shown, table, *places.notes(), *reasons


@view("score editions")
def _editions(view: View) -> Shown:
    rows = [
        (
            edition.edition,
            shanghai(edition.at),
            edition.by,
            edition.confirmed_by or "—",
            edition.rulebook[:12],
            edition.note or "—",
        )
        for edition in view.answer
    ]
    head = ("版次", "发布时间", "办理", "复核", "规则库", "更正理由")
    return view.answer, screens.Table(head, rows)
