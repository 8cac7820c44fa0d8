"""Attempts that are undone, and retries that return the first answer."""

from __future__ import annotations

import hashlib
import hmac
import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

from sqlalchemy import Connection

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.errors import (
    HuiminError,
    RequestReused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow.core.acts import ANEW, UNKEPT
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.store.core import host_transaction, logs

R = TypeVar("R")


@dataclass
class Performed:
    """The count of committed acts of a door, and whether an act is open."""

    done: int = 0
    begun: bool = False


@dataclass
class Attempt:
    """Acts that are tried: one transaction, which is rolled back in the end.

    The first act ``begins`` it, for as long as ``ending`` lasts; a question before it
    ``reads`` what there is. ``events`` are what the acts have recorded. A host's
    connection finds our tables in ``schema``.
    """

    begins: Callable[[], AbstractContextManager[Connection]]
    reads: Callable[[], AbstractContextManager[Connection]]
    ending: ExitStack
    events: list[Event] = field(default_factory=list)
    schema: str = ""
    _connection: Connection | None = field(default=None, init=False)

    def begin(self) -> Connection:
        """Return the connection of the transaction, which has begun."""
        if self._connection is None:
            self._connection = self.ending.enter_context(self.begins())
        return self._connection

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Forget the events of acts that belong together if one of them fails."""
        before = len(self.events)
        try:
            yield
        except BaseException:
            del self.events[before:]
            raise

    def reading(self) -> AbstractContextManager[Connection]:
        """Return the connection for a question."""
        if self._connection is None:
            return self.reads()
        if self.schema:
            return host_transaction.asked(self._connection, self.schema)
        return nullcontext(self._connection)


def refused(
    act: Callable[..., Any], refusal: HuiminError, args: Any, kwargs: Any, at: datetime
) -> dict[str, str]:
    """Return the row of a refused act for our log, and tell the host's log.

    The first text is the act's subject. The host's log gets only the act and the
    codes, nothing about a person.
    """
    expected = not isinstance(refusal, StoreBusy | StoreRefused)
    codes = [reason.code for reason in refusal.reasons]
    _told.log(
        logging.INFO if expected else logging.WARNING,
        "%s is refused: %s",
        act.__name__,
        ", ".join(codes),
        extra={"act": act.__name__, "code": refusal.code, "codes": codes},
    )
    by = kwargs.get("by")
    positions = inspect.signature(act).bind_partial(None, *args, **kwargs).args
    about = next((text for text in positions if isinstance(text, str)), "")
    return logs.refusal_row(
        at=at,
        actor=by.id if isinstance(by, Actor) else "",
        act=act.__name__,
        about=about[:200],
        reasons=refusal.reasons,
    )


_told = logging.getLogger("huimin_flow.refusals")


def answered(
    work: Work, request: str | None, function: Callable[..., R], args: Any, kwargs: Any
) -> R:
    """Do an act, under an idempotency key if there is one; or return its first answer.

    Raises:
        RequestReused: if the key belongs to another act.

    """
    if request is None:
        return function(work, *args, **kwargs)
    asked = canonical([function.__name__, _to_key(args), _to_key(kwargs)])
    try:
        # Nobody may try texts, numbers or reasons until they have the digest.
        secret = work.keyring.secret(work.connection, "requests", work.clock.token)
        act = hmac.digest(secret, asked, "sha256").hex()
    except StoreRefused:
        act = digest(asked)  # without a master key no act keeps what names people
    unkept = function in UNKEPT
    if logs.claim_request(work.connection, request, act):
        result = function(work, *args, **kwargs)
        kept: Any = None if unkept else result
        if function in ANEW:
            kept = replace(kept, **{ANEW[function][0]: ""})
        logs.keep_answer(work.connection, request, act, kept)
        return result
    first = logs.answer_to(work.connection, request)
    if first is None or first[0] not in {act, digest(asked)}:
        raise RequestReused(InputCode.REQUEST_REUSED, request=request)
    if unkept:
        return function(work, *args, **kwargs)
    answer: Any = from_plain(get_type_hints(function)["return"], first[1])
    if function in ANEW:
        name, tell = ANEW[function]
        answer = replace(answer, **{name: tell(work, answer)})
    known: R = answer
    return known


def _to_key(argument: Any) -> Any:
    """Return an argument as a plain value; a file's bytes by their digest."""
    if isinstance(argument, dict):
        return {name: _to_key(item) for name, item in argument.items()}
    if isinstance(argument, tuple):
        return [_to_key(item) for item in argument]
    if isinstance(argument, bytes):
        return {"sha256": hashlib.sha256(argument).hexdigest()}
    return to_plain(argument)
