"""Importing a file of appeals: sent, looked at, then taken in (A1)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say, say_some
from huimin_flow.catalogue.reasons import DeskCode, DoorCode, spoken
from huimin_flow.catalogue.terms import Duty
from huimin_flow.desk.core.answers import answer, go, status_of
from huimin_flow.desk.core.shelf import READING, shelf
from huimin_flow.desk.forms.acting import lacks
from huimin_flow.desk.forms.form import in_words
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.exchange.core.refusals import Refusals
from huimin_flow.exchange.sensing import appeals as files
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.imports import (
    IMPORT_FILE,
    how_read,
    preview,
    preview_head,
)
from huimin_flow.settings import config_folder
from huimin_flow.settings.profiles import ready_profiles

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.organization import Actor

#: How many rows a page names, and how many unknown places or towns.
_NAMED: Final = 50
_UNKNOWN: Final = 10


def importing(request: Request) -> Response:
    """Show the form, what a file would become, or what became of it."""
    by = request.state.visitor.actor
    if by is None:
        return go("sign-in.html")
    form, old = request.state.form, getattr(request.state, "old", None)
    chosen = {
        name: str(form.get(name, "")) for name in ("profile", "channel", "kept", "do")
    }
    top, status = [] if old is None else [in_words(old)], 200
    ready = ready_profiles(config_folder())
    values: dict[str, Any] = {"shows": "fill", "made": None}
    made: dict[str, Any] = {}
    if request.method == "POST" and old is None:
        account = request.state.visitor.account
        try:
            if why := lacks(by, Duty.IMPORT, request.app.state.desk.flow, by.unit):
                raise StepRefused(why)  # before anything of the file is read
            sent = form.get("content")
            if isinstance(sent, UploadFile) and sent.filename:
                chosen["kept"] = shelf().keep(sent, account)
            path = shelf().of(chosen["kept"], account)
            if chosen["do"] == "refused":
                kept = next(iter(sorted(path.parent.glob("refused*"))), None)
                if kept is None:
                    raise InputRefused(DeskCode.FILE_GONE)
                sent_as = {"content-disposition": f'attachment; filename="{kept.name}"'}
                return Response(
                    kept.read_bytes(), media_type="text/csv", headers=sent_as
                )
            if not READING.acquire(blocking=False):
                raise InputRefused(DeskCode.IMPORT_BUSY)
            try:
                _bring(request.app.state.desk, path, chosen, by, made)
            finally:
                READING.release()
            shows = "done" if chosen["do"] == "done" else "ahead"
            values = {"shows": shows, "made": made}
        except HuiminError as refusal:
            request.state.refused = refusal.code
            top, status = [in_words(refusal)], status_of(refusal)
            if chosen["do"] == "done" and made.get("kept"):
                values = {"shows": "cut", "made": made}
    page = Page(
        file=IMPORT_FILE,
        template="import.html.j2",
        title=say("导入诉求"),
        values={
            **values,
            **{name: chosen[name] for name in ("profile", "channel", "kept")},
            "top": top,
            "profiles": [(each.word, each.profile.name) for each in ready],
        },
    )
    return answer(request, page, status)


def _bring(
    desk: Desk, path: Path, chosen: dict[str, str], by: Actor, made: dict[str, Any]
) -> None:
    """Take a file in, or try it; ``made`` gets the counts and what the page shows.

    It has them, too, if the rest of the file cannot be taken in.
    """
    if not path.is_file():
        raise InputRefused(DeskCode.FILE_GONE)
    ready = {each.word: each.profile for each in ready_profiles(config_folder())}
    word = chosen["profile"]
    wanted = {word: ready[word]} if word in ready else ready
    source = files.source_of_appeals(path, list(wanted.values()))
    word, profile = files.best_profile(source, list(wanted.items()))
    end = "jsonl" if source.kind == "jsonl" else "csv"
    beside = Refusals(source, path.with_name(f"refused.{end}"))
    made |= {"kept": 0, "known": 0, "refused": 0, "passed": 0}
    made |= {"others": [], "unplaced": {}, "strange": {}}
    made |= {"first": [], "rows": [], "more": False}
    made |= {"name": path.name, "head": preview_head()}
    made["some"] = partial(say_some, most=_UNKNOWN)
    made["read"] = how_read(source.reading, f"{word} {profile.name}")

    def bring(door: Flow) -> None:
        with beside:
            for portion in files.read_appeals(source, profile, chosen["channel"]):
                intake = door.appeals.add_all(
                    portion.facts,
                    by=by,
                    lines=portion.lines,
                    refused=portion.refused,
                    source=f"{path.name} {source.digest[:16]}",
                    withheld=profile.withheld,
                )
                rows = [
                    RefusedRow(line=row.index, reason=row.reason)
                    for row in intake.refused
                ]
                if not made["first"]:
                    bad, book = {row.line for row in rows}, desk.flow.rulebook.active()
                    made["first"] = preview(portion.facts, portion.lines, bad, book)
                made["kept"] += intake.kept
                made["known"] += intake.known
                made["refused"] += len(rows)
                made["passed"] += portion.passed
                made["others"] += intake.others
                made["unplaced"] |= dict.fromkeys(intake.unplaced)
                made["strange"] |= dict.fromkeys(intake.strange)
                made["rows"] += [(row.line, spoken(row.reason)) for row in rows]
                del made["rows"][_NAMED:]
                if chosen["do"] != "done":  # a trial holds the lock of writers
                    made["more"] = len(portion.lines) + len(rows) >= files.PORTION
                    return
                beside.keep(rows)

    if chosen["do"] == "done":
        bring(desk.flow)
        path.unlink(missing_ok=True)  # the refused rows are still to be fetched
    else:
        with desk.flow.dry() as dry:
            bring(dry)
    if not any(made[count] for count in ("kept", "known", "refused")):
        raise InputRefused(DoorCode.NO_APPEAL, file=path.name)


ROUTES = (
    Route(f"/{IMPORT_FILE}", importing, methods=["GET"]),
    Route(f"/{IMPORT_FILE}", importing, methods=["POST"]),
)
