"""What is done in streams other than an item's and a follow-up's (DESIGN §6)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


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
    REQUEST = "request", "委托", "request"
    RETURN = "return_", "退回", "return"
    RUN = "run", "定时作业", "run"
    SCORE = "score", "发布评分", "publish scores"
    SUBMIT = "submit", "提交", "submit"
    SUPPLEMENT = "supplement", "增补", "supplement"
    WITHDRAW = "withdraw", "撤回提请", "withdraw"
