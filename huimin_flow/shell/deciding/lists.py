"""list and proposal: show, supplement and confirm lists; the second person's acts."""

from __future__ import annotations

from collections.abc import Mapping

import click

from huimin_flow.catalogue.terms import Argument, ProposalField, TwoPeople
from huimin_flow.reports.core.histories import word
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import NUMBER_ARGUMENT, Act, acts, by_two
from huimin_flow.shell.core.named import Named
from huimin_flow.shell.core.place import Place, shared, tabled
from huimin_flow.shell.core.values import Whole

_LIST = click.argument("key", metavar="清单编号", type=Named(Argument.LIST))
_PROPOSAL = click.argument("key", metavar="提请编号", type=Named(Argument.PROPOSAL))

#: How many characters of a proposal's text a screen shows.
_SHOWN = 60


edition = click.Group("list", help="清单:查看、预览、增补、确认、发布。")


@edition.command("show", help="查看一份清单,如 list/2024/city;不写编号则列出全部清单。")
@click.argument("key", metavar="[清单编号]", required=False, type=Named(Argument.LIST))
@tabled
def edition_show(place: Place, key: str | None) -> None:
    """Show a list, or name all lists."""
    with place.now() as now:
        if key is None:
            lists = now.lists.list()
            rows = [
                (row.key, row.kind.label, row.state.label, row.version, len(row.places))
                for row in lists
            ]
            head = ("清单编号", "类别", "状态", "版次", "事项数")
            place.table(lists, head, rows, "还没有清单")
            return
        shown = now.lists.get(key)
        names = screens.unit_names(now.rulebook.active().organization)
        places = [
            (
                line.rank,
                line.item,
                line.area.label,
                names.get(line.unit, line.unit),
                line.stars,
                now.items.get(line.item).title,
            )
            for line in shown.places
        ]
    text = f"{screens.list_title(key, names)} {shown.kind.label} {shown.state.label}"
    columns = ("序号", "编号", "板块", "单位", "星级", "标题")
    place.show(shown, text, screens.Table(columns, places))


@edition.command("preview", help="若此刻截止,次年清单会是怎样;不作任何记录。")
@click.argument("year", metavar="年度", type=Whole(2000, 2999))
@tabled
def edition_preview(place: Place, year: int) -> None:
    """Preview the December list."""
    with place.now() as now:
        shown = now.lists.preview(year)
    rows = [
        (line.rank, line.item, line.area.label, line.stars) for line in shown.places
    ]
    place.table(shown, ("序号", "编号", "板块", "星级"), rows)


@edition.command("supplement", help="截止后增补一个事项;须两人。")
@NUMBER_ARGUMENT
@click.option(
    "--list", "key", required=True, type=Named(Argument.LIST), help="清单编号。"
)
@by_two
@acts
def supplement(act: Act, number: str, key: str, second: str | None) -> None:
    """Add an item to a frozen list, by two people."""
    other = act.confirmer(second, "supplement", {"item": number, "edition": key})
    if other is not None:
        act.item(act.flow.lists.supplement(number, key, by=act.by, second=other))


@edition.command("confirm", help="确认已截止的清单;须两人。")
@_LIST
@by_two
@acts
def confirm(act: Act, key: str, second: str | None) -> None:
    """Confirm a frozen list, by two people."""
    other = act.confirmer(second, "confirm", {"edition": key})
    if other is not None:
        made = act.flow.lists.confirm(key, by=act.by, second=other)
        act.say(made, f"{made.key} {made.state.label}")


@edition.command("publish", help="发布已确认的清单。")
@_LIST
@acts
def publish(act: Act, key: str) -> None:
    """Publish a confirmed list."""
    made = act.flow.lists.publish(key, by=act.by)
    act.say(made, f"{made.key} {made.state.label}")


proposal = click.Group("proposal", help="两人办理的事:查看待复核、复核、撤回。")


@proposal.command("list", help="哪些事在等第二个人。")
@tabled
def proposal_list(place: Place) -> None:
    """List the proposals that wait for a second person."""
    with place.now() as now:
        waiting = now.proposals.waiting()
        book, names = now.rulebook.active(), now.rulebook.active().organization.names
    reasons = {**book.rules.reject_reasons, **book.rules.return_reasons}
    rows = [
        (
            made.key,
            word(TwoPeople, made.act),
            made.by,
            made.seen[:12],
            _in_words(made.values, reasons, names),
        )
        for made in waiting
    ]
    head = ("提请", "事项", "提请人", "核对码", "内容")
    place.table(waiting, head, rows, "没有待复核的提请")


@proposal.command("show", help="一件提请的全部内容:改什么,由何改为何,是否已失效。")
@_PROPOSAL
@shared
def proposal_show(place: Place, key: str) -> None:
    """Show a proposal's content for the second person."""
    with place.now() as now:
        shown = now.proposals.get(key)
    made = shown.proposal
    what = f"{made.key} {word(TwoPeople, made.act)} {made.state.label}"
    lines = [f"{what}(提请人 {made.by},核对码 {made.seen[:12]})"]
    lines += [f"提请后有变动,已失效:{'、'.join(shown.moved)}"] if shown.moved else []
    lines += [screens.changes(shown.content)] if shown.content else []
    place.show(shown, "\n".join(lines))


@proposal.command("approve", help="复核并办理他人的提请。")
@_PROPOSAL
@click.option("--seen", required=True, help="您所见:提请的核对码。")
@acts
def proposal_approve(act: Act, key: str, seen: str) -> None:
    """Confirm another person's proposal."""
    made = act.flow.proposals.approve(key, seen, by=act.by)
    act.say(made, f"{made.key} {made.state.label},已办理")


@proposal.command("withdraw", help="撤回提请。")
@_PROPOSAL
@acts
def proposal_withdraw(act: Act, key: str) -> None:
    """Withdraw a proposal."""
    made = act.flow.proposals.withdraw(key, by=act.by)
    act.say(made, f"{made.key} {made.state.label}")


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
            shown = "是" if text == "yes" else "否"
        parts.append(f"{word(ProposalField, name)}:{shown}")
    return ",".join(parts)
