"""The nouns of the public API about what is carried out, judged and improved.

``facets`` has the others, and names these too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.flow.methods import Facet, Rooms

if TYPE_CHECKING:
    from huimin_flow.flow.executing import plans, progress, samples, surveys, years
    from huimin_flow.flow.executing import tasks as item_tasks
    from huimin_flow.flow.executing.feeding import delivering as feed_delivering
    from huimin_flow.flow.executing.feeding import questions as feed_questions
    from huimin_flow.flow.executing.feeding import register as feed_register
    from huimin_flow.flow.improving import advice, boards, forecasts, orders
    from huimin_flow.flow.improving.engagements import following, planning, reporting
    from huimin_flow.flow.improving.engagements import questions as engaged
    from huimin_flow.flow.improving.rectifying import ladder
    from huimin_flow.flow.improving.rectifying import questions as rectified
    from huimin_flow.flow.improving.rectifying import steps as rectifying
    from huimin_flow.flow.improving.replicating import proposals as replicating
    from huimin_flow.flow.improving.replicating import shelf
    from huimin_flow.flow.improving.reviewing import burden, decisions, digests
    from huimin_flow.flow.improving.reviewing import meetings as reviews
    from huimin_flow.flow.improving.spot_checks import checking, drawing
    from huimin_flow.flow.improving.spot_checks import questions as spot_questions
else:
    advice = Rooms("improving.advice")
    feed_delivering = Rooms("executing.feeding.delivering")
    feed_questions = Rooms("executing.feeding.questions")
    feed_register = Rooms("executing.feeding.register")
    forecasts = Rooms("improving.forecasts")
    burden = Rooms("improving.reviewing.burden")
    decisions = Rooms("improving.reviewing.decisions")
    digests = Rooms("improving.reviewing.digests")
    engaged = Rooms("improving.engagements.questions")
    planning = Rooms("improving.engagements.planning")
    reporting = Rooms("improving.engagements.reporting")
    following = Rooms("improving.engagements.following")
    orders = Rooms("improving.orders")
    boards = Rooms("improving.boards")
    reviews = Rooms("improving.reviewing.meetings")
    plans = Rooms("executing.plans")
    progress = Rooms("executing.progress")
    item_tasks = Rooms("executing.tasks")
    checking = Rooms("improving.spot_checks.checking")
    drawing = Rooms("improving.spot_checks.drawing")
    spot_questions = Rooms("improving.spot_checks.questions")
    years = Rooms("executing.years")
    samples = Rooms("executing.samples")
    surveys = Rooms("executing.surveys")
    ladder = Rooms("improving.rectifying.ladder")
    rectified = Rooms("improving.rectifying.questions")
    rectifying = Rooms("improving.rectifying.steps")
    replicating = Rooms("improving.replicating.proposals")
    shelf = Rooms("improving.replicating.shelf")


class TaskQuestions(Facet):
    """Tasks: what was reported, and what is still owed."""

    sheet = progress.progress_sheet
    owing = progress.progress_owing
    months = progress.months
    calls = progress.progress_calls
    returns = item_tasks.returns
    count_returns = item_tasks.count_returns
    returned = item_tasks.returned
    returns_by_unit = item_tasks.returns_by_unit
    year = years.year


class Tasks(TaskQuestions):
    """Tasks: the figures that units report."""

    report = progress.report_progress
    excuse = plans.excuse
    return_ = item_tasks.return_
    retain = item_tasks.retain


class FeedQuestions(Facet):
    """Feeds, 数据共享回流: how fresh they are, and what they have brought."""

    status = feed_register.status
    get = feed_register.feed
    figures = feed_questions.figures
    business = feed_questions.business
    shares = feed_questions.shares


class Feeds(FeedQuestions):
    """Feeds, 数据共享回流: registering them, and what they deliver."""

    register = feed_register.register
    amend = feed_register.amend
    deliver = feed_delivering.deliver
    end = feed_register.end


class SurveyQuestions(Facet):
    """Surveys, 满意度调查: the sample, the answers, the result."""

    list = samples.surveys
    count = samples.count
    get = samples.survey
    sample = samples.sample
    redraw = samples.redraw


class Surveys(SurveyQuestions):
    """Surveys, 满意度调查: draw, collect, close."""

    draw = surveys.draw
    add_answers = surveys.add_answers
    close = surveys.close
    set_aside = surveys.set_aside
    call_off = surveys.call_off


class AdviceQuestions(Facet):
    """Advice on running measures, 动态调整建议: its grounds, decision and mending."""

    list = advice.advices
    count = advice.count
    get = advice.advice


class Advices(AdviceQuestions):
    """Advice on running measures, 动态调整建议."""

    adopt = advice.adopt
    decline = advice.decline
    mend = advice.mend
    verify = advice.verify
    return_ = advice.return_


class Forecasts(Facet):
    """Forecasts of effectiveness, 预估执行效度, beside what was measured."""

    cases = forecasts.cases
    calibration = forecasts.calibration


class OrderQuestions(Facet):
    """Supervision orders, 督查督办: what is demanded, its answer, how it ended."""

    list = orders.orders
    count = orders.count
    get = orders.order


class Orders(OrderQuestions):
    """Supervision orders, 督查督办."""

    receive = orders.receive
    remind = orders.remind
    answer = orders.answer
    return_ = orders.return_
    discharge = orders.discharge
    withdraw = orders.withdraw


class EngagementQuestions(Facet):
    """Engagements of third parties, 第三方评估项目: report, findings, answers."""

    list = engaged.engagements
    count = engaged.count
    get = engaged.engagement
    files = engaged.files
    sample = engaged.sample
    redraw = engaged.redraw


class Engagements(EngagementQuestions):
    """Engagements of third parties, 第三方评估项目."""

    plan = planning.plan
    enter = planning.enter
    attach = reporting.attach
    report = reporting.report
    correct = reporting.correct
    answer = following.answer
    decline = following.decline
    complete = following.complete
    follow = following.follow
    call_off = planning.call_off


class BoardQuestions(Facet):
    """The two boards of each quarter, 好评榜 差评榜, and the open bad entries."""

    list = boards.boards
    count = boards.count
    get = boards.board
    published = boards.published
    periods = boards.periods
    bad_entries = boards.bad_entries
    late = boards.late


class Boards(BoardQuestions):
    """The two boards of each quarter, 好评榜 差评榜."""

    publish = boards.publish
    correct = boards.correct


class SpotCheckQuestions(Facet):
    """Spot checks, 抽查: those that are done, and to the parties those under way."""

    list = spot_questions.checks
    mine = spot_questions.mine
    get = spot_questions.get
    view = spot_questions.view
    show = spot_questions.show
    record = spot_questions.record


class SpotChecks(SpotCheckQuestions):
    """Spot checks, 抽查: drawn by two parties, hidden until they are done."""

    plan = drawing.plan
    secret = drawing.make_secret
    commit = drawing.commit
    cut = drawing.cut
    reveal = drawing.reveal
    draw = drawing.draw
    void = drawing.void
    attach = checking.attach
    find = checking.find
    finish = checking.finish
    answer = checking.answer
    correct = checking.correct


class RectificationQuestions(Facet):
    """Rectifications, 整改: why, what was done, who accepted it, on what."""

    list = rectified.rectifications
    count = rectified.count
    get = rectified.get
    accepted_for = rectified.accepted_for


class Rectifications(RectificationQuestions):
    """Rectifications, 整改, and their ladder."""

    open = rectifying.open_
    submit = rectifying.submit
    accept = rectifying.accept
    return_ = rectifying.return_
    open_listed = rectifying.open_listed
    escalate = ladder.escalate
    acknowledge = ladder.acknowledge


class PracticeQuestions(Facet):
    """Good practices, 好经验: what was done, for whom, its measured effect."""

    list = shelf.practices
    count = shelf.count
    get = shelf.practice


class Practices(PracticeQuestions):
    """Good practices, 好经验: the shelf."""

    shelve = shelf.shelve
    withdraw = shelf.withdraw


class ReplicationQuestions(Facet):
    """Replication, 复制推广: who was asked, what they answered, what came of it."""

    list = replicating.replications
    count = replicating.count
    get = replicating.replication


class Replications(ReplicationQuestions):
    """Replication, 复制推广, of good practices by other units."""

    propose = replicating.propose
    remind = replicating.remind
    adopt = replicating.adopt
    decline = replicating.decline
    recall = replicating.recall
    compare = replicating.compare


class ReviewQuestions(Facet):
    """Review meetings, 调度会: their packs, chair, attendance and minutes."""

    list = reviews.reviews
    count = reviews.count
    get = reviews.review
    files = reviews.files
    pack = reviews.pack
    digest = digests.digest


class Reviews(ReviewQuestions):
    """Review meetings, 调度会."""

    call = reviews.call
    hold = reviews.hold
    attach = reviews.attach
    close = reviews.conclude
    call_off = reviews.call_off


class DecisionQuestions(Facet):
    """Decisions of review meetings: who does what until when, how it turned out."""

    list = decisions.decisions
    count = decisions.count
    get = decisions.decision
    files = decisions.files


class Decisions(DecisionQuestions):
    """Decisions of review meetings."""

    decide = decisions.decide
    remind = decisions.remind
    attach = decisions.attach
    report = decisions.report
    accept = decisions.accept
    return_ = decisions.return_
    drop = decisions.drop


class DigestQuestions(Facet):
    """Digests, 月报、季报: what each unit was late with and owed, what went well."""

    list = digests.digests
    get = digests.get
    editions = digests.editions
    periods = digests.periods
    reached = digests.reached


class Digests(DigestQuestions):
    """Digests, 月报、季报: corrected, and sent again."""

    reissue = digests.reissue
    send = digests.send


class Burden(Facet):
    """The burden of the units, and the price of a rulebook."""

    of = burden.burdens
    price = burden.price
