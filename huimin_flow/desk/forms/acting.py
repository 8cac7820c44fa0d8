"""An act that a form asks for: what it would do, done once, or proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from huimin_flow.catalogue.acts import ACTS, label
from huimin_flow.catalogue.language import say, say_list, say_note, say_sentences
from huimin_flow.catalogue.reasons import DoorCode, Reasons
from huimin_flow.catalogue.terms import (
    Duty,
    ProposalField,
    Step,
    Term,
    TwoPeople,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import NotFound
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.deciding.judgment import needs_two
from huimin_flow.flow.methods import methods
from huimin_flow.flow.sensing.appeals import Intake
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.core.values import Difference, value
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Item
from huimin_flow.reports.core.changes import Change, changes
from huimin_flow.reports.core.histories import (
    event_lines,
    event_words,
    stream_words,
)
from huimin_flow.reports.deciding.editions import lacking_words
from huimin_flow.reports.sensing.answers import foretold
from huimin_flow.reports.steps import ASKED
from huimin_flow.states.authority import may_do, reach
from huimin_flow.states.table import ENDS
from huimin_flow.streams import TWO_PERSON_ACTS

if TYPE_CHECKING:
    from huimin_flow.flow import Questions
    from huimin_flow.model.core.events import Event
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.deciding.deliberations import Deliberation
    from huimin_flow.model.rulebook import Rulebook

#: Acts that have no form: files of other systems and the config folder bring their
#: arguments, and proposals have pages of their own.
FORMLESS: Final = frozenset(
    {
        *("appeals.add_all", "appeals.read", "ratings.add", "lists.enter_opening"),
        *("answers.give_back", "answers.give_all"),
        "spot_checks.secret",  # it is shown once, at a terminal
        *("rulebook.activate", "proposals.propose", "proposals.propose_rulebook"),
        *("proposals.approve", "proposals.withdraw", "bulk.do"),
    }
)


@value
class EventAhead:
    """An event that an act would record, in words."""

    about: str
    step: str
    source: str
    target: str
    words: str


@value
class Ahead:
    """What an act would do. ``asks`` if it must be confirmed: it ends something.

    ``changes`` is the content that a second person would confirm; ``lacking`` says
    which entries of a list still say too little, ``told`` what an act on an appeal or
    its answer would come to.
    """

    events: tuple[EventAhead, ...]
    changes: tuple[Change, ...] = ()
    asks: bool = False
    two: bool = False
    lacking: str = ""
    told: tuple[str, ...] = ()


def act_file(act: str, **about: str) -> str:
    """Return the file of an act's form.

    >>> act_file("items.judge", number="2026-000001")
    'act-items.judge.html?number=2026-000001'

    """
    return f"act-{act}.html" + (f"?{urlencode(about)}" if about else "")


def proposal_file(key: str) -> str:
    """Return the file of a proposal's page.

    >>> proposal_file("proposal/2026-0001")
    'proposal-2026-0001.html'

    """
    return f"{key.replace('/', '-', 1)}.html"


def title_of(act: str) -> str:
    """Return what an act is called.

    Raises:
        NotFound: if it has no form.

    """
    known = methods(Flow).get(act)
    if known is None or known.case.kind is not Kind.ACT or act in FORMLESS:
        raise NotFound(DoorCode.NO_SUCH_PAGE, file=f"act-{act}.html"[:80])
    noun, _, verb = act.partition(".")
    if noun == "items" and verb in set(Step):
        return Step(verb).spoken
    return label(say(ACTS[act][0]))


def may(by: Actor, act: str, now: Questions) -> bool:
    """Tell whether an actor has the rights of an act, for their own unit or others."""
    organization, day = now.rulebook.active().organization, local_day(now.moment())
    return all(
        reach(by, right, organization, day) is not None
        if isinstance(right, Step)
        else not may_do(by, right, organization, unit=by.unit, day=day)
        for right in methods(Flow)[act].case.rights
    )


def lacks(by: Actor, duty: Duty, now: Questions, unit: str | None) -> Reasons:
    """Return why an actor may not do a duty today for a unit, or for all (None)."""
    organization, day = now.rulebook.active().organization, local_day(now.moment())
    return may_do(by, duty, organization, unit=unit, day=day)


def two_people(
    now: Questions, act: str, arguments: Mapping[str, Any]
) -> TwoPeople | None:
    """Return the act of two people that an act with its arguments is, if it is one."""
    method = methods(Flow)[act]
    function = method.__wrapped__
    path = f"{function.__module__}.{function.__name__}"
    named = [
        TwoPeople(name)
        for name, declared in TWO_PERSON_ACTS.items()
        if path == f"huimin_flow.flow.{declared.act}"
    ]
    if not named:
        return None
    if named[0] is TwoPeople.DEFER and not needs_two(
        now.items.get(arguments["number"])
    ):
        return None
    if named[0] is TwoPeople.SET_ASIDE and not arguments["set_aside"]:
        return None
    return named[0]


def do(
    flow: Flow,
    act: str,
    arguments: Mapping[str, Any],
    by: Actor,
    two: TwoPeople | None,
    version: str,
) -> Any:
    """Do an act, or propose it to a second person; return what it returns.

    Raises:
        HuiminError: if it is refused.

    """
    if two is None:
        noun, _, verb = act.partition(".")
        return getattr(getattr(flow, noun), verb)(**arguments, by=by)
    needs = map(str, TWO_PERSON_ACTS[two].needs)
    texts = dict(zip(needs, map(str, arguments.values()), strict=False))
    if arguments.get("with_colors"):
        texts[ProposalField.COLORS] = "yes"
    if version and ProposalField.VERSION in TWO_PERSON_ACTS[two].may:
        texts[ProposalField.VERSION] = version
    return flow.proposals.propose(two, texts, by=by)


def ahead_of(
    flow: Flow,
    act: str,
    arguments: Mapping[str, Any],
    by: Actor,
    two: TwoPeople | None,
    version: str,
) -> Ahead:
    """Return what an act would do; nothing of it remains.

    Raises:
        HuiminError: if it would be refused.

    """
    book = flow.rulebook.active()
    with flow.dry() as dry:
        made = do(dry, act, arguments, by, two, version)
        events = dry.events()
        told = tuple(foretold(flow, dry, act, arguments))
        content: Sequence[Difference] = ()
        if isinstance(made, Proposal):
            content = dry.proposals.get(made.key).content
    return Ahead(
        events=tuple(events_ahead(events, book)),
        changes=tuple(changes(content, book)),
        asks=any(
            event.step in ASKED
            or (event.target in ENDS and event.source != event.target)
            for event in events
        ),
        two=two is not None,
        lacking=lacking_words(made) if isinstance(made, Edition) else "",
        told=told,
    )


def events_ahead(events: Sequence[Event], book: Rulebook) -> Iterator[EventAhead]:
    """Yield the events that an act would record, in words."""
    names = book.organization.names
    lines = event_lines(events, lambda event: event_words(event, book, names))
    for event, line in zip(events, lines, strict=True):
        yield EventAhead(
            about=stream_words(event.stream, names),
            step=line.step,
            source=line.source,
            target=line.target,
            words=line.words,
        )


def changes_since(now: Questions, number: str, version: str) -> Iterator[str]:
    """Yield what happened to an item since a version, in words."""
    book = now.rulebook.active()
    names = book.organization.names
    events = [recorded.event for recorded in now.items.history(number)]
    since = [event for event in events if event.n > int(version)]
    for line in event_lines(since, lambda event: event_words(event, book, names)):
        words = f"{line.at[:16]} {line.step} {line.source} → {line.target}"
        yield say_note(words, line.words) if line.words else words


def meeting_words(meeting: Deliberation) -> str:
    """Return which meeting it is: two may be on one day."""
    return f"{meeting.held_on} {stream_words(meeting.key, {})}"


def strange_words(made: Intake) -> Iterator[str]:
    """Yield which places and towns of an intake nobody knows, in words."""
    for place in made.unplaced:
        yield say("地点“{place}”不是已知的一个单位,不计入任何单位", place=place)
    for town in made.strange:
        yield say("没有“{town}”这个镇街,照所写保留", town=town)


def result_words(made: Any, names: Mapping[str, str]) -> str:
    """Return in words what an act returned; ``names`` are those of units."""
    if isinstance(made, Item):
        return say(
            "{number} 现为“{state}”(第{version}版)",
            number=made.number,
            state=made.status.spoken,
            version=made.version,
        )
    if isinstance(made, Intake) and made.receipt:
        text = "诉求已登记,回执编号 {number},请告诉诉求人"
        return say_sentences([say(text, number=made.receipt), *strange_words(made)])
    if isinstance(made, Proposal):
        return say("已提请 {proposal},待另一人复核", proposal=made.key)
    if isinstance(made, tuple):
        return say_list(filter(None, (result_words(each, names) for each in made)))
    name = getattr(made, "transaction", None)
    state = getattr(made, "state", None)
    if name is None and (key := getattr(made, "key", None)) is not None:
        name = stream_words(str(key), names)
    if name is None:
        return ""
    return f"{name} {state.spoken}" if isinstance(state, Term) else str(name)
