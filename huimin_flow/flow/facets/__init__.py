"""The nouns of the public API: each act and question stands once, under its noun.

A snapshot has the questions of a noun, and a ``Flow`` has its acts too. The commands
have the same nouns and verbs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.flow.facets.improving import AdviceQuestions as AdviceQuestions
from huimin_flow.flow.facets.improving import Advices as Advices
from huimin_flow.flow.facets.improving import BoardQuestions as BoardQuestions
from huimin_flow.flow.facets.improving import Boards as Boards
from huimin_flow.flow.facets.improving import Burden as Burden
from huimin_flow.flow.facets.improving import DecisionQuestions as DecisionQuestions
from huimin_flow.flow.facets.improving import Decisions as Decisions
from huimin_flow.flow.facets.improving import DigestQuestions as DigestQuestions
from huimin_flow.flow.facets.improving import Digests as Digests
from huimin_flow.flow.facets.improving import EngagementQuestions as EngagementQuestions
from huimin_flow.flow.facets.improving import Engagements as Engagements
from huimin_flow.flow.facets.improving import FeedQuestions as FeedQuestions
from huimin_flow.flow.facets.improving import Feeds as Feeds
from huimin_flow.flow.facets.improving import Forecasts as Forecasts
from huimin_flow.flow.facets.improving import OrderQuestions as OrderQuestions
from huimin_flow.flow.facets.improving import Orders as Orders
from huimin_flow.flow.facets.improving import PracticeQuestions as PracticeQuestions
from huimin_flow.flow.facets.improving import Practices as Practices
from huimin_flow.flow.facets.improving import (
    RectificationQuestions as RectificationQuestions,
)
from huimin_flow.flow.facets.improving import Rectifications as Rectifications
from huimin_flow.flow.facets.improving import (
    ReplicationQuestions as ReplicationQuestions,
)
from huimin_flow.flow.facets.improving import Replications as Replications
from huimin_flow.flow.facets.improving import ReviewQuestions as ReviewQuestions
from huimin_flow.flow.facets.improving import Reviews as Reviews
from huimin_flow.flow.facets.improving import SpotCheckQuestions as SpotCheckQuestions
from huimin_flow.flow.facets.improving import SpotChecks as SpotChecks
from huimin_flow.flow.facets.improving import SurveyQuestions as SurveyQuestions
from huimin_flow.flow.facets.improving import Surveys as Surveys
from huimin_flow.flow.facets.improving import TaskQuestions as TaskQuestions
from huimin_flow.flow.facets.improving import Tasks as Tasks
from huimin_flow.flow.facets.sensing import AnswerQuestions as AnswerQuestions
from huimin_flow.flow.facets.sensing import Answers as Answers
from huimin_flow.flow.facets.sensing import AppealQuestions as AppealQuestions
from huimin_flow.flow.facets.sensing import Appeals as Appeals
from huimin_flow.flow.facets.sensing import GatheringQuestions as GatheringQuestions
from huimin_flow.flow.facets.sensing import Gatherings as Gatherings
from huimin_flow.flow.facets.sensing import MeasureQuestions as MeasureQuestions
from huimin_flow.flow.facets.sensing import Measures as Measures
from huimin_flow.flow.facets.sensing import PointQuestions as PointQuestions
from huimin_flow.flow.facets.sensing import Points as Points
from huimin_flow.flow.facets.sensing import Policies as Policies
from huimin_flow.flow.facets.sensing import PolicyQuestions as PolicyQuestions
from huimin_flow.flow.facets.sensing import Screening as Screening
from huimin_flow.flow.facets.sensing import ScreeningQuestions as ScreeningQuestions
from huimin_flow.flow.methods import Facet, Rooms

if TYPE_CHECKING:
    from huimin_flow.flow import fields as act_fields
    from huimin_flow.flow import possible as possibilities
    from huimin_flow.flow import proposals, succession
    from huimin_flow.flow import undo as undoing
    from huimin_flow.flow.core import clock as core_clock
    from huimin_flow.flow.core import items as core_items
    from huimin_flow.flow.core import names, reads
    from huimin_flow.flow.core import rulebook as core_rulebook
    from huimin_flow.flow.core.extending import annotating
    from huimin_flow.flow.deciding import (
        assessments,
        consolidating,
        describing,
        drafts,
        freezing,
        judgment,
        lists,
        opening,
        resources,
        third_parties,
    )
    from huimin_flow.flow.deciding import editions as deciding_editions
    from huimin_flow.flow.deciding.deliberations import (
        closing,
        convening,
        minutes,
        packs,
    )
    from huimin_flow.flow.deciding.demands import awaited as awaited_responses
    from huimin_flow.flow.deciding.demands import dropping, ledgers
    from huimin_flow.flow.deciding.demands import responses as unit_responses
    from huimin_flow.flow.executing import plans
    from huimin_flow.flow.executing import tasks as item_tasks
    from huimin_flow.flow.improving import advice, evaluation
    from huimin_flow.flow.scoring import published, rows, scores
    from huimin_flow.flow.sensing import items as sensing_items
    from huimin_flow.flow.sensing import screening as sensing_screening
    from huimin_flow.flow.sensing import splitting
    from huimin_flow.flow.services import bad_ratings, follow_ups, ratings
    from huimin_flow.flow.todo import mine as waiting
else:
    act_fields = Rooms("fields")
    annotating = Rooms("core.extending.annotating")
    advice = Rooms("improving.advice")
    assessments = Rooms("deciding.assessments")
    awaited_responses = Rooms("deciding.demands.awaited")
    core_clock = Rooms("core.clock")
    closing = Rooms("deciding.deliberations.closing")
    convening = Rooms("deciding.deliberations.convening")
    core_items = Rooms("core.items")
    core_rulebook = Rooms("core.rulebook")
    deciding_editions = Rooms("deciding.editions")
    drafts = Rooms("deciding.drafts")
    evaluation = Rooms("improving.evaluation")
    bad_ratings = Rooms("services.bad_ratings")
    follow_ups = Rooms("services.follow_ups")
    judgment = Rooms("deciding.judgment")
    dropping = Rooms("deciding.demands.dropping")
    ledgers = Rooms("deciding.demands.ledgers")
    lists = Rooms("deciding.lists")
    consolidating = Rooms("deciding.consolidating")
    describing = Rooms("deciding.describing")
    freezing = Rooms("deciding.freezing")
    opening = Rooms("deciding.opening")
    minutes = Rooms("deciding.deliberations.minutes")
    packs = Rooms("deciding.deliberations.packs")
    third_parties = Rooms("deciding.third_parties")
    names = Rooms("core.names")
    item_tasks = Rooms("executing.tasks")
    plans = Rooms("executing.plans")
    possibilities = Rooms("possible")
    proposals = Rooms("proposals")
    published = Rooms("scoring.published")
    resources = Rooms("deciding.resources")
    ratings = Rooms("services.ratings")
    reads = Rooms("core.reads")
    rows = Rooms("scoring.rows")
    scores = Rooms("scoring.scores")
    sensing_items = Rooms("sensing.items")
    sensing_screening = Rooms("sensing.screening")
    splitting = Rooms("sensing.splitting")
    succession = Rooms("succession")
    unit_responses = Rooms("deciding.demands.responses")
    waiting = Rooms("todo.mine")
    undoing = Rooms("undo")


class ItemQuestions(Facet):
    """Items: what they are, and all that is recorded about them."""

    get = core_items.item
    list = core_items.items
    count = core_items.count
    history = core_items.item_history
    numbered = core_items.numbered
    links = core_items.links
    tally = core_items.tally
    stays = core_items.stays
    areas = core_items.areas
    units = core_items.units
    attachments = core_items.attachments
    attached = core_items.attached
    fulfilments = evaluation.fulfilments
    coverage = item_tasks.coverage
    grounds = advice.grounds
    possible = possibilities.possible
    screening = sensing_screening.preview_screening
    suggest = sensing_screening.suggest
    judging = judgment.preview_judgment
    starring = judgment.preview_starring
    strength = judgment.strength
    preview = deciding_editions.preview
    undo = undoing.undo
    own = annotating.own
    successions = succession.successions


class Items(ItemQuestions):
    """Items: the steps of their life."""

    collect = sensing_items.collect
    screen = sensing_screening.screen
    merge = splitting.merge
    unmerge = splitting.unmerge
    split = splitting.split
    judge = closing.judge
    star = judgment.star
    reject = judgment.reject
    return_ = judgment.return_
    transfer = succession.transfer
    defer = judgment.defer
    revive = judgment.revive
    cancel = deciding_editions.cancel
    reopen = deciding_editions.reopen
    carry_over = deciding_editions.continued
    respond = unit_responses.respond
    assign = plans.assign
    reassign = item_tasks.reassign
    execute = plans.execute
    attach = plans.attach
    evaluate = evaluation.evaluate
    rework = evaluation.rework
    doubt = evaluation.doubt
    adjust = evaluation.adjust
    advise = advice.advise
    amend = evaluation.amend
    annotate = annotating.annotate
    close = evaluation.close


class MeetingQuestions(Facet):
    """Deliberations, 专题论证会议: minutes, and reasons for each item."""

    list = minutes.meetings
    count = minutes.count
    get = minutes.meeting
    answers = minutes.answers
    pack = packs.pack
    record = packs.record
    attachments = packs.attachments
    funnel = minutes.funnel


class Meetings(MeetingQuestions):
    """Deliberations, 专题论证会议."""

    convene = convening.convene
    hold = convening.deliberate
    begin = convening.begin
    amend = convening.amend
    put = convening.put
    take_off = convening.take_off
    call_off = convening.call_off
    postpone = closing.postpone
    attach = closing.attach
    close = closing.close


class ResourceQuestions(Facet):
    """Resources: what there is for a period, and what items take of it."""

    of = resources.of


class ResourceActs(ResourceQuestions):
    """Resources: what there is, and what an item would cost."""

    state = resources.state
    cost = resources.cost


class ThirdPartyQuestions(Facet):
    """The register of organizations that assess for others."""

    list = third_parties.third_parties
    count = third_parties.count
    get = third_parties.third_party


class ThirdParties(ThirdPartyQuestions):
    """The register of organizations that assess for others."""

    register = third_parties.register
    amend = third_parties.amend
    end = third_parties.end


class AssessmentQuestions(Facet):
    """The four kinds of assessments, with their findings."""

    list = assessments.assessments
    count = assessments.count
    get = assessments.assessment
    findings = assessments.findings


class Assessments(AssessmentQuestions):
    """The four kinds of assessments."""

    request = assessments.assess
    submit = assessments.submit_assessment
    accept = assessments.accept
    return_ = assessments.return_
    treat = assessments.treat


class ListQuestions(Facet):
    """Lists, 清单, and what the next one would be."""

    list = lists.editions
    count = lists.count
    get = lists.list_of
    editions = lists.editions_of
    published = lists.published
    overrides = deciding_editions.overrides
    executed = lists.executed
    preview = freezing.preview


class Lists(ListQuestions):
    """Lists, 清单: from the deadline on."""

    arrange = consolidating.arrange
    describe = describing.describe
    leave_out = consolidating.leave_out
    propose = consolidating.propose
    consolidate = consolidating.consolidate
    supplement = deciding_editions.supplement
    confirm = drafts.confirm
    confirm_all = drafts.confirm_all
    publish = drafts.publish
    drop = drafts.drop
    enter_opening = opening.enter_opening


class LedgerQuestions(Facet):
    """Ledgers, 台账: demands, units' responses, and what each unit is bound to do."""

    demands = ledgers.demands
    count_demands = ledgers.count_demands
    demand_changes = ledgers.demand_changes
    tasks = ledgers.tasks
    awaited = awaited_responses.awaited
    count_awaited = awaited_responses.count_awaited
    responses = awaited_responses.responses
    count_responses = awaited_responses.count_responses
    by_unit = awaited_responses.by_unit


class Ledgers(LedgerQuestions):
    """Ledgers, 台账: what units respond, and what they ask to drop."""

    decline = unit_responses.decline
    reconsider = unit_responses.reconsider
    drop = dropping.drop_entry


class RatingQuestions(Facet):
    """Ratings of services, 好差评, and what became of bad ones."""

    bad = bad_ratings.bad_ratings
    callback_rate = bad_ratings.callback_rate
    answer_rate = bad_ratings.answer_rate
    failings = bad_ratings.failings
    follow_ups = bad_ratings.follow_ups_by_unit
    service_year = ratings.service_year
    month_of_units = ratings.month_of_units
    by = ratings.ratings_by
    by_service = ratings.by_service
    overdue = ratings.overdue
    coverage = ratings.coverage
    savings = ratings.savings
    service_items = ratings.service_items


class Ratings(RatingQuestions):
    """Ratings of services, 好差评: taking them in, and following up bad ones."""

    add = ratings.add_ratings
    answer = follow_ups.answer_rating
    verify = follow_ups.verify_answer
    object_to = follow_ups.object_to_rating
    settle = follow_ups.settle_objection


class ScoreQuestions(Facet):
    """Scores, colors and rankings."""

    month = published.monthly_score
    month_if_any = published.month_if_any
    months = published.months_between
    explain = scores.explain
    unit_month = rows.unit_month
    late_facts = scores.late_facts
    colors = published.monthly_colors
    last_colors = published.last_colors
    ranking = published.quarterly_ranking
    of_colors = published.scores_of_colors
    periods = published.periods
    editions = published.editions


class Scores(ScoreQuestions):
    """Scores, colors and rankings, and their correction."""

    correct = published.correct
