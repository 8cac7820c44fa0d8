"""What config/scoring.yaml must hold beyond its shape: sums, bands, curves."""

from __future__ import annotations

from collections.abc import Mapping
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
from huimin_flow.model.scoring.rules import IndexIndicator, Scoring
from huimin_flow.settings.document import COUNT, PERCENT, Document, Place

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
    complaints = scoring.index.complaints
    if channels is not None and complaints is not None:
        here: Place = ["index", "complaints", "channels"]
        known = [channel.key for channel in channels.intake]
        if not complaints.channels:
            document.problem(here, ConfigCode.EMPTY)
        for n, key in enumerate(complaints.channels):
            document.among(key, known, [*here, n])
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
    progress = scoring.progress
    document.among(progress.usual, progress.curves, ["progress", "usual"])
    for name, curve in progress.curves.items():
        straight, shares = curve.kind is CurveKind.LINEAR, curve.shares
        fits = len(shares) == 12 and sum(shares) == 100 and min(shares) >= 0
        if straight == bool(shares) or not (straight or fits):
            where = ["progress", "curves", name]
            document.problem(where, RulebookCode.CURVE_SHARES)


def _of_index(scoring: Scoring, document: Document) -> None:
    indicators = scoring.index.indicators
    place: Place = ["index", "indicators"]
    document.hundred([one.weight for one in indicators], place)
    keys = [one.key for one in indicators]
    for n, one in enumerate(indicators):
        if keys.count(one.key) > 1:
            document.problem([*place, n, "key"], ConfigCode.REPEATED)
        _of_indicator(one, [*place, n], document)
    if not 0 < scoring.index.z.value <= _Z:
        document.problem(["index", "z"], RulebookCode.Z_OUT_OF_RANGE, most=_Z)


def _of_indicator(one: IndexIndicator, place: Place, document: Document) -> None:
    if one.weight.value <= 0:
        document.problem([*place, "weight"], ConfigCode.TOO_SMALL, least=1)
    document.among(
        one.counted, tuple(Measure), [*place, "measure" if one.measure else "key"]
    )
    how, here = one.normalizing, [*place, "normalizing"]
    for name in _NEEDED[how.kind]:
        if getattr(how, name) is None:
            document.problem(here, ConfigCode.ENTRY_MISSING, name=name)
    if one.bound is Bound.WILSON and (one.scale is None or one.scale.value != 100):
        document.problem([*place, "scale"], RulebookCode.WILSON_SCALE)
    if one.scale is not None:
        document.within(one.scale, COUNT, [*place, "scale"])
    document.within(one.least_n, _LEAST, [*place, "least_n"])
    # Sub-scores stay within 0–100, and better never scores less (D5).
    for name, bounds in _BOUNDS.items():
        figure = getattr(how, name)
        if figure is not None:
            document.within(figure, bounds, [*here, name])
    other = "full" if how.full is not None else "par"
    top = how.full or how.par
    if how.floor is not None and top is not None and how.floor.value > top.value:
        document.problem([*here, other], ConfigCode.BEFORE_OTHER, other="floor")


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
