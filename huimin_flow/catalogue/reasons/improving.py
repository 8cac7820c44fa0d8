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
