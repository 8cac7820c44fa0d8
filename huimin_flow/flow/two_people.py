"""What each act of two people checks, does, and shows the second person (F1).

Their values and duties are declared in ``model/core/proposals.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    ProposalField,
    RecordStep,
    Step,
    StreamKind,
    TwoPeople,
)
from huimin_flow.errors import NotFound
from huimin_flow.flow.core import rulebook
from huimin_flow.flow.core.ways_out import list_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import editions, judgment
from huimin_flow.flow.scoring import charts
from huimin_flow.flow.scoring.published import published_now
from huimin_flow.flow.services import follow_ups
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import Difference, differences, to_plain, value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import LIST
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import repository
from huimin_flow.store.services import follow_ups as rated

Values = Mapping[str, str]

#: What a correction is made at, and not what it says.
_PASSING: Final = frozenset({"cut", "version", "note"})


def rules_diff(work: Work, book: Rulebook) -> tuple[Difference, ...]:
    """Return by key what a rulebook would change in the active one."""
    old, new = (to_plain(replace(each, digest="")) for each in (work.rulebook, book))
    return tuple(differences(old, new))


def made_by(work: Work, act: str, values: Values) -> str:
    """Return the digest of what an act would publish, "" where it publishes nothing."""
    if act != TwoPeople.CORRECT:
        return ""
    new = to_plain(charts.corrected(work, values[ProposalField.KEY]))
    return digest(canonical({k: new[k] for k in new.keys() - _PASSING}))


@value
class Doing:
    """How an act is checked when it is proposed, done when approved, and shown.

    ``checks`` refuse what could never be confirmed.
    """

    checks: tuple[Callable[[Work, Values, Actor], object], ...]
    do: Callable[[Work, Values, Actor, Actor], object]
    content: Callable[[Work, Values], Iterator[Difference]]


def _may_leave(step: Step) -> Callable[[Work, Values, Actor], object]:
    def check(work: Work, values: Values, _: Actor) -> None:
        item = repository.item(work.connection, values[ProposalField.ITEM])
        require_road(ITEM, item.state, step)

    return check


def _may_step(step: RecordStep) -> Callable[[Work, Values, Actor], object]:
    def check(work: Work, values: Values, _: Actor) -> None:
        edition = list_of(work, values[ProposalField.EDITION])
        require_road(LIST, edition.state, step, edition.key)

    return check


def _may_activate(work: Work, values: Values, _: Actor) -> None:
    if repository.rulebook_body(work.connection, values[ProposalField.DIGEST]) is None:
        name = showable(values[ProposalField.DIGEST])
        raise NotFound(DecisionCode.RULEBOOK_UNKNOWN, digest=name)


def _with_colors(values: Values) -> bool:
    return values.get(ProposalField.COLORS) == "yes"


def _new(value: object, *names: str) -> Iterator[Difference]:
    """Yield these fields of a value, all as new."""
    plain: Any = to_plain(value)
    yield from differences(None, {name: plain[name] for name in names})


def _item(work: Work, values: Values) -> Iterator[Difference]:
    item = repository.item(work.connection, values[ProposalField.ITEM])
    yield from _new(item, "number", "title", "unit", "area", "state", "stars")


def _list(work: Work, values: Values) -> Iterator[Difference]:
    for place in list_of(work, values[ProposalField.EDITION]).places:
        title = repository.item(work.connection, place.item).title
        yield Difference(path=str(place.rank), old=None, new=f"{place.item} {title}")


def _follow_up(work: Work, values: Values) -> Iterator[Difference]:
    transaction = values[ProposalField.TRANSACTION]
    rating = rated.rating(work.connection, transaction)
    yield from _new(rating, "transaction", "unit", "item", "level", "at")
    key = StreamKind.FOLLOW_UP.key(transaction)
    follow_up = repository.find_record(work.connection, FollowUp, key)
    yield from _new(follow_up, "answer", "ground", "grounds", "objected_by")


def _correction(work: Work, values: Values) -> Iterator[Difference]:
    old = to_plain(published_now(work, values[ProposalField.KEY]))
    new = to_plain(charts.corrected(work, values[ProposalField.KEY]))
    for difference in differences(old, new):
        if difference.path.partition(".")[0] not in _PASSING:
            yield difference


DOING: Final[Mapping[str, Doing]] = {
    TwoPeople.SUPPLEMENT: Doing(
        checks=(_may_leave(Step.ENLIST), _may_step(RecordStep.SUPPLEMENT)),
        do=lambda work, values, first, second: editions.supplement(
            work, values["item"], values["edition"], by=first, second=second
        ),
        content=_item,
    ),
    TwoPeople.CONFIRM: Doing(
        checks=(_may_step(RecordStep.CONFIRM),),
        do=lambda work, values, first, second: editions.confirm(
            work, values["edition"], by=first, second=second
        ),
        content=_list,
    ),
    TwoPeople.CANCEL: Doing(
        checks=(_may_leave(Step.CANCEL),),
        do=lambda work, values, first, second: editions.cancel(
            work, values["item"], values["reason"], by=first, second=second
        ),
        content=_item,
    ),
    TwoPeople.DEFER: Doing(
        checks=(_may_leave(Step.DEFER),),
        do=lambda work, values, first, second: judgment.set_aside(
            work, values["item"], Step.DEFER, values["reason"], by=first, second=second
        ),
        content=_item,
    ),
    TwoPeople.ACTIVATE: Doing(
        checks=(_may_activate,),
        do=lambda work, values, first, second: rulebook.activate(
            work, work.rulebook_of(values["digest"]), by=first, second=second
        ),
        content=lambda work, values: iter(
            rules_diff(work, work.rulebook_of(values["digest"]))
        ),
    ),
    TwoPeople.CORRECT: Doing(
        checks=(
            lambda work, values, _: charts.may_correct(
                work, values["key"], values["reason"], with_colors=_with_colors(values)
            ),
        ),
        do=lambda work, values, first, second: charts.correct(
            work,
            values["key"],
            values["reason"],
            by=first,
            second=second,
            with_colors=_with_colors(values),
        ),
        content=_correction,
    ),
    TwoPeople.SET_ASIDE: Doing(
        checks=(
            lambda work, values, by: follow_ups.may_set_aside(
                work, values["transaction"], values["finding"], by=by
            ),
        ),
        do=lambda work, values, first, second: follow_ups.settle_objection(
            work,
            values["transaction"],
            values["finding"],
            by=first,
            second=second,
            set_aside=True,
        ),
        content=_follow_up,
    ),
}
