"""The project's terms, each with its Chinese and English label, defined once.

A member stores its English identifier (``State.SCREENED == "screened"``) and
carries ``label`` (Chinese, what a screen shows) and ``english``.
"""

from __future__ import annotations

from huimin_flow.catalogue.terms.agreements import AssessmentKind as AssessmentKind
from huimin_flow.catalogue.terms.agreements import AssessmentState as AssessmentState
from huimin_flow.catalogue.terms.agreements import Grade as Grade
from huimin_flow.catalogue.terms.agreements import MarkSide as MarkSide
from huimin_flow.catalogue.terms.agreements import OutcomeKind as OutcomeKind
from huimin_flow.catalogue.terms.agreements import PlanField as PlanField
from huimin_flow.catalogue.terms.agreements import Relation as Relation
from huimin_flow.catalogue.terms.agreements import (
    SatisfactionMethod as SatisfactionMethod,
)
from huimin_flow.catalogue.terms.agreements import TargetFlaw as TargetFlaw
from huimin_flow.catalogue.terms.agreements import ThirdPartyKind as ThirdPartyKind
from huimin_flow.catalogue.terms.agreements import ThirdPartyState as ThirdPartyState
from huimin_flow.catalogue.terms.agreements import Unlimited as Unlimited
from huimin_flow.catalogue.terms.arguments import Argument as Argument
from huimin_flow.catalogue.terms.arguments import FieldKind as FieldKind
from huimin_flow.catalogue.terms.arguments import Obstacle as Obstacle
from huimin_flow.catalogue.terms.deciding import BulkAct as BulkAct
from huimin_flow.catalogue.terms.deciding import ChangeKind as ChangeKind
from huimin_flow.catalogue.terms.deciding import EditionKind as EditionKind
from huimin_flow.catalogue.terms.deciding import EditionState as EditionState
from huimin_flow.catalogue.terms.deciding import Entry as Entry
from huimin_flow.catalogue.terms.deciding import EntryField as EntryField
from huimin_flow.catalogue.terms.deciding import Fact as Fact
from huimin_flow.catalogue.terms.deciding import LedgerMove as LedgerMove
from huimin_flow.catalogue.terms.deciding import MeetingState as MeetingState
from huimin_flow.catalogue.terms.deciding import OpeningWord as OpeningWord
from huimin_flow.catalogue.terms.deciding import Placement as Placement
from huimin_flow.catalogue.terms.deciding import ResponseState as ResponseState
from huimin_flow.catalogue.terms.deciding import Rolling as Rolling
from huimin_flow.catalogue.terms.deciding import StalePart as StalePart
from huimin_flow.catalogue.terms.deciding import Strength as Strength
from huimin_flow.catalogue.terms.executing import DoubtCause as DoubtCause
from huimin_flow.catalogue.terms.executing import Sense as Sense
from huimin_flow.catalogue.terms.executing import SurveyColumn as SurveyColumn
from huimin_flow.catalogue.terms.executing import SurveyState as SurveyState
from huimin_flow.catalogue.terms.executing import SurveyStep as SurveyStep
from huimin_flow.catalogue.terms.executing import TaskAside as TaskAside
from huimin_flow.catalogue.terms.executing import TaskReturnState as TaskReturnState
from huimin_flow.catalogue.terms.executing import TaskReturnStep as TaskReturnStep
from huimin_flow.catalogue.terms.executing import TaskStanding as TaskStanding
from huimin_flow.catalogue.terms.field import AppealField as AppealField
from huimin_flow.catalogue.terms.field import Duty as Duty
from huimin_flow.catalogue.terms.field import FieldWord as FieldWord
from huimin_flow.catalogue.terms.field import GuessGround as GuessGround
from huimin_flow.catalogue.terms.field import Tie as Tie
from huimin_flow.catalogue.terms.histories import AuditPart as AuditPart
from huimin_flow.catalogue.terms.histories import Flaw as Flaw
from huimin_flow.catalogue.terms.histories import ProposalField as ProposalField
from huimin_flow.catalogue.terms.histories import RecordStep as RecordStep
from huimin_flow.catalogue.terms.histories import StreamKind as StreamKind
from huimin_flow.catalogue.terms.histories import StreamState as StreamState
from huimin_flow.catalogue.terms.histories import TwoPeople as TwoPeople
from huimin_flow.catalogue.terms.improving import AdviceState as AdviceState
from huimin_flow.catalogue.terms.improving import AdviceStep as AdviceStep
from huimin_flow.catalogue.terms.improving import Board as Board
from huimin_flow.catalogue.terms.improving import BoardGround as BoardGround
from huimin_flow.catalogue.terms.improving import BoardState as BoardState
from huimin_flow.catalogue.terms.improving import BoardStep as BoardStep
from huimin_flow.catalogue.terms.improving import CheckWay as CheckWay
from huimin_flow.catalogue.terms.improving import DecisionState as DecisionState
from huimin_flow.catalogue.terms.improving import DecisionStep as DecisionStep
from huimin_flow.catalogue.terms.improving import DigestKind as DigestKind
from huimin_flow.catalogue.terms.improving import DigestReach as DigestReach
from huimin_flow.catalogue.terms.improving import DigestStep as DigestStep
from huimin_flow.catalogue.terms.improving import EffectMeasure as EffectMeasure
from huimin_flow.catalogue.terms.improving import EngagementState as EngagementState
from huimin_flow.catalogue.terms.improving import EngagementStep as EngagementStep
from huimin_flow.catalogue.terms.improving import Failing as Failing
from huimin_flow.catalogue.terms.improving import FeedState as FeedState
from huimin_flow.catalogue.terms.improving import FeedStep as FeedStep
from huimin_flow.catalogue.terms.improving import FeedWay as FeedWay
from huimin_flow.catalogue.terms.improving import Figures as Figures
from huimin_flow.catalogue.terms.improving import Freshness as Freshness
from huimin_flow.catalogue.terms.improving import OrderState as OrderState
from huimin_flow.catalogue.terms.improving import OrderStep as OrderStep
from huimin_flow.catalogue.terms.improving import PopulationState as PopulationState
from huimin_flow.catalogue.terms.improving import PopulationStep as PopulationStep
from huimin_flow.catalogue.terms.improving import PracticeState as PracticeState
from huimin_flow.catalogue.terms.improving import PracticeStep as PracticeStep
from huimin_flow.catalogue.terms.improving import (
    RectificationState as RectificationState,
)
from huimin_flow.catalogue.terms.improving import (
    RectificationStep as RectificationStep,
)
from huimin_flow.catalogue.terms.improving import ReplicationState as ReplicationState
from huimin_flow.catalogue.terms.improving import ReplicationStep as ReplicationStep
from huimin_flow.catalogue.terms.improving import (
    ReviewMeetingState as ReviewMeetingState,
)
from huimin_flow.catalogue.terms.improving import ReviewMeetingStep as ReviewMeetingStep
from huimin_flow.catalogue.terms.improving import Risk as Risk
from huimin_flow.catalogue.terms.improving import RiskGround as RiskGround
from huimin_flow.catalogue.terms.improving import Severity as Severity
from huimin_flow.catalogue.terms.improving import SpotCheckState as SpotCheckState
from huimin_flow.catalogue.terms.improving import SpotCheckStep as SpotCheckStep
from huimin_flow.catalogue.terms.improving import Standing as Standing
from huimin_flow.catalogue.terms.rating import FollowUpState as FollowUpState
from huimin_flow.catalogue.terms.rating import FollowUpStep as FollowUpStep
from huimin_flow.catalogue.terms.rating import Misrating as Misrating
from huimin_flow.catalogue.terms.rating import RatingField as RatingField
from huimin_flow.catalogue.terms.rating import RatingLevel as RatingLevel
from huimin_flow.catalogue.terms.rating import RatingObject as RatingObject
from huimin_flow.catalogue.terms.rating import ServiceMode as ServiceMode
from huimin_flow.catalogue.terms.scoring import Bound as Bound
from huimin_flow.catalogue.terms.scoring import Certainty as Certainty
from huimin_flow.catalogue.terms.scoring import Color as Color
from huimin_flow.catalogue.terms.scoring import Coloring as Coloring
from huimin_flow.catalogue.terms.scoring import CurveKind as CurveKind
from huimin_flow.catalogue.terms.scoring import Direction as Direction
from huimin_flow.catalogue.terms.scoring import FormulaWord as FormulaWord
from huimin_flow.catalogue.terms.scoring import LateKind as LateKind
from huimin_flow.catalogue.terms.scoring import Measure as Measure
from huimin_flow.catalogue.terms.scoring import Missing as Missing
from huimin_flow.catalogue.terms.scoring import Normalization as Normalization
from huimin_flow.catalogue.terms.scoring import Pace as Pace
from huimin_flow.catalogue.terms.scoring import ScoreClass as ScoreClass
from huimin_flow.catalogue.terms.scoring import SheetColumn as SheetColumn
from huimin_flow.catalogue.terms.scoring import SheetText as SheetText
from huimin_flow.catalogue.terms.sensing import AnswerKind as AnswerKind
from huimin_flow.catalogue.terms.sensing import AnswerState as AnswerState
from huimin_flow.catalogue.terms.sensing import AnswerStep as AnswerStep
from huimin_flow.catalogue.terms.sensing import Gathering as Gathering
from huimin_flow.catalogue.terms.sensing import Nearness as Nearness
from huimin_flow.catalogue.terms.sensing import Occasion as Occasion
from huimin_flow.catalogue.terms.sensing import PlaceMatch as PlaceMatch
from huimin_flow.catalogue.terms.sensing import PlaceNaming as PlaceNaming
from huimin_flow.catalogue.terms.sensing import PointLevel as PointLevel
from huimin_flow.catalogue.terms.sensing import PointState as PointState
from huimin_flow.catalogue.terms.sensing import PointStep as PointStep
from huimin_flow.catalogue.terms.sensing import PolicyState as PolicyState
from huimin_flow.catalogue.terms.sensing import ReceiptWord as ReceiptWord
from huimin_flow.catalogue.terms.sensing import ScreeningOrder as ScreeningOrder
from huimin_flow.catalogue.terms.sensing import TextPart as TextPart
from huimin_flow.catalogue.terms.sensing import WayPart as WayPart
from huimin_flow.catalogue.terms.term import ReasonCode as ReasonCode
from huimin_flow.catalogue.terms.term import StateTerm as StateTerm
from huimin_flow.catalogue.terms.term import StepTerm as StepTerm
from huimin_flow.catalogue.terms.term import Term as Term
from huimin_flow.catalogue.terms.term import kinds as kinds
from huimin_flow.catalogue.terms.timetable import DeliveryState as DeliveryState
from huimin_flow.catalogue.terms.timetable import Every as Every
from huimin_flow.catalogue.terms.timetable import Fault as Fault
from huimin_flow.catalogue.terms.timetable import Health as Health
from huimin_flow.catalogue.terms.timetable import Job as Job
from huimin_flow.catalogue.terms.timetable import Missed as Missed
from huimin_flow.catalogue.terms.timetable import Outcome as Outcome
from huimin_flow.catalogue.terms.timetable import Roll as Roll
from huimin_flow.catalogue.terms.timetable import SenderKind as SenderKind
from huimin_flow.catalogue.terms.timetable import TodoKind as TodoKind


class State(StateTerm):
    """The state of an item."""

    COLLECTED = "collected", "已采集", "collected"
    SCREENED = "screened", "已筛选", "screened"
    JUDGED = "judged", "已研判", "judged"
    STARRED = "starred", "已评星", "starred"
    LISTED = "listed", "已入清单", "listed"
    ASSIGNED = "assigned", "已分解", "assigned"
    EXECUTED = "executed", "已执行", "executed"
    EVALUATED = "evaluated", "已评价", "evaluated"
    ADJUSTED = "adjusted", "已调整", "adjusted"
    MERGED = "merged", "已合并", "merged"
    DEFERRED = "deferred", "已暂缓", "deferred"
    REJECTED = "rejected", "不予采纳", "rejected"
    CLOSED = "closed", "已办结", "closed"


class Ending(Term):
    """How a closed item ended: an item that was cancelled was never completed."""

    COMPLETED = "completed", "已办结", "completed"
    CANCELLED = "cancelled", "已撤销", "cancelled"


class Step(StepTerm):
    """What an actor does to an item."""

    COLLECT = "collect", "采集", "collect"
    SCREEN = "screen", "筛选", "screen"
    JUDGE = "judge", "研判", "judge"
    STAR = "star", "评星", "star"
    ENLIST = "enlist", "列入清单", "enlist"
    ASSIGN = "assign", "分解任务", "assign"
    EXECUTE = "execute", "执行完成", "execute"
    EVALUATE = "evaluate", "评价", "evaluate"
    ADJUST = "adjust", "动态调整", "adjust"
    ADVISE = "advise", "调整建议", "advise"
    MERGE = "merge", "合并", "merge"
    UNMERGE = "unmerge", "撤回合并", "unmerge"
    SPLIT = "split", "拆分", "split"
    REJECT = "reject", "不予采纳", "reject"
    DEFER = "defer", "暂缓", "defer"
    REVIVE = "revive", "恢复", "revive"
    RETURN = "return_", "退回", "return"
    AMEND = "amend", "更正", "amend"
    CANCEL = "cancel", "撤销", "cancel"
    REWORK = "rework", "返工", "rework"
    CLOSE = "close", "办结", "close"
    REOPEN = "reopen", "重启", "reopen"
    CARRY_OVER = "carry_over", "接续", "carry over"
    RESPOND = "respond", "响应", "respond"
    TRANSFER = "transfer", "移交", "transfer"
    REASSIGN = "reassign", "调整任务", "reassign"
    DOUBT = "doubt", "存疑", "put in doubt"
    ANNOTATE = "annotate", "填写附加字段", "enter own fields of"


class ItemOrder(Term):
    """The order of a list of items."""

    OLDEST = "oldest", "编号", "oldest first"
    NEWEST = "newest", "最新", "newest first"
    STARS = "stars", "星级", "most stars first"


class Origin(Term):
    """Where a demand was discovered (A3, A4, A5)."""

    PROBLEM = "problem", "问题反映", "reported problem"
    OPINION = "opinion", "社情民意", "public opinion"
    POLICY = "policy", "政策执行", "policy execution"


class Criterion(Term):
    """A criterion of screening (A3, A4; those of POLICY are ours)."""

    PREVALENCE = "prevalence", "普遍性", "prevalence"
    URGENCY = "urgency", "紧迫性", "urgency"
    FUNDAMENTALITY = "fundamentality", "根本性", "fundamentality"
    IMPORTANCE = "importance", "重要性", "importance"
    POSSIBILITY = "possibility", "可能性", "possibility"
    GAP = "gap", "问题差距", "gap between promise and progress"
    REACTION = "reaction", "群众反响", "public reaction"


class Question(Term):
    """The four questions of a deliberation, in their order (B1)."""

    WANTED = "wanted", "想做", "wanted"
    PERMITTED = "permitted", "可做", "permitted"
    CAPABLE = "capable", "能做", "capable"
    WARRANTED = "warranted", "该做", "warranted"


class Attribute(Term):
    """An attribute on which a judged item is scored (B2)."""

    POSSIBILITY = "possibility", "可能性", "possibility"
    FEASIBILITY = "feasibility", "可行性", "feasibility"
    PERCEPTIBILITY = "perceptibility", "可感性", "perceptibility"


class Dimension(Term):
    """A part of the perceived benefit, 惠民有感强度 (B3; the parts are ours)."""

    REACH = "reach", "受益面", "reach"
    NEED = "need", "急需度", "need"
    PERCEPTIBILITY = "perceptibility", "可感性", "perceptibility"
    LASTING = "lasting", "长效性", "lasting effect"


class Area(Term):
    """The four business areas, and GENERAL for everything else (C1)."""

    EMPLOYMENT = "employment", "就业创业", "employment"
    SOCIAL_SECURITY = "social_security", "社会保障", "social security"
    TALENT = "talent", "人才人事", "talent"
    LABOR_RELATIONS = "labor_relations", "劳动关系", "labor relations"
    GENERAL = "general", "综合服务", "general"


class LifeStage(Term):
    """A stage of a person's life that an item serves (X1; stages are ours)."""

    STUDY = "study", "求学", "study"
    FIRST_JOB = "first_job", "初次就业", "first job"
    WORK = "work", "在职", "work"
    BUSINESS = "business", "创业", "own business"
    UNEMPLOYMENT = "unemployment", "失业", "unemployment"
    RETIREMENT = "retirement", "退休", "retirement"
    ALL = "all", "全周期", "all stages"


class IndicatorKind(Term):
    """How an indicator adds up."""

    FLOW = "flow", "累计量", "flow"
    STOCK = "stock", "存量", "stock"
    RATE = "rate", "比率", "rate"
    ZERO = "zero", "动态清零", "kept at zero"
    FULL = "full", "应尽尽", "full coverage"
    SET = "set", "名录", "named set"
    MILESTONE = "milestone", "里程碑", "milestone"


class Comparator(Term):
    """How a value is compared with its target."""

    GE = "ge", "不低于", "at least"
    APPROX = "approx", "左右", "about"
    EQ = "eq", "等于", "exactly"
    BARE = "bare", "达到", "reaching"


class ResultMeasure(Term):
    """A measure of the final evaluation (B8, B9)."""

    FULFILMENT = "fulfilment", "落实度", "fulfilment"
    SATISFACTION = "satisfaction", "满意度", "satisfaction"


class ProposalState(StateTerm):
    """The state of a proposal for an act of two people (F1)."""

    WAITING = "waiting", "待复核", "waiting"
    APPROVED = "approved", "已复核", "approved"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class Recommendation(Term):
    """What the adjustment of an item recommends (B9)."""

    CONTINUE = "continue", "继续实施", "continue"
    IMPROVE = "improve", "调整完善", "improve"
    REPLICATE = "replicate", "复制推广", "replicate"
    STOP = "stop", "停止实施", "stop"


class UnitKind(Term):
    """The kind of a unit; only units of one kind are ranked together."""

    DISTRICT = "district", "区县", "district"
    ZONE = "zone", "功能区", "zone"
    DIVISION = "division", "机关处室", "division"
    AGENCY = "agency", "局属事业单位", "agency"
    OFFICE = "office", "工作专班办公室", "task-force office"
    AUDITOR = "auditor", "驻局纪检监察组", "auditor"


class Role(Term):
    """A person's role in the task force (F1)."""

    LEADER = "leader", "组长", "leader"
    DEPUTY_LEADER = "deputy_leader", "副组长", "deputy leader"
    MEMBER = "member", "成员", "member"
    OFFICE = "office", "专班办公室", "task-force office"
    COORDINATION = "coordination", "综合组", "coordination group"
    PUBLICITY = "publicity", "宣传组", "publicity group"
    WINDOW_BUILDING = "window_building", "窗口建设组", "window-building group"
    INFORMATIZATION = "informatization", "信息化组", "informatization group"
    SUPERVISION = "supervision", "监督组", "supervision group"
    UNIT_HEAD = "unit_head", "单位负责人", "head of a unit"
    OPERATOR = "operator", "经办人", "operator"
    TOWN = "town", "镇街经办人", "operator of a town or street"
    SCHEDULER = "scheduler", "定时服务", "scheduler"
    AUDITOR = "auditor", "审计人员", "auditor"


class Scope(Term):
    """The items on which a role may act."""

    OWN = "own", "本单位", "own unit"
    AREA = "area", "牵头板块", "area led by the unit"
    ALL = "all", "全市", "the whole city"


class Via(Term):
    """How the engine knows who acts.

    PEER: the kernel names the account at the other end of the desk's socket. PROXY:
    the reverse proxy names it. LINK: a browser showed a link that the account had
    fetched. FILE: the account's own process opened the database.
    """

    HOST = "host", "宿主系统", "host program"
    PEER = "peer", "本机连接", "connection on this machine"
    PROXY = "proxy", "反向代理", "reverse proxy"
    LINK = "link", "一次性链接", "one-time link"
    FILE = "file", "直接打开数据库", "opened database"
    SERVICE = "service", "无人值守服务", "unattended service"
    REHEARSAL = "rehearsal", "推演", "rehearsal"
