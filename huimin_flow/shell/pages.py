"""Write pages that open from a file, without a network; ``site`` writes all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from huimin_flow.catalogue.language import say, say_list
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.periods import last_day, year
from huimin_flow.reports import items as build
from huimin_flow.reports.executing.progress import pace_groups
from huimin_flow.reports.scoring import charts, explained
from huimin_flow.reports.services.catalogue import service_page
from huimin_flow.shell.core import screens
from huimin_flow.shell.scoring.charts import chart, quarter

if TYPE_CHECKING:
    from huimin_flow.flow import Flow, Questions, Snapshot
    from huimin_flow.model.executing.plans import SheetLine

P = TypeVar("P", bound=Path | None)


#: What identifies our own sites: the maker of a page, as the template names it.
_MAKER = '<meta name="generator" content="huimin_flow">'


def _write(now: Questions, path: Path, template: str, **values: Any) -> Path:
    """Write a page from a template in ``reports/templates``, and return its path.

    It has a link to the index page that lies beside it.
    """
    from huimin_flow.reports.core import render  # noqa: PLC0415 - heavy

    index = path.with_name("index.html")
    home = path != index and index.is_file()
    text = render.page(template, rehearsal=now.rehearsal, home=home, **values)
    render.write_page(path, text)
    return path


def site(flow: Flow, into: Path, *, items: Sequence[str] = ()) -> list[Path]:
    """Write the pages of everything published, and return the paths, index first.

    ``items`` are the numbers of items whose histories are added. If a page fails,
    the old site stays unchanged.

    Raises:
        StoreRefused: if the folder has the index page of another site.

    """
    from huimin_flow.reports.core.render import staged  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import runs  # noqa: PLC0415 - heavy

    index = into / "index.html"
    if index.is_file() and _MAKER not in index.read_text("utf-8", errors="replace"):
        raise StoreRefused(DoorCode.OTHER_SITE, file=index)
    with flow.snapshot() as now:
        done = runs(now)
        months = [run.period for run in done if run.job == "five_colors"]
        quarters = [run.period for run in done if run.job == "quarterly_ranking"]
        lists = {edition.key: edition.period for edition in now.lists.list()}
    kinds: list[tuple[str, Callable[..., Path | None], Sequence[str]]] = [
        (
            say("民生任务清单"),
            list_page,
            [key for key in lists if key.endswith("/city")],
        ),
        (say("月度五色图"), month_page, months),
        (say("季度榜单"), quarter_page, quarters),
        (say("任务进展"), _page_if_running, months),
        (
            say("服务事项与“好差评”"),
            services_page,
            sorted({month[:4] for month in months}),
        ),
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    with staged(into) as aside:
        (aside / index.name).touch()  # the pages link to it
        for head, write, about in kinds:  # a list's link shows its period
            groups[head] = [
                (period_in_words(lists.get(key, key)), page.name)
                for key in about
                if (page := made(flow, write, key, aside)) is not None
            ]
        if items:
            groups[say("事项历史")] = [
                (number, made(flow, item_page, number, aside, items).name)
                for number in items
            ]
        path, links = aside / index.name, list(groups.items())
        _write(
            flow, path, "index.html.j2", title=say("“惠民有感”清单与评价"), groups=links
        )
    return [index, *(into / name for group in groups.values() for _, name in group)]


def made(flow: Flow, write: Callable[..., P], *about: object) -> P:
    """Write a page from its own snapshot, and return its path.

    A site uses a snapshot for each page: a commit waits at most for one page.
    """
    with flow.snapshot() as now:
        return write(now, *about)


def list_page(now: Snapshot, key: str, into: Path) -> Path:
    """Write a list's page and return its path."""
    edition = now.lists.get(key)
    names = now.rulebook.active().organization.names
    whose = "" if key.endswith("/city") else names.get(edition.unit, edition.unit)
    numbers = [place.item for place in edition.places]
    items = {item.number: item for item in now.items.list(numbers=numbers)}
    # A list of a past year is held against its last month.
    month = min(f"{edition.period[:4]}-12", f"{local_day(now.moment()):%Y-%m}")
    state = say(
        "{kind} · {state} · 第{version}版",
        kind=edition.kind.spoken,
        state=edition.state.spoken,
        version=edition.version,
    )
    return _write(
        now,
        into / f"{key.removesuffix('/city').replace('/', '-')}.html",
        "list.html.j2",
        title=say(
            "{when}{whose}“惠民有感”民生任务清单",
            when=period_in_words(edition.period),
            whose=whose,
        ),
        note=f"{state} · {edition.note or say('按截止时刻冻结')}",
        lines=build.list_lines(edition.places, items, now.tasks.sheet(month), names),
        pace=say("{month}进度", month=period_in_words(month)),
    )


def item_page(
    now: Snapshot, number: str, into: Path, beside: Sequence[str] = ()
) -> Path:
    """Write an item's page and return its path.

    It links to the pages of related items that are in ``beside`` or in the folder.
    """
    item = build.item_page(now, number)
    linked = {link.number: f"item-{link.number}.html" for link in item.links}
    return _write(
        now,
        into / f"item-{number}.html",
        "item.html.j2",
        title=item.title,
        item=item,
        pages={
            other: file
            for other, file in linked.items()
            if other in beside or (into / file).is_file()
        },
    )


def month_page(
    now: Snapshot, period: str, into: Path, edition: int | None = None
) -> Path:
    """Write a month's page, or that of an earlier edition, and return its path."""
    from huimin_flow.flow.scoring import scores as scoring  # noqa: PLC0415 - heavy

    month = chart(now, period, edition)
    index = month.book.scoring.index
    units = month.book.organization.units_on(last_day(period))
    groups = charts.color_groups(
        month.colors,
        month.scores,
        month.past,
        {unit.code: unit for unit in units},
        index.indicators,
        month.names,
    )
    scores = scoring.explained(month.scores, month.book)
    lacking = {
        unit: scoring.left_out(score, month.book) for unit, score in scores.items()
    }
    return _write(
        now,
        into / f"month-{period}{_edition(edition)}.html",
        "month.html.j2",
        title=say("{when}贡献度评价五色图", when=period_in_words(period)),
        note=say("权重、档次均为本系统自定,非通知规定。点一个数,看它由什么得出"),
        editions=tuple(month.notes()),
        groups=groups,
        names=[indicator.name for indicator in index.indicators],
        changes=charts.changed(groups),
        kept=charts.kept(groups),
        late=now.scores.late_facts(period),
        unplaced=explained.month_unplaced(month.scores, month.names),
        whys=explained.month_whys(
            month.scores, scores, lacking, month.names, month.units
        ),
    )


def progress_page(now: Snapshot, period: str, into: Path) -> Path:
    """Write a month's progress page and return its path."""
    return _progress_page(now, period, into, now.tasks.sheet(period))


def _page_if_running(now: Snapshot, period: str, into: Path) -> Path | None:
    """Write a month's progress page, unless no task ran in the month."""
    lines = now.tasks.sheet(period)
    return _progress_page(now, period, into, lines) if lines else None


def _progress_page(
    now: Snapshot, period: str, into: Path, lines: Sequence[SheetLine]
) -> Path:
    book = now.rulebook.active()
    days = book.scoring.progress.tolerance_days.value
    known = now.records.last_recorded()
    shown = "—" if known is None else screens.shanghai(known)
    return _write(
        now,
        into / f"progress-{period}.html",
        "progress.html.j2",
        title=say("{when}任务进展", when=period_in_words(period)),
        note=(
            say(
                "对照各任务的计划曲线;"
                "相差{days}天以内为按期(本系统自定)。"
                "竖线为计划应达。"
                "截至 {shown} 的填报,按现行规则库;"
                "已公布的落实度以计分截止时为准。",
                days=days,
                shown=shown,
            )
        ),
        groups=pace_groups(lines, book.organization.names),
    )


def services_page(now: Snapshot, period: str, into: Path) -> Path:
    """Write a year's page of services and their ratings, and return its path."""
    figures = now.ratings.service_year(year(period))
    return _write(
        now,
        into / f"services-{period}.html",
        "services.html.j2",
        title=say(
            "{when}服务事项与“好差评”",
            when=period_in_words(period),
        ),
        note=(
            say(
                "按{day:%Y-%m-%d}已收到的评价与启用中的规则库统计,此后还会变动。"
                "办理方式、全覆盖与差评整改出自通知二(三)2、二(四)3;"
                "写作“本系统自定”的,通知没有规定,可由局里修改。",
                day=figures.day,
            )
        ),
        year=figures.year,
        page=service_page(figures, now.rulebook.active()),
    )


def quarter_page(
    now: Snapshot, period: str, into: Path, edition: int | None = None
) -> Path:
    """Write a quarter's page, or that of an earlier edition, and return its path."""
    places = quarter(now, period, edition)
    percent = places.book.scoring.sensitivity.percent.value
    pages = {month: f"month-{month}.html" for month in places.ranking.months}
    return _write(
        now,
        into / f"quarter-{period}{_edition(edition)}.html",
        "quarter.html.j2",
        title=say("{when}榜单", when=period_in_words(period)),
        note=(
            say(
                "由{names}计分得出;"
                "各组分别排名。"
                "指数相同的并列,其后名次空出。"
                "“权重变动”指各项权重各自上浮、下浮{percent}%或不动,共试{tried}种;"
                "“保持名次”是其中名次不变的比例",
                names=say_list(places.ranking.months),
                percent=percent,
                tried=places.tried,
            )
        ),
        editions=tuple(places.notes()),
        groups=charts.place_groups(places.ranking, places.units, places.names),
        whys=explained.quarter_whys(
            places.ranking,
            places.months,
            places.units,
            {month: file for month, file in pages.items() if (into / file).exists()},
        ),
    )


def _edition(edition: int | None) -> str:
    """Return the part of a file's name that names an earlier edition."""
    return "" if edition is None else f"-edition-{edition}"
