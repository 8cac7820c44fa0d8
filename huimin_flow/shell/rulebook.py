"""rules: check, show and activate the rulebook."""

from __future__ import annotations

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.rulebook import rulebook_text
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts, by_two
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import Place, shared, tabled


@plain("rules check")
@shared
def rules_check(place: Place) -> None:
    """Validate the config as a whole."""
    digest = place.rulebook().digest
    place.show({"digest": digest}, f"配置无误,规则库 {digest[:12]}")


@plain("rules diff")
@tabled
def rules_diff(place: Place) -> None:
    """Show the differences between the config and the active rulebook."""
    book = place.rulebook()
    with place.now() as now:
        diff = now.rulebook.diff(book)
    same = "与启用中的规则库相同"
    place.show(diff, screens.changes(diff) if diff or place.as_csv else same)


@plain("rules show")
@shared
def rules_show(place: Place) -> None:
    """Show the active rulebook."""
    from huimin_flow.flow.core.rulebook import FOUNDER  # noqa: PLC0415 - heavy

    with place.now() as now:
        book = now.rulebook.active()
        event = now.records.events(StreamKind.RULEBOOK)[-1].event
    if place.as_json:
        screens.echo_json(rulebook_text(book).decode())
        return
    if event.actor == FOUNDER.id:
        who = "建库时启用"
    else:
        who = f"办理 {event.actor},复核 {event.public['confirmed_by']}"
    organization, rules = book.organization, book.rules
    counts = (
        ("单位", len(organization.units)),
        ("岗位", len(organization.people)),
        ("采集渠道", len(book.channels.intake)),
        ("不予采纳与暂缓的理由", len(rules.reject_reasons)),
        ("退回的理由", len(rules.return_reasons)),
        ("定时作业", len(book.timetable)),
        ("评价指标", len(book.scoring.index.indicators)),
        ("进度曲线", len(book.scoring.progress.curves)),
        ("服务事项", len(book.services.items)),
    )
    years = "、".join(str(calendar.year) for calendar in book.calendar.years) or "无"
    parts = [*((name, f"{count}项") for name, count in counts), ("历法年份", years)]
    lines = [
        f"启用中的规则库 {book.digest[:12]}",
        f"第{event.n}次启用,{screens.shanghai(event.at)},{who}",
        screens.table(("部分", "数量"), parts),
        "全部内容见 huimin rules show --json",
    ]
    screens.echo("\n".join(lines))


@plain("rules activate")
@by_two
@acts
def rules_activate(act: Act, second: str | None) -> None:
    """Activate the config's rulebook, by two people."""
    book = act.place.rulebook()
    other = act.second(second)
    if other is None:
        act.proposed(act.flow.proposals.propose_rulebook(book, by=act.by))
        return
    digest = act.flow.rulebook.activate(book, by=act.by, second=other)
    act.say({"digest": digest}, f"已启用规则库 {digest[:12]}")
