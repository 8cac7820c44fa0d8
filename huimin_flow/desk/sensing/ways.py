"""The page of an appeal's whole way, for who may see the appeal (F4, A2)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import AnswerState
from huimin_flow.desk.core.answers import answer
from huimin_flow.desk.forms.acting import act_file, may, title_of
from huimin_flow.errors import StoreRefused
from huimin_flow.reports.sensing import towns
from huimin_flow.reports.sensing.answers import answer_file
from huimin_flow.reports.sensing.appeals import WAY_FILE, read_file
from huimin_flow.reports.sensing.rounds import proposed_words
from huimin_flow.reports.sensing.ways import way_page

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk


def way(request: Request) -> Response:
    """Show an appeal's way, with the forms that its visitor may open about it.

    Raises:
        NotFound: if there is no such appeal.
        InputRefused: if several channels have the key.
        StepRefused: for a town's post, if it is another place's.

    """
    desk: Desk = request.app.state.desk
    key = request.query_params.get("key", "")
    channel = request.query_params.get("channel") or None
    by = request.state.visitor.actor
    with desk.flow.snapshot() as now:
        if by is not None:
            asked = {"key": key, "channel": channel}
            towns.hold(now, towns.town_of(now, [by.unit]), "appeals.trail", asked)
        trail = now.appeals.trail(key, channel=channel)
        channel = trail.appeal.channel
        now_at = now.answers.get(key, channel=channel).answering
        leads = []
        if by is not None and may(by, "appeals.read", now):
            leads.append((read_file(channel, key), say("查看原文")))
        open_ = now_at.state is AnswerState.RECEIVED
        if by is not None and open_ and may(by, "answers.give", now):
            leads.append((answer_file(channel, key), title_of("answers.give")))
        gives = by is not None and any(
            may(by, act, now) for act in ("answers.give", "appeals.add")
        )
        receipt = now.appeals.receipt_of(key, channel=channel) if gives else ""
        loose = trail.appeal.item is None
        if by is not None and loose and may(by, "gathering.collect", now):
            form = act_file("gathering.collect", key=key, channel=channel)
            leads.append((form, say("采集为事项")))
        page = way_page(now, trail, leads, receipt=receipt)
        if by is not None and loose and may(by, "appeals.read", now):
            with suppress(StoreRefused):  # without the master key nothing is suggested
                made = now.appeals.suggest(key, channel=channel)
                rows = list(proposed_words(made, now.rulebook.active()))
                head = [say("项目"), say("内容")]
                page.values["tables"].append((say("系统建议,供您核对"), head, rows, ""))
    return answer(request, page)


ROUTES = (Route(f"/{WAY_FILE}", way, methods=["GET"]),)
