"""spot-check: drawn by two secrets, hidden until done, answered by the checked (D8)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.reports.improving.spot_checks import (
    DRAWN,
    LISTING,
    STRATA,
    drawn_of,
    facts_of,
    strata_of,
)
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.commands import Shown, View, act, facts, free, view

if TYPE_CHECKING:
    from huimin_flow.flow.improving.spot_checks.questions import SpotCheckView
    from huimin_flow.model.improving.spot_checks import DrawRecord, MadeSecret

act("spot-check plan", says="已计划抽查 {made.key}")
act("spot-check reveal", options=frozenset({"secret"}))
act("spot-check void", options=frozenset({"reason"}))
act("spot-check correct", proposal="correct_finding")


def _secret(act: Act, made: MadeSecret, _: Mapping[str, Any]) -> str:
    if act.dry:  # nobody is to keep a secret that counts for nothing
        return say("随机数和承诺值到办理时才产生")
    party = made.party.spoken
    return "\n".join(
        (
            say("随机数(只显示这一次,请自行保管):{secret}", secret=made.secret),
            say("{party}的承诺值:{digest}", party=party, digest=made.digest),
        )
    )


act("spot-check secret", says=_secret)
act(
    "spot-check cut",
    says=lambda _, made, __: say(
        "{key} 总体{count}件,应抽{size}件;请双方揭示",
        key=made.key,
        count=sum(made.counts.values()),
        size=sum(made.sizes.values()),
    ),
)
act(
    "spot-check draw",
    says=lambda _, made, __: say(
        "{key} 抽中{count}件,见 huimin spot-check show",
        key=made.key,
        count=len(made.drawn),
    ),
)
act(
    "spot-check find",
    says=lambda _, made, __: say(
        "{key} 已记录,还有{count}件待查", key=made.key, count=len(made.unchecked())
    ),
)


@free(
    "spot-check attach",
    without=frozenset({"name", "content"}),
    more=[click.Argument(["file"], metavar="文件", type=values.PATH)],
)
@acts
def _attach(act: Act, key: str, file: Path) -> None:
    """Attach evidence, and say its digest."""
    from huimin_flow.store.files import read_regular  # noqa: PLC0415 - heavy

    content = read_regular(file, LARGEST_FILE)
    made = act.flow.spot_checks.attach(key, file.name, content, by=act.by)
    text = say("附件“{name}”,摘要 {digest}", name=made.name, digest=made.digest[:12])
    act.say(made, text)


@view("spot-check list")
def _list(view: View) -> Shown:
    return view.answer, view.table(LISTING)


@view("spot-check mine")
def _mine(view: View) -> Shown:
    return view.answer, view.table(LISTING, say("还没有抽查"))


@view("spot-check show")
def _show(view: View) -> Shown:
    shown: SpotCheckView = view.answer
    check = shown.check
    parts = [facts([*facts_of(shown)])]
    if check.counts:
        strata = [tuple(map(str, row)) for row in strata_of(check)]
        parts.append(screens.Table(STRATA, strata))
    if check.drawn:
        drawn = [tuple(map(str, row)) for row in drawn_of(check, view.names)]
        parts.append(screens.Table(DRAWN, drawn))
    return shown, *parts


@view("spot-check record")
def _record(view: View) -> Shown:
    known: DrawRecord = view.answer
    lines = [
        (say("种子"), known.seed),
        (say("总体摘要"), known.population_digest),
        *((risk.spoken, " ".join(drawn) or "—") for risk, drawn in known.drawn.items()),
    ]
    note = say("用 --json 取得完整记录,可用 repeat_draw.py 重做抽取")
    return known, facts(lines), note
