"""bulk: one sheet, one trial and one confirmation for many acts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from huimin_flow.catalogue.language import (
    Language,
    in_english,
    say,
    say_sentences,
    speaking,
)
from huimin_flow.catalogue.reasons import CELL, BulkCode, FileCode, reason_of, spoken
from huimin_flow.catalogue.terms import (
    Argument,
    BulkAct,
    FieldKind,
    Step,
    TodoKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core import cells
from huimin_flow.exchange.core.cells import unmarked
from huimin_flow.exchange.core.refusals import LINE, WHY
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import (
    BY_SETTINGS,
    Act,
    account,
    acts,
    require_yes,
)
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.place import Place, shared, timed

if TYPE_CHECKING:
    from huimin_flow.catalogue.reasons import Reason, Reasons
    from huimin_flow.exchange.core.parts import Sheet
    from huimin_flow.flow import Questions
    from huimin_flow.flow.fields import Field
    from huimin_flow.flow.todo.bulk import Bulk
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.items import Todo

#: How many rows above the header a file may have.
_HEAD: Final = 10

#: How many rows a screen shows.
_SHOWN: Final = 50

#: The fields that a template fills in; the others are a clerk's.
_KNOWN: Final = frozenset({"number", "key", "version", "seen", "deliberation"})

ACT = click.argument("kind", metavar="办什么", type=values.Word(BulkAct))


@dataclass
class _Filled:
    """The rows of a sheet: arguments of an act by line, and lines that are refused.

    ``texts`` are the cells of each line, ``head`` those of the header.
    """

    head: list[str]
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    refused: dict[int, Reasons] = field(default_factory=dict)
    texts: dict[int, list[str]] = field(default_factory=dict)
    blank: int = 0


def _columns(kind: BulkAct) -> dict[str, Field]:
    """Return the fields of an act that a sheet has, by the heads of their columns.

    A file is named in the meeting's own form.
    """
    from huimin_flow.flow.fields import fields_of  # noqa: PLC0415 - heavy
    from huimin_flow.flow.todo.bulk import ACTS  # noqa: PLC0415 - heavy

    columns = {}
    for known in fields_of(ACTS[kind]):
        if known.path.endswith(".file"):
            continue
        outer = next((a for a in Argument if known.path.startswith(f"{a}.")), None)
        head = known.english if in_english() else known.label
        if outer is not None and known.path.count(".") == 1:
            head = head.removesuffix(f" {outer.spoken}")
            if head in {known.english, known.label} and outer is not Argument.SCORES:
                head = f"{outer.spoken} {head}"
        columns[head.removesuffix(f" {Argument.SCORES.spoken}")] = known
    return columns


def _read(now: Questions, kind: BulkAct, file: Path) -> _Filled:
    """Return the rows of a filled sheet.

    Raises:
        InputRefused: for a file that can't be read or has no header.

    """
    from huimin_flow.exchange.core.sources import sheet_of  # noqa: PLC0415 - heavy

    sheet, first = sheet_of(file), next(iter(_columns(kind)))
    columns: dict[str, Field] = {}
    for language in Language:  # whoever fills it in may speak the other one
        with speaking(language):
            columns |= _columns(kind)
    texts = [[unmarked(cells.text_of(cell)) for cell in row] for row in sheet.rows]
    heads = {head for head, of in columns.items() if of.path in {"number", "key"}}
    at = next((n for n, row in enumerate(texts[:_HEAD]) if heads & {*row}), None)
    if at is None:
        code = BulkCode.HEAD_MISSING
        raise InputRefused(code, file=file.name, rows=_HEAD, column=first)
    twice = [head for head in columns if texts[at].count(head) > 1]
    if twice:
        raise InputRefused(
            FileCode.COLUMNS_TWICE, file=file.name, line=at + 1, columns=twice
        )
    filled = _Filled(head=texts[at])
    known = [head for head in columns if head in texts[at]]
    places = {texts[at].index(head): columns[head] for head in known}
    asked = [place for place, of in places.items() if of.path not in _KNOWN]
    for n, row in enumerate(texts[at + 1 :], at + 2):
        padded = [*row, *[""] * (len(filled.head) - len(row))]
        if not any(padded) or (asked and not any(padded[place] for place in asked)):
            filled.blank += any(padded)
            continue
        filled.texts[n] = padded[: len(filled.head)]
        arguments, reasons = _row(now, sheet, n, places)
        if reasons:
            filled.refused[n] = tuple(reasons)
        else:
            filled.rows[n] = arguments
    return filled


def _row(
    now: Questions, sheet: Sheet, n: int, places: Mapping[int, Field]
) -> tuple[dict[str, Any], list[Reason]]:
    """Return the arguments in a row, and what is wrong with its cells."""
    from huimin_flow.exchange.core.parts import cell_name  # noqa: PLC0415 - heavy

    arguments: dict[str, Any] = {}
    reasons: list[Reason] = []
    row = sheet.rows[n - 1]
    for place, of in places.items():
        cell = row[place] if place < len(row) else ""
        text, name = unmarked(cells.text_of(cell)), cell_name(n, place)
        if sheet.misleads(n, place + 1, cell):
            reasons.append(reason_of(FileCode.CELL_MISLEADS, {CELL: name}))
        elif text:
            try:
                _put(arguments, of.path, _value(now, of, text))
            except InputRefused as refusal:
                reasons += (
                    replace(why, values={**why.values, CELL: name})
                    for why in refusal.reasons
                )
    return arguments, reasons


def _value(now: Questions, of: Field, text: str) -> Any:
    """Return the plain value of a cell."""
    if of.kind in {FieldKind.WHOLE, FieldKind.PERCENT}:
        return values.whole(text, of.english if in_english() else of.label)
    if of.kind is FieldKind.YES_NO:
        return values.yes_or_no(text)
    if of.kind is FieldKind.DAY:
        return values.day(text.partition(" ")[0]).isoformat()
    if of.kind is FieldKind.CODE:
        return now.fields.resolve(Argument(of.word), text)
    if of.kind is FieldKind.TERM:
        named = [c.code for c in of.choices if text in {c.code, c.name}]
        return named[0] if named else text
    return text


def _put(arguments: dict[str, Any], path: str, plain_value: Any) -> None:
    """Put a value at its path into the arguments."""
    *outer, last = path.split(".")
    for name in outer:
        arguments = arguments.setdefault(name, {})
    arguments[last] = plain_value


@plain("bulk do")
@ACT
@values.FILE
@click.option("--each", is_flag=True, help="各办各的:不能办的留下,其余照办。")
@click.option("--seen", help="您所见:试算时显示的核对码。")
@click.option("--yes", is_flag=True, help="不再询问:不预览,直接办理。")
@acts
def bulk_do(
    act: Act, kind: BulkAct, file: Path, seen: str | None, *, each: bool, yes: bool
) -> None:
    """Do what a filled sheet says, all or each; exit 1 if a row was refused."""
    filled = _read(act.plain, kind, file)
    if filled.refused and not (filled.rows and (each or act.dry)):
        raise InputRefused(
            tuple(why for all_ in filled.refused.values() for why in all_)
        )
    rows = list(filled.rows.values())
    if act.dry:
        made = act.flow.bulk.do(kind, rows, whole=False, by=act.by)
        _say(act, filled, made, None)
        return
    if seen is None and not yes:
        if not sys.stdin.isatty():
            raise InputRefused(BulkCode.UNSEEN)
        with act.plain.dry() as dry:
            ahead = dry.bulk.do(kind, rows, whole=False, by=act.by)
        screens.echo(_text(filled, ahead, done=False), err=True)
        require_yes()
        seen = ahead.seen
    made = act.flow.bulk.do(kind, rows, seen=seen or "", whole=not each, by=act.by)
    _say(act, filled, made, file)


def _why(filled: _Filled, made: Bulk) -> dict[int, Reasons]:
    """Return the reasons of the refused lines, by line."""
    lines = dict(zip(filled.rows, made.lines, strict=True))
    refused = {n: line.reasons for n, line in lines.items() if line.reasons}
    return dict(sorted((refused | filled.refused).items()))


def _text(filled: _Filled, made: Bulk, *, done: bool) -> str:
    """Return how many rows were or would be done, and why others are not."""
    refused = _why(filled, made)
    text = (
        "{act}:已办 {done} 项,未办 {refused} 项"
        if done
        else "{act}:可办 {done} 项,不能办 {refused} 项,核对码 {seen}"
    )
    count = len(made.lines) + len(filled.refused) - len(refused)
    known: dict[str, object] = {"done": count, "refused": len(refused)}
    parts = [say(text, act=made.act.spoken, seen=made.seen[:12], **known)]
    if filled.blank:
        parts.append(say("未填的 {count} 行没有办", count=filled.blank))
    if refused:
        rows = [(n, say_sentences(map(spoken, why))) for n, why in refused.items()]
        parts.append(str(screens.Table(("行", "为何不能办"), rows[:_SHOWN])))
    return "\n".join(parts)


def _say(act: Act, filled: _Filled, made: Bulk, file: Path | None) -> None:
    """Print what became of the rows; keep the refused ones beside the ``file``."""
    refused = _why(filled, made)
    text, kept = _text(filled, made, done=file is not None), None
    if refused and file is not None:
        kept = _keep(file, filled, refused)
        text += "\n" + say("未办的各行在 {file},改正后可直接再办", file=kept)
    shown = {
        "act": made.act,
        "seen": made.seen,
        "lines": made.lines,
        "refused": {str(n): screens.plain_reasons(why) for n, why in refused.items()},
        "refused_file": None if kept is None else str(kept),
    }
    act.say(shown, text)
    if refused:
        raise click.exceptions.Exit(1)


def _keep(file: Path, filled: _Filled, refused: Mapping[int, Reasons]) -> Path:
    """Write the refused rows beside the file, with their reasons; return the path."""
    from huimin_flow.exchange.core.tables import Grid, workbook  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.executing.sheets import write_new  # noqa: PLC0415 - heavy

    own = [n for n, head in enumerate(filled.head) if head not in {LINE, WHY}]
    grid = Grid(
        name=file.stem,
        head=(LINE, WHY, *(filled.head[n] for n in own)),
        rows=tuple(
            (
                line,
                say_sentences(map(spoken, why)),
                *(filled.texts[line][n] for n in own),
            )
            for line, why in refused.items()
        ),
    )
    return write_new(file.with_name(f"{file.stem}.refused.xlsx"), workbook([grid]))


@plain("bulk template")
@ACT
@click.option("--out", type=values.PATH, help="写到哪个文件。")
@click.option("--by", **BY_SETTINGS)
@timed
@shared
def bulk_template(
    place: Place, kind: BulkAct, out: Path | None, by: str | None
) -> None:
    """Write the sheet of what waits for an actor, to be filled in."""
    from huimin_flow.exchange.core.tables import Grid, workbook  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.executing import sheets  # noqa: PLC0415 - heavy

    path = out or Path(f"bulk-{kind}.xlsx")
    sheets.writable(path)
    with place.now() as now:
        actor = now.people.identify(account(now), by)
        lines = list(_waiting(now, kind, actor))
    if not lines:
        raise InputRefused(BulkCode.NOTHING_WAITS, act=kind.spoken)
    used = {name for known, _ in lines for name in known}
    columns = {
        head: of.path
        for head, of in _columns(kind).items()
        if of.path in used or of.path not in _KNOWN
    }
    scored = {path for _, wanted in lines for path in wanted}
    if scored:
        columns = {
            head: path
            for head, path in columns.items()
            if not path.startswith("scores.") or path in scored
        }
    first, *rest = columns
    grid = Grid(
        name=kind.spoken,
        head=(first, Argument.TITLE.spoken, *rest),
        rows=tuple(
            (
                known[columns[first]],
                known["title"],
                *(known.get(columns[head], "") for head in rest),
            )
            for known, _ in lines
        ),
    )
    written = sheets.write_new(path, workbook([grid]))
    text = say("已写 {written},{count} 行", written=written, count=len(lines))
    place.show({"file": str(written), "lines": len(lines)}, text)


def _waiting(
    now: Questions, kind: BulkAct, by: Actor
) -> Iterator[tuple[dict[str, Any], Sequence[str]]]:
    """Yield what a template knows of each entry, and the scores that it needs."""
    criteria = now.rulebook.active().rules.screening.criteria
    for entry in now.people.todo(by):
        if kind is BulkAct.APPROVE:
            if entry.kind is TodoKind.PROPOSAL:
                known = now.proposals.get(entry.subject).proposal
                yield (
                    {"key": known.key, "title": entry.title, "seen": known.seen[:12]},
                    (),
                )
            continue
        if not _fits(now, kind, entry, by):
            continue
        item = now.items.get(entry.subject)
        row = {"number": item.number, "title": item.title, "version": item.version}
        wanted: Sequence[str] = ()
        if kind is BulkAct.SCREEN:
            weights = criteria[item.origin].weights
            wanted = [f"scores.{each}" for each in weights]
        if kind is BulkAct.JUDGE:
            held = now.meetings.list(item=item.number, limit=1)
            row |= {"deliberation": held[0].key} if held else {}
        yield row, wanted


def _fits(now: Questions, kind: BulkAct, entry: Todo, by: Actor) -> bool:
    """Tell whether an entry waits for this act; every item waiting may be returned."""
    if entry.kind is not TodoKind.ITEM or entry.unit:
        return False
    if kind is not BulkAct.RETURN:
        return entry.step == Step(kind.value)
    return now.items.possible(entry.subject, by, Step.RETURN)[0].possible
