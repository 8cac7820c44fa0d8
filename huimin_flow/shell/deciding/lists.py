"""list and proposal: what is on the lists, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_pair
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import ProposalField, ProposalState, TwoPeople
from huimin_flow.reports.core.histories import word
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Row, Shown, View, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.core.proposals import Proposal
    from huimin_flow.model.deciding.lists import Edition

#: How many characters of a proposal's text a screen shows.
_SHOWN = 60


@listing(
    "list list",
    head=("清单编号", "类别", "状态", "版次", "事项数"),
    limit=200,
    empty="还没有清单",
)
def _edition(_: View, edition: Edition) -> Row:
    kind, state = edition.kind.spoken, edition.state.spoken
    return edition.key, kind, state, edition.version, len(edition.places)


@view("list show")
def _list(view: View) -> Shown:
    shown: Edition = view.answer
    title = screens.list_title(shown.key, view.names)
    text = f"{title} {shown.kind.spoken} {shown.state.spoken}"
    return shown, text, _places(view, shown)


def _places(view: View, edition: Edition) -> screens.Table:
    """Return the rows of a list, with the titles of its items."""
    titles = _titles(view, [line.item for line in edition.places])
    rows = [
        (
            line.rank,
            line.item,
            line.area.spoken,
            view.unit(line.unit),
            line.stars,
            titles[line.item],
        )
        for line in edition.places
    ]
    return screens.Table(("序号", "编号", "板块", "单位", "星级", "标题"), rows)


def _titles(view: View, numbers: Sequence[str]) -> dict[str, str]:
    return {item.number: item.title for item in view.now.items.list(numbers=numbers)}


@view("list preview", timed=True)
def _preview(view: View) -> Shown:
    shown, out = view.answer, view.answer.left_out
    titles = _titles(view, [line.item for line in out])
    cutoff = shown.cutoff.isoformat() if shown.cutoff else say("已过或未定")
    text = say(
        "{year}年全市清单预览;截止日:{cutoff};入选{listed}项,落选{left_out}项",
        year=view.typed["year"],
        cutoff=cutoff,
        listed=len(shown.edition.places),
        left_out=len(titles),
    )
    rows = [
        (
            line.item,
            sentence(line.reason.code, dict(line.reason.values)),
            titles[line.item],
        )
        for line in out
    ]
    left_out = ["", screens.Table(("落选", "为何", "标题"), rows)] if rows else []
    return shown, text, _places(view, shown.edition), *left_out


def _any_state(_: object, typed: dict[str, Any]) -> None:
    typed["state"] = None if typed["every"] else typed["state"]


@listing(
    "proposal list",
    head=("提请", "状态", "事项", "提请人", "核对码", "内容"),
    limit=200,
    empty="没有可列的提请;默认只列等待复核的,全部见 --all",
    settings={"state": {"default": ProposalState.WAITING}},
    more=[
        click.Option(["--all", "every"], is_flag=True, help="全部:无论是否办过。"),
    ],
    fills=_any_state,
)
def _proposal(view: View, made: Proposal) -> Row:
    act, state = word(TwoPeople, made.act), made.state.spoken
    return made.key, state, act, made.by, made.seen[:12], _in_words(view, made)


@view("proposal show")
def _content(view: View) -> Shown:
    shown = view.answer
    made: Proposal = shown.proposal
    what = f"{made.key} {word(TwoPeople, made.act)} {made.state.spoken}"
    about = "{what}(提请人 {by},核对码 {seen})"
    lines = [say(about, what=what, by=made.by, seen=made.seen[:12])]
    if shown.moved:
        moved = say_list(shown.moved)
        lines.append(say("提请后有变动,已失效:{moved}", moved=moved))
    changed = shown.content or view.place.as_csv
    return shown, *lines, *([screens.changes(shown.content)] if changed else [])


def _in_words(view: View, made: Proposal) -> str:
    """Return a proposal's fields in words; a long text is cut."""
    rules = view.book.rules
    reasons = {**rules.reject_reasons, **rules.return_reasons}
    parts = []
    for name, text in made.values.items():
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
        if name == ProposalField.EDITION:
            shown = screens.list_title(text, view.names)
        elif name == ProposalField.REASON:
            shown = reasons.get(text, shown)
        elif name == ProposalField.DIGEST:
            shown = text[:12]
        elif name == ProposalField.COLORS:
            shown = say("是") if text == "yes" else say("否")
        parts.append(say_pair(word(ProposalField, name), shown))
    return say_clauses(*parts)
