"""Every figure that a database has published, a line each, to be held against others."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.flow import Flow

#: The lines of both demo years, as they were last agreed.
GOLDEN = "published-figures.txt"

MONTHS = (
    *(f"2022-{month}" for month in (10, 11, 12)),
    *(f"2023-{month:02}" for month in range(1, 13)),
    "2024-01",
)
QUARTERS = ("2022Q4", "2023Q1", "2023Q2", "2023Q3", "2023Q4")


def lines(flow: Flow) -> Iterator[str]:
    """Yield every score, color, rank and list, editions of corrections too."""
    for month in MONTHS:
        yield from _scores(flow, month)
        yield from _colors(flow, month)
    for quarter in QUARTERS:
        yield from _quarter(flow, quarter)
    for edition in flow.lists.list():
        yield f"{edition.key} {edition.kind} {edition.state} {edition.edition}"
        for place in edition.places:
            yield f"{edition.key} {place.rank} {place.item} {place.stars}"
        for left in edition.left_out:
            yield f"{edition.key} - {left.item} {left.reason.code}"


def _scores(flow: Flow, month: str) -> Iterator[str]:
    for note in flow.scores.editions(f"score/{month}"):
        scores = flow.scores.month(month, note.edition)
        for score in (one for group in scores.groups.values() for one in group):
            counted = " ".join(
                f"{name}={score.parts.get(name, '-')}({read.numerator}/{read.denominator})"
                for name, read in sorted(score.readings.items())
            )
            yield f"score/{month}.{note.edition} {score.unit} {score.index} {counted}"


def _colors(flow: Flow, month: str) -> Iterator[str]:
    for note in flow.scores.editions(f"colors/{month}"):
        colors = flow.scores.colors(month, note.edition)
        for unit in (one for group in colors.groups.values() for one in group):
            yield f"colors/{month}.{note.edition} {unit.unit} {unit.color} {unit.before}"


def _quarter(flow: Flow, quarter: str) -> Iterator[str]:
    for note in flow.scores.editions(f"ranking/{quarter}"):
        ranking = flow.scores.ranking(quarter, note.edition)
        for group, members in sorted(ranking.groups.items()):
            for one in members:
                yield (
                    f"ranking/{quarter}.{note.edition} {group} {one.unit} {one.place}"
                    f" {one.value} {one.tied} {one.low} {one.high} {one.steady}"
                )
