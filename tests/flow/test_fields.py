"""``fields.of`` and ``fields.schema``: what each act asks for, as data."""

from __future__ import annotations

import inspect
import json
import re

import pytest

from huimin_flow.catalogue.terms import (
    Criterion,
    FieldKind,
    Question,
    Recommendation,
    State,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.fields import Field
from huimin_flow.flow.methods import methods
from huimin_flow.model.core.values import to_plain
from huimin_flow.testing import Desk

ACTS = {name: one for name, one in methods(Flow).items() if one.case.kind is Kind.ACT}

#: The first part of a path: an argument.
_HEAD = re.compile(r"[a-z_]+")


def by_path(desk: Desk, act: str, number: str | None = None) -> dict[str, Field]:
    return {field.path: field for field in desk.flow.fields.of(act, number)}


def test_every_act_has_a_field_for_each_argument_and_a_schema(file_desk: Desk) -> None:
    for name, method in ACTS.items():
        asked = [*inspect.signature(method).parameters.values()][1:]
        arguments = [one.name for one in asked if one.name != "by"]
        fields = file_desk.flow.fields.of(name)
        heads = dict.fromkeys(_HEAD.match(field.path)[0] for field in fields)  # type: ignore[index]
        assert list(heads) == arguments, name
        assert bool(json.loads(json.dumps(to_plain(fields)))) is bool(arguments), name
        schema = file_desk.flow.fields.schema(name)
        assert list(schema.get("properties", {})) == arguments, name
        must = [
            one.name for one in asked if one.default is one.empty and one.name != "by"
        ]
        assert schema.get("required", []) == must, name
        json.dumps(schema)
        for field in fields:
            head = next(one for one in asked if field.path.startswith(one.name))
            assert not field.required or head.default is head.empty, field
            assert (field.kind is FieldKind.TERM) <= bool(field.choices), field


def test_a_judgment_is_asked_for_by_question_with_choices(file_desk: Desk) -> None:
    item = file_desk.item(State.SCREENED)
    fields = by_path(file_desk, "items.judge", item.number)
    yes = fields[f"judgment.answers.{Question.WANTED}.yes"]
    assert (yes.kind, yes.required, yes.label) == (FieldKind.YES_NO, True, "想做 是否")
    score = fields["judgment.scores.feasibility"]
    assert (score.kind, score.label) == (FieldKind.PERCENT, "可行性 各项得分")
    assert fields["number"].default == item.number
    assert fields["version"].default == item.version
    assert [choice.code for choice in fields["number"].choices] == [item.number]
    placement = fields["placement"]
    assert (placement.kind, placement.required, placement.default) == (
        FieldKind.TERM,
        False,
        "year",
    )
    number = file_desk.item(State.COLLECTED).number
    screening = by_path(file_desk, "items.screen", number)
    assert screening["occurred_on"].kind is FieldKind.DAY


def test_a_form_asks_for_nothing_that_the_act_would_refuse(file_desk: Desk) -> None:
    item = file_desk.item(State.COLLECTED)
    criteria = file_desk.flow.rulebook.active().rules.screening.criteria[item.origin]
    asked = {
        path.partition(".")[2]
        for path in by_path(file_desk, "items.screen", item.number)
        if path.startswith("scores.")
    }
    assert asked == {*criteria.weights} - {Criterion.PREVALENCE}
    scores = {Criterion(word): 90 for word in asked}
    assert file_desk.flow.items.screening(item.number, scores).target is not None
    demanded = by_path(file_desk, "items.collect")
    assert "demand.arises_from" in demanded
    assert not {"demand.continues", "demand.split_from"} & demanded.keys()


def test_codes_terms_and_percents_are_told_apart(file_desk: Desk) -> None:
    reason = by_path(file_desk, "items.reject")["reason"]
    assert reason.kind is FieldKind.CODE
    assert "duplicate" in {choice.code for choice in reason.choices}
    assert by_path(file_desk, "items.star")["expected.low"].kind is FieldKind.PERCENT
    assert by_path(file_desk, "items.attach")["content"].kind is FieldKind.FILE
    assert by_path(file_desk, "lists.confirm")["second"].kind is FieldKind.CODE
    task = by_path(file_desk, "items.assign")["plan.tasks[].due"]
    assert (task.kind, task.many) == (FieldKind.DAY, True)
    unit = by_path(file_desk, "items.assign")["plan.tasks[].indicators[].unit"]
    assert unit.kind is FieldKind.TEXT
    recommendation = by_path(file_desk, "items.adjust")["recommendation"]
    assert [one.code for one in recommendation.choices] == [*Recommendation]
    schema = file_desk.flow.fields.schema("items.evaluate")
    assert "satisfaction" not in schema["properties"]


@pytest.mark.parametrize("act", ["items.fly", "fly", "items.__init__", "open.x", ""])
def test_an_act_that_is_not_there_is_refused(file_desk: Desk, act: str) -> None:
    for ask in (file_desk.flow.fields.of, file_desk.flow.fields.schema):
        with pytest.raises(InputRefused, match="这一操作"):
            ask(act)
