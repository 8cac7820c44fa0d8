"""Deciding: lists, supplements, what leaves them, and the assessments (B5, B7, C3)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.advance import advance, bear
from huimin_flow.flow.records import keep_record
from huimin_flow.flow.sensing import Demand, born_of, next_number
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.case import Case
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.edition import Edition, Place, unit_of_list
from huimin_flow.model.item import Item
from huimin_flow.model.text import accepted, required
from huimin_flow.model.verdict import Reason
from huimin_flow.reasons import Code
from huimin_flow.store import repository
from huimin_flow.terms import (
    AssessmentKind,
    AssessmentState,
    EditionKind,
    EditionState,
    Step,
)


def supplement(
    work: Work, number: str, edition: str, *, by: Actor, second: Actor
) -> Item:
    """Add an item to a frozen list after its deadline, by two people (B5).

    Raises:
        NotFound: if there is no such edition.
        StepRefused: unless two people with the duty stand behind it.

    """
    work.two_people(by, second, "confirm", unit=unit_of_list(edition))
    found = repository.find_record(work.connection, Edition, edition)
    if found is None:
        raise NotFound(
            f"没有编号为“{edition}”的清单", remedy="用 huimin list show 查看"
        )
    item = repository.item(work.connection, number)
    rank = len(found.places) + 1
    place = Place(
        item=number, rank=rank, unit=item.unit, area=item.area, stars=item.stars
    )
    changed = replace(
        found,
        kind=EditionKind.SUPPLEMENT,
        places=(*found.places, place),
        version=found.version + 1,
    )
    case = Case(
        actor=by,
        second=second,
        today=work.today,
        edition=edition,
        edition_kind=EditionKind.SUPPLEMENT,
    )
    listed = advance(
        work, number, Step.ENLIST, case, changes={"edition": edition, "rank": rank}
    )
    keep_edition(work, changed, "supplement", by=by, source=found.state, second=second)
    return listed


def keep_edition(
    work: Work,
    edition: Edition,
    step: str,
    *,
    by: Actor,
    source: EditionState | None = None,
    rulebook: str | None = None,
    second: Actor | None = None,
) -> None:
    """Record an edition as the next event of its stream."""
    keep_record(
        work,
        edition.key,
        step,
        edition,
        by=by,
        version=edition.version,
        about=edition.period,
        source=None if source is None else source.value,
        target=edition.state.value,
        rulebook=rulebook,
        second=second,
    )


def confirm(work: Work, key: str, *, by: Actor, second: Actor) -> Edition:
    """Confirm a frozen list by two people (C3).

    Raises:
        NotFound: if there is no such edition.
        StepRefused: if it isn't frozen, or two people are missing.

    """
    work.two_people(by, second, "confirm", unit=unit_of_list(key))
    found = _edition(work, key, EditionState.FROZEN, "confirm")
    changed = replace(found, state=EditionState.CONFIRMED, version=found.version + 1)
    keep_edition(work, changed, "confirm", by=by, source=found.state, second=second)
    return changed


def publish(work: Work, key: str, *, by: Actor) -> Edition:
    """Publish a confirmed list (C3): a unit's own list is its own to publish."""
    unit = unit_of_list(key)
    if unit is None:
        work.duty(by, "publish")
    else:
        work.duty_for(by, "publish", unit)
    found = _edition(work, key, EditionState.CONFIRMED, "publish")
    changed = replace(found, state=EditionState.PUBLISHED, version=found.version + 1)
    keep_edition(work, changed, "publish", by=by, source=found.state)
    return changed


def _edition(work: Work, key: str, state: EditionState, step: str) -> Edition:
    found = repository.find_record(work.connection, Edition, key)
    if found is None:
        raise NotFound(f"没有编号为“{key}”的清单", remedy="用 huimin list show 查看")
    if found.state is not state:
        values = {"state": found.state.label, "step": step, "possible": state.label}
        raise StepRefused((Reason(code=Code.NO_SUCH_ARC, values=dict(values)),))
    return found


def assess(
    work: Work, number: str, kind: AssessmentKind, assessor: str, *, by: Actor
) -> Assessment:
    """Request one of the four assessments for an item (B7)."""
    work.duty(by, "assess")
    repository.item(work.connection, number)
    assessment = Assessment(
        key=f"assessment/{number}/{kind.value}",
        item=number,
        kind=kind,
        state=AssessmentState.REQUESTED,
        assessor=required(assessor, "评估机构", longest=100),
    )
    return _assessed(work, assessment, "request", None, by)


def submit_assessment(
    work: Work, key: str, finding: str, *, high_risk: bool, by: Actor
) -> Assessment:
    """Submit an assessment's finding; one that was returned may come again."""
    old = _assessment(
        work, key, {AssessmentState.REQUESTED, AssessmentState.RETURNED}, "submit"
    )
    work.duty(by, "assess")
    new = replace(
        old,
        state=AssessmentState.SUBMITTED,
        finding=required(finding, "评估结论"),
        high_risk=high_risk,
        version=old.version + 1,
    )
    return _assessed(work, new, "submit", old.state, by)


def settle_assessment(
    work: Work, key: str, *, accept: bool, note: str = "", by: Actor
) -> Assessment:
    """Accept a submitted assessment, or return it with a note."""
    old = _assessment(work, key, {AssessmentState.SUBMITTED}, "settle")
    work.duty(by, "confirm")
    finding = old.finding if accept else required(note, "退回理由")
    state = AssessmentState.ACCEPTED if accept else AssessmentState.RETURNED
    new = replace(old, state=state, finding=finding, version=old.version + 1)
    return _assessed(work, new, "accept" if accept else "return_", old.state, by)


def _assessment(
    work: Work, key: str, states: set[AssessmentState], step: str
) -> Assessment:
    found = repository.find_record(work.connection, Assessment, key)
    if found is None:
        raise NotFound(f"没有编号为“{key}”的评估", remedy="请先委托评估")
    if found.state not in states:
        values = {
            "state": found.state.label,
            "step": step,
            "possible": "、".join(sorted(one.label for one in states)),
        }
        raise StepRefused((Reason(code=Code.NO_SUCH_ARC, values=dict(values)),))
    return found


def _assessed(
    work: Work,
    assessment: Assessment,
    step: str,
    source: AssessmentState | None,
    by: Actor,
) -> Assessment:
    keep_record(
        work,
        assessment.key,
        step,
        assessment,
        by=by,
        version=assessment.version,
        about=assessment.item,
        source=None if source is None else source.value,
        target=assessment.state.value,
    )
    return assessment


def cancel(
    work: Work, number: str, reason_code: str, *, by: Actor, second: Actor
) -> Item:
    """Take an item off its list for good, by two people: a new edition of the list."""
    work.two_people(by, second, "confirm")
    item = repository.item(work.connection, number)
    case = Case(actor=by, second=second, today=work.today, reason_code=reason_code)
    if reason_code not in work.rulebook.rules.reject_reasons:
        values = {"given": reason_code}
        raise StepRefused((Reason(code=Code.UNKNOWN_REASON_CODE, values=dict(values)),))
    closed = advance(
        work, number, Step.CANCEL, case, changes={"reason_code": reason_code}
    )
    found = repository.find_record(work.connection, Edition, item.edition or "")
    if found is not None:
        places = tuple(one for one in found.places if one.item != number)
        changed = replace(
            found,
            kind=EditionKind.AMENDMENT,
            places=places,
            version=found.version + 1,
        )
        keep_edition(work, changed, "amend", by=by, source=found.state, second=second)
    return closed


def continued(work: Work, number: str, *, by: Actor) -> tuple[Item, Item]:
    """Collect the successor of an item that runs on (carry_over); parent first.

    The parent doesn't move: next year's list freezes while it still runs.
    """
    parent = repository.item(work.connection, number)
    child = next_number(work, work.today)
    case = Case(actor=by, today=work.today, other=child)
    parent = advance(work, number, Step.CARRY_OVER, case)
    demand = Demand(
        title=parent.title,
        origin=parent.origin,
        area=parent.area,
        unit=parent.unit,
        description=parent.description,
        life_stage=parent.life_stage,
        continues=number,
    )
    changes = born_of(work, demand, work.today)
    born = bear(
        work, child, Step.COLLECT, Case(actor=by, today=work.today), changes=changes
    )
    return parent, born


def respond(
    work: Work, number: str, unit: str, *, by: Actor, title: str = ""
) -> tuple[Item, Item]:
    """Let another unit take up a demand: an item of its own, born judged (B4).

    Raises:
        InputRefused: if the item is that unit's own.

    """
    parent = repository.item(work.connection, number)
    if parent.unit == unit:
        raise InputRefused("本单位的事项无需响应", remedy="请由其他单位响应")
    child = next_number(work, work.today)
    demand = Demand(
        title=accepted(title, "标题") or parent.title,
        origin=parent.origin,
        area=parent.area,
        unit=unit,
        description=parent.description,
        life_stage=parent.life_stage,
        responds_to=number,
    )
    changes = born_of(work, demand, work.today)
    for name in ("deliberation", "placement", "prevalence", "screening_score"):
        changes[name] = getattr(parent, name)
    case = Case(actor=by, today=work.today, other=number)
    born = bear(work, child, Step.RESPOND, case, changes=changes)
    return parent, born
