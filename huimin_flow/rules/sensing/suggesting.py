"""What a text suggests: area, life stage, place, or that others are in charge (A1, X1).

The terms and their weights are figures of the rulebook, the names of places are those
of its gazetteer. A suggestion is a default that a person sees with its grounds; nothing
is decided by it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Final

from huimin_flow.catalogue.terms import Area, LifeStage, PlaceNaming, TextPart
from huimin_flow.model.core.places.gazetteer import Locality, Mention
from huimin_flow.model.core.places.resolver import Resolver
from huimin_flow.model.sensing.suggestions import (
    Ground,
    Hint,
    Proposed,
    SuggestingRule,
    Suggestion,
)

#: Points of a subject, and the terms that earn them.
_Scored = tuple[int, tuple[Ground, ...]]

_NOTHING: Final[_Scored] = (0, ())


def suggest(title: str, text: str, rule: SuggestingRule) -> Suggestion:
    """Return what a title and a text suggest, with the terms that speak for it.

    A term counts once in the title and once in the text. An area is suggested only if
    no other body has more points; between two close ones a person chooses.

    >>> from huimin_flow.model.core.rules import Figure
    >>> from huimin_flow.model.sensing.suggestions import PlaceHints
    >>> ours = [Figure(value=n, source="ours") for n in (30, 1, 2)]
    >>> rule = SuggestingRule(
    ...     mark=ours[0], lead=ours[1], title_factor=ours[2],
    ...     areas={Area.LABOR_RELATIONS: (Hint(terms=("欠薪",), weight=ours[0]),)},
    ...     life_stages={}, elsewhere={}, places=PlaceHints(weights={}),
    ... )
    >>> made = suggest("工地欠薪", "", rule).area
    >>> made.subject, made.points
    ('labor_relations', 60)

    """
    areas = _scored(title, text, rule.areas, rule)
    others = _scored(title, text, rule.elsewhere, rule)
    most = max((points for points, _ in areas.values()), default=0)
    elsewhere = max((points for points, _ in others.values()), default=0)
    ours = most >= rule.mark.value and most >= elsewhere
    stages = _scored(title, text, rule.life_stages, rule)
    return Suggestion(
        ours=ours,
        area=_best(areas, rule) if ours else None,
        life_stage=_best(stages, rule),
        elsewhere=_best(others, rule) if elsewhere > most else None,
    )


def life_stage(title: str, text: str, rule: SuggestingRule) -> LifeStage:
    """Return the suggested life stage, ``ALL`` for none; it is cheaper for imports."""
    best = _best(_scored(title, text, rule.life_stages, rule), rule)
    return LifeStage.ALL if best is None else LifeStage(best.subject)


def by_life_stage(
    contents: Iterable[tuple[str, str]], rule: SuggestingRule
) -> dict[str, int]:
    """Return how many titles with texts suggest each life stage, by its word."""
    hints = chain.from_iterable(rule.life_stages.values())
    terms = chain.from_iterable(hint.terms for hint in hints)
    # Most have no term at all, which one search tells.
    named = re.compile("|".join(map(re.escape, terms))).search
    stages = Counter(
        life_stage(title, text, rule)
        for title, text in contents
        if named(title) or named(text)
    )
    return {
        stage.value: stages[stage]
        for stage in LifeStage
        if stages[stage] and stage is not LifeStage.ALL
    }


def suggest_place(
    title: str,
    text: str,
    rule: SuggestingRule,
    resolver: Resolver,
    day: date,
    *,
    written: str = "",
    within: AbstractSet[str] = frozenset(),
) -> Proposed | None:
    """Return the place that a title and a text suggest, None if none or two are close.

    ``written`` is what its place says, if that alone is no known place. A name counts
    once in each part. The name of a town that is common, or that towns of several
    districts have, counts only if a part names one of the districts as well, or if it
    is ``within``: the channel's districts. The town is suggested with its district if
    no other town of it has as many points.
    """
    parts = (
        (TextPart.TITLE, title, rule.title_factor.value),
        (TextPart.TEXT, text, 1),
        (TextPart.PLACE, written, 1),
    )
    named = [
        (part, factor, mention)
        for part, said, factor in parts
        for mention in resolver.mentioned(said, day)
    ]
    clear = {
        mention.place.district
        for _, _, mention in named
        if _alone(mention, rule) is not None
    }
    known: dict[tuple[str, TextPart, str], tuple[Ground, str, str]] = {}
    for part, factor, mention in named:
        naming, place = naming_of(mention, rule, resolver, day, clear, within)
        if naming is not None:
            points = rule.places.weights[naming].value * factor
            ground = Ground(term=mention.name, part=part, points=points, naming=naming)
            key = (place.district, part, mention.name)
            known.setdefault(key, (ground, place.town, mention.place.village))
    scored: dict[str, _Scored] = {}
    towns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (unit, _, _), (ground, town, _) in known.items():
        points, grounds = scored.get(unit, _NOTHING)
        scored[unit] = (points + ground.points, (*grounds, ground))
        towns[unit].update({town: ground.points} if town else {})
    best = _best(scored, rule)
    if best is None:
        return None
    most = [*towns[best.subject].most_common(2), ("", 0), ("", 0)]
    town = most[0][0] if most[0][1] > most[1][1] else ""
    villages = {each for _, of, each in known.values() if each and of == town}
    village = min(villages) if len(villages) == 1 else ""
    return replace(best, town=town, village=village)


def naming_of(
    mention: Mention,
    rule: SuggestingRule,
    resolver: Resolver,
    day: date,
    clear: AbstractSet[str],
    within: AbstractSet[str],
) -> tuple[PlaceNaming | None, Locality]:
    """Return how a name speaks for a place, and for which; None if it does not.

    ``clear`` are the districts that the text names beside it, ``within`` those of the
    channel: one of them decides among towns of one name.
    """
    naming, place = _alone(mention, rule), mention.place
    maybe = {place.district, *place.candidates} - {""}
    if naming is not None or mention.unit or not maybe:
        return naming, place
    naming, fits = PlaceNaming.WITHIN, maybe & clear
    if not fits:
        naming, fits = PlaceNaming.CHANNEL, maybe & within
    if len(fits) != 1:
        return None, place
    return naming, resolver.in_unit(mention.name, min(fits), day)


def _alone(mention: Mention, rule: SuggestingRule) -> PlaceNaming | None:
    """Return how a text names a district by this name alone, None if it does not."""
    if not mention.place.district or mention.name in rule.places.common:
        return None
    if mention.unit and mention.place.town:
        return PlaceNaming.WITHIN
    if mention.unit:
        return PlaceNaming.SHORT if mention.short else PlaceNaming.DISTRICT
    return PlaceNaming.TOWN if mention.place.town else None


def _scored(
    title: str,
    text: str,
    subjects: Mapping[Area, tuple[Hint, ...]]
    | Mapping[LifeStage, tuple[Hint, ...]]
    | Mapping[str, tuple[Hint, ...]],
    rule: SuggestingRule,
) -> dict[str, _Scored]:
    """Return the points of each subject of which a text has a term."""
    parts = (
        (TextPart.TITLE, title, rule.title_factor.value),
        (TextPart.TEXT, text, 1),
    )

    def grounds(hints: tuple[Hint, ...]) -> Iterator[Ground]:
        for part, written, factor in parts:
            for hint in hints:
                for term in hint.terms:
                    if term in written:
                        points = hint.weight.value * factor
                        yield Ground(term=term, part=part, points=points)

    found: dict[str, _Scored] = {}
    for subject, hints in subjects.items():
        speaking = tuple(grounds(hints))
        if speaking:
            points = sum(ground.points for ground in speaking)
            found[str(subject)] = (points, speaking)
    return found


def _best(scored: Mapping[str, _Scored], rule: SuggestingRule) -> Proposed | None:
    """Return the subject with the mark and the lead, None if there is none."""
    order = sorted(scored, key=lambda subject: (-scored[subject][0], subject))
    if not order:
        return None
    points, grounds = scored[order[0]]
    following = (scored.get(order[1]) if order[1:] else None) or _NOTHING
    if points < rule.mark.value or points - following[0] < rule.lead.value:
        return None
    strongest = sorted(grounds, key=lambda each: (-each.points, each.part, each.term))
    return Proposed(
        subject=order[0],
        points=points,
        next_points=following[0],
        grounds=tuple(strongest),
    )
