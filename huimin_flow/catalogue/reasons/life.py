"""Reason codes of an item's life: the machine, its guards, the rules of its steps."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class Code(ReasonCode):
    """A reason; its labels are templates filled with the reason's values."""

    # the machine and its guards
    NO_SUCH_ARC = """no_such_arc “{state}”的事项不能“{step}”;此时可以:{possible}
    → 请先办理此时可以的一步;已到终点的,由两人重启后再办(huimin item reopen)
    an item that is {state} cannot {step}; it can: {possible}
    → take a possible step; two people can reopen an item that has ended"""
    NOT_SO_FAR = """not_so_far “{stream}”为“{state}”,不能“{step}”;须为:{needed}
    → 请先办到“{needed}”,再“{step}”
    {stream} is {state}; to {step} it, it must be: {needed}
    → bring it to {needed}, then {step} it"""
    DONE_ALREADY = """done_already “{stream}”已经是“{state}”,不必再“{step}” → 不必再办
    {stream} is {state} already; there is no need to {step} it
    → there is nothing to do"""
    NEVER_PUBLISHED = """never_published {key}还没有发布过,没有可以回到的版本
    → 不该列入的,由两人暂缓或撤销;其余的确认后发布
    {key} was never published: there is no edition to go back to
    → let two people defer or cancel what is wrong, then confirm and publish it"""
    VERDICT_MISSING = """verdict_missing 缺少规则“{rule}”的结论
    the verdict of rule {rule} is missing → *evidence"""
    VERDICT_NEGATIVE = """verdict_negative 规则“{rule}”的结论为不通过
    → 请按该结论补足条件后重新认定
    the verdict of rule {rule} is negative → supply what it names, then decide again"""
    FACT_MISSING = """fact_missing 缺少“{fact}” → 请补充“{fact}”后再办
    {fact} is missing → supply {fact}, then try again"""
    SECOND_PERSON_NEEDED = """second_person_needed 须由另一人复核确认
    a second person must confirm → *another"""
    SAME_PERSON = """same_person 复核人不能与经办人相同
    the second person must not be the first person → *another"""
    BODY_MISSING = """body_missing 不属本局职责的须写明转往何处,可用:{bodies}
    → 写明转往单位
    what is not ours names the body in charge; possible: {bodies} → name one of them"""
    BODY_UNASKED = """body_unasked 只有不属本局职责的才写转往单位
    → 去掉转往单位,或改用“不属于人力社保职责”
    only what is not ours names another body → leave it out, or reject as not ours"""
    BODY_UNKNOWN = """body_unknown 没有“{given}”这个转往单位;可用:{bodies}
    → 从可用的转往单位中选用
    there is no body {given}; possible: {bodies} → name one of them"""
    UNKNOWN_REASON_CODE = """unknown_reason_code
    规则库中没有理由代码“{given}”;可用:{known} → 请从规则库的理由代码中选用
    the rulebook has no reason code {given}; possible: {known}
    → use one of the rulebook's reason codes"""
    FREEZE_NEEDED = """freeze_needed 须经清单冻结或增补列入
    → 请等清单截止,或在截止后由两人增补
    only a frozen edition or a supplement can list it
    → wait for the list's deadline, or let two people supplement the list afterwards"""
    MERGE_INTO_SELF = """merge_into_self 事项不能与自身合并 → 请写另一事项的编号
    an item cannot be merged into itself → name another item"""
    MERGE_TARGET_CLOSED = """merge_target_closed 目标事项“{target}”不是可合并状态
    → 请并入仍为已采集或已筛选的事项
    item {target} is in a state that allows no merge
    → merge into an item that is collected or screened"""
    SUCCESSOR_OPEN = """successor_open 已由“{item}”接续;其不予采纳或办结后方可再次接续
    → 请在事项“{item}”上继续办理
    item {item} already continues it; another item may after that item has ended
    → continue with item {item}"""
    TRANSFER_SAME_UNIT = """transfer_same_unit 已由“{unit_name}”({unit})负责,无需移交
    → 请写另一个单位
    {unit_name} ({unit}) has it already → name another unit"""
    TRANSFER_TO_NOBODY = """transfer_to_nobody
    {day}没有“{unit_name}”({unit})这个单位,不能移交给它 → 请移交给当日存在的单位
    {unit_name} ({unit}) does not exist on {day}
    → transfer it to a unit that exists on that day"""
    NO_SUCCESSION = """no_succession
    “{unit_name}”({unit})不是“{former_name}”({former})唯一的承接单位
    → 请由专班办公室写明理由移交(huimin item transfer)
    {unit_name} ({unit}) is not the only successor of {former_name} ({former})
    → let the office transfer it with a reason (huimin item transfer)"""
    CANCELLED_FOR_GOOD = """cancelled_for_good 事项是由两人撤销的,未到动态调整,不能重启
    → 仍有需要的,请重新采集
    two people canceled the item before its adjustment, so it cannot be reopened
    → collect the demand again if it is still needed"""
    TASK_UNSETTLED = """task_unsettled 没有写明任务“{task}”已完成,它也未获上级批准免除
    → 已完成的请写明(item execute --met {task});否则由上级免除,或到期后报告未完成
    task {task} is neither said to be met, nor excused by the lead unit's superior
    → say that it is met (--met {task}), have it excused, or wait until it is due"""
    STALE_VERSION = """stale_version
    “{stream}”已被他人改动(您看到的是第{expected}版,现为第{found}版)
    → 请重新查看后再决定
    {stream} was changed: you saw version {expected}, the current version is {found}
    → look at it again, then decide"""
    PART_STALE = """part_stale “{part}”因更正而存疑,须退回并重新认定
    → 请用 huimin item return 退回,重新认定后再办
    {part} is in doubt after a correction and must be decided again
    → return the item with huimin item return, decide that part again, then continue"""
    NOT_AMENDABLE = """not_amendable “{field}”不能更正
    → 只能更正标题、说明、板块、生命周期阶段和来源类型;其他内容随办理步骤改变
    {field} cannot be corrected
    → only title, description, area, life stage and origin can be corrected"""
    EVALUATION_PASSED = """evaluation_passed 最终评价未判定为不合格,不能返工
    → 请直接提出调整建议(huimin item adjust)
    the final evaluation passed or is missing, so there is nothing to redo
    → continue with the adjustment (huimin item adjust)"""
    FIGURES_OWED = """figures_owed {month}的进度还须报送:{indicators}
    → 请先报送(huimin item progress),再评价;没有进展的报0
    the figures of {month} are still owed: {indicators}
    → report them first (huimin item progress); report 0 if there was no progress"""
    RECOMMENDATION_UNFIT = """recommendation_unfit
    最终评价不合格,不能建议“{recommendation}”
    → 请建议调整完善或停止实施,或先返工(huimin item rework)
    the final evaluation failed, so the recommendation cannot be: {recommendation}
    → recommend to improve or to stop, or send it back first (huimin item rework)"""
    NOTHING_TAKES_BACK = """nothing_takes_back
    没有哪一步能撤回“{step}”;此时可以:{possible}
    → 请办理此时可以的一步
    no step takes back: {step}; the item can now: {possible} → take a possible step"""
    BUILT_ON = """built_on “{step}”已产生事项“{items}”,不能撤回
    → 请在该事项上继续办理;不再需要的,对它不予采纳
    {step} has created {items}, so it cannot be taken back
    → continue with that item, or reject it if it is not needed"""
    # authority
    DUTY_MISSING = """duty_missing “{roles}”没有“{duty}”的权限(有的是:{may})
    {roles}: without the duty {duty} (these have it: {may}) → *right"""
    UNIT_NOT_AT_WORK = """unit_not_at_work
    {day}“{unit_name}”({unit})已不再(或尚未)办理业务,其岗位不能办理;由承接单位办理
    → 请由当日办理业务的单位(承接单位)的岗位办理
    {unit_name} ({unit}) does not work on {day}; its successor acts for it
    → let a post of a unit that works on that day do it"""
    DUTY_NOT_CITY_WIDE = """duty_not_city_wide
    “{roles}”的“{duty}”权限只及本单位,不及全市(及全市的是:{may})
    {roles} have the duty {duty} for their own unit only (for the city: {may})
    → *right"""
    STEP_NOT_PERMITTED = """step_not_permitted “{roles}”无权“{step}”(有权的是:{may})
    {roles} may not {step} (these may: {may}) → *right"""
    OWN_ROLE_UNMAPPED = """own_role_unmapped 规则库没有写明角色“{given}”相当于什么
    → 在 organization.yaml 的 own_roles 写明,由两人启用
    the rulebook does not map the role {given}
    → map it under own_roles of organization.yaml, then let two people activate it"""
    OTHER_UNITS_ITEM = """other_units_item 事项属于“{unit_name}”({unit}),本账户无权处理
    → 请由“{unit_name}”或其承接单位的岗位办理
    the item belongs to {unit_name} ({unit})
    → let a post of {unit_name}, or of its successor, do it"""
    OTHER_UNITS_PLACE = """other_units_place
    诉求的地点属于“{units}”,本岗位属于“{own}”
    → 请由“{units}”的岗位,或权限及全市的岗位办理
    the appeal's place belongs to {units}, this post to {own}
    → let a post of {units}, or one with the right for the city, do it"""
    PLACE_NOBODYS = """place_nobodys
    诉求的地点“{place}”不是已知的地方,只有权限及全市的岗位能办理
    → 请写明本单位的地点,或由及全市的岗位办理
    nobody knows the appeal's place {place}
    → write a place of your unit, or let a post with the right for the city do it"""
    AREA_NOT_IN_CHARGE = """area_not_in_charge
    事项属于“{area}”,不是您分管的板块({areas})
    → 请由分管“{area}”的岗位办理
    the item is of {area}, not of an area that you are in charge of ({areas})
    → let a post that is in charge of {area} do it"""
    ACCOUNT_WITHOUT_POST = """account_without_post 操作系统账户“{account}”没有登记岗位
    the operating-system account {account} has no post → *post"""
    NOT_YOUR_POST = """not_your_post 岗位“{person}”不属于账户“{account}”
    the post {person} does not belong to the account {account} → *post"""
    POST_UNCLEAR = """post_unclear 账户“{account}”有多个岗位({posts}),须用 --by 指明
    → 请用 --by 写明岗位
    the account {account} has several posts ({posts})
    → name the post with --by"""
    POST_UNKNOWN = """post_unknown 没有代号为“{person}”的岗位
    → 请核对 organization.yaml 中的岗位代号
    there is no post {person} → check the post's id in organization.yaml"""
    PROPOSAL_SETTLED = """proposal_settled 提请“{key}”为“{state}”,不再等待复核
    → 请用 huimin proposal list 查看;需要时重新提请
    the proposal {key} is {state} and can no longer be decided
    → see huimin proposal list; propose again if needed"""
    # of readiness: B6, B7, B8
    PLAN_FIELD_MISSING = """plan_field_missing 尚未确定“{field}”
    {field} is not decided yet → *plan"""
    NO_TASK = """no_task 没有分解任务
    the item has no task → *plan"""
    TASK_WITHOUT_UNIT = """task_without_unit 任务“{task}”没有责任单位
    task {task} has no responsible unit → *plan"""
    TASK_UNMEASURED = """task_unmeasured 任务“{task}”既无量化指标,也未说明理由
    task {task} has neither an indicator nor a reason for having none → *plan"""
    TASK_DUE_BEFORE_START = """task_due_before_start 任务“{task}”的期限{due}早于今日
    → 请把任务的期限改为今日或以后
    task {task} is due on {due}, before today
    → set the task's due day to today or later"""
    TARGET_NOT_MEASURABLE = """target_not_measurable 指标“{indicator}”无法衡量:{hint}
    indicator {indicator} cannot be measured: {hint} → *plan"""
    OUTCOME_UNMEASURABLE = """outcome_unmeasurable
    约定效果“{outcome}”事后无法判定:{hint}
    the agreed outcome {outcome} cannot be told apart afterwards: {hint} → *plan"""
    OUTCOME_KEY_UNFIT = """outcome_key_unfit
    约定效果的编号“{outcome}”空缺或重复 → 请给每项约定效果一个不同的编号
    the key {outcome} of an agreed outcome is empty or used twice
    → give each agreed outcome a key of its own"""
    SATISFACTION_UNMEASURABLE = """satisfaction_unmeasurable
    满意度测评方式无法执行:{hint}
    satisfaction cannot be measured as agreed: {hint} → *plan"""
    # of the final evaluation: B8
    SAMPLE_TOO_SMALL = """sample_too_small
    有效答复{replies}份,少于约定的{least}份 → 请补足样本后再评价
    {replies} valid replies are fewer than the {least} agreed
    → ask more people, then evaluate"""
    SURVEY_MISSING = """survey_missing 群众没有评议:本轮没有已结束的满意度调查
    → 请由专班办公室抽样、收集答卷并结束调查(huimin survey draw、answer、close)
    citizens have not been asked: no survey of this round is closed
    → let the office draw a sample, collect answers and close it (huimin survey)"""
    SURVEY_COUNTED = """survey_counted
    调查{survey}:有效答卷{replies}份,满意度{score}%(区间{low}%至{high}%)
    survey {survey}: {replies} valid answers, {score}% satisfied ({low}% to {high}%)"""
    RATINGS_COUNTED = """ratings_counted
    所涉服务事项好差评{ratings}件,满意度{score}%
    {ratings} ratings of the touched service items, {score}% satisfied"""
    RATINGS_FEW = """ratings_few
    所涉服务事项好差评{ratings}件,不足{least}件,不计入
    {ratings} ratings of the touched service items, {least} needed: not counted"""
    EVALUATION_IN_DOUBT = """evaluation_in_doubt
    最终评价所依据的内容已更正,评价存疑,须重新评价
    → 请用 huimin item evaluate 重新评价后再办
    what the final evaluation rests on was corrected, so it is in doubt
    → evaluate the item again with huimin item evaluate, then continue"""
    NOT_IN_DOUBT = """not_in_doubt 最终评价没有存疑,已调整的事项不重新评价
    → 依据有误的,先更正进展,或由专班办公室提出存疑(huimin item doubt)
    the final evaluation is not in doubt, so an adjusted item is not evaluated again
    → correct what it rests on, or let the office doubt it (huimin item doubt)"""
    OUTCOME_UNKNOWN = """outcome_unknown 方案中没有约定效果“{outcome}”,或重复填写
    → 请按方案中各项约定效果的编号,各填一次
    the plan has no outcome {outcome}, or it is given twice
    → give each agreed outcome once, by its key in the plan"""
    OUTCOME_RESULT_UNFIT = """outcome_result_unfit
    约定效果“{outcome}”的结果不能采用:{hint} → 请更正该项结果
    the result of the outcome {outcome} cannot be used: {hint} → correct it"""
    OUTCOME_WEIGHED = """outcome_weighed
    约定效果“{outcome}”{grade}:{engagement}报告{reported}%、单位自报{own}%,报告占{weight}%
    outcome {outcome}: {grade}; {engagement} {reported}% at {weight}%, own {own}%"""
    OUTCOME_REPORTED = """outcome_reported
    约定效果“{outcome}”{grade}:依据第三方评估{engagement}
    agreed outcome {outcome}: {grade}, by the report of {engagement}"""
    ENGAGEMENT_OPEN = """engagement_open 本轮的评估项目{engagement}还没有报告
    → 请等报告记入后再评价;办不下去的,先取消(huimin engagement call-off)
    the engagement {engagement} of this round has no report yet
    → evaluate when it is recorded, or call it off (huimin engagement call-off)"""
    OUTCOME_GRADED = """outcome_graded 约定效果“{outcome}”{grade}
    agreed outcome {outcome}: {grade}"""
    OUTCOME_GRADED_BY = """outcome_graded_by
    约定效果“{outcome}”{grade}:实际{actual},约定{mark}
    agreed outcome {outcome}: {grade}; {actual}, agreed {mark}"""
    FULFILMENT_NOT_MEASURED = """fulfilment_not_measured
    各项任务没有量化指标,落实度不可衡量
    no task has an indicator, so fulfilment is not measurable"""
    ASSESSMENT_MISSING = """assessment_missing
    缺少“{kind}”:第{rule}条({stars}星、板块{areas}、来源{origin}、{people}人、{money}元)
    {kind} missing by rule {rule}: {stars} stars, {areas}, {origin}, {people}, {money}
    → *assess"""
    ASSESSMENT_HIGH_RISK = """assessment_high_risk
    “{kind}”结论为高风险,处置尚未登记并由另一人认可
    → 请登记处置(huimin assessment treat),再由另一人认可(huimin assessment accept)
    {kind} found a high risk; its treatment is not recorded and accepted by another
    → record the treatment (huimin assessment treat); another person accepts it"""
    ASSESSOR_UNREGISTERED = """assessor_unregistered “{assessor}”不在评估机构名册中
    → 请从名册中选(huimin third-party list),或先登记(huimin third-party register)
    {assessor} is not in the register of third parties
    → choose one (huimin third-party list), or register it first"""
    ASSESSOR_ENDED = """assessor_ended “{assessor}”的登记已终止
    → 请另选在册机构(huimin third-party list)
    the registration of {assessor} has ended
    → choose another organization (huimin third-party list)"""
    ENGAGEMENT_WITHOUT_PLAN = """engagement_without_plan
    委托“{assessor}”须写明评估方案 → 请写明怎样评估、评估什么
    the engagement of {assessor} has no plan → say what is assessed, and how"""
    ENGAGEMENT_WITHOUT_STAFF = """engagement_without_staff
    委托“{assessor}”须写明评估人员的角色、资格与人数 → 请补充,不写姓名
    the engagement of {assessor} names no staff
    → give roles, qualifications and numbers, no names"""
    ASSESSOR_NOT_INDEPENDENT = """assessor_not_independent
    “{assessor}”不独立:它是该事项的{relation}({party})
    → 请另选与提出、执行单位和决策对象无关的在册机构(huimin third-party list)
    {assessor} is not independent of the item: it is {relation} ({party})
    → choose another registered organization (huimin third-party list)"""
    ASSESSOR_IS_PARENT = """assessor_is_parent
    “{assessor}”不独立:它是该事项有关单位{party}的上级机构
    → 请另选与提出、执行单位和决策对象无关的在册机构(huimin third-party list)
    {assessor} is not independent: {party}, which the item concerns, belongs to it
    → choose another registered organization (huimin third-party list)"""
    ASSESSOR_IS_CHILD = """assessor_is_child
    “{assessor}”不独立:它是该事项有关单位{party}的下属机构
    → 请另选与提出、执行单位和决策对象无关的在册机构(huimin third-party list)
    {assessor} is not independent: it belongs to {party}, which the item concerns
    → choose another registered organization (huimin third-party list)"""
    ASSESSOR_IS_SIBLING = """assessor_is_sibling
    “{assessor}”不独立:它与该事项有关单位{party}同属一个上级机构
    → 请另选与提出、执行单位和决策对象无关的在册机构(huimin third-party list)
    {assessor} is not independent: it and {party} belong to the same parent
    → choose another registered organization (huimin third-party list)"""
    # rules
    SCORE_MISSING = """score_missing 缺少“{criterion}”的评分
    {criterion} has no score → *score"""
    SCORE_OUT_OF_RANGE = """score_out_of_range “{criterion}”的评分{given}不在0至100之间
    the score {given} of {criterion} is not within 0–100 → *score"""
    REACHES_MARK = """reaches_pass_mark 得分{score},达到{mark}分
    scored {score}, at or above {mark}"""
    BELOW_MARK = """below_pass_mark 得分{score},低于{mark}分
    scored {score}, below {mark}"""
    ANSWERED_NO = """answered_no “{question}”为否:{because}
    {question}: no, {because}"""
    ANSWER_MISSING = """answer_missing 尚未回答“{question}”
    → 请在研判中回答该问题并写明理由
    {question} has not been answered → answer the question with its reason"""
    GROUNDS_MISSING = """grounds_missing “{question}”的回答没有理由 → 请写明该回答的理由
    the answer to {question} has no reason → give the reason for this answer"""
    ATTRIBUTE_REACHES = """attribute_reaches “{attribute}”{score}分,达到{mark}分
    {attribute} scored {score}, at or above {mark}"""
    ATTRIBUTE_BELOW = """attribute_below “{attribute}”{score}分,低于{mark}分
    {attribute} scored {score}, below {mark}"""
    QUORUM_NOT_MET = """quorum_not_met 到会{present}人,不足{quorum}人
    → 请另行召开到会不少于{quorum}人的论证会议
    {present} present, {quorum} needed
    → hold a deliberation with at least {quorum} present"""
    MEETING_NOT_BEGUN = """meeting_not_begun “{stream}”尚未召开,不能“{step}”
    → 请先登记谁到会(huimin meeting begin),再“{step}”
    {stream} is not held yet; it can {step} afterwards
    → record first who is there (huimin meeting begin)"""
    MEETING_ENDED = """meeting_ended “{stream}”为“{state}”,不能再“{step}”
    → 已办结的只可更正到会与纪要;还要论证的,请另行召集会议
    {stream} is {state}; it can no longer {step}
    → correct who was there or the minutes of a closed one, or convene another"""
    POSITION_UNFIT = """position_unfit 议程只到第{last}位,没有第{position}位
    → 请写1至{last}
    the agenda ends at {last} and has no position {position} → write 1 to {last}"""
    NOT_ON_AGENDA = """not_on_agenda 事项不在会议“{deliberation}”的议程上
    → 请登记议程含该事项的论证会议,再研判
    the item is not on the agenda of {deliberation}
    → hold a deliberation that has the item on its agenda"""
    STARS_GIVEN = """stars_given 惠民有感强度{benefit}分,{stars}星
    perceived benefit {benefit}: {stars} stars"""
    STRENGTH_PART = """strength_part “{dimension}”{score}分,权重{weight}%,得{points}分
    {dimension}: {score}, weight {weight}%, {points} points"""
    NEXT_STAR = """next_star 距{stars}星还差{short}分
    {short} more for {stars} stars"""
    SELECTED = """selected 入选,第{rank}位
    selected at rank {rank}"""
    PLACED_ELSEWHERE = """placed_elsewhere 研判时安排为“{placement}”,不参加年度清单遴选
    placed in {placement} by its judgment, so it is no candidate for the annual list"""
    TOO_FEW_STARS = """too_few_stars {stars}星,低于{least}星
    {stars} stars, fewer than {least}"""
    UNIT_QUOTA_FULL = """unit_quota_full 本单位名额{quota}个已满
    the unit's quota of {quota} is full"""
    AREA_QUOTA_FULL = """area_quota_full 本板块名额{quota}个已满
    the area's quota of {quota} is full"""
    LEFT_ITS_LIST = """left_its_list 已离开单位清单({state})
    it has left its unit's list ({state})"""
    TARGET_MET = """target_met “{indicator}”已达标
    {indicator} is met"""
    TARGET_MISSED = """target_missed “{indicator}”为{actual},目标{target}
    {indicator} is {actual}, target {target}"""
    CASES_CLEARED = """cases_cleared
    “{indicator}”须在{days}天内帮扶的{found}例都已按期帮扶
    {indicator}: all {found} cases due were helped within {days} days"""
    CASES_LATE = """cases_late
    “{indicator}”须在{days}天内帮扶的{found}例中,按期帮扶{in_time}例
    {indicator}: of {found} cases due, {in_time} were helped within {days} days"""
    MEMBERS_MISSING = """members_missing “{indicator}”还没有完成:{missing}
    {indicator} is still without: {missing}"""
    MONTHS_OWED = """months_owed
    “{indicator}”还有月份没有报送:{months};已报的合计{actual}
    → 请先补报(huimin item progress):这类指标缺一个月就不算;没有的报0
    {indicator} has months without a figure: {months} (reported: {actual})
    → report them first (huimin item progress); report 0 if there was nothing"""
    NO_DATA = """no_data “{indicator}”没有数据
    {indicator} has no data"""
