"""What each act on feeds, advice, boards and orders is tried with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from huimin_flow.catalogue.terms import FeedWay
from huimin_flow.flow import Flow
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.executing.feeds import FedFigure
from huimin_flow.testing import UNIT

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
