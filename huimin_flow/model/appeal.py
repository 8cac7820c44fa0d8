"""Appeals, 诉求: the voices that gather into items (A1, A6)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from huimin_flow.catalogue.terms import Given, LifeStage
from huimin_flow.model.value import value


@value
class Appeal:
    """One voice as it was heard.

    ``who`` is a keyed pseudonym; ``key`` the channel's own number, which makes
    a second import of the same voice add nothing. ``district`` is a unit code
    or the place's name as written when it is unknown. ``at`` is aware; None
    stands for the moment of the intake.
    """

    key: Annotated[str, Given.APPEAL_KEY]
    channel: str
    who: str
    district: str
    text: str
    at: datetime | None = None
    life_stage: LifeStage = LifeStage.ALL


@value
class Tally:
    """How often an item's appeals repeat (A6): counts of distinct values."""

    appeals: int = 0
    people: int = 0
    places: int = 0
    channels: int = 0
    days: int = 0
