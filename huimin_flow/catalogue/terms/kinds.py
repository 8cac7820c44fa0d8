"""What kinds of things are given to an act: words for the types of its arguments."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class GivenKind(Term):
    """A type of an argument, by its name in Python, as a refusal calls it."""

    NONETYPE = "nonetype", "空值", "nothing"
    BOOL = "bool", "是非值", "yes or no"
    BYTES = "bytes", "字节", "bytes"
    LIST = "list", "列表", "list"
    TUPLE = "tuple", "定长列表", "tuple"
    DICT = "dict", "“键: 值”", "mapping"
    SET = "set", "集合", "set"
    FROZENSET = "frozenset", "不变集合", "frozen set"
    ACTOR = "actor", "经办人", "actor"
    ANSWER = "answer", "回答", "answer"
    APPEAL = "appeal", "诉求", "voice"
    COLORED = "colored", "单位颜色", "color of a unit"
    DEMAND = "demand", "事项需求", "demand"
    EFFECTIVENESS = "effectiveness", "预估执行效度", "expected effectiveness"
    INDICATOR = "indicator", "指标", "indicator"
    JUDGMENT = "judgment", "研判", "judgment"
    MONTHLYCOLORS = "monthlycolors", "五色图", "five colors"
    OPENINGLIST = "openinglist", "期初清单", "opening list"
    OPENINGTASK = "openingtask", "期初清单的一项", "entry of the opening list"
    PLAN = "plan", "方案", "plan"
    PROGRESS = "progress", "进展", "progress"
    QUARTERLYRANKING = "quarterlyranking", "季度榜单", "quarterly ranking"
    RANKED = "ranked", "单位名次", "place of a unit"
    RATING = "rating", "评价", "rating"
    REASON = "reason", "理由", "reason"
    REFUSEDROW = "refusedrow", "未收的一行", "row that was refused"
    RESTS = "rests", "所依据的版次", "editions that it rests on"
    RULEBOOK = "rulebook", "规则库", "rulebook"
    TASK = "task", "任务", "task"
    TASKRESULT = "taskresult", "任务结果", "result of a task"
