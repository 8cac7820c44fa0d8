"""Why an argument of an act or a question is not accepted."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class GatheringCode(ReasonCode):
    """Why an appeal was linked, proposed, or is a new problem (A6)."""

    REACHES = """gathering_reaches 相似{score}‰,达到{mark}‰,领先第二名{margin}‰
    {score} ‰ alike, at or above {mark} ‰, {margin} ‰ ahead of the runner-up"""
    BELOW = """gathering_below 相似{score}‰,不到自动归并的{mark}‰
    {score} ‰ alike, below the {mark} ‰ of an automatic link"""
    NOT_CLEAR = """gathering_not_clear 只领先第二名{margin}‰,不足{least}‰
    only {margin} ‰ ahead of the runner-up, {least} ‰ needed"""
    BEHIND = """gathering_behind 不是最相近的,比它低{margin}‰
    not the nearest: {margin} ‰ below it"""
    NUMBERS_DIFFER = """gathering_numbers_differ 标题中的数字没有一个相同
    the headings have no number in common"""
    PLACE_DIFFERS = """gathering_place_differs 来自不同的地方
    they come from different places"""
    NOTHING_LIKE = """gathering_nothing_like 此前没有相近的诉求
    no earlier appeal is like it"""
    TOO_FAR = """gathering_too_far 最相近的也只有{score}‰,不到{mark}‰
    the nearest is {score} ‰ alike, below {mark} ‰"""

    REPEATS = """problem_repeats
    {days}天内{people}人经{channels_count}个渠道反映{appeals}件,属反复多渠道反映
    {appeals} appeals of {people} people on {channels_count} channels in {days} days"""
    REPEATS_NOT = """problem_repeats_not
    {days}天内{people}人经{channels_count}个渠道反映{appeals}件,未达反复反映的标准
    {appeals} appeals, {people} people, {channels_count} channels in {days} days: few"""


class CoverageCode(ReasonCode):
    """A finding on what is counted for a district: a part greater than its whole."""

    PEOPLE_ABOVE_RESIDENTS = """people_above_residents
    “{unit}”的来访人{count}人,多于常住人口{whole}人;请核对来访人代号与人口数
    {count} people spoke in {unit}, which has {whole} residents: check both"""
    POINTS_ABOVE_TOWNS = """points_above_towns
    “{unit}”的镇街级直报点{count}个,多于镇街{whole}个;请核对是否重复登记
    {unit} has {count} points of its {whole} towns: check for points entered twice"""


class InputCode(ReasonCode):
    """A value that is not valid, or that names something unknown."""

    # ---- questions and proposals
    WORD_UNKNOWN = """word_unknown “{text}”不在可用的词之中,可用的有:{choices}
    → 请改用其中之一
    {text} is not one of: {choices} → use one of them"""
    PROFILE_UNKNOWN = """profile_unknown 没有列对照“{text}”,也没有这个文件;现有{names}
    → 请改用其中之一,或给出列对照文件的路径
    there is no profile {text}, and no such file; there are {names}
    → use one of them, or name the file of a profile"""
    NOBODY_ACTS = """nobody_acts 没有说明由谁办理“{act}”:缺少 by=
    → 请写明 by=经办人,或用 with flow.acting(经办人) as flow:
    nobody is named who does {act}: by= is missing
    → name the actor: by=actor, or with flow.acting(actor) as flow:"""
    ACT_UNKNOWN = """act_unknown 没有“{act}”这一操作
    → 请写名词与动词,如 items.judge
    there is no act {act} → write noun and verb, like items.judge"""
    SEVERAL_FIT = """several_fit “{text}”可能是{count}个{argument}之一,如:{choices}
    → 请写全其中一个的编号、代码或名称
    {text} may be one of {count} values of {argument}, such as: {choices}
    → write the whole number, code or name of one of them"""
    NONE_FITS = """none_fits
    没有与“{text}”相符的{argument};共{count}个,最相近的:{choices} → 请从中选一个
    no {argument} fits {text}; of {count}, the most similar: {choices}
    → choose one of them"""
    NONE_THERE = """none_there 没有与“{text}”相符的{argument},目前一个也没有
    → 请先登记
    no {argument} fits {text}; there is none yet → record it first"""
    NOT_PROPOSED = """gathering_not_proposed “{channel}={key}”没有这样待确认的归并
    → 待确认的见 huimin gather list;没有提出或已答“不是”的,用 huimin gather join
    {channel}={key} waits for no such answer
    → see huimin gather list; huimin gather join takes a no back"""
    NOT_GATHERED = """gathering_not_gathered “{channel}={key}”没有归并,无可撤销
    → 由人挂接的用 huimin item unlink 取下;归并经过见 huimin gather explain
    {channel}={key} was not brought together with others
    → take off what a person linked with huimin item unlink"""
    GATHERED_TOGETHER = """gathered_together 与“{channel}={key}”已在同一组
    → 全组见 huimin gather members
    it is of one group with {channel}={key} already
    → huimin gather members lists the group"""
    GATHERED_MOVED = """gathered_moved 看到时一起移的是{expected}件,现在是{found}件
    → 请用 huimin gather members 核对后再办
    {expected} appeals were to move when you looked, now {found} are
    → look again with huimin gather members"""
    GATHERED_ENDED = """gathered_ended “{channel}={key}”所在的事项{number}已终结
    → 请另挂事项,或回答不是同一问题
    {channel}={key} is of item {number}, which has ended
    → link it to another item, or say that it is another problem"""
    GATHERED_LINKED = """gathered_linked “{channel}={key}”已挂在事项{number}
    → 请选一件未挂接的诉求
    {channel}={key} is linked to item {number} already
    → choose an appeal that is linked to none"""
    APPEAL_NOT_FOUND = """appeal_not_found 没有编号为“{key}”的诉求
    → 请核对渠道与编号;最近的诉求见 huimin appeal list
    there is no appeal {key}
    → check channel and key; huimin appeal list shows the newest"""
    APPEAL_IN_CHANNELS = """appeal_in_several_channels
    多个渠道都有编号为“{key}”的诉求:{channels} → 请用 --channel 写明渠道
    several channels have an appeal {key}: {channels}
    → name the channel with --channel"""
    COUNT_OUT_OF_RANGE = """count_out_of_range 不能列出{given}条,应在1至{most}之间
    → 请改写条数
    {given} is not a possible count; it is from 1 to {most} → use another count"""
    ITEM_ALONE = """item_alone 已写明事项,不能再按渠道或“未挂接”筛选
    → 请去掉渠道与“未挂接”的条件
    an item is named, so channel and "not linked" are not allowed → leave them out"""
    NO_TWO_PEOPLE = """no_act_of_two_people
    “{given}”不是须两人办理的事,可用的有:{choices} → 请改用其中之一
    {given} is not an act of two people; possible: {choices} → use one of them"""
    ASKED_MISSING = """asked_missing 提请“{act}”的内容缺少{asked},须写明:{choices}
    → 请写明:{choices}
    a proposal to {act} lacks {asked}; it needs {choices} → fill in all of them"""
    ASKED_EMPTY = """asked_empty 提请“{act}”的{asked}不能为空 → 请写明{asked}
    {asked} of a proposal to {act} is empty → fill it in"""
    ASKED_STRANGE = """asked_strange 提请“{act}”不需要“{given}”,须写明:{choices}
    → 请写明:{choices}
    a proposal to {act} has no field {given}; it needs {choices} → leave it out"""
    # ---- days and posts
    DAY_TO_COME = """day_to_come {argument}{day}晚于今天{today} → 请核对日期
    {argument} {day} is after today, {today} → check the date"""
    DAY_BEFORE_LAST_STEP = """day_before_last_step
    发生日期{day}早于该事项上一步的日期{last}
    → 请写{last}或以后;一步不能发生在它的前一步之前
    {day} is before the item's last step, {last}
    → use {last} or later: a step cannot happen before the previous step"""
    RECORD_UNKNOWN = """record_unknown 没有编号为“{key}”的{record}
    → 请核对编号,或先行登记
    there is no {record} {key} → check the number, or record it first"""

    # ---- texts: ``argument`` is a word of ``Argument``, or the refusal's own word
    TEXT_TOO_LONG = """text_too_long “{argument}”有{length}个字符,超过{longest}个
    → 请缩短到{longest}个字符以内
    {argument} has {length} characters, more than {longest}
    → shorten it to {longest} characters"""
    TEXT_UNFIT = """text_unfit_sign “{argument}”第{place}个字符 {sign} 不能使用
    → 请删去该控制字符或无效字符后重试;满篇如此,则输入多半不是 UTF-8 编码
    character {place} of {argument}, {sign}, cannot be used
    → delete this character; if there are many, the input is probably not UTF-8"""
    NOT_ONE_LINE = """not_one_line
    “{argument}”只能写一行,第{place}个字符 {sign} 是换行或制表符
    → 请改成一行;较长的内容请写在说明或附件中
    {argument} must be one line; character {place}, {sign}, is a line break or a tab
    → write it in one line; put longer text into the description or a file"""
    TEXT_EMPTY = """text_empty “{argument}”不能为空 → 请填写“{argument}”
    {argument} is empty → fill in {argument}"""
    NAMES_A_PERSON = """names_a_person
    “{argument}”里像是有能认出本人的号码(电话、证件、银行卡、车牌、邮箱等),不能记入
    → 请删去号码,或换成不能认出本人的代号后重试
    {argument} seems to have a number or an address of a person, which is not recorded
    → leave it out, or use a code that does not identify a person"""
    NOT_A_CODE = """not_a_code
    “{argument}”的“{given}”须是代号(字母、数字与 - _ . 等),不能是姓名或号码
    → 请换成不能认出本人的代号,如 p-0017
    {argument} {given} must be a code (letters, digits, - _ .), not a name or number
    → use a code that does not identify a person, such as p-0017"""
    ITEM_UNKNOWN = """item_unknown 没有编号为“{number}”的事项
    → 用 huimin item list 查看全部编号
    no item has the number {number} → see huimin item list for all numbers"""
    REQUEST_REUSED = """request_reused 请求编号“{request}”已用于另一操作
    → 请换一个请求编号
    the request id {request} was used for another act → use another request id"""
    REQUEST_UNFIT = """request_unfit 请求编号须为1至{longest}个可见的 ASCII 字符
    → 请换一个请求编号
    a request id is 1 to {longest} printable ASCII characters
    → use another request id"""
    TEXT_SURROGATE = """text_surrogate 输入中含有无效字符(不成对的代理码位)
    → 请删去无法显示的字符后重试
    the input has invalid characters (lone surrogates)
    → delete the characters that cannot be shown, and try again"""

    # ---- arguments: ``path`` is the value's place in Python
    SPAN_UNFIT = """span_unfit “{period}”不是年、季或月
    → 请写成 2026、2026Q4 或 2026-12 的样子
    {period} is no year, quarter or month → write it as 2026, 2026Q4 or 2026-12"""
    NOT_OF_KIND = """argument_not_of_kind “{argument}”({path})应为 {wanted},不能是 {was}
    → 请核对“{argument}”({path})
    {argument} ({path}) must be {wanted}, not {was} → check {argument} ({path})"""
    NOT_ONE_OF = """argument_not_one_of
    “{argument}”({path})应为下列之一:{choices},不能是 {was} → 请从中选一个
    {argument} ({path}) must be one of {choices}, not {was} → choose one of them"""
    NOT_AN_ACTOR = """argument_not_an_actor
    “{argument}”({path})应为 {wanted},不能是 {was}
    → 请用 flow.people.actor("岗位代号") 取得
    {argument} ({path}) must be an {wanted}, not {was}
    → get it by flow.people.actor("id of a post")"""
    NUMBER_TOO_GREAT = """number_too_great “{argument}”({path})应为不超过2的53次方的整数
    → 请核对“{argument}”({path})
    {argument} ({path}) must be a whole number up to 2**53
    → check {argument} ({path})"""
    DAY_OUT_OF_RANGE = """day_out_of_range
    “{argument}”的{day}不合情理,应在{first}至{last}之间 → 请核对年份
    {argument} {day} is not plausible; it must be from {first} to {last}
    → check the year"""

    NO_CALL = """no_call 调用的写法不对(“{path}”)
    → 请写成 JSON 对象,各项内容放在 args 中,如操作的 JSON Schema 所述
    the call is not written right ({path})
    → write a JSON object with args, as the JSON Schema of the act describes"""
    ARGUMENT_MISSING = """argument_missing 缺少“{path}” → 请按该操作的 JSON Schema 补上
    {path} is missing → add it, as the JSON Schema of the act describes"""
    ARGUMENT_STRANGE = """argument_strange 没有名为“{path}”的内容
    → 请按该操作的 JSON Schema 核对名称
    there is no argument {path} → check the name in the JSON Schema of the act"""
    PLAIN_MISSING = """plain_missing {kind}里缺少“{path}”
    → 请补上,写法同 to_plain 写出的 {kind}
    {path} of {kind} is missing → add it, as to_plain writes it for {kind}"""
    PLAIN_STRANGE = """plain_strange {kind}里没有名为“{path}”的内容
    → 请核对名称,多余的删去
    {kind} has no {path} → check its name, or leave it out"""
    PLAIN_UNFIT = """plain_unfit {kind}的“{path}”不能是 {was}
    → 请写成 to_plain 写出的 {kind} 那样
    {path} of {kind} cannot be {was} → write it as to_plain writes it for {kind}"""

    # ---- units
    UNIT_UNKNOWN = """unit_unknown {day}没有代码或名称为“{unit}”的单位
    → 请写单位代码或全称,如 500101 或 万州区;单位见 organization.yaml
    no unit has the code or name {unit} on {day}
    → use a unit's code or full name; see organization.yaml"""
    UNIT_UNCLEAR = """unit_unclear “{unit}”可能是以下单位:{units}
    → 请写其中一个的代码或全称
    {unit} may be one of these units: {units}
    → use the code or the full name of one of them"""
    UNIT_ENDED = """unit_has_ended {unit}已于{day}撤销,由{successors}承接
    → 请改用承接的单位:{successors}
    {unit} ended on {day}; {successors} succeeded it
    → use its successor, {successors}"""
    UNIT_ENDED_WITHOUT_HEIR = """unit_has_ended_without_heir {unit}已于{day}撤销
    → 请改用现有的单位;单位见 organization.yaml
    {unit} ended on {day} → use an existing unit; see organization.yaml"""
    UNIT_NOT_YET = """unit_not_begun {unit}自{day}起才设立 → 请核对日期或单位
    {unit} exists from {day} on → check the day or the unit"""
    UNIT_IS_AUDITOR = """unit_is_auditor 监督单位“{unit}”不能是事项的责任单位
    → 请改为负责办理的业务单位
    {unit} is a supervising unit and handles no items → name the unit that handles it"""
    UNIT_NEVER_WAS = """unit_never_was 没有代码或名称为“{unit}”的单位
    → 请核对 organization.yaml 中的单位代码
    no unit ever had the code or name {unit} → check organization.yaml"""

    # ---- appeals and items
    CHANNEL_UNKNOWN = """channel_unknown
    没有代码或名称为“{channel}”的采集渠道,可用的有:{channels} → 请从中选一个
    there is no intake channel {channel}; possible: {channels} → choose one of them"""
    PLACE_UNKNOWN = """place_unknown 没有认出地点“{place}”
    → 请写到所在的区县,如 万州区高笋塘街道;叫法可补在 places.yaml 的 aliases 里
    nobody knows the place {place}
    → begin with its district; other names go into places.yaml, under aliases"""
    PLACE_UNCLEAR = """place_unclear 地点“{place}”可以是:{units}
    → 请在前面写明区县
    the place {place} may be in {units} → write its district before it"""
    PLACE_TOO_WIDE = """place_too_wide
    “{point_level}”直报点须写明{point_lacks},“{place}”没有写到
    → 请写全,如 万州区高笋塘街道某某社区
    a point of the level {point_level} needs {point_lacks}, which {place} lacks
    → write the whole place, down to the level of the point"""
    POINT_UNKNOWN = """point_unknown {day}没有编号或名称为“{point}”的直报点
    → 直报点见 huimin point list
    on {day} there is no reporting point {point} → see huimin point list"""
    POINT_ELSEWHERE = """point_elsewhere 直报点“{point}”在{unit},不在{place}
    → 请更正地点;不写地点,就是直报点所在的地点
    the reporting point {point} is in {unit}, not in {place}
    → mend the place, or leave it out: then it is that of the point"""
    POINT_NOT_CHANNEL = """point_not_channel 写了直报点,渠道却是{channel},不是{expected}
    → 请把渠道改为{expected},或不写直报点
    a reporting point is named, but the channel is {channel}, not {expected}
    → choose the channel {expected}, or name no point"""
    POINT_TWICE = """point_twice 该地点已有同名的直报点“{name}”({key})
    → 请改名,或用 huimin point move 变更原来的
    there is a point {name} ({key}) at this place → rename it, or change the other"""
    SPAN_REVERSED = """span_reversed 起止颠倒:从{first}到{last}
    → 请把先的写在前面
    the span from {first} to {last} is reversed → write the earlier one first"""
    SKIP_NEGATIVE = """skip_negative 跳过的条数不能是{given} → 请写0或更大的整数
    {given} entries cannot be skipped → write a whole number from 0 on"""
    MOMENT_TO_COME = """moment_to_come 时间晚于现在 → 请核对日期与时间
    the time is in the future → check date and time"""
    APPEAL_UNKNOWN = """appeal_unknown 渠道“{channel}”没有编号为“{key}”的诉求
    → 请先导入该诉求
    channel {channel} has no appeal {key} → import that appeal first"""
    NOTHING_TO_ERASE = """nothing_to_erase
    “{subject}”没有可抹去的内容:没有这个人,或早已抹去
    → 请核对代号,或写 渠道=诉求编号
    nothing of {subject} is left to erase: unknown, or erased before
    → check the pseudonym, or write channel=key"""
    READ_TOO_MANY = """read_too_many 一次查看1至{most}条诉求,给了{count}条 → 请分次查看
    1 to {most} appeals are read at once, not {count} → read them in several acts"""
    READ_TRIED = """read_tried 查看诉求原文必须记下,不能试办 → 请直接查看
    reading what appeals say is recorded, so it cannot be tried → read them"""
    APPEAL_NOT_LINKED = """appeal_not_linked
    渠道“{channel}”编号“{key}”的诉求没有挂在事项{number}上
    → 用 huimin appeal show {key} 查看它挂在哪个事项
    appeal {key} of channel {channel} is not linked to item {number}
    → see with huimin appeal show {key} to which item it is"""
    APPEAL_DIFFERS = """appeal_differs
    渠道“{channel}”中编号“{key}”的诉求早已登记,与这次所写不同
    → 若是另一条诉求,请换编号;若是同一条,以先登记的为准
    appeal {key} of channel {channel} is already recorded with different content
    → use another key for another appeal; for the same appeal, the first entry counts"""
    LINK_MADE_BY_STEP = """link_made_by_step
    “{argument}”({path})只能由“{step}”产生,采集时不能填写 → 请对原事项办理“{step}”
    {argument} ({path}) is set only by {step}, not by collect
    → do {step} on the original item"""
    PREVALENCE_COMPUTED = """prevalence_computed 普遍性由系统按诉求计算,不能填写
    → 请去掉该项评分
    prevalence is computed from the appeals → leave out that score"""


class BulkCode(ReasonCode):
    """Why many acts are not done at once."""

    ROWS_COUNT = """bulk_rows_count 共{given}行,一次须有1至{most}行
    → 请填好要办的各行;太多的请分成几次
    {given} rows: at once there are 1 to {most}
    → fill in the rows to be done; split a longer sheet"""
    ROW_TWICE = """bulk_row_twice “{about}”已在前面一行 → 请只留一行
    {about} stands in a row before → leave one of its rows"""
    PREVIEW_MOVED = """bulk_preview_moved
    试算以后有变动,或表已改过,核对码 {seen} 不再相符
    → 请重新试算、核对,用新的核对码办理
    since the trial something has moved or the sheet was changed: {seen} is stale
    → try again, look through it, and use the new check code"""
    ROWS_REFUSED = """bulk_rows_refused {all}行中有{count}行不能办,因此一行也没有办
    → 请改正这些行;也可以只办其余各行,未办的会留下
    {count} of {all} rows are refused, so none was done
    → correct these rows, or do each on its own: the refused ones are kept"""
    UNSEEN = """bulk_unseen 没有写核对码:批量办理须先试算
    → 请先以 --dry-run 试算并核对,再写 --seen 核对码
    no check code: many are done only after a trial
    → try with --dry-run, look through it, then write --seen with its code"""
    HEAD_MISSING = """bulk_head_missing {file} 前{rows}行里没有表头“{column}”
    → 请用 huimin bulk template 导出的表填写
    the first {rows} rows of {file} have no column {column}
    → fill in the sheet that huimin bulk template writes"""
    NOTHING_WAITS = """bulk_nothing_waits 没有等着您{act}的事项
    → 等着办的事见 huimin todo
    nothing waits for you to {act} → huimin todo shows what waits"""
