"""When a rectification is due, goes up the ladder, and may be accepted (D2, F3).

Nothing here is stored: each is a function of the steps, the rulebooks and calendars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from huimin_flow.catalogue.reasons import RectificationCode
from huimin_flow.catalogue.terms import RectificationState, Role
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.rectification import (
    CitizensWord,
    Measured,
    Rectification,
    RectificationLine,
)
from huimin_flow.model.improving.rules import RectificationRule
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Calendar, Rulebook
from huimin_flow.rules.core.due import Activation, deadline, working_day_after
from huimin_flow.rules.core.formula import whole
from huimin_flow.rules.executing.running import RunStep, runs

RULE: Final = "rectifying"
REVISION: Final = 1

#: The states in which the unit has to submit.
AWAITED: Final = frozenset({RectificationState.OPENED, RectificationState.RETURNED})


def still_open(known: Iterable[Rectification]) -> tuple[Rectification, ...]:
    """Return those that nobody has accepted yet, by key."""
    waiting = (e for e in known if e.state is not RectificationState.ACCEPTED)
    return tuple(sorted(waiting, key=lambda each: each.key))


def due_of(made: Rectification, activations: Sequence[Activation]) -> date | None:
    """Return the last day to submit a rectification.

    A return gives more days and takes none. The rulebook and the calendar of the due
    day decide, so that no later activation moves it.

    Raises:
        CalendarMissing: if a year's calendar isn't loaded.

    """
    due = deadline(made.opened_on, activations, lambda book: _rule(book).days.value)
    if due is None or made.returned_on is None:
        return due
    again = deadline(
        made.returned_on, activations, lambda book: _rule(book).return_days.value
    )
    return due if again is None else max(due, again)


def _rule(book: Rulebook) -> RectificationRule:
    return book.improving.rectification


def days_late(due: date, day: date, calendar: Calendar) -> int:
    """Return by how many working days a day is later than a due day, 0 if it is not.

    Raises:
        CalendarMissing: if a year's calendar isn't loaded.

    """
    late = 0
    while (due := working_day_after(due, 1, calendar)) <= day:
        late += 1
    return late


def dated(
    made: Rectification, activations: Sequence[Activation], today: date
) -> RectificationLine:
    """Return a rectification with its due day; it has one while it is awaited."""
    if made.state not in AWAITED:
        return RectificationLine(rectification=made)
    try:
        due = due_of(made, activations)
        late = 0
        if due is not None:
            late = days_late(due, today, activations[-1].book.calendar)
    except CalendarMissing:
        return RectificationLine(rectification=made, calendar_missing=True)
    return RectificationLine(rectification=made, due=due, overdue=late)


def rung_due(made: Rectification, activations: Sequence[Activation]) -> date | None:
    """Return the day on which the next rung is reached, None above the last one.

    It is reached so many working days after the due day; earlier if the rung before
    it was not acknowledged in time, but not before the due day is over.

    Raises:
        CalendarMissing: if a year's calendar isn't loaded.

    """
    due, n = due_of(made, activations), len(made.rungs)
    if due is None:
        return None

    def after(days: int, book: Rulebook) -> int | None:
        ladder = _rule(book).ladder
        if n >= len(ladder):
            return None
        return days or ladder[n].overdue_days.value

    reached = deadline(due, activations, partial(after, 0))
    before = made.rungs[-1] if made.rungs else None
    if reached is None or before is None or before.acknowledged_on is not None:
        return reached
    silent = deadline(before.recorded_on, activations, _silence)
    if silent is None:
        return reached
    first = deadline(due, activations, partial(after, 1))
    return min(reached, max(silent, first or silent))


def _silence(book: Rulebook) -> int:
    """Return the working days after which a rung was not acknowledged in time."""
    return _rule(book).acknowledge_days.value + 1


def addressees(
    role: Role, item: Item, organization: Organization, day: date
) -> tuple[str, ...]:
    """Return the posts whom a rung concerns on a day.

    These are the heads of the item's unit, the posts of the office, or the deputy
    leaders in charge of the item's area; without such a deputy the leaders.
    """

    def held(known: Role) -> Collection[str]:
        return [post.id for post in organization.people if known in post.roles]

    if role is Role.UNIT_HEAD:
        return tuple(
            post.id
            for post in organization.people
            if role in post.roles and item.unit in organization.acts_for(post.unit, day)
        )
    if role is not Role.DEPUTY_LEADER:
        return tuple(held(role))
    deputies = set(held(role))
    in_charge = [p for p in organization.in_charge(item.area) if p in deputies]
    return tuple(in_charge or held(Role.LEADER))


class Basis(NamedTuple):
    """What an acceptance rests on: the figures reported and the word of citizens.

    ``ended`` is the last month of which figures can be reported, None if tasks run.
    """

    figures: Sequence[Progress]
    word: CitizensWord
    ended: str | None = None


def month_ended(steps: Sequence[RunStep], day: date) -> str | None:
    """Return the month in which an item's last run ended, None if it runs on a day."""
    spans = [run for run in runs(steps) if run.since <= day]
    until = spans[-1].until if spans else None
    return None if until is None or until > day else f"{until:%Y-%m}"


def second_word(
    made: Rectification,
    known: Iterable[Survey],
    ratings: CitizensWord,
    day: date,
    rule: RectificationRule,
) -> CitizensWord:
    """Return what citizens said since the day after a rectification began, until a day.

    The last survey of the item that was drawn and closed since counts, if it is large
    enough to judge by; else the ``ratings`` of the unit's services.
    """
    for survey in sorted(known, key=lambda each: each.key, reverse=True):
        said, closed = survey.result, survey.closed_on
        if said is None or closed is None or not made.begun < closed <= day:
            continue
        enough = said.enough and said.replies >= rule.least_answers.value
        if enough and survey.drawn_on >= made.begun:
            return CitizensWord(
                source=survey.key, answers=said.replies, good=said.share.satisfied
            )
    return ratings


def acceptable(made: Rectification, basis: Basis, rule: RectificationRule) -> Verdict:
    """Decide whether a rectification was measured and judged by citizens since then.

    Only figures of the month in which it began, or of later ones, are a fresh
    measurement: others correct what was before. Of tasks that ended before that,
    it is the figure of their last month, reported again: there are no later ones.
    """
    return acceptable_from(
        {
            "item": made.item,
            "begun": made.begun.isoformat(),
            "figures": len(fresh(made, basis)),
            "source": basis.word.source,
            "answers": basis.word.answers,
            "good": basis.word.good,
        },
        rule,
    )


def fresh(made: Rectification, basis: Basis) -> tuple[Progress, ...]:
    """Return the figures that measure what was put right."""
    begun = f"{made.begun:%Y-%m}"
    first = min(begun, basis.ended or begun)
    return tuple(each for each in basis.figures if each.month >= first)


def measured(made: Rectification, basis: Basis) -> tuple[Measured, ...]:
    """Return the fresh figures as a rectification keeps them."""
    return tuple(
        Measured(
            task=each.task,
            indicator=each.indicator,
            month=each.month,
            value=each.value,
        )
        for each in fresh(made, basis)
    )


def acceptable_from(inputs: Mapping[str, Plain], rule: RectificationRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``acceptable`` did.

    >>> from huimin_flow.model.core.rules import Figure
    >>> days = Figure(value=5, source="ours")
    >>> rule = RectificationRule(days=days, return_days=days, least_answers=days,
    ...                          acknowledge_days=days, ladder=())
    >>> inputs = {"item": "2024-000001", "begun": "2024-04-08", "figures": 1,
    ...           "source": "ratings", "answers": 4, "good": 4}
    >>> verdict = acceptable_from(inputs, rule)
    >>> verdict.passed, [str(each.code) for each in verdict.reasons]
    (False, ['rectification_word_missing'])

    """
    least = rule.least_answers.value
    reasons = []
    if whole(inputs["figures"]) < 1:
        code = RectificationCode.UNMEASURED
        reasons.append(Reason.of(code, begun=inputs["begun"]))
    if whole(inputs["answers"]) < least:
        code, counts = RectificationCode.WORD_MISSING, {"answers": inputs["answers"]}
        reasons.append(Reason.of(code, begun=inputs["begun"], least=least, **counts))
    passed = not reasons
    if passed:
        counts = {name: inputs[name] for name in ("figures", "answers", "good")}
        reasons.append(Reason.of(RectificationCode.RESTS_ON, **counts))
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=passed,
        score=None,
        reasons=tuple(reasons),
        inputs=dict(inputs),
    )
