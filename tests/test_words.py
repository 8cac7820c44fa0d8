from __future__ import annotations

import re
import string

import pytest

from huimin_flow import reasons, terms
from huimin_flow.errors import HuiminError, spoken
from huimin_flow.model.verdict import Reason
from huimin_flow.reasons import Code, RatingCode, ScoreCode, sentence
from huimin_flow.terms import Role, Term

KINDS = [
    one
    for one in vars(terms).values()
    if isinstance(one, type) and issubclass(one, Term) and one is not Term
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_has_both_labels_and_an_ascii_name(kind: type[Term]) -> None:
    for word in kind:
        assert word.label
        assert word.english
        assert re.fullmatch(r"[a-z0-9_]+", word.value)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_words_of_a_kind_share_a_label(kind: type[Term]) -> None:
    labels = [word.label for word in kind]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("code", [*Code, *RatingCode, *ScoreCode])
def test_both_sentences_of_a_reason_ask_for_the_same_values(code: Term) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert fields(code.label) == fields(code.english)


def test_an_unknown_code_is_shown_as_itself() -> None:
    assert sentence("from_the_future", {"a": 1}).startswith("from_the_future")


def test_a_missing_value_is_shown_by_its_name() -> None:
    assert "{rule}" in sentence(Code.VERDICT_MISSING, {})


def test_a_spoken_reason_says_who_can_help() -> None:
    reason = Reason(code=Code.NO_TASK, supplier=Role.OPERATOR)
    assert spoken(reason) == "没有分解任务(可由经办人补充)"


def test_a_refusal_carries_its_remedy() -> None:
    assert HuiminError("不行", remedy="换一个").remedy == "换一个"
    assert reasons.Code.NO_TASK.label
