"""Intake: appeals come in and are linked to items (A1, A6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from itertools import count
from typing import Any

from huimin_flow.catalogue.reasons import Code, InputCode, RowCode
from huimin_flow.catalogue.terms import (
    AppealField,
    Argument,
    Duty,
    LifeStage,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import keep_batch
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.admission import AppealAdmission
from huimin_flow.flow.sensing.answering.receipts import numbers
from huimin_flow.flow.sensing.gathering.keeping import company, keep
from huimin_flow.model.core.events import Reason, RefusedRow
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.texts import accepted, lost_digits, showable
from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.appeals import Appeal, Tally
from huimin_flow.rules.sensing.suggesting import by_life_stage
from huimin_flow.states.authority import may_do, may_handle
from huimin_flow.store.core import facts, positions, repository
from huimin_flow.store.core.tables import APPEAL_TEXTS, APPEALS, LINKS, POSTINGS
from huimin_flow.store.sensing import appeals as stored
from huimin_flow.store.sensing import gathering, tallies, texts


@value
class RefusedAppeal:
    """An appeal that was not kept: its line or place in the batch, from 1, and why."""

    index: int
    channel: str
    key: str
    reason: Reason


@value
class Intake:
    """The result of a batch of facts: how many were kept, known already, refused.

    ``batch`` is the number of its event's stream, 0 if nothing was new.
    ``others`` are, as channel/key, the appeals that are known with other contents;
    the other contents are not kept. ``unplaced`` are the places, as written, of
    kept appeals that are in no known unit: they count for no unit. ``strange`` are the
    towns, as written behind their unit, that the unit doesn't have. ``receipt`` is the
    number of the receipt if one appeal was added alone, and is to be given to its
    citizen; ``appeals.receipt_of`` tells that of others. ``suggested`` counts, by life
    stage, the kept appeals that state none and whose text suggests it.
    """

    batch: int
    kept: int
    known: int
    root: str
    others: tuple[str, ...] = ()
    refused: tuple[RefusedAppeal, ...] = ()
    unplaced: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    receipt: str = ""
    suggested: Mapping[str, int] = field(default_factory=dict)


@act(Duty.IMPORT)
def add_appeals(
    work: Work,
    appeals: Sequence[Appeal],
    *,
    by: Actor = ACTING,
    lines: Sequence[int] = (),
    refused: Sequence[RefusedRow] = (),
    source: str = "",
    withheld: bool = False,
) -> Intake:
    """Keep a batch of appeals; appeals that are known already add nothing (A1).

    A place is kept as the codes of its unit and town, in any spelling; what is unknown
    is kept as written. An appeal is refused for unfit text, a person's name or number
    outside the text, an unknown channel, a point of another channel or place, or a time
    in the future or out of range, and if a town's post brings one of another place. A
    refused appeal is reported with its place in the batch and its key, and the others
    are kept. Without ``who`` the contact
    gives a pseudonym: from identity number, phone number, or name with address.

    ``lines`` are the lines of the appeals in their file (else they count from 1),
    ``refused`` the rows that its reader refused, ``source`` the file's name or digest.
    ``withheld`` accepts appeals without texts, as an export has them; they are
    compared with known ones only by what they have.

    Raises:
        StepRefused: if the actor may not import.

    """
    work.duty(by, Duty.IMPORT, by.unit)
    origin = accepted(source, Argument.SOURCE, longest=300)
    admission = AppealAdmission.of(
        work, _channels(work), appeals, by, withheld=withheld
    )
    refusals = [
        RefusedAppeal(index=row.line, channel="", key="", reason=row.reason)
        for row in refused
    ]
    admitted: list[tuple[int, Appeal, Appeal]] = []
    checked = admission.admit_all(appeals)
    for index, (written, appeal) in zip(lines or count(1), checked, strict=bool(lines)):
        if isinstance(appeal, Appeal):
            admitted.append((index, written, appeal))
            continue
        channel, key = showable(str(written.channel)), showable(str(written.key))
        why = appeal.reasons[0]
        refusal = RefusedAppeal(index=index, channel=channel, key=key, reason=why)
        refusals.append(refusal)
    fresh, others, cut = _fresh(work, admitted, by, withheld=withheld)
    refusals += cut
    known = len(admitted) - len(fresh) - len(cut)
    ordered = tuple(sorted(refusals, key=lambda refusal: refusal.index))
    intake = Intake(
        batch=0, kept=0, known=known, root="", others=others, refused=ordered
    )
    if not fresh:
        return intake
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows, sealed = texts.rows_of(work, fresh, batch, work.clock.token)
    postings = gathering.postings_rows(work, fresh, batch, work.clock.token)
    kept = {APPEALS: rows, APPEAL_TEXTS: sealed, POSTINGS: postings}
    for table, made in kept.items():
        facts.keep(work.connection, table, made)
    root, counts = facts.root_of(rows), Counter(row.reason.code for row in refusals)
    more: dict[str, Any] = {"known": intake.known, "refused": dict(counts)}
    said = ((a.title, a.text) for a in fresh if a.life_stage is LifeStage.ALL)
    suggested = by_life_stage(said, work.rulebook.suggestions)
    further = {"source": origin, "suggested": suggested}
    more |= {name: part for name, part in further.items() if part}
    keep_batch(work, "appeals", batch, len(rows), root, by=by, **more)
    unplaced, strange = admission.unplaced(fresh), admission.strange(fresh)
    intake = replace(intake, unplaced=unplaced, strange=strange, suggested=suggested)
    return replace(intake, batch=batch, kept=len(rows), root=root)


def _fresh(
    work: Work,
    admitted: Sequence[tuple[int, Appeal, Appeal]],
    by: Actor,
    *,
    withheld: bool,
) -> tuple[list[Appeal], tuple[str, ...], list[RefusedAppeal]]:
    """Return the appeals that are not known, and which are known with other contents.

    ``admitted`` are lines, with their appeals as written and as they are kept. The
    last are those whose key has lost its digits: of several keys a spreadsheet made
    one. People and texts are compared only for who may read them: nobody else learns
    whether a guess is right.
    """
    pairs = [(appeal.channel, appeal.key) for _, _, appeal in admitted]
    known = facts.known_keys(work.connection, pairs)
    fresh: dict[tuple[str, str], Appeal] = {}
    repeated: list[tuple[Appeal, str]] = []
    places: list[int] = []
    differing: list[int] = []
    for at, (_, written, appeal) in enumerate(admitted):
        pair = pairs[at]
        # An appeal without its own moment has the moment of its first intake.
        if pair in known:
            timed = appeal if written.at is not None else replace(appeal, at=None)
            repeated.append((timed, written.district.strip()))
            places.append(at)
            continue
        first = fresh.setdefault(pair, appeal)
        if first is not appeal:
            timed = appeal if written.at is not None else replace(appeal, at=first.at)
            if timed != first:
                differing.append(at)
    asked = [(appeal.channel, appeal.key) for appeal, _ in repeated]
    blind = set(asked) if withheld else _unread(work, asked, by)
    found = stored.differing(work, repeated, blind=blind)
    differing += (places[number] for number in found)
    others, cut = [], []
    for at in differing:
        channel, key = pairs[at]
        if lost_digits(key):
            why = Reason.of(RowCode.KEY_CUT, field=AppealField.KEY, given=showable(key))
            refusal = RefusedAppeal(
                index=admitted[at][0], channel=channel, key=key, reason=why
            )
            cut.append(refusal)
        else:
            others.append(f"{channel}/{key}")
    return list(fresh.values()), tuple(others), cut


def _unread(
    work: Work, pairs: Sequence[tuple[str, str]], by: Actor
) -> set[tuple[str, str]]:
    """Return those of some appeals that an actor may not read for their place."""
    actor, organization, day = work.believed(by), work.rulebook.organization, work.today
    if not may_do(actor, Duty.READ, organization, unit=None, day=day):
        return set()
    may = partial(may_handle, actor, Duty.READ, organization=organization, day=day)
    where = resolver_of(organization).stored
    named = stored.named(work.connection, pairs)
    return {
        pair
        for pair, each in named.items()
        if may(where(each.district, each.town, day))
    }


def _receipt(work: Work, intake: Intake) -> str:
    return numbers(work, [(intake.batch, 1)])[0] if intake.kept else ""


@act(Duty.IMPORT, anew=("receipt", _receipt))
def add_appeal(work: Work, appeal: Appeal, *, by: Actor = ACTING) -> Intake:
    """Keep one appeal, or nothing (A1).

    Raises:
        InputRefused: if it cannot be kept, or is known with other contents.
        StepRefused: if the actor may not import, or not from this place.

    """
    intake = add_appeals(work, [appeal], by=by)
    for refused in intake.refused:
        of_right = refused.reason.code in {*Code}
        raise (StepRefused if of_right else InputRefused)((refused.reason,))
    if intake.others:
        raise InputRefused(
            InputCode.APPEAL_DIFFERS, channel=appeal.channel, key=appeal.key
        )
    return replace(intake, receipt=_receipt(work, intake))


def _channels(work: Work) -> dict[str, str]:
    return keys_and_names(
        (channel.key, channel.name) for channel in work.rulebook.channels.intake
    )


def keys_and_names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return keys by themselves, and by each name that only one key has.

    >>> keys_and_names([("a", "信访"), ("b", "热线"), ("c", "热线")])
    {'信访': 'a', 'a': 'a', 'b': 'b', 'c': 'c'}

    """
    known = tuple(pairs)
    count = Counter(name for _, name in known)
    by_name = {name: key for key, name in known if count[name] == 1}
    return by_name | {key: key for key, _ in known}


@act(Duty.IMPORT)
def link(
    work: Work, number: str, appeals: Sequence[tuple[str, str]], *, by: Actor = ACTING
) -> Tally:
    """Link appeals, named by (channel, key), to an item; return its tally (A6).

    An appeal that is linked to another item moves, if the actor may change both. A
    loose one is for the people of its place: who owns its item reads and answers it.
    Its group comes with it: ``gathering.members`` lists it.

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if an appeal doesn't exist, naming it.
        StepRefused: if either item is another unit's, or a loose appeal is of
            another's place.

    """
    pairs = _pairs(work, number, appeals, by)
    former = tallies.linked_to(work.connection, pairs)
    loose = [pair for pair in pairs if not former.get(pair)]
    came = company(work, loose, number)
    more = [fact.pair for fact in came]
    require_places(work, list(dict.fromkeys([*loose, *more])), by)
    together = list(dict.fromkeys([*pairs, *more]))
    _keep_links(work, together, number, {number, *former.values()} - {""}, by)
    keep(work, came, [], by=by)
    return tallies.tally(work.connection, number, work.rulebook.organization)


@act(Duty.IMPORT)
def unlink(
    work: Work, number: str, appeals: Sequence[tuple[str, str]], *, by: Actor = ACTING
) -> Tally:
    """Take wrong appeals off an item, which ``link`` has added; return its tally (A6).

    They stay recorded and may be linked to another item. A screening that counted them
    stays; screen the item again if it matters.

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if an appeal is not linked to the item, naming it.
        StepRefused: if the item is another unit's.

    """
    pairs = _pairs(work, number, appeals, by)
    linked = tallies.linked_to(work.connection, pairs)
    for channel, key in pairs:
        if linked.get((channel, key)) != number:
            raise InputRefused(
                InputCode.APPEAL_NOT_LINKED, channel=channel, key=key, number=number
            )
    _keep_links(work, pairs, "", {number}, by)
    return tallies.tally(work.connection, number, work.rulebook.organization)


def _pairs(
    work: Work, number: str, appeals: Sequence[tuple[str, str]], by: Actor
) -> list[tuple[str, str]]:
    """Return the channels and keys of known appeals, for who may change the item."""
    work.duty(by, Duty.IMPORT, repository.item(work.connection, number).unit)
    return named_pairs(work, appeals)


def require_places(work: Work, loose: Sequence[tuple[str, str]], by: Actor) -> None:
    """Refuse who may not link loose appeals: each needs the duty for its place (A6).

    Raises:
        StepRefused: naming whose place it is.

    """
    actor, organization = work.believed(by), work.rulebook.organization
    may = partial(may_handle, actor, Duty.IMPORT)
    where = resolver_of(organization).stored
    for each in stored.named(work.connection, loose).values():
        place = where(each.district, each.town, work.today)
        if why := may(place, organization, day=work.today):
            raise StepRefused(why)


def named_pairs(
    work: Work, appeals: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the channels and keys of known appeals.

    Raises:
        InputRefused: if one doesn't exist, naming it.

    """
    keys = _channels(work)
    named = ((keys.get(channel, channel), key.strip()) for channel, key in appeals)
    pairs = list(dict.fromkeys(named))
    missing = set(pairs) - facts.known_keys(work.connection, pairs)
    if missing:
        channel, key = min(missing)
        raise InputRefused(InputCode.APPEAL_UNKNOWN, channel=channel, key=key)
    return pairs


def _keep_links(
    work: Work,
    pairs: Sequence[tuple[str, str]],
    number: str,
    concerned: Iterable[str],
    by: Actor,
) -> None:
    """Record the item of some appeals, "" for none, as the last that counts."""
    items = sorted(concerned)
    repository.hold_items(work.connection, items)
    units = [repository.item(work.connection, item).unit for item in items]
    for unit in units:
        work.duty(by, Duty.IMPORT, unit)
    if pairs:
        batch = positions.next_number(work.connection, StreamKind.BATCH)
        rows = facts.link_rows(pairs, number, batch)
        facts.keep(work.connection, LINKS, rows)
        root, owners = facts.root_of(rows), tuple(units)
        keep_batch(work, "links", batch, len(rows), root, by=by, units=owners)
