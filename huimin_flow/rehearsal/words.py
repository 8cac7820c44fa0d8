"""The texts of a rehearsal's appeals: each problem in several wordings, from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from huimin_flow.catalogue.terms import LifeStage
from huimin_flow.rehearsal.topics import MATTERS, TROUBLES, Topic

#: How many of its points a citizen tells of a problem.
_POINTS = 3

#: One of so many citizens writes a single sentence, without a title.
_BRIEF = 10

#: The windows of a place have so many problems in half a year.
_PROBLEMS = 2

#: Texts have full-width marks, whatever the language of who plays the rehearsal.
_WIDE = str.maketrans(",.", "\uff0c\u3002")


class Told(NamedTuple):
    """What an appeal says."""

    title: str
    text: str


class Words:
    """A generator of texts; a seed always gives the same."""

    def __init__(self, seed: int) -> None:
        """Begin with a randomness that nothing but texts draws from."""
        self._seed = seed
        self._random = random.Random(f"{seed}/words")  # noqa: S311 - it repeats

    def told(self, topic: Topic, begun: str, ask: str, *, brief: bool) -> Told:
        """Return a text about a topic, which begins and asks as given.

        With ``brief`` some write no title, and tell of one point only.
        """
        pick = self._random
        title = pick.choice(topic.headings.split("|"))
        points = pick.sample(topic.points, min(_POINTS, len(topic.points)))
        if brief and not pick.randrange(_BRIEF):
            title, points = "", [pick.choice(topic.points)]
        said = ",".join(pick.choice(point.split("|")) for point in points)
        said = said.format(n=pick.randrange(2, 10))
        text = f"{begun},{said}.{ask}."
        return Told(title.translate(_WIDE), text.translate(_WIDE))

    def at_windows(self, place: str, half_year: str, towns: Sequence[str]) -> Topic:
        """Return one of the problems that a place's windows have in half a year."""
        problem = self._random.randrange(_PROBLEMS)
        # A problem has its own randomness, so that all tell of the same.
        pick = random.Random(  # noqa: S311 - it repeats
            f"{self._seed}/{place}/{half_year}/{problem}"
        )
        town, matter = pick.choice(towns), pick.choice(MATTERS)
        headings = f"{town}窗口|反映{town}的窗口|{town}办事窗口的问题"
        points = f"在{town}办{matter}", *pick.sample(TROUBLES, 3)
        return Topic(LifeStage.ALL, headings, points)
