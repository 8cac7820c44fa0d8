"""What each act on feeds, advice, boards and orders is tried with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from huimin_flow.catalogue.terms import FeedWay, Role
from huimin_flow.flow import Flow
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.executing.feeds import FedFigure
from huimin_flow.testing import UNIT, Desk
from tests.flow.improving.replicated import carried_out, publish
from tests.life.world import OTHER_UNIT

FED = FedFigure(month="2023-09", value=3, service="startup_grant", unit=UNIT)


def prepare_feeds(flow: Flow, known: dict[str, str], by: Actor) -> None:
    """Register two feeds of business."""
    for key in ("a-feed", "b-feed"):
        made = flow.feeds.register(key, "甲", "某系统", UNIT, FeedWay.HOST, by=by)
        known[key] = made.key


def feed_arguments(known: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return arguments for each act on feeds that lack nothing, but who acts."""
    new = {"code": "c-feed", "name": "丙", "source": "某系统", "unit": UNIT}
    moment = datetime(2023, 10, 1, tzinfo=UTC)
    brought = {"feed": known["a-feed"], "figures": [FED], "measured_at": moment}
    return {
        "feeds.register": new | {"way": FeedWay.FILE},
        "feeds.amend": {"key": known["a-feed"], "new_name": "乙"},
        "feeds.deliver": brought,
        "feeds.end": {"key": known["b-feed"], "reason": "停用"},
    }


def prepare_replication(desk: Desk, known: dict[str, Any]) -> None:
    """Shelve a practice, and propose it to two units; one adopts, and its item ends."""
    flow, office = desk.flow, desk.office
    known["good"], shelved = carried_out(desk), carried_out(desk)
    publish(desk)
    made = flow.practices.shelve(shelved, "腾退闲置用房", "求职者", by=office)
    known["practice"] = made.key
    for name, unit in (("offered", OTHER_UNIT), ("copied", "500104")):
        known[name] = flow.replications.propose(made.key, unit, by=office).key
    own = flow.replications.adopt(
        known["copied"], by=desk.post(Role.OPERATOR, "500104")
    )
    flow.items.reject(own.successor, "duplicate", by=office)


def replication_arguments(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return arguments for acts on practices and replications that lack nothing."""
    asked, why = {"key": known["offered"]}, {"reason": "另有安排"}
    return {
        "practices.shelve": {"number": known["good"], "taken": "甲", "whom": "乙"},
        "practices.withdraw": {"key": known["practice"]} | why,
        "replications.propose": {"practice": known["practice"], "unit": "500106"},
        "replications.remind": asked,
        "replications.adopt": asked,
        "replications.decline": asked | why,
        "replications.recall": asked | why,
        "replications.compare": {"key": known["copied"]},
    }


def improving_arguments(
    known: dict[str, str], today: date, item: str, two: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return arguments for acts on advice, boards and orders that lack nothing."""
    return {
        "advice.adopt": {"key": known["advised"], "reason": "同意", "what": "甲"}
        | {"unit": UNIT, "mended_by": date(2099, 1, 1)},
        "advice.decline": {"key": known["advised"], "reason": "不同意"},
        "advice.mend": {"key": known["mending"], "done": "已完善"},
        "advice.verify": {"key": known["reported"]},
        "advice.return_": {"key": known["reported"], "note": "补充"},
        "boards.publish": {"key": known["boards"]} | two,
        "boards.correct": {"key": known["boards"], "reason": "补报"} | two,
        "orders.receive": {
            "number": item,
            "authority": "督查室",
            "document": "9号",
            "dated": today,
            "demanded": "限期办结",
        },
        "orders.remind": {"key": known["ordered"]},
        "orders.answer": {"key": known["ordered"], "answer": "已办"}
        | {"evidence": [known["file"]]},
        "orders.return_": {"key": known["followed"], "note": "补充"},
        "orders.discharge": {"key": known["followed"], "finding": "认可"},
        "orders.withdraw": {"key": known["ordered"], "reason": "登记有误"},
    }
