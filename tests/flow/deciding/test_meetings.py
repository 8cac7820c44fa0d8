"""Deliberations: convened, held, judged, closed; nothing is public before (B1, H14)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    MeetingState,
    Question,
    Role,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.exchange.core.tables import Grid, workbook
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.deciding.deliberations import Answer
from huimin_flow.reports.contents import site_files
from huimin_flow.reports.deciding.meetings import meeting_file
from huimin_flow.reports.pages import page_of
from huimin_flow.testing import Desk
from tests.flow.scoring.test_charts import sealed

MEMBERS = ("office-1", "office-2")


def refusal(act: Callable[[], object]) -> HuiminError:
    with pytest.raises((StepRefused, InputRefused)) as refused:
        act()
    return refused.value


def clean(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def screened(desk: Desk, count: int) -> list[str]:
    return [desk.bring(State.SCREENED, f"事项{n}").number for n in range(count)]


def test_a_meeting_goes_from_its_call_to_its_close(desk: Desk) -> None:
    """Agenda changed before it, verdicts hidden until the close, one item postponed."""
    first, second, third = screened(desk, 3)
    meetings, by = desk.flow.meetings, desk.office
    key = meetings.convene(
        held_on=desk.today() + timedelta(days=3),
        chair="leader-1",
        agenda=[first],
        by=by,
    ).key
    meetings.put(key, second, by=by)
    meetings.put(key, third, position=1, by=by)
    assert meetings.amend(key, agenda=[first, second, third], by=by).agenda == (
        first,
        second,
        third,
    )
    assert meetings.put(key, third, position=1, by=by).agenda[0] == third
    assert refusal(lambda: meetings.begin(key, participants=MEMBERS, by=by)).code == (
        "meeting_not_yet"
    )
    meetings.amend(key, held_on=desk.today(), by=by)
    held = meetings.begin(key, participants=MEMBERS, prevented=["deputy-1"], by=by)
    assert (held.state, held.prevented) == (MeetingState.HELD, ("deputy-1",))
    for number, no in ((first, None), (second, Question.WANTED)):
        item = desk.flow.items.judge(number, key, desk.judgment(no), by=by)
        assert item.state is State.SCREENED
    _nothing_is_public(desk, key, first)
    assert refusal(lambda: meetings.close(key, by=by)).code == "meeting_undecided"
    meetings.postpone(key, third, "材料不齐", by=by)
    assert refusal(lambda: meetings.close(key, by=by)).code == "minutes_missing"
    assert desk.close_meeting(key).state is MeetingState.CLOSED
    states = [desk.flow.items.get(number).state for number in (first, second, third)]
    assert states == [State.JUDGED, State.REJECTED, State.SCREENED]
    shown = meetings.get(key)
    assert [(each.item, each.step) for each in shown.judged] == [
        (first, Step.JUDGE),
        (second, Step.REJECT),
    ]
    assert shown.deliberation.postponed == {third: "材料不齐"}
    assert meetings.answers(key, by=desk.operator) == shown
    assert refusal(lambda: meetings.postpone(key, first, "再议", by=by))
    assert desk.meet([third]).agenda == (third,)  # it may go to the next agenda
    assert clean(desk)


def _nothing_is_public(desk: Desk, key: str, judged: str) -> None:
    meetings = desk.flow.meetings
    assert meetings.get(key).judged == ()
    assert meetings.list(item=judged)[0].opinions == {}
    assert refusal(lambda: meetings.answers(key, by=desk.operator)).code == (
        "meeting_not_published"
    )
    for post in ("leader-1", "office-2", "coordination-1"):
        seen = meetings.answers(key, by=desk.actor(post)).judged
        assert [each.item for each in seen][:1] == [judged]
    events = desk.flow.records.events(key)
    assert all("已核实" not in str(event.event.public) for event in events)
    steps = desk.flow.records.events(StreamKind.ITEM.key(judged))
    assert [event.event.step for event in steps] == ["collect", "screen"]


def test_a_meeting_that_is_called_off_frees_its_items(desk: Desk) -> None:
    (number,) = screened(desk, 1)
    meetings, by = desk.flow.meetings, desk.office
    key = meetings.convene(
        held_on=desk.today(), chair="office-1", agenda=[number], by=by
    ).key
    assert refusal(lambda: desk.meet([number])).code == "agenda_elsewhere"
    off = meetings.call_off(key, "主持人出差", by=by)
    assert (off.state, off.note) == (MeetingState.CALLED_OFF, "主持人出差")
    assert desk.judge(number).state is State.JUDGED
    assert clean(desk)


#: By code of a refusal: what else than a good meeting is recorded.
WRONG: dict[str, dict[str, Any]] = {
    "chair_not_entitled": {"chair": "op-500101"},
    "chair_not_entered": {"chair": "nobody"},
    "quorum_lacking": {"participants": ["office-1"]},
    "quorum_uncounted": {"participants": ["office-1", "auditor-1", "scheduler"]},
    "person_twice": {"participants": ["office-1", "office-2", "office-1"]},
    "meeting_before_start": {"held_on": date(2020, 1, 1)},
    "day_to_come": {"held_on": date(2099, 1, 1)},
    "agenda_empty": {"agenda": []},
}


def test_what_is_no_meeting_is_refused_and_nothing_changes(desk: Desk) -> None:
    (number,) = screened(desk, 1)
    good: dict[str, Any] = {
        "held_on": desk.today(), "chair": "leader-1", "participants": MEMBERS,
        "agenda": [number], "by": desk.office,
    }  # fmt: skip
    before = desk.flow.records.last_recorded()
    for code, wrong in WRONG.items():
        refused = refusal(lambda w=wrong: desk.flow.meetings.hold(**good | w))  # type: ignore[misc]
        assert refused.code == code
        assert refused.remedy
    twice = refusal(lambda: desk.flow.meetings.hold(**good | {"agenda": [number] * 2}))
    raw = desk.collect().number
    other = refusal(lambda: desk.flow.meetings.hold(**good | {"agenda": [raw]}))
    assert (twice.code, other.code) == ("agenda_twice", "agenda_not_screened")
    early: dict[str, Any] = {"chair": "leader-1", "by": desk.office}
    for days, code in ((-1, "meeting_day_past"), (400, "meeting_too_far")):
        day = desk.today() + timedelta(days=days)
        act = lambda d=day: desk.flow.meetings.convene(held_on=d, **early)  # noqa: E731
        assert refusal(act).code == code
    assert desk.flow.meetings.list() == ()
    assert before is not None
    text = str(
        refusal(lambda: desk.flow.meetings.hold(**good | WRONG["quorum_uncounted"]))
    )
    assert all(name in text for name in ("auditor-1", "scheduler", "2人", "须3人"))


def test_a_meeting_takes_only_what_its_stage_and_its_agenda_have(desk: Desk) -> None:
    first, other = screened(desk, 2)
    meetings, by, day = desk.flow.meetings, desk.office, desk.today()
    early: dict[str, Any] = {"chair": "leader-1", "agenda": [first], "by": by}
    key = meetings.convene(held_on=day, **early).key
    for act, code in (
        (lambda: meetings.amend(key, minutes="记", by=by), "meeting_not_held"),
        (lambda: meetings.take_off(key, other, by=by), "not_on_its_agenda"),
        (lambda: meetings.get("deliberation/2023-0099"), "meeting_unknown"),
    ):
        with pytest.raises(HuiminError) as refused:
            act()
        assert (refused.value.code, bool(refused.value.remedy)) == (code, True)
    meetings.begin(key, participants=MEMBERS, by=by)
    held = meetings.get(key)
    for wrong in ({"held_on": day}, {"agenda": [other]}):
        refused_later = refusal(lambda w=wrong: meetings.amend(key, **w, by=by))  # type: ignore[misc]
        assert refused_later.code == "meeting_fixed"
    aside = refusal(lambda: meetings.postpone(key, other, "材料不齐", by=by))
    assert aside.code == "not_on_its_agenda"
    assert meetings.get(key) == held


def test_an_item_is_on_no_agenda_before_it_was_screened(desk: Desk) -> None:
    day = desk.today()
    desk.clock.advance(timedelta(days=5))
    (number,) = screened(desk, 1)
    refused = refusal(
        lambda: desk.flow.meetings.hold(
            held_on=day, chair="leader-1", participants=MEMBERS, agenda=[number],
            by=desk.office,
        )
    )  # fmt: skip
    assert refused.code == "meeting_before_screening"


@pytest.mark.parametrize("held", [{"accounts": ("zhang",)}, {"holder": "p-7"}])
def test_one_person_with_two_posts_counts_once(desk: Desk, held: Any) -> None:
    book = desk.flow.rulebook.active()
    people = tuple(
        replace(post, **held) if Role.OFFICE in post.roles else post
        for post in book.organization.people
    )
    new = sealed(replace(book, organization=replace(book.organization, people=people)))
    desk.flow.rulebook.activate(new, by=desk.office, second=desk.actor("deputy-1"))
    (number,) = screened(desk, 1)
    assert "office-2" in str(refusal(lambda: desk.meet([number])))


def test_a_paper_from_before_the_meeting_is_no_minutes_and_all_are_read(
    file_desk: Desk,
) -> None:
    desk, meetings, by = file_desk, file_desk.flow.meetings, file_desk.office
    (number,) = screened(desk, 1)
    key = meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[number], by=by
    ).key
    paper = meetings.attach(key, "材料.xlsx", b"1", by=by)
    meetings.begin(key, participants=MEMBERS, by=by)
    desk.flow.items.judge(number, key, desk.judgment(), by=by)
    assert refusal(lambda: meetings.close(key, by=by)).code == "minutes_missing"
    minutes = meetings.attach(key, "纪要.txt", b"2", by=by)
    head = desk.actor("head-500101")
    assert meetings.attachments(key, by=head) == (paper,)
    assert meetings.attachments(key, by=by) == (paper, minutes)
    refused = refusal(lambda: meetings.attachments(key, by=desk.operator))
    assert refused.code == "pack_not_entitled"
    assert meetings.attach(key, "材料.xlsx", b"1", by=by) == paper  # now as minutes
    assert meetings.attachments(key, by=head) == ()
    assert desk.flow.items.attachments(key) == ()
    meetings.close(key, by=by)
    assert desk.flow.items.attachments(key) == (paper, minutes)
    assert meetings.attachments(key, by=desk.operator) == (paper, minutes)
    with desk.flow.snapshot() as now:
        shown = page_of(meeting_file(key))(now)
    assert shown.values["attached"] == (paper, minutes)
    assert clean(desk)


def test_an_answer_names_evidence_and_a_file_that_is_attached(desk: Desk) -> None:
    (number,) = screened(desk, 1)
    key, by = desk.meet([number]).key, desk.office
    judgment = desk.judgment()

    def naming(file: str) -> Any:
        wanted = Answer(yes=True, reason="多", evidence="诉求25条", file=file)
        answers = {**judgment.answers, Question.WANTED: wanted}
        return replace(judgment, answers=answers)

    act = desk.flow.items.judge
    unknown = refusal(lambda: act(number, key, naming("0" * 64), by=by))
    assert unknown.code == "answer_file_unknown"
    made = desk.flow.meetings.attach(key, "测算.xlsx", b"1", by=by)
    act(number, key, naming(made.digest), by=by)
    desk.close_meeting(key)
    (judged,) = desk.flow.meetings.get(key).judged
    assert judged.judgment.answers[Question.WANTED].evidence == "诉求25条"
    assert judged.verdict.inputs["wanted_file"] == made.digest
    assert clean(desk)


def test_the_funnel_counts_what_closed_meetings_decided_and_says_why(
    file_desk: Desk,
) -> None:
    desk = file_desk
    numbers, by = screened(desk, 5), desk.office
    key = desk.meet(numbers).key
    fates = (None, Question.WANTED, Question.CAPABLE, Question.CAPABLE)
    for number, no in zip(numbers, fates, strict=False):
        desk.flow.items.judge(number, key, desk.judgment(no), by=by)
    desk.flow.meetings.postpone(key, numbers[4], "材料不齐", by=by)
    assert desk.flow.meetings.funnel("2023").total.judged == 0  # not closed yet
    desk.close_meeting(key)
    for period in ("2023", "2023Q4", "2023-10"):
        funnel = desk.flow.meetings.funnel(period)
        assert (funnel.total.judged, funnel.total.passed) == (4, 1)
        assert funnel.total.fell[Question.CAPABLE] == 2
    assert funnel.by_unit["500101"] == funnel.total
    first = funnel.falls[0]
    assert (first.item, first.question) == (numbers[1], Question.WANTED)
    assert {fall.reasons[0].values["because"] for fall in funnel.falls} == {"已核实"}
    assert desk.flow.meetings.funnel("2023-11").total.judged == 0
    with desk.flow.snapshot() as now:
        files = site_files(now)
        page = page_of("funnel-2023.html")(now)
        shown = page_of(meeting_file(key))(now)
    assert {"funnel-2023.html", meeting_file(key)} <= set(files)
    assert [step.left for step in page.values["steps"]] == [4, 3, 3, 1, 1, 1]
    assert [line.number for line in shown.values["lines"]] == numbers


def test_who_must_begin_minute_and_close_a_meeting_is_told(file_desk: Desk) -> None:
    desk = file_desk
    first, second = screened(desk, 2)
    meetings, by, day = desk.flow.meetings, desk.office, desk.today()

    def waits() -> list[tuple[str, str, date | None]]:
        return [
            (each.act, each.subject, each.due)
            for each in desk.flow.todo(by)
            if each.step is not Step.STAR
        ]

    limit = day + timedelta(days=30)
    assert waits() == [("items.judge", number, limit) for number in (first, second)]
    key = meetings.convene(
        held_on=day, chair="leader-1", agenda=[first, second], by=by
    ).key
    assert waits() == [("meetings.begin", key, day)]
    meetings.begin(key, participants=MEMBERS, by=by)
    minutes = ("meetings.attach", key, day + timedelta(days=10))
    assert waits() == [
        minutes,
        ("items.judge", first, limit),
        ("items.judge", second, limit),
    ]
    desk.flow.items.judge(first, key, desk.judgment(), by=by)
    meetings.postpone(key, second, "材料不齐", by=by)
    again = ("items.judge", second, limit)  # for the next agenda
    assert waits() == [minutes, again]
    meetings.attach(key, "纪要.txt", b"1", by=by)
    assert waits() == [("meetings.close", key, minutes[2]), again]
    meetings.close(key, by=by)
    assert waits() == [again]


def test_a_pack_says_what_each_item_rests_on_to_those_entitled(file_desk: Desk) -> None:
    """Before the meeting the members read it, its answers only those at the table."""
    desk = file_desk
    first, second = screened(desk, 2)
    meetings, by = desk.flow.meetings, desk.office
    before = desk.meet([first]).key
    meetings.postpone(before, first, "材料不齐", by=by)
    desk.close_meeting(before)
    key = meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[first, second], by=by
    ).key
    for reader in ("leader-1", "office-2", "head-500101"):
        pack = meetings.pack(key, by=desk.actor(reader))
        assert [line.item for line in pack.lines] == [first, second]
    line = pack.lines[0]
    assert line.tally == desk.flow.items.tally(first)
    assert line.screening is not None
    assert line.screening.score == line.score
    assert [each.postponed for each in line.earlier] == ["材料不齐"]
    assert line.open == tuple(Question)
    refused = refusal(lambda: meetings.pack(key, by=desk.operator))
    assert refused.code == "pack_not_entitled"
    assert refused.remedy
    assert refusal(lambda: meetings.record(key)).code == "meeting_not_published"
    meetings.begin(key, participants=MEMBERS, by=by)
    desk.flow.items.judge(first, key, desk.judgment(), by=by)
    assert meetings.pack(key, by=desk.actor("head-500101")).lines[0].judged is None
    assert meetings.pack(key, by=by).lines[0].judged is not None
    assert meetings.pack(key, by=by).lines[1].open == tuple(Question)
    desk.flow.items.judge(second, key, desk.judgment(Question.CAPABLE), by=by)
    desk.close_meeting(key)
    public = meetings.record(key)
    assert all(line.judged and not line.open for line in public.lines)
    with desk.flow.snapshot() as now:
        shown = page_of(meeting_file(key))(now)
        earlier = dict(shown.values["lines"][0].facts)["以往结论"]
        assert before in earlier
        assert "材料不齐" in earlier
        made = [
            Grid(name=name, head=tuple(head), rows=tuple(map(tuple, rows)))
            for name, (head, *rows) in shown.values["grids"]
        ]
    book = openpyxl.load_workbook(io.BytesIO(workbook(made)))
    meeting, items, grounds = (list(sheet.values) for sheet in book.worksheets)
    facts = dict(row[:2] for row in meeting)
    assert (facts["会议"], facts["主持人"]) == (key, "leader-1")
    assert {"office-1", "office-2"} <= set(str(facts["到会"]).split("、"))
    assert [row[1] for row in items[1:]] == [first, second]
    score = items[0].index("筛选得分")
    assert all(isinstance(row[score], float | int) for row in items[1:])
    assert max(len(sheet[0]) for sheet in (meeting, items, grounds)) <= 12
    assert "已核实" in str(grounds[-2:])


def test_what_comes_too_early_or_too_late_is_refused_with_its_way_out(
    desk: Desk,
) -> None:
    (number,) = screened(desk, 1)
    meetings, by = desk.flow.meetings, desk.office
    key = meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[number], by=by
    ).key
    nowhere = refusal(lambda: meetings.put(key, number, position=9, by=by))
    assert (nowhere.code, nowhere.remedy) == ("position_unfit", "请写1至1")
    here = lambda: meetings.begin(  # noqa: E731
        key, participants=MEMBERS, prevented=["leader-1"], by=by
    )
    assert "主持人即到会" in refusal(here).remedy
    assert "2026Q4" in refusal(lambda: meetings.funnel("abc")).remedy
    empty = refusal(lambda: meetings.attach(key, "空.txt", b"", by=by))
    assert empty.remedy.startswith("空文件")
    early = [
        refusal(lambda: desk.flow.items.judge(number, key, desk.judgment(), by=by)),
        refusal(lambda: meetings.postpone(key, number, "材料不齐", by=by)),
        refusal(lambda: meetings.close(key, by=by)),
    ]
    assert {each.code for each in early} == {"meeting_not_begun"}
    assert all("huimin meeting begin" in each.remedy for each in early)
    meetings.call_off(key, "改期", by=by)
    late = [
        refusal(lambda: meetings.begin(key, participants=MEMBERS, by=by)),
        refusal(lambda: meetings.call_off(key, "改期", by=by)),
    ]
    held = meetings.hold(
        chair="leader-1", participants=MEMBERS, agenda=[number], by=by
    ).key
    meetings.postpone(held, number, "材料不齐", by=by)
    assert desk.close_meeting(held).state is MeetingState.CLOSED
    late.append(refusal(lambda: meetings.close(held, by=by)))
    assert {each.code for each in late} == {"meeting_ended"}
    assert not any("请先办到" in each.remedy for each in late)
