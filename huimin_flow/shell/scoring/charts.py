"""A month's chart and a quarter's places with all that a screen or a page says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from huimin_flow.shell.core.values import Whole

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.scoring.published import (
        EditionNote,
        MonthlyColors,
        MonthlyScore,
        QuarterlyRanking,
    )

#: An earlier edition of a chart or a ranking.
EDITION = click.option("--edition", type=Whole(1), help="第几版;默认现行版。")


@dataclass(frozen=True, kw_only=True)
class Chart:
    """An edition of a month's colors, and the scores they rest on.

    ``latest`` are the scores as they stand now, ``past`` the months of the trend,
    ``names`` the indicators' names, ``editions`` those of the colors and ``scored``
    those of the scores.
    """

    colors: MonthlyColors
    scores: MonthlyScore
    latest: MonthlyScore
    past: Mapping[str, MonthlyScore | None]
    book: Rulebook
    names: Mapping[str, str]
    units: Mapping[str, str]
    editions: tuple[EditionNote, ...]
    scored: tuple[EditionNote, ...]

    def said(self) -> Iterator[str]:
        """Yield what a reader must know of the editions, sentence by sentence."""
        version, scored = self.colors.version, self.scores.version
        yield f"五色图第{version}版,按计分第{scored}版;截点 {self.scores.cut}"
        yield from _of_edition(version, self.colors.note, self.editions)
        if scored > 1:
            yield f"计分第{scored}版的更正理由:{self.scores.note}"
            yield from _people("计分", scored, self.scored)
        if self.latest.version > scored and version == len(self.editions):
            yield (
                f"计分已更正为第{self.latest.version}版,五色图未更正"
                f"(理由:{self.latest.note})"
            )
        for one in self.colors.scored:
            newer = self.past.get(one.period)
            if one.period == self.colors.period or newer is None:
                continue
            if newer.version > one.edition:
                yield (
                    f"{one.period}计分已更正为第{newer.version}版,"
                    f"本图的上月颜色与变动仍按其第{one.edition}版"
                )
        ended = [self.units.get(one, one) for one in self.scores.ended]
        if ended:
            yield f"当月撤销未计分的单位:{'、'.join(ended)}"


@dataclass(frozen=True, kw_only=True)
class Places:
    """An edition of a quarter's ranking, and the months it rests on.

    ``months`` are those scores, ``later`` names the months corrected since, with
    their editions; ``tried`` is how many sets of weights were tried for the
    intervals.
    """

    ranking: QuarterlyRanking
    months: tuple[MonthlyScore, ...]
    book: Rulebook
    names: Mapping[str, str]
    units: Mapping[str, str]
    editions: tuple[EditionNote, ...]
    later: Mapping[str, int]
    unscored: tuple[str, ...]
    tried: int

    def said(self) -> Iterator[str]:
        """Yield what a reader must know of the editions, sentence by sentence."""
        version = self.ranking.version
        resting = "、".join(
            f"{one.period}第{one.edition}版" for one in self.ranking.scored
        )
        yield f"榜单第{version}版,按计分{resting}"
        yield from _of_edition(version, self.ranking.note, self.editions)
        if version == len(self.editions):
            for month, edition in self.later.items():
                yield f"{month}计分已更正为第{edition}版,榜单未更正"
        if self.unscored:
            yield f"没有计分的月份:{'、'.join(self.unscored)}"
        ended = [self.units.get(one, one) for one in self.ranking.ended]
        if ended:
            yield f"季末已撤销、不列名次的单位:{'、'.join(ended)}"


def chart(now: Snapshot, period: str, edition: int | None = None) -> Chart:
    """Return a month's chart, its last edition if none is named.

    Raises:
        NotFound: if the month was never colored, or has no such edition.

    """
    from huimin_flow.reports.scoring.trend import months_till  # noqa: PLC0415 - heavy

    colors = now.monthly_colors(period, edition)
    scores = now.scores_of_colors(colors)
    past = {one: now.score_if_any(one) for one in months_till(period)}
    latest = past[period]
    past[period] = scores
    book = now.rulebook(scores.rulebook)
    return Chart(
        colors=colors,
        scores=scores,
        latest=latest or scores,
        past=past,
        book=book,
        names=_names(now, past.values()),
        units=book.organization.names,
        editions=now.published_editions(colors.key),
        scored=now.published_editions(scores.key),
    )


def quarter(now: Snapshot, period: str, edition: int | None = None) -> Places:
    """Return a quarter's places, the last edition if none is named.

    Raises:
        NotFound: if the quarter was never ranked, or has no such edition.

    """
    ranking = now.quarterly_ranking(period, edition)
    book = now.rulebook(ranking.rulebook)
    months = {one: now.score_if_any(one) for one in ranking.months}
    names = _names(now, months.values())
    rested = {one.period: one.edition for one in ranking.scored}
    return Places(
        ranking=ranking,
        months=tuple(
            now.monthly_score(one, rested.get(one))
            for one, there in months.items()
            if there is not None
        ),
        book=book,
        names=names,
        units=book.organization.names,
        editions=now.published_editions(ranking.key),
        later={
            month: scores.version
            for month, scores in months.items()
            if scores is not None and scores.version > rested.get(month, scores.version)
        },
        unscored=tuple(month for month, scores in months.items() if scores is None),
        tried=min(3 ** len(names), book.scoring.sensitivity.sets.value),
    )


def _of_edition(
    version: int, note: str, editions: tuple[EditionNote, ...]
) -> Iterator[str]:
    if note:
        yield f"第{version}版的更正理由:{note}"
        yield from _people("", version, editions)
    if version < len(editions):
        yield f"这是旧版,现行为第{len(editions)}版"


def _people(
    what: str, version: int, editions: tuple[EditionNote, ...]
) -> Iterator[str]:
    """Yield who corrected an edition, both by their posts; no names are kept."""
    for one in editions:
        if one.edition == version:
            yield f"{what}第{version}版由{one.by}更正、{one.confirmed_by}复核"


def _names(now: Snapshot, months: Iterable[MonthlyScore | None]) -> dict[str, str]:
    """Return the names of all indicators by which some months were scored."""
    books = dict.fromkeys(one.rulebook for one in months if one is not None)
    return {
        one.key: one.name
        for digest in books
        for one in now.rulebook(digest).scoring.index.indicators
    }
