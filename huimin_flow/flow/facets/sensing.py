"""The nouns of the public API about what citizens say, before it is an item's.

``facets`` has the others, and names these too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.flow.methods import Facet, Rooms

if TYPE_CHECKING:
    from huimin_flow.flow.sensing import appeals as sensing_appeals
    from huimin_flow.flow.sensing import points as sensing_points
    from huimin_flow.flow.sensing import rounds as sensing_rounds
    from huimin_flow.flow.sensing import screening as sensing_screening
    from huimin_flow.flow.sensing import trails, ways
    from huimin_flow.flow.sensing.answering import (
        receipts,
        returning,
        steps,
        telling,
        waiting,
    )
    from huimin_flow.flow.sensing.gathering import problems, repeats
    from huimin_flow.flow.sensing.gathering import questions as gathered
    from huimin_flow.flow.sensing.gathering import steps as gathering
    from huimin_flow.flow.sensing.personal import erasing, reading
    from huimin_flow.flow.sensing.policies import measures as city_measures
    from huimin_flow.flow.sensing.policies import register as policy_register
    from huimin_flow.flow.sensing.policies import reviews as policy_reviews
else:
    city_measures = Rooms("sensing.policies.measures")
    erasing = Rooms("sensing.personal.erasing")
    gathered = Rooms("sensing.gathering.questions")
    gathering = Rooms("sensing.gathering.steps")
    policy_register = Rooms("sensing.policies.register")
    policy_reviews = Rooms("sensing.policies.reviews")
    problems = Rooms("sensing.gathering.problems")
    repeats = Rooms("sensing.gathering.repeats")
    reading = Rooms("sensing.personal.reading")
    receipts = Rooms("sensing.answering.receipts")
    returning = Rooms("sensing.answering.returning")
    sensing_appeals = Rooms("sensing.appeals")
    sensing_points = Rooms("sensing.points")
    sensing_rounds = Rooms("sensing.rounds")
    sensing_screening = Rooms("sensing.screening")
    steps = Rooms("sensing.answering.steps")
    telling = Rooms("sensing.answering.telling")
    trails = Rooms("sensing.trails")
    waiting = Rooms("sensing.answering.waiting")
    ways = Rooms("sensing.ways")


class AppealQuestions(Facet):
    """Appeals, 诉求: what citizens said."""

    list = trails.appeals
    count = trails.count
    get = trails.appeal
    trail = ways.trail
    ways = ways.ways
    by_month = trails.by_month
    frequent = trails.frequent
    by_life_stage = trails.by_life_stage
    suggest = sensing_screening.suggest_for
    readings = reading.readings
    count_readings = reading.count_readings
    receipt = receipts.receipt
    receipt_of = receipts.receipt_of


class Appeals(AppealQuestions):
    """Appeals, 诉求: taking them in, and linking them to items."""

    add = sensing_appeals.add_appeal
    add_all = sensing_appeals.add_appeals
    link = sensing_appeals.link
    unlink = sensing_appeals.unlink
    read = reading.read
    erase = erasing.erase


class ScreeningQuestions(Facet):
    """The screening desk: what waits to be screened, with all that is computed."""

    list = sensing_rounds.candidates
    count = sensing_rounds.count
    referred = sensing_rounds.referred
    rounds = sensing_rounds.rounds
    count_rounds = sensing_rounds.count_rounds
    get = sensing_rounds.drawn


class Screening(ScreeningQuestions):
    """The screening desk, and its rounds."""

    run = sensing_rounds.run


class AnswerQuestions(Facet):
    """Answers to appeals: what waits for one, until when, and how promptly it comes."""

    list = waiting.waiting
    count = waiting.count
    get = waiting.answer_of
    rates = waiting.rates
    to_close = waiting.ripe
    count_to_close = waiting.count_ripe
    proposals = telling.proposals
    proposal = telling.proposal


class Answers(AnswerQuestions):
    """Answers to appeals: giving them, to one or to everyone on an item."""

    give = steps.answer
    give_all = steps.answer_all
    extend = steps.extend
    transfer = steps.transfer
    reopen = steps.reopen
    close = steps.close
    batch = telling.tell
    give_back = returning.give_back


class GatheringQuestions(Facet):
    """Gathering: which appeals tell of one problem, and which problems repeat."""

    list = gathered.proposals
    count = gathered.count
    mine = gathered.mine
    count_mine = gathered.count_mine
    explain = gathered.explain
    members = gathered.members
    groups = problems.groups
    count_groups = problems.count_groups
    repeat = repeats.repeat
    repeating = repeats.repeating
    verdicts = repeats.verdicts


class Gatherings(GatheringQuestions):
    """Gathering: comparing appeals, and answering what is proposed."""

    run = gathering.run
    yes = gathering.confirm
    no = gathering.refuse
    join = gathering.join
    later = gathering.postpone
    collect = gathering.collect
    undo = gathering.undo


class PointQuestions(Facet):
    """Direct-report points: where people report, and what is covered."""

    list = sensing_points.points
    count = sensing_points.count
    get = sensing_points.point
    coverage = sensing_points.coverage


class Points(PointQuestions):
    """Direct-report points: setting up, changing and closing them."""

    add = sensing_points.add
    add_all = sensing_points.add_all
    move = sensing_points.move
    close = sensing_points.close


class PolicyQuestions(Facet):
    """Policies, 政策: what a ministry or the state promised, and the comparisons."""

    list = policy_register.policies
    count = policy_register.count
    get = policy_register.policy
    reviews = policy_reviews.reviews
    count_reviews = policy_reviews.count_reviews
    review = policy_reviews.reviewed


class Policies(PolicyQuestions):
    """Policies, 政策: their register."""

    register = policy_register.register
    amend = policy_register.amend
    withdraw = policy_register.withdraw


class MeasureQuestions(Facet):
    """The city's measures, 措施, made from policies, and how they keep promises."""

    list = city_measures.measures
    count = city_measures.count
    get = city_measures.measure
    compare = policy_reviews.compare


class Measures(MeasureQuestions):
    """The city's measures, 措施, made from policies."""

    register = city_measures.register
    amend = city_measures.amend
    withdraw = city_measures.withdraw
