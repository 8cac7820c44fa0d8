"""What a database's own messages mean to an operator, and what to do."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from huimin_flow.errors import HuiminError, InputRefused, StoreBusy, StoreRefused


def is_busy(error: Exception) -> bool:
    """Tell whether a database error only says that someone else is writing."""
    text = str(error)
    return (
        "database is locked" in text
        or "database table is locked" in text
        or "deadlock detected" in text
    )


#: How each database says that a key is taken: an act looks, someone came between.
_TAKEN = ("duplicate key value", "UNIQUE constraint failed")

_DAMAGED = ("该文件不是数据库,或已损坏", "请检查 --db 的路径,或从备份恢复")

#: What a database's message contains → what an operator is told, and the remedy.
_SPOKEN = (
    (("disk is full", "No space left", "disk I/O"),
     "磁盘已满或无法写入", "腾出空间后重试;什么都没有改变"),
    (("readonly", "read-only"), "数据库只读", "请检查文件与目录的写权限"),
    (("unable to open",), "打不开数据库文件", "请检查路径,或先运行 huimin init"),
    (("not a database", "malformed", "no such column", "unsupported file format"),
     *_DAMAGED),
    (("does not exist", "no such table"),
     "数据库尚未初始化", "请先运行 huimin init"),
    (("onnection",), "连接不上数据库", "请检查地址、账号与网络"),
)  # fmt: skip


def translated(error: DBAPIError) -> StoreBusy | StoreRefused | None:
    """Return the refusal that an operator can act on, or None if there is none."""
    text = str(error.orig)
    if is_busy(error) or "lock timeout" in text:
        return StoreBusy(
            "另一个进程正在写入数据库", remedy="什么都没有改变,请稍后重试同一命令"
        )
    if any(mark in text for mark in _TAKEN):
        return StoreBusy(
            "他人同时写入了相同的内容", remedy="什么都没有改变,请重试同一命令"
        )
    for marks, sentence, remedy in _SPOKEN:
        if any(mark in text for mark in marks):
            return StoreRefused(sentence, remedy=remedy)
    return None


def unfit(error: UnicodeError) -> HuiminError:
    """Return the refusal of text that is none, in the store or on its way there.

    SQLite quotes a damaged schema in its message, whatever bytes that has, so
    that the driver itself cannot read it.
    """
    if isinstance(error, UnicodeDecodeError):
        return StoreRefused(_DAMAGED[0], remedy=_DAMAGED[1])
    return InputRefused(
        "输入中含有无效字符(不成对的代理码位)", remedy="请删去无法显示的字符后重试"
    )
