"""Receipts, 回执: whoever holds one learns how far the appeal is (A7)."""

from __future__ import annotations

from typing import Annotated

from huimin_flow.catalogue.reasons import AnswerCode
from huimin_flow.catalogue.terms import AnswerState, Argument, ReceiptWord
from huimin_flow.clock import local_day
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import trails
from huimin_flow.flow.sensing.answering import histories, waiting
from huimin_flow.model.sensing.answers import ReceiptStatus
from huimin_flow.model.sensing.receipts import place_of_receipt, receipt_number
from huimin_flow.store.sensing import answers as store

#: The name of the secret under which numbers are encrypted.
_SECRET = "receipt"  # noqa: S105 - a name


@question
def receipt(work: Work, number: Annotated[str, Argument.RECEIPT]) -> ReceiptStatus:
    """Return how far an appeal is, for whoever holds its receipt (A7).

    It needs no post: there is neither a person nor a text in it, and no number leads
    to another. Small letters, other gaps and signs that look alike are accepted.

    Raises:
        NotFound: for every wrong number, alike.

    """
    key = work.keyring.secret(work.connection, _SECRET)
    received = store.at_place(work.connection, place_of_receipt(key, number))
    if received is None:
        raise NotFound(AnswerCode.RECEIPT_UNKNOWN)
    (now,) = histories.answerings(work, [received])
    word = ReceiptWord(now.state.value)
    if received.erased and now.state is AnswerState.RECEIVED:
        word = ReceiptWord.ERASED
    elif now.overdue:
        word = ReceiptWord.OVERDUE
    book = work.rulebook
    channels = {each.key: each.name for each in book.channels.intake}
    items = trails.items_from(work, now.item) if now.item else ()
    return ReceiptStatus(
        received=local_day(now.at),
        channel=channels.get(now.channel, now.channel),
        unit=book.organization.name_of(now.unit),
        word=word,
        due=None if received.erased else now.due,
        answered=now.answered,
        linked=bool(now.item),
        matter=items[0].state if items else None,
        lists=items[0].lists if items else (),
    )


@question
def receipt_of(
    work: Work,
    key: Annotated[str, Argument.APPEAL_KEY],
    *,
    channel: str | None = None,
) -> str:
    """Return the number of the receipt for an appeal, to be given to its citizen (A7).

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.

    """
    received = waiting.received_of(work, key, channel)
    return numbers(work, [(received.batch, received.line)])[0]


def numbers(work: Work, places: list[tuple[int, int]]) -> list[str]:
    """Return the numbers of the receipts for the appeals at some places."""
    key = work.keyring.secret(work.connection, _SECRET)
    return [receipt_number(key, batch, line) for batch, line in places]
