"""What the second person sees of each two-person act (F1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from huimin_flow.catalogue.language import say_clauses, say_list, say_note, say_pair
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import (
    BoardState,
    ProposalField,
    StreamKind,
    TwoPeople,
)
from huimin_flow.clock import shanghai
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.clock import records
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import (
    editions,
    freezing,
    opening,
)
from huimin_flow.flow.deciding.shown import list_content, lists_content
from huimin_flow.flow.improving import boards
from huimin_flow.flow.improving.reviewing.burden import price
from huimin_flow.flow.scoring import published
from huimin_flow.flow.sensing.personal.erasing import require_subject
from huimin_flow.model.core.proposals import TwoPersonAct
from huimin_flow.model.core.values import (
    Difference,
    differences,
    from_plain,
    to_plain,
)
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.improving.boards import placed
from huimin_flow.states.evolve import fold
from huimin_flow.store.core import history
from huimin_flow.store.sensing.erasing import contents_of
from huimin_flow.store.services import follow_ups as rated
from huimin_flow.stream_names import stream_of
from huimin_flow.streams import STREAMS, TWO_PERSON_ACTS

Values = Mapping[str, str]

#: By stream of a proposal, the version that the proposal rests on.
Versions = Mapping[str, int]

_POSITION: Final = re.compile("[0-9]{1,15}")

#: Fields that say when and why a correction was made; they are not its content.
PASSING: Final = frozenset({"cut", "version", "note", "edition", "state"})


@question
def rules_diff(work: Work, book: Rulebook) -> tuple[Difference, ...]:
    """Return the differences of a rulebook from the active one, by key."""
    old, new = (to_plain(replace(each, digest="")) for each in (work.rulebook, book))
    return tuple(differences(old, new))


def _record_then(work: Work, kind: StreamKind, text: str, then: Versions) -> Any:
    """Return the item or the record at the version that a proposal rests on."""
    stream = stream_of(kind, text)
    events = history.events_of(work.connection, stream)[: then[stream]]
    if kind is StreamKind.ITEM:
        return fold(events)
    of: Any = STREAMS[kind].value
    return from_plain(of, events[-1].public["value"])


def of_subject(
    kind: StreamKind,
    declared: TwoPersonAct,
    work: Work,
    values: Values,
    then: Versions,
) -> Iterator[Difference]:
    """Yield the fields of the act's item or record, all as new."""
    record = _record_then(work, kind, values[str(declared.about)], then)
    yield from _new(record, *(declared.shows or to_plain(record)))


def span_of(values: Values) -> tuple[int, int]:
    """Return the first and last position of a span; 0 for what is no number."""
    texts = values[ProposalField.FIRST_RECORD], values[ProposalField.LAST_RECORD]
    first, last = (int(text) if _POSITION.fullmatch(text) else 0 for text in texts)
    return first, last


def _new(value: object, *names: str) -> Iterator[Difference]:
    """Yield the named fields of a value, all as new."""
    plain: Any = to_plain(value)
    yield from differences(None, {name: plain[name] for name in names})


def of_list(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    """Yield the content of a list, as its draft was proposed."""
    key = stream_of(StreamKind.LIST, values[ProposalField.EDITION])
    yield from list_content(work, key, then[key])


def of_lists(work: Work, _: Values, then: Versions) -> Iterator[Difference]:
    """Yield the content of all lists that a proposal would confirm."""
    yield from lists_content(work, then)


def of_opening(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield the entries of an opening list by field, and where it was published."""
    entered = opening.opening_of(values)
    edition = opening.drafted(work, entered, entered.numbers)
    for place in edition.places:
        plain: Any = to_plain(place)
        for name in ("rank", "title", "lead", "text", "due"):
            yield Difference(f"{place.item}.{name}", None, plain[name])
        for n, target in enumerate(place.targets, 1):
            yield Difference(f"{place.item}.targets[{n}]", None, target)
    yield Difference("note", None, edition.note)


def of_supplement(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    """Yield the item, and the rules of the selection that it doesn't follow."""
    item = _record_then(work, StreamKind.ITEM, values[ProposalField.ITEM], then)
    yield from _new(item, *TWO_PERSON_ACTS[TwoPeople.SUPPLEMENT].shows)
    number, key = values[ProposalField.ITEM], values[ProposalField.EDITION]
    for reason in editions.overrides(work, number, key):
        words = sentence(reason.code, dict(reason.values))
        yield Difference(path="overrides", old=None, new=words)


def of_follow_up(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    """Yield the rating of a transaction, and the objection to it."""
    transaction = values[ProposalField.TRANSACTION]
    rating = rated.rating(work.connection, transaction)
    yield from _new(rating, "transaction", "unit", "item", "level", "at")
    follow_up = _record_then(work, StreamKind.FOLLOW_UP, transaction, then)
    yield from _new(follow_up, "answer", "ground", "grounds", "objected_by")


def of_activation(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield what differs in a rulebook, its price, and what it changes in previews.

    The price is what it asks of all units in a month, before and after.
    """
    book = work.rulebook_of(values["digest"])
    yield from rules_diff(work, book)
    cost = price(work, book)
    for name in ("by_hand", "fields", "uploads", "checks"):
        old, new = (str(getattr(each, name)) for each in (cost.before, cost.after))
        if old != new:
            yield Difference(path=f"burden.{name}", old=old, new=new)
    yield from freezing.effects(work, book)


def of_correction(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield what a correction would change of what is published."""
    old = to_plain(published.published_now(work, values[ProposalField.KEY]))
    new = to_plain(published.corrected(work, values[ProposalField.KEY]))
    for difference in differences(old, new):
        if difference.path.partition(".")[0] not in PASSING:
            yield difference


def of_boards(work: Work, values: Values, then: Versions) -> Iterator[Difference]:
    """Yield each item's place on the boards, as drafted or as a correction makes it.

    A correction of published boards shows only what changes; one of a draft, which
    nobody has seen, all. A place is in words: the board and the reasons.
    """
    key = values[ProposalField.KEY]
    drafted = _record_then(work, StreamKind.BOARD, key, then)
    before: dict[str, str] = {}
    made = drafted
    if ProposalField.REASON in values:
        made = boards.corrected(work, key)
        if drafted.state is BoardState.PUBLISHED:
            before = _places(drafted)
    now = _places(made)
    for number in sorted(before.keys() | now.keys()):
        old, new = before.get(number), now.get(number)
        if old != new:
            yield Difference(path=number, old=old, new=new)


def _places(made: QuarterlyBoards) -> dict[str, str]:
    """Return by item its place on the boards in words."""
    words = {}
    for number, (board, entry) in placed(made).items():
        reasons = say_list(
            say_pair(ground.spoken, sentence(reason.code, dict(reason.values)))
            for ground, verdict in zip(entry.grounds, entry.verdicts, strict=True)
            for reason in verdict.reasons
        )
        words[number] = say_clauses(
            say_note(board.spoken, entry.title), *filter(None, [reasons])
        )
    return words


def of_erasure(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield whose data an erasure would destroy, and of how many appeals."""
    yield Difference("subject", None, values[ProposalField.SUBJECT])
    try:
        named = require_subject(work, values[ProposalField.SUBJECT])
    except NotFound:  # it is done
        return
    yield Difference("appeals", len(contents_of(work.connection, *named)), 0)


def of_declaration(work: Work, values: Values, _: Versions) -> Iterator[Difference]:
    """Yield the records that a declaration names, with their wrong times."""
    for line in records(work, *span_of(values)):
        kind = StreamKind.parse(line.stream)[0] or StreamKind.ITEM
        steps = STREAMS[kind].life.steps.values()
        word = next((each.spoken for each in steps if each == line.step), line.step)
        named = f"{StreamKind.named(line.stream)} {word}"
        yield Difference(path=str(line.position), old=shanghai(line.at), new=named)
