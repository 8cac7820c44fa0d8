"""What the desk refuses before an act or a question: who, how much, from where."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


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
