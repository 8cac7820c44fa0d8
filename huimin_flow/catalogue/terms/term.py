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
