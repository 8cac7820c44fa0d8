"""Every act and question as JSON: arguments, answers and refusals come back equal."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin_flow import errors
from huimin_flow.api import Language, OwnEntry, from_plain, speaking, to_plain
from huimin_flow.catalogue.reasons import Code, ConfigProblem, Reason, StoreCode
from huimin_flow.catalogue.terms import FollowUpStep, RecordStep, Role, Step
from huimin_flow.errors import ConfigRefused, HuiminError, InputRefused, StepRefused
from huimin_flow.flow import Flow, wire
from huimin_flow.flow.core.arguments import PAGING, bare, fitting, types_of
from huimin_flow.flow.methods import methods, name_of
from huimin_flow.model.core.changes import FeedChange
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import Difference, Share
from huimin_flow.model.items import Todo, Undo
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.settings import load_rulebook
from tests.conftest import CONFIG
from tests.sampled import NIGHTLY, sampled

METHODS = methods(Flow)

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**53) | TEXTS,
    lambda part: st.lists(part, max_size=2) | st.dictionaries(TEXTS, part, max_size=2),
    max_leaves=4,
)
PUBLIC = st.dictionaries(TEXTS, PLAIN, max_size=3)

#: What hypothesis can't know of our types.
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
st.register_type_strategy(date, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
st.register_type_strategy(
    datetime,
    st.datetimes(
        datetime(2000, 1, 2),  # noqa: DTZ001 - the zone follows
        datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
st.register_type_strategy(Difference, st.builds(Difference, TEXTS, PLAIN, PLAIN))
st.register_type_strategy(
    Sequence, lambda kind: st.lists(st.from_type(get_args(kind)[0]), max_size=3)
)
st.register_type_strategy(OwnEntry, st.builds(OwnEntry, schema=PUBLIC))


def parts_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of short tuples: with long ones, tables in tables get huge."""
    first, *others = get_args(kind) or (Any, ...)
    if others == [...]:
        return st.lists(st.from_type(first), max_size=3).map(tuple)
    return st.tuples(*(st.from_type(part) for part in [first, *others]))


st.register_type_strategy(tuple, parts_of)
st.register_type_strategy(FeedChange, st.builds(FeedChange, data=PUBLIC))
st.register_type_strategy(
    Event, st.builds(Event, public=PUBLIC, verdict=st.none() | PUBLIC)
)


#: Answers with words of several kinds: only some of each kind occur.
TODO_STEPS = (
    *(step for step in Step if step is not Step.ENLIST),
    *(FollowUpStep.ANSWER, FollowUpStep.VERIFY, FollowUpStep.UPHOLD),
    *(RecordStep.SUBMIT, RecordStep.ACCEPT, RecordStep.REPORT, RecordStep.APPROVE),
    *(RecordStep.PUBLISH, RecordStep.CONFIRM),
)
STEPS = {
    "people.todo": st.tuples(st.builds(Todo, step=st.sampled_from(TODO_STEPS))),
    "items.undo": st.builds(
        Undo,
        last=st.sampled_from([*Step, RecordStep.PROPOSE]),
        step=st.none() | st.sampled_from([*Step, RecordStep.WITHDRAW]),
    ),
}


@cache
def book() -> Rulebook:
    return rulebook_from_text(rulebook_text(load_rulebook(CONFIG)))


def of(hint: Any) -> st.SearchStrategy[Any]:
    if hint is Rulebook:
        return st.builds(book)
    if bare(hint) == Sequence[Mapping[str, Any]]:
        return st.lists(PUBLIC, max_size=3)
    return PUBLIC if hint == Mapping[str, Any] else st.from_type(hint)


def same(one: Any, other: Any, *, texts: bool = False) -> bool:
    """Tell whether values are equal, words of the same kind included.

    With ``texts`` a word may come back as its text, where only a text is declared.
    """
    if isinstance(one, str | bytes | int | date | None):
        text = texts and isinstance(one, str) and type(other) is str
        return (text or type(one) is type(other)) and bool(one == other)
    if isinstance(one, Mapping):
        names = list(one)
        ones, others = [one[name] for name in names], [other[name] for name in names]
        return one.keys() == other.keys() and same(ones, others, texts=texts)
    if isinstance(one, Sequence):
        pairs = zip(one, other, strict=False)
        alike = (same(each, its, texts=texts) for each, its in pairs)
        return len(one) == len(other) and all(alike)
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        names = [part.name for part in fields(one)]
        ones = [getattr(one, name) for name in names]
        return same(ones, [getattr(other, name) for name in names], texts=texts)
    return bool(one == other)


def through(plain: Any) -> Any:
    return json.loads(json.dumps(plain, allow_nan=False))


#: Values of whole rulebooks and editions are large: few of them are enough.
FEW = settings(
    max_examples=5 if NIGHTLY else 3,
    suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", METHODS)
@FEW
@given(data=st.data())
def test_arguments_come_back_as_they_were(name: str, data: st.DataObject) -> None:
    function = METHODS[name].case.function
    assert name_of(Flow, function) == name
    _, *parameters = inspect.signature(function).parameters.values()
    hints, args, given = types_of(function), (), {}
    for parameter in parameters:
        kind = of(hints[parameter.name])
        if parameter.name in PAGING:  # nobody asks for fewer than no lines
            kind = kind.map(lambda given: given and abs(given))
        if parameter.kind is parameter.VAR_POSITIONAL:
            args = tuple(data.draw(st.lists(kind, max_size=3)))
        elif parameter.default is parameter.empty or data.draw(st.booleans()):
            given[parameter.name] = data.draw(kind)
    call = wire.call_of(
        name, function, json.dumps(wire.plain_call(function, args, given))
    )
    back = call.values(function)
    assert back.keys() == given.keys() - {"by"} | ({"states"} if args else set())
    for part, value in back.items():
        sent = "" if part == "account" else given.get(part, args)
        assert same(sent.id if isinstance(sent, Actor) else sent, value), part
    if "by" in given:
        assert (call.by, call.roles) == (given["by"].id, given["by"].roles)
    people = {part: who for part, who in given.items() if isinstance(who, Actor)}
    fitting(function, *wire.bound_of(function, {**back, **people}))


#: A method for each type of an answer; by night every method.
ANSWERING = sampled(
    METHODS,
    lambda name: str(types_of(METHODS[name].case.function)["return"]),
    lambda name: name if name in STEPS else None,
)


@pytest.mark.parametrize("name", ANSWERING)
@FEW
@given(data=st.data())
def test_an_answer_comes_back_as_it_was(name: str, data: st.DataObject) -> None:
    function = METHODS[name].case.function
    kind = STEPS[name] if name in STEPS else of(types_of(function)["return"])
    answer = data.draw(kind)
    plain = through(to_plain(answer))  # any JSON library can write and read it
    back = from_plain(types_of(function)["return"], plain)
    assert same(answer, back), (answer, back)
    assert plain == through(to_plain(back))


@pytest.mark.parametrize(
    ("kind", "plain", "said"),
    [
        (Share, {"part": "x", "y": 1}, [("unfit", "part"), ("missing", "whole"), ("strange", "y")]),
        (Share, 3, [("unfit", "$")]),
        (tuple[Share, ...], [{"part": 1, "whole": 2}, {"part": 1}], [("missing", "1.whole")]),
        (Rulebook, "{", [("unfit", "$")]),
        (Rulebook, None, [("unfit", "$")]),
        (bytes, "ü", [("unfit", "$")]),
    ],
)  # fmt: skip
def test_what_no_answer_is_is_refused_with_each_place(
    kind: Any, plain: Any, said: list[tuple[str, str]]
) -> None:
    with pytest.raises(InputRefused) as refused:
        from_plain(kind, plain)
    reasons = refused.value.reasons
    assert [(each.code, each.values["path"]) for each in reasons] == [
        (f"plain_{code}", path) for code, path in said
    ]
    for language in Language:
        with speaking(language):
            assert kind.__name__ in str(refused.value)
            assert "to_plain" in refused.value.remedy


KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, HuiminError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_comes_back_with_all_it_says(kind: type[HuiminError]) -> None:
    reasons = (
        Reason(code="no_task", supplier=Role.OFFICE),
        Reason(code=Code.STALE_VERSION, values={"stream": "item/1", "found": 3}),
        Reason(code=Code.FACT_MISSING, values={"fact": "x"}, earliest=date(2026, 1, 2)),
    )
    if kind is ConfigRefused:
        reason = Reason(code=StoreCode.BUSY)
        problem = ConfigProblem(
            file="p1.yaml", reason=reason, line=3, key="a.b", shown="x"
        )
        refusal: HuiminError = ConfigRefused((problem,))
    else:
        refusal = kind(reasons)
    refusal.add_note("the log is full")
    if isinstance(refusal, StepRefused):
        refusal.trace = {"at": "2026-01-01T00:00:00Z", "actor": "op"}
    back = wire.refusal_of(through(wire.plain_refusal(refusal)))
    assert type(back) is kind
    assert vars(back) == vars(refusal)
    for language in Language:
        with speaking(language):
            assert (str(back), back.remedy) == (str(refusal), refusal.remedy)


@pytest.mark.parametrize(
    ("call", "code", "path"),
    [
        ("{", "no_call", ""),
        ("[]", "no_call", ""),
        ("[" * 9999, "no_call", ""),
        ("{}", "argument_missing", "args"),
        ('{"args": [], "by": "op"}', "no_call", "args"),
        ('{"args": {"number": "1", "scores": {}}, "dry": "yes"}', "no_call", "dry"),
        ('{"args": {"number": "1", "scores": {}}, "by": 1}', "no_call", "by"),
        ('{"args": {"number": "1", "scores": {}}, "own_roles": [1]}', "no_call", "own_roles"),
        ('{"args": {"number": "1", "scores": {}}, "roles": ["x"]}', "no_call", "roles"),
        ('{"args": {"number": "1", "scores": {}}, "now": "2026-01-01T00:00:00"}',
         "no_call", "now"),
        ('{"args": {"number": "1", "scores": {}}, "who": 1}', "argument_strange",
         "who"),
        ('{"args": {}}', "argument_missing", "number"),
        ('{"args": {"number": "1", "scores": {}, "by": "x"}}', "argument_strange",
         "by"),
        ('{"args": {"number": 1, "scores": {}}}', "argument_not_of_kind", "number"),
        ('{"args": {"number": "1", "scores": {"urgency": "80"}}}',
         "argument_not_of_kind", "scores.urgency"),
        ('{"args": {"number": "1", "scores": {"urgency": 8.5}}}',
         "argument_not_of_kind", "scores.urgency"),
        ('{"args": {"number": "1", "scores": {"x": 80}}}', "argument_not_one_of",
         "scores"),
        ('{"args": {"number": "1", "scores": {}, "occurred_on": "x"}}',
         "argument_not_of_kind", "occurred_on"),
        ('{"args": {"number": "1", "scores": {}, "version": NaN}}',
         "argument_not_of_kind", "version"),
    ],
)  # fmt: skip
def test_a_call_that_does_not_fit_is_named(call: str, code: str, path: str) -> None:
    function = METHODS["items.screen"].case.function
    with pytest.raises(InputRefused) as refused:
        wire.call_of("items.screen", function, call)
    assert (refused.value.code, refused.value.reasons[0].values["path"]) == (code, path)
    assert refused.value.remedy


def test_a_field_of_a_value_and_a_rulebook_are_checked_too() -> None:
    add, activate = METHODS["appeals.add"], METHODS["rulebook.activate"]
    given = json.dumps({"args": {"appeal": {"key": 1}}})
    with pytest.raises(InputRefused, match=r"appeal\.key"):
        wire.call_of("appeals.add", add.case.function, given)
    for text in ("{}", "x", "[" * 9999, '{"rules": 1}'):
        function = activate.case.function
        given = json.dumps({"args": {"book": text, "second": "op"}})
        call = wire.call_of("rulebook.activate", function, given)
        with pytest.raises(InputRefused):
            call.values(function)
