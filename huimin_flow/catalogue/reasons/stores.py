"""Why a database, its files or its host's transaction cannot be used."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class StoreCode(ReasonCode):
    """What is wrong with a database, its attachments or its clock."""

    CLOCK_BEHIND = (
        "clock_behind",
        "本机时钟比最后一条记录({last})早一天以上",
        "the machine's clock stands more than a day before the last record, {last}",
        "请校准本机时钟;在此之前不作任何决定",
        "set the machine's clock; nothing is decided before",
    )
    RULEBOOK_MISSING = (
        "rulebook_missing",
        "尚未启用任何规则库",
        "no rulebook was ever activated",
        "请先运行 huimin init",
        "run huimin init first",
    )
    RULEBOOK_CHANGED = (
        "rulebook_changed",
        "规则库 {digest} 的原文缺失或被改动",
        "the text of rulebook {digest} is missing, or was changed",
        "请运行 huimin audit verify",
        "run huimin audit verify",
    )
    COMMITS_ALONE = (
        "commits_alone",
        "宿主的连接是自动提交的,做不到“要么都成、要么都不成”",
        "the host's connection commits by itself: neither both nor neither could hold",
        "请换用事务连接(不设 AUTOCOMMIT 或 autocommit=True)再调用 Flow.bind",
        "bind a connection with transactions, without AUTOCOMMIT or autocommit=True",
    )
    TRANSACTION_ENDED = (
        "transaction_ended",
        "宿主的事务已结束:已提交,或因磁盘已满等原因被数据库终止",
        "the host's transaction has ended: committed, or ended by the database",
        "磁盘已满时请腾出空间;未提交的改动没有保留,请重新开始事务",
        "free space on a full disk; nothing uncommitted was kept: begin anew",
    )
    EXTRA_MISSING = (
        "extra_missing",
        "没有安装附加组件 {extra}(缺少 {module})",
        "the extra {extra} is not installed ({module} is missing)",
        "请安装:pip install 'huimin-flow[{extra}]'",
        "run pip install 'huimin-flow[{extra}]'",
    )
    ATTACHMENT_UNKNOWN = (
        "attachment_unknown",
        "“{digest}”不是附件的摘要",
        "{digest} is no digest of an attachment",
        "请核对摘要",
        "check the digest",
    )
    ATTACHMENT_MISSING = (
        "attachment_missing",
        "附件 {digest} 的文件不在",
        "the file of attachment {digest} is not there",
        "请从备份恢复附件目录",
        "restore the attachments' folder from a backup",
    )
    ATTACHMENT_CHANGED = (
        "attachment_changed",
        "附件 {digest} 的内容被改动",
        "the content of attachment {digest} was changed",
        "请从备份恢复该文件",
        "restore the file from a backup",
    )
    ATTACHMENT_UNREAD = (
        "attachment_unread",
        "附件 {digest} 读不了({why})",
        "attachment {digest} cannot be read",
        "请管理员把附件目录的读取权限给本账户所在的组",
        "ask for the right to read the attachments' folder for a group of yours",
    )
    ATTACHMENT_UNWRITTEN = (
        "attachment_unwritten",
        "附件无法写入({why})",
        "the attachment cannot be written",
        "请检查磁盘空间与附件目录的写权限后重试",
        "check the disk's space and who may write into the attachments' folder",
    )
    FOLDER_IN_USE = (
        "folder_in_use",
        "另一个进程正在目录“{folder}”中推演",
        "another process rehearses in the folder {folder}",
        "请等它结束,或用 --into 另选一个目录",
        "wait for its end, or name another folder with --into",
    )
    BOUND = (
        "bound",
        "此 Flow 已加入宿主事务",
        "this Flow has joined a host's transaction",
        "请用 Flow.open",
        "use Flow.open",
    )
    SHELF_UNKNOWN = (
        "shelf_unknown",
        "没有指定附件目录",
        "no folder of attachments is known",
        "打开时请给出 attachments",
        "name attachments on opening",
    )
    SNAPSHOT_ENDED = (
        "snapshot_ended",
        "这一时刻的视图已结束,不能再查询",
        "this snapshot has ended and answers nothing more",
        "请在 with flow.snapshot() 之内查询",
        "ask within the block of flow.snapshot()",
    )
