"""Whatever junk a public method is given, only a refusal in words comes out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from itertools import product
from operator import attrgetter
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin_flow.audit import verify
from huimin_flow.catalogue.reasons import InputCode, Language, speaking
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Criterion,
    Origin,
    Question,
    State,
    Term,
)
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.arguments import bare, word_of
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.methods import methods
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.ratings import Rating
from huimin_flow.testing import Desk
from tests.sampled import NIGHTLY, sampled

JUNK: tuple[Any, ...] = (
    None, True, 80.5, -1, 10**30, "", "\0", "q\0", "\ud800", "x" * 3_000_000, b"\0",
    [], {}, [None], ["\0"], {"\0": None}, object(), date.min, datetime(1, 1, 1, tzinfo=UTC),
    datetime(2023, 1, 1),  # noqa: DTZ001 - what the door must refuse
    Demand(title="\0", origin=Origin.PROBLEM, area=Area.TALENT, unit="\ud800"),
    [Appeal(key="\0", channel="x", who="y", district="z", text="t")],
    [Progress(item="\0", task="1", indicator="x", month="0000-99", value=10**30)],
)  # fmt: skip

#: Methods that take no junk of ours: they open, end or mend the door.
APART = {"close", "keep", "open", "bind", "found", "whole", "settle", "snapshot", "dry"}


METHODS = methods(Flow)


def public() -> list[str]:
    return sorted(
        name
        for name, one in inspect.getmembers(Flow, inspect.isfunction)
        if not name.startswith("_") and name not in APART
    ) + sorted(methods(Flow))


#: By night each method on each make of database, otherwise on one of the two.
ON_MAKES = sampled(
    product(("sqlite", "postgresql"), enumerate(public())),
    lambda cell: cell if (cell[1][0] + len(cell[0])) % 2 else None,
)


@pytest.mark.parametrize(
    ("url", "name"), [(make, name) for make, (_, name) in ON_MAKES], indirect=["url"]
)
def test_junk_is_refused_in_words_by_every_public_method(desk: Desk, name: str) -> None:
    method: Callable[..., Any] = attrgetter(name)(desk.flow)
    parameters = inspect.signature(method).parameters.values()
    asked = [
        one
        for one in parameters
        if one.default is one.empty and one.kind is not one.VAR_POSITIONAL
    ]
    for junk in JUNK:
        named = {one.name: junk for one in asked}
        for by in (junk, desk.flow.people.actor("office-1")):
            given_by = {"by": by} if "by" in named else {}
            with suppress(HuiminError):
                method(**named | given_by)


@pytest.mark.parametrize(
    "request_id", ["", "q\0", "惠民", " \n", "x" * 201, "x" * 3_000_000, None, 5]
)
def test_a_request_id_is_short_printable_ascii(desk: Desk, request_id: Any) -> None:
    with pytest.raises(InputRefused, match="请求编号"):
        desk.flow.once(request_id)


def test_a_request_id_of_200_characters_is_taken(desk: Desk) -> None:
    number = desk.item(State.COLLECTED).number
    assert desk.flow.once("x" * 200).items.get(number).number == number


@settings(
    max_examples=40 if NIGHTLY else 15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    scores=st.dictionaries(
        st.sampled_from([*Criterion, "urgency", 1]),
        st.none()
        | st.booleans()
        | st.floats(allow_nan=True)
        | st.text(max_size=3)
        | st.integers(-5, 105)
        | st.integers(),
        max_size=4,
    )
)
def test_a_score_is_refused_or_taken_and_the_history_stays_clean(
    file_desk: Desk, scores: dict[Any, Any]
) -> None:
    number = file_desk.item(State.COLLECTED).number
    with suppress(HuiminError):
        file_desk.flow.items.screen(
            number, scores, by=file_desk.flow.people.actor("office-1")
        )
    assert not door_of(file_desk.flow).read(verify.verify).findings


@pytest.mark.parametrize("score", [True, 80.5, "80", None])
def test_a_score_that_is_no_whole_number_is_named(desk: Desk, score: Any) -> None:
    number = desk.item(State.COLLECTED).number
    with pytest.raises(InputRefused, match=r"scores\.urgency.*应为 int"):
        desk.flow.items.screen(
            number, {Criterion.URGENCY: score}, by=desk.flow.people.actor("office-1")
        )


@pytest.mark.parametrize(
    ("junk", "told"),
    [
        (None, "NoneType"),
        ([], "list"),
        ({}, "dict"),
        (True, "bool"),
        (b"", "bytes"),
        (80.5, "float 80.5"),
        ("x", "str “x”"),
        (Area.TALENT, "Area “talent”"),
    ],
)
def test_what_is_wanted_and_what_is_given_are_called_by_their_classes(
    file_desk: Desk, junk: Any, told: str
) -> None:
    flow = file_desk.flow
    with pytest.raises(InputRefused) as refused:
        flow.items.collect(junk, by=flow.people.actor("office-1"))
    assert str(refused.value) == f"“事项需求”(demand)应为 Demand,不能是 {told}"
    with pytest.raises(InputRefused) as refused:
        flow.items.adjust("2023-000001", junk, "甲", by=flow.people.actor("office-1"))
    assert "应为下列之一:Recommendation.CONTINUE、Recommendation.IMPROVE" in str(
        refused.value
    )
    with speaking(Language.ENGLISH):
        assert "must be one of Recommendation.CONTINUE, " in str(refused.value)


@pytest.mark.parametrize(
    ("name", "told", "word"),
    [
        ("people.actor", {"person": 5}, "岗位代号"),
        ("lists.confirm", {"key": 5}, "清单编号"),
        (
            "lists.supplement",
            {"number": "1", "edition": 5, "reason": "-"},
            "清单编号",
        ),
        ("scores.month", {"period": "2023-10", "edition": "1"}, "版次"),
        ("proposals.approve", {"key": 5, "seen": "x"}, "提请编号"),
        ("appeals.trail", {"key": 5}, "诉求编号"),
        ("scores.editions", {"key": 5}, "评价编号"),
        ("items.attach", {"number": "1", "name": 5, "content": b""}, "附件名"),
        ("assessments.return_", {"key": "1", "note": 5}, "退回理由"),
    ],
)
def test_an_argument_is_called_by_what_it_means_in_its_act(
    file_desk: Desk, name: str, told: dict[str, Any], word: str
) -> None:
    method = attrgetter(name)(file_desk.flow)
    people = {"by", "second"} & set(inspect.signature(method).parameters)
    with pytest.raises(InputRefused, match=f"^“{word}”") as refused:
        method(**told, **dict.fromkeys(people, file_desk.office))
    assert refused.value.code == InputCode.NOT_OF_KIND


@pytest.mark.parametrize(
    ("name", "values", "code", "path"),
    [
        ("items.judge", ("1", "1", {"answers": {Question.WANTED: {"yes": 1}}}),
         InputCode.NOT_OF_KIND, "judgment.answers.wanted.yes"),
        ("items.judge", ("1", "1", {"answers": {"wanted": {}}}),
         InputCode.NOT_ONE_OF, "judgment.answers"),
        ("items.split", ("1", [({}, [("a", "b"), ("a", 5)])]),
         InputCode.NOT_OF_KIND, "parts[1][2][2][2]"),
        ("items.split", ("1", [({}, [("a",)])]),
         InputCode.NOT_OF_KIND, "parts[1][2][1]"),
        ("items.split", ("1", [({"origin": "x"}, [])]),
         InputCode.NOT_ONE_OF, "parts[1][1].origin"),
        ("items.list", (State.COLLECTED, 5), InputCode.NOT_ONE_OF, "states"),
        ("items.get", (2**53,), InputCode.NOT_OF_KIND, "number"),
        ("lists.preview", (2024,), InputCode.NOT_OF_KIND, "period"),
        ("tasks.report", ([{}, {"value": -(2**60)}],),
         InputCode.NUMBER_TOO_GREAT, "reports[2].value"),
        ("tasks.report", ([{"evidence": [""]}],),
         InputCode.NOT_OF_KIND, "reports[1].evidence"),
        ("appeals.link", ("1", [["a", "b"]]), InputCode.NOT_OF_KIND, "appeals[1]"),
    ],
)  # fmt: skip
def test_a_refusal_says_the_path_to_the_value_that_does_not_fit(
    file_desk: Desk, name: str, values: tuple[Any, ...], code: InputCode, path: str
) -> None:
    made = [
        _made(hint, value) for hint, value in zip(_hints(name), values, strict=False)
    ]
    by = {"by": file_desk.office} if METHODS[name].case.kind is Kind.ACT else {}
    with pytest.raises(InputRefused) as refused:
        attrgetter(name)(file_desk.flow)(*made, **by)
    assert refused.value.code == code
    assert refused.value.reasons[0].values["path"] == path


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2200, 1, 1)])
def test_a_day_out_of_range_is_refused_by_its_word(file_desk: Desk, day: date) -> None:
    with pytest.raises(InputRefused) as refused:
        file_desk.flow.rulebook.active(on=day)
    assert refused.value.code == InputCode.DAY_OUT_OF_RANGE


@pytest.mark.parametrize(("sign", "place"), [("\0", 3), ("\ud800", 3)])
def test_a_sign_that_no_database_holds_is_refused_with_its_place(
    file_desk: Desk, sign: str, place: int
) -> None:
    with pytest.raises(InputRefused) as refused:
        file_desk.flow.items.get(f"\n惠{sign}")
    assert refused.value.code == InputCode.TEXT_UNFIT
    assert refused.value.reasons[0].values["place"] == place


def test_too_many_too_few_and_unknown_arguments_are_errors_of_python(
    file_desk: Desk,
) -> None:
    get: Any = file_desk.flow.items.get
    for args, kwargs in [((), {}), (("1", "2"), {}), (("1",), {"x": 1}), ((5, 5), {})]:
        with pytest.raises(TypeError):
            get(*args, **kwargs)


def _made(hint: Any, value: Any) -> Any:
    """A value of a type; a mapping stands for one with these fields, and good others."""
    kind = bare(hint)
    if is_dataclass(kind) and isinstance(value, dict):
        known = hints(kind)
        good = {
            field.name: _good(known[field.name])
            for field in fields(kind)
            if field.default is MISSING
        }
        made: Any = kind
        return made(**good | {n: _made(known[n], part) for n, part in value.items()})
    if isinstance(value, dict):
        return {key: _made(get_args(kind)[1], part) for key, part in value.items()}
    if isinstance(value, list | tuple) and get_args(kind):
        parts = get_args(kind)
        kinds = parts if len(parts) == len(value) > 1 else parts[:1] * len(value)
        return type(value)(map(_made, kinds, value))
    return value


def _good(hint: Any) -> Any:
    kind = bare(hint)
    if isinstance(kind, type) and issubclass(kind, Term):
        return next(iter(kind))
    return {str: "甲", int: 1, bool: True}.get(kind, {})


def _hints(name: str) -> list[Any]:
    *parts, _ = hints(METHODS[name].__wrapped__).items()
    return [hint for name, hint in parts if name != "work"]


PLACE: dict[str, Any] = {"area": Area.TALENT, "unit": "500101"}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("items.collect", Demand(title="甲", **PLACE | {"origin": "problem"}),
         "of Origin.PROBLEM, Origin.OPINION, Origin.POLICY, not str “problem”"),
        ("tasks.report", {1}, "must be list, not set"),
    ],
)  # fmt: skip
def test_a_refusal_of_a_type_names_the_classes_of_python(
    file_desk: Desk, name: str, value: object, sentence: str
) -> None:
    with pytest.raises(InputRefused) as refused, speaking(Language.ENGLISH):
        attrgetter(name)(file_desk.flow)(value, by=file_desk.office)
    with speaking(Language.ENGLISH):
        assert str(refused.value).endswith(sentence)


def test_a_post_for_an_actor_is_refused_with_the_way_to_its_actor(desk: Desk) -> None:
    flow: Any = desk.flow
    with pytest.raises(InputRefused) as acting, flow.acting("office-1"):
        pass
    with pytest.raises(InputRefused) as act:
        flow.items.close("1", by="office-1")
    for refused in acting.value, act.value:
        assert refused.code == InputCode.NOT_AN_ACTOR
        assert "flow.people.actor" in refused.remedy


def test_every_argument_of_an_act_and_every_field_of_one_has_a_word() -> None:
    asked = {
        word_of(hint, at)
        for method in (*METHODS.values(), Flow.moment, Flow.once)
        for at, hint in hints(inspect.unwrap(method)).items()
        if at not in {"work", "return"}
    }
    fields = {
        word_of(hint, at)
        for name in METHODS
        for owner, asked_for in hints(inspect.unwrap(METHODS[name])).items()
        if owner not in {"work", "return"}
        for kind in _classes(asked_for)
        if is_dataclass(kind) and kind not in {Rating, Rulebook}
        for at, hint in hints(kind).items()
    }
    assert len(fields) > 50
    assert sorted((asked | fields) ^ set(Argument)) == []


def hints(owner: Any) -> dict[str, Any]:
    return get_type_hints(owner, include_extras=True)


def _classes(hint: Any) -> set[type]:
    """Return the values' classes that an annotation names, however deep."""
    if hint in {Rating, Rulebook}:  # looked at one by one, or whole by their making
        return {hint}
    if is_dataclass(hint) and isinstance(hint, type):
        return {hint}.union(*map(_classes, get_type_hints(hint).values()))
    return set().union(*map(_classes, get_args(hint)))
