"""From typed text to values: either a value or a sentence, never a crash."""

from __future__ import annotations

from collections.abc import Iterator

import click
import hypothesis.strategies as st
import pytest
from hypothesis import given as examples

from huimin_flow.catalogue.terms import Criterion, Question
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import half_width
from huimin_flow.shell.core import values
from huimin_flow.shell.main import huimin


@examples(st.text(max_size=40))
def test_any_text_is_a_pair_or_is_refused(text: str) -> None:
    try:
        left, _ = values.pair(text, "甲=1")
    except InputRefused:
        return
    assert left


@examples(st.text(max_size=20))
def test_any_text_is_a_whole_number_or_is_refused(text: str) -> None:
    try:
        number = values.whole(text, "数")
    except InputRefused:
        return
    plain = half_width(text)
    assert plain.lstrip("-").isascii()
    assert str(number) == plain or plain.lstrip("-").startswith("0")


def numbers(command: click.Command) -> Iterator[click.Parameter]:
    """Yield the parameters of a command and those below it that are numbers."""
    for param in command.params:
        if isinstance(
            param.type, (click.types.IntParamType, click.types.FloatParamType)
        ):
            yield param
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from numbers(below)


def test_every_number_of_the_command_line_takes_plain_digits_alone() -> None:
    params = list(numbers(huimin))
    assert len(params) > 10
    for param in params:
        assert isinstance(param.type, values.Whole), param.name
        least = param.type.min or 1
        wide = str(least).translate({48 + n: 0xFF10 + n for n in range(10)})
        assert param.type.convert(wide, param, None) == least
        for text in ("1_0", "\u0661\u0662", "1.0", "1e1", "\u00b2", " 1"):
            with pytest.raises(click.BadParameter, match="不是合适的整数"):
                param.type.convert(text, param, None)


@examples(st.text(max_size=30))
def test_any_text_is_a_moment_with_a_zone_or_is_refused(text: str) -> None:
    try:
        moment = values.moment(text)
    except InputRefused:
        return
    assert moment.tzinfo is not None


@examples(st.sampled_from(Criterion))
def test_a_word_is_known_by_both_its_names(word: Criterion) -> None:
    assert values.word(Criterion, word.value) is word
    assert values.word(Criterion, word.label) is word


def test_answers_take_full_width_marks() -> None:
    found = values.answers(["想做\uff1d是\uff1a群众反映", "能做=no:没有场地"])
    assert found[Question.WANTED].yes
    assert found[Question.WANTED].reason == "群众反映"
    assert not found[Question.CAPABLE].yes
    with pytest.raises(InputRefused):
        values.answers(["想做=好"])


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("a=b\uff1dc", ("a", "b\uff1dc")),
        ("a\uff1db=c", ("a", "b=c")),
        ("a=b=c", ("a", "b=c")),
        (" a \uff1d b ", ("a", "b")),
    ],
)
def test_only_the_first_sign_parts_a_pair_and_the_value_is_kept(
    text: str, sides: tuple[str, str]
) -> None:
    assert values.pair(text, "名=值") == sides


def test_a_reason_keeps_its_colons_of_either_width() -> None:
    (answer,) = values.answers(["想做=是:甲\uff1a乙:丙"]).values()
    assert answer.reason == "甲\uff1a乙:丙"
