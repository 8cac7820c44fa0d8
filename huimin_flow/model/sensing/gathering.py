"""Which appeals tell of one problem (A6): what is compared, and what came of it.

The text of an appeal is never compared as text. Its *postings* are: the keyed hashes
of its bigrams and numbers, from which nobody without the key can tell the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from hashlib import blake2b
from operator import add
from typing import Final
from unicodedata import normalize

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Gathering, Nearness
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value

#: Runs of letters, of digits with the letters that touch them, of other letters.
_RUNS: Final = re.compile(r"[a-z]*[0-9][a-z0-9]*|[a-z]+|[^\W0-9a-z_]+")

#: The two marks that a posting has beside its hash of 30 bits.
HEADING: Final = 1
NUMBER: Final = 2
MARKS: Final = 2

#: The usual punctuation that NFKC changes. Without it most texts are normal already,
#: which is seen in a twentieth of the time of making them so. And what ends each text
#: where several are joined.
_FULL_WIDTH: Final = "，：；！？（）\0"

#: The first sign that is not of ASCII.
_NOT_ASCII: Final = "\x80"

#: How much of a text without a title is its heading: a title's usual length. Measured
#: on texts without their titles, where 60 or 100 letters find fewer.
_HEADING_LETTERS: Final = 30

#: A cache of hashes has at most this many: a large city's bigrams in daily use.
_REMEMBERED: Final = 1 << 17

#: How many letters of appeals are put together: more are sorted in a longer time each.
_TOGETHER: Final = 1 << 15


def words_of(text: str) -> dict[str, int]:
    """Return the bigrams and numbers of a text, each with its mark.

    Full-width signs are as half-width ones, small letters as capitals, and punctuation
    separates. A number keeps its digits, and the letters that touch it. A single
    character between other signs stands for itself.

    >>> words_of("地铁３号线,G2栋!")
    {'地铁': 0, '3': 2, '号线': 0, 'g2': 2, '栋': 0}

    """
    return {word: _mark(word) for word in _words(text)}


def normal(text: str) -> str:
    """Return a text with small half-width letters, whose punctuation may be a space."""
    for sign in _FULL_WIDTH:
        text = text.replace(sign, " ")
    return normalize("NFKC", text).lower()


def _words(text: str) -> list[str]:
    """Return the words of a text in their order, the same as often as it is there."""
    words: list[str] = []
    for run in _RUNS.findall(normal(text)):
        if len(run) == 1 or run[0] < _NOT_ASCII:
            words.append(run)
        else:
            words.extend(map(add, run, run[1:]))
    return words


def _mark(word: str) -> int:
    """Return the mark that a word has wherever it stands."""
    return NUMBER if word[0] < _NOT_ASCII and not word.isalpha() else 0


class _Hashes(dict[str, int]):
    """The hash of each word, made when it is first asked for, with its own mark."""

    def __init__(self, key: bytes) -> None:
        """Remember no word."""
        self._key = key

    def __missing__(self, word: str) -> int:
        """Make and remember the hash of a word."""
        made = blake2b(word.encode(), key=self._key, digest_size=4).digest()
        self[word] = found = int.from_bytes(made, "big") >> MARKS << MARKS | _mark(word)
        return found


class Postings:
    """Makes the postings of appeals under a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        """Keep the key, without which equal words have other hashes."""
        self._hashes = _Hashes(key)

    def of(self, title: str, text: str) -> list[int]:
        """Return an appeal's postings in order: a hash of 30 bits, then its marks.

        A word of the title is marked as of the heading, even if the text repeats it.
        An appeal without a title has its first letters for a heading.
        """
        heading = {*(_words(title) or _words(text[:_HEADING_LETTERS]))}
        words = set(_words(text)).difference(heading)
        hashed = self._hashed()
        return sorted({*map(hashed, words), *(hashed(w) | HEADING for w in heading)})

    def of_many(self, contents: Iterable[tuple[str, str]]) -> Iterator[bytes]:
        """Yield the postings of titles with texts, each as the bytes of an array.

        The integers are those of ``of``, and have 32 bits. It loads numpy.
        """
        from huimin_flow.model.sensing.postings import bodies  # noqa: PLC0415 - numpy

        parts: list[str] = []
        letters = 0
        for title, text in contents:
            heading, body = normal(title), normal(text)
            if not _RUNS.search(heading):
                heading = normal(text[:_HEADING_LETTERS])
            parts += (heading, body)
            letters += len(heading) + len(body) + 2
            if letters > _TOGETHER:
                yield from bodies(parts, self._hashed())
                parts, letters = [], 0
        if parts:
            yield from bodies(parts, self._hashed())

    def _hashed(self) -> Callable[[str], int]:
        """Return what hashes a word, which forgets all when it remembers too many."""
        if len(self._hashes) > _REMEMBERED:
            self._hashes.clear()
        return self._hashes.__getitem__


@value
class Likeness:
    """How like an appeal is to an earlier one; it is the same from both sides.

    ``whole``, ``within`` and ``heading`` are per mille, weighted by how rare each
    posting is: the cosine of both; the part of the shorter that the longer has; and
    the mean part of each heading that the other appeal has. ``numbers`` are those that
    both have, ``others`` those that each has instead of the other's;
    ``heading_numbers`` and ``heading_others`` are the same of the two headings.
    ``days`` are between them.
    """

    whole: int
    within: int
    heading: int
    numbers: int = 0
    others: int = 0
    heading_numbers: int = 0
    heading_others: int = 0
    days: int = 0
    place: Nearness = Nearness.UNKNOWN


@value
class Candidate:
    """An item or a group of loose appeals that may tell of the same problem.

    ``item`` is the item's number, "" for a group; ``group`` is the first appeal of the
    group, as channel and key. ``near`` is the appeal there that is most like it.
    """

    item: str = ""
    group: tuple[str, str] = ("", "")
    near: tuple[str, str]
    likeness: Likeness


@value
class Weighed:
    """A candidate and its score, per mille."""

    candidate: Candidate
    score: int


@value
class Gathered:
    """What the rule decided of one appeal, with all that it weighed.

    ``best`` are the candidates that count, the best first: the one to which it is
    linked, up to three that are proposed, none for a new problem. ``margin`` is the
    distance of the best to the runner-up, per mille. ``ranked`` are all, each item and
    group once.
    """

    outcome: Gathering
    best: tuple[Weighed, ...]
    ranked: tuple[Weighed, ...] = ()
    margin: int
    reasons: Reasons


@value
class Problem:
    """One problem of a span of days: an item, or a group of loose appeals (A6).

    ``item`` is "" for a group, and ``group`` is then its first appeal. ``unit`` is the
    item's, or the one place of a group, "" for several. The counts are
    of distinct values over the item's whole family; ``likely`` of the appeals are not
    confirmed, but proposed and much alike. ``before`` are the appeals of as
    many days before the span. ``places`` are known units; the appeals of no known place
    are ``unplaced``. ``first`` and ``last`` are days. ``channels`` counts the appeals
    by channel.
    """

    item: str = ""
    group: tuple[str, str] = ("", "")
    title: str = ""
    unit: str = ""
    appeals: int
    likely: int = 0
    before: int = 0
    people: int
    places: int
    unplaced: int = 0
    days: int
    channels: Mapping[str, int]
    first: date
    last: date


@value
class GatheringRun:
    """How many waiting appeals were compared, and what became of them.

    ``waiting`` of them are left for the next run. ``batch`` is the number of the facts
    that were kept, 0 for none.
    """

    compared: int = 0
    linked: int = 0
    proposed: int = 0
    new: int = 0
    waiting: int = 0
    batch: int = 0


@value
class GatheringProposal:
    """An appeal that may tell of a problem that others told of before.

    ``near`` is the appeal that it is most like, of ``item`` or of ``group``. ``unit``
    answers for it: the item's, or the place's, "" if nobody's. Item and group are those
    of today. ``together`` is how many appeals a yes moves: it and its group. ``later``
    counts how often a person put it off.
    """

    appeal: tuple[str, str]
    at: datetime
    district: str
    near: tuple[str, str]
    near_at: datetime
    near_district: str
    item: str = ""
    title: str = ""
    group: tuple[str, str] = ("", "")
    unit: str = ""
    score: int
    likeness: Likeness
    reasons: Reasons
    together: int = 1
    later: int = 0


@value
class Explained:
    """One thing that was decided about an appeal, and why, in the order of time.

    ``likeness`` is None for what a person said. ``actor`` is the post.
    """

    outcome: Gathering
    at: datetime
    actor: str
    item: str = ""
    group: tuple[str, str] = ("", "")
    near: tuple[str, str] = ("", "")
    score: int = 0
    margin: int = 0
    likeness: Likeness | None = None
    reasons: Reasons = ()


@value
class KeptRepeat:
    """A verdict that a problem repeats, as it was kept: a ground of the board (N7, D2).

    ``state`` is the item's then, "" for a group; ``appeals`` are those that the verdict
    counts.
    """

    at: datetime
    item: str = ""
    group: tuple[str, str] = ("", "")
    state: str = ""
    verdict: Verdict
    appeals: tuple[tuple[str, str], ...]


@value
class Repeat:
    """A problem that repeats, with the verdict of the rule and its counts (N7, D2)."""

    problem: Problem
    verdict: Verdict
