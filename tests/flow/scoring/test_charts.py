"""Colors and places: corrected by two people, edition by edition, under their book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import HuiminError, InputRefused, NotFound
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.model.scoring.published import QuarterlyRanking, Rests
from huimin_flow.model.scoring.scores import Ranked
from huimin_flow.store.core import history
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_scores import month_of_data, set_aside

DISTRICT = UnitKind.DISTRICT


def ours(number: int) -> Figure:
    return Figure(value=number, source="ours")


def months(desk: Desk, *numbers: int) -> None:
    for month in numbers:
        month_of_data(desk, month)
        tick(desk.flow, desk.clock.now())


def end_the_quarter(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 1, 9), 19))
    tick(desk.flow, desk.clock.now())


def sealed(book: Rulebook) -> Rulebook:
    """A changed rulebook under its own digest."""
    return rulebook_from_text(rulebook_text(book))


def activate(desk: Desk, book: Rulebook) -> None:
    desk.flow.rulebook.activate(sealed(book), by=desk.office, second=desk.second)


def satisfaction_alone(book: Rulebook) -> Rulebook:
    """Another table of indicators: one of the four, and all of the weight."""
    index = book.scoring.index
    kept = tuple(
        replace(one, weight=ours(100))
        for one in index.indicators
        if one.key == "satisfaction"
    )
    scoring = replace(book.scoring, index=replace(index, indicators=kept))
    return replace(book, scoring=scoring)


def places(found: QuarterlyRanking) -> dict[str, Ranked]:
    return {one.unit: one for one in found.groups[DISTRICT] if one.place is not None}


def confirmed_by(flow: Flow, stream: str) -> object:
    stored = door_of(flow).read(lambda c: history.read_stream(c, stream))
    return history.event_of(stored[-1].header).public.get("confirmed_by")


def test_another_table_of_indicators_in_mid_quarter_leaves_the_quarter_standing(
    desk: Desk, book: Rulebook
) -> None:
    """The shipped table in October and November, satisfaction alone in December."""
    months(desk, 10, 11)
    desk.clock.set(at_hour(date(2023, 12, 12), 9))
    tick(desk.flow, desk.clock.now())
    activate(desk, satisfaction_alone(book))
    months(desk, 12)
    end_the_quarter(desk)
    last = desk.flow.scores.month("2023-12")
    assert desk.flow.scores.month("2023-11").rulebook != last.rulebook
    found = places(desk.flow.scores.ranking("2023Q4"))
    assert len(found) == 3
    for one in found.values():
        assert one.place is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.place <= one.high
        assert one.steady
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_corrected_ranking_is_signed_by_the_rulebook_it_was_made_by(
    scored: Desk, book: Rulebook
) -> None:
    rule = replace(book.scoring.ranking, least_months=ours(3))
    activate(scored, replace(book, scoring=replace(book.scoring, ranking=rule)))
    before = scored.flow.scores.ranking("2023Q4")
    scored.flow.scores.correct(
        "ranking/2023Q4", "复核", by=scored.office, second=scored.second
    )
    after = scored.flow.scores.ranking("2023Q4")
    assert (after.version, after.rulebook) == (2, before.rulebook)
    assert door_of(scored.flow).read(verify).findings == ()


def test_what_is_corrected_names_the_editions_it_rests_on(scored: Desk) -> None:
    set_aside(scored, "11-500101-0")
    correct = partial(
        scored.flow.scores.correct, by=scored.office, second=scored.second
    )
    correct("score/2023-11", "误评一件")
    colors = scored.flow.scores.colors("2023-11")
    assert colors.scored[-1] == Rests(period="2023-11", edition=1)
    assert scored.flow.scores.of_colors(colors).version == 1
    correct("colors/2023-11", "随计分更正")
    correct("ranking/2023Q4", "随计分更正")
    colors = scored.flow.scores.colors("2023-11")
    assert colors.scored == (
        Rests(period="2023-10", edition=1),
        Rests(period="2023-11", edition=2),
    )
    assert [one.edition for one in scored.flow.scores.ranking("2023Q4").scored] == [
        1, 2, 1,
    ]  # fmt: skip
    assert scored.flow.scores.colors("2023-11", 1).scored[-1].edition == 1
    assert door_of(scored.flow).read(verify).findings == ()


def test_one_act_of_two_people_corrects_scores_and_their_colors(scored: Desk) -> None:
    scores, colors = scored.flow.scores.correct(
        "score/2023-12",
        "误评一件",
        by=scored.office,
        second=scored.second,
        with_colors=True,
    )
    assert (scores.key, scores.version) == ("score/2023-12", 2)
    assert (colors.key, colors.version, colors.note) == (
        "colors/2023-12",
        2,
        "误评一件",
    )
    assert scored.flow.scores.of_colors(scored.flow.scores.colors("2023-12")) == scores
    for stream in ("score/2023-12", "colors/2023-12"):
        assert confirmed_by(scored.flow, stream) == scored.second.id
    assert door_of(scored.flow).read(verify).findings == ()


def test_the_editions_of_a_published_thing_say_who_and_why(scored: Desk) -> None:
    scored.flow.scores.correct(
        "ranking/2023Q4", "复核", by=scored.office, second=scored.second
    )
    first, second = scored.flow.scores.editions("ranking/2023Q4")
    assert (first.edition, first.confirmed_by, first.note) == (1, "", "")
    assert (second.by, second.confirmed_by, second.note) == (
        scored.office.id,
        scored.second.id,
        "复核",
    )
    assert scored.flow.scores.ranking("2023Q4", 1).note == ""
    with pytest.raises(NotFound, match="没有第3版"):
        scored.flow.scores.ranking("2023Q4", 3)


@pytest.mark.parametrize(
    "key",
    ["bogus/2023Q4", "2023Q4", "ranking/2023-12", "score/2023Q4", "score/2023-99",
     "score/1999-01", "colors/1999-01", "ranking/1999Q1", "", "list/2024/city"],
)  # fmt: skip
def test_what_cannot_be_corrected_is_refused_when_it_is_proposed(
    key: str, scored: Desk
) -> None:
    before = len(scored.flow.proposals.waiting())
    values = {"key": key, "reason": "复核"}
    with pytest.raises((InputRefused, NotFound)):
        scored.flow.proposals.propose("correct", values, by=scored.office)
    with pytest.raises((InputRefused, NotFound)):
        scored.flow.scores.correct(key, "复核", by=scored.office, second=scored.second)
    assert len(scored.flow.proposals.waiting()) == before


@pytest.mark.parametrize("reason", ["", "  ", "\u3000"])
def test_a_correction_without_a_reason_is_refused_when_it_is_proposed(
    reason: str, scored: Desk
) -> None:
    values = {"key": "score/2023-12", "reason": reason}
    with pytest.raises(InputRefused):
        scored.flow.proposals.propose("correct", values, by=scored.office)


@pytest.mark.parametrize("act", ["propose", "approve"])
def test_a_proposed_correction_may_take_the_colors_along(
    act: str, scored: Desk
) -> None:
    values = {"key": "score/2023-12", "reason": "误评", "colors": "yes"}
    proposal = scored.flow.proposals.propose("correct", values, by=scored.office)
    if act == "approve":
        scored.flow.proposals.approve(proposal.key, proposal.seen, by=scored.second)
    editions = 2 if act == "approve" else 1
    assert scored.flow.scores.month("2023-12").version == editions
    assert scored.flow.scores.colors("2023-12").version == editions


def test_colors_alone_take_nothing_along(scored: Desk) -> None:
    values = {"key": "colors/2023-12", "reason": "误评", "colors": "yes"}
    with pytest.raises(InputRefused, match="只有更正计分"):
        scored.flow.proposals.propose("correct", values, by=scored.office)
    with pytest.raises(InputRefused, match="只有更正计分"):
        scored.flow.scores.correct(
            "ranking/2023Q4",
            "复核",
            by=scored.office,
            second=scored.second,
            with_colors=True,
        )


def test_a_district_that_ended_within_the_quarter_is_named_not_ranked(
    file_url: str, book: Rulebook
) -> None:
    """江北 and 渝北 stood until 6 November 2025; their October was scored."""
    clock = RehearsalClock(datetime(2025, 10, 3, 2, tzinfo=UTC), seed=7)
    with Flow.found(file_url, book, rehearsal=True, clock=clock) as flow:
        for day in (date(2025, 11, 8), date(2025, 12, 8), date(2026, 1, 9)):
            clock.set(at_hour(day, 19))
            tick(flow, clock.now())
        october = flow.scores.month("2025-10").groups[DISTRICT]
        found = flow.scores.ranking("2025Q4")
        clean = door_of(flow).read(verify).findings == ()
    assert {"500105", "500112"} <= {one.unit for one in october}
    assert {"500105", "500112", "FA-LJXQ"} <= set(found.ended)
    told = {one.unit for group in found.groups.values() for one in group}
    assert "500157" in told
    assert not told & set(found.ended)
    assert clean


def test_a_unit_that_began_and_ended_within_a_month_is_named(
    file_url: str, book: Rulebook
) -> None:
    organization = book.organization
    brief = replace(
        organization.units[0],
        code="500199",
        name="短区",
        valid_from=date(2023, 10, 10),
        valid_to=date(2023, 10, 20),
    )
    units = (*organization.units, brief)
    changed = replace(book, organization=replace(organization, units=units))
    clock = RehearsalClock(datetime(2023, 10, 3, 2, tzinfo=UTC), seed=7)
    with Flow.found(file_url, sealed(changed), rehearsal=True, clock=clock) as flow:
        clock.set(at_hour(date(2023, 11, 8), 19))
        tick(flow, clock.now())
        assert flow.scores.month("2023-10").ended == ("500199",)


REFUSED: tuple[Callable[[Flow], object], ...] = (
    lambda flow: flow.scores.editions("bogus/2023-12"),
    lambda flow: flow.scores.editions("score/2023-12"),
    lambda flow: flow.scores.colors("2023-12", 1),
)


@pytest.mark.parametrize("ask", REFUSED)
def test_editions_of_nothing_are_refused_in_words(
    ask: Callable[[Flow], object], desk: Desk
) -> None:
    with pytest.raises(HuiminError):
        ask(desk.flow)
