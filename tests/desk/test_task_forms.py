"""Forms of tasks: who may have one, and the way back of a reassignment (C2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from huimin_flow.catalogue.terms import State, UnitKind
from huimin_flow.model.executing.plans import NewTarget
from huimin_flow.testing import rehearsal
from tests.desk.client import Served, serving
from tests.flow.executing.test_tasks import assigned


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


def test_a_form_offers_a_task_to_none_who_may_not_have_one(served: Served) -> None:
    engine = served.engine
    clerk = served.browser(engine.operator.id)
    organization = engine.flow.rulebook.active().organization
    (auditor,) = [u for u in organization.units if u.kind is UnitKind.AUDITOR]
    listed, running = engine.bring(State.LISTED).number, assigned(engine)
    for act, number in (("assign", listed), ("reassign", running)):
        page = clerk.get(f"act-items.{act}.html?number={number}").html
        assert organization.name_of("500102") in page, act
        assert auditor.name not in page, act


def test_the_way_back_of_a_reassignment_has_the_task_as_it_was(served: Served) -> None:
    engine = served.engine
    number, by = assigned(engine), engine.operator
    clerk, reassign = served.browser(by.id), engine.flow.items.reassign
    plan = engine.flow.items.get(number).plan
    assert plan is not None
    old = plan.tasks[1]
    more = NewTarget(indicator="新增就业", value=35)
    due = date(old.due.year, 12, 30)
    why = "target_changed"
    reassign(number, "T2", why, unit="500104", due=due, new_targets=[more], by=by)
    html = clerk.get(f"item-{number}.html").html
    (back,) = re.findall(r'href="(act-items\.reassign[^"]*back[^"]*)"', html)
    done = clerk.act(back.replace("&amp;", "&"), reason=why)
    assert done.status == 200, done.refused
    again = engine.flow.items.get(number).plan
    assert again is not None
    assert again.tasks == plan.tasks
    plain = clerk.get(f"act-items.reassign.html?number={number}")
    assert "新增就业" not in plain.html.partition("<form")[2].partition("</form")[0]


def test_no_second_rectification_is_offered_while_one_is_open(served: Served) -> None:
    engine = served.engine
    number = engine.bring(State.ASSIGNED).number
    office = served.browser(engine.office.id)
    offer = "act-rectifications.open.html"
    assert offer in office.get(f"item-{number}.html").html
    paper = ("督查室", "渝督1号", engine.today(), "限期整改")
    order = engine.flow.orders.receive(number, *paper, by=engine.office).key
    engine.flow.rectifications.open(number, "慢", order_key=order, by=engine.office)
    assert offer not in office.get(f"item-{number}.html").html
