"""Postings and their index (A6): the same answers as a computation without an index."""

from __future__ import annotations

from array import array
from math import log, sqrt

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import Nearness
from huimin_flow.model.sensing.gathering import (
    HEADING,
    NUMBER,
    Likeness,
    Postings,
    words_of,
)
from huimin_flow.model.sensing.likeness import Index, Search

KEY = bytes(range(32))
#: Searches everything; there are so few words that no two share a bucket.
WHOLE = Search(rarest=1000, compared=1000, buckets=1 << 20)
TEXTS = st.text("学校停车工资拖欠地铁噪音扰民3号5栋,。 g", max_size=40)
APPEALS = st.tuples(TEXTS, TEXTS)
#: Any text, and such as are near the bounds of words: other scripts, signs that NFKC
#: changes, characters beyond U+FFFF, halves of them, and what ends a text.
WRITTEN = st.text(
    "停车学a1Z_é々３，。 \0\n𠮷😀①Σ\u0301\ud800\udc00", max_size=12
) | st.text(max_size=12)


def made(title: str, text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.array(Postings(KEY).of(title, text), np.uint32)


def headed(title: str, text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the words of an appeal's heading, and all that it has.

    Where a text is cut for a heading, one of its bigrams may be cut to a new word.
    """
    heading = words_of(title) or words_of(text[:30])
    return heading, {**words_of(text), **heading}


def brute(
    first: tuple[str, str], second: tuple[str, str], many: dict[str, int], n: int
) -> Likeness:
    """Return the likeness of two appeals by their words, n known in all."""

    def parts(title: str, text: str) -> tuple[set[str], set[str], set[str]]:
        heading, words = headed(title, text)
        numbers = {word for word, mark in words.items() if mark & NUMBER}
        return set(words), set(heading), numbers

    def weight(words: set[str]) -> float:
        return sum(
            max(log((max(n, 200) + 1) / (many.get(w, 0) + 0.5)), 0.05) ** 2
            for w in words
        )

    (mine, head, digits), (theirs, other, figures) = parts(*first), parts(*second)
    shared = weight(mine & theirs)
    within = shared / min(weight(mine), weight(theirs))
    one = weight(head & theirs) / weight(head) if head else within
    two = weight(other & mine) / weight(other) if other else within
    both, heads = digits & figures, head & digits & other & figures
    return Likeness(
        whole=round(1000 * shared / sqrt(weight(mine) * weight(theirs))),
        within=round(1000 * within),
        heading=round(1000 * (one + two) / 2),
        numbers=len(both),
        others=min(len(digits), len(figures)) - len(both),
        heading_numbers=len(heads),
        heading_others=min(len(head & digits), len(other & figures)) - len(heads),
    )


@settings(max_examples=60)
@example([("", "3" * 29 + "停停")], ("", "3" * 29), 0)
@given(st.lists(APPEALS, min_size=1, max_size=12), APPEALS, st.integers(0, 12))
def test_the_index_finds_what_a_computation_without_it_finds(
    known: list[tuple[str, str]], asked: tuple[str, str], split: int
) -> None:
    """Some appeals are sorted into the arrays, some stand beside them."""
    index = Index(WHOLE)
    index.extend([made(*appeal) for appeal in known[:split]])
    for appeal in known[split:]:
        index.add(made(*appeal))
    many: dict[str, int] = {}
    for title, text in known:
        for word in headed(title, text)[1]:
            many[word] = many.get(word, 0) + 1
    words = headed(*asked)[1]
    expected = {
        number: brute(asked, (title, text), many, len(known))
        for number, (title, text) in enumerate(known)
        if words.keys() & headed(title, text)[1].keys()
    }
    found = {
        near.number: near.likeness(0, Nearness.UNKNOWN)
        for near in index.nearest(made(*asked))
    }
    assert found.keys() == expected.keys()
    for number, likeness in found.items():
        for part in Likeness.__dataclass_fields__:
            value, other = (getattr(of, part) for of in (likeness, expected[number]))
            near = part in {"whole", "within", "heading"}
            assert abs(value - other) <= near if near else value == other


@given(APPEALS, APPEALS, st.lists(APPEALS, max_size=4))
def test_likeness_is_the_same_from_both_sides(
    first: tuple[str, str], second: tuple[str, str], rest: list[tuple[str, str]]
) -> None:
    indexes = []
    for known, asked in ((first, second), (second, first)):
        index = Index(WHOLE)
        index.extend([made(*appeal) for appeal in (known, asked, *rest)])
        found = {
            near.number: near.likeness(0, Nearness.UNKNOWN)
            for near in index.nearest(made(*asked))
        }
        indexes.append(found.get(0))
    assert indexes[0] == indexes[1]


def test_full_width_signs_case_and_punctuation_make_no_difference() -> None:
    plain = Postings(KEY).of("地铁3号线a座", "何时开通?地铁3号线")
    assert Postings(KEY).of("地铁３号线,Ａ座!", "何时开通,地铁3号线。") == plain


@given(st.lists(st.tuples(WRITTEN, WRITTEN), max_size=6))
def test_postings_of_many_are_those_of_each(contents: list[tuple[str, str]]) -> None:
    alone = [array("I", Postings(KEY).of(*each)).tobytes() for each in contents]
    assert list(Postings(KEY).of_many(contents)) == alone


def test_postings_of_many_are_made_in_several_turns() -> None:
    contents = [("", "学校停车" * 3000 + str(k)) for k in range(5)]
    found = list(Postings(KEY).of_many(contents))
    assert found == [array("I", Postings(KEY).of(*each)).tobytes() for each in contents]


def test_postings_of_another_key_have_nothing_in_common() -> None:
    mine = {each >> 2 for each in Postings(KEY).of("", "拖欠农民工工资")}
    other = {each >> 2 for each in Postings(bytes(32)).of("", "拖欠农民工工资")}
    assert len(mine) == 6
    assert not mine & other


def test_postings_name_heading_and_numbers_and_repeat_nothing() -> None:
    postings = Postings(KEY).of("3号线", "3号线3号线,5号线")
    assert len(postings) == len({each >> 2 for each in postings}) == 3
    assert sum(bool(each & HEADING) for each in postings) == 2
    assert sum(bool(each & NUMBER) for each in postings) == 2


def test_an_appeal_without_words_is_like_nothing() -> None:
    index = Index()
    index.add(made("", "。。。"))
    index.add(made("", "拖欠工资"))
    assert index.nearest(made("", "!!!")) == []
    assert [near.number for near in index.nearest(made("", "拖欠工资"))] == [1]
