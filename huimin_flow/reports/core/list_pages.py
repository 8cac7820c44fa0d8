"""One page of a list, and all its rows for a file."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from huimin_flow.catalogue.language import say, say_sentences
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.model.core.periods import month, month_before, month_bounds
from huimin_flow.model.core.values import from_plain
from huimin_flow.reports.core.lists import Asked, Listing, Sight, asked_of, ended_note
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: How many rows a file has at most.
MOST_ROWS = 20_000

#: How many rows are asked for at once for a file.
_TOGETHER = 1000


def rows_of(
    now: Snapshot, listing: Listing, asked: Asked, *, most: int
) -> tuple[int, Iterator[object]]:
    """Return how many rows a list has, and up to ``most`` of them from the first.

    Raises:
        InputRefused, NotFound: as its question.

    """
    total, ask = _answers(now, listing, asked)
    starts = range(0, min(total, most), _TOGETHER)
    return total, (
        row for skip in starts for row in ask(skip, min(_TOGETHER, most - skip))
    )


def _answers(
    now: Snapshot, listing: Listing, asked: Asked
) -> tuple[int, Callable[[int, int], Sequence[object]]]:
    """Return how many rows fit, and what answers some of them."""
    noun, _, verb = listing.question.partition(".")
    facet = getattr(now, noun)
    question = getattr(facet, verb)
    several, named = _typed(question, asked.arguments)
    if not listing.count:
        whole = question(*several, **named)[:: -1 if listing.newest else 1]
        return len(whole), lambda skip, limit: whole[skip : skip + limit]
    filters = {name: text for name, text in named.items() if name != "order"}
    total = getattr(facet, listing.count)(*several, **filters)
    return total, lambda skip, limit: question(
        *several, **named, skip=skip, limit=limit
    )


def list_page(
    now: Snapshot,
    listing: Listing,
    query: Mapping[str, str],
    act: Callable[[str], str] = str,
    held: Mapping[str, str] = MappingProxyType({}),
) -> Page:
    """Return one page of a list, with its filters as a form; see ``asked_of``.

    Its value ``clear`` tells whether all of the query was understood; the rest counts.
    """
    asked = asked_of(now, listing, query, held)
    total, rows = 0, []
    sight = Sight(now, now.rulebook.active().organization.names, act)
    try:
        total, ask = _answers(now, listing, asked)
        pages = max(-(-total // asked.rows), 1)
        if asked.page > pages:
            asked.problems.append(say("没有第{page}页,显示末页", page=asked.page))
            asked.page = pages
        first = (asked.page - 1) * asked.rows
        rows = [listing.row(sight, row) for row in ask(first, asked.rows)]
    except (InputRefused, NotFound) as refusal:
        asked.problems.append(say_sentences([str(refusal), refusal.remedy]))
        pages, first = 1, 0

    def address(suffix: str, **more: object) -> str:
        query = urlencode({**asked.query(listing.kept), **more})
        return f"{listing.name}.{suffix}{'?' if query else ''}{query}"

    return Page(
        file=listing.file,
        template="listing.html.j2",
        title=say(listing.title),
        values={
            "clear": asked.is_clear,
            "problems": asked.problems,
            "filters": asked.filters,
            "head": [say(text) for text in listing.head],
            "numeric": {
                place
                for place in range(len(listing.head))
                if any(type(row[place]) is int for row in rows)
            },
            "around": _around(now, listing, asked),
            "rows": rows,
            "empty": say(listing.empty),
            "count": say(
                "共{total}条,显示第{first}至{last}条",
                total=total,
                first=first + 1,
                last=first + len(rows),
            ),
            "place": say("第{page}页,共{pages}页", page=asked.page, pages=pages),
            "before": address("html", page=asked.page - 1) if asked.page > 1 else "",
            "after": address("html", page=asked.page + 1) if asked.page < pages else "",
            "whole": say("下载全部:")
            if total <= MOST_ROWS
            else say("下载前{most}条:", most=MOST_ROWS),
            "ended": ended_note(now, asked.arguments),
            "files": [(kind, address(kind)) for kind in ("xlsx", "csv")],
        },
    )


def _around(
    now: Snapshot, listing: Listing, asked: Asked
) -> list[tuple[str, str, str]]:
    """Return relation, address and text of the months beside that of a list."""
    if "period" not in listing.fixed:
        return []
    try:
        own = month(asked.arguments.get("period", ""))
    except InputRefused:
        return []
    others = {
        "prev": month_before(own),
        "next": f"{month_bounds(own)[1]:%Y-%m}",
    }
    last = f"{local_day(now.moment()):%Y-%m}"
    return [
        (relation, f"{listing.file}?period={other}", period_in_words(other))
        for relation, other in others.items()
        if other <= last
    ]


def _typed(
    question: Any, arguments: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments of a question from their plain values: those without names."""
    several: tuple[Any, ...] = ()
    named: dict[str, Any] = {}
    for name, parameter in inspect.signature(question).parameters.items():
        if name not in arguments:
            continue
        kind, plain = parameter.annotation, arguments[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            several = tuple(from_plain(kind, each) for each in plain)
        else:
            named[name] = from_plain(kind, plain)
    return several, named
