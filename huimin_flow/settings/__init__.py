"""Reads and validates config/ as a whole into Settings and a Rulebook (DESIGN §5)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from huimin_flow.errors import ConfigRefused
from huimin_flow.model.opening import OpeningList
from huimin_flow.model.organization import Organization
from huimin_flow.model.retry import Retry
from huimin_flow.model.rulebook import (
    Calendar,
    CalendarYear,
    Channels,
    Rulebook,
    Slot,
    rulebook_from_text,
    rulebook_text,
)
from huimin_flow.model.rules import Rules
from huimin_flow.model.scoring import Scoring
from huimin_flow.model.service import Services
from huimin_flow.model.value import value
from huimin_flow.settings.channel_checks import of_channels
from huimin_flow.settings.document import Document
from huimin_flow.settings.list_checks import of_list
from huimin_flow.settings.organization_checks import of_organization
from huimin_flow.settings.rule_checks import of_rules
from huimin_flow.settings.scoring_checks import of_scoring
from huimin_flow.settings.service_checks import of_services
from huimin_flow.settings.timetable_checks import (
    of_calendar,
    of_retry,
    of_timetable,
    of_year,
)

#: Names the folder of the config where it isn't beside the work.
FOLDER_VARIABLE = "HUIMIN_CONFIG"
#: Names the database, with its secrets, outside the config.
DATABASE_VARIABLE = "HUIMIN_DATABASE"

_REMEDY = "请按上面每一条改正后重试;在全部改正之前,什么都不会启用"


@value
class Settings:
    """The machine's addresses; nothing here may change a decision.

    ``attachments`` is the folder of attached files; None means beside an
    SQLite file. Without ``retry`` a job that fails is tried every minute.
    """

    database: str
    time_zone: str
    attachments: str | None = None
    retry: Retry | None = None


def config_folder(explicit: Path | None = None) -> Path:
    """Return the folder of the config: named, ./config, the checkout's, the wheel's.

    Raises:
        ConfigRefused: if the named folder, or any, is missing.

    """
    named = explicit or _named()
    if named is not None:
        if not named.is_dir():
            raise ConfigRefused((f"配置目录不存在:{named}",), remedy="请核对路径")
        return named
    package = Path(__file__).parent.parent
    for folder in (Path("config"), package.parent / "config", package / "_config"):
        if (folder / "rules.yaml").is_file():
            return folder
    raise ConfigRefused(("找不到配置目录 config/",), remedy="请用 --config 指明")


def _named() -> Path | None:
    name = os.environ.get(FOLDER_VARIABLE)
    return Path(name) if name else None


def load_settings(folder: Path) -> Settings:
    """Return the settings of huimin.yaml; the environment may name the database.

    Raises:
        ConfigRefused: naming file, line, key, value and remedy.

    """
    problems: list[str] = []
    settings: Settings | None = _checked(
        folder, "huimin.yaml", Settings, _of_settings, problems
    )
    if settings is None or problems:
        raise ConfigRefused(tuple(problems), remedy=_REMEDY)
    if settings.time_zone != "Asia/Shanghai":
        raise ConfigRefused(
            (f"huimin.yaml time_zone = {settings.time_zone}:日历只按 Asia/Shanghai",),
            remedy="请改回 Asia/Shanghai",
        )
    database = os.environ.get(DATABASE_VARIABLE)
    return replace(settings, database=database) if database else settings


def _of_settings(found: Settings, document: Document) -> Iterator[str]:
    if found.retry is not None:
        yield from of_retry(found.retry, document)


def load_rulebook(folder: Path) -> Rulebook:
    """Return the rulebook that the folder proposes, validated whole.

    Raises:
        ConfigRefused: with every problem at once.

    """
    problems: list[str] = []
    rules = _checked(folder, "rules.yaml", Rules, of_rules, problems)
    organization = _checked(
        folder,
        "organization.yaml",
        Organization,
        of_organization,
        problems,
    )
    channels = _checked(folder, "channels.yaml", Channels, of_channels, problems)
    timetable = _checked(
        folder, "timetable.yaml", tuple[Slot, ...], of_timetable, problems
    )
    services = _checked(
        folder,
        "service_items.yaml",
        Services,
        partial(of_services, organization, channels),
        problems,
    )
    scoring = _checked(
        folder, "scoring.yaml", Scoring, partial(of_scoring, channels), problems
    )
    calendar = _calendar(folder, problems)
    if problems:
        raise ConfigRefused(tuple(problems), remedy=_REMEDY)
    book = Rulebook(
        rules=rules,
        organization=organization,
        channels=channels,
        timetable=timetable,
        calendar=calendar,
        scoring=scoring,
        services=services,
    )
    return rulebook_from_text(rulebook_text(book))


def load_opening_list(folder: Path, year: int, book: Rulebook) -> OpeningList:
    """Return the list of a year that was published before the engine began (C5).

    It is held against ``book``: its units, curves and tolerances are known.

    Raises:
        ConfigRefused: naming file, line, key, value and remedy.

    """
    name = f"lists/{year}.yaml"
    problems: list[str] = []
    document = Document(folder / name, name)
    opening = document.read(OpeningList, problems)
    if opening is not None:
        problems.extend(of_list(opening, book, year, document))
    if opening is None or problems:
        raise ConfigRefused(tuple(problems), remedy=_REMEDY)
    return opening


def check(folder: Path) -> Rulebook:
    """Return the proposed rulebook after every file of the folder was read.

    Raises:
        ConfigRefused: with every problem of the rulebook at once; then with those
            of the settings and lists.

    """
    book = load_rulebook(folder)
    problems: list[str] = []
    readers: list[Callable[[], object]] = [partial(load_settings, folder)]
    for path in sorted((folder / "lists").glob("*.yaml")):
        if not (path.stem.isascii() and path.stem.isdecimal()):
            problems.append(f"lists/{path.name}:文件名应为年份;请改名,如 2023.yaml")
            continue
        readers.append(partial(load_opening_list, folder, int(path.stem), book))
    for read in readers:
        try:
            read()
        except ConfigRefused as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise ConfigRefused(tuple(problems), remedy=_REMEDY)
    return book


def _checked(
    folder: Path, name: str, kind: Any, check: Any, problems: list[str]
) -> Any:
    try:
        document = Document(folder / name, name)
    except ConfigRefused as refusal:
        problems.extend(refusal.problems)
        return None
    found = document.read(kind, problems)
    if found is not None and check is not None:
        problems.extend(check(found, document))
    return found


def _calendar(folder: Path, problems: list[str]) -> Any:
    files = sorted((folder / "holidays").glob("*.yaml"))
    if not files:
        problems.append("holidays/:没有任何一年的日历;请至少放入今年的文件")
        return None
    years = [
        _checked(folder, f"holidays/{one.name}", CalendarYear, of_year, problems)
        for one in files
    ]
    if None in years:
        return None
    calendar = Calendar(years=tuple(sorted(years, key=lambda one: one.year)))
    problems.extend(of_calendar(calendar))
    return calendar
