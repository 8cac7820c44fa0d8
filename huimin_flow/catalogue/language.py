"""The language of the moment, and what doors say in it.

Chinese is the default, whatever LANG says: the officials' terminals are often English,
and what a command prints is put into files of the office. A door sets another language
for a block; it is a context variable, so that a host's threads and tasks don't meet.

The catalogue has its words and sentences in both languages. What doors say besides is
written in Chinese; its English is in ``locale/``, in the form of gettext.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

#: The variable and the option that name the language of a command line.
LANGUAGE_VARIABLE = "HUIMIN_LANG"
LANGUAGE_OPTION = "--lang"


class Language(StrEnum):
    """A language of words, sentences and pages."""

    CHINESE = "zh"
    ENGLISH = "en"


#: Lines that the catalogue has in both languages: the English by the Chinese one.
LINES: dict[str, str] = {}

_SPOKEN: ContextVar[Language | None] = ContextVar("_SPOKEN", default=None)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Use a language within the block, in this thread or task.

    >>> with speaking(Language.ENGLISH):
    ...     say("共{total}条,显示{shown}条", total=7, shown=2)
    '7 in all, 2 shown'

    """
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def language() -> Language | None:
    """Return the language that a door has set, None if none has."""
    return _SPOKEN.get()


def in_english() -> bool:
    """Tell whether the language of the moment is English."""
    return _SPOKEN.get() is Language.ENGLISH


def say(text: str, /, **values: object) -> str:
    """Return a Chinese text in the language of the moment, with its named values.

    A text without a translation stays Chinese.

    >>> say("共{total}条,显示{shown}条", total=7, shown=2)
    '共7条,显示2条'

    """
    if text and in_english():
        text = LINES.get(text) or _english().gettext(text)
    return text.format(**values) if values else text


def say_count(text: str, count: int, /, **values: object) -> str:
    """Return ``say`` of a text with ``{count}``; English has a singular and a plural.

    >>> with speaking(Language.ENGLISH):
    ...     [say_count("分解为{count}项任务", count) for count in (1, 2)]
    ['divided into 1 task', 'divided into 2 tasks']

    """
    if in_english():
        text = _english().ngettext(text, text, count)
    return text.format(count=count, **values)


def say_as(sense: str, text: str, /, **values: object) -> str:
    """Return ``say`` of a text that has another ``sense`` elsewhere."""
    if in_english():
        text = _english().pgettext(sense, text)
    return text.format(**values) if values else text


def say_list(words: Iterable[object]) -> str:
    """Return words as an enumeration.

    >>> say_list(["万州区", "涪陵区"])
    '万州区、涪陵区'

    """
    return (", " if in_english() else "、").join(map(str, words))


def say_some(words: Collection[object], most: int) -> str:
    """Return the first words as an enumeration, and how many there are in all.

    >>> say_some(["万州区", "涪陵区", "渝中区"], 2), say_some(["万州区"], 2)
    ('万州区、涪陵区等3个', '万州区')

    """
    shown = say_list(islice(words, most))
    if len(words) <= most:
        return shown
    if in_english():
        return f"{shown} and others, {len(words)} in all"
    return f"{shown}等{len(words)}个"


def say_pair(label: str, text: object) -> str:
    """Return a label and its text.

    >>> say_pair("单位", "万州区")
    '单位:万州区'

    """
    return f"{label}{': ' if in_english() else ':'}{text}"


def say_note(text: object, note: object) -> str:
    """Return a text with a note in brackets, without one that only repeats it.

    >>> say_note("万州区", 500101)
    '万州区(500101)'
    >>> with speaking(Language.ENGLISH):
    ...     say_note("Wanzhou", 500101), say_note("collected", "collected")
    ('Wanzhou (500101)', 'collected')

    """
    blank = " " if in_english() else ""
    return str(text) if str(text) == str(note) else f"{text}{blank}({note})"


def say_phrase(*words: str) -> str:
    """Return words that stand together; English ones are apart."""
    return (" " if in_english() else "").join(filter(None, words))


def say_clauses(*clauses: str) -> str:
    """Return the clauses of one sentence."""
    return (", " if in_english() else ",").join(clauses)


def say_sentences(sentences: Iterable[str]) -> str:
    """Return sentences in one line."""
    return ("; " if in_english() else ";").join(sentences)


def language_of(
    words: Sequence[str], environment: Mapping[str, str]
) -> tuple[Language, list[str]]:
    """Return a command line's language, and its words without the option for it.

    The option counts, wherever it stands, then the language that a door has set, then
    the variable. JSON is for programs: it has Chinese texts in every language. An
    option with another value stays, as the first words.

    >>> language_of(["todo", "--lang", "en"], {"LANG": "zh"})
    (<Language.ENGLISH: 'en'>, ['todo'])
    >>> language_of(["todo"], {"LANG": "en"})
    (<Language.CHINESE: 'zh'>, ['todo'])

    """
    named = language() or environment.get(LANGUAGE_VARIABLE, "").strip().lower()
    end = words.index("--") if "--" in words else len(words)
    rest: list[str] = []
    wrong: list[str] = []
    waiting = iter(words[:end])
    for word in waiting:
        name, sign, value = word.partition("=")
        if name != LANGUAGE_OPTION:
            rest.append(word)
        elif (value := value if sign else next(waiting, "")).lower() in set(Language):
            named = value.lower()
        else:
            wrong = [name, *([value] if value else [])]
    if "--json" in rest or truth(environment.get("HUIMIN_JSON", "")):
        named = Language.CHINESE
    english = named == Language.ENGLISH
    kept = [*wrong, *rest, *words[end:]]
    return Language.ENGLISH if english else Language.CHINESE, kept


def truth(text: str) -> bool:
    """Tell whether a variable of the environment says yes, as click reads it."""
    return text.strip().lower() in {"1", "true", "t", "yes", "y", "on"}


@cache
def _english() -> NullTranslations:
    from gettext import translation  # noqa: PLC0415 - Chinese needs none

    folder = Path(__file__).parent.parent / "locale"
    return translation("huimin", folder, [Language.ENGLISH.value])
