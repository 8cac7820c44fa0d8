"""Policies, measures and their comparison in words: lists and pages (A5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_list, say_note, say_sentences
from huimin_flow.catalogue.reasons import AdviceCode, PolicyCode, sentence
from huimin_flow.catalogue.terms import ReasonCode, StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.events import Verdict
    from huimin_flow.model.sensing.policies import (
        CityMeasure,
        MeasureLine,
        Policy,
        PolicyReview,
        Promise,
    )

#: By column of a comparison: the codes of the reasons that stand there.
_COLUMNS: Final = (
    {
        PolicyCode.PROMISE_KEPT, PolicyCode.PROMISE_BROKEN, PolicyCode.PROMISE_OPEN,
        PolicyCode.PROMISE_UNPROVEN, PolicyCode.PROMISE_UNDER_WAY,
    },
    {
        PolicyCode.MEASURE_NEW, PolicyCode.MEASURE_IDLE, AdviceCode.PROGRESS_BEHIND,
        AdviceCode.PROGRESS_REACHES, AdviceCode.PROGRESS_UNKNOWN,
    },
    {PolicyCode.FEW_COMPLAINTS, PolicyCode.MANY_COMPLAINTS},
    {
        PolicyCode.WELCOMED, PolicyCode.UNWELCOME, AdviceCode.SATISFACTION_LOW,
        AdviceCode.SATISFACTION_REACHES, AdviceCode.SATISFACTION_UNKNOWN,
    },
)  # fmt: skip


def promise_words(promise: Promise) -> str:
    """Return a promise in words: its key, its words, how much until when."""
    much = "" if promise.target is None else f"{promise.target}{promise.unit}"
    until = say("{day}以前", day=promise.due)
    return say_note(f"{promise.key} {promise.indicator}{much}", until)


def _policy_row(sight: Sight, known: Policy) -> Row:
    """Return a policy: who issued it, what it promised, and its measures."""
    made = sight.now.measures.list(policy=known.key)
    return (
        known.key,
        known.title,
        known.authority,
        known.document,
        known.dated,
        tuple(map(promise_words, known.promises)),
        tuple(measure.key for measure in made),
        known.state.spoken,
    )


def _measure_row(sight: Sight, known: CityMeasure) -> Row:
    """Return a measure: its policy, what it takes over, who leads it, its items."""
    return (
        known.key,
        known.title,
        known.policy,
        sight.unit(known.unit),
        tuple(say_note(each.promise, each.due) for each in known.undertakings),
        tuple(Ref(number, item_file(number)) for number in known.items),
        known.state.spoken,
    )


def measure_row(sight: Sight, line: MeasureLine) -> Row:
    """Return a measure with promise, progress, complaints and satisfaction."""
    verdict = line.verdict
    return (
        line.measure,
        line.title,
        line.policy,
        sight.unit(line.unit),
        *(said(verdict, codes) for codes in _COLUMNS),
        say("无差距") if verdict.passed else say("有差距"),
        Ref(line.item, item_file(line.item)) if line.item else "",
    )


def said(verdict: Verdict, codes: Collection[ReasonCode]) -> str:
    """Return the reasons of a verdict that have one of these codes, in words."""
    return say_sentences(
        sentence(reason.code, dict(reason.values))
        for reason in verdict.reasons
        if reason.code in codes
    )


def _review_row(_: Sight, made: PolicyReview) -> Row:
    """Return a comparison: how many measures, gaps, and new items."""
    return (
        Ref(made.key, review_file(made.key)),
        made.day,
        len(made.lines),
        sum(not line.verdict.passed for line in made.lines),
        sum(line.fresh for line in made.lines),
        len(made.silent),
    )


def review_file(key: str) -> str:
    """Return the file of a comparison's page.

    >>> review_file("policy_review/2026-12")
    'policy-review-2026-12.html'

    """
    return f"policy-review-{key.partition('/')[2]}.html"


#: The register of policies.
POLICIES: Final = Listing(
    name="policies",
    title="政策",
    question="policies.list",
    head=("政策", "标题", "发文机关", "文号", "日期", "承诺", "措施", "状态"),
    empty="还没有登记政策",
    row=_policy_row,
    labels={"state": "状态"},
)

#: The register of measures.
REGISTER: Final = Listing(
    name="measure-register",
    title="措施",
    question="measures.list",
    head=("措施", "标题", "政策", "牵头单位", "承接的承诺", "承办事项", "状态"),
    empty="还没有登记措施",
    row=_measure_row,
    labels={"unit": "牵头单位", "state": "状态"},
)

#: The measures as they compare now.
MEASURES: Final = Listing(
    name="measures",
    title="政策措施对照",
    question="measures.compare",
    count="",
    head=(
        "措施", "标题", "政策", "牵头单位", "承诺", "进展", "投诉", "满意度", "结论",
        "差距事项",
    ),
    empty="没有在执行的措施",
    row=measure_row,
    labels={"unit": "牵头单位"},
)  # fmt: skip

#: The comparisons that the job has made.
REVIEWS: Final = Listing(
    name="policy-reviews",
    title="历次政策执行对照",
    question="policies.reviews",
    count="count_reviews",
    head=("对照", "截至", "措施", "有差距", "新采集", "逾期未定措施"),
    empty="还没有政策执行对照",
    row=_review_row,
)


def review_page(now: Snapshot, period: str) -> Page:
    """Return the page of a comparison, as the job has made it.

    Raises:
        NotFound: if no comparison has the period.

    """
    made = now.policies.review(StreamKind.POLICY_REVIEW.key(period))
    sight = Sight(now, now.rulebook.active().organization.names)
    notes = [say("截至{day}", day=made.day)]
    if made.silent:
        notes.append(
            say("逾期没有制定措施的政策:{policies}", policies=say_list(made.silent))
        )
    return Page(
        file=review_file(made.key),
        template="rows.html.j2",
        title=say("{when}政策执行对照", when=period_in_words(period)),
        values={
            "notes": notes,
            "head": [say(text) for text in MEASURES.head],
            "rows": [measure_row(sight, line) for line in made.lines],
            "empty": say(MEASURES.empty),
        },
    )
