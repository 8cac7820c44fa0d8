"""What a guard or a rule of a host answers is made anew, or refused by its name."""

from __future__ import annotations

from asyncio import CancelledError
from datetime import date, datetime
from itertools import count, repeat
from typing import Any

import pytest

from huimin_flow.catalogue.reasons import ExtensionCode, Reason, Wording
from huimin_flow.catalogue.terms import Step
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.extensions import Extension
from huimin_flow.rules.extensions import Asked, verdicts


class Alike(str):
    """A text that says it equals every other one."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class SameReason(Reason):
    """A reason that says it equals every other one."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = Reason.__hash__


class Left(BaseException):
    """What no handler of errors expects."""


def raising(failure: type[BaseException]) -> Any:
    """Return a guard that raises."""

    def guard(_: object) -> Any:
        raise failure

    return guard


def no(**values: Any) -> list[Reason]:
    """Return the answer of a guard that refuses."""
    return [Reason(code="no", values=values)]


def rule(**parts: Any) -> Verdict:
    """Return the answer of a rule."""
    return Verdict(**{"rule": "", "revision": 1, "passed": True, **parts})


calls = count()

GUARDS: dict[str, Any] = {
    "raises past errors": raising(Left),
    "cancels": raising(CancelledError),
    "never ends": lambda _: repeat(no()[0]),
    "a text": lambda _: "no",
    "yes": lambda _: True,
    "many values": lambda _: no(**{f"v{n}": 1 for n in range(21)}),
    "a long text": lambda _: no(a="x" * 301),
    "an endless number": lambda _: no(a=10**5000),
    "a number that JSON readers round": lambda _: no(a=2**60),
    "a float": lambda _: no(a=0.5),
    "no values": lambda _: [Reason(code="no", values=None)],  # type: ignore[arg-type]
    "a numbered value": lambda _: [Reason(code="no", values={1: 1})],  # type: ignore[dict-item]
    "a long name": lambda _: no(**{"x" * 41: 1}),
    "a hidden sign in a name": lambda _: no(**{"\u202ea": 1}),
    "nobody": lambda _: [Reason(code="no", supplier="nobody")],  # type: ignore[arg-type]
    "no day": lambda _: [Reason(code="no", earliest=datetime.max)],  # noqa: DTZ901
    "a lying code": lambda _: [Reason(code=Alike("yes"))],
    "a code of ours": lambda _: [Reason(code="no_task")],
}

RULES: dict[str, Any] = {
    "raises past errors": raising(Left),
    "nothing": lambda _: None,
    "a lying score": lambda _: rule(score=Alike(next(calls))),
    "a long score": lambda _: rule(score="9" * 301),
    "a score that is a number": lambda _: rule(score=9),
    "perhaps": lambda _: rule(passed="perhaps"),
    "many inputs": lambda _: rule(inputs={f"v{n}": 1 for n in range(21)}),
    "no inputs": lambda _: rule(inputs=None),
    "no reasons": lambda _: rule(reasons=None),
}


def answer_of(**functions: Any) -> tuple[Verdict, ...]:
    """Ask the functions of an extension."""
    extension = Extension(
        name="sly", label="甲", english="a", revision=3,
        texts={"no": Wording("不", "no", "改", "mend")}, **functions,
    )  # fmt: skip
    day = date(2027, 1, 4)
    asked = Asked(step=Step.AMEND, item=None, changes={}, section={}, day=day)
    return verdicts(extension, asked)


@pytest.mark.parametrize("way", GUARDS)
def test_what_no_guard_may_answer_is_refused(way: str) -> None:
    with pytest.raises(StepRefused) as refused:
        answer_of(guards={Step.AMEND: GUARDS[way]})
    (reason,) = refused.value.reasons
    assert reason.code == ExtensionCode.GUARD_FAILED
    assert reason.values["guard"] == "sly.guard.amend"


@pytest.mark.parametrize("way", RULES)
def test_what_no_rule_may_answer_is_refused(way: str) -> None:
    with pytest.raises(StepRefused) as refused:
        answer_of(rules={Step.AMEND: RULES[way]})
    (reason,) = refused.value.reasons
    assert reason.code == ExtensionCode.GUARD_FAILED


def test_a_reason_that_equals_all_others_hides_no_second_answer() -> None:
    def counting(_: object) -> Any:
        return [SameReason(code="no", values={"n": next(calls)})]

    with pytest.raises(StepRefused) as refused:
        answer_of(guards={Step.AMEND: counting})
    assert refused.value.code == ExtensionCode.NOT_PURE


def test_who_sits_at_the_keys_can_still_stop_a_guard() -> None:
    with pytest.raises(KeyboardInterrupt):
        answer_of(guards={Step.AMEND: raising(KeyboardInterrupt)})


def test_no_rule_names_other_facts_than_it_was_given() -> None:
    forged = {"facts": "0" * 64, "step": "close", "a": 1}
    (verdict,) = answer_of(rules={Step.AMEND: lambda _: rule(inputs=forged)})
    assert (verdict.rule, verdict.revision) == ("sly.rule.amend", 3)
    assert verdict.inputs["step"] == "amend"
    assert verdict.inputs["facts"] != forged["facts"]
    assert verdict.inputs["a"] == 1


def test_what_it_says_shows_no_person_and_hides_no_sign() -> None:
    said = "13800138000\u202e\x00\ud800"
    (verdict,) = answer_of(
        rules={
            Step.AMEND: lambda _: rule(
                score=said, reasons=tuple(no(a=said)), inputs={"a": said}
            )
        }
    )
    shown = "*" * 11 + r"\u202e\x00\ud800"
    assert verdict.score == verdict.inputs["a"] == shown
    assert verdict.reasons[0].values == {"a": shown}
