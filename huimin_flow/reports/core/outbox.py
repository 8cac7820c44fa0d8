"""The lists of deliveries and of destinations, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import DeliveryState, Duty, StreamKind
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.lists import Ref, Row, Sight, listed

if TYPE_CHECKING:
    from huimin_flow.model.core.changes import DeliveryLine, Destination


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
