"""The nouns of the public API about what citizens say, before it is an item's.

``facets`` has the others, and names these too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.flow.methods import Facet, Rooms

if TYPE_CHECKING:
    from huimin_flow.flow.sensing import appeals as sensing_appeals
    from huimin_flow.flow.sensing import erasing, reading, trails
    from huimin_flow.flow.sensing import rounds as sensing_rounds
else:
    sensing_appeals = Rooms("sensing.appeals")
    sensing_rounds = Rooms("sensing.rounds")
    erasing = Rooms("sensing.erasing")
    reading = Rooms("sensing.reading")
    trails = Rooms("sensing.trails")


class AppealQuestions(Facet):
    """Appeals, 诉求: what citizens said."""

    list = trails.appeals
    count = trails.count
    get = trails.appeal
    trail = trails.trail
    by_month = trails.by_month
    frequent = trails.frequent
    by_life_stage = trails.by_life_stage
    readings = reading.readings


class Appeals(AppealQuestions):
    """Appeals, 诉求: taking them in, and linking them to items."""

    add = sensing_appeals.add_appeal
    add_all = sensing_appeals.add_appeals
    link = sensing_appeals.link
    unlink = sensing_appeals.unlink
    read = reading.read
    erase = erasing.erase


class ScreeningQuestions(Facet):
    """The screening desk: what waits to be screened, with all that is computed."""

    list = sensing_rounds.candidates
    count = sensing_rounds.count
    referred = sensing_rounds.referred
    rounds = sensing_rounds.rounds
    count_rounds = sensing_rounds.count_rounds
    get = sensing_rounds.drawn


class Screening(ScreeningQuestions):
    """The screening desk, and its rounds."""

    run = sensing_rounds.run
