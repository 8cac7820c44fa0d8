"""The import of a file by a command: portion by portion, and what became of it."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.command_line import running

if TYPE_CHECKING:
    from huimin_flow.exchange.core.portions import Portion
    from huimin_flow.exchange.core.refusals import Refusals
    from huimin_flow.exchange.core.sources import Source
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.events import RefusedRow
    from huimin_flow.shell.core.acting import Act

T = TypeVar("T")

#: How many refused rows a screen shows; the file of refused lines has all.
_NAMED = 10

#: How wide the bar of progress is, in characters.
_WIDE = 24

#: Does the act for a portion: its intake, and the rows that are refused.
Add = Callable[["Flow", "Portion[T]"], tuple[Any, "Sequence[RefusedRow]"]]


class Tally:
    """The counts of a file so far: rows kept, already known, refused by reason.

    ``passed`` are totals and notes, which are no rows; ``first`` are the first refused
    rows; ``intakes`` the results of the acts, ``last`` the last line that is done.
    """

    def __init__(self) -> None:
        """Start with zero counts."""
        self.kept = self.known = self.passed = self.last = 0
        self.batches: list[int] = []
        self.reasons: Counter[str] = Counter()
        self.first: list[RefusedRow] = []

    def add(
        self, intake: Any, portion: Portion[Any], refused: Sequence[RefusedRow]
    ) -> None:
        """Add the counts of a batch."""
        self.kept, self.known = self.kept + intake.kept, self.known + intake.known
        self.passed += portion.passed
        self.batches += [intake.batch] if intake.batch else []
        self.reasons.update(str(row.reason.code) for row in refused)
        self.first += refused[: _NAMED - len(self.first)]
        lines = (*portion.lines, *(row.line for row in refused))
        self.last = max([self.last, *lines])

    @property
    def refused(self) -> int:
        """Return how many rows were refused."""
        return self.reasons.total()

    def plain(self, beside: Refusals, *, dry: bool) -> dict[str, object]:
        """Return the counts for --json."""
        return {
            "kept": self.kept,
            "known": self.known,
            "refused": self.refused,
            "batches": self.batches,
            "reasons": dict(self.reasons),
            "passed": self.passed,
            "refused_file": str(beside.path) if self.refused and not dry else None,
            "refused_before": [str(old) for old in beside.earlier()],
        }

    def texts(self, beside: Refusals, *more: str, dry: bool) -> list[str]:
        """Return the screen's texts; ``more`` stands after the counts."""
        texts = [
            say(
                "记入 {kept} 行,已有 {known} 行,未收 {refused} 行",
                kept=self.kept,
                known=self.known,
                refused=self.refused,
            ),
            *more,
        ]
        if self.passed:
            passed = "另有 {passed} 行是合计、说明或重复的表头,不是记录"
            texts.append(say(passed, passed=self.passed))
        if self.refused:
            rows = [(row.line, spoken(row.reason)) for row in self.first]
            texts.append(str(screens.Table(("行", "未收的原因"), rows)))
            if self.refused > len(self.first):
                texts.append(say("……共 {refused} 行", refused=self.refused))
            where = (
                "导入时未收的各行将写到 {file},改正后可直接导入该文件"
                if dry
                else "未收的各行在 {file},改正后可直接导入该文件"
            )
            texts.append(say(where, file=beside.path))
        # Files of earlier imports are neither overwritten nor deleted.
        for old in beside.earlier():
            kept = "此前未收的各行仍在 {old},没有改动;已改正导入的请删去"
            texts.append(say(kept, old=old))
        return texts


def bring(
    act: Act,
    source: Source,
    portions: Iterator[Portion[T]],
    beside: Refusals,
    add: Add[T],
) -> Tally:
    """Do the act for each portion, each on its own, and keep the refused rows.

    What is done stays if a later portion fails or a person stops it; the same command
    goes on from there.
    """
    tally = Tally()
    running().unfinished = True
    try:
        with _uncollected(), beside:
            for number, portion in enumerate(_watched(source, portions, tally), 1):
                # each portion is its own act, with a request id from the command's
                door = act.flow if number == 1 else act.part(number)
                intake, refused = add(door, portion)
                tally.add(intake, portion, refused)
                if not act.dry:
                    beside.keep(refused)
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
    running().unfinished = False
    return tally


def peeked(portions: Iterator[T]) -> tuple[T | None, Iterator[T]]:
    """Return the first portion and all of them, so that a bad file changes nothing."""
    first = next(portions, None)
    return first, iter(()) if first is None else chain((first,), portions)


def end(tally: Tally) -> None:
    """End the command: with 1 if a row was refused."""
    if tally.refused:
        raise click.exceptions.Exit(1)


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


def _watched(
    source: Source, portions: Iterator[Portion[T]], tally: Tally
) -> Iterator[Portion[T]]:
    """Yield portions; show a bar on a terminal, and never in a pipe."""
    shows = sys.stderr.isatty()
    for portion in portions:
        yield portion
        if shows:
            done = source.done
            bar = "█" * round(_WIDE * done)
            rows = say("已办到第 {line:,} 行", line=tally.last)
            line = f"\r{bar:·<{_WIDE}} {done:4.0%} {rows}"
            click.echo(line, err=True, nl=False)
    if shows and tally.last:
        click.echo("", err=True)
