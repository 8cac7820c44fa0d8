"""A rehearsal's own time: what ``--now`` says, or the last recorded moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.errors import InputRefused
from huimin_flow.shell import given, screens

if TYPE_CHECKING:
    from huimin_flow.clock import RehearsalClock
    from huimin_flow.flow import Flow

F = TypeVar("F", bound=Callable[..., Any])

#: How many years a rehearsal may go beyond the last calendar, where nothing is due.
_FAR = 100

#: Under which a command's context keeps what ``--now`` said.
_KEY = "huimin.now"


def timed(function: F) -> F:
    """Give a command ``--now``, the moment at which a rehearsal takes it."""
    made: F = click.option(
        "--now",
        expose_value=False,
        callback=_kept,
        help="推演到何时,如 2026-12-01T09:30(仅推演库);默认此刻,不早于最后一条记录。",
    )(function)
    return made


def _kept(context: click.Context, _: click.Parameter, text: str | None) -> None:
    context.meta[_KEY] = None if text is None else given.moment(text)


def clock_of(flow: Flow) -> RehearsalClock | None:
    """Return the clock that a command needs, or None where the machine's serves.

    A rehearsal that ran ahead of the machine goes on at its last recorded moment.

    Raises:
        InputRefused: for a given moment before the last recorded one, or one
            that no calendar reaches.

    """
    from huimin_flow.clock import (  # noqa: PLC0415 - with the rest
        GivenClock,
        SystemClock,
    )

    context = click.get_current_context(silent=True)
    named: datetime | None = None if context is None else context.meta.get(_KEY)
    if named is None and not flow.rehearsal:
        return None
    try:
        last = flow.last_recorded()
    except (ValueError, TypeError):
        last = None  # a moment edited by hand is the audit's to name
    if named is not None and last is not None and flow.rehearsal and named < last:
        raise InputRefused(
            DoorCode.BEFORE_LAST_RECORD,
            moment=screens.shanghai(named),
            last=screens.shanghai(last),
        )
    if named is not None:
        if flow.rehearsal:
            _within_calendars(flow, named)
        return GivenClock(named)
    if last is None or last <= SystemClock().now():
        return None
    return GivenClock(last)


def _within_calendars(flow: Flow, named: datetime) -> None:
    """Refuse a slip of the pen: a rehearsal that went there never comes back."""
    years = [one.year for one in flow.rulebook().calendar.years]
    if years and named.year > max(years) + _FAR:
        raise InputRefused(
            DoorCode.BEYOND_CALENDARS,
            moment=screens.shanghai(named),
            year=max(years),
        )


def said(clock: RehearsalClock) -> str:
    """Return the sentence that says at which moment a command takes place."""
    return f"推演库,此刻按推演的时间:{screens.shanghai(clock.now())}"
