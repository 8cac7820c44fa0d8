"""Proposals of gathering: two texts side by side, and yes, no or later (A6).

A text is shown only after it was asked for, and each reading is recorded; numbers
that name a person are masked until they are asked for, too. An answer leads to the
next pair.
The keys are the browser's access keys: no script runs on the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape
from starlette.routing import Route

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import shanghai
from huimin_flow.desk.core.answers import answer, go, status_of
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.forms.form import Refusal, in_words
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.gathering import (
    gather_file,
    likeness_words,
    pair_words,
    reasons_words,
)

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from huimin_flow.desk.core.state import Desk
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.sensing.gathering import GatheringProposal
    from huimin_flow.model.sensing.reading import AppealText

#: What the buttons send, with the access key of each.
ANSWERS: Final = {"yes": "y", "no": "n", "later": "l"}

#: How many waiting pairs the page lists.
_LISTED: Final = 20


def proposals(request: Request) -> Response:
    """Show how many pairs wait, and which; a text is not shown yet."""
    by = request.state.visitor.actor
    if by is None:
        return go("sign-in.html")
    old: HuiminError | None = getattr(request.state, "old", None)
    top = [] if old is None else [in_words(old)]
    return answer(request, _page(request, by, top))


def decide(request: Request) -> Response:
    """Take the answer about one pair, once, and show the texts of the next."""
    desk: Desk = request.app.state.desk
    by, form = request.state.visitor.actor, request.state.form
    do, request_id = str(form.get("do", "")), str(form.get("request", ""))
    top: list[Refusal] = []
    done, status, full = "", 200, do == "full"
    try:
        if do in ANSWERS:
            gathering = desk.flow.once(request_id).gathering
            appeal, near = _pair(form.get("appeal")), _pair(form.get("near"))
            if do == "yes":
                many = int(str(form.get("together", "")) or 1)
                item = gathering.yes(appeal, near, expected=many, by=by)
                done = say("{appeal}:同一问题", appeal=pair_words(appeal))
                done += f" → {item.number}" if item else ""
            elif do == "no":
                gathering.no(appeal, near, by=by)
                done = say("{appeal}:不是同一问题", appeal=pair_words(appeal))
            else:
                gathering.later(appeal, near, by=by)
                done = say("{appeal}:稍后再看", appeal=pair_words(appeal))
        elif do not in {"open", "full"}:
            raise InputRefused(DoorCode.NOT_CONFIRMED)
        made = True
    except HuiminError as refusal:
        made, request.state.refused = False, refusal.code
        top, status = [in_words(refusal)], status_of(refusal)
    try:
        page = _page(request, by, top, done=done, reads=made, full=full)
    except HuiminError as refusal:  # the next pair's, which takes nothing back
        page = _page(request, by, [in_words(refusal)], done=done)
    return answer(request, page, status)


def _pair(written: object) -> tuple[str, str]:
    channel, _, key = str(written or "").partition("=")
    return channel, key


def _page(
    request: Request,
    by: Actor,
    top: list[Refusal],
    *,
    done: str = "",
    reads: bool = False,
    full: bool = False,
) -> Page:
    """Return the page of the pair that comes first; ``reads`` shows its texts."""
    desk: Desk = request.app.state.desk
    with desk.flow.snapshot() as now:
        waiting = now.gathering.mine(limit=_LISTED, by=by)
        total = now.gathering.count_mine(by=by)
        book = now.rulebook.active()
    first = waiting[0] if waiting else None
    sides: list[dict[str, Any]] = []
    if first is not None and reads:
        texts = desk.flow.appeals.read(
            [first.appeal, first.near], say("归并确认"), full=full, by=by
        )
        sides = list(_sides(first, texts, book))
    return Page(
        file=gather_file(),
        template="gather.html.j2",
        title=say("待确认的归并"),
        values={
            "top": top,
            "done": done,
            "total": total,
            "first": None if first is None else _line(first, book),
            "sides": sides,
            "full": full,
            "request": new_id(),
            "keys": ANSWERS,
            "lines": [_line(each, book) for each in waiting],
        },
    )


def _line(proposal: GatheringProposal, book: Rulebook) -> dict[str, Any]:
    names = book.organization.names
    return {
        "appeal": pair_words(proposal.appeal),
        "near": pair_words(proposal.near),
        "item": proposal.item,
        "file": item_file(proposal.item) if proposal.item else "",
        "target": f"{proposal.item} {proposal.title}".strip() or say("未挂接的一组"),
        "place": names.get(proposal.district, proposal.district),
        "at": shanghai(proposal.at)[:16],
        "together": proposal.together,
        "score": proposal.score,
        "likeness": likeness_words(proposal.likeness),
        "why": reasons_words(proposal.reasons),
        "later": proposal.later,
    }


def _sides(
    proposal: GatheringProposal, texts: tuple[AppealText, ...], book: Rulebook
) -> Iterator[dict[str, Any]]:
    """Yield both appeals, each with what the other lacks marked."""
    channels = {each.key: each.name for each in book.channels.intake}
    names = book.organization.names
    by_pair = {(text.channel, text.key): text for text in texts}
    mine, other = by_pair[proposal.appeal], by_pair[proposal.near]
    for text, against in ((mine, other), (other, mine)):
        yield {
            "key": text.key,
            "channel": channels.get(text.channel, text.channel),
            "at": shanghai(text.at)[:16],
            "place": names.get(text.district, text.district),
            "erased": text.erased,
            "title": marked(text.title, against.title),
            "text": marked(text.text, against.text),
            "contact": " ".join(filter(None, to_plain(text.contact or {}).values())),
        }


def marked(text: str, other: str) -> Markup:
    """Return a text in which is marked what another has not.

    >>> marked("拖欠工资", "拖欠奖金")
    Markup('拖欠<mark>工资</mark>')

    """
    parts = []
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    for kind, start, end, _, _ in matcher.get_opcodes():
        part = escape(text[start:end])
        parts.append(
            part if kind == "equal" else Markup("<mark>{}</mark>").format(part)
        )
    return Markup("").join(parts)


ROUTES = (
    Route("/gather.html", proposals, methods=["GET"]),
    Route("/gather.html", decide, methods=["POST"]),
)
