"""What two people see of a list before they confirm it, and forever after (C3).

It is built from the history up to the version that the proposal rests on. So a later
act on the list changes nothing of what was proposed or confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huimin_flow.catalogue.language import say_list
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import EntryField, RecordStep
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.values import Difference, from_plain, to_plain
from huimin_flow.model.deciding.lists import Edition, Place, pending
from huimin_flow.store.core import history


def list_content(work: Work, key: str, version: int) -> Iterator[Difference]:
    """Yield the differences of a list at a version from the edition in force then.

    An entry has a line a field, one that leaves the list is one line.
    """
    draft, force = _then(work, key, version)
    before = {} if force is None else {p.item: p for p in force.places}
    after = {place.item: place for place in draft.places}
    for item in {**before, **after}:
        old = _parts(before.get(item))
        new = _parts(after.get(item)) if item in after else {}
        names = dict.fromkeys((*new, *old)) if item in after else [EntryField.TITLE]
        for name in names:
            was, now = old.get(name), new.get(name)
            if was != now:
                yield Difference(f"{item}.{name}", was, now)
    for change in pending(draft):
        if change.reason:
            yield Difference(f"{change.item}.reason", None, change.reason)
        for rule in change.overrides:
            words = sentence(rule.code, dict(rule.values))
            yield Difference(f"{change.item}.overrides", None, words)
    for place in draft.places:
        if place.lacks:
            words = say_list(part.spoken for part in place.lacks)
            yield Difference(f"{place.item}.lacks", None, words)
    yield Difference("edition", force and force.edition, draft.edition)
    yield Difference("digest", force and force.digest, draft.digest)


def lists_content(work: Work, versions: Mapping[str, int]) -> Iterator[Difference]:
    """Yield the content of several lists; those without items are one line together."""
    empty = []
    for key, version in versions.items():
        draft, force = _then(work, key, version)
        if not (draft.places or (force and force.places)):
            empty.append(key)
            continue
        for change in list_content(work, key, version):
            yield change._replace(path=f"{key}.{change.path}")
    if empty:
        yield Difference("empty_lists", None, empty)


def _then(work: Work, key: str, version: int) -> tuple[Edition, Edition | None]:
    """Return a list at a version, and the edition that was in force."""
    events = history.events_of(work.connection, key)[:version]
    issues = {RecordStep.PUBLISH, RecordStep.OPEN}
    issued = next((e for e in reversed(events) if e.step in issues), None)
    force = None if issued is None else from_plain(Edition, issued.public["value"])
    return from_plain(Edition, events[-1].public["value"]), force


def _parts(place: Place | None) -> dict[str, object]:
    """Return what a second person sees of an entry: the filled parts, plain."""
    if place is None:
        return {}
    partners = [partner.name for partner in place.supporting]
    parts: dict[str, object] = {
        EntryField.RANK: place.rank,
        EntryField.TITLE: place.title,
        EntryField.TEXT: place.text,
        EntryField.TARGETS: list(place.targets),
        EntryField.DELIVERABLE: place.deliverable,
        EntryField.AREA: place.area.value,
        EntryField.LEAD: place.lead,
        EntryField.SUPPORTING: partners,
        EntryField.DUE: to_plain(place.due),
        EntryField.STARS: place.stars,
        EntryField.APPEALS: place.appeals,
        EntryField.PEOPLE: place.people,
    }
    return {name: part for name, part in parts.items() if part}
