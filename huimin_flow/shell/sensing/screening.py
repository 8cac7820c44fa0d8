"""screening, item suggest: the screening desk, and what a text suggests (A3, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.reports.sensing import rounds
from huimin_flow.reports.sensing.suggestions import proposed_words
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.sensing.rounds import ScreeningRound
    from huimin_flow.model.sensing.suggestions import Suggestion


@view("item suggest", csv=False)
def _suggested(view: View) -> Shown:
    made: Suggestion = view.answer
    lines = list(proposed_words(made, view.book))
    note = say("建议只供参考:采集时由您选定,不会自动填入")
    return made, facts(lines), note


listing("screening list", rounds.DESK)
listing("screening rounds", rounds.ROUNDS, last=lambda drawn: str(drawn.key))
act(
    "screening run",
    says=lambda _, made, __: say(
        "已列出 {key}:待筛选{count}项", key=made.key, count=len(made.candidates)
    ),
)


@view("screening show")
def _round(view: View) -> Shown:
    drawn: ScreeningRound = view.answer
    table = screens.Table(
        rounds.HEAD, view.rows(rounds.DESK, drawn.candidates), rounds.DESK.empty
    )
    return drawn, table, rounds.order_words(drawn.span, drawn.day)


@view("screening referred")
def _referred(view: View) -> Shown:
    bodies = view.book.rules.referral_bodies
    rows = [(bodies.get(body, body), count) for body, count in view.answer.items()]
    return view.answer, screens.Table(("转往单位", "件数"), rows, "没有不属本局的事项")
