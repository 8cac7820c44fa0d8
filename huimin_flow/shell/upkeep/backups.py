"""backup and restore: the database with its attachments, verified (S2)."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.clock import SHANGHAI, SystemClock, shanghai
from huimin_flow.errors import HuiminError, StoreRefused
from huimin_flow.reports.core.histories import event_lines
from huimin_flow.settings import load_settings
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import Place, shared
from huimin_flow.store.sensing.masters import MasterFile

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.model.sensing.reading import Erasure
    from huimin_flow.store.backup import Backup, Tail
    from huimin_flow.store.executing.attachments import Shelf

#: How many acts after a backup a screen lists.
_SHOWN = 50


@plain("backup")
@click.argument("into", metavar="目录", type=values.PATH)
@shared
def backup(place: Place, into: Path) -> None:
    """Copy the database and its attachments to a new folder, and verify the copy."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store import backup as backups  # noqa: PLC0415 - heavy
    from huimin_flow.store import jobs  # noqa: PLC0415 - heavy
    from huimin_flow.store.core.history import moment_text  # noqa: PLC0415 - heavy

    place.require_database()
    now, url = SystemClock().now(), place.url()
    folder = into / f"{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    with place.flow(quiet=True) as flow:
        door = door_of(flow)
        shelf = None if door.shelf is None else door.shelf.folder.resolve()
        if shelf is not None and folder.resolve().is_relative_to(shelf):
            raise StoreRefused(StoreCode.BACKUP_AMONG_FILES, folder=str(into))
        with suppress(HuiminError):  # hosts' events get their places, if it may write
            flow.settle()
        with backups.growing(folder) as beside:
            made = backups.copy_out(url, beside, door.shelf, moment_text(now))
        first, flaws = _verified(folder, made)
        if flaws:
            whole = str(folder / backups.DATABASE)
            raise StoreRefused(
                StoreCode.BACKUP_FLAWED, count=flaws, first=first, file=whole
            )
        if made.missing:
            digests = [digest[:12] for digest in made.missing]
            raise StoreRefused(
                StoreCode.BACKUP_INCOMPLETE, count=len(digests), digests=digests
            )
        with suppress(HuiminError):  # an account that only reads leaves no mark
            mark = partial(jobs.beat, service=jobs.BACKUP)
            at, events = made.made, str(made.events)
            door.perform(lambda work: mark(work.connection, at, events))
    text = say(
        "已备份到{folder}:事件{events}条(止于{last}),附件{attachments}个;核验无异常",
        folder=folder,
        events=made.events,
        last=_moment(made.last),
        attachments=made.attachments,
    )
    file = door.keyring.file
    kept = say("主密钥不在备份中,请另行保管:{file}", file=file) if file else ""
    shown = {"folder": str(folder), "backup": made, "key": file and str(file)}
    place.show(shown, text, *filter(None, [kept]))


@plain("restore")
@click.argument("source", metavar="备份", type=values.PATH)
@click.option(
    "--old", metavar="[数据库]", help="移到一边的旧数据库:列出备份以后办理的。"
)
@shared
def restore(place: Place, source: Path, old: str | None) -> None:
    """Put a backup where no database is; say what was recorded after it."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.store import backup as backups  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    url, shelf = place.url(), _shelf_of(place)
    made = backups.read(source)
    _require_free(place, made)
    first, flaws = _verified(source, made)
    if flaws:
        whole = str(source / backups.DATABASE)
        raise StoreRefused(
            StoreCode.BACKUP_FLAWED, count=flaws, first=first, file=whole
        )
    backups.copy_in(source, made, url, shelf)
    Flow.open(url).close()  # refuses what is no database
    with place.flow(quiet=True) as flow:
        try:
            told = again_lines(again := erased_again(flow))
            told += lost_lines(flow)
        except HuiminError as refusal:  # the database is there; its key is not
            again, first = (), say("早已抹去的还没有再次抹去:{why}", why=refusal)
            told = [first, say("放回主密钥后请运行 huimin key check")]
    text = say(
        "已恢复到{place}:事件{events}条,止于{last};核验无异常",
        place=place.address(),
        events=made.events,
        last=_moment(made.last),
    )
    shown: dict[str, object] = {"place": place.address(), "backup": made}
    shown["erased"] = again
    lines: list[str | screens.Table] = [text, *told]
    if old is None:
        lines.append(say("此后办理的不在其中;旧数据库还在的,用 --old 列出要重办的"))
    else:
        tail, acts = _after(old, made)
        shown |= {"tail": tail, "acts": acts}
        lines += _tail_lines(tail, acts)
    place.show(shown, *lines)


def _verified(folder: Path, made: Backup) -> tuple[str, int]:
    """Audit a backup's evidence; return the first finding and how many there are.

    Attachments that were missing before are said apart.
    """
    from huimin_flow.audit.verify import verify  # noqa: PLC0415 - heavy
    from huimin_flow.store import backup as backups  # noqa: PLC0415 - heavy
    from huimin_flow.store.executing.attachments import (  # noqa: PLC0415 - heavy
        Shelf,
    )
    from huimin_flow.store.sensing.keys import Keyring  # noqa: PLC0415 - heavy

    shelf = None if made.missing else Shelf(folder / backups.FILES)
    with backups.opened_copy(folder) as connection:
        # The master key is not in the backup: contents are not opened here.
        report = verify(connection, shelf, decisions=False, keyring=Keyring())
    first = next((f"{each.flaw.label} {each.place}" for each in report.findings), "")
    return first, len(report.findings)


def _shelf_of(place: Place) -> Shelf | None:
    """Return the shelf of the database's address, as ``Flow.open`` chooses it."""
    from huimin_flow.store.executing.attachments import (  # noqa: PLC0415 - heavy
        Shelf,
        shelf_beside,
    )

    named = load_settings(place.folder()).attachments
    return Shelf(Path(named)) if named else shelf_beside(place.url())


def _require_free(place: Place, made: Backup) -> None:
    """Refuse a place where a database is; say what it has after the backup.

    Raises:
        StoreRefused: if there is one.

    """
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store import backup as backups  # noqa: PLC0415 - heavy

    url = place.url()
    if "sqlite" in url and not Path(url.removeprefix("sqlite:///")).exists():
        return
    try:
        flow = Flow.open(url, read_only=True)
    except HuiminError as refusal:
        if "sqlite" in url:
            raise StoreRefused(StoreCode.RESTORE_OCCUPIED) from refusal
        if refusal.code == StoreCode.NOT_FOUNDED:
            return
        raise
    with flow:
        tail = door_of(flow).read(partial(backups.tail, backup=made))
    if not (tail.same and tail.events):
        raise StoreRefused(StoreCode.RESTORE_OCCUPIED)
    raise StoreRefused(
        StoreCode.RESTORE_LOSES,
        count=tail.events,
        first=_moment(tail.first),
        last=_moment(tail.last),
    )


def _after(old: str, made: Backup) -> tuple[Tail, list[dict[str, str]]]:
    """Return what an old database has after a backup, and its acts in order."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store import backup as backups  # noqa: PLC0415 - heavy
    from huimin_flow.store.core.history import (  # noqa: PLC0415 - heavy
        event_of,
        read_from,
    )

    url = old if "://" in old else f"sqlite:///{old}"
    with Flow.open(url, read_only=True) as flow:
        door = door_of(flow)
        tail = door.read(partial(backups.tail, backup=made))
        stored = door.read(
            partial(read_from, position=made.events if tail.same else 0, limit=_SHOWN)
        )
    events = [event_of(each.header) for each in stored] if tail.same else []
    return tail, [
        {
            "at": line.at,
            "actor": line.actor,
            "stream": event.stream,
            "step": line.step,
        }
        for event, line in zip(events, event_lines(events), strict=True)
    ]


def _tail_lines(tail: Tail, acts: list[dict[str, str]]) -> list[str | screens.Table]:
    if not tail.same:
        return [say("旧数据库与备份不是同一段历史,无法比较")]
    if not tail.events:
        return [say("旧数据库没有备份以后的记录")]
    text = say(
        "旧数据库比备份多{count}条记录({first}至{last}),要重办的:",
        count=tail.events,
        first=_moment(tail.first),
        last=_moment(tail.last),
    )
    rows = [tuple(act.values()) for act in acts]
    lines: list[str | screens.Table] = [
        text,
        screens.Table(("时间", "经办", "历史", "步骤"), rows),
    ]
    if tail.events > len(acts):
        lines.append(say("只列出前{count}条", count=len(acts)))
    return lines


def _moment(written: str) -> str:
    from huimin_flow.store.core.history import moment_of  # noqa: PLC0415 - heavy

    return shanghai(moment_of(written)) if written else "—"


def erased_again(flow: Flow) -> tuple[Erasure, ...]:
    """Erase what a restored backup has brought back, and return what that was."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.flow.sensing.personal import erasing  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import SCHEDULER  # noqa: PLC0415 - heavy

    door = door_of(flow)
    if not door.read(door.keyring.returned):
        return ()
    return door.perform(erasing.reapply.function, by=SCHEDULER)


def lost_lines(flow: Flow) -> list[str]:
    """Return what to say if nothing tells what was erased after a backup."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    file = door_of(flow).keyring.file
    if file is None or not MasterFile(file).register_lost:
        return []
    return [
        say("没有找到抹去登记{file}.erased:备份以后抹去的人可能又在库中", file=file),
        say("放回登记后请运行 huimin key check"),
    ]


def again_lines(again: tuple[Erasure, ...]) -> list[str]:
    """Return what to say about what was erased again."""
    if not again:
        return []
    count = sum(len(each.rows) for each in again)
    text = "备份里有{people}人(件)早已抹去,已再次抹去{count}条诉求的内容"
    return [say(text, people=len(again), count=count)]
