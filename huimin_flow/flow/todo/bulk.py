"""Many acts of one kind with one preview and one confirmation, each its own event.

A preview is a trial: ``with flow.dry() as dry: dry.bulk.do(act, rows, whole=False)``.
Its ``seen`` binds the doing to what it has shown: what moved in between is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Annotated, Any, Final

from huimin_flow.catalogue.reasons import (
    CELL,
    BulkCode,
    InputCode,
    Reasons,
    reason_of,
)
from huimin_flow.catalogue.terms import Argument, BulkAct, StreamKind
from huimin_flow.errors import CalendarMissing, InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.arguments import fitting
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain, value
from huimin_flow.store.core import host_transaction, logs

#: The most rows of one confirmation: what one person can have looked through.
MOST_ROWS: Final = 1000

#: By act in bulk: the method of ``Flow``.
ACTS: Final[Mapping[BulkAct, str]] = {
    BulkAct.SCREEN: "items.screen",
    BulkAct.JUDGE: "items.judge",
    BulkAct.STAR: "items.star",
    BulkAct.RETURN: "items.return_",
    BulkAct.APPROVE: "proposals.approve",
}

#: The refusals that concern one row; others stop all of them.
_OF_A_ROW: Final = (CalendarMissing, InputRefused, NotFound, StepRefused)


@value
class BulkLine:
    """What became of a row: its events, or the reasons why it is refused.

    ``row`` counts from 1; ``about`` is the item or the proposal.
    """

    row: int
    about: str
    events: tuple[Event, ...]
    reasons: Reasons


@value
class Bulk:
    """What became of all rows; ``seen`` is the digest of what a person has seen."""

    act: BulkAct
    lines: tuple[BulkLine, ...]
    seen: str


@act()
def do_many(
    work: Work,
    kind: Annotated[BulkAct, Argument.BULK_ACT],
    rows: Annotated[Sequence[Mapping[str, Any]], Argument.ROWS],
    *,
    seen: str = "",
    whole: Annotated[bool, Argument.ALL_OR_NONE] = True,
    by: Actor = ACTING,
) -> Bulk:
    """Do an act for each of several rows of arguments, all or each on its own.

    A row has the arguments of the act by name, as values or as ``fields.schema``
    describes them. Each is checked, authorized and recorded as by the act alone. With
    ``whole`` one refused row refuses all; without, it changes nothing of its own item,
    and its reasons are in the answer. ``seen`` is the digest of the preview, or at
    least its first eight characters; the doors always name it.

    Raises:
        InputRefused: for no row or more than a thousand.
        StepRefused: if something differs from the preview, or with ``whole`` for each
            refused row.

    """
    if not 0 < len(rows) <= MOST_ROWS:
        code = BulkCode.ROWS_COUNT
        raise InputRefused(code, given=len(rows), most=MOST_ROWS)
    lines: list[BulkLine] = []
    abouts: set[str] = set()
    for n, row in enumerate(rows, 1):
        about = showable(str(next((row[key] for key in _KEYS if key in row), "")))
        # Each row reads anew what those before it have recorded.
        own = replace(work, events=[])
        try:
            if about in abouts:
                raise InputRefused(BulkCode.ROW_TWICE, about=about)
            abouts.add(about)
            with host_transaction.joined(work.connection):
                _do_row(own, kind, row, by)
        except _OF_A_ROW as refusal:
            lines.append(
                BulkLine(row=n, about=about, events=(), reasons=refusal.reasons)
            )
            if isinstance(refusal, StepRefused) and not whole:
                _log(work, kind, lines[-1], by)
            continue
        work.events += own.events
        done = tuple(own.events)
        lines.append(BulkLine(row=n, about=about, events=done, reasons=()))
    made = Bulk(act=kind, lines=tuple(lines), seen=_digest(kind, rows, lines))
    if seen and (len(seen) < 8 or not made.seen.startswith(seen)):
        raise StepRefused(BulkCode.PREVIEW_MOVED, seen=showable(seen)[:12])
    refused = [line for line in lines if line.reasons]
    if whole and refused:
        reasons = (
            replace(reason, values={**reason.values, CELL: line.about or str(line.row)})
            for line in refused
            for reason in line.reasons
        )
        count = reason_of(
            BulkCode.ROWS_REFUSED, {"count": len(refused), "all": len(lines)}
        )
        raise StepRefused((count, *reasons))
    return made


#: The arguments that say what a row is about.
_KEYS: Final = ("number", "key")


def _do_row(work: Work, act: BulkAct, row: Mapping[str, Any], by: Actor) -> None:
    """Do the act of one row, with the checks of the act alone."""
    wire: Any = import_module("huimin_flow.flow.wire")  # it reads the facets
    function = _function_of(act)
    text = _text_of(row)
    if not text:
        code, was = InputCode.NOT_OF_KIND, type(row).__name__
        raise InputRefused(
            code, argument=Argument.ROWS.value, path="rows", wanted="JSON", was=was
        )
    values = wire.call_of(ACTS[act], function, f'{{"args": {text}}}').values(function)
    args, kwargs = wire.bound_of(function, values)
    fitting(function, args, kwargs)
    function(work, *args, **{**kwargs, "by": by})


def _function_of(act: BulkAct) -> Callable[..., Any]:
    """Return the use case of an act; its module is loaded when it is needed."""
    noun, _, verb = ACTS[act].partition(".")
    flow: Any = import_module("huimin_flow.flow.facade").Flow  # its facet names us
    function: Callable[..., Any]
    function = getattr(getattr(flow, noun).facet, verb).case.function
    return function


def _digest(
    act: BulkAct, rows: Sequence[Mapping[str, Any]], lines: Sequence[BulkLine]
) -> str:
    """Return the digest of the rows and of what becomes of each.

    The key of a new stream is left out: a trial may use up a number.
    """
    shown = [
        [
            line.row,
            [
                [
                    event.stream if event.n > 1 else _kind_of(event.stream),
                    *(event.n, event.step, event.source, event.target),
                    to_plain(event.verdict),
                ]
                for event in line.events
            ],
            to_plain(line.reasons),
        ]
        for line in lines
    ]
    return digest(canonical([act.value, [*map(_text_of, rows)], shown]))


def _text_of(row: Mapping[str, Any]) -> str:
    """Return the JSON text of a row's arguments, "" if one has no such text."""
    try:
        return json.dumps(to_plain(row), sort_keys=True)
    except ValueError:
        return ""


def _kind_of(stream: str) -> str:
    kind, _ = StreamKind.parse(stream)
    return stream if kind is None else kind.value


def _log(work: Work, act: BulkAct, line: BulkLine, by: Actor) -> None:
    """Log the refusal of a row, as the act alone would."""
    row = logs.refusal_row(
        at=work.now,
        actor=by.id,
        act=_function_of(act).__name__,
        about=line.about[:200],
        reasons=line.reasons,
    )
    logs.keep_refusal(work.connection, row)
