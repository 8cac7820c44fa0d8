"""Figures, facts and strategies for the rules' tests; no figure here is official."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Attribute,
    Comparator,
    Criterion,
    Dimension,
    IndicatorKind,
    Occasion,
    Origin,
    OutcomeKind,
    Placement,
    Question,
    Risk,
    Role,
    SatisfactionMethod,
    Severity,
    State,
    Step,
    UnitKind,
)
from huimin_flow.model.core.rules import (
    AnswerRule,
    AskedRule,
    AssessmentRule,
    CriteriaRule,
    DeliberationRule,
    EvaluationRule,
    Figure,
    FulfilmentRule,
    GatheringRule,
    JudgingRule,
    PolicyRule,
    PrevalenceRule,
    ResponseRule,
    Roles,
    Rules,
    ScaleRule,
    ScreeningRule,
    SelectionRule,
    StarRule,
    Switch,
)
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.deciding.lists import Candidate
from huimin_flow.model.executing.agreements import AgreedOutcome, SatisfactionMeasure
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, Task
from huimin_flow.model.improving.rules import (
    AdvisingRule,
    BoardRule,
    EngagementRule,
    FeedRule,
    FollowingRule,
    ForecastRule,
    Improving,
    OrderRule,
    RectificationRule,
    ReplicationRule,
    RungRule,
    SurveyRule,
    TaskRule,
)
from huimin_flow.model.improving.spot_checks import SampleRule, SpotCheckRule
from huimin_flow.model.items import Item
from huimin_flow.model.scoring.rules import Amount
from huimin_flow.rules.improving.grounds import GOOD

K = TypeVar("K")

TODAY = date(2027, 1, 4)
PERCENT = st.integers(0, 100)
NUMBERS = st.integers(0, 99_999).map(lambda one: f"2026-{one:05d}")
MONTHS = st.integers(1, 12).map(lambda one: f"2023-{one:02d}")


def figure(number: int) -> Figure:
    return Figure(value=number, source="ours")


def figures(numbers: Mapping[K, int]) -> dict[K, Figure]:
    return {key: figure(one) for key, one in numbers.items()}


PREVALENCE = PrevalenceRule(
    people_weight=figure(50),
    full_people=figure(20),
    places_weight=figure(30),
    full_places=figure(5),
    channels_weight=figure(20),
    full_channels=figure(3),
)
SCREENING = ScreeningRule(
    prevalence=PREVALENCE,
    criteria={
        Origin.PROBLEM: CriteriaRule(
            weights=figures(
                {
                    Criterion.PREVALENCE: 40,
                    Criterion.URGENCY: 35,
                    Criterion.FUNDAMENTALITY: 25,
                }
            ),
            pass_mark=figure(60),
        ),
        Origin.OPINION: CriteriaRule(
            weights=figures(
                {
                    Criterion.PREVALENCE: 40,
                    Criterion.IMPORTANCE: 35,
                    Criterion.POSSIBILITY: 25,
                }
            ),
            pass_mark=figure(60),
        ),
        Origin.POLICY: CriteriaRule(
            weights=figures({Criterion.GAP: 60, Criterion.REACTION: 40}),
            pass_mark=figure(60),
        ),
    },
)
JUDGING = JudgingRule(
    pass_marks=figures(dict.fromkeys(Attribute, 60)),
    quorum=figure(3),
    on_no={
        Question.WANTED: Step.REJECT,
        Question.PERMITTED: Step.REJECT,
        Question.CAPABLE: Step.DEFER,
        Question.WARRANTED: Step.DEFER,
    },
)
DELIBERATION = DeliberationRule(
    chairs=Roles(roles=(Role.LEADER,), source="ours"),
    members=Roles(roles=(Role.LEADER, Role.OFFICE), source="ours"),
    ahead_days=figure(90),
    convene_days=figure(30),
    close_days=figure(10),
)
STARS = StarRule(
    weights=figures(dict(zip(Dimension, (30, 30, 25, 15), strict=True))),
    thresholds=(figure(40), figure(55), figure(70), figure(85)),
)
SELECTION = SelectionRule(
    least_stars=figure(3),
    propose_days=figure(3),
    consolidate_days=figure(5),
    confirm_days=figure(2),
    publish_days=figure(2),
    quota_per_unit=figure(2),
    quota_per_area=figures(dict.fromkeys(Area, 3)),
)
ASSESSMENTS = (
    AssessmentRule(kind=AssessmentKind.LEGALITY, from_stars=figure(3)),
    AssessmentRule(kind=AssessmentKind.THIRD_PARTY, from_stars=figure(5)),
    AssessmentRule(
        kind=AssessmentKind.PETITION_RISK,
        from_stars=figure(4),
        areas=(Area.SOCIAL_SECURITY, Area.LABOR_RELATIONS),
    ),
    AssessmentRule(
        kind=AssessmentKind.OPINION_RISK,
        from_stars=figure(4),
        origins=(Origin.OPINION,),
    ),
    AssessmentRule(
        kind=AssessmentKind.PETITION_RISK,
        from_stars=figure(2),
        from_people=figure(100_000),
    ),
    AssessmentRule(
        kind=AssessmentKind.LEGALITY,
        from_stars=figure(2),
        from_money=figure(100_000_000),
    ),
)
FULFILMENT = FulfilmentRule(tolerances={"左右": figure(5)}, zero_days=figure(30))
EVALUATION = EvaluationRule(
    fulfilment_mark=figure(90),
    satisfaction_mark=figure(80),
    partial_share=figure(60),
    least_ratings=figure(30),
    interval_z=figure(196),
    third_party_weight=figure(60),
)
MEASURE = SatisfactionMeasure(
    method=SatisfactionMethod.SURVEY, population="求职者", size=30, mark=80
)
#: The figures by which appeals come together.
GATHERING = GatheringRule(
    whole_weight=figure(30),
    within_weight=figure(20),
    heading_weight=figure(50),
    numbers_differ=figure(50),
    place_differs=figure(100),
    long_after=figure(40),
    long_days=figure(180),
    link_mark=figure(480),
    margin=figure(100),
    propose_mark=figure(200),
    likely_mark=figure(300),
    proposals=figure(3),
    look_back_days=figure(365),
    repeat_appeals=figure(5),
    repeat_channels=figure(2),
    repeat_people=figure(3),
    repeat_days=figure(90),
)

RULES = Rules(
    gathering=GATHERING,
    screening=SCREENING,
    judging=JUDGING,
    deliberation=DELIBERATION,
    stars=STARS,
    selection=SELECTION,
    assessments=ASSESSMENTS,
    scale=ScaleRule(people=("人", "人次"), money={"万元": 10_000}, source="ours"),
    fulfilment=FULFILMENT,
    evaluation=EVALUATION,
    responses=ResponseRule(
        source="ours",
        days=figure(10),
        placements=(Placement.PHASE, Placement.YEAR),
        asked=(
            AskedRule(units=(UnitKind.DISTRICT,), of=(UnitKind.DIVISION,)),
            AskedRule(units=(UnitKind.DIVISION,), of=(UnitKind.DISTRICT,), led=True),
        ),
        decline_reasons={"not_in_charge": "不属本单位职责"},
    ),
    policies=PolicyRule(
        measure_days=figure(20),
        carry_days=figure(60),
        span_days=figure(90),
        progress_mark=figure(80),
        satisfaction_mark=figure(80),
        least_ratings=figure(30),
        complaints=figure(5),
        gap_title="{title}",
    ),
    answers=AnswerRule(
        source="ours",
        extensions=figure(1),
        extension_days=figure(10),
        close_days=figure(10),
        tell_days=figure(5),
        drafts=dict.fromkeys(Occasion, "{title}:{unit}"),
        reopen_reasons={"citizen_disagrees": "有异议"},
    ),
    reject_reasons={},
    return_reasons={},
    transfer_reasons={},
)

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        number=NUMBERS,
        unit=st.sampled_from(("500101", "500103", "500156")),
        area=st.sampled_from(Area),
        stars=st.integers(1, 5),
        benefit=st.sampled_from((5500, 8000, 8375)),
        prevalence=st.sampled_from((40, 57)),
        since=st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    ),
    max_size=25,
    unique_by=lambda one: one.number,
)


def judgment(no: Question | None = None, **scores: int) -> Judgment:
    answers = {
        one: Answer(yes=one is not no, reason=f"{one.label}的理由") for one in Question
    }
    given = {one: scores.get(one.value, 75) for one in Attribute}
    return Judgment(answers=answers, scores=given)


def item(
    stars: int | None = 3,
    area: Area = Area.EMPLOYMENT,
    origin: Origin = Origin.PROBLEM,
) -> Item:
    return Item(
        number="2026-00007",
        title="建设零工市场",
        origin=origin,
        area=area,
        unit="500101",
        state=State.LISTED,
        version=6,
        collected_on=date(2026, 3, 1),
        stars=stars,
    )


def indicator(
    kind: IndicatorKind = IndicatorKind.FLOW,
    comparator: Comparator = Comparator.GE,
    value: int = 100,
    *,
    quote: str = "",
    tolerance: str | None = None,
    denominator: str | None = None,
) -> Indicator:
    return Indicator(
        name="零工市场",
        quote=quote,
        kind=kind,
        comparator=comparator,
        value=value,
        unit="个",
        tolerance=tolerance,
        denominator=denominator,
    )


def report(month: str, number: int, denominator: int | None = None) -> Progress:
    return Progress(
        item="2026-00007",
        task="1",
        indicator="零工市场",
        month=month,
        value=number,
        denominator=denominator,
    )


def task(
    *targets: Indicator,
    unit: str = "500101",
    due: date = date(2027, 12, 31),
    unmeasured: str | None = None,
) -> Task:
    return Task(
        key="T1",
        title="选址",
        unit=unit,
        due=due,
        indicators=targets,
        unmeasured=unmeasured,
    )


def outcome(
    key: str = "E1", kind: OutcomeKind = OutcomeKind.OUTCOME, **facts: Any
) -> AgreedOutcome:
    """An agreed outcome that is counted, 500 at least, unless ``facts`` say more."""
    counted = {"counted": "日均候工人数", "mark": 500, "unit": "人"}
    known: dict[str, Any] = {"statement": "有处候工", "due": date(2027, 12, 31)}
    known |= {**counted, **facts}
    return AgreedOutcome(key=key, kind=kind, **known)


def plan(*tasks: Task) -> Plan:
    return Plan(
        deliverable="零工市场1个",
        carrier="区就业局",
        path="改造闲置厂房",
        method="政府购买服务",
        satisfaction_measure=MEASURE,
        outcomes=(outcome(), outcome("E2", OutcomeKind.SOCIAL_BENEFIT)),
        tasks=tasks,
    )


IMPROVING = Improving(
    advising=AdvisingRule(
        progress_mark=figure(80),
        satisfaction_mark=figure(80),
        least_ratings=figure(30),
        complaints=figure(5),
        days_before=figure(45),
    ),
    forecasts=ForecastRule(fulfilment_weight=figure(50), least_cases=figure(20)),
    orders=OrderRule(answer_days=figure(10), remind_days=figure(3)),
    reviews=FollowingRule(remind_days=figure(3)),
    engagements=EngagementRule(answer_days=figure(10)),
    feeds=FeedRule(fresh_days=figure(40)),
    surveys=SurveyRule(answer_days=figure(20), least_answers=figure(10)),
    boards=BoardRule(
        publish_days=figure(5),
        silent_months=figure(3),
        unproven_months=figure(6),
        behind_days=figure(30),
        dislike_mark=figure(60),
        least_dissatisfied=figure(10),
        satisfaction_mark=figure(80),
        z=Amount(value=Decimal("1.96"), source="ours"),
        on_plan_mark=figure(90),
        proven_mark=figure(50),
        fulfilment_mark=figure(90),
    ),
    spot_checks=SpotCheckRule(
        samples={
            risk: SampleRule(share=figure(share), least=figure(1), most=figure(10))
            for risk, share in zip(Risk, (50, 30, 10, 2), strict=True)
        },
        high_from=figure(2),
        complaints=figure(10),
        bad_ratings=figure(3),
        reveal_days=figure(3),
        answer_days=figure(5),
        points={
            severity: figure(points)
            for severity, points in zip(Severity, (0, 1, 3, 6), strict=True)
        },
        most_points=figure(10),
    ),
    tasks=TaskRule(
        reach=figure(100),
        settle_days=figure(5),
        return_reasons={"not_in_charge": "不属本单位职责"},
        reassign_reasons={"returned": "任务被退回"},
    ),
    rectification=RectificationRule(
        days=figure(15),
        return_days=figure(10),
        least_answers=figure(5),
        acknowledge_days=figure(2),
        ladder=tuple(
            RungRule(name=role.label, role=role, overdue_days=figure(days))
            for role, days in (
                (Role.UNIT_HEAD, 1),
                (Role.OFFICE, 5),
                (Role.DEPUTY_LEADER, 10),
            )
        ),
    ),
    replication=ReplicationRule(
        grounds={ground: Switch(value=True, source="ours") for ground in GOOD},
        answer_days=figure(10),
        most_open=figure(10),
        least_answers=figure(10),
        same_points=figure(5),
        z=Amount(value=Decimal("1.96"), source="ours"),
    ),
)


@value
class Book:
    """What of a rulebook verdicts are decided by."""

    rules: Rules = RULES
    improving: Improving = IMPROVING


BOOK = Book()
