"""What each field of an act asks for, in both languages."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.acts import pairs

#: By field, an argument's word or its path: what to write, where the label alone
#: doesn't say it. A field of a term has its choices after this.
FIELDS: Final = pairs(
    """
engagement 评估项目编号,如 engagement/2026-000001/01。
    Key of an engagement, such as engagement/2026-000001/01.
judged_outcomes 约定效果的结果,由它评估哪几项,如 E1;可多次;不写即全部。
    Results of agreed outcomes that it judges, such as E1; repeatable; all by default.
begins 何时起:评估开始的日期,如 2026-11-20;默认今天。
    First day, such as 2026-11-20; today by default.
examined 抽查对象:样本取自哪些人、哪些事。
    Population of the sample: which people or cases.
report_file 评估报告:评估项目附件的摘要,或其开头。
    Report of the evaluator: the digest of its attachment, or its beginning.
report_findings 评估意见,如 较重问题:E1=登记不全;可多次;不写效果即针对整个事项。
    Findings, such as serious:E1=records missing; repeatable; no outcome is the item.
finding_number 第几条意见,从1起。
    Number of the finding, from 1.
spot_check 抽查编号,如 spot_check/2026-0001。
    Key of a spot check, such as spot_check/2026-0001.
repeats 重抽哪一次:已作废的抽查的编号。
    Void spot check that it repeats.
commitment 承诺值:随机数(十六进制文字)的SHA-256。
    Commitment: the SHA-256 of the secret's hex digits as text.
secret 随机数:承诺时所用的,32至128位十六进制数字。
    Secret of the commitment: 32 to 128 hex digits.
checked 被查对象,如 item/2026-000001/T1、window/500101/3号。
    Thing that is checked, such as item/2026-000001/T1.
found 查到的情况:查无问题的也写明。
    What was found, also that nothing is wrong.
receipt 回执编号,如 7MTN-K0R0-RW09-SFJYG;大小写、短横线不影响。
    Number of the receipt, such as 7MTN-K0R0-RW09-SFJYG; any case, dashes or not.
expected_count 件数:您看到的;有变动则不办。
    Number of appeals that you saw; if it has changed, nothing is done.
unit 单位代码,或名称,如 万州区。
    Unit code, or a name.
description 说明;“-”从标准输入读取。
    Description; "-" reads the standard input.
arises_from 源于哪个事项。
    Item from which it arises.
occurred_on 发生日期,如 2026-12-01;默认今天。
    Day on which it happened, such as 2026-12-01; today by default.
held_on 发生日期:何时开会,如 2026-11-20。
    Day on which it happened: the meeting, such as 2026-11-20.
called_back_on 回访日期,如 2026-12-01。
    Day of the call back, such as 2026-12-01.
scores 评分,如 紧迫性=80;逐项写。
    Scores, such as urgency=80; one for each.
version 您所见:第几版。
    Version that you saw.
seen 您所见:提请的核对码。
    Version that you saw: the check code of the proposal.
into 保留哪个事项:本事项并入它。
    Item that stays: this one is merged into it.
dimension 按什么统计。
    Dimension to count by.
period 时期:某年、某月或某季,如 2027、2027-01、2027Q1。
    Period: a year, a month or a quarter, such as 2027, 2027-01, 2027Q1.
parts 各项:文件,写 demand(title、origin、area、unit)与 appeals([渠道, 编号])。
    Parts: a file with demand (title, origin, area, unit) and appeals ([channel, key]).
deliberation 会议编号,如 deliberation/2026-0001。
    Key of a deliberation, such as deliberation/2026-0001.
answers 回答,如 想做=是:群众多次反映。
    Answers, such as wanted=yes:often asked for.
expected.value 预估效度,%。
    Expected effectiveness, in percent.
low 预估下限,%。
    Lower end of the expectation, in percent.
high 预估上限,%。
    Upper end of the expectation, in percent.
reason 理由:为何这样办。
    Reason: why it is done.
reason_code 理由:规则库中的代码或说法。
    Reason: a code or a wording of the rulebook.
authority 发文机关,如 人力资源和社会保障部。
    Authority that issued it, such as a ministry.
issued_on 发文日期,如 2026-03-01。
    Day of issue, such as 2026-03-01.
feed 回流代号,如 jobs-center。
    Key of a feed, such as jobs-center.
feed_code 新回流的代号:小写字母、数字、短横线,如 jobs-center;停用后不再用。
    Key of a new feed: a-z, 0-9 and hyphens, such as jobs-center; never used again.
feed_way 回流方式:文件导入、系统接口或定时拉取。
    Way of a feed: by file, by a host's call, or by a pull.
fresh_days 时效:最新的数取数后多少天内须有新数;默认按规则库。
    Days within which newer figures must come; by default those of the rulebook.
fed_indicators 供给的指标,如 2027-000001/T1/新增就业;来源报累计数的后加“+”;可多次。
    Indicators, such as 2027-000001/T1/new jobs; + behind one for running totals.
citywide 全市各单位的业务量;不写则只供本单位的。
    Business of all units; without it, that of its own unit only.
correction 更正理由:回流的指标,写明理由才能手工更正。
    Reason of a correction: a fed indicator is corrected by hand only with one.
task_return 任务退回的编号,如 task_return/2027-000001/01。
    Key of a task's return, such as task_return/2027-000001/01.
new_targets 新的目标值,如 候工区=12;逐项写。
    New target figures, such as jobs=12; one for each.
promises 承诺,如 城镇新增就业=45000人@2026-12-31;没有数的写 指标=@日期;可多次。
    Promises, such as new jobs=45000 people@2026-12-31; without a figure =@day.
undertakings 承接的承诺与本市期限,如 P1=2026-11-30;可多次。
    Promises taken over with the city's own days, such as P1=2026-11-30; repeatable.
policy 政策编号,如 policy/2026-0001。
    Key of a policy, such as policy/2026-0001.
city_measure 措施编号,如 measure/2026-0001。
    Key of a measure, such as measure/2026-0001.
review 对照编号,如 policy_review/2026-12。
    Key of a comparison, such as policy_review/2026-12.
referred_to 转往单位:不属本局职责的,规则库中的代码或名称。
    To whom: of what is not ours, a code or a name of the rulebook.
near 相近的诉求,写作 渠道=诉求编号;由 gather list 列出。
    Appeal that is like it, as channel=key; gather list shows it.
round 筛选台编号,如 screening_round/2026-12。
    Key of a round of screening, such as screening_round/2026-12.
return_code 理由:规则库中退回的代码或说法。
    Reason: a code or a wording of the rulebook for a return.
task_return_code 理由:规则库中退回任务的代码或说法。
    Reason: a code or a wording of the rulebook for sending a task back.
reassign_code 理由:规则库中调整任务的代码或说法。
    Reason: a code or a wording of the rulebook for reassigning a task.
transfer_code 理由:规则库中移交的代码或说法。
    Reason: a code or a wording of the rulebook for a transfer.
reopen_code 理由:规则库中重启答复的代码或说法。
    Reason: a code or a wording of the rulebook to answer again.
decline_code 理由:规则库中不承接的代码或说法。
    Reason: a code or a wording of the rulebook to decline.
as_of 截至哪一天,如 2026-12-31;默认今天。
    Day at whose end it is shown, such as 2026-12-31; today by default.
since 自哪一天,如 2025-12-31。
    First day, such as 2025-12-31.
until 至哪一天,如 2026-12-31;默认今天。
    Last day, such as 2026-12-31; today by default.
return_reason 理由:为何退回。
    Reason: why it is returned.
objection 理由:为何申诉。
    Reason: why you object.
plan 方案文件。
    File of the plan.
results 已完成的任务编号。
    Tasks that are met.
frame 名册文件(csv、xlsx、jsonl):只有“代号”一栏,全部服务对象一人一个。
    File (csv, xlsx, jsonl) with the one column code: one code for each person served.
drawn 抽取人数:不少于方案约定的样本。
    Number to draw: at least what the plan agreed.
senses 加问哪几感,可多次。
    Senses to ask about as well; repeatable.
survey 调查编号,如 survey/2026-000001/01。
    Key of a survey, such as survey/2026-000001/01.
survey_person 答卷代号:哪一份。
    Code of the answer.
service_items 所涉服务事项,可多次;其好差评计入最终评价。
    Service items that it touches; their ratings count in the final evaluation.
outcomes 约定效果的结果,如 E1=520:登记台账、E2=达成:巡查记录;可多次。
    Result of an agreed outcome, such as E1=520:register or E2=met:report; repeatable.
corrections 更正,如 标题=新标题;可更正标题、说明、来源类型、业务板块、生命周期阶段。
    Corrections, such as title=new; of title, description, origin, area, life stage.
own 附加字段,如 funds.code=A12;可多次;填写时空值为清除,查找时须相等。
    Own fields, such as funds.code=A12; repeatable; an empty value clears one.
task 任务编号。
    Key of a task.
indicator 指标名称。
    Name of an indicator.
month 月份,如 2026-11。
    Month, such as 2026-11.
value 数值;比率写分子,清零写帮扶数。
    Figure; of a rate the numerator, of a clearance the cases that were helped.
denominator 比率的分母;清零写发现数。
    Denominator of a rate; of a clearance the cases that came up.
evidence 佐证:已上传附件的摘要。
    Evidence: digests of attached files.
members 成员:本月完成的,可多次;仅具名事项。
    Members that were done in the month; of a named set only.
channel 渠道代码,或名称,如 hotline_12333。
    Channel code, or a name, such as hotline_12333.
appeal_key 诉求编号:该渠道自己的编号。
    Key of an appeal: the channel's own.
who 来访人代号(不写姓名、电话、证件号)。
    Code of the person (no name, phone or identity number).
district 区县代码或地名,如 500102、涪陵区。
    District code or a place.
text 内容:原话;“-”从标准输入读取。
    Text: what was said; "-" reads the standard input.
answer 内容:怎样整改;“-”从标准输入读取。
    Text: what was put right; "-" reads the standard input.
at 时间,如 2026-11-20T09:30;默认此刻。
    Time, such as 2026-11-20T09:30; now by default.
item 事项编号。
    Item number.
agenda 事项编号:议题,可多次。
    Item number: on the agenda, several times.
chair 主持人岗位代号。
    Post of the chair.
participants 到会岗位,逐个写。
    Posts that took part, one by one.
minutes 纪要;“-”从标准输入读取。
    Minutes; "-" reads the standard input.
approach 评估方案:评估什么、怎样评估;第三方评估须写;“-”从标准输入读取。
    Plan: what is assessed, and how; for a third party; "-" reads the standard input.
staff 评估人员,如 负责人:教授=1;可多次,不写姓名。
    Staff, such as lead:professor=1; repeatable, no names.
experience 评估经验:评估过什么。
    Experience: what it has assessed.
understanding 对领域的理解:研究或从事过什么。
    Understanding of the field: what it has studied or done.
parent 上级机构的名称或单位代码;没有的不写。
    Parent: name or unit code; none if there is none.
measures 处置措施;“-”从标准输入读取。
    Measures; "-" reads the standard input.
assessor 评估机构。
    Assessing body.
finding 结论;“-”从标准输入读取。
    Finding; "-" reads the standard input.
high_risk 结论为高风险。
    Finding that the risk is high.
accept 退回重办。
    Send it back.
ground 类别:误评,或恶意差评。
    Kind: mistaken or malicious.
set_aside 认定不计差评;须另一人复核。
    Set the rating aside; another person confirms it.
with_colors 更正计分时一并更正该月五色图。
    Correct the month's five colors, too.
second 复核人岗位(仅推演库)。
    Post of the second person (in a rehearsal only).
area_list 板块建议编号,如 list/2027/employment。
    Key of an area's proposal, such as list/2027/employment.
entry_text 内容:清单上这一项做什么;“-”从标准输入读取。
    Main content: what the entry does; "-" reads the standard input.
targets 目标:要达到什么,一次写一条,可多次。
    Target: what is to be reached; one at a time, repeatable.
supporting_units 配合单位:代码或名称,可多次。
    Supporting unit: code or name, repeatable.
entry_due 期限:清单所列的完成时限,如 2026-12-31。
    Day of completion, such as 2026-12-31.
rank 第几位,从1起。
    Rank, from 1.
silent 有板块逾期未提的,写明为何按草案列入。
    Reason for which the drafts of areas are taken that have not proposed.
list 清单编号,如 list/2024/city。
    Key of a list, such as list/2024/city.
edition 第几版;默认现行版。
    Edition; the current one by default.
person 岗位代号。
    Post.
states 只看某状态,如 已评星。
    Only those in this state.
state 只看某状态。
    Only those in this state.
order 顺序:编号、最新(编号大的在前),或 星级(高的在前)。
    Order: by number, newest first, or the most stars first.
stars 只看某星级,如 5。
    Only those with so many stars.
year 只看某年的编号,如 2026。
    Only those numbered in this year.
due 期限:最后一天;列表中只看有任务到这一天到期的,如 2026-12-31。
    Day by which it is due; of a list, only items with a task due by it.
stale 只看有存疑事实的。
    Only those with facts in doubt.
ended 只看这样结束的:已办结,或 已撤销。
    Only closed items that ended so: completed or cancelled.
stuck 只看停留比九成事项更久的。
    Only those that stand longer than nine of ten did.
skip 跳过前面几条。
    Number of lines to skip.
loose 只看还没有挂到事项的。
    Only those that are not linked.
overdue 只看已超期的。
    Only those that are overdue.
limit 最多几条。
    Greatest number of lines.
after 从哪一条之后列起:写它的编号。
    Line after which to begin: write its key.
refused_act 所办的事:只看它的,如 judge。
    Act: only its refusals, such as judge.
act 所办的事。
    Act.
change 位置:第几条变更,从1起;0 是第一条之前。
    Position of a change, from 1; 0 is before the first.
consumer 使用变更的系统:自取的名称,如 portal。
    Consumer of the changes: a name of its own, such as portal.
destination 投递目的地:huimin.yaml 的 outbox 中的名称。
    Destination: a name in outbox of huimin.yaml.
recipient 收件的单位或岗位代码;文件与网络回调没有。
    Recipient: code of a unit or a post; files and webhooks have none.
kinds 类别:只看哪几类记录,可多次。
    Kinds of streams, repeatable.
about 关于什么:只看某事项或记录,写编号。
    Subject: only an item's or a record's.
"""
)
