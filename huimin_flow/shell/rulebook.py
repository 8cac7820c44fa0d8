"""rules: check, show and activate the rulebook."""

from __future__ import annotations

from pathlib import Path

import click

from huimin_flow.catalogue.language import say, say_list
from huimin_flow.catalogue.terms import Board, Color, StreamKind
from huimin_flow.clock import shanghai
from huimin_flow.model.core.organization import FOUNDER
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.rulebook import rulebook_text
from huimin_flow.reports.deciding.previews import effect_lines
from huimin_flow.reports.improving.burden import PRICE_HEAD, price_rows, price_words
from huimin_flow.settings import check
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import free
from huimin_flow.shell.core.place import Place, shared, tabled, timed


@plain("rules check")
@shared
def rules_check(place: Place) -> None:
    """Validate the config as a whole."""
    digest = place.rulebook().digest
    place.show({"digest": digest}, say("配置无误,规则库 {digest}", digest=digest[:12]))


@plain("rules diff")
@timed
@tabled
def rules_diff(place: Place) -> None:
    """Show the differences between the config and the active rulebook."""
    book = place.rulebook()
    with place.now(shows=True) as now:
        diff, effects = now.rulebook.diff(book), now.rulebook.effects(book)
        ranks = screens.ranks(effect_lines(now, effects))
        price = now.burden.price(book)
    if not diff and not place.as_csv:
        place.show({"changes": diff, "effects": effects}, say("与启用中的规则库相同"))
        return
    parts: list[str | screens.Table] = [
        screens.changes(diff, screens.unit_names(book.organization))
    ]
    if not place.as_csv:
        head = tuple(map(say, PRICE_HEAD))
        parts += [*ranks, screens.Table(head, price_rows(price)), price_words(price)]
    said = {"changes": diff, "effects": effects, "price": to_plain(price)}
    place.show(said, *parts)


@plain("rules what-if")
@click.argument("new", metavar="新规则", type=click.Path(path_type=Path))
@click.option("--from", "first", required=True, help="从哪个月起,如 2023-07。")
@click.option("--to", "last", required=True, help="到哪个月止,如 2023-12。")
@timed
@tabled
def rules_what_if(place: Place, new: Path, first: str, last: str) -> None:
    """Show what another rulebook would have changed in what was published."""
    book = check(new)
    with place.now(shows=True) as now:
        trial = now.rulebook.what_if(book, first, last)
        names = dict(now.rulebook.active().organization.names)
        numbers = {changed.subject for changed in trial.changes} - names.keys()
        items = now.items.list(numbers=sorted(numbers))
        names |= {item.number: item.title for item in items}
    rows = [
        (
            changed.key,
            changed.subject,
            names.get(changed.subject, "—"),
            figure_of(changed.old),
            figure_of(changed.new),
            say("得益") if changed.gains else say("受损"),
        )
        for changed in trial.changes
    ]
    gains = sum(changed.gains for changed in trial.changes)
    head = say(
        "{first}至{last},规则库 {digest}:"
        "试算{tried}份,变动{count}处,得益{gains}、受损{loses}",
        first=first,
        last=last,
        digest=trial.rulebook[:12],
        tried=len(trial.tried),
        count=len(rows),
        gains=gains,
        loses=len(rows) - gains,
    )
    columns = ("编号", "对象", "名称", "已公布", "试算", "得失")
    units = [
        (names.get(each.unit, each.unit), each.gains, each.loses)
        for each in trial.units
    ]
    parts: list[str | screens.Table] = [screens.Table(columns, rows), head]
    if units and not place.as_csv:
        parts += [say("各单位得失(受损多的在前)")]
        parts += [screens.Table(("单位", "得益", "受损"), units)]
    place.show(trial, *parts)


def figure_of(figure: str | None) -> str:
    """Return a published figure in words; None is a dash."""
    words = {term.value: term.spoken for term in (*Color, *Board)}
    return "—" if figure is None else words.get(figure, figure)


@plain("rules show")
@shared
def rules_show(place: Place) -> None:
    """Show the active rulebook."""
    with place.now() as now:
        book = now.rulebook.active()
        event = now.records.events(StreamKind.RULEBOOK)[-1].event
    if place.as_json:
        screens.echo_json(rulebook_text(book).decode())
        return
    if event.actor == FOUNDER.id:
        who = say("建库时启用") if event.n == 1 else say("登记账户")
    else:
        who = say(
            "办理 {actor},复核 {second}",
            actor=event.actor,
            second=event.public["confirmed_by"],
        )
    organization, rules = book.organization, book.rules
    counts = (
        (say("单位"), len(organization.units)),
        (say("岗位"), len(organization.people)),
        (say("采集渠道"), len(book.channels.intake)),
        (say("不予采纳与暂缓的理由"), len(rules.reject_reasons)),
        (say("退回的理由"), len(rules.return_reasons)),
        (say("移交的理由"), len(rules.transfer_reasons)),
        (say("定时作业"), len(book.timetable)),
        (say("评价指标"), len(book.scoring.index.indicators)),
        (say("进度曲线"), len(book.scoring.progress.curves)),
        (say("服务事项"), len(book.services.items)),
    )
    years = say_list(calendar.year for calendar in book.calendar.years) or say("无")
    parts = [
        *((name, say("{count}项", count=count)) for name, count in counts),
        (say("历法年份"), years),
    ]
    lines = [
        say("启用中的规则库 {digest}", digest=book.digest[:12]),
        say(
            "第{n}次启用,{moment},{who}",
            n=event.n,
            moment=shanghai(event.at),
            who=who,
        ),
        str(screens.Table(("部分", "数量"), parts)),
        say("全部内容见 huimin rules show --json"),
    ]
    screens.echo("\n".join(lines))


@free("rules activate", without=frozenset({"book"}))
@acts
def _activate(act: Act, second: str | None) -> None:
    """Activate the config's rulebook, by two people."""
    book = act.place.rulebook()
    other = act.second(second)
    with act.plain.snapshot() as now:
        price = now.burden.price(book)
    if other is None:
        made = act.flow.proposals.propose_rulebook(book, by=act.by)
        act.proposed(made, price_words(price))
        return
    digest = act.flow.rulebook.activate(book, by=act.by, second=other)
    text = say("已启用规则库 {digest}", digest=digest[:12])
    said = {"digest": digest, "price": to_plain(price)}
    act.say(said, f"{price_words(price)}\n{text}")
