"""A line of jsonl as an object, and which of its keys it has twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def repeated(line: str, plain: Mapping[str, Any]) -> str | None:
    """Return a key that the object of a line has more than once, or None.

    ``plain`` is what the line was read as, with the last value of each key. Its
    keys and texts have two quotes each: where a line has no more of them, nothing
    was dropped, and it isn't read again.

    >>> repeated('{"a": "1", "b": 2}', {"a": "1", "b": 2})
    >>> repeated('{"a": "1", "a": "2"}', {"a": "2"})
    'a'

    """
    texts = list(map(type, plain.values())).count(str)
    if line.count('"') == 2 * (len(plain) + texts):
        return None
    pairs: list[tuple[str, Any]] = json.loads(line, object_pairs_hook=list)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return None
