"""What a person is asked for: the names of arguments and of their fields."""

from __future__ import annotations

from huimin_flow.terms.term import Term


class Given(Term):
    """An argument of an act, or a field of it, as a refusal calls it."""

    TITLE = "title", "标题", "title"
    DESCRIPTION = "description", "说明", "description"
    KEY = "key", "编号", "key"
    TEXT = "text", "内容", "text"
    AT = "at", "时间", "time"
    ON = "on", "日期", "day"
    BY = "by", "经办人", "who acts"
    SECOND = "second", "第二人", "second person"
    PERSON = "person", "来访人代号", "code of a person"
    NOTE = "note", "备注", "note"
    REASON = "reason", "理由", "reason"
    GROUNDS = "grounds", "依据", "grounds"
    UNIT = "unit", "单位", "unit"
    DISTRICT = "district", "区县", "district"
    AREA = "area", "业务板块", "area of business"
    ORIGIN = "origin", "来源类型", "origin"
    CHANNEL = "channel", "渠道", "channel"
    SOURCE = "source", "来源", "source"
    NUMBER = "number", "事项编号", "item number"
    STREAM = "stream", "记录名", "stream"
    NAME = "name", "名称", "name"
    LEVEL = "level", "评价等级", "level"
    SCORE = "score", "得分", "score"
    SCORES = "scores", "各项得分", "scores"
    VALUE = "value", "数值", "value"
    MONTH = "month", "月份", "month"
    PERIOD = "period", "时期", "period"
    ANSWER = "answer", "答复", "answer"
    TASK = "task", "任务", "task"
    MEMBERS = "members", "成员", "members"
    VERSION = "version", "版本", "version"
    DIGEST = "digest", "摘要", "digest"
    APPEALS = "appeals", "诉求", "appeals"
    PLACE = "place", "地点", "place"
