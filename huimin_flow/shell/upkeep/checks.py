"""The checks of ``doctor``: what each says, and those of the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_clauses
from huimin_flow.catalogue.terms import Health
from huimin_flow.clock import shanghai

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: What happens each night is older than this only if it failed.
STALE = timedelta(hours=36)

#: A destination that fails for so long needs somebody to look at it.
_FAILING = timedelta(minutes=30)


@dataclass(frozen=True)
class Check:
    """A check: its subject, its result, and what to do."""

    name: str
    health: Health
    found: str
    remedy: str = ""


def checked(
    name: str, text: str, remedy: str = "", *, red: bool = False, yellow: bool = False
) -> Check:
    """Return a check; a green check has no remedy."""
    health = Health.RED if red else Health.YELLOW if yellow else Health.GREEN
    return Check(name, health, text, "" if health is Health.GREEN else remedy)


def extensions(seen: Snapshot) -> Iterator[Check]:
    """Yield the checks of the extensions that the active rulebook names."""
    from dataclasses import replace  # noqa: PLC0415 - few have extensions

    from huimin_flow.errors import StepRefused  # noqa: PLC0415 - as above
    from huimin_flow.settings.extensions import in_force  # noqa: PLC0415 - as above

    book = seen.rulebook.active()
    for key, section in sorted(book.extensions.items()):
        name = say("扩展 {name}", name=key)
        try:
            (one,) = in_force(replace(book, extensions={key: section}))
        except StepRefused as refusal:
            yield checked(name, str(refusal), refusal.remedy, red=True)
        else:
            revision = one.extension.revision
            yield checked(name, say("已装,修订{revision}", revision=revision))


def outbox(seen: Snapshot, now: datetime) -> Iterator[Check]:
    """Yield the checks of what is sent elsewhere, and of those who read changes."""
    for to in seen.deliveries.destinations():
        lag = say("读到第{position}条,还差{lag}条", position=to.position, lag=to.lag)
        parts, remedy = [lag], say("检查对方的服务与 huimin.yaml 的 outbox")
        if to.dead:
            parts.append(say("失败{count}件", count=to.dead))
            remedy = say("见 huimin outbox list --state 投递失败,逐件重投或放弃")
        if to.failing is not None:
            why = "" if to.fault is None else to.fault.spoken
            since = shanghai(to.failing)
            parts.append(say("{since}起不通:{why}", since=since, why=why))
        failing = to.failing is not None and now - to.failing > _FAILING
        name, text = say("投递 {name}", name=to.name), say_clauses(*parts)
        yield checked(name, text, remedy, red=to.dead > 0, yellow=failing)
    for reader in seen.changes.cursors():
        position, behind = reader.position, reader.lag
        text = say("读到第{position}条,还差{lag}条", position=position, lag=behind)
        late = behind > 0 and now - reader.at > STALE
        remedy = say("该系统很久没有读取变更,请问其维护者")
        name = say("读取变更 {name}", name=reader.consumer)
        yield checked(name, text, remedy, yellow=late)
