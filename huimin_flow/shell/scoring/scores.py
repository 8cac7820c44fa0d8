"""score: a month's index and colors, a quarter's places, explanations of figures."""

from __future__ import annotations

from dataclasses import replace

import click

from huimin_flow.catalogue.terms import Argument
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.scoring import explained
from huimin_flow.reports.scoring.charts import place_groups, reason_text
from huimin_flow.reports.scoring.trend import trends
from huimin_flow.rules.core.formula import evaluate
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts, by_two
from huimin_flow.shell.core.named import Named
from huimin_flow.shell.core.place import PERIOD, Place, shared, tabled
from huimin_flow.shell.scoring.charts import EDITION, chart, quarter

score = click.Group(
    "score", help="评价:月度指数、五色图、季度榜单;每个数都能拆到来源。"
)


@score.command("month", help="某月各单位的贡献度评价指数与颜色。")
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
            color = line.color.label if line.color else "数据不足"
            before = line.before.label if line.before else "—"
            name = month.units.get(line.unit, line.unit)
            rows.append((kind.label, line.index or "—", color, before, name))
            if line.reasons:
                reasons.append(f"{name}:{reason_text(line.reasons, month.names)}")
    table = screens.Table(("组别", "指数", "颜色", "上月", "单位"), rows)
    lines = [*month.notes(), *reasons]
    if late:
        lines.append(f"截止后才知道、未计入的:{'、'.join(map(str, late))}")
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


@score.command("explain", help="把一个单位某月的指数逐层拆开,直到来源。")
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
        f"{head}(由叶子重算 {evaluate(tree):.2f})",
        *explained.month_roots(scored),
        *(f"未计入:{missing}" for missing in left_out(own, book)),
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


@score.command("quarter", help="某季的榜单,分组排列;不稳的名次给出区间。")
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


@score.command("editions", help="一项已发布评价的各版:何时、何人、为何更正。")
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


@score.command(
    "correct",
    help="更正已发布的计分、五色图或榜单,出新版;须两人。编号如 score/2023-12、"
    "colors/2023-12、ranking/2023Q4。",
)
@click.argument("key", metavar="编号")
@click.option("--reason", required=True, help="理由:为何更正。")
@click.option("--with-colors", is_flag=True, help="更正计分时一并更正该月五色图。")
@by_two
@acts
def score_correct(
    act: Act, key: str, reason: str, second: str | None, *, with_colors: bool
) -> None:
    """Publish a correction of a month, its colors, or a quarter, by two people."""
    fields = {"key": key, "reason": reason} | ({"colors": "yes"} if with_colors else {})
    other = act.confirmer(second, "correct", fields)
    if other is None:
        return
    made = act.flow.scores.correct(
        key, reason, by=act.by, second=other, with_colors=with_colors
    )
    text = "\n".join(f"{edition.key} 第{edition.version}版" for edition in made)
    act.say(made[0] if len(made) == 1 else made, text)
