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
from huimin_flow.catalogue.terms import RatingLevel, StreamKind
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.executing.agreements import Sample, SatisfactionMeasure
    from huimin_flow.model.executing.surveys import Survey, SurveyShare
    from huimin_flow.reports.core.render import Page


def measure_words(measure: SatisfactionMeasure) -> str:
    """Return how satisfaction is measured: method, who is asked, sample and mark."""
    method = "—" if measure.method is None else measure.method.spoken
    parts = [say_note(method, measure.population) if measure.population else method]
    if measure.size:
        parts.append(say("样本不少于{size}份", size=measure.size))
    if measure.share:
        parts.append(say("抽样不低于{share}%", share=measure.share))
    return say_clauses(*parts, say("合格线{mark}%", mark=measure.mark))


def survey_file(key: str) -> str:
    """Return the file of the page of a survey.

    >>> survey_file("survey/2026-000001/01")
    'survey-2026-000001-01.html'

    """
    return f"survey-{'-'.join(key.split('/')[1:])}.html"


def draw_file(number: str) -> str:
    """Return the file of the desk's page on which an item's sample is drawn."""
    return f"survey-draw-{number}.html"


def answers_file(key: str) -> str:
    """Return the file of the desk's page to which answers of a survey are sent.

    >>> answers_file("survey/2026-000001/01")
    'survey-answers-2026-000001_01.html'

    """
    return f"survey-answers-{'_'.join(key.split('/')[1:])}.html"


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
    heading = say_note(known.key, known.state.spoken)
    yield say("调查"), Ref(heading, survey_file(known.key))
    yield say("测评方式"), measure_words(known.measure)
    yield say("抽样"), say_clauses(drawn, str(known.drawn_on), drawn_by)
    yield say("种子"), known.seed
    yield say("名册摘要"), known.frame
    if known.rectification:
        yield say("为哪件整改"), known.rectification
    if known.senses:
        yield say("加问"), say_list([sense.spoken for sense in known.senses])
    if known.result is not None:
        result = known.result
        replies = say("有效答卷{count}份", count=result.replies)
        aside = say("作废{count}份", count=result.aside)
        counts = [replies, *([aside] if result.aside else [])]
        yield say("满意度"), say_clauses(share_words(result.share), *counts)
        if not result.enough:
            yield say("能否评判"), say("有效答卷过少,只记录,不作评判")
        known_levels = (each for each in RatingLevel if each in result.levels)
        levels = [f"{each.spoken} {result.levels[each]}" for each in known_levels]
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
        Ref(known.key, survey_file(known.key)),
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


#: The columns of what a survey found.
FOUND: Final = ("问的是什么", "答卷", "满意", "比例", "区间下限", "区间上限")


def survey_page(now: Snapshot, number: str, serial: str) -> Page:
    """Return the page of a survey: sample, n, share and interval, and each sense.

    Raises:
        NotFound: if there is none of that number.

    """
    from huimin_flow.reports.core.render import Page  # noqa: PLC0415 - heavy

    known = now.surveys.get(StreamKind.SURVEY.key(f"{number}/{serial}"))
    item = now.items.get(known.item)
    names = now.rulebook.active().organization.names
    posts = {
        person.id: names.get(person.unit, person.unit)
        for person in now.rulebook.active().organization.people
    }
    tables: list[tuple[str, tuple[str, ...], list[Row], str]] = [
        (
            say("抽样与结果"),
            (say("项目"), say("内容")),
            [*survey_lines(known, posts)],
            "",
        )
    ]
    if known.result is not None:
        asked = {say("满意度"): known.result.share}
        asked |= {sense.spoken: share for sense, share in known.result.senses.items()}
        rows: list[Row] = [
            (
                name,
                share.answers,
                share.satisfied,
                *(f"{part}%" for part in (share.percent, share.low, share.high)),
            )
            for name, share in asked.items()
        ]
        head = tuple(say(text) for text in FOUND)
        tables.append((say("满意的比例"), head, rows, ""))
    return Page(
        file=survey_file(known.key),
        template="tables.html.j2",
        title=say("满意度调查 {number}", number=f"{number}/{serial}"),
        values={
            "note": say("抽样的种子和名册摘要都在下面,任何人可重做抽取;区间按威尔逊法"),
            "leads": [(item_file(item.number), f"{item.number} {item.title}")],
            "tables": tables,
        },
    )
