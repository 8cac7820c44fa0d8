"""Explanations of figures: lines of a score's tree and of a quarter's months (X3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from huimin_flow.catalogue.language import say, say_count, say_list, say_pair
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import FormulaWord
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyScore, QuarterlyRanking
from huimin_flow.model.scoring.scores import Node, Score
from huimin_flow.reports.core.sources import in_words
from huimin_flow.rules import publication
from huimin_flow.rules.scoring.measuring import BY_RESIDENTS

#: The rules that compute a month, in the order of their use.
_MONTH_RULES: Final = (
    FormulaWord.MEASURING, FormulaWord.PACING, FormulaWord.CONTRIBUTION,
)  # fmt: skip


@value
class Line:
    """A line of a tree; ``unit`` is the peer whose own tree explains the figure.

    It is "" if the tree continues below the line, or ends with a source.
    """

    depth: int
    text: str
    unit: str = ""


@value
class Why:
    """The explanation of a unit's published figure; ``file`` is that of its rows."""

    unit: str
    name: str
    file: str
    figure: str
    lines: tuple[Line, ...]


@value
class Part:
    """A month of a quarter's figure, and the pages that explain it, or ""."""

    month: str
    text: str
    page: str
    rows: str


@value
class QuarterWhy:
    """The months of a unit's figure of a quarter, and the rule that computed it."""

    unit: str
    name: str
    figure: str
    made: tuple[str, ...]
    months: tuple[Part, ...]


def why_file(period: str, unit: str, edition: int | None = None) -> str:
    """Return the file of the page of a unit's month.

    >>> why_file("2023-11", "500101"), why_file("2023-11", "DIV-JYC", 2)
    ('why-2023-11-500101.html', 'why-2023-11-DIV-JYC-edition-2.html')

    """
    return f"why-{period}-{unit}{'' if edition is None else f'-edition-{edition}'}.html"


def month_made(published: MonthlyScore) -> dict[str, int]:
    """Return the revisions of the rules that computed a month, in order of use."""
    return {rule.value: published.revisions[rule] for rule in _MONTH_RULES}


def month_roots(published: MonthlyScore) -> tuple[str, ...]:
    """Return the first lines of a month's trees: edition, cut, rulebook, formulas."""
    book = published.rulebook[:12]
    return (
        say(
            "第{version}版,截点 {cut},规则库 {book}",
            version=published.version,
            cut=published.cut,
            book=book,
        ),
        _formulas(month_made(published)),
    )


def _formulas(made: Mapping[str, int]) -> str:
    rules = (
        say("{formula}第{number}版", formula=word(rule, {}), number=number)
        for rule, number in made.items()
    )
    return say_pair(say("公式"), say_list(rules))


def month_unplaced(
    published: MonthlyScore, words: Mapping[str, str]
) -> tuple[str, ...]:
    """Return a line for each indicator of a month with cases of no known unit."""
    unplaced = {
        key: reading.unplaced
        for units in published.groups.values()
        for unit in units
        for key, reading in unit.readings.items()
        if reading.unplaced
    }
    return tuple(f"{word(key, words)}{_unplaced(n)}" for key, n in unplaced.items())


def month_lacking(published: MonthlyScore, book: Rulebook) -> dict[str, str]:
    """Return by unit the sentence that the config lacks its residents (D5)."""
    counted = [
        indicator.name
        for indicator in book.scoring.index.indicators
        if indicator.counted in BY_RESIDENTS
    ]
    text = "{unit}没有常住人口数,“{names}”无从计算;补入 organization.yaml 后计入"
    lacking = publication.without_residents(book, last_day(published.period))
    return {
        unit.code: say(text, unit=unit.name, names=say_list(counted))
        for unit in lacking
    }


def _unplaced(number: int) -> str:
    return say_count("另有{count}条地点不明,不属于任何已知单位,未计入", number)


def left_out(score: Score, book: Rulebook) -> tuple[str, ...]:
    """Return sentences that say which indicators a score lacks, why, and the effect."""
    return tuple(map(spoken, publication.named_reasons(score, book)))


def month_whys(
    published: MonthlyScore,
    book: Rulebook,
    words: Mapping[str, str],
    names: Mapping[str, str],
    edition: int | None = None,
) -> tuple[Why, ...]:
    """Return each unit's tree; a peer's figure refers to the peer's own tree.

    ``book`` is the rulebook of the publication; ``words`` are the names of
    indicators, ``names`` the names of units. ``edition`` is that of the pages of rows
    to which it leads, None for the last.

    Raises:
        InputRefused: if a result differs from the published score.

    """
    whys, scores = [], publication.explained(published, book)
    lacking = month_lacking(published, book)
    for unit, score in scores.items():
        texts = (
            *month_roots(published),
            *(say_pair(say("未计入"), missing) for missing in left_out(score, book)),
            *(text for code, text in lacking.items() if code == unit),
        )
        lines = [Line(depth=1, text=text) for text in texts]
        if score.tree:
            lines += drawn(score.tree, words, names, own=unit, peers=set(scores))
        figure = score.index or say("数据不足")
        why = Why(
            unit=unit,
            name=names.get(unit, unit),
            file=why_file(published.period, unit, edition),
            figure=figure,
            lines=tuple(lines),
        )
        whys.append(why)
    return tuple(whys)


def quarter_whys(
    ranking: QuarterlyRanking,
    months: Sequence[MonthlyScore],
    names: Mapping[str, str],
    pages: Mapping[str, str],
) -> tuple[QuarterWhy, ...]:
    """Return by unit the months of a quarter's figure.

    ``pages`` are the months' pages that exist, by month.
    """
    rule = FormulaWord.RANKING
    made = (
        say(
            "第{version}版,规则库 {rulebook}",
            version=ranking.version,
            rulebook=ranking.rulebook[:12],
        ),
        _formulas({rule.value: ranking.revisions[rule]}),
    )
    return tuple(
        QuarterWhy(
            unit=ranked.unit,
            name=names.get(ranked.unit, ranked.unit),
            figure=ranked.value or say("数据不足"),
            made=made,
            months=tuple(
                Part(
                    month=month.period,
                    text=say(
                        "计分第{version}版,指数 {index}",
                        version=month.version,
                        index=score.index or say("数据不足"),
                    ),
                    page=pages.get(month.period, ""),
                    rows=why_file(month.period, ranked.unit),
                )
                for month in months
                for score in month.groups.get(kind, ())
                if score.unit == ranked.unit
            ),
        )
        for kind, units in ranking.groups.items()
        for ranked in units
    )


def drawn(
    node: Node,
    words: Mapping[str, str],
    names: Mapping[str, str],
    own: str,
    *,
    peers: set[str] | None = None,
    depth: int = 1,
) -> Iterator[Line]:
    """Yield a tree's lines: a figure, and below it its inputs.

    At a figure of another unit of ``peers`` the tree ends and the line names the unit.
    """
    whose = f"({node.of} {names.get(node.of, '')})" if node.of not in {"", own} else ""
    how = f"← {in_words(node.source)}" if node.source else f"= {word(node.op, {})}"
    text = f"{word(node.name, words)}{whose} {node.value}  {how}"
    ends = bool(whose) and node.of in (peers or ())
    yield Line(depth=depth, text=text, unit=node.of if ends else "")
    if ends:
        return
    for source in node.uncounted:
        yield Line(depth=depth + 1, text=say_pair(say("未按期"), in_words(source)))
    if node.fed:
        text = say("{count}项指标的数由回流送来,其余手工填报", count=node.fed)
        yield Line(depth=depth + 1, text=text)
    for text, aside in (
        (say("没有指标,不在统计内"), node.unmeasured),
        (say("已免除,不在统计内"), node.excused),
    ):
        for source in aside:
            yield Line(depth=depth + 1, text=say_pair(text, in_words(source)))
    if node.unplaced:
        yield Line(depth=depth + 1, text=_unplaced(node.unplaced))
    for inner in node.inputs:
        yield from drawn(inner, words, names, own, peers=peers, depth=depth + 1)


def word(name: str, words: Mapping[str, str]) -> str:
    """Return a part's label: the rulebook's label for an indicator, else ours."""
    return words.get(name) or (_WORDS[name].spoken if name in _WORDS else name)


#: By name in a tree: our own parts.
_WORDS = {part.value: part for part in FormulaWord}
