"""Who may chair a deliberation, and who counts for its quorum (B1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from huimin_flow.catalogue.reasons import MeetingCode, Reasons, reason_of
from huimin_flow.catalogue.terms import Role
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import DeliberationRule


class Attendance(NamedTuple):
    """Those present who count for the quorum, and those who don't."""

    counted: tuple[str, ...]
    uncounted: tuple[str, ...]


def attendance(
    present: Sequence[str], rule: DeliberationRule, organization: Organization
) -> Attendance:
    """Return who of those present counts for the quorum.

    A post counts if it has a role of the rule; of several posts that one person
    or account holds, the first counts.
    """
    posts = {post.id: post for post in organization.people}
    counted: list[str] = []
    uncounted: list[str] = []
    holders: set[str] = set()
    for person in present:
        post = posts.get(person)
        own = frozenset[str]() if post is None else post.holders
        entitled = post is not None and not post.roles.isdisjoint(rule.members.roles)
        if entitled and person not in counted and not own & holders:
            counted.append(person)
            holders |= own
        else:
            uncounted.append(person)
    return Attendance(tuple(counted), tuple(uncounted))


def chair_flaws(
    chair: str, rule: DeliberationRule, organization: Organization
) -> Reasons:
    """Return why a post may not chair a deliberation, or nothing."""
    posts = (post for post in organization.people if post.id == chair)
    roles = next((post.roles for post in posts), frozenset[Role]())
    if not roles.isdisjoint(rule.chairs.roles):
        return ()
    values = {"person": chair, "roles": sorted(roles), "may": rule.chairs.roles}
    return (reason_of(MeetingCode.CHAIR_NOT_ENTITLED, values, Role.OFFICE),)


def quorum_flaws(
    present: Sequence[str],
    quorum: int,
    rule: DeliberationRule,
    organization: Organization,
) -> Reasons:
    """Return that too few of those present count for the quorum, or nothing."""
    counted, uncounted = attendance(present, rule, organization)
    if len(counted) >= quorum:
        return ()
    values = {
        "present": len(counted),
        "quorum": quorum,
        "counted": counted,
        "uncounted": uncounted,
        "may": rule.members.roles,
    }
    code = MeetingCode.QUORUM_UNCOUNTED if uncounted else MeetingCode.QUORUM_LACKING
    return (reason_of(code, values, Role.OFFICE),)
