"""doctor: how the machine and the database are, and what is to be done."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.terms import Term
from huimin_flow.clock import SystemClock, local_day
from huimin_flow.errors import HuiminError
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.place import Place, shared

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: A service that ticks every minute and was silent for so long is dead.
_SILENCE = timedelta(minutes=10)

#: So long before the calendars end, the next year's notice is asked for.
_AHEAD = timedelta(days=45)

#: Less room than this, in bytes, may end a day's work.
_ROOM = 200 * 1024 * 1024


#: How many characters of a job's failure a line of the checkup shows.
_SHOWN = 100


class Health(Term):
    """How a check of machine and database came out."""

    GREEN = "green", "正常", "well"
    YELLOW = "yellow", "注意", "needs attention"
    RED = "red", "故障", "broken"


@dataclass(frozen=True)
class Check:
    """One thing looked at: how it is, and what to do about it."""

    name: str
    health: Health
    found: str
    remedy: str = ""


@click.command(help="检查本机与数据库:版本、日志方式、表结构、规则库、日历、定时服务。")
@shared
def doctor(place: Place) -> None:
    """Say how everything is; exit 1 if anything is red."""
    with place.now() as seen:
        found = checkup(seen, place, SystemClock().now())
    rows = [(one.name, one.health.label, one.found, one.remedy) for one in found]
    text = screens.table(("项目", "状况", "所见", "可以这样做"), rows)
    place.show(found, text)
    if any(one.health is Health.RED for one in found):
        raise click.exceptions.Exit(1)


def checkup(seen: Snapshot, place: Place, now: datetime) -> tuple[Check, ...]:
    """Return every check; none changes anything."""
    return (
        *_database(seen, place),
        *_config(seen, place, now),
        _jobs(seen, now),
        *_machine(seen, place, now),
    )


def _database(seen: Snapshot, place: Place) -> Iterator[Check]:
    """Yield what the database is, whether it can be written, what its tables are."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.core import engine  # noqa: PLC0415 - heavy
    from huimin_flow.store.core.schema import drift  # noqa: PLC0415 - heavy

    door = door_of(seen)
    make, url = door.read(engine.engine_name), place.url()
    if make == "sqlite":
        mode, level = engine.journal_mode()
        why = "该版本的 WAL 缺陷已修复"
        if not engine.wal_is_safe(sqlite3.sqlite_version_info):
            why = "该版本的 WAL 有丢数据的缺陷,故不用 WAL"
        make = f"SQLite {sqlite3.sqlite_version},{mode}/{level};{why}"
    yield Check("数据库", Health.GREEN, make)
    if "sqlite" in url:
        file = Path(url.removeprefix("sqlite:///"))
        # SQLite's journal is written beside the file.
        writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    else:
        writable = door.read(engine.is_writable)
    if writable:
        yield Check("写入", Health.GREEN, "可写")
    else:
        remedy = "给文件与所在目录(或数据库账户)写权限"
        yield Check("写入", Health.RED, "只读,不能办理", remedy)
    yield Check("用途", Health.GREEN, "推演库" if seen.rehearsal else "正式库")
    if differences := door.read(drift):
        text = f"不一致{len(differences)}处:{differences[0][:60]}"
        remedy = "请勿手工改表;从备份恢复或联系开发"
        yield Check("表结构", Health.RED, text, remedy)
    else:
        yield Check("表结构", Health.GREEN, "与程序一致")


def _config(seen: Snapshot, place: Place, now: datetime) -> Iterator[Check]:
    """Yield how the rulebook, its calendars and its posts are."""
    book = seen.rulebook()
    text = f"启用 {book.digest[:12]}"
    try:
        proposed = place.rulebook().digest
    except HuiminError as refusal:
        text += f";磁盘上的有误:{str(refusal).splitlines()[0]}"
        yield Check("规则库", Health.YELLOW, text, "运行 huimin rules check")
    else:
        if book.digest == proposed:
            yield Check("规则库", Health.GREEN, f"{text},与磁盘一致")
        else:
            text += f",磁盘 {proposed[:12]} 尚未启用"
            remedy = "由两人 huimin rules activate,或改回磁盘上的文件"
            yield Check("规则库", Health.YELLOW, text, remedy)
    years = [calendar.year for calendar in book.calendar.years]
    health, last = Health.GREEN, max(years)
    if local_day(now).year > last:
        health = Health.RED
    elif local_day(now + _AHEAD).year > last:
        health = Health.YELLOW
    remedy = f"办公厅通知发布后补 holidays/{last + 1}.yaml 并启用"
    text = f"{min(years)}—{last}年"
    yield Check("日历", health, text, "" if health is Health.GREEN else remedy)
    people = book.organization.people
    held = sum(bool(person.accounts) for person in people)
    text = f"{len(people)}个岗位,{held}个登记了账户"
    if held or seen.rehearsal:
        yield Check("岗位", Health.GREEN, text)
    else:
        remedy = "命令行办理须在 organization.yaml 登记 accounts"
        yield Check("岗位", Health.YELLOW, text, remedy)


def _jobs(seen: Snapshot, now: datetime) -> Check:
    """Return how the timetable's jobs are: what failed counts before what waits."""
    from huimin_flow.timetable.ledger import (  # noqa: PLC0415 - heavy
        failures,
        pending,
    )

    if failed := failures(seen):
        first = failed[0]
        name = screens.job(first.job, first.period)
        why = f"{name} 失败{first.attempts}次:{first.reason[:_SHOWN]}"
        remedy = first.remedy or "见 huimin timetable status"
        return Check("作业", Health.RED, f"失败未了{len(failed)}项,如 {why}", remedy)
    if seen.rehearsal:
        return Check("作业", Health.GREEN, "推演库,由推演推进")
    try:
        waiting = pending(seen, now)
    except HuiminError as refusal:
        return Check("作业", Health.RED, str(refusal), refusal.remedy)
    if not waiting:
        return Check("作业", Health.GREEN, "没有到期未做的")
    names = "、".join(screens.job(due.job, due.period) for due in waiting[:3])
    remedy = "运行 huimin timetable run,并恢复定时服务"
    return Check("作业", Health.RED, f"到期未做{len(waiting)}项:{names}", remedy)


def _machine(seen: Snapshot, place: Place, now: datetime) -> Iterator[Check]:
    """Yield whether the service is alive, and how much room the disk has."""
    from huimin_flow.store.core.history import moment_of  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import heartbeat  # noqa: PLC0415 - heavy

    beat = heartbeat(seen)
    remedy = "启动 huimin scheduler 并设为开机自启"
    if seen.rehearsal:
        yield Check("定时服务", Health.GREEN, "推演库不需要")
    elif beat is None:
        yield Check("定时服务", Health.RED, "从未运行", remedy)
    else:
        text = f"最近一次 {screens.shanghai(moment_of(beat))}"
        if now - moment_of(beat) > _SILENCE:
            yield Check("定时服务", Health.RED, text, remedy)
        else:
            yield Check("定时服务", Health.GREEN, text)
    url = place.url()
    folder = Path(url.removeprefix("sqlite:///")).parent if "sqlite" in url else Path()
    free = shutil.disk_usage(folder).free
    text = f"剩余 {free // 1024 // 1024} MB"
    if free < _ROOM:
        yield Check("磁盘", Health.RED, text, "请尽快腾出空间")
    else:
        yield Check("磁盘", Health.GREEN, text)
