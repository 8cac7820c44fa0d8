"""Appeals: taken in, linked, read under protection, followed and erased."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.api import Appeal, Contact, LifeStage, NotFound, ReceiptWord
from huimin_flow.testing import UNIT, Desk


def take_in(desk: Desk) -> None:
    """Take in an appeal with its contact, then a batch; give the citizen a receipt."""
    flow, clerk = desk.flow, desk.operator

    appeal = Appeal(
        key="A-1",
        channel="hotline_12333",
        who="p1",
        district="万州区",
        title="等活的地方没有棚子",
        text="每天早上在路边等活,下雨没有地方躲。",
        at=desk.clock.now(),
        life_stage=LifeStage.WORK,
        contact=Contact(name="李四", phone="13800000000"),
    )
    intake = flow.appeals.add(appeal, by=clerk)
    assert intake.kept == 1

    receipt = flow.appeals.receipt_of("A-1", channel="hotline_12333")
    assert receipt == intake.receipt
    assert flow.appeals.receipt(receipt).word is ReceiptWord.RECEIVED

    others = desk.appeals(6)
    unknown = Appeal(key="", channel="media", district=UNIT, text="甲")
    batch = flow.appeals.add_all([*others, unknown], by=clerk, source="热线.xlsx")
    assert (batch.kept, len(batch.refused)) == (6, 1)

    suggestion = flow.appeals.suggest("A-1")
    print(suggestion.area, suggestion.place)


def link_and_follow(desk: Desk) -> None:
    """Link appeals to an item, and follow one from its receipt to the item's end."""
    flow, office = desk.flow, desk.office
    number = desk.collect().number
    appeals = desk.appeals(3)
    flow.appeals.add_all(appeals, by=office)

    pairs = [(each.channel, each.key) for each in appeals]
    tally = flow.appeals.link(number, pairs, by=office)
    assert tally.appeals == 3
    assert flow.appeals.unlink(number, pairs[2:], by=office).appeals == 2

    trail = flow.appeals.trail(appeals[0].key)
    assert trail.items[0].number == number
    assert trail.way

    for part in flow.appeals.ways(number):
        print(part.part.label, part.count)


def find_appeals(desk: Desk) -> None:
    """List and count appeals, by month, by stage of life, and by what is frequent."""
    flow = desk.flow
    loose = flow.appeals.list(loose=True, limit=10)
    assert flow.appeals.count(loose=True) >= len(loose)
    one = flow.appeals.get(loose[0].key, channel=loose[0].channel)
    assert one == loose[0]

    assert flow.appeals.by_month()[-1].total
    assert flow.appeals.by_life_stage()
    since = desk.today() - timedelta(days=30)
    assert flow.appeals.frequent(since=since, limit=3)


def read_and_erase(desk: Desk) -> None:
    """Read what an appeal says, see who has read it, and erase a person."""
    flow, office = desk.flow, desk.office
    appeal = Appeal(key="A-9", channel="media", who="p9", district=UNIT, text="甲")
    flow.appeals.add(appeal, by=office)

    (text,) = flow.appeals.read([("media", "A-9")], "挂接", by=office)
    assert text.text == "甲"
    (reading,) = flow.appeals.readings(key="A-9")
    assert reading.actor == office.id
    assert flow.appeals.count_readings(key="A-9") == 1

    erasure = flow.appeals.erase("p9", "本人要求", by=office, second=desk.second)
    assert erasure.confirmed_by == desk.second.id

    try:
        flow.appeals.get("A-0")
    except NotFound as refused:
        assert refused.reasons
