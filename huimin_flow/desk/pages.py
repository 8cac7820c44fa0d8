"""The pages that the static site has, too, each from one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.desk.core.answers import answer, go
from huimin_flow.reports.pages import page_of

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk


def page(request: Request) -> Response:
    """Show the page with a file name.

    Raises:
        NotFound: if there is no such page.

    """
    desk: Desk = request.app.state.desk
    build = page_of(f"{request.path_params['file']}.html")
    with desk.flow.snapshot() as now:
        built = build(now)
    return answer(request, built)


def home(_: Request) -> Response:
    """Lead to the home page."""
    return go("index.html")


ROUTES = (
    Route("/", home, methods=["GET"]),
    Route("/{file}.html", page, methods=["GET"]),
)
