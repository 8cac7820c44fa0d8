"""A header whose hashes were made right again must still be one of ours."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from huimin_flow.audit.findings import AuditFinding
from huimin_flow.audit.replay import replay
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.canonical import canonical, leaf
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk
from tests.sampled import NIGHTLY

PREFIXES = ["item", "batch", "assessment", "list", "job", "attachment"]


def sealed(
    world: Engine, prefix: str, forged: Callable[[bytes], bytes]
) -> tuple[str, list[AuditFinding], list[AuditFinding]]:
    """Write the last event of a stream anew, its hash with it, and look.

    Returns its place with what verify and replay find; all is rolled back.
    """
    last = "SELECT id, stream, n, header FROM huimin_event WHERE stream LIKE :prefix"
    write = "UPDATE huimin_event SET header = :new, leaf = :leaf, at = :at"
    with world.connect() as connection:
        transaction = connection.begin()
        query = text(f"{last} ORDER BY position DESC LIMIT 1")
        row = connection.execute(query, {"prefix": f"{prefix}%"}).one()
        new = forged(bytes(row.header))
        assert new != bytes(row.header)
        values = {"new": new, "leaf": leaf(new), "at": json.loads(new)["at"]}
        connection.execute(text(f"{write} WHERE id = :id"), {**values, "id": row.id})
        verified = list(verify(connection).findings)
        replayed = list(replay(connection, row.stream).findings)
        transaction.rollback()
    return f"{row.stream} #{row.n}", verified, replayed


def told(**more: Any) -> Callable[[bytes], bytes]:
    return lambda header: canonical({**json.loads(header), **more})


def escaped(header: bytes) -> bytes:
    plain = {**json.loads(header), "request": "问"}
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def widened(header: bytes) -> bytes:
    plain = json.loads(header)
    plain["public"]["aside"] = "x"
    return canonical(plain)


#: What was done to a header, and as what it is found.
FORGED: dict[str, tuple[Callable[[bytes], bytes], Flaw]] = {
    "a space": (lambda one: one.replace(b",", b", ", 1), Flaw.HEADER_ALTERED),
    "a key twice": (lambda one: b'{"actor":"x",' + one[1:], Flaw.HEADER_ALTERED),
    "escapes": (escaped, Flaw.HEADER_ALTERED),
    "more than is told": (widened, Flaw.HEADER_ALTERED),
    "a day to come": (told(occurred_on="2099-01-01"), Flaw.HEADER_ALTERED),
    "a way in": (told(via="moon"), Flaw.ILLEGAL_EVENT),
    "a source": (told(source="moon"), Flaw.ILLEGAL_EVENT),
    "a target": (told(target="moon"), Flaw.ILLEGAL_EVENT),
    "a step": (told(step="hop"), Flaw.ILLEGAL_EVENT),
    "a verdict": (told(verdict={"rule": "x"}), Flaw.HEADER_UNREADABLE),
}


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_header_that_nobody_here_would_write_is_named_though_it_was_sealed_anew(
    prefix: str, world: Engine
) -> None:
    """Each forgery is tried in each stream on one make; by night on both."""
    turn = PREFIXES.index(prefix) + (world.dialect.name == "postgresql")
    for n, (name, (forged, flaw)) in enumerate(FORGED.items()):
        if (turn + n) % 2 and not NIGHTLY:
            continue
        place, *looks = sealed(world, prefix, forged)
        for findings in looks:
            here = {one.flaw for one in findings if one.place.startswith(place)}
            folded = {Flaw.ILLEGAL_EVENT} if prefix == "item" else set()
            stream = {one.flaw for one in findings if one.place == place.split()[0]}
            assert here & {flaw, *folded} or stream & folded, (name, findings)


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize("prefix", ["item", "batch", "assessment", "list"])
def test_an_event_stamped_before_its_forerunner_is_named(
    prefix: str, world: Engine
) -> None:
    early = told(at="2020-01-01T00:00:00.000000Z", occurred_on="2020-01-01")
    place, verified, _ = sealed(world, prefix, early)
    assert f"{place} at" in {one.place for one in verified}


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize("prefix", PREFIXES)
def test_somebody_whom_no_organization_knows_did_nothing_in_any_stream(
    prefix: str, world: Engine
) -> None:
    place, verified, _ = sealed(world, prefix, told(actor="nobody"))
    assert (Flaw.ACTOR_UNENTITLED, place) in [(one.flaw, one.place) for one in verified]


@pytest.mark.usefixtures("schema_stays")
def test_headers_of_any_kind_of_stream_that_nobody_can_read_are_named(
    world: Engine,
) -> None:
    """By day those that the audit reads again, beside its walk over all events."""
    query = text("SELECT id, stream, n, header FROM huimin_event")
    write = text("UPDATE huimin_event SET header = :torn WHERE id = :id")
    with world.connect() as connection:
        events = connection.execute(query).all()
        connection.rollback()
        kinds = {row.stream.partition("/")[0] for row in events}
        assert len(kinds) >= 20
        for kind in sorted(kinds) if NIGHTLY else ("batch", "rulebook"):
            spoilt = [row for row in events if row.stream.partition("/")[0] == kind]
            torn = [{"torn": bytes(row.header)[:-1], "id": row.id} for row in spoilt]
            connection.execute(write, torn)
            named = {(one.flaw, one.place) for one in verify(connection).findings}
            connection.rollback()
            for row in spoilt:
                place = f"{row.stream} #{row.n} header"
                assert (Flaw.HEADER_UNREADABLE, place) in named


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("event", "header"), ("event", "leaf"), ("payload", "salt"),
        ("payload", "body"), ("request", "leaf"), ("refusal", "leaf"),
        ("appeal_text", "sealed"), ("item", "body"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_named_though_it_reads_the_same(
    table: str, column: str, world: Engine
) -> None:
    if world.dialect.name != "sqlite":
        return  # PostgreSQL keeps no other kind than its column's
    kind = "BLOB" if column == "body" else "TEXT"
    name = f"huimin_{table}"
    with world.connect() as connection:
        transaction = connection.begin()
        first = f"SELECT rowid FROM {name} WHERE {column} IS NOT NULL LIMIT 1"
        change = f"UPDATE {name} SET {column} = CAST({column} AS {kind})"
        done = connection.execute(text(f"{change} WHERE rowid = ({first})"))
        assert done.rowcount == 1
        places = [one.place for one in verify(connection).findings]
        transaction.rollback()
    assert any(place.startswith(f"{name} {column}") for place in places), places


def test_a_text_of_a_fact_in_another_form_of_the_same_characters_is_named(
    desk: Desk, url: str
) -> None:
    key = "caf\u00e9"
    (voice,) = desk.appeals(1)
    desk.flow.appeals.add_all([replace(voice, key=key)], by=desk.office)
    host = engines.open_engine(url)
    with host.begin() as connection:
        done = connection.execute(
            text("UPDATE huimin_appeal SET key = :new WHERE key = :old"),
            {"new": unicodedata.normalize("NFD", key), "old": key},
        )
        assert done.rowcount == 1
    host.dispose()
    one, sealed = door_of(desk.flow).read(verify).findings
    assert (one.flaw, one.place) == (Flaw.FACTS_MISMATCH, "batch 1 (appeals) 1 key")
    # Its content is sealed for the former key.
    assert (sealed.flaw, sealed.place) == (
        Flaw.PAYLOAD_MISMATCH,
        "huimin_appeal_text 1:1",
    )
