"""What may be done with an item now, and for the rest why not and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import in_english, say, say_list, say_note
from huimin_flow.catalogue.terms import (
    AdviceState,
    Duty,
    FieldKind,
    MeetingState,
    OrderState,
    PracticeState,
    RectificationState,
    ReplicationState,
    State,
    Step,
    TaskReturnState,
)
from huimin_flow.desk.forms.acting import (
    act_file,
    lacks,
    may,
    meeting_words,
    proposal_file,
    title_of,
)
from huimin_flow.desk.forms.form import Drawn, Layout, Refusal, in_words
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.ledgers import FULFILLED, IN_LEDGER
from huimin_flow.reports.executing.surveys import draw_file, survey_file
from huimin_flow.reports.steps import undo_words
from huimin_flow.rules.improving import rectification
from huimin_flow.states.records import ASSESSMENT

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.flow.possible import Possibility
    from huimin_flow.model.core.organization import Actor, Organization
    from huimin_flow.model.items import Item, Undo

#: How many holders of a right a line names.
_HOLDERS: Final = 3

#: The acts on an item that are no steps of it.
_BESIDE: Final = (
    "appeals.link",
    "appeals.unlink",
    "meetings.hold",
    "resources.cost",
    "assessments.request",
    "items.attach",
    "orders.receive",
    "engagements.plan",
    "rectifications.open",
)

#: By state of advice on an item, the acts on it.
_OF_ADVICE: Final = {
    AdviceState.ADVISED: ("advice.adopt", "advice.decline"),
    AdviceState.MENDING: ("advice.mend",),
    AdviceState.REPORTED: ("advice.verify", "advice.return_"),
}

#: By state of a supervision order on an item, the acts on it.
_OF_ORDERS: Final = {
    OrderState.RECEIVED: ("orders.answer", "orders.remind", "orders.withdraw"),
    OrderState.RETURNED: ("orders.answer", "orders.remind", "orders.withdraw"),
    OrderState.ANSWERED: ("orders.discharge", "orders.return_"),
}

#: By state of a rectification of an item, the acts on it.
_OF_RECTIFICATIONS: Final = {
    RectificationState.OPENED: ("rectifications.submit", "rectifications.acknowledge"),
    RectificationState.RETURNED: (
        "rectifications.submit",
        "rectifications.acknowledge",
    ),
    RectificationState.SUBMITTED: ("rectifications.accept", "rectifications.return_"),
}

#: By state of a practice of an item, and of its replications, the acts on it.
_OF_PRACTICES: Final = {
    PracticeState.SHELVED: ("replications.propose", "practices.withdraw"),
    ReplicationState.PROPOSED: (
        *("replications.adopt", "replications.decline"),
        *("replications.remind", "replications.recall"),
    ),
    ReplicationState.ADOPTED: ("replications.compare",),
    ReplicationState.COMPARED: ("replications.compare",),
}

#: The acts on a task that was sent back.
_OF_RETURNS: Final = ("tasks.retain",)

_M: Final = MeetingState

#: Those that need the tasks of a plan.
_OF_TASKS: Final = ("tasks.report", "tasks.excuse", "tasks.return_", "practices.shelve")


@value
class StepLine:
    """A step that is not possible now: why not, and who may take it."""

    step: str
    why: Refusal
    who: str


def acts_on(now: Snapshot, number: str, by: Actor) -> dict[str, Any]:
    """Return what an actor may do with an item now, and for the rest why not."""
    item = now.items.get(number)
    steps = now.items.possible(number, by)
    drops = item.state in IN_LEDGER and item.state not in FULFILLED
    beside = (
        *_BESIDE,
        *(_OF_TASKS if item.plan else ()),
        *(("ledgers.drop",) if drops else ()),
        *(("meetings.convene",) if item.state is State.SCREENED else ()),
    )
    records = [
        (act_file(act, key=made.key), say_note(title_of(act), made.kind.spoken))
        for made in now.assessments.list(item=number)
        for act in [f"assessments.{step}" for step in ASSESSMENT.leaving(made.state)]
        if may(by, act, now)
    ]
    records += [
        (
            act_file(act, key=made.key),
            say_note(title_of(act), made.recommendation.spoken),
        )
        for made in now.advice.list(item=number)
        for act in _OF_ADVICE.get(made.state, ())
        if may(by, act, now)
    ]
    records += [
        (act_file(act, key=line.made.key), say_note(title_of(act), line.made.task))
        for act in _OF_RETURNS
        if may(by, act, now)
        for line in now.tasks.returns(item=number, state=TaskReturnState.RETURNED)
    ]
    records += _of_surveys(now, item, by)
    records += _of_meetings(now, item) if may(by, "meetings.amend", now) else ()
    return {
        "acts": [
            (act_file(step.act, number=number), title_of(step.act), step.two)
            for step in steps
            if step.possible
        ],
        "beside": [
            (act_file(act, number=number), title_of(act))
            for act in beside
            if may(by, act, now)
            and not (act == "rectifications.open" and _is_put_right(now, number))
        ]
        + [*records, *_of_boards(now, number, by)],
        "rest": list(steps_left(steps, now.rulebook.active().organization)),
        "undo": way_back(now.items.undo(number, by)),
    }


def _is_put_right(now: Snapshot, number: str) -> bool:
    """Tell whether an item has an open rectification: no other is opened then."""
    lines = now.rectifications.list(item=number)
    return bool(rectification.still_open(line.rectification for line in lines))


def _of_boards(now: Snapshot, number: str, by: Actor) -> Iterator[tuple[str, str]]:
    """Yield forms and texts of the acts on what follows from the boards.

    These are an item's orders, rectifications, practices and replications.
    """
    names = now.rulebook.active().organization.names
    practices = now.practices.list(item=number)
    copies = list(now.replications.list(item=number))
    for made in practices:
        copies += now.replications.list(practice=made.key)
    about: list[tuple[str, str, tuple[str, ...]]] = [
        *(
            (order.key, order.document, _OF_ORDERS.get(order.state, ()))
            for order in now.orders.list(item=number)
        ),
        *(
            (line.key, known.cause, _OF_RECTIFICATIONS.get(known.state, ()))
            for line in now.rectifications.list(item=number)
            for known in [line.rectification]
        ),
        *((e.key, e.title, _OF_PRACTICES.get(e.state, ())) for e in practices),
        *(
            (line.key, names[copy.unit], _OF_PRACTICES.get(copy.state, ()))
            for line in copies
            for copy in [line.replication]
        ),
    ]
    for key, what, acts in about:
        for act in acts:
            field = "practice" if act == "replications.propose" else "key"
            if may(by, act, now):
                yield act_file(act, **{field: key}), say_note(title_of(act), what)


def annotate(
    now: Questions, layout: Layout, item: Item | None, _: Actor, __: Mapping[str, str]
) -> Layout:
    """Ask for each own field of the extensions, beginning with its value."""
    entries = () if item is None else now.items.own(item.number)
    begins: dict[str, str] = {}
    drawn: dict[str, Drawn] = {}
    yes_no = (("true", say("是")), ("false", say("否")))
    for n, entry in enumerate(entries, 1):
        row = f"own[{n}]"
        begins |= {f"{row}[1]": entry.key, f"{row}[2]": entry.text}
        options = tuple((word, word) for word in entry.choices)
        if entry.kind is FieldKind.YES_NO:
            options = yes_no  # unlike two buttons, a list may be left empty again
        drawn[f"{row}[2]"] = Drawn(
            widget="select" if options else _WIDGETS.get(entry.kind, "line"),
            label=entry.english if in_english() else entry.label,
            options=options,
            must=entry.required,
            help=entry.key,
        )
    return replace(
        layout.beginning(begins, rows={"own": len(entries)}, drawn=drawn),
        labels={f"own[{n}]": entry.key for n, entry in enumerate(entries, 1)},
        hidden=layout.hidden | {"own[][1]"},
    )


#: By kind of an own field, how its input is drawn; all else is a line of text. A
#: browser would show a moment with a zone as none.
_WIDGETS: Final = {FieldKind.WHOLE: "number", FieldKind.DAY: "date"}


def _of_surveys(now: Snapshot, item: Item, by: Actor) -> Iterator[tuple[str, str]]:
    """Yield the pages of an item's surveys, and the one on which a sample is drawn."""
    for known in now.surveys.list(item=item.number):
        yield survey_file(known.key), known.key
    if item.plan and not lacks(by, Duty.ASSESS, now, None):
        yield draw_file(item.number), title_of("surveys.draw")


def _of_meetings(now: Snapshot, item: Item) -> Iterator[tuple[str, str]]:
    """Yield forms and texts of the acts on the meetings of an item.

    A screened item may be put on the agenda of a convened meeting, if it is on none.
    """
    held = now.meetings.list(item=item.number)
    acts = {"amend": [each for each in held if each.state is not _M.CALLED_OFF]}
    if item.state is State.SCREENED:
        acts["take_off"] = [each for each in held if each.state is _M.CONVENED]
        if not acts["take_off"]:
            acts["put"] = list(now.meetings.list(state=_M.CONVENED))
        acts["postpone"] = [each for each in held if each.state is _M.HELD]
    for verb, meetings in acts.items():
        act = f"meetings.{verb}"
        about = {} if verb == "amend" else {"item": item.number}
        for meeting in meetings:
            file = act_file(act, key=meeting.key, **about)
            yield file, say_note(title_of(act), meeting_words(meeting))


def steps_left(
    steps: Sequence[Possibility], organization: Organization
) -> Iterator[StepLine]:
    """Yield the steps that are not possible now."""
    for step in steps:
        if step.possible:
            continue
        holders = [
            say_note(
                organization.name_of(holder.unit),
                say_list(role.spoken for role in holder.roles),
            )
            for holder in step.who
        ]
        named = list(dict.fromkeys(holders))
        who = say_list(named[:_HOLDERS])
        if len(named) > _HOLDERS:
            who = say("{who}等{count}个岗位", who=who, count=len(step.who))
        yield StepLine(
            step=title_of(step.act),
            why=in_words(StepRefused(step.reasons)),
            who=who,
        )


def way_back(undo: Undo) -> dict[str, Any]:
    """Return in words what would take back an item's last step, with its form."""
    words: dict[str, Any] = {"last": undo.last.spoken, "file": "", "text": ""}
    if undo.proposal:
        words |= {"file": proposal_file(undo.proposal), "text": say("撤回提请")}
    elif undo.reasons or undo.step is None:
        words["why"] = in_words(StepRefused(undo.reasons))
    else:
        back = {"back": "1"} if undo.step is Step.REASSIGN else {}
        file = act_file(f"items.{undo.step.value}", number=undo.number, **back)
        words |= {"file": file, "text": undo_words(undo, undo.step)}
    return words
