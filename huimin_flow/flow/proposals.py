"""Acts of two people at two desks: the first proposes, the second confirms (F1).

The second person confirms exactly what the first proposed: the act, its values, and
the versions and contents of the streams that it names. If a stream has a new event
since then, the proposal is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import Code, DecisionCode, InputCode, reason_of
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    ProposalField,
    ProposalState,
    RecordStep,
    StreamKind,
    TwoPeople,
)
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.contents import Values
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.work import Work, moved
from huimin_flow.flow.deciding import drafts
from huimin_flow.flow.deciding.opening import opening_of
from huimin_flow.flow.two_people import doing, made_by
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.proposals import Proposal, Rested, TwoPersonAct
from huimin_flow.model.core.texts import LONGEST, accepted, showable
from huimin_flow.model.core.values import Difference, differences, to_plain, value
from huimin_flow.model.deciding.lists import unit_of_list
from huimin_flow.model.evidence import ProposalEvidence
from huimin_flow.model.rulebook import Rulebook, rulebook_text
from huimin_flow.states.authority import is_author
from huimin_flow.states.evolve import fold
from huimin_flow.store import awaited, listings
from huimin_flow.store.core import history, repository
from huimin_flow.stream_names import stream_of
from huimin_flow.streams import KIND_OF_ACT, STREAMS, TWO_PERSON_ACTS, owner_of

#: The longest text of an opening list, in characters.
_LONGEST: Final = 1_000_000
_VERSION: Final = re.compile("[0-9]{1,9}")

#: The values that name a stream, by its full name or by its subject.
_NAMES: Final = (
    *(ProposalField.ITEM, ProposalField.EDITION, ProposalField.KEY),
    *(ProposalField.TRANSACTION, ProposalField.SUBJECT),
)


@value
class Shown:
    """A proposal as the second person sees it.

    ``moved`` are the streams with a new event since the proposal; it can be
    confirmed only if there are none. ``content`` is what the act changes, from old
    to new; if the act changes no value, ``old`` is always None. Of a settled one it is
    what was asked for, and what its approval changed.
    """

    proposal: Proposal
    moved: tuple[str, ...]
    content: tuple[Difference, ...]


@value
class Queued:
    """A proposal that waits for a second person, and the day since which it waits."""

    proposal: Proposal
    since: date


@act()
def propose(work: Work, act: str, values: Values, *, by: Actor = ACTING) -> Proposal:
    """Propose an act that a second person must confirm.

    Raises:
        InputRefused: for an act that does not need two people, values that could
            never be confirmed, or a value with a person's number.
        NotFound: if the item or record of the act does not exist.
        ItemMoved: if it is not at the ``version`` among the values.
        StepRefused: if the actor lacks the duty, or the act could never be done.

    """
    declared = _find_act(act, values)
    work.sets_time = act == TwoPeople.DECLARE
    work.duty(by, declared.asks or declared.duty, _unit(work, act, values, by))
    kept = {
        name: accepted(
            text,
            name,
            longest=_LONGEST if name == ProposalField.OPENING else LONGEST,
            lines=name == ProposalField.FINDING,
        )
        for name, text in values.items()
    }
    version = kept.get(ProposalField.VERSION)
    if version is not None and not _VERSION.fullmatch(version):
        raise InputRefused(DecisionCode.VERSION_NO_NUMBER, given=version)
    for check in doing(act).checks:
        check(work, kept, by)
    streams = [
        stream_of(KIND_OF_ACT[act], kept[name])
        for name in sorted(kept, key=lambda name: name != declared.about)
        if name in _NAMES
    ]
    streams = [*streams, *doing(act).streams(work, kept)] or [KIND_OF_ACT[act].key()]
    rests = {stream: _leaf_of(work, stream) for stream in streams}
    now = rests[streams[0]].version
    if version is not None and int(version) != now:
        raise moved(streams[0], int(version), now)
    makes = made_by(work, act, kept)
    number = next_key(work, StreamKind.PROPOSAL, work.today.year)
    proposal = Proposal(
        key=StreamKind.PROPOSAL.key(number),
        act=act,
        values=kept,
        by=by.id,
        via=by.via,
        state=ProposalState.WAITING,
        rests=rests,
        makes=makes,
        seen=digest(canonical([act, kept, to_plain(rests), makes])),
    )
    return _keep(work, RecordStep.PROPOSE, proposal, None, by)


@act(Duty.ACTIVATE)
def propose_rulebook(work: Work, book: Rulebook, *, by: Actor = ACTING) -> Proposal:
    """Propose to activate a rulebook; the store keeps the proposed text.

    Raises:
        StepRefused: if the actor may not activate one.

    """
    text = rulebook_text(book)
    # The caller's digest may be of the text from which this rulebook was made.
    name = digest(text)
    repository.keep_rulebook(work.connection, name, text)
    return propose(work, TwoPeople.ACTIVATE, {ProposalField.DIGEST: name}, by=by)


@act()
def approve(
    work: Work, key: Annotated[str, Argument.PROPOSAL], seen: str, *, by: Actor = ACTING
) -> Proposal:
    """Confirm another person's proposal, and do its act.

    ``seen`` is the digest of the proposal that the second person has seen, or at
    least its first eight characters.

    Raises:
        NotFound: if there is no such proposal.
        InputRefused: if ``seen`` is not the proposal's digest.
        ItemMoved: if a stream of the proposal has a new event since.
        StepRefused: if it is settled already, or both are one person.

    """
    proposal = _find_waiting(work, key)
    work.sets_time = proposal.act == TwoPeople.DECLARE
    if len(seen) < 8 or not proposal.seen.startswith(seen):
        raise InputRefused(DecisionCode.CHECK_CODE_DIFFERS)
    organization, held = work.rulebook.organization, partial(work.held_then, key)
    if is_author(by.id, proposal.by, held, organization):
        raise StepRefused(Code.SAME_PERSON)
    for stream, rested in proposal.rests.items():
        now = _leaf_of(work, stream)
        if now != rested:
            raise moved(stream, rested.version, now.version)
    if made_by(work, proposal.act, proposal.values) != proposal.makes:
        raise StepRefused(DecisionCode.RESULT_MOVED, key=key)
    first = organization.actor(proposal.by, proposal.via, work.today)
    if first is None:
        raise StepRefused(Code.POST_UNKNOWN, person=proposal.by)
    doing(proposal.act).do(work, proposal.values, first, by)
    for stream, rested in proposal.rests.items():
        now = _leaf_of(work, stream)
        if now.version != rested.version + 1:  # another act has written meanwhile
            raise moved(stream, rested.version, now.version)
    return _keep(work, RecordStep.APPROVE, proposal, proposal, by)


@act()
def withdraw(
    work: Work, key: Annotated[str, Argument.PROPOSAL], *, by: Actor = ACTING
) -> Proposal:
    """Withdraw one's own proposal, or refuse another person's.

    Raises:
        NotFound: if there is no such proposal.
        StepRefused: if it waits no more, or the actor may do neither.

    """
    proposal = _find_waiting(work, key)
    work.sets_time = proposal.act == TwoPeople.DECLARE
    return _keep(work, RecordStep.WITHDRAW, proposal, proposal, by)


@question
def waiting(work: Work) -> tuple[Proposal, ...]:
    """Return the proposals that wait for a second person, oldest first."""
    wanted = {"state": ProposalState.WAITING}
    return listings.records(work.connection, Proposal, wanted)


@question
def queue(work: Work) -> tuple[Queued, ...]:
    """Return the proposals that wait for a second person, with the days they wait."""
    states = (ProposalState.WAITING,)
    known = awaited.records_in(work.connection, Proposal, states)
    return tuple(Queued(proposal=proposal, since=since) for proposal, since in known)


@question
def proposals(
    work: Work,
    *,
    state: ProposalState | None = None,
    act: Annotated[TwoPeople | None, Argument.ACT] = None,
    person: str | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Proposal, ...]:
    """Return the proposals, waiting and settled, newest first.

    ``person`` is the post of the first person.
    A page begins after the key ``after``, without the first ``skip``.
    """
    return listings.records(
        work.connection,
        Proposal,
        {"state": state, "act": act, "by": person},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work,
    *,
    state: ProposalState | None = None,
    act: Annotated[TwoPeople | None, Argument.ACT] = None,
    person: str | None = None,
) -> int:
    """Return how many proposals ``list`` has with the same filters."""
    wanted = {"state": state, "act": act, "by": person}
    return listings.count_records(work.connection, Proposal, wanted)


@question
def shown(work: Work, key: Annotated[str, Argument.PROPOSAL]) -> Shown:
    """Return a proposal with the content that a second person would confirm.

    Raises:
        NotFound: if there is no such proposal.

    """
    proposal = _find(work, key)
    waits = proposal.state is ProposalState.WAITING
    content = _proposed(work, proposal) if waits else _settled(work, proposal)
    gone = _moved_since(work, proposal) if waits else ()
    return Shown(proposal=proposal, moved=gone, content=tuple(content))


@question
def stale(work: Work, key: Annotated[str, Argument.PROPOSAL]) -> bool:
    """Tell whether a proposal waits in vain: what it is about has moved since.

    Raises:
        NotFound: if there is no such proposal.

    """
    proposal = _find(work, key)
    return proposal.state is ProposalState.WAITING and bool(
        _moved_since(work, proposal)
    )


def _moved_since(work: Work, proposal: Proposal) -> tuple[str, ...]:
    """Return the streams of a waiting proposal with other content than it has seen."""
    rests = proposal.rests
    gone = tuple(key for key, was in rests.items() if _leaf_of(work, key) != was)
    if not gone and made_by(work, proposal.act, proposal.values) != proposal.makes:
        return tuple(rests)
    return gone


def _proposed(work: Work, proposal: Proposal) -> Iterator[Difference]:
    """Yield what was proposed, of the versions that the proposal rests on."""
    versions = {stream: rested.version for stream, rested in proposal.rests.items()}
    return doing(proposal.act).content(work, proposal.values, versions)


def _settled(work: Work, proposal: Proposal) -> Iterator[Difference]:
    """Yield the values of a settled proposal, and what its approval changed."""
    asked: dict[str, object] = dict(proposal.values)
    if proposal.act == TwoPeople.OPEN:
        asked |= to_plain(opening_of(proposal.values))
        del asked[ProposalField.OPENING]
    yield from differences(None, asked)
    if proposal.act in {TwoPeople.CONFIRM, TwoPeople.CONFIRM_ALL}:
        yield from _proposed(work, proposal)
        return
    if proposal.state is ProposalState.WITHDRAWN:
        return
    for stream, rested in proposal.rests.items():
        events = history.events_of(work.connection, stream)[: rested.version + 1]
        if proposal.act == TwoPeople.ACTIVATE:
            books = (work.rulebook_of(e.public["digest"]) for e in events[-2:])
            old, new = (to_plain(replace(book, digest="")) for book in books)
        elif StreamKind.parse(stream)[0] is StreamKind.ITEM:
            old, new = to_plain(fold(events[:-1])), to_plain(fold(events))
        else:
            values = [None, *(event.public["value"] for event in events)]
            old, new = values[-2:]
        for change in differences(old, new):
            if change.path != "version":
                yield change


def _find_act(act: str, values: Values) -> TwoPersonAct:
    """Return the declaration of a two-person act; refuse values it does not take."""
    declared = TWO_PERSON_ACTS.get(act)
    if declared is None:
        raise InputRefused(InputCode.NO_TWO_PEOPLE, given=act, choices=TwoPeople)
    takes = (*declared.needs, *declared.may)
    wrong = {
        InputCode.ASKED_MISSING: [n for n in declared.needs if n not in values],
        InputCode.ASKED_EMPTY: [n for n in takes if not values.get(n, "-").strip()],
        InputCode.ASKED_STRANGE: map(showable, sorted(values.keys() - set(takes))),
    }
    context: dict[str, object] = {"act": act, "choices": declared.needs}
    reasons = tuple(
        reason_of(code, {**context, "asked": name, "given": name})
        for code, names in wrong.items()
        for name in names
    )
    if reasons:
        raise InputRefused(reasons)
    return declared


def _leaf_of(work: Work, stream: str) -> Rested:
    """Return a stream's version and last leaf, which covers its value and history."""
    n, last, _ = history.last_leaf(work.connection, stream)
    return Rested(version=n, leaf="" if last is None else last.hex())


def _unit(work: Work, act: str, values: Values, by: Actor) -> str | None:
    """Return the unit that owns what an act changes, None for the city."""
    if TWO_PERSON_ACTS[act].asks is not None:
        return repository.item(work.connection, values[ProposalField.ITEM]).unit
    if ProposalField.EDITION in values:
        return unit_of_list(values[ProposalField.EDITION])
    if ProposalField.ITEM in values:
        return drafts.unit_of_lists(work, values[ProposalField.ITEM])
    if ProposalField.TRANSACTION in values:
        return by.unit
    key = values.get(ProposalField.KEY, "")
    kind, _ = StreamKind.parse(key)
    of = None if kind is None else STREAMS[kind].value
    record = None if of is None else repository.find_record(work.connection, of, key)
    return owner_of(record)


def _find(work: Work, key: str) -> Proposal:
    proposal = repository.find_record(work.connection, Proposal, key)
    if proposal is None:
        raise NotFound(DecisionCode.PROPOSAL_UNKNOWN, key=key)
    return proposal


def _find_waiting(work: Work, key: str) -> Proposal:
    proposal = _find(work, key)
    if proposal.state is not ProposalState.WAITING:
        raise StepRefused(Code.PROPOSAL_SETTLED, key=key, state=proposal.state)
    return proposal


def _keep(
    work: Work, step: RecordStep, new: Proposal, old: Proposal | None, by: Actor
) -> Proposal:
    acting = acting_as(work, by, units=(_unit(work, new.act, new.values, by),))
    evidence = ProposalEvidence(duty=TWO_PERSON_ACTS[new.act].duty_of(step))
    return keep_record(work, step, new, old, acting, evidence)
