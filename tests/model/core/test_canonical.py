from __future__ import annotations

import json
import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from huimin_flow.model.core.canonical import (
    GREATEST,
    canonical,
    canonical_of_plain,
    leaf,
    merkle_root,
)

text = st.text(st.characters(exclude_categories=["Cs"])).map(
    lambda one: unicodedata.normalize("NFC", one)
)
scalars = st.none() | st.booleans() | text | st.integers(-GREATEST + 1, GREATEST - 1)
plain = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20
)


@given(plain)
def test_the_bytes_are_those_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(plain)
def test_a_plain_values_bytes_are_the_same_by_the_fast_way(value: object) -> None:
    assert canonical_of_plain(value) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        {"\U00020bb7": 1, "\uffee": 2},  # UTF-16 sorts the first before the second
        {"é": 1, "e\u0301b": 2},
        "e\u0301",
        ['\x7f\x00\x1f\u2028\\"/'],
        {"a": GREATEST - 1, "b": -GREATEST + 1, "c": [GREATEST, -GREATEST]},
    ],
)
def test_what_the_fast_way_writes_otherwise_is_written_slowly(value: object) -> None:
    assert canonical_of_plain(value) == canonical(value)


@given(plain)
def test_reading_and_writing_again_gives_the_same_bytes(value: object) -> None:
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        "\ud800",
        2**53 + 1,
        {1: "a"},
        {"é": 1, "e\u0301": 2},
        b"x",
        {1},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)
    if not isinstance(value, float):  # to_plain has refused it
        with pytest.raises(ValueError, match=r".+"):
            canonical_of_plain(value)


@pytest.mark.parametrize("size", range(1, 40))
def test_the_root_is_that_of_another_implementation(size: int) -> None:
    rows = [f"row {k}".encode() for k in range(size)]
    tree = InmemoryTree(algorithm="sha256")
    for row in rows:
        tree.append_entry(row)
    assert merkle_root([leaf(row) for row in rows]) == tree.get_root()


@given(st.lists(st.binary(min_size=1), min_size=1, max_size=20), st.data())
def test_any_changed_row_changes_the_root(
    rows: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    changed = [*rows]
    changed[place] += b"!"
    before = merkle_root([leaf(row) for row in rows])
    assert before != merkle_root([leaf(row) for row in changed])


class Named(str):  # noqa: SLOT000 - a stranger's class
    """Text that equals another and reads otherwise."""

    def __str__(self) -> str:
        return "b"


def test_a_key_is_read_by_itself_though_it_equals_one_that_was_met_before() -> None:
    assert canonical({"a": 1}) == b'{"a":1}'
    assert canonical({Named("a"): 1}) == b'{"b":1}'
