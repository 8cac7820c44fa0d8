"""Why a unit has its color in a month, down to rows and events: its page (X3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_count, say_list, say_pair
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import Measure, RatingLevel, StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.lists import Ref, Row, item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.core.sources import in_words
from huimin_flow.reports.scoring.charts import chance, chip, reason_text
from huimin_flow.reports.scoring.explained import why_file, word

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.scoring.rows import FactRow, FigureRows, UnitMonth

#: The columns of the figures, of the rows of one, and of the events.
FIGURES: Final = ("指标", "数值", "得分", "权重", "怎样得出", "来源")
ROWS: Final = ("批次与行", "时间", "编号", "内容", "结果", "是否计入")
EVENTS: Final = ("事件", "位置", "时间", "办理", "行数", "默克尔根或叶")

#: How much of a digest is shown.
_DIGEST: Final = 16


def facts_of(shown: UnitMonth, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a unit's month is: color, index, edition, and why."""
    colored = shown.colored
    color = None if colored is None else colored.color
    _, text = chip(color, shown.standing)
    yield say("颜色"), text
    yield say("指数"), shown.index or "—"
    if colored is not None and colored.before is not None:
        yield say("上月颜色"), colored.before.spoken
    if colored is not None and colored.spread is not None:
        yield say("抽样"), chance(colored.spread, names)
    if colored is not None and colored.reasons:
        yield say("为何"), reason_text(colored.reasons, names)
    for figure in shown.figures:
        if figure.missing is not None:
            yield say("未计入"), spoken(figure.missing)
    if shown.points_off:
        sources = say_list(in_words(each.source) for each in shown.deductions)
        yield say("抽查扣分"), say_pair(str(shown.points_off), sources)
    edition = say(
        "第{version}版,截点 {cut},规则库 {book}",
        version=shown.edition,
        cut=shown.cut,
        book=shown.rulebook[:12],
    )
    yield say("依据"), edition
    formulas = (
        say("{formula}第{number}版", formula=word(rule, {}), number=number)
        for rule, number in shown.revisions
    )
    yield say("公式"), say_list(formulas)


def figure_row(figure: FigureRows) -> Row:
    """Return a figure, its sub-score and weight, how it is made, and its sources."""
    reading = figure.reading
    how, source = "—", "—"
    if reading is not None:
        cases = [str(reading.numerator)]
        if reading.denominator is not None:
            cases.append(str(reading.denominator))
        how = " / ".join(cases)
        if reading.excluded:
            how = say_pair(how, say_count("剔除{count}例", reading.excluded))
        if figure.formula:
            how = say_pair(word(figure.formula, {}), how)
        known = (
            reading.numerator_source or reading.source,
            reading.denominator_source or reading.source,
        )
        source = say_list(in_words(each) for each in dict.fromkeys(known) if each)
    if figure.missing is not None and figure.score is None:
        how = say("没有")
    return (
        figure.name,
        figure.figure or "—",
        figure.score or "—",
        f"{figure.weight}%",
        how,
        source or "—",
    )


def fact_row(row: FactRow, titles: Mapping[str, str]) -> Row:
    """Return a row in words; ``titles`` are those of channels and service items."""
    place = f"{row.batch}-{row.line}" if row.batch else say("没有报送")
    value = row.value
    if row.pace is not None:
        value = say_pair(value or "—", row.pace.spoken)
    elif value in {level.value for level in RatingLevel}:
        value = RatingLevel(value).spoken
    key: str = row.key
    if row.pace is not None:
        number, _, task = row.key.removeprefix(StreamKind.ITEM.key("")).partition("/")
        key = Ref(f"{number} {task}", item_file(number))
    counted = say("计入分子") if row.counted else say("不计入分子")
    return (
        place,
        row.at or "—",
        key,
        titles.get(row.subject, row.subject),
        value or "—",
        say("认定不计") if row.aside else counted,
    )


def event_rows(shown: UnitMonth) -> list[Row]:
    """Return the events that prove the rows, and the publication's own."""
    return [
        (
            f"{event.stream} #{event.n}",
            "—" if event.position is None else event.position,
            shanghai(event.at),
            event.by or "—",
            event.count or "—",
            (event.root or event.leaf)[:_DIGEST],
        )
        for event in shown.events
    ]


def titles_of(book: Rulebook) -> dict[str, str]:
    """Return the names of channels and service items."""
    items = {each.key: each.name for each in book.services.items}
    return items | {each.key: each.name for each in book.channels.intake}


def row_tables(
    shown: UnitMonth, book: Rulebook
) -> Iterator[tuple[str, Sequence[str], list[Row]]]:
    """Yield title, head and rows of each indicator's rows; equal ones come once."""
    titles = titles_of(book)
    seen: set[tuple[FactRow, ...]] = set()
    measures = {each.key: each.counted for each in book.scoring.index.indicators}
    head = tuple(say(text) for text in ROWS)
    for figure in shown.figures:
        if not figure.total or figure.rows in seen:
            continue
        seen.add(figure.rows)
        of = [each.name for each in shown.figures if each.rows == figure.rows]
        title = say(
            "{names}的原始记录:{total}行,列前{count}行",
            names=say_list(of),
            total=figure.total,
            count=len(figure.rows),
        )
        if measures[figure.key] == Measure.IMPLEMENTATION:
            title = say(
                "{names}的各项指标:{total}项,列前{count}项",
                names=say_list(of),
                total=figure.total,
                count=len(figure.rows),
            )
        yield title, head, [fact_row(row, titles) for row in figure.rows]


def why_page(now: Snapshot, period: str, unit: str, edition: int | None = None) -> Page:
    """Return the page that says why a unit has its color in a month.

    Raises:
        NotFound: if the month has no scores, no such edition, or not this unit.

    """
    shown = now.scores.unit_month(unit, period, edition)
    book = now.rulebook.active(shown.rulebook)
    names = {each.key: each.name for each in book.scoring.index.indicators}
    name = book.organization.names.get(unit, unit)
    tables: list[tuple[str, Sequence[str], Sequence[Row], str]] = [
        (
            say("颜色与指数"),
            (say("项目"), say("内容")),
            [*facts_of(shown, names)],
            "",
        ),
        (
            say("各项指标"),
            tuple(say(text) for text in FIGURES),
            [figure_row(figure) for figure in shown.figures],
            "",
        ),
        *((*each, "") for each in row_tables(shown, book)),
        (
            say_count("所依据的事件(共{count}批数据)", shown.batches),
            tuple(say(text) for text in EVENTS),
            event_rows(shown),
            "",
        ),
    ]
    others = [
        (
            why_file(period, unit, None if n == shown.editions else n),
            say("第{version}版", version=n),
        )
        for n in range(shown.editions, 0, -1)
        if n != shown.edition
    ]
    when = period_in_words(period)
    return Page(
        file=why_file(period, unit, edition),
        template="tables.html.j2",
        title=say("{unit} {when}:这个颜色从哪里来", unit=name, when=when),
        values={
            "note": say(
                "从颜色、名次、数值直到公式、批次、原始记录和事件。"
                "编号只留末4位,没有姓名、电话和诉求内容。"
                "每批记录的默克尔根在其事件里,任何一行改过都对不上"
            ),
            "leads": [
                (f"month-{period}.html#why-{unit}", say("{when}五色图", when=when)),
                (f"unit-{unit}.html", name),
                *others,
            ],
            "tables": tables,
        },
    )
