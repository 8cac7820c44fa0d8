"""Judgment in a deliberation (B1, B2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Attribute, Question, Role, Step
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.rules.deciding.judgment import fate, judge
from tests.rules.figures import JUDGING, PERCENT, judgment

ANSWERS = st.dictionaries(
    st.sampled_from(Question),
    st.builds(Answer, yes=st.booleans(), reason=st.just("理由")),
)
JUDGMENTS = st.builds(
    Judgment,
    answers=ANSWERS,
    scores=st.dictionaries(st.sampled_from(Attribute), PERCENT),
)


def test_four_times_yes_and_good_scores_pass() -> None:
    found = judge(judgment(feasibility=64), present=3, rule=JUDGING)
    assert (found.passed, found.score) == (True, "64")


@pytest.mark.parametrize("question", Question)
def test_a_no_says_its_question_and_why(question: Question) -> None:
    (reason,) = judge(judgment(no=question), present=3, rule=JUDGING).reasons
    assert (reason.values["question"], reason.values["because"]) == (
        question.value,
        f"{question.label}的理由",
    )


@given(JUDGMENTS)
def test_the_first_question_without_a_yes_decides(given_one: Judgment) -> None:
    first = next(
        (
            one
            for one in Question
            if one not in given_one.answers or not given_one.answers[one].yes
        ),
        None,
    )
    reasons = judge(given_one, present=3, rule=JUDGING).reasons
    assert reasons[0].values.get("question") == first


@given(JUDGMENTS, st.integers(0, 2))
def test_nothing_is_decided_without_a_quorum(given_one: Judgment, present: int) -> None:
    found = judge(given_one, present=present, rule=JUDGING)
    assert (found.score, found.reasons[0].code) == (None, Code.QUORUM_NOT_MET)


def test_an_unanswered_question_is_missing_even_if_a_later_one_is_no() -> None:
    whole = judgment(no=Question.WARRANTED)
    answers = dict(whole.answers)
    del answers[Question.PERMITTED]
    found = judge(replace(whole, answers=answers), present=3, rule=JUDGING)
    assert (found.score, found.reasons[0].code) == (None, Code.ANSWER_MISSING)


def test_an_answer_without_a_reason_decides_nothing() -> None:
    whole = judgment()
    answers = {**whole.answers, Question.WANTED: Answer(yes=True, reason=" ")}
    found = judge(replace(whole, answers=answers), present=3, rule=JUDGING)
    assert (found.score, found.reasons[0].code) == (None, Code.GROUNDS_MISSING)


def test_a_missing_score_is_asked_of_the_office() -> None:
    whole = replace(judgment(), scores={Attribute.POSSIBILITY: 80})
    reasons = judge(whole, present=3, rule=JUDGING).reasons
    assert [(one.values["criterion"], one.supplier) for one in reasons] == [
        ("feasibility", Role.OFFICE),
        ("perceptibility", Role.OFFICE),
    ]


def test_an_attribute_on_its_mark_passes() -> None:
    assert judge(judgment(possibility=60), present=3, rule=JUDGING).passed


def test_an_attribute_below_its_mark_is_named_alone() -> None:
    reasons = judge(judgment(perceptibility=59), present=3, rule=JUDGING).reasons
    assert [one.values["attribute"] for one in reasons] == ["perceptibility"]


def test_a_score_beyond_100_decides_nothing() -> None:
    found = judge(judgment(possibility=101), present=3, rule=JUDGING)
    assert (found.score, found.reasons[0].code) == (None, Code.SCORE_OUT_OF_RANGE)


@pytest.mark.parametrize("question", Question)
def test_the_rulebook_says_what_a_no_leads_to(question: Question) -> None:
    found = judge(judgment(no=question), present=3, rule=JUDGING)
    assert fate(found, JUDGING) is JUDGING.on_no[question]


def test_a_weak_attribute_defers() -> None:
    found = judge(judgment(possibility=10), present=3, rule=JUDGING)
    assert fate(found, JUDGING) is Step.DEFER


@pytest.mark.parametrize("present", [2, 3])
def test_neither_a_pass_nor_an_open_question_has_a_fate(present: int) -> None:
    assert fate(judge(judgment(), present=present, rule=JUDGING), JUDGING) is None
