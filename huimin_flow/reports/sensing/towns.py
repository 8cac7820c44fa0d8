"""A town's post sees the appeals of its own town, and those it answers (A2).

1. A question about many appeals is held to the town, whatever its filters say.
2. A question about one appeal is refused if the appeal is of another place and another
   unit answers it.
3. Who has posts of other units, too, sees what these see: every post of a district, a
   division or the office sees the appeals of the city, without people and texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.errors import StepRefused

if TYPE_CHECKING:
    from huimin_flow.flow import Questions

#: The questions about one appeal, which name it by channel and key.
_OF_ONE: Final = frozenset(
    {
        *("appeals.get", "appeals.trail", "appeals.receipt_of", "appeals.suggest"),
        *("answers.get", "gathering.explain", "gathering.members"),
    }
)

#: The questions about many appeals, each with the filter that is held to the town.
_OF_MANY: Final = {
    **dict.fromkeys(("appeals.list", "appeals.count"), "town"),
    **dict.fromkeys(("answers.list", "answers.count"), "unit"),
    **dict.fromkeys(("answers.to_close", "answers.count_to_close"), "unit"),
    **dict.fromkeys(("gathering.list", "gathering.count"), "unit"),
}

#: All questions that are held to a town.
HELD: Final = _OF_ONE | _OF_MANY.keys()


def town_of(now: Questions, units: Iterable[str]) -> str:
    """Return the town to which the posts of these units belong alone, or ""."""
    held = set(units)
    organization = now.rulebook.active().organization
    return min(held) if len(held) == 1 and organization.town(min(held)) else ""


def town_of_account(now: Questions, account: str) -> str:
    """Return the town to which all posts of an account belong, or ""."""
    people = now.rulebook.active().organization.people
    return town_of(now, (post.unit for post in people if account in post.accounts))


def hold(
    now: Questions, town: str, question: str, values: MutableMapping[str, Any]
) -> None:
    """Hold a question's arguments to the appeals of a town; "" holds nothing.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.
        StepRefused: if the appeal is another place's.

    """
    if not town:
        return
    if name := _OF_MANY.get(question):
        values[name] = town
        return
    channel, key = values.get("appeal") or (values.get("channel"), values["key"])
    answering = now.answers.get(key, channel=channel).answering
    if town not in {answering.town, answering.unit}:
        organization = now.rulebook.active().organization
        places = filter(None, (answering.town, answering.district))
        names = [organization.name_of(place) for place in places]
        own = organization.name_of(town)
        raise StepRefused(Code.OTHER_UNITS_PLACE, units=names, own=own)


def hold_form(now: Questions, unit: str, about: Mapping[str, str]) -> None:
    """Refuse a town's post the form about another place's appeal.

    Raises:
        NotFound, InputRefused, StepRefused: as ``hold``.

    """
    if "channel" in about and "key" in about:
        hold(now, town_of(now, [unit]), "answers.get", dict(about))
