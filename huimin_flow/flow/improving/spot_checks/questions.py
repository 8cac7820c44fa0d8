"""Questions on spot checks: what is open to everybody, and what only to the parties."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Duty, SpotCheckState, StreamKind
from huimin_flow.errors import CalendarMissing, NotFound
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.spot_checks.drawing import population_key, reveal_by
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value
from huimin_flow.model.improving.spot_checks import (
    DrawRecord,
    Population,
    PopulationLine,
    SpotCheck,
)
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.improving import spot_checks as rule
from huimin_flow.states.authority import may_do
from huimin_flow.store.core import repository
from huimin_flow.streams import SEALED


@value
class SpotCheckView:
    """A spot check with its deadlines and its population, None before the cut.

    ``reveal_by`` is the last day to reveal, ``answer_by`` that to answer the findings.
    """

    check: SpotCheck
    reveal_by: date | None
    answer_by: date | None
    population: tuple[PopulationLine, ...] | None


@question
def checks(
    work: Work, *, unit: str | None = None, state: SpotCheckState | None = None
) -> tuple[SpotCheck, ...]:
    """Return the spot checks that are done or void, oldest first.

    ``unit`` selects those at which it was checked.
    """
    return tuple(
        each
        for each in repository.records(work.connection, SpotCheck)
        if each.state not in SEALED[StreamKind.SPOT_CHECK]
        and state in {None, each.state}
        and (unit is None or any(line.unit == unit for line in each.drawn))
    )


@question
def mine(work: Work, *, by: Actor = ACTING) -> tuple[SpotCheck, ...]:
    """Return all spot checks to whoever makes them, also those under way.

    Raises:
        StepRefused: if the actor lacks the duty.

    """
    work.duty(by, Duty.SPOT_CHECK)
    return tuple(repository.records(work.connection, SpotCheck))


@question
def get(work: Work, key: Annotated[str, Argument.SPOT_CHECK]) -> SpotCheck:
    """Return a spot check that is done or void.

    Raises:
        NotFound: if there is none of that key, or it is under way.

    """
    known = repository.find_record(work.connection, SpotCheck, key)
    if known is None or known.state in SEALED[StreamKind.SPOT_CHECK]:
        code, record = InputCode.RECORD_UNKNOWN, StreamKind.SPOT_CHECK
        raise NotFound(code, record=record, key=showable(key))
    return known


@question
def show(
    work: Work, key: Annotated[str, Argument.SPOT_CHECK], *, by: Actor = ACTING
) -> SpotCheckView:
    """Return a spot check with its deadlines and its population.

    One that is under way is shown to whoever makes spot checks only.

    Raises:
        NotFound: if there is none of that key for the actor.

    """
    organization = work.rulebook.organization
    party = not may_do(
        work.believed(by), Duty.SPOT_CHECK, organization, unit=None, day=work.today
    )
    check = record_of(work, SpotCheck, key) if party else get(work, key)
    return _view(work, check, party=party)


@question
def view(work: Work, key: Annotated[str, Argument.SPOT_CHECK]) -> SpotCheckView:
    """Return a spot check that is done or void with its deadlines and population.

    Raises:
        NotFound: if there is none of that key, or it is under way.

    """
    return _view(work, get(work, key), party=False)


def _view(work: Work, check: SpotCheck, *, party: bool) -> SpotCheckView:
    """Return a spot check with what of its population may be read."""
    kept = None
    if check.cut_on is not None and (party or check.state is SpotCheckState.DONE):
        kept = record_of(work, Population, population_key(check.key))
    return SpotCheckView(
        check=check,
        reveal_by=reveal_by(work, check),
        answer_by=answer_by(work, check),
        population=None if kept is None else rule.lines_of(kept.text),
    )


@question
def record(work: Work, key: Annotated[str, Argument.SPOT_CHECK]) -> DrawRecord:
    """Return the draw of a spot check that is done, so that anybody can repeat it.

    Raises:
        NotFound: if there is none of that key that is done.

    """
    check = get(work, key)
    if check.state is not SpotCheckState.DONE:
        code, kind = InputCode.RECORD_UNKNOWN, StreamKind.SPOT_CHECK
        raise NotFound(code, record=kind, key=showable(key))
    kept = record_of(work, Population, population_key(key))
    return rule.record_of_draw(check, kept)


def answer_by(work: Work, check: SpotCheck) -> date | None:
    """Return the last day to answer findings, None before it is done."""
    if check.done_on is None:
        return None
    try:
        return deadline(
            check.done_on,
            work.activations,
            lambda book: book.improving.spot_checks.answer_days.value,
        )
    except CalendarMissing:
        return None
