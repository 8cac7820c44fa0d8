"""How well a text tells the district that its official reply names.

The organizers of the messages replaced districts by codes (A3区), so each of the codes
of districts that replies name most gets the name of a district of ``config/`` in its
place, in full or short. The district of a message is known if its reply names just one
code; the suggestion reads the message alone. A town in the messages is another
province's: its name counts as an error wherever it is taken for one of ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.sensing.suggesting import suggest_place

#: The code of a district in messages and replies.
_CODE = re.compile(r"[A-Z][0-9]{1,2}[市区县]")

#: The last sign of a district's name.
_ENDING = re.compile("(?:自治县|[区县])$")

_DAY = date(2026, 3, 5)

#: What was suggested, "" for nothing, and the district of the reply.
Pair = tuple[str, str]


def measured(
    rows: Sequence[dict[str, Any]], book: Rulebook, *, short: bool, held: bool
) -> Iterator[Pair]:
    """Yield the suggestion of each message of a half, and the district of its reply."""
    codes = Counter(code for row in rows for code in set(_CODE.findall(row["reply"])))
    units = [
        unit
        for unit in book.organization.units_on(_DAY)
        if unit.kind is UnitKind.DISTRICT
    ]
    names = {
        code: unit for (code, _), unit in zip(codes.most_common(), units, strict=False)
    }
    resolver = resolver_of(book.organization)
    for row in rows:
        known = set(_CODE.findall(row["reply"]))
        if len(known) != 1 or not known <= names.keys() or is_held(row["id"]) != held:
            continue
        title, text = (
            _CODE.sub(lambda code: _name(code[0], names, short=short), row[part])
            for part in ("title", "text")
        )
        made = suggest_place(title, text, book.suggestions, resolver, _DAY)
        yield ("" if made is None else made.subject), names[min(known)].code


def _name(code: str, names: Mapping[str, Any], *, short: bool) -> str:
    if code not in names:
        return code
    name = names[code].name
    stem = _ENDING.sub("", name)
    return stem if short and len(stem) > 1 else name


def is_held(key: str) -> bool:
    """Tell whether a message is of the half that nobody looked at."""
    return sha256(key.encode()).digest()[0] % 2 == 1
