"""What waits for an actor: their next steps, with due days.

It asks the rights and guards that the acts ask, so it names no step that would be
refused for the actor or the state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, cached_property, partial
from itertools import chain
from typing import Final

from huimin_flow.catalogue.terms import (
    Argument,
    AssessmentState,
    Duty,
    EditionState,
    FollowUpState,
    FollowUpStep,
    Job,
    ProposalField,
    ProposalState,
    RecordStep,
    StalePart,
    State,
    Step,
    Term,
    TodoKind,
    TwoPeople,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing, StepRefused
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.editions import unit_of_lists
from huimin_flow.flow.improving.evaluation import owed_by_tasks
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import last_day, month_before
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.deciding.lists import Edition, unit_of_list
from huimin_flow.model.evidence import Acting, Evidence, RatedEvidence
from huimin_flow.model.items import Todo
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.rules.core.due import agenda, deadline, later
from huimin_flow.rules.executing.progress import owing
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.services import follow_ups as rules
from huimin_flow.states import machine
from huimin_flow.states.authority import are_one_person, authorize, may_do, reach
from huimin_flow.states.guards import is_impartial
from huimin_flow.states.life import Life
from huimin_flow.states.records import ASSESSMENT, FOLLOW_UP
from huimin_flow.store import awaited
from huimin_flow.store.core import repository
from huimin_flow.store.executing.running import run_histories
from huimin_flow.store.services import follow_ups as rated
from huimin_flow.streams import TWO_PERSON_ACTS

#: Until when the deadlines of months are computed.
_AHEAD: Final = timedelta(days=62)


@question
def todo(work: Work, by: Actor = ACTING) -> tuple[Todo, ...]:
    """Return what waits for an actor, by due day; what has none comes last.

    These are next steps of items, others' proposals, assessments, progress to report,
    bad ratings, and lists. A starred item waits for the freeze, not for a person. A
    month's figures are due on the day of its score.

    Raises:
        StepRefused: for a person whom the organization doesn't know.

    """
    mine = _Desk(work, acting_as(work, by))
    piles = mine.items, mine.proposals, mine.assessments, mine.progress
    entries = chain.from_iterable(pile() for pile in (*piles, mine.ratings, mine.lists))
    kinds = list(TodoKind)
    return tuple(
        sorted(
            entries,
            key=lambda entry: (
                entry.due or date.max,
                kinds.index(entry.kind),
                entry.since,
                entry.subject,
            ),
        )
    )


#: By state, the next step on the main line. The freeze takes a starred item.
_NEXT: Final[Mapping[State, Step]] = {
    State.COLLECTED: Step.SCREEN,
    State.SCREENED: Step.JUDGE,
    State.JUDGED: Step.STAR,
    State.LISTED: Step.ASSIGN,
    State.ASSIGNED: Step.EXECUTE,
    State.EXECUTED: Step.EVALUATE,
    State.EVALUATED: Step.ADJUST,
    State.ADJUSTED: Step.CLOSE,
}

#: By step, the part of an item that must not be in doubt.
_NEEDS: Final[Mapping[Step, StalePart]] = {
    Step.JUDGE: StalePart.SCREENING,
    Step.STAR: StalePart.SCREENING,
    Step.EXECUTE: StalePart.PLAN,
    Step.EVALUATE: StalePart.PLAN,
}

#: By state of a follow-up, its next step and the method of it.
_FOLLOWED: Final = {
    **dict.fromkeys(
        (FollowUpState.PENDING, FollowUpState.RETURNED, FollowUpState.UPHELD),
        (FollowUpStep.ANSWER, "ratings.answer"),
    ),
    FollowUpState.ANSWERED: (FollowUpStep.VERIFY, "ratings.verify"),
    FollowUpState.OBJECTED: (FollowUpStep.UPHOLD, "ratings.settle"),
}

#: By state of an assessment, its next step and the method of it.
_ASSESSED: Final = {
    AssessmentState.REQUESTED: (RecordStep.SUBMIT, "assessments.submit"),
    AssessmentState.RETURNED: (RecordStep.SUBMIT, "assessments.submit"),
    AssessmentState.SUBMITTED: (RecordStep.ACCEPT, "assessments.accept"),
}


#: A report of progress as a to-do.
_REPORT: Final = partial(
    Todo, kind=TodoKind.PROGRESS, step=RecordStep.REPORT, act="tasks.report"
)


class _Desk:
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
        unit: str,
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

    def items(self) -> Iterator[Todo]:
        """Yield the items whose next step the actor may take.

        An evaluation waits for the reports that others owe.
        """
        steps = [
            *_NEXT.items(),
            (State.EVALUATED, Step.REWORK),
            *((state, Step.RETURN) for state, step in _NEXT.items() if step in _NEEDS),
        ]
        covered = [
            (state, mine, step is Step.RETURN)
            for state, step in steps
            if (mine := reach(self.by, step, self.organization, self.day))
        ]
        waiting = list(awaited.items_waiting(self.work.connection, covered))
        executed = [item for item in waiting if item.state is State.EXECUTED]
        owed = owed_by_tasks(self.work, executed)
        reports = self.may(Duty.REPORT, self.by.unit)
        for item in waiting:
            step = _NEXT[item.state]
            if _NEEDS.get(step) in item.plain["stale"]:
                step = Step.RETURN
            if step is Step.ADJUST and item.plain["evaluation_passed"] is False:
                step = Step.REWORK
            if authorize(
                self.by, step, item.unit, item.area, self.organization, day=self.day
            ):
                continue
            period, tasks = owed.get(item.number, ("", ()))
            if step is Step.EVALUATE and tasks:
                for task in tasks:  # ``progress`` yields those of the own units
                    if not (reports and task["unit"] in self.own):
                        yield _REPORT(
                            subject=item.number,
                            title=f"{task['key']} {item.plain['title']}",
                            since=item.since,
                            period=period,
                            unit=task["unit"],
                        )
                continue
            tasks = item.plain["plan"]["tasks"] if step is Step.EXECUTE else ()
            due = max((task["due"] for task in tasks), default=None)
            yield Todo(
                kind=TodoKind.ITEM,
                subject=item.number,
                title=item.plain["title"],
                step=step,
                act=f"items.{step.value}",
                since=item.since,
                due=None if due is None else date.fromisoformat(due),
            )

    def proposals(self) -> Iterator[Todo]:
        """Yield the proposals of others that the actor may confirm."""
        for proposal, since in self.waiting:
            duty = TWO_PERSON_ACTS[proposal.act].duty
            if are_one_person(proposal.by, self.by.id, self.organization):
                continue
            if not self.may(duty, None) and not self.may(duty, self._owner(proposal)):
                continue
            if proposal.act == TwoPeople.SET_ASIDE:
                case = self._objections.get(proposal.values[ProposalField.TRANSACTION])
                if case is None or is_impartial(
                    case, self.acting, RatedEvidence(rated=case.unit)
                ):
                    continue
            yield Todo(
                kind=TodoKind.PROPOSAL,
                subject=proposal.key,
                title=TwoPeople(proposal.act).spoken,
                step=RecordStep.APPROVE,
                act="proposals.approve",
                since=since,
            )

    @cached_property
    def _editions(self) -> list[Edition]:
        return repository.records(self.work.connection, Edition)

    def _owner(self, proposal: Proposal) -> str | None:
        """Return the unit that owns what a proposal changes, None for the city."""
        values = proposal.values
        if ProposalField.EDITION in values:
            return unit_of_list(values[ProposalField.EDITION])
        if ProposalField.ITEM in values:
            return unit_of_lists(self.work, values[ProposalField.ITEM], self._editions)
        return self.by.unit if ProposalField.TRANSACTION in values else None

    @cached_property
    def _objections(self) -> dict[str, FollowUp]:
        states = (FollowUpState.OBJECTED,)
        known = awaited.records_in(self.work.connection, FollowUp, states)
        return {case.transaction: case for case, _ in known}

    def assessments(self) -> Iterator[Todo]:
        """Yield the assessments that the actor may submit or accept."""
        connection = self.work.connection
        open_ones = awaited.records_in(connection, Assessment, tuple(_ASSESSED))
        items = awaited.owners_of(connection, (made.item for made, _ in open_ones))
        for made, since in open_ones:
            (step, act), (unit, title) = _ASSESSED[made.state], items[made.item]
            if self.permits(ASSESSMENT, made.state, step, unit, made):
                yield Todo(
                    kind=TodoKind.ASSESSMENT,
                    subject=made.key,
                    title=f"{made.kind.spoken} {title}",
                    step=step,
                    act=act,
                    since=since,
                )

    def progress(self) -> Iterator[Todo]:
        """Yield the months of tasks of the actor's units that were not reported."""
        if not self.may(Duty.REPORT, self.by.unit):
            return
        until = later(self.work.now, _AHEAD)
        falls_due = {
            due.key: due.at for due in agenda(self.work.activations, until).due
        }
        present = f"{self.day:%Y-%m}"
        connection, before = self.work.connection, month_before(present)
        for unit in sorted(self.own):
            histories = run_histories(connection, before, None, unit=unit)
            if not histories:
                continue
            reported = awaited.reported_by_month(connection, histories)
            titles = awaited.owners_of(connection, histories)
            steps = chain.from_iterable(histories.values())
            begun, period = min(step.occurred_on for step in steps), present
            while period >= f"{begun:%Y-%m}":
                end = last_day(period)
                called = falls_due.get((Job.PROGRESS_CALL.value, period))
                due = falls_due.get((Job.MONTHLY_SCORE.value, period))
                since = end if called is None else min(local_day(called), end)
                ran = running(histories, end) if since <= self.day else ()
                for task in owing(ran, reported[period], unit):
                    yield _REPORT(
                        subject=task.item,
                        title=f"{task.task} {titles[task.item][1]}",
                        since=since,
                        due=due and local_day(due),
                        period=period,
                    )
                period = month_before(period)

    def ratings(self) -> Iterator[Todo]:
        """Yield the bad ratings whose next step the actor may take."""

        @cache
        def due(since: date, state: FollowUpState) -> date | None:
            days = partial(rules.days_allowed, state)
            try:
                return deadline(since, self.work.activations, days)
            except CalendarMissing:
                return None

        if not self.may(Duty.REPORT, self.by.unit) and not self.may(
            Duty.CONFIRM, self.by.unit
        ):
            return
        services = self.work.rulebook.services
        names = {item.key: item.name for item in services.items}
        calls = services.follow_up.callback_percent.value > 0
        office = self.organization.office
        # The office follows up all ratings; others judge what was said of the office.
        units = [None] if office in self.own else sorted({*self.own, office})
        for unit in units:
            for rating, known in rated.bad_ratings(
                self.work.connection, unit=unit, final=FOLLOW_UP.ends
            ):
                state = FollowUpState.PENDING if known is None else known.state
                since = local_day(rating.at) if known is None else known.since
                step, act = _FOLLOWED[state]
                evidence = RatedEvidence(rated=rating.unit)
                if self.permits(FOLLOW_UP, state, step, self.by.unit, known, evidence):
                    yield Todo(
                        kind=TodoKind.RATING,
                        subject=rating.transaction,
                        title=f"{rating.level.spoken} {names.get(rating.item, '')}",
                        step=step,
                        act=act,
                        since=since,
                        due=due(since, state),
                        lacks=Argument.CALLED_BACK_ON
                        if calls and rating.who and not (known and known.called_back_on)
                        else None,
                    )

    def lists(self) -> Iterator[Todo]:
        """Yield the lists that the actor may confirm or publish.

        A list whose confirmation was proposed waits as a proposal.
        """
        proposed = {
            proposal.values[ProposalField.EDITION]
            for proposal, _ in self.waiting
            if proposal.act == TwoPeople.CONFIRM
        }
        states = (EditionState.FROZEN, EditionState.CONFIRMED)
        for edition, since in awaited.records_in(self.work.connection, Edition, states):
            duty, step = Duty.PUBLISH, RecordStep.PUBLISH
            if edition.state is EditionState.FROZEN:
                duty, step = Duty.CONFIRM, RecordStep.CONFIRM
            waits = step is RecordStep.CONFIRM and edition.key in proposed
            if not waits and self.may(duty, unit_of_list(edition.key)):
                yield Todo(
                    kind=TodoKind.LIST,
                    subject=edition.key,
                    title=self.organization.name_of(edition.unit),
                    step=step,
                    act=f"lists.{step.value}",
                    since=since,
                )
