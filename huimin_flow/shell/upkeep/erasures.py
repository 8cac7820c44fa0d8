"""What a restored backup brought back, erased again, and how it is told (X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.model.sensing.reading import Erasure


def erased_again(flow: Flow) -> tuple[Erasure, ...]:
    """Erase what a restored backup has brought back, and return what that was."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.flow.sensing.personal import erasing  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import SCHEDULER  # noqa: PLC0415 - heavy

    door = door_of(flow)
    if not door.read(door.keyring.returned):
        return ()
    return door.perform(erasing.reapply.function, by=SCHEDULER)


def again_lines(again: tuple[Erasure, ...]) -> list[str]:
    """Return what to say about what was erased again."""
    if not again:
        return []
    count = sum(len(each.rows) for each in again)
    text = "备份里有{people}人(件)早已抹去,已再次抹去{count}条诉求的内容"
    return [say(text, people=len(again), count=count)]
