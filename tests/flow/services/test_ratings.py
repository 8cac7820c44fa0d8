from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import (
    InputCode,
    RatingCode,
    RowCode,
    spoken,
    way_out,
)
from huimin_flow.catalogue.terms import (
    FollowUpState,
    Misrating,
    RatingLevel,
    RatingObject,
    ReasonCode,
)
from huimin_flow.errors import InputRefused, ItemMoved, NotFound, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.services.admission import clean
from huimin_flow.model.core.texts import accepted
from huimin_flow.model.services.ratings import Rating, RatingCount
from huimin_flow.store.core import history
from huimin_flow.testing import Desk
from tests.ratings import BEGUN, CHANNELS, rating, some

BAD = RatingLevel.VERY_DISSATISFIED


# ---- coming in ----


def test_a_batch_is_kept_and_a_second_time_adds_nothing(desk: Desk) -> None:
    first = desk.flow.ratings.add(some(60), by=desk.office)
    assert (first.kept, first.known, first.refused) == (60, 0, ())
    before = door_of(desk.flow).read(verify)
    second = desk.flow.ratings.add(some(60), by=desk.office)
    assert (second.batch, second.kept, second.known) == (0, 0, 60)
    assert door_of(desk.flow).read(verify) == before


def test_a_file_that_grew_adds_only_what_is_new(desk: Desk) -> None:
    desk.flow.ratings.add(some(60), by=desk.office)
    taken = desk.flow.ratings.add(some(80), by=desk.office)
    assert (taken.kept, taken.known) == (20, 60)
    assert door_of(desk.flow).read(verify).clean


def test_the_order_in_which_ratings_come_changes_no_count(desk: Desk) -> None:
    ratings = some(120)
    random.Random(5).shuffle(ratings)
    for part in (ratings[:50], ratings[30:90], ratings[80:]):
        desk.flow.ratings.add(part, by=desk.office)
    counted: dict[str, int] = {}
    for one in some(120):
        counted[one.unit] = counted.get(one.unit, 0) + 1
    found = {
        one.of[0]: one.total for one in desk.flow.ratings.month_of_units("2023-09")
    }
    assert found == counted


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"unit": "500199"}, InputCode.UNIT_UNKNOWN),
        ({"unit": "500157"}, InputCode.UNIT_NOT_YET),
        ({"unit": "500101.0"}, RowCode.KEY_DECIMAL),
        ({"transaction": "5.00101E+17"}, RowCode.KEY_ROUNDED),
        ({"transaction": "5.00101e17"}, RowCode.KEY_ROUNDED),
        ({"transaction": "123456.0"}, RowCode.KEY_DECIMAL),
        ({"person": "1E+15"}, RowCode.KEY_ROUNDED),
        ({"who": "17.0"}, RowCode.KEY_DECIMAL),
        ({"item": "no_such_item"}, RatingCode.UNKNOWN_ITEM),
        ({"window": "W77"}, RatingCode.UNKNOWN_WINDOW),
        ({"unit": "500104", "window": "W01"}, RatingCode.UNKNOWN_WINDOW),
        ({"channel": "fax"}, RatingCode.UNKNOWN_CHANNEL),
        ({"level": "excellent"}, RatingCode.UNKNOWN_LEVEL),
        ({"at": datetime(2023, 10, 9, 2, 0, 1, tzinfo=UTC)}, RowCode.TIME_IN_FUTURE),
        ({"at": datetime.max.replace(tzinfo=UTC)}, RowCode.TIME_IN_FUTURE),
        ({"at": datetime.min.replace(tzinfo=UTC)}, RowCode.TIME_TOO_EARLY),
        ({"at": BEGUN.replace(tzinfo=None)}, RowCode.TIME_UNREADABLE),
        ({"transaction": "  "}, RowCode.TEXT_UNFIT),
        ({"transaction": "T\n1"}, RowCode.TEXT_UNFIT),
        ({"person": "p\u202e1"}, RowCode.TEXT_UNFIT),
        ({"who": "c" * 101}, RowCode.TEXT_UNFIT),
        ({"item": "\ud800"}, RatingCode.UNKNOWN_ITEM),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_leaves_the_others_whole(
    desk: Desk, changed: dict[str, object], code: ReasonCode
) -> None:
    odd = replace(rating(2), **changed)  # type: ignore[arg-type]
    taken = desk.flow.ratings.add(
        [rating(1), odd, rating(3)], by=desk.office, lines=[12, 13, 15]
    )
    assert taken.kept == 2
    assert [(one.line, one.reason.code) for one in taken.refused] == [(13, code)]
    header = door_of(desk.flow).read(
        lambda c: history.read_stream(c, "batch/00000001")
    )[0]
    assert history.event_of(header.header).public["refused"] == {code.value: 1}
    assert door_of(desk.flow).read(verify).clean


def test_devices_of_a_merged_district_are_rated_while_its_organs_go_on(
    desk: Desk,
) -> None:
    """渝北区 (500112) ended on 2025-11-06; its organs worked until 2026-01-25."""
    desk.clock.set(datetime(2026, 2, 1, tzinfo=UTC))
    day = datetime(2025, 11, 5, 15, 59, tzinfo=UTC)
    last = datetime(2026, 1, 24, 15, 59, tzinfo=UTC)
    minute = timedelta(minutes=1)
    ratings = [
        rating(1, unit="500112", at=day),
        rating(2, unit="500112", at=day + minute),
        rating(3, unit="500112", at=last),
        rating(4, unit="500112", at=last + minute),
        rating(5, unit="500157", at=day),
        rating(6, unit="500157", at=day + minute),
    ]
    taken = desk.flow.ratings.add(ratings, by=desk.office)
    assert [(one.line, one.reason.code) for one in taken.refused] == [
        (4, InputCode.UNIT_ENDED),
        (5, InputCode.UNIT_NOT_YET),
    ]
    said = spoken(taken.refused[0].reason)
    assert "渝北区" in said
    assert "2025-11-06" in said
    why = taken.refused[0].reason
    assert "两江新区(500157)" in way_out(why.code, dict(why.values))
    assert "2025-11-06" in spoken(taken.refused[1].reason)


def test_a_unit_may_be_named_as_officials_name_it(desk: Desk) -> None:
    named = [rating(1, unit="万州区"), rating(2), rating(3, unit="万州")]
    taken = desk.flow.ratings.add(named, by=desk.actor("op-500101"))
    assert (taken.kept, [one.line for one in taken.refused]) == (2, [3])
    assert [one.of for one in desk.flow.ratings.month_of_units("2023-09")] == [
        ("500101",)
    ]


def test_an_operator_of_a_merged_district_brings_its_ratings(desk: Desk) -> None:
    desk.clock.set(datetime(2025, 12, 1, tzinfo=UTC))
    at = datetime(2025, 11, 20, tzinfo=UTC)
    own = rating(1, unit="500112", at=at)
    by = desk.actor("op-500112")
    assert desk.flow.ratings.add([own], by=by).kept == 1


def test_numbers_that_differ_only_where_a_spreadsheet_cut_them_are_not_one(
    desk: Desk,
) -> None:
    cut = replace(rating(1), transaction="99999999999999100")
    whole = replace(rating(2), transaction="99999999999999101")
    taken = desk.flow.ratings.add([cut, cut, whole, whole], by=desk.office)
    assert (taken.kept, taken.known) == (2, 1)
    assert [(one.line, one.reason.code) for one in taken.refused] == [
        (2, RowCode.KEY_CUT)
    ]
    assert desk.flow.ratings.add([cut], by=desk.office).known == 1


def test_a_window_whose_zeros_a_spreadsheet_took_is_named(desk: Desk) -> None:
    book = desk.flow.rulebook.active()
    window = replace(book.services.windows[0], unit="500101", code="007")
    services = replace(book.services, windows=(*book.services.windows, window))
    desk.flow.rulebook.activate(
        replace(book, services=services), by=desk.office, second=desk.second
    )
    taken = desk.flow.ratings.add([rating(1, window="7")], by=desk.office)
    why = taken.refused[0].reason
    assert why.code == RatingCode.KEY_ZEROS_LOST
    assert why.values["known"] == "007"


def test_an_intake_counts_what_it_kept_by_level(desk: Desk) -> None:
    batch = [rating(1), rating(2, BAD), rating(3), rating(4, item="nothing")]
    levels = desk.flow.ratings.add(batch, by=desk.office).levels
    assert {level: count for level, count in levels.items() if count} == {
        RatingLevel.SATISFIED: 2, BAD: 1,
    }  # fmt: skip


def test_a_channel_may_be_named_as_officials_name_it(desk: Desk) -> None:
    taken = desk.flow.ratings.add([rating(1, channel="电脑端")], by=desk.office)
    assert taken.kept == 1
    assert [one.of for one in desk.flow.ratings.by("channel", "2023-09")] == [("pc",)]


def test_a_transaction_is_rated_once_and_another_rating_of_it_is_named(
    desk: Desk,
) -> None:
    within = desk.flow.ratings.add(
        [rating(1), rating(1), rating(1, BAD)], by=desk.office
    )
    assert (within.kept, within.known) == (1, 1)
    assert within.refused[0].reason.code == RatingCode.DUPLICATE_TRANSACTION
    against = desk.flow.ratings.add([rating(2), rating(1, BAD)], by=desk.office)
    assert against.kept == 1
    assert [one.line for one in against.refused] == [2]
    assert desk.flow.ratings.month_of_units("2023-09")[0].levels[BAD] == 0


def test_who_may_not_import_may_not_bring_ratings(desk: Desk) -> None:
    with pytest.raises(StepRefused, match="权限"):
        desk.flow.ratings.add([rating()], by=desk.actor("publicity-1"))


def test_a_retry_after_a_lost_answer_gets_the_first_answer(desk: Desk) -> None:
    batch = [rating(1), rating(2, item="unknown")]
    first = desk.flow.once("r-1").ratings.add(batch, by=desk.office)
    assert desk.flow.once("r-1").ratings.add(batch, by=desk.office) == first
    assert (first.kept, len(first.refused)) == (1, 1)
    assert desk.flow.ratings.month_of_units("2023-09")[0].total == 1


@given(st.text(max_size=110))
def test_the_quick_look_at_text_takes_what_the_careful_one_does(text: str) -> None:
    try:
        careful: str | None = accepted(text, "", longest=100)
    except InputRefused:
        careful = None
    if careful is not None and ("\n" in careful or "\t" in careful):
        careful = None
    assert clean(text) == careful


# ---- what they say ----


@pytest.mark.parametrize("dimension", ["unit", "item", "channel", "window", "person"])
def test_ratings_are_counted_by_every_dimension(desk: Desk, dimension: str) -> None:
    ratings = some(90)
    desk.flow.ratings.add(ratings, by=desk.office)
    own = {"window": "unit", "person": "unit"}
    expected: dict[tuple[str, ...], int] = {}
    for one in ratings:
        if getattr(one, dimension):
            names = [own[dimension], dimension] if dimension in own else [dimension]
            key = tuple(getattr(one, name) for name in names)
            expected[key] = expected.get(key, 0) + 1
    found = desk.flow.ratings.by(dimension, "2023-09")
    assert {one.of: one.total for one in found} == expected


def test_a_period_that_is_no_month_is_refused(desk: Desk) -> None:
    for odd in ("2023-13", "2023", "\uff12023-01", "2023-01\n"):
        with pytest.raises(InputRefused, match="月份"):
            desk.flow.ratings.month_of_units(odd)
    with pytest.raises(InputRefused, match="统计"):
        desk.flow.ratings.by("who", "2023-09")


def test_good_ratings_are_all_but_the_lower_two() -> None:
    count = RatingCount(of=("x",), levels=dict.fromkeys(RatingLevel, 2))
    assert (count.good.part, count.good.whole) == (6, 10)


def test_the_matrix_tells_what_is_covered_and_what_is_missing(desk: Desk) -> None:
    def missing() -> int:
        return sum(
            one.missing for one in desk.flow.ratings.coverage("2023-09", "2023-09")
        )

    services = desk.flow.rulebook.active().services
    empty = missing()
    offline = sum(not one.online for one in services.items)
    assert empty == len(services.items) * 11 - offline * 2
    desk.flow.ratings.add([rating(1, window="W01")], by=desk.office)
    assert missing() == empty - 2
    cells = {
        (one.item, one.object, one.channel): one
        for one in desk.flow.ratings.coverage("2023-08", "2023-10")
    }
    assert len(cells) == len(services.items) * 3 * len(CHANNELS)
    assert cells["startup_grant", RatingObject.WINDOW, "hall_device"].ratings == 1
    assert cells["startup_grant", RatingObject.PERSON, "hall_device"].missing
    assert not cells["startup_grant", RatingObject.WINDOW, "app"].expected
    assert not cells["birth_matter", RatingObject.INSTITUTION, "app"].expected


def test_savings_add_up_by_unit_and_year_and_nothing_is_guessed(desk: Desk) -> None:
    def of(unit: str, year: int) -> tuple[int, ...]:
        found = {one.unit: one for one in desk.flow.ratings.savings(year)}[unit]
        return (found.counted, found.steps, found.documents, found.days, found.visits)

    assert of("DIV-JYC", 2022) == (0, 0, 0, 0, 0)
    assert of("DIV-JYC", 2023) == (2, 6, 10, 35, 4)
    assert of("AG-SBJ", 2023) == (0, 0, 0, 0, 0)


# ---- bad ratings ----


def one_bad(desk: Desk, *, who: str = "c1", unit: str = "500101") -> Rating:
    bad = rating(1, BAD, who=who, unit=unit)
    desk.flow.ratings.add([bad, rating(2)], by=desk.office)
    return bad


def test_a_bad_rating_is_a_view_with_a_deadline_in_working_days(desk: Desk) -> None:
    one_bad(desk)
    (line,) = desk.flow.ratings.bad()
    assert line.state is FollowUpState.PENDING
    assert line.rating.transaction == "T1"
    # 15 working days after Monday 4 September, none of them a day off
    assert line.due is not None
    assert line.due.isoformat() == "2023-09-25"
    assert line.overdue
    assert (
        door_of(desk.flow).read(lambda c: history.read_stream(c, "followup/T1")) == []
    )
    assert desk.flow.ratings.bad(unit="500102") == ()


def test_a_deadline_beyond_the_known_calendars_is_said_not_guessed(desk: Desk) -> None:
    desk.clock.set(datetime(2026, 12, 28, tzinfo=UTC))
    late = datetime(2026, 12, 25, tzinfo=UTC)
    desk.flow.ratings.add([rating(1, BAD, at=late)], by=desk.office)
    (line,) = desk.flow.ratings.bad()
    assert (line.due, line.calendar_missing, line.overdue) == (None, True, False)


def test_it_is_answered_then_verified_by_another_and_owes_nothing(desk: Desk) -> None:
    one_bad(desk)
    called = desk.today() - timedelta(days=1)
    done = desk.flow.ratings.answer(
        "T1", "已致歉并重办", by=desk.operator, called_back_on=called
    )
    assert done.state is FollowUpState.ANSWERED
    assert not desk.flow.ratings.bad(overdue=True)
    done = desk.flow.ratings.verify("T1", "属实", accept=True, by=desk.office)
    assert (done.state, done.version) == (FollowUpState.VERIFIED, 2)
    assert desk.flow.ratings.bad() == ()
    assert door_of(desk.flow).read(verify).clean


def test_an_answer_is_not_verified_by_who_gave_it_nor_without_a_call_back(
    desk: Desk,
) -> None:
    one_bad(desk)
    desk.flow.ratings.answer("T1", "已重办", by=desk.office)
    with pytest.raises(StepRefused, match="不能与经办人相同"):
        desk.flow.ratings.verify("T1", "属实", accept=True, by=desk.office)
    with pytest.raises(StepRefused, match="尚未回访"):
        desk.flow.ratings.verify("T1", "属实", accept=True, by=desk.second)
    desk.flow.ratings.verify("T1", "请回访", accept=False, by=desk.second)
    desk.flow.ratings.answer(
        "T1", "已回访", by=desk.office, called_back_on=desk.today()
    )
    done = desk.flow.ratings.verify("T1", "属实", accept=True, by=desk.second)
    assert done.version == 4


def test_a_call_back_is_of_a_named_rating_and_not_before_it(desk: Desk) -> None:
    one_bad(desk, who="")
    with pytest.raises(InputRefused, match="匿名"):
        desk.flow.ratings.answer(
            "T1", "好", by=desk.office, called_back_on=desk.today()
        )
    desk.flow.ratings.add([rating(3, BAD, who="c3")], by=desk.office)
    for day in (datetime(2023, 9, 3, tzinfo=UTC).date(), desk.today() + timedelta(1)):
        with pytest.raises(InputRefused):
            desk.flow.ratings.answer("T3", "好", by=desk.office, called_back_on=day)
    desk.flow.ratings.answer("T1", "已改进", by=desk.office)
    assert desk.flow.ratings.verify("T1", "属实", accept=True, by=desk.second)


def test_a_mistaken_rating_is_set_aside_by_two_people_of_other_units(
    desk: Desk,
) -> None:
    one_bad(desk)
    desk.flow.ratings.object_to("T1", Misrating.MISTAKEN, "按错键", by=desk.operator)
    head = desk.actor("head-500101")
    with pytest.raises(StepRefused, match="另一人"):
        desk.flow.ratings.settle("T1", "误评", set_aside=True, by=desk.office)
    with pytest.raises(StepRefused, match="不能与经办人相同"):
        desk.flow.ratings.settle(
            "T1", "误评", set_aside=True, by=desk.office, second=desk.office
        )
    with pytest.raises(StepRefused, match="当事单位"):
        desk.flow.ratings.settle(
            "T1", "误评", set_aside=True, by=desk.office, second=head
        )
    with pytest.raises(StepRefused, match="本账户无权"):
        desk.flow.ratings.settle(
            "T1",
            "误评",
            set_aside=True,
            by=desk.office,
            second=desk.actor("head-500102"),
        )
    done = desk.flow.ratings.settle(
        "T1", "误评", set_aside=True, by=desk.office, second=desk.second
    )
    assert (done.state, done.confirmed_by) == (FollowUpState.SET_ASIDE, "office-2")
    assert desk.flow.ratings.bad() == ()
    assert desk.flow.ratings.month_of_units("2023-09")[0].levels[BAD] == 1
    assert door_of(desk.flow).read(verify).clean


def test_an_appeal_that_is_turned_down_leaves_the_answer_owed_and_is_the_last(
    desk: Desk,
) -> None:
    one_bad(desk)
    desk.flow.ratings.object_to("T1", Misrating.MALICIOUS, "多次恶意", by=desk.operator)
    desk.flow.ratings.settle("T1", "差评成立", set_aside=False, by=desk.office)
    (line,) = desk.flow.ratings.bad()
    assert line.state is FollowUpState.UPHELD
    with pytest.raises(StepRefused, match="不能再次申诉"):
        desk.flow.ratings.object_to("T1", Misrating.MISTAKEN, "误评", by=desk.operator)
    assert desk.flow.ratings.answer("T1", "已改进", by=desk.operator).version == 3


def test_only_a_bad_rating_that_is_there_is_followed_up_by_its_own_unit(
    desk: Desk,
) -> None:
    one_bad(desk)
    with pytest.raises(StepRefused, match="不是差评"):
        desk.flow.ratings.answer("T2", "好", by=desk.office)
    with pytest.raises(NotFound):
        desk.flow.ratings.answer("T9", "好", by=desk.office)
    with pytest.raises(StepRefused, match="本账户无权"):
        desk.flow.ratings.answer("T1", "好", by=desk.actor("op-500102"))
    with pytest.raises(StepRefused, match="本账户无权"):
        desk.flow.ratings.verify("T1", "好", accept=True, by=desk.actor("head-500102"))
    with pytest.raises(StepRefused, match="待整改"):
        desk.flow.ratings.verify("T1", "好", accept=True, by=desk.office)


def test_who_saw_an_older_state_is_told(desk: Desk) -> None:
    one_bad(desk)
    desk.flow.ratings.answer("T1", "已改进", by=desk.operator, version=0)
    with pytest.raises(ItemMoved):
        desk.flow.ratings.answer("T1", "已改进", by=desk.operator, version=0)


def test_the_call_back_rate_counts_named_bad_ratings_that_stand(desk: Desk) -> None:
    bad = [rating(k, BAD, who=f"c{k}" if k else "") for k in range(5)]
    desk.flow.ratings.add(bad, by=desk.office)
    rate = desk.flow.ratings.callback_rate("2023-09")
    assert (rate.part, rate.whole) == (0, 4)
    desk.flow.ratings.answer("T1", "好", by=desk.operator, called_back_on=desk.today())
    desk.flow.ratings.answer("T2", "好", by=desk.operator)
    desk.flow.ratings.object_to("T3", Misrating.MISTAKEN, "误评", by=desk.operator)
    desk.flow.ratings.settle(
        "T3", "误评", set_aside=True, by=desk.office, second=desk.second
    )
    rate = desk.flow.ratings.callback_rate("2023-09", unit="500101")
    assert (rate.part, rate.whole) == (1, 3)
    assert not rate.reaches(100)
    assert desk.flow.ratings.callback_rate("2023-08").whole == 0
