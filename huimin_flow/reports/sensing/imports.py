"""What the doors say of an import: how a file is read, and what becomes of its rows.

The first rows are shown as they would stand, with what is personal masked.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from huimin_flow.catalogue.language import say, say_list, say_pair
from huimin_flow.catalogue.terms import AppealField, Argument
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.texts import showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal, trait_of
from huimin_flow.model.sensing.profiles import PERSONAL
from huimin_flow.personal import masked

#: The page on which a file of appeals is sent.
IMPORT_FILE: Final = "import.html"

#: How many rows are shown, and how many characters of a text.
_ROWS, _SHOWN = 5, 24

#: The delimiters that have a name.
_SIGNS: Final = {",": "逗号", ";": "分号", "|": "竖线", "\t": "制表符"}

#: A row: channel, key, moment, place, title, text, code of the person, contact.
Preview = tuple[str, str, str, str, str, str, str, str]


def how_read(reading: Mapping[str, Any], profile: str = "") -> list[str]:
    """Return lines on how a file is read, from ``Source.reading``, and what is not."""
    parts = [(say("文件"), reading["kind"])]
    if reading["sheet"]:
        parts.append((say("工作表"), showable(reading["sheet"])))
    if reading["encoding"]:
        parts.append((say("编码"), reading["encoding"]))
    if reading["delimiter"]:
        parts.append((say("分隔符"), say(_SIGNS[reading["delimiter"]])))
    if reading["header"]:
        parts.append((say("表头所在行"), str(reading["header"])))
    if profile:
        parts.append((say("列对照"), profile))
    lines = [" · ".join(say_pair(*part) for part in parts)]
    if reading["other_sheets"]:
        others = say_list([showable(name) for name in reading["other_sheets"]])
        more = "另有工作表没有读:{others};其中有诉求或记录的,请另存为单独的文件再导入"
        lines.append(say(more, others=others))
    return lines


def preview_head() -> tuple[str, ...]:
    """Return the heads of the columns of ``preview``, in the words of all doors."""
    before = (AppealField.CHANNEL, AppealField.KEY, AppealField.AT)
    after = (AppealField.TITLE, AppealField.TEXT, AppealField.WHO)
    return (
        *(field.spoken for field in before),
        say("地点"),
        *(field.spoken for field in after),
        Argument.CONTACT.spoken,
    )


def preview(
    appeals: Sequence[Appeal],
    lines: Sequence[int],
    refused: Container[int],
    book: Rulebook,
) -> list[Preview]:
    """Return the first appeals as they would stand; numbers of people are masked.

    ``lines`` are the appeals' lines, ``refused`` those that would not be kept. Of a
    contact only the kinds of its entries are shown.
    """
    channels = {each.key: each.name for each in book.channels.intake}
    resolver = resolver_of(book.organization)
    names = book.organization.names
    rows = []
    pairs = zip(lines, appeals, strict=True)
    good = (appeal for line, appeal in pairs if line not in refused)
    for appeal in islice(good, _ROWS):
        place = appeal.district
        if appeal.at is not None:
            written = " ".join(filter(None, (appeal.district, appeal.town)))
            unit = resolver.resolve(written, local_day(appeal.at)).district
            place = names.get(unit, unit) if unit else f"{written} ?"
        given = [
            field.spoken
            for field in PERSONAL
            if appeal.contact is not None and getattr(appeal.contact, field.value)
        ]
        made_up = say("凭联系人信息生成") if trait_of(appeal.contact) else ""
        rows.append(
            (
                channels.get(appeal.channel, appeal.channel),
                masked(appeal.key),
                "" if appeal.at is None else shanghai(appeal.at),
                place,
                _short(appeal.title),
                _short(appeal.text),
                appeal.who or made_up,
                say_list(given),
            )
        )
    return rows


def _short(text: str) -> str:
    plain = " ".join(masked(text).split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
