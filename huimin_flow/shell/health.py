"""doctor: how the machine and the database are, and what is to be done."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.terms import Term
from huimin_flow.clock import SystemClock, local_day
from huimin_flow.errors import HuiminError
from huimin_flow.model.value import value
from huimin_flow.shell import screens
from huimin_flow.shell.place import Place, shared

if TYPE_CHECKING:
    from huimin_flow.flow import Flow

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


@value
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
    now = SystemClock().now()
    with place.flow() as flow:
        found = checkup(flow, place, now)
    rows = [(one.name, one.health.label, one.found, one.remedy) for one in found]
    text = screens.table(("项目", "状况", "所见", "可以这样做"), rows)
    place.show(found, text)
    if any(one.health is Health.RED for one in found):
        raise click.exceptions.Exit(1)


def checkup(flow: Flow, place: Place, now: datetime) -> tuple[Check, ...]:
    """Return every check; none changes anything."""
    return (
        _journal(flow),
        _writing(flow, place),
        _purpose(flow),
        _tables(flow),
        _rulebook(flow, place),
        _calendar(flow, now),
        _accounts(flow),
        _jobs(flow, now),
        _service(flow, now),
        _disk(place),
    )


def _journal(flow: Flow) -> Check:
    from huimin_flow.flow.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.engine import (  # noqa: PLC0415 - heavy
        engine_name,
        journal_mode,
        wal_is_safe,
    )

    make = door_of(flow).read(engine_name)
    if make != "sqlite":
        return Check(name="数据库", health=Health.GREEN, found=make)
    mode, level = journal_mode()
    why = "该版本的 WAL 缺陷已修复"
    if not wal_is_safe(sqlite3.sqlite_version_info):
        why = "该版本的 WAL 有丢数据的缺陷,故不用 WAL"
    found = f"SQLite {sqlite3.sqlite_version},{mode}/{level};{why}"
    return Check(name="数据库", health=Health.GREEN, found=found)


def _writing(flow: Flow, place: Place) -> Check:
    """Tell whether anything could be recorded here; reading alone always goes."""
    url = place.url()
    if "sqlite" in url:
        file = Path(url.removeprefix("sqlite:///"))
        # SQLite's journal is written beside the file.
        fits = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    else:
        from huimin_flow.flow.door import door_of  # noqa: PLC0415 - heavy
        from huimin_flow.store.engine import is_writable  # noqa: PLC0415 - heavy

        fits = door_of(flow).read(is_writable)
    if fits:
        return Check(name="写入", health=Health.GREEN, found="可写")
    return Check(
        name="写入",
        health=Health.RED,
        found="只读,不能办理",
        remedy="给文件与所在目录(或数据库账户)写权限",
    )


def _purpose(flow: Flow) -> Check:
    word = "推演库" if flow.rehearsal else "正式库"
    return Check(name="用途", health=Health.GREEN, found=word)


def _tables(flow: Flow) -> Check:
    from huimin_flow.flow.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.schema import drift  # noqa: PLC0415 - heavy

    found = door_of(flow).read(drift)
    if not found:
        return Check(name="表结构", health=Health.GREEN, found="与程序一致")
    return Check(
        name="表结构",
        health=Health.RED,
        found=f"不一致{len(found)}处:{found[0][:60]}",
        remedy="请勿手工改表;从备份恢复或联系开发",
    )


def _rulebook(flow: Flow, place: Place) -> Check:
    active = flow.rulebook().digest
    try:
        proposed = place.rulebook().digest
    except HuiminError as refusal:
        first = str(refusal).splitlines()[0]
        return Check(
            name="规则库",
            health=Health.YELLOW,
            found=f"启用 {active[:12]};磁盘上的有误:{first}",
            remedy="运行 huimin rules check",
        )
    if active == proposed:
        found = f"启用 {active[:12]},与磁盘一致"
        return Check(name="规则库", health=Health.GREEN, found=found)
    return Check(
        name="规则库",
        health=Health.YELLOW,
        found=f"启用 {active[:12]},磁盘 {proposed[:12]} 尚未启用",
        remedy="由两人 huimin rules activate,或改回磁盘上的文件",
    )


def _calendar(flow: Flow, now: datetime) -> Check:
    years = [one.year for one in flow.rulebook().calendar.years]
    found = f"{min(years)}—{max(years)}年"
    remedy = f"办公厅通知发布后补 holidays/{max(years) + 1}.yaml 并启用"
    if local_day(now).year > max(years):
        return Check(name="日历", health=Health.RED, found=found, remedy=remedy)
    if local_day(now + _AHEAD).year > max(years):
        return Check(name="日历", health=Health.YELLOW, found=found, remedy=remedy)
    return Check(name="日历", health=Health.GREEN, found=found)


def _accounts(flow: Flow) -> Check:
    people = flow.rulebook().organization.people
    held = sum(bool(one.accounts) for one in people)
    found = f"{len(people)}个岗位,{held}个登记了账户"
    if held or flow.rehearsal:
        return Check(name="岗位", health=Health.GREEN, found=found)
    return Check(
        name="岗位",
        health=Health.YELLOW,
        found=found,
        remedy="命令行办理须在 organization.yaml 登记 accounts",
    )


def _jobs(flow: Flow, now: datetime) -> Check:
    from huimin_flow.timetable.failures import failures  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import pending  # noqa: PLC0415 - heavy

    failed = failures(flow)
    if failed:
        first = failed[0]
        name = screens.job(first.job, first.period)
        why = f"{name} 失败{first.attempts}次:{first.reason[:_SHOWN]}"
        return Check(
            name="作业",
            health=Health.RED,
            found=f"失败未了{len(failed)}项,如 {why}",
            remedy=first.remedy or "见 huimin timetable status",
        )
    if flow.rehearsal:
        return Check(name="作业", health=Health.GREEN, found="推演库,由推演推进")
    try:
        waiting = pending(flow, now)
    except HuiminError as refusal:
        return Check(
            name="作业", health=Health.RED, found=str(refusal), remedy=refusal.remedy
        )
    if not waiting:
        return Check(name="作业", health=Health.GREEN, found="没有到期未做的")
    names = "、".join(screens.job(one.job, one.period) for one in waiting[:3])
    return Check(
        name="作业",
        health=Health.RED,
        found=f"到期未做{len(waiting)}项:{names}",
        remedy="运行 huimin timetable run,并恢复定时服务",
    )


def _service(flow: Flow, now: datetime) -> Check:
    from huimin_flow.store.history import moment_of  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import heartbeat  # noqa: PLC0415 - heavy

    beat = heartbeat(flow)
    if flow.rehearsal:
        return Check(name="定时服务", health=Health.GREEN, found="推演库不需要")
    remedy = "启动 huimin scheduler 并设为开机自启"
    if beat is None:
        return Check(
            name="定时服务", health=Health.RED, found="从未运行", remedy=remedy
        )
    silent = now - moment_of(beat)
    found = f"最近一次 {screens.shanghai(moment_of(beat))}"
    health = Health.RED if silent > _SILENCE else Health.GREEN
    return Check(
        name="定时服务",
        health=health,
        found=found,
        remedy=remedy if health is Health.RED else "",
    )


def _disk(place: Place) -> Check:
    url = place.url()
    folder = Path(url.removeprefix("sqlite:///")).parent if "sqlite" in url else Path()
    free = shutil.disk_usage(folder or Path()).free
    found = f"剩余 {free // 1024 // 1024} MB"
    if free < _ROOM:
        return Check(
            name="磁盘", health=Health.RED, found=found, remedy="请尽快腾出空间"
        )
    return Check(name="磁盘", health=Health.GREEN, found=found)
