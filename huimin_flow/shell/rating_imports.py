"""rating import: ratings from files, batch by batch (D3)."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.reasons import DoorCode, spoken
from huimin_flow.errors import InputRefused
from huimin_flow.model.value import value
from huimin_flow.shell import screens
from huimin_flow.shell.acting import Act, acts

if TYPE_CHECKING:
    from huimin_flow.catalogue.terms import RatingLevel
    from huimin_flow.exchange.ratings import Portion
    from huimin_flow.flow.rating import RatingIntake
    from huimin_flow.model.rating import RefusedRow

#: How many refused rows a screen names; the file beside names all.
_NAMED = 10


@value
class Imported:
    """What became of a file: rows kept, known already, refused by reason.

    ``levels`` are the kept rows by level. ``refused_before`` are the files of
    refused lines of earlier imports.
    """

    kept: int
    known: int
    refused: int
    levels: dict[str, int]
    batches: tuple[int, ...]
    reasons: dict[str, int]
    refused_file: str | None
    refused_before: tuple[str, ...] = ()


class _Tally:
    """What has become of a file so far; of refused rows the first few are held."""

    def __init__(self) -> None:
        self.kept = self.known = self.last = 0
        self.batches: list[int] = []
        self.levels: Counter[RatingLevel] = Counter()
        self.reasons: Counter[str] = Counter()
        self.first: list[RefusedRow] = []

    def add(self, intake: RatingIntake, lines: Sequence[int]) -> None:
        """Count one batch, which came from these lines."""
        self.kept, self.known = self.kept + intake.kept, self.known + intake.known
        self.batches += [intake.batch] if intake.batch else []
        self.levels.update(intake.levels)
        self.reasons.update(str(one.reason.code) for one in intake.refused)
        self.first += intake.refused[: _NAMED - len(self.first)]
        self.last = max([self.last, *lines, *(one.line for one in intake.refused)])

    def say_how_far(self) -> None:
        """Say up to where all is done, and how to go on."""
        if self.last:
            said = (
                f"前 {self.last} 行已办完(记入 {self.kept} 行);"
                "再次导入同一文件即可接着办"
            )
            screens.echo(said, err=True)

    @property
    def refused(self) -> int:
        """Return how many rows were refused."""
        return self.reasons.total()


@click.command("import", help="导入评价(csv、jsonl);逐行说明未收的,重复导入无妨。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@acts
def rating_import(act: Act, file: Path) -> None:
    """Take a file of ratings in, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.ratings import (  # noqa: PLC0415 - heavy
        encoding_of_ratings,
        read_ratings,
    )
    from huimin_flow.exchange.refusals import Refusals  # noqa: PLC0415 - heavy

    encoding = encoding_of_ratings(file)
    channels = act.flow.rulebook().channels
    portions = read_ratings(file, encoding=encoding, channels=channels)
    first = next(portions, None)  # a file that can't be read changes nothing
    if first is None or not (first.ratings or first.refused):
        raise InputRefused(DoorCode.NO_RATING, file=file.name)
    tally = _Tally()
    with _frozen(), Refusals(file, encoding) as beside:
        source = f"{file.name} {encoding.digest[:16]}"
        try:
            for number, portion in enumerate(_watched(chain((first,), portions)), 1):
                # each portion is an act of its own under the request's key
                door = act.flow if number == 1 else act.part(number)
                intake = door.add_ratings(
                    portion.ratings,
                    by=act.by,
                    lines=portion.lines,
                    refused=portion.refused,
                    source=source,
                )
                tally.add(intake, portion.lines)
                beside.keep(intake.refused)
                gc.collect()
        except (Exception, KeyboardInterrupt):
            tally.say_how_far()
            raise
    found = Imported(
        kept=tally.kept,
        known=tally.known,
        refused=tally.refused,
        levels={level.value: count for level, count in tally.levels.items()},
        batches=tuple(tally.batches),
        reasons=dict(tally.reasons),
        refused_file=str(beside.path) if tally.refused else None,
        refused_before=tuple(str(one) for one in beside.earlier()),
    )
    act.say(found, _told(found, tally))
    if tally.refused:
        raise click.exceptions.Exit(1)


@contextmanager
def _frozen() -> Iterator[None]:
    """Spare millions of passing rows from being looked through for garbage.

    They form no circles, so they go as soon as nobody holds them; circles of
    others are looked for once a portion.
    """
    wanted = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
        gc.unfreeze()


def _watched(portions: Iterable[Portion]) -> Iterator[Portion]:
    """Yield portions, with a count on a terminal."""
    seen = 0
    for portion in portions:
        yield portion
        seen += len(portion.ratings) + len(portion.refused)
        if sys.stderr.isatty():
            click.echo(f"\r已办 {seen:,} 行", err=True, nl=False)
    if seen and sys.stderr.isatty():
        click.echo("", err=True)


def _told(found: Imported, tally: _Tally) -> str:
    text = f"记入 {found.kept} 行,已有 {found.known} 行,未收 {found.refused} 行"
    if found.kept:
        counts = (f"{level.label} {count}" for level, count in tally.levels.items())
        text += f"\n记入的评价:{' · '.join(counts)}"
    if not found.refused:
        return "\n".join((text, *map(_LEFT.format, found.refused_before)))
    rows = [(one.line, spoken(one.reason)) for one in tally.first]
    text += "\n" + screens.table(("行", "未收的原因"), rows)
    if found.refused > len(tally.first):
        text += f"\n……共 {found.refused} 行"
    text += f"\n未收的各行在 {found.refused_file},改正后可直接导入该文件"
    return "\n".join((text, *map(_LEFT.format, found.refused_before)))


#: What lies there from earlier imports is neither written over nor taken away.
_LEFT = "此前未收的各行仍在 {},没有改动;已改正导入的请删去"
