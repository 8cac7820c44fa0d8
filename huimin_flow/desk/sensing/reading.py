"""Reading what appeals say: the reason first, then the texts, on the record (X1).

The texts are on the answer to a form alone: no address leads to them, and no browser
keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.clock import shanghai
from huimin_flow.desk.core.answers import answer, go, status_of
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.forms.acting import act_file, may
from huimin_flow.desk.forms.form import in_words
from huimin_flow.errors import HuiminError
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.appeals import READ_FILE
from huimin_flow.reports.sensing.rounds import proposed_words

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.sensing.reading import AppealText


def reading(request: Request) -> Response:
    """Show the form for appeals and a reason, and what was asked for with it."""
    by = request.state.visitor.actor
    if by is None:
        return go("sign-in.html")
    desk: Desk = request.app.state.desk
    form, old = request.state.form, getattr(request.state, "old", None)
    top, status = [] if old is None else [in_words(old)], 200
    named = str(form.get("appeals", request.query_params.get("appeals", "")))
    reason, full = str(form.get("reason", "")), "full" in form
    lines: list[dict[str, Any]] = []
    if request.method == "POST" and old is None:
        try:
            with desk.flow.snapshot() as now:
                asked = [
                    (found.channel, found.key)
                    for found in map(now.appeals.get, named.split())
                ]
            flow = desk.flow.once(str(form.get("request", "")) or new_id())
            made = flow.appeals.read(asked, reason, full=full, by=by)
            with desk.flow.snapshot() as now:
                lines = [_line(each, now, by) for each in made]
        except HuiminError as refusal:
            request.state.refused = refusal.code
            top, status = [in_words(refusal)], status_of(refusal)
    page = Page(
        file=READ_FILE,
        template="read.html.j2",
        title=say("查看诉求原文"),
        values={
            "top": top,
            "lines": lines,
            "appeals": named,
            "reason": reason,
            "full": full,
            "request": new_id(),
        },
    )
    return answer(request, page, status)


def _line(made: AppealText, now: Snapshot, by: Actor) -> dict[str, Any]:
    """Return an appeal as it is shown, with what its text suggests.

    One without an item leads to the form by which it becomes one.
    """
    contact = {} if made.contact is None else to_plain(made.contact)
    suggested = now.appeals.suggest(made.key, channel=made.channel)
    loose = now.appeals.get(made.key, channel=made.channel).item is None
    form = "gathering.collect"
    leads = loose and not made.erased and may(by, form, now)
    return {
        "suggested": list(proposed_words(suggested, now.rulebook.active())),
        "collect": act_file(form, key=made.key, channel=made.channel) if leads else "",
        "name": f"{made.channel}={made.key}",
        "at": shanghai(made.at),
        "title": made.title,
        "text": say("已抹去,没有内容") if made.erased else made.text,
        "contact": " ".join(filter(None, contact.values())),
    }


ROUTES = (
    Route(f"/{READ_FILE}", reading, methods=["GET"]),
    Route(f"/{READ_FILE}", reading, methods=["POST"]),
)
