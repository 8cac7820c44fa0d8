"""The pages that the static site has, too, and lists with filters; tables as files.

Each answer is from one snapshot. A list or a table is a file under the same name, with
``.xlsx`` or ``.csv``: of a list all rows that fit its filters, of a page what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import Code, DoorCode, Reasons, reason_of
from huimin_flow.catalogue.terms import (
    MeetingState,
    StreamKind,
)
from huimin_flow.desk.core.answers import answer, environment, go
from huimin_flow.desk.forms.acting import lacks
from huimin_flow.desk.forms.appeals import with_reading
from huimin_flow.desk.forms.engagements import engagements_page
from huimin_flow.desk.forms.spot_checks import spot_checks_page
from huimin_flow.desk.lists import with_acts, with_board_acts, with_screening
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.exchange.core import tables
from huimin_flow.exchange.core.tables import Grid
from huimin_flow.exchange.deciding import documents
from huimin_flow.exchange.improving import digests as papers
from huimin_flow.flow import Flow
from huimin_flow.flow.methods import lines_of
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.improving.digests import Digest
from huimin_flow.reports.core.histories import act_word
from huimin_flow.reports.core.list_pages import MOST_ROWS, list_page, rows_of
from huimin_flow.reports.core.lists import Listing, Sight, asked_of, cell_value
from huimin_flow.reports.core.render import Frame, Page, draw
from huimin_flow.reports.core.seen import tables_of
from huimin_flow.reports.deciding.meetings import pack_page
from huimin_flow.reports.improving.boards import draft_page
from huimin_flow.reports.improving.digests import paper_html, paper_of
from huimin_flow.reports.improving.reviews import subject_names
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.reports.pages import page_of
from huimin_flow.reports.sensing import answers
from huimin_flow.reports.sensing import appeals as heard
from huimin_flow.reports.sensing.rounds import DESK
from huimin_flow.reports.sensing.towns import town_of

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk
    from huimin_flow.desk.core.who import Visitor
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.items import Attachment

#: The lists of appeals, each of which leads to what the appeal says.
_OF_APPEALS: Final = (heard.appeals, answers.waiting)

#: By the end of a file's name: what writes it, and its type.
_KINDS: Final = {
    "csv": (tables.csv_file, "text/csv; charset=utf-8"),
    "xlsx": (
        tables.workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


#: The types of the files in which editions of lists are published.
_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "xlsx": _KINDS["xlsx"][1],
}


def page(request: Request) -> Response:
    """Show the page with a file name; a list has filters in its query.

    Raises:
        NotFound: if there is no such page, period, edition, item or list.
        StepRefused: if a list needs a duty that the visitor hasn't.

    """
    desk: Desk = request.app.state.desk
    name = request.path_params["file"]
    with desk.flow.snapshot() as now:
        if listing := LISTINGS.get(name):
            if why := _why_closed(now, listing, request.state.visitor):
                raise StepRefused(why)
            held = _held(request, now, listing)
            built = list_page(now, listing, _query(request, now, listing), _act(), held)
            if listing is DESK and request.state.visitor.actor is not None:
                built = with_screening(built)
            elif listing in _OF_APPEALS and request.state.visitor.actor is not None:
                built = with_reading(built, now, request.state.visitor.actor)
            others = [
                (other.file, say(other.title))
                for other in LISTINGS.values()
                if not _why_closed(now, other, request.state.visitor)
            ]
            built = replace(built, values={**built.values, "others": others})
            return answer(request, built, 200 if built.values["clear"] else 400)
        built = _built(now, name, request.state.visitor)
        by, shown = request.state.visitor.actor, built.values.get("edition")
        if by is not None and isinstance(shown, Edition):
            built = with_acts(built, now, by)
    if built.file != "index.html":
        kinds = list(_KINDS) if "edition" not in built.values else []
        files = [(kind, f"{name}.{kind}") for kind in kinds]
        if isinstance(built.values.get("digest"), Digest):
            files += [("html", f"mail-{name}.html")]
        built = replace(built, values={**built.values, "downloads": files})
    return answer(request, built)


def table(request: Request, kind: str) -> Response:
    """Return a list, or the tables of a page, as a file of a kind.

    Raises:
        NotFound: as for the page.
        InputRefused: for a filter that isn't clear: the file would have other rows.
        StepRefused: as for the page.

    """
    desk: Desk = request.app.state.desk
    name = request.path_params["file"]
    with desk.flow.snapshot() as now:
        if listing := LISTINGS.get(name):
            if why := _why_closed(now, listing, request.state.visitor):
                raise StepRefused(why)
            held = _held(request, now, listing)
            grids = [_whole(now, listing, _query(request, now, listing), held)]
        else:
            built = _built(now, name, request.state.visitor)
            if "edition" in built.values and kind != "csv":
                return _published(built, name, kind)
            drawn = draw(built, Frame(rehearsal=False), environment())
            grids = [
                Grid(name=text, head=tuple(head), rows=tuple(map(tuple, rows)))
                for text, (head, *rows) in built.values.get("grids") or tables_of(drawn)
            ] or [Grid(name=built.title, head=(built.title,), rows=())]
    write, media = _KINDS[kind]
    return download(write(grids), f"{name}.{kind}", media)


def _published(built: Page, name: str, kind: str) -> Response:
    """Return an edition of a list as the document that is published."""
    values = built.values
    made = documents.files(values["edition"], values["document"])[kind]()
    return download(made, f"{name}.{kind}", _TYPES[kind])


def document(request: Request, kind: str) -> Response:
    """Return an edition of a list, or a digest, in official layout, or as json.

    Raises:
        NotFound: if there is no such edition; other pages have no documents.

    """
    desk: Desk = request.app.state.desk
    name = request.path_params["file"]
    with desk.flow.snapshot() as now:
        built = None if name in LISTINGS else _built(now, name, request.state.visitor)
        made = None if built is None else built.values.get("digest")
        if isinstance(made, Digest):
            paper = paper_of([made], subject_names(now.rulebook.active()))
            page = partial(paper_html, paper, rehearsal=now.rehearsal)
            content = papers.files([made], paper, page)[kind]()
            return download(content, f"{name}.{kind}", papers.TYPES[kind])
    if built is None or kind == "html" or "edition" not in built.values:
        raise NotFound(DoorCode.NO_SUCH_PAGE, file=f"{name}.{kind}"[:80])
    return _published(built, name, kind)


def attachment(request: Request) -> Response:
    """Return an attachment of an item as a file, never as a page.

    Raises:
        NotFound: if the item has no such attachment.

    """
    desk: Desk = request.app.state.desk
    number = request.path_params["number"]
    with desk.flow.snapshot() as now:
        now.items.get(number)
        return _attached(now, now.items.attachments(number), request)


def paper(request: Request) -> Response:
    """Return minutes or a paper of a meeting as a file, to those who may read it.

    Raises:
        NotFound: if the meeting has no such attachment.
        StepRefused: if the visitor may not read it before the meeting is closed.

    """
    desk: Desk = request.app.state.desk
    key = StreamKind.DELIBERATION.key(request.path_params["number"])
    with desk.flow.snapshot() as now:
        if now.meetings.get(key).deliberation.state is MeetingState.CLOSED:
            files = now.items.attachments(key)
        else:
            files = now.meetings.attachments(key, _actor(request.state.visitor))
        return _attached(now, files, request)


def _attached(
    now: Snapshot, files: tuple[Attachment, ...], request: Request
) -> Response:
    """Return the content of one of some attachments."""
    digest = request.path_params["digest"]
    names = {file.digest: file.name for file in files}
    if digest not in names:
        raise NotFound(DoorCode.NO_SUCH_PAGE, file=digest[:80])
    content = now.items.attached(digest)
    return download(content, names[digest], "application/octet-stream")


def _actor(visitor: Visitor) -> Actor:
    if visitor.actor is None:
        raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=visitor.account)
    return visitor.actor


def download(content: bytes, name: str, media: str) -> Response:
    """Return a content that a browser keeps under a safe name, and doesn't show."""
    safe = tables.safe_name(name)
    plain = "".join(sign if sign.isascii() else "_" for sign in safe)
    shown = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    headers = {"content-disposition": shown, "content-security-policy": "sandbox"}
    return Response(content, headers=headers, media_type=media)


def _built(now: Snapshot, name: str, visitor: Visitor) -> Page:
    """Return the page of a name; what is about nothing that there is isn't there.

    Raises:
        NotFound: if there is no such page.
        StepRefused: if it is a pack or a draft that the visitor may not read.

    """
    try:
        if pack := re.fullmatch("pack-([0-9]{4}-[0-9]{4,9})", name, re.ASCII):
            return pack_page(now, pack[1], _actor(visitor))
        if drafted := re.fullmatch("boards-draft-([0-9]{4}Q[1-4])", name, re.ASCII):
            return with_board_acts(draft_page(now, drafted[1]), now, _actor(visitor))
        by = visitor.actor
        if by is not None and (built := spot_checks_page(now, name, by)) is not None:
            return built
        if by is not None and (built := engagements_page(now, name, by)) is not None:
            return built
        return page_of(f"{name}.html")(now)
    except InputRefused as refusal:
        raise NotFound(refusal.reasons) from refusal


def _whole(
    now: Snapshot, listing: Listing, query: Mapping[str, str], held: Mapping[str, str]
) -> Grid:
    """Return all rows of a list that fit a query, up to ``MOST_ROWS``."""
    asked = asked_of(now, listing, query, held)
    if not asked.is_clear:
        wrong = [each.problem for each in asked.filters if each.problem]
        wrong += asked.problems
        raise InputRefused(DoorCode.FILTER_UNCLEAR, problems=wrong)
    _, rows = rows_of(now, listing, asked, most=MOST_ROWS)
    sight = Sight(now, now.rulebook.active().organization.names, _act())
    return Grid(
        name=say(listing.title),
        head=tuple(say(text) for text in listing.head),
        rows=tuple(tuple(map(cell_value, listing.row(sight, row))) for row in rows),
    )


def _why_closed(now: Snapshot, listing: Listing, visitor: Visitor) -> Reasons:
    """Return why the table doesn't let a visitor read a list; nothing if it does."""
    if listing.duty is None:
        return ()
    if visitor.actor is None:
        return (reason_of(Code.ACCOUNT_WITHOUT_POST, {"account": visitor.account}),)
    return lacks(visitor.actor, listing.duty, now, visitor.actor.unit)


def _query(request: Request, now: Snapshot, listing: Listing) -> dict[str, str]:
    """Return what the address asks, several values of a name joined.

    Whoever has the list's duty for their own unit alone begins with its rows; a town's
    post with every row, if the list has none of a town.
    """
    query: dict[str, str] = {}
    for name, text in request.query_params.multi_items():
        query[name] = f"{query[name]},{text}" if name in query else text
    by = request.state.visitor.actor
    if by is not None and listing.own_first is not None and "unit" not in query:
        of_all, of_own = (
            not lacks(by, listing.own_first, now, unit) for unit in (None, by.unit)
        )
        has_rows = bool(listing.of_town) or not town_of(now, [by.unit])
        query |= {"unit": by.unit} if of_own and not of_all and has_rows else {}
    return query


def _held(request: Request, now: Snapshot, listing: Listing) -> dict[str, str]:
    """Return the filter that holds a town's post to its rows, if the list has one."""
    by = request.state.visitor.actor
    town = "" if by is None or not listing.of_town else town_of(now, [by.unit])
    return {listing.of_town: town} if town else {}


@cache
def _act() -> partial[str]:
    """Return what gives the label of an act by the name of its function."""
    return partial(act_word, lines_of(Flow))


def csv(request: Request) -> Response:
    """Return a list, or the tables of a page, as a csv file."""
    return table(request, "csv")


def xlsx(request: Request) -> Response:
    """Return a list, or the tables of a page, as a workbook."""
    return table(request, "xlsx")


def home(_: Request) -> Response:
    """Lead to the home page."""
    return go("index.html")


ROUTES = (
    Route("/", home, methods=["GET"]),
    Route("/mail-{file}.html", partial(document, kind="html"), methods=["GET"]),
    Route("/{file}.html", page, methods=["GET"]),
    Route("/{file}.csv", csv, methods=["GET"]),
    Route("/{file}.xlsx", xlsx, methods=["GET"]),
    Route("/{file}.docx", partial(document, kind="docx"), methods=["GET"]),
    Route("/{file}.json", partial(document, kind="json"), methods=["GET"]),
    Route("/attachment-{number}-{digest}", attachment, methods=["GET"]),
    Route("/meeting-file-{number}-{digest}", paper, methods=["GET"]),
)
