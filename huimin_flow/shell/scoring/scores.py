"""score: the month's index and colors, the quarter's places, every figure explained."""

from __future__ import annotations

from dataclasses import replace

import click

from huimin_flow.rules.core.formula import evaluate
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts, by_two
from huimin_flow.shell.core.place import PERIOD, Place, shared
from huimin_flow.shell.scoring.charts import EDITION, chart, quarter

score = click.Group(
    "score", help="评价:月度指数、五色图、季度榜单;每个数都能拆到来源。"
)


@score.command("month", help="某月各单位的贡献度评价指数与颜色。")
@PERIOD
@EDITION
@shared
def score_month(place: Place, period: str, edition: int | None) -> None:
    """Show a month."""
    from huimin_flow.reports.scoring.charts import reason_text  # noqa: PLC0415 - heavy
    from huimin_flow.reports.scoring.explained import month_unplaced  # noqa: PLC0415 - heavy
    from huimin_flow.reports.scoring.trend import trends  # noqa: PLC0415 - heavy

    with place.now() as now:
        found = chart(now, period, edition)
        late = now.late_facts(period)
    rows, reasons = [], []
    for kind, units in found.colors.groups.items():
        for line in sorted(units, key=lambda line: -float(line.index or -1)):
            word = line.color.label if line.color else "数据不足"
            before = line.before.label if line.before else "—"
            name = found.units.get(line.unit, line.unit)
            rows.append((kind.label, line.index or "—", word, before, name))
            if line.reasons:
                reasons.append(f"{name}:{reason_text(line.reasons, found.names)}")
    table = screens.table(("组别", "指数", "颜色", "上月", "单位"), rows)
    text = "\n".join((table, *found.notes(), *reasons))
    if late:
        text += f"\n截止后才知道、未计入的:{'、'.join(str(one) for one in late)}"
    for one in month_unplaced(found.scores, found.names):
        text += f"\n{one}"
    shown = {
        "scores": found.scores,
        "colors": found.colors,
        "editions": found.editions,
        "latest_scores": found.latest.version,
        "trend": {
            unit: one.values
            for kind in found.colors.groups
            for unit, one in trends(found.past, kind).items()
        },
        "late": late,
    }
    place.show(shown, text)


@score.command("explain", help="把一个单位某月的指数逐层拆开,直到来源。")
@click.argument("unit", metavar="单位代码")
@PERIOD
@shared
def score_explain(place: Place, unit: str, period: str) -> None:
    """Show the tree of a score."""
    from huimin_flow.flow.scoring.scores import left_out  # noqa: PLC0415 - heavy
    from huimin_flow.reports.scoring import explained  # noqa: PLC0415 - heavy

    with place.now() as now:
        found, tree = now.explain(unit, period)
        scored = now.monthly_score(period)
        book = now.rulebook(scored.rulebook)
    names = book.organization.names
    words = {one.key: one.name for one in book.scoring.index.indicators}
    made = explained.month_made(scored)
    head = f"{unit} {names.get(unit, '')} {scored.period} 指数 {found.index}"
    lines = [
        f"{head}(由叶子重算 {evaluate(tree):.2f})",
        *explained.month_roots(scored),
        *(f"未计入:{one}" for one in left_out(found, book)),
        *(
            f"{'  ' * one.depth}{one.text}"
            for one in explained.drawn(tree, words, names, own=unit)
        ),
    ]
    said = {
        "score": replace(found, tree=None),
        "edition": scored.version,
        "rulebook": scored.rulebook,
        "cut": scored.cut,
        "revisions": made,
        "revision": made["contribution"],
        "tree": tree,
    }
    place.show(said, "\n".join(lines))


@score.command("quarter", help="某季的榜单,分组排列;不稳的名次给出区间。")
@click.argument("period", metavar="季度")
@EDITION
@shared
def score_quarter(place: Place, period: str, edition: int | None) -> None:
    """Show a quarter's places."""
    from huimin_flow.model.core.values import to_plain  # noqa: PLC0415 - with the rest
    from huimin_flow.reports.scoring.charts import place_groups  # noqa: PLC0415 - heavy

    with place.now() as now:
        found = quarter(now, period, edition)
    groups = place_groups(found.ranking, found.units, found.names)
    lines = [
        (group.title, one.place, one.value, one.interval, one.steady, one.unit)
        for group in groups
        for one in group.lines
    ]
    head = ("组别", "名次", "指数", "区间", "保持", "单位")
    told = [
        "\n    ".join((f"{group.title}名次{one.place} {one.unit}:", *one.why))
        for group in groups
        for one in group.lines
        if one.why
    ]
    text = "\n".join((screens.table(head, lines), *found.notes(), *told))
    shown = to_plain(found.ranking) | {
        "editions": found.editions,
        "corrected_since": found.later,
    }
    place.show(shown, text)


@score.command("editions", help="一项已发布评价的各版:何时、何人、为何更正。")
@click.argument("key", metavar="编号")
@shared
def score_editions(place: Place, key: str) -> None:
    """Show the editions of what was published under a key."""
    with place.now() as now:
        found = now.published_editions(key)
    lines = [
        (
            one.edition,
            screens.shanghai(one.at),
            one.by,
            one.confirmed_by or "—",
            one.rulebook[:12],
            one.note or "—",
        )
        for one in found
    ]
    head = ("版次", "发布时间", "办理", "复核", "规则库", "更正理由")
    place.show(found, screens.table(head, lines))


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
    """Publish a month, its colors, or a quarter anew, by two people."""
    values = {"key": key, "reason": reason} | ({"colors": "yes"} if with_colors else {})
    other = act.confirmer(second, "correct", values)
    if other is None:
        return
    made = act.flow.correct(
        key, reason, by=act.by, second=other, with_colors=with_colors
    )
    text = "\n".join(f"{one.key} 第{one.version}版" for one in made)
    act.say(made[0] if len(made) == 1 else made, text)
