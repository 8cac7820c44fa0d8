"""init and demo: create a database, run the rehearsal."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_count, say_list
from huimin_flow.catalogue.reasons import DoorCode, TimeCode
from huimin_flow.catalogue.terms import Gathering, State, StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.model.deciding.lists import CITY
from huimin_flow.settings import load_opening_list
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import require_yes
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import Place, shared
from huimin_flow.shell.pages import site

if TYPE_CHECKING:
    from huimin_flow.flow import Flow


@plain("init")
@click.option("--rehearsal", is_flag=True, help="建推演库:可用 --by 扮演任何岗位。")
@shared
def init(place: Place, *, rehearsal: bool) -> None:
    """Create the tables and activate the first rulebook."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy

    place.changes()
    book = place.rulebook()
    url, key = place.url(), place.key()
    with Flow.found(url, book, rehearsal=rehearsal, key=key) as flow:
        active = flow.rulebook.active()
    shown = {"database": place.url(), "rulebook": active.digest, "rehearsal": rehearsal}
    text = say("数据库已就绪,启用的规则库 {digest}", digest=active.digest[:12])
    if not rehearsal and not any(post.accounts for post in active.organization.people):
        text += "\n" + say(
            "注意:没有岗位登记操作系统账户,命令行将不能办理。\n"
            "请在 organization.yaml 的岗位下写 accounts,再运行一次 huimin init"
        )
    place.show(shown, text)


@plain("demo")
@values.into(default=Path("out/demo"))
@values.seed(default=2023)
@click.option("--yes", is_flag=True, help="不再询问:目录里已有文件也换掉同名的。")
@shared
def demo(place: Place, into: Path, seed: int, *, yes: bool) -> None:
    """Run the rehearsal, write its pages, and say what was played."""
    from huimin_flow.audit.verify import verify  # noqa: PLC0415 - heavy
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.rehearsal import story  # noqa: PLC0415 - heavy
    from huimin_flow.reports.core import render  # noqa: PLC0415 - heavy

    place.changes()
    render.environment()  # refuse a missing extra before the rehearsal runs
    if not yes:
        _ask_before_replacing(into)
    into.mkdir(parents=True, exist_ok=True)
    shelf, whole = into / "demo.db.files", into / "demo.db"
    url = place.url() if place.database else f"sqlite:///{whole}"
    if place.database:
        _play(place, url, seed, shelf, place.key())
    else:
        _replace(place, whole, seed, shelf)
    key = place.key()
    with Flow.open(url, attachments=shelf, key=key) as flow:
        items = flow.items.list()
        report = door_of(flow).read(verify)
        flaws = say_count("{count}处异常", len(report.findings))
        audit = say("无异常") if report.clean else flaws
        played, became, gathered = _played_and_become(flow)
    evening = RehearsalClock(at_hour(story.LAST, 18))  # pages show its own last day
    with Flow.open(url, clock=evening, attachments=shelf, key=key) as flow:
        site(flow, into)
    text = (
        "全部历史{events}条,核验{audit};从{index}看起:2023年9月、10月的五色图写明渝中区、"
        "丰都县为何变色,进展页把掉队的排在前面。"
    )
    look = say(text, events=report.events, audit=audit, index=into / "index.html")
    named = place.database or str(whole)
    # A printed address would show its password.
    where = "" if "@" in named else f" --db {shlex.quote(named)}"
    commands = [f"{_called()} {line}{where}" for line in _TO_TRY]
    desk = f"{_called()} {_DESK}{where}"
    summary = {
        "states": dict(Counter(item.state.spoken for item in items)),
        "events": report.events,
        "facts": report.facts,
        "head": report.head,
        "audit": audit,
        "sentences": (played, became, gathered, look),
        "commands": commands,
        "desk": desk,
    }
    shown = [f"    {line}" for line in commands]
    shown += [say("在浏览器里看和办:"), f"    {desk}"]
    place.show(summary, played, became, gathered, look, say("试一试:"), *shown)


#: Commands that show what the story is about; the database is added.
_TO_TRY = (
    "score explain 500230 2023-10",
    "rating callback 2023-09",
    "progress owing 2023-10",
    "todo --by op-500230 --now 2024-02-29T18:00",
    "audit verify",
)

#: The command that serves the rehearsal on its last evening.
_DESK = "desk --now 2024-02-29T18:00"


def _called() -> str:
    """Return how this program was called, so that a printed command runs as it is."""
    own = Path(sys.argv[0])
    on_path = shutil.which("huimin")
    if own.name != "huimin" or (on_path and own.resolve() == Path(on_path).resolve()):
        return "huimin"
    return shlex.quote(str(own))


def _ask_before_replacing(into: Path) -> None:
    """Ask at a terminal before a demo replaces files; what a killed one left may go.

    Raises:
        InputRefused: without a terminal, or if the person doesn't confirm.

    """
    left = ("demo.part.db", "demo.db.files", ".")
    names = [] if not into.is_dir() else sorted(path.name for path in into.iterdir())
    names = [name for name in names if not name.startswith(left)]
    if not names:
        return
    filled = InputRefused(
        DoorCode.FOLDER_FILLED,
        folder=into,
        names=say_list(names[:3]),
        count=len(names),
    )
    if not sys.stdin.isatty():
        raise filled
    screens.echo(str(filled), err=True)
    require_yes()


def _played_and_become(flow: Flow) -> tuple[str, str, str]:
    """Return in sentences what was played, what became of it, how appeals gathered."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.rehearsal import story  # noqa: PLC0415 - heavy
    from huimin_flow.store.sensing.gathering import outcomes  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import runs  # noqa: PLC0415 - heavy

    months = [run.period for run in runs(flow) if run.job == "five_colors"]
    charts = [flow.scores.colors(month).groups.values() for month in months]
    units = [unit for groups in charts for group in groups for unit in group]
    changes = sum(
        unit.before is not None and unit.color != unit.before for unit in units
    )
    shares = [flow.ratings.callback_rate(month) for month in months]
    places = flow.lists.get(StreamKind.LIST.key(2023, CITY)).places
    items = [flow.items.get(place.item) for place in places]
    names = screens.unit_names(flow.rulebook.active().organization)
    late = [names[item.unit] for item in items if item.state is State.ASSIGNED]
    responses = sum(item.responds_to is not None for item in items)
    played = say(
        "推演了{first}至{last}:2023年清单{items}项({tasks}项真实任务,{responses}个区县、"
        "开发区的响应),{units}个单位逐月评价、亮五色;人和数字都是模拟的。",
        first=period_in_words(f"{story.FIRST:%Y-%m}"),
        last=period_in_words(f"{story.LAST:%Y-%m}"),
        items=len(items),
        tasks=len(items) - responses,
        responses=responses,
        units=len({unit.unit for unit in units}),
    )
    became = say(
        "到{last}底,{done}项已完成,{late}项逾期({names});实名差评{named}件,"
        "已回访{called}件;{months}个月里变色{changes}次。",
        last=period_in_words(f"{story.LAST:%Y-%m}"),
        done=len(items) - len(late),
        late=len(late),
        names=say_list(late),
        named=sum(share.whole for share in shares),
        called=sum(share.part for share in shares),
        months=len(months),
        changes=changes,
    )
    read = door_of(flow).read
    count, of_items = read(outcomes), read(partial(outcomes, of_items=True))
    appeals = flow.appeals.count()
    linked, proposed = count[Gathering.LINK], count[Gathering.PROPOSE]
    gathered = say(
        "{appeals}件诉求由系统逐件比对:自动归并{linked}件(其中归到事项{of_items}件),"
        "提请人确认{proposed}件(确认{yes}件、否定{no}件、撤销归并{undone}件),"
        "不归并{left}件。",
        appeals=appeals,
        linked=linked,
        of_items=of_items[Gathering.LINK],
        proposed=proposed,
        yes=count[Gathering.YES],
        no=count[Gathering.NO],
        undone=count[Gathering.UNDO],
        left=appeals - linked - proposed,
    )
    return played, became, gathered


def _replace(place: Place, whole: Path, seed: int, shelf: Path) -> None:
    """Play into a new file, which replaces an earlier rehearsal when it is complete.

    Raises:
        StoreRefused: if the file is a production database.

    """
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.store import files  # noqa: PLC0415 - heavy
    from huimin_flow.store.sensing.keys import file_of  # noqa: PLC0415 - heavy

    growing = whole.with_name("demo.part.db")
    with files.alone(whole.with_name("demo.part.db.lock")):
        if whole.exists():
            with Flow.open(f"sqlite:///{whole}") as flow:
                if not flow.rehearsal:
                    raise StoreRefused(TimeCode.NO_REHEARSAL)
        files.remove_file(growing)
        try:
            key = place.key() or file_of(f"sqlite:///{whole}")  # it keeps its name
            _play(place, f"sqlite:///{growing}", seed, shelf, key)
        except BaseException:
            files.remove_file(growing)
            raise
        files.supersede(whole, growing)


def _play(place: Place, url: str, seed: int, shelf: Path, key: Path | None) -> None:
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
    Flow.found(url, book, rehearsal=True, clock=founder, key=key).close()
    clock = RehearsalClock(at_hour(story.FIRST, 8), seed=seed)
    with Flow.open(url, clock=clock, attachments=shelf, key=key) as flow:
        if _played(flow, RehearsalClock(at_hour(story.FIRST, 8), seed=~seed)):
            screens.echo(say("库中已有同一种子的整个推演:只重写页面"), err=True)
            flow.settle()
            return
        with flow.whole() as bound:
            door_of(bound).read(positions.restart_numbers)
            tale = story.Story(bound, clock, opening, seed)
            length = (story.LAST - story.FIRST).days + 1
            bar: Any = click.progressbar(
                length=length, label=say("推演"), file=sys.stderr
            )
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
