"""What forms are about, and what those of appeals and ratings say besides (A1, A7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import say, say_note
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.desk.forms.acting import may, meeting_words
from huimin_flow.desk.forms.layouts import OF_ANSWERS
from huimin_flow.reports.core.histories import stream_words
from huimin_flow.reports.core.lists import Ref, item_file, list_file
from huimin_flow.reports.deciding.meetings import pack_file
from huimin_flow.reports.executing.surveys import survey_file
from huimin_flow.reports.improving import (
    advice,
    engagements,
    orders,
    rectification,
    replication,
    reviews,
)
from huimin_flow.reports.improving.spot_checks import spot_check_file
from huimin_flow.reports.sensing.answers import answering_words
from huimin_flow.reports.sensing.appeals import read_file, way_file
from huimin_flow.reports.sensing.imports import IMPORT_FILE
from huimin_flow.reports.services.follow_ups import rating_words

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.reports.core.render import Page


def case_words(now: Questions, about: Mapping[str, str]) -> str:
    """Return a bad rating, or how far the answer to an appeal is, in words."""
    if "transaction" in about:
        return rating_words(now, about["transaction"])
    found = now.answers.get(about.get("key", ""), channel=about["channel"])
    return answering_words(now, found.answering)


def case_file(about: Mapping[str, str]) -> str:
    """Return the page of the whole way of an appeal that a form is about, or ""."""
    named = "channel" in about and "key" in about
    return way_file(about["channel"], about["key"]) if named else ""


def before_answering(
    now: Questions, act: str, about: Mapping[str, str], by: Actor
) -> Iterator[tuple[str, str]]:
    """Yield where whoever answers an appeal reads what it says: file and text."""
    if act in OF_ANSWERS and "key" in about and may(by, "appeals.read", now):
        found = now.answers.get(about["key"], channel=about.get("channel"))
        file = read_file(found.answering.channel, found.answering.key)
        yield file, say("查看原文")


def kept_appeal(now: Questions, texts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the page of an appeal that was registered with a form, and its text."""
    known = {each.name: each.key for each in now.rulebook.active().channels.intake}
    channel, key = (texts.get(f"appeal.{name}", "") for name in ("channel", "key"))
    return way_file(known.get(channel, channel), key), say("诉求{key}的全程", key=key)


def with_reading(built: Page, now: Snapshot, by: Actor) -> Page:
    """Return the list of appeals with the form to read each, for who may read.

    Whoever may import is led to the page of files.
    """
    leads = import_lead(now, by)
    if not may(by, "appeals.read", now):
        return replace(built, values={**built.values, "leads": leads})
    names = {each.name: each.key for each in now.rulebook.active().channels.intake}
    rows = [
        (*row, Ref(say("查看原文"), read_file(names.get(row[1], row[1]), row[0])))
        for row in built.values["rows"]
    ]
    head = [*built.values["head"], say("办理")]
    return replace(
        built, values={**built.values, "head": head, "rows": rows, "leads": leads}
    )


def import_lead(now: Snapshot, by: Actor) -> list[tuple[str, str]]:
    """Return the page on which a file of appeals is sent, for who may import one."""
    return [(IMPORT_FILE, say("导入诉求"))] if may(by, "appeals.add_all", now) else []


#: By kind of a record, what says it in one line, with its page.
_IN_SHORT: Final = {
    StreamKind.ADVICE: advice.in_short,
    StreamKind.SUPERVISION_ORDER: orders.in_short,
    StreamKind.ENGAGEMENT: engagements.in_short,
    StreamKind.RECTIFICATION: rectification.in_short,
    StreamKind.PRACTICE: replication.in_short,
    StreamKind.REPLICATION: replication.in_short,
    StreamKind.REVIEW_MEETING: reviews.in_short,
    StreamKind.DECISION: reviews.in_short,
}


def subject_words(now: Questions, about: dict[str, str]) -> tuple[str, str]:
    """Return what a form is about, in words, and the file of its page."""
    if number := about.get("number"):
        item = now.items.get(number)
        return say_note(f"{number} {item.title}", item.status.spoken), item_file(number)
    if "transaction" in about or "channel" in about:
        return case_words(now, about), case_file(about)
    subject = about.get("key", "")
    kind, _ = StreamKind.parse(subject)
    if kind is StreamKind.ASSESSMENT:
        made = now.assessments.get(subject)
        words = say_note(f"{made.kind.spoken} {made.item}", made.state.spoken)
        return " ".join(filter(None, (words, made.finding))), item_file(made.item)
    if kind in _IN_SHORT:
        return _IN_SHORT[kind](now, subject)
    if kind is StreamKind.DELIBERATION:
        held = now.meetings.get(subject).deliberation
        return say_note(meeting_words(held), held.state.spoken), pack_file(subject)
    of = {StreamKind.LIST: list_file, StreamKind.SPOT_CHECK: spot_check_file}
    of[StreamKind.SURVEY] = survey_file
    words = stream_words(subject, now.rulebook.active().organization.names)
    return words, of[kind](subject) if kind in of else ""
