"""What both databases promise of each table beside the events."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Origin, Step
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import StepRefused, StoreBusy, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.canonical import digest
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import Attachment
from huimin_flow.model.rulebook import Rulebook, rulebook_text
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import facts, repository
from huimin_flow.store.core.tables import EVENTS, LINKS, REFUSALS, RULEBOOKS, RUNS
from huimin_flow.store.executing.attachments import (
    all_attachments,
    attachments_of,
    keep_attachment,
)
from huimin_flow.store.sensing import tallies
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import runs, tick

#: What a second row of one key is refused with: PostgreSQL takes it for a race.
TWICE = (IntegrityError, StoreBusy)

Pairs = list[tuple[str, str]]


def held(desk: Desk, number: str) -> set[tuple[str, str]]:
    rows = door_of(desk.flow).read(lambda c: tallies.appeals_of(c, number))
    return {(row["channel"], row["key"]) for row in rows}


def voices(desk: Desk, number: str, count: int) -> Pairs:
    return sorted((one.channel, one.key) for one in desk.link_appeals(number, count))


class _Gone(Exception):
    """Ends a transaction that must leave nothing."""


def rolled_back(desk: Desk, act: Callable[[Connection], object]) -> None:
    def do(connection: Connection) -> None:
        act(connection)
        raise _Gone

    with pytest.raises(_Gone):
        engines.in_transaction(door_of(desk.flow).own, do)


# links


def test_an_appeals_last_link_counts_and_every_earlier_one_is_kept(desk: Desk) -> None:
    first = desk.collect().number
    pairs = voices(desk, first, 4)
    part = Demand(
        title="其中两件", origin=Origin.OPINION, area=Area.EMPLOYMENT, unit=UNIT
    )
    moved = pairs[:2]
    _, child = desk.flow.items.split(first, [(part, moved)], by=desk.office)
    assert held(desk, first) == set(pairs[2:])
    assert held(desk, child.number) == set(moved)
    now = door_of(desk.flow).read(lambda c: tallies.linked_to(c, pairs))
    assert now == dict.fromkeys(moved, child.number) | dict.fromkeys(pairs[2:], first)

    def history_of(connection: Connection) -> list[str]:
        links = LINKS
        channel, key = moved[0]
        query = (
            select(links.c.item)
            .where(links.c.channel == channel, links.c.key == key)
            .order_by(links.c.batch, links.c.line)
        )
        return list(connection.execute(query).scalars())

    assert door_of(desk.flow).read(history_of) == [first, child.number]
    assert door_of(desk.flow).read(verify).clean


def test_a_merged_items_appeals_are_found_above_and_come_back(desk: Desk) -> None:
    first, into = desk.collect().number, desk.collect("同类问题").number
    mine, theirs = set(voices(desk, first, 3)), set(voices(desk, into, 2))
    desk.flow.items.merge(first, into, by=desk.office)
    assert held(desk, into) == mine | theirs
    desk.flow.items.unmerge(first, by=desk.office)
    assert (held(desk, first), held(desk, into)) == (mine, theirs)


def test_more_links_than_one_query_may_name_are_all_found(desk: Desk) -> None:
    number = desk.collect().number
    pairs = voices(desk, number, 900)
    assert held(desk, number) == set(pairs)
    found = door_of(desk.flow).read(
        lambda c: facts.known_keys(c, [*pairs, ("media", "x")])
    )
    assert found == set(pairs)


# the refusal log


def logged(desk: Desk) -> list[dict[str, Any]]:
    def read(connection: Connection) -> list[dict[str, Any]]:
        query = select(REFUSALS).order_by(REFUSALS.c.id)
        return [dict(row) for row in connection.execute(query).mappings()]

    return door_of(desk.flow).read(read)


def test_a_refused_step_is_logged_with_its_codes_and_changes_nothing(
    desk: Desk,
) -> None:
    number = desk.collect().number
    assert logged(desk) == []
    for _ in range(2):
        with pytest.raises(StepRefused):
            desk.flow.items.execute(number, [], by=desk.operator)
    first, second = logged(desk)
    assert (first["actor"], first["act"]) == (desk.operator.id, "execute")
    assert first["about"] == number
    reasons = json.loads(first["reasons"])
    assert reasons[0]["code"] == "no_such_arc"
    assert reasons[0]["values"]["step"] == Step.EXECUTE
    assert second["id"] > first["id"]
    assert datetime.fromisoformat(first["at"]) == desk.clock.now()
    assert desk.flow.items.get(number).version == 1


# rulebooks


def test_a_rulebooks_text_is_kept_once_under_its_digest_and_byte_for_byte(
    desk: Desk, book: Rulebook
) -> None:
    text = rulebook_text(book)

    def twice(connection: Connection) -> None:
        repository.keep_rulebook(connection, book.digest, text)
        repository.keep_rulebook(connection, book.digest, text)

    engines.in_transaction(door_of(desk.flow).own, twice)
    kept = door_of(desk.flow).read(
        lambda c: list(c.execute(select(RULEBOOKS.c.digest)).scalars())
    )
    assert kept == [book.digest]
    assert (
        door_of(desk.flow).read(lambda c: repository.rulebook_body(c, book.digest))
        == text
    )
    assert (
        door_of(desk.flow).read(lambda c: repository.rulebook_body(c, "0" * 64)) is None
    )


def test_of_two_activations_the_one_known_at_the_cut_counts(
    desk: Desk, book: Rulebook
) -> None:
    before = door_of(desk.flow).read(repository.active_digest)
    cut = door_of(desk.flow).read(lambda c: len(list(_positions(c))))
    fewer = replace(book.rules.selection, least_stars=_four(book))
    other = replace(book, rules=replace(book.rules, selection=fewer))
    desk.flow.rulebook.activate(other, by=desk.office, second=desk.second)
    now = door_of(desk.flow).read(repository.active_digest)
    assert now != before == book.digest
    assert (
        door_of(desk.flow).read(lambda c: repository.active_digest(c, cut=cut))
        == before
    )
    assert door_of(desk.flow).read(lambda c: repository.active_digest(c, cut=0)) is None
    assert desk.flow.rulebook.active().rules.selection.least_stars.value == 4
    assert desk.flow.rulebook.active(before).rules == book.rules


def _positions(connection: Connection) -> list[int]:
    found = connection.execute(select(EVENTS.c.position)).scalars()
    return [one for one in found if one is not None]


def _four(book: Rulebook) -> Any:
    return replace(book.rules.selection.least_stars, value=4)


@pytest.mark.parametrize("text", [b'{"steps": []}', b"no rulebook at all"])
def test_a_rulebook_of_another_version_is_refused_in_a_sentence(
    text: bytes, desk: Desk
) -> None:
    name = digest(text)

    def read(connection: Connection) -> Rulebook:
        repository.keep_rulebook(connection, name, text)
        return repository.rulebook(connection, name)

    with pytest.raises(StoreRefused, match="由本程序的其他版本写入") as refused:
        engines.in_transaction(door_of(desk.flow).own, read)
    assert (refused.value.code, name[:12] in str(refused.value)) == (
        "rulebook_unreadable", True,
    )  # fmt: skip


def test_a_rulebook_whose_text_was_changed_is_refused_whatever_it_says(
    desk: Desk,
) -> None:
    def read(connection: Connection) -> Rulebook:
        changed = update(RULEBOOKS).values(body="no rulebook at all")
        connection.execute(changed)
        return repository.rulebook(connection, desk.flow.rulebook.active().digest)

    with pytest.raises(StoreRefused) as refused:
        engines.in_transaction(door_of(desk.flow).own, read)
    assert refused.value.code == "rulebook_changed"


# the ledger of jobs


def test_a_job_and_period_stands_once_in_the_ledger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.collect()
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    done = tick(desk.flow, desk.clock.now())
    assert done
    assert tick(desk.flow, desk.clock.now()) == []
    kept = runs(desk.flow)
    assert {(one.job, one.period) for one in done} == {
        (one.job, one.period) for one in kept
    }
    assert [one.due for one in kept] == sorted(one.due for one in kept)

    def again(connection: Connection) -> None:
        row = connection.execute(select(RUNS)).mappings().first()
        assert row is not None
        connection.execute(insert(RUNS), [dict(row)])

    monkeypatch.setattr(engines, "_DEADLINE", 0.0)  # it stays there: no use in waiting
    with pytest.raises(TWICE):
        engines.in_transaction(door_of(desk.flow).own, again)


def test_a_run_keeps_its_due_moment_its_cut_and_the_rulebook_of_its_time(
    desk: Desk,
) -> None:
    desk.collect()
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    (one,) = [one for one in runs(desk.flow) if one.job == "listing"]
    due = datetime.fromisoformat(one.due)
    assert due == datetime(2023, 12, 15, 10, tzinfo=UTC)
    assert one.late_seconds == int((desk.clock.now() - due).total_seconds())
    assert one.rulebook == door_of(desk.flow).read(repository.active_digest)
    assert 0 < one.cut <= len(door_of(desk.flow).read(_positions))
    json.loads(one.result)


# attachments


def test_an_attachments_row_is_one_for_an_item_and_content(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Attachment(about="2023-000001", digest="a" * 64, size=2**40, name="甲.pdf")
    rolled_back(desk, lambda c: keep_attachment(c, one))
    assert door_of(desk.flow).read(all_attachments) == []
    rows = [
        one,
        replace(one, digest="b" * 64, name="乙.pdf"),
        replace(one, about="2023-000002"),
    ]

    def keep(connection: Connection) -> None:
        for row in rows:
            keep_attachment(connection, row)

    engines.in_transaction(door_of(desk.flow).own, keep)
    mine = door_of(desk.flow).read(lambda c: attachments_of(c, "2023-000001"))
    assert set(mine) == set(rows[:2])
    assert [row.name for row in mine] == sorted(row.name for row in mine)
    assert door_of(desk.flow).read(all_attachments) == [to_plain(row) for row in rows]
    monkeypatch.setattr(engines, "_DEADLINE", 0.0)  # it stays there: no use in waiting
    with pytest.raises(TWICE):
        engines.in_transaction(
            door_of(desk.flow).own,
            lambda c: keep_attachment(c, replace(one, name="改名.pdf")),
        )


def test_an_attachments_event_content_and_row_say_the_same(
    url: str, book: Rulebook, clock: RehearsalClock, tmp_path: Path
) -> None:
    Flow.found(url, book, rehearsal=True, clock=clock).close()
    with Flow.open(url, clock=clock, attachments=tmp_path / "files") as flow:
        desk = Desk(flow, clock)
        number = desk.collect().number
        made = flow.items.attach(number, "甲.txt", b"content", by=desk.operator)
        again = flow.items.attach(number, "乙.txt", b"content", by=desk.operator)
        assert again == made
        assert flow.items.attachments(number) == (made,)
        assert flow.items.attached(made.digest) == b"content"
        assert door_of(flow).read(verify).clean
