"""rating import: import ratings from files, batch by batch (D3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_pair
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.errors import InputRefused
from huimin_flow.reports.sensing.imports import how_read
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.sensing import portions as filing

if TYPE_CHECKING:
    from huimin_flow.catalogue.terms import RatingLevel
    from huimin_flow.exchange.core.portions import Portion
    from huimin_flow.flow import Flow
    from huimin_flow.flow.services.ratings import RatingIntake
    from huimin_flow.model.core.events import RefusedRow
    from huimin_flow.model.services.ratings import Rating


@plain("rating import")
@values.FILE
@acts
def rating_import(act: Act, file: Path) -> None:
    """Import a file of ratings, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.core.refusals import Refusals  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.services import ratings  # noqa: PLC0415 - heavy

    read = ratings.source_of_ratings(file)
    channels = act.flow.rulebook.active().channels
    first, portions = filing.peeked(ratings.read_ratings(read, channels=channels))
    if first is None or not (first.facts or first.refused):
        raise InputRefused(DoorCode.NO_RATING, file=file.name)
    source = f"{file.name} {read.digest[:16]}"
    levels: Counter[RatingLevel] = Counter()

    def add(
        door: Flow, portion: Portion[Rating]
    ) -> tuple[RatingIntake, Sequence[RefusedRow]]:
        intake = door.ratings.add(
            portion.facts,
            by=act.by,
            lines=portion.lines,
            refused=portion.refused,
            source=source,
        )
        levels.update(intake.levels)
        return intake, intake.refused

    beside = Refusals(read)
    tally = filing.bring(act, read, portions, beside, add)
    more = []
    if tally.kept:
        counts = (f"{level.spoken} {count}" for level, count in levels.items())
        more = [say_pair(say("记入的评价"), " · ".join(counts))]
    shown = tally.plain(beside, dry=act.dry)
    shown["levels"] = {level.value: count for level, count in levels.items()}
    shown["read"] = read.reading
    texts = [*how_read(read.reading), *tally.texts(beside, *more, dry=act.dry)]
    act.say(shown, "\n".join(texts))
    filing.end(tally)
