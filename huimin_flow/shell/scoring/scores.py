"""score: a month's index and colors, a quarter's places, explanations of figures."""

from __future__ import annotations

from dataclasses import replace

import click

from huimin_flow.catalogue.language import say, say_list, say_pair
from huimin_flow.catalogue.terms import Argument
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.scoring import explained
from huimin_flow.reports.scoring.charts import place_groups, reason_text
from huimin_flow.reports.scoring.trend import trends
from huimin_flow.rules.core.formula import evaluate
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import PERIOD, Place, shared, tabled
from huimin_flow.shell.scoring.charts import EDITION, chart, quarter


@plain("score month")
@PERIOD
@EDITION
@tabled
def score_month(place: Place, period: str, edition: int | None) -> None:
    """Show a month."""
    with place.now() as now:
        month = chart(now, period, edition)
        late = now.scores.late_facts(period)
    rows, reasons = [], []
    for kind, units in month.colors.groups.items():
        for line in sorted(units, key=lambda line: -float(line.index or -1)):
            color = line.color.spoken if line.color else say("数据不足")
            before = line.before.spoken if line.before else "—"
            name = month.units.get(line.unit, line.unit)
            rows.append((kind.spoken, line.index or "—", color, before, name))
            if line.reasons:
                reasons.append(f"{name}:{reason_text(line.reasons, month.names)}")
    table = screens.Table(("组别", "指数", "颜色", "上月", "单位"), rows)
    lines = [*month.notes(), *reasons]
    if late:
        lines.append(
            say("截止后才知道、未计入的:{names}", names=say_list(map(str, late)))
        )
    lines += explained.month_unplaced(month.scores, month.names)
    shown = {
        "scores": month.scores,
        "colors": month.colors,
        "editions": month.editions,
        "latest_scores": month.latest.version,
        "trend": {
            unit: drawn.values
            for kind in month.colors.groups
            for unit, drawn in trends(month.past, kind).items()
        },
        "late": late,
    }
    place.show(shown, table, *lines)


@plain("score explain")
@click.argument("unit", metavar="单位代码", type=Named(Argument.UNIT))
@PERIOD
@shared
def score_explain(place: Place, unit: str, period: str) -> None:
    """Show the formula tree of a score."""
    from huimin_flow.flow.scoring.scores import left_out  # noqa: PLC0415 - heavy

    with place.now() as now:
        own, tree = now.scores.explain(unit, period)
        scored = now.scores.month(period)
        book = now.rulebook.active(scored.rulebook)
    names = book.organization.names
    words = {part.key: part.name for part in book.scoring.index.indicators}
    made = explained.month_made(scored)
    head = f"{unit} {names.get(unit, '')} {scored.period} 指数 {own.index}"
    lines = [
        say("{head}(由叶子重算 {figure:.2f})", head=head, figure=evaluate(tree)),
        *explained.month_roots(scored),
        *(say_pair(say("未计入"), missing) for missing in left_out(own, book)),
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
    place.show(shown, "\n".join(lines))


@plain("score quarter")
@click.argument("period", metavar="季度")
@EDITION
@tabled
def score_quarter(place: Place, period: str, edition: int | None) -> None:
    """Show a quarter's places."""
    with place.now() as now:
        places = quarter(now, period, edition)
    rows, reasons = [], []
    for group in place_groups(places.ranking, places.units, places.names):
        for line in group.lines:
            rank, unit = line.place, line.unit
            figures = (line.value, line.interval, line.steady)
            rows.append((group.title, rank, *figures, unit))
            if line.why:
                head = f"{group.title}名次{rank} {unit}:"
                reasons.append("\n    ".join((head, *line.why)))
    table = screens.Table(("组别", "名次", "指数", "区间", "保持", "单位"), rows)
    shown = to_plain(places.ranking) | {
        "editions": places.editions,
        "corrected_since": places.later,
    }
    place.show(shown, table, *places.notes(), *reasons)


@plain("score editions")
@click.argument("key", metavar="编号")
@tabled
def score_editions(place: Place, key: str) -> None:
    """Show the editions of a publication."""
    with place.now() as now:
        editions = now.scores.editions(key)
    rows = [
        (
            edition.edition,
            screens.shanghai(edition.at),
            edition.by,
            edition.confirmed_by or "—",
            edition.rulebook[:12],
            edition.note or "—",
        )
        for edition in editions
    ]
    head = ("版次", "发布时间", "办理", "复核", "规则库", "更正理由")
    place.table(editions, head, rows)
