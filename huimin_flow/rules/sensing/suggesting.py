"""What a text suggests: its area, its life stage, or that others are in charge (X1).

The terms and their weights are figures of the rulebook. A suggestion is a default that
a person sees with its grounds; nothing is decided by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from huimin_flow.catalogue.terms import Area, LifeStage, TextPart
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
    >>> ours = [Figure(value=n, source="ours") for n in (30, 1, 2)]
    >>> rule = SuggestingRule(
    ...     mark=ours[0], lead=ours[1], title_factor=ours[2],
    ...     areas={Area.LABOR_RELATIONS: (Hint(terms=("欠薪",), weight=ours[0]),)},
    ...     life_stages={}, elsewhere={},
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
    stages = Counter(life_stage(title, text, rule) for title, text in contents)
    return {
        stage.value: stages[stage]
        for stage in LifeStage
        if stages[stage] and stage is not LifeStage.ALL
    }


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
