"""Published editions of lists are never rewritten; two people confirm the content."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Area,
    ChangeKind,
    EditionKind,
    EditionState,
    Ending,
    Role,
    State,
)
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import HuiminError, InputRefused, ItemMoved, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import Edition, content_digest
from huimin_flow.model.executing.plans import Supporter
from huimin_flow.model.items import ItemTraits
from huimin_flow.model.rulebook import rulebook_from_text, rulebook_text
from huimin_flow.reports.core.lists import list_file
from huimin_flow.reports.items import item_facts
from huimin_flow.reports.lives import item_page
from huimin_flow.store.core import history
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.conftest import Founded

CITY = "list/2024/city"
OWN = f"list/2024/{UNIT}"


def frozen(desk: Desk, items: int = 2) -> list[str]:
    numbers = [desk.bring(State.STARRED, f"事项{n}").number for n in range(items)]
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)
    return numbers


def confirmed(desk: Desk, key: str = CITY) -> Edition:
    return desk.flow.lists.confirm(key, by=desk.office, second=desk.second)


def published(desk: Desk, key: str = CITY, document: str = "") -> Edition:
    confirmed(desk, key)
    return desk.flow.lists.publish(key, document=document, by=desk.post(Role.PUBLICITY))


def issued_bytes(desk: Desk, key: str) -> list[bytes]:
    """Return the bytes of each event that published a list."""
    stored = door_of(desk.flow).read(lambda c: history.read_stream(c, key))
    return [
        bytes(each.header)
        for each in stored
        if json.loads(each.header)["step"] in {"publish", "open"}
    ]


def sound(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def codes(refused: pytest.ExceptionInfo[HuiminError]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def test_four_editions_stay_readable_and_differ_only_in_what_was_decided(
    desk: Desk,
) -> None:
    first, second = frozen(desk)
    flow, by_two = desk.flow, {"by": desk.office, "second": desk.second}
    one = published(desk, document="渝人社发2024-1号")
    assert (one.edition, one.kind, one.document) == (
        1,
        EditionKind.ANNUAL,
        "渝人社发2024-1号",
    )
    assert one.signature == flow.rulebook.active().organization.name_of(one.unit)
    assert one.places[0].title == "事项0"
    assert one.places[0].appeals == 25
    assert one.digest == content_digest(one)
    [as_published] = issued_bytes(desk, CITY)

    for demand in (
        flow.ledgers.demands(text=first)[0],
        flow.ledgers.tasks(UNIT)[0].demand,
    ):
        assert (demand.number, demand.edition, demand.rank) == (first, CITY, 1)
    with flow.snapshot() as now:
        assert item_page(now, first).listed == (list_file(CITY), "2024年全市清单")
        assert ("清单", f"2024年全市清单({CITY})") in item_facts(
            now, now.items.get(first)
        )

    late = desk.bring(State.STARRED, "增补").number
    flow.lists.supplement(late, CITY, "群众反映集中", **by_two)
    draft = flow.lists.get(CITY)
    assert (draft.state, draft.edition) == (EditionState.DRAFTING, 2)
    assert flow.lists.published(CITY) == one
    [change] = draft.changes
    assert (change.kind, change.reason) == (ChangeKind.SUPPLEMENT, "群众反映集中")
    with pytest.raises(StepRefused, match="须为:已确认"):
        flow.lists.publish(CITY, by=desk.post(Role.PUBLICITY))
    with pytest.raises(InputRefused, match="已用于"):
        published(desk, document=one.document)
    two = flow.lists.publish(CITY, by=desk.post(Role.PUBLICITY))

    cancelled = flow.items.cancel(second, "not_ours", **by_two)
    assert (cancelled.state, cancelled.outcome) == (State.CLOSED, Ending.CANCELLED)
    three = published(desk)

    flow.items.amend(first, {"title": "更正后", "area": "人才人事"}, by=desk.office)
    [change] = flow.lists.get(CITY).changes
    assert {each.field: (each.old, each.new) for each in change.fields} == {
        "title": ("事项0", "更正后"),
        "area": ("employment", "talent"),
    }
    assert flow.lists.published(CITY).place(first) == one.place(first)
    four = published(desk)

    assert issued_bytes(desk, CITY)[0] == as_published
    editions = flow.lists.editions(CITY)
    assert [each.edition for each in editions] == [1, 2, 3, 4]
    superseded = EditionState.SUPERSEDED
    assert editions[:-1] == tuple(
        replace(each, state=superseded) for each in (one, two, three)
    )
    assert flow.lists.get(CITY, 2) == editions[1]
    assert flow.lists.get(CITY) == flow.lists.published(CITY) == four
    assert two.places == (*one.places, two.place(late))
    assert three.places == (two.place(first), two.place(late))
    assert four.places[1:] == three.places[1:]
    assert four.places[0] == replace(one.places[0], title="更正后", area=Area.TALENT)
    with pytest.raises(HuiminError) as refused:
        flow.lists.get(CITY, 9)
    assert codes(refused) == ["no_list_edition"]
    assert sound(desk)


def test_what_was_cancelled_is_in_no_list_of_what_is_done(desk: Desk) -> None:
    gone, _ = frozen(desk)
    done = desk.bring(State.CLOSED).number
    flow = desk.flow
    flow.items.cancel(gone, "not_ours", by=desk.office, second=desk.second)
    found = {
        ended: [item.number for item in flow.items.list(traits=ItemTraits(ended=ended))]
        for ended in Ending
    }
    assert found == {Ending.COMPLETED: [done], Ending.CANCELLED: [gone]}
    assert flow.items.get(gone).status.label == "已撤销"
    assert flow.items.get(done).status.label == "已办结"


def test_a_supplement_says_which_rules_it_overrides(desk: Desk) -> None:
    frozen(desk)
    flow = desk.flow
    weak = desk.bring(State.JUDGED, "两星").number
    desk.star(weak, 30)
    least = flow.rulebook.active().rules.selection.least_stars.value
    [reason] = flow.lists.overrides(weak, CITY)
    assert (reason.code, reason.values["least"]) == ("too_few_stars", least)
    values = {"item": weak, "edition": CITY, "reason": "确有必要"}
    asked = flow.proposals.propose("supplement", values, by=desk.office)
    shown = {line.path: line.new for line in flow.proposals.get(asked.key).content}
    assert str(least) in shown["overrides"]
    flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    for key in (CITY, OWN):
        [change] = flow.lists.get(key).changes
        assert [each.code for each in change.overrides] == ["too_few_stars"]
    with pytest.raises(InputRefused):
        flow.lists.supplement(weak, CITY, "  ", by=desk.office, second=desk.second)
    assert sound(desk)


def test_all_units_lists_are_confirmed_at_once_or_none(desk: Desk) -> None:
    first, _ = frozen(desk)
    flow = desk.flow

    def waits(by: Actor) -> set[tuple[str, str]]:
        lines = flow.people.todo(by=by)
        return {(x.subject, x.act) for x in lines if "confirm" in x.act} - {
            (CITY, "lists.confirm")
        }

    assert waits(desk.office) == {("2024", "lists.confirm_all")}
    head = desk.post(Role.UNIT_HEAD, UNIT)
    assert waits(head) == {(OWN, "lists.confirm")}
    asked = flow.proposals.propose("confirm_all", {"period": "2024"}, by=desk.office)
    content = flow.proposals.get(asked.key).content
    shown = {line.path: line.new for line in content}
    assert shown[f"{OWN}.{first}.title"] == "事项0"
    assert shown[f"{OWN}.{first}.lacks"] == "目标、时限"
    assert len([path for path in shown if path.endswith("digest")]) == 1
    assert not flow.proposals.stale(asked.key)
    flow.items.amend(first, {"title": "改了"}, by=desk.office)
    assert flow.proposals.get(asked.key).moved == (OWN,)
    assert flow.proposals.stale(asked.key)
    assert flow.proposals.get(asked.key).content == content
    with pytest.raises(ItemMoved):
        flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    waiting = [
        each
        for each in flow.lists.list(period="2024")
        if each.key.endswith(f"/{each.unit}")
    ]
    assert {each.state for each in waiting} == {EditionState.FROZEN}
    flow.proposals.withdraw(asked.key, by=desk.office)
    asked = flow.proposals.propose("confirm_all", {"period": "2024"}, by=desk.office)
    assert not waits(desk.office) | waits(head)
    content = flow.proposals.get(asked.key).content
    flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    # What was confirmed stays readable, whatever happens to the list.
    assert flow.proposals.get(asked.key).content[1:] == content
    assert {flow.lists.get(each.key).state for each in waiting} == {
        EditionState.CONFIRMED
    }
    assert flow.lists.get(CITY).state is EditionState.FROZEN
    with pytest.raises(InputRefused) as refused:
        flow.lists.confirm_all("2024", by=desk.office, second=desk.second)
    assert codes(refused) == ["no_list_to_confirm"]
    assert sound(desk)


def test_a_draft_is_dropped_with_its_reason_unless_items_have_moved(
    desk: Desk,
) -> None:
    first, second = frozen(desk)
    flow, office = desk.flow, desk.office
    one = published(desk)
    with pytest.raises(StepRefused) as refused:
        flow.lists.drop(CITY, "没有修订稿", by=office)
    assert codes(refused) == ["done_already"]
    flow.items.amend(first, {"title": "误改"}, by=office)
    back = flow.lists.drop(CITY, "误改,不发布", by=office)
    assert (back.state, back.dropped) == (EditionState.PUBLISHED, "误改,不发布")
    assert replace(back, version=one.version, dropped="") == one
    flow.items.cancel(second, "not_ours", by=office, second=desk.second)
    with pytest.raises(InputRefused) as refused_input:
        flow.lists.drop(CITY, "不撤了", by=office)
    assert codes(refused_input) == ["draft_moves_items"]
    flow.items.amend(first, {"title": "误改"}, by=office)
    confirmed(desk, OWN)
    flow.items.amend(first, {"title": "再改"}, by=office)
    assert flow.lists.get(OWN).state is EditionState.DRAFTING
    with pytest.raises(StepRefused) as refused:
        flow.lists.drop(OWN, "还没有发布过", by=office)
    assert codes(refused) == ["never_published"]
    with pytest.raises(HuiminError) as missing:
        flow.lists.published(OWN)
    assert codes(missing) == ["list_not_published"]
    assert sound(desk)


def test_a_plan_completes_what_was_never_published_and_nothing_else(
    desk: Desk,
) -> None:
    first, second = frozen(desk)
    plan = desk.plan()
    for wrong, code in (("500000", "unit_unknown"), (UNIT, "supporter_leads")):
        with pytest.raises(InputRefused) as refused:
            desk.assign(first, replace(plan, supporting_units=(Supporter(unit=wrong),)))
        assert refused.value.code == code
    helping = (Supporter(unit="500102", part="数据比对"), Supporter(unit="DIV-JYC"))
    desk.assign(first, replace(plan, supporting_units=helping))
    entry = desk.flow.lists.get(CITY).place(first)
    assert entry is not None
    assert entry.targets == ("新建候工区10处以上",)
    assert entry.due is not None
    assert [partner.name for partner in entry.supporting] == ["涪陵区", "就业处"]
    one = published(desk)
    desk.assign(second)
    assert desk.flow.lists.get(CITY) == one
    assert sound(desk)


def test_a_renamed_unit_rewrites_no_list(desk: Desk) -> None:
    first, _ = frozen(desk)
    flow, book = desk.flow, desk.flow.rulebook.active()
    one = published(desk)
    units = tuple(
        replace(unit, name="新名称") if unit.code == UNIT else unit
        for unit in book.organization.units
    )
    renamed = replace(book, organization=replace(book.organization, units=units))
    renamed = rulebook_from_text(rulebook_text(renamed))
    flow.rulebook.activate(renamed, by=desk.office, second=desk.second)
    flow.items.amend(first, {"title": "更正"}, by=desk.office)
    assert flow.lists.published(CITY) == one
    entry = published(desk).place(first)
    before = one.place(first)
    assert entry is not None
    assert before is not None
    assert (entry.title, entry.lead) == ("更正", before.lead)


def test_a_confirmation_names_the_content_that_was_seen(desk: Desk) -> None:
    frozen(desk)
    seen = desk.flow.lists.get(CITY).digest
    for wrong in ("0" * 64, seen[:7]):
        with pytest.raises(InputRefused) as refused:
            desk.flow.lists.confirm(
                CITY, seen=wrong, by=desk.office, second=desk.second
            )
        assert codes(refused) == ["check_code_differs"]
    made = desk.flow.lists.confirm(
        CITY, seen=seen[:8], by=desk.office, second=desk.second
    )
    assert made.digest == seen


class Life:
    """A list on which random acts are tried; it keeps what was published and seen."""

    def __init__(self, desk: Desk, listed: list[str], late: list[str]) -> None:
        """Begin with a frozen list, and items that came late."""
        self.desk, self.numbers, self.late = desk, list(listed), list(late)
        self.bytes: list[bytes] = []
        self.issued: list[str] = []
        self.asked: tuple[str, str, str] | None = None

    def try_to(self, act: str, n: int) -> None:
        """Try an act; a refusal changes nothing that was published."""
        try:
            getattr(self, f"_{act}")(n)
            TAKEN[act] += 1
        except HuiminError as refusal:
            TAKEN[refusal.code] += 1
        lists, now = self.desk.flow.lists, issued_bytes(self.desk, CITY)
        assert now[: len(self.bytes)] == self.bytes, "a published edition was changed"
        self.bytes = now
        issued = [each.digest for each in lists.editions(CITY)]
        assert issued == self.issued, "a published edition reads differently"
        assert not issued or lists.published(CITY).digest == issued[-1]

    def _number(self, n: int) -> str:
        return self.numbers[n % len(self.numbers)]

    def _amend(self, n: int) -> None:
        title = {"title": f"更正{n}"}
        self.desk.flow.items.amend(self._number(n), title, by=self.desk.office)

    def _supplement(self, n: int) -> None:
        number = self.late[n % len(self.late)]
        two: dict[str, Any] = {"by": self.desk.office, "second": self.desk.second}
        self.desk.flow.lists.supplement(number, CITY, "确有必要", **two)
        self.numbers.append(number)

    def _cancel(self, n: int) -> None:
        two: dict[str, Any] = {"by": self.desk.office, "second": self.desk.second}
        self.desk.flow.items.cancel(self._number(n), "not_ours", **two)

    def _defer(self, n: int) -> None:
        two: dict[str, Any] = {"by": self.desk.office, "second": self.desk.second}
        self.desk.flow.items.defer(self._number(n), "not_this_period", **two)

    def _ask(self, n: int) -> None:
        del n
        flow = self.desk.flow
        made = flow.proposals.propose("confirm", {"edition": CITY}, by=self.desk.office)
        shown = {line.path: line.new for line in flow.proposals.get(made.key).content}
        self.asked = made.key, made.seen, str(shown["digest"])

    def _approve(self, n: int) -> None:
        del n
        if self.asked is not None:
            key, seen, digest = self.asked
            self.desk.flow.proposals.approve(key, seen, by=self.desk.second)
            now = self.desk.flow.lists.get(CITY)
            assert content_digest(now) == digest, "what was not seen was confirmed"

    def _publish(self, n: int) -> None:
        del n
        confirmed = self.desk.flow.lists.get(CITY).digest
        self.desk.flow.lists.publish(CITY, by=self.desk.post(Role.PUBLICITY))
        self.issued.append(confirmed)

    def _drop(self, n: int) -> None:
        self.desk.flow.lists.drop(CITY, f"第{n}次", by=self.desk.office)


ACTS = ("amend", "supplement", "cancel", "defer", "ask", "approve", "publish", "drop")
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 5))
CHANGE = st.sampled_from(("amend", "supplement", "cancel"))
STEPS = st.one_of(
    STEP.map(lambda one: [one]),
    st.just([("ask", 0), ("approve", 0), ("publish", 0)]),
    CHANGE.map(lambda change: [("ask", 0), (change, 0), ("approve", 0)]),
)

#: How often each act was taken, so that the test is not empty.
TAKEN: Counter[str] = Counter()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, max_size=12))
def _live(steps: list[list[tuple[str, int]]], begun: Callable[[], Life]) -> None:
    life = begun()
    with life.desk.flow:
        for act, n in (one for several in steps for one in several):
            life.try_to(act, n)
        assert sound(life.desk)


def test_no_sequence_of_acts_changes_what_was_published_or_confirms_the_unseen(
    founded: Founded, clock: RehearsalClock, tmp_path: Path
) -> None:
    template, numbers = tmp_path / "template.db", count()
    shutil.copy(founded.file, template)
    with Flow.open(f"sqlite:///{template}", clock=clock) as flow:
        desk = Desk(flow, clock)
        listed = frozen(desk)
        late = [desk.bring(State.STARRED, f"迟到{n}").number for n in range(3)]

    def begun() -> Life:
        file = tmp_path / f"{next(numbers)}.db"
        shutil.copy(template, file)
        return Life(
            Desk(Flow.open(f"sqlite:///{file}", clock=clock), clock), listed, late
        )

    TAKEN.clear()
    _live(begun=begun)
    assert TAKEN.keys() >= {"amend", "supplement", "ask", "approve", "publish"}
