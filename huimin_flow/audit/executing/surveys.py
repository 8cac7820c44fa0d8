"""Surveys, drawn and counted again from the stored codes and answers.

1. The codes that were asked are in the order of their rank by the seed.
2. A result counts the answers that were known when it was recorded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import Flaw, SurveyState
from huimin_flow.clock import local_day
from huimin_flow.model.evidence import SurveyEvidence
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.rules.executing import surveys
from huimin_flow.rules.improving.rectification import still_open
from huimin_flow.store.executing import surveys as stored

if TYPE_CHECKING:
    from huimin_flow.audit.core.applied import Applied, Seen


def survey_evidence(seen: Seen) -> SurveyEvidence:
    """Return the item of a survey, the last survey of its round, and its answers."""
    ledger, after, before = seen.ledger, seen.after, seen.before
    item = ledger.items[after.item]
    named = SurveyEvidence(item=item)
    if before is None:
        earlier = [e for e in ledger.of(Survey, after.item) if e.key != after.key]
        before = surveys.of_round(earlier, item)
        if key := after.rectification:
            known = ledger.of(Rectification, after.item)
            made = next((each for each in still_open(known) if each.key == key), None)
            named = replace(named, named=key, rectification=made)
            begun = date.min if made is None else made.begun
            before = surveys.of_rectification(earlier, key, begun)
    if before is None:
        return named
    answers, aside = stored.answers_of(
        ledger.connection, before.key, known=ledger.facts.known()
    )
    due = surveys.answers_due(before, ledger.ruled)
    rule = seen.book.improving.surveys
    return replace(
        named,
        before=before,
        replies=len(answers) - len(aside),
        least=surveys.least(before.measure, before.served, rule),
        over=due is not None and due < local_day(seen.event.at),
    )


def hold_survey(act: Applied, made: Survey) -> None:
    """Draw the sample of a survey in its order again, and count its answers again."""
    ledger = act.ledger
    known = ledger.facts.known()
    if made.state is SurveyState.OPEN:
        codes = stored.codes_of(ledger.connection, made.key, known=known)
        ranked = surveys.draw(made.seed, codes, made.drawn)
        if list(ranked) != codes or len(codes) != made.drawn:
            act.flag(Flaw.DECISION_MISMATCH, len(codes), part="drawn", law="surveys 1")
    if made.result is None:
        return
    book = ledger.books[str(act.event.rulebook)]
    answers, aside = stored.answers_of(ledger.connection, made.key, known=known)
    again = None
    if answers:
        again = surveys.result_of(answers, aside, made, book)
    if again != made.result:
        act.flag(Flaw.DECISION_MISMATCH, len(answers), part="result", law="surveys 2")
