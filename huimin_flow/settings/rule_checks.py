"""Checks of rules, scoring and improving beyond their types: sums, order, ranges."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from huimin_flow.catalogue.reasons import (
    ConfigCode,
    RectificationCode,
    ReplicationCode,
    RulebookCode,
)
from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    Bound,
    Color,
    Coloring,
    CurveKind,
    Dimension,
    Measure,
    Normalization,
    Occasion,
    Origin,
    PlaceNaming,
    Question,
    Role,
    Step,
    UnitKind,
)
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import GatheringRule, PolicyRule, Rules
from huimin_flow.model.improving.rules import Improving
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.scoring.rules import IndexIndicator, Scoring
from huimin_flow.model.sensing.suggestions import SuggestingRule
from huimin_flow.rules.improving.grounds import GOOD
from huimin_flow.rules.publication import GROUPS
from huimin_flow.settings.yaml import Document, Place


def check_rules(
    organization: Organization | None,
    channels: Channels | None,
    rules: Rules,
    document: Document,
) -> None:
    """Record what is wrong with the figures of rules.yaml.

    ``organization`` and ``channels`` are None if their files are not valid.
    """
    screening, judging = rules.screening, rules.judging
    place = ["screening", "criteria"]
    document.complete(screening.criteria, Origin, *place)
    for origin, criteria in screening.criteria.items():
        weights = criteria.weights.values()
        document.hundred(weights, *place, origin.value, "weights")
    prevalence = screening.prevalence
    parts = ("people", "places", "channels")
    shares = [getattr(prevalence, f"{part}_weight") for part in parts]
    document.hundred(shares, "screening", "prevalence")
    check_gathering(rules.gathering, document)
    check_reach(organization, channels, rules, document)
    document.complete(judging.pass_marks, Attribute, "judging", "pass_marks")
    place = ["judging", "on_no"]
    document.complete(judging.on_no, Question, *place)
    for question, step in judging.on_no.items():
        if step not in {Step.REJECT, Step.DEFER}:
            code, steps = ConfigCode.MUST_BE, (Step.REJECT, Step.DEFER)
            document.problem(code, *place, question.value, allowed=steps)
    for name in ("chairs", "members"):
        roles = set(getattr(rules.deliberation, name).roles)
        if not roles or roles & NEVER_COUNT:
            allowed = [role for role in Role if role not in NEVER_COUNT]
            code, place = ConfigCode.MUST_BE, ["deliberation", name, "roles"]
            document.problem(code, *place, allowed=allowed)
    place = ["stars", "weights"]
    document.complete(rules.stars.weights, Dimension, *place)
    document.hundred(rules.stars.weights.values(), *place)
    marks = [threshold.value for threshold in rules.stars.thresholds]
    if any(low >= high for low, high in pairwise([0, *marks, 101])):
        document.problem(RulebookCode.THRESHOLDS, "stars", "thresholds")
    quotas = rules.selection.quota_per_area
    document.complete(quotas, Area, "selection", "quota_per_area")
    if not rules.responses.decline_reasons:
        document.problem(ConfigCode.EMPTY, "responses", "decline_reasons")
    document.complete(rules.answers.drafts, Occasion, "answers", "drafts")
    for occasion, text in rules.answers.drafts.items():
        unknown = set(re.findall(r"\{(\w*)\}", text)) - DRAFTED
        if unknown or not text.strip():
            fields = [f"{{{name}}}" for name in sorted(DRAFTED)]
            place = ["answers", "drafts", occasion.value]
            document.problem(ConfigCode.MUST_BE, *place, allowed=fields)
    check_policies(rules.policies, document)
    # The codes with which rules reject an item.
    needed = ("below_pass_mark", "answered_no", "conditions_not_ready", "not_ours")
    document.complete(rules.reject_reasons, needed, "reject_reasons")


def check_reach(
    organization: Organization | None,
    channels: Channels | None,
    rules: Rules,
    document: Document,
) -> None:
    """Record figures that more places or channels would have to reach than exist."""
    prevalence = rules.screening.prevalence
    units = organization.units if organization else ()
    places = len({unit.code for unit in units if unit.kind in PLACES})
    known = len(channels.intake) if channels else 0
    for figure, whole, *place in (
        (prevalence.full_places, places, "screening", "prevalence", "full_places"),
        (prevalence.full_channels, known, "screening", "prevalence", "full_channels"),
        (rules.gathering.repeat_channels, known, "gathering", "repeat_channels"),
    ):
        if 0 < whole < figure.value:
            document.problem(ConfigCode.MUST_BE, *place, allowed=[f"1–{whole}"])


def check_policies(rule: PolicyRule, document: Document) -> None:
    """Record a title of gaps that doesn't say of which measure one is."""
    if "{title}" not in rule.gap_title:
        place = ["policies", "gap_title"]
        document.problem(ConfigCode.MUST_BE, *place, allowed=["{title}"])


def check_gathering(rule: GatheringRule, document: Document) -> None:
    """Record weights that are not 100 together, and marks that leave no proposals."""
    weights = (rule.whole_weight, rule.within_weight, rule.heading_weight)
    document.hundred(weights, "gathering")
    low, high = rule.propose_mark.value, rule.link_mark.value
    if low >= high:
        above = [f"{low + 1}–1000"]
        document.problem(ConfigCode.MUST_BE, "gathering", "link_mark", allowed=above)


def check_suggestions(
    rules: Rules | None, rule: SuggestingRule, document: Document
) -> None:
    """Record what is wrong with the terms of suggestions.yaml.

    ``rules`` is None if its file is not valid.
    """
    if rules is not None:
        for body in rule.elsewhere:
            document.among(body, rules.referral_bodies, "elsewhere", body)
    for name in ("areas", "life_stages", "elsewhere"):
        for subject, hints in getattr(rule, name).items():
            place = (name, str(subject))
            terms = [term for hint in hints for term in hint.terms]
            if not all(terms) or not all(hint.terms for hint in hints):
                document.problem(ConfigCode.EMPTY, *place)
            if len(set(terms)) < len(terms):
                document.problem(ConfigCode.REPEATED, *place)
    document.complete(rule.places.weights, PlaceNaming, "places", "weights")
    if len(set(rule.places.common)) < len(rule.places.common):
        document.problem(ConfigCode.REPEATED, "places", "common")


#: What a draft of an answer may say of an item: its public facts.
DRAFTED = frozenset({"title", "unit", "list", "reason", "body"})

#: The kinds of units in which appeals lie.
PLACES = frozenset({UnitKind.DISTRICT, UnitKind.ZONE})

#: The auditor watches, and the service account is nobody: neither decides.
NEVER_COUNT = frozenset({Role.AUDITOR, Role.SCHEDULER})

#: In standard deviations: a greater bound has no meaning.
_Z = 10

#: The figures that each kind of normalization needs.
_NEEDED = {
    Normalization.CURVE: ("target", "slope", "full", "floor"),
    Normalization.PEERS: ("par", "slope", "floor", "count"),
    Normalization.PERCENTILE: (),
}


def check_scoring(
    channels: Channels | None, scoring: Scoring, document: Document
) -> None:
    """Record what is wrong with the figures of scoring.yaml.

    ``channels`` is None if its file is not valid.
    """
    _of_index(scoring, document)
    complaints = scoring.index.complaints
    if channels is not None and complaints is not None:
        here = ("index", "complaints", "channels")
        known = [channel.key for channel in channels.intake]
        if not complaints.channels:
            document.problem(ConfigCode.EMPTY, *here)
        for n, key in enumerate(complaints.channels):
            document.among(key, known, *here, n)
    _of_bands(scoring, document)
    document.complete(scoring.colors.shares, Color, "colors", "shares")
    document.hundred(scoring.colors.shares.values(), "colors", "shares")
    if scoring.colors.hysteresis.value and scoring.colors.by is Coloring.SHARES:
        document.problem(RulebookCode.HYSTERESIS_OF_SHARES, "colors", "hysteresis")
    progress = scoring.progress
    document.among(progress.usual, progress.curves, "progress", "usual")
    for name, curve in progress.curves.items():
        straight, shares = curve.kind is CurveKind.LINEAR, curve.shares
        fits = len(shares) == 12 and sum(shares) == 100 and min(shares) >= 0
        if straight == bool(shares) or not (straight or fits):
            document.problem(RulebookCode.CURVE_SHARES, "progress", "curves", name)


def _of_index(scoring: Scoring, document: Document) -> None:
    indicators = scoring.index.indicators
    place = ("index", "indicators")
    document.hundred([indicator.weight for indicator in indicators], *place)
    document.distinct([indicator.key for indicator in indicators], "key", *place)
    for n, indicator in enumerate(indicators):
        _of_indicator(indicator, (*place, n), document)
    keys = [indicator.key for indicator in indicators]
    for kind, needed in scoring.index.needed.items():
        here = ("index", "needed", kind.value)
        document.among(kind, GROUPS, "index", "needed")
        for n, key in enumerate(needed.indicators):
            document.among(key, keys, *here, "indicators", n)
    if not 0 < scoring.index.z.value <= _Z:
        document.problem(RulebookCode.Z_OUT_OF_RANGE, "index", "z", most=_Z)


def _of_indicator(indicator: IndexIndicator, place: Place, document: Document) -> None:
    if indicator.weight.value <= 0:
        document.problem(ConfigCode.TOO_SMALL, *place, "weight", least=1)
    key = "measure" if indicator.measure else "key"
    document.among(indicator.counted, tuple(Measure), *place, key)
    how, here, scale = indicator.normalizing, (*place, "normalizing"), indicator.scale
    for name in _NEEDED[how.kind]:
        if getattr(how, name) is None:
            document.problem(ConfigCode.ENTRY_MISSING, *here, name=name)
    if indicator.bound is Bound.WILSON and (scale is None or scale.value != 100):
        document.problem(RulebookCode.WILSON_SCALE, *place, "scale")
    # A better figure never scores less (D5).
    other = "full" if how.full is not None else "par"
    top = how.full or how.par
    if how.floor is not None and top is not None and how.floor.value > top.value:
        document.problem(ConfigCode.BEFORE_OTHER, *here, other, other="floor")


def _of_bands(scoring: Scoring, document: Document) -> None:
    bands = scoring.colors.bands
    place = ("colors", "bands")
    document.complete(bands, Color, *place)
    if len(bands) < len(Color):
        return
    if bands[Color.RED].low.value != 0 or bands[Color.GREEN].high.value != 100:
        document.problem(RulebookCode.BANDS_SPAN, *place)
    for low, high in pairwise(Color):
        if bands[low].high.value != bands[high].low.value:
            colors = {"before": low, "color": high}
            document.problem(RulebookCode.BANDS_APART, *place, high.value, **colors)
    for color in Color:
        if bands[color].low.value >= bands[color].high.value:
            code = ConfigCode.NOT_AFTER_OTHER
            document.problem(code, *place, color.value, "high", other="low")


#: Whom a rung may concern.
_ADDRESSED: Final = (Role.UNIT_HEAD, Role.OFFICE, Role.DEPUTY_LEADER)


def check_improving(improving: Improving, document: Document) -> None:
    """Record what is wrong with the figures of improving.yaml."""
    place, ladder = ["rectification", "ladder"], improving.rectification.ladder
    for index, rung in enumerate(ladder):
        if rung.role not in _ADDRESSED:
            code = RectificationCode.RUNG_ROLE
            document.problem(code, *place, index, "role", allowed=_ADDRESSED)
    days = [rung.overdue_days.value for rung in ladder]
    rising = all(one < other for one, other in pairwise(days))
    if not ladder or not rising or ladder[-1].role is not Role.DEPUTY_LEADER:
        document.problem(RectificationCode.LADDER_ORDER, *place)
    asked = improving.replication.grounds
    if set(asked) != set(GOOD) or not any(each.value for each in asked.values()):
        place, allowed = ["replication", "grounds"], ReplicationCode.GROUNDS_GOOD
        document.problem(allowed, *place, allowed=GOOD)
