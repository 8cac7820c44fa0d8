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
