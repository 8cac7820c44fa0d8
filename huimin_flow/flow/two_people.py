"""The checks and the effect of each two-person act (F1).

``streams`` declares their values and duties; ``contents.py`` shows what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final

from huimin_flow.catalogue.reasons import DecisionCode, TimeCode
from huimin_flow.catalogue.terms import (
    ProposalField,
    ProposalState,
    RecordStep,
    Step,
    StreamKind,
    Term,
    TwoPeople,
)
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.contents import (
    PASSING,
    Values,
    Versions,
    of_activation,
    of_boards,
    of_correction,
    of_declaration,
    of_erasure,
    of_follow_up,
    of_list,
    of_lists,
    of_opening,
    of_subject,
    of_supplement,
    span_of,
)
from huimin_flow.flow.core import rulebook
from huimin_flow.flow.core.clock import declare, require_span
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import (
    drafts,
    editions,
    judgment,
    opening,
)
from huimin_flow.flow.deciding.demands import dropping
from huimin_flow.flow.deciding.lists import list_of
from huimin_flow.flow.improving import boards
from huimin_flow.flow.improving.spot_checks import checking
from huimin_flow.flow.scoring import published
from huimin_flow.flow.sensing.personal.erasing import require_subject
from huimin_flow.flow.services import follow_ups
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.proposals import Proposal, TwoPersonAct
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import (
    Difference,
    to_plain,
    value,
)
from huimin_flow.states.authority import authorize
from huimin_flow.states.machine import require_road
from huimin_flow.store import awaited
from huimin_flow.store.core import repository
from huimin_flow.stream_names import stream_of
from huimin_flow.streams import KIND_OF_ACT, STREAMS, TWO_PERSON_ACTS

#: By act: what returns the content that it would publish.
_REMADE: Final[Mapping[str, Callable[[Work, str], object]]] = {
    TwoPeople.CORRECT: published.corrected,
    TwoPeople.PUBLISH_BOARDS: boards.board,
    TwoPeople.CORRECT_BOARDS: boards.corrected,
}


def made_by(work: Work, act: str, values: Values) -> str:
    """Return the digest of what an act would publish, "" if it publishes nothing."""
    if act == TwoPeople.CONFIRM:
        return list_of(work, values[ProposalField.EDITION]).digest
    if act == TwoPeople.CONFIRM_ALL:
        waiting = drafts.unconfirmed(work, values[ProposalField.PERIOD])
        return digest(canonical({each.key: each.digest for each in waiting}))
    if act not in _REMADE:
        return ""
    new = to_plain(_REMADE[act](work, values[ProposalField.KEY]))
    return digest(canonical({k: new[k] for k in new.keys() - PASSING}))


@value
class Doing:
    """The functions of an act: ``checks`` at its proposal, ``do`` at its approval.

    ``checks`` refuse what could never be confirmed. ``content`` yields what the
    second person sees, of the versions that the proposal rests on. ``streams`` are
    further streams that the act changes.
    """

    checks: tuple[Callable[[Work, Values, Actor], object], ...]
    do: Callable[[Work, Values, Actor, Actor], object]
    content: Callable[[Work, Values, Versions], Iterator[Difference]]
    streams: Callable[[Work, Values], tuple[str, ...]] = lambda _work, _values: ()


def doing(name: str) -> Doing:
    """Return the functions of an act: by its declaration, or by ``_SPECIAL``."""
    declared, kind = TWO_PERSON_ACTS[name], KIND_OF_ACT[name]
    usual: dict[str, Any] = {
        "checks": (partial(_may_step, kind, declared.step, declared.about),),
        "do": partial(_do, declared),
        "content": partial(of_subject, kind, declared),
    }
    return Doing(**{**usual, **_SPECIAL.get(name, {})})


def _record(work: Work, kind: StreamKind, text: str) -> Any:
    """Return the item or the record that an act changes."""
    if kind is StreamKind.ITEM:
        return repository.item(work.connection, text)
    if kind is StreamKind.LIST:
        return list_of(work, text)
    of: Any = STREAMS[kind].value
    return record_of(work, of, stream_of(kind, text))


def _may_step(
    kind: StreamKind,
    step: Term,
    about: ProposalField | None,
    work: Work,
    values: Values,
    by: Actor,
) -> None:
    record = _record(work, kind, values[str(about)])
    if isinstance(step, Step):
        _may_first(step, work, values, by)
    named = "" if kind is StreamKind.ITEM else record.key
    require_road(STREAMS[kind].life, record.state, step, named)


def _do(
    declared: TwoPersonAct, work: Work, values: Values, first: Actor, second: Actor
) -> object:
    module, _, name = declared.act.rpartition(".")
    act = getattr(import_module(f"huimin_flow.flow.{module}"), name)
    needed = (values[name] for name in declared.needs)
    return act(work, *needed, by=first, second=second)


def _may_first(step: Step, work: Work, values: Values, by: Actor) -> None:
    """Refuse a first person without the right to the step: nobody could confirm it."""
    item = repository.item(work.connection, values[ProposalField.ITEM])
    organization = work.rulebook.organization
    lacks = authorize(by, step, item.unit, item.area, organization, day=work.today)
    if lacks:
        raise StepRefused(lacks)


def _may_activate(work: Work, values: Values, _: Actor) -> None:
    if repository.rulebook_body(work.connection, values[ProposalField.DIGEST]) is None:
        name = showable(values[ProposalField.DIGEST])
        raise NotFound(DecisionCode.RULEBOOK_UNKNOWN, digest=name)


def _with_colors(values: Values) -> bool:
    return values.get(ProposalField.COLORS) == "yes"


def _may_declare(work: Work, values: Values, _: Actor) -> None:
    """Refuse a span that can't be declared, or that another proposal has already.

    Raises:
        InputRefused: for such a span.

    """
    first, last = span_of(values)
    require_span(work, first, last)
    waiting = (ProposalState.WAITING,)
    for other, _since in awaited.records_in(work.connection, Proposal, waiting):
        if other.act == TwoPeople.DECLARE:
            begins, ends = span_of(other.values)
            if begins <= last and first <= ends:
                raise InputRefused(
                    TimeCode.SPAN_PROPOSED, first=begins, last=ends, key=other.key
                )


#: Functions of the acts whose declaration does not say enough.
_SPECIAL: Final[Mapping[str, Mapping[str, object]]] = {
    TwoPeople.SUPPLEMENT: {
        "checks": (
            partial(_may_step, StreamKind.ITEM, Step.ENLIST, ProposalField.ITEM),
            partial(
                _may_step,
                StreamKind.LIST,
                RecordStep.SUPPLEMENT,
                ProposalField.EDITION,
            ),
        ),
        "content": of_supplement,
    },
    TwoPeople.CONFIRM: {"content": of_list},
    TwoPeople.CONFIRM_ALL: {
        "checks": (lambda work, values, _: drafts.unconfirmed(work, values["period"]),),
        "content": of_lists,
        "streams": lambda work, values: tuple(
            each.key for each in drafts.unconfirmed(work, values["period"])
        ),
    },
    TwoPeople.OPEN: {
        "checks": (lambda work, values, _: opening.may_enter(work, values),),
        "do": lambda work, values, first, second: opening.enter_opening(
            work,
            (entered := opening.opening_of(values)),
            entered.numbers,
            by=first,
            second=second,
        ),
        "content": of_opening,
        "streams": lambda _, values: tuple(
            map(StreamKind.ITEM.key, opening.opening_of(values).numbers.values())
        ),
    },
    TwoPeople.DEFER: {
        "do": lambda work, values, first, second: judgment.defer(
            work, values["item"], values["reason"], by=first, second=second
        )
    },
    TwoPeople.REOPEN: {
        "checks": (
            partial(_may_first, Step.REOPEN),
            lambda work, values, by: editions.may_reopen(
                work, values["item"], values["reason"], by
            ),
        )
    },
    TwoPeople.DROP_ENTRY: {
        "checks": (
            lambda work, values, by: dropping.may_drop(
                work, values["item"], values["reason"], by
            ),
        )
    },
    TwoPeople.ACTIVATE: {
        "checks": (_may_activate,),
        "do": lambda work, values, first, second: rulebook.activate(
            work, work.rulebook_of(values["digest"]), by=first, second=second
        ),
        "content": of_activation,
    },
    TwoPeople.CORRECT: {
        "checks": (
            lambda work, values, _: published.may_correct(
                work, values["key"], values["reason"], with_colors=_with_colors(values)
            ),
        ),
        "do": lambda work, values, first, second: published.correct(
            work,
            values["key"],
            values["reason"],
            by=first,
            second=second,
            with_colors=_with_colors(values),
        ),
        "content": of_correction,
    },
    TwoPeople.PUBLISH_BOARDS: {"content": of_boards},
    TwoPeople.CORRECT_BOARDS: {
        "checks": (
            lambda work, values, _: boards.may_correct(
                work, values["key"], values["reason"]
            ),
        ),
        "content": of_boards,
    },
    TwoPeople.DECLARE: {
        "checks": (_may_declare,),
        "do": lambda work, values, first, second: declare(
            work, *span_of(values), values["reason"], by=first, second=second
        ),
        "content": of_declaration,
    },
    TwoPeople.ERASE: {
        "checks": (lambda work, values, _: require_subject(work, values["subject"]),),
        "content": of_erasure,
    },
    TwoPeople.CORRECT_FINDING: {
        "checks": (
            lambda work, values, by: checking.may_correct(
                work,
                values["key"],
                values["checked"],
                checking.severity_of(values["severity"]),
                values["reason"],
                by=by,
            ),
        ),
        "do": lambda work, values, first, second: checking.correct(
            work,
            values["key"],
            values["checked"],
            checking.severity_of(values["severity"]),
            values["reason"],
            by=first,
            second=second,
        ),
    },
    TwoPeople.SET_ASIDE: {
        "checks": (
            lambda work, values, by: follow_ups.may_set_aside(
                work, values["transaction"], values["finding"], by=by
            ),
        ),
        "do": lambda work, values, first, second: follow_ups.settle_objection(
            work,
            values["transaction"],
            values["finding"],
            by=first,
            second=second,
            set_aside=True,
        ),
        "content": of_follow_up,
    },
}
