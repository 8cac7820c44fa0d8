"""Evidence: files attached to an item, stored by their digest (C4)."""

from __future__ import annotations

from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode, StoreCode
from huimin_flow.catalogue.terms import Argument, Duty, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, permitted, record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import LARGEST_FILE, Attachment
from huimin_flow.store.core import repository
from huimin_flow.store.executing import attachments


@act(Duty.REPORT)
def attach(
    work: Work,
    number: str,
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach a file to an item; the same content is attached only once.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for an empty or too large file, or an unfit name.
        StepRefused: if the actor may not report, or not for its units.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    item = repository.item(work.connection, number)
    owners = {item.unit, *(task.unit for task in (item.plan or Plan()).tasks)}
    own = work.rulebook.organization.acts_for(by.unit, work.today)
    concerned = min(owners & own, default=item.unit)
    work.duty(by, Duty.REPORT, concerned)
    called = required(name, Argument.FILE_NAME, longest=200)
    if not 0 < len(content) <= LARGEST_FILE:
        code, most = DecisionCode.ATTACHMENT_SIZE, LARGEST_FILE // 1024 // 1024
        raise InputRefused(code, size=len(content), most=most)
    if work.shelf is None:
        raise StoreRefused(StoreCode.SHELF_UNKNOWN)
    attachment = Attachment(
        about=number,
        digest=work.shelf.put(content),
        size=len(content),
        name=called,
    )
    for known in attachments.attachments_of(work.connection, number):
        if known.digest == attachment.digest:
            return known
    attachments.keep_attachment(work.connection, attachment)
    stream = StreamKind.ATTACHMENT.key(number)
    acting = acting_as(work, by, units=(concerned,))
    record(
        work, permitted(work, stream, RecordStep.ATTACH, acting), to_plain(attachment)
    )
    return attachment
