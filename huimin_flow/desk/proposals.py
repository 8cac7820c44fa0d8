"""The second person's queue: what is asked for, what it would change, yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from huimin_flow.catalogue.language import say, say_note
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import (
    ProposalField,
    ProposalState,
    StreamKind,
    TwoPeople,
)
from huimin_flow.clock import shanghai
from huimin_flow.desk.core.answers import answer, status_of
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.forms.acting import proposal_file
from huimin_flow.desk.forms.form import Refusal, in_words
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.model.core.values import differences, to_plain
from huimin_flow.reports.core.changes import Change, changes
from huimin_flow.reports.core.histories import (
    event_lines,
    event_words,
    list_name,
    stream_words,
)
from huimin_flow.reports.core.lists import item_file, list_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.editions import edition_file
from huimin_flow.reports.deciding.previews import effect_lines, is_effect
from huimin_flow.states.authority import are_one_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.desk.core.state import Desk
    from huimin_flow.flow import Snapshot
    from huimin_flow.flow.proposals import Shown
    from huimin_flow.model.core.organization import Actor, Organization
    from huimin_flow.model.core.proposals import Proposal

#: How many settled proposals the page shows, newest first.
_SETTLED: Final = 50


def queue(request: Request) -> Response:
    """Show the proposals that wait, and the last ones that were settled."""
    by = request.state.visitor.actor
    desk: Desk = request.app.state.desk
    with desk.flow.snapshot() as now:
        organization = now.rulebook.active().organization
        waiting = [
            _line(made, organization, by)
            | ({"state": say("已失效")} if now.proposals.stale(made.key) else {})
            for made in now.proposals.waiting()
        ]
        settled = [
            _line(made, organization, by)
            for state in (ProposalState.APPROVED, ProposalState.WITHDRAWN)
            for made in now.proposals.list(state=state, limit=_SETTLED)
        ]
    page = Page(
        file="proposals.html",
        template="proposals.html.j2",
        title=say("待复核的提请"),
        values={"waiting": waiting, "settled": settled},
    )
    return answer(request, page)


def _line(
    made: Proposal, organization: Organization, by: Actor | None
) -> dict[str, Any]:
    own = by is not None and are_one_person(made.by, by.id, organization)
    return {
        "file": proposal_file(made.key),
        "key": made.key.partition("/")[2],
        "act": TwoPeople(made.act).spoken,
        "by": _post(made.by, organization),
        "state": made.state.spoken,
        "own": own,
        "about": stream_words(_about(made), organization.names),
    }


def _post(post: str, organization: Organization) -> str:
    units = {person.id: person.unit for person in organization.people}
    return say_note(post, organization.name_of(units[post])) if post in units else post


def _about(made: Proposal) -> str:
    """Return what a proposal is about: the number, key or digest among its values."""
    names = ("item", "edition", "key", "transaction", "period")
    return next((made.values[name] for name in names if name in made.values), "")


def shown(request: Request) -> Response:
    """Show what a second person would confirm, from old to new."""
    desk: Desk = request.app.state.desk
    old: HuiminError | None = getattr(request.state, "old", None)
    top = [] if old is None else [in_words(old)]
    with desk.flow.snapshot() as now:
        page = _page(now, _key(request), request.state.visitor.actor, new_id(), top)
    return answer(request, page)


def settle(request: Request) -> Response:
    """Confirm what was seen, or withdraw it, once."""
    by = request.state.visitor.actor
    desk: Desk = request.app.state.desk
    form, key = request.state.form, _key(request)
    request_id, status = str(form.get("request", "")), 200
    top: list[Refusal] = []
    try:
        flow = desk.flow.once(request_id)
        if form.get("do") == "approve":
            flow.proposals.approve(key, str(form.get("seen", "")), by=by)
        elif form.get("do") == "withdraw":
            flow.proposals.withdraw(key, by=by)
        else:
            raise InputRefused(DoorCode.NOT_CONFIRMED)
    except HuiminError as refusal:
        request.state.refused = refusal.code
        top, status = [in_words(refusal)], status_of(refusal)
    with desk.flow.snapshot() as now:
        page = _page(now, key, by, new_id() if status == 200 else request_id, top)
    return answer(request, page, status)


def _key(request: Request) -> str:
    return StreamKind.PROPOSAL.key(request.path_params["key"])


def _page(
    now: Snapshot,
    key: str,
    by: Actor | None,
    request_id: str,
    top: list[Refusal] | None = None,
) -> Page:
    """Return a proposal's page.

    Raises:
        NotFound: if there is no such proposal.

    """
    known = now.proposals.get(key)
    made, book = known.proposal, now.rulebook.active()
    organization = book.organization
    names = organization.names
    history = now.records.events(key)
    subject = _about(made)
    lead = ""
    if "item" in made.values:
        lead = item_file(made.values["item"])
    elif StreamKind.parse(subject)[0] is StreamKind.LIST and now.records.events(
        subject
    ):
        lead = list_file(subject)
    act = TwoPeople(made.act).spoken
    asked = [
        each
        for each in differences(None, to_plain(made.values))
        if each.path != ProposalField.OPENING  # a whole list: its entries are shown
    ]
    ranks = [
        Change(
            label=f"{each.list} {each.item} {each.title}", old=each.old, new=each.new
        )
        for each in effect_lines(now, filter(is_effect, known.content))
    ]
    rules = [each for each in known.content if not is_effect(each)]
    values = [(each.label, each.new) for each in changes(asked, book, [ProposalField])]
    return Page(
        file=proposal_file(key),
        template="proposal.html.j2",
        title=say("提请:{act}", act=act),
        values={
            "top": top or [],
            "key": key.partition("/")[2],
            "by": _post(made.by, organization),
            "at": shanghai(history[0].event.at) if history else "",
            "state": made.state.spoken,
            "waiting": made.state is ProposalState.WAITING,
            "own": by is not None and are_one_person(made.by, by.id, organization),
            "subject": stream_words(subject, names),
            "lead": lead,
            "values": values,
            "changes": [*changes(rules, book), *ranks],
            "lists": list(_lists(now, made, names)),
            "moved": list(_moved(now, known)),
            "seen": made.seen,
            "request": request_id,
            "can": by is not None,
        },
    )


def _moved(now: Snapshot, known: Shown) -> Iterator[str]:
    """Yield each stream that has moved since a proposal, and what happened to it."""
    book = now.rulebook.active()
    names = book.organization.names
    for stream in known.moved:
        kind, named = StreamKind.parse(stream)
        yield f"{kind.spoken if kind else ''} {named}".strip()
        rested = known.proposal.rests.get(stream)
        events = [each.event for each in now.records.events(stream) if rested]
        since = [event for event in events if rested and event.n > rested.version]
        for line in event_lines(since, lambda each: event_words(each, book, names)):
            yield f"{line.at[:16]} {line.step} {line.words}".strip()


def _lists(
    now: Snapshot, made: Proposal, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the page and the name of each list that a waiting proposal is about.

    A list that it would open has no page yet.
    """
    waiting = made.state is ProposalState.WAITING
    for stream, rested in made.rests.items() if waiting else ():
        if StreamKind.parse(stream)[0] is StreamKind.LIST and rested.version:
            edition = now.lists.get(stream).edition
            yield edition_file(stream, edition), list_name(stream, names)


ROUTES = (
    Route("/proposals.html", queue, methods=["GET"]),
    Route("/proposal-{key}.html", shown, methods=["GET"]),
    Route("/proposal-{key}.html", settle, methods=["POST"]),
)
