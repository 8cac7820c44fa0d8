"""What the guards and rules of an extension say of a step, checked as far as possible.

Each function is asked twice, with facts that were made twice. So a function that counts
its calls, reads a clock or draws lots, or that changes what it is given, is refused in
most cases. While it is asked, no door of ours opens to it: an act of its own would wait
for the very act that asks, or stay when that one is refused. What it answers is made
anew from plain values, so that no class of the host's is kept, and no text that a page
or a database couldn't hold. What can't be seen: a function that reads a file, a
database or the network, and finds the same there both times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

from huimin_flow.catalogue.reasons import (
    EXTENDED,
    ExtensionCode,
    Reason,
    Reasons,
    reason_of,
)
from huimin_flow.catalogue.terms import ReasonCode, Role, Step
from huimin_flow.errors import HuiminError, StepRefused
from huimin_flow.model.core.canonical import GREATEST, canonical_of_plain, digest
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import from_plain, to_plain, value
from huimin_flow.model.extensions import Extension, Facts, frozen
from huimin_flow.model.items import Item
from huimin_flow.personal import masked

#: How many reasons one guard may give, how many values one of them may have, how long
#: a text in them may be, and how long the name of a value.
_MOST, _LONGEST, _NAME = 20, 300, 40

#: The middle of the name of a guard's verdict: ``funds.guard.execute``.
_GUARD: Final = "guard"


#: Which function of a host is asked now by this flow of control, "" for none.
_ASKING: ContextVar[str] = ContextVar("huimin_asking", default="")


@contextmanager
def asking(name: str) -> Iterator[None]:
    """Let no door open inside: code of a host named ``name`` is asked there."""
    before = _ASKING.set(name)
    try:
        yield
    finally:
        _ASKING.reset(before)


def require_nothing_asked() -> None:
    """Refuse to open a door to a function that must decide by its facts alone.

    Raises:
        StepRefused: if one is asked.

    """
    name = _ASKING.get()
    if name:
        raise StepRefused(ExtensionCode.GUARD_ACTS, guard=name)


@value
class Asked:
    """What an extension is asked about: a step with an item, and its section.

    ``changes`` is None before an act has its arguments.
    """

    step: Step
    item: Item | None
    changes: Mapping[str, Any] | None
    section: Mapping[str, Any]
    day: date


def facts_of(extension: Extension, asked: Asked) -> Facts:
    """Return the facts for one call; each call gets facts of its own."""
    item = asked.item
    own = {} if item is None else item.own_of(extension.name)
    changes = None if asked.changes is None else frozen(to_plain(asked.changes))
    model = extension.section
    return Facts(
        step=asked.step,
        item=None if item is None else replace(item),
        own=frozen(own),
        changes=changes,
        section=None if model is None else model.model_validate(dict(asked.section)),
        day=asked.day,
    )


def verdicts(extension: Extension, asked: Asked) -> tuple[Verdict, ...]:
    """Return what its rule and its guard for a step found, the rule's first.

    A guard's verdict is negative if it gives a reason.

    Raises:
        StepRefused: for a function that raises, answers the same facts in two ways,
            changes them, or returns what is no answer.

    """
    found, names = [], functions_of(extension.name, asked.step)
    rule, guard = extension.rules.get(asked.step), extension.guards.get(asked.step)
    if rule is not None:
        found.append(_asked(extension, asked, names[0], rule, _of_rule))
    if guard is not None:
        found.append(_asked(extension, asked, names[1], guard, _of_guard))
    return tuple(found)


def why_not(found: tuple[Verdict, ...]) -> tuple[Reason, ...]:
    """Return the reasons of the guards among some verdicts; a rule stops nothing."""
    return tuple(
        reason
        for verdict in found
        if f".{_GUARD}." in verdict.rule
        for reason in verdict.reasons
    )


def functions_of(name: str, step: Step) -> tuple[str, str]:
    """Return the names of an extension's rule and guard for a step.

    >>> functions_of("funds", Step.ASSIGN)
    ('funds.rule.assign', 'funds.guard.assign')

    """
    return f"{name}.rule.{step.value}", f"{name}.{_GUARD}.{step.value}"


def digest_of(name: str, asked: Asked) -> str:
    """Return the digest of the facts about which an extension is asked."""
    stated = {
        "item": asked.item,
        "changes": asked.changes,
        "section": asked.section,
        "day": asked.day,
        "extension": name,
    }
    return digest(canonical_of_plain(to_plain(stated)))


def refusals_in(kept: Mapping[str, Any]) -> Reasons:
    """Return the reasons of guards in what an event keeps of extensions, by name."""
    return tuple(
        reason
        for _, said in sorted(kept.items())
        for reason in why_not(from_plain(tuple[Verdict, ...], said["verdicts"]))
    )


def _asked(
    extension: Extension,
    asked: Asked,
    name: str,
    function: Callable[[Facts], Any],
    read: Callable[[Extension, Any], Verdict],
) -> Verdict:
    """Ask one function twice, and return its one answer."""

    def refused(code: ReasonCode, **detail: str) -> StepRefused:
        values = {"extension": extension.name, "guard": name, **detail}
        return StepRefused((reason_of(code, values),))

    answers = []
    for _ in range(2):
        try:
            with asking(name):
                facts = facts_of(extension, asked)
                answers.append(read(extension, function(facts)))
        except HuiminError as failure:
            raise refused(ExtensionCode.GUARD_FAILED, detail=failure.code) from failure
        except KeyboardInterrupt:  # of who sits at the keys
            raise
        except BaseException as failure:
            # What it says may name a person; only its type is told.
            detail = type(failure).__name__
            raise refused(ExtensionCode.GUARD_FAILED, detail=detail) from failure
        if facts != facts_of(extension, asked):
            raise refused(ExtensionCode.FACTS_CHANGED)
    if answers[0] != answers[1]:
        raise refused(ExtensionCode.NOT_PURE)
    stated = {"step": asked.step.value, "facts": digest_of(extension.name, asked)}
    inputs = {**answers[0].inputs, **stated}
    return replace(answers[0], rule=name, revision=extension.revision, inputs=inputs)


def _of_guard(extension: Extension, answer: Any) -> Verdict:
    reasons = _named(extension, () if answer is None else answer)
    return Verdict(rule="", revision=1, passed=not reasons, reasons=reasons)


def _of_rule(extension: Extension, answer: Any) -> Verdict:
    if not isinstance(answer, Verdict):
        raise TypeError(type(answer).__name__)
    score = None if answer.score is None else _text(answer.score)
    if type(answer.passed) is not bool:
        raise TypeError(type(answer.passed).__name__)
    return Verdict(
        rule="",
        revision=1,
        passed=answer.passed,
        score=score,
        reasons=_named(extension, answer.reasons),
        inputs=_plain(answer.inputs),
    )


def _named(extension: Extension, reasons: Any) -> tuple[Reason, ...]:
    """Return reasons with their codes under the extension's name.

    Raises:
        TypeError: for what is no reason, or has a code without a text; for too many.

    """
    given = tuple(islice(reasons, _MOST + 1))
    if len(given) > _MOST:
        raise TypeError(f"> {_MOST}")
    named = []
    for reason in given:
        code = getattr(reason, "code", type(reason).__name__)
        if not (
            isinstance(reason, Reason) and type(code) is str and code in extension.texts
        ):
            raise TypeError(str(code)[:_NAME])
        supplier, earliest = reason.supplier, reason.earliest
        if not (isinstance(supplier, Role | None) and type(earliest) in _DAY):
            raise TypeError(code)
        values = _plain(reason.values)
        named.append(
            Reason(
                code=f"{extension.name}.{code}",
                values=values,
                supplier=supplier,
                earliest=earliest,
            )
        )
    return tuple(named)


_DAY: Final = (date, type(None))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as an event keeps them.

    Raises:
        TypeError: for one that is no text, whole number, yes or no; for a long one, or
            too many.

    """
    if len(values) > _MOST:
        raise TypeError(f"> {_MOST}")
    kept: dict[str, Any] = {}
    for name, part in values.items():
        if type(name) is not str or _text(name) != name or len(name) > _NAME:
            raise TypeError(str(name)[:_NAME])
        if type(part) is int and abs(part) > GREATEST:
            raise TypeError(name)
        known = part is None or type(part) in {int, bool}
        kept[name] = part if known else _text(part)
    return kept


def _text(written: Any) -> str:
    """Return a text that everybody may read, with a person's number masked.

    Raises:
        TypeError: for what is no text, or a long one.

    """
    if type(written) is not str or len(written) > _LONGEST:
        raise TypeError(type(written).__name__)
    return visible(masked(written), lines=True)


def tell(extension: Extension) -> None:
    """Let this process say the reasons of an extension in both languages."""
    for code, text in extension.texts.items():
        EXTENDED[f"{extension.name}.{code}"] = text
