"""Small recorded facts with streams of their own, written like items are."""

from __future__ import annotations

from datetime import date

from huimin_flow.flow.work import Work, moved
from huimin_flow.model.actor import Actor
from huimin_flow.model.plain import to_plain
from huimin_flow.store import repository


def keep_record(
    work: Work,
    key: str,
    step: str,
    value: object,
    *,
    by: Actor,
    version: int,
    about: str = "",
    occurred_on: date | None = None,
    source: str | None = None,
    target: str | None = None,
    rulebook: str | None = None,
    second: Actor | None = None,
) -> None:
    """Record a value whole, as the ``version``-th event of its stream.

    ``second`` is who confirmed it, where two people had to.

    Raises:
        ItemMoved: if someone else has written that version.

    """
    public = {"kind": type(value).__name__, "about": about, "value": to_plain(value)}
    if second is not None:
        public["confirmed_by"] = second.id
    work.record(
        key,
        step,
        actor=by,
        public=public,
        source=source,
        target=target,
        expected=version - 1,
        occurred_on=occurred_on,
        rulebook=rulebook,
    )
    columns = repository.record_columns(key, about, version, value)
    if not repository.save_record(work.connection, columns):
        raise moved(key, version - 1, version)
