"""Acts of two people who sit at two desks: one asks, the other confirms (F1).

What the second confirms is what the first asked for: the act, its values, and the
versions and contents of all that it is about. A thing that moved in between makes
the proposal stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import Code, DecisionCode, InputCode, reason_of
from huimin_flow.catalogue.terms import (
    Asked,
    Given,
    ProposalState,
    RecordStep,
    StreamKind,
    TwoPeople,
)
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.work import Work, moved
from huimin_flow.flow.deciding import editions
from huimin_flow.flow.two_people import DOING, Values, made_by
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.proposals import (
    TWO_PERSON_ACTS,
    Proposal,
    Rested,
    TwoPersonAct,
)
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.core.values import Difference, to_plain, value
from huimin_flow.model.deciding.lists import unit_of_list
from huimin_flow.model.evidence import ProposalEvidence
from huimin_flow.model.rulebook import Rulebook, rulebook_text
from huimin_flow.store.core import history, repository


@value
class Shown:
    """A proposal as the second person sees it.

    ``moved`` are the streams that have moved since it was made: it can't be confirmed
    any more. ``content`` is what the act changes, from old to new; where it only
    confirms what stands, all of it is new.
    """

    proposal: Proposal
    moved: tuple[str, ...]
    content: tuple[Difference, ...]


def propose(work: Work, act: str, values: Values, *, by: Actor) -> Proposal:
    """Ask for an act that a second person has to confirm.

    Raises:
        InputRefused: for an act that is not one of two people, values that could
            never be confirmed, or a person's number among them.
        NotFound: if what it is about isn't there.
        ItemMoved: if it is no longer at the version that was seen.
        StepRefused: if the actor lacks the duty, or the act could never be done.

    """
    declared = _declared(act, values)
    _entitled(work, declared, values, by)
    kept = {
        name: accepted(text, name, lines=name == Asked.FINDING)
        for name, text in values.items()
    }
    seen = _seen(kept)
    DOING[act].check(work, kept, by)
    rests = {one: _rested(work, one) for one in _subjects(declared, kept)}
    stream, now = next(iter(rests.items()))
    if seen not in {None, now.version}:
        raise moved(stream, seen or 0, now.version)
    made = made_by(work, act, kept)
    year = work.today.year
    number = next_key(work, StreamKind.PROPOSAL, year)
    proposal = Proposal(
        key=StreamKind.PROPOSAL.key(number),
        act=act,
        values=kept,
        by=by.id,
        via=by.via,
        state=ProposalState.WAITING,
        rests=rests,
        makes=made,
        seen=digest(canonical([act, kept, to_plain(rests), made])),
    )
    return _keep(work, RecordStep.PROPOSE, proposal, None, by)


def propose_rulebook(work: Work, book: Rulebook, *, by: Actor) -> Proposal:
    """Ask for a rulebook to be activated; its text is kept as it was asked for."""
    text = rulebook_text(book)
    # A digest that is handed in may be of another text, from which this was made.
    name = digest(text)
    repository.keep_rulebook(work.connection, name, text)
    return propose(work, TwoPeople.ACTIVATE, {Asked.DIGEST: name}, by=by)


def approve(
    work: Work, key: Annotated[str, Given.PROPOSAL], seen: str, *, by: Actor
) -> Proposal:
    """Confirm what someone else asked for, and do it.

    ``seen`` is the digest, or at least its first eight characters, of what the
    second person has seen.

    Raises:
        NotFound: if there is no such proposal.
        InputRefused: if something else was seen.
        ItemMoved: if what it is about has moved since it was asked for.
        StepRefused: if it waits no longer, or both are one person.

    """
    found = _waiting(work, key)
    if len(seen) < 8 or not found.seen.startswith(seen):
        raise InputRefused(DecisionCode.CHECK_CODE_DIFFERS)
    work.different(found.by, by.id)
    for stream, rested in found.rests.items():
        now = _rested(work, stream)
        if now != rested:
            raise moved(stream, rested.version, now.version)
    if made_by(work, found.act, found.values) != found.makes:
        raise StepRefused(DecisionCode.RESULT_MOVED, key=key)
    first = work.rulebook.organization.actor(found.by, found.via)
    if first is None:
        raise StepRefused(Code.POST_UNKNOWN, person=found.by)
    DOING[found.act].do(work, found.values, first, by)
    for stream, rested in found.rests.items():
        now = _rested(work, stream)
        if now.version != rested.version + 1:  # somebody came in between
            raise moved(stream, rested.version, now.version)
    return _keep(work, RecordStep.APPROVE, found, found, by)


def withdraw(work: Work, key: Annotated[str, Given.PROPOSAL], *, by: Actor) -> Proposal:
    """Take back one's own proposal, or refuse another's."""
    found = _waiting(work, key)
    return _keep(work, RecordStep.WITHDRAW, found, found, by)


def waiting(work: Work) -> tuple[Proposal, ...]:
    """Return what waits for a second person, oldest first."""
    found = repository.records(work.connection, Proposal, "")
    return tuple(one for one in found if one.state is ProposalState.WAITING)


def shown(work: Work, key: Annotated[str, Given.PROPOSAL]) -> Shown:
    """Return a proposal with the content that a second person would confirm.

    Raises:
        NotFound: if there is no such proposal.

    """
    found = _known(work, key)
    gone = [one for one, was in found.rests.items() if _rested(work, one) != was]
    if not gone and made_by(work, found.act, found.values) != found.makes:
        gone = [str(found.values[Asked.KEY])]
    waits = found.state is ProposalState.WAITING
    content = tuple(DOING[found.act].content(work, found.values)) if waits else ()
    return Shown(proposal=found, moved=tuple(gone) if waits else (), content=content)


def _declared(act: str, values: Values) -> TwoPersonAct:
    """Return what an act of two people needs, if it was given just that.

    Raises:
        InputRefused: saying what is wrong with which.

    """
    declared = TWO_PERSON_ACTS.get(act)
    if declared is None:
        raise InputRefused(InputCode.NO_TWO_PEOPLE, given=act, choices=TwoPeople)
    code, takes = InputCode, (*declared.needs, *declared.may)
    wrong = [
        *((code.ASKED_MISSING, name) for name in declared.needs if name not in values),
        *(
            (code.ASKED_EMPTY, name)
            for name in takes
            if not values.get(name, "-").strip()
        ),
        *(
            (code.ASKED_STRANGE, showable(name))
            for name in sorted(values.keys() - set(takes))
        ),
    ]
    if wrong:
        asked: dict[str, object] = {"act": act, "choices": declared.needs}
        raise InputRefused(
            tuple(
                reason_of(why, {**asked, "asked": name, "given": name})
                for why, name in wrong
            )
        )
    return declared


def _subjects(declared: TwoPersonAct, values: Values) -> Iterator[str]:
    """Yield the streams that an act of two people rests on."""
    if declared.about is None:
        yield declared.kind.key()
    for name in sorted(values, key=lambda one: one != declared.about):
        given = values[name]
        if name in {Asked.EDITION, Asked.KEY}:
            yield given
        elif name == Asked.ITEM:
            yield StreamKind.ITEM.key(given)
        elif name == Asked.TRANSACTION:
            yield StreamKind.FOLLOW_UP.key(given)


def _rested(work: Work, stream: str) -> Rested:
    """Return where a stream stands: its last leaf covers its value and its history."""
    n, last, _ = history.last_leaf(work.connection, stream)
    return Rested(version=n, leaf="" if last is None else last.hex())


def _seen(values: Values) -> int | None:
    """Return the version that was seen of what an act is about, None if unnamed.

    Raises:
        InputRefused: if it is no number.

    """
    told = values.get(Asked.VERSION)
    if told is None:
        return None
    if not (told.isascii() and told.isdigit() and len(told) <= _DIGITS):
        raise InputRefused(DecisionCode.VERSION_NO_NUMBER, given=told)
    return int(told)


def _unit(work: Work, values: Values, by: Actor) -> str | None:
    """Return the unit whose thing an act is about, None for the city's."""
    if Asked.EDITION in values:
        return unit_of_list(values[Asked.EDITION])
    if Asked.ITEM in values:
        return editions.unit_of_lists(work, values[Asked.ITEM])
    return by.unit if Asked.TRANSACTION in values else None


def _entitled(work: Work, declared: TwoPersonAct, values: Values, by: Actor) -> None:
    """Refuse who could not do the act themselves: it is the city's or a unit's."""
    work.duty(by, declared.duty, _unit(work, values, by))


def _known(work: Work, key: str) -> Proposal:
    found = repository.find_record(work.connection, Proposal, key)
    if found is None:
        raise NotFound(DecisionCode.PROPOSAL_UNKNOWN, key=key)
    return found


def _waiting(work: Work, key: str) -> Proposal:
    found = _known(work, key)
    if found.state is not ProposalState.WAITING:
        raise StepRefused(Code.PROPOSAL_SETTLED, key=key, state=found.state)
    return found


def _keep(
    work: Work, step: RecordStep, new: Proposal, old: Proposal | None, by: Actor
) -> Proposal:
    acting = acting_as(work, by, units=(_unit(work, new.values, by),))
    evidence = ProposalEvidence(duty=TWO_PERSON_ACTS[new.act].duty)
    return keep_record(work, step, new, old, acting, evidence)


#: No version has more digits.
_DIGITS: Final = 9
