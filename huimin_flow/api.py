"""Every class that a caller of ``Flow`` passes or gets, with the errors and codes.

Besides: ``tick`` runs what is due, ``send`` sends changes, ``verify`` audits;
``to_plain`` and ``from_plain`` write any answer as JSON and read it again, ``to_rows``
and ``columns`` make flat rows of it, ``speaking`` chooses the language of sentences,
``load_rulebook`` and ``load_opening_list`` read what a database begins with. A test
holds it to the signatures of the methods and to the fields of values.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

# ruff: isort: skip_file
# fmt: off
# The workflow, its questions on one moment, and what tells it the time.
from huimin_flow.clock import Clock, RehearsalClock
from huimin_flow.flow import Flow, Snapshot
from huimin_flow.flow.facade import Trial
from huimin_flow.flow.fields import Field
from huimin_flow.flow.possible import Holder, Possibility
from huimin_flow.flow.proposals import Queued, Shown
from huimin_flow.flow.todo.bulk import Bulk, BulkLine
# The rulebook of a folder, from which a database is founded.
from huimin_flow.settings import config_folder, load_opening_list, load_rulebook
# Answers for other programs: as JSON, as rows of a frame, and in which language.
from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.exchange.core.flat import columns, to_rows
from huimin_flow.flow.wire import from_plain, to_plain
# What every room shares: the rulebook, people and units, events, jobs, the feed.
from huimin_flow.flow.core.clock import ClockStatus, SpanRecord
from huimin_flow.flow.core.extending.annotating import OwnEntry
from huimin_flow.flow.core.names import Choice
from huimin_flow.model.core.changes import (
    Cursor, Delivery, DeliveryLine, Destination, FeedChange, SendAttempt, SendResult,
)
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.events import Event, Recorded, Refusal, RefusedRow, Verdict
from huimin_flow.model.core.jobs import Failure, Run
from huimin_flow.model.core.organization import (
    Actor, AreaLead, Body, Deputy, Organization, OwnRole, Permission, Person, Unit,
)
from huimin_flow.model.core.places.gazetteer import (
    Endings, FormerUnit, Gazetteer, TownChange,
)
from huimin_flow.model.core.proposals import Proposal, Rested
from huimin_flow.model.core.rules import (
    AnswerRule, AskedRule, AssessmentRule, CriteriaRule, DeliberationRule,
    EvaluationRule, Figure, FulfilmentRule, GatheringRule, JudgingRule, PolicyRule,
    PrevalenceRule, ResponseRule, Roles, Rules, ScaleRule, ScreeningRule, SelectionRule,
    StarRule, Switch,
)
from huimin_flow.model.core.values import Difference, Share
from huimin_flow.model.extensions import Extension, Facts
from huimin_flow.model.items import (
    AreaItems, Attachment, Days, Effectiveness, Item, ItemTraits, Link, OwnField,
    Preview, StateStays, Stays, Stuck, Succession, Todo, Undo, UnitItems,
)
from huimin_flow.model.rulebook import (
    Calendar, CalendarYear, Channel, Channels, PointRule, Rulebook, Slot,
)
# What citizens bring, and how it gathers into items and is answered.
from huimin_flow.flow.sensing.appeals import Intake, RefusedAppeal
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.flow.sensing.points import PointIntake, RefusedPoint
from huimin_flow.model.sensing.answers import (
    AnswerAct, AnswerHistory, AnswerIntake, AnswerProposal, AnswerRate, AnswerReturn,
    Answering, GivenAnswer, ReceiptStatus, ReturnedAnswer, ReturnedAnswers,
)
from huimin_flow.model.sensing.appeals import (
    Appeal, AppealMonth, AppealSummary, Contact, FrequentItem, StageCoverage, StepTaken,
    Tally, Trail, TrailItem, WayCount, WayStep,
)
from huimin_flow.model.sensing.gathering import (
    Explained, GatheringProposal, GatheringRun, KeptRepeat, Likeness, Problem, Repeat,
)
from huimin_flow.model.sensing.points import PointEntry, ReportingPoint
from huimin_flow.model.sensing.policies import (
    CityMeasure, MeasureLine, Policy, PolicyReview, Promise, Undertaking,
)
from huimin_flow.model.sensing.reading import AppealReading, AppealText, Erasure, ReadBy
from huimin_flow.model.sensing.rounds import Candidate, Lacking, ScreeningRound
from huimin_flow.model.sensing.suggestions import (
    Ground, Hint, PlaceHints, Proposed, SuggestingRule, Suggestion,
)
from huimin_flow.rules.sensing.coverage import DistrictCoverage, PointCoverage
# Meetings, judgments, assessments, and lists.
from huimin_flow.model.deciding.assessments import (
    Assessment, Finding, Staff, ThirdParty, Treated, Treatment,
)
from huimin_flow.model.deciding.deliberations import (
    Answer, Deliberation, EarlierMeeting, Fall, Funnel, FunnelLine, JudgedItem,
    Judgment, Meeting, Opinion, Pack, PackLine,
)
from huimin_flow.model.deciding.ledgers import (
    AwaitedResponse, DemandChange, DemandLine, Response, TaskEntry, UnitResponses,
)
from huimin_flow.model.deciding.lists import (
    Change, Corrected, Edition, LeftOut, ListPreview, NearMiss, Partner, Place, Source,
    TieBreak,
)
from huimin_flow.model.deciding.resources import (
    Budget, Cost, ResourceLine, Resources, TakenCost,
)
# Plans with their tasks, the figures on them, feeds and surveys.
from huimin_flow.model.executing.agreements import (
    AgreedOutcome, OutcomeResult, Sample, SatisfactionMeasure,
)
from huimin_flow.model.executing.feeds import (
    Business, FedFigure, FedIndicator, FedRow, Feed, FeedIntake, FeedStatus,
    FigureShares, Pull, Pulled,
)
from huimin_flow.model.executing.plans import (
    Excuse, Indicator, NewTarget, OpeningList, OpeningTask, Plan, Progress, SheetLine,
    Supporter, Task, TaskResult,
)
from huimin_flow.model.executing.surveys import (
    Drawn, Survey, SurveyAnswer, SurveyIntake, SurveyResult, SurveyShare,
)
from huimin_flow.model.executing.tasks import (
    DatedReturn, ReturnCount, TaskReturn, YearFigure, YearTask,
)
# Evaluation by others, boards, rectification, replication, checks, reviews.
from huimin_flow.flow.improving.spot_checks.questions import SpotCheckView
from huimin_flow.model.improving.advice import (
    Advice, ForecastCase, Mending, UnitForecasts,
)
from huimin_flow.model.improving.boards import (
    BadEntry, BoardChange, BoardEntry, QuarterlyBoards, SupervisionOrder,
)
from huimin_flow.model.improving.digests import (
    Digest, DigestCounts, DigestPart, DigestReached, Digests,
)
from huimin_flow.model.improving.engagements import (
    Engagement, FieldSample, FindingAction, FindingEntry, ReportFinding,
)
from huimin_flow.model.improving.rectification import (
    CitizensWord, Measured, Rectification, RectificationLine, Rung,
)
from huimin_flow.model.improving.replication import (
    Effect, Practice, Replication, ReplicationLine,
)
from huimin_flow.model.improving.reviews import (
    Asked, AskedBy, AskedPart, Decision, DigestLine, Price, ReviewMeeting, ReviewPack,
    Scale, UnitBurden, UnitPart,
)
from huimin_flow.model.improving.rules import (
    AdvisingRule, BoardRule, EngagementRule, FeedRule, FollowingRule, ForecastRule,
    Improving, OrderRule, RectificationRule, ReplicationRule, RungRule, SurveyRule,
    TaskRule,
)
from huimin_flow.model.improving.spot_checks import (
    CheckFinding, Commitment, DrawRecord, MadeSecret, PopulationLine, Reveal,
    SampleRule, SpotCheck, SpotCheckRule, UnitAnswer,
)
# Service items, ratings of them, and their follow-ups.
from huimin_flow.flow.services.ratings import RatingIntake
from huimin_flow.model.services.catalogue import (
    Burden, FollowUpRule, Reach, ServiceItem, Services, Window,
)
from huimin_flow.model.services.ratings import (
    BadRating, CoverageCell, FailingCount, FollowUp, OverdueAnswers, Rating,
    RatingCount, Savings, ServiceCount, ServiceYear, UnitFollowUps,
)
# Scores, colors and rankings, what is owed for them, and other rules tried.
from huimin_flow.model.scoring.published import (
    EditionNote, MonthlyColors, MonthlyScore, Owing, Periods, ProgressCall,
    QuarterlyRanking, Rests, UnitScore,
)
from huimin_flow.model.scoring.rows import FactRow, FigureRows, RowEvent, UnitMonth
from huimin_flow.model.scoring.rules import (
    Amount, Band, ColorRule, Complaints, IndexIndicator, IndexRule, Needed, Normalizing,
    PlanCurve, ProgressRule, RankingRule, Scoring, SensitivityRule,
)
from huimin_flow.model.scoring.scores import (
    Colored, Deduction, LateFact, Node, Ranked, Reading, Score, Spread,
)
from huimin_flow.model.scoring.trials import Otherwise, RuleTrial, UnitTrial
# What an audit found.
from huimin_flow.audit.findings import (
    AbsentExtension, AuditFinding, AuditLogHead, AuditCount, AuditReport,
)
# Errors, and the codes of refusals to branch on.
from huimin_flow.catalogue.reasons import (
    AdviceCode, AnswerCode, BoardCode, BulkCode, Code, ConfigCode, ConfigProblem,
    CoverageCode, DecisionCode, DeskCode, DoorCode, EngagementCode, ExtensionCode,
    FeedCode, FileCode, GatheringCode, InputCode, LedgerCode, MeetingCode, OrderCode,
    OutboxCode, PolicyCode, ProgressCode, PublicationCode, RatingCode, Reason,
    RectificationCode, ReplicationCode, ReviewCode, RowCode, RuleCode, RulebookCode,
    ScoreCode, SpotCheckCode, StoreCode, SurveyCode, TaskCode, TimeCode, Wording,
)
from huimin_flow.errors import (
    CalendarMissing, ConfigRefused, ExtraMissing, HuiminError, InputRefused, ItemMoved,
    NotFound, RequestReused, StepRefused, StoreBusy, StoreRefused,
)
# Terms: every choice, state and role.
from huimin_flow.catalogue.terms import (
    AdviceState, AdviceStep, AnswerKind, AnswerState, AnswerStep, Area, Argument,
    AssessmentKind, AssessmentState, Attribute, AuditPart, Board, BoardGround,
    BoardState, BoardStep, Bound, BulkAct, Certainty, ChangeKind, CheckWay, Color,
    Coloring, Comparator, Criterion, CurveKind, DecisionState, DecisionStep,
    DeliveryState, DigestKind, DigestReach, DigestStep, Dimension, Direction,
    EditionKind, EditionState, Ending, EngagementState, EngagementStep, Entry,
    EntryField, Every, Failing, Fault, FeedState, Flaw, FeedStep, FeedWay, FieldKind,
    FollowUpState, FollowUpStep, Freshness, Gathering, Grade, IndicatorKind, ItemOrder,
    Job, LateKind, LedgerMove, LifeStage, MarkSide, MeetingState, Misrating, Missed,
    Missing, Nearness, Normalization, Occasion, OrderState, OrderStep, Origin,
    OutcomeKind, Pace, PlaceNaming, Placement, PointLevel, PointState, PointStep,
    PolicyState, PracticeState, ProposalState, Question, RatingLevel, RatingObject,
    ReceiptWord, Recommendation, RecordStep, RectificationState, RectificationStep,
    ReplicationState, ReplicationStep, ResponseState, ReviewMeetingState,
    ReviewMeetingStep, Risk, RiskGround, Role, Roll, Rolling, SatisfactionMethod, Scope,
    ScoreClass, Sense, ServiceMode, Severity, SpotCheckState, SpotCheckStep, Standing,
    State, Step, StreamKind, StreamState, Strength, SurveyState, SurveyStep,
    TaskReturnState, TaskReturnStep, TaskStanding, TextPart, ThirdPartyKind,
    ThirdPartyState, Tie, TodoKind, TwoPeople, UnitKind, Via, WayPart,
)

if TYPE_CHECKING:
    from huimin_flow.store.schema import without_huimin
    from huimin_flow.timetable.ledger import tick
    from huimin_flow.timetable.sending import send
else:

    def __getattr__(name: str) -> object:
        """Load what needs the database's schema or the timetable, once it is used."""
        if name not in {"send", "tick", "without_huimin"}:
            message = f"module 'huimin_flow.api' has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module("huimin_flow"), name)


def verify(flow: Flow | Snapshot, *, decisions: bool = True) -> AuditReport:
    """Audit the whole database as ``huimin audit verify`` does; nothing is changed.

    Without ``decisions`` only the evidence is checked: hashes, chains, and rows that
    equal the history; no rule and no permission is asked again. An open Flow lets
    writers go on meanwhile, and what they write is checked, too. A bound Flow reads in
    the host's transaction, with what is not yet committed. Attached files, the master
    key and extensions are those of ``flow``; a bound Flow has files only if it was
    given their folder, otherwise only their rows are checked. It reads the whole
    database: call it where nobody waits.

    Raises:
        StoreBusy: if another process holds the database.
        StoreRefused: for a Flow that is closed, or is that of a service: an audit
            needs the database itself.

    """
    from huimin_flow.audit.verify import verify as audited  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - as above

    door = door_of(flow)
    return door.read(
        lambda connection: audited(
            connection,
            door.shelf,
            release=door.engine is not None and door.pinned is None,
            decisions=decisions,
            keyring=door.keyring,
            extensions=door.extensions,
        )
    )


def draw_own(folder: Path, name: str, values: Mapping[str, Any]) -> str:
    """Return the page that a template of yours makes of values, in a sandbox.

    ``folder`` has the template ``name`` and those that it extends. ``values`` become
    plain first, so that no method and no attribute of ours is reachable.

    Raises:
        ExtraMissing: without the extra ``pages``, which brings Jinja2.
        InputRefused: if the folder or the template is missing, or if the template is
            wrong, names what is not there, does what the sandbox forbids, goes round
            too often, or makes too large a page. It names the template and the flaw.

    """
    try:
        from huimin_flow.reports.core import own  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError as failure:
        from huimin_flow.errors import extra_missing  # noqa: PLC0415 - seldom

        raise extra_missing(failure) or failure from None
    return own.draw_own(folder, name, values)


__all__ = [
    "AbsentExtension", "Actor", "Advice", "AdviceCode", "AdviceState", "AdviceStep",
    "AdvisingRule", "AgreedOutcome", "Amount", "Answer", "AnswerAct", "AnswerCode",
    "AnswerHistory", "AnswerIntake", "AnswerKind", "AnswerProposal", "AnswerRate",
    "AnswerReturn", "AnswerRule", "AnswerState", "AnswerStep", "Answering", "Appeal",
    "AppealMonth", "AppealReading", "AppealSummary", "AppealText", "Area", "AreaItems",
    "AreaLead", "Argument", "Asked", "AskedBy", "AskedPart", "AskedRule", "Assessment",
    "AssessmentKind", "AssessmentRule", "AssessmentState", "Attachment", "Attribute",
    "AuditCount", "AuditFinding", "AuditLogHead", "AuditPart", "AuditReport",
    "AwaitedResponse", "BadEntry", "BadRating", "Band", "Board", "BoardChange",
    "BoardCode", "BoardEntry", "BoardGround", "BoardRule", "BoardState", "BoardStep",
    "Body", "Bound", "Budget", "Bulk", "BulkAct", "BulkCode", "BulkLine", "Burden",
    "Business", "Calendar", "CalendarMissing", "CalendarYear", "Candidate", "Certainty",
    "Change", "ChangeKind", "Channel", "Channels", "CheckFinding", "CheckWay", "Choice",
    "CitizensWord", "CityMeasure", "Clock", "ClockRecord", "ClockStatus", "Code",
    "Color", "ColorRule", "Colored", "Coloring", "Commitment", "Comparator",
    "Complaints", "ConfigCode", "ConfigProblem", "ConfigRefused", "Contact",
    "Corrected", "Cost", "CoverageCell", "CoverageCode", "CriteriaRule", "Criterion",
    "Cursor", "CurveKind", "DatedReturn", "Days", "Decision", "DecisionCode",
    "DecisionState", "DecisionStep", "Deduction", "Deliberation", "DeliberationRule",
    "Delivery", "DeliveryLine", "DeliveryState", "Demand", "DemandChange", "DemandLine",
    "Deputy", "DeskCode", "Destination", "Difference", "Digest", "DigestCounts",
    "DigestKind", "DigestLine", "DigestPart", "DigestReach", "DigestReached",
    "DigestStep", "Digests", "Dimension", "Direction", "DistrictCoverage", "DoorCode",
    "DrawRecord", "Drawn", "EarlierMeeting", "Edition", "EditionKind", "EditionNote",
    "EditionState", "Effect", "Effectiveness", "Ending", "Endings", "Engagement",
    "EngagementCode", "EngagementRule", "EngagementState", "EngagementStep", "Entry",
    "EntryField", "Erasure", "EvaluationRule", "Event", "Every", "Excuse", "Explained",
    "Extension", "ExtensionCode", "ExtraMissing", "FactRow", "Facts", "Failing",
    "FailingCount", "Failure", "Fall", "Fault", "FedFigure", "FedIndicator", "FedRow",
    "Feed", "FeedChange", "FeedCode", "FeedIntake", "FeedRule", "FeedState",
    "FeedStatus", "FeedStep", "FeedWay", "Field", "FieldKind", "FieldSample", "Figure",
    "FigureRows", "FigureShares", "FileCode", "Finding", "FindingAction",
    "FindingEntry", "Flaw", "Flow", "FollowUp", "FollowUpRule", "FollowUpState",
    "FollowUpStep", "FollowingRule", "ForecastCase", "ForecastRule", "FormerUnit",
    "FrequentItem", "Freshness", "FulfilmentRule", "Funnel", "FunnelLine", "Gathering",
    "GatheringCode", "GatheringProposal", "GatheringRule", "GatheringRun", "Gazetteer",
    "GivenAnswer", "Grade", "Ground", "Hint", "Holder", "HuiminError", "Improving",
    "IndexIndicator", "IndexRule", "Indicator", "IndicatorKind", "InputCode",
    "InputRefused", "Intake", "Item", "ItemMoved", "ItemOrder", "ItemTraits", "Job",
    "JudgedItem", "JudgingRule", "Judgment", "KeptRepeat", "Lacking", "Language",
    "LateFact", "LateKind", "LedgerCode", "LedgerMove", "LeftOut", "LifeStage",
    "Likeness", "Link", "ListPreview", "MadeSecret", "MarkSide", "MeasureLine",
    "Measured", "Meeting", "MeetingCode", "MeetingState", "Mending", "Misrating",
    "Missed", "Missing", "MonthlyColors", "MonthlyScore", "NearMiss", "Nearness",
    "Needed", "NewTarget", "Node", "Normalization", "Normalizing", "NotFound",
    "Occasion", "OpeningList", "OpeningTask", "Opinion", "OrderCode", "OrderRule",
    "OrderState", "OrderStep", "Organization", "Origin", "Otherwise", "OutboxCode",
    "OutcomeKind", "OutcomeResult", "OverdueAnswers", "Owing", "OwnEntry", "OwnField",
    "OwnRole", "Pace", "Pack", "PackLine", "Partner", "Periods", "Permission", "Person",
    "Place", "PlaceHints", "PlaceNaming", "Placement", "Plan", "PlanCurve",
    "PointCoverage", "PointEntry", "PointIntake", "PointLevel", "PointRule",
    "PointState", "PointStep", "Policy", "PolicyCode", "PolicyReview", "PolicyRule",
    "PolicyState", "PopulationLine", "Possibility", "Practice", "PracticeState",
    "PrevalenceRule", "Preview", "Price", "Problem", "Progress", "ProgressCall",
    "ProgressCode", "ProgressRule", "Promise", "Proposal", "ProposalState", "Proposed",
    "PublicationCode", "Pull", "Pulled", "QuarterlyBoards", "QuarterlyRanking",
    "Question", "Queued", "Ranked", "RankingRule", "Rating", "RatingCode",
    "RatingCount", "RatingIntake", "RatingLevel", "RatingObject", "Reach", "ReadBy",
    "Reading", "Reason", "ReceiptStatus", "ReceiptWord", "Recommendation", "RecordStep",
    "Recorded", "Rectification", "RectificationCode", "RectificationLine",
    "RectificationRule", "RectificationState", "RectificationStep", "Refusal",
    "RefusedAppeal", "RefusedPoint", "RefusedRow", "RehearsalClock", "Repeat",
    "Replication", "ReplicationCode", "ReplicationLine", "ReplicationRule",
    "ReplicationState", "ReplicationStep", "ReportFinding", "ReportingPoint",
    "RequestReused", "ResourceLine", "Resources", "Response", "ResponseRule",
    "ResponseState", "Rested", "Rests", "ReturnCount", "ReturnedAnswer",
    "ReturnedAnswers", "Reveal", "ReviewCode", "ReviewMeeting", "ReviewMeetingState",
    "ReviewMeetingStep", "ReviewPack", "Risk", "RiskGround", "Role", "Roles", "Roll",
    "Rolling", "RowCode", "RowEvent", "RuleCode", "RuleTrial", "Rulebook",
    "RulebookCode", "Rules", "Run", "Rung", "RungRule", "Sample", "SampleRule",
    "SatisfactionMeasure", "SatisfactionMethod", "Savings", "Scale", "ScaleRule",
    "Scope", "Score", "ScoreClass", "ScoreCode", "Scoring", "ScreeningRound",
    "ScreeningRule", "SelectionRule", "SendAttempt", "SendResult", "Sense",
    "SensitivityRule", "ServiceCount", "ServiceItem", "ServiceMode", "ServiceYear",
    "Services", "Severity", "Share", "SheetLine", "Shown", "Slot", "Snapshot", "Source",
    "SpanRecord", "SpotCheck", "SpotCheckCode", "SpotCheckRule", "SpotCheckState",
    "SpotCheckStep", "SpotCheckView", "Spread", "Staff", "StageCoverage", "Standing",
    "StarRule", "State", "StateStays", "Stays", "Step", "StepRefused", "StepTaken",
    "StoreBusy", "StoreCode", "StoreRefused", "StreamKind", "StreamState", "Strength",
    "Stuck", "Succession", "SuggestingRule", "Suggestion", "SupervisionOrder",
    "Supporter", "Survey", "SurveyAnswer", "SurveyCode", "SurveyIntake", "SurveyResult",
    "SurveyRule", "SurveyShare", "SurveyState", "SurveyStep", "Switch", "TakenCost",
    "Tally", "Task", "TaskCode", "TaskEntry", "TaskResult", "TaskReturn",
    "TaskReturnState", "TaskReturnStep", "TaskRule", "TaskStanding", "TextPart",
    "ThirdParty", "ThirdPartyKind", "ThirdPartyState", "Tie", "TieBreak", "TimeCode",
    "Todo", "TodoKind", "TownChange", "Trail", "TrailItem", "Treated", "Treatment",
    "Trial", "TwoPeople", "Undertaking", "Undo", "Unit", "UnitAnswer", "UnitBurden",
    "UnitFollowUps", "UnitForecasts", "UnitItems", "UnitKind", "UnitMonth", "UnitPart",
    "UnitResponses", "UnitScore", "UnitTrial", "Verdict", "Via", "WayCount", "WayPart",
    "WayStep", "Window", "Wording", "YearFigure", "YearTask", "columns",
    "config_folder", "draw_own", "from_plain", "load_opening_list", "load_rulebook",
    "send", "speaking", "tick", "to_plain", "to_rows", "verify", "without_huimin",
]
