"""init, demo, doctor, rules: the beginning, the rehearsal, the state of health."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.model.value import value
from huimin_flow.shell import screens
from huimin_flow.shell.place import Place, placed, shared

if TYPE_CHECKING:
    from huimin_flow.flow import Flow


@value
class Summary:
    """What a rehearsal came to."""

    states: dict[str, int]
    events: int
    facts: int
    head: str
    audit: str


@click.command(help="建立数据库并启用第一版规则库;已有数据库只作升级。")
@shared
def init(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Make the tables and activate the first rulebook."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy

    place = placed(database, config, as_json=as_json)
    book = place.rulebook()
    with Flow.found(place.url(), book) as flow:
        active = flow.rulebook().digest
    said = {"database": place.url(), "rulebook": active}
    screens.show(said, f"数据库已就绪,启用的规则库 {active[:12]}", as_json=as_json)


@click.command(help="推演:让2023年真实清单走完九个状态(2022-10-01至2024-02-29)。")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("out/demo"),
    help="结果放在哪个目录。",
)
@click.option("--seed", type=int, default=2023, help="随机种子;同一种子结果相同。")
@shared
def demo(
    into: Path, seed: int, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Run the rehearsal and write its pages."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.store import engine  # noqa: PLC0415 - heavy

    place = placed(database, config, as_json=as_json)
    into.mkdir(parents=True, exist_ok=True)
    final = into / "demo.db"
    growing = into / "demo.part.db"
    engine.remove_file(growing)
    url = database or f"sqlite:///{growing}"
    try:
        _play(place, url, seed)
    except BaseException:
        engine.remove_file(growing)
        raise
    if database is None:
        engine.supersede(final, growing)
        url = f"sqlite:///{final}"
    with Flow.open(url) as flow:
        said = _pages(flow, into)
    if as_json:
        screens.show_json(said)
        return
    states = [(state, count) for state, count in said.states.items()]
    click.echo(screens.table(("状态", "事项数"), states))
    click.echo(f"事件 {said.events} 条,数据行 {said.facts} 行,审计:{said.audit}")
    click.echo(f"清单页面:{into / 'list-2023.html'}、{into / 'list-2024.html'}")
    click.echo(f"事项历史:{into / 'item.html'}")
    click.echo(f"自行核验:huimin audit verify --db {url}")


def _play(place: Place, url: str, seed: int) -> None:
    from huimin_flow.clock import RehearsalClock, at_hour  # noqa: PLC0415 - heavy
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.rehearsal.story import FIRST, LAST, Story  # noqa: PLC0415 - heavy
    from huimin_flow.settings import load_opening_list  # noqa: PLC0415 - heavy

    clock = RehearsalClock(at_hour(FIRST, 8), seed=seed)
    opening = load_opening_list(place.folder(), 2023)
    with Flow.found(url, place.rulebook(), rehearsal=True, clock=clock) as flow:
        story = Story(flow, clock, opening, seed)
        length = (LAST - FIRST).days + 1
        bar: Any = click.progressbar(length=length, label="推演", file=sys.stderr)
        with bar:
            for _ in story.days():
                bar.update(1)


def _pages(flow: Flow, into: Path) -> Summary:
    from huimin_flow.audit.verify import verify  # noqa: PLC0415 - heavy
    from huimin_flow.reports.build import item_page, list_lines  # noqa: PLC0415 - heavy
    from huimin_flow.reports.render import page, write_page  # noqa: PLC0415 - heavy

    organization = flow.rulebook().organization
    for year in (2023, 2024):
        edition = flow.edition(f"list/{year}/city")
        lines = flow.read(
            partial(list_lines, edition=edition, organization=organization)
        )
        title = f"{year}年“惠民有感”民生任务清单"
        origin = edition.note or "按截止时刻冻结"
        note = f"{edition.kind.label} · {edition.state.label} · {origin}"
        text = page("list.html.j2", title=title, note=note, lines=lines)
        write_page(into / f"list-{year}.html", text)
    shown = flow.edition("list/2023/city").places[0].item
    found = flow.read(lambda c: item_page(c, shown, organization))
    write_page(into / "item.html", page("item.html.j2", title=found.title, item=found))
    report = flow.read(verify)
    counts = Counter(item.state.label for item in flow.items())
    return Summary(
        states=dict(counts),
        events=report.events,
        facts=report.facts,
        head=report.head,
        audit="无异常" if report.clean else f"{len(report.findings)}处异常",
    )


@click.command(help="检查本机与数据库:版本、日志方式、规则库、心跳。")
@shared
def doctor(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Say how the machine and the database are."""
    from huimin_flow.store.engine import journal_mode  # noqa: PLC0415 - heavy
    from huimin_flow.store.schema import drift  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import heartbeat  # noqa: PLC0415 - heavy

    place = placed(database, config, as_json=as_json)
    mode, level = journal_mode()
    proposed = place.rulebook().digest
    with place.flow() as flow:
        said = {
            "sqlite": sqlite3.sqlite_version,
            "journal": f"{mode}/{level}",
            "proposed": proposed,
            "active": flow.rulebook().digest,
            "drift": flow.read(drift),
            "heartbeat": heartbeat(flow),
        }
    same = said["proposed"] == said["active"]
    lines = [
        ("SQLite", f"{said['sqlite']},日志方式 {said['journal']}"),
        ("表结构", "与程序一致" if not said["drift"] else f"不一致:{said['drift']}"),
        ("规则库", "磁盘与启用的一致" if same else "磁盘上的与启用的不同,尚未启用"),
        ("定时服务", said["heartbeat"] or "从未运行"),
    ]
    screens.show(said, screens.table(("项目", "情况"), lines), as_json=as_json)
    if said["drift"]:
        raise SystemExit(1)


@click.group(help="规则库:检查、启用、查看。")
def rules() -> None:
    """Group the commands of the rulebook."""


@rules.command("check", help="整体检查 config/,指出文件、行、键、值与改法。")
@shared
def rules_check(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Validate the proposal as a whole."""
    place = placed(database, config, as_json=as_json)
    digest = place.rulebook().digest
    screens.show({"digest": digest}, f"配置无误,规则库 {digest[:12]}", as_json=as_json)


@rules.command("show", help="查看启用中的规则库。")
@shared
def rules_show(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Show the active rulebook."""
    from huimin_flow.settings import rulebook_text  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).flow() as flow:
        book = flow.rulebook()
    if as_json:
        click.echo(rulebook_text(book).decode())
    else:
        click.echo(f"启用中的规则库 {book.digest}")


@rules.command("activate", help="由两人启用 config/ 中的规则库。")
@click.option("--by", "first", required=True, help="经办人岗位代号。")
@click.option("--second", required=True, help="复核人岗位代号。")
@shared
def rules_activate(
    first: str,
    second: str,
    database: str | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    """Activate the proposal by two people."""
    from huimin_flow.terms import Via  # noqa: PLC0415 - with the rest

    place = placed(database, config, as_json=as_json)
    book = place.rulebook()
    with place.flow() as flow:
        by = flow.actor(first, Via.OPERATING_SYSTEM)
        other = flow.actor(second, Via.OPERATING_SYSTEM)
        digest = flow.activate(book, by=by, second=other)
    screens.show({"digest": digest}, f"已启用规则库 {digest[:12]}", as_json=as_json)
