"""Why the system could not read or write a file."""

from __future__ import annotations

import errno

from huimin_flow.catalogue.terms.term import Term


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
