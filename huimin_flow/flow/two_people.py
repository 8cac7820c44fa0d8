"""The checks, the effect and the shown content of each two-person act (F1).

``streams.py`` declares their values and duties.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any, Final

from huimin_flow.catalogue.reasons import DecisionCode, TimeCode, sentence
from huimin_flow.catalogue.terms import (
    ProposalField,
    ProposalState,
    RecordStep,
    Step,
    StreamKind,
    Term,
    TwoPeople,
)
from huimin_flow.clock import shanghai
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core import rulebook
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.clock import declare, records, require_span
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import (
    drafts,
    editions,
    freezing,
    judgment,
    opening,
)
from huimin_flow.flow.deciding.demands import dropping
from huimin_flow.flow.deciding.lists import list_of
from huimin_flow.flow.deciding.shown import list_content, lists_content
from huimin_flow.flow.scoring import published
from huimin_flow.flow.sensing.personal.erasing import require_subject
from huimin_flow.flow.services import follow_ups
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.proposals import Proposal, TwoPersonAct
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import (
    Difference,
    differences,
    from_plain,
    to_plain,
    value,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.authority import authorize
from huimin_flow.states.evolve import fold
from huimin_flow.states.machine import require_road
from huimin_flow.store import awaited
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing.erasing import contents_of
from huimin_flow.store.services import follow_ups as rated
from huimin_flow.stream_names import stream_of
from huimin_flow.streams import KIND_OF_ACT, STREAMS, TWO_PERSON_ACTS

Values = Mapping[str, str]

#: By stream of a proposal, the version that the proposal rests on.
Versions = Mapping[str, int]

_POSITION: Final = re.compile("[0-9]{1,15}")

#: Fields that say when and why a correction was made; they are not its content.
_PASSING: Final = frozenset({"cut", "version", "note"})


@question
def rules_diff(work: Work, book: Rulebook) -> tuple[Difference, ...]:
    """Return the differences of a rulebook from the active one, by key."""
    old, new = (to_plain(replace(each, digest="")) for each in (work.rulebook, book))
    return tuple(differences(old, new))


def made_by(work: Work, act: str, values: Values) -> str:
    """Return the digest of what an act would publish, "" if it publishes nothing."""
    if act == TwoPeople.CONFIRM:
        return list_of(work, values[ProposalField.EDITION]).digest
    if act == TwoPeople.CONFIRM_ALL:
        waiting = drafts.unconfirmed(work, values[ProposalField.PERIOD])
        return digest(canonical({each.key: each.digest for each in waiting}))
    if act != TwoPeople.CORRECT:
        return ""
    new = to_plain(published.corrected(work, values[ProposalField.KEY]))
    return digest(canonical({k: new[k] for k in new.keys() - _PASSING}))


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
        "content": partial(_content, kind, declared),
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


def _record_then(work: Work, kind: StreamKind, text: str, then: Versions) -> Any:
    """Return the item or the record at the version that a proposal rests on."""
    stream = stream_of(kind, text)
    events = history.events_of(work.connection, stream)[: then[stream]]
    if kind is StreamKind.ITEM:
        return fold(events)
    of: Any = STREAMS[kind].value
    return from_plain(of, events[-1].public["value"])


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


def _content(
    kind: StreamKind,
    declared: TwoPersonAct,
    work: Work,
    values: Values,
    then: Versions,
) -> Iterator[Difference]:
    """Yield the fields of the act's item or record, all as new."""
    record = _record_then(work, kind, values[str(declared.about)], then)
    yield from _new(record, *(declared.shows or to_plain(record)))


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


def _new(value: object, *names: str) -> Iterator[Difference]:
    """Yield the named fields of a value, all as new."""
    plain: Any = to_plain(value)
    yield from differences(None, {name: plain[name] for name in names})


def _list(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    key = stream_of(StreamKind.LIST, values[ProposalField.EDITION])
    yield from list_content(work, key, then[key])


def _lists(work: Work, _: Values, then: Versions) -> Iterator[Difference]:
    yield from lists_content(work, then)


def _opening(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield the entries of an opening list by field, and where it was published."""
    entered = opening.opening_of(values)
    edition = opening.drafted(work, entered, entered.numbers)
    for place in edition.places:
        plain: Any = to_plain(place)
        for name in ("rank", "title", "lead", "text", "due"):
            yield Difference(f"{place.item}.{name}", None, plain[name])
        for n, target in enumerate(place.targets, 1):
            yield Difference(f"{place.item}.targets[{n}]", None, target)
    yield Difference("note", None, edition.note)


def _supplement(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    """Yield the item, and the rules of the selection that it doesn't follow."""
    item = _record_then(work, StreamKind.ITEM, values[ProposalField.ITEM], then)
    yield from _new(item, *TWO_PERSON_ACTS[TwoPeople.SUPPLEMENT].shows)
    number, key = values[ProposalField.ITEM], values[ProposalField.EDITION]
    for reason in editions.overrides(work, number, key):
        words = sentence(reason.code, dict(reason.values))
        yield Difference(path="overrides", old=None, new=words)


def _follow_up(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    transaction = values[ProposalField.TRANSACTION]
    rating = rated.rating(work.connection, transaction)
    yield from _new(rating, "transaction", "unit", "item", "level", "at")
    follow_up = _record_then(work, StreamKind.FOLLOW_UP, transaction, then)
    yield from _new(follow_up, "answer", "ground", "grounds", "objected_by")


def _activation(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield what differs in a rulebook, and then what it would change in previews."""
    book = work.rulebook_of(values["digest"])
    yield from rules_diff(work, book)
    yield from freezing.effects(work, book)


def _correction(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    old = to_plain(published.published_now(work, values[ProposalField.KEY]))
    new = to_plain(published.corrected(work, values[ProposalField.KEY]))
    for difference in differences(old, new):
        if difference.path.partition(".")[0] not in _PASSING:
            yield difference


def _span(values: Values) -> tuple[int, int]:
    """Return the first and last position of a span; 0 for what is no number."""
    texts = values[ProposalField.FIRST_RECORD], values[ProposalField.LAST_RECORD]
    first, last = (int(text) if _POSITION.fullmatch(text) else 0 for text in texts)
    return first, last


def _may_declare(work: Work, values: Values, _: Actor) -> None:
    """Refuse a span that can't be declared, or that another proposal has already.

    Raises:
        InputRefused: for such a span.

    """
    first, last = _span(values)
    require_span(work, first, last)
    waiting = (ProposalState.WAITING,)
    for other, _since in awaited.records_in(work.connection, Proposal, waiting):
        if other.act == TwoPeople.DECLARE:
            begins, ends = _span(other.values)
            if begins <= last and first <= ends:
                raise InputRefused(
                    TimeCode.SPAN_PROPOSED, first=begins, last=ends, key=other.key
                )


def _erasure(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield whose data an erasure would destroy, and of how many appeals."""
    yield Difference("subject", None, values[ProposalField.SUBJECT])
    try:
        named = require_subject(work, values[ProposalField.SUBJECT])
    except NotFound:  # it is done
        return
    yield Difference("appeals", len(contents_of(work.connection, *named)), 0)


def _records(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield the records that a declaration names, with their wrong times."""
    for line in records(work, *_span(values)):
        kind = StreamKind.parse(line.stream)[0] or StreamKind.ITEM
        steps = STREAMS[kind].life.steps.values()
        word = next((each.spoken for each in steps if each == line.step), line.step)
        named = f"{StreamKind.named(line.stream)} {word}"
        yield Difference(path=str(line.position), old=shanghai(line.at), new=named)


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
        "content": _supplement,
    },
    TwoPeople.CONFIRM: {"content": _list},
    TwoPeople.CONFIRM_ALL: {
        "checks": (lambda work, values, _: drafts.unconfirmed(work, values["period"]),),
        "content": _lists,
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
        "content": _opening,
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
        "content": _activation,
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
        "content": _correction,
    },
    TwoPeople.DECLARE: {
        "checks": (_may_declare,),
        "do": lambda work, values, first, second: declare(
            work, *_span(values), values["reason"], by=first, second=second
        ),
        "content": _records,
    },
    TwoPeople.ERASE: {
        "checks": (lambda work, values, _: require_subject(work, values["subject"]),),
        "content": _erasure,
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
        "content": _follow_up,
    },
}
