"""The names of streams, of numbered ones and of their counters.

``streams`` declares how the streams of a kind are numbered.
"""

from __future__ import annotations

import re

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.streams import STREAMS, Numbering


def stream_of(kind: StreamKind, text: str) -> str:
    """Return the name of a stream from its name or its subject.

    >>> stream_of(StreamKind.ITEM, "2027-000001")
    'item/2027-000001'
    >>> stream_of(StreamKind.ITEM, "list/2027/city")
    'list/2027/city'

    """
    return kind.key(text) if StreamKind.parse(text)[0] is None else text


def counter_of(kind: StreamKind, within: object = "") -> str:
    """Return the name of the counter that numbers streams of a kind.

    >>> counter_of(StreamKind.ITEM, 2027), counter_of(StreamKind.BATCH)
    ('item/2027', 'batch')

    """
    return kind.key(within) if _numbering(kind).joint else kind.key()


def nth(kind: StreamKind, number: int, within: object = "") -> str:
    """Return the subject of the stream with a number.

    >>> nth(StreamKind.ITEM, 7, 2027), nth(StreamKind.BATCH, 7)
    ('2027-000007', '00000007')

    """
    numbering = _numbering(kind)
    return f"{within}{numbering.joint}{number:0{numbering.digits}d}"


def number_of(stream: str) -> tuple[str, int] | None:
    """Return a stream's counter and its number there, None if it isn't numbered.

    >>> number_of("excuse/2027-000001/0002"), number_of("list/2027/city")
    (('excuse/2027-000001', 2), None)

    """
    kind, about = StreamKind.parse(stream)
    numbering = None if kind is None else STREAMS[kind].numbering
    if kind is None or numbering is None:
        return None
    parts = about.rpartition(numbering.joint) if numbering.joint else ("", "", about)
    within, joint, digits = parts
    if joint != numbering.joint or not re.fullmatch("[0-9]{1,18}", digits):
        return None
    return counter_of(kind, within), int(digits)


def _numbering(kind: StreamKind) -> Numbering:
    numbering = STREAMS[kind].numbering
    if numbering is None:
        raise ValueError(f"{kind.value} is not numbered")
    return numbering
