"""How appeals came together, derived again from what was kept (A6).

1. What the rule decided follows from the kept candidates, by the rulebook of its event:
   the outcome, what was linked or proposed, and the scores.
2. What brought an appeal to an item is a link of the appeal to that item, too.
3. The postings of an appeal are those of its content; what is erased has none.
4. A kept verdict that a problem repeats follows from the appeals that it names.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import select

from huimin_flow.audit.core.headers import events_that_read
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, Gathering, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.gathering import Candidate, Postings
from huimin_flow.rules.sensing.gathering import gather
from huimin_flow.rules.sensing.repeats import Told, repeats
from huimin_flow.store.core.tables import GATHERED, LINKS, POSTINGS
from huimin_flow.store.sensing import groups
from huimin_flow.store.sensing.gathering import JOINS, Fact
from huimin_flow.stream_names import nth


def hold_gathering(ledger: Ledger) -> None:
    """Decide every kept decision again, and compare it with its rows."""
    connection = ledger.connection
    names = [GATHERED.c.batch, *(GATHERED.c[name] for name in Fact._fields)]
    rows = connection.execute(
        select(*names).order_by(GATHERED.c.batch, GATHERED.c.line)
    ).all()
    if not rows:
        return
    links = select(LINKS.c.channel, LINKS.c.key, LINKS.c.item)
    linked = {tuple(row) for row in connection.execute(links)}
    for batch, lines in groupby(rows, lambda row: row[0]):
        stream = StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
        events = events_that_read(connection, stream)
        book = ledger.books.get(str(events[0].rulebook)) if events else None
        facts = [Fact(*line[1:]) for line in lines]
        place = f"{GATHERED.name} batch {batch} "
        for fact in facts:
            named = (*fact.pair, fact.item)
            if fact.outcome in JOINS and fact.item and named not in linked:
                ledger.flag(Flaw.ROW_MISSING, place, fact.item, law="gathering 2")
        if book is not None:
            _hold_decisions(ledger, place, facts, book)
            _hold_repeats(ledger, place, facts, book)


def _hold_decisions(
    ledger: Ledger, place: str, facts: Sequence[Fact], book: Rulebook
) -> None:
    """Compare the facts of each appeal's decision with what its evidence gives."""
    ruled = [
        fact
        for fact in facts
        if fact.outcome in {Gathering.LINK, Gathering.PROPOSE, Gathering.AGAIN}
    ]
    for (pair, again), group in groupby(
        ruled, lambda fact: (fact.pair, fact.outcome == Gathering.AGAIN)
    ):
        own = list(group)
        try:
            plain = json.loads(own[0].evidence)["candidates"]
            gathered = gather(
                [from_plain(Candidate, each) for each in plain], book.rules.gathering
            )
        except (ValueError, LookupError, TypeError) as error:
            ledger.flag(Flaw.FACTS_MISMATCH, place, error, law="gathering 1")
            continue
        expected = [
            (
                "again" if again and gathered.outcome == "link" else gathered.outcome,
                weighed.candidate.item,
                weighed.candidate.group,
                weighed.candidate.near,
                weighed.score,
            )
            for weighed in gathered.best
        ]
        kept = [
            (fact.outcome, fact.item, fact.group, fact.near, fact.score) for fact in own
        ]
        if kept != expected:
            ledger.flag(Flaw.FACTS_MISMATCH, place, "=".join(pair), law="gathering 1")


def _hold_repeats(
    ledger: Ledger, place: str, facts: Sequence[Fact], book: Rulebook
) -> None:
    """Decide again from the appeals that a kept verdict names that they repeat."""
    for fact in facts:
        if fact.outcome != Gathering.REPEAT:
            continue
        try:
            plain = json.loads(fact.evidence)
            pairs = [(channel, key) for channel, key in plain["appeals"]]
            day = date.fromisoformat(plain["verdict"]["inputs"]["last"])
            told = (
                Told(pair, who, pair[0], local_day(at))
                for pair, who, at in groups.people_of(ledger.connection, pairs)
            )
            verdict = repeats(told, book.rules.gathering, day)
            same = (to_plain(verdict), len(pairs)) == (plain["verdict"], fact.score)
        except (ValueError, LookupError, TypeError) as error:
            ledger.flag(Flaw.FACTS_MISMATCH, place, error, law="gathering 4")
            continue
        if not (same and verdict.passed):
            named = fact.item or "=".join(fact.group)
            ledger.flag(Flaw.FACTS_MISMATCH, place, named, law="gathering 4")


def hold_postings(
    ledger: Ledger, batch: int, said: Mapping[int, bytes], lines: AbstractSet[int]
) -> None:
    """Compare the postings of a batch of appeals with what they say, by line.

    ``lines`` are those of appeals that were not erased.

    Raises:
        StoreRefused: without the master key.

    """
    query = select(POSTINGS).where(POSTINGS.c.batch == batch)
    stored: dict[Any, Any] = {row.line: row for row in ledger.connection.execute(query)}
    postings = None
    for line in sorted({*stored, *said}, key=str):
        row, plain = stored.get(line), said.get(line)
        if line in lines and plain is None:
            continue  # its content is changed or gone, which is told already
        if row is not None and plain is not None:
            if postings is None:
                secret = ledger.keyring.secret(ledger.connection, "postings")
                postings = Postings(secret)
            content = orjson.loads(plain)
            made = array("I", postings.of(content["title"], content["text"])).tobytes()
            if (row.body, row.waiting in {0, 1}) == (made, True):
                continue
        place = f"{POSTINGS.name} {batch}:{line}"
        ledger.flag(Flaw.PAYLOAD_MISMATCH, place, law="gathering 3")
