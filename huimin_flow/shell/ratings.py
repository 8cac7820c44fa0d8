"""rating: ratings from files, and what they say (D3, E4)."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.model.value import value
from huimin_flow.shell import screens
from huimin_flow.shell.acting import Act, acts
from huimin_flow.shell.place import placed, shared

if TYPE_CHECKING:
    from huimin_flow.model.rating import RefusedRow

#: How many refused rows a screen names; the file beside names all.
_NAMED = 10

PERIOD = click.argument("period", metavar="月份")


@value
class Imported:
    """What became of a file: rows kept, known already, refused by reason."""

    kept: int
    known: int
    refused: int
    batches: tuple[int, ...]
    reasons: dict[str, int]
    refused_file: str | None


@click.group(help="好差评:导入、统计、覆盖情况、减负成效、差评整改。")
def rating() -> None:
    """Group the commands of ratings."""


@rating.command("import", help="导入评价(csv、jsonl);逐行说明未收的,重复导入无妨。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@acts
def rating_import(act: Act, file: Path) -> None:
    """Take a file of ratings in, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.encoding import written  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.ratings import read_ratings  # noqa: PLC0415 - heavy

    portions = read_ratings(file)
    first = next(portions, None)  # a file that can't be read changes nothing
    digest = written(file).digest
    kept = known = last = 0
    batches: list[int] = []
    refused: list[RefusedRow] = []
    try:
        for portion in _watched(first, portions):
            intake = act.flow.add_ratings(
                portion.ratings,
                by=act.by,
                lines=portion.lines,
                refused=portion.refused,
                source=f"{file.name} {digest[:16]}",
            )
            kept, known = kept + intake.kept, known + intake.known
            batches += [intake.batch] if intake.batch else []
            refused += intake.refused
            last = max([last, *portion.lines, *(one.line for one in portion.refused)])
    except (Exception, KeyboardInterrupt):
        if last:
            said = f"前 {last} 行已办完(记入 {kept} 行);再次导入同一文件即可接着办"
            screens.echo(said, err=True)
        raise
    found = Imported(
        kept=kept,
        known=known,
        refused=len(refused),
        batches=tuple(batches),
        reasons=dict(Counter(str(one.reason.code) for one in refused)),
        refused_file=_beside(file, refused) if refused else None,
    )
    act.say(found, _told(found, refused))
    if refused:
        raise click.exceptions.Exit(1)


def _watched(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    """Yield portions, with a count on a terminal."""
    seen = 0
    for portion in (one for begun in ((first,), rest) for one in begun):
        if portion is None:
            return
        yield portion
        seen += len(portion.ratings) + len(portion.refused)
        if sys.stderr.isatty():
            click.echo(f"\r已办 {seen:,} 行", err=True, nl=False)
    if seen and sys.stderr.isatty():
        click.echo("", err=True)


def _told(found: Imported, refused: list[RefusedRow]) -> str:
    text = f"记入 {found.kept} 行,已有 {found.known} 行,未收 {found.refused} 行"
    if not refused:
        return text
    rows = [(one.line, _why(one)) for one in refused[:_NAMED]]
    text += "\n" + screens.table(("行", "未收的原因"), rows)
    if len(refused) > _NAMED:
        text += f"\n……共 {len(refused)} 行"
    return f"{text}\n未收的各行在 {found.refused_file},改正后可只导入这些行"


def _why(row: RefusedRow) -> str:
    from huimin_flow.reasons import sentence  # noqa: PLC0415 - with the rest

    return sentence(str(row.reason.code), dict(row.reason.values))


def _beside(file: Path, refused: list[RefusedRow]) -> str:
    """Keep the refused lines in a file beside, for this user alone; return its name."""
    from huimin_flow.exchange.encoding import written  # noqa: PLC0415 - heavy

    why = {one.line: _why(one) for one in refused}
    how = written(file)
    beside = file.with_name(f"{file.stem}.refused.csv")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with (
        os.fdopen(os.open(beside, flags, 0o600), "w", newline="", encoding="utf-8-sig")
        as told,
        file.open(encoding=how.encoding, errors=how.errors) as lines,
    ):  # fmt: skip
        table = csv.writer(told)
        table.writerow(("行", "原因", "原文"))
        for number, line in enumerate(lines, 1):
            if number in why:
                table.writerow((number, why[number], f"'{line.rstrip()}"))
    return str(beside)


@rating.command("show", help="某月评价的统计,按单位、事项、渠道、窗口或人员。")
@PERIOD
@click.option(
    "--per",
    type=click.Choice(["unit", "item", "channel", "window", "person"]),
    default="unit",
    help="按什么统计。",
)
@shared
def rating_show(
    period: str, per: str, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show a month's ratings."""
    from huimin_flow.terms import RatingLevel  # noqa: PLC0415 - with the rest

    with placed(database, config).flow() as flow:
        found = flow.ratings_by(per, period)
    rows = [
        (
            " ".join(one.of),
            one.total,
            f"{100 * one.good.part / one.good.whole:.2f}%",
            *(one.levels[level] for level in RatingLevel),
        )
        for one in found
    ]
    head = ("对象", "合计", "满意率", *(level.label for level in RatingLevel))
    text = screens.table(head, rows) if rows else f"{period}没有评价"
    screens.show(found, text, as_json=as_json)


@rating.command("coverage", help="覆盖情况:哪些事项、对象、渠道还没有评价。")
@click.argument("first", metavar="起始月")
@click.argument("last", metavar="截止月")
@click.option("--all", "whole", is_flag=True, help="连同已覆盖的一并列出。")
@shared
def rating_coverage(
    first: str,
    last: str,
    database: str | None,
    config: Path | None,
    *,
    whole: bool,
    as_json: bool,
) -> None:
    """Show the matrix of coverage, what is missing first."""
    with placed(database, config).flow() as flow:
        cells = flow.coverage(first, last)
        services = flow.rulebook().services
    names = {one.key: one.name for one in services.items}
    asked = [one for one in cells if one.expected]
    missing = [one for one in asked if one.missing]
    shown = cells if whole else missing
    rows = [
        (
            "缺" if one.missing else one.ratings,
            one.object.label,
            one.channel,
            names.get(one.item, one.item),
        )
        for one in shown
    ]
    text = f"应覆盖 {len(asked)} 格,其中 {len(missing)} 格还没有评价"
    if rows:
        text += "\n" + screens.table(("评价", "对象", "渠道", "事项"), rows)
    screens.show(cells, text, as_json=as_json)


@rating.command(
    "savings", help="截至某年底,服务事项为群众减少的环节、材料、时限、跑动。"
)
@click.argument("year", metavar="年份", type=click.IntRange(2000, 2100))
@shared
def rating_savings(
    year: int, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show what the catalogue saves."""
    with placed(database, config).flow() as flow:
        found = flow.savings(year)
    rows = [
        (
            one.unit,
            f"{one.counted}/{one.items}",
            one.online,
            one.steps,
            one.documents,
            one.days,
            one.visits,
        )
        for one in found
    ]
    head = ("单位", "有数/事项", "全程网办", "减环节", "减材料", "减天数", "减跑动")
    text = screens.table(head, rows) if rows else "启用中的规则库没有服务事项"
    screens.show(found, text, as_json=as_json)
