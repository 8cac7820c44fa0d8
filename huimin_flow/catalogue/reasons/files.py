"""Why a file that comes in cannot be taken, or one that goes out not be written."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class FileCode(ReasonCode):
    """What is wrong with a file, a sheet, a line or a cell."""

    TOO_LARGE = (
        "file_too_large",
        "“{file}”超过{most}字节",
        "{file} has more than {most} bytes",
        "请分成几个文件",
        "split it into several files",
    )
    UNREADABLE = (
        "file_unreadable",
        "读不了文件“{file}”({why})",
        "the file {file} cannot be read",
        "请核对路径与权限",
        "check its path, and whether you may read it",
    )
    NOT_REGULAR = (
        "file_not_regular",
        "“{file}”不是普通文件",
        "{file} is no regular file",
        "请给出普通文件,不要给目录、管道或设备",
        "name a regular file, no folder, pipe or device",
    )
