"""My work: what waits for me, and an item's page with what may be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.routing import Route

from huimin_flow.catalogue.language import say, say_note
from huimin_flow.catalogue.terms import (
    BulkAct,
    RecordStep,
    TodoKind,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.desk.core.answers import answer, go
from huimin_flow.desk.forms.acting import (
    act_file,
    may,
    proposal_file,
    title_of,
)
from huimin_flow.desk.forms.appeals import import_lead
from huimin_flow.desk.forms.on_item import acts_on
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import stream_words
from huimin_flow.reports.core.lists import item_file, list_file
from huimin_flow.reports.core.outbox import about_of
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.meetings import pack_file
from huimin_flow.reports.executing.feeds import STATUS
from huimin_flow.reports.executing.surveys import (
    answers_file,
    draw_file,
    survey_file,
)
from huimin_flow.reports.improving.boards import draft_file
from huimin_flow.reports.improving.digests import digest_file
from huimin_flow.reports.improving.engagements import engagement_file
from huimin_flow.reports.improving.reviews import review_file
from huimin_flow.reports.improving.spot_checks import MINE, spot_check_file
from huimin_flow.reports.lives import item_page
from huimin_flow.reports.sensing.answers import answered_about, ripe
from huimin_flow.reports.sensing.appeals import appeals, way_file
from huimin_flow.reports.sensing.gathering import gather_file

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.desk.core.state import Desk
    from huimin_flow.desk.core.who import Visitor
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.organization import Actor, Organization
    from huimin_flow.model.items import Todo

#: How many to-dos the page shows; the first fall due first.
_SHOWN: Final = 200

#: The most digits of the number of a page.
_DIGITS: Final = 6

#: The acts that no item or record leads to.
_ALONE: Final = (
    "items.collect",
    *("appeals.add", "appeals.erase"),
    "meetings.convene",
    "meetings.hold",
    "reviews.call",
    "resources.state",
    "tasks.report",
    *(f"points.{verb}" for verb in ("add", "move", "close")),
    "feeds.end",
    *(f"third_parties.{verb}" for verb in ("register", "amend", "end")),
    "scores.correct",
    "spot_checks.plan",
)

#: What the form of a to-do is about, by its kind, if that isn't a key.
_ABOUT: Final[Mapping[TodoKind, Callable[[str], dict[str, str]]]] = {
    TodoKind.DELIVERY: about_of,
    TodoKind.DIGEST: lambda subject: dict(
        zip(("period", "unit"), subject.split("/"), strict=True)
    ),
    TodoKind.ANSWER: answered_about,
    TodoKind.RATING: lambda subject: {"transaction": subject},
    TodoKind.POINT: lambda subject: {"key": subject} if "/" in subject else {},
    TodoKind.RESOURCES: lambda subject: dict(
        zip(("period", "area"), subject.split("/")[1:], strict=True)
    ),
}

#: The page of what a to-do is about, by its kind.
_PAGES: Final[Mapping[TodoKind, Callable[[str], str]]] = {
    TodoKind.LIST: list_file,
    TodoKind.BOARD: lambda key: draft_file(key.partition("/")[2]),
    TodoKind.MEETING: pack_file,
    TodoKind.DIGEST: lambda key: digest_file(
        key.partition("/")[0], key.partition("/")[2]
    ),
    TodoKind.SPOT_CHECK: spot_check_file,
    TodoKind.SURVEY: survey_file,
    TodoKind.TASK: lambda key: item_file(key.split("/")[1]),
    TodoKind.ENGAGEMENT: engagement_file,
    TodoKind.REVIEW: review_file,
    TodoKind.DECISION: lambda key: review_file(key.rpartition("/")[0]),
    TodoKind.ANSWER: lambda key: (
        way_file(*key.split("/", 1)) if "/" in key else item_file(key)
    ),
}

#: The kinds of to-dos whose subject is a record.
_OF_RECORDS: Final = frozenset(
    {
        TodoKind.LIST,
        TodoKind.ASSESSMENT,
        TodoKind.TASK,
        TodoKind.ADVICE,
        TodoKind.ORDER,
        TodoKind.BOARD,
        TodoKind.SPOT_CHECK,
        TodoKind.ENGAGEMENT,
        TodoKind.RECTIFICATION,
        TodoKind.SURVEY,
        TodoKind.REPLICATION,
        TodoKind.REVIEW,
        TodoKind.DECISION,
        TodoKind.MEETING,
    }
)


#: By act of a to-do, the page of all that it is about.
_OWN_PAGES: Final = {
    "gathering.yes": gather_file(),
    "appeals.link": f"{appeals.file}?loose=yes",
    "answers.close": ripe.file,
    "feeds.deliver": STATUS.file,
}

#: By act of a to-do that takes a file, the page to which it is sent.
_OF_FILES: Final[Mapping[str, Callable[[str], str]]] = {
    "surveys.draw": draw_file,
    "surveys.add_answers": answers_file,
}

#: The acts of to-dos that begin something on an item.
_ON_ITEMS: Final = frozenset({"rectifications.open", "surveys.draw"})

#: The kinds of to-dos that are done on a page of their own.
_LEADING: Final = frozenset({TodoKind.PROPOSAL, TodoKind.GATHERING, TodoKind.LOOSE})


@value
class TodoLine:
    """A to-do in words; ``file`` is its form, ``lead`` the page of what it is about.

    ``pick`` is what it is chosen by for an act with others, "" if there is none.
    """

    due: str
    overdue: bool
    kind: str
    step: str
    file: str
    subject: str
    title: str
    lead: str
    since: str
    pick: str


def todo(request: Request) -> Response:
    """Show what waits for the visitor, by due day."""
    visitor: Visitor = request.state.visitor
    by = visitor.actor
    if by is None:
        return go("sign-in.html")
    desk: Desk = request.app.state.desk
    with desk.flow.snapshot() as now:
        organization = now.rulebook.active().organization
        entries = now.people.todo(by)
        today = local_day(now.moment())
        chosen = request.query_params.get("kind", "")
        fitting = [entry for entry in entries if chosen in {"", entry.kind}]
        pages = max(-(-len(fitting) // _SHOWN), 1)
        typed = request.query_params.get("page", "")[:_DIGITS]
        place = min(int(typed), pages) if typed.isascii() and typed.isdigit() else 1
        place = max(place, 1)
        begun, onward = (place - 1) * _SHOWN, {"kind": chosen, "page": place + 1}
        shown = fitting[begun : begun + _SHOWN]
        lines = [line_of(entry, today, organization) for entry in shown]
        returns = may(by, "items.return_", now)
        bulk = bulk_acts(shown, returns=returns)
        others = [] if desk.rehearsal else list(other_posts(now, visitor, by))
        alone = [(act_file(act), title_of(act)) for act in _ALONE if may(by, act, now)]
        alone += import_lead(now, by)
        if may(by, "spot_checks.find", now):
            alone.append((f"{MINE}.html", say("全部抽查")))
    page = Page(
        file="todo.html",
        template="todo.html.j2",
        title=say("我的待办"),
        values={
            "post": say_note(by.id, organization.name_of(by.unit)),
            "lines": lines,
            "bulk": [(f"bulk-{act.value}.html", act.spoken) for act in bulk],
            "total": len(fitting),
            "first": begun + 1,
            "after": "" if place >= pages else f"todo.html?{urlencode(onward)}",
            "overdue": sum(
                entry.due is not None and entry.due < today for entry in fitting
            ),
            "kinds": [
                (kind.value, kind.spoken, count, kind == chosen)
                for kind, count in Counter(entry.kind for entry in entries).items()
            ],
            "others": others,
            "alone": alone,
        },
    )
    return answer(request, page)


def other_posts(
    now: Snapshot, visitor: Visitor, by: Actor
) -> Iterator[tuple[str, int]]:
    """Yield the visitor's other posts, each with how much waits for it."""
    for post in visitor.posts:
        if post.id != by.id:
            other = now.people.actor(post.id, by.via)
            yield post.id, len(now.people.todo(other))


def bulk_acts(entries: Sequence[Todo], *, returns: bool) -> list[BulkAct]:
    """Return what may be done for many of the entries at once.

    Whoever ``returns`` items may do so whatever step they wait for.
    """
    waits = {entry.step.value for entry in entries if _is_own_item(entry)}
    return [
        act
        for act in BulkAct
        if (act is BulkAct.RETURN and returns and waits)
        or act.value in waits
        or (
            act is BulkAct.APPROVE
            and any(entry.kind is TodoKind.PROPOSAL for entry in entries)
        )
    ]


def _is_own_item(entry: Todo) -> bool:
    """Tell whether an entry is an item whose next step is no other unit's."""
    return entry.kind is TodoKind.ITEM and not entry.unit


def _subject(
    entry: Todo, organization: Organization
) -> tuple[dict[str, str], str, str]:
    """Return what the form of a to-do is about, its page, and what it is in words."""
    key = entry.subject
    if entry.act == "lists.confirm_all":
        return {"period": key}, f"all-lists.html?period={key}", period_in_words(key)
    if entry.act in _OWN_PAGES:
        return {}, _OWN_PAGES[entry.act], key
    if entry.kind is TodoKind.REPEAT:
        return {}, way_file(*key.split("=", 1)), key
    is_record = entry.kind in _OF_RECORDS and entry.act not in _ON_ITEMS
    words = stream_words(key, organization.names) if is_record else key
    if entry.kind is TodoKind.ANSWER:  # its channel stands beside it in words
        words = key.partition("/")[2] or key
    if (
        (entry.act.startswith(("items.", "tasks.")) and not is_record)
        or entry.act in _ON_ITEMS
        or entry.step is RecordStep.REQUEST
    ):
        return {"number": key}, item_file(key), words
    about = _ABOUT[entry.kind](key) if entry.kind in _ABOUT else {"key": key}
    return about, _PAGES[entry.kind](key) if entry.kind in _PAGES else "", words


def line_of(entry: Todo, today: date, organization: Organization) -> TodoLine:
    """Return a to-do in words, with where it leads."""
    about, lead, subject = _subject(entry, organization)
    if entry.period:
        about["month"] = entry.period
    if entry.kind is TodoKind.PROPOSAL:
        lead = proposal_file(entry.subject)
    # A list's page leads to the form of each of its entries.
    leads = entry.step is RecordStep.DESCRIBE or entry.kind in _LEADING
    if entry.act in _OF_FILES and not entry.unit:  # a file is sent on a page of its own
        lead, leads = _OF_FILES[entry.act](entry.subject), True
    file = lead if leads else act_file(entry.act, **about)
    title = entry.title or entry.step.spoken
    if entry.period:
        title = f"{period_in_words(entry.period)} {title}"
    if entry.unit:  # another unit owes it
        file = ""
        title = say_note(
            title, say("由{unit}办理", unit=organization.name_of(entry.unit))
        )
    if entry.lacks:
        title = say_note(title, say("尚缺{fact}", fact=entry.lacks.spoken))
    return TodoLine(
        due="" if entry.due is None else entry.due.isoformat(),
        overdue=entry.due is not None and entry.due < today,
        kind=entry.kind.spoken,
        step=entry.step.spoken,
        file=file,
        subject=subject,
        title=title,
        lead=lead,
        since=entry.since.isoformat(),
        pick=entry.subject
        if _is_own_item(entry) or entry.kind is TodoKind.PROPOSAL
        else "",
    )


def item(request: Request) -> Response:
    """Show an item's page, with what the visitor may do with it now."""
    desk: Desk = request.app.state.desk
    number = request.path_params["number"]
    by = request.state.visitor.actor
    with desk.flow.snapshot() as now:
        page = item_page(now, number)
        values: dict[str, Any] = {"item": page, "acts": None}
        if by is not None:
            values |= acts_on(now, number, by)
    return answer(
        request,
        Page(
            file=item_file(number),
            template="item-now.html.j2",
            title=page.title,
            values=values,
        ),
    )


ROUTES = (
    Route("/todo.html", todo, methods=["GET"]),
    Route("/item-{number}.html", item, methods=["GET"]),
)
