"""Appeals come in: places as units, line ends as LF, the unfit ones by name."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import InputCode, RowCode
from huimin_flow.catalogue.terms import Area, Origin
from huimin_flow.clock import SHANGHAI, at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.reports.cockpit import cockpit_page
from huimin_flow.reports.pages import month_page
from huimin_flow.shell.pages import made, written
from huimin_flow.store.sensing.texts import opened
from huimin_flow.testing import Desk, rehearsal
from tests.flow.scoring.test_counting import at, rated, reading
from tests.flow.scoring.test_scores import rank_by_few

#: Real messages of citizens, which lie beside the project, never within it.
MESSAGES = Path(os.environ.get("HUIMIN_MESSAGES", "nowhere"))


def appeal(key: str = "k", **changes: Any) -> Appeal:
    plain = Appeal(
        key=key, channel="hotline_12333", who="p1", district="500101", text="办事难",
        at=at_hour(date(2023, 10, 1), 10),
    )  # fmt: skip
    return replace(plain, **changes)


def stored(desk: Desk, key: str = "k") -> dict[str, Any]:
    appeal = desk.flow.appeals.trail(key).appeal
    pair = (appeal.channel, appeal.key)
    content = door_of(desk.flow).ask(opened, [pair])[pair]
    return {"district": appeal.district, "text": content.text}


@pytest.mark.parametrize(
    "written",
    [
        "涪陵区",
        "重庆市涪陵区",
        "涪陵",
        "\uff15\uff10\uff10\uff11\uff10\uff12",
        "500102 涪陵区",
        "李渡街道",
    ],
)
def test_a_place_written_by_name_is_its_unit_from_the_intake_on(
    desk: Desk, written: str
) -> None:
    kept = desk.flow.appeals.add_all([appeal(district=written)], by=desk.office)
    assert (kept.kept, kept.unplaced) == (1, ())
    assert stored(desk)["district"] == "500102"
    # Told again by code it is no other appeal.
    again = desk.flow.appeals.add_all([appeal(district="500102")], by=desk.office)
    assert (again.known, again.others) == (1, ())


def test_a_place_of_no_known_unit_is_kept_as_written_and_told(desk: Desk) -> None:
    batch = [appeal("a", district="A3区"), appeal("b", district="太平镇"), appeal("c")]
    kept = desk.flow.appeals.add_all(batch, by=desk.office)
    assert (kept.kept, kept.unplaced) == (3, ("A3区", "太平镇"))
    assert stored(desk, "a")["district"] == "A3区"


def test_complaints_of_no_known_unit_stand_beside_the_rate(
    file_desk: Desk, tmp_path: Path
) -> None:
    desk = file_desk
    rank_by_few(desk)
    rated(desk, "500101")
    rated(desk, "500102")
    day = at_hour(date(2023, 10, 20), 10)
    batch = [appeal(f"a{k}", district="500101", at=day) for k in range(20)]
    batch += [appeal(f"b{k}", district="涪陵区", at=day) for k in range(20)]
    batch += [appeal(f"c{k}", district="A3区", at=day) for k in range(3)]
    batch += [appeal("d", district="A3区", at=day, channel="proposals")]
    desk.flow.appeals.add_all(batch, by=desk.office)
    at(desk, 2023, 11, 9)
    for unit in ("500101", "500102"):
        found = reading(desk, "2023-10", "complaint_rate", unit)
        assert found is not None
        assert (found.numerator, found.denominator, found.unplaced) == (20, 60, 3)
    _, tree = desk.flow.scores.explain("500102", "2023-10")
    assert [node.unplaced for node in nodes(tree) if node.unplaced] == [3]
    page = made(desk.flow, month_page, "2023-10", tmp_path).read_text("utf-8")
    told = "另有3条地点不明，不属于任何已知单位，未计入"
    assert f'<p class="note">投诉率{told}</p>' in page
    assert page.count(told) == 3  # in the tree of either unit, too
    cockpit = written(desk.flow, cockpit_page, tmp_path)[0].read_text("utf-8")
    assert told in cockpit
    assert door_of(desk.flow).read(verify).clean


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for inner in node.inputs:
        yield from nodes(inner)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_line_ends_of_any_kind_come_in_as_lf(desk: Desk, end: str) -> None:
    kept = desk.flow.appeals.add_all([appeal(text=f"甲{end}乙\ufeff")], by=desk.office)
    assert kept.kept == 1
    assert stored(desk)["text"] == "甲\n乙"


def test_one_unfit_appeal_is_named_and_leaves_the_others(desk: Desk) -> None:
    now = desk.clock.now()
    unfit: dict[str, tuple[dict[str, Any], InputCode]] = {
        "a control": ({"text": "甲\x00"}, InputCode.TEXT_UNFIT),
        "a name": ({"who": "张三"}, InputCode.NOT_A_CODE),
        "a number": ({"who": "13800138000"}, InputCode.NOT_A_CODE),
        "no text": ({"text": " "}, InputCode.TEXT_EMPTY),
        "a channel": ({"channel": "热线"}, InputCode.CHANNEL_UNKNOWN),
        "tomorrow": ({"at": now + timedelta(days=1)}, InputCode.MOMENT_TO_COME),
        "an old clock": (
            {"at": datetime(1970, 1, 1, tzinfo=UTC)},
            InputCode.DAY_OUT_OF_RANGE,
        ),
        "no zone": ({"at": datetime(2023, 1, 1)}, InputCode.NOT_OF_KIND),  # noqa: DTZ001
        "no text at all": ({"text": None}, InputCode.NOT_OF_KIND),
        "two lines": ({"district": "甲\n乙"}, InputCode.NOT_ONE_LINE),
    }
    batch = [appeal("first")]
    batch += [appeal(key, **changes) for key, (changes, _) in unfit.items()]
    batch += [appeal("last")]
    kept = desk.flow.appeals.add_all(batch, by=desk.office)
    assert kept.kept == 2
    assert [
        (one.index, one.channel, one.key, one.reason.code) for one in kept.refused
    ] == [
        (index, changes.get("channel", "hotline_12333"), key, code)
        for index, (key, (changes, code)) in enumerate(unfit.items(), 2)
    ]
    report = door_of(desk.flow).read(verify)
    assert report.clean


def test_a_batch_of_unfit_appeals_alone_makes_no_event(desk: Desk) -> None:
    before = door_of(desk.flow).read(verify)
    kept = desk.flow.appeals.add_all([appeal(who="张三")], by=desk.office)
    assert (kept.batch, kept.kept, len(kept.refused)) == (0, 0, 1)
    assert door_of(desk.flow).read(verify) == before


def test_hashed_pseudonyms_come_in_and_a_number_is_named_as_a_code(desk: Desk) -> None:
    codes = ["13912345678a", "a13912345678", "15912345678F", "c0000017"]
    batch = [appeal(f"k{n}", who=code) for n, code in enumerate(codes)]
    kept = desk.flow.appeals.add_all(
        [*batch, appeal("x", who="p13912345678")], by=desk.office
    )
    assert (kept.kept, [one.key for one in kept.refused]) == (4, ["x"])
    with pytest.raises(InputRefused, match=r"来访人.*“p\*{11}”须是代号"):
        raise InputRefused((kept.refused[0].reason,))


def test_a_channel_is_taken_by_its_name(desk: Desk) -> None:
    kept = desk.flow.appeals.add_all([appeal(channel="12333热线电话")], by=desk.office)
    assert kept.kept == 1
    assert desk.flow.appeals.trail("k").appeal.channel == "hotline_12333"


@pytest.mark.parametrize("year", [1026, 1970, 1999, 2200, 9999])
def test_a_year_out_of_reason_is_refused_for_every_day(desk: Desk, year: int) -> None:
    demand = Demand(title="甲", origin=Origin.PROBLEM, area=Area.GENERAL, unit="500101")
    with pytest.raises(InputRefused) as refused:
        desk.flow.items.collect(demand, by=desk.office, occurred_on=date(year, 1, 3))
    assert refused.value.code == InputCode.DAY_OUT_OF_RANGE
    assert "2000-01-01至2199-12-31" in str(refused.value)


def test_an_item_of_an_ended_unit_names_it_its_end_and_its_successor() -> None:
    demand = Demand(title="甲", origin=Origin.PROBLEM, area=Area.GENERAL, unit="500112")
    with rehearsal(at=datetime(2025, 12, 1, 9, tzinfo=SHANGHAI)) as desk:
        # its people work until 25 January; what they take counts for the successor
        operator = desk.flow.people.actor("op-500112")
        assert desk.flow.items.collect(demand, by=operator).unit == "500157"
        desk.clock.set(datetime(2026, 1, 26, 9, tzinfo=SHANGHAI))
        with pytest.raises(InputRefused) as refused:
            desk.flow.items.collect(demand, by=desk.office)
        assert refused.value.code == InputCode.UNIT_ENDED
        for named in ("渝北区", "500112", "2025-11-06", "两江新区", "500157"):
            assert named in str(refused.value)
        by_name = replace(demand, unit="两江新区")
        assert desk.flow.items.collect(by_name, by=desk.office).unit == "500157"
        assert door_of(desk.flow).read(verify).clean


@pytest.mark.skipif(not MESSAGES.exists(), reason="HUIMIN_MESSAGES names no file")
def test_real_messages_come_in_whole(desk: Desk) -> None:
    with gzip.open(MESSAGES, "rt", encoding="utf-8") as file:
        messages = [json.loads(line) for line in file]
    batch = [
        appeal(
            str(one["id"]), who=str(one["who"]), district="A3区",
            text=str(one["text"]).replace("\n", "\r\n"),
        )
        for one in messages
    ]  # fmt: skip
    kept = desk.flow.appeals.add_all(batch, by=desk.office)
    assert kept.kept + kept.known + len(kept.others) >= len(batch)
    assert kept.refused == ()


def test_a_number_that_a_spreadsheet_made_of_several_is_refused_by_its_line(
    desk: Desk,
) -> None:
    ruined = "900101202611021000"
    batch = [
        appeal(ruined), appeal(ruined, text="另一件事"), appeal("a"),
        appeal("a", text="又一件事"),
    ]  # fmt: skip
    for kept, known in ((2, 0), (0, 2)):
        intake = desk.flow.appeals.add_all(batch, by=desk.office, lines=(2, 3, 4, 5))
        assert (intake.kept, intake.known) == (kept, known + 1)
        assert intake.others == ("hotline_12333/a",)
        (row,) = intake.refused
        assert (row.index, row.reason.code) == (3, RowCode.KEY_CUT)
