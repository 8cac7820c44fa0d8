"""Reason codes of an item's life: the machine, its guards, the rules of its steps."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Term


class Code(Term):
    """A reason; its labels are templates filled with the reason's values."""

    # the machine and its guards
    NO_SUCH_ARC = (
        "no_such_arc",
        "“{state}”的事项不能“{step}”;此时可以:{possible}",
        "an item that is {state} cannot {step}; it can: {possible}",
    )
    NOT_SO_FAR = (
        "not_so_far",
        "“{key}”为“{state}”,不能“{step}”;须为:{needed}",
        "{key} is {state}; to {step} it, it must be: {needed}",
    )
    VERDICT_MISSING = (
        "verdict_missing",
        "缺少规则“{rule}”的结论",
        "the finding of rule {rule} is missing",
    )
    VERDICT_NEGATIVE = (
        "verdict_negative",
        "规则“{rule}”的结论为不通过",
        "rule {rule} did not pass",
    )
    FACT_MISSING = "fact_missing", "缺少“{fact}”", "{fact} is missing"
    SECOND_PERSON_NEEDED = (
        "second_person_needed",
        "须由另一人复核确认",
        "a second person must confirm",
    )
    SAME_PERSON = (
        "same_person",
        "复核人不能与经办人相同",
        "the one who confirms must be another person",
    )
    UNKNOWN_REASON_CODE = (
        "unknown_reason_code",
        "规则库中没有理由代码“{given}”;可用:{known}",
        "the rulebook has no reason code {given}, but: {known}",
    )
    FREEZE_NEEDED = (
        "freeze_needed",
        "须经清单冻结或增补列入",
        "only a frozen edition or a supplement may list it",
    )
    MERGE_INTO_SELF = (
        "merge_into_self",
        "事项不能与自身合并",
        "an item cannot be merged into itself",
    )
    MERGE_TARGET_CLOSED = (
        "merge_target_closed",
        "目标事项“{target}”不是可合并状态",
        "item {target} cannot take in others now",
    )
    SUCCESSOR_OPEN = (
        "successor_open",
        "已由“{item}”接续;其不予采纳或办结后方可再次接续",
        "item {item} continues it already; another may once that one ended",
    )
    TASK_UNSETTLED = (
        "task_unsettled",
        "任务“{task}”未完成,也未获上级批准免除",
        "task {task} is neither met nor excused by the lead unit's superior",
    )
    STALE_VERSION = (
        "stale_version",
        "“{stream}”已被他人改动(您看到的是第{expected}版,现为第{found}版)",
        "{stream} has moved on: you saw version {expected}, it is at {found}",
    )
    PART_STALE = (
        "part_stale",
        "“{part}”因更正而存疑,须退回并重新认定",
        "a correction put {part} in doubt: return the item and decide it anew",
    )
    NOT_AMENDABLE = (
        "not_amendable",
        "“{field}”不能更正",
        "{field} cannot be corrected",
    )
    EVALUATION_PASSED = (
        "evaluation_passed",
        "最终评价未判定为不合格,不能返工",
        "the final evaluation did not fail, so there is nothing to redo",
    )
    # authority
    DUTY_MISSING = (
        "duty_missing",
        "“{roles}”没有“{duty}”的权限",
        "{roles} lack the duty {duty}",
    )
    UNIT_NOT_AT_WORK = (
        "unit_not_at_work",
        "{day}“{unit_name}”({unit})已不再(或尚未)办理业务,其岗位不能办理;由承接单位办理",
        "{unit_name} ({unit}) is not at work on {day}; its successor acts for it",
    )
    DUTY_NOT_CITY_WIDE = (
        "duty_not_city_wide",
        "“{roles}”的“{duty}”权限只及本单位,不及全市",
        "{roles} have the duty {duty} for their own unit only, not for the city",
    )
    STEP_NOT_PERMITTED = (
        "step_not_permitted",
        "“{roles}”无权“{step}”",
        "{roles} may not {step}",
    )
    OTHER_UNITS_ITEM = (
        "other_units_item",
        "事项属于“{unit_name}”({unit}),本账户无权处理",
        "the item belongs to {unit_name} ({unit})",
    )
    ACCOUNT_WITHOUT_POST = (
        "account_without_post",
        "操作系统账户“{account}”没有登记岗位",
        "the operating-system account {account} holds no post",
    )
    NOT_YOUR_POST = (
        "not_your_post",
        "岗位“{person}”不属于账户“{account}”",
        "the post {person} does not belong to the account {account}",
    )
    POST_UNCLEAR = (
        "post_unclear",
        "账户“{account}”有多个岗位({posts}),须用 --by 指明",
        "the account {account} holds several posts ({posts}); name one",
    )
    POST_UNKNOWN = (
        "post_unknown",
        "没有代号为“{person}”的岗位",
        "nobody holds the post {person}",
    )
    PROPOSAL_SETTLED = (
        "proposal_settled",
        "提请“{key}”为“{state}”,不再等待复核",
        "the proposal {key} is {state} and waits no longer",
    )
    # of readiness: B6, B7, B8
    PLAN_FIELD_MISSING = (
        "plan_field_missing",
        "尚未确定“{field}”",
        "{field} is not fixed yet",
    )
    NO_TASK = "no_task", "没有分解任务", "it has no task"
    TASK_WITHOUT_UNIT = (
        "task_without_unit",
        "任务“{task}”没有责任单位",
        "task {task} has no accountable unit",
    )
    TASK_UNMEASURED = (
        "task_unmeasured",
        "任务“{task}”既无量化指标,也未说明理由",
        "task {task} has neither an indicator nor a reason why none fits",
    )
    TASK_DUE_BEFORE_START = (
        "task_due_before_start",
        "任务“{task}”的期限{due}早于今日",
        "task {task} is due on {due}, before today",
    )
    TARGET_NOT_MEASURABLE = (
        "target_not_measurable",
        "指标“{indicator}”无法衡量:{hint}",
        "indicator {indicator} cannot be measured: {hint}",
    )
    ASSESSMENT_MISSING = (
        "assessment_missing",
        "缺少已采信的“{kind}”",
        "an accepted {kind} is missing",
    )
    ASSESSMENT_HIGH_RISK = (
        "assessment_high_risk",
        "“{kind}”结论为高风险,须先处置",
        "{kind} found a high risk, which must be treated first",
    )
    # rules
    SCORE_MISSING = (
        "score_missing",
        "缺少“{criterion}”的评分",
        "{criterion} has no score",
    )
    SCORE_OUT_OF_RANGE = (
        "score_out_of_range",
        "“{criterion}”的评分{given}不在0至100之间",
        "the score {given} of {criterion} is not within 0–100",
    )
    REACHES_PASS_MARK = (
        "reaches_pass_mark",
        "得分{score},达到{mark}分",
        "scored {score}, at or above {mark}",
    )
    BELOW_PASS_MARK = (
        "below_pass_mark",
        "得分{score},低于{mark}分",
        "scored {score}, below {mark}",
    )
    ANSWERED_NO = (
        "answered_no",
        "“{question}”为否:{because}",
        "{question}: no, {because}",
    )
    ANSWER_MISSING = (
        "answer_missing",
        "尚未回答“{question}”",
        "{question} has not been answered",
    )
    GROUNDS_MISSING = (
        "grounds_missing",
        "“{question}”的回答没有理由",
        "the answer to {question} has no reason",
    )
    ATTRIBUTE_REACHES = (
        "attribute_reaches",
        "“{attribute}”{score}分,达到{mark}分",
        "{attribute} scored {score}, at or above {mark}",
    )
    ATTRIBUTE_BELOW = (
        "attribute_below",
        "“{attribute}”{score}分,低于{mark}分",
        "{attribute} scored {score}, below {mark}",
    )
    QUORUM_NOT_MET = (
        "quorum_not_met",
        "到会{present}人,不足{quorum}人",
        "{present} present, {quorum} needed",
    )
    NOT_ON_AGENDA = (
        "not_on_agenda",
        "事项不在会议“{deliberation}”的议程上",
        "the item is not on the agenda of {deliberation}",
    )
    STARS_GIVEN = (
        "stars_given",
        "惠民有感强度{benefit},{stars}星",
        "perceived benefit {benefit}: {stars} stars",
    )
    SELECTED = "selected", "入选,第{rank}位", "selected at rank {rank}"
    PLACED_ELSEWHERE = (
        "placed_elsewhere",
        "研判时安排为“{placement}”,不参加年度清单遴选",
        "judged for {placement}, so it doesn't stand for the annual list",
    )
    TOO_FEW_STARS = (
        "too_few_stars",
        "{stars}星,低于{least}星",
        "{stars} stars, fewer than {least}",
    )
    UNIT_QUOTA_FULL = (
        "unit_quota_full",
        "本单位名额{quota}个已满",
        "the unit's quota of {quota} is full",
    )
    AREA_QUOTA_FULL = (
        "area_quota_full",
        "本板块名额{quota}个已满",
        "the area's quota of {quota} is full",
    )
    TARGET_MET = "target_met", "“{indicator}”已达标", "{indicator} is met"
    TARGET_MISSED = (
        "target_missed",
        "“{indicator}”为{actual},目标{target}",
        "{indicator} is {actual}, target {target}",
    )
    CASES_CLEARED = (
        "cases_cleared",
        "“{indicator}”须在{days}天内帮扶的{found}例都已按期帮扶",
        "{indicator}: all {found} cases due were helped within {days} days",
    )
    CASES_LATE = (
        "cases_late",
        "“{indicator}”须在{days}天内帮扶的{found}例中,按期帮扶{in_time}例",
        "{indicator}: of {found} cases due, {in_time} were helped within {days} days",
    )
    MEMBERS_MISSING = (
        "members_missing",
        "“{indicator}”还没有完成:{missing}",
        "{indicator} still lacks: {missing}",
    )
    NO_DATA = "no_data", "“{indicator}”没有数据", "{indicator} has no data"
