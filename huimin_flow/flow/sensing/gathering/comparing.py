"""The appeals with which new ones are compared, each with where it stands (A6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from huimin_flow.catalogue.terms import Nearness, UnitKind
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.values import closed, opened
from huimin_flow.model.sensing.gathering import Candidate
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing.gathering import NOBODY, Compared, Pair

if TYPE_CHECKING:
    from huimin_flow.model.sensing.likeness import Index

#: A candidate is made for each of the appeals that are compared.
_CANDIDATE: Final = opened(Candidate)

#: The kinds of units whose items are matters of one place.
_PLACES: Final = frozenset({UnitKind.DISTRICT, UnitKind.ZONE})


class Place(NamedTuple):
    """An appeal that was compared: its item or group, its time and its place.

    ``unit`` is the district that answers for it today, None if it is unknown, or if its
    item is a matter of the whole city.
    """

    pair: Pair
    item: str
    group: Pair
    at: datetime
    unit: str | None
    town: str


class Known:
    """The appeals that others are compared with, and where each stands now."""

    def __init__(self, work: Work) -> None:
        """Read where each appeal stands; the index is empty."""
        from huimin_flow.model.sensing import likeness  # noqa: PLC0415 - numpy

        self.index, self._read = likeness.Index(), likeness.postings_of
        self.places: list[Place | None] = []
        self.past = likeness.Index()
        self.ended_places: list[Place | None] = []
        self.links = stored.links(work.connection)
        self.groups = stored.groups(work.connection)
        self.alive = stored.alive(work.connection)
        self.days = work.rulebook.rules.gathering.look_back_days.value
        organization, today = work.rulebook.organization, work.today
        self.heirs = {
            unit.code: organization.heir(unit.code, today)
            for unit in organization.units
        }
        self.of_places = {
            unit.code for unit in organization.units if unit.kind in _PLACES
        }

    def extend(self, appeals: Iterable[Compared], awaited: Sequence[Compared]) -> None:
        """Add appeals that were compared before; those of ended items are apart.

        The ``awaited`` are compared next, and added in this order.
        """
        found, past = [], []
        for each in appeals:
            place = self._place(each)
            if place is not None:
                self.places.append(place)
                found.append(self._read(each.postings))
            else:
                unit, item = self.heirs.get(each.district), self.links[each.pair]
                place = Place(each.pair, item, NOBODY, each.at, unit, each.town)
                self.ended_places.append(place)
                past.append(self._read(each.postings))
        self.past.extend(past)
        self.index.extend(found, [self._read(each.postings) for each in awaited])

    def add(self, appeal: Compared) -> None:
        """Add an appeal that was compared just now."""
        self.index.add(self._read(appeal.postings))
        self.places.append(self._place(appeal))

    def candidates(self, appeal: Compared) -> list[Candidate]:
        """Return the items and groups that the most similar appeals belong to."""
        return self._near(self.index, self.places, appeal)

    def ended(self, appeal: Compared) -> list[Candidate]:
        """Return the ended items that the most similar appeals belong to."""
        if not self.ended_places:
            return []
        return self._near(self.past, self.ended_places, appeal)

    def _near(
        self, index: Index, places: Sequence[Place | None], appeal: Compared
    ) -> list[Candidate]:
        candidates = []
        unit = self.heirs.get(appeal.district)
        for near in index.nearest(self._read(appeal.postings)):
            other = places[near.number]
            if other is None:
                continue
            days = abs((appeal.at - other.at).days)
            if days > self.days and not other.item:
                continue
            if unit is None or other.unit is None:
                nearness = Nearness.UNKNOWN
            elif unit != other.unit:
                nearness = Nearness.OTHER
            else:
                same = appeal.town == other.town
                nearness = Nearness.SAME if same else Nearness.UNKNOWN
            made = _CANDIDATE(
                item=other.item,
                group=other.group,
                near=other.pair,
                likeness=near.likeness(days, nearness),
            )
            candidates.append(closed(Candidate, made))
        return candidates

    def _place(self, appeal: Compared) -> Place | None:
        """Return where an appeal stands, None if its item has ended."""
        pair, unit = appeal.pair, self.heirs.get(appeal.district)
        link = self.links.get(pair)
        if not link:
            group = self.groups.get(pair, pair)
            return Place(pair, "", group, appeal.at, unit, appeal.town)
        item = self.alive.get(link)
        if item is None:
            return None
        if item.unit not in self.of_places:
            unit = None
        return Place(pair, item.number, NOBODY, appeal.at, unit, appeal.town)
