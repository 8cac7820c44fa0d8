"""Questions on surveys: their samples, drawn again by whoever doubts one (D0)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from huimin_flow.catalogue.reasons import SurveyCode
from huimin_flow.catalogue.terms import Argument, SurveyState
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.executing.surveys import Drawn, Survey
from huimin_flow.model.improving.engagements import FieldSample
from huimin_flow.rules.executing import surveys as rules
from huimin_flow.store import listings
from huimin_flow.store.executing import surveys as stored


@question
def surveys(
    work: Work,
    *,
    item: str | None = None,
    state: SurveyState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Survey, ...]:
    """Return the surveys, those of the newest items first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Survey,
        {"about": item, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work, *, item: str | None = None, state: SurveyState | None = None
) -> int:
    """Return how many surveys ``list`` has with the same filters."""
    wanted = {"about": item, "state": state}
    return listings.count_records(work.connection, Survey, wanted)


@question
def survey(work: Work, key: Annotated[str, Argument.SURVEY]) -> Survey:
    """Return a survey with its seed, its frame's digest and its result.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Survey, key)


@question
def sample(work: Work, key: Annotated[str, Argument.SURVEY]) -> tuple[Drawn, ...]:
    """Return the drawn codes in the order of their rank, and who has answered.

    Raises:
        NotFound: if there is no such survey.

    """
    record_of(work, Survey, key)
    return stored.sample(work.connection, key)


@question
def redraw(
    work: Work,
    key: Annotated[str, Argument.SURVEY],
    frame: Annotated[Sequence[str], Argument.FRAME],
) -> tuple[str, ...]:
    """Draw a survey's sample again from its frame and its seed, and return it.

    It is the recorded sample, or the record was altered.

    Raises:
        NotFound: if there is no such survey.
        InputRefused: for another frame than the one of the draw.

    """
    return drawn_again(record_of(work, Survey, key), frame)


def drawn_again(known: Survey | FieldSample, frame: Sequence[str]) -> tuple[str, ...]:
    """Draw a recorded sample again, from the frame that its digest names.

    Raises:
        InputRefused: for another frame than the one of the draw.

    """
    found = rules.frame_digest(frame)
    if found != known.frame:
        raise InputRefused(
            SurveyCode.OTHER_FRAME, digest=found[:16], frame=known.frame[:16]
        )
    return rules.draw(known.seed, frame, known.drawn)
