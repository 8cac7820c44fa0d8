"""What is found at what was drawn, what the checked say, and its correction (D8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode, SpotCheckCode
from huimin_flow.catalogue.terms import (
    Argument,
    CheckWay,
    Duty,
    PopulationStep,
    Severity,
    SpotCheckStep,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, step_record
from huimin_flow.flow.core.items import keep_file
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.spot_checks.drawing import population_key, under_way
from huimin_flow.flow.improving.spot_checks.questions import get
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.evidence import CheckedEvidence
from huimin_flow.model.improving.spot_checks import (
    CheckFinding,
    Population,
    PopulationLine,
    SpotCheck,
    UnitAnswer,
)
from huimin_flow.model.items import Attachment
from huimin_flow.states.guards.spot_checks import is_not_of_the_checked
from huimin_flow.states.machine import require_road
from huimin_flow.states.spot_checks import SPOT_CHECK
from huimin_flow.store.executing.attachments import attachments_of

#: The shortest beginning of a digest that names a file.
_SHORTEST = 6


@act(Duty.SPOT_CHECK)
def attach(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach evidence to a spot check; it is hidden as the check is (D8).

    Raises:
        InputRefused: for an empty or too large file, or an unfit name.
        NotFound: if there is no such spot check.
        StepRefused: unless it is being checked.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    under_way(work, key, SpotCheckStep.FIND, by)
    return keep_file(work, key, name, content, by, None)


@act(Duty.SPOT_CHECK)
def find(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    checked: str,
    manner: CheckWay,
    severity: Severity,
    found: str,
    *,
    evidence: Sequence[str] = (),
    checked_on: Annotated[date | None, Argument.OCCURRED_ON] = None,
    by: Actor = ACTING,
) -> SpotCheck:
    """Record what was found at something that was drawn, also that nothing is wrong.

    ``evidence`` are digests of files of the check, or their beginnings. A finding may
    be recorded anew until the check is done; nobody makes another's one milder.

    Raises:
        InputRefused: for what was not drawn, an unknown file, an empty text, or a day
            to come.
        NotFound: if there is no such spot check.
        StepRefused: if the actor is of the checked unit, or makes milder what another
            has found.

    """
    old = under_way(work, key, SpotCheckStep.FIND, by)
    line, worst = _drawn(old, checked), list(Severity)
    known = old.finding(line.id)
    others_one = known is not None and known.by != by.id
    if known and others_one and worst.index(severity) < worst.index(known.severity):
        code, before = SpotCheckCode.FOUND_BY_ANOTHER, known.severity
        raise StepRefused(code, given=line.id, finder=known.by, severity=before)
    made = CheckFinding(
        subject=line.id,
        unit=line.unit,
        way=manner,
        severity=severity,
        what=required(found, Argument.FOUND, longest=2000, lines=True),
        checked_on=work.happened(checked_on),
        by=by.id,
        files=_files(work, key, evidence),
    )
    others = [each for each in old.findings if each.subject != line.id]
    return step_record(
        work,
        SpotCheckStep.FIND,
        old,
        by=by,
        evidence=CheckedEvidence(unit=line.unit),
        findings=(*others, made),
    )


@act(Duty.SPOT_CHECK)
def finish(
    work: Work, key: Annotated[str, Argument.SPOT_CHECK], *, by: Actor = ACTING
) -> SpotCheck:
    """Finish a spot check: from now on everybody may read it, and it counts (D8).

    Raises:
        NotFound: if there is no such spot check.
        StepRefused: if something that was drawn has no finding.

    """
    old = under_way(work, key, SpotCheckStep.FINISH, by)
    done = step_record(work, SpotCheckStep.FINISH, old, by=by, done_on=work.today)
    kept = record_of(work, Population, population_key(key))
    step_record(work, PopulationStep.OPEN, kept, by=by, about=key)
    return done


@act(Duty.REPORT)
def answer(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    checked: str,
    reply: str,
    *,
    by: Actor = ACTING,
) -> SpotCheck:
    """Answer a finding as the checked unit; a further answer replaces it (D8).

    Raises:
        InputRefused: for what was not drawn, or an empty text.
        NotFound: if there is no such spot check that is done.
        StepRefused: if the actor is not of the checked unit, or nothing was wrong.

    """
    old = get(work, key)
    line = _drawn(old, checked)
    work.duty(by, Duty.REPORT, line.unit)
    require_road(SPOT_CHECK, old.state, SpotCheckStep.ANSWER, key)
    found = old.finding(line.id)
    if found is None or found.severity is Severity.NONE:
        raise StepRefused(SpotCheckCode.NOT_FOUND_WRONG, given=line.id)
    made = UnitAnswer(
        subject=line.id,
        unit=line.unit,
        text=required(reply, Argument.REPLY, longest=2000, lines=True),
        day=work.today,
        by=by.id,
    )
    others = [each for each in old.answers if each.subject != line.id]
    return step_record(
        work,
        SpotCheckStep.ANSWER,
        old,
        by=by,
        unit=line.unit,
        evidence=CheckedEvidence(unit=line.unit),
        answers=(*others, made),
    )


def severity_of(text: str) -> Severity:
    """Return the severity of a text.

    Raises:
        InputRefused: for another text; it lists the words.

    """
    try:
        return Severity(text)
    except ValueError:
        code, words = InputCode.WORD_UNKNOWN, list(Severity)
        raise InputRefused(code, text=showable(text), choices=words) from None


def may_correct(
    work: Work, key: str, checked: str, severity: Severity, reason: str, *, by: Actor
) -> CheckFinding:
    """Return the finding that a correction makes.

    Raises:
        InputRefused: for what was not drawn, or without a reason.
        NotFound: if there is no such spot check that is done.
        StepRefused: for a post of the checked unit, or if the finding has this
            severity already.

    """
    old = get(work, key)
    line = _drawn(old, checked)
    require_road(SPOT_CHECK, old.state, SpotCheckStep.CORRECT, key)
    of_unit = CheckedEvidence(unit=line.unit)
    if lacking := is_not_of_the_checked(old, acting_as(work, by), of_unit):
        raise StepRefused(lacking)
    found = old.finding(line.id)
    if found is None or found.severity is severity:
        raise StepRefused(SpotCheckCode.SAME_SEVERITY, severity=severity)
    why = required(reason, Argument.REASON, longest=500)
    return replace(found, severity=severity, reason=why)


@act(Duty.CONFIRM, two=True)
def correct(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    checked: str,
    severity: Severity,
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
) -> SpotCheck:
    """Correct the severity of a finding, or withdraw it with ``none``, by two people.

    The score of its month counts it at the next correction of that score.

    Raises:
        InputRefused: for what was not drawn, or without a reason.
        NotFound: if there is no such spot check that is done.
        StepRefused: unless two people of other units with the duty confirm it, or if
            the finding has this severity already.

    """
    work.two_people(by, second, Duty.CONFIRM)
    made = may_correct(work, key, checked, severity, reason, by=by)
    old = get(work, key)
    return step_record(
        work,
        SpotCheckStep.CORRECT,
        old,
        by=by,
        second=second,
        evidence=CheckedEvidence(unit=made.unit),
        findings=tuple(
            made if each.subject == made.subject else each for each in old.findings
        ),
    )


def _drawn(check: SpotCheck, written: str) -> PopulationLine:
    """Return what was drawn under an id.

    Raises:
        InputRefused: for another id.

    """
    wanted = written.strip()
    for line in check.drawn:
        if line.id == wanted:
            return line
    raise InputRefused(SpotCheckCode.NOT_DRAWN, given=showable(wanted))


def _files(work: Work, key: str, evidence: Sequence[str]) -> tuple[str, ...]:
    """Return the digests of the files of a check that are named."""
    known = [file.digest for file in attachments_of(work.connection, key)]
    digests = []
    for written in evidence:
        meant = [digest for digest in known if digest.startswith(written)]
        if len(written) < _SHORTEST or len(meant) != 1:
            code, given = SpotCheckCode.FILE_UNKNOWN, showable(written)
            raise InputRefused(code, key=key, given=given)
        digests += meant
    return tuple(digests)
