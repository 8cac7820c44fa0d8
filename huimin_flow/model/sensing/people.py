"""People behind appeals: what tells one from another, and their erasure (X1)."""

from __future__ import annotations

import re
import unicodedata

from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.appeals import Contact

_NO_SIGN = re.compile(r"[\W_]+")
#: A number of eleven digits, with or without the country's prefix.
_PREFIXED = re.compile(r"(?:00)?86(?=1[0-9]{10}$)")


@value
class Erasure:
    """The erasure of a person's data: of ``who``, or of one anonymous appeal.

    ``rows`` are the batches and lines of the erased contents. ``reapplied`` is true if
    a restored backup still had what was erased before.
    """

    key: str
    who: str
    channel: str
    appeal: str
    reason: str
    rows: tuple[tuple[int, int], ...]
    reapplied: bool = False
    confirmed_by: str = ""
    version: int = 1


def trait_of(contact: Contact | None) -> str:
    """Return what tells a person from all others, "" if nothing does.

    It is the identity number, else the phone number, else name and address together:
    many people have the same name.

    >>> trait_of(Contact(phone="+86 138-0013-8000")), trait_of(Contact(name="张三"))
    ('phone/13800138000', '')

    """
    if contact is None:
        return ""
    parts = (contact.identity, contact.phone, contact.name, contact.address)
    identity, phone, name, address = (
        _NO_SIGN.sub("", unicodedata.normalize("NFKC", part)).upper() for part in parts
    )
    if identity:
        return f"identity/{identity}"
    if phone:
        return f"phone/{_PREFIXED.sub('', phone)}"
    return f"name/{name}/{address}" if name and address else ""
