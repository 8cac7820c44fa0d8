"""Acts of two people who sit at two desks: one asks, the other confirms (F1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from huimin_flow.catalogue.reasons import Code, DecisionCode
from huimin_flow.catalogue.terms import (
    Duty,
    ProposalState,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow import deciding, focusing, follow_up, founding, standings
from huimin_flow.flow.advance import keep_record
from huimin_flow.flow.asking import refuse_unfit
from huimin_flow.flow.work import Work, moved
from huimin_flow.model.actor import Actor
from huimin_flow.model.canonical import canonical, digest
from huimin_flow.model.edition import unit_of_list
from huimin_flow.model.evidence import ProposalEvidence
from huimin_flow.model.plain import to_plain
from huimin_flow.model.proposal import Proposal
from huimin_flow.model.rulebook import Rulebook, rulebook_text
from huimin_flow.model.text import accepted, showable
from huimin_flow.model.verdict import Reason
from huimin_flow.store import repository

Act = Callable[[Work, Mapping[str, str], Actor, Actor], object]


def propose(work: Work, act: str, values: Mapping[str, str], *, by: Actor) -> Proposal:
    """Ask for an act that a second person has to confirm.

    Raises:
        InputRefused: for an act that is not one of two people, values that could
            never be confirmed, or a person's number among them.
        NotFound: if what it is about isn't there.
        StepRefused: if the actor lacks the duty.

    """
    refuse_unfit(act, values)
    _entitled(work, act, values, by)
    values = {
        name: accepted(text, name, lines=name == "finding")
        for name, text in values.items()
    }
    if act in _CHECKS:
        _CHECKS[act](work, values, by)
    year = work.today.year
    number = repository.next_key(work.connection, StreamKind.PROPOSAL, year)
    proposal = Proposal(
        key=StreamKind.PROPOSAL.key(number),
        act=act,
        values=dict(values),
        by=by.id,
        via=by.via,
        state=ProposalState.WAITING,
        seen=digest(canonical([act, to_plain(values)])),
    )
    return _keep(work, RecordStep.PROPOSE, proposal, None, by)


def propose_rulebook(work: Work, book: Rulebook, *, by: Actor) -> Proposal:
    """Ask for a rulebook to be activated; its text is kept as it was asked for."""
    repository.keep_rulebook(work.connection, book.digest, rulebook_text(book))
    return propose(work, "activate", {"digest": book.digest}, by=by)


def approve(work: Work, key: str, seen: str, *, by: Actor) -> Proposal:
    """Confirm what someone else asked for, and do it.

    ``seen`` is the digest, or at least its first eight characters, of what the
    second person has seen.

    Raises:
        NotFound: if there is no such proposal.
        InputRefused: if something else was seen.
        StepRefused: if it waits no longer, or both are one person.

    """
    found = _waiting(work, key)
    if len(seen) < 8 or not found.seen.startswith(seen):
        raise InputRefused(DecisionCode.CHECK_CODE_DIFFERS)
    work.different(found.by, by.id)
    first = work.rulebook.organization.actor(found.by, found.via)
    if first is None:
        raise StepRefused(Code.POST_UNKNOWN, person=found.by)
    _ACTS[found.act](work, found.values, first, by)
    return _keep(work, RecordStep.APPROVE, found, found, by)


def withdraw(work: Work, key: str, *, by: Actor) -> Proposal:
    """Take back one's own proposal, or refuse another's."""
    found = _waiting(work, key)
    if found.by != by.id:
        _entitled(work, found.act, found.values, by)
    return _keep(work, RecordStep.WITHDRAW, found, found, by)


def waiting(work: Work) -> tuple[Proposal, ...]:
    """Return what waits for a second person, oldest first."""
    found = repository.records(work.connection, Proposal, "")
    return tuple(one for one in found if one.state is ProposalState.WAITING)


def _entitled(work: Work, act: str, values: Mapping[str, str], by: Actor) -> None:
    """Refuse who could not do the act themselves: it is the city's or a unit's."""
    unit = _UNITS[act](work, values, by) if act in _UNITS else None
    if unit is None:
        work.duty(by, _DUTIES[act])
    else:
        work.duty_for(by, _DUTIES[act], unit)


def _waiting(work: Work, key: str) -> Proposal:
    found = repository.find_record(work.connection, Proposal, key)
    if found is None:
        raise NotFound(DecisionCode.PROPOSAL_UNKNOWN, key=key)
    if found.state is not ProposalState.WAITING:
        values = {"key": key, "state": found.state.label}
        raise StepRefused((Reason(code=Code.PROPOSAL_SETTLED, values=dict(values)),))
    return found


def _keep(
    work: Work, step: RecordStep, new: Proposal, old: Proposal | None, by: Actor
) -> Proposal:
    unit = _UNITS[new.act](work, new.values, by) if new.act in _UNITS else None
    evidence = ProposalEvidence(duty=_DUTIES[new.act])
    return keep_record(work, step, new, old, work.acting(by, units=(unit,)), evidence)


def _activate(
    work: Work, values: Mapping[str, str], first: Actor, second: Actor
) -> object:
    book = work.rulebook_of(values["digest"])
    return founding.activate(work, book, by=first, second=second)


def _correct(
    work: Work, values: Mapping[str, str], first: Actor, second: Actor
) -> object:
    return standings.correct(
        work,
        values["key"],
        values["reason"],
        by=first,
        second=second,
        with_colors=values.get("colors") == "yes",
    )


def _seen(values: Mapping[str, str]) -> int | None:
    """Return the version that who asked for an act has seen, if they named one.

    Raises:
        InputRefused: if it is no number.

    """
    told = values.get("version")
    if told is None:
        return None
    if not (told.isascii() and told.isdigit() and len(told) <= _DIGITS):
        raise InputRefused(DecisionCode.VERSION_NO_NUMBER, given=told)
    return int(told)


def _kept(work: Work, key: str) -> None:
    if repository.rulebook_body(work.connection, key) is None:
        raise NotFound(DecisionCode.RULEBOOK_UNKNOWN, digest=showable(key))


def _unmoved(work: Work, number: str, version: int | None) -> None:
    item = repository.item(work.connection, number)
    if version is not None and version != item.version:
        raise moved(number, version, item.version)


#: No version has more digits.
_DIGITS = 9

#: What two people may do, as the second confirms.
_ACTS: Mapping[str, Act] = {
    "supplement": lambda work, values, first, second: deciding.supplement(
        work, values["item"], values["edition"], by=first, second=second
    ),
    "confirm": lambda work, values, first, second: deciding.confirm(
        work, values["edition"], by=first, second=second
    ),
    "cancel": lambda work, values, first, second: deciding.cancel(
        work, values["item"], values["reason"], by=first, second=second
    ),
    "defer": lambda work, values, first, second: focusing.set_aside(
        work,
        values["item"],
        Step.DEFER,
        values["reason"],
        by=first,
        second=second,
        version=_seen(values),
    ),
    "activate": _activate,
    "correct": _correct,
    "set_aside": lambda work, values, first, second: follow_up.settle_appeal(
        work,
        values["transaction"],
        values["finding"],
        by=first,
        second=second,
        set_aside=True,
        version=_seen(values),
    ),
}

#: What is looked at when an act is asked for, so that nobody confirms a mistake.
_CHECKS: Mapping[str, Callable[[Work, Mapping[str, str], Actor], object]] = {
    "correct": lambda work, values, _by: standings.may_correct(
        work,
        values["key"],
        values["reason"],
        with_colors=values.get("colors") == "yes",
    ),
    "set_aside": lambda work, values, by: follow_up.may_set_aside(
        work,
        values["transaction"],
        values["finding"],
        by=by,
        version=_seen(values),
    ),
    "activate": lambda work, values, _by: _kept(work, values["digest"]),
    "defer": lambda work, values, _by: _unmoved(work, values["item"], _seen(values)),
    "supplement": lambda work, values, _by: _unmoved(work, values["item"], None),
    "cancel": lambda work, values, _by: _unmoved(work, values["item"], None),
}

_DUTIES = {
    "supplement": Duty.CONFIRM,
    "confirm": Duty.CONFIRM,
    "cancel": Duty.CONFIRM,
    "defer": Duty.CONFIRM,
    "activate": Duty.ACTIVATE,
    "correct": Duty.CONFIRM,
    "set_aside": Duty.CONFIRM,
}

#: Acts on what may be one unit's thing; all others are the whole city's.
_UNITS: Mapping[str, Callable[[Work, Mapping[str, str], Actor], str | None]] = {
    "supplement": lambda _work, values, _by: unit_of_list(values["edition"]),
    "confirm": lambda _work, values, _by: unit_of_list(values["edition"]),
    "cancel": lambda work, values, _by: deciding.unit_of_lists(work, values["item"]),
    "defer": lambda work, values, _by: deciding.unit_of_lists(work, values["item"]),
    "set_aside": lambda _work, _values, by: by.unit,
}
