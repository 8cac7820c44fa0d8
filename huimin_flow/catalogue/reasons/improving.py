"""Why what is carried out is judged so, and why a step of it may not be taken."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class AdviceCode(ReasonCode):
    """A ground of advice, or a reason why a step of it may not be taken."""

    PROGRESS_REACHES = """progress_reaches
    {indicators}项指标中{on_plan}项按计划推进,{score}%,达到{mark}%
    {on_plan} of {indicators} indicators on plan: {score}%, at least {mark}%"""
    PROGRESS_BEHIND = """progress_behind
    {indicators}项指标中{on_plan}项按计划推进,{score}%,低于{mark}%
    {on_plan} of {indicators} indicators on plan: {score}%, below {mark}%"""
    PROGRESS_UNKNOWN = """progress_unknown 没有可量化的指标,进度缺
    there is no indicator, so progress is not known"""
    SATISFACTION_REACHES = """satisfaction_reaches
    满意度{score}%(来源:本单位服务事项好差评{ratings}件),达到{mark}%
    satisfaction {score}% ({ratings} ratings of its services), at least {mark}%"""
    SATISFACTION_LOW = """satisfaction_low
    满意度{score}%(来源:本单位服务事项好差评{ratings}件),低于{mark}%
    satisfaction {score}% ({ratings} ratings of its services), below {mark}%"""
    SATISFACTION_UNKNOWN = """satisfaction_unknown
    满意度缺:本单位服务事项好差评{ratings}件,不足{least}件
    satisfaction is not known: {ratings} ratings of its services, {least} needed"""
    COMPLAINTS_FEW = """complaints_few
    分解任务以来投诉{complaints}件({people}人),少于{mark}件
    {complaints} complaints ({people} people) since its tasks began, below {mark}"""
    COMPLAINTS_MANY = """complaints_many
    分解任务以来投诉{complaints}件({people}人),达到{mark}件
    {complaints} complaints ({people} people) since its tasks began, {mark} or more"""
    ADVICE_OPEN = """advice_open 建议“{advice}”尚待决定,不能另提建议
    → 请先由专班办公室决定该建议(huimin advice adopt、decline)
    the advice {advice} is not decided yet
    → let the office decide it first (huimin advice adopt, decline)"""
    ADVICE_UNFIT = """advice_unfit 现有依据未达标,不能建议“{recommendation}”
    → 请建议调整完善或停止实施;数据有误的先更正
    a ground is below its mark, so the recommendation cannot be: {recommendation}
    → recommend to improve or to stop, or correct wrong figures first"""
    UNPROVEN = """replication_unproven 进度或满意度缺,不能建议复制推广
    → 请建议继续实施或调整完善,有了数据再建议复制推广
    progress or satisfaction is not known, so it cannot be replicated
    → recommend to continue or to improve until there are figures"""
    NOT_THE_OFFICE = """not_the_office “{unit_name}”不能决定建议;由专班办公室决定
    → 请由专班办公室的岗位办理
    {unit_name} does not decide on advice; the office does
    → let a post of the office do it"""
    MENDING_NEEDED = """mending_needed 采纳“调整完善”的,须写明完善什么、由谁、何时之前
    → 请写明完善内容、责任单位和期限
    who adopts the advice to improve says what is to be mended, by whom, until when
    → name what, unit and last day"""
    MENDING_UNFIT = """mending_unfit 建议为“{recommendation}”,没有要完善的内容
    → 请去掉完善内容、责任单位和期限;需要完善的,请重新提出“调整完善”的建议
    the advice is to {recommendation}, so nothing is to be mended
    → leave out what, unit and last day; or advise anew to improve"""
    UNTIL_PAST = """mending_until_past 完善期限{until}早于今日 → 请把期限改为今日或以后
    the last day {until} is in the past → set it to today or later"""
    MENDING_OPEN = """mending_open 还有要完善的没有核实:{advice},不能办结
    → 请先由责任单位报告完善情况,再由专班办公室核实(huimin advice mend、verify)
    what is to be mended is not verified yet: {advice}
    → let the unit report it, and the office verify it (huimin advice mend, verify)"""
    MEASURE_STOPPED = """measure_stopped 已采纳停止实施的建议“{advice}”,不能接续
    → 情况有变的,请先重新提出建议并由专班办公室采纳
    the advice {advice} to stop was adopted, so nothing continues it
    → if things have changed, advise anew and let the office adopt it"""
    INTERIM_COUNTED = """interim_counted
    接续自{parent}:其结果{result}分占{weight}%,本次评分{score}分
    it continues {parent}, whose result {result} is {weight}% of it; scored {score}"""
    PARENT_STOPPED = """parent_stopped 所接续的事项{parent}已采纳停止实施的建议
    → 情况有变的,请对事项{parent}重新提出建议,由专班办公室采纳后再办
    the advice to stop {parent}, which it continues, was adopted
    → if things have changed, advise on {parent} anew and let the office adopt it"""
    FILE_UNKNOWN = """mending_file_unknown 事项{item}没有摘要为“{given}”的附件
    → 请先用 huimin item attach 上传,再写明摘要
    item {item} has no attachment with digest {given}
    → attach it with huimin item attach, then name its digest"""


class OrderCode(ReasonCode):
    """Why a step of a supervision order may not be taken."""

    NOT_THE_OFFICE = """order_not_the_office
    “{unit_name}”不能登记、催办、销号督办;由专班办公室办理
    → 请由专班办公室的岗位办理
    {unit_name} does not record, remind or discharge orders; the office does
    → let a post of the office do it"""
    ITEM_ENDED = """order_item_ended 事项{item}{state},不能登记督办
    → 请登记到接续或回应它的事项;结案有误的先 huimin item reopen
    item {item} is {state}, so no order can be recorded on it
    → record it on the item that follows it, or reopen it (huimin item reopen)"""
    ITEM_MERGED = """order_item_merged 事项{item}已并入{into},不能登记督办
    → 请登记到事项{into}
    item {item} was merged into {into}, so no order can be recorded on it
    → record it on {into}"""
    RECORDED_ALREADY = """order_recorded_already
    {authority}的{document}已登记为{order}(事项{item})
    → 请查看{order};文号有误的请核对来文
    {document} of {authority} is recorded already: {order} (item {item})
    → look at {order}, or check the number of the paper"""
    ISSUED_LATER = """order_issued_later 发文日期{day}晚于今日({today})
    → 请核对来文的日期
    the paper is of {day}, later than today ({today})
    → check the day of the paper"""
    DUE_BEFORE_ISSUED = """order_due_before_issued 期限{due}早于发文日期{day}
    → 请核对来文;没有写期限的不填
    due on {due}, before the paper is issued ({day})
    → check the paper; leave out a day that it does not name"""
    DUE_PAST = """order_due_past 期限{due}早于今日 → 请改为今日或以后
    the due day {due} is in the past → set it to today or later"""
    EVIDENCE_NEEDED = """order_evidence_needed 答复督办须附佐证
    → 请先 huimin item attach {item} 上传,再写明附件的摘要
    an order is answered with evidence
    → attach it with huimin item attach {item}, then name its digest"""
    ORDER_OPEN = """order_open 还有没有销号的督办:{orders},不能办结
    → 请先由责任单位答复(huimin order answer),再由专班办公室销号(huimin order discharge)
    supervision orders are not discharged yet: {orders}
    → let the unit answer (huimin order answer), and the office discharge them"""
