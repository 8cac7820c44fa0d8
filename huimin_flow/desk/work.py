"""The forms of acts: opened, previewed, then done once or proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import UploadFile
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DeskCode
from huimin_flow.catalogue.terms import (
    State,
    TodoKind,
)
from huimin_flow.desk.core.answers import answer, go, status_of
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.forms.acting import (
    act_file,
    ahead_of,
    changes_since,
    do,
    may,
    meeting_words,
    proposal_file,
    result_words,
    title_of,
    two_people,
)
from huimin_flow.desk.forms.appeals import (
    before_answering,
    kept_appeal,
    subject_words,
)
from huimin_flow.desk.forms.form import Form, Sent
from huimin_flow.desk.forms.inputs import draw, is_used, place, typed
from huimin_flow.desk.forms.layouts import ABOUT, NAMED, layout_of
from huimin_flow.desk.forms.meetings import before_judging
from huimin_flow.desk.forms.suggested import SUGGESTING, suggest
from huimin_flow.errors import HuiminError, InputRefused, ItemMoved
from huimin_flow.flow.sensing.appeals import Intake
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Item
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.beside import beside_lines
from huimin_flow.reports.deciding.editions import lacking_words
from huimin_flow.reports.deciding.meetings import pack_file
from huimin_flow.reports.sensing import towns
from huimin_flow.reports.steps import last_finding

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.catalogue.terms import TwoPeople
    from huimin_flow.desk.core.state import Desk
    from huimin_flow.desk.forms.acting import Ahead
    from huimin_flow.flow import Questions
    from huimin_flow.model.core.organization import Actor

#: What a form sends besides its fields.
_OWN: Final = frozenset(
    {"token", "request", "do", "add", "remove", "sure", "since", "suggested"}
)

#: A version of an item, as a form sends it back.
_VERSION: Final = re.compile(r"[0-9]{1,9}", re.ASCII)

#: By the end of a file's name: how its content begins.
_BEGINNINGS: Final = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n",),
    **dict.fromkeys(("jpg", "jpeg"), (b"\xff\xd8\xff",)),
    "gif": (b"GIF8",),
    **dict.fromkeys(("docx", "xlsx", "pptx", "zip", "ofd"), (b"PK",)),
    **dict.fromkeys(("doc", "xls", "ppt", "wps", "et"), (b"\xd0\xcf\x11\xe0",)),
}


class _Case:
    """A request about the form of one act."""

    def __init__(self, request: Request, by: Actor) -> None:
        """Read what the address names, and what was sent.

        Raises:
            NotFound: if the act has no form.

        """
        self.request, self.by = request, by
        self.desk: Desk = request.app.state.desk
        self.act: str = request.path_params["act"]
        self.title = title_of(self.act)
        self.about = {
            name: text
            for name, text in request.query_params.items()
            if name in {*ABOUT, *NAMED, "month"}
        }
        sent = request.state.form.multi_items()
        own = {name: str(text) for name, text in sent if name in _OWN}
        self.texts = {
            name: text
            for name, text in sent
            if isinstance(text, str) and name not in _OWN
        }
        self.files = {
            name: (file.filename or "", file.file.read())
            for name, file in sent
            if isinstance(file, UploadFile)
        }
        if self.act.endswith(".attach") and "content" in self.files:
            self.texts["name"] = self.files["content"][0]
        self.id = own.get("request") or new_id()
        self.own = own

    def form(self, now: Questions) -> Form:
        """Return the form with what was sent; see ``towns`` for a town's post."""
        towns.hold_form(now, self.by.unit, self.about)
        sent = None
        if self.request.method == "POST":
            sent = Sent(texts=self.texts, files=self.files)
        layout = layout_of(now, self.act, self.about, self.by)
        form = Form(now, self.act, layout, sent)
        asked = self.own.get("do") == "suggest"
        if asked or "suggested" in self.own or (sent is None and "key" in self.about):
            suggest(form, self.by, fill=sent is None or asked)
        return form

    def moved(self, now: Questions) -> tuple[str, ...]:
        """Return what happened to the item since its form was opened, in words.

        An act that names a version is refused then, and needs no such words.
        """
        number, since = self.about.get("number"), self.own.get("since", "")
        if number is None or not _VERSION.fullmatch(since):
            return ()
        self.own["since"] = str(now.items.get(number).version)
        return tuple(changes_since(now, number, since))

    def page(
        self,
        form: Form,
        *,
        ahead: Ahead | None = None,
        moved: tuple[str, ...] = (),
    ) -> Page:
        """Return the page of the form, or of what the act would do."""
        parts = draw(form)
        about, lead = subject_words(form.now, self.about)
        number, first = self.about.get("number"), []
        since = ""
        if number and "version" not in form.fields:
            since = self.own.get("since") or str(form.now.items.get(number).version)
        if self.act == "items.judge" and number:
            first += before_judging(form.now, number)
        return Page(
            file=f"act-{self.act}.html",
            template="act.html.j2",
            title=self.title,
            values={
                "about": about,
                "lead": lead,
                "beside": beside_lines(form.now, form.now.items.get(number))
                if number and self.act in _BESIDE
                else (),
                "parts": parts,
                "is_used": is_used,
                "files": any(
                    field.kind.value == "file" for field in form.fields.values()
                ),
                "top": tuple(form.refusals.get("", ())),
                "refused": bool(form.refusals),
                "first": first,
                "instead": [
                    *before_answering(form.now, self.act, self.about, self.by),
                    *(
                        (act_file(act, **self.about), title_of(act))
                        for act in _INSTEAD.get(self.act, ())
                    ),
                ],
                "moved": moved,
                "ahead": ahead,
                "typed": list(typed(parts)) if ahead else [],
                "kept": list(form.texts.items()),
                "request": self.id,
                "since": since,
                "suggests": self.act in SUGGESTING,
                "suggested": bool(form.suggested or form.notes),
                "notes": form.notes,
                "done": "",
            },
        )

    def done(self, made: Any, moved: tuple[str, ...]) -> Page:
        """Return the page that says what was done, and what is next.

        ``moved`` is what happened between the form and the act.
        """
        with self.desk.flow.snapshot() as now:
            about, lead = subject_words(now, self.about)
            names = now.rulebook.active().organization.names
            did = (
                [last_finding(now, made.number, self.by)]
                if isinstance(made, Item)
                else []
            )
            did += [lacking_words(made)] if isinstance(made, Edition) else []
            return Page(
                file=f"act-{self.act}.html",
                template="act.html.j2",
                title=self.title,
                values={
                    "about": about,
                    "lead": lead,
                    "done": result_words(made, names) or self.title,
                    "did": list(filter(None, did)),
                    "moved": moved,
                    "onward": list(self._onward(now, made)),
                },
            )

    def _onward(self, now: Questions, made: Any) -> Iterator[tuple[str, str]]:
        """Yield where a person may go on: file and text."""
        number = made.number if isinstance(made, Item) else self.about.get("number")
        if self.act in {"items.respond", "ledgers.decline"}:
            entries = now.people.todo(self.by)
            left = (entry for entry in entries if entry.kind is TodoKind.RESPONSE)
            for entry in islice(left, 1):
                text = say("响应下一项:{title}", title=entry.title)
                yield act_file("items.respond", number=entry.subject), text
        if isinstance(made, Proposal):
            yield proposal_file(made.key), say("查看提请 {key}", key=made.key)
        if isinstance(made, Intake) and made.kept:
            yield kept_appeal(now, self.texts)
        if isinstance(made, Deliberation):
            yield pack_file(made.key), meeting_words(made)
        if number:
            yield from self._next(now, number)
        if number:
            yield item_file(number), say("事项 {number}", number=number)
        elif not self.about:
            yield act_file(self.act), say("再办一件:{act}", act=self.title)
        yield "todo.html", say("我的待办")

    def _next(self, now: Questions, number: str) -> Iterator[tuple[str, str]]:
        """Yield what a person may do with an item next, what comes first at first."""
        item = now.items.get(number)
        acts = [
            step.act for step in now.items.possible(number, self.by) if step.possible
        ]
        first = []
        if item.state is State.SCREENED and not now.meetings.list(item=number, limit=1):
            first = ["meetings.hold"]
        if item.state in {State.ASSIGNED, State.EXECUTED}:
            first = ["tasks.report"]
        for act in [*(act for act in first if may(self.by, act, now)), *acts[:_ONWARD]]:
            yield act_file(act, number=number), title_of(act)


#: The acts that decide on a successor by what it continues.
_BESIDE: Final = frozenset({"items.screen", "items.judge", "items.star"})

#: By act: what may be done instead.
_INSTEAD: Final = {
    "items.respond": ("ledgers.decline",),
    "ledgers.decline": ("items.respond",),
    "ratings.answer": ("ratings.object_to",),
    "answers.give": ("answers.extend", "answers.transfer", "answers.reopen"),
    "assessments.accept": ("assessments.return_",),
    "advice.adopt": ("advice.decline",),
    "advice.verify": ("advice.return_",),
    "orders.discharge": ("orders.return_",),
    "orders.remind": ("orders.withdraw",),
    "rectifications.accept": ("rectifications.return_",),
    "replications.adopt": ("replications.decline",),
    "replications.remind": ("replications.recall",),
}

#: How many next steps a page offers.
_ONWARD: Final = 3


def act_form(request: Request) -> Response:
    """Show the form of an act as it begins."""
    by = request.state.visitor.actor
    if by is None:
        return go("sign-in.html")
    case = _Case(request, by)
    old: HuiminError | None = getattr(request.state, "old", None)
    with case.desk.flow.snapshot() as now:
        form = case.form(now)
        if old is not None:
            form.refuse("", old)
        page = case.page(form)
    return answer(request, page)


def act_sent(request: Request) -> Response:
    """Preview, do or propose what a form asks for, or change its rows."""
    case = _Case(request, request.state.visitor.actor)
    own = case.own
    with case.desk.flow.snapshot() as now:
        form = case.form(now)
        if "add" in own or "remove" in own:
            form.change_rows(own.get("add", ""), own.get("remove", ""))
            return answer(request, case.page(form))
        if own.get("do") in {"edit", "suggest"}:
            return answer(request, case.page(form))
        arguments = form.read()
        for name, (called, content) in case.files.items():
            ends = called.rpartition(".")[2].lower()
            if content and not content.startswith(_BEGINNINGS.get(ends, b"")):
                form.refuse(name, InputRefused(DeskCode.FILE_UNLIKE, end=ends))
                arguments = None
        if arguments is None:
            return answer(request, case.page(form), 400)
        two = two_people(now, case.act, arguments)
    return _taken(case, arguments, two)


def _taken(case: _Case, arguments: dict[str, Any], two: TwoPeople | None) -> Response:
    """Preview an act, or do it; a refusal stands beside what was typed."""
    flow, version = case.desk.flow, case.texts.get("version", "")
    wanted = (case.act, arguments, case.by, two, version)
    done = case.own.get("do") == "done"
    try:
        if not done or ("sure" not in case.own and not case.files):
            ahead = _foreseen(case, wanted, done=done)
            if ahead is not None and (ahead.asks or not done):
                with flow.snapshot() as now:
                    moved = case.moved(now)
                    page = case.page(case.form(now), ahead=ahead, moved=moved)
                return answer(case.request, page)
        with flow.snapshot() as now:
            moved = case.moved(now)
        made = do(flow.once(case.id), *wanted)
    except HuiminError as refusal:
        moved = ()
        case.request.state.refused = refusal.code
        with flow.snapshot() as now:
            if isinstance(refusal, ItemMoved) and "number" in case.about:
                number = case.about["number"]
                moved = tuple(changes_since(now, number, version))
                case.texts["version"] = str(now.items.get(number).version)
            form = case.form(now)
            place(form, refusal)
            page = case.page(form, moved=moved)
        return answer(case.request, page, status_of(refusal))
    return answer(case.request, case.done(made, moved))


def _foreseen(case: _Case, wanted: tuple[Any, ...], *, done: bool) -> Ahead | None:
    """Return what an act would do; None if the act itself will say why it is refused.

    An act that was done already is refused here, and answered by its request id.
    """
    try:
        return ahead_of(case.desk.flow, *wanted)
    except HuiminError:
        if done:
            return None
        raise


ROUTES = (
    Route("/act-{act}.html", act_form, methods=["GET"]),
    Route("/act-{act}.html", act_sent, methods=["POST"]),
)
