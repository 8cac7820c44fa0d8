"""What each act and question is for, in one line of each language.

A key stands before its Chinese line, and the English line follows. An act's label is
its line up to the first colon, comma, semicolon or full stop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.improving_acts import IMPROVING_ACTS
from huimin_flow.catalogue.language import LINES
from huimin_flow.catalogue.sensing_acts import SENSING_ACTS
from huimin_flow.catalogue.system_acts import SYSTEM_ACTS

#: What ends the label within a line.
_END = re.compile("[:;,。(]|\\.(?= |$)")


def label(line: str) -> str:
    """Return the label with which a line begins.

    >>> label("筛选:按来源的标准。"), label("Screen an item: by its origin.")
    ('筛选', 'Screen an item')

    """
    return _END.split(line, maxsplit=1)[0]


def pairs(text: str) -> Mapping[str, tuple[str, str]]:
    """Return pairs of lines by their keys; ``say`` knows the English one, too."""
    lines = iter(text.strip().splitlines())
    read = {}
    for first, second in zip(lines, lines, strict=True):
        key, _, chinese = first.partition(" ")
        read[key] = (chinese, second.strip())
        LINES[chinese] = second.strip()
    return read


#: By act or question, ``noun.verb``: what it does.
ACTS: Final = pairs(
    """
items.get 查看一个事项。
    Show an item.
items.list 列出事项。
    List items.
items.count 事项数:符合条件的有几个。
    Number of items: how many fit.
items.history 一个事项从头到尾发生了什么。
    History of an item: all that was recorded.
items.numbered 按编号的开头查事项。
    Find items by the beginning of a number.
items.links 事项的关联:来自哪里,去了哪里。
    Links of an item: where it came from, where it went.
items.tally 诉求合计:一个事项有多少条、多少人、多少地。
    Tally of an item: its appeals, people and places.
items.stays 停留天数:各状态通常停几天,哪些事项卡住了。
    Days in each state: what is usual, and which items are stuck.
items.areas 各板块的事项数,按状态。
    Items of each area by state.
items.units 各单位牵头的事项数,按状态。
    Items that each unit leads, by state.
items.attachments 列出附件;用 --into 取出到目录,文件以摘要命名。
    List attachments; --into copies them to a folder, named by digest.
items.attached 附件的内容。
    Content of an attachment.
items.fulfilments 落实度:逐项任务完成了多少。
    Fulfilment of an item: task by task.
items.possible 一个事项此刻能办哪些步骤;不能的,为什么,谁可办。
    Steps that are possible now; for the rest, why not and who can.
items.screening 预览筛选:会得几分、转为什么状态。
    Preview a screening: its score and the state after it.
items.judging 预览研判:会有什么结论、转为什么状态。
    Preview a judgment: its finding and the state after it.
items.preview 预览一步:会转为什么状态,涉及多少诉求。
    Preview a step: the state after it, the appeals it concerns.
items.undo 说明上一步能否撤回、由哪个命令撤回;不作任何改动。
    Name the step that would take back the last one; nothing is changed.
items.successions 已撤销的单位:由谁承接,移交了什么,还有什么没有移交。
    Units that have ended: their successors, what went there, and what is left.
items.collect 采集:登记一个新事项。
    Collect a new item.
items.screen 筛选:按来源的标准;普遍性由系统计算。
    Screen an item: by the standard of its origin; prevalence is computed.
items.merge 并入另一事项;诉求随之过去。
    Merge an item into another; its appeals go with it.
items.unmerge 撤回合并,回到原处。
    Undo a merger.
items.split 拆分;各部分写在 YAML 或 JSON 文件里。
    Split an item; its parts stand in a YAML or JSON file.
items.judge 研判:在论证会议上回答想做、可做、能做、该做;会议办结后生效。
    Judge an item: wanted, permitted, capable, warranted; closing publishes it.
items.starring 预看评星:各维度得分、权重、分数,距下一星还差多少。
    Preview of stars: scores, weights, points, and what the next star needs.
items.strength 惠民有感强度的构成:各维度得分、权重、分数。
    Parts of the perceived benefit: scores, weights, points.
items.star 评定惠民有感强度与星级;星级由规则得出。
    Give an item its stars; a rule finds them.
items.reject 不予采纳。
    Reject an item.
items.transfer 移交另一单位,写明理由;单位撤并的由系统在法定之日移交。
    Transfer an item to another unit, with a reason.
items.return_ 退回上一步。
    Return an item to the step before.
items.defer 暂缓,待条件具备;已在清单上的须两人。
    Defer an item; on a list it takes two people.
items.revive 恢复暂缓的事项。
    Revive a deferred item.
items.cancel 撤销清单上的事项;须两人。
    Cancel an item on a list; it takes two people.
items.reopen 重启不予采纳或已办结的事项;须两人。
    Reopen a rejected or closed item; it takes two people.
items.carry_over 接续:为仍在实施的事项采集下一年度的事项。
    Carry over an item that is still executed: collect next year's.
items.respond 响应:由另一单位承接同一需求。
    Respond to an item: another unit takes up the demand.
items.assign 分解任务;方案写在 YAML 或 JSON 文件里。
    Assign the tasks; the plan stands in a YAML or JSON file.
items.execute 报告执行完成:逐项任务完成,或已由上级免除。
    Report an item as executed: each task is met or excused.
items.attach 上传附件作为佐证;同一内容只存一份。
    Attach a file as evidence; the same content is stored once.
items.evaluate 最终评价:落实度由进展算出,满意度由群众调查与好差评算出。
    Evaluate an item: by its progress, and by what citizens said.
items.doubt 存疑:约定效果的依据有误,最终评价须重新作出。
    Doubt an evaluation: a finding on an outcome is wrong; it is made again.
items.rework 最终评价不合格,退回返工。
    Rework an item that failed its evaluation.
items.adjust 动态调整建议及其依据。
    Adjust an item: a recommendation and its grounds.
items.advise 对实施中的事项提出动态调整建议;依据由进度、满意度、投诉算出。
    Advise on a running measure; its grounds are computed.
items.grounds 动态调整建议的依据:此刻算得的进度、满意度、投诉。
    Grounds of advice: progress, satisfaction and complaints, computed now.
items.amend 更正事实;由它得出的结论会标为存疑。
    Amend facts; conclusions from them are marked as doubtful.
items.annotate 填写扩展的附加字段;没写的不变。
    Enter own fields of extensions; what is not named stays as it is.
items.own 可填的附加字段:名称、格式与现值。
    Own fields that may be entered: labels, formats and present values.
items.close 办结。
    Close an item.
meetings.list 列出论证会议,新的在前。
    List deliberations, newest first.
meetings.count 论证会议数:符合条件的有几次。
    Number of deliberations: how many fit.
meetings.get 一次论证会议:纪要,每个议题的回答、理由与评分。
    Show a deliberation: minutes, answers, reasons and scores.
meetings.answers 会议办结前的研判意见;只供参会人员和经办岗位查阅。
    Opinions of a deliberation before it is closed, for those entitled.
meetings.pack 会议材料:每个议题的诉求、筛选、以往结论与待答之问,办结后附回答。
    Pack of a meeting: appeals, screening, earlier verdicts, open questions.
meetings.record 已办结会议的材料与结论:各议题的依据、以往结论、回答与理由。
    Record of a closed meeting: what each item rested on, and what was decided.
meetings.attachments 会议的纪要与材料;用 --into 取出到目录,文件以摘要命名。
    Minutes and papers of a meeting; --into copies them to a folder, named by digest.
resources.of 某年或某季各板块的可用资源:列明多少、已占用多少、由哪些事项占用。
    Resources of a period by area: what there is, what is taken, by which items.
resources.state 列明某年或某季某板块可用的资源(万元),写明出处;可以再次列明。
    State what there is for an area in a period, with its source; later again.
resources.cost 列明事项的成本(万元)、所需人数、承担单位和资金来源。
    State what an item would cost, the staff, who carries it, and the money's source.
meetings.funnel 某年、某季或某月的研判漏斗:各问各落下几项、为什么。
    Funnel of a period: how many items fell at which question, and why.
meetings.convene 召集论证会议:日期、主持人、议程;会前可以更改。
    Convene a deliberation: day, chair, agenda; all may be changed before it.
meetings.hold 登记未经召集、正在召开的论证会议及其议程。
    Record a deliberation that was not convened, and its agenda.
meetings.begin 登记已召集的会议召开:谁到会,谁请假。
    Record that a convened deliberation is held: who is there, who is prevented.
meetings.amend 会前更改日期、主持人、议程;会后更正主持人、到会、请假或纪要;没写的不变。
    Change a convened deliberation, or correct the record of a held one.
meetings.put 把事项列入会议议程,或移到议程的另一位置。
    Put an item on the agenda of a deliberation, or move it there.
meetings.take_off 把事项移出会议议程。
    Take an item off the agenda of a deliberation.
meetings.call_off 取消已召集、尚未召开的会议,写明理由。
    Call a convened deliberation off, with the reason.
meetings.postpone 缓议:把会上的一个议题留待下次,写明理由。
    Postpone an item of a deliberation to another one, with the reason.
meetings.attach 上传会议纪要或会议材料。
    Attach the minutes of a deliberation, or a paper for it.
meetings.close 办结会议:公布结论,各事项转入下一步。
    Close a deliberation: its verdicts are published and take effect.
third_parties.list 列出名册中的评估机构;可按类别、状态筛选。
    List the organizations that assess for others.
third_parties.count 评估机构数:符合条件的有几家。
    Number of third parties: how many fit.
third_parties.get 一家评估机构:经验、理解、上级机构。
    Show a third party: experience, understanding, parent.
third_parties.register 登记一家评估机构。
    Register an organization that may assess for others.
third_parties.amend 更正评估机构的登记。
    Change what the register says of a third party.
third_parties.end 终止评估机构的登记,写明理由。
    End a third party's registration, with the reason.
assessments.list 列出评估及其结论;可按事项、类别、状态筛选。
    List assessments with their findings.
assessments.count 评估数:符合条件的有几项。
    Number of assessments: how many fit.
assessments.get 一项评估:结论、风险、谁提交。
    Show an assessment: finding, risk, who submitted it.
assessments.request 委托一种评估。
    Request an assessment.
assessments.submit 提交评估结论。
    Submit the finding of an assessment.
assessments.accept 采信评估结论,或认可风险处置。
    Accept a submitted assessment, or the treatment of its risk.
assessments.return_ 退回评估结论或风险处置,写明理由。
    Return a submitted assessment or a treatment, with the reason.
assessments.treat 登记高风险的处置:措施、单位、期限;由另一人认可。
    Record how a high risk is treated; another person accepts it.
assessments.findings 一项评估历次提交的结论,退回的也在。
    Show every submitted version of a finding, returned ones too.
ledgers.demands 民生需求台账:已研判、尚未办结的需求;可看截至某一天的。
    Demand ledger: items that were judged and have not ended; as of any day.
ledgers.count_demands 台账上的需求数:符合条件的有几项。
    Number of demands on the ledger: how many fit.
ledgers.demand_changes 两日之间的民生需求台账:哪些保留、新进、移出,为何。
    Changes of the demand ledger between two days: stayed, came, left, and why.
ledgers.tasks 民生任务台账:一个单位的事项,自上年末起哪些保留、接续、新增、移出,为何。
    Task ledger of a unit: what was kept, carried over, new and dropped, and why.
ledgers.awaited 待响应的需求:哪些单位还没有响应,期限在哪一天。
    Awaited responses: demands that units have not answered, with the due days.
ledgers.count_awaited 待响应数:符合条件的有几条。
    Number of awaited responses: how many fit.
ledgers.responses 列出各单位对需求的响应。
    List the responses of units to demands.
ledgers.count_responses 响应数:符合条件的有几条。
    Number of responses: how many fit.
ledgers.by_unit 各单位的响应:承接、回复不承接、待响应、超期各有几项。
    Responses of each unit: taken up, declined, awaited, overdue.
ledgers.decline 回复不承接:需求不属本单位,写明理由代码。
    Decline a demand: it is not the unit's own, with a reason code.
ledgers.reconsider 改为承接已回复不承接的需求,写明理由。
    Reconsider a declined demand: take it up, with the reason.
ledgers.drop 移出任务台账:由单位提请并写明理由代码,专班办公室复核。
    Drop an entry of a task ledger: its unit asks with a reason, the office confirms.
lists.list 列出清单;可按时期、单位、类别、状态、事项筛选。
    List the lists.
lists.count 清单数:符合条件的有几份。
    Number of lists: how many fit.
lists.get 查看一份清单,如 list/2024/city。
    Show a list, such as list/2024/city.
lists.editions 一份清单发布过的各版,旧的在前。
    Published editions of a list, oldest first.
lists.published 一份清单的现行版:最近发布的一版。
    Edition of a list that is in force: the last that was published.
lists.overrides 增补会突破哪些遴选规则:星级、去向、名额。
    Rules of the selection that a supplement would override.
lists.executed 一份清单已执行及以后的事项数;可看某日终了时。
    Items of a list that were executed or further at a day's end.
lists.preview 若此刻截止,次年清单会是怎样;不作任何记录。
    Preview next year's list as of now; nothing is recorded.
lists.arrange 调整板块建议中一个事项的位次,或把单位清单上的事项列入;写明理由。
    Arrange an area's proposal: move an item or take one in, with the reason.
lists.describe 写明清单上一个事项的主要内容、目标、配合单位、完成时限。
    Describe an entry of a list: its text, targets, supporting units and due day.
lists.leave_out 不把一个事项列入板块建议,写明理由;它仍在单位清单上。
    Leave an item out of an area's proposal, with the reason.
lists.propose 牵头单位提出本板块的清单。
    Propose an area's items for the city's list.
lists.consolidate 把各板块提出的清单汇总成全市清单。
    Consolidate the areas' proposals to the city's list of a year.
lists.supplement 截止后增补一个事项;须两人。
    Supplement a frozen list with an item; it takes two people.
lists.confirm 确认清单的内容;须两人。
    Confirm the content of a list; it takes two people.
lists.confirm_all 一次确认某一时期各单位的清单;须两人。
    Confirm all units' lists of a period at once; it takes two people.
lists.publish 发布已确认的清单。
    Publish a confirmed list.
lists.drop 放弃已发布清单的修订稿,写明理由;现行版不变。
    Drop the draft of a published list's next edition, with the reason.
lists.enter_opening 录入期初清单;须两人。
    Enter the opening list; it takes two people.
ratings.bad 还没办结的差评:到哪一步,何时到期;最早的在前。
    Bad ratings that are open: where each stands, when it is due.
ratings.callback_rate 某月实名差评的回访率,与差评按期答复率;合计与各单位。
    Share of named bad ratings called back, and of answers on time.
ratings.answer_rate 差评按期答复率。
    Share of bad ratings answered on time.
ratings.failings 差评的问题:渠道、流程、作风,改进了几件。
    What bad ratings were about: channel, process, conduct; what was improved.
ratings.follow_ups 各单位的差评处置。
    Follow-ups of bad ratings by unit.
ratings.service_year 某年的服务事项:目录、成效、覆盖、差评处置。
    Services of a year: catalogue, savings, coverage, follow-ups.
ratings.month_of_units 各单位某月的评价。
    Ratings of a month by unit.
ratings.by 某月评价的统计,按单位、事项、渠道、窗口或人员。
    Count a month's ratings by unit, item, channel, window or person.
ratings.by_service 某月各服务事项的评价数与差评数;多的在前。
    Ratings and bad ratings of a month by service item, most first.
ratings.overdue 某日终了时超期未答复的差评,按单位。
    Answers to bad ratings that are overdue at a day's end, by unit.
ratings.coverage 覆盖情况:哪些事项、对象、渠道还没有评价。
    Coverage: which items, objects and channels have no rating yet.
ratings.savings 截至某年底,服务事项为群众减少的环节、材料、时限、跑动。
    Savings of services by the end of a year: steps, papers, days, visits.
ratings.service_items 服务事项目录:办理方式、是否全程网办、改革前后的负担。
    Catalogue of services: mode, online or not, burden before and after.
ratings.add 导入评价(csv、jsonl);逐行说明未收的,重复导入无妨。
    Import ratings (csv, jsonl); each refused row is named.
ratings.answer 差评整改答复;实名的写明回访日期。
    Answer a bad rating; a named one with the day of the call back.
ratings.verify 核实整改答复;不合格则加 --return 退回。
    Verify an answer; --return sends it back.
ratings.object_to 对误评、恶意差评提出申诉;只有一次。
    Object to a mistaken or malicious rating; once only.
ratings.settle 裁定申诉:成立,或不计差评(须两人)。
    Decide an objection: the rating stands, or is set aside by two people.
scores.month 某月各单位的贡献度评价指数与颜色。
    Index and color of each unit in a month.
scores.month_if_any 某月的计分,没有则为空。
    Scores of a month, if there are any.
scores.months 若干个月的计分,由早到晚;没有计分的月份不列。
    Scores of a span of months, oldest first; months without any are left out.
scores.unit_month 一个单位某月的颜色从哪里来:公式、批次、原始记录(编号遮蔽)、事件。
    Where a unit's color of a month comes from: formula, batches, rows, events.
scores.explain 把一个单位某月的指数逐层拆开,直到来源。
    Explain a unit's index of a month down to its sources.
scores.late_facts 截止后才知道、未计入的。
    Facts that came too late to count.
scores.colors 某月的五色图。
    Five colors of a month.
scores.last_colors 最近一个月的五色图,没有则为空。
    Colors of the last month that has some, or None.
scores.ranking 某季的榜单,分组排列;不稳的名次给出区间。
    Ranking of a quarter by groups; unsteady places have an interval.
scores.of_colors 五色图所依据的计分。
    Scores on which colors are based.
scores.periods 哪些月份有五色图,哪些季度有榜单。
    Months that have colors, and quarters that have a ranking.
scores.editions 一项已发布评价的各版:何时、何人、为何更正。
    Editions of a publication: when, by whom and why it was corrected.
scores.correct 更正已发布的计分、五色图或榜单,出新版;须两人。
    Correct published scores, colors or a ranking; it takes two people.
"""
    + SENSING_ACTS
    + IMPROVING_ACTS
    + SYSTEM_ACTS
)
