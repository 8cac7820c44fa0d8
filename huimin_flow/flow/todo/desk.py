"""The desk of an actor: what the piles of all rooms need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Final

from huimin_flow.catalogue.terms import (
    AdviceState,
    AssessmentState,
    Duty,
    EditionState,
    FeedState,
    FollowUpState,
    Job,
    MeetingState,
    Placement,
    ProposalState,
    RecordStep,
    SatisfactionMethod,
    State,
    SurveyState,
    TaskReturnState,
    Term,
    TodoKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.evidence import Acting, Evidence, SurveyEvidence
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item, Todo
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.rules.core.due import next_due
from huimin_flow.rules.executing import surveys
from huimin_flow.rules.sensing.rounds import screening_due
from huimin_flow.states import machine
from huimin_flow.states.authority import Reach, may_do
from huimin_flow.states.life import Life
from huimin_flow.store import awaited, listings
from huimin_flow.store.awaited import Waiting, items_waiting
from huimin_flow.store.executing import surveys as stored

#: A report of progress as a to-do.
REPORT: Final = partial(
    Todo, kind=TodoKind.PROGRESS, step=RecordStep.REPORT, act="tasks.report"
)


class Desk:
    """The desk of an actor, with what several of its piles need."""

    def __init__(self, work: Work, acting: Acting) -> None:
        """Store who acts, for whom and when."""
        self.work, self.acting = work, acting
        self.by, self.day = acting.actor, acting.day
        self.organization = acting.organization

    @cached_property
    def own(self) -> frozenset[str]:
        """The units for which the actor acts."""
        return self.organization.acts_for(self.by.unit, self.day)

    @cached_property
    def waiting(self) -> list[tuple[Proposal, date]]:
        """The proposals that wait for a second person, with their days."""
        states = (ProposalState.WAITING,)
        return awaited.records_in(self.work.connection, Proposal, states)

    def may(self, duty: Duty, unit: str | None) -> bool:
        """Tell whether the actor has a duty for a unit, None for the city."""
        return not may_do(self.by, duty, self.organization, unit=unit, day=self.day)

    def permits(
        self,
        life: Life,
        state: Term,
        step: Term,
        unit: str | None,
        subject: object,
        evidence: Evidence | None = None,
    ) -> bool:
        """Tell whether the life of a unit's record permits the actor a step."""
        acting, evidence = replace(self.acting, units=(unit,)), evidence or Evidence()
        try:
            machine.permit(life, state, step, acting, evidence, subject=subject)
        except StepRefused:
            return False
        return True

    @cached_property
    def screening_due(self) -> Callable[[date], date | None]:
        """What tells until when an item is to be screened, by its first day."""
        return screening_due(self.work.activations)

    @cached_property
    def cutoffs(self) -> dict[Placement | None, date]:
        """By placement of an item, the day on which the list freezes for which it is.

        That of next year's list is a deadline once its reminder has gone out.
        """
        coming = {
            due.job: due.at for due in next_due(self.work.rulebook, self.work.now)
        }
        known: dict[Placement | None, datetime | None] = {
            Placement.PHASE: coming.get(Job.PHASE_LISTING)
        }
        listing, reminder = coming.get(Job.LISTING), coming.get(Job.LISTING_REMINDER)
        if listing is not None and (reminder is None or listing < reminder):
            known |= {None: listing, Placement.YEAR: listing}
        return {word: local_day(at) for word, at in known.items() if at is not None}

    @cached_property
    def dated_editions(self) -> list[tuple[Edition, date]]:
        """The current version of all lists, with the days of their last steps."""
        return awaited.records_in(self.work.connection, Edition, tuple(EditionState))

    @property
    def editions(self) -> list[Edition]:
        """The current version of all lists."""
        return [edition for edition, _ in self.dated_editions]

    @cached_property
    def assessments(self) -> list[tuple[Assessment, date]]:
        """All assessments, with the days of their last steps."""
        states = tuple(AssessmentState)
        return awaited.records_in(self.work.connection, Assessment, states)

    @cached_property
    def advice(self) -> list[tuple[Advice, date]]:
        """All advice, with the days of its last steps."""
        return awaited.records_in(self.work.connection, Advice, tuple(AdviceState))

    @cached_property
    def feeds(self) -> list[Feed]:
        """The feeds that are not ended."""
        states = (FeedState.OPEN,)
        known = awaited.records_in(self.work.connection, Feed, states)
        return [feed for feed, _ in known]

    @cached_property
    def sent_back(self) -> list[TaskReturn]:
        """The tasks that were sent back and are not settled."""
        states = (TaskReturnState.RETURNED,)
        known = awaited.records_in(self.work.connection, TaskReturn, states)
        return [made for made, _ in known]

    @cached_property
    def unevaluated(self) -> dict[str, tuple[Waiting, SurveyEvidence]]:
        """By number, the items whose evaluation waits, with the survey of their round.

        They are those of the whole city for who surveys, else those of the own units.
        """
        mine = Reach(units=None if self.may(Duty.ASSESS, None) else self.own)
        doubtful = ((state, mine, True) for state in (State.EVALUATED, State.ADJUSTED))
        covered = ((State.EXECUTED, mine, False), *doubtful)
        connection = self.work.connection
        waiting = {each.number: each for each in items_waiting(connection, covered)}
        asked = listings.records_of_items(connection, Survey, [*waiting])
        replies = stored.answer_counts(
            connection, [each.key for known in asked.values() for each in known]
        )
        made, rule = {}, self.work.rulebook.improving.surveys
        for number, each in waiting.items():
            item = from_plain(Item, each.plain)
            before = surveys.of_round(asked[number], item)
            evidence = SurveyEvidence(item=item, before=before)
            if before is not None:
                evidence = SurveyEvidence(
                    item=item,
                    before=before,
                    replies=replies[before.key],
                    least=surveys.least(before.measure, before.served, rule),
                )
            made[number] = each, evidence
        return made

    def lacks_survey(self, number: str) -> bool:
        """Tell whether an evaluation would be refused for lack of a closed survey."""
        if number not in self.unevaluated:
            return False
        _, known = self.unevaluated[number]
        measure = (known.item.plan or Plan()).satisfaction_measure
        if measure.method is SatisfactionMethod.SERVICE_RATINGS:
            return False
        before = known.before
        closed = before is not None and before.state is SurveyState.CLOSED
        return not closed or known.replies < known.least

    @cached_property
    def objections(self) -> dict[str, FollowUp]:
        """The objections to ratings that wait to be settled, by transaction."""
        states = (FollowUpState.OBJECTED,)
        known = awaited.records_in(self.work.connection, FollowUp, states)
        return {case.transaction: case for case, _ in known}

    @cached_property
    def meetings(self) -> list[tuple[Deliberation, date]]:
        """The deliberations that are not closed, with the days of their last steps."""
        states = (MeetingState.CONVENED, MeetingState.HELD)
        return awaited.records_in(self.work.connection, Deliberation, states)

    @cached_property
    def invited(self) -> dict[str, Deliberation]:
        """By item, the open meeting that has it on its agenda, unless postponed."""
        return {
            number: held
            for held, _ in self.meetings
            for number in held.agenda
            if number not in held.postponed
        }
