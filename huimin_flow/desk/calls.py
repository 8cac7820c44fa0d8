"""Calls of one caller: who they are, what is answered, with which status.

Who acts is the account that is known; ``by`` only chooses among its posts. Arguments
are what ``fields.schema`` describes. Whatever is refused is answered with its reasons.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.responses import Response

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.reasons import (
    AdviceCode,
    BulkCode,
    Code,
    DeskCode,
    DoorCode,
    InputCode,
    OrderCode,
    RatingCode,
    Reasons,
    RectificationCode,
    ReplicationCode,
    ReviewCode,
    SpotCheckCode,
    StoreCode,
    TaskCode,
    TimeCode,
)
from huimin_flow.catalogue.terms import Duty, Via
from huimin_flow.clock import CommandClock, local_day
from huimin_flow.errors import (
    CalendarMissing,
    ConfigRefused,
    ExtraMissing,
    HuiminError,
    InputRefused,
    NotFound,
    RequestReused,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow import Flow, Questions, wire
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.facade import Trial
from huimin_flow.flow.methods import methods
from huimin_flow.model.core.organization import Actor, Organization
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.reports.sensing import towns
from huimin_flow.states.authority import as_entered, may_do

if TYPE_CHECKING:
    from starlette.requests import Request

#: The type of bodies and answers. No browser sends it for a foreign site.
JSON: Final = "application/json"

#: The act that takes a file, and the greatest bodies: with it (as base64), without.
WITH_FILE: Final = "items.attach"
_MOST_WITH_FILE: Final = LARGEST_FILE * 4 // 3 + 1024 * 1024
MOST: Final = 16 * 1024 * 1024

#: Refusals of a step for lack of a right; others depend on the state of things.
_RIGHTS: Final = frozenset(
    {
        *(Code.STEP_NOT_PERMITTED, Code.DUTY_MISSING, Code.DUTY_NOT_CITY_WIDE),
        *(Code.OTHER_UNITS_ITEM, Code.AREA_NOT_IN_CHARGE),
        *(Code.OTHER_UNITS_PLACE, Code.PLACE_NOBODYS),
        *(RatingCode.OWN_CASE, Code.UNIT_NOT_AT_WORK),
        *(Code.POST_UNKNOWN, Code.ACCOUNT_WITHOUT_POST, Code.POST_UNCLEAR),
        *(Code.NOT_YOUR_POST, Code.SAME_PERSON),
        *(AdviceCode.NOT_THE_OFFICE, OrderCode.NOT_THE_OFFICE),
        *(ReviewCode.NOT_THE_OFFICE, RectificationCode.NOT_THE_OFFICE),
        *(RectificationCode.OWN_CASE, RectificationCode.NOT_A_JUDGE),
        *(ReplicationCode.NOT_THE_OFFICE, SpotCheckCode.OWN_UNIT, TaskCode.NOT_THEIRS),
    }
)

_DELIVERIES: Final = tuple(
    f"deliveries.{verb}" for verb in ("list", "count", "destinations")
)

#: The questions that need a duty, as the page of what they tell.
_DUTIES: Final = {
    **dict.fromkeys(("records.refusals", "records.count_refusals"), Duty.AUDIT),
    **dict.fromkeys(("appeals.readings", "appeals.count_readings"), Duty.AUDIT),
    **dict.fromkeys(("changes.after", "changes.cursors"), Duty.SUBSCRIBE),
    **dict.fromkeys(_DELIVERIES, Duty.SUBSCRIBE),
}

#: What the database's last moment and the clock don't allow.
_CLOCKS: Final = frozenset(
    {
        *(StoreCode.CLOCK_BEHIND, StoreCode.CLOCK_LEAPT),
        *(StoreCode.CLOCK_APART, StoreCode.CLOCK_GAP),
    }
)

#: The status of each kind of refusal; the first that fits counts.
_STATUS: Final[tuple[tuple[type[HuiminError], int], ...]] = (
    (NotFound, 404),
    (StepRefused, 409),
    (RequestReused, 409),
    (CalendarMissing, 409),
    (InputRefused, 400),
    (ConfigRefused, 400),
    (StoreBusy, 503),
    (ExtraMissing, 501),
)


class Account(NamedTuple):
    """An account, and how it is known; its posts stand in the organization."""

    name: str
    via: Via


#: Who calls: an account, or the one post as which a host lets somebody act.
Who = Account | Actor


def status_of(refusal: HuiminError) -> int:
    """Return the HTTP status of a refusal."""
    codes = [reason.code for reason in refusal.reasons]
    code = codes[0] if codes else ""
    of_rows = codes[1:] if code == BulkCode.ROWS_REFUSED else [code]
    if isinstance(refusal, StepRefused) and _RIGHTS.issuperset(of_rows):
        return 403
    if code == InputCode.ACT_UNKNOWN:
        return 404
    if code == DeskCode.NOBODY:
        return 401
    if code == DeskCode.REQUEST_TOO_LARGE:
        return 413
    if code in _CLOCKS:
        return 409
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), 500)


def known_by(given: object) -> Who:
    """Return what a host's function says of who calls.

    Raises:
        StepRefused: if it names nobody, as a host may say of who is not signed in.
        StoreRefused: if it returns something else than who calls.

    """
    name = given.name if isinstance(given, Account) else None
    if given is None or given == "" or name == "":
        raise StepRefused(DeskCode.NOBODY)
    if isinstance(given, Actor):
        return given
    if isinstance(given, Account) and isinstance(name, str):
        return given
    if inspect.iscoroutine(given):
        given.close()  # nobody awaits it
    raise StoreRefused(DeskCode.IDENTITY_UNFIT, kind=type(given).__name__)


def actor_of(who: Who, now: Questions, post: str | None) -> Actor:
    """Return the caller as the post that they choose.

    Raises:
        StepRefused: if the post is not theirs, or they have none or several.

    """
    if isinstance(who, Account):
        return now.people.identify(who.name, post, who.via)
    if post not in {None, who.id}:
        code, person = Code.NOT_YOUR_POST, showable(str(post))
        raise StepRefused(code, account=who.id, person=person)
    return who


def answer(who: Who, now: Questions, name: str, call: wire.Call) -> dict[str, Any]:
    """Return the answer to a call, of a trial with the events of its act.

    Raises:
        InputRefused: for a second person on a production database.
        HuiminError: as the method refuses.

    """
    method = _methods()[name]
    function = method.case.function
    values = call.values(function)
    if name in _DUTIES:
        _require_duty(who, now, _DUTIES[name])
    if name in towns.HELD:
        town = (
            towns.town_of_account(now, who.name)
            if isinstance(who, Account)
            else towns.town_of(now, [who.unit])
        )
        towns.hold(now, town, name, values)
    if name == "people.identify":  # whatever account was named
        person = values.get("person")
        return {"answer": wire.to_plain(actor_of(who, now, person))}
    if "by" in method.__annotations__:
        by = actor_of(who, now, call.by)
        if call.roles is not None or call.own_roles is not None:
            # Who names some of the roles means only these.
            roles = by.roles & (call.roles or frozenset())
            own = by.own_roles & (call.own_roles or frozenset())
            by = replace(by, roles=roles, own_roles=own)
        values["by"] = by
        if values.get("second") is not None:
            if by.via is not Via.REHEARSAL:
                raise InputRefused(DoorCode.SECOND_PRESENT)
            values["second"] = actor_of(who, now, values["second"])
    before = now.events() if isinstance(now, Trial) else ()
    noun, _, verb = name.partition(".")
    args, kwargs = wire.bound_of(function, values)
    answer = getattr(getattr(now, noun), verb)(*args, **kwargs)
    plain = {"answer": wire.to_plain(answer)}
    if isinstance(now, Trial):
        plain["events"] = to_plain(now.events()[len(before) :])
    return plain


def _require_duty(who: Who, now: Questions, duty: Duty) -> None:
    """Refuse an account that has no post with a duty, or a post without it.

    Raises:
        StepRefused: naming what is missing, except in a rehearsal of an account.

    """
    organization, day = now.rulebook.active().organization, local_day(now.moment())
    reasons: Reasons = ()
    for by in _posts_of(who, now, organization, day):
        reasons = may_do(by, duty, organization, unit=by.unit, day=day)
        if not reasons:
            return
    raise StepRefused(reasons)


def _posts_of(
    who: Who, now: Questions, organization: Organization, day: date
) -> Iterator[Actor]:
    if isinstance(who, Actor):
        yield as_entered(who, organization, day)
        return
    for post in organization.people:
        by = organization.actor(post.id, who.via, day)
        if by is not None and (now.rehearsal or who.name in post.accounts):
            yield by


def at(flow: Flow, moment: datetime | None) -> Flow:
    """Return a Flow at a rehearsal's moment.

    Raises:
        InputRefused: for a moment that no calendar has.
        StoreRefused: for a moment on a production database.

    """
    if moment is None:
        return flow
    try:
        moment.astimezone(UTC)
    except (OverflowError, ValueError):  # before the first year, or after the last one
        raise InputRefused(InputCode.NO_CALL, path="now") from None
    if not flow.rehearsal:
        raise StoreRefused(TimeCode.CLOCK_GIVEN)
    return Flow(replace(door_of(flow), clock=CommandClock(moment)))


async def bounded(request: Request, name: str = "") -> AsyncIterator[bytes]:
    """Yield the parts of a body, up to the limit of a method.

    Raises:
        InputRefused: beyond it, and for a body that is not JSON.

    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON or "content-encoding" in request.headers:
        raise InputRefused(InputCode.NO_CALL, path="content-type")
    most, size = _MOST_WITH_FILE if name == WITH_FILE else MOST, 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise InputRefused(DeskCode.REQUEST_TOO_LARGE, most=most // 1024 // 1024)
        yield part


def function_of(name: str, *kinds: Kind) -> Callable[..., Any]:
    """Return the use case of a method by its name.

    Raises:
        InputRefused: if there is none of these kinds.

    """
    method = _methods().get(name)
    if method is None or method.case.kind not in kinds:
        raise InputRefused(InputCode.ACT_UNKNOWN, act=showable(name[:80]))
    function: Callable[..., Any] = method.case.function
    return function


@cache
def _methods() -> dict[str, Any]:
    return methods(Flow)


def speaking_of(request: Request) -> AbstractContextManager[None]:
    """Choose the language that a client asks for; Chinese without its wish."""
    wish = request.headers.get("accept-language", "")
    return speaking(Language.ENGLISH if wish.startswith("en") else Language.CHINESE)


def as_json(plain: dict[str, Any], status: int = 200) -> Response:
    """Return a plain value as a JSON answer, with the sign of this application."""
    return Response(line(plain), status, {wire.SIGN: "1"}, JSON)


def refused(refusal: HuiminError, status: int = 0) -> Response:
    """Return a refusal as a JSON answer, with the status of its kind."""
    return as_json(wire.plain_refusal(refusal), status or status_of(refusal))


def line(plain: dict[str, Any]) -> bytes:
    """Return a plain value as one line of JSON."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
