"""What the acts and questions of screening and of policies do, in both languages."""

from __future__ import annotations

from typing import Final

#: As ``acts.ACTS``: a line of each language for the screening desk and for policies.
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
items.suggest 从标题与说明建议业务板块、生命周期阶段或主管单位,列出依据的词语。
    What title and description suggest: area, life stage or body, with the terms.
gathering.run 比对新来的诉求:自动归并、请人确认,或算新问题。
    Compare new appeals with earlier ones: link, propose, or leave as new problems.
gathering.list 列出待确认的归并:哪两件可能是同一问题,依据是什么。
    List the proposals that wait: which two appeals may tell of one problem, and why.
gathering.count 待确认的归并数。
    Number of proposals that wait.
gathering.yes 确认是同一问题:挂到那个事项,或归入那一组。
    Say that it is the same problem: link it to that item or group.
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
gathering.repeat 一个事项是否反复多渠道反映。
    Tell whether an item's problem repeats on several channels.
gathering.repeating 列出反复多渠道反映的问题。
    List the problems that repeat on several channels.
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
"""
