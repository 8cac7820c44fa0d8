"""The lists of deliveries and of destinations, and what a mail says about a change.

A mail says what waits, and how it is done: names of streams and words of steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import (
    DeliveryState,
    Duty,
    RecordStep,
    StreamKind,
    TwoPeople,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.lists import Ref, Row, Sight, listed
from huimin_flow.streams import STREAMS

if TYPE_CHECKING:
    from huimin_flow.model.core.changes import DeliveryLine, Destination, FeedChange


def about_of(key: str) -> dict[str, str]:
    """Return what the key of a delivery names, as the fields of its acts.

    >>> about_of("mail/12/500101")
    {'destination': 'mail', 'position': '12', 'recipient': '500101'}

    """
    names = ("destination", "position", "recipient")
    return dict(zip(names, key.split("/"), strict=False))


@listed(
    name="deliveries",
    title="投递",
    question="deliveries.list",
    head=("投递", "目的地", "收件", "变更", "状态", "失败次数", "时间", "原因", "可办"),
    empty="没有这样的投递",
    duty=Duty.SUBSCRIBE,
)
def deliveries(sight: Sight, line: DeliveryLine) -> Row:
    """Return a delivery: of what to whom, and what became of it."""
    acts: tuple[Ref, ...] = ()
    if line.state is DeliveryState.DEAD:
        about = urlencode(about_of(line.key))
        acts = tuple(
            Ref(text, f"act-deliveries.{verb}.html?{about}")
            for verb, text in (("retry", say("重新投递")), ("abandon", say("放弃投递")))
        )
    return (
        line.key,
        line.destination,
        sight.unit(line.recipient) if line.recipient else "—",
        StreamKind.named(line.stream),
        line.state.spoken,
        line.attempts,
        shanghai(line.due),
        "—" if line.fault is None else line.fault.spoken,
        acts,
    )


@listed(
    name="destinations",
    title="投递目的地",
    question="deliveries.destinations",
    count="",
    head=(
        "目的地",
        "读到",
        "差几条",
        "待投递",
        "失败",
        "最近投递",
        "何时起不通",
        "原因",
    ),
    empty="还没有向任何目的地投递过",
    duty=Duty.SUBSCRIBE,
)
def destinations(_: Sight, line: Destination) -> Row:
    """Return a destination: how far it is, what waits there, since when it fails."""
    dead = str(line.dead)
    if line.dead:
        about = {"destination": line.name, "state": DeliveryState.DEAD.value}
        dead = Ref(dead, f"{deliveries.file}?{urlencode(about)}")
    return (
        line.name,
        line.position,
        line.lag,
        line.waiting,
        dead,
        shanghai(line.sent) if line.sent else "—",
        shanghai(line.failing) if line.failing else "—",
        "—" if line.fault is None else line.fault.spoken,
    )


LISTINGS: Final = (deliveries, destinations)


def mail_of(
    change: FeedChange, recipient: str, names: Mapping[str, str]
) -> tuple[str, str]:
    """Return subject and text of the mail about a change, to a unit or a post.

    It says what the change itself says: names of streams and words of steps.
    """
    title, way = _said_of(change)
    lines = [
        say("{name}:", name=names.get(recipient, recipient)),
        "",
        title,
        say("办理:{way}", way=way),
        "",
        say(
            "本邮件由惠民有感系统自动发出,不含个人信息,请勿回复。第{position}条变更。",
            position=change.position,
        ),
    ]
    return say("【惠民有感】{title}", title=title), "\n".join(lines) + "\n"


def _said_of(change: FeedChange) -> tuple[str, str]:
    """Return what happened, and what is to be done about it."""
    kind, data = change.kind, change.data
    named = StreamKind.named(change.stream)
    step = STREAMS[kind].life.steps[change.step].spoken
    if kind is StreamKind.PROPOSAL and change.step == RecordStep.PROPOSE:
        act = TwoPeople(data["act"]).spoken
        return (
            say("有一件提请等您复核:{act}({key})", act=act, key=change.stream),
            f"huimin proposal show {change.stream}",
        )
    if "units" in data and "period" in data:
        period = period_in_words(data["period"])
        return (
            say("{kind}:{period},贵单位尚有未报送的", kind=kind.spoken, period=period),
            "huimin todo",
        )
    return say("{named}:{step}", named=named, step=step), "huimin todo"
