"""Refusals: what the engine will not do, and the way out.

::

    HuiminError
    ├── StepRefused          a step that may not happen now; nothing changed
    │   └── ItemMoved        someone else moved it first (stale version)
    ├── NotFound             no item, edition or record of that name
    ├── InputRefused         a value that cannot be taken as it is
    ├── RequestReused        a request id that stands for another act
    ├── ConfigRefused        config/ as a whole, with file, line, key, remedy
    ├── CalendarMissing      a year whose official notice is not loaded
    ├── StoreBusy            another process writes; try again
    └── StoreRefused         a database of another make, age or purpose
"""

from __future__ import annotations

import errno
from dataclasses import replace
from typing import TYPE_CHECKING

from huimin_flow.catalogue.reasons import sentence, way_out

if TYPE_CHECKING:
    from datetime import date

    from huimin_flow.model.verdict import Reason, Reasons


#: How many characters of what was given a reason repeats.
_SHOWN = 300


class HuiminError(Exception):
    """Something was refused; ``remedy`` says in Chinese what to do about it.

    ``earliest`` is the first day on which it could pass, None where no date decides.
    """

    def __init__(
        self, message: str, *, remedy: str = "", earliest: date | None = None
    ) -> None:
        """Keep the Chinese sentence, the way out, and the day it waits for."""
        super().__init__(message + _from(earliest))
        self.remedy = remedy
        self.earliest = earliest


class StepRefused(HuiminError):
    """A step that may not happen now; nothing has changed.

    ``reasons`` say which rule or guard, what is missing, who can supply it and
    when it could pass at the earliest. Without a ``remedy`` of its own, it tells
    the ways out that stand beside its codes.
    """

    def __init__(self, reasons: Reasons, *, remedy: str = "") -> None:
        """Keep the reasons as codes with values, long or unfit text cut short."""
        self.reasons = tuple(_shown(one) for one in reasons)
        told = ";".join(spoken(one) for one in self.reasons)
        super().__init__(told, remedy=remedy or _ways_out(self.reasons))
        days = [one.earliest for one in self.reasons if one.earliest is not None]
        self.earliest = max(days, default=None)


class ItemMoved(StepRefused):
    """Someone else moved the item first."""


class NotFound(HuiminError):
    """There is nothing of that name."""


class InputRefused(HuiminError):
    """A value cannot be taken as it is."""


class RequestReused(HuiminError):
    """This request id already stands for another act."""


class ConfigRefused(HuiminError):
    """The config as a whole was refused; ``problems`` name every place."""

    def __init__(self, problems: tuple[str, ...], *, remedy: str = "") -> None:
        """Keep each problem as a Chinese sentence."""
        super().__init__("\n".join(problems), remedy=remedy)
        self.problems = problems


class CalendarMissing(HuiminError):
    """The calendar of a year is not loaded; deadlines there are not guessed."""


class StoreBusy(HuiminError):
    """Another process is writing; the same call may be made again."""


class StoreRefused(HuiminError):
    """The database is of another make, age or purpose."""


def _shown(reason: Reason) -> Reason:
    values = {
        name: one[:_SHOWN].encode(errors="replace").decode()
        if isinstance(one, str)
        else one
        for name, one in reason.values.items()
    }
    return reason if values == reason.values else replace(reason, values=values)


def spoken(reason: Reason) -> str:
    """Return a reason's Chinese sentence, with who can help and when.

    >>> from huimin_flow.model.verdict import Reason
    >>> spoken(Reason(code="no_task"))
    '没有分解任务'

    """
    text = sentence(reason.code, dict(reason.values))
    if reason.supplier is not None:
        text += f"(可由{reason.supplier.label}补充)"
    return text + _from(reason.earliest)


def _from(day: date | None) -> str:
    return "" if day is None else f"(最早{day.isoformat()})"


def _ways_out(reasons: Reasons) -> str:
    """Return what can be done about each reason, every way told once."""
    ways = dict.fromkeys(way_out(one.code, dict(one.values)) for one in reasons)
    return ";".join(one for one in ways if one)


def why_not(failure: OSError) -> str:
    """Return in words why a file could not be read or written.

    >>> why_not(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    '不存在'

    """
    return _WHY_NOT.get(failure.errno or 0, "系统不允许")


#: What the system says in English of a path, or of the disk.
_WHY_NOT = {
    errno.EEXIST: "路径中已有同名文件,不是目录",
    errno.ENOTDIR: "路径中有一处不是目录",
    errno.EISDIR: "是目录,不是文件",
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "链接绕成了圈",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件过大",
    errno.EIO: "磁盘读写出错",
    errno.EPIPE: "没有人再读",
}
