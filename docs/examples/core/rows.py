"""Answers for other programs: as JSON, as rows, in a chosen language."""

from __future__ import annotations

import json

from huimin_flow.api import (
    Item,
    Language,
    MonthlyScore,
    State,
    StepRefused,
    columns,
    from_plain,
    speaking,
    to_plain,
    to_rows,
)
from huimin_flow.testing import Desk


def to_json_and_back(desk: Desk) -> None:
    """Write an answer as JSON, and read the same value again."""
    item = desk.item(State.SCREENED)
    text = json.dumps(to_plain(item))
    assert json.loads(text)["state"] == "screened"
    assert from_plain(Item, json.loads(text)) == item


def rows_of_a_frame(desk: Desk) -> None:
    """Make flat rows of values, with stable columns and the labels of terms."""
    item = desk.item(State.SCREENED)
    (row,) = to_rows(item, Item, labels=Language.CHINESE)
    assert (row["state"], row["state.label"]) == ("screened", "已筛选")
    assert list(row) == list(columns(Item, labels=Language.CHINESE))

    # The month has not been scored: no rows, but the same columns, a row for each unit.
    months = desk.flow.scores.months("2023-08", "2023-08")
    assert to_rows(months, MonthlyScore, each="groups") == []
    assert columns(MonthlyScore, each="groups")["groups.index"] is str


def sentences_in_english(desk: Desk) -> None:
    """Let a refusal speak English; its code is the same in both languages."""
    item = desk.item(State.SCREENED)
    try:
        desk.flow.items.close(item.number, by=desk.office)
    except StepRefused as refusal:
        with speaking(Language.ENGLISH):
            assert str(refusal).startswith("an item that is screened cannot close")
        assert refusal.code == "no_such_arc"
