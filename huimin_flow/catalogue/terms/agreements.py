"""The words of agreements: what is agreed before execution, and how it turned out."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, Term


class PlanField(Term):
    """What a plan must contain before execution, besides its tasks (B6, B8)."""

    DELIVERABLE = "deliverable", "成果形式", "deliverable"
    CARRIER = "carrier", "实施载体", "carrier"
    PATH = "path", "路径", "path"
    METHOD = "method", "方法", "method"
    SATISFACTION_MEASURE = (
        "satisfaction_measure",
        "群众满意度绩效测评方式",
        "satisfaction measure",
    )
    OUTCOME = "outcome", "惠民效果", "outcome"
    SOCIAL_BENEFIT = "social_benefit", "社会效益", "social benefit"


class OutcomeKind(Term):
    """What an agreed outcome is: an effect for people, or for society (B8)."""

    OUTCOME = "outcome", "惠民效果", "outcome"
    SOCIAL_BENEFIT = "social_benefit", "社会效益", "social benefit"


class MarkSide(Term):
    """On which side of its mark a counted outcome must be."""

    AT_LEAST = "at_least", "不低于", "at least"
    AT_MOST = "at_most", "不高于", "at most"


class SatisfactionMethod(Term):
    """How the satisfaction of the people concerned is measured (B6)."""

    SURVEY = "survey", "问卷调查", "survey"
    CALL_BACK = "call_back", "电话回访", "call-backs"
    SERVICE_RATINGS = "service_ratings", "好差评", "service ratings"
    ON_SITE = "on_site", "现场测评", "on-site ballot"
    THIRD_PARTY = "third_party", "第三方测评", "third-party survey"


class Grade(Term):
    """The result of an agreed outcome, or of an item (B8)."""

    MET = "met", "达成", "met"
    PARTLY = "partly", "部分达成", "partly met"
    NOT_MET = "not_met", "未达成", "not met"
    NOT_MEASURABLE = "not_measurable", "不可衡量", "not measurable"


class TargetFlaw(Term):
    """Why a target or an agreement cannot be measured, as advice (B8)."""

    NO_DENOMINATOR = "no_denominator", "应写明以什么为分母", "name the denominator"
    NOT_POSITIVE = "not_positive", "目标值应大于0", "the target must be above 0"
    ABOVE_WHOLE = (
        "above_whole",
        "分母写明的,目标最多100%",
        "a share of a named whole is 100 percent at most",
    )
    NO_TOLERANCE = "no_tolerance", "“左右”应写明允许的偏差", "name the tolerance"
    NO_STATEMENT = (
        "no_statement",
        "应写明约定达到什么效果",
        "say what is to be achieved",
    )
    NOTHING_TO_CHECK = (
        "nothing_to_check",
        "应写明计什么数,或凭什么材料核对",
        "say what is counted, or by which evidence it is checked",
    )
    NO_MARK = "no_mark", "计数的应写明约定数值", "give the mark of what is counted"
    NO_MEASURE = (
        "no_measure",
        "计数的应写明计量单位",
        "name the unit of what is counted",
    )
    DUE_PAST = "due_past", "期限应为今日或以后", "it must be due today or later"
    NO_METHOD = "no_method", "应选定测评方式", "choose a method"
    NO_POPULATION = "no_population", "应写明测评对象", "name who is asked"
    NO_SERVICE_ITEM = (
        "no_service_item",
        "以好差评测评的,应写明所涉服务事项(--service-item)",
        "name the service items whose ratings count (--service-item)",
    )
    NO_SAMPLE = (
        "no_sample",
        "样本量或抽样比例至少写一项,且大于0(比例不超过100)",
        "give a sample size or a share of 1 to 100 percent",
    )
    MARK_UNFIT = (
        "mark_unfit",
        "合格线应在规则库的合格线与100之间",
        "the mark must be between the rulebook's mark and 100",
    )
    NO_EVIDENCE = "no_evidence", "应写明依据何种材料", "name the evidence"
    FIGURE_NEEDED = (
        "figure_needed",
        "计数的只填数值,由规则评定",
        "give the figure; the rule grades it",
    )
    GRADE_NEEDED = (
        "grade_needed",
        "不计数的只填达成、部分达成或未达成",
        "say whether it is met, partly met or not met",
    )


class Unlimited(Term):
    """What a rule says of a trait that it doesn't ask about."""

    ANY = "any", "不限", "any"


class ThirdPartyKind(Term):
    """The kind of an organization that assesses for others (D4)."""

    UNIVERSITY = "university", "高校", "university"
    INSTITUTE = "institute", "科研院所", "research institute"
    PROFESSIONAL = "professional", "专业机构", "professional body"


class ThirdPartyState(StateTerm):
    """Whether an organization may be engaged (D4)."""

    REGISTERED = "registered", "在册", "registered"
    ENDED = "ended", "已终止", "ended"


class Relation(Term):
    """How an assessor is bound to an item, so that it can't assess it (D4)."""

    MAKER = "maker", "提出单位", "the unit that proposed it"
    LEAD = "lead", "牵头单位", "the lead unit"
    EXECUTOR = "executor", "任务责任单位", "a unit with a task"
    CARRIER = "carrier", "实施载体", "the carrier"
    SUBJECT = "subject", "决策对象", "the subject of the decision"
    PARENT = "parent", "上级机构", "the parent organization"
    CHILD = "child", "下属机构", "an organization that belongs to it"
    SIBLING = "sibling", "同一上级机构", "an organization of the same parent"


class AssessmentKind(Term):
    """The four assessments before a decision, 大成集智 (B7)."""

    THIRD_PARTY = "third_party", "第三方评估", "third-party assessment"
    LEGALITY = "legality", "合法性审查评估", "legality review"
    PETITION_RISK = "petition_risk", "信访稳定风险评估", "petition risk"
    OPINION_RISK = "opinion_risk", "网络舆情风险评估", "online opinion risk"


class AssessmentState(StateTerm):
    """The state of an assessment (B7)."""

    REQUESTED = "requested", "已委托", "requested"
    SUBMITTED = "submitted", "已提交", "submitted"
    ACCEPTED = "accepted", "已采信", "accepted"
    RETURNED = "returned", "已退回", "returned"
    AT_RISK = "at_risk", "高风险待处置", "high risk to treat"
    TREATED = "treated", "处置待认可", "treatment recorded"
    CLEARED = "cleared", "处置已认可", "risk treated"
