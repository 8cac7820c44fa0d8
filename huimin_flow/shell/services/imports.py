"""rating import: import ratings from files, batch by batch (D3)."""

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

from huimin_flow.catalogue.language import say, say_pair
from huimin_flow.catalogue.reasons import DoorCode, spoken
from huimin_flow.errors import InputRefused
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain

if TYPE_CHECKING:
    from huimin_flow.catalogue.terms import RatingLevel
    from huimin_flow.exchange.core.portions import Portion
    from huimin_flow.flow.services.ratings import RatingIntake
    from huimin_flow.model.core.events import RefusedRow
    from huimin_flow.model.services.ratings import Rating

#: How many refused rows a screen shows; the file of refused lines has all.
_NAMED = 10


class Tally:
    """The counts of a file so far: rows kept, already known, refused by reason.

    ``levels`` are the kept rows by level; ``first`` are the first refused rows.
    """

    def __init__(self) -> None:
        """Start with zero counts."""
        self.kept = self.known = self.last = 0
        self.batches: list[int] = []
        self.levels: Counter[RatingLevel] = Counter()
        self.reasons: Counter[str] = Counter()
        self.first: list[RefusedRow] = []

    def add(self, intake: RatingIntake, lines: Sequence[int]) -> None:
        """Add the counts of a batch from these lines."""
        self.kept, self.known = self.kept + intake.kept, self.known + intake.known
        self.batches += [intake.batch] if intake.batch else []
        self.levels.update(intake.levels)
        self.reasons.update(str(row.reason.code) for row in intake.refused)
        self.first += intake.refused[: _NAMED - len(self.first)]
        self.last = max([self.last, *lines, *(row.line for row in intake.refused)])

    @property
    def refused(self) -> int:
        """Return how many rows were refused."""
        return self.reasons.total()

    def text(self, file: Path, earlier: Sequence[Path]) -> str:
        """Return the screen's text; the refused lines are in ``file``.

        ``earlier`` are the files with refused lines of earlier imports.
        """
        text = say(
            "记入 {kept} 行,已有 {known} 行,未收 {refused} 行",
            kept=self.kept,
            known=self.known,
            refused=self.refused,
        )
        if self.kept:
            counts = (f"{level.spoken} {count}" for level, count in self.levels.items())
            text += "\n" + say_pair(say("记入的评价"), " · ".join(counts))
        if self.refused:
            rows = [(row.line, spoken(row.reason)) for row in self.first]
            text += f"\n{screens.Table(('行', '未收的原因'), rows)}"
            if self.refused > len(self.first):
                text += "\n" + say("……共 {refused} 行", refused=self.refused)
            text += "\n" + say("未收的各行在 {file},改正后可直接导入该文件", file=file)
        # Files of earlier imports are neither overwritten nor deleted.
        for old in earlier:
            kept = "此前未收的各行仍在 {old},没有改动;已改正导入的请删去"
            text += "\n" + say(kept, old=old)
        return text


@contextmanager
def _uncollected() -> Iterator[None]:
    """Stop the garbage collector from scanning millions of short-lived rows.

    The rows have no reference cycles, so reference counting frees them; young cycles
    of other objects are collected once per portion.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


@plain("rating import")
@values.FILE
@acts
@_uncollected()
def rating_import(act: Act, file: Path) -> None:
    """Import a file of ratings, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.core.refusals import Refusals  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.services import ratings  # noqa: PLC0415 - heavy

    read = ratings.source_of_ratings(file)
    channels = act.flow.rulebook.active().channels
    portions = ratings.read_ratings(read, channels=channels)
    first = next(portions, None)  # a file that cannot be read changes nothing
    if first is None or not (first.facts or first.refused):
        raise InputRefused(DoorCode.NO_RATING, file=file.name)
    tally = Tally()
    with Refusals(read) as beside:
        source = f"{file.name} {read.digest[:16]}"
        try:
            for number, portion in enumerate(_watched(chain((first,), portions)), 1):
                # each portion is its own act, with a request id from the command's
                door = act.flow if number == 1 else act.part(number)
                intake = door.ratings.add(
                    portion.facts,
                    by=act.by,
                    lines=portion.lines,
                    refused=portion.refused,
                    source=source,
                )
                tally.add(intake, portion.lines)
                if not act.dry:
                    beside.keep(intake.refused)
                gc.collect(0)
        except (Exception, KeyboardInterrupt):
            if tally.last:
                how_far = say(
                    "前 {last} 行已办完(记入 {kept} 行);再次导入同一文件即可接着办",
                    last=tally.last,
                    kept=tally.kept,
                )
                screens.echo(how_far, err=True)
            raise
    earlier = beside.earlier()
    shown = {
        "kept": tally.kept,
        "known": tally.known,
        "refused": tally.refused,
        "levels": {level.value: count for level, count in tally.levels.items()},
        "batches": tally.batches,
        "reasons": dict(tally.reasons),
        "refused_file": str(beside.path) if tally.refused and not act.dry else None,
        "refused_before": [str(old) for old in earlier],
    }
    act.say(shown, tally.text(beside.path, earlier))
    if tally.refused:
        raise click.exceptions.Exit(1)


def _watched(portions: Iterable[Portion[Rating]]) -> Iterator[Portion[Rating]]:
    """Yield portions; show a count on a terminal."""
    seen = 0
    for portion in portions:
        yield portion
        seen += len(portion.facts) + len(portion.refused)
        if sys.stderr.isatty():
            click.echo("\r" + say("已办 {seen:,} 行", seen=seen), err=True, nl=False)
    if seen and sys.stderr.isatty():
        click.echo("", err=True)
