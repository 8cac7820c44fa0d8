"""The appeals with which new ones are compared, each with where it stands (A6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from huimin_flow.catalogue.terms import Nearness, UnitKind
from huimin_flow.flow.core.work import Work
from huimin_flow.model.sensing.gathering import Candidate
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing.gathering import NOBODY, Compared, Pair

#: The kinds of units whose items are matters of one place.
_PLACES: Final = frozenset({UnitKind.DISTRICT, UnitKind.ZONE})


class Known:
    """The appeals that others are compared with, and where each stands now."""

    def __init__(self, work: Work) -> None:
        """Read where each appeal stands; the index is empty."""
        from huimin_flow.model.sensing import likeness  # noqa: PLC0415 - numpy

        self.index = likeness.Index()
        self.appeals: list[Compared] = []
        self.links = stored.links(work.connection)
        self.groups = stored.groups(work.connection)
        self.alive = stored.alive(work.connection)
        self.days = work.rulebook.rules.gathering.look_back_days.value
        organization, today = work.rulebook.organization, work.today
        self.heirs = {
            unit.code: organization.heir(unit.code, today)
            for unit in organization.units
        }
        self.places = {unit.code for unit in organization.units if unit.kind in _PLACES}

    def extend(self, appeals: Iterable[Compared]) -> None:
        """Add appeals that were compared before, unless their item has ended."""
        import numpy as np  # noqa: PLC0415 - only for gathering

        found = [each for each in appeals if self._target(each) is not None]
        self.index.extend([np.frombuffer(each.postings, "<u4") for each in found])
        self.appeals += [each._replace(postings=b"") for each in found]

    def add(self, appeal: Compared) -> None:
        """Add an appeal that was compared just now."""
        import numpy as np  # noqa: PLC0415 - only for gathering

        self.index.add(np.frombuffer(appeal.postings, "<u4"))
        self.appeals.append(appeal._replace(postings=b""))

    def candidates(self, appeal: Compared) -> list[Candidate]:
        """Return the items and groups that the most similar appeals belong to."""
        import numpy as np  # noqa: PLC0415 - only for gathering

        candidates = []
        for near in self.index.nearest(np.frombuffer(appeal.postings, "<u4")):
            other = self.appeals[near.number]
            days = abs((appeal.at - other.at).days)
            target = self._target(other)
            if target is None or (not target[0] and days > self.days):
                continue
            item, group = target
            likeness = near.likeness(days, self._nearness(appeal, other))
            candidates.append(
                Candidate(item=item, group=group, near=other.pair, likeness=likeness)
            )
        return candidates

    def _target(self, appeal: Compared) -> tuple[str, Pair] | None:
        """Return an appeal's open item or its group, None if its item has ended."""
        item = self.links.get(appeal.pair)
        if item:
            taking = self.alive.get(item)
            return None if taking is None else (taking.number, NOBODY)
        return "", self.groups.get(appeal.pair, appeal.pair)

    def _nearness(self, one: Compared, other: Compared) -> Nearness:
        taking = self.alive.get(self.links.get(other.pair, ""))
        if taking is not None and taking.unit not in self.places:
            return Nearness.UNKNOWN  # a matter of the whole city
        first, second = self.heirs.get(one.district), self.heirs.get(other.district)
        if first is None or second is None:
            return Nearness.UNKNOWN
        if first != second:
            return Nearness.OTHER
        return Nearness.SAME if one.town == other.town else Nearness.UNKNOWN
