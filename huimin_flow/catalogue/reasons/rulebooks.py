"""Contradictions in a proposed rulebook or list, and what is wrong in a file of it."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class RulebookCode(ReasonCode):
    """Units, posts, figures, deadlines or list entries that contradict each other."""

    # Units.
    UNIT_UNKNOWN = """config_unit_unknown 没有该代码的单位
    → 请核对代码,或在 organization.yaml 的 units 中补上
    no unit has this code → check the code, or add the unit to organization.yaml"""
    UNIT_NOT_THEN = """config_unit_not_then {day}没有该单位,或它是监督单位
    → 请核对 organization.yaml
    this unit does not exist on {day}, or it is a supervising unit
    → check organization.yaml"""
    UNIT_ENDS = """config_unit_ends 该单位已有终止日期 → 请改为接续它的单位
    the unit has a last day → name the unit that succeeds it"""
    WORKS_UNTIL_MISSING = """config_works_until_missing 没有写明其岗位办理到哪一天
    → 请补上 works_until(不含该日)
    the last working day of its posts is missing
    → add works_until, the first day on which they no longer act"""
    CODE_SHARED = """config_code_shared 同一天有两个单位使用该代码 → 请核对起止日期
    two units have this code on one day → check their first and last days"""
    NAME_SHARED = """config_name_shared 同一天“{unit}”也叫“{name}”
    → 请改用别的名称,或核对起止日期
    {unit} has the name {name} on the same day → use another name, or check the days"""
    TILE_SHARED = """config_tile_shared 同一天与“{unit}”在同一格 → 请改用空格子
    {unit} has this tile on the same day → use a free tile"""
    TILE_OFF_GRID = """config_tile_off_grid
    不在示意图的格子之内(列0至{column},行0至{row}) → 请改用格子之内的位置
    it is outside the grid of columns 0 to {column} and rows 0 to {row}
    → use a tile of the grid"""
    # Auditors and posts.
    AUDITOR_RANKED = """config_auditor_ranked 监督单位不参加排名 → 请写 ranked: false
    a supervising unit is not ranked → write ranked: false"""
    AUDITOR_LEADS = """config_auditor_leads 监督单位不能牵头,也不能是专班办公室
    → 请改为业务单位
    a supervising unit cannot lead or be the task-force office
    → name an operating unit"""
    AUDITOR_STEPS = """config_auditor_steps 审计人员不办理任何步骤 → 请写 steps: []
    auditors take no steps → write steps: []"""
    AUDITOR_DUTIES = """config_auditor_duties 审计人员只有审计职责
    → 请写 duties: [audit]
    auditors have only the duty to audit → write duties: [audit]"""
    AUDITOR_ALONE = """config_auditor_alone 审计人员不能兼任其他角色 → 请分设两个岗位
    an auditor has no other role → create two posts"""
    AUDITOR_ONLY = """config_auditor_only 监督单位的岗位只能是审计人员
    → 请写 roles: [auditor]
    a supervising unit has auditors only → write roles: [auditor]"""
    POST_ID = """config_post_id 不是岗位代号(为空、不是ASCII代码,或像手机号、身份证号)
    → 请写成 op-500101 的样子,不写个人信息
    it is not a post's id: it is empty, not ASCII, or like a personal number
    → write it as op-500101, without personal data"""
    TOWN_POST = """config_town_post 镇街的岗位只能是镇街经办人,镇街经办人只能设在镇街
    → 请写 roles: [town],unit 写9位镇街代码
    a town's post has the role of a town, and only a town's post has it
    → write roles: [town] and the town's code of nine digits as unit"""
    TOWN_UNKNOWN = """config_town_unknown 没有该代码的镇街
    → 请核对代码,或在 places.yaml 的 towns 中补上
    no town has this code → check the code, or add the town to places.yaml"""
    ACCOUNT_SHARED = """config_account_shared 账户“{account}”已属于单位{unit}的岗位
    → 一个账户只能属于一个单位的岗位,请改用另一个账户
    the account {account} belongs to a post of unit {unit}
    → use another account: an account has posts of one unit only"""
    NOT_IN_CHARGE = """config_not_in_charge 只有组长、副组长分管板块
    → 请删去该岗位的 areas,或改写角色
    only leaders and deputy leaders are in charge of areas
    → remove the areas of this post, or change its roles"""
    POST_MISSING = """config_post_missing 没有这个岗位 → 请写 people 下的岗位代号
    there is no such post → write the id of a post of people"""
    DEPUTY_ELSEWHERE = """config_deputy_elsewhere 代理人须是同一单位的另一个岗位
    → 请改写代理的岗位
    a deputy is another post of the same unit → name another post"""
    # Figures.
    THRESHOLDS = """config_thresholds 档次应在1至100之间逐档升高 → 请按二星到五星排列
    the thresholds must rise from 1 to 100 → order them from two to five stars"""
    Z_OUT_OF_RANGE = """config_z_out_of_range 应大于0,至多{most} → 常用 1.96
    it must be above 0 and at most {most} → 1.96 is usual"""
    WILSON_SCALE = """config_wilson_scale 威尔逊界只用于百分比 → 请把 scale 写成100
    a Wilson bound needs percentages → write a scale of 100"""
    HYSTERESIS_OF_SHARES = """config_hysteresis_of_shares 按占比分色时没有缓冲
    → 请改为0,或把 by 改为 bands
    colors by shares have no hysteresis → write 0, or color by bands"""
    BANDS_SPAN = """config_bands_span 分数段应从0到100 → 请改红的下限与绿的上限
    the bands must span 0 to 100 → correct the low of red and the high of green"""
    BANDS_APART = """config_bands_apart “{before}”与“{color}”之间有空档或重叠
    → 请让下一档的下限等于上一档的上限
    there is a gap or an overlap between {before} and {color}
    → let each band begin where the band before it ends"""
    CURVE_SHARES = """config_curve_shares
    分步与按季节的曲线须有12个不为负、合计100的占比,匀速的没有 → 请核对 shares
    only a stepped or seasonal curve has shares: 12 that sum to 100, none below 0
    → check its shares"""
    # Deadlines and calendars.
    DAY_IN_ONE_WAY = """config_day_in_one_way 到期日应只用一种写法
    → 请写 day、working_day、of 与 before_days 三者之一
    the due day must be written in one way
    → write day, or working_day, or of with before_days"""
    NEVER_SKIPPED = """config_never_skipped 该作业不能略过任何一期 → 请写 each
    this job must not skip a period → write each"""
    DUE_BEFORE_ITS_BASIS = """config_due_before_its_basis
    “{job}”须与“{basis}”用同一种写法定日,且不早于它
    → 请改正 offset、working_day、day、hour
    the day of {job} must use the same keys as {basis} and not be earlier
    → correct offset, working_day, day or hour"""
    LISTING_DAY = """config_listing_day 清单截止须在12月中旬(11至20日),顺延也不得越出
    → 请改正 month、day、earliest、latest
    the list must close from 11 to 20 December, also after a day off
    → correct month, day, earliest or latest"""
    PHASE_OFFSET = """config_phase_offset 只有下阶段清单在其季度结束以前截止
    → 下阶段清单请写 -3(上一季度的最后一个月)至 -1,其他作业写0以上
    only the list of a quarter is due before the quarter ends
    → write -3 (the last month before the quarter) to -1 for it, 0 or more for others"""
    NOTICE_OF_OTHER_YEAR = """config_notice_of_other_year 没有写{year}年
    → 请写该年放假安排的通知全称
    it does not name {year} → write the full title of that year's notice on holidays"""
    DAY_OF_OTHER_YEAR = """config_day_of_other_year
    {day}是{other}年的日子,不属于{year}年
    → 请写到 holidays/{other}.yaml;由哪一年的通知调整的都一样
    {day} is a day of {other}, not of {year}
    → write it in holidays/{other}.yaml, whichever year's notice set it"""
    FILE_OF_OTHER_YEAR = """config_file_of_other_year 文件名不是“{year}.yaml”
    → 每年一个文件,以年份为名;若是副本或旧版,请移出 holidays/
    the file is not named {year}.yaml
    → a file has the name of its year; move copies out of holidays/"""
    NO_DAY_OFF = """config_no_day_off {year}年没有任何休息日
    → 请照该年放假安排的通知填写
    there is no day off in {year} → fill in the days of that year's notice"""
    DAY_OFF_AND_WORKED = """config_day_off_and_worked {day}既是休息日又须上班
    → 请留下其中之一
    {day} is both a day off and a working day → keep it in one list"""
    NO_WEEKEND = """config_no_weekend {day}不是周末
    → working_weekends 只列须上班的周末,请删去
    {day} is not on a weekend
    → working_weekends lists only working days on weekends; delete it"""
    # Opening lists.
    UNIT_QUOTA_BELOW_LIST = """config_unit_quota_below_list
    少于{year}年已发布清单中“{unit}”的{count}项:那份清单按此名额就选不出来
    → 请写{count}以上
    the list of {year} has {count} items of {unit}: these quotas could not give it
    → write {count} or more"""
    AREA_QUOTA_BELOW_LIST = """config_area_quota_below_list
    少于{year}年已发布清单中“{area}”板块的{count}项:那份清单按此名额就选不出来
    → 请写{count}以上
    the list of {year} has {count} items of {area}: these quotas could not give it
    → write {count} or more"""
    MEMBERS_OF_NO_SET = """config_members_of_no_set 只有 set 一类有成员 → 请删去 members
    only a set has members → remove the members"""
    MORE_MEMBERS_THAN_TARGET = """config_more_members_than_target 成员多于目标值
    → 请核对 value
    there are more members than the target value → check the value"""
    MEMBER_WITH_MARK = """config_member_with_mark 成员名称里有顿号、分号或换行
    → 填报表用它们隔开成员,请改写
    the member's name has a separator of members in a sheet
    → write the name without comma, semicolon or line break"""
    NOT_QUOTED = """config_not_quoted 不是原文中的字句 → 请照录原文
    these words are not in the text → quote the text exactly"""


class RuleCode(ReasonCode):
    """Why a rule cannot decide again what it decided before."""

    REVISION_UNKNOWN = """rule_revision_unknown
    本程序没有规则“{rule}”第{revision}版,不能复算 → 请用发布该结果的程序版本或更新的版本
    this program has no revision {revision} of the rule {rule}
    → use the release that published the result, or a later release"""
    NOT_ALONE = """rule_not_alone 规则“{rule}”第{revision}版不能仅凭结论复算
    → 请用 huimin audit replay 按历史复算
    revision {revision} of the rule {rule} needs more than its verdict
    → replay the history: huimin audit replay"""
    INPUTS_UNFIT = """rule_inputs_unfit
    规则“{rule}”的结论所附依据不完整或被改动:{detail} → 请运行 huimin audit verify
    inputs of a verdict of the rule {rule} are missing or changed: {detail}
    → run huimin audit verify"""


class ConfigCode(ReasonCode):
    """A file, a key or a value of config/ that is not valid.

    The place is shown before the sentence, so no sentence repeats key and value.
    """

    CONFIG_UNFIT = """config_unfit 配置不合要求
    → 请按上面每一条改正后重试;在全部改正之前,什么都不会启用
    the config is not valid → correct all problems above; nothing is activated before"""
    CALENDAR_MISSING = """calendar_missing {year}年的日历尚未载入
    → 请补上 config/holidays/{year}.yaml 并启用
    the calendar of {year} is not loaded
    → add config/holidays/{year}.yaml and activate it"""
    # Files.
    FOLDER_MISSING = """config_folder_missing 配置目录不存在
    → 请用 --config 或 HUIMIN_CONFIG 指明配置目录
    there is no such folder → name the folder with --config or HUIMIN_CONFIG"""
    FILE_MISSING = """config_file_missing 文件不存在 → 请在配置目录中补上该文件
    the file is missing → add it to the config folder"""
    FILE_UNREADABLE = """config_file_unreadable 读不了({why}) → 请核对路径与读取权限
    it cannot be read ({why}) → check the path and who may read it"""
    NOT_A_FILE = """config_not_a_file 不是普通文件 → 请换成普通文件
    it is not a regular file → put a regular file there"""
    FILE_TOO_LARGE = """config_file_too_large 文件超过{most}KB → 请核对是不是该文件
    the file has more than {most} KB → check that it is the right file"""
    NOT_UTF8 = """config_not_utf8 第{byte}个字节不是 UTF-8 → 请另存为 UTF-8 编码
    byte {byte} is not UTF-8 → save the file as UTF-8"""
    UTF16 = """config_utf16 是 UTF-16 编码,不是 UTF-8 → 请另存为 UTF-8 编码
    the file is UTF-16, not UTF-8 → save the file as UTF-8"""
    FILE_EMPTY = """config_file_empty 文件是空的,或只有一个值 → 请对照原文件恢复
    the file is empty or has a single value → restore it from the original"""
    FILE_NAME_NO_YEAR = """config_file_name_no_year 文件名应为年份 → 请改名,如 2023.yaml
    the file's name is not a year → rename it, for example 2023.yaml"""
    NO_CALENDAR = """config_no_calendar 没有任何一年的日历 → 请至少放入今年的文件
    there is no calendar → add at least this year's file"""
    HOST_UNLISTED = """config_host_unlisted hosts 里没有列明 {host}
    → 请核对地址;确要调用时,把 {host} 写进 outbox.hosts
    hosts does not list {host} → check the address, or add {host} to outbox.hosts"""
    # YAML.
    YAML_BROKEN = """config_yaml_broken 不是合法的 YAML({detail})
    → 请改正该行;如有全角冒号,请把全角冒号改为半角冒号加空格
    it is not valid YAML ({detail})
    → correct the line; a colon is half-width, with a space after it"""
    KEY_TWICE = """config_key_twice 同一个键写了两次 → 请删去其一
    a key is there twice → remove one of them"""
    COLUMN_TWICE = """config_column_twice 同一个列名写了两次 → 请只留在一项里
    the same name of a column is there twice → leave it in one field"""
    ALIAS_USED = """config_alias_used 不用别名“*{name}” → 请把内容写全
    the alias *{name} is not allowed → write the content in full"""
    TOO_DEEP = """config_too_deep 嵌套超过{most}层 → 请核对括号与缩进
    values are nested more than {most} levels deep
    → check brackets and indentation"""
    NUMBER_UNREADABLE = """config_number_unreadable 有一个数字或日期不能读取
    → 请检查过长的数字
    a number or a date cannot be read → look for a number that is too long"""
    # Keys and the types of values.
    KEY_MISSING = """config_key_missing 缺少该项 → 请补上
    it is missing → add it"""
    ENTRY_MISSING = """config_entry_missing 缺少 {name} → 请补上 {name}
    {name} is missing → add {name}"""
    KEY_UNKNOWN = """config_key_unknown 不认识该项 → 请核对拼写;键后须用半角冒号与空格
    there is no such key
    → check its spelling; a half-width colon and a space follow a key"""
    KEY_NOT_TEXT = """config_key_not_text 键应为文字 → 请给键加引号
    a key must be a text → put the key in quotes"""
    NOT_AN_INTEGER = """config_not_an_integer 应为整数 → 请写成不带单位和小数的整数
    it is not a whole number → write a whole number without unit or fraction"""
    NOT_A_NUMBER = """config_not_a_number 应为数字 → 请写成不带单位的数字
    it is not a number → write a number without a unit"""
    NOT_A_TEXT = """config_not_a_text 应为文字 → 数字代码请加引号
    it is not a text → put a code of digits in quotes"""
    NOT_A_BOOLEAN = """config_not_a_boolean 应为 true 或 false → 请写 true 或 false
    it is neither true nor false → write true or false"""
    NOT_A_WORD = """config_not_a_word 不是可用的词 → 请使用词汇表中的英文标识
    it is not one of the allowed words → use an identifier of the glossary"""
    NOT_A_DATE = """config_not_a_date 应为日期 → 请写成 2026-12-15 的样子
    it is not a date → write it as 2026-12-15"""
    NOT_A_LIST = """config_not_a_list 应为列表 → 请用“- ”逐项列出
    it is not a list → write one entry per line, after a hyphen and a space"""
    NOT_A_MAPPING = """config_not_a_mapping 应为“键: 值” → 请逐行写成“键: 值”
    it is not a mapping → write a key, a colon and a value on each line"""
    TOO_MANY = """config_too_many 项数过多 → 请删去多余的项
    there are too many entries → remove some"""
    TOO_FEW = """config_too_few 项数不足 → 请补上缺少的项
    there are too few entries → add those that are missing"""
    UNFIT = """config_value_unfit 不合要求({detail}) → 请对照说明修改
    it is not valid ({detail}) → compare it with the reference"""
    UNWRITABLE = """config_unwritable 含有无效字符 → 请删去
    it has a character that cannot be stored → remove the character"""
    # What a value may be.
    OUT_OF_RANGE = """config_out_of_range 应在{low}至{high}之间 → 请改正
    it must be from {low} to {high} → correct it"""
    TOO_SMALL = """config_too_small 应不小于{least} → 请改正
    it must be at least {least} → correct it"""
    TOO_LARGE = """config_too_large 数字过大,至多{most} → 请改小
    the number must be at most {most} → write a smaller number"""
    BEFORE_OTHER = """config_before_other 不得早于或小于 {other} → 请改正其中之一
    it must not be before or below {other} → correct one of the two"""
    NOT_AFTER_OTHER = """config_not_after_other 应晚于或大于 {other} → 请改正其中之一
    it must be after or above {other} → correct one of the two"""
    SUM_NOT_100 = """config_sum_not_100 合计{total},不是100 → 请改正各项,凑足100
    the sum is {total}, not 100 → correct the parts until they sum to 100"""
    MUST_BE = """config_must_be 此处只能是 {allowed} → 请写 {allowed}
    only {allowed} is allowed here → write {allowed}"""
    NOT_AMONG = """config_not_among 没有“{name}”,可用的有:{choices} → 请改用其中之一
    there is no {name}; possible: {choices} → use one of them"""
    EMPTY = """config_empty 一个也没有写 → 请至少写一个
    it is empty → write at least one value"""
    REPEATED = """config_repeated 与另一处重复 → 请改用另一个
    it is used in another place, too → use another value"""
    NOT_A_CODE = """config_not_a_code 不是ASCII代码 → 请只用英文字母、数字与连字符
    it is not an ASCII code → use letters, digits and hyphens only"""
    # Sources.
    SOURCE_MISSING = """config_source_missing 没有写出处 → 请写条款,或写 ours
    the source is missing → write the clause, or ours"""
    SOURCE_UNKNOWN = """config_source_unknown 通知中没有这一出处
    → 请写成 通知 二(四)4 或 通知 附件2 任务16 的样子;自定的写 ours
    the notice has no such place
    → write the clause's number as the notice does, or ours for the bureau's figure"""


class ExtensionCode(ReasonCode):
    """What is wrong with an extension of a host, or with its fields of an item."""

    UNFIT = """extension_unfit 扩展“{extension}”的声明有误:{detail}
    → 请改正声明后再装
    the extension {extension} is declared wrongly: {detail}
    → mend its declaration, then install it again"""
    BROKEN = """extension_broken 扩展“{extension}”装不进来:{detail}
    → 请改正或卸下这个扩展的软件包
    the extension {extension} can't be loaded: {detail}
    → mend or remove the package that brings it"""
    NOT_SEVERAL = """extension_not_several extensions 要若干 Extension,给的是 {given}
    → 请写 extensions=(扩展,),只有一个也要逗号;已安装的不用给
    extensions takes several values of Extension, not {given}
    → write extensions=(FUNDS,), with the comma; what is installed need not be given"""
    TWICE = """extension_twice 有两个扩展都叫“{extension}” → 卸下其中一个,或给它改名
    two extensions have the name {extension} → remove one of them, or rename it"""
    AT_HOME = """extension_at_home 扩展装在服务所在的机器上,经套接字的调用不能带入
    → 请在服务所在的机器上安装
    a service has its own extensions; a call through its socket brings none
    → install the extension where the service runs"""
    MISSING = """extension_missing
    现行规则库启用了扩展“{extension}”,本程序没有装它,它要过问的都不能办
    → 装上这个扩展,或由两人启用不写它的规则库
    the active rulebook names the extension {extension}, which is not installed
    → install it, or let two people activate a rulebook that does not name it"""
    NOT_IN_FORCE = """extension_not_in_force 现行规则库没有启用扩展“{extension}”
    → 先在 extensions.yaml 写明,由两人启用
    the active rulebook does not name the extension {extension}
    → name it in extensions.yaml, then let two people activate the rulebook"""
    SECTION_UNFIT = """extension_section_unfit “{path}”不符:{detail}
    → 请按该扩展的说明改正
    {path} does not fit: {detail} → mend it as the extension's documentation says"""
    GUARD_FAILED = """extension_guard_failed 扩展“{extension}”的“{guard}”出错:{detail}
    → 什么也没有记下;请扩展的作者改正
    {guard} of the extension {extension} failed: {detail}
    → nothing was recorded; its author must mend it"""
    NOT_PURE = """extension_not_pure 扩展“{extension}”的“{guard}”同样的情形有两种说法
    → 什么也没有记下;请扩展的作者改正
    {guard} of the extension {extension} answers the same facts in two ways
    → nothing was recorded; its author must mend it"""
    FACTS_CHANGED = """extension_facts_changed
    扩展“{extension}”的“{guard}”改动了给它的事实 → 什么也没有记下;请扩展的作者改正
    {guard} of the extension {extension} changes the facts that it is given
    → nothing was recorded; its author must mend it"""
    GUARD_ACTS = """extension_guard_acts “{guard}”在判断时动用了数据库
    → 什么也没有记下;请扩展的作者改为只依据给它的事实判断
    {guard} opens the database while it is asked
    → nothing was recorded; its author must let it decide by its facts alone"""
    FIELD_UNKNOWN = """extension_field_unknown 没有“{given}”这个附加字段;可填:{names}
    → 请从可填的字段中选用
    there is no own field {given}; there are: {names} → use one of these"""
    FIELD_UNFIT = """extension_field_unfit 附加字段“{given}”不符:{detail}
    → 请按该字段的要求填写
    the own field {given} does not fit: {detail} → enter it as the field asks"""
    NOTHING_CHANGES = """extension_nothing_changes 附加字段没有变化 → 不必再填
    no own field changes → there is nothing to do"""
