"""Why a database, its files, its host's transaction or its time cannot be used."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class StoreCode(ReasonCode):
    """What is wrong with a database, its attachments or its clock."""

    BUSY = """busy 另一个进程正在写入数据库 → 什么都没有改变,请稍后重试同一命令
    another process is writing to the database
    → nothing has changed: try the same again soon"""
    TAKEN = """taken 他人同时写入了相同的内容 → 什么都没有改变,请重试同一命令
    someone else wrote the same content at the same time
    → nothing has changed: try the same again"""
    STREAM_MOVED = """stream_moved “{stream}”刚被他人改动 → 请重新查看后再试
    {stream} was just changed by someone else → look at it again, then retry"""
    DISK_FULL = """disk_full 磁盘已满或无法写入 → 腾出空间后重试;这一步什么都没有改变
    the disk is full or cannot be written
    → free some space and try again; nothing has changed"""
    READ_ONLY = """read_only 数据库只读 → 请检查文件与目录的写权限
    the database is read-only → check write permissions of the file and its folder"""
    OF_ANOTHER = """of_another 数据库只读:“{file}”归账户“{owner}”所有,“{account}”不能写
    → 请经该账户的服务办理(HUIMIN_DATABASE=unix:/run/huimin/desk.sock)
    the database is read-only: {file} belongs to {owner}, and {account} may not write
    → act through the service of that account: set HUIMIN_DATABASE to its socket"""
    NOT_READABLE = """not_readable “{file}”归账户“{owner}”所有,“{account}”无权读取
    → 请经该账户的服务查询(HUIMIN_DATABASE=unix:/run/huimin/desk.sock)
    {file} belongs to the account {owner}, and {account} may not read it
    → ask the service of that account: set HUIMIN_DATABASE to its socket"""
    SERVER_READ_ONLY = """server_read_only 数据库只读 → 请连接主库,或请管理员解除只读
    the database is read-only
    → connect to the primary server, or ask the administrator"""
    JOURNAL_LEFT = """journal_left 上一次写入中断,留下了未处理的日志,只读打开时无法处理
    → 请有写权限的账户先运行 huimin doctor,再核验
    a write was interrupted and left a journal that a reader cannot process
    → first run huimin doctor from an account with write permission"""
    WAL_UNREADABLE = """wal_unreadable
    该数据库为 WAL 模式,没有所在目录的写权限,只读也打不开
    → 请在服务运行时核验,或取得该目录的写权限,或核验一份备份
    a database in WAL mode cannot be read without write permission on its folder
    → audit while the service runs, get that permission, or audit a backup"""
    NO_PRIVILEGE = """no_privilege 数据库账户没有所需的权限
    → 请经服务办理(HUIMIN_DATABASE 写服务的套接字);只查询的,请管理员授予只读角色
    the database role lacks a privilege
    → act through the service's socket; to read, ask for the auditors' role"""
    CANNOT_OPEN = """cannot_open 打不开数据库文件 {path}
    → 请检查 --db、HUIMIN_DATABASE 或 huimin.yaml 里的路径,或先运行 huimin init
    the database file {path} cannot be opened
    → check --db, HUIMIN_DATABASE or huimin.yaml, or run huimin init first"""
    DAMAGED = """damaged 该文件不是数据库,或已损坏 → 请检查 --db 的路径,或从备份恢复
    the file is not a database, or it is damaged
    → check the path of --db, or restore a backup"""
    NOT_FOUNDED = """not_founded 数据库尚未初始化
    → 请先运行 huimin init(程序里是 Flow.found);表在另一模式的,请给 schema
    the database is not initialized
    → run huimin init (or Flow.found) first; name the schema if it has its own"""
    SCHEMA_NEWER = """schema_newer 数据库版本{version}比程序新
    → 请升级 huimin-flow 后再打开
    the database, of version {version}, is newer than this program
    → upgrade huimin-flow before you open it"""
    SCHEMA_OLDER = """schema_older 数据库版本{version}较旧
    → 请运行 huimin init 升级;历史不会改变
    the database is of an older version, {version}
    → run huimin init; the history stays as it is"""
    VERSION_UNREADABLE = """version_unreadable
    数据库版本无法读取(huimin_schema version_num):{version} → 请从备份恢复
    the version of the database cannot be read: {version} → restore a backup"""
    PURPOSE_FIXED = """purpose_fixed 该数据库的用途已定,不能更改(正式库与推演库互不混用)
    → 请另建数据库
    the purpose of a database (production or rehearsal) is fixed → create another one"""
    PURPOSE_CHANGED = """purpose_changed
    数据库的用途标记缺失或被改动(huimin_meta purpose:{purpose}) → 请从备份恢复
    the database's purpose is missing or was changed: {purpose} → restore a backup"""
    TABLES_CHANGED = """tables_changed 表结构与程序不一致
    → 请勿手工改表;从备份恢复或联系开发
    the tables differ from those of this program
    → do not alter tables by hand; restore a backup"""
    STATEMENT_STOPPED = """statement_stopped 数据库中止了这条语句:超时,或被管理员取消
    → 什么都没有改变,请稍后重试同一命令
    the database stopped the statement: a timeout, or an administrator
    → nothing has changed: try the same again soon"""
    SERVER_MEMORY = """server_memory 数据库服务器内存不足
    → 什么都没有改变,请稍后重试同一命令
    the database server is out of memory
    → nothing has changed: try the same again soon"""
    CONNECTION_LOST = """connection_lost 与数据库的连接断了
    → 请稍后查看是否已经记入再重试;以同一请求编号(--request)重试只办一次
    the connection to the database broke
    → check whether it was recorded; a retry with the same request id acts only once"""
    UNREACHABLE = """unreachable 连接不上数据库:{text} → 请检查地址、库名、账号与网络
    the database cannot be reached: {text}
    → check address, database, account and network"""
    URL_UNREADABLE = """url_unreadable 看不懂数据库地址:{url}
    → 请写成 sqlite:///文件路径 或 postgresql://主机/库名
    the address of the database cannot be read: {url}
    → write sqlite:///path or postgresql://host/database"""
    MAKE_UNKNOWN = """make_unknown 不支持的数据库:{make}
    → 请使用 SQLite 或 PostgreSQL(地址写成 sqlite:///… 或 postgresql://…)
    the database {make} is not supported
    → use SQLite or PostgreSQL (in an address: sqlite:///... or postgresql://...)"""
    IN_MEMORY = """in_memory 内存数据库不保留历史
    → 请给出数据库文件的路径;Django 的测试库写在 DATABASES 的 TEST["NAME"]
    a database in memory keeps no history
    → name a file; for tests of Django in TEST["NAME"] of DATABASES"""
    SCHEMA_UNFIT = """schema_unfit 模式名“{schema}”不能使用 → 请用小写字母、数字与下划线
    {schema} is not a valid schema name → use small letters, digits and underscores"""
    ENCODING_UNFIT = """encoding_unfit 数据库的字符编码是 {encoding},存不了中文
    → 请另建 UTF8 的数据库:CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0
    the database's encoding is {encoding}, which knows no characters
    → create another: CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0"""
    CLOCK_BEHIND = """clock_behind 本机时钟比最后一条记录({last})早一天以上
    the machine's clock is more than a day before the last record, {last}
    → *ahead"""
    CLOCK_LEAPT = """clock_leapt
    本机时钟显示{now},而按不间断的计时应为{expected}:时钟突然改变
    the machine's clock shows {now}; by the steady clock it should be {expected}
    → *clock"""
    CLOCK_APART = """clock_apart
    本机时钟显示{now},数据库服务器的时钟显示{server},两者不符
    the machine's clock shows {now}, the database server's {server}
    → *clock"""
    CLOCK_GAP = """clock_gap
    本机时钟显示{now},比最后一条记录({last})晚{days}天以上,可能走错了
    the machine's clock shows {now}, over {days} days after the last record, {last}
    → *clock"""
    KEY_UNNAMED = """key_unnamed 没有指明主密钥文件,个人信息不能存取
    → 请用 huimin.yaml 的 key 或环境变量 HUIMIN_KEY 指明数据库以外的文件
    no file is named for the master key of personal data
    → name one outside the database: key in huimin.yaml, or the variable HUIMIN_KEY"""
    KEY_MISSING = """key_missing 主密钥文件不在:{file},个人信息不能存取
    → 请把它从单独的保管处放回(备份中没有它)
    the file of the master key is missing: {file}
    → put it back from where it is kept; no backup contains it"""
    KEY_UNREAD = """key_unread 主密钥文件无法读写:{file}({why})
    → 请检查文件与目录的权限,只许服务账户读写
    the file of the master key cannot be used: {file} ({why})
    → check the permissions: only the account of the service reads and writes it"""
    KEY_WRONG = """key_wrong 主密钥文件与该数据库不符:{file}
    → 请放回该数据库自己的主密钥文件
    the master key is not that of this database: {file}
    → put back the file of this database"""
    SEAL_BROKEN = """seal_broken 诉求 {channel}/{key} 的密文已被改动,无法解开
    → 请运行 huimin audit verify,并从备份恢复
    the sealed content of appeal {channel}/{key} was changed and cannot be opened
    → run huimin audit verify, and restore a backup"""
    RULEBOOK_MISSING = """rulebook_missing 尚未启用任何规则库 → 请先运行 huimin init
    no rulebook is active → run huimin init first"""
    JOB_FAILED = """job_failed 程序内部错误({error})
    → 请把服务日志中 failed 一行交给开发人员;其余作业照常进行
    an internal error ({error})
    → send the line with "failed" in the service's log to the developers"""
    LOG_LOST = """log_lost 日志无法写出({line}):{why};服务继续
    → 请检查日志所在的磁盘与权限
    the log cannot be written ({line}): {why}; the service goes on
    → check the log's disk and permissions"""
    REFUSAL_UNKEPT = """refusal_unkept 拒绝记录未能写入:{failure} → 请检查数据库与磁盘
    the refusal log could not be written: {failure} → check the database and its disk"""
    FOUNDED = """already_founded 数据库已有启用的规则库
    → 修改规则请用 huimin rules activate
    the database has an active rulebook → change its rules with huimin rules activate"""
    NO_HISTORY = """no_such_history 没有名为“{stream}”的历史
    → 事项给编号即可;其他写全名,如 list/2024/city、score/2023-12;--all 查看全部
    there is no history with the name {stream}
    → use an item's number or a full name like list/2024/city; --all shows all"""
    RULEBOOK_CHANGED = """rulebook_changed 规则库 {digest} 的原文缺失或被改动
    → 请运行 huimin audit verify
    the text of rulebook {digest} is missing or was changed
    → run huimin audit verify"""
    RULEBOOK_UNREADABLE = """rulebook_unreadable
    规则库 {digest} 由本程序的其他版本写入,本版本无法读取
    → 请使用写入该数据库的版本,或另建数据库
    rulebook {digest} was written by another version of this program
    → use that version, or create another database"""
    COMMITS_ALONE = """commits_alone 宿主的连接是自动提交的,做不到“要么都成、要么都不成”
    → 请换用事务连接(不设 AUTOCOMMIT 或 autocommit=True)再调用 Flow.bind
    the host's connection commits automatically, so a transaction is impossible
    → use a connection without AUTOCOMMIT or autocommit=True for Flow.bind"""
    TRANSACTION_ENDED = """transaction_ended
    宿主的事务已结束:中途已提交或回滚,或因磁盘已满等原因被数据库终止
    → 请在新的事务里重新 Flow.bind,提交留到最后;磁盘已满时请腾出空间
    the host's transaction has ended: by commit or rollback, or by the database
    → bind again in a new transaction, and commit last; on a full disk free space"""
    TRANSACTION_FAILED = """transaction_failed
    宿主的事务中已有语句失败,数据库不再接受其中的任何语句
    → 请先回滚(rollback,或回到保存点),再重新开始;什么都没有保存
    a statement of the host's transaction has failed, and nothing goes on in it
    → roll back, or go back to your savepoint, and begin again; nothing was stored"""
    CONNECTION_CLOSED = """connection_closed 宿主的连接已关闭
    → 请对新的连接调用 Flow.bind;什么都没有改变
    the host's connection is closed
    → call Flow.bind for a new connection; nothing has changed"""
    OUTSIDE_ATOMIC = """outside_atomic Django 的连接“{using}”不在事务之内
    → 请在 with transaction.atomic("{using}"): 之内调用 bind;什么都没有改变
    Django's connection {using} is in no transaction
    → call bind in a block of transaction.atomic("{using}"); nothing has changed"""
    NO_CONNECTION = """no_connection Flow.bind 要 SQLAlchemy 的 Connection,给的是 {kind}
    → 请给 engine.connect() 或 session.connection() 的结果;什么都没有改变
    Flow.bind needs a Connection of SQLAlchemy, not {kind}
    → pass what engine.connect() or session.connection() returns"""
    DJANGO_GIVEN = """django_given
    Flow.bind 要 SQLAlchemy 的 Connection,给的是 Django 的 {kind}
    → 请在 with transaction.atomic(): 之内调用 huimin_flow.django.bind()
    Flow.bind needs a Connection of SQLAlchemy, not Django's {kind}
    → call huimin_flow.django.bind() in a block of transaction.atomic()"""
    SESSION_GIVEN = """session_given Flow.bind 要 Connection,给的是 {kind}
    → 请给 session.connection():这样与会话同在一个事务
    Flow.bind needs a Connection, not {kind}
    → pass session.connection(): it is in the session's own transaction"""
    ENGINE_GIVEN = """engine_given Flow.bind 要 Connection,给的是 {kind}
    → 请在 with engine.begin() as connection 之内绑定;或用 Flow.open(engine=…)
    Flow.bind needs a Connection, not {kind}
    → bind in a block of engine.begin(), or use Flow.open(engine=...)"""
    ASYNC_GIVEN = """async_given Flow.bind 要同步的 Connection,给的是 {kind}
    → 请在 await connection.run_sync(函数) 之内绑定:函数得到的就是同步的连接
    Flow.bind needs a synchronous Connection, not {kind}
    → bind in await connection.run_sync(function): it passes such a connection"""
    ASYNC_ENGINE_GIVEN = """async_engine_given 要同步的 Engine,给的是 {kind}
    → 请另建同步的引擎,或在 await connection.run_sync(函数) 之内用 Flow.bind
    a synchronous Engine is needed, not {kind}
    → make one, or call Flow.bind in await connection.run_sync(function)"""
    OUTSIDE_RUN_SYNC = """outside_run_sync 异步连接只能在 run_sync 之内使用
    → 请在 await connection.run_sync(函数) 之内办理和查询
    an asynchronous connection can be used only within run_sync
    → act and ask in await connection.run_sync(function)"""
    NO_ENGINE = """no_engine engine 要 SQLAlchemy 的 Engine,给的是 {kind}
    → 请给 create_engine(…) 的结果
    engine must be an Engine of SQLAlchemy, not {kind}
    → pass what create_engine returns"""
    ADDRESS_OR_ENGINE = """address_or_engine
    地址与 engine 只能给一个;有地址的,模式写在地址里:postgresql://…?schema=名称
    → 请只给地址,或只给 engine(可另给 schema)
    give an address or an engine, not both; an address has “?schema=name” in itself
    → pass only an address, or only an engine, with a schema if you like"""
    POOLER_FORGETS = """pooler_forgets
    连接经过事务级连接池(如 PgBouncer)却预备语句,可能执行成别人的语句
    → psycopg 请设 connect_args 的 prepare_threshold=None;asyncpg 的设法见说明书
    statements are prepared behind a pooler: another program's may be executed
    → psycopg: set prepare_threshold=None in connect_args; asyncpg: see the manual"""
    POOL_EMPTY = """pool_empty 宿主的连接池没有空闲的连接
    → 请归还连接或扩大连接池后重试;什么都没有改变
    the host's pool has no connection left
    → return connections or enlarge the pool, then retry; nothing has changed"""
    ONE_CONNECTION = """one_connection 引擎的连接池({kind})只有一个共用的连接,事务分不开
    → 请给 QueuePool 或 NullPool 的引擎,或在自己的事务中用 Flow.bind
    the engine's pool ({kind}) has one connection for all: transactions would be one
    → pass an engine with a QueuePool or NullPool, or use Flow.bind in your own"""
    NO_SCHEMAS = """no_schemas {make} 没有模式(schema),只有 PostgreSQL 有
    → 请去掉 schema
    {make} has no schemas, only PostgreSQL has → leave out schema"""
    OWN_TRANSACTION = """own_transaction 本程序自己的另一个事务占着数据库,等也没有用
    → 请先提交或回滚那个事务,或在其中用 Flow.bind 办理;什么都没有改变
    another transaction of this same program holds the database: waiting is no use
    → end it first, or act within it by Flow.bind; nothing has changed"""
    EXTRA_MISSING = """extra_missing 没有安装附加组件 {extra}(缺少 {module})
    → 请安装:pip install 'huimin-flow[{extra}]'
    the extra {extra} is not installed ({module} is missing)
    → run pip install 'huimin-flow[{extra}]'"""
    ATTACHMENT_UNKNOWN = """attachment_unknown “{digest}”不是附件的摘要 → 请核对摘要
    {digest} is not the digest of an attachment → check the digest"""
    ATTACHMENT_MISSING = """attachment_missing 附件 {digest} 的文件不在
    → 请从备份恢复附件目录
    the file of attachment {digest} is missing
    → restore the attachments' folder from a backup"""
    ATTACHMENT_CHANGED = """attachment_changed 附件 {digest} 的内容被改动
    → 请从备份恢复该文件
    the content of attachment {digest} was changed → restore the file from a backup"""
    ATTACHMENT_UNREAD = """attachment_unread 附件 {digest} 读不了({why})
    → 请管理员把附件目录的读取权限给本账户所在的组
    attachment {digest} cannot be read ({why})
    → ask the administrator to let your group read the attachments' folder"""
    ATTACHMENT_UNWRITTEN = """attachment_unwritten 附件无法写入({why})
    → 请检查磁盘空间与附件目录的写权限后重试
    the attachment cannot be written ({why})
    → check disk space and write permission of the attachments' folder, then retry"""
    BACKUP_EXISTS = """backup_exists “{folder}”已经存在,备份不覆盖任何东西
    → 请另给一个目录
    {folder} exists already, and a backup overwrites nothing
    → name another folder"""
    BACKUP_UNWRITTEN = """backup_unwritten 备份无法写入“{folder}”({why})
    → 请检查磁盘空间与写权限后重试;没有留下不完整的备份
    the backup cannot be written to {folder} ({why})
    → check disk space and write permission, then retry; no part of it is left"""
    BACKUP_FLAWED = """backup_flawed 备份“{file}”核验有{count}处异常,如{first}
    → 备份已留下;请运行 huimin audit verify --db “{file}”,并报告管理员
    the audit of the backup {file} has {count} findings, such as {first}
    → the backup was kept: run huimin audit verify --db {file}, and report"""
    BACKUP_INCOMPLETE = """backup_incomplete
    备份已留下,但{count}个附件的文件不在或被改动:{digests}
    → 请从以前的备份取回这些附件
    the backup was kept, but {count} attachments are missing or changed: {digests}
    → get these attachments from an earlier backup"""
    NO_BACKUP = """no_backup “{folder}”不是备份 → 请给出 huimin backup 建立的目录
    {folder} is not a backup → name a folder that huimin backup made"""
    BACKUPS_BELOW = """backups_below “{folder}”之下有备份:{folders}
    → 请给出其中一份
    {folder} holds backups: {folders}
    → name one of them"""
    BACKUP_AMONG_FILES = """backup_among_files “{folder}”在附件目录之内
    → 请把备份放到别处,最好是另一块磁盘
    {folder} is within the attachments' folder
    → put the backup elsewhere, best on another disk"""
    BACKUP_NEWER = """backup_newer 备份的格式{format}比程序新
    → 请升级 huimin-flow 后再恢复
    the backup's format {format} is newer than this program
    → upgrade huimin-flow, then restore"""
    BACKUP_CHANGED = """backup_changed 备份中的“{file}”与备份时不同,或缺失
    → 请换用另一份备份
    {file} of the backup has changed, or is missing
    → use another backup"""
    BACKUP_OF_ANOTHER = """backup_of_another 备份来自另一种数据库({make})
    → 请恢复到同一种数据库
    the backup is of another database system ({make})
    → restore it to a database of the same system"""
    RESTORE_OCCUPIED = """restore_occupied 那里已有数据库,恢复不覆盖任何东西
    → 请先把现有的移到一边(留着备查),或用 --db 另给一处
    there is a database already, and a restore overwrites nothing
    → move it aside and keep it, or name another place with --db"""
    RESTORE_LEFTOVER = """restore_leftover “{file}”是以前的数据库留下的,不能混入恢复的库
    → 请连同以前的数据库和附件目录一起移走(留着备查)后再恢复
    {file} was left by a former database and must not be mixed in
    → move it aside with that database and its attachments, then restore"""
    RESTORE_LOSES = """restore_loses
    那里已有数据库,比备份多{count}条记录({first}至{last});恢复不覆盖任何东西
    → 请先把现有的移到一边(留着备查),恢复后用 --old 列出要重办的
    there is a database already, with {count} events more ({first} to {last})
    → move it aside and keep it; then restore with --old to list what to do again"""
    RESTORE_UNWRITTEN = """restore_unwritten 数据库无法写入“{file}”({why})
    → 请检查磁盘空间与写权限后重试;没有留下不完整的文件
    the database cannot be written to {file} ({why})
    → check disk space and write permission, then retry; no part of it is left"""
    FOLDER_IN_USE = """folder_in_use 另一个进程正在目录“{folder}”中推演
    → 请等它结束,或用 --into 另选一个目录
    another process runs a rehearsal in the folder {folder}
    → wait until it ends, or name another folder with --into"""
    CLOSED = """closed 此 Flow 已关闭 → 请用 Flow.open 重新打开
    this Flow is closed → open the database again with Flow.open"""
    BOUND = """bound 此 Flow 已加入宿主事务 → 请用 Flow.open
    this Flow is bound to a host's transaction → use Flow.open"""
    SHELF_UNKNOWN = """shelf_unknown 没有指定附件目录 → 打开时请给出 attachments
    no folder for attachments is set → set attachments when you open the Flow"""
    SNAPSHOT_ENDED = """snapshot_ended 这一时刻的视图已结束,不能再查询
    → 请在 with flow.snapshot() 之内查询
    this snapshot has ended
    → read within the block of flow.snapshot()"""


class TimeCode(ReasonCode):
    """What is wrong with a time that a caller sets."""

    MOMENT_WITHOUT_ZONE = """moment_without_zone 时刻{moment}没有时区
    → 请给出带时区的时刻,或不给时刻而用本机时钟
    the moment {moment} has no time zone
    → use a moment with a time zone, or none for the machine's clock"""
    MOMENT_NOT_OWN = """moment_not_own
    给出的时刻{moment}与本机时钟{own}相差一分钟以上;正式库只认本机时钟
    → 请不给时刻;推演请另建推演库
    {moment} differs by over a minute from the machine's clock, {own}
    → leave out the moment; create a rehearsal database to rehearse"""
    CLOCK_GIVEN = """clock_given 正式库只认本机时钟,不接受指定的时间 → 推演请另建推演库
    a production database uses only the machine's clock
    → create a rehearsal database to rehearse"""
    CLOCK_DIFFERS = """clock_differs 您写的时间{moment}与本机时钟{own}不符
    → 请写可靠的钟表此刻的时间;本机时钟错了的,请先校准
    {moment} is not what the machine's clock shows, {own}
    → write what a reliable clock shows now; if the machine's is wrong, set it first"""
    SPAN_UNKNOWN = """span_unknown 没有第{first}至{last}条记录,现有{head}条
    → 走错的是哪几条,见 huimin clock show
    there are no records {first} to {last}, but {head} in all
    → see the records that are ahead with huimin clock show"""
    SPAN_DECLARED = """span_declared 第{first}至{last}条记录已认定为时钟走错
    → 只认定其余的记录;已认定的见 huimin clock show
    the records {first} to {last} are declared already
    → declare only others; see huimin clock show"""
    SPAN_PROPOSED = """span_proposed 第{first}至{last}条记录已在提请“{key}”中
    → 请复核该提请;写错了的,先撤回再提请
    the records {first} to {last} are in the proposal {key} already
    → confirm that one; if it is wrong, withdraw it and propose again"""
    SPAN_SHORT = """span_short 所列之外还有记录的时间超前:第{record}条起,至{latest}
    → 请一并认定;各条见 huimin clock show
    other records are ahead, too: from {record} on, up to {latest}
    → declare them as well; see huimin clock show"""
    NO_REHEARSAL = """no_rehearsal 正式库不能推演 → 推演请另建推演库
    a rehearsal cannot run on a production database
    → create a rehearsal database to rehearse"""
    SPAN_EMPTY = """span_empty 推演的终点{last}早于起点{first} → 请先写起点,再写终点
    the rehearsal's last day {last} is before its first day {first}
    → write the first day, then the last"""
    JOB_REFUSED = """job_refused {why} → 见 huimin timetable status
    {why} → see huimin timetable status"""
