"""Pulls: the functions that a host has registered for feeds, called for a month (E1).

No transaction is open while a function runs: it may take long. What it brings is
delivered like any figures of the feed, in a transaction of its own. One that raises,
brings nothing or nothing fit is missed; it stops neither the others nor the job.
"""

from __future__ import annotations

from huimin_flow.catalogue.reasons import FeedCode, Reasons, reason_of
from huimin_flow.catalogue.terms import FeedState, FeedWay, Job, StreamKind
from huimin_flow.errors import HuiminError, StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.executing.feeds import Feed, Pulled
from huimin_flow.rules.core.due import Due
from huimin_flow.stream_names import stream_of


def pulled(flow: Flow, due: Due, by: Actor) -> dict[str, Reasons]:
    """Call the pull of each open feed if they are due; return the missed, with why.

    Raises:
        StoreBusy: if another process holds the database; the job is tried again.

    """
    if due.job != Job.FEED_PULL:
        return {}
    pulls = {
        stream_of(StreamKind.FEED, key): function
        for key, function in door_of(flow).pulls.items()
    }
    missed: dict[str, Reasons] = {}
    for status in flow.feeds.status(state=FeedState.OPEN):
        feed = status.feed
        if feed.way is not FeedWay.PULL:
            continue
        function = pulls.get(feed.key)
        if function is None:
            why = reason_of(FeedCode.PULL_UNREGISTERED, {"feed": feed.key})
            missed[feed.key] = (why,)
            continue
        try:
            reasons = _delivered(flow, feed, function(feed, due.period), by)
        except StoreBusy:
            raise
        except HuiminError as refusal:
            reasons = refusal.reasons
        except Exception as error:  # noqa: BLE001 - a host's bug must stop no other
            # Its text is for the host's log: it may have a password or a name.
            values = {"feed": feed.key, "error": type(error).__name__}
            reasons = (reason_of(FeedCode.PULL_RAISED, values),)
        if reasons:
            missed[feed.key] = reasons
    return missed


def _delivered(flow: Flow, feed: Feed, brought: object, by: Actor) -> Reasons:
    """Deliver what a pull has brought; return why it brought nothing, or nothing."""
    if not isinstance(brought, Pulled):
        return (reason_of(FeedCode.PULL_UNFIT, {}),)
    if not brought.figures:
        return (reason_of(FeedCode.PULL_EMPTY, {"feed": feed.key}),)
    intake = flow.feeds.deliver(feed.key, brought.figures, brought.measured_at, by=by)
    if intake.kept or intake.known:
        return ()
    values = {"feed": feed.key, "count": len(intake.refused)}
    return (reason_of(FeedCode.PULL_REFUSED, values), intake.refused[0].reason)
