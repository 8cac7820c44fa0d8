"""What channels.yaml must hold beyond its shape: keys once, deadlines in range."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.model.rulebook import Channels
from huimin_flow.settings.document import Document
from huimin_flow.settings.figures import within

#: Working days to answer: a year has 250 of them.
_DAYS = (1, 250)


def of_channels(channels: Channels, document: Document) -> Iterator[str]:
    """Yield what is wrong with the channels."""
    keys = [one.key for one in channels.intake]
    for index, one in enumerate(channels.intake):
        place: list[str | int] = ["intake", index]
        if keys.count(one.key) > 1:
            yield document.problem([*place, "key"], "渠道代码重复", "请改用别的代码")
        yield from within(one.days, _DAYS, document, [*place, "days"])
    if not channels.intake:
        yield document.problem(["intake"], "没有任何采集渠道", "请至少写一个")
    if not channels.service:
        yield document.problem(["service"], "没有任何服务渠道", "请至少写一个")
