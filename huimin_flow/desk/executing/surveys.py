"""Surveys at the desk: their pages with forms, a sample drawn, answers brought (D0).

The people served, and their answers, come as files of codes. A file of answers is
looked at first, as one of appeals is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say_list, say_pair
from huimin_flow.catalogue.reasons import DeskCode, DoorCode, SurveyCode, spoken
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    Sense,
    StreamKind,
    SurveyColumn,
    SurveyState,
)
from huimin_flow.desk.core.answers import answer, go, status_of
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.core.shelf import READING, shelf
from huimin_flow.desk.forms.acting import act_file, lacks, may, title_of
from huimin_flow.desk.forms.form import in_words
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.exchange.core.refusals import Refusals
from huimin_flow.exchange.executing import surveys as files
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.model.core.texts import showable
from huimin_flow.model.executing.plans import Plan
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.executing.surveys import (
    answers_file,
    draw_file,
    measure_words,
    survey_file,
    survey_page,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from starlette.requests import Request

    from huimin_flow.desk.core.state import Desk
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.organization import Actor

#: How many refused rows a page names.
_NAMED: Final = 50

#: The file of the refused rows.
REFUSED: Final = "refused.csv"

#: By state of a survey, the acts on it that have a form.
_ON_SURVEY: Final = {
    SurveyState.DRAWN: ("surveys.call_off",),
    SurveyState.OPEN: ("surveys.close", "surveys.set_aside", "surveys.call_off"),
    SurveyState.CLOSED: ("surveys.set_aside",),
}

_COLLECTING: Final = frozenset({SurveyState.DRAWN, SurveyState.OPEN})


def survey(request: Request) -> Response:
    """Show a survey, with the forms that are open to the visitor.

    Raises:
        NotFound: if there is none.

    """
    desk: Desk = request.app.state.desk
    by, path = request.state.visitor.actor, request.path_params
    with desk.flow.snapshot() as now:
        built = survey_page(now, path["number"], path["serial"])
        known = now.surveys.get(
            StreamKind.SURVEY.key("{number}/{serial}".format(**path))
        )
        leads = list(built.values["leads"])
        if by is not None and not lacks(by, Duty.ASSESS, now, None):
            if known.state in _COLLECTING:
                act = "surveys.add_answers"
                leads.append((answers_file(known.key), title_of(act)))
            leads += [
                (act_file(act, key=known.key), title_of(act))
                for act in _ON_SURVEY.get(known.state, ())
                if may(by, act, now)
            ]
    kinds = [(kind, f"{built.file[:-5]}.{kind}") for kind in ("csv", "xlsx")]
    values = {**built.values, "leads": leads, "downloads": kinds}
    return answer(request, replace(built, values=values))


def drawing(request: Request) -> Response:
    """Show the form by which a sample is drawn, or draw it.

    Raises:
        NotFound: if there is no such item.

    """
    desk: Desk = request.app.state.desk
    by, number = request.state.visitor.actor, request.path_params["number"]
    if by is None:
        return go("sign-in.html")
    with desk.flow.snapshot() as now:
        item = now.items.get(number)
        waiting = [
            (line.key, line.rectification.cause)
            for line in now.rectifications.list(item=number)
            if line.rectification.accepted_on is None
        ]
    form, old = request.state.form, getattr(request.state, "old", None)
    top, status = [] if old is None else [in_words(old)], 200
    asked = [sense for sense in Sense if form.get(f"senses.{sense.value}")]
    measure = (item.plan or Plan()).satisfaction_measure
    drawn = str(form.get("drawn", measure.size or ""))
    if request.method == "POST" and old is None:
        try:
            made = desk.flow.once(
                str(form.get("request", "")) or new_id()
            ).surveys.draw(
                number,
                *_frame(desk, form.get("content"), drawn, by, request),
                senses=asked,
                rectification_key=str(form.get("rectification_key", "")) or None,
                by=by,
            )
            return go(survey_file(made.key))
        except HuiminError as refusal:
            request.state.refused = refusal.code
            top, status = [in_words(refusal)], status_of(refusal)
    page = Page(
        file=draw_file(number),
        template="survey-file.html.j2",
        title=say_pair(title_of("surveys.draw"), f"{number} {item.title}"),
        values={
            "lead": (item_file(number), item.title),
            "note": measure_words(measure),
            "top": top,
            "made": None,
            "draws": True,
            "drawn": drawn,
            "senses": [(each.value, each.spoken, each in asked) for each in Sense],
            "rectifications": waiting,
            "request": new_id(),
            "kept": "",
        },
    )
    return answer(request, page, status)


def _frame(
    desk: Desk, sent: Any, drawn: str, by: Actor, request: Request
) -> tuple[Sequence[str], int]:
    """Return the codes of a file of the people served, and how many are drawn."""
    if why := lacks(by, Duty.ASSESS, desk.flow, None):
        raise StepRefused(why)  # before anything of the file is read
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise InputRefused(SurveyCode.FRAME_EMPTY)
    if not (drawn.isascii() and drawn.isdigit() and len(drawn) < 10):
        name = Argument.DRAWN.spoken
        raise InputRefused(DoorCode.NOT_WHOLE, name=name, text=showable(drawn[:20]))
    account = request.state.visitor.account
    path = shelf().of(shelf().keep(sent, account), account)
    codes = files.read_frame(files.source_of_survey(path))
    path.unlink(missing_ok=True)
    return codes, int(drawn)


def answering(request: Request) -> Response:
    """Show the form of a file of answers, what it would bring, or what it brought.

    Raises:
        NotFound: if there is no such survey.

    """
    desk: Desk = request.app.state.desk
    by, path = request.state.visitor.actor, request.path_params
    if by is None:
        return go("sign-in.html")
    key = StreamKind.SURVEY.key("{number}/{serial}".format(**path))
    with desk.flow.snapshot() as now:
        known = now.surveys.get(key)
    form, old = request.state.form, getattr(request.state, "old", None)
    top, status = [] if old is None else [in_words(old)], 200
    kept, pressed = str(form.get("kept", "")), str(form.get("do", ""))
    made: dict[str, Any] | None = None
    if request.method == "POST" and old is None:
        account = request.state.visitor.account
        try:
            if why := lacks(by, Duty.ASSESS, desk.flow, None):
                raise StepRefused(why)
            sent = form.get("content")
            if isinstance(sent, UploadFile) and sent.filename:
                kept = shelf().keep(sent, account)
            file = shelf().of(kept, account)
            if pressed == "refused":
                return _refused_rows(file)
            if not READING.acquire(blocking=False):
                raise InputRefused(DeskCode.IMPORT_BUSY)
            try:
                made = _bring(desk, key, file, by, done=pressed == "done")
            finally:
                READING.release()
        except HuiminError as refusal:
            request.state.refused = refusal.code
            top, status = [in_words(refusal)], status_of(refusal)
    page = Page(
        file=answers_file(key),
        template="survey-file.html.j2",
        title=say_pair(title_of("surveys.add_answers"), key),
        values={
            "lead": (survey_file(key), key),
            "note": measure_words(known.measure),
            "top": top,
            "made": made,
            "draws": False,
            "kept": kept,
            "senses": say_list(
                column.spoken
                for column in SurveyColumn
                if column.value not in set(Sense) or column.value in known.senses
            ),
        },
    )
    return answer(request, page, status)


def _refused_rows(path: Path) -> Response:
    """Return the refused rows of a file, to be mended and sent again."""
    kept = path.parent / REFUSED
    if not kept.is_file():
        raise InputRefused(DeskCode.FILE_GONE)
    sent_as = {"content-disposition": f'attachment; filename="{REFUSED}"'}
    return Response(kept.read_bytes(), media_type="text/csv", headers=sent_as)


def _bring(
    desk: Desk, key: str, path: Path, by: Actor, *, done: bool
) -> dict[str, Any]:
    """Take a file of answers in, or try it; return the counts and the refused rows."""
    if not path.is_file():
        raise InputRefused(DeskCode.FILE_GONE)
    source = files.source_of_survey(path)
    beside = Refusals(source, path.with_name(REFUSED))
    made: dict[str, Any] = {"kept": 0, "known": 0, "refused": 0, "rows": []}
    made |= {"name": path.name, "done": done}

    def bring(door: Flow) -> None:
        with beside:
            for portion in files.read_answers(source):
                intake = door.surveys.add_answers(
                    key,
                    portion.facts,
                    by=by,
                    lines=portion.lines,
                    refused=portion.refused,
                    source=f"{path.name} {source.digest[:16]}",
                )
                rows: Sequence[RefusedRow] = intake.refused
                made["kept"] += intake.kept
                made["known"] += intake.known
                made["refused"] += len(rows)
                made["rows"] += [(row.line, spoken(row.reason)) for row in rows]
                del made["rows"][_NAMED:]
                if done:  # a trial leaves nothing
                    beside.keep(rows)

    if done:
        bring(desk.flow)
        path.unlink(missing_ok=True)
    else:
        with desk.flow.dry() as dry:
            bring(dry)
    if not any(made[count] for count in ("kept", "known", "refused")):
        raise InputRefused(SurveyCode.NO_ROWS, file=path.name)
    return made


ROUTES = tuple(
    Route(path, handler, methods=[method])
    for path, handler, methods in (
        ("/survey-draw-{number}.html", drawing, ("GET", "POST")),
        ("/survey-answers-{number}_{serial}.html", answering, ("GET", "POST")),
        ("/survey-{number}-{serial}.html", survey, ("GET",)),
    )
    for method in methods
)
