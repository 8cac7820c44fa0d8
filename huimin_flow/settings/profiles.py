"""Profiles of import: config/profiles/*.yaml, or a file of one's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from huimin_flow.catalogue.reasons import ConfigCode, ConfigProblem
from huimin_flow.errors import ConfigRefused
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.sensing.profiles import Profile
from huimin_flow.settings.yaml import Document

#: The folder of the ready profiles within config/.
FOLDER = "profiles"

#: The most names of one field.
_NAMES = 50


@value
class Named:
    """A profile and the word by which a command names it."""

    word: str
    profile: Profile


def ready_profiles(folder: Path) -> tuple[Named, ...]:
    """Return the ready profiles of a config folder, by name.

    Raises:
        ConfigRefused: with file, line, key, value and way out.

    """
    found: list[Named] = []
    problems: list[ConfigProblem] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            profile = read_profile(path, f"{FOLDER}/{path.name}")
        except ConfigRefused as refusal:
            problems.extend(refusal.problems)
        else:
            found.append(Named(word=path.stem, profile=profile))
    if problems:
        raise ConfigRefused(tuple(problems))
    return tuple(found)


def read_profile(path: Path, shown: str | None = None) -> Profile:
    """Return the profile of a file.

    Raises:
        ConfigRefused: with file, line, key, value and way out.

    """
    document = Document(path, shown or path.name)
    profile = document.read(Profile)
    if profile is not None:
        columns = profile.columns.items()
        names = Counter(name for _, several in columns for name in several)
        for field, several in columns:
            place = ("columns", field.value)
            if not (several and all(map(str.strip, several))):
                document.problem(ConfigCode.TOO_FEW, *place)
            if len(several) > _NAMES:
                document.problem(ConfigCode.TOO_MANY, *place)
            for n, name in enumerate(several):
                if names[name] > 1:
                    document.problem(ConfigCode.COLUMN_TWICE, *place, n)
        for field in profile.needed:
            if field not in profile.columns:
                document.problem(ConfigCode.KEY_MISSING, "columns", field.value)
    if profile is None or document.problems:
        raise ConfigRefused(tuple(document.problems))
    return profile


def check_profiles(folder: Path, channels: Channels) -> None:
    """Refuse ready profiles that cannot be read or name an unknown channel.

    Raises:
        ConfigRefused: with file, line, key, value and way out.

    """
    known = {name for each in channels.intake for name in (each.key, each.name)}
    problems: list[ConfigProblem] = []
    for named in ready_profiles(folder):
        if named.profile.channel and named.profile.channel not in known:
            name = f"{named.word}.yaml"
            document = Document(folder / FOLDER / name, f"{FOLDER}/{name}")
            allowed = [each.key for each in channels.intake]
            document.problem(ConfigCode.MUST_BE, "channel", allowed=allowed)
            problems.extend(document.problems)
    if problems:
        raise ConfigRefused(tuple(problems))
