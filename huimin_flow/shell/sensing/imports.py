"""appeal import, profile: appeals from files, and profiles of their columns (A1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import (
    say,
    say_list,
    say_pair,
    say_sentences,
    say_some,
)
from huimin_flow.catalogue.reasons import DoorCode, InputCode
from huimin_flow.catalogue.terms import Argument, GuessGround
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.reports.sensing.imports import how_read, preview, preview_head
from huimin_flow.settings.profiles import read_profile, ready_profiles
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts, hold_to_town
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import free
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import Place, shared
from huimin_flow.shell.sensing import portions as filing

if TYPE_CHECKING:
    from huimin_flow.exchange.core.portions import Portion
    from huimin_flow.exchange.core.sources import Source
    from huimin_flow.exchange.sensing.proposing import Proposed
    from huimin_flow.flow import Flow, Snapshot
    from huimin_flow.flow.sensing.appeals import Intake
    from huimin_flow.model.sensing.appeals import Appeal, AppealSummary
    from huimin_flow.model.sensing.profiles import Profile

#: How many appeals with other contents, or places of no unit, a screen names.
_NAMED = 10

#: How many appeals an export reads at once.
_PAGE = 1000


@plain("appeal import")
@values.FILE
@click.option("--profile", "named", help="列对照:现成的名称或文件;默认按表头选。")
@click.option("--channel", help="渠道代码:列里没有写明时用哪个渠道。")
@click.option("--refused", type=values.PATH, help="未收的各行写到哪个文件。")
@acts
def appeal_import(
    act: Act,
    file: Path,
    named: str | None,
    channel: str | None,
    refused: Path | None,
) -> None:
    """Import a file of appeals, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.core.refusals import Refusals  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.sensing import appeals  # noqa: PLC0415 - heavy

    read, word, profile = opened(act.place.folder(), file, named)
    first, portions = filing.peeked(appeals.read_appeals(read, profile, channel or ""))
    if first is None or not (first.facts or first.refused):
        raise InputRefused(DoorCode.NO_APPEAL, file=file.name)
    others: list[str] = []
    unplaced, strange = dict[str, None](), dict[str, None]()
    bad: set[int] = set()

    def add(
        door: Flow, portion: Portion[Appeal]
    ) -> tuple[Intake, Sequence[RefusedRow]]:
        intake = door.appeals.add_all(
            portion.facts,
            by=act.by,
            lines=portion.lines,
            refused=portion.refused,
            source=f"{file.name} {read.digest[:16]}",
            withheld=profile.withheld,
        )
        others.extend(intake.others)
        unplaced.update(dict.fromkeys(intake.unplaced))
        strange.update(dict.fromkeys(intake.strange))
        rows = [RefusedRow(line=row.index, reason=row.reason) for row in intake.refused]
        bad.update(row.line for row in rows if portion is first)
        return intake, rows

    beside = Refusals(read, refused)
    tally = filing.bring(act, read, portions, beside, add)
    shown = tally.plain(beside, dry=act.dry)
    shown |= {"profile": word, "read": read.reading, "others": others}
    shown |= {"unplaced": list(unplaced), "strange": list(strange)}
    texts = how_read(read.reading, f"{word} {profile.name}")
    if act.dry:
        rows = preview(first.facts, first.lines, bad, act.flow.rulebook.active())
        shown["first"] = rows
        texts.append(str(screens.Table(preview_head(), rows)))
    more = [
        say_pair(say(text, count=len(places)), say_some(places, _NAMED))
        for text, places in (
            ("内容与已记入的不同,未改动 {count} 条", others),
            ("不属已知单位的地点 {count} 处", unplaced),
            ("所属区县没有的镇街 {count} 处,照所写保留", strange),
        )
        if places
    ]
    texts += tally.texts(beside, *more, dry=act.dry)
    if tally.refused and not act.dry:
        texts.append(say("该文件含来访人信息,只有本账户可读;改完请删去"))
    act.say(shown, "\n".join(texts))
    filing.end(tally)


def opened(folder: Path, file: Path, named: str | None) -> tuple[Source, str, Profile]:
    """Return a file of appeals, and the profile that fits it or is named.

    Raises:
        InputRefused: for a file that cannot be read, an unknown profile, or columns
            that no profile fits.

    """
    from huimin_flow.exchange.sensing import appeals  # noqa: PLC0415 - heavy

    ready = {each.word: each.profile for each in ready_profiles(folder)}
    if named is None:
        read = appeals.source_of_appeals(file, list(ready.values()))
        word, profile = appeals.best_profile(read, list(ready.items()))
        return read, word, profile
    known = ready.get(named)
    if known is None:
        path = Path(named)
        if not path.is_file():
            raise InputRefused(InputCode.PROFILE_UNKNOWN, text=named, names=list(ready))
        known = read_profile(path)
    return appeals.source_of_appeals(file, [known]), Path(named).stem, known


@free(
    "appeal export",
    without=frozenset({"item", "loose", "after", "skip", "limit"}),
    settings={"district": {"type": Named(Argument.UNIT)}},
    more=[click.Argument(["file"], metavar="文件", type=values.PATH)],
)
@shared
def _export(place: Place, file: Path, **chosen: Any) -> None:
    """Write the appeals of some months, channels and places; never over a file."""
    from huimin_flow.exchange.sensing.exporting import (  # noqa: PLC0415 - heavy
        write_appeals,
    )

    with place.now() as now:
        hold_to_town(now, "appeals.list", chosen)
        written, rows = write_appeals(file, _pages(now, chosen))
    text = say("已写 {written},{count} 行", written=written, count=rows)
    if written != file:
        unchanged = say("{path} 已存在,没有改动", path=file)
        text = say_sentences([text, unchanged])
    place.show({"file": str(written), "lines": rows}, text)


def _pages(now: Snapshot, chosen: Mapping[str, Any]) -> Iterator[AppealSummary]:
    """Yield the appeals that are chosen, the newest first, a page at a time."""
    after = None
    while page := now.appeals.list(**chosen, after=after, limit=_PAGE):
        yield from page
        after = page[-1].channel, page[-1].key


@plain("appeal profile")
@values.FILE
@shared
def appeal_profile(place: Place, file: Path) -> None:
    """Propose a profile for a file from its header and its first rows."""
    from huimin_flow.exchange.sensing.appeals import (  # noqa: PLC0415 - heavy
        source_of_appeals,
    )
    from huimin_flow.exchange.sensing.proposing import (  # noqa: PLC0415 - heavy
        proposed,
    )

    profiles = [each.profile for each in ready_profiles(place.folder())]
    read = source_of_appeals(file, profiles)
    found = proposed(read, profiles)
    place.show(found, _yaml(found, file.name))


def _yaml(found: Proposed, name: str) -> str:
    """Return a proposal as the YAML of a profile, with what was guessed and why."""
    lines = [
        say("# 按表头与前几行拟的列对照,请核对每一行后使用"),
        say("name: {name}", name=_quoted(name)),
        "source: ours",
        say("# channel: 渠道代号 — 列里没有渠道时必须写明,如 hotline_12333"),
        "columns:",
    ]
    for guess in found.guesses:
        why = guess.ground.spoken
        share = f" {guess.share}%" if guess.ground is GuessGround.CONTENT else ""
        label = guess.field.spoken
        lines.append(
            f"  {guess.field.value}: [{_quoted(guess.column)}]  # {label}:{why}{share}"
        )
    if found.unused:
        columns = say_list(found.unused)
        lines.append(say("# 没有用到的列:{columns}", columns=columns))
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return a text as YAML in double quotes."""
    shown = screens.harmless(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
