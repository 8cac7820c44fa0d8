"""The pack of a meeting, with what the visitor may do with it now (B1, F3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    DecisionState,
    MeetingState,
    ReviewMeetingState,
    StreamKind,
)
from huimin_flow.desk.core.answers import answer
from huimin_flow.desk.forms.acting import act_file, may, title_of
from huimin_flow.errors import StepRefused
from huimin_flow.reports.deciding.meetings import pack_page
from huimin_flow.reports.improving.reviews import review_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.desk.core.state import Desk

_M = MeetingState

#: By state of a meeting, the acts on it; what comes first at first.
_ON_MEETING: Final[Mapping[MeetingState, tuple[str, ...]]] = {
    _M.CONVENED: tuple(
        f"meetings.{verb}" for verb in ("begin", "put", "amend", "attach", "call_off")
    ),
    _M.HELD: tuple(f"meetings.{verb}" for verb in ("attach", "close", "amend")),
    _M.CLOSED: ("meetings.amend",),
}

#: By state of a meeting, the acts on an item of its agenda.
_ON_ITEM: Final[Mapping[MeetingState, tuple[str, ...]]] = {
    _M.CONVENED: ("meetings.take_off",),
    _M.HELD: ("items.judge", "meetings.postpone"),
}


def pack(request: Request) -> Response:
    """Show the pack of a meeting.

    Raises:
        NotFound: if there is none.
        StepRefused: if the visitor may not read it.

    """
    desk: Desk = request.app.state.desk
    visitor, number = request.state.visitor, request.path_params["meeting"]
    if visitor.actor is None:
        raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=visitor.account)
    by, key = visitor.actor, StreamKind.DELIBERATION.key(number)
    with desk.flow.snapshot() as now:
        built = pack_page(now, number, by)
        state = now.meetings.get(key).deliberation.state
        acts = [
            (act_file(act, key=key), title_of(act))
            for act in _ON_MEETING.get(state, ())
            if may(by, act, now)
        ]
        by_item = [act for act in _ON_ITEM.get(state, ()) if may(by, act, now)]
    on_items = {
        line.number: [
            (
                act_file(act, number=line.number)
                if act.startswith("items.")
                else act_file(act, key=key, item=line.number),
                title_of(act),
            )
            for act in by_item
        ]
        for line in built.values["lines"]
    }
    files = [(kind, f"pack-{number}.{kind}") for kind in ("csv", "xlsx")]
    more = {"acts": acts, "on_items": on_items, "downloads": files}
    page = replace(built, template="pack.html.j2", values={**built.values, **more})
    return answer(request, page)


#: By state of a review meeting, the acts on it.
_ON_REVIEW: Final = {
    ReviewMeetingState.CALLED: ("reviews.hold", "reviews.call_off"),
    ReviewMeetingState.HELD: ("decisions.decide", "reviews.attach", "reviews.close"),
}

#: By state of a decision, the acts on it.
_UNDONE = ("attach", "report", "remind", "drop")
_ON_DECISION: Final = {
    DecisionState.DECIDED: _UNDONE,
    DecisionState.RETURNED: _UNDONE,
    DecisionState.REPORTED: ("accept", "return_"),
}


def review(request: Request) -> Response:
    """Show a review meeting with its pack, and the acts that are open to the visitor.

    Raises:
        NotFound: if there is none.

    """
    desk: Desk = request.app.state.desk
    visitor, number = request.state.visitor, request.path_params["number"]
    by, key = visitor.actor, StreamKind.REVIEW_MEETING.key(number)
    with desk.flow.snapshot() as now:
        built = review_page(now, number)
        state = now.reviews.get(key).state
        leads = []
        if by is not None:
            leads = [
                (
                    act_file(act, review_meeting=key)
                    if act.startswith("decisions.")
                    else act_file(act, key=key),
                    title_of(act),
                )
                for act in _ON_REVIEW.get(state, ())
                if may(by, act, now)
            ]
            leads += [
                (act_file(act, key=made.key), say_note(title_of(act), made.key))
                for made in now.decisions.list(review_meeting=key)
                for act in (
                    f"decisions.{verb}" for verb in _ON_DECISION.get(made.state, ())
                )
                if may(by, act, now)
            ]
    page = replace(built, values={**built.values, "leads": tuple(leads)})
    return answer(request, page)


ROUTES = (
    Route("/pack-{meeting}.html", pack, methods=["GET"]),
    Route("/review-{number}.html", review, methods=["GET"]),
)
