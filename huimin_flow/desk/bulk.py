"""Many acts of one kind: chosen among the to-dos, previewed together, done once.

Each line is the form of the act alone; its inputs begin with the line's name:
``rows[0].scores.urgency``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import BulkCode, Code, DoorCode
from huimin_flow.catalogue.terms import BulkAct, TwoPeople
from huimin_flow.desk.core.answers import answer, go, status_of
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.forms.acting import (
    EventAhead,
    changes_since,
    events_ahead,
    proposal_file,
)
from huimin_flow.desk.forms.form import Form, Refusal, Sent, in_words
from huimin_flow.desk.forms.inputs import Group, Input, draw, is_used, place, typed
from huimin_flow.desk.forms.layouts import layout_of
from huimin_flow.errors import HuiminError, InputRefused, NotFound, StepRefused
from huimin_flow.flow.todo.bulk import ACTS
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.changes import Change, changes
from huimin_flow.reports.core.histories import stream_words
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.steps import ASKED
from huimin_flow.states.table import ENDS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.desk.core.state import Desk
    from huimin_flow.flow import Questions
    from huimin_flow.flow.todo.bulk import Bulk
    from huimin_flow.model.core.organization import Actor

#: The most lines of one form: as many as the to-dos show.
_MOST: Final = 200

#: A chosen to-do, and an input of a line.
_PICK: Final = "pick."
_INPUT: Final = re.compile(r"rows\[([0-9]{1,4})\]\.(.+)", re.ASCII)
_LINE: Final = re.compile(r"rows\[([0-9]{1,4})\]", re.ASCII)


@dataclass(kw_only=True)
class _Row:
    """A line: its texts as sent; None if it was just chosen."""

    subject: str
    texts: dict[str, str] | None = None
    moved: tuple[str, ...] = ()
    events: tuple[EventAhead, ...] = ()


@value
class Line:
    """A line as it is drawn: its form, what the act would do, or why it can't.

    ``changes`` is the content of a proposal. ``moved`` is what happened meanwhile.
    """

    name: str
    subject: str
    title: str
    lead: str
    parts: tuple[Input | Group, ...]
    top: tuple[Refusal, ...]
    refusals: tuple[Refusal, ...]
    events: tuple[EventAhead, ...]
    typed: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    moved: tuple[str, ...]


@dataclass
class _Case:
    """A request about many acts of one kind."""

    request: Request
    by: Actor
    kind: BulkAct
    own: dict[str, str]
    rows: dict[int, _Row] = field(default_factory=dict)
    forms: dict[int, Form] = field(default_factory=dict)
    top: list[Refusal] = field(default_factory=list)
    #: Whether an act of a line ends something.
    asks: bool = False

    @property
    def desk(self) -> Desk:
        desk: Desk = self.request.app.state.desk
        return desk

    @property
    def key(self) -> str:
        """Return the field that says what a line is about."""
        return "key" if self.kind is BulkAct.APPROVE else "number"

    def read(self, now: Questions) -> dict[int, dict[str, Any]]:
        """Return the arguments of the lines whose inputs can be read."""
        self.describe(now)
        read = {n: form.read() for n, form in self.forms.items()}
        return {n: made for n, made in read.items() if made is not None}

    def describe(self, now: Questions) -> None:
        """Make the form of each line.

        Raises:
            NotFound: if an item or a proposal doesn't exist.

        """
        act = ACTS[self.kind]
        for n, row in self.rows.items():
            layout = layout_of(now, act, {self.key: row.subject}, self.by)
            if self.kind is BulkAct.APPROVE:
                seen = now.proposals.get(row.subject).proposal.seen
                layout = replace(
                    layout,
                    begins={**layout.begins, "seen": seen},
                    hidden=layout.hidden | {"seen"},
                )
            sent = None if row.texts is None else Sent(texts=row.texts)
            self.forms[n] = Form(now, act, layout, sent)

    def judged(self, now: Questions, lines: Mapping[int, Any]) -> None:
        """Put beside each line what its act did or would do, or why it is refused."""
        book = now.rulebook.active()
        for n, line in lines.items():
            row = self.rows[n]
            row.events = tuple(events_ahead(line.events, book))
            self.asks |= any(
                event.step in ASKED
                or (event.target in ENDS and event.source != event.target)
                for event in line.events
            )
            if not line.reasons:
                continue
            self.forms[n].now = now
            place(self.forms[n], StepRefused(line.reasons))
            stale = line.reasons[0].code == Code.STALE_VERSION
            if stale and row.texts is not None and "version" in row.texts:
                since = row.texts["version"]
                row.moved = tuple(changes_since(now, row.subject, since))

    def lines(self, now: Questions) -> Iterator[Line]:
        """Yield the lines in their order."""
        book = now.rulebook.active()
        for n, row in self.rows.items():
            form, name = self.forms[n], f"rows[{n}]"
            form.now = now
            parts = draw(form)
            content: tuple[Change, ...] = ()
            subject, lead = row.subject, item_file(row.subject)
            if self.kind is BulkAct.APPROVE:
                known = now.proposals.get(row.subject)
                content = tuple(changes(known.content, book))
                subject = stream_words(row.subject, book.organization.names)
                lead = proposal_file(row.subject)
                asked = known.proposal
                title = TwoPeople(asked.act).spoken
                if number := asked.values.get("item"):
                    title = f"{title} {number} {now.items.get(number).title}"
            else:
                title = now.items.get(row.subject).title
            yield Line(
                name=name,
                subject=subject,
                title=title,
                lead=lead,
                parts=tuple(_within(part, f"{name}.") for part in parts),
                top=tuple(form.refusals.get("", ())),
                refusals=tuple(r for known in form.refusals.values() for r in known),
                events=row.events,
                typed=tuple(typed(parts)),
                changes=content,
                moved=row.moved,
            )

    def page(self, now: Questions, shows: str, seen: str = "") -> Page:
        """Return the page in one of its shapes: ``fill``, ``ahead`` or ``done``."""
        lines = list(self.lines(now))
        refused = {line.name for line in lines if line.refusals}
        kept = [
            (f"rows[{n}].{name}", text)
            for n, form in self.forms.items()
            if shows == "ahead" or f"rows[{n}]" in refused
            for name, text in form.texts.items()
        ]
        return Page(
            file=f"bulk-{self.kind.value}.html",
            template="bulk.html.j2",
            title=say("批量{act}", act=self.kind.spoken),
            values={
                "shows": shows,
                "lines": lines,
                "top": self.top,
                "passed": len(lines) - len(refused),
                "refused": len(refused),
                "kept": kept,
                "seen": seen[:12],
                "asks": self.asks,
                "each": self.own.get("whole") == "each",
                "is_used": is_used,
                "request": self.own.get("request") or new_id(),
                "again": new_id(),
            },
        )


def _within(part: Input | Group, line: str) -> Input | Group:
    """Return an input or a group under a line's name."""
    if isinstance(part, Input):
        return replace(part, name=line + part.name)
    return replace(
        part,
        name=line + part.name,
        rows=part.rows and line + part.rows,
        parts=tuple(_within(inner, line) for inner in part.parts),
    )


def _case(request: Request) -> _Case:
    """Return what a request is about.

    Raises:
        NotFound: if no such act is done for many.
        InputRefused: for no line, or more than two hundred.

    """
    named = request.path_params["kind"]
    kind = next((each for each in BulkAct if each.value == named), None)
    if kind is None:
        raise NotFound(DoorCode.NO_SUCH_PAGE, file=f"bulk-{named}.html"[:80])
    sent = {
        name: text
        for name, text in request.state.form.multi_items()
        if isinstance(text, str)
    }
    own = {n: t for n, t in sent.items() if not n.startswith(("rows[", _PICK))}
    case = _Case(request, request.state.visitor.actor, kind, own)
    texts: dict[int, dict[str, str]] = {}
    for name, text in sent.items():
        if within := _INPUT.fullmatch(name):
            texts.setdefault(int(within[1]), {})[within[2]] = text
    gone = _LINE.fullmatch(own.get("remove", ""))
    case.rows = {
        n: _Row(subject=row.get(case.key, ""), texts=row)
        for n, row in sorted(texts.items())
        if gone is None or n != int(gone[1])
    }
    picked = [name.removeprefix(_PICK) for name in sent if name.startswith(_PICK)]
    if not case.rows:
        case.rows = {n: _Row(subject=subject) for n, subject in enumerate(picked)}
    if not 0 < len(case.rows) <= _MOST:
        raise InputRefused(BulkCode.ROWS_COUNT, given=len(case.rows), most=_MOST)
    return case


def form(request: Request) -> Response:
    """Show the form again with what was typed; without lines, the to-dos."""
    if request.state.visitor.actor is None:
        return go("sign-in.html")
    old: HuiminError | None = getattr(request.state, "old", None)
    if old is None:
        return go("todo.html")
    case = _case(request)
    case.top.append(in_words(old))
    return _shown(case, "fill")


def sent(request: Request) -> Response:
    """Show the form of the chosen lines, preview them, or do them."""
    case = _case(request)
    pressed = case.own.get("do", "")
    if change := case.own.get("add") or case.own.get("remove"):
        return _changed(case, change)
    if pressed == "preview":
        return _previewed(case, "ahead")
    if pressed == "edit":
        return _previewed(case, "fill")
    if pressed == "done":
        return _done(case)
    return _shown(case, "fill")


def _shown(case: _Case, shows: str) -> Response:
    with case.desk.flow.snapshot() as now:
        case.describe(now)
        page = case.page(now, shows)
    return answer(case.request, page)


def _changed(case: _Case, change: str) -> Response:
    """Add a row within a line, or remove one; a line itself is left out already."""
    with case.desk.flow.snapshot() as now:
        case.describe(now)
        inside = _INPUT.fullmatch(change)
        if inside and int(inside[1]) in case.forms:
            adds = "add" in case.own
            case.forms[int(inside[1])].change_rows(
                inside[2] if adds else "", "" if adds else inside[2]
            )
        page = case.page(now, "fill")
    return answer(case.request, page)


def _trial(case: _Case) -> str:
    """Try what the lines ask for, each on its own; return the check code.

    Nothing of it remains.
    """
    with case.desk.flow.snapshot() as now:
        read = case.read(now)
    if not read:
        return ""
    with case.desk.flow.dry() as dry:
        made = dry.bulk.do(case.kind, list(read.values()), whole=False, by=case.by)
    with case.desk.flow.snapshot() as now:
        case.judged(now, dict(zip(read, made.lines, strict=True)))
    return made.seen


def _previewed(case: _Case, shows: str, status: int = 200) -> Response:
    seen = _trial(case)
    with case.desk.flow.snapshot() as now:
        if shows == "fill":  # who corrects a line has read there what moved
            for n, row in case.rows.items():
                if row.moved:
                    version = str(now.items.get(row.subject).version)
                    case.forms[n].texts["version"] = version
        page = case.page(now, shows, seen)
    return answer(case.request, page, status)


def _done(case: _Case) -> Response:
    """Do the lines once, all or each on its own; a refusal previews them anew."""
    own, flow = case.own, case.desk.flow
    whole = own.get("whole") != "each"
    if "sure" not in own:
        copies = {n: replace(row) for n, row in case.rows.items()}
        trial = replace(case, forms={}, rows=copies)
        _trial(trial)
        if trial.asks or not own.get("seen"):
            return _previewed(case, "ahead")
    with flow.snapshot() as now:
        read = case.read(now)
    made: Bulk | None = None
    try:
        if len(read) < len(case.rows) and (whole or not read):
            left = len(case.rows) - len(read)
            raise StepRefused(BulkCode.ROWS_REFUSED, count=left, all=len(case.rows))
        made = flow.once(own.get("request") or new_id()).bulk.do(
            case.kind,
            list(read.values()),
            seen=own["seen"],
            whole=whole,
            by=case.by,
        )
    except HuiminError as refusal:
        case.request.state.refused = refusal.code
        if refusal.code == BulkCode.ROWS_REFUSED:  # each line says its own reasons
            refusal = StepRefused(refusal.reasons[:1])
        case.top.append(in_words(refusal))
        return _previewed(case, "ahead", status_of(refusal))
    with flow.snapshot() as now:
        case.judged(now, dict(zip(read, made.lines, strict=True)))
        page = case.page(now, "done")
    return answer(case.request, page)


ROUTES = (
    Route("/bulk-{kind}.html", form, methods=["GET"]),
    Route("/bulk-{kind}.html", sent, methods=["POST"]),
)
