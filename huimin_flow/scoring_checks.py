"""What config/scoring.yaml must hold beyond its shape: sums, bands, curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from huimin_flow.model.scoring import IndexIndicator, Scoring
from huimin_flow.terms import Bound, Color, CurveKind, Normalization
from huimin_flow.yaml_places import Document

#: What each way of normalizing needs.
_NEEDED = {
    Normalization.CURVE: ("target", "slope", "full", "floor"),
    Normalization.PEERS: ("par", "slope", "floor", "count"),
    Normalization.PERCENTILE: (),
}


def of_scoring(scoring: Scoring, document: Document) -> Iterator[str]:
    """Yield what is wrong with the figures of scoring.yaml."""
    yield from _of_index(scoring, document)
    yield from _of_bands(scoring, document)
    shares = [scoring.colors.shares.get(one) for one in Color]
    if None in shares or sum(one.value for one in shares if one) != 100:
        yield document.problem(
            ["colors", "shares"], "五种颜色的占比合计不是100", "请补齐五色并凑足100"
        )
    if scoring.colors.hysteresis.value < 0:
        yield document.problem(["colors", "hysteresis"], "不能为负", "请改为0或正数")
    if not 1 <= scoring.ranking.least_months.value <= 3:
        yield document.problem(
            ["ranking", "least_months"], "一季只有三个月", "请改为1至3"
        )
    if not 0 <= scoring.sensitivity.percent.value <= 50:
        yield document.problem(["sensitivity", "percent"], "应在0至50", "请改小")
    yield from _of_curves(scoring, document)


def _of_index(scoring: Scoring, document: Document) -> Iterator[str]:
    indicators = scoring.index.indicators
    place: Sequence[str | int] = ["index", "indicators"]
    total = sum(one.weight.value for one in indicators)
    if total != 100:
        yield document.problem(place, f"权重合计{total},不是100", "请凑足100")
    keys = [one.key for one in indicators]
    for n, one in enumerate(indicators):
        if keys.count(one.key) > 1:
            yield document.problem([*place, n, "key"], "指标代码重复", "请改用别的代码")
        yield from _of_indicator(one, [*place, n], document)
    if scoring.index.z.value <= 0:
        yield document.problem(["index", "z"], "应大于0", "常用 1.96")


def _of_indicator(
    one: IndexIndicator, place: list[str | int], document: Document
) -> Iterator[str]:
    if one.weight.value <= 0:
        yield document.problem([*place, "weight"], "权重应大于0", "不用的指标请删去")
    for name in _NEEDED[one.normalizing.kind]:
        if getattr(one.normalizing, name) is None:
            kind = one.normalizing.kind.label
            yield document.problem(
                [*place, "normalizing"], f"“{kind}”缺少 {name}", f"请补上 {name}"
            )
    if one.bound is Bound.WILSON and (one.scale is None or one.scale.value != 100):
        yield document.problem(
            [*place, "scale"], "威尔逊界只用于百分比", "请把 scale 写成100"
        )


def _of_bands(scoring: Scoring, document: Document) -> Iterator[str]:
    bands = scoring.colors.bands
    place = ["colors", "bands"]
    missing = [one.label for one in Color if one not in bands]
    if missing:
        yield document.problem(place, f"缺少{'、'.join(missing)}", "请补齐五色")
        return
    if bands[Color.RED].low.value != 0 or bands[Color.GREEN].high.value != 100:
        yield document.problem(place, "分数段应从0到100", "请改红的下限与绿的上限")
    for low, high in pairwise(Color):
        if bands[low].high.value != bands[high].low.value:
            yield document.problem(
                [*place, high.value],
                f"“{low.label}”与“{high.label}”之间有空档或重叠",
                "请让下一档的下限等于上一档的上限",
            )
    for one in Color:
        if bands[one].low.value >= bands[one].high.value:
            yield document.problem([*place, one.value], "下限不低于上限", "请核对")


def _of_curves(scoring: Scoring, document: Document) -> Iterator[str]:
    progress = scoring.progress
    if progress.usual not in progress.curves:
        yield document.problem(
            ["progress", "usual"], "没有这条曲线", "请写 curves 中的名称"
        )
    for name, one in progress.curves.items():
        straight = one.kind is CurveKind.LINEAR
        fits = len(one.shares) == 12 and sum(one.shares) == 100 and min(one.shares) >= 0
        if straight == bool(one.shares) or not (straight or fits):
            yield document.problem(
                ["progress", "curves", name],
                "分步与按季节的曲线须有12个不为负、合计100的占比,匀速的没有",
                "请核对 shares",
            )
