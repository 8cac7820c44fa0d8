"""Judgment, stars, and the steps that set an item aside (B1–B3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    ChangeKind,
    Dimension,
    Duty,
    Placement,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.deliberations.minutes import held_at, weigh
from huimin_flow.flow.deciding.drafts import leave_lists, unit_of_lists
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted_in
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.deliberations import Judgment
from huimin_flow.model.evidence import Evidence, ReasonEvidence
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Effectiveness, Item, Preview
from huimin_flow.rules.deciding import judgment as judging
from huimin_flow.rules.deciding import stars
from huimin_flow.rules.improving import advising
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import tallies


@question
def preview_judgment(
    work: Work,
    number: str,
    deliberation: str,
    judgment: Judgment,
    placement: Placement = Placement.YEAR,
) -> Preview:
    """Return what judging an item in a deliberation would give (B1).

    Raises:
        NotFound: if there is no such item or deliberation.
        StepRefused: if the item isn't on its agenda.
        InputRefused: if an answer has a person's number.

    """
    item = repository.item(work.connection, number)
    answers = accepted_in(judgment, Argument.JUDGMENT)
    verdict = weigh(work, item, held_at(work, deliberation), answers, placement)
    step = judging.fate(verdict, work.rulebook.rules.judging) or Step.JUDGE
    decided = verdict.passed or step is not Step.JUDGE
    return Preview(
        item=item,
        step=step,
        target=ITEM.target(item.state, step) if decided else None,
        tally=tallies.tally(work.connection, number, work.rulebook.organization),
        verdict=verdict,
    )


@act(Step.STAR)
def star(
    work: Work,
    number: str,
    scores: Mapping[Dimension, int],
    expected: Effectiveness,
    *,
    by: Actor = ACTING,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Set an item's perceived benefit and stars by rule (B3).

    Raises:
        InputRefused: for an expected effectiveness that is no interval in percent.
        StepRefused: if a score is missing or the step may not happen.

    """
    low, high = expected.low, expected.high
    if not 0 <= low <= expected.value <= high <= 100:
        code = DecisionCode.NOT_IN_INTERVAL
        raise InputRefused(code, value=expected.value, low=low, high=high)
    item = repository.item(work.connection, number)
    verdict = _stars(work, item, scores)
    changes = {
        "perceived_benefit": verdict.score,
        "stars": verdict.inputs.get("stars"),
        "expected_effectiveness": expected,
        "forecast_by": by.id,
        "forecast_unit": work.believed(by).unit,
    }
    return advance(
        work,
        number,
        Step.STAR,
        Evidence(verdict=verdict),
        by=by,
        changes=changes,
        version=version,
        occurred_on=work.happened(occurred_on),
    )


@question
def preview_starring(
    work: Work, number: str, scores: Mapping[Dimension, int]
) -> Preview:
    """Return what starring an item would give: its parts, and what the next star needs.

    Raises:
        NotFound: if no item has the number.

    """
    item = repository.item(work.connection, number)
    verdict = _stars(work, item, scores)
    return Preview(
        item=item,
        step=Step.STAR,
        target=ITEM.target(item.state, Step.STAR) if verdict.passed else None,
        tally=tallies.tally(work.connection, number, work.rulebook.organization),
        verdict=verdict,
    )


def _stars(work: Work, item: Item, scores: Mapping[Dimension, int]) -> Verdict:
    """Return the verdict on an item's stars, with the result of what it continues."""
    book, parent = work.rulebook, item.continues
    interim = None
    if parent is not None:
        known = repository.records(work.connection, Advice, parent)
        before = repository.item(work.connection, parent)
        interim = advising.interim_of(before, known, book.improving.advising)
    return stars.star(scores, book.rules.stars, interim)


@question
def strength(work: Work, number: str) -> Verdict | None:
    """Return the parts of an item's perceived benefit: scores, weights, points (B3).

    It is the verdict of its last stars, None if it has none.

    Raises:
        NotFound: if no item has the number.

    """
    item = repository.item(work.connection, number)
    if item.stars is None:
        return None
    events = history.events_of(work.connection, StreamKind.ITEM.key(number))
    plain = [each.verdict for each in events if each.step == Step.STAR]
    return from_plain(Verdict, plain[-1]) if plain else None


@act(Step.REJECT)
def reject(
    work: Work,
    number: str,
    reason: Annotated[str, Argument.REASON_CODE],
    *,
    referred_to: str | None = None,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Reject an item with a reason code of the rulebook.

    What is not ours (``not_ours``) is ``referred_to`` the body that is in charge.

    Raises:
        StepRefused: if the code or the body is unknown, the body is missing, or the
            step may not happen.

    """
    rules = work.rulebook.rules
    evidence = ReasonEvidence(
        reason_code=reason,
        known=rules.reject_reasons,
        referred_to=referred_to,
        bodies=rules.referral_bodies,
    )
    changes = {"reason_code": reason}
    if referred_to is not None:
        changes["referred_to"] = referred_to
    return advance(
        work, number, Step.REJECT, evidence, by=by, changes=changes, version=version
    )


@act(Step.RETURN)
def return_(
    work: Work,
    number: str,
    reason: Annotated[str, Argument.RETURN_CODE],
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Return an item to the state before, with a reason code of the rulebook.

    Raises:
        StepRefused: if the code is unknown or the step may not happen.

    """
    evidence = ReasonEvidence(
        reason_code=reason, known=work.rulebook.rules.return_reasons
    )
    item = repository.item(work.connection, number)
    changes = {"reason_code": reason, "returns": item.returns + 1}
    return advance(
        work, item, Step.RETURN, evidence, by=by, changes=changes, version=version
    )


@act(Step.DEFER)
def defer(
    work: Work,
    number: str,
    reason: Annotated[str, Argument.REASON_CODE],
    *,
    by: Actor = ACTING,
    second: Actor | None = None,
    version: int | None = None,
) -> Item:
    """Defer an item with a reason code of the rulebook.

    Two people defer an item that is on a list; it leaves every list.

    Raises:
        StepRefused: if the code is unknown or the step may not happen.

    """
    evidence = ReasonEvidence(
        reason_code=reason, known=work.rulebook.rules.reject_reasons
    )
    item = repository.item(work.connection, number)
    changes: dict[str, object] = {"reason_code": reason}
    confirming = second if needs_two(item) else None
    unit = None
    if confirming is not None:
        unit = unit_of_lists(work, number)
        work.two_people(by, confirming, Duty.CONFIRM, unit=unit)
        changes |= {"edition": None, "rank": None}
    moved = advance(
        work,
        item,
        Step.DEFER,
        evidence,
        by=acting_as(work, by, confirming, (unit,)),
        changes=changes,
        version=version,
    )
    if confirming is not None:
        kind = ChangeKind.DEFERRAL
        leave_lists(work, moved, kind, reason, by=by, second=confirming)
    return moved


def needs_two(item: Item) -> bool:
    """Return whether two people defer an item: those on a list."""
    return item.state is State.LISTED


@act(Step.REVIVE)
def revive(
    work: Work, number: str, *, by: Actor = ACTING, version: int | None = None
) -> Item:
    """Revive a deferred item; its state is screened again.

    Raises:
        NotFound: if the item doesn't exist.
        StepRefused: if the actor may not, or the item doesn't stand where it can be.
        ItemMoved: if it has more steps than ``version``.

    """
    changes = {"reason_code": None}
    return advance(work, number, Step.REVIVE, by=by, changes=changes, version=version)
