"""Who read what appeals say, what a reader is shown, and what was erased (X1).

Contents are masked until somebody asks for them.
"""

from __future__ import annotations

import re
from dataclasses import field
from datetime import datetime

from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.appeals import Contact, Content
from huimin_flow.personal import masked

_SIGN = re.compile(r"[^\W_]")

#: What else a masked text does not show; a reader may ask for all of it. So it is wider
#: than what ``personal`` finds: long numbers, those of cards and papers, disguised
#: e-mail, and what follows a masked address.
_MORE = (
    re.compile(r"\d(?:[\s._-]{0,2}\d){10,}[Xx]?"),
    re.compile(r"(?<=[证卡号码])[号码:\uff1a为是\s]{0,4}[A-Za-z]{0,3}\d{6,}[A-Za-z]?"),
    re.compile(
        r"[A-Za-z0-9._%+-]+\s?(?:[\[(\uff08]at[\])\uff09]|@|\uff20)\s?"
        r"[A-Za-z0-9-]+\s?\.\s?[A-Za-z]{2,}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<=\*)(?:\s*[第附]?[A-Za-z\d一二三四五六七八九十]+(?:-\d+)*\s*"
        r"(?:号|#|栋|幢|座|单元|楼|层|室|户))+"
    ),
)


@value
class AppealReading:
    """An act of reading: which appeals, as (channel, key), why, and whether in full.

    ``units`` are those for which the reader could read them, none for the whole city.
    Reader and moment are those of its event.
    """

    key: str
    appeals: tuple[tuple[str, str], ...]
    reason: str
    full: bool
    units: tuple[str, ...] = ()
    version: int = 1


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


@value
class ReadBy:
    """One line of who read appeals: a ``moment``, aware UTC, and the reading."""

    moment: datetime
    actor: str
    reading: AppealReading


@value
class AppealText:
    """What an appeal says, as its reader is shown it.

    Without ``full`` the numbers that name a person are masked, and so is the contact.
    ``erased`` is true if nothing is left. ``at`` is aware UTC.
    """

    channel: str
    key: str
    at: datetime
    district: str
    town: str
    village: str
    item: str | None
    full: bool
    erased: bool = False
    title: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    contact: Contact | None = field(default=None, repr=False)


def masked_content(content: Content) -> Content:
    """Return a content with stars for what names a person.

    Numbers are found by their form. A name or an address is known from the contact
    only; where the text repeats it, it is masked there, too.
    """
    contact, hidden = content.contact, []
    if contact is not None:
        parts = (contact.name, contact.phone, contact.identity, contact.address)
        # A single sign would hide each of its occurrences.
        hidden = sorted((part for part in parts if len(part) > 1), key=len)[::-1]
        contact = Contact(
            name=contact.name[:1] + _starred(contact.name[1:]),
            phone=_starred(contact.phone),
            identity=_starred(contact.identity),
            address=_starred(contact.address),
            other=_starred(contact.other),
        )
    texts = [content.title, content.text]
    for part in hidden:
        signs = _SIGN.findall(part)
        gapped = r"[\W_]{0,3}".join(map(re.escape, signs))
        looks = re.compile(gapped if len(signs) > 1 else re.escape(part))
        texts = [_hidden(looks, text) for text in texts]
    for looks in _MORE:
        texts = [_hidden(looks, text) for text in texts]
    title, text = map(masked, texts)
    return Content(title=title, text=text, contact=contact)


def _hidden(looks: re.Pattern[str], text: str) -> str:
    return looks.sub(lambda found: _starred(found[0]), text)


def _starred(text: str) -> str:
    return _SIGN.sub("*", text)
