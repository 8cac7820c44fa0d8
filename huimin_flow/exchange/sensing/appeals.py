"""The import of appeals from files by a profile of their columns (A1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.reasons import FileCode, InputCode, RowCode, plain
from huimin_flow.catalogue.terms import AppealField, LifeStage
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import half_width, moment, moments, text_of
from huimin_flow.exchange.core.portions import Portion, cells_of, entries_of, portions
from huimin_flow.exchange.core.records import Record, plain_rows
from huimin_flow.exchange.core.sources import Source, column_of, heading
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.periods import EARLIEST
from huimin_flow.model.core.texts import damage, showable
from huimin_flow.model.sensing.appeals import Appeal, Contact, appeal_of
from huimin_flow.model.sensing.profiles import PERSONAL, Profile

#: The number of rows of one portion, which becomes one batch.
PORTION = 4_000

_FIELDS = tuple(AppealField)
_PLACE = {field: place for place, field in enumerate(_FIELDS)}

#: The fields that a spreadsheet may have ruined as numbers.
_NUMBERS = (AppealField.KEY, AppealField.PHONE, AppealField.IDENTITY)

#: No appeal is older; an earlier moment is a wrong clock.
_EARLIEST = at_hour(EARLIEST, 0)

#: A text as a file has it → the stage of life.
_STAGES: Mapping[str, LifeStage] = {
    "": LifeStage.ALL,
    **{
        written.lower(): stage
        for stage in LifeStage
        for written in (stage.value, stage.label, stage.english)
    },
}


def source_of_appeals(path: Path, profiles: Sequence[Profile]) -> Source:
    """Return a file of appeals; its header has most names of these profiles.

    Raises:
        InputRefused: if the file is missing, has another kind, or has an unknown
            encoding.

    """
    names = chain.from_iterable(
        chain.from_iterable(profile.columns.values()) for profile in profiles
    )
    return Source(path, frozenset(map(heading, names)))


def best_profile(
    source: Source, profiles: Sequence[tuple[str, Profile]]
) -> tuple[str, Profile]:
    """Return the profile that knows most of a file's columns, with its word.

    Raises:
        InputRefused: if no profile finds what it needs.

    """
    names = names_of(source)
    fits: list[tuple[int, str, Profile]] = []
    for word, profile in profiles:
        found = fields_of_names(names, profile)
        if all(field in found for field in profile.needed):
            fits.append((len(found), word, profile))
    if not fits:
        raise InputRefused(
            FileCode.NO_PROFILE_FITS,
            file=source.path.name,
            columns=[showable(name) for name in names if name.strip()][:20],
        )
    _, word, profile = max(fits, key=lambda fit: fit[0])
    return word, profile


def names_of(source: Source) -> Sequence[str]:
    """Return the names of a file's columns; of jsonl, the keys of the first object.

    Raises:
        InputRefused: if there are none.

    """
    if source.kind != "jsonl":
        if not any(map(str.strip, source.head)):
            raise InputRefused(FileCode.EMPTY, file=source.path.name)
        return source.head
    names: dict[str, None] = {}
    for _, text, _ in source.records():
        entries = entries_of(text, _Same(), "")
        if isinstance(entries, dict):
            names |= dict.fromkeys(entries)
        if names:
            return tuple(names)
    is_blank = not any(text.strip() for _, text, _ in source.records())
    code = FileCode.EMPTY if is_blank else FileCode.NOT_OBJECTS
    raise InputRefused(code, file=source.path.name)


class _Same(dict[str, str]):
    """Each key stands for itself."""

    def __contains__(self, key: object) -> bool:
        return True

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ARG002 - as a dict
        return key

    def __getitem__(self, key: str) -> str:
        return key


def fields_of_names(
    names: Sequence[str], profile: Profile
) -> dict[AppealField, list[int]]:
    """Return the places of columns by the field that a profile gives their names."""
    by_name = {
        heading(name): field
        for field, several in profile.columns.items()
        for name in several
    }
    found: dict[AppealField, list[int]] = {}
    for place, name in enumerate(names):
        known = by_name.get(heading(name)) or by_name.get(column_of(name, by_name))
        if known is not None:
            found.setdefault(known, []).append(place)
    return found


def read_appeals(
    source: Source, profile: Profile, channel: str = "", *, portion: int = PORTION
) -> Iterator[Portion[Appeal]]:
    """Yield a file's appeals in portions, as a profile reads its columns.

    ``channel`` is for rows that name none. A time without a zone is in Shanghai time.

    Raises:
        InputRefused: if columns are missing, or a field has two.

    """
    reader = _Reader(source, profile, channel or profile.channel)
    if source.kind == "jsonl":
        yield from portions(source, reader.of_object, portion)
    else:
        yield from portions(source, reader.of_record, portion, reader.of_block)


class _Reader:
    """Makes appeals of the rows of a file."""

    def __init__(self, source: Source, profile: Profile, channel: str) -> None:
        self._channel, self._district = channel, profile.district
        self._withheld = profile.withheld
        names = names_of(source)
        found = fields_of_names(names, profile)
        missing = [
            field
            for field in profile.needed
            if field not in found and not (field is AppealField.CHANNEL and channel)
        ]
        twice = [
            [names[place] for place in places]
            for places in found.values()
            if len(places) > 1
        ]
        if missing or twice:
            raise InputRefused(
                FileCode.APPEAL_COLUMNS,
                file=source.path.name,
                line=max(source.line, 1),
                profile=profile.name,
                missing=[say_note(field.label, field.value) for field in missing]
                or ["-"],
                twice=[showable(name) for several in twice for name in several]
                or ["-"],
            )
        self._width = len(names)
        # a missing column is the empty field after the last column
        self._places = [found.get(field, [len(names)])[0] for field in _FIELDS]
        self._keys = {
            name: field.value
            for field, several in profile.columns.items()
            for name in several
        }

    def of_record(self, record: str) -> Appeal | Reason:
        """Return the appeal of a record of csv."""
        cells = cells_of(record, self._width)
        if isinstance(cells, Reason):
            return cells
        cells.append("")
        return self._appeal([cells[place] for place in self._places])

    def of_object(self, line: str) -> Appeal | Reason:
        """Return the appeal of a JSON line."""
        entries = entries_of(line, self._keys, AppealField.TEXT.value)
        if isinstance(entries, Reason):
            return entries
        cells = []
        for field in _FIELDS:
            entry = entries.get(field.value, "")
            if entry is not None and not isinstance(entry, str | int | float):
                return Reason(code=RowCode.TEXT_UNFIT, values={"field": field.value})
            cells.append(text_of(entry))
        return self._appeal(cells)

    def of_block(self, block: Sequence[Record]) -> list[Appeal] | None:
        """Return the appeals of plain records, None if one is not plain or not fit.

        It reads whole columns, in half of the time of ``of_record``, which reads the
        same from such records.
        """
        if any(opened for _, _, opened in block):
            return None
        rows = plain_rows([text for _, text, _ in block], self._width)
        if rows is None:
            return None
        columns: list[Sequence[str]] = list(zip(*rows, strict=True))
        columns.append(("",) * len(rows))
        cells = [columns[place] for place in self._places]
        for field in AppealField:
            if field not in {AppealField.TITLE, AppealField.TEXT}:
                place = _PLACE[field]
                cells[place] = list(map(str.strip, cells[place]))
        ats = moments(cells[_PLACE[AppealField.AT]])
        stages = list(map(_STAGES.get, cells[_PLACE[AppealField.LIFE_STAGE]]))
        numbers = [cells[_PLACE[field]] for field in _NUMBERS]
        if (
            ats is None
            or None in stages
            or min(ats) < _EARLIEST
            or not all(numbers[0])
            or not all(map(_are_whole, numbers))
        ):
            return None
        texts = self._texts(cells)
        if texts is None:
            return None
        channels = self._filled(cells[_PLACE[AppealField.CHANNEL]], self._channel)
        if not all(channels) or any(cells[_PLACE[AppealField.POINT]]):
            return None
        return list(
            map(
                appeal_of,
                numbers[0],
                channels,
                map(half_width, cells[_PLACE[AppealField.WHO]]),
                self._filled(cells[_PLACE[AppealField.DISTRICT]], self._district),
                texts,
                ats,
                stages,
                cells[_PLACE[AppealField.TITLE]],
                cells[_PLACE[AppealField.TOWN]],
                cells[_PLACE[AppealField.VILLAGE]],
                map(_contact, *(cells[_PLACE[field]] for field in PERSONAL)),
            )
        )

    def _texts(self, cells: Sequence[Sequence[str]]) -> Sequence[str] | None:
        """Return the column of texts; a title alone is the text, too."""
        texts = cells[_PLACE[AppealField.TEXT]]
        if self._withheld:
            return texts
        told = [
            text if text and not text.isspace() else title
            for text, title in zip(texts, cells[_PLACE[AppealField.TITLE]], strict=True)
        ]
        return told if all(told) else None

    @staticmethod
    def _filled(column: Sequence[str], usual: str) -> Sequence[str]:
        return [text or usual for text in column]

    def _appeal(self, cells: Sequence[str]) -> Appeal | Reason:
        """Return the appeal of all fields, or the reason of its refusal."""
        of = dict(zip(_FIELDS, cells, strict=True))
        for field in AppealField:
            if field not in {AppealField.TITLE, AppealField.TEXT}:
                of[field] = of[field].strip()
        for field in (*_NUMBERS, AppealField.WHO, AppealField.AT):
            of[field] = half_width(of[field]).strip()
        for field in _NUMBERS:
            code = damage(of[field])
            if code is not None:
                values: dict[str, Plain] = {
                    "field": field.value,
                    "given": showable(of[field]),
                }
                return Reason(code=code, values=values)
        at = moment(of[AppealField.AT])
        stage = _STAGES.get(of[AppealField.LIFE_STAGE].lower())
        told = self._texts([[cell] for cell in cells])
        channel = of[AppealField.CHANNEL] or self._channel
        flaw = _flaw(of, at, stage, channel, told=told is not None)
        if flaw is not None or at is None or stage is None or told is None:
            return flaw or Reason(code=RowCode.LINE_UNREADABLE)
        return appeal_of(
            of[AppealField.KEY],
            channel,
            of[AppealField.WHO],
            of[AppealField.DISTRICT]
            or (not of[AppealField.POINT] and self._district)
            or "",
            told[0],
            at,
            stage,
            of[AppealField.TITLE],
            of[AppealField.TOWN],
            of[AppealField.VILLAGE],
            _contact(*(of[field] for field in PERSONAL)),
            of[AppealField.POINT],
        )


def _flaw(
    of: Mapping[AppealField, str],
    at: datetime | None,
    stage: LifeStage | None,
    channel: str,
    *,
    told: bool,
) -> Reason | None:
    """Return the first flaw of a row, or None."""
    missing = next(
        (
            field
            for field, is_there in (
                (AppealField.KEY, bool(of[AppealField.KEY])),
                (AppealField.TEXT, told),
                (AppealField.CHANNEL, bool(channel)),
            )
            if not is_there
        ),
        None,
    )
    if missing is not None:
        return Reason(code=RowCode.TEXT_UNFIT, values={"field": missing.value})
    if at is None or at < _EARLIEST:
        code = RowCode.TIME_UNREADABLE if at is None else RowCode.TIME_TOO_EARLY
        return Reason(code=code, values={"given": showable(of[AppealField.AT])})
    if stage is None:
        values: dict[str, Plain] = {
            "text": showable(of[AppealField.LIFE_STAGE]),
            "choices": plain(list(LifeStage)),
        }
        return Reason(code=InputCode.WORD_UNKNOWN, values=values)
    return None


def _are_whole(numbers: Sequence[str]) -> bool:
    """Tell whether no number may have the form that a spreadsheet gives it."""
    whole = "".join(numbers)
    return whole.isascii() and (
        not ("." in whole or "E" in whole or "e" in whole)
        or not any(
            number[:1].isdigit() and ("." in number or "E" in number or "e" in number)
            for number in numbers
        )
    )


def _contact(*parts: str) -> Contact | None:
    """Return the contact of the fields ``PERSONAL``, None without content."""
    if not any(parts):
        return None
    name, phone, identity, address, other = parts
    return Contact(
        name=name, phone=phone, identity=identity, address=address, other=other
    )
