"""An insider who re-seals every hash: what the history itself contradicts is found.

Acts are forged through a gate that asks nobody, rows and headers by hand, with
leaves, chains, roots and rows made right again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from huimin_flow.audit.findings import AuditFinding
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    Criterion,
    Flaw,
    RatingLevel,
    RecordStep,
    State,
    StreamKind,
    Via,
)
from huimin_flow.clock import at_hour, local_day
from huimin_flow.flow import Flow, proposals
from huimin_flow.flow.core import advance as one_way
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import drafts, lists
from huimin_flow.flow.executing import progress
from huimin_flow.model.core.canonical import canonical, leaf
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core import due
from huimin_flow.rules.executing.surveys import word_of
from huimin_flow.rules.improving import evaluation
from huimin_flow.rules.sensing import screening
from huimin_flow.states import machine
from huimin_flow.states.evolve import fold
from huimin_flow.store.core import facts, history, repository
from huimin_flow.store.core.tables import EVENTS, ITEMS, LINKS, META, RECORDS, RUNS
from huimin_flow.testing import RESULTS, UNIT, Desk
from huimin_flow.timetable import effects
from huimin_flow.timetable.ledger import tick
from tests.ratings import rating

pytestmark = pytest.mark.usefixtures("schema_stays")

LIST = f"list/2024/{UNIT}"
CITY = "list/2024/city"


def found(desk: Desk) -> list[tuple[Flaw, str]]:
    """What an auditor finds: the flaw, and the law it breaks."""
    return [(one.flaw, one.law) for one in findings(desk)]


def findings(desk: Desk) -> tuple[AuditFinding, ...]:
    return door_of(desk.flow).read(verify).findings


@contextmanager
def gate_asks_nobody() -> Iterator[None]:
    """Let everybody do everything, from wherever a thing stands."""

    def permit(life: Any, state: Any, step: Any, *_: Any, **__: Any) -> Any:
        arcs = [one for one in life.arcs if one.step is step]
        here = [one for one in arcs if one.source is state]
        return (here or arcs)[0].target

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(machine, "permit", permit)
        inside.setattr(one_way, "_authorize", lambda *_: None)
        inside.setattr(machine, "require_road", lambda *_: None)
        inside.setattr(Work, "duty", lambda *_: None)
        inside.setattr(Work, "different", lambda *_: None)
        yield


def by_hand(desk: Desk, edit: Callable[[Any], None]) -> None:
    door_of(desk.flow).perform(lambda work: edit(work.connection))


def reseal(connection: Any, stream: str, n: int, change: Callable[[Any], None]) -> None:
    """Rewrite an event, and the chain after it."""
    previous: str | None = None
    for stored in history.read_stream(connection, stream):
        plain = json.loads(stored.header)
        if stored.n == n:
            change(plain)
        elif stored.n > n:
            plain["previous"] = previous
        header = canonical(plain)
        previous = leaf(header).hex()
        columns = {name: plain[name] for name in ("step", "target", "at", "request")}
        connection.execute(
            update(EVENTS)
            .where(EVENTS.c.stream == stream, EVENTS.c.n == stored.n)
            .values(header=header, leaf=leaf(header), **columns)
        )


def reseal_item(
    connection: Any, number: str, n: int, change: Callable[[Any], None]
) -> None:
    reseal(connection, StreamKind.ITEM.key(number), n, change)
    item_row(connection, number)


def item_row(connection: Any, number: str) -> None:
    """Make an item's row what its events say."""
    item = fold(history.events_of(connection, StreamKind.ITEM.key(number)))
    assert item is not None
    table = ITEMS
    columns = repository.item_columns(item)
    connection.execute(update(table).where(table.c.number == number).values(columns))


def frozen(desk: Desk) -> None:
    for title in ("甲", "乙"):
        desk.bring(State.STARRED, title)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)


# ---- who acted: every record act by an operator of a district ----

WHO: dict[str, Callable[[Desk, Any], object]] = {
    "confirm": lambda desk, by: desk.flow.lists.confirm(CITY, by=by, second=desk.second),
    "publish": lambda desk, by: (
        desk.flow.lists.confirm(CITY, by=desk.office, second=desk.second),
        desk.flow.lists.publish(CITY, by=by),
    ),
    "import": lambda desk, by: desk.flow.appeals.link(
        desk.flow.items.list()[0].number,
        [(one.channel, one.key) for one in desk.link_appeals(desk.collect().number, 1)],
        by=by,
    ),
    "hold": lambda desk, by: desk.flow.meetings.hold(
        held_on=desk.today(), chair="leader-1", participants=["office-1", "office-2"],
        agenda=[desk.bring(State.SCREENED).number], minutes="同意", by=by,
    ),
    "activate": lambda desk, by: desk.flow.rulebook.activate(
        replace(desk.flow.rulebook.active(), timetable=desk.flow.rulebook.active().timetable[::-1]),
        by=by, second=desk.second,
    ),
    "supplement": lambda desk, by: desk.flow.lists.supplement(
        desk.bring(State.STARRED).number, CITY, "确有必要", by=by, second=desk.second
    ),
    "propose": lambda desk, by: desk.flow.proposals.propose(
        "confirm", {"edition": CITY}, by=by
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", WHO)
def test_a_record_act_by_somebody_without_its_duty_is_found(
    act: str, desk: Desk
) -> None:
    frozen(desk)
    stranger = desk.actor("op-500102")
    with gate_asks_nobody():
        WHO[act](desk, stranger)
    assert (Flaw.ACTOR_UNENTITLED, "acts 3") in found(desk)


def test_what_a_stranger_attached_is_found(
    desk: Desk, url: str, tmp_path: Path
) -> None:
    number = desk.bring(State.ASSIGNED).number
    stranger = desk.actor("op-500102")
    with Flow.open(url, clock=desk.clock, attachments=tmp_path / "files") as flow:
        with gate_asks_nobody():
            flow.items.attach(number, "纪要.txt", b"x", by=stranger)
        assert (Flaw.ACTOR_UNENTITLED, "acts 3") in found(desk)


def test_progress_that_a_stranger_reported_is_found(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    stranger = desk.actor("op-500102")
    with gate_asks_nobody(), pytest.MonkeyPatch.context() as inside:
        inside.setattr(progress, "may_report", lambda *_, **__: ())
        inside.setattr(desk, "operator_of", lambda _: stranger)
        desk.report(number)
    assert (Flaw.ACTOR_UNENTITLED, "acts 3") in found(desk)


def test_an_excuse_by_somebody_without_the_duty_is_found(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    with gate_asks_nobody():
        desk.flow.tasks.excuse(number, "T1", "汛期停工", by=desk.operator)
    assert found(desk) == [(Flaw.ACTOR_UNENTITLED, "acts 3")]


def test_a_score_corrected_by_somebody_without_the_duty_is_found(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2023, 11, 8), 19))
    tick(desk.flow, desk.clock.now())
    with gate_asks_nobody():
        desk.flow.scores.correct(
            "score/2023-10", "更正", by=desk.operator, second=desk.second
        )
    assert found(desk) == [(Flaw.ACTOR_UNENTITLED, "acts 3")]


# ---- from where, with whom, and what a step leaves alone ----


def test_a_list_published_straight_from_its_freeze_is_found(desk: Desk) -> None:
    frozen(desk)
    with gate_asks_nobody():
        desk.flow.lists.publish(CITY, by=desk.office)
    assert found(desk) == [(Flaw.ILLEGAL_EVENT, "streams 15")]


@pytest.mark.parametrize("step", ["confirm", "publish"])
@pytest.mark.parametrize(
    "places", [slice(1, None), slice(None, None, -1)], ids=["dropped", "swapped"]
)
def test_places_that_were_changed_within_a_confirmation_or_publication_are_found(
    places: slice, step: str, desk: Desk
) -> None:
    frozen(desk)
    keep = lists.keep_edition

    def bent(work: Any, taken: Any, new: Any, old: Any, **more: Any) -> Any:
        if taken == step:
            new = replace(new, places=new.places[places])
        return keep(work, taken, new, old, **more)

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(drafts, "keep_edition", bent)
        desk.flow.lists.confirm(CITY, by=desk.office, second=desk.second)
        desk.flow.lists.publish(CITY, by=desk.office)
    assert (Flaw.ILLEGAL_EVENT, "acts 7") in found(desk)


def test_an_assessment_verified_by_who_submitted_it_is_found(desk: Desk) -> None:
    number, flow = desk.bring(State.LISTED).number, desk.flow
    made = flow.assessments.request(
        number, AssessmentKind.LEGALITY, "某所", by=desk.office
    )
    flow.assessments.submit(made.key, "可行", high_risk=False, by=desk.office)
    with gate_asks_nobody():
        flow.assessments.accept(made.key, by=desk.office)
    assert found(desk) == [(Flaw.SECOND_PERSON_MISSING, "acts 4")]


def test_an_answer_verified_by_who_gave_it_is_found(desk: Desk) -> None:
    bad = rating(1, RatingLevel.DISSATISFIED)
    desk.flow.ratings.add([bad], by=desk.office)
    head = desk.actor(f"head-{bad.unit}")
    desk.flow.ratings.answer(bad.transaction, "已整改", by=head)
    with gate_asks_nobody():
        desk.flow.ratings.verify(bad.transaction, "属实", accept=True, by=head)
    assert found(desk) == [(Flaw.SECOND_PERSON_MISSING, "acts 4")]


def test_an_approval_without_its_act_is_found(desk: Desk) -> None:
    frozen(desk)
    asked = desk.flow.proposals.propose("confirm", {"edition": CITY}, by=desk.office)

    def approve(work: Work) -> None:
        proposals._keep(work, RecordStep.APPROVE, asked, asked, desk.second)

    door_of(desk.flow).perform(approve)
    assert found(desk) == [(Flaw.ILLEGAL_EVENT, "links 3")] * 2


# ---- figures that are facts ----


def test_links_of_a_screened_item_that_were_taken_away_are_found(desk: Desk) -> None:
    number = desk.bring(State.SCREENED).number

    def edit(connection: Any) -> None:
        table = LINKS
        batch = connection.execute(select(table.c.batch)).scalars().first()
        connection.execute(delete(table).where(table.c.line > 2))
        rows = facts.stored_rows(connection, "links", batch)

        def change(plain: Any) -> None:
            plain["public"] |= {"root": facts.root_of(rows), "count": len(rows)}

        reseal(connection, f"batch/{batch:08d}", 1, change)

    by_hand(desk, edit)
    assert (Flaw.DECISION_MISMATCH, "figures 1") in found(desk)
    assert [one.place for one in findings(desk)] == [f"item/{number} #2 prevalence"]


def test_a_prevalence_that_was_typed_in_is_found(desk: Desk) -> None:
    number, rules = desk.bring(State.SCREENED).number, desk.flow.rulebook.active().rules
    item = desk.flow.items.get(number)
    typed = (item.prevalence or 0) - 10
    scores = {Criterion.URGENCY: 80, Criterion.FUNDAMENTALITY: 80}
    known = {**scores, Criterion.PREVALENCE: typed}
    verdict = screening.screen(item.origin, known, rules.screening)

    def change(plain: Any) -> None:
        plain["verdict"] = to_plain(verdict)
        told = {"prevalence": typed, "screening_score": verdict.score}
        plain["public"]["changes"] |= told

    by_hand(desk, lambda c: reseal_item(c, number, 2, change))
    assert found(desk) == [(Flaw.DECISION_MISMATCH, "figures 1")]


def test_a_fulfilment_that_was_typed_in_is_found(desk: Desk) -> None:
    number, rules = (
        desk.bring(State.EVALUATED).number,
        desk.flow.rulebook.active().rules,
    )
    stream = f"item/{number}"
    (event,) = [
        one
        for one in door_of(desk.flow).read(lambda c: history.events_of(c, stream))
        if one.step == "evaluate"
    ]
    said = word_of(desk.flow.surveys.list(item=number)[0])
    verdict = evaluation.evaluate(desk.plan(), "83.00", said, RESULTS, rules.evaluation)
    assert from_plain(Verdict, event.verdict) != verdict

    def change(plain: Any) -> None:
        plain["verdict"] = to_plain(verdict)
        told = {"fulfilment": "83.00", "evaluation_passed": verdict.passed}
        told["result"] = "not_met"
        plain["public"]["changes"] |= told

    by_hand(desk, lambda c: reseal_item(c, number, event.n, change))
    assert found(desk) == [(Flaw.DECISION_MISMATCH, "figures 4")]


def test_a_job_that_tells_other_counts_than_it_made_is_found(desk: Desk) -> None:
    frozen(desk)

    def edit(connection: Any) -> None:
        runs = RUNS.c.job == "listing"
        was = connection.execute(select(RUNS.c.result).where(runs)).scalar_one()
        now = was.replace('"proposed":2', '"proposed":3')
        assert now != was

        def change(plain: Any) -> None:
            plain["public"]["result"] = now

        reseal(connection, "job/listing/2024", 1, change)
        connection.execute(update(RUNS).where(runs).values(result=now))

    by_hand(desk, edit)
    assert found(desk) == [(Flaw.JOB_MISMATCH, "figures 6")]


def test_a_job_whose_times_cannot_be_read_ends_no_audit(desk: Desk) -> None:
    frozen(desk)

    def edit(connection: Any) -> None:
        def change(plain: Any) -> None:
            plain["public"]["ran"] = "2023-12-15T10:00:99.000000Z"

        reseal(connection, "job/listing/2024", 1, change)
        # Another job is missing, so that the times of those that ran are compared.
        reminder = EVENTS.c.stream == "job/listing_reminder/2024"
        connection.execute(delete(EVENTS).where(reminder))
        connection.execute(delete(RUNS).where(RUNS.c.job == "listing_reminder"))

    by_hand(desk, edit)
    assert (Flaw.JOB_MISMATCH, "jobs 1") in found(desk)


def test_a_unit_struck_off_a_call_for_progress_is_found(desk: Desk) -> None:
    desk.bring(State.ASSIGNED)
    desk.clock.set(at_hour(date(2023, 11, 20), 9))
    tick(desk.flow, desk.clock.now())
    key = "progress_chase/2023-10"

    def edit(connection: Any) -> None:
        nobody = {"owing": 0, "units": 0}

        def struck(plain: Any) -> None:
            assert plain["public"]["value"]["owing"]
            plain["public"]["value"]["owing"] = []
            table = RECORDS
            body = canonical(plain["public"]["value"]).decode()
            connection.execute(
                update(table).where(table.c.key == key).values(body=body)
            )

        def counted(plain: Any) -> None:
            plain["public"]["result"] = canonical(nobody).decode()
            chosen = (RUNS.c.job == "progress_chase") & (RUNS.c.period == "2023-10")
            result = plain["public"]["result"]
            connection.execute(update(RUNS).where(chosen).values(result=result))

        reseal(connection, key, 1, struck)
        reseal(connection, f"job/{key}", 1, counted)

    by_hand(desk, edit)
    assert found(desk) == [(Flaw.DECISION_MISMATCH, "figures 5")]


# ---- what was due and isn't there ----


@pytest.mark.parametrize(
    "left_out", ["quarterly_ranking/2023Q4", "progress_chase/2023-10", "listing/2024"]
)
def test_what_was_due_and_is_gone_without_a_trace_is_found(
    left_out: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bring(State.STARRED)
    agenda = due.agenda

    def short(*given: Any) -> Any:
        told = agenda(*given)
        left = [one for one in told.due if f"{one.job}/{one.period}" != left_out]
        return replace(told, due=tuple(left))

    with monkeypatch.context() as inside:
        inside.setattr("huimin_flow.timetable.ledger.agenda", short)
        desk.clock.set(at_hour(date(2024, 2, 20), 9))
        tick(desk.flow, desk.clock.now())
    assert [(one.place, one.law) for one in findings(desk)] == [
        (f"job/{left_out}", "jobs 6")
    ]


def test_a_timetable_that_nobody_turned_for_a_year_is_no_finding(desk: Desk) -> None:
    desk.bring(State.STARRED)
    desk.clock.set(at_hour(date(2024, 10, 9), 9))
    desk.bring(State.COLLECTED)
    assert found(desk) == []


def test_a_job_that_was_left_out_though_it_came_in_time_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bring(State.STARRED)
    monkeypatch.setitem(effects.EFFECTS, "listing", lambda *_: None)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    assert "figures 7" in {law for _, law in found(desk)}


# ---- what for, and when ----


def test_a_rehearsal_that_was_made_production_is_found(desk: Desk) -> None:
    desk.collect()
    number = desk.flow.items.list()[0].number
    taken_at_their_word = desk.flow.people.identify("nobody", "office-1")
    assert taken_at_their_word.via is Via.REHEARSAL
    desk.flow.items.amend(number, {"title": "改"}, by=taken_at_their_word)

    def edit(connection: Any) -> None:
        def change(plain: Any) -> None:
            plain["public"]["purpose"] = "production"

        reseal(connection, "rulebook", 1, change)
        connection.execute(update(META).values(value="production"))

    assert found(desk) == []
    by_hand(desk, edit)
    assert found(desk) == [(Flaw.ACTOR_UNENTITLED, "acts 8")]


def test_a_stamp_of_a_day_to_come_is_found(url: str, book: Rulebook) -> None:
    with Flow.found(url, book) as flow:
        office = flow.people.actor("office-1")
        today = local_day(door_of(flow).clock.now())
        key = flow.meetings.convene(held_on=today, chair="leader-1", by=office).key
        assert door_of(flow).read(verify).clean

        def change(plain: Any) -> None:
            plain["at"] = "2099-01-01T00:00:00.000000Z"

        def edit(work: Work) -> None:
            reseal(work.connection, key, 1, change)

        door_of(flow).perform(edit)
        laws = [(one.flaw, one.law) for one in door_of(flow).read(verify).findings]
        assert laws == [(Flaw.HEADER_ALTERED, "streams 12")]
