"""Erasure of a person's data, by two people; counts and proofs survive (X1)."""

from __future__ import annotations

from typing import Annotated, Any

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Duty, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.appeals import keys_and_names
from huimin_flow.flow.sensing.personal.reading import require_nameless
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required, showable
from huimin_flow.model.sensing.reading import Erasure
from huimin_flow.store.core import repository
from huimin_flow.store.sensing import erasing as stored
from huimin_flow.store.sensing import texts


@act(Duty.CONFIRM, two=True)
def erase(
    work: Work,
    subject: Annotated[str, Argument.SUBJECT],
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
) -> Erasure:
    """Erase by two people what a person said, and what was kept to find it (X1).

    ``subject`` is the person's pseudonym, or an appeal, written channel=key: then its
    person, or only it if it is anonymous. Data key and contents are destroyed, also for
    copies; rows, counts, links and roots stay. It can't be undone.

    Raises:
        NotFound: if there is no such appeal, or nothing of the person is left.
        InputRefused: for a reason with a person's number, or with the name or the
            address of who is erased.
        StepRefused: unless two people with the duty confirm it.
        StoreRefused: without the master key, or if its register can't be written.

    """
    work.two_people(by, second, Duty.CONFIRM)
    who, channel, key = require_subject(work, subject)
    kept = required(reason, Argument.REASON, longest=500)
    rows = stored.contents_of(work.connection, who, channel, key)
    said = stored.appeals_of(work.connection, who, channel, key)
    require_nameless(kept, texts.opened(work, said).values())
    if not work.tried:
        stored.erase(work.connection, work.keyring, who, channel, key)
    named = accepted(subject, Argument.SUBJECT, longest=250)
    return _keep(
        work,
        RecordStep.ERASE,
        named,
        by,
        second,
        appeal=(channel, key),
        who=who,
        reason=kept,
        rows=rows,
    )


def _keep(
    work: Work,
    step: RecordStep,
    subject: str,
    by: Actor,
    second: Actor | None,
    **parts: Any,
) -> Erasure:
    """Record an erasure in the history of whom it concerned."""
    stream = StreamKind.ERASURE.key(subject)
    old = repository.find_record(work.connection, Erasure, stream)
    channel, key = parts.pop("appeal")
    erasure = Erasure(
        key=stream,
        channel=channel,
        appeal=key,
        confirmed_by="" if second is None else second.id,
        **parts,
    )
    return keep_record(work, step, erasure, old, acting_as(work, by, second))


def require_subject(work: Work, subject: str) -> tuple[str, str, str]:
    """Return pseudonym, channel and key of whom an erasure would concern.

    Raises:
        NotFound: if there is no such appeal, or nothing of the person is left.

    """
    who, channel, key = subject.strip(), "", ""
    if "=" in who:
        intake = work.rulebook.channels.intake
        channels = keys_and_names((each.key, each.name) for each in intake)
        channel, _, key = who.partition("=")
        channel = channels.get(channel, channel)
        owner = stored.owner_of(work.connection, channel, key)
        if owner is None:
            raise NotFound(InputCode.APPEAL_NOT_FOUND, key=showable(key))
        who = owner
        if owner:
            channel, key = "", ""
    if not (who or key):
        raise InputRefused(InputCode.TEXT_EMPTY, argument=Argument.SUBJECT)
    if not stored.contents_of(work.connection, who, channel, key):
        raise NotFound(InputCode.NOTHING_TO_ERASE, subject=showable(subject))
    return who, channel, key


@act(Duty.TIMETABLE)
def reapply(work: Work, *, by: Actor = ACTING) -> tuple[Erasure, ...]:
    """Erase again what a restored backup has brought back; the register names it (X1).

    Raises:
        StepRefused: if the actor lacks the duty.
        StoreRefused: without the master key.

    """
    work.duty(by, Duty.TIMETABLE)
    done = []
    for subject in work.keyring.returned(work.connection):
        kind, _, rest = subject.partition("/")
        who = rest if kind == "who" else ""
        channel, _, key = ("", "", "") if who else rest.partition("/")
        rows = stored.erase(work.connection, work.keyring, who, channel, key)
        named = who or f"{channel}={key}"
        done.append(
            _keep(
                work,
                RecordStep.REAPPLY,
                named,
                by,
                None,
                who=who,
                appeal=(channel, key),
                reason="",
                rows=rows,
                reapplied=True,
            )
        )
    return tuple(done)
