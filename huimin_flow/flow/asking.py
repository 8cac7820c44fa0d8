"""What an act of two people needs to be told when it is asked for (F1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.terms import Asked, TwoPeople
from huimin_flow.errors import InputRefused
from huimin_flow.model.text import showable

#: By act: the values it needs, and those it may have besides.
_VALUES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "supplement": (("item", "edition"), ()),
    "confirm": (("edition",), ()),
    "cancel": (("item", "reason"), ()),
    "defer": (("item", "reason"), ("version",)),
    "activate": (("digest",), ()),
    "correct": (("key", "reason"), ("colors",)),
    "set_aside": (("transaction", "finding"), ("version",)),
}


def refuse_unfit(act: str, values: Mapping[str, str]) -> None:
    """Refuse an unknown act, and values that are missing, empty or not its own.

    Raises:
        InputRefused: saying what is wrong with which.

    """
    if act not in _VALUES:
        raise InputRefused(
            f"“{act}”不是须两人办理的事",
            remedy="可用:" + "、".join(f"{one.label}({one})" for one in TwoPeople),
        )
    needed, optional = _VALUES[act]
    words = {one: f"“{Asked(one).label}”({one})" for one in (*needed, *optional)}
    wrong = [f"缺少{words[one]}" for one in needed if one not in values]
    wrong += [
        f"{words[one]}不能为空" for one in words if not values.get(one, "-").strip()
    ]
    wrong += [
        f"不需要“{showable(one)}”" for one in sorted(values.keys() - words.keys())
    ]
    if wrong:
        raise InputRefused(
            f"提请“{TwoPeople(act).label}”的内容不对:{'、'.join(wrong)}",
            remedy="请写明:" + "、".join(words[one] for one in needed),
        )
