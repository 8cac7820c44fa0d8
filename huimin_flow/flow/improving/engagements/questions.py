"""Questions on engagements of third parties: their reports, files and samples (D4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from huimin_flow.catalogue.terms import Argument, EngagementState
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.samples import drawn_again
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.items import Attachment
from huimin_flow.store import listings
from huimin_flow.store.executing.attachments import attachments_of
from huimin_flow.store.executing.surveys import codes_of


@question
def engagements(
    work: Work,
    *,
    item: str | None = None,
    state: EngagementState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Engagement, ...]:
    """Return the engagements of third parties, those of the newest items first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Engagement,
        {"about": item, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work, *, item: str | None = None, state: EngagementState | None = None
) -> int:
    """Return how many engagements ``list`` has with the same filters."""
    wanted = {"about": item, "state": state}
    return listings.count_records(work.connection, Engagement, wanted)


@question
def engagement(work: Work, key: Annotated[str, Argument.ENGAGEMENT]) -> Engagement:
    """Return an engagement: plan, staff, sample, report, findings and their answers.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Engagement, key)


@question
def files(
    work: Work, key: Annotated[str, Argument.ENGAGEMENT]
) -> tuple[Attachment, ...]:
    """Return the files of an engagement, by name: its report, and corrected ones.

    Raises:
        NotFound: if there is no such engagement.

    """
    record_of(work, Engagement, key)
    return attachments_of(work.connection, key)


@question
def sample(work: Work, key: Annotated[str, Argument.ENGAGEMENT]) -> tuple[str, ...]:
    """Return the codes that were drawn for an engagement, in the order of their rank.

    Raises:
        NotFound: if there is no such engagement.

    """
    record_of(work, Engagement, key)
    return tuple(codes_of(work.connection, key))


@question
def redraw(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    frame: Annotated[Sequence[str], Argument.FRAME],
) -> tuple[str, ...]:
    """Draw an engagement's sample again from its frame and its seed, and return it.

    It is the recorded sample, or the record was altered. One that nobody has entered
    has none.

    Raises:
        NotFound: if there is no such engagement.
        InputRefused: for another frame than the one of the draw.

    """
    known = record_of(work, Engagement, key).sample
    if known is None:
        return ()
    return drawn_again(known, frame)
