"""Engagements of third parties: planned, in the field, called off (D4).

The office keeps them. What the report says of an agreed outcome is weighed in the
item's final evaluation; the satisfaction of citizens stays what citizens said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import DecisionCode, EngagementCode, SurveyCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    EngagementState,
    EngagementStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.surveys import check_frame, keep_drawn
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, accepted_in, required, showable
from huimin_flow.model.deciding.assessments import Staff, ThirdParty
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.improving.engagements import (
    Engagement,
    FieldSample,
)
from huimin_flow.model.items import Item
from huimin_flow.model.record_evidence import (
    EngagementEvidence,
)
from huimin_flow.rules.deciding import independence
from huimin_flow.rules.executing import surveys
from huimin_flow.rules.improving import engagements as rules
from huimin_flow.states.machine import require_road
from huimin_flow.states.reviews import ENGAGEMENT
from huimin_flow.store.core import repository

#: The most people of one role, as of an assessment.
_MOST_STAFF = 1000


@act(Duty.ASSESS)
def plan(
    work: Work,
    number: str,
    assessor: str,
    approach: str,
    due: Annotated[date, Argument.DUE],
    *,
    outcomes: Annotated[Sequence[str], Argument.JUDGED_OUTCOMES] = (),
    begins: Annotated[date | None, Argument.BEGINS] = None,
    by: Actor = ACTING,
) -> Engagement:
    """Plan the evaluation of an item by an organization of the register (D4).

    ``outcomes`` are the keys of agreed outcomes that it judges, all by default. It
    works from ``begins``, today by default, and reports by ``due``.

    Raises:
        NotFound: if there is no such item.
        StepRefused: if the actor may not, the item is not carried out, the round has
            another engagement, or the organization is not registered or independent.
        InputRefused: for an outcome that was not agreed, a period that ends before it
            begins or before today, or an unfit text.

    """
    repository.hold_items(work.connection, [number])
    item = repository.item(work.connection, number)
    work.duty(by, Duty.ASSESS, None)
    known = tuple(outcome.key for outcome in (item.plan or Plan()).outcomes)
    for key in outcomes:
        if key not in known:
            code = EngagementCode.OUTCOME_NOT_AGREED
            raise InputRefused(code, given=showable(key), known=known)
    begins = begins or work.today
    if due < (day := max(begins, work.today)):
        raise InputRefused(EngagementCode.PERIOD_UNFIT, due=due, day=day)
    named = required(assessor, Argument.ASSESSOR, longest=100)
    register = repository.records(work.connection, ThirdParty)
    party = independence.party_named(named, register)
    key = StreamKind.ENGAGEMENT.key(next_key(work, StreamKind.ENGAGEMENT, number))
    made = Engagement(
        key=key,
        item=number,
        rounds=item.rounds,
        third_party="" if party is None else party.key,
        assessor=named if party is None else party.name,
        approach=required(approach, Argument.APPROACH, longest=2000, lines=True),
        outcomes=tuple(key for key in known if key in set(outcomes or known)),
        begins=begins,
        due=due,
        state=EngagementState.PLANNED,
        planned_on=work.today,
        planned_by=by.id,
    )
    evidence = EngagementEvidence(
        item=item,
        before=of_round(work, item),
        verdict=_independent(work, item, made, staffed=False),
    )
    step, acting = EngagementStep.PLAN, acting_as(work, by)
    return keep_record(work, step, made, None, acting, evidence, about=number)


@act(Duty.ASSESS)
def enter(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    staff: Sequence[Staff],
    examined: Annotated[str, Argument.EXAMINED],
    frame: Annotated[Sequence[str], Argument.FRAME],
    drawn: Annotated[int, Argument.DRAWN],
    *,
    source: str = "",
    by: Actor = ACTING,
) -> Engagement:
    """Record staff by role, and draw the sample that the evaluator looks at (D4).

    ``examined`` says what the population is, ``frame`` are the pseudonymous codes of
    all of it, ``drawn`` how many of them are looked at. The seed is made after the
    frame is known, as for a survey. ``source`` names the file of the frame.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not, it was entered already, or the organization
            is not independent any more.
        InputRefused: for unfit numbers of staff, a code that is no pseudonym or comes
            twice, or a number below 1 or above what there is.

    """
    old = in_state(work, key, EngagementStep.ENTER)
    work.duty(by, Duty.ASSESS, None)
    for each in staff:
        required(each.role, Argument.ROLE, longest=100)
        required(each.qualification, Argument.QUALIFICATION)
        if not 1 <= each.count <= _MOST_STAFF:
            unfit, most = DecisionCode.STAFF_UNFIT, _MOST_STAFF
            raise InputRefused(unfit, role=each.role, count=each.count, most=most)
    population = required(examined, Argument.EXAMINED, longest=500)
    origin = accepted(source, Argument.SOURCE, longest=300)
    check_frame(frame)
    if not 1 <= drawn <= len(frame):
        few, served = SurveyCode.TOO_FEW_DRAWN, len(frame)
        raise InputRefused(few, drawn=drawn, least=1, served=served)
    sample = FieldSample(
        population=population,
        frame=surveys.frame_digest(frame),
        served=len(frame),
        seed=work.clock.token(32).hex(),
        drawn=drawn,
        source=origin,
    )
    item = repository.item(work.connection, old.item)
    kinds = accepted_in(tuple(staff), Argument.STAFF)
    new = replace(old, staff=kinds, sample=sample, entered_on=work.today)
    evidence = EngagementEvidence(
        item=item, verdict=_independent(work, item, new, staffed=True)
    )
    step, acting = EngagementStep.ENTER, acting_as(work, by)
    kept = keep_record(work, step, new, old, acting, evidence, about=old.item)
    keep_drawn(work, old.key, surveys.draw(sample.seed, frame, drawn), by)
    return kept


@act(Duty.ASSESS)
def call_off(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Engagement:
    """Call an engagement off that has no report, with the reason (D4).

    Another may be planned then, or the item evaluated without. Once it is in the field,
    another person than who planned it does it: nobody alone asks until it pleases.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not, planned what is in the field, or it has a
            report.
        InputRefused: for an empty reason.

    """
    old = in_state(work, key, EngagementStep.CALL_OFF)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    return step(work, EngagementStep.CALL_OFF, old, by, reason=said)


def of_round(work: Work, item: Item) -> Engagement | None:
    """Return the last engagement of an item's present round, None if there is none."""
    known = repository.records(work.connection, Engagement, item.number)
    return rules.of_round(known, item)


def in_state(work: Work, key: str, wanted: EngagementStep) -> Engagement:
    """Return an engagement whose state has a step.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, Engagement, key)
    require_road(ENGAGEMENT, known.state, wanted, known.key)
    return known


def step(
    work: Work,
    taken: EngagementStep,
    old: Engagement,
    by: Actor,
    unit: str | None = None,
    **changes: Any,
) -> Engagement:
    """Take a step with an engagement; ``unit`` answers for it, None is the office."""
    item = repository.item(work.connection, old.item)
    acting, evidence = acting_as(work, by, units=(unit,)), EngagementEvidence(item=item)
    new = replace(old, **changes)
    return keep_record(work, taken, new, old, acting, evidence, about=old.item)


def _independent(
    work: Work, item: Item, engagement: Engagement, *, staffed: bool
) -> Verdict:
    """Return the verdict on the independence of an engagement's organization."""
    register = repository.records(work.connection, ThirdParty)
    makers = [
        repository.item(work.connection, other).unit
        for other in independence.linked(item)
    ]
    organization = work.rulebook.organization
    return independence.independent(
        rules.as_assessment(engagement),
        independence.party_named(
            engagement.third_party or engagement.assessor, register
        ),
        independence.concerned_by(item, item.plan, makers, organization, register),
        staffed=staffed,
    )
