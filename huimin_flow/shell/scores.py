"""score: the month's index and colors, the quarter's places, every figure explained."""

from __future__ import annotations

from pathlib import Path

import click

from huimin_flow.shell import screens
from huimin_flow.shell.acting import Act, acts
from huimin_flow.shell.place import placed, shared


@click.group(help="评价:月度指数、五色图、季度榜单;每个数都能拆到来源。")
def score() -> None:
    """Group the commands of scores."""


@score.command("month", help="某月各单位的贡献度评价指数与颜色。")
@click.argument("period", metavar="月份")
@shared
def score_month(
    period: str, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show a month."""
    with placed(database, config).flow() as flow:
        scores = flow.monthly_score(period)
        colors = flow.monthly_colors(period)
        book = flow.rulebook(scores.rulebook)
        names = {one.code: one.name for one in book.organization.units}
        late = flow.late_facts(period)
    lines = []
    for kind, units in colors.groups.items():
        for one in sorted(units, key=lambda one: -float(one.index or -1)):
            word = one.color.label if one.color else "数据不足"
            before = one.before.label if one.before else "—"
            index = one.index or "—"
            lines.append((kind.label, index, word, before, names.get(one.unit)))
    text = screens.table(("组别", "指数", "颜色", "上月", "单位"), lines)
    text += f"\n第{scores.version}版,截点 {scores.cut}"
    if late:
        text += f";截止后才到、未计入的批次:{'、'.join(str(one) for one in late)}"
    said = {"scores": scores, "colors": colors, "late_batches": late}
    screens.show(said, text, as_json=as_json)


@score.command("explain", help="把一个单位某月的指数逐层拆开,直到来源。")
@click.argument("unit", metavar="单位代码")
@click.argument("period", metavar="月份")
@shared
def score_explain(
    unit: str,
    period: str,
    database: str | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    """Show the tree of a score."""
    from huimin_flow.model.score import Node  # noqa: PLC0415 - heavy
    from huimin_flow.rules import contribution  # noqa: PLC0415 - heavy
    from huimin_flow.rules.formula import evaluate  # noqa: PLC0415 - heavy

    with placed(database, config).flow() as flow:
        found, tree = flow.explain(unit, period)
        scored = flow.monthly_score(period)
        index = flow.rulebook(scored.rulebook).scoring.index
    revision = scored.revisions.get(contribution.RULE, 1)
    words = {one.key: one.name for one in index.indicators}
    lines = [f"{unit} {period} 指数 {found.index}(由叶子重算 {evaluate(tree):.2f})"]
    lines.append(f"公式 {contribution.RULE} 第{revision}版")

    def draw(node: Node, depth: int) -> None:
        source = f"  ← {node.source}" if node.source else f"  = {node.op}"
        name = words.get(node.name, node.name)
        lines.append(f"{'  ' * depth}{name} {node.value}{source}")
        for one in node.inputs:
            draw(one, depth + 1)

    draw(tree, 1)
    said = {"score": found, "revision": revision, "tree": tree}
    screens.show(said, "\n".join(lines), as_json=as_json)


@score.command("quarter", help="某季的榜单,分组排列;不稳的名次给出区间。")
@click.argument("period", metavar="季度")
@shared
def score_quarter(
    period: str, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show a quarter's places."""
    from huimin_flow.reports.standing import place_groups  # noqa: PLC0415 - heavy

    with placed(database, config).flow() as flow:
        found = flow.quarterly_ranking(period)
        book = flow.rulebook(flow.monthly_score(found.months[-1]).rulebook)
        groups = place_groups(found, book.organization, book.scoring.index)
    lines = [
        (group.title, one.place, one.value, one.interval, one.steady, one.unit)
        for group in groups
        for one in group.lines
    ]
    head = ("组别", "名次", "指数", "区间", "保持", "单位")
    screens.show(found, screens.table(head, lines), as_json=as_json)


@score.command("correct", help="更正已发布的计分,出新版;须两人。")
@click.argument("key", metavar="编号")
@click.option("--reason", required=True, help="更正理由。")
@click.option("--second", default=None, help="复核人岗位(仅推演库)。")
@acts
def score_correct(act: Act, key: str, reason: str, second: str | None) -> None:
    """Publish a month, its colors, or a quarter anew, by two people."""
    other = act.second(second)
    if other is None:
        values = {"key": key, "reason": reason}
        act.proposed(act.flow.propose("correct", values, by=act.by))
        return
    kind, _, period = key.partition("/")
    if kind == "score":
        made = act.flow.correct_score(period, reason, by=act.by, second=other)
        act.say(made, f"{made.key} 第{made.version}版")
    else:
        anew = act.flow.correct_standings(key, reason, by=act.by, second=other)
        act.say(anew, f"{anew.key} 第{anew.version}版")
