"""Why a decision about an item cannot be recorded."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class DecisionCode(ReasonCode):
    """A value that cannot be used in a decision about an item."""

    CHAIR_NOT_ENTERED = """chair_not_entered 主持人不是机构中登记的岗位
    → 请写 organization.yaml 中的岗位代号,不写姓名
    the chair is not a post of the organization
    → write the id of a post in organization.yaml, not a name"""
    PARTICIPANT_NOT_ENTERED = """participant_not_entered
    第{place}位到会人员不是机构中登记的岗位
    → 请写 organization.yaml 中的岗位代号,不写姓名
    participant {place} is not a post of the organization
    → write the id of a post in organization.yaml, not a name"""
    MEETING_UNKNOWN = """meeting_unknown 没有编号为“{deliberation}”的论证会议
    → huimin meeting list 列出会议;还没有登记的,请先登记
    there is no deliberation {deliberation}
    → huimin meeting list lists the meetings; record one that is missing first"""
    NOT_IN_INTERVAL = """effectiveness_not_in_interval
    预估效度{value}不在区间{low}至{high}内,或超出0至100
    → 请按 0≤下限≤预估效度≤上限≤100 填写
    {value} is outside its interval {low} to {high}, or outside 0 to 100
    → write values with 0 <= low <= value <= high <= 100"""
    OTHER_UNITS_LIST = """other_units_list
    事项{item}属于“{owner}”,不能列入“{unit}”{period}的清单
    → 请增补到本单位或全市的清单,如 list/{period}/{owner}
    item {item} is of unit {owner} and cannot be on the list of {unit} for {period}
    → add it to its own unit's list or the city's, as list/{period}/{owner}"""
    PERIOD_OVER = """list_period_over {period}清单的期间已过,不能再增补
    → 请增补到本年度或下年度的清单
    the period of the list {period} is over
    → add it to the list of this year or the next"""
    OWN_ITEM = """own_item 本单位的事项无需响应 → 请由其他单位响应
    a unit does not respond to its own item → let another unit respond"""
    TASK_UNKNOWN = """task_unknown 事项{item}没有任务“{task}”,任务有:{tasks}
    → 请改用其中之一
    item {item} has no task {task}; its tasks: {tasks} → use one of them"""
    TASK_OF_NO_UNIT = """task_of_no_unit 任务“{task}”的责任单位“{unit}”不存在
    → 请核对单位代码与日期
    the unit {unit} of task {task} does not exist → check the unit's code and the day"""
    SUPPORTER_LEADS = """supporter_leads “{unit}”是该事项的牵头单位,不能又是配合单位
    → 请只写配合的其他单位
    {unit} leads this item and cannot support it, too → name other units only"""
    THIRD_PARTY_TWICE = """third_party_twice “{name}”已在名册中({key})
    → 请更正该条登记(huimin third-party amend),不重复登记
    {name} is in the register already ({key})
    → change that entry (huimin third-party amend)"""
    PARENT_OF_ITSELF = """parent_of_itself “{name}”不能是自己的上级机构
    → 请写实际的上级机构,没有的留空
    {name} cannot be its own parent → name the actual parent, or none"""
    STAFF_UNFIT = """staff_unfit 评估人员“{role}”的人数{count}不在1至{most}之间
    → 请写1至{most}的整数
    the number {count} of the staff {role} is not from 1 to {most}
    → give a number from 1 to {most}"""
    TREATED_BY_NO_UNIT = """treated_by_no_unit 处置风险的单位“{unit}”不存在
    → 请核对单位代码与日期
    the unit {unit} that treats the risk does not exist
    → check the unit's code and the day"""
    TREATED_TOO_EARLY = """treated_too_early 处置期限{day}早于今日({today})
    → 请写今日或以后的期限
    the treatment is due on {day}, before today ({today})
    → give today or a later day"""
    CURVE_UNKNOWN = """curve_unknown
    任务“{task}”的进度曲线“{curve}”不存在,可用的有:{known} → 请改用其中之一,或留空
    task {task} has no curve {curve}; possible: {known} → use one of them, or none"""
    ATTACHMENT_SIZE = """attachment_size 附件有{size}字节,须大于0且不超过{most}MB
    → 空文件请重新生成,过大的请压缩或拆分后再传
    the attachment has {size} bytes; it must have more than 0 and at most {most} MB
    → make an empty one again; compress or split a large one"""
    CHECK_CODE_DIFFERS = """check_code_differs 核对码与提请内容不符
    → 请重新查看提请内容后再确认
    the check code does not match the proposal
    → look at the proposal again, then confirm"""
    RESULT_MOVED = """result_moved 提请“{key}”之后数据有变,更正的结果已与提请时不同
    → 请撤回后重新提请,再由另一人复核
    the facts have changed since {key}, and so has the corrected result
    → withdraw the proposal and propose again"""
    PROPOSAL_UNKNOWN = """proposal_unknown 没有编号为“{key}”的提请
    → 用 huimin proposal list 查看
    there is no proposal {key} → see huimin proposal list"""
    VERSION_NO_NUMBER = """version_no_number 看到的版本“{given}”不是数字
    → 请写事项或差评的版本号
    {given} is not a version number
    → write the version of the item or of the follow-up"""
    RULEBOOK_UNKNOWN = """rulebook_unknown 没有规则库“{digest}”
    → 请用 huimin rules activate 提请
    there is no rulebook {digest} → propose it with huimin rules activate"""
    APPEAL_ELSEWHERE = """appeal_elsewhere 诉求“{key}”不在原事项下 → 请只选原事项的诉求
    the appeal {key} does not belong to the item to be split
    → choose appeals of that item only"""


class LedgerCode(ReasonCode):
    """Why a response to a demand, or a change of a ledger, cannot be recorded."""

    NOT_ASKED = """response_not_asked 事项{item}没有请“{unit}”响应
    → 用 huimin ledger awaited 查看待响应的需求;仍愿承接的,可用 huimin item respond
    item {item} is not put to {unit}
    → huimin ledger awaited lists what is; huimin item respond takes it up anyway"""
    RESPONDED = """responded_already “{unit}”已响应事项{item}:{state}({first})
    → 一个单位对一项需求只响应一次;请在已有的响应上继续办理
    {unit} has responded to item {item} already: {state} ({first})
    → a unit responds once to a demand; continue with that response"""
    DECLINED = """response_declined “{unit}”已就事项{item}回复不承接({first})
    → 改为承接的,请用 huimin ledger reconsider 写明理由
    {unit} has declined item {item} ({first})
    → to take it up now, give the reason with huimin ledger reconsider"""
    DAYS_TURNED = """ledger_days_turned 起始日{since}不早于截至日{until}
    → 请写两个先后不同的日子,先写较早的
    the first day {since} is not before the last day {until}
    → write two different days, the earlier one first"""
    NOTHING_DECLINED = """nothing_declined “{unit}”没有就事项{item}回复过不承接
    → 承接请用 huimin item respond
    {unit} has not declined item {item} → to take it up, use huimin item respond"""
    NO_ENTRY = """no_ledger_entry 事项{item}现为“{state}”,还没有列入任务台账
    → 见 huimin ledger tasks
    item {item} is {state} and was never on a task ledger → see huimin ledger tasks"""
    ENTRY_GONE = """ledger_entry_gone 事项{item}已不在任务台账上,现为“{state}”
    → 用 huimin ledger tasks 查看何时、为何移出
    item {item} has left the task ledger: it is {state} → see huimin ledger tasks"""
    ENTRY_FULFILLED = """ledger_entry_fulfilled 事项{item}现为“{state}”,已经完成
    → 不移出,请评价直至办结
    item {item} is {state}: what is done is not dropped → go on until it is closed"""
    ENTRY_LISTED = """ledger_entry_listed 事项{item}已列入清单,{person}不能提请移出台账
    → 请由专班办公室两人撤销;只在本单位清单上的,可由本单位负责人提请
    item {item} is on a list, and {person} cannot ask to drop it
    → two of the office cancel it; if only on the unit's own list, its head may ask"""


class MeetingCode(ReasonCode):
    """What a deliberation lacks, or what stands against it (B1)."""

    CHAIR_NOT_ENTITLED = """chair_not_entitled
    “{person}”的角色为{roles},不能主持论证会议;可以主持的角色:{may}
    → 请改由其中之一主持;确需其他角色主持的,请先修改规则库
    {person} has the roles {roles} and may not chair; these roles may: {may}
    → let one of them chair, or change the rulebook first"""
    QUORUM_LACKING = """quorum_lacking
    计入法定人数的只有{present}人({counted}),须{quorum}人;计入的角色:{may}
    → 请等人到齐,或改期
    only {present} of those present count ({counted}); {quorum} of {may} must
    → wait for more members or choose another day"""
    QUORUM_UNCOUNTED = """quorum_uncounted
    计入法定人数的只有{present}人({counted}),须{quorum}人;{uncounted}不计入,只计{may}
    → 请等人到齐,或改期;一人两岗只计一次
    only {present} count ({counted}), {quorum} must; not {uncounted}, only {may}
    → wait for more members; one person with two posts counts once"""
    PERSON_TWICE = """person_twice “{person}”在主持、到会与请假中不止一次
    → 请每人只写一处;主持人即到会,不能又请假
    {person} is named more than once → name each as chair, present or prevented"""
    AGENDA_EMPTY = """agenda_empty 会议没有议题
    → 请先把已筛选的事项列入议程
    the meeting has no items → put screened items on its agenda first"""
    AGENDA_TWICE = """agenda_twice 事项{item}在议程中出现两次
    → 请每个事项只列一次
    item {item} is twice on the agenda → name each item once"""
    AGENDA_ELSEWHERE = """agenda_elsewhere
    事项{item}已在未办结的会议“{deliberation}”的议程上
    → 请在那次会议上研判或缓议,或先把它移出那次会议的议程
    item {item} is on the agenda of {deliberation}, which is not closed
    → judge or postpone it there, or take it off that agenda first"""
    AGENDA_NOT_SCREENED = """agenda_not_screened
    事项{item}现为“{state}”,只有已筛选的事项可以上会
    → 请先筛选,或把它移出议程
    item {item} is {state}; only screened items go to a meeting
    → screen it first, or take it off the agenda"""
    NOT_ON_ITS_AGENDA = """not_on_its_agenda 事项{item}不在会议“{deliberation}”的议程上
    → huimin meeting show {deliberation} 可查看议程
    item {item} is not on the agenda of {deliberation}
    → huimin meeting show {deliberation} shows the agenda"""
    BEFORE_THE_START = """meeting_before_start 会议日期{day}早于本库启用之日{first}
    → 请核对日期
    the meeting's day {day} is before {first}, when this database began
    → check the day"""
    BEFORE_SCREENING = """meeting_before_screening
    事项{item}到{since}才筛选,不能上{day}的会议
    → 请核对日期,或把它移出议程
    item {item} was screened only on {since} and cannot be on the agenda of {day}
    → check the day, or take the item off the agenda"""
    TOO_FAR_AHEAD = """meeting_too_far {day}太远,最多提前{days}天召集,即不晚于{latest}
    → 请核对日期
    {day} is too far away: at most {days} days ahead, so not after {latest}
    → check the day"""
    DAY_IS_PAST = """meeting_day_past {day}已过,不能再召集
    → 已经开过的会议请用 huimin meeting hold 登记
    {day} is over → record a meeting that took place with huimin meeting hold"""
    NOT_YET = """meeting_not_yet 会议定于{day},今天是{today}
    → 请到当天再登记;日期有变的先用 huimin meeting amend 更改
    the meeting is on {day}, and today is {today}
    → record it on that day, or change its day with huimin meeting amend first"""
    NOT_BEFORE_HELD = """meeting_not_held 会议尚未召开,还没有到会、请假和纪要
    → 请先登记召开
    the meeting was not held yet and has no participants or minutes
    → record that it is held first"""
    FIXED_ONCE_HELD = """meeting_fixed 会议已经召开,日期和议程不能再改
    → 没有研判的议题请缓议,再列入下次会议
    the meeting was held; its day and agenda stay
    → postpone what was not judged, and put it on the next agenda"""
    UNDECIDED = """meeting_undecided 议题{items}既未研判也未缓议
    → 请逐项研判,或说明理由缓议
    {items} were neither judged nor postponed
    → judge each of them, or postpone it with a reason"""
    MINUTES_MISSING = """minutes_missing 会议“{deliberation}”还没有上传纪要
    → huimin meeting attach {deliberation} 纪要文件
    the minutes of {deliberation} are not attached
    → huimin meeting attach {deliberation} FILE"""
    VERDICT_CHANGED = """verdict_changed
    事项{item}的结论按现行规则已与会上不同
    → 请重新研判该事项,或说明理由缓议
    under the present rules the verdict on {item} is no longer that of the meeting
    → judge the item again, or postpone it with a reason"""
    NOT_PUBLISHED = """meeting_not_published
    会议“{deliberation}”尚未办结,结论只供参会人员和经办岗位查阅
    → 请待办结后查阅
    {deliberation} is not closed; only its participants and the office read it
    → read it when it is closed"""
    MEANS_SUFFICE = """means_suffice
    需{cost}万元;{period}可用{amount}万元,已占用{taken}万元,尚余{left}万元,足够
    costs {cost} of {left} left: {amount} in {period} less {taken} (10,000 yuan)"""
    MEANS_SHORT = """means_short
    需{cost}万元;{period}可用{amount}万元,已占用{taken}万元,只余{left}万元,不够
    costs {cost}, only {left} left: {amount} in {period} less {taken} (10,000 yuan)"""
    COST_NOT_STATED = """cost_not_stated {period}的可用资源已列明,本事项的成本没有列明
    → 请先用 huimin resource cost 列明
    the resources of {period} are stated, but not what the item costs
    → state it with huimin resource cost"""
    AMOUNT_NEGATIVE = """amount_negative “{name}”写作{amount},不能小于0
    → 请按万元填写,取整数
    {name} is {amount}, and must not be below 0
    → write a whole number, in units of 10,000 yuan"""
    PACK_NOT_ENTITLED = """pack_not_entitled
    会议“{deliberation}”尚未办结,材料只供主持人、经办岗位和{may}查阅
    → 请由这些角色查阅,或待办结后查阅
    before {deliberation} is closed only its chair, the office and {may} read its pack
    → let one of these read it, or read it when the meeting is closed"""
    FILE_NOT_ATTACHED = """answer_file_unknown
    “{question}”所引附件“{file}”不在事项或会议的附件中
    → 请先上传,再引用其摘要
    the answer to {question} names the file {file}, which is not attached
    → attach it to the item or the meeting first, then name its digest"""


class PolicyCode(ReasonCode):
    """A finding on a measure of a policy, or a reason why it may not be registered."""

    PROMISE_KEPT = """promise_kept “{promise} {indicator}”已达到目标的{score}%,期限{due}
    {promise} {indicator}: {score}% of the target, due {due}"""
    PROMISE_BROKEN = """promise_broken
    “{promise} {indicator}”期限{due}已过,只达到目标的{score}%
    {promise} {indicator} was due {due}, and is at {score}% of the target"""
    PROMISE_UNPROVEN = """promise_unproven
    “{promise} {indicator}”期限{due}已过,承办事项没有报送该指标
    {promise} {indicator} was due {due}, and no item has reported it"""
    PROMISE_UNDER_WAY = """promise_under_way
    “{promise} {indicator}”已达到目标的{score}%,期限{due}未到
    {promise} {indicator} is at {score}% of the target, due {due}"""
    PROMISE_OPEN = """promise_open “{promise} {indicator}”尚无进展数据,期限{due}未到
    {promise} {indicator} has no reports yet, due {due}"""
    MEASURE_NEW = """measure_new 登记{days}天,还没有承办事项(限{limit}天)
    registered {days} days ago, no item carries it out yet (limit {limit} days)"""
    MEASURE_IDLE = """measure_idle 登记已{days}天,超过{limit}天仍没有承办事项
    registered {days} days ago: no item carries it out after {limit} days"""
    WELCOMED = """welcomed 承办事项最终评价的满意度最低{score}%,达到{mark}%
    lowest satisfaction of its items' evaluations {score}%, at least {mark}%"""
    UNWELCOME = """unwelcome 承办事项最终评价的满意度最低{score}%,低于{mark}%
    lowest satisfaction of its items' evaluations {score}%, below {mark}%"""
    FEW_COMPLAINTS = """few_complaints
    最近{span}天投诉{complaints}件({people}人),少于{mark}件
    {complaints} complaints ({people} people) in {span} days, below {mark}"""
    MANY_COMPLAINTS = """many_complaints
    最近{span}天投诉{complaints}件({people}人),达到{mark}件
    {complaints} complaints ({people} people) in {span} days, {mark} or more"""
    DOCUMENT_TWICE = """document_twice 文号“{document}”已登记为 {key}
    → 改用 huimin policy amend 更正该政策
    document {document} is registered as {key} → amend it: huimin policy amend"""
    PROMISE_UNKNOWN = """promise_unknown 政策 {policy} 没有承诺“{promise}”;有:{known}
    → 从该政策的承诺中选用
    policy {policy} has no promise {promise}; it has: {known} → name one of them"""
    PROMISE_TWICE = """promise_twice 承诺“{promise}”写了两次 → 只写一次
    promise {promise} is named twice → name it once"""
    PROMISE_LATER = """promise_later 承诺“{promise}”须在{due}前办到,措施写的是{given}
    → 请写不晚于{due}的日子
    promise {promise} is due on {due}, but the measure says {given}
    → write a day that is no later than {due}"""
    PROMISE_TAKEN = """promise_taken 承诺“{promise}”已由措施 {measure} 承接
    → 先更正承接它的措施
    promise {promise} is taken over by {measure} → amend that measure first"""
    POLICY_NOT_IN_FORCE = """policy_not_in_force 政策 {policy} 已停止执行
    → 请选用在执行的政策
    policy {policy} was withdrawn → name a policy that is in force"""
    MEASURES_IN_FORCE = """measures_in_force 政策 {policy} 还有在执行的措施:{measures}
    → 先停止这些措施
    policy {policy} has measures in force: {measures} → withdraw these first"""
    PROMISE_ABOVE_WHOLE = """promise_above_whole
    承诺“{promise}”的目标{value}%多于100% → 请核对;比上年的增幅,计量单位请写“个百分点”
    the target of {promise}, {value}%, is above 100%
    → check it; for a growth over the year before, use another unit than %"""
    PROMISE_OF_NOTHING = """promise_of_nothing 承诺“{promise}”的目标{value}不大于0
    → 请写大于0的目标;没有数量的承诺不写目标
    the target of {promise}, {value}, is not above 0
    → write a target above 0, or none for a promise without a figure"""
    NO_PROMISE = """no_promise 至少写明一项承诺 → 补充指标、期限
    at least one promise is needed → add an indicator with its day"""


class ReviewCode(ReasonCode):
    """Why a step of a review meeting or of its decisions may not be taken."""

    DAY_PAST = """review_day_past 调度会的日期{day}早于今日 → 请改为今日或以后
    the review meeting's day {day} is in the past → set it to today or later"""
    NOT_YET = """review_not_yet 调度会定于{day}召开,今日是{today}
    → 请到当日或以后再记为已召开;改期的先取消,再召集
    the review meeting is called for {day}, and today is {today}
    → hold it on its day or later, or call it off and call another one"""
    NOBODY_THERE = """review_nobody_there 没有写到会的岗位 → 请写明到会的岗位
    nobody is said to attend → name the posts that attend"""
    MINUTES_MISSING = """review_minutes_missing 调度会{meeting}还没有纪要
    → 请先用 huimin review attach 上传纪要
    {meeting} has no minutes yet → attach them with huimin review attach"""
    NOT_HELD = """review_not_held 调度会{meeting}{state},不能作决定
    → 请在召开以后、办结以前记入;未召开的先 huimin review hold
    {meeting} is {state}, so it can't decide
    → decide after it is held (huimin review hold) and before it is closed"""
    OWNER_MISSING = """decision_owner_missing 决定没有责任单位或岗位
    → 请写明一个单位或岗位
    the decision has no owner → name a unit or a post"""
    OWNER_UNKNOWN = """decision_owner_unknown 没有“{given}”这个单位或岗位
    → 请核对名称;可选项用 huimin review --help 查看
    {given} is neither a unit nor a post
    → check the name; completion offers the units and posts"""
    DUE_PAST = """decision_due_past 决定的期限{due}早于今日 → 请改为今日或以后
    the decision's due day {due} is in the past → set it to today or later"""
    ALIKE = """decision_alike 与{other}相同,尚未办结
    → 请查看{other};确有不同的写明不同之处
    it is the same as {other}, which is still open
    → look at {other}, or say in the text what differs"""
    EVIDENCE_NEEDED = """decision_evidence_needed 报告{decision}办结须附佐证
    → 请先用 huimin decision attach {decision} 上传,再写明附件的摘要
    {decision} is reported done with evidence
    → attach it with huimin decision attach {decision}, then name its digest"""
    NOT_THE_OWNER = """decision_not_the_owner 由{post}办理,不由{actor}报告
    → 请由{post}报告
    {post} does it, so {actor} does not report it → let {post} report it"""
    NOT_THE_OFFICE = """review_not_the_office
    “{unit_name}”不能召集调度会、作决定和认定;由专班办公室办理
    → 请由专班办公室的岗位办理
    {unit_name} does not call review meetings, decide or accept; the office does
    → let a post of the office do it"""
    PERIOD_RUNS = """digest_period_runs {period}还没有结束,{ends}起才有这一期的总结
    → 请到{ends}或以后再看
    {period} has no digest before {ends} → look on {ends} or later"""
    NO_DIGESTS = """digest_none 还没有{when}的月报、季报
    → 请先看有哪几期(huimin digest list)
    there are no digests of {when} yet
    → see which there are (huimin digest list)"""
    NO_EDITION = """digest_no_edition
    {when}的月报、季报没有第{edition}版,只到第{last}版
    → 请写1到{last}
    the digests of {when} have no edition {edition}, only {last}
    → name one from 1 to {last}"""
    NOT_OF_UNIT = """digest_not_of_unit {when}没有“{unit}”的月报、季报
    → 这一期没有该单位迟办、欠办、问题、办好的事;请看其他各期(huimin digest list)
    there is no digest of {unit} for {when}
    → nothing was to be said of it; see its others (huimin digest list)"""
    NOTHING_CHANGES = """digest_nothing_changes 按现在所知,{when}的月报、季报没有变化
    → 不必更正;要再发一次的用 huimin digest send
    by what is known now, no digest of {when} changes
    → there is nothing to correct; huimin digest send sends one again"""
