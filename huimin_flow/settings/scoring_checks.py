"""What config/scoring.yaml must hold beyond its shape: sums, bands, curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
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
from huimin_flow.settings.document import COUNT, PERCENT, Document

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


def check_scoring(
    channels: Channels | None, scoring: Scoring, document: Document
) -> None:
    """Note what is wrong with the figures of scoring.yaml.

    ``channels`` is None where its file is unfit.
    """
    _of_index(scoring, document)
    if channels is not None:
        _of_complaints(scoring, channels, document)
    _of_bands(scoring, document)
    document.complete(scoring.colors.shares, Color, ["colors", "shares"])
    document.hundred(scoring.colors.shares.values(), ["colors", "shares"])
    for color, share in scoring.colors.shares.items():
        document.within(share, PERCENT, ["colors", "shares", color.value])
    for bounds, figure, place in (
        (_HYSTERESIS, scoring.colors.hysteresis, ["colors", "hysteresis"]),
        (COUNT, scoring.colors.named, ["colors", "named"]),
        (_SETS, scoring.sensitivity.sets, ["sensitivity", "sets"]),
        (_MONTHS, scoring.ranking.least_months, ["ranking", "least_months"]),
        (_MOVED, scoring.sensitivity.percent, ["sensitivity", "percent"]),
        (_DAYS, scoring.progress.tolerance_days, ["progress", "tolerance_days"]),
    ):
        document.within(figure, bounds, place)
    if scoring.colors.hysteresis.value and scoring.colors.by is Coloring.SHARES:
        document.problem(["colors", "hysteresis"], RulebookCode.HYSTERESIS_OF_SHARES)
    _of_curves(scoring, document)


def _of_index(scoring: Scoring, document: Document) -> None:
    indicators = scoring.index.indicators
    place: Sequence[str | int] = ["index", "indicators"]
    document.hundred([one.weight for one in indicators], place)
    keys = [one.key for one in indicators]
    for n, one in enumerate(indicators):
        if keys.count(one.key) > 1:
            document.problem([*place, n, "key"], ConfigCode.REPEATED)
        _of_indicator(one, [*place, n], document)
    if not 0 < scoring.index.z.value <= _Z:
        document.problem(["index", "z"], RulebookCode.Z_OUT_OF_RANGE, most=_Z)


def _of_complaints(scoring: Scoring, channels: Channels, document: Document) -> None:
    complaints = scoring.index.complaints
    if complaints is None:
        return
    place: list[str | int] = ["index", "complaints", "channels"]
    known = [one.key for one in channels.intake]
    if not complaints.channels:
        document.problem(place, ConfigCode.EMPTY)
    for n, channel in enumerate(complaints.channels):
        document.among(channel, known, [*place, n])


def _of_indicator(
    one: IndexIndicator, place: list[str | int], document: Document
) -> None:
    if one.weight.value <= 0:
        document.problem([*place, "weight"], ConfigCode.TOO_SMALL, least=1)
    document.among(
        one.counted, tuple(Measure), [*place, "measure" if one.measure else "key"]
    )
    for name in _NEEDED[one.normalizing.kind]:
        if getattr(one.normalizing, name) is None:
            here = [*place, "normalizing"]
            document.problem(here, ConfigCode.ENTRY_MISSING, name=name)
    if one.bound is Bound.WILSON and (one.scale is None or one.scale.value != 100):
        document.problem([*place, "scale"], RulebookCode.WILSON_SCALE)
    if one.scale is not None:
        document.within(one.scale, COUNT, [*place, "scale"])
    document.within(one.least_n, _LEAST, [*place, "least_n"])
    _of_normalizing(one.normalizing, [*place, "normalizing"], document)


def _of_normalizing(
    how: Normalizing, place: list[str | int], document: Document
) -> None:
    """Sub-scores stay within 0–100, and better never scores less (D5)."""
    for name, bounds in _BOUNDS.items():
        figure = getattr(how, name)
        if figure is not None:
            document.within(figure, bounds, [*place, name])
    other = "full" if how.full is not None else "par"
    top = how.full or how.par
    if how.floor is not None and top is not None and how.floor.value > top.value:
        document.problem([*place, other], ConfigCode.BEFORE_OTHER, other="floor")


def _of_bands(scoring: Scoring, document: Document) -> None:
    bands = scoring.colors.bands
    place = ["colors", "bands"]
    document.complete(bands, Color, place)
    if len(bands) < len(Color):
        return
    if bands[Color.RED].low.value != 0 or bands[Color.GREEN].high.value != 100:
        document.problem(place, RulebookCode.BANDS_SPAN)
    for low, high in pairwise(Color):
        if bands[low].high.value != bands[high].low.value:
            code = RulebookCode.BANDS_APART
            document.problem([*place, high.value], code, before=low, color=high)
    for one in Color:
        if bands[one].low.value >= bands[one].high.value:
            here = [*place, one.value, "high"]
            document.problem(here, ConfigCode.NOT_AFTER_OTHER, other="low")


def _of_curves(scoring: Scoring, document: Document) -> None:
    progress = scoring.progress
    document.among(progress.usual, progress.curves, ["progress", "usual"])
    for name, one in progress.curves.items():
        straight = one.kind is CurveKind.LINEAR
        fits = len(one.shares) == 12 and sum(one.shares) == 100 and min(one.shares) >= 0
        if straight == bool(one.shares) or not (straight or fits):
            place = ["progress", "curves", name]
            document.problem(place, RulebookCode.CURVE_SHARES)
