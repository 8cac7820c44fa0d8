"""Surveys: who is drawn, what is kept, and what an evaluation rests on (D0, H5)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import (
    Grade,
    RatingLevel,
    Role,
    SatisfactionMethod,
    Sense,
    StalePart,
    State,
    SurveyState,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.executing.surveys import SurveyAnswer
from huimin_flow.reports.executing.surveys import survey_lines
from huimin_flow.rules.core.due import working_day_after
from huimin_flow.testing import RESULTS, Desk

FRAME = [f"p-{n:04d}" for n in range(60)]
GOOD, BAD = RatingLevel.SATISFIED, RatingLevel.VERY_DISSATISFIED


def drawn(desk: Desk, senses: tuple[Sense, ...] = ()) -> tuple[str, list[str]]:
    number = desk.bring(State.EXECUTED).number
    key = desk.flow.surveys.draw(number, FRAME, 40, senses=senses, by=desk.office).key
    return key, [one.code for one in desk.flow.surveys.sample(key)]


def sound(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def test_a_sample_can_be_drawn_again_by_ten_lines_without_the_engine(
    desk: Desk,
) -> None:
    key, codes = drawn(desk)
    seed = desk.flow.surveys.get(key).seed
    ranked = sorted(
        FRAME, key=lambda c: hashlib.sha256(f"{seed}\n{c}".encode()).hexdigest()
    )
    assert codes == ranked[:40]
    assert list(desk.flow.surveys.redraw(key, FRAME[::-1])) == codes
    with pytest.raises(InputRefused, match="名册与抽样时的不同"):
        desk.flow.surveys.redraw(key, FRAME[1:])
    assert (
        desk.flow.surveys.get(key).frame
        == hashlib.sha256("".join(f"{c}\n" for c in FRAME).encode()).hexdigest()
    )
    assert sound(desk)


@pytest.mark.parametrize(
    ("frame", "count", "code"),
    [
        ([], 40, "survey_frame_empty"),
        ([*FRAME, "13800138000"], 40, "survey_code_unfit"),
        ([*FRAME, "张三"], 40, "survey_code_unfit"),
        ([*FRAME, FRAME[0]], 40, "survey_code_twice"),
        (FRAME, 3, "survey_too_few_drawn"),
        (FRAME, 61, "survey_too_few_drawn"),
    ],
)
def test_a_frame_has_pseudonyms_and_enough_of_them(
    file_desk: Desk, frame: list[str], count: int, code: str
) -> None:
    number = file_desk.bring(State.EXECUTED).number
    with pytest.raises(InputRefused) as refused:
        file_desk.flow.surveys.draw(number, frame, count, by=file_desk.office)
    assert refused.value.code == code
    assert file_desk.flow.surveys.list() == ()


def test_answers_of_others_and_repeats_are_refused_row_by_row(desk: Desk) -> None:
    key, codes = drawn(desk)
    first = SurveyAnswer(code=codes[0], level=GOOD)
    other = SurveyAnswer(code=codes[0], level=BAD)
    stranger = SurveyAnswer(code=next(c for c in FRAME if c not in codes), level=GOOD)
    sent = [first, other, stranger, SurveyAnswer(code=codes[1], level=BAD)]
    intake = desk.flow.surveys.add_answers(key, sent, by=desk.office)
    assert (intake.kept, intake.known) == (2, 0)
    assert [(row.line, row.reason.code) for row in intake.refused] == [
        (2, "survey_answered_already"),
        (3, "survey_code_not_drawn"),
    ]
    again = desk.flow.surveys.add_answers(key, [first], by=desk.office)
    assert (again.kept, again.known, again.batch) == (0, 1, 0)
    with pytest.raises(StepRefused) as refused:
        desk.flow.surveys.close(key, by=desk.office)
    assert refused.value.reasons[0].values == {"replies": 2, "least": 30}
    assert sound(desk)


def test_a_share_has_decimals_an_interval_and_each_sense(desk: Desk) -> None:
    key, codes = drawn(desk, (Sense.GAIN,))
    answers = [
        SurveyAnswer(
            code=code,
            level=GOOD if n < 37 else BAD,
            senses={Sense.GAIN: GOOD if n < 20 else BAD},
        )
        for n, code in enumerate(codes)
    ]
    bare = SurveyAnswer(code=codes[0], level=GOOD)
    intake = desk.flow.surveys.add_answers(key, [bare], by=desk.office)
    assert intake.refused[0].reason.code == "survey_senses_unfit"
    desk.flow.surveys.add_answers(key, answers, by=desk.office)
    result = desk.flow.surveys.close(key, by=desk.office).result
    assert result is not None
    assert (result.replies, result.share.percent) == (40, "92.50")
    assert (result.share.low, result.share.high) == ("80.13", "97.42")
    assert result.senses[Sense.GAIN].percent == "50.00"
    # Levels are told from the best to the worst, in whatever order they are kept.
    known = replace(
        desk.flow.surveys.get(key), result=replace(result, levels={BAD: 3, GOOD: 37})
    )
    told = dict(survey_lines(known, {}))
    assert told["各等级"] == f"{GOOD.spoken} 37 · {BAD.spoken} 3"
    assert sound(desk)


def test_a_round_has_one_survey_that_is_valid(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    desk.survey(number)
    with pytest.raises(StepRefused) as refused:
        desk.flow.surveys.draw(number, FRAME, 40, by=desk.office)
    assert refused.value.code == "survey_done_already"
    early = desk.bring(State.ASSIGNED).number
    with pytest.raises(StepRefused) as refused:
        desk.flow.surveys.draw(early, FRAME, 40, by=desk.office)
    assert refused.value.code == "survey_not_executed"


def test_nobody_is_evaluated_before_citizens_were_asked(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    desk.report(number)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.evaluate(number, RESULTS, by=desk.office)
    assert refused.value.code == "survey_missing"
    key, codes = drawn(desk)
    answers = [SurveyAnswer(code=code, level=GOOD) for code in codes]
    desk.flow.surveys.add_answers(key, answers, by=desk.office)
    other = desk.flow.surveys.get(key).item
    desk.report(other)
    with pytest.raises(StepRefused) as refused:  # collected, and not closed
        desk.flow.items.evaluate(other, RESULTS, by=desk.office)
    assert refused.value.code == "survey_missing"


def test_progress_corrected_after_the_evaluation_puts_it_in_doubt(desk: Desk) -> None:
    number, items = desk.bring(State.EVALUATED).number, desk.flow.items
    assert items.get(number).evaluation_passed
    desk.report(number, 1)
    item = items.get(number)
    assert (item.stale, item.evaluation_passed) == ((StalePart.EVALUATION,), True)
    with pytest.raises(StepRefused, match="存疑"):
        desk.adjust(number)
    todo = [(one.subject, one.act) for one in desk.flow.todo(desk.office)]
    assert (number, "items.evaluate") in todo
    item = desk.conclude(number)
    assert (item.fulfilment, item.result, item.stale) == ("10.00", Grade.NOT_MET, ())
    back = items.rework(number, by=desk.office)
    assert (back.state, back.rounds) == (State.ASSIGNED, 1)
    assert sound(desk)


def test_an_adjusted_item_in_doubt_is_evaluated_before_it_is_closed(desk: Desk) -> None:
    number, items = desk.bring(State.ADJUSTED).number, desk.flow.items
    with pytest.raises(StepRefused) as refused:
        items.evaluate(number, RESULTS, by=desk.office)
    assert refused.value.code == "not_in_doubt"
    items.doubt(number, "登记台账有误", by=desk.second)
    with pytest.raises(StepRefused, match="存疑"):
        desk.close(number)
    assert items.evaluate(number, RESULTS, by=desk.office).state is State.EVALUATED
    desk.adjust(number)
    assert desk.close(number).state is State.CLOSED
    assert sound(desk)


def test_an_answer_set_aside_never_raises_the_share_and_doubts_the_result(
    desk: Desk,
) -> None:
    number = desk.bring(State.EVALUATED).number
    known = desk.flow.surveys.list(item=number)[0]
    bad = desk.flow.surveys.sample(known.key)[-1].code
    with pytest.raises(StepRefused):  # who drew the sample sets no answer aside
        desk.flow.surveys.set_aside(known.key, bad, "重复作答", by=desk.office)
    after = desk.flow.surveys.set_aside(known.key, bad, "重复作答", by=desk.second)
    assert after.result is not None
    assert (after.result.replies, after.result.share.percent) == (99, "92.00")
    assert desk.flow.items.get(number).stale == (StalePart.EVALUATION,)
    assert desk.conclude(number).satisfaction == "92.00"
    assert sound(desk)


def test_a_survey_of_three_people_is_kept_and_nobody_is_judged_by_it(
    desk: Desk,
) -> None:
    key, codes = drawn(desk)
    number = desk.flow.surveys.get(key).item
    desk.report(number)
    answers = [SurveyAnswer(code=code, level=GOOD) for code in codes[:3]]
    desk.flow.surveys.add_answers(key, answers, by=desk.office)
    (_, _, due, _) = asked_for(desk, desk.office)[0]
    assert due is not None
    desk.clock.set(at_hour(due, 12))
    with pytest.raises(StepRefused, match="不足30份"):  # the last day is not over
        desk.flow.surveys.close(key, by=desk.office)
    desk.clock.set(at_hour(due + timedelta(days=1), 12))
    assert asked_for(desk, desk.office) == [(key, "surveys.close", due, "")]
    result = desk.flow.surveys.close(key, by=desk.office).result
    assert result is not None
    assert (result.replies, result.enough, result.share.low) == (3, False, "43.84")
    desk.report(number)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.evaluate(number, RESULTS, by=desk.office)
    assert refused.value.code == "sample_too_small"
    assert asked_for(desk, desk.office) == [(number, "surveys.draw", None, "")]
    with pytest.raises(StepRefused) as refused:  # nobody alone tries another sample
        desk.flow.surveys.draw(number, FRAME, 40, by=desk.office)
    assert refused.value.code == "same_person"
    assert desk.flow.surveys.draw(number, FRAME, 40, by=desk.second).key != key
    assert sound(desk)


def test_three_people_are_too_few_even_if_three_were_agreed(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    plan = desk.plan()
    few = replace(plan.satisfaction_measure, size=3)
    desk.assign(number, replace(plan, satisfaction_measure=few))
    desk.execute(number)
    with pytest.raises(InputRefused, match="至少10人"):
        desk.flow.surveys.draw(number, FRAME[:9], 9, by=desk.office)


def test_a_plan_measured_by_ratings_names_the_services(file_desk: Desk) -> None:
    number = file_desk.bring(State.LISTED).number
    plan = file_desk.plan()
    rated = replace(
        plan.satisfaction_measure, method=SatisfactionMethod.SERVICE_RATINGS
    )
    plan = replace(plan, satisfaction_measure=rated)
    with pytest.raises(StepRefused, match="应写明所涉服务事项") as refused:
        file_desk.assign(number, plan)
    assert [reason.code for reason in refused.value.reasons] == [
        "satisfaction_unmeasurable"
    ]
    key = file_desk.flow.ratings.service_items()[0].key
    assert file_desk.assign(number, replace(plan, service_items=(key,)))


def asked_for(desk: Desk, by: Actor) -> list[tuple[str, str, date | None, str]]:
    todo = [each for each in desk.flow.todo(by) if each.kind is TodoKind.SURVEY]
    return [(each.subject, each.act, each.due, each.unit) for each in todo]


def test_a_survey_waits_for_the_office_and_its_unit_sees_it(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    desk.report(number)
    office, unit = desk.office, desk.operator_of(number)
    stranger = desk.post(Role.OPERATOR, "500102")
    assert asked_for(desk, office) == [(number, "surveys.draw", None, "")]
    assert asked_for(desk, unit) == [(number, "surveys.draw", None, "OFFICE")]
    assert asked_for(desk, stranger) == []
    key = desk.flow.surveys.draw(number, FRAME, 40, by=office).key
    due = working_day_after(desk.today(), 20, desk.flow.rulebook.active().calendar)
    assert asked_for(desk, office) == [(key, "surveys.add_answers", due, "")]
    codes = [one.code for one in desk.flow.surveys.sample(key)]
    answers = [SurveyAnswer(code=code, level=GOOD) for code in codes]
    desk.flow.surveys.add_answers(key, answers[:29], by=office)  # 30 were agreed
    assert asked_for(desk, office) == [(key, "surveys.add_answers", due, "")]
    desk.flow.surveys.add_answers(key, answers[29:], by=office)
    assert asked_for(desk, office) == [(key, "surveys.close", due, "")]
    assert asked_for(desk, unit) == [(key, "surveys.close", due, "OFFICE")]
    assert "items.evaluate" not in {each.act for each in desk.flow.todo(office)}
    desk.flow.surveys.close(key, by=office)
    assert asked_for(desk, office) == []
    assert "items.evaluate" in {each.act for each in desk.flow.todo(office)}


def test_a_survey_that_was_called_off_gives_way_to_another(desk: Desk) -> None:
    key, codes = drawn(desk)
    item = desk.flow.surveys.get(key).item
    with pytest.raises(StepRefused) as refused:  # nobody alone draws until it pleases
        desk.flow.surveys.call_off(key, "名册有误", by=desk.office)
    assert refused.value.code == "same_person"
    gone = desk.flow.surveys.call_off(key, "名册有误", by=desk.second)
    assert (gone.state, gone.reason) == (SurveyState.CALLED_OFF, "名册有误")
    answer = SurveyAnswer(code=codes[0], level=GOOD)
    with pytest.raises(StepRefused):
        desk.flow.surveys.add_answers(key, [answer], by=desk.office)
    again = desk.flow.surveys.draw(item, FRAME, 30, by=desk.office)
    assert again.key == f"survey/{item}/02"
    assert again.seed != gone.seed
    assert sound(desk)


def test_a_plan_names_only_service_items_of_the_catalogue(file_desk: Desk) -> None:
    number = file_desk.bring(State.LISTED).number
    plan = replace(file_desk.plan(), service_items=("no_such_service",))
    with pytest.raises(InputRefused) as refused:
        file_desk.assign(number, plan)
    assert refused.value.code == RatingCode.UNKNOWN_ITEM
