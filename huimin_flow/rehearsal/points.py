"""The direct-report points of the demo: half the districts have all levels (A2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.terms import PointLevel, UnitKind
from huimin_flow.model.sensing.points import PointEntry

if TYPE_CHECKING:
    from huimin_flow.rehearsal.stage import Stage

#: Of districts in a row, how many levels of points each has.
_LEVELS: Final = (3, 2, 3, 1, 3, 0)


def set_up(stage: Stage, part: int) -> None:
    """Set up the points of six districts of twelve: the first (0) or the second (1).

    Those of long ago are silent at the end, as no appeal of the demo names a point.
    """
    organization = stage.flow.rulebook.active().organization
    districts = [unit for unit in stage.places() if unit.kind is UnitKind.DISTRICT]
    entries: list[PointEntry] = []
    for n, unit in enumerate(districts):
        turn, kept = divmod(n, len(_LEVELS))
        if turn % 2 != part or organization.places is None:
            continue
        code = organization.places.towns_in([unit.code], stage.today)[0]
        town = f"{unit.name}{organization.town(code)}"
        localities = (unit.name, town, f"{town}中心社区")
        entries += [
            PointEntry(
                name=f"{unit.name}{level.spoken}直报点",
                level=level,
                locality=locality,
            )
            for level, locality in zip(PointLevel, localities, strict=True)
        ][: _LEVELS[kept]]
    stage.flow.points.add_all(entries, by=stage.office)
