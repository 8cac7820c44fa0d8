"""The document of an edition of a list: its texts, without a layout (C3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_pair
from huimin_flow.catalogue.terms import EditionState
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.catalogue.typography import full_width
from huimin_flow.model.deciding.documents import Document, Table
from huimin_flow.model.deciding.lists import (
    Edition,
    Place,
    area_of_list,
    unit_of_list,
)


def title_of(edition: Edition, unit: str) -> str:
    """Return the title of a list; ``unit`` is the name of the unit that has it."""
    whose = unit if unit_of_list(edition.key) else ""
    if area := area_of_list(edition.key):
        whose = say("{area}板块建议的", area=area.spoken)
    return say(
        "{when}{whose}“惠民有感”民生任务清单",
        when=period_in_words(edition.period),
        whose=whose,
    )


def document(
    edition: Edition,
    unit: str,
    changes: Sequence[str] = (),
    *,
    former: Edition | None = None,
    rehearsal: bool = False,
) -> Document:
    """Return the document of an edition; ``changes`` are its changes in words.

    ``unit`` is the present name of its unit, for what nobody has signed yet. It
    replaces the edition ``former``. A ``rehearsal`` publishes nothing real.
    """
    day = _day(edition.dated) if edition.dated else ""
    marks = {
        EditionState.PUBLISHED: "",
        EditionState.SUPERSEDED: say("本版已被替代,仅供查阅"),
    }
    mark = marks.get(edition.state, say("尚未发布"))
    return Document(
        title=title_of(edition, edition.signature or unit),
        number=edition.document,
        entries=Table(
            name=say("清单"),
            head=(
                *(say("序号"), say("主要内容"), say("目标"), say("牵头单位")),
                *(say("配合单位"), say("时限")),
            ),
            rows=tuple(map(_row, edition.places)),
        ),
        sources=Table(
            name=say("各项来源"),
            head=(
                *(say("序号"), say("主要内容"), say("诉求"), say("人数"), say("渠道")),
            ),
            rows=tuple(_source(place) for place in edition.places if place.appeals),
        ),
        changes=Table(
            name=say("本版变动"),
            head=(say("变动"),),
            rows=tuple((text,) for text in changes),
        ),
        signature=edition.signature,
        dated=edition.dated,
        signed=tuple(filter(None, (edition.signature, day))),
        mark=full_width(
            say_clauses(*filter(None, (say("推演,非正式文件") * rehearsal, mark)))
        ),
        notes=tuple(map(full_width, _notes(edition, former))),
        about=say("文件信息"),
        code=say("内容核对码 {code}", code=edition.digest[:12]),
    )


def _notes(edition: Edition, former: Edition | None) -> Iterator[str]:
    """Yield which edition it is, what it replaces, and the areas without a proposal."""
    about = say("第{edition}版", edition=edition.edition)
    if former is not None and former.document:
        about = say_clauses(about, say("替代{number}", number=former.document))
    yield about
    if edition.silent:
        yield silence(edition)


def silence(edition: Edition) -> str:
    """Return which areas had not proposed, and why their drafts were taken."""
    areas = say_list(area.spoken for area in edition.silent)
    return say("{areas}未提出,按草案列入:{why}", areas=areas, why=edition.note)


def _row(place: Place) -> tuple[str, ...]:
    text = "" if place.text in {"", place.title} else place.text
    targets = list(place.targets)
    if place.deliverable not in {"", place.text}:
        targets.append(say_pair(say("成果"), place.deliverable))
    return (
        str(place.rank),
        full_width("\n".join(filter(None, (place.title, text)))),
        full_width("\n".join(targets)),
        place.lead,
        say_list(partner.name for partner in place.supporting),
        "" if place.due is None else _day(place.due),
    )


def _source(place: Place) -> tuple[str, ...]:
    channels = (
        say("{channel}{count}条", channel=source.name, count=source.appeals)
        for source in place.sources
    )
    return (
        str(place.rank),
        place.title,
        str(place.appeals),
        str(place.people),
        say_list(channels),
    )


def _day(day: date) -> str:
    return say("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)
