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
    MISSING = (
        "file_missing",
        "文件不存在:{path}",
        "there is no file {path}",
        "请核对路径",
        "check the path",
    )
    IS_FOLDER = (
        "file_is_folder",
        "是目录,不是文件:{path}",
        "{path} is a folder, not a file",
        "请写明目录下的文件名",
        "name a file within it",
    )
    KIND_UNKNOWN = (
        "file_kind_unknown",
        "不支持的文件:{file}(须是 {kinds})",
        "{file} is of another kind",
        "请使用 {kinds} 文件",
        "use one of {kinds}",
    )
    EMPTY = (
        "file_empty",
        "{file} 是空的",
        "{file} is empty",
        "请核对导出的月份与单位后重新导出",
        "check the month and the unit, and export it again",
    )
    ENCODING_UNKNOWN = (
        "file_encoding_unknown",
        "{file}:编码无法识别(各编码第一个不合的字节:{bytes})",
        "the encoding of {file} is unknown (first byte that fits none: {bytes})",
        "请另存为 UTF-8 编码后重试",
        "save it as UTF-8",
    )
    HEAD_UNREADABLE = (
        "file_head_unreadable",
        "{file} 第1行超过{longest}个字符,或引号没有结束,不是表头",
        "line 1 of {file} has more than {longest} characters, or a quote without end",
        "请核对文件是否每条记录一行",
        "check that each record is a line",
    )
    COLUMNS_WRONG = (
        "file_columns_wrong",
        "{file} 第1行:列不对(缺少:{missing};重复:{twice})",
        "line 1 of {file}: wrong columns (missing: {missing}; twice: {twice})",
        "第1行请写列名:办件编号、单位、事项、渠道、评价、时间等",
        "name the columns: transaction, unit, item, channel, level, at",
    )
