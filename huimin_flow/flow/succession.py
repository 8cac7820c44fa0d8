"""Transfers: an item or a task goes to another unit (F1)."""

from __future__ import annotations

from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode, InputCode
from huimin_flow.catalogue.terms import Argument, Step, UnitKind
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.evidence import TransferEvidence
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item
from huimin_flow.rules.succession import transferred
from huimin_flow.store.core import repository


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
    task goes. A listed item keeps its place in the published edition. Another
    transfer takes it back.

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
    return advance(
        work,
        item,
        Step.TRANSFER,
        evidence,
        by=by,
        changes={**changes, "reason_code": reason, "transfers": item.transfers + 1},
        version=version,
        named={"former": former, "unit": owner.code},
    )
