"""How a word is made: its identifier, its Chinese and its English label."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word with its labels in two languages."""

    label: str
    english: str

    def __new__(cls, value: str, label: str = "", english: str = "") -> Self:
        """Make a member from its stored value, Chinese and English label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.english = english
        return member


class ReasonCode(Term):
    """A reason of a refusal or a finding: a template in each language, and a way out.

    It is declared as one text: its stored value, then a line in Chinese and one in
    English, each with its way out behind an arrow, which may begin a line of its own.
    Reasons that share their ways out name their parts apart. The reason's values
    fill the templates. A code without a way out is a finding of a rule, which no
    refusal carries.
    """

    way: str
    way_english: str

    def __new__(
        cls,
        text: str,
        label: str = "",
        english: str = "",
        way: str = "",
        way_english: str = "",
    ) -> Self:
        """Make a member from its text, or from its value, sentences and ways out."""
        parts = (text, label, english, way, way_english) if label else _parts(text)
        member = str.__new__(cls, parts[0])
        member._value_, member.label, member.english, *ways = parts
        member.way, member.way_english = ways
        return member


def _parts(text: str) -> tuple[str, str, str, str, str]:
    value, *lines = (line.strip() for line in text.splitlines())
    chinese, english = re.sub("\n(?=→)", " ", "\n".join(lines)).splitlines()
    label, _, way = chinese.partition(" → ")
    sentence, _, way_english = english.partition(" → ")
    return value, label, sentence, way, way_english
