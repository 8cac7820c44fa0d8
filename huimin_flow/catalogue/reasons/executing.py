"""Why a step of a task, a survey or an engagement is refused (C2, D0, D4)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class SurveyCode(ReasonCode):
    """The reasons of surveys."""

    NOT_EXECUTED = """survey_not_executed
    事项{item}现为“{state}”;任务执行完成后才能抽样调查
    → 请先报告执行完成(huimin item execute)
    item {item} is {state}; a sample is drawn when its tasks have ended
    → report it as executed first (huimin item execute)"""
    BY_RATINGS = """survey_by_ratings
    方案约定以好差评测评满意度,不另抽样调查
    → 直接评价即可:所涉服务事项的好差评由系统计入
    the plan agreed on ratings of services, so no survey is drawn
    → evaluate the item: the ratings of its service items are counted"""
    OPEN_ALREADY = """survey_open_already 本轮已有调查“{survey}”尚未结束
    → 请先结束或作废该调查
    the survey {survey} of this round is not closed yet → close it, or call it off"""
    DONE_ALREADY = """survey_done_already 本轮调查“{survey}”已结束且有效,不得重新抽样
    → 以该调查的结果评价;返工后的下一轮再另行调查
    the survey {survey} of this round is closed and valid: no other is drawn
    → evaluate with its result; the round after a rework has a survey of its own"""
    FRAME_EMPTY = """survey_frame_empty 测评对象名册是空的 → 请提供全部服务对象的代号
    the list of the people served is empty → give the codes of all of them"""
    FRAME_COLUMNS = """survey_frame_columns {file}的栏目是{columns}:名册只能有“代号”一栏
    → 请只留代号;姓名、电话、证件号码不得进入本系统
    the columns of {file} are {columns}: a list of people has only the column code
    → leave the codes alone; no names and numbers of people may enter the system"""
    TOO_FEW_DRAWN = """survey_too_few_drawn
    抽取{drawn}人:至少{least}人(方案约定的样本),至多{served}人(名册人数)
    → 请改抽取人数;名册不足的,核对名册或重新约定测评方式
    {drawn} are drawn: at least {least} as agreed, at most the {served} on the list
    → change the number; if the list is too short, check it or agree anew"""
    CODE_UNFIT = """survey_code_unfit
    代号“{given}”不能用:须为不含个人信息的代号(字母、数字、-、_,至多40字)
    → 请以代号代替姓名、电话、证件号码
    the code {given} can't be used: a pseudonym of letters, digits, - and _ is needed
    → replace names, telephone and identity numbers by codes"""
    CODE_TWICE = """survey_code_twice 代号“{given}”在名册中重复 → 请去掉重复的代号
    the code {given} is on the list twice → remove the repeat"""
    CODE_NOT_DRAWN = """survey_code_not_drawn 代号“{given}”不在抽取的样本中
    → 只收样本中的答卷;样本见 huimin survey sample
    the code {given} was not drawn
    → only answers of the sample are kept; see huimin survey sample"""
    ANSWERED_ALREADY = """survey_answered_already 代号“{given}”已有另一份答卷
    → 一人一份;录错的,把原答卷作废(huimin survey set-aside)
    the code {given} has another answer already
    → one answer a person; set a wrong one aside (huimin survey set-aside)"""
    SENSES_UNFIT = """survey_senses_unfit 代号“{given}”的答卷:调查问的是{asked}
    → 请补全或去掉其他各问
    the answer of {given}: the survey asks {asked} → complete it, or leave out others"""
    LEVEL_UNKNOWN = """survey_level_unknown “{given}”不是评价等级
    → 请写非常满意、满意、基本满意、不满意、非常不满意之一
    {given} is no level of satisfaction → write one of the five levels"""
    TOO_FEW_ANSWERS = """survey_too_few_answers
    有效答卷{replies}份,不足{least}份,收集期限未到,调查不能结束
    → 请继续收集答卷;期限过后可以结束,样本过小的只记录、不作评判
    {replies} of {least} valid answers before the last day: it can't be closed
    → collect more; after the last day it closes as too small to judge by"""
    NOT_PUT_RIGHT = """survey_not_put_right 事项{item}没有未验收的整改“{key}”
    → 请写该事项未验收的整改(huimin rectification list),或不写整改
    item {item} has no rectification {key} that waits for its acceptance
    → name an open one of the item (huimin rectification list), or none"""
    NOTHING_TO_SET_ASIDE = """survey_nothing_to_set_aside
    调查中没有代号“{given}”的有效答卷 → 请核对代号(huimin survey sample)
    the survey has no valid answer of {given} → check the code (huimin survey sample)"""
    OTHER_FRAME = """survey_other_frame
    名册与抽样时的不同:摘要{digest},应为{frame} → 请提供抽样时的名册
    the list is not the one of the draw: digest {digest}, not {frame}
    → give the list that was drawn from"""
    NO_ROWS = """survey_no_rows {file}里没有一行数据 → 请核对文件
    {file} has no row → check the file"""


class TaskCode(ReasonCode):
    """What an item's tasks lack, or why a task is not returned, settled or met."""

    # The tasks' targets against the item's own.
    TARGET_UNSHARED = """target_unshared 事项目标“{indicator}”没有任务承担 → *plan
    no task has a share of the target {indicator} → *plan"""
    TARGET_SHORT = """target_short
    事项目标“{indicator}”须达到{needed}{unit},各任务合计{promised},还差{lacking} → *plan
    the tasks sum to {promised} of {needed} {unit} of {indicator}: {lacking} short
    → *plan"""
    MEMBERS_LEFT = """members_left
    事项目标“{indicator}”还有没有任务承担的:{missing} → *plan
    no task covers these members of the target {indicator}: {missing} → *plan"""
    SHARE_ASIDE = """share_aside 任务“{task}”承担的“{indicator}”不计:{aside}
    the share of {indicator} of task {task} does not count: {aside}"""
    SHARE_UNLIKE = """share_unlike
    任务“{task}”的指标“{indicator}”与事项目标的种类、单位或比较方式不一致
    → 请改成与事项目标一致,或改用另一个指标名称
    {indicator} of task {task} differs from the target in kind, unit or comparison
    → make them alike, or give the indicator of the task another name"""
    SHARE_ABOVE = """share_above
    任务“{task}”的“{indicator}”为{value},超过事项目标的{target} → *plan
    task {task} has {value} of {indicator}, more than the whole {target} → *plan"""
    MEMBERS_STRANGE = """members_strange
    任务“{task}”的“{indicator}”列有事项目标没有的:{members} → *plan
    task {task} names members of {indicator} that the target has not: {members}
    → *plan"""
    SHARE_LOW = """share_low
    任务“{task}”的“{indicator}”为{value},低于事项目标{target}
    → 比率不能相加,请每项任务都不低于事项目标
    task {task} has {value} of {indicator}, below the item's target {target}
    → rates don't add up, so let each task's be at least the target"""
    SHARE_NOT_ZERO = """share_not_zero 任务“{task}”的“{indicator}”为{value},不是零
    → 动态清零的目标,请每项任务都为零
    task {task} has {value} of {indicator}, not zero → let each task's target be zero"""
    # A plan's tasks.
    KEY_TWICE = """task_key_twice 任务代号“{task}”用了不止一次,或是空的
    → 请给每项任务一个自己的代号
    the task key {task} is empty or there twice → give each task a key of its own"""
    INDICATOR_TWICE = """indicator_twice “{indicator}”在同一处写了两次
    → 请只留一个,或改用另一个名称
    the indicator {indicator} is there twice → leave one, or give it another name"""
    # Reassignment.
    NOTHING_CHANGED = """nothing_changed 任务“{task}”的责任单位、目标、时限都没有变
    → 请写明改成什么
    nothing of task {task} changes: neither unit, nor targets, nor due day
    → say what it becomes"""
    SHARE_UNKNOWN = """share_unknown
    任务“{task}”没有指标“{indicator}”,指标有:{indicators}
    → 请改用其中之一
    task {task} has no indicator {indicator}; its indicators: {indicators}
    → use one of them"""
    # Tasks that are sent back.
    NOT_THEIRS = """task_not_theirs 任务“{task}”由“{unit}”负责,不能由他人退回
    → 请由该单位的岗位退回
    {unit} answers for task {task}, so nobody else sends it back
    → let a post of that unit do it"""
    LEADS_ITSELF = """task_leads_itself “{unit}”就是牵头单位,任务“{task}”无须退回
    → 请直接调整任务(huimin item reassign)
    {unit} leads the item itself, so task {task} is not sent back
    → reassign the task instead (huimin item reassign)"""
    RETURNED_ALREADY = """task_returned_already 任务“{task}”已经退回,尚待处理({key})
    → 请等牵头单位处理后再退回
    task {task} was sent back already and is not settled ({key})
    → wait until the lead unit has settled it"""
    RETURNS_OPEN = """task_returns_open 还有退回的任务没有处理:{tasks}
    → 请先调整(huimin item reassign)或维持原分工(huimin task retain)
    tasks were sent back and are not settled: {tasks}
    → reassign them first (huimin item reassign), or retain (huimin task retain)"""
    # What is reported as executed.
    NO_FIGURE = """task_no_figure 任务“{task}”的“{indicator}”从未报送,不能算完成
    → 请先报送进度(huimin item progress)
    {indicator} of task {task} was never reported, so it is not met
    → report its progress first (huimin item progress)"""
    BELOW_TARGET = """task_below_target
    任务“{task}”的“{indicator}”为目标{target}的{score}%,没有达标,不能算完成
    → 数据有误的先更正;到期仍未达标的,如实报告为未完成(不写 --met)
    {indicator} of task {task} is at {score}% of its target {target}: it is not met
    → correct wrong figures; once it is due, report it as missed (without --met)"""


class EngagementCode(ReasonCode):
    """Why a step of a third party's engagement may not be taken (D4)."""

    NOT_A_MEASURE = """engagement_not_a_measure 事项{item}{state},不能委托评估项目
    → 任务已分解、已完成的可以委托;评价过的,存疑时才能再委托
    item {item} is {state}, so no engagement is planned for it
    → plan one when it is assigned or executed, or when its evaluation is in doubt"""
    PLANNED_ALREADY = """engagement_planned_already 本轮已有评估项目{engagement}
    → 一轮只有一个评估项目;没有报告又办不下去的,先取消(huimin engagement call-off)
    this round has the engagement {engagement} already
    → one round has one; call that off if it can't go on (huimin engagement call-off)"""
    OUTCOME_NOT_AGREED = """engagement_outcome_not_agreed
    方案没有约定效果“{given}”,只有{known}
    → 请写方案中的效果代号
    the plan agrees no outcome {given}, but {known} → write one of these"""
    PERIOD_UNFIT = """engagement_period_unfit 报告期限{due}早于{day}
    → 请把期限改为{day}或以后
    the report is due on {due}, before {day} → set it to {day} or later"""
    REPORTED_ALREADY = """engagement_reported_already
    评估项目{engagement}已有报告({day})
    → 一个项目只有一份报告;报告有误的,由另一人更正(huimin engagement correct)
    the engagement {engagement} has its report already ({day})
    → it has one report; let another person correct it (huimin engagement correct)"""
    REPORT_OF_ANOTHER = """engagement_report_of_another
    这份报告已是评估项目{engagement}的报告
    → 请核对附件;每个评估项目各有一份报告
    this file is the report of the engagement {engagement} already
    → check the file: each engagement has a report of its own"""
    REPORT_UNCHANGED = """engagement_report_unchanged 更正后的报告与原报告是同一份文件
    → 请先 huimin engagement attach 上传更正后的报告,再写明摘要
    the corrected report is the same file as before
    → attach the corrected one with huimin engagement attach, then name its digest"""
    FINDING_EMPTY = """engagement_finding_empty 第{number}条意见为“{severity}”,不是意见
    → 请去掉这一条,或写明问题的轻重
    finding {number} says {severity}, which is no finding
    → leave it out, or say how serious it is"""
    FINDING_UNKNOWN = """engagement_finding_unknown
    评估项目{engagement}没有第{number}条意见
    → 请核对编号:huimin engagement show {engagement}
    the engagement {engagement} has no finding {number}
    → look at them with huimin engagement show {engagement}"""
    NO_ACTION = """engagement_no_action 第{number}条意见没有措施,不能报告办结
    → 请先写明措施、责任和期限(huimin engagement answer)
    finding {number} has no action that could be done
    → first say what is done, by whom, until when (huimin engagement answer)"""
    ACTION_DONE = """engagement_action_done 第{number}条意见的措施已于{day}报告办结
    → 不必再报
    the action of finding {number} was reported as done on {day}
    → nothing is left to report"""
    NOT_ITS_OWNER = """engagement_not_its_owner 该措施由岗位{post}办理
    → 请由{post}报告办结
    the post {post} owns this action → let {post} report it"""
    EVIDENCE_NEEDED = """engagement_evidence_needed 报告措施办结须附事项{item}的佐证
    → 请先 huimin item attach {item} 上传,再写明附件的摘要
    an action is reported as done with evidence of item {item}
    → attach it with huimin item attach {item}, then name its digest"""
    UNANSWERED = """engagement_unanswered 还有意见没有回应:第{numbers}条
    → 请由责任单位写明措施或不采纳的理由(huimin engagement answer、decline)
    findings without an answer: {numbers}
    → let the unit give an action, or a reasoned no (huimin engagement)"""
    NOT_FOLLOWED = """engagement_not_followed
    评估意见还没有全部回应:{engagements},不能办结
    → 请先由责任单位回应意见,再由专班办公室认定(huimin engagement follow)
    findings of third parties are not followed yet: {engagements}
    → let the unit answer them, and the office accept (huimin engagement follow)"""
