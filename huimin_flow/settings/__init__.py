"""Read and validate config/ as a whole into Settings and a Rulebook."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.reasons import ConfigCode, ConfigProblem
from huimin_flow.errors import ConfigRefused
from huimin_flow.model.core.clocks import ClockBounds
from huimin_flow.model.core.jobs import Retry
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.places.gazetteer import Gazetteer
from huimin_flow.model.core.rules import Rules
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import OpeningList
from huimin_flow.model.improving.rules import Improving
from huimin_flow.model.rulebook import (
    Calendar,
    CalendarYear,
    Channels,
    Rulebook,
    Slot,
    rulebook_from_text,
    rulebook_text,
)
from huimin_flow.model.scoring.rules import Scoring
from huimin_flow.model.sensing.suggestions import SuggestingRule
from huimin_flow.model.services.catalogue import Services
from huimin_flow.settings import extensions as own
from huimin_flow.settings.desk import DeskSettings, check_desk
from huimin_flow.settings.list_checks import check_list, check_quotas
from huimin_flow.settings.organization_checks import (
    check_channels,
    check_organization,
    check_places,
    check_services,
)
from huimin_flow.settings.outbox import OutboxSettings, check_outbox
from huimin_flow.settings.profiles import check_profiles
from huimin_flow.settings.rule_checks import (
    check_improving,
    check_rules,
    check_scoring,
    check_suggestions,
)
from huimin_flow.settings.timetable_checks import (
    check_retry,
    check_timetable,
    check_year,
)
from huimin_flow.settings.yaml import Document, refused

#: The environment variable for the config folder.
FOLDER_VARIABLE = "HUIMIN_CONFIG"
#: The environment variable for the database's URL, which may have secrets.
DATABASE_VARIABLE = "HUIMIN_DATABASE"


@value
class Settings:
    """The machine's addresses; nothing here changes a decision.

    ``attachments`` is the folder of attached files; None means a folder beside the
    SQLite file. ``key`` is the file with the master key of personal data; None means
    a file beside the SQLite file. Without ``retry`` a failed job is retried every
    minute. ``desk`` is where the desk listens, whom it trusts, and its limits.
    ``outbox`` is where changes are sent. ``clock`` is how far the machine's clock is
    trusted.
    """

    database: str
    time_zone: str
    attachments: str | None = None
    key: str | None = None
    retry: Retry | None = None
    desk: DeskSettings = DeskSettings()
    outbox: OutboxSettings = OutboxSettings()
    clock: ClockBounds = ClockBounds()


def config_folder(explicit: Path | None = None) -> Path:
    """Return the config folder: named, ./config, the checkout's, the wheel's.

    Raises:
        ConfigRefused: if the named folder is missing, or there is no folder.

    """
    named = explicit or os.environ.get(FOLDER_VARIABLE)
    if named:
        if not Path(named).is_dir():
            raise refused(str(named), ConfigCode.FOLDER_MISSING)
        return Path(named)
    package = Path(__file__).parent.parent
    for folder in (Path("config"), package.parent / "config", package / "_config"):
        if (folder / "rules.yaml").is_file():
            return folder
    raise refused("config/", ConfigCode.FOLDER_MISSING)


def load_settings(folder: Path) -> Settings:
    """Return the settings of huimin.yaml; HUIMIN_DATABASE overrides the database.

    Raises:
        ConfigRefused: with file, line, key, value and way out.

    """
    document = Document(folder / "huimin.yaml", "huimin.yaml")
    settings = document.read(Settings)
    if settings is not None and settings.time_zone != "Asia/Shanghai":
        document.problem(ConfigCode.MUST_BE, "time_zone", allowed="Asia/Shanghai")
    if settings is not None and settings.retry is not None:
        check_retry(settings.retry, document)
    if settings is not None:
        check_desk(settings.desk, document)
        check_outbox(settings.outbox, document)
    if settings is None or document.problems:
        raise ConfigRefused(tuple(document.problems))
    database = os.environ.get(DATABASE_VARIABLE)
    return replace(settings, database=database) if database else settings


def load_rulebook(folder: Path) -> Rulebook:
    """Return the rulebook of the folder, validated as a whole.

    Raises:
        ConfigRefused: with all problems at once.

    """
    problems: list[ConfigProblem] = []
    read = partial(_checked, folder, problems)
    # Posts may belong to towns, and towns lie in units: each file needs the other.
    known = _checked(folder, [], "places.yaml", Gazetteer, lambda *_: None)
    check_units = partial(check_organization, known)
    organization = read("organization.yaml", Organization, check_units)
    places = read("places.yaml", Gazetteer, partial(check_places, organization))
    channels = read("channels.yaml", Channels, check_channels)
    check_figures = partial(check_rules, organization, channels)
    rules = read("rules.yaml", Rules, check_figures)
    timetable = read("timetable.yaml", tuple[Slot, ...], check_timetable)
    check_items = partial(check_services, organization, channels)
    services = read("service_items.yaml", Services, check_items)
    scoring = read("scoring.yaml", Scoring, partial(check_scoring, channels))
    improving = read("improving.yaml", Improving, check_improving)
    check_terms = partial(check_suggestions, rules)
    suggestions = read("suggestions.yaml", SuggestingRule, check_terms)
    sections = own.sections(folder, read)
    files = sorted((folder / "holidays").glob("*.yaml"))
    if not files:
        problems.extend(refused("holidays/", ConfigCode.NO_CALENDAR).problems)
    years = [read(f"holidays/{file.name}", CalendarYear, check_year) for file in files]
    loaded = sorted(year.year for year in years if year is not None)
    if len(loaded) == len(files):
        for earlier, later in pairwise(loaded):
            if later > earlier + 1:  # check_year reports a copy of a year
                code, missing = ConfigCode.CALENDAR_MISSING, earlier + 1
                problems.extend(refused("holidays/", code, year=missing).problems)
    if problems:
        raise ConfigRefused(tuple(problems))
    book = Rulebook(
        rules=rules,
        organization=replace(organization, places=places),
        channels=channels,
        timetable=timetable,
        calendar=Calendar(years=tuple(sorted(years, key=lambda year: year.year))),
        scoring=scoring,
        improving=improving,
        services=services,
        suggestions=suggestions,
        extensions=sections,
    )
    return rulebook_from_text(rulebook_text(book))


def load_opening_list(folder: Path, year: int, book: Rulebook) -> OpeningList:
    """Return a year's list that was published before the engine was used (C5).

    ``book`` must have its units, curves and tolerances.

    Raises:
        ConfigRefused: with file, line, key, value and way out.

    """
    return read_opening_list(folder / f"lists/{year}.yaml", book, year)


def read_opening_list(
    path: Path, book: Rulebook, year: int | None = None
) -> OpeningList:
    """Return the opening list of a file (C5); ``year`` is the year that it must have.

    Raises:
        ConfigRefused: with file, line, key, value and way out.

    """
    document = Document(path, path.name if year is None else f"lists/{year}.yaml")
    opening = document.read(OpeningList)
    if opening is not None:
        check_list(opening, book, year or opening.year, document)
    if opening is None or document.problems:
        raise ConfigRefused(tuple(document.problems))
    return opening


def check(folder: Path) -> Rulebook:
    """Return the folder's rulebook after all files were read and checked.

    Raises:
        ConfigRefused: with all problems of the rulebook or, if it has none, of the
            settings and lists.

    """
    book = load_rulebook(folder)
    problems: list[ConfigProblem] = []
    rules = Document(folder / "rules.yaml", "rules.yaml")
    readers: list[Callable[[], object]] = [partial(load_settings, folder)]
    for path in sorted((folder / "lists").glob("*.yaml")):
        if not (path.stem.isascii() and path.stem.isdecimal()):
            code = ConfigCode.FILE_NAME_NO_YEAR
            problems.extend(refused(f"lists/{path.name}", code).problems)
            continue
        readers.append(partial(load_opening_list, folder, int(path.stem), book))
    readers.append(partial(check_profiles, folder, book.channels))
    for read in readers:
        try:
            known = read()
        except ConfigRefused as refusal:
            problems.extend(refusal.problems)
        else:
            if isinstance(known, OpeningList):
                check_quotas(known, book, rules)
    problems.extend(rules.problems)
    if problems:
        raise ConfigRefused(tuple(problems))
    return book


def _checked(
    folder: Path, problems: list[ConfigProblem], name: str, kind: Any, check: Any
) -> Any:
    try:
        document = Document(folder / name, name)
    except ConfigRefused as refusal:
        problems.extend(refusal.problems)
        return None
    value = document.read(kind)
    if value is not None:
        check(value, document)
    problems.extend(document.problems)
    return value
