"""What is wrong on the way is refused with its reason, or recorded as what it is.

Each has its whole test beside its piece; here they meet in one place, so that none is
forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    RatingLevel,
    Role,
    SpotCheckState,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.executing.surveys import SurveyAnswer
from huimin_flow.testing import UNIT, Desk
from huimin_flow.testing.agreed import RESULTS
from tests.flow.core.engaged import with_report
from tests.flow.executing.test_feeds import (
    FLOW,
    MEASURED,
    RATE,
    assigned_flow,
    figure,
    opened,
)
from tests.flow.improving.test_rectification import begun, heard, submitted
from tests.ratings import rating

Refused = tuple[str, Callable[[], object]]


def spot_checks(desk: Desk) -> Iterator[Refused]:
    """An empty population, a wrong reveal, a party that reveals nothing in time."""
    checks, office, group = (
        desk.flow.spot_checks, desk.office, desk.post(Role.SUPERVISION),
    )  # fmt: skip

    def sealed() -> tuple[str, str]:
        key = checks.plan("暗访", by=office).key
        checks.secret(key, by=group)
        return key, checks.secret(key, by=office).secret

    empty, _ = sealed()
    yield "spot_check_population_empty", lambda: checks.cut(empty, by=office)
    rated = [rating(n, RatingLevel.DISSATISFIED, window="W01") for n in range(6)]
    assert not desk.flow.ratings.add(rated, by=office).refused
    key, secret = sealed()
    checks.cut(key, by=office)
    yield (
        "spot_check_reveal_unmatched",
        lambda: checks.reveal(key, "00" * 32, by=office),
    )
    checks.reveal(key, secret, by=office)
    desk.clock.advance(timedelta(days=20))
    void = checks.void(key, by=office)
    assert (void.state, void.failed) == (SpotCheckState.VOID, (Role.SUPERVISION,))
    again = checks.plan("暗访", repeats=key, by=office).key
    assert checks.secret(again, by=office).secret != secret


def figures(desk: Desk) -> Iterator[Refused]:
    """A running total that sinks, last year's figure, a share above its whole."""
    number = assigned_flow(desk)
    feed = opened(desk, number, FLOW, running_total=True)
    deliver, by = desk.flow.feeds.deliver, desk.operator
    deliver(feed.key, [figure("2024-01", 5)], MEASURED, by=by)
    old = MEASURED - timedelta(days=366)
    for code, wrong in (
        ("feed_below_before", figure("2024-02", 3)),
        ("feed_measured_before", figure("2024-02", 5, measured_at=old)),
    ):
        told = deliver(feed.key, [wrong], MEASURED, by=by)
        assert ([row.reason.code for row in told.refused], told.kept) == ([code], 0)
    above: dict[str, Any] = {"item": number, "task": "T1", "indicator": RATE.name}
    share = Progress(month="2024-02", value=11, denominator=10, **above)
    yield "share_above_whole", lambda: desk.flow.tasks.report([share], by=by)


def papers(desk: Desk) -> Iterator[Refused]:
    """An order on a closed item, a second report of an engagement."""
    closed, paper = desk.bring(State.CLOSED).number, ("督查室", "1号", desk.today())
    receive, office = desk.flow.orders.receive, desk.office
    yield "order_item_ended", lambda: receive(closed, *paper, "限期", by=office)
    acts = desk.flow.engagements
    key = with_report(desk, desk.bring(State.EXECUTED).number).key
    file = acts.attach(key, "又一份", b"2", by=office).digest
    yield "engagement_reported_already", lambda: acts.report(key, file, by=office)


def survey_of_three(desk: Desk) -> Iterator[Refused]:
    """Three answers are kept as three answers; nobody is judged by them."""
    number, surveys = desk.bring(State.EXECUTED).number, desk.flow.surveys
    key = surveys.draw(number, [f"c{n}" for n in range(40)], 40, by=desk.office).key
    drawn = surveys.sample(key)[:3]
    said = [SurveyAnswer(code=e.code, level=RatingLevel.SATISFIED) for e in drawn]
    surveys.add_answers(key, said, by=desk.office)
    desk.clock.advance(timedelta(days=60))
    result = surveys.close(key, by=desk.office).result
    assert result is not None
    assert (result.replies, result.enough) == (3, False)
    evaluate = desk.flow.items.evaluate
    yield "sample_too_small", lambda: evaluate(number, RESULTS, by=desk.office)


def rectifications(desk: Desk) -> Iterator[Refused]:
    """A rectification closed by its own unit, and one whose evidence is gone."""
    number, made = begun(desk)
    accept = desk.flow.rectifications.accept
    desk.report(number)
    desk.clock.set(at_hour(date(2024, 4, 9), 9))
    heard(desk)
    digest = submitted(desk, number, made.key).files[0]
    head = desk.post(Role.UNIT_HEAD, UNIT)
    yield "rectification_own_case", lambda: accept(made.key, "属实", by=head)
    shelf = door_of(desk.flow).shelf
    assert shelf is not None
    file = shelf.folder / digest[:2] / digest
    kept = file.read_bytes()
    file.unlink()
    yield (
        "rectification_evidence_gone",
        lambda: accept(made.key, "属实", by=desk.office),
    )
    file.write_bytes(kept)


def test_bad_input_is_refused_with_its_reason_or_recorded_as_what_it_is(
    file_desk: Desk,
) -> None:
    desk = file_desk
    for each in (spot_checks, figures, papers, rectifications, survey_of_three):
        for code, act in each(desk):
            known = len(desk.flow.changes(limit=1000))
            with pytest.raises(HuiminError) as refused:
                act()
            assert code in {str(why.code) for why in refused.value.reasons}, refused
            assert refused.value.remedy
            assert len(desk.flow.changes(limit=1000)) == known < 1000
    assert door_of(desk.flow).read(verify).findings == ()
