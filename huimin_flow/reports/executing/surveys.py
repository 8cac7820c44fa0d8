"""Surveys of the people concerned: a listing, and what one found (D0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_pair,
)
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight

if TYPE_CHECKING:
    from huimin_flow.model.executing.agreements import Sample, SatisfactionMeasure
    from huimin_flow.model.executing.surveys import Survey, SurveyShare


def measure_words(measure: SatisfactionMeasure) -> str:
    """Return how satisfaction is measured: method, who is asked, sample and mark."""
    method = "—" if measure.method is None else measure.method.spoken
    parts = [say_note(method, measure.population) if measure.population else method]
    if measure.size:
        parts.append(say("样本不少于{size}份", size=measure.size))
    if measure.share:
        parts.append(say("抽样不低于{share}%", share=measure.share))
    return say_clauses(*parts, say("合格线{mark}%", mark=measure.mark))


def page_of(known: Survey) -> str:
    """Return the part of an item's page that shows a survey."""
    return f"item-{known.item}.html#surveys"


def share_words(share: SurveyShare) -> str:
    """Return a share with the interval within which it lies."""
    return interval_words(share.percent, share.low, share.high)


def interval_words(percent: str, low: str, high: str) -> str:
    """Return a percentage with its interval: 92.00%(81.16%至96.85%)."""
    within = say("{low}%至{high}%", low=low, high=high)
    return say_note(f"{percent}%", within)


def sample_words(sample: Sample) -> str:
    """Return who answered when satisfaction was measured, and what each source says."""
    parts = []
    if sample.surveyed is not None:
        text = say("问卷{replies}份,对象{served}人", **_counts(sample))
        share = interval_words(sample.surveyed, sample.low, sample.high)
        parts.append(say_pair(text, share))
    if sample.rated is not None:
        rated = say("好差评{ratings}件", ratings=sample.ratings)
        parts.append(say_pair(rated, f"{sample.rated}%"))
    return say_clauses(*parts)


def _counts(sample: Sample) -> dict[str, object]:
    return {"replies": sample.replies, "served": sample.served}


def survey_lines(known: Survey, posts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a survey in lines of a label and a text each; ``posts`` names people."""
    drawn_by = posts.get(known.drawn_by, known.drawn_by)
    drawn = say("名册{served}人中抽取{drawn}人", served=known.served, drawn=known.drawn)
    yield say("调查"), say_note(known.key, known.state.spoken)
    yield say("测评方式"), measure_words(known.measure)
    yield say("抽样"), say_clauses(drawn, str(known.drawn_on), drawn_by)
    yield say("种子"), known.seed
    yield say("名册摘要"), known.frame
    if known.senses:
        yield say("加问"), say_list([sense.spoken for sense in known.senses])
    if known.result is not None:
        result = known.result
        replies = say("有效答卷{count}份", count=result.replies)
        aside = say("作废{count}份", count=result.aside)
        counts = [replies, *([aside] if result.aside else [])]
        yield say("满意度"), say_clauses(share_words(result.share), *counts)
        levels = [f"{level.spoken} {n}" for level, n in result.levels.items()]
        yield say("各等级"), " · ".join(levels)
        for sense, share in result.senses.items():
            yield sense.spoken, share_words(share)
    if known.closed_on is not None:
        closed_by = posts.get(known.closed_by, known.closed_by)
        yield say("结束"), say_clauses(str(known.closed_on), closed_by)
    if known.reason:
        yield say("作废理由"), known.reason


def _row(sight: Sight, known: Survey) -> Row:
    """Return a survey: on what, who was asked, and what it found."""
    result = known.result
    title = sight.now.items.get(known.item).title
    return (
        Ref(known.key, page_of(known)),
        title,
        known.state.spoken,
        known.drawn_on,
        known.served,
        known.drawn,
        "" if result is None else result.replies,
        "" if result is None else share_words(result.share),
    )


#: The list of all surveys: its page, its files and its command.
LISTING: Final = Listing(
    name="surveys",
    title="满意度调查",
    question="surveys.list",
    count="count",
    head=(
        "调查", "事项标题", "状态", "抽样日期", "名册人数", "抽取人数", "有效答卷",
        "满意度",
    ),
    empty="没有这样的调查",
    row=_row,
    labels={"item": "事项编号", "state": "状态"},
)  # fmt: skip
