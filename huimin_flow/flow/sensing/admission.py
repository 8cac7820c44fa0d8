"""The checks of an appeal: fit text, a known channel, a moment in the past (A1)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any, Self

from huimin_flow.catalogue.reasons import InputCode, Reasons
from huimin_flow.catalogue.terms import Argument, Duty, LifeStage
from huimin_flow.clock import day_to_come, local_day
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.arguments import fit_fields
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.placing import Placed, names_own, placed, sealed_in
from huimin_flow.flow.sensing.points import points_by_name
from huimin_flow.model.core.organization import Actor, Organization
from huimin_flow.model.core.periods import EARLIEST, LATEST
from huimin_flow.model.core.places.gazetteer import Locality
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.texts import (
    LONGEST,
    accepted,
    accepted_all,
    pseudonym,
    required,
    showable,
)
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.sensing.appeals import Appeal, Contact, appeal_of, trait_of
from huimin_flow.model.sensing.points import ReportingPoint
from huimin_flow.personal import is_code, names_a_person
from huimin_flow.rules.sensing.coverage import CHANNEL
from huimin_flow.states.authority import may_handle

#: The number of appeals that are checked at once, by columns.
_BLOCK = 256

#: The longest accepted texts, in characters.
_SHORT, _TITLE, _CONTACT = 100, 500, 500

#: The years of which every moment is plausible, whatever its offset.
_YEARS = frozenset(range(EARLIEST.year + 1, LATEST.year))

#: How many characters of a pseudonym's digest are kept: 96 bits.
_DIGEST = 24

_fields = attrgetter(*(field.name for field in fields(Appeal)))
_parts = attrgetter(*(field.name for field in fields(Contact)))


class AppealAdmission:
    """The check of appeals by one rulebook at one moment.

    ``secret`` returns the key of pseudonyms; it is asked only for an appeal without a
    code whose contact tells people apart. ``points`` are direct-report points by what
    people write for them. ``rights`` returns why the actor may not keep
    one of a place, None if they may keep any. ``withheld`` accepts appeals without a
    text.
    """

    def __init__(
        self,
        channels: Mapping[str, str],
        organization: Organization,
        now: datetime,
        secret: Callable[[], bytes],
        *,
        points: Mapping[str, ReportingPoint] | None = None,
        rights: Callable[[Locality], Reasons] | None = None,
        withheld: bool = False,
    ) -> None:
        """Look up once what every appeal needs."""
        self._channels, self._now = channels, now
        self._organization, self._resolver = organization, resolver_of(organization)
        self._withheld, self._rights = withheld, rights
        self._secret, self._points = secret, points or {}
        self._key = b""
        self._places: dict[tuple[str, str, object], Placed] = {}

    @classmethod
    def of(
        cls,
        work: Work,
        channels: Mapping[str, str],
        appeals: Sequence[Appeal],
        by: Actor,
        *,
        withheld: bool,
    ) -> Self:
        """Return the check of a batch that an actor brings now.

        People of a town may keep appeals of their own town only (A2).
        """
        organization, rights = work.rulebook.organization, None
        if organization.town(by.unit):
            may = partial(may_handle, work.believed(by), Duty.IMPORT)
            rights = partial(may, organization=organization, day=work.today)
        named = any(appeal.point for appeal in appeals)
        return cls(
            channels,
            organization,
            work.now,
            lambda: work.keyring.secret(
                work.connection, "pseudonyms", work.clock.token
            ),
            points=points_by_name(work) if named else None,
            rights=rights,
            withheld=withheld,
        )

    def unplaced(self, appeals: Iterable[Appeal]) -> tuple[str, ...]:
        """Return the places of kept appeals, as written, that nobody knows."""
        moments = {each.district: each.at or self._now for each in appeals}
        unit_of = self._resolver.unit_of
        return tuple(
            place for place, at in moments.items() if not unit_of(place, local_day(at))
        )

    def strange(self, appeals: Iterable[Appeal]) -> tuple[str, ...]:
        """Return the towns of kept appeals, as written, that their districts lack."""
        organization = self._organization
        if organization.places is None:
            return ()
        towns = dict.fromkeys((each.district, each.town) for each in appeals)
        return tuple(
            organization.name_of(unit) + town
            for unit, town in towns
            if town and unit in self._resolver.codes and not organization.town(town)
        )

    def admit_all(
        self, appeals: Iterable[Appeal]
    ) -> Iterator[tuple[Appeal, Appeal | HuiminError]]:
        """Yield each appeal with what ``admit`` returns, or the refusal it raises."""
        waiting = iter(appeals)
        while block := list(islice(waiting, _BLOCK)):
            quick = self._quickly(block)
            if quick is not None:
                yield from zip(block, quick, strict=True)
                continue
            for written in block:
                try:
                    yield written, self.admit(written)
                except (InputRefused, StepRefused) as refusal:
                    yield written, refusal

    def admit(self, appeal: Appeal) -> Appeal:
        """Return the appeal to keep.

        Raises:
            InputRefused: for unfit text, a person's name or number outside the text,
                an unknown channel, or a time in the future or out of range.
            StepRefused: for a place of which the actor may not keep one.

        """
        fit_fields(appeal, "appeal")
        channel = self._channels.get(appeal.channel.strip())
        if channel is None:
            raise InputRefused(
                InputCode.CHANNEL_UNKNOWN,
                channel=appeal.channel,
                channels=dict.fromkeys(self._channels.values()),
            )
        at = appeal.at or self._now
        if at > self._now:
            raise InputRefused(InputCode.MOMENT_TO_COME, earliest=day_to_come(at))
        point, day = None, local_day(at)
        if appeal.point:
            point = self._points.get(appeal.point.strip())
            if point is None or not point.takes_on(day):
                shown = showable(appeal.point)
                raise InputRefused(InputCode.POINT_UNKNOWN, point=shown, day=day)
        if point is not None and not appeal.district:
            unit, town, village = point.unit, point.town, point.village
            appeal = replace(appeal, district=unit, town=town, village=village)
        written = required(appeal.district, Argument.DISTRICT, longest=_SHORT)
        town = accepted(appeal.town, Argument.TOWN, longest=_SHORT)
        village = accepted(appeal.village, Argument.VILLAGE, longest=_SHORT)
        place = self._place(written, town, at)
        district, town, _, _ = place
        if point is not None:
            self._agree(point, channel, district, day)
        fit = accepted if self._withheld else required
        contact = _contact(appeal.contact)
        key = required(appeal.key, Argument.APPEAL_KEY, longest=_SHORT)
        if contact is not None and names_own(key, contact):
            raise InputRefused(InputCode.NAMES_A_PERSON, argument=Argument.APPEAL_KEY)
        who = appeal.who or self._who(contact)
        registered = "" if point is None else point.village
        own = village if village != registered else ""
        district, kept, contact = sealed_in(place, own, contact, self._resolver)
        village = registered if village and not own else kept
        return Appeal(
            key=key,
            channel=channel,
            who=pseudonym(who, Argument.WHO) if appeal.who else who,
            district=district,
            at=at,
            text=fit(appeal.text, Argument.TEXT, private=True, lines=True),
            life_stage=appeal.life_stage,
            title=accepted(appeal.title, Argument.TITLE, longest=_TITLE, private=True),
            town=town,
            village=village,
            contact=contact,
            point="" if point is None else point.key,
        )

    def _agree(
        self, point: ReportingPoint, channel: str, district: str, day: date
    ) -> None:
        """Refuse an appeal that came through a point by another channel or place."""
        if channel != CHANNEL:
            code = InputCode.POINT_NOT_CHANNEL
            raise InputRefused(code, channel=channel, expected=CHANNEL)
        if district != self._resolver.resolve(point.unit, day).district:
            unit, place = map(self._organization.name_of, (point.unit, district))
            code = InputCode.POINT_ELSEWHERE
            raise InputRefused(code, point=point.name, unit=unit, place=place)

    def _quickly(self, block: Sequence[Appeal]) -> list[Appeal] | None:
        """Return plain appeals to keep, None if an appeal is not plain or not fit.

        It checks whole columns, in a fifth of the time of ``admit``, which returns the
        same for such appeals.
        """
        if self._rights is not None or set(map(type, block)) != {Appeal}:
            return None
        columns = dict(zip(_NAMES, zip(*map(_fields, block), strict=True), strict=True))
        contacts, ats = columns["contact"], columns["at"]
        given = [contact for contact in contacts if contact is not None]
        if not _have_types(columns) or max(ats) > self._now:
            return None
        channels = list(map(self._channels.get, columns["channel"]))
        people = columns["who"]
        short = [
            accepted_all(columns[name], _SHORT)
            for name in ("key", "district", "town", "village")
        ]
        title = accepted_all(columns["title"], _TITLE)
        text = accepted_all(columns["text"], LONGEST, lines=True)
        reached = [part for contact in given for part in _parts(contact)]
        if (
            None in channels
            or None in short
            or title is None
            or text is None
            or not (self._withheld or all(text))
            or not all(map(_is_plain_code, filter(None, set(people))))
            or (reached and accepted_all(reached, _CONTACT) != reached)
        ):
            return None
        keys, districts, towns, villages = (column or [] for column in short)
        named = [*keys, *set(districts), *set(towns), *set(villages)]
        if not (all(keys) and all(districts)) or names_a_person("|".join(named)):
            return None
        if any(c and names_own(key, c) for key, c in zip(keys, contacts, strict=True)):
            return None
        places = list(map(self._place, districts, towns, ats))
        kept = [contact and (contact if any(_parts(contact)) else None)
                for contact in contacts]  # fmt: skip
        whos = [
            who or self._who(contact) for who, contact in zip(people, kept, strict=True)
        ]
        districts, codes = [place[0] for place in places], self._resolver.codes
        for n, (place, village) in enumerate(zip(places, villages, strict=True)):
            if village or place[2] or place[3] or place[0] not in codes:
                sealed = sealed_in(place, village, kept[n], self._resolver)
                districts[n], villages[n], kept[n] = sealed
        return list(
            map(
                appeal_of,
                keys,
                channels,
                whos,
                districts,
                text,
                ats,
                columns["life_stage"],
                title,
                [town for _, town, _, _ in places],
                villages,
                kept,
            )
        )

    def _place(self, written: str, town: str, at: datetime) -> Placed:
        """Return the place that was written, with its parts that nobody knows.

        Raises:
            StepRefused: for a place of which the actor may not keep one.

        """
        day = local_day(at)
        known = self._places.get((written, town, day))
        if known is None:
            whole = f"{written} {town}" if town else written
            place = self._resolver.resolve(whole, day)
            if town and not place.district:
                place = self._resolver.resolve(written, day)
            if self._rights is not None and (why := self._rights(place)):
                raise StepRefused(why)
            known = placed(place, written, town, self._resolver)
            self._places[written, town, day] = known
        return known

    def _who(self, contact: Contact | None) -> str:
        """Return the pseudonym of who has a contact, "" without a trait.

        Without the secret nobody can guess it.
        """
        trait = trait_of(contact)
        if not trait:
            return ""
        self._key = self._key or self._secret()
        return "k" + hmac.digest(self._key, trait.encode(), "sha256").hex()[:_DIGEST]


_NAMES = tuple(field.name for field in fields(Appeal))
_TEXTS = (
    "key", "channel", "who", "district", "text", "title", "town", "village", "point",
)  # fmt: skip


def _have_types(columns: Mapping[str, Sequence[Any]]) -> bool:
    """Tell whether ``fit_fields`` accepts all of these, and no point is named."""
    texts = [columns[name] for name in _TEXTS]
    contacts, ats = set(map(type, columns["contact"])), columns["at"]
    return (
        set().union(*(set(map(type, column)) for column in texts)) == {str}
        and not any(columns["point"])
        and contacts <= {Contact, type(None)}
        and set(map(type, columns["life_stage"])) == {LifeStage}
        and set(map(type, ats)) == {datetime}
        and None not in {at.tzinfo for at in ats}
        and _YEARS.issuperset([at.year for at in ats])
    )


def _is_plain_code(who: str) -> bool:
    """Tell whether ``pseudonym`` keeps a code as it is."""
    return len(who) <= _SHORT and who.isascii() and who.isprintable() and is_code(who)


def _contact(contact: Contact | None) -> Contact | None:
    """Return a contact to keep, None for one without content."""
    if contact is None:
        return None
    kept = {
        name: accepted(part, Argument.CONTACT, longest=_CONTACT, private=True)
        for name, part in to_plain(contact).items()
    }
    return Contact(**kept) if any(kept.values()) else None
