"""A month's chart and a quarter's places, with the notes of screens and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_list, say_note, say_pair
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    EditionNote,
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.reports.scoring.trend import months_till

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot


@dataclass(frozen=True, kw_only=True)
class Published:
    """An edition of a chart or a ranking; ``names`` are the indicators' names."""

    book: Rulebook
    names: Mapping[str, str]
    editions: tuple[EditionNote, ...]

    @property
    def units(self) -> dict[str, str]:
        """The names of the rulebook's units, by code."""
        return self.book.organization.names

    def _correction(self, version: int, note: str) -> Iterator[str]:
        if note:
            yield say("第{version}版的更正理由:{note}", version=version, note=note)
            yield from _people("", version, self.editions)
        if version < len(self.editions):
            yield say("这是旧版,现行为第{count}版", count=len(self.editions))

    def _ended(self, head: str, units: Sequence[str]) -> Iterator[str]:
        if units:
            # A zone may have had the name of the district that succeeded it.
            ended = (say_note(self.units.get(code, code), code) for code in units)
            yield say_pair(head, say_list(ended))


@dataclass(frozen=True, kw_only=True)
class Chart(Published):
    """An edition of a month's colors, and the scores it is based on.

    ``latest`` is the newest edition of the scores, ``past`` are the months of the
    trend, ``scored`` are the editions of the scores.
    """

    colors: MonthlyColors
    scores: MonthlyScore
    latest: MonthlyScore
    past: Mapping[str, MonthlyScore | None]
    scored: tuple[EditionNote, ...]

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know of the editions, sentence by sentence."""
        version, scored = self.colors.version, self.scores.version
        yield say(
            "五色图第{version}版,按计分第{scored}版;截点 {cut}",
            version=version,
            scored=scored,
            cut=self.scores.cut,
        )
        yield from self._correction(version, self.colors.note)
        if scored > 1:
            yield say(
                "计分第{scored}版的更正理由:{note}",
                scored=scored,
                note=self.scores.note,
            )
            yield from _people(say("计分"), scored, self.scored)
        if self.latest.version > scored and version == len(self.editions):
            yield (
                say(
                    "计分已更正为第{version}版,五色图未更正(理由:{note})",
                    version=self.latest.version,
                    note=self.latest.note,
                )
            )
        for month in self.colors.scored:
            newer = self.past.get(month.period)
            if month.period == self.colors.period or newer is None:
                continue
            if newer.version > month.edition:
                yield (
                    say(
                        "{period}计分已更正为第{version}版,本图的上月颜色与变动仍按其第{edition}版",
                        period=month.period,
                        version=newer.version,
                        edition=month.edition,
                    )
                )
        yield from self._ended(say("当月撤销未计分的单位"), self.scores.ended)


@dataclass(frozen=True, kw_only=True)
class Places(Published):
    """An edition of a quarter's ranking, and the months it is based on.

    ``months`` are their scores, ``later`` are the months that were corrected since,
    with their editions; ``tried`` is the number of sets of weights that were tried
    for the intervals.
    """

    ranking: QuarterlyRanking
    months: tuple[MonthlyScore, ...]
    later: Mapping[str, int]
    unscored: tuple[str, ...]
    tried: int

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know of the editions, sentence by sentence."""
        version = self.ranking.version
        scored = (
            say("{period}第{edition}版", period=month.period, edition=month.edition)
            for month in self.ranking.scored
        )
        yield say(
            "榜单第{version}版,按计分{names}", version=version, names=say_list(scored)
        )
        yield from self._correction(version, self.ranking.note)
        if version == len(self.editions):
            for period, edition in self.later.items():
                yield say(
                    "{period}计分已更正为第{edition}版,本榜单的名次仍按原来的计分"
                    "(一并更正:huimin score correct {key} --reason …)",
                    period=period_in_words(period),
                    edition=edition,
                    key=self.ranking.key,
                )
        if self.unscored:
            yield say("没有计分的月份:{names}", names=say_list(self.unscored))
        yield from self._ended(say("季末已撤销、不列名次的单位"), self.ranking.ended)


def chart(now: Snapshot, period: str, edition: int | None = None) -> Chart:
    """Return a month's chart, the last edition by default.

    Raises:
        NotFound: if the month has no colors, or no such edition.

    """
    colors = now.scores.colors(period, edition)
    scores = now.scores.of_colors(colors)
    past = _scored(now, months_till(period))
    latest = past[period]
    past[period] = scores
    book = now.rulebook.active(scores.rulebook)
    return Chart(
        colors=colors,
        scores=scores,
        latest=latest or scores,
        past=past,
        book=book,
        names=indicator_names(now, past.values()),
        editions=now.scores.editions(colors.key),
        scored=now.scores.editions(scores.key),
    )


def _scored(now: Snapshot, months: Sequence[str]) -> dict[str, MonthlyScore | None]:
    """Return the scores of successive months, None for a month without."""
    known = {each.period: each for each in now.scores.months(months[0], months[-1])}
    return {month: known.get(month) for month in months}


def quarter(now: Snapshot, period: str, edition: int | None = None) -> Places:
    """Return a quarter's places, the last edition by default.

    Raises:
        NotFound: if the quarter has no ranking, or no such edition.

    """
    ranking = now.scores.ranking(period, edition)
    book = now.rulebook.active(ranking.rulebook)
    months = _scored(now, ranking.months)
    names = indicator_names(now, months.values())
    scored = {month.period: month.edition for month in ranking.scored}
    return Places(
        ranking=ranking,
        months=tuple(
            now.scores.month(month, scored.get(month))
            for month, latest in months.items()
            if latest is not None
        ),
        book=book,
        names=names,
        editions=now.scores.editions(ranking.key),
        later={
            month: latest.version
            for month, latest in months.items()
            if latest is not None and latest.version > scored.get(month, latest.version)
        },
        unscored=tuple(month for month, latest in months.items() if latest is None),
        tried=min(3 ** len(names), book.scoring.sensitivity.sets.value),
    )


def _people(
    what: str, version: int, editions: tuple[EditionNote, ...]
) -> Iterator[str]:
    """Yield the two posts that corrected an edition."""
    for note in editions:
        if note.edition == version:
            yield say(
                "{what}第{version}版由{by}更正、{confirmed_by}复核",
                what=what,
                version=version,
                by=note.by,
                confirmed_by=note.confirmed_by,
            )


def indicator_names(
    now: Snapshot, months: Iterable[MonthlyScore | MonthlyColors | None]
) -> dict[str, str]:
    """Return the names of all indicators in the rulebooks of some months."""
    books = dict.fromkeys(month.rulebook for month in months if month is not None)
    return {
        indicator.key: indicator.name
        for digest in books
        for indicator in now.rulebook.active(digest).scoring.index.indicators
    }
