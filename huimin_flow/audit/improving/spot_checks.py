"""Spot checks, drawn again from their secrets and from the facts at their cut (N10).

1. Each secret is the one of its party's commitment, and no commitment is used twice.
2. The population of a cut follows from the facts that were known then, and so do the
   strata and the sample sizes.
3. What was drawn follows from the population, the sizes and both secrets.
4. A secret was revealed by the last day; a draw is void if one was missing then.
5. A step changes one finding, of something that was drawn, with files of the check. A
   finder is its actor, checked on no day to come, and doesn't make milder what another
   has found. A correction changes its severity and its reason alone.
6. An answer is of the actor, that day, to something that was found wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.core.headers import ODD, events_that_read
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import (
    Flaw,
    Severity,
    SpotCheckState,
    SpotCheckStep,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import HuiminError
from huimin_flow.model.improving.spot_checks import (
    CheckFinding,
    Population,
    SpotCheck,
    UnitAnswer,
)
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.improving import spot_checks as rule
from huimin_flow.store.pasts import spot_checks as stored

E = TypeVar("E", CheckFinding, UnitAnswer)


def hold_check(act: Applied, made: SpotCheck) -> None:
    """Hold what a step with a spot check changes of its findings or answers."""
    event, day = act.event, local_day(act.event.at)
    if event.step == SpotCheckStep.ANSWER:
        fresh, odd = _changed(act.before.answers, made.answers)
        for said in fresh:
            found = made.finding(said.subject)
            wrong = found is not None and found.severity is not Severity.NONE
            odd |= not wrong or (said.by, said.day) != (event.actor, day)
        if odd:
            act.flag(Flaw.STEP_NOT_ALLOWED, part="answers", law="spot_checks 6")
    if event.step not in {SpotCheckStep.FIND, SpotCheckStep.CORRECT}:
        return
    worst, drawn = list(Severity), {line.id: line.unit for line in made.drawn}
    fresh, odd = _changed(act.before.findings, made.findings)
    for found in fresh:
        was = act.before.finding(found.subject)
        odd |= drawn.get(found.subject) != found.unit
        if event.step == SpotCheckStep.CORRECT:
            words = {"severity": found.severity, "reason": found.reason}
            odd |= was is None or found != replace(was, **words)
            continue
        known = (act.ledger.attachments.get((made.key, file)) for file in found.files)
        odd |= (found.by, found.reason) != (event.actor, "") or None in known
        odd |= found.checked_on > day
        if was is not None and was.by != found.by:
            odd |= worst.index(found.severity) < worst.index(was.severity)
    if odd:
        act.flag(Flaw.STEP_NOT_ALLOWED, part="findings", law="spot_checks 5")


def _changed(old: Sequence[E], new: Sequence[E]) -> tuple[list[E], bool]:
    """Return what is new or was changed, and whether that is more than a step does.

    It changes one, takes none away, and has none twice.
    """
    before = {each.subject: each for each in old}
    after = {each.subject: each for each in new}
    fresh = [each for each in after.values() if each != before.get(each.subject)]
    lost = not before.keys() <= after.keys() or len(after) < len(new)
    return fresh, lost or len(fresh) > 1


def hold_spot_checks(ledger: Ledger) -> None:
    """Hold every spot check to the laws, in the order of their keys."""
    values = [each for _, each in sorted(ledger.values.items())]
    checks = [each for each in values if isinstance(each, SpotCheck)]
    if not checks:
        return
    activations = tuple(ledger.ruled)
    used: set[str] = set()
    for check in checks:
        try:
            _hold_secrets(ledger, check, used)
            if check.cut_on is not None:
                _hold_draw(ledger, check)
                _hold_days(ledger, check, activations)
        except (HuiminError, *ODD) as error:
            ledger.flag(Flaw.DECISION_MISMATCH, check.key, error, law="spot_checks 2")


def _hold_secrets(ledger: Ledger, check: SpotCheck, used: set[str]) -> None:
    """Hold secrets to their commitments, and commitments to be new."""
    committed = {each.party: each.digest for each in check.commitments}
    for digest in committed.values():
        if digest in used:
            ledger.flag(Flaw.DECISION_MISMATCH, check.key, digest, law="spot_checks 1")
        used.add(digest)
    for told in check.reveals:
        fits = committed.get(told.party) == rule.digest_of(told.secret)
        if not fits or rule.is_weak(told.secret):
            ledger.flag(
                Flaw.DECISION_MISMATCH, check.key, told.party, law="spot_checks 1"
            )


def _hold_draw(ledger: Ledger, check: SpotCheck) -> None:
    """Make population, sizes and draw again, and compare them."""
    number = StreamKind.parse(check.key)[1]
    kept = ledger.values.get(StreamKind.SPOT_POPULATION.key(number))
    if not isinstance(kept, Population):
        ledger.flag(Flaw.ROW_MISSING, check.key, number, law="spot_checks 2")
        return
    book = ledger.books[kept.rulebook]
    facts = stored.facts_at(ledger.connection, kept.day, kept.position)
    lines = rule.population(facts, book)
    counts = rule.counted(lines)
    expected = (
        *(rule.text_of(lines), rule.digest_of(kept.text), kept.digest),
        *(kept.position, kept.day, counts),
        rule.sizes(counts, book.improving.spot_checks),
    )
    stated = (
        *(kept.text, kept.digest, check.population),
        *(check.position, check.cut_on, check.counts, check.sizes),
    )
    if expected != stated:
        ledger.flag(Flaw.DECISION_MISMATCH, check.key, number, law="spot_checks 2")
    if check.seed:
        seed = rule.seed_of({each.party: each.secret for each in check.reveals})
        drawn = rule.draw(seed, rule.lines_of(kept.text), check.sizes)
        if (seed, drawn) != (check.seed, check.drawn):
            ledger.flag(Flaw.DECISION_MISMATCH, check.key, seed, law="spot_checks 3")


def _hold_days(
    ledger: Ledger, check: SpotCheck, activations: tuple[Activation, ...]
) -> None:
    """Hold reveals and a void draw to the last day to reveal."""
    if check.cut_on is None:
        return
    due = deadline(
        check.cut_on,
        activations,
        lambda book: book.improving.spot_checks.reveal_days.value,
    )
    if due is None:
        return
    for event in events_that_read(ledger.connection, check.key):
        day = local_day(event.at)
        revealed_late = event.step == SpotCheckStep.REVEAL and day > due
        void_early = (
            event.step == SpotCheckStep.VOID
            and event.source == SpotCheckState.CUT
            and (day <= due or check.failed != check.unrevealed())
        )
        if revealed_late or void_early:
            ledger.flag(
                Flaw.DECISION_MISMATCH, check.key, event.step, law="spot_checks 4"
            )
