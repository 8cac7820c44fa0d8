"""How a word is made: its identifier, its Chinese and its English label."""

from __future__ import annotations

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

    The reason's values fill the templates. A code without a way out is a finding of
    a rule, which no refusal carries.
    """

    way: str
    way_english: str

    def __new__(
        cls,
        value: str,
        label: str = "",
        english: str = "",
        way: str = "",
        way_english: str = "",
    ) -> Self:
        """Make a member from its stored value, its sentences and its ways out."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.english = english
        member.way = way
        member.way_english = way_english
        return member
