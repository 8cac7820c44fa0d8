"""What acts and questions of appeals, screening, policies do, in both languages."""

from __future__ import annotations

from typing import Final

#: As ``acts.ACTS``: a line of each language for appeals, the screening desk, policies.
SENSING_ACTS: Final = """\
points.list 列出直报点;可按区县、级别、状态筛选。
    List direct-report points, by district, level and state.
points.count 直报点数:符合条件的有几个。
    Number of direct-report points: how many fit.
points.get 查看一个直报点。
    Show a direct-report point.
points.coverage 直报点覆盖:各区县哪一级没有点,哪些点长期没有诉求。
    Coverage by direct-report points: levels without one, and silent points.
points.add 开设直报点:写明级别与所在地点。
    Set up a direct-report point: its level and place.
points.add_all 开设一批直报点;已有的不重复登记。
    Set up several direct-report points; known ones are not kept again.
points.move 变更直报点:名称、地点或负责岗位。
    Change a direct-report point: its name, place or post in charge.
points.close 撤销直报点,写明理由。
    Close a direct-report point, with the reason.
appeals.list 最近的诉求各挂在哪个事项;不显示来访人与内容。
    List the newest appeals with their items; never people or texts.
appeals.count 诉求数:符合条件的有几条。
    Number of appeals: how many fit.
appeals.get 查看一条诉求;不显示来访人与内容。
    Show an appeal; never its person or text.
appeals.trail 一条诉求从登记、挂接到答复、结果的全程:何日、由谁、为何;不含来访人与内容。
    Whole way of an appeal to its result: when, by whom, why; never its person or text.
appeals.ways 一个事项的诉求一路如何:何时登记、由谁挂接、办到哪步、答复几件;只有件数。
    Way of an item's appeals: registered, linked, answered; when, by whom, how many.
appeals.by_month 十二个月的诉求数,按渠道。
    Appeals of twelve months by channel.
appeals.frequent 高频事项:近一年诉求最多的事项。
    Frequent items: those with most appeals in a year.
appeals.read 查看诉求原文:谁、何时、为什么看的都会记下;号码与联系人先遮住。
    Read what appeals say: recorded with reader and reason; numbers are masked.
appeals.erase 抹去一个人的个人信息:写代号或 渠道=诉求编号;须两人,不能撤回。
    Erase a person's data: name pseudonym or channel=key; two people, for good.
appeals.readings 谁看过诉求原文:何时、哪几条、为什么、是否看了全文。
    List who read what appeals say: when, which, why, and whether in full.
appeals.count_readings 诉求原文被看过几次。
    Number of times that what appeals say was read.
appeals.by_life_stage 生命周期覆盖:各阶段某几个月的诉求,和现有的事项。
    Coverage of stages of life: appeals of some months, and the items there are.
appeals.add 登记一条诉求;同一渠道的同一编号只记一次。
    Add an appeal; a channel's key is recorded once.
appeals.add_all 登记一批诉求;同一渠道的同一编号只记一次。
    Add many appeals; a channel's key is recorded once.
appeals.link 把诉求挂到事项上,写作 渠道=诉求编号;未挂接的连同它的一组。
    Link appeals to an item, written channel=key; the group of a loose one comes too.
appeals.receipt 凭回执编号查一条诉求办到了哪一步;不显示来访人与内容。
    Ask by the number of a receipt how far an appeal is; never its person or text.
appeals.receipt_of 一条诉求的回执编号,交给来访人,凭它查询办到了哪一步。
    Number of an appeal's receipt, for its citizen to ask how far it is.
answers.list 待答复的诉求:由谁答复,何时到期;最急的在前。
    Appeals that wait for an answer: who gives it, when it is due; urgent first.
answers.count 待答复数:符合条件的有几条。
    Number of appeals that wait for an answer and fit.
answers.get 一条诉求的答复办到了哪一步,何时到期;不显示内容。
    How far the answer to an appeal is, and when it is due; never a text.
answers.rates 答复率与用时:按单位与渠道,在办与逾期的一并列出。
    How promptly appeals are answered, by unit and channel, with what is overdue.
answers.to_close 可以办结的诉求:答复已满规定的工作日而无异议。
    Appeals to close: answered long enough ago, and not reopened.
answers.count_to_close 可办结数:符合条件的有几条。
    Number of answered appeals that may be closed.
answers.proposals 有了进展而尚未逐一告知的事项:何事、几件、何时到期。
    Items of which not everyone was told: what happened, how many wait, when due.
answers.proposal 一个事项须告知几件诉求,答复草稿怎么写。
    How many appeals on an item are to be told, and the draft of it.
answers.give 答复一条诉求;不属本系统职责也是答复。
    Answer an appeal; that it is not the bureau's is an answer, too.
answers.give_all 答复一批诉求,各有各的内容;全部记入,或都不记。
    Answer many appeals, each with its own text; all of them, or none.
answers.extend 延长一条诉求的答复期限;写明理由。
    Extend the deadline of an answer; with a reason.
answers.transfer 把诉求移交给另一单位答复;写明理由代码。
    Transfer an appeal to another unit, which answers it; with a reason code.
answers.reopen 重启已答复的诉求;写明理由代码。
    Reopen an answered appeal; with a reason code.
answers.close 办结已答复的诉求;答复已满规定的工作日而无异议的。
    Close answered appeals; those answered long enough ago.
answers.batch 批量答复挂在一个事项上的每一条诉求;默认用答复草稿。
    Answer everyone on an item at once; with the draft by default.
appeals.unlink 把挂错的诉求从事项上取下,写作 渠道=诉求编号。
    Take wrong appeals off an item, written channel=key.
items.suggest 从标题与说明建议业务板块、生命周期阶段、地点或主管单位,列出依据的词语。
    What title and description suggest: area, stage, place or body, with the terms.
gathering.run 比对新来的诉求:自动归并、请人确认,或算新问题。
    Compare new appeals with earlier ones: link, propose, or leave as new problems.
gathering.list 列出待确认的归并:哪两件可能是同一问题,依据是什么。
    List the proposals that wait: which two appeals may tell of one problem, and why.
gathering.count 待确认的归并数。
    Number of proposals that wait.
gathering.mine 列出等着您确认的归并。
    List the proposals that you may answer.
gathering.count_mine 等着您确认的归并数。
    Number of proposals that you may answer.
gathering.yes 确认是同一问题:连同全组挂到那个事项,或归入那一组。
    Say that it is the same problem: its group joins that item or group.
gathering.join 说明两件是同一问题:没有提出确认的,或答过“不是”的,连同全组归到一起。
    Bring two appeals together that nothing proposes, or after a no; groups follow.
gathering.members 列出一件诉求所在的组:一起移动、一起成为事项的有哪些。
    List the group of an appeal: what moves with it, and becomes an item with it.
gathering.no 不是同一问题:不再问起。
    Say that it is another problem: it is not asked again.
gathering.later 稍后再看:排到后面。
    Leave a proposal for later: it goes behind the others.
gathering.collect 把一组未挂接的诉求采集为事项,全部挂上。
    Collect an item from a group of loose appeals, and link all of them.
gathering.undo 撤销一件诉求的归并,不再问起。
    Undo how an appeal came together with others; it is not proposed again.
gathering.explain 说明一件诉求如何归并、依据是什么。
    Explain how an appeal came together with others.
gathering.groups 一段时间的问题:每个事项或每组诉求的件数、人数、渠道、地方。
    List the problems of a time: appeals, people, channels, places of each.
gathering.count_groups 一段时间有几个问题。
    Number of problems of a time.
gathering.repeat 一个事项是否反复多渠道反映。
    Tell whether an item's problem repeats on several channels.
gathering.verdicts 列出留存的反复反映结论:何时、哪些诉求、当时的状态。
    List the kept verdicts that a problem repeats: when, of which appeals.
gathering.repeating 列出反复多渠道反映的问题。
    List the problems that repeat on several channels.
appeals.suggest 一条诉求的文字建议什么:板块、阶段、地点、主管单位;只列规则库的词语。
    What an appeal's text suggests: area, stage, place, body; the rulebook's terms.
screening.list 列出筛选台:待筛选的事项,普遍性、增长已算好,按所需的分排序。
    List the screening desk: prevalence and growth computed, least needed first.
screening.count 待筛选数:符合条件的有几个。
    Number of items to screen: how many fit.
screening.referred 不属本局职责的事项数,按转往的单位。
    Number of items found not ours, by the body in charge.
screening.rounds 列出历次定期筛选,新的在前。
    List the rounds of screening, newest first.
screening.count_rounds 定期筛选数:共有几次。
    Number of rounds of screening.
screening.get 查看一次定期筛选当时的筛选台。
    Show a round of screening as it was drawn up.
screening.run 立即列出今天的筛选台并存档。
    Draw up a round of screening now: it is stored under today.
policies.list 列出登记的政策。
    List the registered policies.
policies.count 政策数:符合条件的有几份。
    Number of policies: how many fit.
policies.get 查看一份政策与它的承诺。
    Show a policy with its promises.
policies.register 登记政策:发文机关、文号、日期、承诺了什么、何时兑现。
    Register a policy: authority, number, day, and what it promised until when.
policies.amend 更正政策;没有写的不变。
    Amend a policy; what is not given stays.
policies.withdraw 停止执行政策,写明理由。
    Withdraw a policy: it is no longer in force, with a reason.
policies.reviews 列出历次政策执行对照,新的在前。
    List the comparisons of measures with policies, newest first.
policies.count_reviews 政策执行对照数:共有几次。
    Number of comparisons of measures with policies.
policies.review 查看一次政策执行对照。
    Show a comparison of measures with policies.
measures.list 列出本市由政策制定的措施。
    List the measures made from policies.
measures.count 措施数:符合条件的有几项。
    Number of measures: how many fit.
measures.get 查看一项措施:承接哪些承诺、由谁牵头、由哪些事项承办。
    Show a measure: promises taken over, lead unit, items that carry it out.
measures.compare 对照措施:承诺、进展、投诉、满意度,现在有没有差距。
    Compare measures now: promise, progress, complaints, satisfaction.
measures.register 登记措施:由哪份政策制定、承接哪些承诺、何时兑现、由谁牵头。
    Register a measure: its policy, promises with their days, lead unit, items.
measures.amend 更正措施;没有写的不变。
    Amend a measure; what is not given stays.
measures.withdraw 停止执行措施,写明理由。
    Withdraw a measure: it is no longer compared, with a reason.
answers.give_back 把新的答复交回渠道:渠道编号、回执、时间、答复;记下谁取走。
    Give new answers back to their channel: key, receipt, time, text; recorded.
"""
