"""What a database's own failures mean to an operator, and what to do.

They are known by their codes, whatever language a server speaks: SQLSTATE on
PostgreSQL, the result code on SQLite. Text decides only where a code says nothing.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from huimin_flow.errors import HuiminError, InputRefused, StoreBusy, StoreRefused

#: Someone else is writing: SQLite's BUSY and LOCKED, a deadlock, a conflict.
_BUSY: Final = {"5", "6", "40P01", "40001"}

#: A lock that was waited for in vain.
_WAITED: Final = {"55P03"}

#: A key is taken: an act looks, someone came between.
_TAKEN: Final = {"2067", "1555", "23505"}

_DAMAGED: Final = ("该文件不是数据库,或已损坏", "请检查 --db 的路径,或从备份恢复")
_UNFOUNDED: Final = ("数据库尚未初始化", "请先运行 huimin init")
_AGAIN: Final = "什么都没有改变,请稍后重试同一命令"
#: Where it breaks at a COMMIT, nobody here knows whether that was done.
_LOST: Final = (
    "与数据库的连接断了",
    "请稍后查看是否已经记入再重试;以同一请求编号(--request)重试只办一次",
)

#: A code, or the class that it begins with, and what an operator is told.
_SPOKEN: Final = {
    "10": ("磁盘已满或无法写入", "腾出空间后重试;什么都没有改变"),
    "13": ("磁盘已满或无法写入", "腾出空间后重试;什么都没有改变"),
    "53100": ("磁盘已满或无法写入", "腾出空间后重试;什么都没有改变"),
    "8": ("数据库只读", "请检查文件与目录的写权限"),
    "25006": ("数据库只读", "请连接主库,或请管理员解除只读"),
    "42501": ("数据库账户没有所需的权限", "请管理员授予该账户读写各表的权限"),
    "14": ("打不开数据库文件", "请检查路径,或先运行 huimin init"),
    "11": _DAMAGED,
    "26": _DAMAGED,
    "42P01": _UNFOUNDED,
    "3F000": _UNFOUNDED,
    "42703": ("表结构与程序不一致", "请勿手工改表;从备份恢复或联系开发"),
    "57014": ("数据库中止了这条语句:超时,或被管理员取消", _AGAIN),
    "53200": ("数据库服务器内存不足", _AGAIN),
    "57P": _LOST,
    "08": _LOST,
}

#: SQLite's general error, which only its text tells apart.
_GENERAL: Final = {
    "no such table": _UNFOUNDED,
    "no such column": _DAMAGED,
    "unsupported file format": _DAMAGED,
    "malformed": _DAMAGED,
}


def code_of(error: BaseException) -> str:
    """Return the code of a driver's error, or "" where it has none.

    SQLite's is the extended result code in digits.
    """
    own = getattr(error, "orig", None) or error
    sqlite = getattr(own, "sqlite_errorcode", None)
    if sqlite is not None:
        return str(sqlite)
    return getattr(own, "sqlstate", None) or ""


def is_busy(error: BaseException) -> bool:
    """Tell whether a database error only says that someone else is writing."""
    return bool({code_of(error), _primary(code_of(error))} & _BUSY)


def translated(error: DBAPIError) -> StoreBusy | StoreRefused | None:
    """Return the refusal that an operator can act on, or None if there is none."""
    code = code_of(error)
    if is_busy(error) or code in _WAITED:
        return StoreBusy("另一个进程正在写入数据库", remedy=_AGAIN)
    if code in _TAKEN:
        return StoreBusy(
            "他人同时写入了相同的内容", remedy="什么都没有改变,请重试同一命令"
        )
    told = _told(error, code)
    return None if told is None else StoreRefused(told[0], remedy=told[1])


def _told(error: DBAPIError, code: str) -> tuple[str, str] | None:
    primary = _primary(code)
    for known in (primary,) if primary else (code, code[:3], code[:2]):
        if known in _SPOKEN:
            return _SPOKEN[known]
    text = str(error.orig)
    if primary == "1":
        return next((told for mark, told in _GENERAL.items() if mark in text), None)
    if not code and error.connection_invalidated:
        return _LOST
    if not code and isinstance(error, OperationalError):
        return f"连接不上数据库:{_said(text)}", "请检查地址、库名、账号与网络"
    return None


def _said(text: str) -> str:
    """Return a server's own words: no code comes of a connection never made."""
    if "FATAL:" in text:
        return text.rpartition("FATAL:")[2].strip().splitlines()[0]
    first, *_ = text.strip().splitlines() or [""]
    return first.rpartition(" failed: ")[2]


def _primary(code: str) -> str:
    """Return SQLite's primary result code of an extended one, in digits."""
    short = code.isascii() and code.isdigit() and len(code) < _SQLSTATE
    return str(int(code) & 0xFF) if short else ""


#: How many characters a SQLSTATE has; SQLite's result codes have fewer.
_SQLSTATE: Final = 5


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
