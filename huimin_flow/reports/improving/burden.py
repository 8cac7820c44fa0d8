"""What is asked of units by hand, as a page, and the price of a rulebook (X4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_list, say_note
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.core.periods import month_before
from huimin_flow.reports.core.lists import Ref, Row, Sight
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.improving.reviews import (
        Price,
        UnitBurden,
    )

#: The columns of the burden of units.
BURDEN_HEAD: Final = (
    "单位", "合计", "比上月", "手工办理", "填写项", "上传", "被要求办理",
    "手工填报的数", "回流的数", "手工占比(%)", "要得最多的",
)  # fmt: skip

#: How many kinds of records are named as asking most.
_MOST: Final = 3


def burden_row(line: UnitBurden, names: Mapping[str, str]) -> Row:
    """Return the burden of a unit in a month."""
    return (
        names.get(line.unit, line.unit),
        line.load,
        f"{line.more:+}" if line.more else "0",
        *(line.steps, line.fields, line.uploads, line.checks, line.by_hand, line.fed),
        line.hand_share or "—",
        say_list(
            say_note(each.kind.spoken, str(each.load)) for each in line.asking[:_MOST]
        ),
    )


def burden_file(period: str) -> str:
    """Return the file of the page of a month's burden.

    >>> burden_file("2026-07")
    'burden-2026-07.html'

    """
    return f"burden-{period}.html"


def own_burden(now: Snapshot, unit: str) -> tuple[str, str]:
    """Return the place of a unit's own burden, and its name; "" without a month."""
    months = now.scores.periods().months
    if not months:
        return "", ""
    month = months[-1]
    name = say("{month}基层负担", month=period_in_words(month))
    return f"{burden_file(month)}#unit-{unit}", name


def burden_page(now: Snapshot, period: str) -> Page:
    """Return the page of what units did by hand in a month, the heaviest first.

    Raises:
        InputRefused: for a wrong month.

    """
    organization = now.rulebook.active().organization
    names = organization.names
    lines = sorted(now.burden.of(period), key=lambda each: (-each.load, each.unit))
    sight, asking = Sight(now, names), Counter[StreamKind]()
    for line in lines:
        for each in line.asking:
            asking[each.kind] += each.load
    known = {line.unit for line in lines}
    idle = [unit.code for unit in organization.units if unit.code not in known]
    months = now.scores.periods().months
    beside = [month_before(period), *(each for each in months if each > period)][:2]
    return Page(
        file=burden_file(period),
        template="tables.html.j2",
        title=say("{month}基层负担", month=period_in_words(period)),
        values={
            "anchors": True,
            "note": say(
                "合计是填写项、上传、被要求办理与手工填报的数;回流的数不计入负担"
            ),
            "leads": [
                (burden_file(each), period_in_words(each))
                for each in beside
                if each in months
            ],
            "tables": [
                (
                    say("各单位"),
                    [say(text) for text in BURDEN_HEAD],
                    [
                        (
                            Ref(sight.unit(line.unit), f"unit-{line.unit}.html"),
                            *burden_row(line, names)[1:],
                        )
                        for line in lines
                    ],
                    say("没有"),
                ),
                (
                    say("没有记录的单位"),
                    [say("单位")],
                    [(Ref(sight.unit(code), f"unit-{code}.html"),) for code in idle],
                    say("没有"),
                ),
                (
                    say("要得最多的"),
                    [say("哪一类"), say("合计")],
                    [(kind.spoken, count) for kind, count in asking.most_common()],
                    say("没有"),
                ),
            ],
        },
    )


#: The columns of the price of a rulebook, in the words of the burden of units.
PRICE_HEAD: Final = ("哪一类", "手工填报的数", "填写项", "上传", "被要求办理")

#: What a price counts, in the order of its columns.
_PRICED: Final = ("by_hand", "fields", "uploads", "checks")


def price_rows(price: Price) -> list[Row]:
    """Return what the rulebooks ask in a month, by kind of record: before → after."""
    rows: list[Row] = []
    pairs = zip(price.before.parts, price.after.parts, strict=True)
    for name, before, after in (
        *((was.kind.spoken, was, now) for was, now in pairs),
        (say("合计"), price.before, price.after),
    ):
        figures = []
        for part in _PRICED:
            old, new = getattr(before, part), getattr(after, part)
            figures.append(f"{old}" if old == new else f"{old}→{new}")
        rows.append((name, *figures))
    return rows


def price_words(price: Price) -> str:
    """Return in words what a rulebook asks more of all units, and what is assumed."""
    more, scale = price.more, price.scale
    clauses = (
        say(
            "负担:全市每月增减 手工填报的数 {by_hand:+}、填写项 {fields:+}"
            "、上传 {uploads:+}、被要求办理 {checks:+}",
            by_hand=more.by_hand,
            fields=more.fields,
            uploads=more.uploads,
            checks=more.checks,
        ),
        say(
            "假定:{kinds}同近{days}天一样多,抽查每月{draws}次,按今日可抽的对象计",
            kinds=say_list(kind.spoken for kind in price.assumed),
            days=scale.days,
            draws=scale.draws.quantize(Decimal("0.1")),
        ),
        say(
            "不计价:事项各步的办理,以及{kinds};要多少由事项、群众和上级定",
            kinds=say_list(kind.spoken for kind in price.unpriced),
        ),
    )
    return "\n".join(clauses)
