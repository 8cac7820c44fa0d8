"""screening, policy, measure, item suggest: the desk, promises and gaps (A3–A5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import say, say_list
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.errors import InputRefused
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.reports.sensing import policies, rounds
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.sensing.policies import CityMeasure, Policy, PolicyReview
    from huimin_flow.model.sensing.rounds import ScreeningRound
    from huimin_flow.model.sensing.suggestions import Suggestion

#: A figure of a promise, with its unit.
_FIGURE: Final = re.compile(r"(?P<number>[0-9]{1,15})(?P<unit>.{0,20})")


def _promises(texts: Sequence[str]) -> tuple[Promise, ...]:
    """Return promises from texts like ``新增就业=45000人@2026-12-31``, numbered."""
    made = []
    for n, text in enumerate(texts, 1):
        left, right = values.pair(text, say("城镇新增就业=45000人@2026-12-31"))
        much, _, day = right.rpartition("@")
        figure = _FIGURE.fullmatch(much.strip())
        if much.strip() and figure is None:
            example = say("城镇新增就业=45000人@2026-12-31")
            raise InputRefused(DoorCode.NOT_A_PAIR, text=text[:40], example=example)
        made.append(
            Promise(
                key=f"P{n}",
                indicator=left.strip(),
                due=values.day(day.strip()),
                target=None if figure is None else int(figure["number"]),
                unit="" if figure is None else figure["unit"].strip(),
            )
        )
    return tuple(made)


def _undertakings(texts: Sequence[str]) -> tuple[Undertaking, ...]:
    """Return undertakings from texts like ``P1=2026-11-30``."""
    pairs = [values.pair(text, say("P1=2026-11-30")) for text in texts]
    return tuple(
        Undertaking(promise=left.strip(), due=values.day(right.strip()))
        for left, right in pairs
    )


def _several(read: Any, *, required: bool) -> dict[str, Any]:
    return {
        "required": required,
        "type": None,
        "multiple": True,
        "callback": values.reading(read),
    }


for verb in ("register", "amend"):
    needed = verb == "register"
    act(
        f"policy {verb}",
        settings={"promises": _several(_promises, required=needed)},
        says="{made.key} {made.state.spoken}:{made.title}",
    )
    act(
        f"measure {verb}",
        settings={"undertakings": _several(_undertakings, required=needed)},
        says="{made.key} {made.state.spoken}:{made.title}",
    )

listing("policy list", policies.POLICIES)
listing("measure list", policies.REGISTER)
listing("policy reviews", policies.REVIEWS, last=lambda made: str(made.key))


@view("measure compare")
def _compared(view: View) -> Shown:
    return view.answer, view.table(policies.MEASURES)


@view("policy review")
def _review(view: View) -> Shown:
    made: PolicyReview = view.answer
    table = screens.Table(
        policies.MEASURES.head,
        view.rows(policies.MEASURES, made.lines),
        policies.MEASURES.empty,
    )
    notes = [say("截至{day}", day=made.day)]
    if made.silent:
        silent = say_list(made.silent)
        notes.append(say("逾期没有制定措施的政策:{policies}", policies=silent))
    return made, table, *notes


@view("policy show")
def _policy(view: View) -> Shown:
    known: Policy = view.answer
    lines = [
        ("编号", known.key),
        ("标题", known.title),
        ("发文机关", known.authority),
        ("文号", known.document),
        ("日期", known.dated),
        *(("承诺", policies.promise_words(promise)) for promise in known.promises),
        ("登记", known.registered_on),
        ("状态", known.state.spoken),
        *((("理由", known.reason),) if known.reason else ()),
    ]
    return known, facts(lines)


@view("measure show")
def _measure(view: View) -> Shown:
    known: CityMeasure = view.answer
    policy = view.now.policies.get(known.policy)
    words = {promise.key: promise.indicator for promise in policy.promises}
    lines = [
        ("编号", known.key),
        ("标题", known.title),
        ("政策", f"{policy.key} {policy.title}"),
        ("业务板块", known.area.spoken),
        ("牵头单位", view.unit(known.unit)),
        *(
            ("承接的承诺", f"{each.promise} {words[each.promise]} {each.due}")
            for each in known.undertakings
        ),
        *(("承办事项", number) for number in known.items),
        ("状态", known.state.spoken),
        *((("理由", known.reason),) if known.reason else ()),
    ]
    return known, facts(lines)


def _suggested(view: View) -> Shown:
    made: Suggestion = view.answer
    lines = list(rounds.proposed_words(made, view.book))
    note = say("建议只供参考:采集时由您选定,不会自动填入")
    return made, facts(lines), note


for path in ("item suggest", "appeal suggest"):
    view(path, csv=False)(_suggested)


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
    then = replace(rounds.DESK, row=rounds.candidate_row)  # without what is said now
    rows = view.rows(then, drawn.candidates)
    table = screens.Table(rounds.HEAD, rows, rounds.DESK.empty)
    return drawn, table, rounds.order_words(drawn.span, drawn.day)


@view("screening referred")
def _referred(view: View) -> Shown:
    bodies = view.book.rules.referral_bodies
    rows = [(bodies.get(body, body), count) for body, count in view.answer.items()]
    return view.answer, screens.Table(("转往单位", "件数"), rows, "没有不属本局的事项")
