"""What config/scoring.yaml must hold beyond its shape: sums, bands, curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from huimin_flow.catalogue.terms import (
    Bound,
    Color,
    Coloring,
    CurveKind,
    Measure,
    Normalization,
)
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.scoring import IndexIndicator, Normalizing, Scoring
from huimin_flow.settings.document import Document
from huimin_flow.settings.figures import COUNT, PERCENT, within

#: How far a figure may lie; sub-scores and the index are 0–100.
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "target": (0, 10**9),
    "slope": (0, 10**9),
    "full": PERCENT,
    "floor": PERCENT,
    "par": PERCENT,
    "count": (1, 1000),
}
#: An index must be able to leave its band: the narrowest of five is 20 at most.
_HYSTERESIS = (0, 20)
#: A quarter has three months.
_MONTHS = (1, 3)
#: Three to the eighth: more sets of weights would keep a job's transaction open.
_SETS = (1, 6561)
#: Weights moved by more than half tell of other weights.
_MOVED = (0, 50)
_DAYS = (0, 366)
_LEAST = (0, 10**9)
#: Beyond ten standard deviations nothing is left to say.
_Z = 10

#: What each way of normalizing needs.
_NEEDED = {
    Normalization.CURVE: ("target", "slope", "full", "floor"),
    Normalization.PEERS: ("par", "slope", "floor", "count"),
    Normalization.PERCENTILE: (),
}


def of_scoring(
    channels: Channels | None, scoring: Scoring, document: Document
) -> Iterator[str]:
    """Yield what is wrong with the figures of scoring.yaml.

    ``channels`` is None where its file is unfit.
    """
    yield from _of_index(scoring, document)
    if channels is not None:
        yield from _of_complaints(scoring, channels, document)
    yield from _of_bands(scoring, document)
    shares = [scoring.colors.shares.get(one) for one in Color]
    if None in shares or sum(one.value for one in shares if one) != 100:
        yield document.problem(
            ["colors", "shares"], "五种颜色的占比合计不是100", "请补齐五色并凑足100"
        )
    for color, share in scoring.colors.shares.items():
        yield from within(share, PERCENT, document, ["colors", "shares", color.value])
    for bounds, figure, place in (
        (_HYSTERESIS, scoring.colors.hysteresis, ["colors", "hysteresis"]),
        (COUNT, scoring.colors.named, ["colors", "named"]),
        (_SETS, scoring.sensitivity.sets, ["sensitivity", "sets"]),
        (_MONTHS, scoring.ranking.least_months, ["ranking", "least_months"]),
        (_MOVED, scoring.sensitivity.percent, ["sensitivity", "percent"]),
        (_DAYS, scoring.progress.tolerance_days, ["progress", "tolerance_days"]),
    ):
        yield from within(figure, bounds, document, place)
    if scoring.colors.hysteresis.value and scoring.colors.by is Coloring.SHARES:
        yield document.problem(
            ["colors", "hysteresis"],
            "按占比分色时没有缓冲",
            "请改为0,或把 by 改为 bands",
        )
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
    if not 0 < scoring.index.z.value <= _Z:
        yield document.problem(["index", "z"], f"应大于0,至多{_Z}", "常用 1.96")


def _of_complaints(
    scoring: Scoring, channels: Channels, document: Document
) -> Iterator[str]:
    complaints = scoring.index.complaints
    if complaints is None:
        return
    place: list[str | int] = ["index", "complaints", "channels"]
    known = [one.key for one in channels.intake]
    if not complaints.channels:
        yield document.problem(
            place, "没有任何渠道算投诉", "请写明渠道,或删去 complaints(全部都算)"
        )
    for n, one in enumerate(complaints.channels):
        if one not in known:
            yield document.problem(
                [*place, n], f"没有采集渠道“{one}”", f"可用的有:{'、'.join(known)}"
            )


def _of_indicator(
    one: IndexIndicator, place: list[str | int], document: Document
) -> Iterator[str]:
    if one.weight.value <= 0:
        yield document.problem([*place, "weight"], "权重应大于0", "不用的指标请删去")
    if one.counted not in list(Measure):
        known = "、".join(f"{word.value}({word.label})" for word in Measure)
        yield document.problem(
            [*place, "measure" if one.measure else "key"],
            f"不知道“{one.counted}”怎样统计",
            f"请用 measure 写明其一:{known}",
        )
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
    if one.scale is not None:
        yield from within(one.scale, COUNT, document, [*place, "scale"])
    yield from within(one.least_n, _LEAST, document, [*place, "least_n"])
    yield from _of_normalizing(one.normalizing, [*place, "normalizing"], document)


def _of_normalizing(
    how: Normalizing, place: list[str | int], document: Document
) -> Iterator[str]:
    """Sub-scores stay within 0–100, and better never scores less (D5)."""
    for name, bounds in _BOUNDS.items():
        figure = getattr(how, name)
        if figure is not None:
            yield from within(figure, bounds, document, [*place, name])
    top = how.full or how.par
    if how.floor is not None and top is not None and how.floor.value > top.value:
        yield document.problem([*place, "floor"], "高于最高分", "请改小")


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
