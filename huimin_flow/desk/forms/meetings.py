"""The forms about meetings: what they begin with, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from huimin_flow.catalogue.terms import MeetingState, Question
from huimin_flow.clock import local_day
from huimin_flow.desk.forms.acting import act_file, may, meeting_words, title_of
from huimin_flow.desk.forms.form import Layout
from huimin_flow.flow import Questions
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.items import Item


def judge(
    now: Questions, layout: Layout, item: Item | None, by: Actor, _: Mapping[str, str]
) -> Layout:
    """Choose among the meetings being held on the item, and among the files of both."""
    if item is None:
        return layout
    held = now.meetings.list(item=item.number, state=MeetingState.HELD)
    papers = [*now.items.attachments(item.number)]
    if may(by, "meetings.attach", now):
        papers += (file for m in held for file in now.meetings.attachments(m.key, by))
    files = tuple({file.digest: file.name for file in papers}.items())
    paths = [f"judgment.answers.{question}.file" for question in Question]
    choices = {
        "deliberation": tuple((each.key, meeting_words(each)) for each in held),
        **(dict.fromkeys(paths, files) if files else {}),
    }
    return layout.beginning(
        {"deliberation": held[0].key} if held else {},
        choices=choices,
        without=layout.without if files else layout.without.union(paths),
    )


def convene(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Begin with the item on the agenda."""
    return layout.beginning({} if item is None else {"agenda[1]": item.number})


def hold(
    now: Questions,
    layout: Layout,
    item: Item | None,
    by: Actor,
    about: Mapping[str, str],
) -> Layout:
    """Begin with today, the item, and a row for each participant of a quorum."""
    begins = {"held_on": local_day(now.moment()).isoformat()}
    layout = convene(now, layout, item, by, about)
    return layout.beginning(begins, rows={"participants": _beside_the_chair(now)})


def begin(
    now: Questions, layout: Layout, _: Item | None, __: Actor, about: Mapping[str, str]
) -> Layout:
    """Begin with the planned chair, and a row for each participant of a quorum."""
    chair = now.meetings.get(about["key"]).deliberation.chair if "key" in about else ""
    rows = {"participants": _beside_the_chair(now)}
    return layout.beginning({"chair": chair}, rows=rows)


def _beside_the_chair(now: Questions) -> int:
    return max(now.rulebook.active().rules.judging.quorum.value - 1, 1)


def amend(
    now: Questions, layout: Layout, _: Item | None, __: Actor, about: Mapping[str, str]
) -> Layout:
    """Begin with the record as it is; what its state fixes is left out."""
    if "key" not in about:
        return layout
    held = now.meetings.get(about["key"]).deliberation
    before = held.state is MeetingState.CONVENED
    begins = {"chair": held.chair}
    lists: dict[str, tuple[str, ...]] = {"agenda": held.agenda}
    if before:
        begins["held_on"] = held.held_on.isoformat()
    else:
        begins["minutes"] = held.minutes
        lists = {"participants": held.participants, "prevented": held.prevented}
    begins |= {
        f"{name}[{n}]": each
        for name, several in lists.items()
        for n, each in enumerate(several, 1)
    }
    attended, planned = ("participants", "prevented", "minutes"), ("held_on", "agenda")
    return layout.beginning(
        begins,
        rows={name: len(several) for name, several in lists.items()},
        without=layout.without.union(attended if before else planned),
    )


def of_agenda(
    now: Questions, layout: Layout, _: Item | None, __: Actor, about: Mapping[str, str]
) -> Layout:
    """Choose among the items of the agenda."""
    if "key" not in about:
        return layout
    numbers = now.meetings.get(about["key"]).deliberation.agenda
    items = now.items.list(numbers=numbers)
    choices = tuple((item.number, f"{item.number} {item.title}") for item in items)
    return replace(layout, choices={"item": choices})


def before_judging(now: Questions, number: str) -> list[tuple[str, str]]:
    """Return form and text of what brings an item before a meeting, if none is held."""
    if now.meetings.list(item=number, state=MeetingState.HELD, limit=1):
        return []
    hold = "meetings.hold"
    convened = now.meetings.list(item=number, state=MeetingState.CONVENED)
    return [
        (act_file("meetings.begin", key=each.key), title_of("meetings.begin"))
        for each in convened
    ] or [(act_file(hold, number=number), title_of(hold))]
