"""What people say is sealed, read on the record, and erased for good (X1)."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, InputCode
from huimin_flow.catalogue.terms import Flaw, Role
from huimin_flow.errors import InputRefused, NotFound, StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.sensing.appeals import Appeal, Contact, Content, trait_of
from huimin_flow.model.sensing.reading import masked_content
from huimin_flow.store.core.tables import APPEALS, DATA_KEYS, METADATA
from huimin_flow.store.sensing.keys import Keyring
from huimin_flow.testing import Desk

UNIT, TOWN = "500101", "500101001"
SAID = Appeal(
    key="A1", channel="media", district=UNIT, title="张三丰求助",
    text="我叫张三丰,电话13800138000,住和平路12号",
    contact=Contact(name="张三丰", phone="138 0013 8000", address="和平路12号"),
)  # fmt: skip
PAIR = ("media", "A1")


@pytest.fixture
def said(desk: Desk) -> Desk:
    desk.flow.appeals.add(SAID, by=desk.office)
    return desk


def rows(desk: Desk, table: Any) -> list[Any]:
    return door_of(desk.flow).read(
        lambda connection: list(connection.execute(select(table)))
    )


def edit(desk: Desk, statement: Any) -> None:
    with door_of(desk.flow).own.begin() as connection:
        assert connection.execute(statement).rowcount


def test_no_row_of_any_table_has_what_was_said_or_who_said_it(said: Desk) -> None:
    said.flow.appeals.read([PAIR], "挂接", full=True, by=said.office)
    said.flow.once("r1").appeals.read([PAIR], "挂接", full=True, by=said.office)
    told = said.flow.once("r2").answers.give("A1", "张三丰", by=said.office)
    assert said.flow.once("r2").answers.give("A1", "张三丰", by=said.office) == told
    asked = ["answer", ["A1", "张三丰"], {"by": to_plain(said.office)}]
    stored = str([rows(said, table) for table in METADATA.tables.values()])
    assert digest(canonical(asked)) not in stored  # who guesses it would be sure
    for planted in ("张三丰", "13800138000", "138 0013 8000", "和平路", "求助"):
        assert planted not in stored
        assert json.dumps(planted)[1:-1] not in stored


def test_a_reader_sees_stars_until_they_ask_and_both_are_on_the_record(
    said: Desk,
) -> None:
    (masked,) = said.flow.appeals.read([PAIR, PAIR], "挂接", by=said.office)
    assert masked.text == "我叫***,电话***********,住******"
    assert (masked.title, masked.contact) == (
        "***求助", Contact(name="张**", phone="*** **** ****", address="******")
    )  # fmt: skip
    (full,) = said.flow.appeals.read([PAIR], "答复", full=True, by=said.operator)
    assert (full.text, full.contact) == (SAID.text, SAID.contact)
    told = [
        (line.actor, line.reading.full, line.reading.reason, line.reading.units)
        for line in said.flow.appeals.readings(key="A1", channel="media")
    ]
    assert told == [
        (said.operator.id, True, "答复", (UNIT,)),
        (said.office.id, False, "挂接", ()),
    ]
    assert said.flow.appeals.readings(full=True, person=said.office.id) == ()
    assert said.flow.appeals.readings(key="A2") == ()
    assert said.flow.appeals.readings(channel="proposals") == ()
    assert door_of(said.flow).read(verify).clean


def test_who_need_not_read_may_not(said: Desk) -> None:
    leader, auditor = (said.post(role) for role in (Role.LEADER, Role.AUDITOR))
    for by in (said.scheduler, leader, auditor):
        with pytest.raises(StepRefused) as refused:
            said.flow.appeals.read([PAIR], "好奇", by=by)
        assert refused.value.code == Code.DUTY_MISSING.value
    other = said.post(Role.OPERATOR, "500102")
    with pytest.raises(StepRefused) as refused:
        said.flow.appeals.read([PAIR], "好奇", by=other)
    assert refused.value.code == Code.OTHER_UNITS_ITEM.value
    assert said.flow.appeals.readings() == ()


def test_nobody_reads_off_the_record(said: Desk) -> None:
    with said.flow.dry() as dry, pytest.raises(InputRefused) as refused:
        dry.appeals.read([PAIR], "挂接", by=said.office)
    assert refused.value.code == InputCode.READ_TRIED.value
    for _ in range(2):  # a retry is another reading
        said.flow.once("again").appeals.read([PAIR], "挂接", by=said.office)
    assert len(said.flow.appeals.readings()) == 2
    with pytest.raises(InputRefused):
        said.flow.appeals.read([PAIR], "打13800138000", by=said.office)


def test_one_person_is_one_by_any_number_and_the_unknown_are_one_each(
    desk: Desk,
) -> None:
    contacts = [
        Contact(phone="13800138000"), Contact(name="李四", phone="+86 138-0013-8000"),
        Contact(name="李四"), None, Contact(identity="50010119900101123x"),
        Contact(identity="50010119900101123X", phone="13900139000"),
    ]  # fmt: skip
    told = [
        replace(SAID, key=f"B{n}", contact=contact)
        for n, contact in enumerate(contacts)
    ]
    number = desk.collect().number
    desk.flow.appeals.add_all(told, by=desk.office)
    pairs = [(each.channel, each.key) for each in told]
    assert desk.flow.appeals.link(number, pairs, by=desk.office).people == 4
    codes = [row.who for row in rows(desk, APPEALS)]
    assert codes[0] == codes[1] != codes[4] == codes[5]
    assert codes[2:4] == ["", ""]


def test_two_people_erase_and_counts_and_proofs_survive(said: Desk) -> None:
    flow = said.flow
    flow.appeals.add(replace(SAID, key="A2", text="又打了一次"), by=said.office)
    number = said.collect().number
    before = flow.appeals.link(number, [PAIR, ("media", "A2")], by=said.office)
    with pytest.raises(StepRefused):
        flow.appeals.erase("media=A1", "本人要求", by=said.office, second=said.office)
    proposal = flow.proposals.propose(
        "erase", {"subject": "media=A1", "reason": "本人要求"}, by=said.office
    )
    assert [line.old for line in flow.proposals.get(proposal.key).content] == [None, 2]
    with flow.dry() as dry:
        dry.proposals.approve(proposal.key, proposal.seen, by=said.second)
    assert flow.appeals.read([PAIR], "核对", by=said.office)[0].text
    flow.proposals.approve(proposal.key, proposal.seen, by=said.second)
    for line in flow.appeals.read([PAIR, ("media", "A2")], "核对", by=said.office):
        assert (line.erased, line.text, line.contact) == (True, "", None)
    assert flow.items.tally(number) == before
    assert [row.subject for row in rows(said, DATA_KEYS)] == ["root"]
    assert door_of(flow).read(verify).clean
    with pytest.raises(NotFound) as refused:
        flow.appeals.erase("media=A1", "本人要求", by=said.office, second=said.second)
    assert refused.value.code == InputCode.NOTHING_TO_ERASE.value
    # Who calls again is heard again, under another key.
    flow.appeals.add(replace(SAID, key="A3"), by=said.office)
    assert flow.appeals.read([("media", "A3")], "挂接", by=said.office)[0].text
    assert door_of(flow).read(verify).clean


def test_a_content_without_its_erasure_or_after_it_is_found(said: Desk) -> None:
    texts = METADATA.tables["huimin_appeal_text"]
    (kept,) = rows(said, texts)
    edit(said, texts.delete())
    (one,) = door_of(said.flow).read(verify).findings
    assert (one.flaw, one.place) == (Flaw.ROW_MISSING, "huimin_appeal_text 1:1")
    edit(said, texts.insert().values(**kept._mapping))
    said.flow.appeals.erase("media=A1", "要求", by=said.office, second=said.second)
    assert door_of(said.flow).read(verify).clean
    edit(said, texts.insert().values(**kept._mapping))
    one, key = door_of(said.flow).read(verify).findings
    assert (one.flaw, one.place) == (Flaw.PAYLOAD_MISMATCH, "huimin_appeal_text 1:1")
    assert (key.flaw, key.law) == (Flaw.ROW_MISSING, "keys 1")


def test_contents_that_changed_places_are_found_and_not_shown(said: Desk) -> None:
    said.flow.appeals.add(replace(SAID, key="A2", text="别的话"), by=said.office)
    texts = METADATA.tables["huimin_appeal_text"]
    first, second = rows(said, texts)  # one person, one data key
    for own, other in ((first, second), (second, first)):
        edit(
            said,
            texts.update()
            .where(texts.c.batch == own.batch)
            .values(sealed=other.sealed),
        )
    findings = door_of(said.flow).read(verify).findings
    assert [one.flaw for one in findings] == [Flaw.PAYLOAD_MISMATCH] * 2
    with pytest.raises(StoreRefused, match="A1"):
        said.flow.appeals.read([PAIR], "挂接", by=said.office)


def test_without_the_master_key_nobody_reads_and_the_audit_says_what_it_checked(
    said: Desk, tmp_path: Any
) -> None:
    door = door_of(said.flow)
    for keyring, code in (
        (Keyring(), "key_unnamed"),
        (Keyring(tmp_path / "none"), "key_missing"),
    ):
        door.keyring = keyring
        with pytest.raises(StoreRefused) as refused:
            said.flow.appeals.read([PAIR], "挂接", by=said.office)
        assert refused.value.code == code
        report = door.read(partial(verify, keyring=keyring))
        assert (report.clean, report.unopened) == (True, 1)
    assert door.read(verify).unopened == 0
    other = Keyring(tmp_path / "other.key")
    other.masters.make()
    assert other.masters.path.stat().st_mode & 0o777 == 0o600
    door.keyring = other
    for act in (
        lambda: said.flow.appeals.read([PAIR], "挂接", by=said.office),
        lambda: said.flow.appeals.add(replace(SAID, key="A9"), by=said.office),
    ):
        with pytest.raises(StoreRefused) as refused:
            act()
        assert refused.value.code == "key_wrong"


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_who_make_the_root_key_at_once_have_the_same(desk: Desk, url: str) -> None:
    """The database was founded without a key file; both get one before they write."""
    edit(desk, delete(DATA_KEYS))
    other = Flow.open(url, clock=desk.clock)
    second = threading.Thread(
        target=other.appeals.add,
        args=(replace(SAID, key="A2"),),
        kwargs={"by": desk.office},
    )
    with other, door_of(desk.flow).own.connect() as host:
        Flow.bind(host, clock=desk.clock).appeals.add(SAID, by=desk.office)
        second.start()
        with psycopg.connect(url, autocommit=True) as admin:
            while not admin.execute(_WAITING).fetchone():
                assert second.is_alive()
        host.commit()
        second.join()
    assert [row.subject == "root" for row in rows(desk, DATA_KEYS)].count(True) == 1
    read = desk.flow.appeals.read([PAIR, ("media", "A2")], "挂接", by=desk.office)
    assert len(read) == 2
    assert door_of(desk.flow).read(verify).findings == ()


_WAITING = (
    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND datname = current_database()"
)


def test_another_master_key_wraps_all_data_keys_and_opens_what_was_said(
    said: Desk, tmp_path: Any
) -> None:
    door = door_of(said.flow)
    own = Keyring(tmp_path / "own.key")
    own.masters.path.write_bytes(door.keyring.masters.path.read_bytes())
    door.keyring = own
    before = {row.subject: row.wrapped for row in rows(said, DATA_KEYS)}
    own.masters.add()
    assert door.perform(lambda work: own.rewrap(work.connection)) == 1
    own.masters.promote()
    after = {row.subject: row.wrapped for row in rows(said, DATA_KEYS)}
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    present, _ = own.masters.keys()
    alone = tmp_path / "alone.key"
    alone.write_text(present.hex())
    door.keyring = Keyring(alone)
    (line,) = said.flow.appeals.read([PAIR], "挂接", full=True, by=said.office)
    assert line.text == SAID.text
    again = said.flow.appeals.add(replace(SAID, key="A2"), by=said.office)
    assert again.kept == 1
    assert len({row.who for row in rows(said, APPEALS)}) == 1  # as one person


@given(st.text("张三丰和平路12号 a1", max_size=12), st.text("张三丰电话", max_size=9))
def test_what_a_contact_has_is_nowhere_in_the_masked_text(part: str, text: str) -> None:
    contact = Contact(name=part, address=part)
    content = Content(title=text + part, text=f"{part}{text}{part}", contact=contact)
    shown = masked_content(content)
    if len(part) > 1 and any(sign.isalnum() for sign in part):
        assert part not in shown.text + shown.title


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("残疾证50010119900307888843", "0307"),
        ("社保卡号500101123456,谢谢", "123456"),
        ("打1391234\n5678", "5678"),
        ("发ou[at]qq.com", "ou"),
        ("我是欧阳锦绣", "锦绣"),
        ("住和平路12号3单元5-2室", "单元5"),
    ],
)
def test_a_masked_text_hides_more_than_a_field_may_have(text: str, gone: str) -> None:
    contact = Contact(name="欧阳 锦绣", address="和平路12号")
    shown = masked_content(Content(title="", text=text, contact=contact)).text
    assert gone not in shown
    assert re.search("[证号打发是住]", shown)


@pytest.mark.parametrize("reason", ["张三丰来电要求", "找张 三丰", "上门和平路12号"])
def test_a_reason_names_nobody_whose_appeal_it_is(said: Desk, reason: str) -> None:
    by, second, appeals = said.office, said.second, said.flow.appeals
    for act in (
        lambda: appeals.read([PAIR], reason, by=by),
        lambda: appeals.erase("media=A1", reason, by=by, second=second),
    ):
        with pytest.raises(InputRefused) as refused:
            act()
        assert refused.value.code == InputCode.NAMES_A_PERSON.value
        assert reason not in str(refused.value)
    assert appeals.count_readings() == 0


def test_a_guess_of_who_wrote_an_appeal_learns_nothing(said: Desk) -> None:
    stranger = said.actor("op-500102")  # may import, not read
    for contact in (SAID.contact, Contact(phone="13900139000"), None):
        guess = replace(SAID, contact=contact)
        intake = said.flow.appeals.add_all([guess], by=stranger)
        assert (intake.known, intake.others) == (1, ())
    other = replace(SAID, contact=Contact(phone="13900139000"))
    assert said.flow.appeals.add_all([other], by=said.office).others == ("media/A1",)
    said.flow.appeals.erase("media=A1", "要求", by=said.office, second=said.second)
    for guess in (SAID, other):
        assert said.flow.appeals.add_all([guess], by=said.office).others == ()


@given(st.sampled_from(["", "+86", "0086 ", "86-"]), st.sampled_from(["", " ", "-"]))
def test_a_phone_number_is_one_trait_however_it_is_written(
    prefix: str, gap: str
) -> None:
    written = f"{prefix}138{gap}0013{gap}8000"
    assert trait_of(Contact(phone=written)) == "phone/13800138000"


def test_no_table_has_the_number_of_a_receipt_and_a_retry_tells_it_again(
    desk: Desk,
) -> None:
    made = desk.flow.once("r1").appeals.add(SAID, by=desk.office)
    assert made.receipt
    assert desk.flow.once("r1").appeals.add(SAID, by=desk.office) == made
    assert made.receipt not in str([rows(desk, t) for t in METADATA.tables.values()])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (("500101", "", "文昌阁路七十七号三单元五楼二号"), ("500101", "", "?")),
        (("万州区", "高笋塘街道", "大观园小区A栋1203"), ("500101", TOWN, "?")),
        (("万州区", "贾宝玉", "南门社区司马相如家"), ("500101", "?", "?")),
        (("火星区东方不败家", "", ""), ("火星区", "", "")),
        (("张三丰", "", ""), ("?", "", "")),
        (("和平路12号", "", "和平路12号"), ("?", "", "?")),
        (("翠屏巷9栋2单元", "太平镇李四家", ""), ("?", "?", "")),
    ],
)
@pytest.mark.parametrize("way", ["one by one", "by columns"])
def test_of_a_place_only_what_is_known_stands_in_the_clear(
    desk: Desk, written: tuple[str, str, str], kept: tuple[str, str, str], way: str
) -> None:
    district, town, village = written
    at = desk.clock.now() if way == "by columns" else None
    lived = replace(SAID, district=district, town=town, village=village, at=at)
    assert desk.flow.appeals.add_all([lived], by=desk.office).kept == 1
    (row,) = rows(desk, APPEALS)
    assert (row.district, row.town, row.village) == kept
    again = desk.flow.appeals.add_all([lived], by=desk.office)
    assert (again.known, again.others) == (1, ())


@pytest.mark.parametrize("key", ["张三丰", "A-张 三丰-2", "和平路12号"])
def test_a_key_has_neither_name_nor_address_of_its_own_row(
    desk: Desk, key: str
) -> None:
    intake = desk.flow.appeals.add_all([replace(SAID, key=key)], by=desk.office)
    assert [each.reason.code for each in intake.refused] == [InputCode.NAMES_A_PERSON]
