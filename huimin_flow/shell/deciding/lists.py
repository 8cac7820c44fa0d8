"""list and proposal: what is on the lists, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_list
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import ProposalState, TwoPeople
from huimin_flow.reports import listings
from huimin_flow.reports.core.histories import word
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.core.proposals import Proposal
    from huimin_flow.model.deciding.lists import Edition


listing("list list", listings.lists, limit=200)


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


listing(
    "proposal list",
    listings.proposals,
    limit=200,
    settings={"state": {"default": ProposalState.WAITING}},
    more=[
        click.Option(["--all", "every"], is_flag=True, help="全部:无论是否办过。"),
    ],
    fills=_any_state,
)


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
