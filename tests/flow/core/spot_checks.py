"""Spot checks for those who try every act: one that waits for each step."""

from __future__ import annotations

from itertools import count
from typing import Any

from huimin_flow.catalogue.terms import CheckWay, Role, Severity
from huimin_flow.model.core.organization import Actor
from huimin_flow.rules.improving.spot_checks import digest_of, draw, seed_of
from huimin_flow.testing import UNIT, Desk


def prepare(desk: Desk, known: dict[str, Any]) -> None:
    """Plan spot checks, one for each step; something of the unit is drawn in all."""
    checks, office = desk.flow.spot_checks, desk.office
    group = desk.actor("supervision-1")
    for name in ("planned", "sealed", "fixed", "told", "drawn", "found", "checked"):
        key = known[name] = checks.plan("抽查", by=office).key
        if name == "planned":
            continue
        mine, theirs = (digest_of(f"{name}{n}") for n in range(2))
        if name in {"drawn", "found", "checked"}:
            mine = fitting(desk, known["fixed"], theirs)
        checks.commit(key, digest_of(mine), by=office)
        checks.commit(key, digest_of(theirs), by=group)
        if name == "sealed":
            continue
        checks.cut(key, by=office)
        if name == "fixed":
            known["secret"] = mine
            continue
        checks.reveal(key, mine, by=office)
        checks.reveal(key, theirs, by=group)
        if name == "told":
            continue
        lines = checks.draw(key, by=office).drawn
        known[f"{name}_at"] = next(line.id for line in lines if line.unit == UNIT)
        for line in lines if name != "drawn" else ():
            way, grave = CheckWay.ONLINE, Severity.SERIOUS
            checks.find(key, line.id, way, grave, "无人", by=office)
        if name == "checked":
            checks.finish(key, by=office)


def fitting(desk: Desk, key: str, theirs: str) -> str:
    """Return a secret by which something of the unit is drawn."""
    shown = desk.flow.spot_checks.show(key, by=desk.office)
    for n in count():
        mine = digest_of(f"{theirs}{n}")
        seed = seed_of({Role.OFFICE: mine, Role.SUPERVISION: theirs})
        lines = draw(seed, shown.population or (), shown.check.sizes)
        if any(line.unit == UNIT for line in lines):
            return mine
    raise AssertionError


def arguments(known: dict[str, Any], second: Actor) -> dict[str, dict[str, Any]]:
    """Return arguments for each act on spot checks that lack nothing."""
    return {
        "spot_checks.plan": {"title": "抽查"},
        "spot_checks.secret": {"key": known["planned"]},
        "spot_checks.commit": {"key": known["planned"], "commitment": "ab" * 32},
        "spot_checks.cut": {"key": known["sealed"]},
        "spot_checks.reveal": {"key": known["fixed"], "secret": known["secret"]},
        "spot_checks.draw": {"key": known["told"]},
        "spot_checks.void": {"key": known["sealed"], "reason": "改期"},
        "spot_checks.attach": {"key": known["drawn"], "name": "a", "content": b"3"},
        "spot_checks.find": {"key": known["drawn"], "checked": known["drawn_at"]}
        | {"manner": CheckWay.ONLINE, "severity": Severity.NONE, "found": "正常"},
        "spot_checks.finish": {"key": known["found"]},
        "spot_checks.answer": {"key": known["checked"], "checked": known["checked_at"]}
        | {"reply": "已改"},
        "spot_checks.correct": {"key": known["checked"], "checked": known["checked_at"]}
        | {"severity": Severity.MINOR, "reason": "较轻"}
        | {"second": second},
    }
