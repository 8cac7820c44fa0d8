"""What a mail says about a change: what waits, and how it is done; nothing personal."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import RecordStep, StreamKind, TwoPeople
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.core.changes import FeedChange
from huimin_flow.streams import STREAMS


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
    if "units" in data:
        period = period_in_words(data["period"])
        return (
            say("{kind}:{period},贵单位尚有未报送的", kind=kind.spoken, period=period),
            "huimin todo",
        )
    return say("{named}:{step}", named=named, step=step), "huimin todo"
