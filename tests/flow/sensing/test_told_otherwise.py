"""A known voice that is told otherwise is named, and what was kept stays (A1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import LifeStage
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.store.core.tables import APPEAL_TEXTS
from huimin_flow.testing import Desk


@pytest.fixture
def first(desk: Desk) -> Appeal:
    now = desk.clock.now()
    voice = Appeal(
        key="V-1", channel="hotline_12333", who="p1", district="500101",
        text="下雨没处躲", at=now - timedelta(hours=1),
    )  # fmt: skip
    assert desk.flow.appeals.add_all([voice], by=desk.office).others == ()
    return voice


def test_a_voice_told_again_as_it_was_adds_nothing_and_differs_in_nothing(
    desk: Desk, first: Appeal
) -> None:
    desk.clock.set(desk.clock.now() + timedelta(days=3))
    for told in (first, replace(first, at=None)):
        again = desk.flow.appeals.add_all([told, told], by=desk.office)
        assert (again.kept, again.known, again.others) == (0, 2, ())


def test_what_a_known_voice_says_otherwise_is_named_and_not_kept(
    desk: Desk, first: Appeal
) -> None:
    before = door_of(desk.flow).read(verify)
    assert first.at is not None
    for changed in (
        {"text": "另外的话"},
        {"who": "p2"},
        {"district": "500102"},
        {"life_stage": LifeStage.RETIREMENT},
        {"at": first.at - timedelta(days=1)},
    ):
        told = replace(first, **changed)
        again = desk.flow.appeals.add_all([told], by=desk.office)
        assert (again.kept, again.others) == (0, ("hotline_12333/V-1",)), changed
    assert door_of(desk.flow).read(verify) == before


def test_of_two_tellings_in_one_batch_the_second_is_named(
    desk: Desk, first: Appeal
) -> None:
    voice = replace(first, key="V-2")
    batch = [voice, replace(voice, text="另外的话"), replace(voice, at=None)]
    kept = desk.flow.appeals.add_all(batch, by=desk.office)
    assert (kept.kept, kept.known, kept.others) == (1, 2, ("hotline_12333/V-2",))


def test_a_text_that_was_erased_is_not_held_against_anybody(
    desk: Desk, first: Appeal
) -> None:
    with door_of(desk.flow).own.begin() as connection:
        connection.execute(APPEAL_TEXTS.delete())
    told = replace(first, text="另外的话")
    assert desk.flow.appeals.add_all([told], by=desk.office).others == ()


def test_a_retry_by_its_number_gets_the_first_answer_with_what_was_named(
    desk: Desk, first: Appeal
) -> None:
    told = replace(first, text="另外的话")
    answers = [
        desk.flow.once("again").appeals.add_all([told], by=desk.office)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[1].others == ("hotline_12333/V-1",)
