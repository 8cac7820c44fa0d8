"""The words of the month's progress sheet (C4)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class SheetColumn(Term):
    """A column of the sheet, in its order; its label is its heading."""

    ITEM = "item", "事项编号", "item"
    ITEM_TITLE = "item_title", "事项", "title of the item"
    TASK = "task", "任务编号", "task"
    INDICATOR = "indicator", "指标", "indicator"
    KIND = "kind", "类型", "kind"
    MEASURE = "measure", "单位", "unit of measure"
    TARGET = "target", "目标", "target"
    EXPECTED = "expected", "计划应达", "expected by now"
    ACTUAL = "actual", "已报", "reported so far"
    STANDS = "stands", "进度", "pace"
    MONTH = "month", "月份", "month"
    VALUE = "value", "本月数值", "figure of the month"
    DENOMINATOR = "denominator", "分母", "denominator"
    NOTE = "note", "备注", "note"
    EVIDENCE = "evidence", "佐证", "evidence"
    MEMBERS = "members", "本月完成成员", "members done in the month"
    ALL_MEMBERS = "all_members", "全部成员", "all members"
    MARK = "mark", "核对码", "mark"


class SheetText(Term):
    """What the sheet says beside its rows."""

    NAME = "name", "月度进展", "progress of the month"
    HINT = (
        "hint",
        (
            "只填浅色各列:本月数值写当月新增(保有类写月末数),比率类另填分母;"
            "动态清零的本月数值写本月帮扶数,分母写本月发现数;"
            "具名事项另写本月完成的成员,用顿号或分号隔开;"
            "佐证写已上传附件的摘要。不填的行不报送;再报即更正。"
        ),
        "Fill in the light columns; a row without a figure is not reported.",
    )
    WRONG_FIGURE = "wrong_figure", "数值不对", "wrong figure"
    WHOLE_FIGURE = (
        "whole_figure",
        "请填不小于0的整数。",
        "Give a whole number from 0 up.",
    )
