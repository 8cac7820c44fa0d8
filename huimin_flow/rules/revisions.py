"""Every revision of every rule that a verdict or figure names, to apply it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Generic, Protocol, TypeVar

from huimin_flow.catalogue.reasons import RuleCode
from huimin_flow.catalogue.terms import Criterion, Dimension, Origin
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.model.core.events import Plain, Verdict
from huimin_flow.model.core.rules import Rules
from huimin_flow.model.improving.rules import BoardRule, Improving
from huimin_flow.rules.core import continuing
from huimin_flow.rules.core.formula import score_in, scores_in, whole
from huimin_flow.rules.deciding import independence, stars
from huimin_flow.rules.deciding import judgment as judging
from huimin_flow.rules.executing import (
    coverage,
    fulfilment,
    pacing,
    progress,
    readiness,
)
from huimin_flow.rules.improving import (
    advising,
    evaluation,
    grounds,
    rectification,
    replication,
)
from huimin_flow.rules.scoring import index, late, measuring
from huimin_flow.rules.sensing import policies, screening

F = TypeVar("F")


class Basis(Protocol):
    """What of a rulebook verdicts are decided by."""

    @property
    def rules(self) -> Rules:
        """The figures of rules.yaml."""

    @property
    def improving(self) -> Improving:
        """The figures of improving.yaml."""


Decide = Callable[[Mapping[str, Plain], Basis], Verdict]


class Revisions(Generic[F]):
    """The revisions of a rule that computes published figures.

    A publication keeps the revisions it was computed with. So it can be computed
    again and explained after the rule has changed.
    """

    def __init__(self, rule: str, by_revision: Mapping[int, F]) -> None:
        """Keep the rule's functions by their revision."""
        self.rule: Final = rule
        self.by_revision: Final = by_revision

    @property
    def newest(self) -> int:
        """Return the newest revision, which is used for new publications."""
        return max(self.by_revision)

    def of(self, revisions: Mapping[str, int]) -> F:
        """Return the function of the revision that a publication names.

        Raises:
            NotFound: if this engine doesn't know the revision.

        """
        number = revisions.get(self.rule, 0)
        if number not in self.by_revision:
            raise NotFound(RuleCode.REVISION_UNKNOWN, rule=self.rule, revision=number)
        return self.by_revision[number]


def newest(*rules: Revisions[Any]) -> dict[str, int]:
    """Return the newest revision of each rule, by the rule's name."""
    return {each.rule: each.newest for each in rules}


#: A peer group's index of a month.
CONTRIBUTION: Final = Revisions(index.RULE, {index.REVISION: index.contribution})
#: An indicator's pace, compared with its plan.
PACING: Final = Revisions(pacing.RULE, {pacing.REVISION: pacing.indicator_pace})
#: Each unit's readings from a month's facts.
MEASURING: Final = Revisions(measuring.RULE, {measuring.REVISION: measuring.readings})
#: The tasks without a month's report.
OWING: Final = Revisions(progress.RULE, {progress.REVISION: progress.owing})
#: The facts that would change a month's scores and came after the cut.
LATE: Final = Revisions(late.RULE, {late.REVISION: late.late_facts})


def rederive(verdict: Verdict, book: Basis) -> Verdict:
    """Apply a verdict's rule again to its inputs, with the rulebook of its time.

    The result of an honest verdict is equal to it. Selection and an item's
    fulfilment are not here: they need other verdicts and figures, which replay
    collects.

    Raises:
        NotFound: if this revision cannot decide from its inputs alone.
        InputRefused: if the rule never writes such inputs.

    """
    decide = REGISTRY.get((verdict.rule, verdict.revision))
    if decide is None:
        raise NotFound(RuleCode.NOT_ALONE, rule=verdict.rule, revision=verdict.revision)
    try:
        return decide(verdict.inputs, book)
    except (KeyError, ValueError, TypeError, ArithmeticError) as broken:
        raise InputRefused(
            RuleCode.INPUTS_UNFIT, rule=verdict.rule, detail=repr(broken)
        ) from broken


def _judging(inputs: Mapping[str, Plain], book: Basis) -> Verdict:
    judgment, present = judging.judgment_of(inputs), whole(inputs["present"])
    return judging.judge(
        judgment,
        present=present,
        rule=book.rules.judging,
        means=judging.means_in(inputs),
    )


def _ground(
    decide: Callable[[Mapping[str, Plain], BoardRule], Verdict],
    inputs: Mapping[str, Plain],
    book: Basis,
) -> Verdict:
    return decide(inputs, book.improving.boards)


#: By (rule, revision): from a verdict's inputs and its rulebook to the verdict.
REGISTRY: Final[Mapping[tuple[str, int], Decide]] = {
    (screening.RULE, screening.REVISION): lambda inputs, book: screening.screen(
        Origin(str(inputs["origin"])),
        {criterion: score_in(inputs, criterion) for criterion in Criterion},
        book.rules.screening,
        continuing.interim_in(inputs),
    ),
    (judging.RULE, judging.REVISION): _judging,
    (stars.RULE, stars.REVISION): lambda inputs, book: stars.star(
        scores_in(inputs, Dimension), book.rules.stars, continuing.interim_in(inputs)
    ),
    (readiness.RULE, readiness.REVISION): lambda inputs, book: readiness.ready_from(
        inputs, book.rules
    ),
    (fulfilment.RULE, fulfilment.REVISION): lambda inputs, book: (
        fulfilment.fulfilment_from(inputs, book.rules.fulfilment)
    ),
    (coverage.RULE, coverage.REVISION): lambda inputs, book: coverage.coverage_from(
        inputs, book.improving.tasks
    ),
    (independence.RULE, independence.REVISION): lambda inputs, _: (
        independence.independent_from(inputs)
    ),
    (evaluation.RULE, evaluation.REVISION): lambda inputs, book: (
        evaluation.evaluate_from(inputs, book.rules.evaluation)
    ),
    (policies.RULE, policies.REVISION): lambda inputs, book: policies.review_from(
        inputs, book.rules.policies
    ),
    (advising.RULE, advising.REVISION): lambda inputs, book: advising.advise_from(
        inputs, book.improving.advising
    ),
    **{
        (grounds.rule_of(ground), grounds.REVISION): partial(_ground, decide)
        for ground, decide in grounds.DECIDE.items()
    },
    (rectification.RULE, rectification.REVISION): lambda inputs, book: (
        rectification.acceptable_from(inputs, book.improving.rectification)
    ),
    (replication.SHELVING, replication.REVISION): lambda inputs, book: (
        replication.shelvable_from(inputs, book.improving.replication)
    ),
    (replication.COMPARING, replication.REVISION): lambda inputs, book: (
        replication.compared_from(inputs, book.improving.replication)
    ),
}
