"""My work: what waits for me, and an item's page with what may be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from huimin_flow.catalogue.language import say, say_list, say_note
from huimin_flow.catalogue.terms import (
    AdviceState,
    BulkAct,
    MeetingState,
    RecordStep,
    State,
    TodoKind,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.desk.core.answers import answer, go
from huimin_flow.desk.forms.acting import (
    act_file,
    may,
    meeting_words,
    proposal_file,
    title_of,
)
from huimin_flow.desk.forms.form import Refusal, in_words
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.ledgers import FULFILLED, IN_LEDGER
from huimin_flow.reports.core.histories import stream_words
from huimin_flow.reports.core.lists import item_file, list_file
from huimin_flow.reports.core.outbox import about_of
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.meetings import pack_file
from huimin_flow.reports.items import undo_words
from huimin_flow.reports.lives import item_page
from huimin_flow.reports.sensing.answers import answered_about
from huimin_flow.reports.sensing.gathering import gather_file
from huimin_flow.states.records import ASSESSMENT

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.desk.core.state import Desk
    from huimin_flow.desk.core.who import Visitor
    from huimin_flow.flow import Snapshot
    from huimin_flow.flow.possible import Possibility
    from huimin_flow.model.core.organization import Actor, Organization
    from huimin_flow.model.items import Item, Todo, Undo

#: How many to-dos the page shows; the first fall due first.
_SHOWN: Final = 200

#: How many holders of a right a line names.
_HOLDERS: Final = 3

#: The acts that no item or record leads to.
_ALONE: Final = (
    "items.collect",
    *("appeals.add", "appeals.erase"),
    "meetings.convene",
    "meetings.hold",
    "resources.state",
    "tasks.report",
    *(f"points.{verb}" for verb in ("add", "move", "close")),
    *(f"third_parties.{verb}" for verb in ("register", "amend", "end")),
    "scores.correct",
)

#: What the form of a to-do is about, by its kind, if that isn't a key.
_ABOUT: Final[Mapping[TodoKind, Callable[[str], dict[str, str]]]] = {
    TodoKind.DELIVERY: about_of,
    TodoKind.ANSWER: answered_about,
    TodoKind.RATING: lambda subject: {"transaction": subject},
    TodoKind.POINT: lambda subject: {"key": subject} if "/" in subject else {},
    TodoKind.RESOURCES: lambda subject: dict(
        zip(("period", "area"), subject.split("/")[1:], strict=True)
    ),
}

#: The page of what a to-do is about, by its kind.
_PAGES: Final = {TodoKind.LIST: list_file, TodoKind.MEETING: pack_file}

#: The acts on an item that are no steps of it.
_BESIDE: Final = (
    "appeals.link",
    "appeals.unlink",
    "meetings.hold",
    "resources.cost",
    "assessments.request",
    "items.attach",
)

#: By state of advice on an item, the acts on it.
_OF_ADVICE: Final = {
    AdviceState.ADVISED: ("advice.adopt", "advice.decline"),
    AdviceState.MENDING: ("advice.mend",),
    AdviceState.REPORTED: ("advice.verify", "advice.return_"),
}

_M: Final = MeetingState

#: Those that need the tasks of a plan.
_OF_TASKS: Final = ("tasks.report", "tasks.excuse")

#: The kinds of to-dos whose subject is a record.
_OF_RECORDS: Final = frozenset(
    {TodoKind.LIST, TodoKind.ASSESSMENT, TodoKind.ADVICE, TodoKind.MEETING}
)


#: The kinds of to-dos that are done on a page of their own.
_LEADING: Final = frozenset({TodoKind.PROPOSAL, TodoKind.GATHERING})


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


@value
class StepLine:
    """A step that is not possible now: why not, and who may take it."""

    step: str
    why: Refusal
    who: str


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
        lines = [line_of(entry, today, organization) for entry in fitting[:_SHOWN]]
        returns = may(by, "items.return_", now)
        bulk = bulk_acts(fitting[:_SHOWN], returns=returns)
        others = [] if desk.rehearsal else list(other_posts(now, visitor, by))
        alone = [(act_file(act), title_of(act)) for act in _ALONE if may(by, act, now)]
    page = Page(
        file="todo.html",
        template="todo.html.j2",
        title=say("我的待办"),
        values={
            "post": say_note(by.id, organization.name_of(by.unit)),
            "lines": lines,
            "bulk": [(f"bulk-{act.value}.html", act.spoken) for act in bulk],
            "total": len(fitting),
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
    is_record = entry.kind in _OF_RECORDS
    words = stream_words(key, organization.names) if is_record else key
    if entry.act.startswith(("items.", "tasks.")) or entry.step is RecordStep.REQUEST:
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
    if entry.kind is TodoKind.GATHERING:
        lead = gather_file()
    leads = entry.step is RecordStep.DESCRIBE or entry.kind in _LEADING
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


def acts_on(now: Snapshot, number: str, by: Actor) -> dict[str, Any]:
    """Return what an actor may do with an item now, and for the rest why not."""
    item = now.items.get(number)
    steps = now.items.possible(number, by)
    organization = now.rulebook.active().organization
    undo = now.items.undo(number, by)
    drops = item.state in IN_LEDGER and item.state not in FULFILLED
    beside = (
        *_BESIDE,
        *(_OF_TASKS if item.plan else ()),
        *(("ledgers.drop",) if drops else ()),
        *(("meetings.convene",) if item.state is State.SCREENED else ()),
    )
    records = [
        (act_file(act, key=made.key), say_note(title_of(act), made.kind.spoken))
        for made in now.assessments.list(item=number)
        for act in [f"assessments.{step}" for step in ASSESSMENT.leaving(made.state)]
        if may(by, act, now)
    ]
    records += [
        (
            act_file(act, key=made.key),
            say_note(title_of(act), made.recommendation.spoken),
        )
        for made in now.advice.list(item=number)
        for act in _OF_ADVICE.get(made.state, ())
        if may(by, act, now)
    ]
    if may(by, "meetings.amend", now):
        records += _of_meetings(now, item)
    return {
        "acts": [
            (act_file(step.act, number=number), title_of(step.act), step.two)
            for step in steps
            if step.possible
        ],
        "beside": [
            (act_file(act, number=number), title_of(act))
            for act in beside
            if may(by, act, now)
        ]
        + records,
        "rest": list(steps_left(steps, organization)),
        "undo": way_back(undo),
    }


def _of_meetings(now: Snapshot, item: Item) -> Iterator[tuple[str, str]]:
    """Yield forms and texts of the acts on the meetings of an item.

    A screened item may be put on the agenda of a convened meeting, if it is on none.
    """
    held = now.meetings.list(item=item.number)
    acts = {"amend": [each for each in held if each.state is not _M.CALLED_OFF]}
    if item.state is State.SCREENED:
        acts["take_off"] = [each for each in held if each.state is _M.CONVENED]
        if not acts["take_off"]:
            acts["put"] = list(now.meetings.list(state=_M.CONVENED))
        acts["postpone"] = [each for each in held if each.state is _M.HELD]
    for verb, meetings in acts.items():
        act = f"meetings.{verb}"
        about = {} if verb == "amend" else {"item": item.number}
        for meeting in meetings:
            file = act_file(act, key=meeting.key, **about)
            yield file, say_note(title_of(act), meeting_words(meeting))


def steps_left(
    steps: Sequence[Possibility], organization: Organization
) -> Iterator[StepLine]:
    """Yield the steps that are not possible now."""
    for step in steps:
        if step.possible:
            continue
        holders = [
            say_note(
                organization.name_of(holder.unit),
                say_list(role.spoken for role in holder.roles),
            )
            for holder in step.who
        ]
        named = list(dict.fromkeys(holders))
        who = say_list(named[:_HOLDERS])
        if len(named) > _HOLDERS:
            who = say("{who}等{count}个岗位", who=who, count=len(step.who))
        yield StepLine(
            step=title_of(step.act),
            why=in_words(StepRefused(step.reasons)),
            who=who,
        )


def way_back(undo: Undo) -> dict[str, Any]:
    """Return in words what would take back an item's last step, with its form."""
    words: dict[str, Any] = {"last": undo.last.spoken, "file": "", "text": ""}
    if undo.proposal:
        words |= {"file": proposal_file(undo.proposal), "text": say("撤回提请")}
    elif undo.reasons or undo.step is None:
        words["why"] = in_words(StepRefused(undo.reasons))
    else:
        file = act_file(f"items.{undo.step.value}", number=undo.number)
        words |= {"file": file, "text": undo_words(undo, undo.step)}
    return words


ROUTES = (
    Route("/todo.html", todo, methods=["GET"]),
    Route("/item-{number}.html", item, methods=["GET"]),
)
