"""Reading what appeals say: for who links, judges or answers, and recorded (X1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Duty, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.reads import fit_limit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.appeals import keys_and_names
from huimin_flow.flow.sensing.placing import names_own
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.sensing.appeals import AppealSummary, Content
from huimin_flow.model.sensing.reading import (
    AppealReading,
    AppealText,
    ReadBy,
    masked_content,
)
from huimin_flow.states.authority import may_do
from huimin_flow.store.core import repository
from huimin_flow.store.sensing import appeals as stored
from huimin_flow.store.sensing import texts

#: The most appeals of one reading.
_MOST = 500


@act(Duty.READ, unkept=True)
def read(
    work: Work,
    appeals: Sequence[tuple[str, str]],
    reason: str,
    *,
    full: bool = False,
    by: Actor = ACTING,
) -> tuple[AppealText, ...]:
    """Return what appeals say, named by (channel, key), and record who read them (X1).

    Numbers that name a person are masked, and so is the contact, unless ``full`` asks
    for them; that is recorded, too. An own unit's reader may read the appeals from its
    place, and those that are linked to its items. An erased appeal says nothing.

    Raises:
        InputRefused: if an appeal doesn't exist, naming it, for over 500 of them, for
            a reason with a name or an address of who wrote one, or if the act is only
            tried: who reads is recorded.
        StepRefused: if the actor may not read one of them.
        StoreRefused: without the master key, or for a content that was changed.

    """
    why = required(reason, Argument.REASON, longest=500)
    intake = work.rulebook.channels.intake
    keys = keys_and_names((channel.key, channel.name) for channel in intake)
    named = ((keys.get(channel, channel), key.strip()) for channel, key in appeals)
    pairs = list(dict.fromkeys(named))
    if not 0 < len(pairs) <= _MOST:
        raise InputRefused(InputCode.READ_TOO_MANY, count=len(pairs), most=_MOST)
    found = stored.named(work.connection, pairs)
    if missing := [pair for pair in pairs if pair not in found]:
        channel, key = map(showable, missing[0])
        raise InputRefused(InputCode.APPEAL_UNKNOWN, channel=channel, key=key)
    units = units_for(work, list(found.values()), by)
    if work.tried:
        raise InputRefused(InputCode.READ_TRIED)
    contents = texts.opened(work, pairs)
    require_nameless(why, contents.values())
    number = next_key(work, StreamKind.READING, work.today.year)
    reading = AppealReading(
        key=StreamKind.READING.key(number),
        appeals=tuple(pairs),
        reason=why,
        full=full,
        units=units,
    )
    acting = acting_as(work, by, units=units or (None,))
    keep_record(work, RecordStep.READ, reading, None, acting)
    lines = []
    for pair in pairs:
        summary, content = found[pair], contents.get(pair)
        shown = content and (content if full else masked_content(content))
        lines.append(
            AppealText(
                channel=summary.channel,
                key=summary.key,
                at=summary.at,
                district=summary.district,
                town=summary.town,
                village=summary.village,
                item=summary.item,
                full=full,
                erased=shown is None,
                title="" if shown is None else shown.title,
                text="" if shown is None else shown.text,
                contact=None if shown is None else shown.contact,
            )
        )
    return tuple(lines)


def require_nameless(reason: str, contents: Iterable[Content]) -> None:
    """Refuse a reason that names who wrote: it stands in the history for ever.

    Raises:
        InputRefused: for a name or an address of one of the contacts.

    """
    contacts = (content.contact for content in contents)
    if any(contact and names_own(reason, contact) for contact in contacts):
        raise InputRefused(InputCode.NAMES_A_PERSON, argument=Argument.REASON)


def units_for(work: Work, found: Sequence[AppealSummary], by: Actor) -> tuple[str, ...]:
    """Return the units for which an actor may read appeals, none for the whole city.

    Raises:
        StepRefused: if the actor may not read one of them.

    """
    actor, day = work.believed(by), work.today
    organization = work.rulebook.organization
    if not may_do(actor, Duty.READ, organization, unit=None, day=day):
        return ()
    items = {appeal.item for appeal in found if appeal.item}
    owners = {number: repository.item(work.connection, number).unit for number in items}
    units: dict[str, None] = {}
    for appeal in found:
        candidates = [owners.get(appeal.item or ""), appeal.town, appeal.district]
        for unit in filter(None, candidates):
            why = may_do(actor, Duty.READ, organization, unit=unit, day=day)
            if not why:
                units[unit] = None
                break
        else:
            raise StepRefused(why)
    return tuple(units)


@question
def readings(
    work: Work,
    *,
    key: Annotated[str | None, Argument.APPEAL_KEY] = None,
    channel: str | None = None,
    person: Annotated[str | None, Argument.PERSON] = None,
    full: bool = False,
    skip: int = 0,
    limit: int = 50,
) -> tuple[ReadBy, ...]:
    """Return who read what appeals say, newest first (X1).

    ``key`` and ``channel`` select the readings of an appeal; ``person`` those of a
    post; ``full`` those in which nothing was masked. A page begins not with the first
    ``skip``.

    Raises:
        InputRefused: for a limit outside 1–1000.

    """
    fit_limit(limit)
    found = texts.readings(work.connection, (channel, key), person, full=full)
    return tuple(islice(found, skip, skip + limit))


@question
def count_readings(
    work: Work,
    *,
    key: Annotated[str | None, Argument.APPEAL_KEY] = None,
    channel: str | None = None,
    person: Annotated[str | None, Argument.PERSON] = None,
    full: bool = False,
) -> int:
    """Return how many readings ``readings`` has with the same filters."""
    found = texts.readings(work.connection, (channel, key), person, full=full)
    return sum(1 for _ in found)
