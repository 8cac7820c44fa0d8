"""What streams there are, and what is done in those other than an item's."""

from __future__ import annotations

from typing import Self

from huimin_flow.catalogue.terms.term import Term


class StreamKind(Term):
    """A kind of stream: it begins the name of each of its streams."""

    ITEM = "item", "事项", "item"
    DELIBERATION = "deliberation", "论证会议", "deliberation"
    ASSESSMENT = "assessment", "评估", "assessment"
    LIST = "list", "清单", "list"
    EXCUSE = "excuse", "任务免除", "excuse of a task"
    ATTACHMENT = "attachment", "附件", "attachment"
    BATCH = "batch", "批次", "batch"
    FOLLOW_UP = "followup", "差评处置", "follow-up of a bad rating"
    SCORE = "score", "月度计分", "scores of a month"
    COLORS = "colors", "五色图", "five colors of a month"
    RANKING = "ranking", "季度榜单", "ranking of a quarter"
    PROGRESS_CALL = "progress_call", "进展催报", "call for progress"
    PROGRESS_CHASE = "progress_chase", "进展追报", "chase for progress"
    JOB = "job", "定时作业", "job of the timetable"
    PROPOSAL = "proposal", "提请", "proposal"
    RULEBOOK = "rulebook", "规则库", "rulebook"

    def key(self, *about: object) -> str:
        """Return the name of one stream of this kind.

        >>> StreamKind.LIST.key(2027, "city"), StreamKind.RULEBOOK.key()
        ('list/2027/city', 'rulebook')

        """
        return "/".join([self.value, *map(str, about)])

    @classmethod
    def parse(cls, stream: str) -> tuple[Self | None, str]:
        """Return the kind of a stream, None for a strange one, and what it is about.

        >>> StreamKind.parse("list/2027/city")[1], StreamKind.parse("moon/1")[0]
        ('2027/city', None)

        """
        kind, _, about = stream.partition("/")
        try:
            return cls(kind), about
        except ValueError:
            return None, about

    @classmethod
    def spoken(cls, stream: str) -> str:
        """Return a stream in words, by the name under which people ask for it.

        >>> StreamKind.spoken("item/2027-000001"), StreamKind.spoken("list/2027/city")
        ('事项 2027-000001', '清单 list/2027/city')

        """
        kind, about = cls.parse(stream)
        if kind is None or not about:
            return stream
        bare = kind in {cls.ITEM, cls.FOLLOW_UP}
        return f"{kind.label} {about if bare else stream}"


class StreamState(Term):
    """Where a stream stands that has no states of its own."""

    UNBORN = "unborn", "尚未开始", "not begun"
    KEPT = "kept", "已记载", "kept"


class RecordStep(Term):
    """The steps of lists, meetings, assessments, publications, jobs and batches."""

    ACCEPT = "accept", "采信", "accept"
    ACTIVATE = "activate", "启用规则库", "activate"
    AMEND = "amend", "修订", "amend"
    APPROVE = "approve", "复核通过", "approve"
    ATTACH = "attach", "上传附件", "attach"
    CALL = "call", "催报", "call"
    COLOR = "color", "发布五色图", "publish colors"
    CONFIRM = "confirm", "确认", "confirm"
    CORRECT = "correct", "更正发布", "publish a correction"
    EXCUSE = "excuse", "免除任务", "excuse"
    FREEZE = "freeze", "截止成册", "freeze"
    HOLD = "hold", "召开论证会议", "hold a deliberation"
    KEEP = "keep", "入库一批", "keep a batch"
    OPEN = "open", "录入期初清单", "enter the opening list"
    PROPOSE = "propose", "提请", "propose"
    PUBLISH = "publish", "发布", "publish"
    RANK = "rank", "发布榜单", "publish a ranking"
    REPORT = "report", "报送进展", "report progress"
    REQUEST = "request", "委托", "request"
    RETURN = "return_", "退回", "return"
    RUN = "run", "定时作业", "run"
    SCORE = "score", "发布评分", "publish scores"
    SUBMIT = "submit", "提交", "submit"
    SUPPLEMENT = "supplement", "增补", "supplement"
    WITHDRAW = "withdraw", "撤回提请", "withdraw"
