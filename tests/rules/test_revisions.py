"""Asking again: what an auditor does with a verdict (X3)."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import CODES, spoken
from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    Criterion,
    Dimension,
    Origin,
    Question,
)
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.executing.agreements import (
    AgreedOutcome,
    OutcomeResult,
    SatisfactionMeasure,
)
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, Task
from huimin_flow.model.executing.surveys import PublicWord
from huimin_flow.rules.deciding import judgment as judging
from huimin_flow.rules.deciding import stars as starring
from huimin_flow.rules.executing import fulfilment
from huimin_flow.rules.executing.readiness import ready
from huimin_flow.rules.improving import evaluation
from huimin_flow.rules.revisions import REGISTRY, rederive
from huimin_flow.rules.sensing import screening

from .figures import BOOK, MONTHS, RULES, TODAY, item, judgment

PARTS = Formatter().parse
SCORE = st.integers(-5, 105)
TEXT = st.sampled_from(("", " ", "有返岗意愿的农民工人数", "左右"))
SCREENED = st.builds(
    lambda origin, scores: screening.screen(origin, scores, RULES.screening),
    st.sampled_from(Origin),
    st.dictionaries(st.sampled_from(Criterion), st.none() | SCORE),
)
JUDGED = st.builds(
    lambda judgment, present: judging.judge(
        judgment, present=present, rule=RULES.judging
    ),
    st.builds(
        Judgment,
        answers=st.dictionaries(
            st.sampled_from(Question),
            st.builds(Answer, yes=st.sampled_from((True, True, False)), reason=TEXT),
        ),
        scores=st.dictionaries(st.sampled_from(Attribute), SCORE),
    ),
    st.integers(0, 9),
)
STARRED = st.builds(
    lambda scores: starring.star(scores, RULES.stars),
    st.dictionaries(st.sampled_from(Dimension), SCORE),
)
OUTCOMES = st.lists(
    st.builds(
        AgreedOutcome,
        key=st.sampled_from(("E1", "E2", "")),
        mark=st.none() | SCORE,
        unit=TEXT,
    ),
    max_size=3,
).map(tuple)
INDICATORS = st.builds(Indicator, value=st.integers(-1, 500), tolerance=TEXT)
READIED = st.builds(
    lambda plan, assessments, stars, area: ready(
        item(stars, area), plan, assessments, today=TODAY, rules=RULES
    ),
    st.builds(
        Plan,
        deliverable=TEXT,
        satisfaction_measure=st.builds(
            SatisfactionMeasure, population=TEXT, size=SCORE, share=SCORE, mark=SCORE
        ),
        outcomes=OUTCOMES,
        tasks=st.lists(
            st.builds(Task, indicators=st.lists(INDICATORS, max_size=3).map(tuple)),
            max_size=3,
        ).map(tuple),
    ),
    st.lists(st.builds(Assessment, item=st.just("2026-00007")), max_size=4),
    st.none() | st.integers(1, 5),
    st.sampled_from(Area),
)
FULFILLED = st.builds(
    lambda indicator, reports: fulfilment.fulfilment(
        indicator, reports, RULES.fulfilment
    ),
    INDICATORS,
    st.lists(
        st.builds(Progress, month=MONTHS, value=SCORE, denominator=st.none() | SCORE),
        max_size=6,
    ),
)
EVALUATED = st.builds(
    lambda outcomes, reached, said, results: evaluation.evaluate(
        Plan(outcomes=outcomes), reached, said, results, RULES.evaluation
    ),
    OUTCOMES,
    st.none() | SCORE.map(lambda one: f"{one}.50"),
    st.builds(
        PublicWord,
        survey=st.sampled_from(("", "survey/1")),
        replies=SCORE,
        ratings=SCORE,
        served=st.none() | SCORE,
    ),
    st.lists(
        st.builds(
            OutcomeResult,
            outcome=st.sampled_from(("E1", "E2")),
            value=st.none() | SCORE,
        ),
        max_size=3,
    ),
)
VERDICTS = st.one_of(SCREENED, JUDGED, STARRED, READIED, FULFILLED, EVALUATED)


@given(VERDICTS)
def test_an_honest_verdict_is_found_again(verdict: Verdict) -> None:
    assert rederive(verdict, BOOK) == verdict


@given(VERDICTS)
def test_a_verdict_survives_the_way_through_a_history(verdict: Verdict) -> None:
    assert from_plain(Verdict, to_plain(verdict)) == verdict


@given(VERDICTS)
def test_a_verdict_fits_into_canonical_json(verdict: Verdict) -> None:
    assert canonical(to_plain(verdict))


@given(VERDICTS)
def test_every_reason_fills_its_sentence_in_both_languages(verdict: Verdict) -> None:
    for one in verdict.reasons:
        word = CODES[one.code]
        blanks = {name for _, name, _, _ in PARTS(word.label + word.english) if name}
        assert blanks <= set(one.values)


@pytest.mark.parametrize("question", Question)
def test_evidence_keeps_the_word_and_a_screen_shows_its_label(
    question: Question,
) -> None:
    found = judging.judge(judgment(no=question), present=3, rule=RULES.judging)
    assert question.label in spoken(found.reasons[0])


@given(VERDICTS)
def test_what_does_not_pass_says_why(verdict: Verdict) -> None:
    assert verdict.passed or verdict.reasons


def test_a_forged_verdict_is_not_found_again() -> None:
    honest = screening.screen(Origin.POLICY, {Criterion.GAP: 10}, RULES.screening)
    forged = replace(honest, passed=True)
    assert rederive(forged, BOOK) != forged


def test_an_unknown_revision_cannot_be_asked() -> None:
    with pytest.raises(NotFound, match="第99版"):
        rederive(Verdict(rule="screening", revision=99, passed=True), BOOK)


@pytest.mark.parametrize("rule", sorted(REGISTRY))
@pytest.mark.parametrize("inputs", [{}, {"origin": "?", "tasks": "x", "kind": "?"}])
def test_inputs_that_no_rule_writes_are_refused(
    rule: tuple[str, int], inputs: dict[str, Any]
) -> None:
    broken = Verdict(rule=rule[0], revision=rule[1], passed=True, inputs=inputs)
    if rule[0] == "starring":
        assert rederive(broken, BOOK) != broken
    else:
        with pytest.raises(InputRefused):
            rederive(broken, BOOK)


def test_a_float_in_a_history_is_refused() -> None:
    inputs: dict[str, Any] = dict.fromkeys(Dimension, 80.0)
    broken = Verdict(rule="starring", revision=1, passed=True, inputs=inputs)
    with pytest.raises(InputRefused):
        rederive(broken, BOOK)
