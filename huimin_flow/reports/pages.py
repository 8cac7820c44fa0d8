"""Every page by its file name: the site writes these files, the desk serves them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import say, say_list
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import shanghai
from huimin_flow.errors import NotFound
from huimin_flow.model.core.periods import last_day, year
from huimin_flow.reports import contents, lives, units
from huimin_flow.reports.cockpit import cockpit_page
from huimin_flow.reports.core.lists import item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.assessments import register_page
from huimin_flow.reports.deciding.editions import list_page
from huimin_flow.reports.deciding.funnel import funnel_page
from huimin_flow.reports.deciding.ledgers import demands_page
from huimin_flow.reports.deciding.meetings import meeting_page
from huimin_flow.reports.deciding.previews import preview_page
from huimin_flow.reports.executing.feeds import feeds_page
from huimin_flow.reports.executing.progress import pace_groups
from huimin_flow.reports.executing.surveys import survey_page
from huimin_flow.reports.improving.boards import boards_page
from huimin_flow.reports.improving.burden import burden_page
from huimin_flow.reports.improving.digests import digest_page, digests_page
from huimin_flow.reports.improving.engagements import engagement_page
from huimin_flow.reports.improving.rectification import rectifications_page
from huimin_flow.reports.improving.replication import practice_page, practices_page
from huimin_flow.reports.improving.reviews import review_page as meeting_of_review
from huimin_flow.reports.improving.spot_checks import spot_check_page
from huimin_flow.reports.listings import items_page
from huimin_flow.reports.scoring import charts, explained
from huimin_flow.reports.scoring.editions import chart, quarter
from huimin_flow.reports.scoring.rows import why_page
from huimin_flow.reports.sensing.answers import rates_page
from huimin_flow.reports.sensing.gathering import problems_page
from huimin_flow.reports.sensing.points import coverage_page
from huimin_flow.reports.sensing.policies import review_page
from huimin_flow.reports.sensing.rounds import round_page
from huimin_flow.reports.services.catalogue import service_page
from huimin_flow.reports.services.follow_ups import rated_lines

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot


def item_page(now: Snapshot, number: str) -> Page:
    """Return an item's page.

    Raises:
        NotFound: if no item has the number.

    """
    item = lives.item_page(now, number)
    return Page(
        file=item_file(number),
        template="item.html.j2",
        title=item.title,
        values={"item": item},
    )


def month_page(now: Snapshot, period: str, edition: int | None = None) -> Page:
    """Return a month's page, or that of an earlier edition.

    Raises:
        NotFound: if the month has no colors, or no such edition.

    """
    month = chart(now, period, edition)
    index = month.book.scoring.index
    valid = month.book.organization.units_on(last_day(period))
    groups = charts.color_groups(
        month.colors,
        month.scores,
        month.past,
        {unit.code: unit for unit in valid},
        index,
        month.names,
    )
    return Page(
        file=f"month-{period}{_edition(edition)}.html",
        template="month.html.j2",
        title=say("{when}贡献度评价五色图", when=period_in_words(period)),
        values={
            "around": contents.around(now, "month", period),
            "note": say("权重、档次均为本系统自定,非通知规定。点一个数,看它由什么得出"),
            "editions": tuple(month.notes()),
            "groups": groups,
            "names": [indicator.name for indicator in index.indicators],
            "changes": charts.changed(groups),
            "kept": charts.kept(groups),
            "late": now.scores.late_facts(period),
            "unplaced": (
                *explained.month_unplaced(month.scores, month.names),
                *explained.month_lacking(month.scores, month.book).values(),
            ),
            "whys": explained.month_whys(
                month.scores,
                month.book,
                month.names,
                month.units,
                None if month.latest == month.scores else month.scores.version,
            ),
        },
    )


def progress_page(now: Snapshot, period: str) -> Page:
    """Return a month's progress page."""
    book = now.rulebook.active()
    days = book.scoring.progress.tolerance_days.value
    known = now.records.last_recorded()
    lines = now.tasks.sheet(period)
    return Page(
        file=f"progress-{period}.html",
        template="progress.html.j2",
        title=say("{when}任务进展", when=period_in_words(period)),
        values={
            "around": contents.around(now, "progress", period),
            "note": say(
                "对照各任务的计划曲线;"
                "相差{days}天以内为按期(本系统自定)。"
                "竖线为计划应达。"
                "截至 {shown} 的填报,按现行规则库;"
                "已公布的落实度以计分截止时为准。",
                days=days,
                shown="—" if known is None else shanghai(known),
            ),
            "groups": pace_groups(lines, book.organization.names),
        },
    )


def services_page(now: Snapshot, period: str) -> Page:
    """Return a year's page of services and their ratings."""
    figures = now.ratings.service_year(year(period))
    counts = {month: now.ratings.by_service(month) for month in figures.months}
    return Page(
        file=f"services-{period}.html",
        template="services.html.j2",
        title=say("{when}服务事项与“好差评”", when=period_in_words(period)),
        values={
            "around": contents.around(now, "services", period),
            "note": say(
                "按{day:%Y-%m-%d}已收到的评价与启用中的规则库统计,此后还会变动。"
                "办理方式、全覆盖与差评整改出自通知二(三)2、二(四)3;"
                "写作“本系统自定”的,通知没有规定,可由局里修改。",
                day=figures.day,
            ),
            "year": figures.year,
            "page": service_page(figures, now.rulebook.active()),
            "rated": rated_lines(
                counts, {each.key: each.name for each in figures.items}
            ),
        },
    )


def quarter_page(now: Snapshot, period: str, edition: int | None = None) -> Page:
    """Return a quarter's page, or that of an earlier edition.

    Raises:
        NotFound: if the quarter has no ranking, or no such edition.

    """
    places = quarter(now, period, edition)
    percent = places.book.scoring.sensitivity.percent.value
    months = {month: f"month-{month}.html" for month in places.ranking.months}
    return Page(
        file=f"quarter-{period}{_edition(edition)}.html",
        template="quarter.html.j2",
        title=say("{when}榜单", when=period_in_words(period)),
        values={
            "around": contents.around(now, "quarter", period),
            "note": say(
                "由{names}计分得出;"
                "各组分别排名。"
                "指数相同的并列,其后名次空出。"
                "“权重变动”指各项权重各自上浮、下浮{percent}%或不动,共试{tried}种;"
                "“保持名次”是其中名次不变的比例",
                names=say_list(places.ranking.months),
                percent=percent,
                tried=places.tried,
            ),
            "editions": tuple(places.notes()),
            "groups": charts.place_groups(
                places.ranking,
                places.units,
                places.names,
                places.months,
                places.book.scoring.index,
            ),
            "whys": explained.quarter_whys(
                places.ranking, places.months, places.units, months
            ),
        },
    )


def _edition(edition: int | None) -> str:
    """Return the part of a file's name that names an earlier edition."""
    return "" if edition is None else f"-edition-{edition}"


#: The parts of a file's name.
_EDITION: Final = r"(?:-edition-(?P<edition>[1-9][0-9]{0,8}))?"

#: Each kind of page: the pattern of its files, and its builder.
PAGES: Final[tuple[tuple[re.Pattern[str], Callable[..., Page]], ...]] = tuple(
    (re.compile(pattern + r"\.html", re.ASCII), builder)
    for pattern, builder in (
        ("items", items_page),
        ("demands", demands_page),
        ("hot-problems", problems_page),
        ("answer-rates", rates_page),
        ("third-parties", register_page),
        ("rectifications", rectifications_page),
        ("digests", digests_page),
        (
            r"digest-(?P<period>[0-9]{4}(?:Q[1-4]|-[0-9]{2}))"
            r"-(?P<unit>[A-Za-z0-9-]{1,40}?)" + _EDITION,
            digest_page,
        ),
        ("practices", practices_page),
        (r"practice-(?P<number>[0-9]{4}-[0-9]{4,9})", practice_page),
        (r"item-(?P<number>[0-9]{4}-[0-9]{6,9})", item_page),
        (
            r"(?P<key>list-[0-9]{4}(?:Q[1-4])?(?:-[A-Za-z0-9_-]{1,40}?)??)" + _EDITION,
            list_page,
        ),
        (rf"month-(?P<period>[0-9]{{4}}-[0-9]{{2}}){_EDITION}", month_page),
        (
            r"why-(?P<period>[0-9]{4}-[0-9]{2})-(?P<unit>[A-Za-z0-9-]{1,40}?)"
            + _EDITION,
            why_page,
        ),
        (rf"quarter-(?P<period>[0-9]{{4}}Q[1-4]){_EDITION}", quarter_page),
        (rf"boards-(?P<period>[0-9]{{4}}Q[1-4]){_EDITION}", boards_page),
        (r"progress-(?P<period>[0-9]{4}-[0-9]{2})", progress_page),
        (r"services-(?P<period>[0-9]{4})", services_page),
        (r"funnel-(?P<period>[0-9]{4}(?:Q[1-4]|-[0-9]{2})?)", funnel_page),
        (r"meeting-(?P<meeting>[0-9]{4}-[0-9]{4,9})", meeting_page),
        (r"deliberations", contents.deliberations_page),
        (r"units", units.units_page),
        (r"unit-(?P<code>[A-Za-z0-9-]{1,40})", units.unit_page),
        (r"index", cockpit_page),
        (r"preview-(?P<period>[0-9]{4}(?:Q[1-4])?)", preview_page),
        (r"lists", contents.lists_page),
        (r"months", contents.months_page),
        (r"quarters", contents.quarters_page),
        (r"progress", contents.progress_page),
        (r"services", contents.services_page),
        (r"policy-review-(?P<period>[0-9]{4}-[0-9]{2})", review_page),
        (r"screening-(?P<period>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)", round_page),
        (r"spot-check-(?P<number>[0-9]{4}-[0-9]{4,9})", spot_check_page),
        (r"survey-(?P<number>[0-9]{4}-[0-9]{6,9})-(?P<serial>[0-9]{2,4})", survey_page),
        (
            r"engagement-(?P<number>[0-9]{4}-[0-9]{6,9}-[0-9]{2,9})",
            engagement_page,
        ),
        (r"points-coverage", coverage_page),
        (r"feed-freshness", feeds_page),
        (r"review-(?P<number>[0-9]{4}-[0-9]+)", meeting_of_review),
        (r"burden-(?P<period>[0-9]{4}-[0-9]{2})", burden_page),
        (r"clock", contents.clock_page),
    )
)


def page_of(file: str) -> Callable[[Snapshot], Page]:
    """Return the builder of the page with a file name.

    Raises:
        NotFound: if no page has such a name.

    """
    for pattern, builder in PAGES:
        if named := pattern.fullmatch(file):
            about: dict[str, Any] = {
                name: part for name, part in named.groupdict().items() if part
            }
            if "edition" in about:
                about["edition"] = int(about["edition"])
            if "key" in about:
                kind, period, *unit = about["key"].split("-", 2)
                about["key"] = "/".join((kind, period, *(unit or ["city"])))
            return partial(builder, **about)
    raise NotFound(DoorCode.NO_SUCH_PAGE, file=file[:80])
