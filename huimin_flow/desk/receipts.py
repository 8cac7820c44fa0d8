"""How far an appeal is, for whoever holds its receipt: a page without signing in (A7).

The number is sent in a form, so that it stands in no address, log or history. There is
neither a person nor a text on the page, and wrong numbers all look the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.desk.core.answers import answer, status_of
from huimin_flow.desk.forms.form import in_words
from huimin_flow.errors import NotFound
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.answers import receipt_lines

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk

#: The address of the page, which needs no post.
PATH: Final = "/receipt.html"


def receipt(request: Request) -> Response:
    """Show the form for a number, and what a number that was sent leads to."""
    desk: Desk = request.app.state.desk
    number, status = str(request.state.form.get("number", "")), 200
    old = getattr(request.state, "old", None)
    top, lines = [] if old is None else [in_words(old)], []
    if number and old is None:
        with desk.flow.snapshot() as now:
            try:
                found = now.appeals.receipt(number)
            except NotFound as refusal:
                top, status = [in_words(refusal)], status_of(refusal)
            else:
                names = now.rulebook.active().organization.names
                lines = [
                    (say(label), str(value))
                    for label, value in receipt_lines(found, names)
                ]
    page = Page(
        file=PATH[1:],
        template="receipt.html.j2",
        title=say("诉求回执查询"),
        values={"top": top, "number": number[:100], "lines": lines},
    )
    return answer(request, page, status)


ROUTES = (
    Route(PATH, receipt, methods=["GET"]),
    Route(PATH, receipt, methods=["POST"]),
)
