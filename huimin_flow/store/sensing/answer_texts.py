"""What answers to appeals say: stored only encrypted, under who is answered (A7, X1).

A row of facts has a commitment to the text. Its salt is inside the ciphertext.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import RecordStep, StreamKind
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.canonical import canonical_of_plain, commitment
from huimin_flow.store.core.history import FETCHED, rows_of_pairs
from huimin_flow.store.core.tables import ANSWER_TEXTS, ANSWERS, APPEALS, EVENTS
from huimin_flow.store.sensing.answers import Pair, Received
from huimin_flow.store.sensing.keys import NONCE, Token, opens, subject_of
from huimin_flow.store.sensing.texts import Opening

#: The size of a salt, in bytes.
_SALT = 16


class Written(NamedTuple):
    """A step to store: of which appeal, its columns, and its text or None."""

    appeal: Received
    columns: dict[str, Any]
    text: str | None


def rows_of(
    opening: Opening, written: Sequence[Written], batch: int, token: Token
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of a batch of steps, and separately those of their texts.

    A text is encrypted under the key of who is answered; its salt is inside.

    Raises:
        StoreRefused: without the master key of the database.

    """
    spoken = [each for each in written if each.text is not None]
    owners = {_subject(each.appeal) for each in spoken}
    ciphers = opening.keyring.ciphers(opening.connection, owners, token)
    rows, texts = [], []
    for line, (appeal, columns, text) in enumerate(written, 1):
        place = {"batch": batch, "line": line}
        row = {"channel": appeal.channel, "key": appeal.key, **columns, **place}
        row["text_commitment"] = ""
        if text is not None:
            salt, nonce = token(_SALT), token(NONCE)
            plain = canonical_of_plain({"text": text, "salt": salt.hex()})
            row["text_commitment"] = commitment(salt, plain).hex()
            identity = _identity(appeal.channel, appeal.key, row["n"])
            cipher = ciphers[_subject(appeal)]
            sealed = nonce + cipher.encrypt(nonce, plain, identity)
            texts.append({**place, "sealed": sealed})
        rows.append(row)
    return rows, texts


def _subject(appeal: Received) -> str:
    return subject_of(appeal.who, appeal.channel, appeal.key)


def _identity(channel: str, key: str, n: int) -> bytes:
    """Return what a text is bound to, so that it fits no other row."""
    named = f"answer\0{channel}\0{key}\0{n}"
    return named.encode(errors="surrogatepass")


class SealedAnswer(NamedTuple):
    """A stored text with its row: what is needed to open it."""

    channel: str
    key: str
    n: int
    step: str
    kind: str | None
    unit: str
    at: str
    text_commitment: str
    batch: int
    line: int
    who: str
    sealed: bytes


_SAME = sa.and_(
    ANSWER_TEXTS.c.batch == ANSWERS.c.batch, ANSWER_TEXTS.c.line == ANSWERS.c.line
)
_APPEAL = sa.and_(
    APPEALS.c.channel == ANSWERS.c.channel, APPEALS.c.key == ANSWERS.c.key
)
SEALED_ANSWERS = select(
    *(ANSWERS.c[name] for name in SealedAnswer._fields[:10]),
    APPEALS.c.who,
    ANSWER_TEXTS.c.sealed,
).select_from(ANSWERS.join(ANSWER_TEXTS, _SAME).join(APPEALS, _APPEAL))


def sealed_of(connection: Connection, pairs: Sequence[Pair]) -> list[SealedAnswer]:
    """Return the encrypted texts of the answers to appeals, in their order."""
    columns = ANSWERS.c.channel, ANSWERS.c.key
    rows = rows_of_pairs(connection, SEALED_ANSWERS, columns, pairs)
    return sorted(SealedAnswer._make(row) for row in rows)


def sealed_in(connection: Connection, batch: int) -> list[SealedAnswer]:
    """Return the encrypted texts of a batch of answers, in their order."""
    query = SEALED_ANSWERS.where(ANSWERS.c.batch == batch).order_by(ANSWERS.c.line)
    return [SealedAnswer._make(row) for row in connection.execute(query)]


def sealed_between(
    connection: Connection, channel: str, after: int, through: int
) -> list[SealedAnswer]:
    """Return the encrypted answers of a channel that were recorded between positions.

    Those at ``after`` are left out, those at ``through`` are not. Positions are in the
    order of commits, so nothing is missed that another writer was about to record.
    """
    recorded = (
        select(EVENTS.c.stream)
        .where(EVENTS.c.step == RecordStep.ANSWER.value)
        .where(EVENTS.c.position > after, EVENTS.c.position <= through)
        .order_by(EVENTS.c.position)
    )
    streams = connection.execute(recorded).scalars().all()
    batches = [int(StreamKind.parse(stream)[1]) for stream in streams]
    found: list[SealedAnswer] = []
    for start in range(0, len(batches), FETCHED):
        query = SEALED_ANSWERS.where(
            ANSWERS.c.channel == channel,
            ANSWERS.c.batch.in_(batches[start : start + FETCHED]),
        ).order_by(ANSWERS.c.batch, ANSWERS.c.line)
        found += [SealedAnswer._make(row) for row in connection.execute(query)]
    return found


def plains(
    opening: Opening, stored: Sequence[SealedAnswer]
) -> Iterator[tuple[SealedAnswer, bytes | None]]:
    """Yield stored answers with their plain bytes, None if they can't be opened.

    Raises:
        StoreRefused: without the master key.

    """
    owners = [subject_of(each.who, each.channel, each.key) for each in stored]
    ciphers = opening.keyring.ciphers(opening.connection, owners)
    for each, owner in zip(stored, owners, strict=True):
        cipher = ciphers.get(owner)
        if cipher is None or not isinstance(each.sealed, bytes):
            yield each, None
        else:
            identity = _identity(each.channel, each.key, each.n)
            yield each, opens(cipher, each.sealed, identity)


def opened(
    opening: Opening, stored: Sequence[SealedAnswer]
) -> Iterator[tuple[SealedAnswer, str]]:
    """Yield stored answers with their texts.

    It records nothing: the public act that shows a text records its reading.

    Raises:
        StoreRefused: without the master key, or for a text that was changed.

    """
    for each, plain in plains(opening, stored):
        if plain is None:
            code = StoreCode.SEAL_BROKEN
            raise StoreRefused(code, channel=each.channel, key=each.key)
        yield each, orjson.loads(plain)["text"]
