"""Forged events whose every hash is right: what should have been refused is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Dimension,
    Flaw,
    Grade,
    Recommendation,
    State,
    Step,
)
from huimin_flow.clock import at_hour
from huimin_flow.flow.core import advance as one_way
from huimin_flow.flow.core import rulebook
from huimin_flow.flow.core.advance import Permit
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import AmendmentEvidence, Evidence
from huimin_flow.model.items import Effectiveness, Item
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.rules.core import due
from huimin_flow.rules.deciding import stars
from huimin_flow.rules.executing.surveys import word_of
from huimin_flow.rules.improving import evaluation
from huimin_flow.states import machine
from huimin_flow.store.core import history, positions
from huimin_flow.testing import MEASURE, RESULTS, Desk
from huimin_flow.timetable import ledger
from huimin_flow.timetable.ledger import tick

pytestmark = pytest.mark.usefixtures("schema_stays")

HOPED = Effectiveness(value=85, low=80, high=90)


def forge(
    desk: Desk,
    number: str,
    step: Step,
    target: State,
    *,
    by: Actor,
    changes: Mapping[str, Any],
    verdict: Verdict | None = None,
) -> None:
    """Record a step that nobody asked the machine or the organization about."""

    def act(work: Work) -> Item:
        with pytest.MonkeyPatch.context() as inside:
            inside.setattr(machine, "permit", lambda *_, **__: target)
            inside.setattr(one_way, "_authorize", lambda *_: None)
            inside.setattr(Work, "believed", lambda _, actor: actor)
            evidence = Evidence(verdict=verdict)
            return one_way.advance(work, number, step, evidence, by=by, changes=changes)

    door_of(desk.flow).perform(act)


def flaws(desk: Desk) -> set[Flaw]:
    return {one.flaw for one in door_of(desk.flow).read(verify).findings}


def two_stars(desk: Desk) -> Verdict:
    rule = desk.flow.rulebook.active().rules.stars
    return stars.star(dict.fromkeys(Dimension, 45), rule)


def starred(desk: Desk, verdict: Verdict, **changes: Any) -> dict[str, Any]:
    honest = {
        "forecast_by": desk.office.id,
        "perceived_benefit": verdict.score,
        "stars": verdict.inputs["stars"],
        "expected_effectiveness": HOPED,
    }
    return honest | changes


def test_stars_without_a_verdict_by_somebody_without_the_step_are_found_twice(
    desk: Desk,
) -> None:
    number = desk.bring(State.JUDGED).number
    changes = {"perceived_benefit": "99.00", "stars": 5}
    forge(
        desk, number, Step.STAR, State.STARRED, by=desk.operator, changes=changes
    )  # fmt: skip
    assert flaws(desk) == {Flaw.STEP_NOT_ALLOWED, Flaw.ACTOR_UNENTITLED}


def test_what_a_forger_does_lawfully_is_clean(desk: Desk) -> None:
    number = desk.bring(State.JUDGED).number
    verdict = two_stars(desk)
    forge(
        desk, number, Step.STAR, State.STARRED, by=desk.office,
        changes=starred(desk, verdict), verdict=verdict,
    )  # fmt: skip
    assert flaws(desk) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"stars": 5},
        {"perceived_benefit": "99.00"},
        {"stars": None},
        {"forecast_by": "office-2"},
    ],
)
def test_stars_other_than_their_verdict_says_are_found(
    changes: dict[str, Any], desk: Desk
) -> None:
    number = desk.bring(State.JUDGED).number
    verdict = two_stars(desk)
    forge(
        desk, number, Step.STAR, State.STARRED, by=desk.office,
        changes=starred(desk, verdict, **changes), verdict=verdict,
    )  # fmt: skip
    assert flaws(desk) == {Flaw.DECISION_MISMATCH}


def test_a_verdict_of_a_revision_that_never_was_is_found(desk: Desk) -> None:
    number = desk.bring(State.JUDGED).number
    verdict = replace(two_stars(desk), revision=99)
    forge(
        desk, number, Step.STAR, State.STARRED, by=desk.office,
        changes=starred(desk, verdict), verdict=verdict,
    )  # fmt: skip
    assert flaws(desk) == {Flaw.DECISION_MISMATCH}


def test_a_judgment_in_a_meeting_that_never_was_is_found(desk: Desk) -> None:
    number = desk.bring(State.SCREENED).number
    other = desk.bring(State.JUDGED).number
    stored = desk.flow.items.get(other)
    from huimin_flow.catalogue.terms import Attribute, Question
    from huimin_flow.model.deciding.deliberations import Answer, Judgment
    from huimin_flow.rules.deciding import judgment as judging

    judgment = Judgment(
        answers={one: Answer(yes=True, reason="已核实") for one in Question},
        scores=dict.fromkeys(Attribute, 80),
    )
    rule = desk.flow.rulebook.active().rules.judging
    verdict = judging.judge(judgment, present=5, rule=rule)
    changes = {"deliberation": "deliberation/2023-0999", "placement": stored.placement}
    forge(
        desk, number, Step.JUDGE, State.JUDGED, by=desk.office,
        changes=changes, verdict=verdict,
    )  # fmt: skip
    assert flaws(desk) == {Flaw.STEP_NOT_ALLOWED, Flaw.DECISION_MISMATCH}


def test_an_item_that_the_scheduler_enlisted_without_a_place_is_found(
    desk: Desk,
) -> None:
    number = desk.bring(State.STARRED).number
    scheduler = ledger_actor(desk)
    forge(
        desk, number, Step.ENLIST, State.LISTED, by=scheduler,
        changes={"edition": desk.frozen(2099), "rank": 1},
    )  # fmt: skip
    assert flaws(desk) == {Flaw.STEP_NOT_ALLOWED, Flaw.DECISION_MISMATCH}


def test_a_step_by_a_rulebook_that_was_only_proposed_is_found(
    desk: Desk, book: Rulebook
) -> None:
    lenient = rulebook_from_text(
        rulebook_text(replace(book, timetable=book.timetable[::-1]))
    )
    desk.flow.proposals.propose_rulebook(lenient, by=desk.office)
    number = desk.bring(State.COLLECTED).number

    def act(work: Work) -> Item:
        return one_way.advance(
            work, number, Step.AMEND, AmendmentEvidence(changes={"title": "改"}),
            by=desk.office, changes={"title": "改"}, rulebook=lenient.digest,
        )  # fmt: skip

    door_of(desk.flow).perform(act)
    assert flaws(desk) == {Flaw.RULEBOOK_MISMATCH}


def ledger_actor(desk: Desk) -> Actor:
    from huimin_flow.catalogue.terms import Via

    found = desk.flow.rulebook.active().organization.actor(
        desk.scheduler.id, Via.SERVICE
    )
    assert found is not None
    return found


def test_somebody_whom_no_organization_knows_is_found(desk: Desk) -> None:
    number = desk.bring(State.SCREENED).number
    stranger = replace(desk.office, id="nobody-9")
    forge(
        desk, number, Step.REJECT, State.REJECTED, by=stranger,
        changes={"reason_code": "duplicate"},
    )  # fmt: skip
    assert flaws(desk) == {Flaw.ACTOR_UNENTITLED}


def naming(second: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every event of two people name ``second`` as who confirmed it."""
    record = one_way.record

    def named(work: Work, permit: Permit, public: Any, **more: Any) -> Any:
        by = permit.by
        if by.second is not None:
            who = second if isinstance(second, str) else by.actor.id
            named = replace(by.second, id=who)
            permit = replace(permit, by=replace(by, second=named))
        return record(work, permit, public, **more)

    monkeypatch.setattr(one_way, "record", named)
    monkeypatch.setattr(rulebook, "record", named)


@pytest.mark.parametrize("second", ["x", 0], ids=["a stranger", "the same person"])
def test_a_second_person_must_be_known_and_somebody_else(
    second: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as bent:
        naming(second, bent)
        desk.bring(State.LISTED)
    assert Flaw.SECOND_PERSON_MISSING in flaws(desk)


def test_an_activation_without_a_second_person_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = desk.flow.rulebook.active()
    desk.flow.rulebook.activate(book, by=desk.office, second=desk.second)
    assert flaws(desk) == set()
    naming(0, monkeypatch)
    desk.flow.rulebook.activate(book, by=desk.office, second=desk.second)
    monkeypatch.undo()
    assert flaws(desk) == {Flaw.SECOND_PERSON_MISSING}


def frozen(desk: Desk) -> None:
    desk.bring(State.STARRED)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    desk.bring(State.STARRED, "迟到的事项")
    tick(desk.flow, desk.clock.now())


def test_a_job_that_took_in_what_came_after_its_cutoff_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as bent:
        bent.setattr(positions, "cut_at", lambda c, _: positions.last_position(c))
        frozen(desk)
    found = door_of(desk.flow).read(verify).findings
    assert ("job_mismatch", "job/listing/2024 cut") in {
        (one.flaw.value, one.place) for one in found
    }


def test_a_job_with_a_deadline_that_no_timetable_gave_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = due.agenda

    def bent(*given: Any) -> Any:
        told = honest(*given)
        moved = tuple(
            replace(one, at=one.at + timedelta(days=4)) if one.job == "listing" else one
            for one in told.due
        )
        return replace(told, due=moved)

    with monkeypatch.context() as lying:
        lying.setattr(ledger, "agenda", bent)
        frozen(desk)
    assert ("job_mismatch", "job/listing/2024 due") in {
        (one.flaw.value, one.place) for one in door_of(desk.flow).read(verify).findings
    }


def test_a_jobs_lateness_is_told_in_whole_seconds_that_have_passed(desk: Desk) -> None:
    desk.bring(State.STARRED)
    desk.clock.set(at_hour(date(2023, 12, 15), 18) + timedelta(seconds=5.9))
    runs = {one.job: one for one in tick(desk.flow, desk.clock.now())}
    assert runs["listing"].late_seconds == 5
    assert flaws(desk) == set()


@pytest.mark.parametrize("seconds", [4, 6])
def test_a_jobs_lateness_that_its_stamps_do_not_give_is_found(
    seconds: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lying(event: Event) -> bytes:
        if event.public.get("job") == "listing":
            public = {**event.public, "late_seconds": seconds}
            event = replace(event, public=public)
        return _HEADER(event)

    desk.bring(State.STARRED)
    desk.clock.set(at_hour(date(2023, 12, 15), 18) + timedelta(seconds=5.9))
    with monkeypatch.context() as writing:
        writing.setattr(history, "header_of", lying)
        tick(desk.flow, desk.clock.now())
    assert ("job_mismatch", "job/listing/2024 ran") in {
        (one.flaw.value, one.place) for one in door_of(desk.flow).read(verify).findings
    }


def silent(event: Event) -> bytes:
    """Write an event without the second person whom it names."""
    public = {k: v for k, v in event.public.items() if k != "confirmed_by"}
    return _HEADER(replace(event, public=public))


_HEADER = history.header_of


def test_an_act_of_two_that_names_no_second_person_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as writing:  # who audits writes no header
        writing.setattr(history, "header_of", silent)
        desk.bring(State.LISTED)
    found = {one.law for one in door_of(desk.flow).read(verify).findings}
    assert found == {"acts 4", "editions 1"}  # nor did two people put it on the lists


def test_what_leaves_a_list_without_a_second_person_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = desk.bring(State.LISTED).number
    with monkeypatch.context() as writing:
        writing.setattr(history, "header_of", silent)
        desk.flow.items.defer(number, "duplicate", by=desk.office, second=desk.second)
    places = {one.place for one in door_of(desk.flow).read(verify).findings}
    assert f"item/{number} #6" in places


def test_a_canceled_item_that_was_reopened_by_one_person_is_found(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    desk.flow.items.cancel(number, "duplicate", by=desk.office, second=desk.second)
    assert flaws(desk) == set()
    why = {"reason_code": "facts_incomplete"}
    forge(desk, number, Step.REOPEN, State.ADJUSTED, by=desk.office, changes=why)
    assert flaws(desk) == {Flaw.SECOND_PERSON_MISSING, Flaw.STEP_NOT_ALLOWED}


def test_an_evaluation_while_figures_were_owed_is_found(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.report(number)
    desk.clock.set(at_hour(date(2023, 11, 2), 9))
    desk.execute(number)  # last month's figure bears it out; this month's is owed
    rule = desk.flow.rulebook.active().rules.evaluation
    said = word_of(desk.survey(number, 90))
    verdict = evaluation.evaluate(desk.plan(), "100.00", said, RESULTS, rule)
    changes = {
        "fulfilment": "100.00", "satisfaction": "90.00", "evaluation_passed": True,
        "sample": evaluation.sample_of(verdict.inputs, rule), "outcomes": evaluation.graded(RESULTS, verdict, rule),
        "result": Grade.MET,
    }  # fmt: skip
    forge(
        desk, number, Step.EVALUATE, State.EVALUATED,
        by=desk.office, changes=changes, verdict=verdict,
    )  # fmt: skip
    assert flaws(desk) == {Flaw.STEP_NOT_ALLOWED}


def test_an_evaluation_by_a_softer_mark_than_agreed_is_found(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    desk.report(number)
    rule = desk.flow.rulebook.active().rules.evaluation
    plan = replace(desk.plan(), satisfaction_measure=replace(MEASURE, mark=70))
    said = word_of(desk.survey(number, 79))
    verdict = evaluation.evaluate(plan, "100.00", said, RESULTS, rule)
    changes = {
        "fulfilment": "100.00", "satisfaction": "79.00", "evaluation_passed": True,
        "sample": evaluation.sample_of(verdict.inputs, rule), "outcomes": evaluation.graded(RESULTS, verdict, rule),
        "result": Grade.MET,
    }  # fmt: skip
    forge(
        desk, number, Step.EVALUATE, State.EVALUATED,
        by=desk.office, changes=changes, verdict=verdict,
    )  # fmt: skip
    assert flaws(desk) == {Flaw.DECISION_MISMATCH}


def test_a_failed_item_that_goes_on_as_it_was_is_found(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    desk.report(number)
    desk.conclude(number, 50)
    changes = {"recommendation": Recommendation.CONTINUE, "grounds": "可"}
    forge(desk, number, Step.ADJUST, State.ADJUSTED, by=desk.office, changes=changes)
    assert flaws(desk) == {Flaw.STEP_NOT_ALLOWED}
