"""What the texts of a form suggest for its other inputs, each with its grounds (X1).

A suggestion is shown once a person asks for it, or opens a form about an appeal. It
stands in an input that is empty, marked as such; the preview marks it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import Area, LifeStage
from huimin_flow.errors import HuiminError
from huimin_flow.model.core.values import value
from huimin_flow.reports.sensing.rounds import grounded, place_name

if TYPE_CHECKING:
    from huimin_flow.desk.forms.form import Form
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.sensing.suggestions import Suggestion


@value
class Names:
    """The inputs of a form whose texts are read, and those for which they speak.

    ``appeal`` is the input of an appeal whose text is read as well; "" for none.
    """

    title: str
    text: str
    life_stage: str
    district: str
    area: str = ""
    town: str = ""
    village: str = ""
    appeal: str = ""


_DEMAND: Final = Names(
    title="demand.title",
    text="demand.description",
    area="demand.area",
    life_stage="demand.life_stage",
    district="demand.unit",
)

#: By act: the inputs of its form.
SUGGESTING: Final[Mapping[str, Names]] = {
    "items.collect": _DEMAND,
    "gathering.collect": replace(_DEMAND, appeal="appeal"),
    "appeals.add": Names(
        title="appeal.title",
        text="appeal.text",
        life_stage="appeal.life_stage",
        district="appeal.district",
        town="appeal.town",
        village="appeal.village",
    ),
}


def suggest(form: Form, by: Actor, *, fill: bool) -> None:
    """Put what a form's texts suggest beside its inputs; ``fill`` those left empty.

    An input that still has what it began with is empty, except the own unit. A text
    that is not fit, and an appeal that there is not, are refused at the top.
    """
    names = SUGGESTING.get(form.act)
    made = None if names is None else _made(form, names, by)
    if names is None or made is None:
        return
    book = form.now.rulebook.active()
    known: dict[str, tuple[str, str]] = {}
    if made.area is not None:
        label = Area(made.area.subject).spoken
        known[names.area] = made.area.subject, grounded(label, made.area)
    if made.life_stage is not None:
        label = LifeStage(made.life_stage.subject).spoken
        known[names.life_stage] = (
            made.life_stage.subject,
            grounded(label, made.life_stage),
        )
    if made.place is not None:
        place, organization = made.place, book.organization
        words = grounded(place_name(place, book), place)
        named = organization.name_of(place.subject) if names.town else place.subject
        known[names.district] = named, words
        town = organization.town(place.town) if place.town else None
        known[names.town], known[names.village] = (town or "", ""), (place.village, "")
    if made.elsewhere is not None:
        code = made.elsewhere.subject
        other = grounded(book.rules.referral_bodies.get(code, code), made.elsewhere)
        form.notes.append(say("可能不属本局职责,可转{other}", other=other))
    known = {name: pair for name, pair in known.items() if name and pair[0]}
    if not known:
        form.notes.append(say("文字里没有可依据的词语,没有建议"))
    for name, (text, words) in known.items():
        first = form.first(name)
        begun = first if name == names.life_stage else ""
        if fill and form.texts.get(name, first) in {"", begun}:
            form.texts[name] = text
        form.suggested[name] = text, words


def _made(form: Form, names: Names, by: Actor) -> Suggestion | None:
    """Return what an appeal suggests, else what was typed does.

    It is None for no text, which is said, and for one that is refused.
    """
    channel, key = (
        form.texts.get(name, form.first(name)).strip() if names.appeal else ""
        for name in (f"{names.appeal}[1]", f"{names.appeal}[2]")
    )
    title, text = (form.texts.get(name, "") for name in (names.title, names.text))
    try:
        if channel and key:
            intakes = form.now.rulebook.active().channels.intake
            codes = {intake.name: intake.key for intake in intakes}
            return form.now.appeals.suggest(key, channel=codes.get(channel, channel))
        if title.strip() or text.strip():
            return form.now.items.suggest(title, text, unit=by.unit)
        form.notes.append(say("先写标题或内容,再看建议"))
    except HuiminError as refusal:
        form.refuse("", refusal)
    return None
