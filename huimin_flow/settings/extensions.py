"""Extensions of hosts: where they are found, and their sections in the rulebook.

An extension is given to a ``Flow``, or found by the entry point group
``huimin_flow.extensions``. Only one that a rulebook names is looked for, and loaded
once. Who names none pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.reasons import ConfigCode, ExtensionCode
from huimin_flow.errors import HuiminError, InputRefused, StepRefused, StoreRefused
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain, value
from huimin_flow.model.extensions import Extension, is_name
from huimin_flow.rules.extensions import tell

if TYPE_CHECKING:
    from pathlib import Path

    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.settings.yaml import Document

#: The group of entry points; the name of one is that of its extension.
GROUP: Final = "huimin_flow.extensions"

#: The optional file of a config folder.
FILE: Final = "extensions.yaml"


@value
class InForce:
    """An extension that a rulebook names, with its section there."""

    extension: Extension
    section: Mapping[str, Any]


@cache
def installed(name: str) -> Extension | None:
    """Return the extension that a package brings under a name, or None.

    Raises:
        StoreRefused: if it can't be loaded, is no extension, or two packages have it.

    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - seldom needed

    points = {
        (point.value, getattr(point.dist, "name", "")): point
        for point in entry_points(group=GROUP, name=name)
    }
    if not points:
        return None
    if len(points) > 1:
        raise StoreRefused(ExtensionCode.TWICE, extension=name)
    (point,) = points.values()
    try:
        loaded = point.load()
    except HuiminError as refusal:
        raise StoreRefused(refusal.reasons) from refusal
    except KeyboardInterrupt:
        raise
    except BaseException as failure:
        detail = f"{point.value}: {type(failure).__name__}"
        raise StoreRefused(
            ExtensionCode.BROKEN, extension=name, detail=detail
        ) from failure
    if not isinstance(loaded, Extension) or loaded.name != name:
        was = getattr(loaded, "name", type(loaded).__name__)
        detail = f"{point.value}: {was}"
        raise StoreRefused(ExtensionCode.BROKEN, extension=name, detail=detail)
    tell(loaded)
    return loaded


def given(extensions: Iterable[Extension]) -> tuple[Extension, ...]:
    """Return the extensions that a host gives, if no two have one name.

    Raises:
        InputRefused: for two with one name, or what is no extension.

    """
    if isinstance(extensions, (Extension, str)):  # (FUNDS) is no tuple
        kind = type(extensions).__name__
        raise InputRefused(ExtensionCode.NOT_SEVERAL, given=kind)
    known: dict[str, Extension] = {}
    for extension in extensions:
        if not isinstance(extension, Extension):
            kind = type(extension).__name__
            raise InputRefused(ExtensionCode.NOT_SEVERAL, given=kind)
        if known.setdefault(extension.name, extension) is not extension:
            raise InputRefused(ExtensionCode.TWICE, extension=extension.name)
        tell(extension)
    return tuple(known.values())


def find(name: str, brought: Iterable[Extension] = ()) -> Extension | None:
    """Return the extension with a name: one of those ``brought``, or an installed one.

    Raises:
        StoreRefused: as ``installed``.

    """
    for extension in brought:
        if extension.name == name:
            tell(extension)
            return extension
    return installed(name)


def tell_known(book: Rulebook, brought: Iterable[Extension] = ()) -> None:
    """Let this process say the reasons of a rulebook's extensions, if they are here."""
    for name in book.extensions:
        with suppress(StoreRefused):  # doctor and every act say that it is broken
            find(name, brought)


def require_known(keys: Iterable[str], brought: Iterable[Extension] = ()) -> None:
    """Refuse the key of an own field that its extension lacks: it would find nothing.

    The values of an extension that is not installed here are still found.

    Raises:
        InputRefused: naming the fields that there are.
        StoreRefused: as ``installed``.

    """
    for key in keys:
        extension = find(key.partition(".")[0], brought)
        if extension is not None and key not in extension.keys:
            code, names = ExtensionCode.FIELD_UNKNOWN, sorted(extension.keys)
            raise InputRefused(code, given=showable(key), names=names)


def in_force(book: Rulebook, brought: Iterable[Extension] = ()) -> tuple[InForce, ...]:
    """Return the extensions that a rulebook names, by name.

    Raises:
        StepRefused: if one is not installed or can't be loaded, or if its section does
            not fit its model.

    """
    found = []
    for name, section in sorted(book.extensions.items()):
        try:
            extension = find(name, brought)
        except StoreRefused as refusal:
            raise StepRefused(refusal.reasons) from refusal
        if extension is None:
            raise StepRefused(ExtensionCode.MISSING, extension=name)
        for path, detail in unfit(extension, section):
            code = ExtensionCode.SECTION_UNFIT
            raise StepRefused(code, path=".".join((name, *path)), detail=detail)
        found.append(InForce(extension=extension, section=section))
    return tuple(found)


def require_fit(book: Rulebook, brought: Iterable[Extension] = ()) -> None:
    """Refuse a rulebook with a section that an extension here does not accept.

    One that is not installed is let pass: it may be where the rulebook is used.

    Raises:
        InputRefused: with the path of what does not fit.
        StoreRefused: as ``installed``.

    """
    for name, section in sorted(book.extensions.items()):
        extension = find(name, brought)
        for path, detail in () if extension is None else unfit(extension, section):
            code = ExtensionCode.SECTION_UNFIT
            raise InputRefused(code, path=".".join((name, *path)), detail=detail)


def unfit(
    extension: Extension, section: Mapping[str, Any]
) -> list[tuple[tuple[str, ...], str]]:
    """Return what of a section does not fit its model: the path, and why."""
    from pydantic import ValidationError  # noqa: PLC0415 - takes 0.1 s

    if extension.section is None:
        return [((str(name),), "—") for name in section]
    try:
        extension.section.model_validate(dict(section))
    except ValidationError as failure:
        return [
            (tuple(map(str, error["loc"])), error["msg"])
            for error in failure.errors(include_url=False, include_input=False)
        ]
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # noqa: BLE001 - a validator of the host's model
        return [((), type(failure).__name__)]
    return []


def sections(folder: Path, read: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """Return the sections of a folder's extensions, none if it has no such file."""
    if not (folder / FILE).exists():
        return {}
    named = read(FILE, dict[str, dict[str, Any]], check_extensions)
    return {} if named is None else dict(named)


def check_extensions(named: Mapping[str, Any], document: Document) -> None:
    """Record the problems of extensions.yaml; one that is installed checks its own."""
    for name, section in named.items():
        if not is_name(name):
            document.problem(ConfigCode.KEY_UNKNOWN, str(name))
            continue
        try:
            to_plain(section)
        except ValueError:  # a float has no one text
            document.problem(ConfigCode.NOT_AN_INTEGER, name)
            continue
        try:
            extension = installed(name)
        except StoreRefused as refusal:
            reason = refusal.reasons[0]
            document.problem(ExtensionCode(reason.code), name, **reason.values)
            continue
        for path, detail in () if extension is None else unfit(extension, section):
            where = ".".join((name, *path))
            code = ExtensionCode.SECTION_UNFIT
            document.problem(code, name, *path, path=where, detail=detail)
