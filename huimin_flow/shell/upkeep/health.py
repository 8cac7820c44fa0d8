"""doctor: the health of machine and database, and what to do."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_sentences
from huimin_flow.catalogue.reasons import StoreCode, spoken, way_out, ways_out
from huimin_flow.catalogue.terms import Health
from huimin_flow.clock import SystemClock, local_day, shanghai
from huimin_flow.errors import HuiminError, why_not
from huimin_flow.settings import load_settings
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import Place, tabled, timed
from huimin_flow.shell.upkeep.checks import (
    STALE,
    Check,
    checked,
    extensions,
    outbox,
)

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: The service ticks every minute; after this silence it counts as dead.
_SILENCE = timedelta(minutes=10)

#: How long before the last calendar ends the next year's calendar is needed.
_AHEAD = timedelta(days=45)

#: Free disk space in bytes below which a day's work may fail.
_ROOM = 200 * 1024 * 1024


#: How many characters of a job's failure a check shows.
_SHOWN = 100


@plain("doctor")
@timed
@tabled
def doctor(place: Place) -> None:
    """Show all checks; exit 1 if one is red."""
    with place.now() as seen:
        now, url = SystemClock().now(), place.url()
        checks = (
            *_database(seen, url),
            *_files(seen, place, url),
            _key(seen),
            *_config(seen, place, now),
            _succession(seen, seen.moment()),
            _jobs(seen, now),
            *outbox(seen, now),
            _clock(seen),
            *_machine(seen, url, now),
        )
    rows = [
        (check.name, check.health.spoken, check.found, check.remedy) for check in checks
    ]
    place.table(checks, ("项目", "状况", "所见", "可以这样做"), rows)
    if any(check.health is Health.RED for check in checks):
        raise click.exceptions.Exit(1)


def _database(seen: Snapshot, url: str) -> Iterator[Check]:
    """Yield the checks of the database: make, write access, purpose, tables."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.core import engine  # noqa: PLC0415 - heavy
    from huimin_flow.store.schema import differences, is_writable  # noqa: PLC0415 - heavy

    door = door_of(seen)
    make = door.read(lambda connection: connection.dialect.name)
    if make == "sqlite":
        mode, level = engine.journal_mode()
        why = say("该版本的 WAL 缺陷已修复")
        if not engine.wal_is_safe(sqlite3.sqlite_version_info):
            why = say("该版本的 WAL 有丢数据的缺陷,故不用 WAL")
        parts = say_clauses(f"SQLite {sqlite3.sqlite_version}", f"{mode}/{level}")
        make = say_sentences([parts, why])
    yield checked(say("数据库"), make)
    remedy, others = say("给文件与所在目录(或数据库账户)写权限"), False
    if "sqlite" in url:
        file = Path(url.removeprefix("sqlite:///"))
        # SQLite writes its journal beside the file.
        writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
        if others := file.stat().st_uid != os.geteuid():
            remedy = say("办理请经服务:HUIMIN_DATABASE=unix:/run/huimin/desk.sock")
    else:
        writable = door.read(is_writable)
    text, red = say("可写"), not (writable or others)
    if not writable:
        text = say("只读,不能办理")
    yield checked(say("写入"), text, remedy, red=red, yellow=not writable)
    yield checked(say("用途"), say("推演库") if seen.rehearsal else say("正式库"))
    text, wrong = say("与程序一致"), door.read(differences)
    if wrong:
        text = say("不一致{count}处:{first}", count=len(wrong), first=wrong[0][0][:60])
    remedy = say("请勿手工改表;从备份恢复或联系开发")
    yield checked(say("表结构"), text, remedy, red=bool(wrong))


#: A database's address with a password, in the config.
_PASSWORD = re.compile(r"^database:.*//[^/@\s]*:[^/@\s]*@", re.MULTILINE)


def _files(seen: Snapshot, place: Place, url: str) -> Iterator[Check]:
    """Yield the checks of who may use the files of a database, and of its secrets."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.core.failures import account  # noqa: PLC0415 - heavy

    shelf, settings = door_of(seen).shelf, load_settings(place.folder())
    owner, strict = settings.desk.service_account, not seen.rehearsal
    if "sqlite" in url:
        file = Path(url.removeprefix("sqlite:///"))
        yield _users(say("数据库文件"), file, 0o640, owner, strict=strict)
        owner = owner or account(file.stat().st_uid)
        yield _users(say("数据库目录"), file.parent, 0o750, owner, strict=strict)
    if shelf is not None:
        folder = shelf.folder
        yield _users(say("附件目录"), folder, 0o750, owner, strict=strict)
        with suppress(OSError):  # the line above says what can't be seen
            seen_by = {
                (each.st_uid, each.st_gid, stat.S_IMODE(each.st_mode) & 0o777)
                for each in map(Path.stat, (folder, *folder.iterdir()))
            }
            same, named = len(seen_by) == 1, shlex.quote(str(folder))
            text = say("与附件目录相同") if same else say("与附件目录不同")
            rights = f"chown -R --reference={named} {named}"
            rights += f" && chmod -R u=rwX,g=rX,o= {named}"
            remedy = say("请由管理员运行 {commands}", commands=rights)
            yield checked(say("附件子目录"), text, remedy, red=strict and not same)
    key = door_of(seen).keyring.file
    if key is not None:
        yield _users(say("主密钥文件"), key, 0o600, owner, strict=strict)
    if settings.desk.socket is not None:
        path = Path(settings.desk.socket)
        yield _users(say("套接字"), path, 0o660, owner)
        yield _users(say("套接字目录"), path.parent, 0o750, owner)
    config, secret = place.folder() / "huimin.yaml", settings.desk.secret_file
    if secret is not None:
        yield _users(say("密钥文件"), Path(secret), 0o600, owner)
    for to in settings.outbox.destinations:
        if to.secret_file is not None:
            name = say("投递 {name} 的密钥文件", name=to.name)
            yield _users(name, Path(to.secret_file), 0o600, owner)
    if _PASSWORD.search(config.read_text("utf-8")):
        yield _users(say("含密码的配置"), config, 0o600, owner)


def _key(seen: Snapshot) -> Check:
    """Return the check of the master key: whether it opens what is encrypted."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    door, name = door_of(seen), say("主密钥")
    try:
        count = door.read(door.keyring.count)
        back = door.read(door.keyring.returned)
    except HuiminError as refusal:
        return checked(name, str(refusal), refusal.remedy, red=True)
    text = say("打得开{count}个数据密钥;它不在备份中,请另行保管", count=count)
    if back:
        text = say("早已抹去的{count}人(件)又在库中", count=len(back))
    return checked(name, text, say("运行 huimin key check"), red=bool(back))


def _users(
    name: str, path: Path, most: int, owner: str | None, *, strict: bool = True
) -> Check:
    """Return the check of a file's owner, group and mode; ``most`` is what may be set.

    More rights to write are a fault, more rights to read need attention. Of a
    rehearsal, which is not ``strict``, they are only shown.
    """
    from huimin_flow.store.core.failures import account  # noqa: PLC0415 - heavy

    try:
        there = path.stat()
    except FileNotFoundError:
        return checked(name, say("没有"))
    except OSError as failure:
        text = say("看不到({why})", why=why_not(failure).spoken)
        remedy = say("请由服务账户运行 huimin doctor")
        return checked(name, text, remedy, yellow=strict)
    mode, holder = stat.S_IMODE(there.st_mode), account(there.st_uid)
    try:
        group = path.group()
    except KeyError:
        group = str(there.st_gid)
    text = say(
        "归“{owner}”,组“{group}”,权限 {mode}",
        owner=holder,
        group=group,
        mode=f"{mode:04o}",
    )
    wrong = mode & 0o777 & ~most
    named, commands = shlex.quote(str(path)), []
    if foreign := owner is not None and holder != owner:
        commands.append(f"chown {owner} {named}")
    if wrong:
        commands.append(f"chmod {mode & ~wrong:o} {named}")
    remedy = say("请由管理员运行 {commands}", commands=" && ".join(commands))
    red = strict and (foreign or bool(wrong & 0o022))
    return checked(name, text, remedy, red=red, yellow=strict and bool(wrong))


def _config(seen: Snapshot, place: Place, now: datetime) -> Iterator[Check]:
    """Yield the checks of the rulebook, its calendars and its posts."""
    book = seen.rulebook.active()
    text = say("启用 {digest}", digest=book.digest[:12])
    try:
        proposed = place.rulebook().digest
    except HuiminError as refusal:
        why = str(refusal).splitlines()[0]
        text = say_sentences([text, say("磁盘上的有误:{why}", why=why)])
        yield checked(say("规则库"), text, say("运行 huimin rules check"), yellow=True)
    else:
        same = book.digest == proposed
        more = say("磁盘 {digest} 尚未启用", digest=proposed[:12])
        text = say_clauses(text, say("与磁盘一致") if same else more)
        remedy = say("由两人 huimin rules activate,或改回磁盘上的文件")
        yield checked(say("规则库"), text, remedy, yellow=not same)
    yield from extensions(seen)
    years = [calendar.year for calendar in book.calendar.years]
    yield checked(
        say("日历"),
        say("{first}—{last}年", first=min(years), last=max(years)),
        say("办公厅通知发布后补 holidays/{year}.yaml 并启用", year=max(years) + 1),
        red=local_day(now).year > max(years),
        yellow=local_day(now + _AHEAD).year > max(years),
    )
    people = book.organization.people
    held = sum(bool(person.accounts) for person in people)
    text = say("{count}个岗位,{held}个登记了账户", count=len(people), held=held)
    remedy = say("命令行办理须在 organization.yaml 登记 accounts")
    yield checked(say("岗位"), text, remedy, yellow=not held and not seen.rehearsal)


def _succession(seen: Snapshot, now: datetime) -> Check:
    """Return the check of ended units: what they still have, what successors lack."""
    organization = seen.rulebook.active().organization
    names, remedy, parts = organization.names, "", []
    ended = seen.items.successions()
    for each in ended:
        if each.left:
            count, name = len(each.left), names.get(each.former, each.former)
            text = say("{unit}尚有{count}件未移交", unit=name, count=count)
            parts.append(text)
            remedy = say("由专班办公室移交:huimin item transfer")
    lacking = organization.without_residents(local_day(now))
    for unit in lacking:
        parts.append(say("{unit}没有常住人口数", unit=unit.name))
        remedy = remedy or say("在 organization.yaml 补 population 并启用")
    text = say_clauses(*parts) or say("没有未移交的")
    left = any(each.left for each in ended)
    # The job of a rehearsal transfers when the rehearsal goes on.
    red, yellow = left and not seen.rehearsal, left or bool(lacking)
    return checked(say("机构撤并"), text, remedy, red=red, yellow=yellow)


def _jobs(seen: Snapshot, now: datetime) -> Check:
    """Return the check of the jobs: failed jobs come before waiting jobs."""
    from huimin_flow.timetable import ledger  # noqa: PLC0415 - heavy

    if failed := ledger.failures(seen):
        first = failed[0]
        why = say(
            "失败未了{count}项,如 {name} 失败{attempts}次:{reason}",
            count=len(failed),
            name=screens.job(first.job, first.period),
            attempts=first.attempts,
            reason=first.reason[:_SHOWN],
        )
        remedy = first.remedy or say("见 huimin timetable status")
        return checked(say("作业"), why, remedy, red=True)
    if seen.rehearsal:
        return checked(say("作业"), say("推演库,由推演推进"))
    try:
        waiting = ledger.pending(seen, now)
    except HuiminError as refusal:
        return checked(say("作业"), str(refusal), refusal.remedy, red=True)
    names = say_list(screens.job(due.job, due.period) for due in waiting[:3])
    text = say("没有到期未做的")
    if waiting:
        text = say("到期未做{count}项:{names}", count=len(waiting), names=names)
    remedy = say("运行 huimin timetable run,并恢复定时服务")
    return checked(say("作业"), text, remedy, red=bool(waiting))


def _clock(seen: Snapshot) -> Check:
    """Return the check of the clock: whether it is trusted, and what is ahead of it."""
    status = seen.clock.status()
    text, remedy = shanghai(status.moment), ""
    if status.doubt is not None:
        text, remedy = spoken(status.doubt), ways_out((status.doubt,))
    elif status.latest is not None and not seen.rehearsal:
        last = shanghai(status.latest)
        text = say("{count}条记录的时间超前,至{last}", count=status.ahead, last=last)
        remedy = way_out(StoreCode.CLOCK_BEHIND, {})
    elif status.spans:
        count = len(status.spans)
        text = say_clauses(text, say("认定走错过{count}段", count=count))
    red = status.doubt is not None or (status.is_behind and not seen.rehearsal)
    return checked(say("时钟"), text, remedy, red=red, yellow=bool(remedy))


def _machine(seen: Snapshot, url: str, now: datetime) -> Iterator[Check]:
    """Yield the checks of the unattended service and of free disk space."""
    from huimin_flow.timetable.ledger import heartbeat  # noqa: PLC0415 - heavy

    silent = False
    if seen.rehearsal:
        text = say("推演库不需要")
    elif beat := heartbeat(seen):
        text = say("最近一次 {moment}", moment=shanghai(beat))
        silent = abs(now - beat) > _SILENCE
    else:
        text, silent = say("从未运行"), True
    remedy = say("启动 huimin scheduler 并设为开机自启")
    yield checked(say("定时服务"), text, remedy, red=silent)
    yield _backup(seen, now)
    folder = Path(url.removeprefix("sqlite:///")).parent if "sqlite" in url else Path()
    free = shutil.disk_usage(folder).free
    text = say("剩余 {free} MB", free=free // 1024 // 1024)
    yield checked(say("磁盘"), text, say("请尽快腾出空间"), red=free < _ROOM)


def _backup(seen: Snapshot, now: datetime) -> Check:
    """Return the check of the last backup's age, and of what came after it."""
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store import jobs  # noqa: PLC0415 - heavy
    from huimin_flow.store.core import positions  # noqa: PLC0415 - heavy
    from huimin_flow.store.core.history import moment_of  # noqa: PLC0415 - heavy

    door = door_of(seen)
    made, old = door.read(jobs.last_backup), False
    if made is not None:
        later = door.read(positions.last_position) - made[1]
        text = say(
            "最近一次 {moment},此后{count}条记录",
            moment=shanghai(moment_of(made[0])),
            count=later,
        )
        old = later > 0 and now - moment_of(made[0]) > STALE
    elif seen.rehearsal:
        text = say("推演库不需要")
    else:
        text, old = say("从未备份"), True
    return checked(say("备份"), text, say("运行 huimin backup 目录"), yellow=old)
