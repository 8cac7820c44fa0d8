"""Canonical JSON and the hashes over it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

#: The largest integer that every JSON reader keeps exactly.
GREATEST = 2**53


def canonical(value: object) -> bytes:
    """Return the canonical JSON of ``value``: NFC, sorted keys, no floats.

    Keys are sorted by their UTF-16 code units, as RFC 8785 asks.

    >>> canonical({"b": [1, True, None], "a": "惠民"}).decode()
    '{"a":"惠民","b":[1,true,null]}'

    Raises:
        ValueError: for floats, integers beyond 2**53, lone surrogates, two
            keys that NFC makes one, and types that JSON lacks.

    """
    return _written(_checked(value)).encode()


#: One writer for all; its values were built anew, so they hold no circle.
_written = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":")
).encode

#: Types whose values are canonical already.
_ATOMS = frozenset({bool, type(None)})


def _checked(value: object) -> Any:
    kind = type(value)
    if kind is str or isinstance(value, str):
        return _normal(value)  # type: ignore[arg-type]
    if kind in _ATOMS:
        return value
    if kind is dict:
        return _sorted(value)  # type: ignore[arg-type]
    if isinstance(value, int):
        if abs(value) > GREATEST:
            message = f"an integer beyond 2**53: {value}"
            raise ValueError(message)
        return int(value)
    if isinstance(value, list | tuple):
        return [_checked(part) for part in value]
    if isinstance(value, Mapping):
        return _sorted(value)
    message = f"canonical JSON has no {kind.__name__}"
    raise ValueError(message)


def _normal(text: str) -> str:
    text = str(text)
    if text.isascii():
        return text
    normal = unicodedata.normalize("NFC", text)
    normal.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return normal


def _sorted(mapping: Mapping[Any, object]) -> dict[str, Any]:
    keys = tuple(mapping)
    # A subclass of text may equal another key and differ as text: no cache for it.
    order = _order(keys) if _TEXT.issuperset(map(type, keys)) else _ordered(keys)
    return {name: _checked(mapping[key]) for key, name in order}


def _ordered(keys: tuple[object, ...]) -> list[tuple[object, str]]:
    """Return keys with their names in canonical order."""
    named: dict[str, object] = {}
    for key in keys:
        if not isinstance(key, str):
            message = f"a key must be text, not {type(key).__name__}"
            raise ValueError(message)  # noqa: TRY004 - one kind of error for all
        name = _normal(key)
        if name in named:
            message = f"two keys become one: {name}"
            raise ValueError(message)
        named[name] = key
    order = sorted(named, key=lambda name: name.encode("utf-16-be"))
    return [(named[name], name) for name in order]


#: Row after row has the same keys; their order depends on nothing else.
_order = lru_cache(maxsize=1024)(_ordered)

_TEXT = frozenset({str})


def leaf(header: bytes) -> bytes:
    """Return the leaf hash of stored header bytes, SHA-256(0x00 ‖ header)."""
    return sha256(b"\x00" + header).digest()


def commitment(salt: bytes, payload: bytes) -> bytes:
    """Return the commitment to a payload, SHA-256(0x02 ‖ salt ‖ payload)."""
    return sha256(b"\x02" + salt + payload).digest()


def merkle_root(leaves: list[bytes]) -> bytes:
    """Return the RFC 9162 root over leaf hashes, in their order.

    >>> merkle_root([]).hex()[:8]
    'e3b0c442'

    """
    if not leaves:
        return sha256(b"").digest()
    level = leaves
    while len(level) > 1:
        above = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        if len(level) % 2:  # the last hash has no neighbor and goes up as it is
            above.append(level[-1])
        level = above
    return level[0]


def digest(data: bytes) -> str:
    """Return the hex SHA-256 of ``data``."""
    return sha256(data).hexdigest()
