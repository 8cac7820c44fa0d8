"""Surveys, drawn and counted again from the stored codes and answers.

1. The codes that were asked are in the order of their rank by the seed.
2. A result counts the answers that were known when it was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import Flaw, SurveyState
from huimin_flow.model.evidence import SurveyEvidence
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.rules.executing import surveys
from huimin_flow.store.executing import surveys as stored

if TYPE_CHECKING:
    from huimin_flow.audit.core.applied import Applied
    from huimin_flow.audit.ledger import Ledger


def survey_evidence(
    ledger: Ledger, before: Survey | None, after: Survey
) -> SurveyEvidence:
    """Return the item of a survey, the last survey of its round, and its answers."""
    item = ledger.items[after.item]
    if before is None:
        earlier = [e for e in ledger.of(Survey, after.item) if e.key != after.key]
        before = surveys.of_round(earlier, item)
    if before is None:
        return SurveyEvidence(item=item)
    answers, aside = stored.answers_of(
        ledger.connection, before.key, known=ledger.facts.known()
    )
    return SurveyEvidence(
        item=item,
        before=before,
        replies=len(answers) - len(aside),
        least=surveys.least(before.measure, before.served),
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
        rule = book.rules.evaluation
        again = surveys.result_of(answers, aside, made.senses, rule)
    if again != made.result:
        act.flag(Flaw.DECISION_MISMATCH, len(answers), part="result", law="surveys 2")
