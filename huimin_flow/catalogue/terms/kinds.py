"""Words for the types of arguments, and for what the system says of a path."""

from __future__ import annotations

import errno

from huimin_flow.catalogue.terms.term import Term


class GivenKind(Term):
    """A type of an argument, by its name in Python, as a refusal calls it."""

    NONETYPE = "nonetype", "空值", "nothing"
    INT = "int", "整数", "whole number"
    FLOAT = "float", "小数", "decimal number"
    STR = "str", "文字", "text"
    DATE = "date", "日期", "day"
    DATETIME = "datetime", "带时区的时刻", "moment with a time zone"
    BOOL = "bool", "是非值", "yes or no"
    BYTES = "bytes", "字节", "bytes"
    LIST = "list", "列表", "list"
    TUPLE = "tuple", "定长列表", "tuple"
    DICT = "dict", "“键: 值”", "mapping"
    SET = "set", "集合", "set"
    FROZENSET = "frozenset", "不变集合", "frozen set"
    ACTOR = "actor", "经办人", "actor"
    ANSWER = "answer", "回答", "answer"
    APPEAL = "appeal", "诉求", "voice"
    COLORED = "colored", "单位颜色", "color of a unit"
    DEMAND = "demand", "事项需求", "demand"
    EFFECTIVENESS = "effectiveness", "预估执行效度", "expected effectiveness"
    INDICATOR = "indicator", "指标", "indicator"
    JUDGMENT = "judgment", "研判", "judgment"
    MONTHLYCOLORS = "monthlycolors", "五色图", "five colors"
    OPENINGLIST = "openinglist", "期初清单", "opening list"
    OPENINGTASK = "openingtask", "期初清单的一项", "entry of the opening list"
    PLAN = "plan", "方案", "plan"
    PROGRESS = "progress", "进展", "progress"
    QUARTERLYRANKING = "quarterlyranking", "季度榜单", "quarterly ranking"
    RANKED = "ranked", "单位名次", "place of a unit"
    RATING = "rating", "评价", "rating"
    REASON = "reason", "理由", "reason"
    REFUSEDROW = "refusedrow", "未收的一行", "row that was refused"
    RESTS = "rests", "所依据的版次", "editions that it rests on"
    RULEBOOK = "rulebook", "规则库", "rulebook"
    TASK = "task", "任务", "task"
    TASKRESULT = "taskresult", "任务结果", "result of a task"


class Obstacle(Term):
    """What the system says of a path, or of the disk."""

    MISSING = "missing", "不存在", "it does not exist"
    NO_FOLDER = "no_folder", "路径中有一处不是目录", "a part of the path is no folder"
    FOLDER = "folder", "是目录,不是文件", "it is a folder, no file"
    FILE_THERE = (
        "file_there",
        "路径中已有同名文件,不是目录",
        "a file stands where a folder should",
    )
    FORBIDDEN = "forbidden", "没有权限", "permission denied"
    READ_ONLY = "read_only", "只读", "read-only"
    NAME_TOO_LONG = "name_too_long", "名称过长", "the name is too long"
    LINK_LOOP = "link_loop", "链接绕成了圈", "links form a circle"
    DISK_FULL = "disk_full", "磁盘已满", "the disk is full"
    QUOTA = "quota", "超出磁盘配额", "the disk quota is exceeded"
    FILE_TOO_LARGE = "file_too_large", "文件过大", "the file is too large"
    DISK_ERROR = "disk_error", "磁盘读写出错", "the disk failed"
    NO_READER = "no_reader", "没有人再读", "nobody reads any more"
    OTHER = "other", "系统不允许", "the system refused it"


#: What the system's numbers mean.
OBSTACLES = {
    errno.EEXIST: Obstacle.FILE_THERE,
    errno.ENOTDIR: Obstacle.NO_FOLDER,
    errno.EISDIR: Obstacle.FOLDER,
    errno.ENOENT: Obstacle.MISSING,
    errno.EACCES: Obstacle.FORBIDDEN,
    errno.EPERM: Obstacle.FORBIDDEN,
    errno.EROFS: Obstacle.READ_ONLY,
    errno.ENAMETOOLONG: Obstacle.NAME_TOO_LONG,
    errno.ELOOP: Obstacle.LINK_LOOP,
    errno.ENOSPC: Obstacle.DISK_FULL,
    errno.EDQUOT: Obstacle.QUOTA,
    errno.EFBIG: Obstacle.FILE_TOO_LARGE,
    errno.EIO: Obstacle.DISK_ERROR,
    errno.EPIPE: Obstacle.NO_READER,
}
