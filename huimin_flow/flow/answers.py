"""A lost answer asked for again: the first answer under a request id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.errors import RequestReused
from huimin_flow.flow.work import Work
from huimin_flow.model.canonical import canonical, digest
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.store import logs, repository

R = TypeVar("R")


def answered(
    work: Work, request: str, function: Callable[..., R], args: Any, kwargs: Any
) -> R:
    """Do an act under an idempotency key, or return what it answered first.

    Raises:
        RequestReused: if the key stands for another act.

    """
    asked = [function.__name__, _named(args), _named(kwargs)]
    act = digest(canonical(asked))
    if repository.claim_request(work.connection, request, act):
        result = function(work, *args, **kwargs)
        repository.keep_answer(work.connection, request, result)
        logs.enter(work.connection, logs.ANSWERED)
        return result
    first = repository.answer_to(work.connection, request)
    if first is None or first[0] != act:
        raise RequestReused(InputCode.REQUEST_REUSED, request=request)
    answer: R = from_plain(get_type_hints(function)["return"], first[1])
    return answer


def _named(given: Any) -> Any:
    """Return what was given as a plain value; a file's bytes by their digest."""
    if isinstance(given, dict):
        return {name: _named(one) for name, one in given.items()}
    if isinstance(given, tuple):
        return [_named(one) for one in given]
    if isinstance(given, bytes):
        return {"sha256": hashlib.sha256(given).hexdigest()}
    return to_plain(given)
