"""init and demo: create a database, run the rehearsal."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import StoreRefused
from huimin_flow.model.deciding.lists import CITY
from huimin_flow.settings import load_opening_list
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.place import Place, shared
from huimin_flow.shell.pages import site

if TYPE_CHECKING:
    from huimin_flow.flow import Flow


@click.command(help="建立数据库并启用第一版规则库;已有数据库只作升级。")
@click.option("--rehearsal", is_flag=True, help="建推演库:可用 --by 扮演任何岗位。")
@shared
def init(place: Place, *, rehearsal: bool) -> None:
    """Create the tables and activate the first rulebook."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy

    place.changes()
    book = place.rulebook()
    with Flow.found(place.url(), book, rehearsal=rehearsal) as flow:
        active = flow.rulebook.active()
    shown = {"database": place.url(), "rulebook": active.digest, "rehearsal": rehearsal}
    text = f"数据库已就绪,启用的规则库 {active.digest[:12]}"
    if not rehearsal and not any(post.accounts for post in active.organization.people):
        text += "\n注意:没有岗位登记操作系统账户,命令行将不能办理。"
        text += "\n请在 organization.yaml 的岗位下写 accounts,再另建数据库"
    place.show(shown, text)


@click.command(help="推演:让2023年真实清单走完九个状态(2022-10-01至2024-02-29)。")
@values.into(default=Path("out/demo"))
@values.seed(default=2023)
@shared
def demo(place: Place, into: Path, seed: int) -> None:
    """Run the rehearsal and write its pages."""
    from huimin_flow.audit.verify import verify  # noqa: PLC0415 - heavy
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.reports.core import render  # noqa: PLC0415 - heavy
    from huimin_flow.store import files  # noqa: PLC0415 - heavy

    place.changes()
    render.environment()  # refuse a missing extra before the rehearsal runs
    into.mkdir(parents=True, exist_ok=True)
    shelf, whole = into / "demo.db.files", into / "demo.db"
    url = place.url() if place.database else f"sqlite:///{whole}"
    if place.database:
        _play(place, url, seed, shelf)
    else:
        # Written to a new file, which replaces the old file when it is complete.
        growing = into / "demo.part.db"
        with files.alone(into / "demo.part.db.lock"):
            files.remove_file(growing)
            try:
                _play(place, f"sqlite:///{growing}", seed, shelf)
            except BaseException:
                files.remove_file(growing)
                raise
            files.supersede(whole, growing)
    with Flow.open(url, attachments=shelf) as flow:
        numbers = [flow.lists.get(StreamKind.LIST.key(2023, CITY)).places[0].item]
        items = flow.items.list()
        numbers += [item.number for item in items if item.arises_from][:1]
        site(flow, into, items=numbers)
        report = door_of(flow).read(verify)
    counts = Counter(item.state.label for item in items)
    audit = "无异常" if report.clean else f"{len(report.findings)}处异常"
    summary = {
        "states": dict(counts),
        "events": report.events,
        "facts": report.facts,
        "head": report.head,
        "audit": audit,
    }
    lines = (
        screens.table(("状态", "事项数"), list(counts.items())),
        f"事件 {report.events} 条,数据行 {report.facts} 行,审计:{audit}",
        f"清单页面:{into / 'list-2023.html'}、{into / 'list-2024.html'}",
        f"五色图、榜单、进展与事项历史:{into / 'index.html'}",
        f"自行核验:huimin audit verify --db {url}",
    )
    place.show(summary, "\n".join(lines))


def _play(place: Place, url: str, seed: int, shelf: Path) -> None:
    """Run the whole story in one transaction: all of it, or nothing."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.rehearsal import story  # noqa: PLC0415 - heavy
    from huimin_flow.store.core import positions  # noqa: PLC0415 - heavy

    book = place.rulebook()
    opening = load_opening_list(place.folder(), 2023, book)
    # Its own clock: after a kill the database may be founded already, and the story
    # must draw the same random numbers in both cases.
    founder = RehearsalClock(at_hour(story.FIRST, 8), seed=~seed)
    Flow.found(url, book, rehearsal=True, clock=founder).close()
    clock = RehearsalClock(at_hour(story.FIRST, 8), seed=seed)
    with Flow.open(url, clock=clock, attachments=shelf) as flow:
        if _played(flow, RehearsalClock(at_hour(story.FIRST, 8), seed=~seed)):
            screens.echo("库中已有同一种子的整个推演:只重写页面", err=True)
            flow.settle()
            return
        with flow.whole() as bound:
            door_of(bound).read(positions.restart_numbers)
            tale = story.Story(bound, clock, opening, seed)
            length = (story.LAST - story.FIRST).days + 1
            bar: Any = click.progressbar(length=length, label="推演", file=sys.stderr)
            with bar:
                for _ in tale.days():
                    bar.update(1)
        flow.settle()


def _played(flow: Flow, founder: RehearsalClock) -> bool:
    """Tell whether the database already has the complete story of a seed.

    The founding of a demo draws its request id from ``founder`` only.

    Raises:
        StoreRefused: if another program or seed founded the database.

    """
    founding = flow.records.events(StreamKind.RULEBOOK)[0].event
    own = (founding.at, founding.request) == (founder.now(), founder.token(16).hex())
    filled = bool(flow.items.list(limit=1))
    first = StreamKind.LIST.key(2023, CITY)
    whole = any(edition.key == first for edition in flow.lists.list())
    if not own or filled != whole:
        raise StoreRefused(DoorCode.NOT_EMPTY if filled else DoorCode.OTHER_SEED)
    return filled
