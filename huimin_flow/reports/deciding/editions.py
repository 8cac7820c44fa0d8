"""A list's page: an edition as it was published, and how its items stand now (C3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_list, say_note, say_pair
from huimin_flow.catalogue.terms import (
    EditionKind,
    EditionState,
    EntryField,
    StreamKind,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import (
    CITY,
    Change,
    Edition,
    Place,
    pending,
)
from huimin_flow.reports.core.histories import change_words
from huimin_flow.reports.core.lists import list_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.documents import document, silence, title_of

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.executing.plans import SheetLine
    from huimin_flow.model.items import Item


#: The files in which an edition is published, beside its page.
DOCUMENTS: Final = ("docx", "xlsx", "json")


@value
class ListLine:
    """An entry of a list: what is promised, by whom, until when, how it stands.

    ``target``, its text, ``targets``, ``deliverable``, ``others`` and ``due`` are what
    was published; without a published day ``due`` is that of the plan, marked so.
    ``source`` says from how many appeals the item comes. ``pace`` is that of its latest
    indicator, ``late`` if that is behind. ``coming`` are changes that aren't published
    yet.
    """

    place: Place
    title: str
    target: str
    targets: str
    deliverable: str
    unit: str
    others: str
    due: str
    source: str
    pace: str
    late: bool
    status: str
    coming: tuple[str, ...]


def edition_file(key: str, edition: int) -> str:
    """Return the file of the page of an edition of a list.

    >>> edition_file("list/2026/city", 2)
    'list-2026-edition-2.html'

    """
    return f"{list_file(key).removesuffix('.html')}-edition-{edition}.html"


def superseded_files(now: Snapshot, lists: Sequence[Edition]) -> Iterator[str]:
    """Yield the files of the superseded editions of these lists."""
    for each in lists:
        if each.edition > 1:
            for old in now.lists.editions(each.key)[:-1]:
                yield edition_file(old.key, old.edition)


def list_page(now: Snapshot, key: str, edition: int | None = None) -> Page:
    """Return a list's page: the edition in force, another one, or a draft.

    A list that was never published is shown as it stands.

    Raises:
        NotFound: if there is no such list, or no such edition of it.

    """
    present = now.lists.get(key)
    issued = now.lists.editions(key)
    force = issued[-1] if issued else None
    shown = now.lists.get(key, edition) if edition else force or present
    book = now.rulebook.active()
    names = book.organization.names
    drafted = force is not None and present.state is not EditionState.PUBLISHED
    is_force = force is not None and shown.edition == force.edition
    live = is_force or force is None
    numbers = [place.item for place in shown.places] if live else []
    items = {item.number: item for item in now.items.list(numbers=numbers)}
    # A list of a past year is held against its last month.
    month = min(f"{shown.period[:4]}-12", f"{local_day(now.moment()):%Y-%m}")
    planned = [item.number for item in items.values() if item.plan]
    sheet = now.tasks.sheet(month, numbers=planned) if planned else ()
    coming = pending(present) if drafted and is_force else ()
    unit = names.get(shown.unit, shown.unit)
    changes = [change_words(change, book) for change in shown.changes]
    file = edition_file(key, edition) if edition else list_file(key)
    former = next((e for e in issued if e.edition == shown.edition - 1), None)
    return Page(
        file=file,
        template="list.html.j2",
        title=title_of(shown, unit),
        values={
            "around": _around(now, shown),
            "note": _note(shown),
            "superseded": shown.state is EditionState.SUPERSEDED,
            "draft": force is not None and not is_force and shown == present,
            "drafted": drafted and is_force,
            "force": list_file(key),
            "number": shown.edition,
            "editions": list(_issued(issued, shown)),
            "changes": changes,
            "lines": list_lines(shown.places, items, sheet, coming),
            "live": live,
            "pace": say("{month}进度", month=period_in_words(month)),
            "digest": shown.digest[:12],
            "edition": shown,
            "acts": {},
            "lacking": "",
            "document": document(
                shown, unit, changes, former=former, rehearsal=now.rehearsal
            ),
            "files": [(kind, file.replace(".html", f".{kind}")) for kind in DOCUMENTS],
        },
    )


def lacking_words(edition: Edition) -> str:
    """Return which entries say no targets or no due day, "" if all do."""
    lines = [
        say_note(f"{p.rank} {p.title}", say_list(part.spoken for part in p.lacks))
        for p in edition.places
        if p.lacks
    ]
    return say_pair(say("还没有写明的"), say_list(lines)) if lines else ""


def promised_lines(now: Snapshot, item: Item) -> Iterator[str]:
    """Yield where an item's plan differs from what its list has published.

    Nothing is rewritten by a plan: what was published stands beside it.
    """
    if item.plan is None or item.edition is None:
        return
    city = StreamKind.LIST.key(item.edition.split("/")[1], CITY)
    naming = {each.key for each in now.lists.list(item=item.number)}
    key = city if city in naming else item.edition
    issued = now.lists.editions(key) if key in naming else ()
    place = issued[-1].place(item.number) if issued else None
    if place is None:
        return
    names, plan = now.rulebook.active().organization.names, item.plan
    due = plan.due.isoformat() if plan.due else ""
    helping = say_list(names.get(u, u) for u in plan.partners(item.unit))
    for part, listed, planned in (
        (EntryField.TARGETS, say_list(place.targets), say_list(plan.targets)),
        (EntryField.SUPPORTING, say_list(p.name for p in place.supporting), helping),
        (EntryField.DUE, place.due.isoformat() if place.due else "", due),
    ):
        if listed != planned:
            both = say(
                "清单为“{listed}”,方案为“{planned}”",
                listed=listed or "—",
                planned=planned or "—",
            )
            yield say_pair(part.spoken, both)


def _issued(
    issued: Sequence[Edition], shown: Edition
) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the published editions: file, words, state, and whether it is shown."""
    for each in issued:
        file = edition_file(each.key, each.edition)
        dated = each.dated.isoformat() if each.dated else each.kind.spoken
        yield (
            list_file(each.key) if each is issued[-1] else file,
            say_note(say("第{edition}版", edition=each.edition), dated),
            each.state.spoken,
            each.edition == shown.edition,
        )


def _note(shown: Edition) -> str:
    """Return what a reader must know of an edition: kind, state, number, document."""
    state = say(
        "{kind} · {state} · 第{edition}版",
        kind=shown.kind.spoken,
        state=shown.state.spoken,
        edition=shown.edition,
    )
    dated = shown.dated.isoformat() if shown.dated else ""
    consolidated = shown.kind is EditionKind.ANNUAL and shown.key.endswith("/city")
    made = say("由各板块的建议汇总") if consolidated else say("按截止时刻冻结")
    about = shown.note or made
    if shown.silent:
        about = silence(shown)
    parts = (state, shown.document, shown.signature, dated, about)
    return " · ".join(filter(None, parts))


def _around(now: Snapshot, shown: Edition) -> list[tuple[str, str, str]]:
    """Return the lists of the same unit before and after: relation, file, words."""
    _, _, own = shown.key.rpartition("/")
    others = [
        other
        for other in now.lists.list(unit=shown.unit)
        if other.places and other.key.endswith(f"/{own}")
    ]
    before = [other for other in others if other.period < shown.period][-1:]
    after = [other for other in others if other.period > shown.period][:1]
    return [
        (relation, list_file(other.key), period_in_words(other.period))
        for relation, beside in (("prev", before), ("next", after))
        for other in beside
    ]


def list_lines(
    places: Sequence[Place],
    items: Mapping[str, Item],
    sheet: Sequence[SheetLine] = (),
    coming: Sequence[Change] = (),
) -> tuple[ListLine, ...]:
    """Return the lines of a list as it was published.

    ``items`` are those that are shown as they stand now, ``sheet`` is the progress of
    all running tasks, ``coming`` are the changes of a draft.
    """
    latest: dict[str, SheetLine] = {}
    for line in sorted(sheet, key=lambda line: (not line.is_late, line.days)):
        latest.setdefault(line.item, line)
    lines = []
    for place in places:
        item, slowest = items.get(place.item), latest.get(place.item)
        partners = say_list(partner.name for partner in place.supporting)
        target = "" if place.text == place.title else place.text
        further = say_list(each for each in place.targets if each not in target)
        due = place.due.isoformat() if place.due else ""
        if not due and item and item.plan and item.plan.tasks:
            planned = max(task.due for task in item.plan.tasks)
            due = say("{day}(方案)", day=planned.isoformat())
        made = ListLine(
            place=place,
            title=place.title,
            target=target,
            targets=say_pair(say("目标"), further) if further else "",
            deliverable=say_pair(say("成果"), place.deliverable)
            if place.deliverable not in {"", target}
            else "",
            unit=place.lead,
            others=say_pair(say("配合"), partners) if partners else "",
            due=due,
            source=say(
                "来自诉求{appeals}条、{people}人",
                appeals=place.appeals,
                people=place.people,
            )
            if place.appeals
            else "",
            pace=slowest.stands if slowest else "",
            late=slowest is not None and slowest.is_late,
            status="" if item is None else item.status.spoken,
            coming=tuple(
                say("{change}中", change=change.kind.spoken)
                for change in coming
                if change.item == place.item
            ),
        )
        lines.append(made)
    return tuple(lines)
