"""What the description of an act doesn't say of its form: what it begins with.

A page that leads to a form says what it is about: ``act-items.judge.html?number=…``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from huimin_flow.catalogue.language import say_clauses, say_phrase
from huimin_flow.catalogue.terms import (
    AnswerKind,
    Criterion,
    PointState,
    UnitKind,
)
from huimin_flow.clock import SHANGHAI, local_day
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.forms import engagements, meetings, on_item, tasks
from huimin_flow.desk.forms.form import Layout
from huimin_flow.flow import Questions
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import owner_of_list
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item
from huimin_flow.reports.agreements import agreed_words
from huimin_flow.rules.executing.readiness import needed

#: The fields that say what an act is about; a page names one of them in its address.
ABOUT: Final = ("number", "key", "transaction")

#: Links that only a step of its own makes, and what other acts fill in.
_LINKS: Final = ("continues", "responds_to", "split_from")

#: By act, the paths of fields that its form leaves out.
_WITHOUT: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("items.collect", "gathering.collect"),
        tuple(f"demand.{name}" for name in _LINKS),
    ),
    "items.split": tuple(f"parts[][1].{name}" for name in (*_LINKS, "arises_from")),
    "items.execute": ("results[].excuse", "results[].excused_by"),
    "tasks.report": (
        "places",
        *(f"reports[].{name}" for name in ("evidence", "feed", "measured_at")),
    ),
}

#: What a page may name in the address of a form, for the input of this name.
NAMED: Final = (
    *("item", "period", "area", "channel"),
    *("destination", "position", "recipient", "finding"),
    *("review_meeting", "checked", "repeats", "back"),
)

#: The acts on the answer to an appeal, which its key and its channel name.
OF_ANSWERS: Final = (
    "answers.give",
    "answers.extend",
    "answers.transfer",
    "answers.reopen",
)

#: By act, further paths of fields that its page says already.
_HIDDEN: Final[Mapping[str, tuple[str, ...]]] = {
    "items.execute": ("results[].task",),
    **dict.fromkeys(OF_ANSWERS, ("channel",)),
    **dict.fromkeys(
        (
            *("items.attach", "meetings.attach", "reviews.attach", "decisions.attach"),
            "spot_checks.attach",
        ),
        ("name",),
    ),
}


def layout_of(now: Questions, act: str, about: Mapping[str, str], by: Actor) -> Layout:
    """Return the layout of an act's form; ``about`` is what the page's address names.

    A second person confirms with their own account, so no form asks for them.

    Raises:
        NotFound: if the item that it is about doesn't exist.

    """
    item = now.items.get(about["number"]) if "number" in about else None
    subject = {name: about[name] for name in ABOUT if name in about}
    version = {} if item is None else {"version": str(item.version)}
    named = {name: about[name] for name in NAMED if name in about}
    layout = Layout(
        hidden=frozenset({*subject, "version", *_HIDDEN.get(act, ())}),
        without=frozenset({"second", *_WITHOUT.get(act, ())}),
        begins={**subject, **version, **named},
    )
    begin = _BEGINS.get(act)
    if begin is None:
        return layout
    return begin(now, layout, item, by, about)


def collect(
    _: Questions, layout: Layout, __: Item | None, by: Actor, ___: Mapping[str, str]
) -> Layout:
    """Begin with the own unit."""
    return layout.beginning({"demand.unit": by.unit})


def gather(
    now: Questions,
    layout: Layout,
    item: Item | None,
    by: Actor,
    about: Mapping[str, str],
) -> Layout:
    """Begin with the appeal and the own unit."""
    pair = (about.get("channel", ""), about.get("key", ""))
    begins = {f"appeal[{n}]": text for n, text in enumerate(pair, 1)}
    return collect(now, layout, item, by, about).beginning(begins)


def screen(
    now: Questions, layout: Layout, item: Item | None, _: Actor, __: Mapping[str, str]
) -> Layout:
    """Ask for the criteria of the item's origin; prevalence is computed."""
    if item is None:
        return layout
    weights = now.rulebook.active().rules.screening.criteria[item.origin].weights
    other = {each for each in Criterion if each not in weights}
    names = {f"scores.{each}" for each in (*other, Criterion.PREVALENCE)}
    return replace(layout, without=layout.without | names)


def evaluate(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Ask for the result of each agreed outcome: a figure, or a grade."""
    plan = Plan() if item is None else item.plan or Plan()
    begins: dict[str, str] = {}
    labels: dict[str, str] = {}
    without = set(layout.without)
    for n, agreed in enumerate(plan.outcomes, 1):
        row = f"outcomes[{n}]"
        begins[f"{row}.outcome"] = agreed.key
        without.add(f"{row}.{'grade' if agreed.counted else 'value'}")
        labels[row] = say_phrase(f"{agreed.key} ", agreed.statement)
        labels[row] = say_clauses(labels[row], agreed_words(agreed))
    hidden = layout.hidden | {"outcomes[].outcome"}
    return replace(
        layout.beginning(begins, rows={"outcomes": len(plan.outcomes)}, labels=labels),
        hidden=hidden if plan.outcomes else layout.hidden,
        without=frozenset(without),
    )


def request(
    now: Questions, layout: Layout, item: Item | None, _: Actor, __: Mapping[str, str]
) -> Layout:
    """Begin with the first assessment that the item needs and nobody requested."""
    if item is None:
        return layout
    made = {known.kind for known in now.assessments.list(item=item.number)}
    kinds = needed(item, now.rulebook.active().rules, item.plan)
    open_ = [kind.value for kind in kinds if kind not in made]
    begins = {"kind": open_[0]} if open_ else {}
    return layout.beginning(begins, rows={"staff": 1})


def amend_party(
    now: Questions, layout: Layout, _: Item | None, __: Actor, about: Mapping[str, str]
) -> Layout:
    """Begin with what the register says."""
    if "key" not in about:
        return layout
    party = now.third_parties.get(about["key"])
    names = ("name", "kind", "experience", "understanding", "parent")
    return layout.beginning({name: str(getattr(party, name)) for name in names})


def amend(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Begin with the present facts; what is not changed is not corrected."""
    if item is None:
        return layout
    names = ("title", "description", "area", "life_stage", "origin")
    return layout.beginning(
        {f"corrections.{name}": str(getattr(item, name)) for name in names}
    )


def supplement(
    now: Questions, layout: Layout, _: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Choose the city's newest list."""
    keys = [each.key for each in now.lists.list() if owner_of_list(each) is None]
    return layout.beginning({"edition": max(keys)} if keys else {})


def describe(
    now: Questions, layout: Layout, _: Item | None, __: Actor, about: Mapping[str, str]
) -> Layout:
    """Begin with what the entry says; what is not changed stays as it is."""
    if not {"key", "item"} <= about.keys():
        return layout
    place = now.lists.get(about["key"]).place(about["item"])
    if place is None:
        return layout
    begins = {"text": place.text, "due": place.due.isoformat() if place.due else ""}
    begins |= {f"targets[{n}]": text for n, text in enumerate(place.targets, 1)}
    begins |= {f"supporting[{n}]": p.unit for n, p in enumerate(place.supporting, 1)}
    rows = {"targets": max(len(place.targets), 1)}
    rows["supporting"] = len(place.supporting)
    return layout.beginning(begins, rows=rows)


def split(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Begin with two parts that have the item's facts."""
    if item is None:
        return layout
    names = ("origin", "area", "unit", "life_stage")
    begins = {f"parts[][1].{name}": str(getattr(item, name)) for name in names}
    return layout.beginning(begins, rows={"parts": 2})


def declare(
    now: Questions, layout: Layout, _: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Begin with the records that are ahead of the clock."""
    ahead = now.clock.status()
    if not ahead.first:
        return layout
    begins = {"first_record": str(ahead.first), "last_record": str(ahead.last)}
    return layout.beginning(begins)


def respond(
    now: Questions, layout: Layout, _: Item | None, by: Actor, __: Mapping[str, str]
) -> Layout:
    """Respond for the own unit, if it is asked about demands at all."""
    day = local_day(now.moment())
    organization = now.rulebook.active().organization
    own = organization.acts_for(by.unit, day).intersection(
        organization.listing_units(day)
    )
    if organization.office in own or not own:
        return layout
    return layout.beginning({"unit": min(own)}, hidden=layout.hidden | {"unit"})


def register(
    now: Questions, layout: Layout, _: Item | None, by: Actor, __: Mapping[str, str]
) -> Layout:
    """Begin with a number of the moment, and with the own place; offer its points."""
    organization = now.rulebook.active().organization
    unit = organization.unit(by.unit, local_day(now.moment()))
    own = organization.town(by.unit) or (unit and unit.kind is UnitKind.DISTRICT)
    known = now.points.list(state=PointState.IN_USE)
    near = [each for each in known if by.unit in {each.unit, each.town} or not own]
    moment = now.moment().astimezone(SHANGHAI)
    number = f"{by.unit}-{moment:%Y%m%d%H%M%S}-{new_id()[:4]}"
    begins = {"appeal.key": number} | ({"appeal.district": by.unit} if own else {})
    choices = tuple((each.key, each.name) for each in near)
    return replace(
        layout.beginning(begins), choices={"appeal.point": choices} if choices else {}
    )


def tell(
    now: Questions, layout: Layout, item: Item | None, _: Actor, __: Mapping[str, str]
) -> Layout:
    """Begin with the draft, and with how many are to be told."""
    if item is None:
        return layout
    line = now.answers.proposal(item.number)
    begins = {"text": line.text, "expected": str(line.left)}
    return layout.beginning({**begins, "kind": AnswerKind.RESULT.value})


#: By act: what its form begins with.
_BEGINS: Final[Mapping[str, Callable[..., Layout]]] = {
    **engagements.BEGINS,
    "items.collect": collect,
    "appeals.add": register,
    "gathering.collect": gather,
    "items.screen": screen,
    "items.judge": meetings.judge,
    "items.assign": tasks.assign,
    "answers.batch": tell,
    "assessments.request": request,
    "items.evaluate": evaluate,
    "items.execute": tasks.execute,
    "items.respond": respond,
    "ledgers.decline": respond,
    "ledgers.reconsider": respond,
    "items.amend": amend,
    "items.annotate": on_item.annotate,
    "items.split": split,
    "clock.declare": declare,
    "lists.describe": describe,
    "lists.supplement": supplement,
    "meetings.convene": meetings.convene,
    "meetings.hold": meetings.hold,
    "meetings.begin": meetings.begin,
    "meetings.amend": meetings.amend,
    "meetings.postpone": meetings.of_agenda,
    "meetings.take_off": meetings.of_agenda,
    "tasks.report": tasks.report,
    "third_parties.amend": amend_party,
    "items.reassign": tasks.reassign,
    **dict.fromkeys(("tasks.excuse", "tasks.return_"), tasks.excuse),
}
