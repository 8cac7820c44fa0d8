"""list and proposal: show, supplement and confirm lists; the second person's acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_pair
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import (
    Argument,
    EditionKind,
    EditionState,
    ProposalField,
    ProposalState,
    TwoPeople,
)
from huimin_flow.reports.core.histories import word
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import NUMBER
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import UNIT, Place, paged, tabled, timed
from huimin_flow.shell.core.values import Whole, Word

if TYPE_CHECKING:
    from huimin_flow.flow import Questions
    from huimin_flow.model.deciding.lists import Edition

_LIST = click.argument("key", metavar="清单编号", type=Named(Argument.LIST))
_PROPOSAL = click.argument("key", metavar="提请编号", type=Named(Argument.PROPOSAL))

#: How many characters of a proposal's text a screen shows.
_SHOWN = 60


@plain("list list")
@click.option("--period", default=None, help="时期:只看某年或某季,如 2027、2027Q1。")
@UNIT
@click.option(
    "--kind", default=None, type=Word(EditionKind), help="类别:只看某类,如 年度版。"
)
@click.option(
    "--state", default=None, type=Word(EditionState), help="只看某状态,如 已发布。"
)
@click.option("--item", default=None, type=NUMBER, help="事项编号:只看列有它的。")
@paged(200, "清单编号")
@tabled
def edition_list(place: Place, after: str | None, limit: int, **filters: Any) -> None:
    """List the lists."""
    with place.now() as now:
        lists = now.lists.list(after=after, limit=limit, **filters)
        total = now.lists.count(**filters)
    rows = [
        (row.key, row.kind.spoken, row.state.spoken, row.version, len(row.places))
        for row in lists
    ]
    place.page(
        lists,
        ("清单编号", "类别", "状态", "版次", "事项数"),
        rows,
        total=total,
        limit=limit,
        empty=say("还没有清单"),
    )


@plain("list show")
@_LIST
@tabled
def edition_show(place: Place, key: str) -> None:
    """Show a list."""
    with place.now() as now:
        shown = now.lists.get(key)
        names = screens.unit_names(now.rulebook.active().organization)
        places = _places(now, shown, names)
    text = f"{screens.list_title(key, names)} {shown.kind.spoken} {shown.state.spoken}"
    place.show(shown, text, screens.Table(_HEAD, places))


_HEAD = ("序号", "编号", "板块", "单位", "星级", "标题")


def _places(
    now: Questions, edition: Edition, names: Mapping[str, str]
) -> list[tuple[object, ...]]:
    """Return the rows of a list, with the titles of its items."""
    titles = _titles(now, [line.item for line in edition.places])
    return [
        (
            line.rank,
            line.item,
            line.area.spoken,
            names.get(line.unit, line.unit),
            line.stars,
            titles[line.item],
        )
        for line in edition.places
    ]


def _titles(now: Questions, numbers: Sequence[str]) -> dict[str, str]:
    return {item.number: item.title for item in now.items.list(numbers=numbers)}


@plain("list preview")
@click.argument("year", metavar="年度", type=Whole(2000, 2999))
@timed
@tabled
def edition_preview(place: Place, year: int) -> None:
    """Preview the December list: its items, its cutoff, and who falls out and why."""
    with place.now() as now:
        shown = now.lists.preview(year)
        names = screens.unit_names(now.rulebook.active().organization)
        places = _places(now, shown.edition, names)
        titles = _titles(now, [line.item for line in shown.left_out])
    cutoff = shown.cutoff.isoformat() if shown.cutoff else say("已过或未定")
    text = say(
        "{year}年全市清单预览;截止日:{cutoff};入选{listed}项,落选{left_out}项",
        year=year,
        cutoff=cutoff,
        listed=len(places),
        left_out=len(titles),
    )
    rows = [
        (
            line.item,
            sentence(line.reason.code, dict(line.reason.values)),
            titles[line.item],
        )
        for line in shown.left_out
    ]
    out: list[str | screens.Table] = []
    if rows:
        out = ["", screens.Table(("落选", "为何", "标题"), rows)]
    place.show(shown, text, screens.Table(_HEAD, places), *out)


@plain("proposal list")
@click.option(
    "--state",
    default=ProposalState.WAITING,
    type=Word(ProposalState),
    help="只看某状态:待复核(默认)、已复核、已撤回。",
)
@click.option("--all", "every", is_flag=True, help="全部:无论是否办过。")
@click.option(
    "--act", default=None, type=Word(TwoPeople), help="所办的事:只看某类,如 确认清单。"
)
@click.option(
    "--person", default=None, type=Named(Argument.PERSON), help="岗位代号:谁提请的。"
)
@paged(200, "提请编号")
@tabled
def proposal_list(
    place: Place,
    state: ProposalState,
    after: str | None,
    limit: int,
    *,
    every: bool,
    **filters: Any,
) -> None:
    """List the proposals; by default those that wait for a second person."""
    filters["state"] = None if every else state
    with place.now() as now:
        listed = now.proposals.list(after=after, limit=limit, **filters)
        total = now.proposals.count(**filters)
        book, names = now.rulebook.active(), now.rulebook.active().organization.names
    reasons = {**book.rules.reject_reasons, **book.rules.return_reasons}
    rows = [
        (
            made.key,
            made.state.spoken,
            word(TwoPeople, made.act),
            made.by,
            made.seen[:12],
            _in_words(made.values, reasons, names),
        )
        for made in listed
    ]
    place.page(
        listed,
        ("提请", "状态", "事项", "提请人", "核对码", "内容"),
        rows,
        total=total,
        limit=limit,
        empty=say("没有提请")
        if every
        else say("没有{state}的提请", state=state.spoken),
    )


@plain("proposal show")
@_PROPOSAL
@tabled
def proposal_show(place: Place, key: str) -> None:
    """Show a proposal's content for the second person."""
    with place.now() as now:
        shown = now.proposals.get(key)
    made = shown.proposal
    what = f"{made.key} {word(TwoPeople, made.act)} {made.state.spoken}"
    lines = [
        say(
            "{what}(提请人 {by},核对码 {seen})",
            what=what,
            by=made.by,
            seen=made.seen[:12],
        )
    ]
    if shown.moved:
        moved = say_list(shown.moved)
        lines.append(say("提请后有变动,已失效:{moved}", moved=moved))
    changed = shown.content or place.as_csv
    tables = [screens.changes(shown.content)] if changed else []
    place.show(shown, "\n".join(lines), *tables)


def _in_words(
    values: Mapping[str, str], reasons: Mapping[str, str], names: Mapping[str, str]
) -> str:
    """Return a proposal's fields in words; a long text is cut."""
    parts = []
    for name, text in values.items():
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
        if name == ProposalField.EDITION:
            shown = screens.list_title(text, names)
        elif name == ProposalField.REASON:
            shown = reasons.get(text, shown)
        elif name == ProposalField.DIGEST:
            shown = text[:12]
        elif name == ProposalField.COLORS:
            shown = say("是") if text == "yes" else say("否")
        parts.append(say_pair(word(ProposalField, name), shown))
    return say_clauses(*parts)
