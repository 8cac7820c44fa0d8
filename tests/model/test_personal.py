from __future__ import annotations

import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.errors import InputRefused
from huimin_flow.model.indicator import Plan
from huimin_flow.model.personal import is_code, names_a_person
from huimin_flow.model.text import accepted, pseudonym, showable, unidentifying

TELLING = [
    "13800138000",
    "王某13800138000",
    "p13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "1 3 8 0 0 1 3 8 0 0 0",
    "138\u20110013\u20118000",
    "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
    "+86 13800138000",
    "008613800138000",
    "138\u200b0013\u200b8000",
    "电话 2023 13800138000 备用",
    "电话 400 138 0013 8000",
    "500101199001011234",
    "50010119900101123X",
    "500101 19900101 123x",
    "500101900101123",
    "\u0661\u0663\u0668\u0660\u0660\u0661\u0663\u0668\u0660\u0660\u0660",
]

HARMLESS = [
    "2580万人、618万人、750万人",
    "3000000000元",
    "2023-10-09 10:00 至 2023-12-15 18:00",
    "20231009-U00-000000001",
    "20250101-U13-000000001",
    "W15-2023-10091",
    "12333",
    "办件202310091230001",
    "评分 15 20 30 40 50 60",
    hashlib.sha256(b"x").hexdigest(),
    "a13800138000bcde",
    "023-63212345",
    "list/2024/city",
    "",
]


@pytest.mark.parametrize("text", TELLING)
def test_a_persons_number_is_found_however_it_is_written(text: str) -> None:
    assert names_a_person(text)
    with pytest.raises(InputRefused, match="备注") as refused:
        accepted(text, "备注")
    assert text not in str(refused.value) + refused.value.remedy
    assert refused.value.remedy
    assert accepted(text, "诉求内容", apart=True)
    assert "138" not in showable(text)
    assert "1990" not in showable(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_days_and_digests_are_no_persons_numbers(text: str) -> None:
    assert not names_a_person(text)


@given(st.binary(min_size=8, max_size=32), st.uuids())
def test_a_digest_or_uuid_is_never_taken_for_a_number(
    data: bytes, one: uuid.UUID
) -> None:
    if any(letter in "abcdef" for letter in data.hex()):
        assert is_code(data.hex())
    assert is_code(str(one)) or str(one).replace("-", "").isdecimal()


@pytest.mark.parametrize("text", ["张三", "王 p1", "p 1", *TELLING])
def test_who_is_written_as_a_code(text: str) -> None:
    with pytest.raises(InputRefused, match="来访人") as refused:
        pseudonym(text, "来访人")
    assert text not in str(refused.value)


@pytest.mark.parametrize("text", ["p1", "c0000017", "hmac:9f/Qx+z=", "p_1.a"])
def test_a_code_is_taken(text: str) -> None:
    assert pseudonym(f" {text} ", "来访人") == text


def test_a_number_is_found_in_every_text_of_a_value() -> None:
    with pytest.raises(InputRefused, match="方案"):
        unidentifying(Plan(deliverable="找13800138000"), "方案")
    assert unidentifying(Plan(deliverable="候工区"), "方案").deliverable == "候工区"
