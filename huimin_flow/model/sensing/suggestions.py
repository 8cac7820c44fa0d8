"""Suggestions from a text: area, life stage, place, who else is in charge (A1, X1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from huimin_flow.catalogue.terms import Area, LifeStage, PlaceNaming, TextPart
from huimin_flow.model.core.rules import Bounds, Figure, Percent
from huimin_flow.model.core.values import value

#: How much a term speaks for its subject.
Weight = Annotated[Figure, Bounds(1, 100)]


@value
class Hint:
    """Terms that speak for a subject with the same weight, each once for a text."""

    terms: tuple[str, ...]
    weight: Weight


@value
class PlaceHints:
    """How much the name of a place speaks for it, by how a text names it (A1).

    Names in ``common`` are words, or names of other places, too: they speak only
    together with their district, or the channel's.
    """

    weights: Mapping[PlaceNaming, Weight]
    common: tuple[str, ...] = ()


@value
class SuggestingRule:
    """config/suggestions.yaml: terms by subject, and the mark of a suggestion.

    A term of the title counts ``title_factor`` times. A subject is suggested if it has
    at least ``mark`` points, at least ``lead`` more than the next one of its kind.
    ``elsewhere`` are the terms of what other bodies are in charge of, by body.
    """

    mark: Percent
    lead: Percent
    title_factor: Annotated[Figure, Bounds(1, 10)]
    areas: Mapping[Area, tuple[Hint, ...]]
    life_stages: Mapping[LifeStage, tuple[Hint, ...]]
    elsewhere: Mapping[str, tuple[Hint, ...]]
    places: PlaceHints


@value
class Ground:
    """A term of the rulebook that a text has: in which part, for how many points.

    For a place it is a name that the rulebook knows, and ``naming`` is its rule.
    """

    term: str
    part: TextPart
    points: int
    naming: PlaceNaming | None = None


@value
class Proposed:
    """A subject that a text suggests: its points, those of the next, and the grounds.

    ``subject`` is a word of ``Area`` or ``LifeStage``, the code of a body, or that of
    a district; then ``town`` is a town's code and ``village`` a listed name, or "".
    """

    subject: str
    points: int
    next_points: int
    grounds: tuple[Ground, ...]
    town: str = ""
    village: str = ""


@value
class Suggestion:
    """What a text suggests; None where nothing reaches the mark, or two are close.

    ``ours`` if some area reaches the mark, and no other body has more points. With
    ``elsewhere`` another body seems to be in charge. ``place`` is suggested only for
    what has no known place. Nothing of the text itself is in it, only terms and names
    of the rulebook.
    """

    ours: bool
    area: Proposed | None = None
    life_stage: Proposed | None = None
    elsewhere: Proposed | None = None
    place: Proposed | None = None
