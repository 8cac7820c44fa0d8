"""What a door for people refuses by itself, before or after the engine acts."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class DoorCode(ReasonCode):
    """What was typed, piped or named at a door and is not accepted."""

    COMMAND_UNFIT = """command_unfit 命令有误:{detail} → 请看该命令的 --help
    the command is wrong: {detail} → see the command's --help"""
    NOT_WHOLE = """not_whole “{name}”的“{text}”不是整数 → 请写数字,如 80,不带单位
    {text} for {name} is not a whole number → use digits without a unit, like 80"""
    NOT_A_PAIR = """not_a_pair “{text}”写法不对,应为 {example} 的样子
    → 请写成 {example} 的样子
    {text} is not written as {example} → write a name, an equals sign and a value"""
    NEITHER_YES_NOR_NO = """neither_yes_nor_no
    “{question}”的回答“{text}”既不是“是”也不是“否” → 请写成 想做=是:理由 的样子
    the answer {text} to {question} is neither yes nor no
    → write it as wanted=yes:reason"""
    NOT_YES_OR_NO = """not_yes_or_no “{text}”既不是“是”也不是“否” → 请写“是”或“否”
    {text} is neither yes nor no → write yes or no"""
    NOT_A_CHOICE = """not_a_choice “{text}”不是所列的一项,或不止一项与它相符
    → 请写所列的序号
    {text} is none of the choices, or several fit it → write the number of one"""
    NO_TERMINAL = """no_terminal 逐项询问需要终端
    → 请改用写明各项的命令,如 huimin item screen
    questions need a terminal
    → use the command of the step with its options, like huimin item screen"""
    NO_NEXT_STEP = """no_next_step 事项{number}的状态是“{state}”,此时没有下一步可办
    → 已评星的等待十二月截止列入清单;其余见 huimin item explain {number}
    item {number} is {state}: there is no next step to take now
    → a starred item waits for the December list; see huimin item explain {number}"""
    NOT_A_DAY = """not_a_day “{text}”不是日期 → 请写成 2026-12-01 的样子
    {text} is not a date → write it as 2026-12-01"""
    NOT_A_MOMENT = """not_a_moment “{text}”不是时间 → 请写成 2026-12-01T09:30 的样子
    {text} is not a time → write it as 2026-12-01T09:30"""
    INPUT_TOO_LONG = """input_too_long
    标准输入超过{most}个字符,其余的没有读入,也没有留存 → 请分几次输入,或作为附件提交
    the standard input has more than {most} characters; the rest was not read
    → enter it in several parts, or attach it as a file"""
    READING_ONLY = """reading_only 只读:这条命令要改动数据库
    → 请去掉 --read-only 或环境变量 HUIMIN_READ_ONLY
    read-only: this command changes the database
    → leave out --read-only or the variable HUIMIN_READ_ONLY"""
    SECOND_PRESENT = """second_present 正式库的复核须由复核人用本人账户办理
    → 去掉 --second 先行提请,再由复核人运行 huimin proposal approve
    on a production database the second person must use their own account
    → leave out --second; then the second person runs huimin proposal approve"""
    NOTHING_TO_REPORT = """nothing_to_report {period}没有需要{unit}报送的任务
    → 请核对月份与单位代码
    {unit} has no task to report on for {period}
    → check the month and the code of the unit"""
    NO_FIGURE = """no_figure_in_file {file} 没有一行是回流的数
    → 请核对文件与表头:月份、数值,另写事项、任务、指标,或服务事项、单位
    no row of {file} is a figure of a feed
    → check the file and its header: month, value, and what the figure is of"""
    TEMPLATES_MISSING = """templates_missing 没有模板文件夹 {folder}
    → 请核对路径
    there is no folder of templates {folder} → check the path"""
    TEMPLATE_UNFIT = """template_unfit 模板 {template} 用不了:{detail}
    → 请改正模板;可用的写法见 docs/how-to/extend.md
    the template {template} can't be used: {detail}
    → mend it; docs/how-to/extend.md says what a template may use"""
    NO_RATING = """no_rating {file} 里没有一行评价 → 请核对导出的月份与单位后重新导出
    {file} has no line with a rating
    → check the month and the unit of the export, and export again"""
    NO_APPEAL = """no_appeal {file} 里没有一行诉求 → 请核对导出的日期与渠道后重新导出
    {file} has no row with an appeal
    → check the days and the channel of the export, and export again"""
    NOT_CONFIRMED = """not_confirmed 没有确认,未办理,一切照旧
    → 核对预览后再办;不需询问的加 --yes
    the act was not confirmed, so nothing was done
    → look at the preview, then try again; --yes skips the question"""
    SERVICE_WITHOUT_DUTY = """service_without_duty
    账户“{account}”既不是服务账户,也没有带“{duty}”权限的岗位
    → 请用服务账户(huimin.yaml 的 desk.service_account)运行,或由有此权限的岗位运行
    the account {account} is no service account, and has no post that may: {duty}
    → run it as desk.service_account of huimin.yaml, or as a post with that right"""
    # A rehearsal.
    BEFORE_LAST_RECORD = """before_last_record
    指定的时间{moment}早于推演库的最后一条记录({last})
    → 推演的时间只进不退:请写不早于它的时间,或不写 --now
    {moment} is before the last record of the rehearsal, {last}
    → time only goes forward: use a later time, or leave out --now"""
    BEYOND_CALENDARS = """beyond_calendars
    指定的时间{moment}远在已载入的日历(至{year}年)之后 → 推演的时间只进不退:请核对年份
    {moment} is far after the loaded calendars, which end with {year}
    → check the year: a rehearsal cannot go back"""
    AHEAD_OF_CLOCK = """ahead_of_clock
    该推演库已走到本机时间之后,定时服务不能按本机时间继续
    → 请用 huimin scheduler --rehearse 起 止 推进
    the rehearsal is ahead of the machine's clock, which the service uses
    → continue with huimin scheduler --rehearse FIRST LAST"""
    NOT_EMPTY = """rehearsal_not_empty 该数据库里已有事项,推演需要空库
    → 请另给一个空数据库;不写 --db 则自动新建
    the database has items; a rehearsal needs an empty database
    → name an empty database, or leave out --db to create one"""
    OTHER_SEED = """rehearsal_of_other_seed
    该数据库是由他人或按另一种子建立的,推演需要空库
    → 请另给一个空数据库;不写 --db 则自动新建
    the database has another origin or seed; a rehearsal needs an empty database
    → name an empty database, or leave out --db to create one"""
    FOLDER_FILLED = """folder_filled
    目录{folder}里已有{names}等{count}个文件,推演会换掉其中同名的
    → 请用 --into 另给一个目录;要换掉的加 --yes
    {folder} has {count} files, such as {names}; those of the same name are replaced
    → name another folder by --into, or add --yes"""
    POST_MISSING = """post_missing 没有“{role}”岗位 → 请核对 organization.yaml
    there is no post with the role {role} → check organization.yaml"""
    # Files and the machine.
    OTHER_SITE = """other_site {file}是别的网站的首页,不覆盖 → 请用 --into 另给一个目录
    {file} is the front page of another site and is not overwritten
    → name another folder with --into"""
    NO_SUCH_PAGE = """no_such_page 没有“{file}”这一页 → 请从目录找起,或核对编号与期次
        there is no page "{file}" → start from the index, or check number and period"""
    FILTER_UNCLEAR = """filter_unclear 条件有误,没有下载:{problems}
    → 请在页面上改正或清除这些条件,再下载
    the filters are not clear, so nothing is downloaded: {problems}
    → correct or clear them on the page, then download again"""
    PAGE_BLOCKED = """page_blocked {file}是目录,页面无处可放 → 请移开它,或另给一个目录
    {file} is a folder where a page should go → move it away, or name another folder"""
    PATH_FAILED = """path_failed 无法读写“{file}”({why})
    → 请检查路径、读写权限与磁盘空间后重试
    {file} cannot be read or written ({why})
    → check path, permissions and disk space, then try again"""
    NOT_SHOWN = """not_shown 只是结果未能显示({why})
    → 请用 list 或 show 一类的命令查看结果
    only the result could not be shown ({why})
    → look at the result with a command like list or show"""
    UNEXPECTED = """unexpected 程序遇到没有料到的情况({error});经过记在“{file}”
    → 请把该文件与所用命令交给维护人员
    an unexpected error occurred ({error}); details are in {file}
    → send the file and the command to the maintainers"""
    ANSWERS_FILE_KIND = """answers_file_kind “{file}”不是 .csv、.xlsx 或 .jsonl 文件
    → 请改写文件名的结尾
    {file} does not end in .csv, .xlsx or .jsonl → use one of these ends"""
    ANSWERS_FILE_TAKEN = """answers_file_taken “{file}”已存在,或所在的目录不存在
    → 请写一个新文件
    {file} exists already, or its folder does not → name a new file"""


class DeskCode(ReasonCode):
    """Why the desk can't begin, or why it doesn't serve a visitor."""

    # Its start.
    PATH_RELATIVE = """desk_path_relative 应写完整路径 → 请写以“/”开头的路径
    the path must be absolute → write a path that begins with a slash"""
    PROXY_IS_SERVICE = """desk_proxy_is_service 反向代理的账户不得是服务账户
    → 请让反向代理用它自己的账户运行
    the proxy's account must not be the service account
    → run the proxy under an account of its own"""
    KEY_OPEN = """desk_secret_open 密钥文件{file}其他账户可读
    → 请把文件归服务账户,权限设为 0600
    other accounts can read the secret in {file}
    → give the file to the service account, with the mode 0600"""
    KEY_UNREADABLE = """desk_secret_unreadable 读不了密钥文件{file}({why})
    → 请检查 secret_file 的路径与权限
    the secret in {file} cannot be read ({why})
    → check the path and the permissions of secret_file"""
    KEY_SHORT = """desk_secret_short 密钥 {variable} 没有写明,或不足{least}个字符
    → 请写入这个环境变量或 secret_file 所指的文件
    the secret {variable} is missing, or shorter than {least} characters
    → set that variable, or write the file of secret_file"""
    SOCKET_IN_USE = """desk_socket_in_use 套接字{path}正由另一个服务使用
    → 请先停止那个服务,或用 --socket 另给一个路径
    another server uses the socket {path}
    → stop that server first, or name another path with --socket"""
    SOCKET_BLOCKED = """desk_socket_blocked {path}不是套接字,或不属于本账户,不替换
    → 请移开它,或用 --socket 另给一个路径
    {path} is no socket of this account, and is not replaced
    → move it away, or name another path with --socket"""
    SOCKET_FOLDER = """desk_socket_folder 目录{folder}其他账户可进入,或其他人可改动
    → 请把目录归服务账户,权限设为 0750
    other accounts can enter or change the folder {folder}
    → give it to the service account, with the mode 0750"""
    LISTEN_FAILED = """desk_listen_failed 无法在{place}监听({why})
    → 请换一个端口或路径,或停止占用它的程序
    the desk cannot listen at {place} ({why})
    → choose another port or path, or stop the program that uses it"""
    NO_SOCKET = """desk_no_socket 没有写明套接字
    → 请用 --socket 写明,或在 huimin.yaml 写 desk.socket
    no socket is named → name it with --socket, or set desk.socket in huimin.yaml"""
    NOT_RUNNING = """desk_not_running 在{path}没有运行着的服务
    → 请管理员启动 huimin desk,或核对 desk.socket
    no server answers at {path}
    → ask the administrator to start huimin desk, or check desk.socket"""
    # Who asks.
    IDENTITY_FORGED = """desk_identity_forged
    请求自称由反向代理转来(标头“{header}”),但不是
    → 请经反向代理访问;标头“{header}”只有反向代理可以发送
    the request claims by the header {header} to come from the proxy, and doesn't
    → go through the proxy; nobody else may send the header {header}"""
    KEY_WRONG = """desk_secret_wrong 反向代理没有出示正确的密钥
    → 请核对反向代理与 desk.secret_file 中的密钥
    the proxy did not show the right secret
    → compare the secrets of the proxy and of desk.secret_file"""
    PROXY_NAMES_NOBODY = """desk_proxy_names_nobody
    反向代理没有说明访问者是谁(标头“{header}”)
    → 请在反向代理上登录;其标头为“{header}”
    the proxy does not say who the visitor is (header {header})
    → sign in at the proxy; its header is {header}"""
    ACCOUNT_UNKNOWN = """desk_account_unknown 本机没有编号为{account}的账户
    → 请用已登记的账户访问
    this machine has no account {account} → use an account that has a post"""
    NOT_SIGNED_IN = """desk_not_signed_in 还没有登录,或登录已过期
    → 请用本人账户运行 huimin desk link,打开它给出的链接
    you are not signed in, or your session has ended
    → run huimin desk link as yourself, and open the link that it prints"""
    NOBODY = """desk_nobody 宿主系统没有说明是谁在访问 → 请先在宿主系统登录
    the host names nobody as the caller → sign in at the host"""
    IDENTITY_UNFIT = """desk_identity_unfit 宿主系统的身份函数返回了 {kind},不能用
    → 请用普通函数(不用 async def)返回 Account 或 Actor;页面用的返回账户名
    the host's function that says who calls returned {kind}
    → let a plain def return an Account or an Actor, for pages the account's name"""
    LINK_VOID = """desk_link_void 链接已用过或已过期 → 请再运行一次 huimin desk link
    the link was used, or it is too old → run huimin desk link again"""
    ONLY_ON_SOCKET = """desk_only_on_socket 只有经套接字的本机账户可以这样访问
    → 请在本机用 huimin 命令
    only an account of this machine may do this, on the socket
    → use the command huimin on this machine"""
    # The request.
    HOST_UNKNOWN = """desk_host_unknown 不认识的主机名
    → 请用 127.0.0.1 访问,或在 huimin.yaml 写明 desk.hosts
    the host's name is not known
    → use 127.0.0.1, or add the name to desk.hosts in huimin.yaml"""
    FORM_FOREIGN = """desk_form_foreign 表单不是本站的页面发出的,没有办理
    → 请在本站打开页面后再提交
    the form does not come from a page of this desk; nothing was done
    → open the page at this desk, then send the form"""
    FORM_OLD = """desk_form_old 打开页面之后登录有变,或服务重新启动过
    → 请核对页面上的内容,再提交一次
    the sign-in changed, or the service restarted, since the page was opened
    → check what the page says, then send it again"""
    REQUEST_TOO_LARGE = """desk_request_too_large 提交的内容超过{most}兆字节,没有办理
    → 请减少内容,或分几次提交
    the request is larger than {most} megabytes; nothing was done
    → send less, or in several parts"""
    HEAD_TOO_LARGE = """desk_head_too_large 地址或请求头超过{most}千字节
    → 请缩短地址,或清除本站的 Cookie
    the address or the head of the request is longer than {most} kilobytes
    → shorten the address, or remove the cookies of this site"""
    FIELDS_TOO_MANY = """desk_fields_too_many
    表单的字段或文件太多(至多{most}项),没有办理
    → 请分几次提交
    the form has too many fields or files (at most {most}); nothing was done
    → send it in several parts"""
    FILE_GONE = """desk_file_gone 发来的文件已不在这里 → 请重新选择文件,再试算一次
    the file that was sent is no longer here → choose it again"""
    IMPORT_BUSY = """desk_import_busy 正在读取另一个文件,这个文件没有读取
    → 请等前一个文件读完,再发送一次
    another file is being read; this one was not
    → wait until that one is done, then send it again"""
    FORM_UNREADABLE = """desk_form_unreadable 表单无法读取,没有办理
    → 请重新打开页面后再提交
    the form cannot be read; nothing was done
    → open the page again, then send it"""
    FILE_UNLIKE = """desk_file_unlike 文件名以 .{end} 结尾,内容却不是这种文件
    → 请另存为正确的格式,或改正文件名后重新选择
    the name of the file ends with .{end}, but its content is no such file
    → save it in that format, or correct its name, then choose it again"""
    METHOD_UNKNOWN = """desk_method_unknown 此处不接受这样的请求
    → 请从页面上的链接与按钮进入
    this address does not take such a request → use the links and buttons of a page"""
    # A client of the socket.
    SESSIONS_FULL = """desk_sessions_full 同时查看或试算的人太多
    → 什么都没有改变,请稍后重试同一命令
    too many people look or try something at the same moment
    → nothing has changed: try the same again soon"""
    SESSION_OVER = """desk_session_over 一次查看或试算超过了{seconds}秒,已经结束
    → 请缩小范围后重试,或由管理员直接在数据库上运行
    a snapshot or a trial lasted longer than {seconds} seconds, and has ended
    → ask for less, or let the administrator run it on the database itself"""
    SOCKET_DENIED = """desk_socket_denied 本账户不能使用套接字{path}
    → 请管理员把本账户加入该套接字所属的组,再重新登录
    this account may not use the socket {path}
    → ask the administrator to add you to its group, then log in again"""
    OTHER_SERVER = """desk_other_server 在{path}应答的不是本系统的服务
    → 请核对 --db 或 HUIMIN_DATABASE 中的路径
    the server at {path} is not a desk of this program
    → check the path in --db or HUIMIN_DATABASE"""
    OTHER_VERSION = """desk_other_version {path}的服务与本程序版本不同,看不懂它的回答
    → 请让两者使用同一版本
    the answer of the service at {path} cannot be read: it has another version
    → use the same version for both"""
    ANSWER_LOST = """desk_answer_lost
    与{path}的服务断了连接,没有收到请求“{request}”的回答
    → 请稍后以同一请求编号(--request {request})重试:已办的不会再办一次
    the connection to the service at {path} broke before it answered {request}
    → repeat it soon with the same request id (--request {request}): it is done once"""
    NOT_BY_SERVICE = """desk_not_by_service 这件事要打开数据库本身,不能经由服务办理
    → 请由服务账户或有读取权限的账户在数据库上运行:--db 数据库文件或地址
    this needs the database itself, and the service doesn't do it
    → run it on the database, as an account that may open it: --db FILE or address"""


class OutboxCode(ReasonCode):
    """What is refused about the changes, their consumers and their deliveries."""

    NAME_UNFIT = """outbox_name_unfit “{name}”不能用作名称,须为 {pattern}
    → 请用小写字母、数字与 . _ -,如 portal
    {name} is no name here: it must be {pattern}
    → use small letters, digits and . _ -, as in portal"""
    CHANGE_UNKNOWN = """outbox_change_unknown 没有第{position}条变更,现在到第{head}条
    → 请写0至{head}的位置
    there is no change {position}; the last one is {head}
    → use a position from 0 to {head}"""
    CURSOR_BEHIND = """outbox_cursor_behind “{consumer}”已读到第{reached}条,不能倒退
    → 要重新读取的,直接从所要的位置读,不必改登记
    {consumer} has read up to {reached} and can't go back
    → to read again, read from the earlier position; the cursor stays"""
    NOT_DEAD = """outbox_not_dead “{destination}”没有第{position}条变更的失败投递
    → 失败的见 huimin outbox list --state 投递失败
    {destination} has no dead letter of change {position}
    → see huimin outbox list --state dead"""
    NO_DELIVERY = """outbox_no_delivery “{key}”不是投递的编号
    → 请写列表第一列所示的,如 portal/12
    {key} names no delivery → use the first column of the list, as in portal/12"""
