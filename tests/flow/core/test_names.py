"""What a person writes for a value: code, name, beginning, part, short number (U9, U10)."""

from __future__ import annotations

import pytest

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, State
from huimin_flow.errors import InputRefused
from huimin_flow.testing import Desk

A = Argument


@pytest.mark.parametrize(
    ("argument", "written", "code"),
    [
        (A.UNIT, "万州区", "500101"),
        (A.UNIT, "万州", "500101"),
        (A.UNIT, "\uff15\uff10\uff10\uff11\uff10\uff11", "500101"),
        (A.CHANNEL, "12333热线电话", "hotline_12333"),
        (A.CHANNEL, "12333", "hotline_12333"),
        (A.REASON_CODE, "本期不列入", "not_this_period"),
        (A.CHAIR, "leader-1", "leader-1"),
        (A.TITLE, "甲", "甲"),
        (A.NUMBER, "", ""),
    ],
)
def test_a_code_a_name_a_beginning_and_full_width_signs_are_understood(
    desk: Desk, argument: Argument, written: str, code: str
) -> None:
    assert desk.flow.fields.resolve(argument, written) == code


def test_a_number_is_understood_without_its_zeros_and_by_a_part_of_its_title(
    desk: Desk,
) -> None:
    item = desk.item(State.JUDGED)
    year = item.number[:4]
    for written in (item.number, f"{year}-1", f"{year}-0001", "1", item.title[1:5]):
        assert desk.flow.fields.resolve(A.NUMBER, written) == item.number
    meeting = str(item.deliberation)
    for written in (meeting, f"{year}-1", "1"):
        assert desk.flow.fields.resolve(A.DELIBERATION, written) == meeting


def test_a_text_that_fits_several_or_none_is_refused_with_the_choices(
    desk: Desk,
) -> None:
    with pytest.raises(InputRefused) as several:
        desk.flow.fields.resolve(A.REASON_CODE, "不")
    assert several.value.code == InputCode.SEVERAL_FIT
    assert "unlawful(不符合法律法规政策)" in str(several.value)
    with pytest.raises(InputRefused) as none:
        desk.flow.fields.resolve(A.CHANNEL, "飞鸽传书")
    assert none.value.code == InputCode.NONE_FITS
    assert "hotline_12333(12333热线电话)" in str(none.value)
    with pytest.raises(InputRefused) as nothing:
        desk.flow.fields.resolve(A.PROPOSAL, "1")
    assert nothing.value.code == InputCode.NONE_THERE


def test_a_refusal_lists_whole_choices_nearest_first_with_the_unit_of_like_titles(
    desk: Desk,
) -> None:
    long = "老旧小区零工候工与技能培训一体化服务站点建设及运营情况"
    for _ in range(20):
        desk.collect(title=long)
    near = desk.collect(title="技能人才评价")
    with pytest.raises(InputRefused) as none:
        desk.flow.fields.resolve(A.NUMBER, "技能人材")
    assert f"共21个,最相近的:{near.number}(技能人才评价)、" in str(none.value)
    assert str(none.value).endswith(")")
    with pytest.raises(InputRefused) as several:
        desk.flow.fields.resolve(A.NUMBER, "一体化")
    unit = desk.flow.rulebook.active().organization.names[near.unit]
    assert "可能是20个" in str(several.value)
    assert str(several.value).endswith(f"{long} {unit})")


def test_choices_are_those_that_a_text_may_mean(desk: Desk) -> None:
    channels = desk.flow.rulebook.active().channels.intake
    shown = desk.flow.fields.choices(A.CHANNEL)
    assert [choice.code for choice in shown] == [channel.key for channel in channels]
    assert [choice.code for choice in desk.flow.fields.choices(A.CHANNEL, "热线")] == [
        "hotline_12333"
    ]
    assert desk.flow.fields.choices(A.TITLE, "甲") == ()
    assert len(desk.flow.fields.choices(A.UNIT, "", 3)) == 3
