"""The pages that the static site has, too, each from one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.desk.core.answers import answer, go
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.pages import list_file, page_of
from huimin_flow.timetable.ledger import runs

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


def contents(request: Request) -> Response:
    """Show the home page: what is published, by its heading."""
    desk: Desk = request.app.state.desk
    with desk.flow.snapshot() as now:
        lists = [(edition.key, edition.period) for edition in now.lists.list()]
        months = [run.period for run in runs(now) if run.job == "five_colors"]
    links = [(period_in_words(period), list_file(key)) for key, period in lists]
    charts = [(period_in_words(month), f"month-{month}.html") for month in months]
    page = Page(
        file="index.html",
        template="index.html.j2",
        title=say("“惠民有感”清单与评价"),
        values={"groups": [(say("民生任务清单"), links), (say("月度五色图"), charts)]},
    )
    return answer(request, page)


def home(_: Request) -> Response:
    """Lead to the home page."""
    return go("index.html")


ROUTES = (
    Route("/", home, methods=["GET"]),
    Route("/index.html", contents, methods=["GET"]),
    Route("/{file}.html", page, methods=["GET"]),
)
