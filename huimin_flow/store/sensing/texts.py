"""What appeals say and who says it: stored only encrypted, each under its row (X1).

A row of facts has a commitment to the content. Its salt is inside the ciphertext, so
that nobody can guess a content from its commitment, and none is left of an erased one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import RecordStep, StreamKind
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.canonical import canonical_of_plain, commitment
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.sensing.appeals import Appeal, Contact, Content
from huimin_flow.model.sensing.reading import AppealReading, ReadBy
from huimin_flow.store.core.history import (
    event_of,
    moment_texts,
    raw_bytes,
    rows_of_pairs,
)
from huimin_flow.store.core.tables import APPEAL_TEXTS, APPEALS, EVENTS
from huimin_flow.store.sensing.keys import NONCE, Keyring, Token, opens, subject_of

#: The size of a salt, in bytes.
_SALT = 16


class Opening(Protocol):
    """A unit of work, as far as it opens contents."""

    @property
    def connection(self) -> Connection:
        """Return its connection."""

    @property
    def keyring(self) -> Keyring:
        """Return the keys of its database."""


class Sealed(NamedTuple):
    """A stored content with its appeal: what is needed to open it."""

    channel: str
    key: str
    who: str
    text_commitment: str
    batch: int
    line: int
    sealed: bytes


def content_of(appeal: Appeal) -> Content:
    """Return the part of an appeal that is stored only encrypted."""
    return Content(title=appeal.title, text=appeal.text, contact=appeal.contact)


def rows_of(
    opening: Opening, appeals: Sequence[Appeal], batch: int, token: Token
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of a batch of appeals, and separately those of their contents.

    Missing data keys are made.

    Raises:
        ValueError: for an appeal without a moment.
        StoreRefused: without the master key of the database.

    """
    owners = [subject_of(each.who, each.channel, each.key) for each in appeals]
    ciphers = opening.keyring.ciphers(opening.connection, owners, token)
    randoms = token((_SALT + NONCE) * len(appeals))
    for appeal in appeals:
        if appeal.at is None:
            raise ValueError(f"appeal {appeal.key} has no moment")
    moments = moment_texts([appeal.at for appeal in appeals if appeal.at])
    rows, texts = [], []
    for line, (appeal, owner, at) in enumerate(
        zip(appeals, owners, moments, strict=True), 1
    ):
        random = randoms[(_SALT + NONCE) * (line - 1) : (_SALT + NONCE) * line]
        salt, nonce = random[:_SALT], random[_SALT:]
        contact = appeal.contact
        plain = canonical_of_plain(
            {
                "title": appeal.title,
                "text": appeal.text,
                # By their names in a loop the parts take four times as long.
                "contact": contact
                and {
                    "name": contact.name,
                    "phone": contact.phone,
                    "identity": contact.identity,
                    "address": contact.address,
                    "other": contact.other,
                },
                "salt": salt.hex(),
            }
        )
        row: dict[str, Any] = {
            "channel": appeal.channel,
            "key": appeal.key,
            "who": appeal.who,
            "district": appeal.district,
            "town": appeal.town,
            "village": appeal.village,
            "point": appeal.point,
            "at": at,
            "life_stage": appeal.life_stage.value,
            "text_commitment": commitment(salt, plain).hex(),
            "batch": batch,
            "line": line,
        }
        rows.append(row)
        identity = _identity(appeal.channel, appeal.key)
        sealed = nonce + ciphers[owner].encrypt(nonce, plain, identity)
        texts.append({"batch": batch, "line": line, "sealed": sealed})
    return rows, texts


def _identity(channel: str, key: str) -> bytes:
    """Return what a content is bound to, so that it fits no other row."""
    return f"{channel}\0{key}".encode(errors="surrogatepass")


#: Contents with their appeals.
_SAME = sa.and_(
    APPEAL_TEXTS.c.batch == APPEALS.c.batch, APPEAL_TEXTS.c.line == APPEALS.c.line
)
SEALED = select(
    *(APPEALS.c[name] for name in Sealed._fields if name != "sealed"),
    APPEAL_TEXTS.c.sealed,
).select_from(APPEALS.join(APPEAL_TEXTS, _SAME))


def opened(
    opening: Opening, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Content]:
    """Return the contents of appeals by (channel, key), without what was erased.

    It records nothing: the public act that shows a content records its reading.

    Raises:
        StoreRefused: without the master key, or for a content that was changed.

    """
    columns = APPEALS.c.channel, APPEALS.c.key
    found = rows_of_pairs(opening.connection, SEALED, columns, pairs)
    contents = {}
    for stored, plain in plains(opening, [Sealed(*row) for row in found]):
        if plain is None:
            code = StoreCode.SEAL_BROKEN
            raise StoreRefused(code, channel=stored.channel, key=stored.key)
        said = orjson.loads(plain)
        contact = said["contact"]
        contents[stored.channel, stored.key] = Content(
            title=said["title"],
            text=said["text"],
            contact=None if contact is None else Contact(**contact),
        )
    return contents


def plains(
    opening: Opening, stored: Sequence[Sealed]
) -> Iterator[tuple[Sealed, bytes | None]]:
    """Yield stored contents with their plain bytes, None if they can't be opened.

    Raises:
        StoreRefused: without the master key.

    """
    owners = [subject_of(each.who, each.channel, each.key) for each in stored]
    ciphers = opening.keyring.ciphers(opening.connection, owners)
    for each, owner in zip(stored, owners, strict=True):
        cipher, identity = ciphers.get(owner), _identity(each.channel, each.key)
        if cipher is None or not isinstance(each.sealed, bytes):
            yield each, None
        else:
            yield each, opens(cipher, each.sealed, identity)


def promised(plain: bytes) -> str | None:
    """Return the commitment to a content as its row has it, None to what is none."""
    try:
        salt = bytes.fromhex(orjson.loads(plain)["salt"])
    except (ValueError, LookupError, TypeError):
        return None
    return commitment(salt, plain).hex()


#: How many events are read at once.
_SLICE = 500


def readings(
    connection: Connection,
    appeal: tuple[str | None, str | None],
    reader: str | None,
    *,
    full: bool,
) -> Iterator[ReadBy]:
    """Yield the readings that fit, newest first; None fits everything."""
    query = select(EVENTS.c.id, EVENTS.c.header).where(
        EVENTS.c.step == RecordStep.READ.value,
        EVENTS.c.stream.like(StreamKind.READING.key("%")),
    )
    last: int | None = None
    while True:
        earlier = query if last is None else query.where(EVENTS.c.id < last)
        rows = connection.execute(earlier.order_by(EVENTS.c.id.desc()).limit(_SLICE))
        events = [(row.id, event_of(raw_bytes(row.header))) for row in rows]
        for last, event in events:  # noqa: B007 - the next slice begins before it
            reading = from_plain(AppealReading, event.public["value"])
            fits = reader in {None, event.actor} and any(
                all(part in {None, own} for part, own in zip(appeal, pair, strict=True))
                for pair in reading.appeals
            )
            if fits and (reading.full or not full):
                yield ReadBy(moment=event.at, actor=event.actor, reading=reading)
        if len(events) < _SLICE:
            return
