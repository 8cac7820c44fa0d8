"""What the acts and questions of screening and of policies do, in both languages."""

from __future__ import annotations

from typing import Final

#: As ``acts.ACTS``: a line of each language for the screening desk and for policies.
SENSING_ACTS: Final = """\
items.suggest 从标题与说明建议业务板块、生命周期阶段或主管单位,列出依据的词语。
    What title and description suggest: area, life stage or body, with the terms.
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
