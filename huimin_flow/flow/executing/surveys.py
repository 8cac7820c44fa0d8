"""Surveys: drawn, answered, closed; and what citizens said of an item (B6, D0)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count as numbers
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import SurveyCode, reason_of
from huimin_flow.catalogue.terms import (
    Argument,
    DoubtCause,
    Duty,
    RectificationState,
    Sense,
    State,
    Step,
    StreamKind,
    SurveyState,
    SurveyStep,
    Term,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, keep_batch, keep_record, next_key
from huimin_flow.flow.core.items import put_in_doubt
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Plain, Reason, RefusedRow
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required, showable
from huimin_flow.model.evidence import SurveyEvidence
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.executing.surveys import (
    PublicWord,
    Survey,
    SurveyAnswer,
    SurveyIntake,
)
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.items import Item, ItemFilter
from huimin_flow.model.services.ratings import Rating
from huimin_flow.personal import is_code
from huimin_flow.rules.executing import surveys as rules
from huimin_flow.rules.executing.running import runs
from huimin_flow.states.improving import SURVEY
from huimin_flow.states.machine import require_road
from huimin_flow.store import listings
from huimin_flow.store.core import facts, history, positions, repository
from huimin_flow.store.core.tables import SURVEY_ANSWERS, SURVEY_CODES
from huimin_flow.store.executing import surveys as stored

#: The kinds of batches of codes and of answers.
_CODES, _ANSWERS = "survey_codes", "survey_answers"

#: The longest code.
_LONGEST = 40


@act(Duty.ASSESS)
def draw(
    work: Work,
    number: str,
    frame: Annotated[Sequence[str], Argument.FRAME],
    drawn: Annotated[int, Argument.DRAWN],
    *,
    senses: Annotated[Sequence[Sense], Argument.SENSES] = (),
    rectification_key: Annotated[str | None, Argument.RECTIFICATION_KEY] = None,
    source: str = "",
    by: Actor = ACTING,
) -> Survey:
    """Draw the sample of a survey about an item whose tasks have ended (D0).

    ``frame`` are the pseudonymous codes of all people served, ``drawn`` how many of
    them are asked: at least as many as the plan agreed and the rule needs. ``source``
    names their file. The seed is made after the frame is known, and kept with its
    digest. For an open rectification (``rectification_key``) citizens are asked again,
    whatever the round's survey said; its evaluation doesn't count that.

    Raises:
        NotFound: if there is no such item or rectification.
        InputRefused: for a code that is no pseudonym or comes twice, or a number
            below what was agreed, or above what there is.
        StepRefused: if the actor may not draw, the item's tasks have not ended, the
            round has another survey, or the actor drew one that got too few answers.

    """
    repository.hold_items(work.connection, [number])
    item = repository.item(work.connection, number)
    origin = accepted(source, Argument.SOURCE, longest=300)
    measure = (item.plan or Plan()).satisfaction_measure
    evidence = _drawing(work, item, rectification_key)
    key = StreamKind.SURVEY.key(next_key(work, StreamKind.SURVEY, number))
    work.duty(by, Duty.ASSESS, None)
    check_frame(frame)
    least = rules.least(measure, len(frame), work.rulebook.improving.surveys)
    if not least <= drawn <= len(frame):
        raise InputRefused(
            SurveyCode.TOO_FEW_DRAWN, drawn=drawn, least=least, served=len(frame)
        )
    made = Survey(
        key=key,
        item=number,
        rounds=item.rounds,
        state=SurveyState.DRAWN,
        measure=measure,
        frame=rules.frame_digest(frame),
        served=len(frame),
        seed=work.clock.token(32).hex(),
        drawn=drawn,
        drawn_on=work.today,
        drawn_by=by.id,
        senses=tuple(sense for sense in Sense if sense in set(senses)),
        source=origin,
        rectification=evidence.named,
    )
    kept = keep_record(
        work, SurveyStep.DRAW, made, None, acting_as(work, by), evidence, about=number
    )
    keep_drawn(work, key, rules.draw(made.seed, frame, drawn), by)
    return kept


def keep_drawn(work: Work, key: str, codes: Sequence[str], by: Actor) -> None:
    """Keep the codes that were drawn for a survey or an engagement, in their order."""
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows = stored.code_rows(key, codes, batch)
    facts.keep(work.connection, SURVEY_CODES, rows)
    keep_batch(work, _CODES, batch, len(rows), facts.root_of(rows), by=by, source=key)


def check_frame(frame: Sequence[str]) -> None:
    """Refuse a frame that is empty, or has a code that is unfit or comes twice."""
    if not frame:
        raise InputRefused(SurveyCode.FRAME_EMPTY)
    seen: set[str] = set()
    for code in frame:
        if not code or len(code) > _LONGEST or not is_code(code):
            raise InputRefused(SurveyCode.CODE_UNFIT, given=showable(code))
        if code in seen:
            raise InputRefused(SurveyCode.CODE_TWICE, given=code)
        seen.add(code)


@act(Duty.ASSESS)
def add_answers(
    work: Work,
    key: Annotated[str, Argument.SURVEY],
    answers: Annotated[Sequence[SurveyAnswer], Argument.SURVEY_ANSWERS],
    *,
    by: Actor = ACTING,
    lines: Sequence[int] = (),
    refused: Sequence[RefusedRow] = (),
    source: str = "",
) -> SurveyIntake:
    """Keep a batch of answers of a survey: one answer a drawn code (D0).

    A refused answer is reported with its line, and the others are kept. One that is
    known with the same contents adds nothing. ``lines`` are the lines of ``answers``
    in their file, ``refused`` the rows that its reader refused, ``source`` the file.

    Raises:
        NotFound: if there is no such survey.
        StepRefused: if the actor may not, or the survey is not open.

    """
    repository.hold_items(work.connection, [record_of(work, Survey, key).item])
    old = record_of(work, Survey, key)  # nobody closes it from here on
    work.duty(by, Duty.ASSESS, None)
    if old.state is not SurveyState.OPEN:
        require_road(SURVEY, old.state, SurveyStep.OPEN, key)
    origin = accepted(source, Argument.SOURCE, longest=300)
    drawn = frozenset(stored.codes_of(work.connection, key))
    known = {
        answer.code: answer for answer in stored.answers_of(work.connection, key)[0]
    }
    fresh: dict[str, SurveyAnswer] = {}
    refusals, same = list(refused), 0
    for line, answer in zip(lines or numbers(1), answers, strict=bool(lines)):
        flaw = _flaw(answer, old, drawn)
        first = known.get(answer.code) or fresh.setdefault(answer.code, answer)
        if flaw is None and first is not answer and first != answer:
            given: dict[str, Plain] = {"given": showable(answer.code)}
            flaw = reason_of(SurveyCode.ANSWERED_ALREADY, given)
        if flaw is not None:
            if fresh.get(answer.code) is answer:
                del fresh[answer.code]
            refusals.append(RefusedRow(line=line, reason=flaw))
        elif first is not answer:
            same += 1
    bad = tuple(sorted(refusals, key=lambda row: row.line))
    if not fresh:
        return SurveyIntake(batch=0, kept=0, known=same, refused=bad, root="")
    if old.state is SurveyState.DRAWN:
        _step(work, SurveyStep.OPEN, old, by, opened_on=work.today)
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows = stored.answer_rows(key, list(fresh.values()), batch)
    root = _keep_rows(work, rows, batch, by, origin, known=same)
    return SurveyIntake(batch=batch, kept=len(rows), known=same, refused=bad, root=root)


def _flaw(answer: SurveyAnswer, survey: Survey, drawn: frozenset[str]) -> Reason | None:
    """Return why an answer can't be kept, None if it can."""
    given = showable(answer.code)
    if answer.code not in drawn:
        return reason_of(SurveyCode.CODE_NOT_DRAWN, {"given": given})
    if set(answer.senses) != set(survey.senses):
        values = {"given": given, "asked": [sense.value for sense in survey.senses]}
        return reason_of(SurveyCode.SENSES_UNFIT, values)
    return None


@act(Duty.ASSESS)
def close(
    work: Work, key: Annotated[str, Argument.SURVEY], *, by: Actor = ACTING
) -> Survey:
    """Close a survey that has as many valid answers as needed, with its result (D0).

    After the last day to collect answers it is closed with fewer, too: the result says
    that it is too small to judge by, and another sample may be drawn.

    Raises:
        NotFound: if there is no such survey.
        StepRefused: if the actor may not, or answers are lacking.

    """
    old = record_of(work, Survey, key)
    repository.hold_items(work.connection, [old.item])
    require_road(SURVEY, old.state, SurveyStep.CLOSE, key)
    changes: dict[str, Any] = {"closed_on": work.today, "closed_by": by.id}
    answers, aside = stored.answers_of(work.connection, key)
    if answers:
        changes["result"] = rules.result_of(answers, aside, old, work.rulebook)
    return _step(work, SurveyStep.CLOSE, old, by, **changes)


@act(Duty.ASSESS)
def set_aside(
    work: Work,
    key: Annotated[str, Argument.SURVEY],
    code: Annotated[str, Argument.SURVEY_PERSON],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Survey:
    """Set an answer aside: it is not valid, and stays in the whole of the share (D0).

    Another person than who drew the sample does it. A final evaluation that rests on
    the survey is in doubt then.

    Raises:
        NotFound: if there is no such survey.
        InputRefused: for a code without a valid answer, or an empty reason.
        StepRefused: if the actor may not, or drew the sample.

    """
    old = record_of(work, Survey, key)
    repository.hold_items(work.connection, [old.item])
    require_road(SURVEY, old.state, SurveyStep.SET_ASIDE, key)
    said = required(reason, Argument.REASON, longest=500)
    answers, aside = stored.answers_of(work.connection, key)
    if code in aside or code not in {answer.code for answer in answers}:
        raise InputRefused(SurveyCode.NOTHING_TO_SET_ASIDE, given=showable(code))
    work.duty(by, Duty.ASSESS, None)
    work.different(by.id, old.drawn_by)
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    _keep_rows(work, [stored.aside_row(key, code, said, batch)], batch, by, "")
    changes: dict[str, Any] = {}
    if old.state is SurveyState.CLOSED:
        left = aside | {code}
        changes["result"] = rules.result_of(answers, left, old, work.rulebook)
    kept = _step(work, SurveyStep.SET_ASIDE, old, by, **changes)
    item = repository.item(work.connection, old.item)
    if item.sample is not None and item.sample.survey == key:
        put_in_doubt(work, [item], DoubtCause.SURVEY, by=by)
    return kept


@act(Duty.ASSESS)
def call_off(
    work: Work, key: Annotated[str, Argument.SURVEY], reason: str, *, by: Actor = ACTING
) -> Survey:
    """Call a survey off that was not closed, with the reason; another may be drawn.

    Another person than who drew the sample does it: nobody alone draws again.

    Raises:
        NotFound: if there is no such survey.
        StepRefused: if the actor may not, drew the sample, or it is closed.
        InputRefused: for an empty reason.

    """
    old = record_of(work, Survey, key)
    require_road(SURVEY, old.state, SurveyStep.CALL_OFF, key)
    said = required(reason, Argument.REASON, longest=500)
    changes = {"closed_on": work.today, "closed_by": by.id, "reason": said}
    return _step(work, SurveyStep.CALL_OFF, old, by, **changes)


def _keep_rows(
    work: Work,
    rows: list[dict[str, Any]],
    batch: int,
    by: Actor,
    source: str,
    known: int = 0,
) -> str:
    """Keep rows of answers with the event that proves them; return their root."""
    facts.keep(work.connection, SURVEY_ANSWERS, rows)
    root = facts.root_of(rows)
    keep_batch(
        work, _ANSWERS, batch, len(rows), root, by=by, known=known, source=source
    )
    return root


def _step(work: Work, step: Term, old: Survey, by: Actor, **changes: Any) -> Survey:
    """Take a step with a survey; its evidence counts the answers."""
    evidence = _evidence(work, repository.item(work.connection, old.item), old)
    new = replace(old, **changes)
    acting = acting_as(work, by)
    return keep_record(work, step, new, old, acting, evidence, about=old.item)


def _drawing(work: Work, item: Item, key: str | None) -> SurveyEvidence:
    """Return what a draw rests on: the last survey of the round or rectification."""
    if key is None:
        return _evidence(work, item, of_round(work, item))
    made = record_of(work, Rectification, key)
    known = repository.records(work.connection, Survey, item.number)
    before = rules.of_rectification(known, made.key, made.begun)
    mine = made.item == item.number and made.state is not RectificationState.ACCEPTED
    return replace(
        _evidence(work, item, before),
        named=made.key,
        rectification=made if mine else None,
    )


def _evidence(work: Work, item: Item, before: Survey | None) -> SurveyEvidence:
    if before is None:
        return SurveyEvidence(item=item)
    due = rules.answers_due(before, work.activations)
    return SurveyEvidence(
        item=item,
        before=before,
        replies=stored.count_answers(work.connection, before.key),
        least=rules.least(
            before.measure, before.served, work.rulebook.improving.surveys
        ),
        over=due is not None and due < work.today,
    )


def of_round(work: Work, item: Item) -> Survey | None:
    """Return the last survey of an item's present round, None if there is none."""
    return rules.of_round(
        repository.records(work.connection, Survey, item.number), item
    )


def public_word(work: Work, item: Item, begun: date | None, day: date) -> PublicWord:
    """Return what citizens said of an item in this round, until the end of a day (D0).

    Ratings count since ``begun``, the day of the assignment.
    """
    said = rules.word_of(of_round(work, item))
    plan = item.plan or Plan()
    if not plan.service_items or begun is None:
        return said
    units = rules.rating_units(item, work.rulebook.organization, day)
    ratings, good = stored.rated(work.connection, plan.service_items, units, begun, day)
    return replace(said, ratings=ratings, good=good)


def rests_on_rating(work: Work, rating: Rating) -> Iterator[Item]:
    """Yield the items whose final evaluation counted a rating of a service item."""
    day, organization = local_day(rating.at), work.rulebook.organization
    wanted = ItemFilter(states=(State.EVALUATED, State.ADJUSTED))
    for item in [*listings.items(work.connection, wanted)]:
        if item.plan is None or rating.item not in item.plan.service_items:
            continue
        events = history.events_of(work.connection, StreamKind.ITEM.key(item.number))
        begun = runs(events)[-1].begun
        judged = [each for each in events if each.step == Step.EVALUATE][-1]
        units = rules.rating_units(item, organization, judged.occurred_on)
        ours = units is None or rating.unit in units
        if ours and begun <= day <= judged.occurred_on:
            yield item
