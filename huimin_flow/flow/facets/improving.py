"""The nouns of the public API about what is carried out, judged and improved.

``facets`` has the others, and names these too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.flow.methods import Facet, Rooms

if TYPE_CHECKING:
    from huimin_flow.flow.core import reads
    from huimin_flow.flow.executing import plans, progress
    from huimin_flow.flow.improving import advice, forecasts, orders
else:
    advice = Rooms("improving.advice")
    forecasts = Rooms("improving.forecasts")
    orders = Rooms("improving.orders")
    plans = Rooms("executing.plans")
    progress = Rooms("executing.progress")
    reads = Rooms("core.reads")


class TaskQuestions(Facet):
    """Tasks: what was reported, and what is still owed."""

    sheet = progress.progress_sheet
    owing = progress.progress_owing
    months = progress.months
    calls = reads.progress_calls


class Tasks(TaskQuestions):
    """Tasks: the figures that units report."""

    report = progress.report_progress
    excuse = plans.excuse


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
