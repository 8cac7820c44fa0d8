"""review and decision: meetings, their packs, and what they decided (F3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.reports.improving import reviews
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.improving.reviews import (
        Decision,
        ReviewMeeting,
        ReviewPack,
        UnitBurden,
        UnitPart,
    )

listing("review list", reviews.MEETINGS)
listing("decision list", reviews.DECISIONS)


@view("review show")
def _meeting(view: View) -> Shown:
    held: ReviewMeeting = view.answer
    posts = posts_of(view.now.rulebook.active().organization)
    return held, facts(list(reviews.meeting_lines(held, posts)))


@view("review pack")
def _pack(view: View) -> Shown:
    pack: ReviewPack = view.answer
    shown: list[str | screens.Table] = []
    for title, head, rows, nothing in reviews.pack_tables(view.now, pack):
        shown += [title, screens.Table(tuple(head), rows) if rows else nothing]
    return pack, *shown


@view("decision show")
def _decision(view: View) -> Shown:
    made: Decision = view.answer
    organization = view.now.rulebook.active().organization
    lines = [
        (say("编号"), made.key),
        (say("调度会"), made.meeting),
        *reviews.decision_lines(made, organization.names, posts_of(organization)),
    ]
    return made, facts(lines)


@view("burden show")
def _burden(view: View) -> Shown:
    lines: tuple[UnitBurden, ...] = view.answer
    names = view.now.rulebook.active().organization.names
    return lines, screens.Table(
        tuple(map(say, reviews.BURDEN_HEAD)),
        [reviews.burden_row(line, names) for line in lines],
        say("没有"),
    )


@view("review digest")
def _digest(view: View) -> Shown:
    parts: tuple[UnitPart, ...] = view.answer
    names = view.now.rulebook.active().organization.names
    head = tuple(map(say, reviews.PARTS_HEAD))
    shown: list[str | screens.Table] = []
    for heading, title in reviews.headings():
        rows = reviews.part_rows(parts, heading, names)
        shown += [title, screens.Table(head, rows) if rows else say("没有")]
    return parts, *shown
