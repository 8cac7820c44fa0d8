"""A batch of facts is one event with the Merkle root of its stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.store.facts import root_of
from huimin_flow.streams import nth


def keep_batch(
    work: Work,
    kind: str,
    batch: int,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    known: int = 0,
) -> str:
    """Record the event that vouches for stored rows; return the hex root.

    ``known`` counts what the batch brought again and was not kept.
    """
    root = root_of(rows)
    vouch(work, kind, batch, len(rows), root, by=by, more={"known": known})
    return root


def vouch(
    work: Work,
    kind: str,
    batch: int,
    count: int,
    root: str,
    *,
    by: Actor,
    more: Mapping[str, Any],
) -> None:
    """Record the event of a batch whose root its keeper has reckoned already."""
    public = {"kind": kind, "batch": batch, "count": count, "root": root, **more}
    work.record(
        StreamKind.BATCH.key(nth(StreamKind.BATCH, batch)),
        "keep",
        actor=by,
        public=public,
        expected=0,
    )
