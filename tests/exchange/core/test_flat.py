"""Values as flat rows: no figure is lost or rounded, and the columns never change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.api import (
    Color,
    InputRefused,
    Item,
    Language,
    MonthlyScore,
    Rulebook,
    ScoreClass,
    Share,
    State,
    Step,
    UnitKind,
    UnitScore,
    columns,
    to_rows,
)
from huimin_flow.exchange.core import flat
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.arguments import types_of
from huimin_flow.model.core.values import value
from tests.flow.test_wire import ANSWERING, FEW, METHODS, STEPS, of
from tests.sampled import NIGHTLY

CELLS: dict[type, Any] = {str: str, int: int, bool: bool}


@value
class Inner:
    color: Color | None = None
    amount: Decimal = Decimal("1.10")


@value
class Outer:
    state: State
    moment: datetime
    day: date | None = None
    inner: Inner | None = None
    shares: Mapping[UnitKind, Share]
    names: tuple[str, ...] = ()
    step: Step | State | None = None
    pair: tuple[str, int] = ("a", 1)
    kinds: Mapping[UnitKind, tuple[Inner, ...]]
    counts: Mapping[str, int]


OUTER = Outer(
    state=State.SCREENED,
    moment=datetime(2026, 3, 2, 2, tzinfo=UTC),
    inner=Inner(color=Color.GREEN),
    shares={UnitKind.DISTRICT: Share(part=1, whole=3)},
    names=("甲", "b"),
    kinds={UnitKind.DISTRICT: (Inner(), Inner(amount=Decimal("0.30")))},
    counts={"x": 1, "y": 2},
)


def test_a_row_has_codes_exact_decimals_and_dotted_names() -> None:
    (row,) = to_rows(OUTER, Outer)
    others = [kind for kind in UnitKind if kind is not UnitKind.DISTRICT]
    assert row["state"] == "screened"
    assert row["moment"] == "2026-03-02T02:00:00+00:00"
    assert row["day"] is row["step"] is None
    assert (row["inner.color"], row["inner.amount"]) == ("green", "1.10")
    assert (row["shares.district.part"], row["shares.district.whole"]) == (1, 3)
    assert [row[f"shares.{kind}.part"] for kind in others] == [None] * len(others)
    assert row["names"] == '["甲","b"]'
    assert (row["pair.1"], row["pair.2"]) == ("a", 1)
    assert row["counts"] == '{"x":1,"y":2}'
    assert list(row) == list(columns(Outer))


def test_labels_stand_beside_the_codes_in_the_wished_language() -> None:
    english = to_rows(OUTER, Outer, labels=Language.ENGLISH)[0]
    chinese = to_rows(OUTER, Outer, labels=Language.CHINESE)[0]
    assert (english["state"], english["state.label"]) == ("screened", "screened")
    assert (chinese["state.label"], chinese["inner.color.label"]) == ("已筛选", "绿")
    assert chinese["step.label"] is None
    assert list(chinese) == list(columns(Outer, labels=Language.CHINESE))


def test_each_part_is_a_row_with_the_rest_of_its_value() -> None:
    names = to_rows([OUTER, OUTER], Outer, each="names")
    assert [row["names"] for row in names] == ["甲", "b"] * 2
    assert {row["state"] for row in names} == {"screened"}
    counts = to_rows(OUTER, Outer, each="counts")
    assert [(row["counts"], row["counts.value"]) for row in counts] == [
        ("x", 1),
        ("y", 2),
    ]
    shares = to_rows(OUTER, Outer, each="shares", labels=Language.CHINESE)
    assert [
        (row["shares"], row["shares.label"], row["shares.whole"]) for row in shares
    ] == [("district", UnitKind.DISTRICT.label, 3)]
    kinds = to_rows(OUTER, Outer, each="kinds")
    assert [(row["kinds"], row["kinds.amount"]) for row in kinds] == [
        ("district", "1.10"),
        ("district", "0.30"),
    ]


def test_a_field_of_a_part_may_be_a_row_again() -> None:
    unit = UnitScore(
        unit="500101",
        standing=next(iter(ScoreClass)),
        index="89.00",
        parts={"satisfaction": "90.0", "caseload": "7"},
        missing=(),
        readings={},
    )
    month = MonthlyScore(
        key="score/2026-03",
        period="2026-03",
        cut=1,
        rulebook="x",
        groups={UnitKind.DISTRICT: (unit, unit)},
        revisions={},
    )
    rows = to_rows(month, MonthlyScore, each="groups.parts")
    assert [(row["groups.parts"], row["groups.parts.value"]) for row in rows] == [
        ("satisfaction", "90.0"),
        ("caseload", "7"),
    ] * 2
    assert {(row["period"], row["groups"], row["groups.unit"]) for row in rows} == {
        ("2026-03", "district", "500101")
    }


@pytest.mark.parametrize("each", ["", "results"])
def test_an_empty_answer_has_the_same_columns(each: str) -> None:
    assert to_rows([], Item, each=each) == []
    names = columns(Item, each=each)
    assert names["number"] is str
    assert names["version"] is int
    assert names["evaluation_passed"] is bool


@pytest.mark.parametrize("each", ["nothing", "state", "names.x", "inner.x", "names."])
def test_an_unknown_field_is_named(each: str) -> None:
    with pytest.raises(InputRefused) as refused:
        columns(Outer, each=each)
    assert refused.value.code == "argument_strange"


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        to_rows([OUTER], Item)
    assert refused.value.code == "argument_not_of_kind"
    assert "Item" in str(refused.value)
    with pytest.raises(InputRefused):
        to_rows(Item, [OUTER])  # the type and the values in each other's place
    assert to_rows(["a", "b"], str) == [{"value": "a"}, {"value": "b"}]
    assert to_rows(3, int) == [{"value": 3}]


def row_type(name: str) -> Any:
    """Return the type of one value of an answer, a part if it has several."""
    hint = flat._bare(types_of(METHODS[name].case.function)["return"])
    return get_args(hint)[0] if hint != Mapping and flat._is_open(hint) else hint


QUESTIONS = [name for name in METHODS if METHODS[name].case.kind is Kind.QUESTION]


def test_the_columns_of_every_answer_have_different_names() -> None:
    for name in QUESTIONS:
        for wish in (None, Language.ENGLISH):
            stages = flat._stages_of(row_type(name), "", wish)
            leaves = Counter(leaf.name for stage in stages for leaf in stage.leaves)
            assert max(leaves.values()) == 1, name


#: Of few types by day: boards and lists of whole editions take long to invent.
FLAT = [
    name
    for name in ANSWERING
    if name in QUESTIONS
    and name not in STEPS
    and row_type(name) not in {bytes, Rulebook}
    and (NIGHTLY or name.partition(".")[0] in {"items", "ratings", "tasks"})
]


@pytest.mark.parametrize("name", FLAT)
@FEW
@given(data=st.data())
def test_every_answer_becomes_rows_of_its_columns(
    name: str, data: st.DataObject
) -> None:
    hint = row_type(name)
    answers = data.draw(st.lists(of(hint), max_size=2))
    names = columns(hint, labels=Language.CHINESE)
    rows = to_rows(answers, hint, labels=Language.CHINESE)
    assert len(rows) == len(answers)
    for row in rows:
        assert list(row) == list(names)
        for column, cell in row.items():
            assert cell is None or type(cell) is CELLS[names[column]]
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
