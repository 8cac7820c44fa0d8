"""Spot checks, drawn again from their secrets and from the facts at their cut (N10).

1. Each secret is the one of its party's commitment, and no commitment is used twice.
2. The population of a cut follows from the facts that were known then, and so do the
   strata and the sample sizes.
3. What was drawn follows from the population, the sizes and both secrets.
4. A secret was revealed by the last day; a draw is void if one was missing then.
"""

from __future__ import annotations

from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.streams import ODD
from huimin_flow.catalogue.terms import Flaw, SpotCheckState, SpotCheckStep, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.errors import HuiminError
from huimin_flow.model.improving.spot_checks import Population, SpotCheck
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.improving import spot_checks as rule
from huimin_flow.store.core import history, repository
from huimin_flow.store.pasts import spot_checks as stored


def hold_spot_checks(ledger: Ledger) -> None:
    """Hold every spot check to the laws, in the order of their keys."""
    values = [each for _, each in sorted(ledger.values.items())]
    checks = [each for each in values if isinstance(each, SpotCheck)]
    if not checks:
        return
    activations = repository.activations(ledger.connection)
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
    for event in history.events_of(ledger.connection, check.key):
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
