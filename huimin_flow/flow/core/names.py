"""What a person writes for a value, and the code it means.

An argument's word says of which kind its values are. People write a code, a name, the
beginning or a part of one, or a number without its zeros, with full-width signs; the
answer is the one code that fits. Programs pass codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, pairwise
from typing import Final

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Scope
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Person
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.assessments import Assessment, ThirdParty
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.lists import Edition, area_of_list, unit_of_list
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.improving.boards import QuarterlyBoards, SupervisionOrder
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting
from huimin_flow.model.sensing.policies import CityMeasure, Policy, PolicyReview
from huimin_flow.model.sensing.rounds import ScreeningRound
from huimin_flow.store.core import repository

#: How many choices a completion shows.
SHOWN: Final = 50

#: How many items are compared with a text, newest first.
_SEARCHED = 10_000

#: The arguments that name units.
_UNITS: Final = frozenset({Argument.UNIT, Argument.SUPPORTING_UNITS})

#: How many choices a refusal lists, and in how many characters: it keeps 300.
_LISTED, _ROOM = 12, 280


@value
class Choice:
    """A value that an argument may have: its code, its name, and other names."""

    code: str
    name: str
    also: tuple[str, ...] = ()


@question
def choices(
    work: Work, argument: Argument, written: str = "", limit: int = SHOWN
) -> tuple[Choice, ...]:
    """Return the values of an argument that a text may mean; an empty text means all.

    An argument of free text has none.
    """
    offered = _OFFERED.get(argument)
    if offered is None:
        return ()
    plain = _plain(written)
    if not plain:
        return tuple(islice(offered(work, ""), limit))
    return tuple(islice(_fitting(offered(work, plain), plain), limit))


@question
def resolve(work: Work, argument: Argument, written: str) -> str:
    """Return the code that a person's text means for an argument.

    A text for an argument of free text is returned as it is.

    Raises:
        InputRefused: if it fits no value or several; it lists them.

    """
    offered = _OFFERED.get(argument)
    if offered is None or not written:
        return written
    if argument is Argument.CHAIR:  # its refusal names who may chair
        offered = _posts
    if argument in _UNITS:  # their refusals know the day, ends and successors
        directory = Directory(work.rulebook.organization)
        code = written.strip()
        ever = {unit.code for unit in work.rulebook.organization.units}
        if code in ever:
            return code
        # A name is like the code: it means a unit that has ended, too.
        named = directory.codes(written)
        if len(named) == 1:
            return next(iter(named))
        return directory.unit(written, work.today).code
    if offered is _items:
        offered = partial(_items, limit=_SEARCHED)
    plain = _plain(written)
    code, known = InputCode.SEVERAL_FIT, list(_fitting(offered(work, plain), plain))
    if len(known) == 1:
        return known[0].code
    if not known:
        code, known = InputCode.NONE_FITS, list(offered(work, ""))
        known.sort(key=lambda choice: -_likeness(plain, choice))
    text, shown = showable(written), _whole_labels(known)
    if not known:
        code = InputCode.NONE_THERE
    raise InputRefused(
        code, argument=argument.value, text=text, choices=shown, count=len(known)
    )


def _whole_labels(choices: Iterable[Choice]) -> list[str]:
    """Return codes and names of the first choices; each is whole in a refusal."""
    labels: list[str] = []
    for choice in islice(choices, _LISTED):
        label = f"{choice.code}({choice.name})" if choice.name else choice.code
        if labels and sum(len(known) + 1 for known in (*labels, label)) > _ROOM:
            break
        labels.append(label)
    return labels


def _likeness(plain: str, choice: Choice) -> float:
    """Return the share of common signs and pairs of signs of a text and a choice."""

    def parts(text: str) -> set[str]:
        return {*text, *map("".join, pairwise(text))}

    sought = parts(plain)
    return max(
        len(sought & parts(name)) / len(sought | parts(name))
        for name in map(_plain, (choice.code, choice.name, *choice.also))
        if name
    )


def _fitting(offered: Iterable[Choice], plain: str) -> Iterator[Choice]:
    """Yield the choices that fit best: the same, those that begin so, or have it."""
    known = [
        (choice, [_plain(name) for name in (choice.code, choice.name, *choice.also)])
        for choice in offered
    ]
    numbers = _numbers(plain)
    tests: tuple[Callable[[list[str]], bool], ...] = (
        lambda names: plain in names,
        lambda names: bool(numbers) and _numbers(names[0])[-len(numbers) :] == numbers,
        lambda names: any(name.startswith(plain) for name in names),
        lambda names: any(plain in name for name in names),
    )
    for test in tests:
        best = [choice for choice, names in known if test(names)]
        if best:
            yield from best
            return


def _plain(text: str) -> str:
    """Return a text with plain signs, without blanks at its ends, in small letters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


#: A number within a year or alone: ``2026-12``, ``12``.
_NUMBER = re.compile(r"[0-9]+(?:-[0-9]+)*", re.ASCII)


def _numbers(text: str) -> tuple[int, ...]:
    """Return the parts of a number at a text's end; leading zeros don't count."""
    last = text.rpartition("/")[2]
    return tuple(map(int, last.split("-"))) if _NUMBER.fullmatch(last) else ()


def _items(work: Work, plain: str, limit: int = SHOWN) -> Iterator[Choice]:
    """Yield the items of a number or its beginning, or with a title that has a text.

    A title that several items have is followed by the unit.
    """
    parts = _numbers(plain)
    beginnings = [plain]
    if len(parts) == len(("year", "number")):
        beginnings.insert(0, f"{parts[0]}-{parts[1]:06d}")
    elif len(parts) == 1 and plain.isdigit() and len(plain) < len("2026"):
        beginnings.insert(0, f"{work.today.year}-{parts[0]:06d}")
    for beginning in beginnings:
        known = repository.numbered(work.connection, beginning, limit)
        if known:
            break
    else:
        known = repository.titled(work.connection, plain, limit)
    often = Counter(title for _, title, _ in known)
    names = work.rulebook.organization.names
    for number, title, unit in known:
        if often[title] == 1:
            yield Choice(code=number, name=title)
        else:
            name = f"{title} {names.get(unit, unit)}"
            yield Choice(code=number, name=name, also=(title,))


def _posts(
    work: Work, _: str = "", among: Sequence[Person] | None = None
) -> Iterator[Choice]:
    """Yield the posts, or those ``among`` them, by unit and roles."""
    organization = work.rulebook.organization
    for post in organization.people if among is None else among:
        unit = organization.names.get(post.unit, post.unit)
        roles = sorted(role.spoken for role in post.roles)
        yield Choice(code=post.id, name=" ".join([unit, *roles]))


def _chairs(work: Work, _: str) -> Iterator[Choice]:
    """Yield the posts that may chair a deliberation."""
    may = work.rulebook.rules.deliberation.chairs.roles
    posts = work.rulebook.organization.people
    return _posts(work, among=[post for post in posts if post.roles & set(may)])


def _members_first(work: Work, _: str) -> Iterator[Choice]:
    """Yield the posts, those first that count for the quorum of a deliberation."""
    counts = set(work.rulebook.rules.deliberation.members.roles)
    posts = work.rulebook.organization.people
    ordered = sorted(posts, key=lambda post: post.roles.isdisjoint(counts))
    return _posts(work, among=ordered)


#: By an argument's word: its values. All other arguments are free text.
_OFFERED: Final[Mapping[Argument, Callable[[Work, str], Iterator[Choice]]]] = {
    **dict.fromkeys(
        (
            Argument.NUMBER,
            Argument.ITEM,
            Argument.INTO,
            Argument.AGENDA,
            Argument.ARISES_FROM,
        ),
        _items,
    ),
    **dict.fromkeys(
        _UNITS,
        lambda work, _: (
            Choice(code=unit.code, name=unit.name, also=tuple(unit.aliases))
            for unit in work.rulebook.organization.units_on(work.today)
        ),
    ),
    Argument.CHANNEL: lambda work, _: (
        Choice(code=channel.key, name=channel.name)
        for channel in work.rulebook.channels.intake
    ),
    **dict.fromkeys((Argument.BY, Argument.SECOND, Argument.PERSON), _posts),
    Argument.CHAIR: _chairs,
    **dict.fromkeys((Argument.PARTICIPANTS, Argument.PREVENTED), _members_first),
    Argument.REASON_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.rules.reject_reasons.items()
    ),
    Argument.REFERRED_TO: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.rules.referral_bodies.items()
    ),
    Argument.FEED: lambda work, _: (
        Choice(code=known.key, name=known.name)
        for known in repository.records(work.connection, Feed)
    ),
    Argument.POLICY: lambda work, _: (
        Choice(code=known.key, name=known.title, also=(known.document,))
        for known in reversed(repository.records(work.connection, Policy))
    ),
    Argument.CITY_MEASURE: lambda work, _: (
        Choice(code=known.key, name=known.title)
        for known in reversed(repository.records(work.connection, CityMeasure))
    ),
    Argument.REVIEW: lambda work, _: (
        Choice(code=made.key, name=made.period)
        for made in reversed(repository.records(work.connection, PolicyReview))
    ),
    Argument.ROUND: lambda work, _: (
        Choice(code=drawn.key, name=drawn.period)
        for drawn in reversed(repository.records(work.connection, ScreeningRound))
    ),
    Argument.RETURN_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.rules.return_reasons.items()
    ),
    Argument.TRANSFER_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.rules.transfer_reasons.items()
    ),
    Argument.TASK_RETURN_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.improving.tasks.return_reasons.items()
    ),
    Argument.REASSIGN_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.improving.tasks.reassign_reasons.items()
    ),
    Argument.REOPEN_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.rules.answers.reopen_reasons.items()
    ),
    Argument.DECLINE_CODE: lambda work, _: (
        Choice(code=code, name=name)
        for code, name in work.rulebook.rules.responses.decline_reasons.items()
    ),
    Argument.DELIBERATION: lambda work, _: (
        Choice(code=held.key, name=f"{held.held_on} {held.state.spoken}")
        for held in reversed(repository.records(work.connection, Deliberation))
    ),
    Argument.ASSESSMENT: lambda work, _: (
        Choice(code=made.key, name=f"{made.item} {made.kind.spoken}")
        for made in reversed(repository.records(work.connection, Assessment))
    ),
    Argument.ADVICE: lambda work, _: (
        Choice(code=made.key, name=f"{made.item} {made.recommendation.spoken}")
        for made in reversed(repository.records(work.connection, Advice))
    ),
    Argument.BOARD_KEY: lambda work, _: (
        Choice(code=made.key, name=f"{made.period} {made.state.spoken}")
        for made in reversed(repository.records(work.connection, QuarterlyBoards))
    ),
    Argument.REVIEW_MEETING: lambda work, _: (
        Choice(code=held.key, name=f"{held.held_on} {held.state.spoken}")
        for held in reversed(repository.records(work.connection, ReviewMeeting))
    ),
    Argument.DECISION: lambda work, _: (
        Choice(code=made.key, name=f"{made.due} {made.decided[:40]}")
        for made in reversed(repository.records(work.connection, Decision))
    ),
    Argument.OWNER: lambda work, _: chain(
        (
            Choice(code=unit.code, name=unit.name, also=tuple(unit.aliases))
            for unit in work.rulebook.organization.units_on(work.today)
        ),
        _posts(work),
    ),
    Argument.ORDER_KEY: lambda work, _: (
        Choice(code=made.key, name=f"{made.item} {made.authority} {made.document}")
        for made in reversed(repository.records(work.connection, SupervisionOrder))
    ),
    Argument.ENGAGEMENT: lambda work, _: (
        Choice(code=made.key, name=f"{made.item} {made.state.spoken} {made.assessor}")
        for made in reversed(repository.records(work.connection, Engagement))
    ),
    Argument.RECTIFICATION_KEY: lambda work, _: (
        Choice(code=made.key, name=f"{made.item} {made.state.spoken} {made.cause}")
        for made in reversed(repository.records(work.connection, Rectification))
    ),
    Argument.PRACTICE: lambda work, _: (
        Choice(code=made.key, name=f"{made.item} {made.title} {made.state.spoken}")
        for made in reversed(repository.records(work.connection, Practice))
    ),
    Argument.REPLICATION: lambda work, _: (
        Choice(code=made.key, name=f"{made.practice} {made.unit} {made.state.spoken}")
        for made in reversed(repository.records(work.connection, Replication))
    ),
    Argument.THIRD_PARTY: lambda work, _: (
        Choice(code=party.key, name=party.name)
        for party in reversed(repository.records(work.connection, ThirdParty))
    ),
    Argument.PROPOSAL: lambda work, _: (
        Choice(code=made.key, name=made.act)
        for made in reversed(repository.records(work.connection, Proposal))
    ),
    Argument.AREA_LIST: lambda work, _: (
        Choice(code=edition.key, name=f"{edition.period} {area.spoken}")
        for edition in reversed(repository.records(work.connection, Edition))
        if (area := area_of_list(edition.key)) is not None
    ),
    Argument.LIST: lambda work, _: (
        Choice(
            code=edition.key,
            name=f"{edition.period} {_whose(edition, work)}",
        )
        for edition in repository.records(work.connection, Edition)
    ),
}


def _whose(edition: Edition, work: Work) -> str:
    """Return whose list an edition is: a unit's, an area's, or the whole city's."""
    if area := area_of_list(edition.key):
        return area.spoken
    if unit := unit_of_list(edition.key):
        return work.rulebook.organization.name_of(unit)
    return Scope.ALL.spoken


#: The arguments whose values have codes.
CODED: Final = frozenset(_OFFERED)
