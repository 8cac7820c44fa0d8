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
