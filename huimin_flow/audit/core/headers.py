"""Headers of events as somebody or a disk may have left them, and how they are read.

A header must have exactly the bytes that this engine writes. The walk over all events
reports each header that can't be read; later laws go on without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from itertools import product
from types import NoneType
from typing import Any, NoReturn

import orjson
from sqlalchemy import Connection

from huimin_flow.model.core.canonical import GREATEST, proven
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.events import HEADER_VERSION, Event
from huimin_flow.model.core.values import closed, opened
from huimin_flow.store.core import history, positions

#: The errors that a header or a row with a value of a wrong type causes.
ODD = (ValueError, LookupError, TypeError, AttributeError, OverflowError)


def read_header(header: bytes) -> tuple[Event, str, bool]:
    """Return the event of a header, its stamp as text, and whether it is canonical.

    Raises:
        ValueError: if it is no header, or has a value that canonical JSON lacks.

    """
    plain = read_proven(header)
    if plain is not None:
        at = plain["at"]
        plain["at"] = history.moment_of(at)
        plain["occurred_on"] = _day_of(plain["occurred_on"])
        return closed(Event, opened(Event)(**plain)), at, True
    event = history.event_of(header, _read_exactly)
    at = history.moment_text(event.at)
    return event, at, history.header_of(event) == header


def _refuse_number(written: str) -> NoReturn:
    message = f"canonical JSON has no {written}"
    raise ValueError(message)


def _read_integer(written: str) -> int:
    number = int(written)
    if abs(number) > GREATEST:
        _refuse_number(written)
    return number


_DECODER = json.JSONDecoder(
    parse_float=_refuse_number,
    parse_int=_read_integer,
    parse_constant=_refuse_number,
)


def _read_exactly(header: bytes) -> Any:
    """Parse JSON as ``json.loads`` does, without numbers that a header can't have."""
    return _DECODER.decode(header.decode(json.detect_encoding(header), "surrogatepass"))


def read_proven(header: bytes) -> dict[str, Any] | None:
    """Return the fields of a header if it is proven that its bytes are canonical.

    Written again, they make the same bytes: no key is there twice, and nothing is
    between the values. They have their types, without fractions. None proves nothing.
    """
    try:
        plain: Any = orjson.loads(header)
    except orjson.JSONDecodeError:
        return None
    if type(plain) is not dict or tuple(plain) != _HEADER_FIELDS:
        return None
    kinds = [*map(type, plain.values())]
    if (
        tuple(kinds) in _HEADER_TYPES
        and plain["v"] == HEADER_VERSION
        and _MOMENT.fullmatch(plain["at"])
        and _day_of(plain["occurred_on"])
        and not _has_fraction((plain["public"], plain["verdict"]))
        and proven(plain) == header
    ):
        return plain
    return None


#: The fields of a header in canonical order, and the types that they have together.
_HEADER_FIELDS = tuple(sorted(field.name for field in fields(Event)))
_OF_FIELD: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("n", "v"), (int,)),
    **dict.fromkeys(("previous", "private", "rulebook"), (str, NoneType)),
    **dict.fromkeys(("source", "target"), (str, NoneType)),
    "public": (dict,),
    "verdict": (dict, NoneType),
}
_HEADER_TYPES = frozenset(
    product(*(_OF_FIELD.get(name, (str,)) for name in _HEADER_FIELDS))
)

#: The texts that ``moment_text`` and ``date.isoformat`` write; other forms can be read.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{6}Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@lru_cache(maxsize=1024)
def _day_of(written: str) -> date | None:
    return date.fromisoformat(written) if _DAY.fullmatch(written) else None


def _has_fraction(parts: Iterable[Any]) -> bool:
    """Tell whether a float is anywhere in parts of JSON."""
    for part in parts:
        kind = type(part)
        if kind is dict or kind is list:
            if _has_fraction(part.values() if kind is dict else part):
                return True
        elif kind is float:
            return True
    return False


def events_that_read(connection: Connection, stream: str) -> list[Event]:
    """Return a stream's events, or none if one of them can't be read."""
    try:
        return history.events_of(connection, stream)
    except ODD:
        return []


def declarations_that_read(
    connection: Connection,
) -> tuple[tuple[ClockRecord, int | None], ...]:
    """Return the declared spans with their positions, or none if one can't be read."""
    try:
        return positions.declarations(connection)
    except ODD:
        return ()
