"""The price of a rulebook, from two rulebooks and the number of running things."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.improving.reviews import Scale
from huimin_flow.rules.improving.burden import price
from huimin_flow.settings import load_rulebook
from tests.conftest import CONFIG

BOOK = load_rulebook(CONFIG)

SCALES = st.builds(
    Scale,
    units=st.integers(1, 60),
    items=st.integers(0, 400),
    indicators=st.integers(0, 4000),
)


@given(SCALES)
def test_the_same_rulebook_has_no_price(scale: Scale) -> None:
    more = price(BOOK, BOOK, scale).more
    assert not any((more.fields, more.files, more.checks))


@given(SCALES)
def test_an_indicator_added_raises_the_price_by_one_field_a_unit(scale: Scale) -> None:
    index = BOOK.scoring.index
    added = replace(index, indicators=(*index.indicators, index.indicators[0]))
    new = replace(BOOK, scoring=replace(BOOK.scoring, index=added))
    assert price(BOOK, new, scale).more.fields == scale.units
    assert price(new, BOOK, scale).more.fields == -scale.units
