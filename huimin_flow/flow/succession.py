"""Transfers: what a unit has or owes goes to another unit (F1).

The office transfers an item or a task with a reason. On a unit's legal day a job
transfers everything to its only successor, one event each. What a unit with several
successors had is transferred by the office: only people know which part goes where.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from huimin_flow.catalogue.reasons import DecisionCode, InputCode, Reasons
from huimin_flow.catalogue.terms import (
    Argument,
    ChangeKind,
    Job,
    RecordStep,
    Step,
    StreamKind,
    UnitKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, advance, keep_record
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import follow
from huimin_flow.flow.executing.tasks import settle_moved
from huimin_flow.flow.services.follow_ups import pending
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.deciding.lists import Edition, content_digest
from huimin_flow.model.evidence import RatedEvidence, TransferEvidence
from huimin_flow.model.executing.plans import Excuse, Plan
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.items import Item, Succession
from huimin_flow.rules.core.due import end_period
from huimin_flow.rules.executing.tasks import open_returns
from huimin_flow.rules.extensions import refusals_in
from huimin_flow.rules.succession import transferred
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store import jobs
from huimin_flow.store import succession as store
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.services.follow_ups import bad_ratings

#: The reason code of a job's transfer in the draft of a list.
_ENDED: Final = "unit_ended"


@act(Step.TRANSFER)
def transfer(
    work: Work,
    number: str,
    unit: str,
    reason: Annotated[str, Argument.TRANSFER_CODE],
    *,
    task: str | None = None,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Transfer an item to another unit, with a reason code of the rulebook.

    The tasks for which its unit is accountable go with it. With ``task``, only that
    task goes, and a return of it is settled. A listed item keeps its place in the
    published edition; the next one is drafted. Another transfer takes it back.

    Raises:
        InputRefused: for a unit that doesn't exist today, an auditor, or an unknown
            task.
        StepRefused: for the same unit, an unknown reason code, or an item that has
            ended.

    """
    directory = Directory(work.rulebook.organization)
    owner = directory.unit(unit, work.today, exact=True, working=False)
    if owner.kind is UnitKind.AUDITOR:
        raise InputRefused(InputCode.UNIT_IS_AUDITOR, unit=owner.name)
    item = repository.item(work.connection, number)
    former = item.unit
    if task is not None:
        units = {each.key: each.unit for each in (item.plan or Plan()).tasks}
        if task not in units:
            code, known = DecisionCode.TASK_UNKNOWN, list(units)
            raise InputRefused(code, item=number, task=showable(task), tasks=known)
        former = units[task]
    evidence = TransferEvidence(
        reason_code=reason,
        known=work.rulebook.rules.transfer_reasons,
        unit=owner.code,
        former=former,
    )
    changes = transferred(item, former, owner.code, task=task)
    moved = advance(
        work,
        item,
        Step.TRANSFER,
        evidence,
        by=by,
        changes={**changes, "reason_code": reason, "transfers": item.transfers + 1},
        version=version,
        named={"former": former, "unit": owner.code},
    )
    if task is not None:
        returns = repository.records(work.connection, TaskReturn, number)
        excuses = repository.records(work.connection, Excuse, number)
        for made in open_returns(item, returns, excuses):
            if made.task == task:
                settle_moved(work, made, moved, by)
    follow(work, moved, ChangeKind.TRANSFER, reason, by=by)
    return moved


@question
def successions(work: Work, *, unit: str | None = None) -> tuple[Succession, ...]:
    """Return the units that have ended, with what went to whom and what is left.

    With ``unit``, its own end, and those of the units that it succeeded.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    organization, day = work.rulebook.organization, work.today
    done = {
        run.period: json.loads(run.result)
        for run in jobs.runs(work.connection)
        if run.job == Job.SUCCESSION
    }
    ended = []
    for former in organization.ended(day):
        heir = organization.heir(former.code, day)
        if former.valid_to is None or unit not in {None, former.code, heir}:
            continue
        period = end_period(former.code, former.valid_to)
        result = done.get(period, {})
        counts = {name: result.get(name, 0) for name in ("items", "ratings", "lists")}
        left = [
            item.number for item in store.open_items(work.connection, [former.code])
        ]
        refused = _refused(work, period) if left and result else {}
        ended.append(
            Succession(
                former=former.code,
                unit=None if heir == former.code else heir,
                ended=former.valid_to,
                works_until=former.works_until,
                left=tuple(left),
                refused={each: refused[each] for each in left if each in refused},
                **counts,
            )
        )
    return tuple(ended)


def _refused(work: Work, period: str) -> Mapping[str, Reasons]:
    """Return the items that guards of hosts refused to the job of a unit's end."""
    stream = StreamKind.JOB.key(Job.SUCCESSION, period)
    return {
        each["item"]: refusals_in(each["extensions"])
        for event in history.events_of(work.connection, stream)
        for each in event.public.get("refused", ())
    }


def succeed(work: Work, former: str, ended: date, *, by: Actor) -> list[Any]:
    """Transfer everything that a unit has or owes to its only successor.

    Each open item of the unit, with a task of the unit or supported by it, each open
    record of the unit and each bad rating without a follow-up gets one event. It
    happened on the unit's last day, or on the day of the last step if that is later.
    Without one successor nothing is transferred. An item whose transfer a guard of a
    host refuses stays, with the reasons, for the office to transfer (E1).
    """
    connection = work.connection
    heir = work.rulebook.organization.heir(former, work.today)
    made: list[Any] = []
    if heir == former:
        return made
    concerned = store.open_items(connection, [former], supporting=True)
    numbers = [item.number for item in concerned]
    repository.hold_items(connection, numbers)
    for number in numbers:
        item = repository.item(connection, number)
        last = positions.last_day(connection, StreamKind.ITEM.key(number))
        evidence = TransferEvidence(unit=heir, former=former, by_job=True, known={})
        changes = {**transferred(item, former, heir), "transfers": item.transfers + 1}
        day = max(ended, last or ended)
        refused = work.own_refusal(work.rulebook, item, Step.TRANSFER, changes, day=day)
        if refused is not None:
            made.append(refused)
            continue
        moved = advance(
            work,
            item,
            Step.TRANSFER,
            evidence,
            by=by,
            changes=changes,
            occurred_on=day,
            named={"former": former, "unit": heir},
        )
        follow(work, moved, ChangeKind.TRANSFER, _ENDED, by=by)
        made.append(moved)
    acting, of_heir = acting_as(work, by, units=(heir,)), RatedEvidence(rated=heir)
    rated = bad_ratings(connection, units=[former], final=FOLLOW_UP.ends)
    records = [
        *store.open_records(connection, [former]),
        *((pending(rating), former) for rating, acted in rated if acted is None),
    ]
    for record, about in records:
        step, new = RecordStep.HAND_OVER, replace(record, unit=heir)
        if isinstance(new, Edition):
            new = replace(new, digest=content_digest(new))
        subject = heir if about == former else about
        made.append(
            keep_record(work, step, new, record, acting, of_heir, about=subject)
        )
    streams = dict.fromkeys(event.stream for event in work.events)
    lists = [key for key in streams if StreamKind.parse(key)[0] is StreamKind.LIST]
    found = (repository.find_record(connection, Edition, key) for key in lists)
    return [*(each for each in made if not isinstance(each, Edition)), *found]
