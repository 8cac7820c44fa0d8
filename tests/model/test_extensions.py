"""An extension is declared whole, or refused with what is wrong."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from huimin_flow.catalogue.reasons import ExtensionCode, Wording
from huimin_flow.catalogue.terms import Step
from huimin_flow.errors import InputRefused
from huimin_flow.model.extensions import Extension, frozen, is_name, own_before
from huimin_flow.model.items import OwnField

WHOLE: dict[str, Any] = {
    "name": "funds", "label": "资金", "english": "funds", "revision": 1,
}  # fmt: skip


def says(*parts: str) -> dict[str, Wording]:
    """The texts of one code."""
    return {"no": Wording(*parts)}


UNFIT: dict[str, dict[str, Any]] = {
    "a Chinese name": {"name": "资金"},
    "a dot in the name": {"name": "a.b"},
    "a long name": {"name": "a" * 41},
    "no name": {"name": ""},
    "no label": {"label": ""},
    "no English label": {"english": ""},
    "revision nought": {"revision": 0},
    "a revision that is yes": {"revision": True},
    "a Chinese field": {"fields": create_model("M", 金额=(int, 0))},
    "a step that is none": {"guards": {"close": lambda _: ()}},
    "a guard that is none": {"guards": {Step.CLOSE: "no"}},
    "a rule that is none": {"rules": {Step.CLOSE: 1}},
    "a code with a dot": {"texts": {"a.b": Wording("甲", "a", "乙", "b")}},
    "an empty text": {"texts": says("甲", "", "乙", "b")},
    "other values in English": {"texts": says("甲{n}", "a", "乙", "b")},
    "a value in the way out alone": {"texts": says("甲", "a", "乙{n}", "b")},
    "a value with a width": {"texts": says("甲{n:>9}", "a{n:>9}", "乙", "b")},
    "a part of a value": {"texts": says("甲{n.real}", "a{n.real}", "乙", "b")},
    "a value without a name": {"texts": says("甲{}", "a{}", "乙", "b")},
    "a label that is no text": {"label": 1},
    "fields that are no model": {"fields": dict},
    "a section that is no model": {"section": 1},
    "a field with another name outside": {
        "fields": create_model("M", a=(int, Field(0, alias="b")))
    },
    "a field that JSON lacks": {"fields": create_model("M", a=(Callable[[], int], 0))},
    "guards that are a list": {"guards": [print]},
    "no texts": {"texts": None},
    "a broken template": {"texts": says("甲{", "a", "乙", "b")},
    "three texts": {"texts": {"no": ("甲", "a", "乙")}},
}


@pytest.mark.parametrize("way", UNFIT)
def test_a_declaration_that_is_wrong_is_refused(way: str) -> None:
    with pytest.raises(InputRefused) as refused:
        Extension(**{**WHOLE, **UNFIT[way]})
    assert refused.value.code == ExtensionCode.UNFIT


def test_a_declaration_that_is_whole_names_its_fields() -> None:
    class Money(BaseModel):
        fund: str
        amount: int = 0

    made = Extension(**WHOLE, fields=Money, texts=says("甲{n}", "a {n}", "乙{n}", "b"))
    assert made.keys == ("funds.fund", "funds.amount")


@given(st.text(string.ascii_lowercase + "_.9资A", max_size=3))
def test_a_name_is_never_taken_for_a_key(name: str) -> None:
    if is_name(name):
        assert name.isascii()
        assert name[0].isalpha()
        assert "." not in name


@given(
    st.recursive(
        st.integers() | st.text(max_size=3) | st.booleans() | st.none(),
        lambda part: (
            st.lists(part, max_size=3)
            | st.dictionaries(st.text(max_size=2), part, max_size=3)
        ),
    )
)
def test_no_part_of_frozen_facts_can_be_changed(plain: Any) -> None:
    def changes(part: Any) -> bool:
        if isinstance(part, tuple):
            return any(map(changes, part))
        if hasattr(part, "values"):
            with pytest.raises(TypeError):
                part["x"] = 1
            return any(map(changes, part.values()))
        return isinstance(part, list | dict)

    assert not changes(frozen(plain))


KEYS = st.sampled_from(("a.a", "a.b", "b.a"))
OWN = st.dictionaries(KEYS, st.integers(0, 2), max_size=3).map(
    lambda known: tuple(OwnField(key=k, value=v) for k, v in sorted(known.items()))
)


@given(OWN, OWN)
def test_entering_the_former_texts_leads_back(
    before: tuple[OwnField, ...], after: tuple[OwnField, ...]
) -> None:
    texts = {each.key: each.text for each in after}
    for key, text in own_before(before, after).items():
        if text:
            texts[key] = text
        else:
            del texts[key]
    assert texts == {each.key: each.text for each in before}
